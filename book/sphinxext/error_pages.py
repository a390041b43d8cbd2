"""The pages about error messages and their lists, written as Markdown from the catalogue."""

from __future__ import annotations

import html
import re
import urllib.parse

from errorguide.cases import PACKAGES
from errorguide.catalogue import FRAMEWORKS, KINDS, OWNERS, in_order_of_page, repair_for
from errorguide.page import example_of, situations_of, told_cause
from errorguide.situations import of_choice
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


OPEN_CAUSES = 3  # the likeliest; of the others only the titles are in sight
LONGEST_SUMMARY = 160  # characters of a message that stands in for what is folded under it
FOREIGN = re.compile(r"library|libraries|torchvision|Theano")  # wordings of what the book does not install
# The tabs of a chapter that a framework's page leads to; sphinx-design reads them from the address.
TABS = {
    "pytorch": "pytorch",
    "keras": "tensorflow",
    "tensorflow": "tensorflow",
    "numpy": "numpy",
    "fromscratch": "numpy",
}


def folded(summary, lines, kind="more"):
    """Lines behind a summary that opens them; `code` in the summary is shown as such. `kind`: its classes."""
    text = re.sub(r"`([^`]*)`", r"<code>\1</code>", html.escape(summary, quote=False))
    return [
        f'<details class="{kind}"><summary>{text}</summary>',
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
            lines.append(f"- `{spell(values[name])}`, from {OWNERS[role]}: {escape(what)}")
        lines.append("")
    lines += [
        "## What may be behind it",
        "",
        "The likeliest first." + how_many_were_run(entry, causes, situations),
        "",
    ]
    for place, name in enumerate(in_order_of_page(entry, causes), start=1):
        told = cause_lines(causes[name], entry, values, situations.get(name, ()))
        title = f"{place}. {causes[name]['title']}"
        if place == OPEN_CAUSES + 1:
            lines += ["**Less often:**", ""]
        lines += [f"**{escape(title)}.**", "", *told] if place <= OPEN_CAUSES else folded(title, told)
    if footer := [causes[name] for name in entry["causes"] if causes[name]["footer"]]:
        lines += folded(
            "Always possible: " + "; ".join(each["title"] for each in footer),
            [line for each in footer for line in (escape(each["general"]), "")],
        )
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
        lines += ["## Other wordings", ""]
        for older in entry["older"]:
            lines += message_block(older["message"])
            versions = escape(origin(entry, older["versions"]))
            lines += [f"{capital(versions)} ([source]({older['source']})).", ""]
    return "\n".join(lines)


def how_many_were_run(entry, causes, situations):
    """Say that the repairs of a page were run, if they were."""
    repaired = [
        name for name in in_order_of_page(entry, causes) if repair_for(causes[name], entry["framework"])
    ]
    if not situations:
        return ""
    if all(name in situations for name in repaired):
        return " Every repair below was run, on the program that is folded under it."
    return " The repairs with a program folded under them were run on it."


def origin(entry, versions):
    """Whose wording it is: versions alone are the framework's, others name their library."""
    alone = re.match(r"[0-9]|before", versions)
    return f"{FRAMEWORKS[entry['framework']].name} {versions}" if alone else versions


def banner(entry, situations):
    """What was tried where no version that the book installs words it so, and who did."""
    versions = entry["older"][0]["versions"]
    if FOREIGN.search(versions):
        title, now = (
            "Raised by a library that this book does not install",
            "Written without it, the same mistake",
        )
    elif any("today" in older["versions"] for older in entry["older"]):
        title, now = "Not raised on the machine that this book was built on", "There the same mistake"
    else:
        title, now = "Not raised by the versions that this book installs", "In these, the same mistake"
    raised = [result["raised"] for pairs in situations.values() for _, result in pairs if "raised" in result]
    lines = [
        f":::{{admonition}} {title}",
        ":class: note",
        "",
        escape(f"This wording is of {origin(entry, versions)}."),
    ]
    if raised:
        lines += [f"{now} says:", "", *message_block(raised[0])]
    return [*lines, ":::", ""]


def cause_lines(cause, entry, values, situations):
    """Why a cause does this, its repairs, what came out of each, and folded the program and dead ends."""
    general, told = told_cause(cause, entry, values, situations)
    lines = [escape(general), ""]
    if not situations:
        return lines + [line for repair in told[0] for line in repair_lines(repair)]
    for number, (situation, result) in enumerate(situations):
        run = situation_lines(situation, result, told[number])
        lines += folded(f"With other numbers: {without_type(result['message'])}", run) if number else run
    return lines


def situation_lines(situation, result, repairs):
    """The repairs as a reader of the situation's message gets them, and what came out of them."""
    lines = []
    for number, (repair, came) in enumerate(zip(repairs, result["repairs"], strict=True)):
        gives = outcome(situation, came["gives"], asserted(situation, number))
        lines += repair_lines(repair, gives)
    lines += folded(
        "The program it was run on",
        [
            *code_block(situation["setup"].rstrip("\n") + "\n\n" + situation["call"].rstrip("\n"), "python"),
            ("warns" if result["message"].startswith("UserWarning") else "raises") + run_with(result) + ":",
            "",
            *message_block(result.get("raised", result["message"])),
        ],
        kind="more program",
    )
    if tries := list(zip(situation["tries"], result["tries"], strict=True)):
        titles = "; ".join(uncapital(attempt["title"]) for attempt, _ in tries)
        lines += folded(
            f"Does not help: {titles}",
            [line for attempt, came in tries for line in try_lines(situation, attempt, came, len(tries) > 1)],
        )
    return lines


def run_with(result):
    """Say with which versions a situation was run by hand; "" for one that the tests run."""
    said = " and ".join(f"{PACKAGES[name]} {version}" for name, version in result.get("with", {}).items())
    return f", with {said}" if said else ""


def asserted(situation, number):
    """Whether the values that a choice of the repair gives were compared with the right ones."""
    return bool(of_choice(situation["right"], number))


def outcome(situation, gives, right=False, off=""):
    """What the call gave after a repair or a dead end, as a sentence."""
    call = situation["call"].strip()
    is_expression = not re.search(r"\n|^\w+ = ", call)
    named = f"`{call}`" if is_expression else "The result" if gives else "The call"
    subject = f"{named} then"
    returned = "The result is then" if named == "The result" else f"{subject} returns"
    shape = f"has {'shapes' if '), (' in gives else 'shape'} `{gives}`"
    if off.startswith("the shape is"):
        wanted = off.partition(", where ")[2].removesuffix(" is right")
        return f"{subject} {shape}, where `{wanted}` is right."
    if off.startswith("the value is"):
        return f"{returned} {off.removeprefix('the value is ')}."
    if not gives:
        return f"{subject} runs."
    if off:
        return f"{subject} has the right shape, `{gives}`, but {off}."
    if gives == "()":
        return f"{returned} {'the right number' if right else 'a number'}."
    return f"{subject} {shape}{', and the right values' if right else ''}."


def try_lines(situation, attempt, came, titled):
    """A dead end: what it does, and what came out of it."""
    title = f"**{escape(attempt['title'])}.** " if titled else ""
    lines = [f"{title}{escape(attempt['says'])}", "", *code_block(attempt["code"], "python")]
    if "raises" in came:
        return [*lines, "then raises:", "", *message_block(came["raises"])]
    return [*lines, outcome(situation, came["gives"], off=came["off"] or ""), ""]


def without_type(message):
    """A message on one line, without the name of its exception, cut where it is long."""
    line = re.sub(r"^[A-Za-z.]*(Error|Warning): ", "", " ".join(message.split()))
    return line if len(line) <= LONGEST_SUMMARY else line[: LONGEST_SUMMARY - 1].rstrip() + "…"


def repair_lines(repair, gives=""):
    """One choice of a repair: what it is for, the code, what came out, what it costs."""
    lines = [f"{escape(repair.intent)}:", ""] if repair.intent else []
    lines += code_block(repair.code, "python")
    if gives:
        lines += [gives, ""]
    if repair.loses:
        lines += [f"**Careful:** {escape(repair.loses)}", ""]
    return lines


def way_into_chapter(entry, title_of):
    """The links to the chapter that explains the message and to those that show it at work, with the tabs of
    the page's framework open.
    """
    lines = []
    for said, places in (("Why it is so", [entry["chapter"] or ""]), ("In practice", entry["practice"])):
        links = [link for place in places if (link := chapter_link(place, entry["framework"], title_of))]
        if links:
            lines += [f"<p>{said}: {', '.join(links)}.</p>", ""]
    return lines


def chapter_link(place, framework, title_of):
    """A link to a chapter, `04-the-repair#heading`, with a framework's tabs open; None if there is none."""
    chapter, _, heading = place.partition("#")
    title = title_of(chapter) if chapter else None
    if title is None:
        return None
    tabs = f"?framework={TABS[framework]}" if framework in TABS else ""
    heading = f"#{heading}" if heading else ""
    return f'<a href="../{chapter}.html{tabs}{heading}">{html.escape(title, quote=False)}</a>'


def capital(name):
    """A name as a sentence begins with it: `The from-scratch library`, but `tf.keras`."""
    return name if name.startswith("tf.") else name[0].upper() + name[1:]


def uncapital(title):
    """A title as it goes on after a colon: `a channel at the front`, but `Keras 2` and what is code."""
    word = re.match(r"[A-Z][a-z]*\b", title)
    return title if not word or word[0] in PACKAGES.values() else title[0].lower() + title[1:]


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
        f"The repairs on these pages are run like everything else in this book: {repairs} repairs, each on a "
        f"program that fails first, and {tries} things that people try and that do not help."
    )


def list_silent(entries):
    """The silent failures by what is seen, as Markdown."""
    silent = [entry for entry in entries if entry["symptom"]]
    return "\n".join(f"- [{escape(entry['symptom'])}]({entry['id']}.md)" for entry in silent)
