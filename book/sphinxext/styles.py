"""Leave out of the built style sheets the rules that no page of this book can use.

The theme brings all of Bootstrap, and each component and terminal colour of its extensions: about 440 KB, of
which a page needs a third. A rule stays when each class it asks for occurs in a page or in a script.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

OWN = {"book.css"}
NESTING = ("@media", "@supports", "@layer", "@container")
STRING_OR_BRACE = re.compile(r'"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'|url\([^)"\']*\)|[{}]')
CLASS_ATTRIBUTE = re.compile(r'\bclass\s*=\s*"([^"]*)"')
CLASS = re.compile(r"\.((?:[\w-]|\\.)+)")
WORD = re.compile(r"[A-Za-z_][\w-]*")
# A selector with :not(.a) or :is(.a, .b) may match without that class.
OPTIONAL = re.compile(r":(?:not|is|where|has)\((?:[^()]|\([^()]*\))*\)")


def rules(css: str) -> Iterator[tuple[str, str]]:
    """The rules of a style sheet in order: what stands before the braces, and what stands in them.

    What follows the last rule, such as the only @import of a sheet, comes as a rule without a body.
    """
    depth, begin, prelude = 0, 0, ""
    for found in STRING_OR_BRACE.finditer(css):
        if found[0] == "{":
            if depth == 0:
                prelude, begin = css[begin : found.start()], found.end()
            depth += 1
        elif found[0] == "}":
            depth -= 1
            if depth == 0:
                yield prelude.strip(), css[begin : found.start()].strip()
                begin = found.end()
    if rest := css[begin:].strip():
        yield rest, ""


def selectors(prelude: str) -> list[str]:
    """The selectors of a rule, parted at the commas that stand in no bracket."""
    return re.split(r",(?![^()\[]*[)\]])", prelude)


def reachable(selector: str, words: set[str], beginnings: tuple[str, ...]) -> bool:
    """Whether every class that a selector asks for occurs; a script may build a name from its beginning."""
    wanted = CLASS.findall(OPTIONAL.sub("", selector))
    return all("\\" in name or name in words or name.startswith(beginnings) for name in wanted)


def needed(css: str, words: set[str]) -> str:
    """The part of a style sheet whose rules can match, given the names that occur in pages and scripts."""
    beginnings = tuple(word for word in words if word.endswith("-") and len(word) > 3)
    kept = []
    for prelude, body in rules(re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)):
        *statements, prelude = prelude.split(";") if prelude.startswith("@") else [prelude]
        kept += [f"{statement.strip()};" for statement in statements]
        prelude = prelude.strip()
        if not prelude:
            continue
        if prelude.startswith(NESTING):
            if inside := needed(body, words):
                kept.append(f"{prelude}{{{inside}}}")
        elif prelude.startswith("@"):
            kept.append(f"{prelude}{{{body}}}")
        elif chosen := [one for one in selectors(prelude) if reachable(one, words, beginnings)]:
            kept.append(f"{','.join(chosen)}{{{body}}}")
    return "\n".join(kept)


def names_in(html: Path) -> set[str]:
    """Every class in a page of a built book, and every word of its scripts."""
    words: set[str] = set()
    for page in html.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        for value in CLASS_ATTRIBUTE.findall(text):
            words.update(value.split())
        for script in re.findall(r"<script\b[^>]*>(.+?)</script>", text, flags=re.DOTALL):
            words.update(WORD.findall(script))
    for script in (html / "_static").rglob("*.js"):
        words.update(WORD.findall(script.read_text(encoding="utf-8")))
    return words


def trim(app, error):
    if error or app.builder.name != "html":
        return
    html = Path(app.outdir)
    words = names_in(html)
    for sheet in (html / "_static").rglob("*.css"):
        if sheet.name not in OWN:
            sheet.write_text(needed(sheet.read_text(encoding="utf-8"), words) + "\n", encoding="utf-8")


def setup(app):
    # After everything else that writes or copies style sheets.
    app.connect("build-finished", trim, priority=950)
