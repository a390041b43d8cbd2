"""The front matter of a page about an error is the catalogue's entry and no setting of the page: Sphinx reads
the body only. MyST would parse it three times a page, and keep it where nobody asks for it.
"""

from __future__ import annotations

import re

HEADER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)


def without_header(text: str) -> str:
    """A Markdown page without its front matter. Empty lines stand in its place, so that a warning names the
    line of the file.
    """
    return HEADER.sub(lambda found: "\n" * found[0].count("\n"), text, count=1)


def leave_out(app, docname, source):
    """Take the front matter off a page about an error before it is read."""
    if docname.startswith("errors/"):
        source[0] = without_header(source[0])


def setup(app):
    """Connect the leaving out."""
    app.connect("source-read", leave_out)
