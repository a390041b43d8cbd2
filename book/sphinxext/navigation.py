"""The sidebar, and the links to the previous and the next page: both show the chapters only.

The many pages about one error each lie below a chapter, their list. A reader comes to them from a search or
from that list, so each has the sidebar of its chapter and no page before or after it.
"""

from __future__ import annotations

import functools
import posixpath
import re

CHAPTER = re.compile(r"(?:^|/)(\d\d)-[^/]*$")


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
            number = CHAPTER.search(pagename if link["href"] == "#" else link["href"])
            if number:  # the text speaks of chapters by their number
                link.insert(0, f"{int(number[1])}. ")
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


def add_navigation(shared, app, pagename, templatename, context, doctree):
    """Give the template the page's sidebar and its neighbours."""
    skip_below(app, pagename, context)
    context["navigation"] = functools.partial(sidebar, app, shared, pagename)


def setup(app):
    """Connect the sidebar and the links between chapters."""
    app.connect(
        "html-page-context", functools.partial(add_navigation, {}), priority=100
    )  # before the theme's
