"""The pages around the chapters: theme files, header buttons, link previews, the sitemap.

Two settings of `_config.yml` are empty until the book is published: `html.baseurl` and `repository.url`.
What needs them is written only when they are set, so that no page ever carries a dead link.
"""

from __future__ import annotations

import functools
import posixpath
import re
import shutil
from html import escape
from pathlib import Path
from xml.sax.saxutils import escape as xml_escape

from docutils import nodes
from sphinx.util import logging

THEME = Path(__file__).resolve().parents[1] / "theme"
STATIC = THEME / "static"
TEMPLATES = THEME / "templates"
PREVIEW = "preview.png"
DESCRIPTION_LENGTH = 200

THEME_OPTIONS = {
    "use_download_button": False,  # the page's own button (article-header-buttons.html) takes its place
    "use_fullscreen_button": False,
    "show_navbar_depth": 1,
    "toc_title": "On this page",
    "search_bar_text": "Search this book",
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
    "footer_content_items": ["book-footer.html"],
}
SIDEBARS = ["navbar-logo.html", "search-button-field.html", "book-navigation.html"]
UNUSED_STATIC = (
    "vendor",
    "images/logo_*",
    "**/*.map",
    "sphinx-thebe.*",
    "webpack-macros.html",
    "sbt-webpack-macros.html",
)

CHAPTER = re.compile(r"(?:^|/)(\d\d)-[^/]*$")

logger = logging.getLogger(__name__)


def configure(app, config):
    """Point Sphinx at the book's theme files and settle the theme's options."""
    config.html_static_path = [*config.html_static_path, str(STATIC)]
    config.templates_path = [str(TEMPLATES), *config.templates_path]
    config.html_favicon = str(STATIC / "favicon.svg")
    config.html_sidebars = {"**": SIDEBARS}
    options = config.html_theme_options
    options.update(THEME_OPTIONS)
    options.pop(
        "launch_buttons", None
    )  # the notebooks import the book's own packages: no launcher would run them
    if options.get("repository_url"):
        options.update(use_repository_button=True, use_issues_button=True, use_edit_page_button=True)
    else:
        for name in ("repository_url", "repository_branch", "path_to_docs"):
            options.pop(name, None)


def description_of(doctree) -> str:
    """The first paragraph of a page, cut at a word; empty when there is none."""
    for paragraph in doctree.findall(nodes.paragraph):
        if isinstance(paragraph.parent, nodes.section):
            text = " ".join(paragraph.astext().split())
            if len(text) > DESCRIPTION_LENGTH:
                text = text[:DESCRIPTION_LENGTH].rsplit(" ", 1)[0] + " …"
            return text
    return ""


def page_address(app, docname: str) -> str:
    """The public address of a page; only meaningful when the book's address is set."""
    target = "" if docname == app.config.root_doc else app.builder.get_target_uri(docname)
    return app.config.html_baseurl.rstrip("/") + "/" + target


def add_to_page(app, pagename, templatename, context, doctree):
    """Hand the templates the description and previews, the notebook's file, the repository's buttons."""
    is_page = doctree is not None
    context["notebook_file"] = ""
    if is_page and str(app.env.doc2path(pagename)).endswith(".ipynb"):
        context["notebook_file"] = f"_sources/{context['sourcename']}"
    context["repository_buttons"] = repository_buttons(context.get("header_buttons", []))
    if not is_page:
        return
    description = description_of(doctree)
    properties = {"description": description} if description else {}
    tags = [f'<meta name="{name}" content="{escape(value)}" />' for name, value in properties.items()]
    if app.config.html_baseurl:
        address = page_address(app, pagename)
        context["pageurl"] = address  # Sphinx writes it as the canonical address
        previews = {
            "og:type": "website" if pagename == app.config.root_doc else "article",
            "og:site_name": app.config.html_title,
            "og:title": app.env.titles[pagename].astext(),
            "og:description": description,
            "og:url": address,
            "og:image": app.config.html_baseurl.rstrip("/") + f"/_static/{PREVIEW}",
            "og:image:alt": app.config.html_title,
        }
        tags += [
            f'<meta property="{name}" content="{escape(value)}" />'
            for name, value in previews.items()
            if value
        ]
    context["metatags"] = context.get("metatags", "") + "\n".join(tags)


def repository_buttons(header_buttons):
    """The links to the repository that the theme has prepared, as one flat list."""
    links = []
    for button in header_buttons:
        links += button.get("buttons", []) if button["type"] == "group" else [button]
    return [link for link in links if link.get("label", "").startswith("source-")]


def chapter_above(app, docname) -> str | None:
    """The page of the sidebar's first level that this one lies below; None for those of that level."""
    parent = app.builder.relations.get(docname, [None])[0]
    return parent if parent != app.config.root_doc else None


def navigation(app, shared, pagename, make_tree) -> str:
    """The sidebar's tree, of which only the first level is shown, with the chapters' numbers.

    The theme asks twice for each page's: it is kept in `shared`. The pages below a chapter do not stand in
    it. Those that lie in one folder have the same tree, with their chapter marked, and it is made for one of
    them: for a page an error it would take an eighth of the whole build.
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
    """Let "previous" and "next" lead from chapter to chapter: the pages below one are looked up, not read on.

    Of the many pages about one error each, a reader comes from a search and wants no other message.
    """
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
    skip_below(app, pagename, context)
    context["navigation"] = functools.partial(navigation, app, shared, pagename)


def finish(app, error):
    """Write the sitemap when the address is set, and leave out theme files that no page uses."""
    if error or app.builder.name != "html":
        return
    static = Path(app.outdir) / "_static"
    for pattern in UNUSED_STATIC:
        for path in static.glob(pattern):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    if app.config.html_baseurl:
        addresses = sorted(page_address(app, docname) for docname in app.env.found_docs)
        lines = [f"  <url><loc>{xml_escape(address)}</loc></url>" for address in addresses]
        (Path(app.outdir) / "sitemap.xml").write_text(
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
            + "\n".join(lines)
            + "\n</urlset>\n",
            encoding="utf-8",
        )


def setup(app):
    # Jupyter Book always sets this value, whose extension the book leaves out.
    app.add_config_value("comments_config", {}, "")
    app.connect("config-inited", configure, priority=100)
    add_shared_navigation = functools.partial(add_navigation, {})
    app.connect("html-page-context", add_shared_navigation, priority=100)  # before the theme renders it
    app.connect("html-page-context", add_to_page, priority=900)
    app.connect("build-finished", finish, priority=900)
    app.add_css_file("book.css", priority=900)
    app.add_js_file("book.js")
