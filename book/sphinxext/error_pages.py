"""The pages about error messages and their lists, written as Markdown from the catalogue."""

from __future__ import annotations

import re
import urllib.parse

from errorguide import explain
from errorguide.catalogue import FRAMEWORKS, KINDS, OWNERS, repair_for
from errorguide.wording import fill, spell

from .decoder import DECODER_PAGE


def escape(text):
    """Write plain text as Markdown, leaving `code` as it is."""
    parts = re.split(r"(`[^`]*`)", text)
    return "".join(
        part if part.startswith("`") else re.sub(r"([\\*_\[\]<>$#|{}])", r"\\\1", part) for part in parts
    )


def code_block(code, language):
    """Lines of a fence that is longer than any in the code."""
    fence = "`" * max(3, *(len(run) + 1 for run in re.findall(r"`+", code)), 3)
    return [f"{fence}{language}", code.rstrip("\n"), fence, ""]


def message_block(message):
    """A message as it was written; the style sheet wraps its long lines."""
    opening, *rest = code_block(message, "{code-block} text")
    return [opening, ":class: error-message", "", *rest]


def decoder_link(message):
    """The address of the decoder page with the message in its fragment, which no server sees."""
    return f"decoder.html#m={urllib.parse.quote(message, safe='')}"


def details(entry, has_page, causes):
    """The part of a page that follows from the catalogue, as Markdown.

    `entry` is the page's entry, `causes` are the catalogue's; `has_page` tells whether the book has a page.
    """
    if entry["symptom"]:
        return "\n".join(
            [
                "## Seen",
                "",
                "This runs without a word, assertions included.",
                "",
                *code_block(entry["demonstration"], "python"),
            ]
        )
    lines = []
    example = entry["cases"][0]["message"] if entry["cases"] else entry["older"][0]["message"]
    found = explain(example)
    values = dict(found.numbers) if found is not None and found.id == entry["id"] else {}
    lines += message_block(example)
    if not entry["cases"]:
        lines += ["The current versions do not word it so; older ones did.", ""]
    said = [(name, meaning) for name, meaning in entry["numbers"].items() if name in values]
    if said:
        lines += ["## What each number means", ""]
        for name, meaning in said:
            role, _, what = meaning.partition(": ")
            lines.append(f"- `{spell(values[name])}`: {escape(what)} ({OWNERS[role]})")
        lines.append("")
    lines += [
        "## What may be behind it",
        "",
        "The likeliest first. Where the numbers can show one, it says how.",
        "",
    ]
    for place, name in enumerate(entry["causes"], start=1):
        cause = causes[name]
        lines += [
            f"**{place}. {escape(cause['title'])}.** {escape(fill(cause['general'], values, bare=True))}",
            "",
        ]
        code = repair_for(cause, entry["framework"])
        if code:
            lines += code_block(fill(code, values, bare=True), "python")
    if has_page(DECODER_PAGE):  # the fragment carries a whole message, which no Markdown link can
        link = f'<a href="../{decoder_link(example)}">Paste your message into the decoder</a>'
        lines += [f"<p>Numbers of your own? {link}.</p>", ""]
    if entry["chapter"] and has_page(entry["chapter"]):
        lines += [f"Why it is so: {{doc}}`/{entry['chapter']}`.", ""]
    if entry["cases"]:
        lines += ["## How to raise it", ""]
        for case in entry["cases"]:
            lines += code_block(case["code"], "python")
            lines += ["warns:" if case["message"].startswith("UserWarning") else "raises:", ""]
            lines += message_block(case["message"])
    if entry["older"]:
        library = capital(FRAMEWORKS[entry["framework"]].name)
        lines += ["## Other wordings", ""]
        for older in entry["older"]:
            lines += message_block(older["message"])
            lines += [
                f"{library} {escape(older['versions'])} ([source]({older['source']})).",
                "",
            ]
    return "\n".join(lines)


def capital(name):
    """A name as a sentence begins with it: `The from-scratch library`."""
    return name[0].upper() + name[1:]


def link(entry):
    """An item of a list: the title of a page, which leads there."""
    return f"- [{escape(entry['title'])}]({entry['id']}.md)"


def list_all(entries):
    """All messages by framework and kind, as Markdown."""
    lines = []
    for key, framework in FRAMEWORKS.items():
        mine = [entry for entry in entries if entry["framework"] == key and not entry["symptom"]]
        if not mine:
            continue
        lines += [f"## {capital(framework.name)}", ""]
        for kind, name in KINDS.items():
            same = [entry for entry in mine if entry["kind"] == kind]
            if same:
                lines += [f"**{name}**", "", *[link(entry) for entry in same], ""]
    return "\n".join(lines)


def list_silent(entries):
    """The silent failures by what is seen, as Markdown."""
    silent = [entry for entry in entries if entry["symptom"]]
    return "\n".join(f"- [{escape(entry['symptom'])}]({entry['id']}.md)" for entry in silent)
