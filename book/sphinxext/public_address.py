"""What a page needs to be found and previewed: a description, link previews, and the book's sitemap.

The setting `html.baseurl` of `_config.yml` is empty until the book is published. All but the description is
written only when it is set, so that no page ever carries a dead link.
"""

from __future__ import annotations

from html import escape
from pathlib import Path
from xml.sax.saxutils import escape as xml_escape

from docutils import nodes

PREVIEW = "preview.png"
DESCRIPTION_LENGTH = 200  # characters


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
