"""The first use of a library's name in the code of a page leads to its documentation.

Which name leads where stands in api_names.json, which tools/api_names.py writes: a build needs no network.
Code that is folded away is left alone, and so are comments and texts in it.
"""

from __future__ import annotations

import functools
import json
import re
from html import escape
from pathlib import Path

from .code_names import LIBRARIES

TABLE = Path(__file__).with_name("api_names.json")
CELL = re.compile(
    r'(?P<before><div class="cell_input docutils container">\s*<div class="highlight-[\w-]+ notranslate">'
    r'<div class="highlight"><pre>)(?P<code>.*?)(?=</pre>)',
    re.DOTALL,
)
FOLDED = re.compile(r"</summary>\s*\Z")
PIECE = re.compile(r'<span class="(?P<kind>[^"]*)"[^>]*>|</span>|<[^>]*>|[^<]+')
NAME = re.compile(rf"(?<![\w.])(?:{'|'.join(LIBRARIES)})(?:\.\w+)+")
NO_CODE = re.compile(r"(?:c|s)[a-z0-9]?\Z")  # Pygments' classes of comments and texts


@functools.cache
def pages() -> dict[str, str]:
    """Return the table: where each name's documentation is."""
    return json.loads(TABLE.read_text(encoding="utf-8"))


def known_part(name: str) -> str | None:
    """Return the longest beginning of a dotted name that has a page."""
    while name and name not in pages():
        name = name.rpartition(".")[0]
    return name or None


def link_names(code: str, done: set[str]) -> str:
    """Return a cell's highlighted code with links; `done` are the names that have theirs, and grows."""

    def linked(found: re.Match) -> str:
        name = known_part(found[0])
        if name is None or name in done:
            return found[0]
        done.add(name)
        return f'<a href="{escape(pages()[name])}">{name}</a>{found[0][len(name) :]}'

    written, kinds = [], []
    for piece in PIECE.finditer(code):
        if piece["kind"] is not None:
            kinds.append(piece["kind"])
        elif piece[0] == "</span>":
            kinds.pop()
        is_code = not piece[0].startswith("<") and not any(map(NO_CODE.match, kinds))
        written.append(NAME.sub(linked, piece[0]) if is_code else piece[0])
    return "".join(written)


def link_page(body: str) -> str:
    """Return a page's HTML with links in its cells."""
    done: set[str] = set()

    def linked(cell: re.Match) -> str:
        if FOLDED.search(body, max(0, cell.start() - 40), cell.start()):
            return cell[0]
        return cell["before"] + link_names(cell["code"], done)

    return CELL.sub(linked, body)


def add_links(app, pagename, templatename, context, doctree):
    """Put the links into the body of a page."""
    if "cell_input" in context.get("body", ""):
        context["body"] = link_page(context["body"])


def setup(app):
    """Connect the links."""
    app.connect("html-page-context", add_links, priority=600)  # after html_repairs
