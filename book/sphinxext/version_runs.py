"""What the recorded runs of the reproductions gave on other versions, written as Markdown.

`tools/drift.py --record` stores the runs in errors/versions.json. A reproduction that a run has not seen is
listed as not yet recorded.
"""

from __future__ import annotations

import difflib
import html
import json
import re

from errorguide.cases import PACKAGES, RUNS, all_cases, imported
from errorguide.catalogue import FRAMEWORKS

from .error_pages import escape, message_block

UNSEEN = "not yet recorded"
ALIKE = 0.6  # the share of two wordings that has to be the same where they are shown as one text
LEGEND = (
    '<p>In each text, <del class="wording">struck through</del> is what only this book’s version says, and '
    '<ins class="wording">underlined</ins> what only the other says. Where sizes differ, the book’s example '
    "has changed since that run.</p>"
)


def recorded_runs():
    """Return the recorded runs, each with `versions`, `states` and `wordings`; the newest versions first."""
    return sorted(json.loads(RUNS.read_text(encoding="utf-8")), key=version_key, reverse=True)


def version_runs(runs, catalogue):
    """Return a table of the runs, then each difference from the book once, as Markdown."""
    entries = {entry["id"]: entry for entry in catalogue["errors"]}
    cases = {case["id"]: case for case in all_cases(catalogue)}
    head = ["Frameworks", "run", "same", "other wordings", "no error", "not yet recorded"]
    lines = ["| " + " | ".join(head) + " |", "|---|" + "---:|" * (len(head) - 1)]
    seen = {}  # (example, state, wording): the runs that gave it
    runs = [run for run in runs if not any(covers(other, run, cases) for other in runs)]
    for run in runs:
        states = {name: state for name, state in run["states"].items() if name in cases}
        concerns = {name for name, case in cases.items() if imported(case["code"]) <= set(run["versions"])}
        unseen = [name for name in cases if name in concerns and not recorded(cases[name], run, runs)]
        found = list(states.values())
        differing = found.count("worded differently") + found.count("raised elsewhere")
        silent = found.count("no longer raised") + found.count("crashed")
        counts = [len(found), found.count("same"), differing, silent, len(unseen)]
        lines.append(f"| {run_name(run)} | " + " | ".join(map(str, counts)) + " |")
        other = {name: state for name, state in states.items() if state != "same"}
        other.update(dict.fromkeys(unseen, UNSEEN))
        for name, state in other.items():
            wording = run["wordings"].get(name) if state != UNSEEN else None
            seen.setdefault((name, state, wording), []).append(run)
    table = [":::{div} runs", "", *lines, "", ":::", ""]
    return "\n".join([*table, *tried_once(runs), *differences(seen, entries, cases)])


def covers(other, run, cases):
    """Whether another run had all versions of this one, and more, and saw all its cases."""
    more = run["versions"].items() < other["versions"].items()
    return more and run["states"].keys() & cases.keys() <= other["states"].keys()


def recorded(case, run, runs):
    """Whether a case was seen with this run's versions of what it imports, in this run or in another."""
    needed = {package: run["versions"][package] for package in imported(case["code"])}
    return any(
        case["id"] in other["states"] and needed.items() <= other["versions"].items() for other in runs
    )


def tried_once(runs):
    """Lines that say of which frameworks no second version was run."""
    versions = {package: {run["versions"].get(package) for run in runs} - {None} for package in PACKAGES}
    once = [f"{PACKAGES[package]} ({min(found)})" for package, found in versions.items() if len(found) == 1]
    if not once:
        return []
    return [f"Only one version was run of {in_words(once)}: no older one was tested.", ""]


def differences(seen, entries, cases):
    """Lines for every difference, each with the versions that showed it."""
    worded, others, unrecorded = [], [], []
    shown = None  # the example whose message in this book was shown last
    for (name, state, wording), runs in sorted(seen.items(), key=lambda item: item[0][:2]):
        page, _, number = name.partition("/")
        example = f", example {number}" if number else ""
        where = versions_of(runs, entries[page]["framework"])
        if wording is None:
            line = f"- [{escape(entries[page]['title'])}](errors/{page}.md){example}: {state} with {where}."
            (unrecorded if state == UNSEEN else others).append(line)
            continue
        said = "" if state == "worded differently" else f": {state}"
        worded += [f"### {where}: [{page}](errors/{page}.md){example}{said}", ""]
        here = cases[name]["message"]  # None for a silent failure
        marked = marked_differences(here, wording) if here else None
        if marked is not None:
            worded += [f'<div class="wording">{marked}</div>', ""]
            continue
        if here and shown != name:
            worded += ["In this book:", "", *message_block(here)]
        worded += ["There:", "", *message_block(wording)]
        shown = name
    lines = ["## Other wordings", "", LEGEND, "", *worded] if worded else []
    for title, group in (("Other differences", others), ("Not yet recorded", unrecorded)):
        if group:
            lines += [f"## {title}", "", *group, ""]
    return lines


def versions_of(runs, framework):
    """The versions of a page's framework in these runs, `Keras 3.8.0 and 3.3.3`; without one, each run's."""
    package = FRAMEWORKS[framework].package if framework in FRAMEWORKS else None
    if not all(package in run["versions"] for run in runs):
        return "; ".join(map(run_name, runs))
    return f"{PACKAGES[package]} {in_words(dict.fromkeys(run['versions'][package] for run in runs))}"


def in_words(names):
    """One name or more, as a sentence lists them: `a, b and c`."""
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last


def marked_differences(here, there):
    """One text as HTML: what only `here` says in <del>, what only `there` says in <ins>.

    A single word between two differences belongs to them: 'conv2d' and "conv2d" differ as wholes. None where
    less than ALIKE of the two is the same.
    """
    ours, theirs = (re.findall(r"\s+|\w+|[^\w\s]", text) for text in (here, there))
    matcher = difflib.SequenceMatcher(None, ours, theirs, autojunk=False)
    if matcher.ratio() < ALIKE:
        return None
    parts = []  # [what both say, or None; what only this book says; what only the other says]
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            parts.append(["".join(ours[a:b]), "", ""])
        else:
            parts.append([None, "".join(ours[a:b]), "".join(theirs[c:d])])
    for left, middle, right in zip(parts, parts[1:], parts[2:], strict=False):
        between = left[0] is None and right[0] is None
        if between and middle[0] is not None and len(middle[0].split()) <= 1:
            right[1:] = left[1] + middle[0] + right[1], left[2] + middle[0] + right[2]
            left[:] = middle[:] = ["", "", ""]
    said = []
    for both, only_here, only_there in parts:
        said.append(plain(both or ""))
        if only_here:
            said.append(f"<del>{unseen('only here: ')}{plain(only_here)}{unseen(' end. ')}</del>")
        if only_there:
            said.append(f"<ins>{unseen('only there: ')}{plain(only_there)}{unseen(' end. ')}</ins>")
    return "".join(said)


def unseen(words):
    """Words for screen readers, which do not all say that a text is struck through or underlined."""
    return f'<span class="unseen">{words}</span>'


def plain(text):
    """A text as HTML on one line, so that an empty line in it does not end the Markdown block."""
    return html.escape(text, quote=False).replace("\n", "&#10;")


def version_key(run):
    """What a run is sorted by: its versions as numbers, in the order of PACKAGES."""
    return [
        [int(part) for part in re.findall(r"\d+", run["versions"].get(package, ""))] for package in PACKAGES
    ]


def run_name(run):
    """The frameworks of a run with their versions: `Keras 3.3.3, TensorFlow 2.16.2`."""
    return ", ".join(
        f"{name} {run['versions'][key]}" for key, name in PACKAGES.items() if key in run["versions"]
    )
