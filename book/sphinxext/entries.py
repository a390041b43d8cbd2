"""Entries of a table of contents: a page's small picture, its title as a link, and a line about it.

The front page has one for each part of the book, with the part's pages below it; the page about a part has
one for each of its own pages. The pictures lie in book/pictures under the names of the pages.
"""

from __future__ import annotations

import re
from html import escape, unescape
from pathlib import Path

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from .navigation import PART, numbered, part_of

PICTURES = "pictures"
TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)


class entry_title(nodes.General, nodes.Element):
    """The place of an entry's title."""


class entry_pages(nodes.General, nodes.Element):
    """The place of the list of a part's pages."""


class Picture(SphinxDirective):
    """{picture} NAME: a picture of book/pictures, with what its drawing says as its alternative text."""

    required_arguments = 1

    def run(self):
        """Return the image."""
        return [picture(self.env, self.arguments[0])]


class Entry(SphinxDirective):
    """{entry} PAGE: the entry of a page; the directive's content is the line about it."""

    required_arguments = 1
    has_content = True

    def run(self):
        """Return the entry. Titles stand in it when every page has been read."""
        docname = self.arguments[0]
        words = nodes.container("", entry_title(page=docname), classes=["entry-words"])
        self.state.nested_parse(self.content, self.content_offset, words)
        if PART.search(docname):
            words += entry_pages(page=docname)
        name = docname.replace("/", "-")
        drawn = [picture(self.env, name)] if picture_file(self.env, name).is_file() else []
        return [nodes.container("", *drawn, words, classes=["entry"])]


def picture_file(env, name: str) -> Path:
    """Where a picture lies."""
    return Path(env.srcdir) / PICTURES / f"{name}.svg"


def picture(env, name: str) -> nodes.image:
    """A picture as an image, with its own title as the alternative text."""
    path = picture_file(env, name)
    env.note_dependency(str(path))
    alt = alternative_text(path.read_text(encoding="utf-8"))
    return nodes.image(uri=f"/{PICTURES}/{path.name}", alt=alt)


def alternative_text(svg: str) -> str:
    """What a drawing says of itself: its title."""
    title = TITLE.search(svg)
    return unescape(title[1]) if title else ""


class FillEntries(SphinxPostTransform):
    """Put the titles and the lists of pages, from the table of contents, into their places."""

    default_priority = 5  # before Sphinx reads the links, at 10

    def run(self, **kwargs: object) -> None:
        """Fill the places of the page."""
        for place in list(self.document.findall(entry_title)):
            place.replace_self(self.title(place["page"]))
        for place in list(self.document.findall(entry_pages)):
            _, pages = part_of(self.env, place["page"])
            listed = nodes.bullet_list(classes=["chapters"])
            for name in pages:
                listed += nodes.list_item("", nodes.paragraph("", "", self.link(name)))
            place.replace_self(listed)

    def title(self, docname: str) -> list[nodes.Node]:
        """The title of a page as a heading that is a link. It begins no section."""
        if docname not in self.env.found_docs:
            logging.getLogger(__name__).warning("no page %r for this entry", docname, location=self.document)
            return []
        count, _ = part_of(self.env, docname) if PART.search(docname) else (None, [])
        above = f'<p class="part-number">Part {count}</p>' if count else ""
        title = escape(numbered(docname, self.env.titles[docname].astext()))
        address = self.app.builder.get_relative_uri(self.env.docname, docname)
        heading = (
            f'{above}<h3 class="entry-title"><a class="reference internal" href="{address}">{title}</a></h3>'
        )
        return [nodes.raw("", heading, format="html")]

    def link(self, docname: str) -> nodes.reference:
        """A link to a page, its title with the chapter's number."""
        address = self.app.builder.get_relative_uri(self.env.docname, docname)
        title = numbered(docname, self.env.titles[docname].astext())
        return nodes.reference("", title, refuri=address, internal=True)


def setup(app):
    """Connect the directives and what fills their places."""
    app.add_directive("picture", Picture)
    app.add_directive("entry", Entry)
    app.add_node(entry_title)
    app.add_node(entry_pages)
    app.add_post_transform(FillEntries)
