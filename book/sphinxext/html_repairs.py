"""Repairs of the written HTML that no writer of Sphinx offers a place for."""

from __future__ import annotations

import re

OUTPUT = re.compile(r'(<div class="output [^"]*"><div class="highlight"><pre>)(.*?)(</pre>)', re.DOTALL)
EXPONENT = re.compile(r"(?<![\w.])\d+(?:\.\d+)?e-\d+\b")
SOURCE = re.compile(
    r'(<div class="output [^"]*\bsource\b[^"]*"><div class="highlight"><pre>(?:<span></span>)?)(.*?)(</pre>)',
    re.DOTALL,
)
CELL = re.compile(
    r'(<div class="cell_input docutils container">\s*<div class="highlight-[\w-]+ notranslate">'
    r'<div class="highlight"><pre>(?:<span></span>)?)(.*?)(</pre>)',
    re.DOTALL,
)
TAG = re.compile(r"<[^>]*>")
# Names, punctuation and spaces have the text's own colour; so may an attribute's dot and braces in a string.
# With a tag around each of them the code of a long chapter weighs half as much again.
PLAIN = re.compile(
    r'<span class="(?:n|nn|p|w)">([^<]*)</span>|<span class="o">(\.)</span>|<span class="si">([{}])</span>'
    r"|(?<=<pre>)<span></span>(?!\n)"
)
SIZE = re.compile(r'(<img\b[^>]*?) style="width: (\d+)px; height: (\d+)px;"')
FOLD_NAME = '<summary aria-label="Toggle hidden content">'
# A tab set is a group of radio buttons; the first one's label names what is chosen.
TAB_SET = re.compile(
    r'(<div class="sd-tab-set[^"]*")(>\s*<input\b[^>]*>\s*<label\b[^>]*\bdata-sync-group="framework")'
)
# Roles of entries that ARIA has given up: of a citation, and of a list that holds more than its items.
OLD_ROLE = re.compile(r'(<div) role="list"( class="citation-list")|(<div [^>]*) role="doc-biblioentry"')
EMPTY_HEADER = re.compile(r"<th\b[^>]*>\s*(?:<p>\s*</p>)?\s*</th>")


def hang(code: str) -> str:
    """Make each line of highlighted code a block that knows its indentation: what wraps hangs from it.

    Pygments closes its tags at the end of every line. The line end stays in the block, where it is not seen:
    what is copied, or read without the style sheet, keeps its lines.
    """
    lines = []
    for line in code.removesuffix("\n").split("\n"):
        text = TAG.sub("", line)
        indent = len(text) - len(text.lstrip(" "))
        style = f' style="--indent:{indent}"' if indent else ""
        lines.append(f'<span class="line"{style}>{line}\n</span>')
    return "".join(lines)


def repair(body: str) -> str:
    """Keep numbers like 1e-05 on one line in outputs, and let an empty corner of a table be no header.

    Tabs are a named group, and a fold of code is named by its own line, "Show the code". A figure's size
    becomes attributes: from them a browser knows its proportions before it has it, and still may shrink it,
    which it cannot where the height is a style. Works in a bibliography lose roles that no reader knows.
    """
    body = OUTPUT.sub(
        lambda found: found[1] + EXPONENT.sub(r'<span class="exponent">\g<0></span>', found[2]) + found[3],
        body,
    )
    for code in (SOURCE, CELL):
        body = code.sub(lambda found: found[1] + hang(found[2]) + found[3], body)
    body = PLAIN.sub(r"\1\2\3", body)
    body = TAB_SET.sub(r'\1 role="radiogroup" aria-label="Framework"\2', body)
    body = body.replace(FOLD_NAME, "<summary>")
    body = OLD_ROLE.sub(lambda found: "".join(filter(None, found.groups())), body)
    body = SIZE.sub(r'\1 width="\2" height="\3"', body)
    return EMPTY_HEADER.sub("<td></td>", body)


def repair_page(app, pagename, templatename, context, doctree):
    """Repair the body of a page before its template is filled."""
    if "body" in context:
        context["body"] = repair(context["body"])


def setup(app):
    """Connect the repairs."""
    app.connect("html-page-context", repair_page)
