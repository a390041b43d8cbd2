"""What is offered to take away: the handouts are written beside the pages, each page's menu offers its own,
and one page lists them all.
"""

from __future__ import annotations

import functools
from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import Directive
from sphinx.transforms.post_transforms import SphinxPostTransform

from handouts import Handout, Settings, make_handouts

from .navigation import numbered

FOLDER = "handouts"
OFFERS = {
    "with": "This page as a zip",
    "without": "Without solutions",
    "bare": "The notebook alone",
}
COLUMNS = {"with": "Zip", "without": "Without solutions", "bare": "Notebook alone"}
WHOLE_BOOK = "The whole book"


class handout_list(nodes.General, nodes.Element):
    """The place of the list of handouts."""


class Handouts(Directive):
    """{handouts}: a table of all handouts, with their sizes."""

    def run(self):
        """Return the place; what stands there is known when every page has been read."""
        return [handout_list()]


def write_handouts(made: list[Handout], app, env):
    """Write the handouts of all notebooks beside the pages, and keep what was made."""
    if app.builder.name == "html":
        book = Path(app.srcdir)
        settings = Settings(app.config.html_title, app.config.html_baseurl, book.parent)
        pages = [Path(env.doc2path(name)) for name in sorted(env.found_docs)]
        notebooks = [path for path in pages if path.suffix == ".ipynb"]
        made[:] = make_handouts(notebooks, settings, Path(app.outdir) / FOLDER) if notebooks else []
    return []


class ListHandouts(SphinxPostTransform):
    """Put the table of handouts into its place."""

    default_priority = 5  # before Sphinx reads the links, at 10
    made: tuple[Handout, ...] | list[Handout] = ()

    def run(self, **kwargs: object) -> None:
        """Write one row a page, the whole book's first."""
        for place in list(self.document.findall(handout_list)):
            rows = {}
            for handout in self.made:
                rows.setdefault(handout.page, {})[handout.kind] = handout
            place.replace_self(table([self.title_of(page), *cells(row)] for page, row in rows.items()))

    def title_of(self, page: str) -> nodes.Node:
        """What a row is about: a link to the page, or the whole book."""
        if not page:
            return nodes.strong("", WHOLE_BOOK)
        title = numbered(page, self.env.titles[page].astext())
        address = self.app.builder.get_relative_uri(self.env.docname, page)
        return nodes.reference("", title, refuri=address, internal=True)


def cells(row: dict[str, Handout]) -> list[nodes.Node]:
    """The cells of a row that lead to its files; one is empty where there is no such file."""
    return [download(row[kind]) if kind in row else nodes.Text("") for kind in COLUMNS]


def download(handout: Handout) -> nodes.raw:
    """A link that downloads a file, named by its size; what it is, is said where columns are not seen."""
    link = f'<a href="{address(handout)}" download><span class="unseen">{OFFERS[handout.kind]}, </span>'
    return nodes.raw("", f"{link}{size(handout)}</a>", format="html")


def table(rows) -> nodes.container:
    """A table with a row of headers."""
    heads = [nodes.Text("Page"), *map(nodes.Text, COLUMNS.values())]
    group = nodes.tgroup("", *(nodes.colspec(colwidth=1) for _ in heads), cols=len(heads))
    group += nodes.thead("", row_of(heads))
    group += nodes.tbody("", *map(row_of, rows))
    return nodes.table("", group, classes=["handouts"])


def row_of(contents: list[nodes.Node]) -> nodes.row:
    """A row of a table."""
    return nodes.row("", *(nodes.entry("", nodes.paragraph("", "", content)) for content in contents))


def address(handout: Handout) -> str:
    """Where a file lies, seen from the pages of notebooks and from those beside them."""
    return f"{FOLDER}/{handout.file.name}"


def size(handout: Handout) -> str:
    """The size of a file, as a reader is told it."""
    kilobytes = handout.size / 1000
    return f"{kilobytes:.0f} KB" if kilobytes < 999.5 else f"{kilobytes / 1000:.1f} MB"


def add_menu(made: list[Handout], app, pagename, templatename, context, doctree):
    """Give the template what the page's menu offers."""
    context["downloads"] = [
        {"file": address(handout), "label": OFFERS[handout.kind], "size": size(handout)}
        for handout in made
        if handout.page == pagename
    ]


def setup(app):
    """Connect the writing of the handouts, the menu and the list."""
    made: list[Handout] = []
    app.add_directive("handouts", Handouts)
    app.add_node(handout_list)
    app.add_post_transform(type("ListHandouts", (ListHandouts,), {"made": made}))
    app.connect("env-updated", functools.partial(write_handouts, made))
    app.connect("html-page-context", functools.partial(add_menu, made))
