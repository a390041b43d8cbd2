"""The sidebar and the links to the previous and the next page: both show the chapters, with their numbers.
These are the numbers of their files: a chapter keeps its own when another is added.

The first page of a part may be the page about it, `part-...`. It is the sidebar's heading of that part.

The many pages about one error each lie below a chapter, their list. A reader comes to them from a search or
from that list, so each has the sidebar of its chapter and no page before or after it.
"""

from __future__ import annotations

import functools
import posixpath
import re
from html import escape

from sphinx_external_toc.api import GlobItem

CHAPTER = re.compile(r"(?:^|/)(\d\d)-[^/]*$")
PART = re.compile(r"^part-[^/]*$")


def numbered(address: str, title: str) -> str:
    """A title with the chapter's number before it, where the page or address is a chapter's."""
    found = CHAPTER.search(address)
    return f"{int(found[1])}. {title}" if found else title


def part_of(env, docname: str) -> tuple[int | None, list[str]]:
    """Which part of the book a part's page opens, counted from 1, and the other pages of the part.

    A part without chapters, as the reference, is not counted.
    """
    count = 0
    for part in env.external_site_map.root.subtrees:
        pages = [str(item) for item in part.items if not isinstance(item, GlobItem)]
        has_chapters = any(map(CHAPTER.search, pages))
        count += has_chapters
        if docname in pages:
            return count if has_chapters else None, [page for page in pages if page != docname]
    return None, []


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
        lead_to_parts(tree, pagename)
        if chapter:
            for link in tree("a", href=app.builder.get_relative_uri(pagename, chapter)):
                link.parent["class"] += ["current", "active"]
        shared[key] = str(tree)
    return shared[key]


def lead_to_parts(tree, pagename: str) -> None:
    """Let the heading of a part in the sidebar be the link to the page about the part."""
    for heading in tree("p", class_="caption"):
        first = heading.find_next_sibling("ul").li
        link = first.a
        address = pagename if link["href"] == "#" else link["href"].removesuffix(".html")
        if PART.search(address.rpartition("/")[2]):
            heading["class"] = [*heading["class"], *({"current", "active"} & set(first["class"]))]
            link["class"] = "caption-text"
            heading.span.replace_with(link.extract())
            first.decompose()


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


def number_title(env, pagename, context):
    """Put a chapter's number before its title, in the heading and in what the browser's window is called; and
    a part's above its heading.
    """
    if CHAPTER.search(pagename) and "body" in context:
        number = numbered(pagename, "")
        context["body"] = context["body"].replace("<h1>", f"<h1>{escape(number)}", 1)
        context["title"] = number + context["title"]
    if PART.search(pagename) and "body" in context:
        count, _ = part_of(env, pagename)
        above = f'<p class="part-number">Part {count}</p>' if count else ""
        context["body"] = context["body"].replace("<h1>", f"{above}<h1>", 1)


def add_navigation(shared, app, pagename, templatename, context, doctree):
    """Give the template the page's sidebar and its neighbours."""
    skip_below(app, pagename, context)
    number_title(app.env, pagename, context)
    context["navigation"] = functools.partial(sidebar, app, shared, pagename)


def setup(app):
    """Connect the sidebar, the links between chapters, and their numbers."""
    app.connect(
        "html-page-context", functools.partial(add_navigation, {}), priority=100
    )  # before the theme's
