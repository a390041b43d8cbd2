"""{book-index}: the index of error messages, of functions in chapters' code, and of the glossary's words."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from html import escape
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from docutils import nodes
from docutils.parsers.rst import Directive
from sphinx.transforms.post_transforms import SphinxPostTransform

from .api_links import known_part
from .code_names import names_in_notebook
from .glossary import Finder
from .navigation import CHAPTER

NO_LETTER = "0–9"


class index_of_book(nodes.General, nodes.Element):
    """The place of the index."""


class BookIndex(Directive):
    """{book-index}: the index."""

    def run(self):
        """Return the place; what stands there is known when every page has been read."""
        return [index_of_book()]


class Item(NamedTuple):
    """A line of the index: what it is sorted by, its HTML, and the chapters where it occurs."""

    sorted_by: str
    html: str
    chapters: tuple[str, ...] = ()


def letter_of(item: Item) -> str:
    """Return the letter under which an item stands."""
    first = item.sorted_by[:1].upper()
    return first if first.isascii() and first.isalpha() else NO_LETTER


def key_of(text: str) -> str:
    """Return what a text is sorted by: its letters and digits, from the first one on."""
    return re.sub(r"^[\W_]+", "", text).casefold()


class FillIndex(SphinxPostTransform):
    """Put the index into its place."""

    default_priority = 300
    formats = ("html",)

    def run(self, **kwargs: object) -> None:
        """Write the letters and the items under each."""
        for place in list(self.document.findall(index_of_book)):
            items = sorted([*self.messages(), *self.functions(), *self.terms()], key=lambda item: item[:2])
            letters = [(letter, list(group)) for letter, group in groupby(items, letter_of)]
            links = " ".join(f'<a href="#letter-{ids(letter)}">{letter}</a>' for letter, _ in letters)
            html = f'<nav class="letters" aria-label="Letters">{links}</nav>\n'
            for letter, group in letters:
                lines = "\n".join(f"<li>{item.html}{self.numbers(item)}</li>" for item in group)
                html += f'<h2 id="letter-{ids(letter)}">{letter}</h2>\n<ul class="index">\n{lines}\n</ul>\n'
            place.replace_self(nodes.raw("", html, format="html"))

    def messages(self) -> Iterator[Item]:
        """Yield the pages about an error, by their titles."""
        for page in sorted(self.env.found_docs):
            if re.fullmatch(r"errors/\w+-.+", page):
                title = self.env.titles[page].astext()
                yield Item(key_of(title), self.link(page, escape(title, quote=False)))

    def functions(self) -> Iterator[Item]:
        """Yield the libraries' names that chapters use in code, by their last parts."""
        used: dict[str, list[str]] = {}
        for chapter in self.env.chapter_texts:
            path = Path(self.env.doc2path(chapter))
            names = map(known_part, names_in_notebook(path)) if path.suffix == ".ipynb" else ()
            for name in dict.fromkeys(filter(None, names)):
                used.setdefault(name, []).append(chapter)
        for name, chapters in used.items():
            module, _, last = name.rpartition(".")
            yield Item(key_of(last), f"<code><span>{module}.</span>{last}</code>", tuple(chapters))

    def terms(self) -> Iterator[Item]:
        """Yield the words of the glossary."""
        mentioned: dict[str, list[str]] = {}
        for chapter, text in self.env.chapter_texts.items():
            for _, _, entry in Finder(self.env.glossary_entries).find(text):
                mentioned.setdefault(entry.place, []).append(chapter)
        for entry in self.env.glossary_entries:
            for name in entry.names:
                link = self.link(entry.page, escape(name), entry.place)
                yield Item(key_of(name), link, tuple(mentioned.get(entry.place, ())))

    def link(self, page: str, html: str, place: str = "") -> str:
        """Return a link to a page, or to a place on it, as HTML."""
        address = self.app.builder.get_relative_uri(self.env.docname, page)
        return f'<a href="{escape(address + (place and "#" + place))}">{html}</a>'

    def numbers(self, item: Item) -> str:
        """Return the numbers of an item's chapters as links."""
        links = [
            self.link(page, str(int(CHAPTER.search(posixpath.basename(page))[1]))) for page in item.chapters
        ]
        return f' <span class="chapters">{", ".join(links)}</span>' if links else ""


def ids(letter: str) -> str:
    """Return a letter as it stands in the names of places."""
    return letter.lower() if letter != NO_LETTER else "digits"


def setup(app):
    """Connect the directive and what fills its place."""
    app.add_directive("book-index", BookIndex)
    app.add_node(index_of_book)
    app.add_post_transform(FillIndex)
