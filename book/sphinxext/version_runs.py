"""What the recorded runs of the reproductions gave on other versions, written as Markdown.

`tools/drift.py --record` stores the runs in errors/versions.json. A reproduction that a run has not seen is
listed as not yet recorded.
"""

from __future__ import annotations

import json
import re

from errorguide.cases import PACKAGES, RUNS, all_cases, imported

from .error_pages import escape, message_block


def recorded_runs():
    """Return the recorded runs, each with `versions`, `states` and `wordings`; the newest versions first."""
    return sorted(json.loads(RUNS.read_text(encoding="utf-8")), key=version_key, reverse=True)


def version_runs(runs, catalogue):
    """Return a table of the runs, then each other wording beside the book's, as Markdown."""
    entries = {entry["id"]: entry for entry in catalogue["errors"]}
    cases = {case["id"]: case for case in all_cases(catalogue)}
    head = ["Frameworks", "run", "same", "other words", "no error", "not yet recorded"]
    lines = ["| " + " | ".join(head) + " |", "|---|" + "---:|" * (len(head) - 1)]
    sections = []
    for run in runs:
        states = {name: state for name, state in run["states"].items() if name in cases}
        unseen = [
            name
            for name, case in cases.items()
            if name not in states and imported(case["code"]) <= set(run["versions"])
        ]
        found = list(states.values())
        differing = found.count("worded differently") + found.count("raised elsewhere")
        silent = found.count("no longer raised") + found.count("crashed")
        counts = [len(found), found.count("same"), differing, silent, len(unseen)]
        lines.append(f"| {run_name(run)} | " + " | ".join(map(str, counts)) + " |")
        other = {name: state for name, state in states.items() if state != "same"}
        other.update(dict.fromkeys(unseen, "not yet recorded"))
        if other:
            sections += [f"## {run_name(run)}", ""]
        for name, state in sorted(other.items()):
            page, _, number = name.partition("/")
            example = f", example {number}" if number else ""
            sections += [f"[{escape(entries[page]['title'])}](errors/{page}.md){example}: {state}.", ""]
            if state == "not yet recorded":
                continue
            if cases[name]["message"] is not None:  # a silent failure has none
                sections += ["In this book:", "", *message_block(cases[name]["message"])]
            if name in run["wordings"]:
                sections += ["There:", "", *message_block(run["wordings"][name])]
    return "\n".join([*lines, "", *sections])


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
