"""The links to the repository at the top of a page.

The setting `repository.url` of `_config.yml` is empty until the book is published: then no button needs it.
"""

from __future__ import annotations

WORDS = {
    "source-repository-button": "Source repository",
    "source-edit-button": "Edit this page",
    "source-issues-button": "Report a mistake on this page",
}


def repository_buttons(header_buttons: list[dict]) -> list[dict]:
    """The links to the repository that the theme has prepared, as one flat list, in the book's words."""
    links = []
    for button in header_buttons:
        links += button.get("buttons", []) if button["type"] == "group" else [button]
    return [{**link, "tooltip": WORDS[link["label"]]} for link in links if link.get("label") in WORDS]


def add_buttons(app, pagename, templatename, context, doctree):
    """Give the template the repository's links."""
    context["repository_buttons"] = repository_buttons(context.get("header_buttons", []))


def setup(app):
    """Connect what the buttons need."""
    app.connect("html-page-context", add_buttons, priority=900)  # after the theme has prepared its own
