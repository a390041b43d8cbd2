"""The book's theme: sphinx-book-theme with the files and options of book/theme and below."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from docutils import nodes

THEME = Path(__file__).resolve().parents[1] / "theme"
STATIC = THEME / "static"
TEMPLATES = THEME / "templates"

THEME_OPTIONS = {
    "use_download_button": False,  # the page's own button (article-header-buttons.html) takes its place
    "use_fullscreen_button": False,
    "show_navbar_depth": 1,
    "toc_title": "On this page",
    "search_bar_text": "Search this book",
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
    "footer_content_items": ["book-footer.html"],
    # The cover has the whole width, and no list of what is on it.
    "secondary_sidebar_items": {"**": ["page-toc"], "index": [], "404": []},
}
SIDEBARS = ["navbar-logo.html", "search-button-field.html", "book-navigation.html"]
# Colours of terminals, half of myst-nb's style sheet: the book's outputs have none.
TERMINAL_COLOURS = re.compile(r"[^{}]*\.-Color[^{}]*\{[^{}]*\}")
UNUSED_STATIC = (
    "vendor",
    "images/logo_*",
    "**/*.map",
    "styles/bootstrap.css",  # bootstrap-subset.css takes its place
    "webpack-macros.html",
    "sbt-webpack-macros.html",
)
# What the search page does without: it has the texts of the book to fetch, as heavy as all the rest.
UNUSED_BY_SEARCH = re.compile(r"sphinx-design|design-tabs|mystnb|copybutton|clipboard|exercise|print\.js")
UNUSED_WITHOUT_CODE = re.compile(r"mystnb|copybutton|clipboard")


def configure(app, config):
    """Point Sphinx at the book's theme files and settle the theme's options."""
    config.html_static_path = [*config.html_static_path, str(STATIC)]
    config.templates_path = [str(TEMPLATES), *config.templates_path]
    config.html_favicon = str(STATIC / "favicon.svg")
    config.html_sidebars = {"**": SIDEBARS}
    options = config.html_theme_options
    options.update(THEME_OPTIONS)
    options.pop("launch_buttons", None)  # no launcher has the book's own packages, which the notebooks import
    if options.get("repository_url"):
        options.update(use_repository_button=True, use_issues_button=True, use_edit_page_button=True)
    else:
        for name in ("repository_url", "repository_branch", "path_to_docs"):
            options.pop(name, None)


def lighten(app, pagename, templatename, context, doctree):
    """Let the search page, and one without code, load no style sheet or script for what it does not hold."""
    if pagename in ("search", "404"):
        unused = UNUSED_BY_SEARCH
    elif doctree is not None and not any(doctree.findall(nodes.literal_block)):
        unused = UNUSED_WITHOUT_CODE
    else:
        return
    for kind in ("css_files", "script_files"):
        context[kind] = [file for file in context[kind] if not unused.search(str(file.filename))]


def add_own_style(app, pagename, templatename, context, doctree):
    """Let a page load the style sheet of theme/static/pages that has its name."""
    if (STATIC / "pages" / f"{pagename}.css").is_file():
        app.add_css_file(f"pages/{pagename}.css", priority=950)


def leave_out_unused(app, error):
    """Remove the files of the theme, and the rules of myst-nb, that no page uses."""
    if error or app.builder.name != "html":
        return
    static = Path(app.outdir) / "_static"
    for pattern in UNUSED_STATIC:
        for path in static.glob(pattern):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    for sheet in static.glob("mystnb.*.css"):
        sheet.write_text(TERMINAL_COLOURS.sub("", sheet.read_text(encoding="utf-8")), encoding="utf-8")


def setup(app):
    """Connect the theme's files and options, the style sheet and the script."""
    # Jupyter Book always sets this value, whose extension the book leaves out.
    app.add_config_value("comments_config", {}, "")
    app.connect("config-inited", configure, priority=100)
    app.connect("html-page-context", add_own_style)
    app.connect("html-page-context", lighten, priority=900)
    app.connect("build-finished", leave_out_unused, priority=900)
    app.add_css_file("book.css", priority=900)
    app.add_js_file("book.js")
    app.add_js_file("print.js")
    app.add_js_file("frameworks.js", priority=600)  # after sphinx-design's, which switches tabs
