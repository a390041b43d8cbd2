"""The first mention of each word of the glossary in a chapter leads to the glossary, and terms.js shows there
what the word means.

Only running text is linked: no headings, code, quotations or links, and nothing that is folded or covered. A
word is recognised in its plural as well, and a verb in its past form.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import NamedTuple

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from .folds import covered, folded
from .navigation import CHAPTER

SCRIPT = "terms.js"
DATA_FILE = "glossary-data.js"
SEE = re.compile(r"\s*See chapter \d+(?:, Figure [\d.]+)?\.$")
NO_TEXT = (
    nodes.title, nodes.rubric, nodes.caption, nodes.reference, nodes.literal, nodes.literal_block, nodes.math,
    nodes.raw, nodes.block_quote, nodes.term, covered, folded,
)  # fmt: skip


class Entry(NamedTuple):
    """An entry of the glossary: its names, the place of the first one, and what it says, as HTML."""

    names: tuple[str, ...]
    page: str
    place: str
    says: str


def entries_of(page: str, document: nodes.document) -> list[Entry]:
    """Return the entries of the glossaries on a page."""
    entries = []
    for item in document.findall(nodes.definition_list_item):
        if "glossary" in item.parent.get("classes", []):
            terms = list(item.findall(nodes.term))
            names = tuple(term.astext() for term in terms)
            says = " ".join(map(as_html, item.findall(nodes.paragraph)))
            entries.append(Entry(names, page, terms[0]["ids"][0], SEE.sub("", says)))
    return entries


def as_html(node: nodes.Node) -> str:
    """Return a paragraph as HTML that needs no page around it: its text, code and emphasis."""
    if isinstance(node, nodes.Text):
        return escape(node.astext(), quote=False).replace("\n", " ")
    inside = "".join(map(as_html, node.children))
    tag = {nodes.literal: "code", nodes.emphasis: "em", nodes.strong: "strong"}.get(type(node))
    return f"<{tag}>{inside}</{tag}>" if tag else inside


def pattern_of(name: str) -> str:
    """Return the pattern of a name in a text. A name with a capital inside is written in one way only."""
    spelled = re.escape(name).replace(r"\ ", r"\s+")
    past = "|d|ed" if name.endswith(("e", "en")) else ""
    if re.search(r".[A-Z]", name):
        return spelled
    return f"(?i:{spelled})(?:s|es{past})?"


class Finder:
    """Finds the first mention of each entry in the pieces of a text that it is given, one after the other."""

    def __init__(self, entries: Iterable[Entry]):
        self.entries = list(entries)
        self.left = set(range(len(self.entries)))
        by_length = sorted(
            ((name, number) for number, entry in enumerate(self.entries) for name in entry.names),
            key=lambda named: -len(named[0]),
        )
        self.numbers = [number for _, number in by_length]
        alternatives = "|".join(f"({pattern_of(name)})" for name, _ in by_length)
        # The longest name is tried first: a grouped convolution is no mention of a convolution.
        self.pattern = re.compile(rf"(?<![\w-])(?:{alternatives})(?![\w-])") if by_length else None

    def find(self, text: str) -> list[tuple[int, int, Entry]]:
        """Return where in the text entries are mentioned for the first time: begin, end, entry."""
        found = []
        for match in self.pattern.finditer(text) if self.pattern else ():
            number = self.numbers[match.lastindex - 1]
            if number in self.left:
                self.left.remove(number)
                found.append((*match.span(), self.entries[number]))
        return found


def is_running_text(node: nodes.Text) -> bool:
    """Whether a text is part of a paragraph that a reader reads at once."""
    parent, in_paragraph = node.parent, False
    while parent is not None:
        if isinstance(parent, NO_TEXT):
            return False
        in_paragraph = in_paragraph or isinstance(parent, nodes.paragraph)
        parent = parent.parent
    return in_paragraph


def join_texts(paragraph: nodes.paragraph) -> None:
    """Make one text of those that only the end of a line parts: a name may go on in the next line."""
    joined: list[nodes.Node] = []
    for child in paragraph.children:
        if isinstance(child, nodes.Text) and joined and isinstance(joined[-1], nodes.Text):
            joined[-1] = nodes.Text(joined[-1] + child)
        else:
            joined.append(child)
    paragraph.children = []
    paragraph.extend(joined)


class LinkTerms(SphinxPostTransform):
    """Let the first mention of each entry in a chapter lead to it."""

    default_priority = 300  # after folds.CoverPredictions and the folding of solutions
    formats = ("html",)

    def run(self, **kwargs: object) -> None:
        """Put links into the texts of a chapter."""
        if not CHAPTER.search(self.env.docname):
            return
        finder = Finder(self.env.glossary_entries)
        for paragraph in self.document.findall(nodes.paragraph):
            join_texts(paragraph)
        for text in list(self.document.findall(nodes.Text)):
            if is_running_text(text) and (found := finder.find(text.astext())):
                text.parent.replace(text, self.linked(text.astext(), found))

    def linked(self, text: str, found: list[tuple[int, int, Entry]]) -> list[nodes.Node]:
        """Return the text with links where entries were found."""
        parts, done = [], 0
        for begin, end, entry in found:
            address = self.app.builder.get_relative_uri(self.env.docname, entry.page)
            parts.append(nodes.Text(text[done:begin]))
            link = nodes.reference("", text[begin:end], internal=True, classes=["term"])
            link["refuri"] = f"{address}#{entry.place}"
            parts.append(link)
            done = end
        return [*parts, nodes.Text(text[done:])]


def gather(app, env):
    """Keep the entries of all glossaries, once every page has been read."""
    terms = env.get_domain("std").get_objects()
    pages = sorted({page for _, _, kind, page, _, _ in terms if kind == "term"})
    env.glossary_entries = [entry for page in pages for entry in entries_of(page, env.get_doctree(page))]


def add_script(app, pagename, templatename, context, doctree):
    """Let a page that has a link to a term show what it means."""
    if doctree is not None and any("term" in link["classes"] for link in doctree.findall(nodes.reference)):
        app.add_js_file(SCRIPT)


def write_data(app, error):
    """Write what the entries say, for the script, which asks for it when a reader does."""
    entries = getattr(app.env, "glossary_entries", [])
    if error is None and app.builder.format == "html" and entries:
        says = json.dumps({entry.place: entry.says for entry in entries}, ensure_ascii=False, indent=0)
        (Path(app.outdir) / "_static" / DATA_FILE).write_text(f"const BOOK_TERMS = {says};\n", "utf-8")


def setup(app):
    """Connect the links to terms, their script and its data."""
    app.connect("env-updated", gather)
    app.add_post_transform(LinkTerms)
    app.connect("html-page-context", add_script)
    app.connect("build-finished", write_data)
