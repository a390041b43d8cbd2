"""What a page needs to be found and previewed: a description, link previews, and the book's sitemap.

The setting `html.baseurl` of `_config.yml` is empty until the book is published. All but the description is
written only when it is set, so that no page ever carries a dead link.
"""

from __future__ import annotations

import re
from html import escape
from pathlib import Path
from xml.sax.saxutils import escape as xml_escape

from docutils import nodes

PREVIEW = "preview.png"
SHORTEST, LONGEST = 60, 200  # characters of a description
# A last sentence that says nothing without what follows it.
ANNOUNCEMENT = re.compile(r"(?:^|(?<=[.?!]) )(?:(?![.?!] ).)*:$")


def description_of(doctree) -> str:
    """What a page says first, a paragraph or more, cut at a word; empty when it has none."""
    said = ""
    for paragraph in filter(begins_a_page, doctree.findall(nodes.paragraph)):
        text = " ".join(paragraph.astext().split())
        said = f"{said} {ANNOUNCEMENT.sub('', text)}".strip()
        if len(said) >= SHORTEST:
            break
    return said if len(said) <= LONGEST else said[:LONGEST].rsplit(" ", 1)[0] + " …"


def begins_a_page(paragraph: nodes.paragraph) -> bool:
    """Whether a paragraph is text of the page itself, or of the front page's cover."""
    place = paragraph.parent
    if isinstance(place, nodes.container) and "cover-words" in place["classes"]:
        return True
    return isinstance(place, nodes.section) and isinstance(place.parent, nodes.document)


def page_address(app, docname: str) -> str:
    """The public address of a page; only meaningful when the book's address is set."""
    target = "" if docname == app.config.root_doc else app.builder.get_target_uri(docname)
    return app.config.html_baseurl.rstrip("/") + "/" + target


def link_preview(app, pagename: str, description: str) -> dict[str, str]:
    """The properties of the Open Graph protocol (https://ogp.me) by which other sites preview a page."""
    return {
        "og:type": "website" if pagename == app.config.root_doc else "article",
        "og:site_name": app.config.html_title,
        "og:title": app.env.titles[pagename].astext(),
        "og:description": description,
        "og:url": page_address(app, pagename),
        "og:image": app.config.html_baseurl.rstrip("/") + f"/_static/{PREVIEW}",
        "og:image:alt": app.config.html_title,
    }


def add_metadata(app, pagename, templatename, context, doctree):
    """Write a page's description and, where the book has an address, its link preview."""
    if doctree is None:
        context["pageurl"] = (
            None  # the search, and the page for a missing address, have no address to be found by
        )
        return
    description = description_of(doctree)
    tags = [f'<meta name="description" content="{escape(description)}" />'] if description else []
    if app.config.html_baseurl:
        context["pageurl"] = page_address(app, pagename)  # Sphinx writes it as the canonical address
        tags += [
            f'<meta property="{name}" content="{escape(value)}" />'
            for name, value in link_preview(app, pagename, description).items()
            if value
        ]
        tags.append(
            '<meta name="twitter:card" content="summary_large_image" />'
        )  # the picture above the text
    context["metatags"] = context.get("metatags", "") + "\n".join(tags)


def write_sitemap(app, error):
    """Write the addresses of all pages, where the book has one."""
    if error or app.builder.name != "html" or not app.config.html_baseurl:
        return
    addresses = sorted(page_address(app, docname) for docname in app.env.found_docs)
    lines = [f"  <url><loc>{xml_escape(address)}</loc></url>" for address in addresses]
    (Path(app.outdir) / "sitemap.xml").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n' + "\n".join(lines) + "\n</urlset>\n",
        encoding="utf-8",
    )


def setup(app):
    """Connect what is written into each page, and the sitemap."""
    app.connect("html-page-context", add_metadata, priority=900)
    app.connect("build-finished", write_sitemap)
