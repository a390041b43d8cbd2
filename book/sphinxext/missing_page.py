"""The page that a server shows for an address that the book does not have: 404.html.

It may be shown in any folder, so its links are absolute once the book's address is set (`html.baseurl`).
Until then they are those of a page beside the front page.
"""

from __future__ import annotations

from html import escape
from pathlib import Path
from urllib.parse import urlsplit

from .entries import PICTURES, alternative_text
from .figures import dark_svg, size_of

NAME = "404"
PICTURE = "missing"


def drawing(app) -> str:
    """The picture of the missing page, light and dark."""
    path = Path(app.srcdir) / PICTURES / f"{PICTURE}.svg"
    if not path.is_file():
        return ""
    light = path.read_text(encoding="utf-8")
    images = Path(app.outdir) / app.builder.imagedir
    images.mkdir(exist_ok=True)
    shown = []
    for theme, svg in (("light", light), ("dark", dark_svg(light))):
        name = f"{PICTURE}-{theme}.svg"
        (images / name).write_text(svg, encoding="utf-8")
        size = "".join(f' {side}="{value}"' for side, value in size_of(svg).items())
        source = f'src="{app.builder.imagedir}/{name}" alt="{escape(alternative_text(svg))}"'
        shown.append(f'<img class="only-{theme}" {source}{size}>')
    return f'<div class="cover-figure">{"".join(shown)}</div>'


def pages(app):
    """The page, for Sphinx to write with the template of that name."""
    if app.builder.name != "html":
        return
    base = urlsplit(app.config.html_baseurl).path.rstrip("/") + "/" if app.config.html_baseurl else ""
    has_decoder = "decoder" in app.env.found_docs
    known = {"base": base, "drawing": drawing(app), "has_decoder": has_decoder, "title": "No such page"}
    yield NAME, known, "404.html"


def setup(app):
    """Connect the page."""
    app.connect("html-collect-pages", pages)
