"""The pages about error messages and their lists, written as Markdown from the catalogue."""

from __future__ import annotations

import dataclasses
import html
import re
import urllib.parse

from errorguide.cases import PACKAGES
from errorguide.catalogue import FRAMEWORKS, KINDS, OWNERS
from errorguide.page import example_of, situations_of, told_cause
from errorguide.wording import spell

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


OPEN_CAUSES = 3  # the likeliest; the others are folded
# The tabs of a chapter that a framework's page leads to; sphinx-design reads them from the address.
TABS = {
    "pytorch": "pytorch",
    "keras": "tensorflow",
    "tensorflow": "tensorflow",
    "numpy": "numpy",
    "fromscratch": "numpy",
}


def folded(summary, lines):
    """Lines behind a summary that opens them."""
    return [
        f'<details class="more"><summary>{html.escape(summary, quote=False)}</summary>',
        "",
        *lines,
        "</details>",
        "",
    ]


def details(entry, title_of, causes, results=None):
    """The part of a page that follows from the catalogue, as Markdown.

    `entry` is the page's entry, `causes` are the catalogue's; `title_of` gives the title of a page of the
    book, None where it has no such page; `results` are those of the situations, as tools/repairs.py recorded
    them.
    """
    if entry["symptom"]:
        return "\n".join(
            [
                "## Seen",
                "",
                "This runs without a word, assertions included.",
                "",
                *code_block(entry["demonstration"], "python"),
                *way_into_chapter(entry, title_of),
            ]
        )
    lines = []
    example, values = example_of(entry)
    situations = situations_of(entry, results or {})
    lines += message_block(example)
    if not entry["cases"]:
        lines += banner(entry, situations)
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
        "The likeliest first. Every repair below was run: on the situation that is folded under it.",
        "",
    ]
    single = [name for name in entry["causes"] if not causes[name]["footer"]]
    told = [
        cause_lines(place, causes[name], entry, values, situations.get(name, ()))
        for place, name in enumerate(single, start=1)
    ]
    lines += [line for cause in told[:OPEN_CAUSES] for line in cause]
    if rest := told[OPEN_CAUSES:]:
        titles = "; ".join(causes[name]["title"].replace("`", "") for name in single[OPEN_CAUSES:])
        lines += folded(f"{len(rest)} more: {titles}", [line for cause in rest for line in cause])
    if footer := [causes[name] for name in entry["causes"] if causes[name]["footer"]]:
        lines += [
            "Behind any message: "
            + " ".join(f"**{escape(each['title'])}.** {escape(each['general'])}" for each in footer),
            "",
        ]
    if title_of(DECODER_PAGE):  # the fragment carries a whole message, which no Markdown link can
        link = f'<a href="../{decoder_link(example)}">Paste your message into the decoder</a>'
        lines += [f"<p>Numbers of your own? {link}.</p>", ""]
    lines += way_into_chapter(entry, title_of)
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


def banner(entry, situations):
    """What was tried where no version that the book installs words it so, and who did."""
    library = capital(FRAMEWORKS[entry["framework"]].name)
    wording = f"This wording is of {library} {entry['older'][0]['versions']}."
    raised = [result["raised"] for pairs in situations.values() for _, result in pairs if "raised" in result]
    lines = [
        ":::{admonition} Not raised by the versions that this book installs",
        ":class: note",
        "",
        escape(wording),
    ]
    if raised:
        lines += ["The same mistake now says:", "", *message_block(raised[0])]
    return [*lines, ":::", ""]


def cause_lines(place, cause, entry, values, situations):
    """A cause with its repairs, what came out of each, and the dead ends."""
    general, told = told_cause(cause, entry, values, situations)
    lines = [f"**{place}. {escape(cause['title'])}.** {escape(general)}", ""]
    if not situations:
        return lines + [line for repair in told[0] for line in repair_lines(dataclasses.asdict(repair))]
    for number, (situation, result) in enumerate(situations):
        for repair, came in zip(told[number], result["repairs"], strict=True):
            gives = (
                f"`{situation['call'].strip()}` then "
                if "\n" not in situation["call"].strip()
                else "The call then "
            )
            gives += f"returns `{came['gives']}`." if came["gives"] else "runs."
            lines += repair_lines(dataclasses.asdict(repair), gives)
        lines += folded(
            "The situation it was run on" + (f", {number + 1}" if number else ""),
            [
                *code_block(
                    situation["setup"].rstrip("\n") + "\n\n" + situation["call"].rstrip("\n"), "python"
                ),
                ("raises" if not result["message"].startswith("UserWarning") else "warns")
                + run_with(result)
                + ":",
                "",
                *message_block(result.get("raised", result["message"])),
            ],
        )
        for attempt, came in zip(situation["tries"], result["tries"], strict=True):
            lines += [f"**Does not help: {escape(attempt['title'])}.** {escape(attempt['says'])}", ""]
            lines += code_block(attempt["code"], "python")
            if "raises" in came:
                lines += ["then raises:", "", *message_block(came["raises"])]
            else:
                outcome = f"returns `{came['gives']}`" if came["gives"] else "runs"
                off = f", but {came['off']}" if came["off"] else ""
                lines += [f"then {outcome}{off}.", ""]
    return lines


def run_with(result):
    """Say with which versions a situation was run by hand; "" for one that the tests run."""
    said = " and ".join(f"{PACKAGES[name]} {version}" for name, version in result.get("with", {}).items())
    return f", with {said}" if said else ""


def repair_lines(repair, gives=""):
    """One choice of a repair: what it is for, the code, what came out, what it costs."""
    lines = [f"{escape(repair['intent'])}:", ""] if repair["intent"] else []
    lines += code_block(repair["code"], "python")
    if gives:
        lines += [gives, ""]
    if repair["loses"]:
        lines += [f"**Careful:** {escape(repair['loses'])}", ""]
    return lines


def way_into_chapter(entry, title_of):
    """The link to the chapter that explains the message, with the tabs of the page's framework open."""
    chapter, _, heading = (entry["chapter"] or "").partition("#")
    title = title_of(chapter) if chapter else None
    if title is None:
        return []
    tabs = f"?framework={TABS[entry['framework']]}" if entry["framework"] in TABS else ""
    place = f"#{heading}" if heading else ""
    link = f'<a href="../{chapter}.html{tabs}{place}">{html.escape(title, quote=False)}</a>'
    return [f"<p>Why it is so: {link}.</p>", ""]


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


def repairs_run(results):
    """How many repairs and dead ends were run, as a sentence."""
    repairs = sum(len(each["repairs"]) for each in results.values())
    tries = sum(len(each["tries"]) for each in results.values())
    return (
        f"The repairs on these pages are run like everything else in this book: {repairs} repairs, each on a program "
        f"that fails first, and {tries} things that people try and that do not help."
    )


def list_silent(entries):
    """The silent failures by what is seen, as Markdown."""
    silent = [entry for entry in entries if entry["symptom"]]
    return "\n".join(f"- [{escape(entry['symptom'])}]({entry['id']}.md)" for entry in silent)
