"""The sidebar, the links to the previous and the next page, and the front page's list: all show the chapters,
with their numbers. These are the numbers of their files: a chapter keeps its own when another is added.

The many pages about one error each lie below a chapter, their list. A reader comes to them from a search or
from that list, so each has the sidebar of its chapter and no page before or after it.
"""

from __future__ import annotations

import functools
import posixpath
import re
from html import escape

from docutils import nodes
from docutils.parsers.rst import Directive
from sphinx.transforms.post_transforms import SphinxPostTransform

CHAPTER = re.compile(r"(?:^|/)(\d\d)-[^/]*$")


def numbered(address: str, title: str) -> str:
    """A title with the chapter's number before it, where the page or address is a chapter's."""
    found = CHAPTER.search(address)
    return f"{int(found[1])}. {title}" if found else title


class chapter_list(nodes.General, nodes.Element):
    """The place of the list of chapters."""


class Chapters(Directive):
    """{chapters}: the book's chapters with their numbers, under the names of their parts."""

    def run(self):
        """Return the place; what stands there is known when every page has been read."""
        return [chapter_list()]


def title_of_part(name: str) -> nodes.raw:
    """The name of a part as a heading. It begins no section: the list may stand inside another element."""
    return nodes.raw("", f'<h3 class="chapters-part">{escape(name)}</h3>', format="html")


class ListChapters(SphinxPostTransform):
    """Put the list of chapters, from the table of contents, into its place."""

    default_priority = 5  # before Sphinx reads the links, at 10

    def run(self, **kwargs: object) -> None:
        """Write one list a part."""
        for place in list(self.document.findall(chapter_list)):
            written = []
            for part in self.env.external_site_map.root.subtrees:
                chapters = [str(item) for item in part.items if CHAPTER.search(str(item))]
                if chapters:
                    written.append(title_of_part(part.caption))
                    written.append(self.list_of(chapters))
            place.replace_self(written)

    def list_of(self, chapters: list[str]) -> nodes.bullet_list:
        """The list of some chapters, as links."""
        items = nodes.bullet_list(classes=["chapters"])
        for name in chapters:
            address = self.app.builder.get_relative_uri(self.env.docname, name)
            title = numbered(name, self.env.titles[name].astext())
            link = nodes.reference("", title, refuri=address, internal=True)
            items += nodes.list_item("", nodes.paragraph("", "", link))
        return items


def chapter_above(app, docname) -> str | None:
    """The page of the sidebar's first level that this one lies below; None for those of that level."""
    parent = app.builder.relations.get(docname, [None])[0]
    return parent if parent != app.config.root_doc else None


def sidebar(app, shared: dict, pagename: str, make_tree) -> str:
    """The sidebar's list as HTML: the first level of the table of contents, with the chapters' numbers.

    make_tree: the theme's generate_toctree_html. shared: where made lists are kept, because the theme asks
    twice a page, and because the pages of one folder below a chapter have the same list, with their chapter
    marked.
    """
    chapter = chapter_above(app, pagename)
    key = (posixpath.dirname(pagename), chapter) if chapter else pagename
    if key not in shared:
        tree = make_tree(
            kind="sidebar", startdepth=0, show_nav_level=1,
            maxdepth=1, collapse=True, includehidden=True, titles_only=True,
        )  # fmt: skip
        for link in tree("a"):
            # The text speaks of chapters by their number.
            link.insert(0, numbered(pagename if link["href"] == "#" else link["href"], ""))
        if chapter:
            for link in tree("a", href=app.builder.get_relative_uri(pagename, chapter)):
                link.parent["class"] += ["current", "active"]
        shared[key] = str(tree)
    return shared[key]


def skip_below(app, pagename, context):
    """Let "previous" and "next" lead from chapter to chapter; a page below a chapter has neither."""
    for side, place in (("prev", 1), ("next", 2)):
        other = context.get(side) and app.builder.relations[pagename][place]
        if other and chapter_above(app, pagename):
            context[side] = None
        elif other and chapter_above(app, other):
            while other and chapter_above(app, other):
                other = app.builder.relations[other][place]
            context[side] = other and {
                "link": app.builder.get_relative_uri(pagename, other),
                "title": app.builder.render_partial(app.env.titles[other])["title"],
            }
        if context.get(side):
            context[side] = {**context[side], "title": numbered(other, context[side]["title"])}


def number_title(pagename, context):
    """Put a chapter's number before its title: the heading, and what the browser's window is called."""
    if CHAPTER.search(pagename) and "body" in context:
        number = numbered(pagename, "")
        context["body"] = context["body"].replace("<h1>", f"<h1>{escape(number)}", 1)
        context["title"] = number + context["title"]


def add_navigation(shared, app, pagename, templatename, context, doctree):
    """Give the template the page's sidebar and its neighbours."""
    skip_below(app, pagename, context)
    number_title(pagename, context)
    context["navigation"] = functools.partial(sidebar, app, shared, pagename)


def setup(app):
    """Connect the sidebar, the links between chapters, their list and their numbers."""
    app.add_directive("chapters", Chapters)
    app.add_node(chapter_list)
    app.add_post_transform(ListChapters)
    app.connect(
        "html-page-context", functools.partial(add_navigation, {}), priority=100
    )  # before the theme's
