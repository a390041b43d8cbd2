"""The links to the repository at the top of a page.

The setting `repository.url` of `_config.yml` is empty until the book is published: then no button needs it.
"""

from __future__ import annotations

from urllib.parse import quote, urlencode

WORDS = {
    "source-repository-button": "Source repository",
    "source-edit-button": "Edit this page",
    "source-issues-button": "Report a mistake on this page",
}


def repository_buttons(header_buttons: list[dict], page: str) -> list[dict]:
    """The links to the repository that the theme has prepared, as one flat list, in the book's words."""
    links = []
    for button in header_buttons:
        links += button.get("buttons", []) if button["type"] == "group" else [button]
    buttons = [{**link, "tooltip": WORDS[link["label"]]} for link in links if link.get("label") in WORDS]
    for button in buttons:
        if button["label"] == "source-issues-button":
            button["url"] = report_address(button["url"], page)
    return buttons


def report_address(theme_address: str, page: str) -> str:
    """Where a mistake on a page is reported: the form names the page and asks two questions."""
    form = {"title": f"Mistake on {page}: ", "body": "What it says:\n\nWhat it should say:\n"}
    return f"{theme_address.partition('?')[0]}?{urlencode(form, quote_via=quote)}"


def add_buttons(app, pagename, templatename, context, doctree):
    """Give the template the repository's links."""
    context["repository_buttons"] = repository_buttons(
        context.get("header_buttons", []), app.builder.get_target_uri(pagename)
    )


def setup(app):
    """Connect what the buttons need."""
    app.connect("html-page-context", add_buttons, priority=900)  # after the theme has prepared its own
