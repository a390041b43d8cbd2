"""Which messages changed? Run every reproduction of book/errors in an environment and compare.

    python tools/drift.py                          the frameworks of this interpreter
    python tools/drift.py --python PATH/bin/python those of another environment
    python tools/drift.py --record                 also store the result for the versions page
    python tools/drift.py --accept                 write today's messages into book/errors

Prints what is the same, worded differently (old and new side by side), no longer raised, raised elsewhere (by
an earlier line of the reproduction), silent failures that are silent no more, and what could not run because
a framework is not installed. The exit status is 0 when all messages are the same, 1 when something changed, 2
when a page cannot be read or nothing could run.
"""

import argparse
import ast
import itertools
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import textwrap

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "book"))

from bookkit.failures import printable  # noqa: E402
from errorguide import explain  # noqa: E402
from errorguide.cases import PACKAGES, RUNS, all_cases, imported  # noqa: E402
from errorguide.catalogue import ERRORS, read_catalogue  # noqa: E402
from errorguide.front_matter import CatalogueError  # noqa: E402
from notebooks import without_folders  # noqa: E402  tools/notebooks.py

WORKER = pathlib.Path(__file__).with_name("run_cases.py")
# The pages leave out TensorFlow's prefix, which names operation and device, and the addresses of objects.
PREFIX = re.compile(r"\{\{function_node [^}]*\}\} ?")
ADDRESS = re.compile(r" at 0x[0-9a-f]+")
STATES = (
    "same",
    "worded differently",
    "no longer raised",
    "raised elsewhere",
    "no longer silent",
    "crashed",
    "not installed",
)


def run_all(cases, python=sys.executable):
    """Run `cases` under `python`. Return versions and results by id.

    A reproduction that ends the process has no message; `crashed` says how the process ended.
    """
    results, versions = {}, {}
    waiting = list(cases)
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "book")}
    while waiting:
        done = subprocess.run(
            [python, str(WORKER)],
            input=json.dumps({"packages": list(PACKAGES), "cases": waiting}),
            capture_output=True,
            text=True,
            errors="replace",
            cwd=ROOT / "book",
            env=environment,
            check=False,
        )
        started = None
        for line in done.stdout.splitlines():
            answer = json.loads(line)
            if "versions" in answer:
                versions = answer["versions"]
            elif "started" in answer:
                started = answer["id"]
            else:
                results[answer["id"]] = {**answer, "message": normalise(answer["message"])}
        if started is None:
            raise SystemExit(f"drift: {python} could not run the reproductions: {ending(done)}")
        if started not in results:
            results[started] = {
                "id": started,
                "message": None,
                "line": None,
                "crashed": ending(done, started),
            }
        waiting = [case for case in waiting if case["id"] not in results]
    return versions, results


def ending(done, started=""):
    """Say how a finished process ended: its exit status, or the signal, and its last line on stderr.

    With `started`, the id of a reproduction, only lines that were written since then count.
    """
    code = done.returncode
    status = f"exit status {code}" if code >= 0 else f"ended by {signal.Signals(-code).name}"
    lines = done.stderr.rpartition(f"{started}\n")[2] if started else done.stderr
    *_, last = ["nothing on stderr", *filter(None, map(str.strip, lines.splitlines()))]
    return f"{status}; {last}"


def compare(case, result, versions):
    """Return the state of one case, one of STATES."""
    if not imported(case["code"]) <= set(versions):
        return "not installed"
    if result.get("crashed"):
        return "crashed"
    if case["message"] is None:
        return (
            "same"
            if result["message"] is None or result["message"].startswith("UserWarning")
            else "no longer silent"
        )
    if result["message"] is None:
        return "no longer raised"
    if result["line"] is not None and result["line"] < last_statement(case["code"]):
        return "raised elsewhere"
    return "same" if result["message"] == case["message"] else "worded differently"


def normalise(message):
    """Return a message as the pages have it, without what differs between machines and runs; or None."""
    if message is None:
        return None
    message = ADDRESS.sub("", PREFIX.sub("", printable(without_folders(message))))
    return "\n".join(line.rstrip() for line in message.strip().split("\n"))


def last_statement(code):
    """The line on which the last statement begins: there a reproduction has to fail."""
    return ast.parse(code).body[-1].lineno


def side_by_side(old, new, width=58):
    """Return two texts in two columns."""

    def column(text):
        return [part for line in text.splitlines() for part in textwrap.wrap(line, width) or [""]]

    pairs = itertools.zip_longest(column(old), column(new), fillvalue="")
    return "\n".join(f"    {a:<{width}} | {b}".rstrip() for a, b in pairs)


def placing(entry_id, message):
    """Say where the catalogue's patterns place a new wording, if not on its page."""
    found = explain(message)
    if found is None:
        return "The catalogue's patterns do not recognise the new wording."
    return "" if found.id == entry_id.partition("/")[0] else f"The catalogue takes it for {found.id}."


def accept(cases, results, states):
    """Write what was raised into the pages. Return how many messages were written, and which were not."""
    written, left = 0, []
    for case in cases:
        if states[case["id"]] != "worded differently":
            continue
        path = ERRORS / f"{case['id'].partition('/')[0]}.md"
        text = path.read_text(encoding="utf-8")
        old, new = (
            json.dumps(value, ensure_ascii=False)
            for value in (case["message"], results[case["id"]]["message"])
        )
        if f"message: {old}" in text:
            path.write_text(text.replace(f"message: {old}", f"message: {new}", 1), encoding="utf-8")
            written += 1
        else:
            left.append(case["id"])
    return written, left


def report(cases, results, states, versions):
    """Print what changed."""
    print("Frameworks: " + (", ".join(f"{name} {version}" for name, version in versions.items()) or "none"))
    for state in STATES:
        named = [case for case in cases if states[case["id"]] == state]
        if not named:
            continue
        print(f"\n{state}: {len(named)}")
        if state in ("same", "not installed"):
            continue
        for case in named:
            print(f"  {case['id']}")
            if state == "crashed":
                print(f"    {results[case['id']]['crashed']}")
            if state == "no longer silent":
                print(f"    {results[case['id']]['message']}")
            if state in ("worded differently", "raised elsewhere"):
                print(side_by_side(case["message"], results[case["id"]]["message"]))
                if said := placing(case["id"], results[case["id"]]["message"]):
                    print(f"    {said}")


def main(arguments=None):
    """Compare, and record or accept as the arguments say; return the exit status."""
    parser = argparse.ArgumentParser(description="Compare the frameworks' messages with the catalogue's.")
    parser.add_argument("--python", default=sys.executable, help="the interpreter whose frameworks are asked")
    parser.add_argument(
        "--record",
        metavar="FILE",
        nargs="?",
        const=RUNS,
        help=f"add the result to the versions page's {RUNS.relative_to(ROOT)}, or to FILE",
    )
    parser.add_argument("--accept", action="store_true", help="write today's messages into book/errors")
    options = parser.parse_args(arguments)
    try:
        cases = all_cases(read_catalogue())
    except CatalogueError as problem:
        print(f"{ERRORS.relative_to(ROOT)}/{problem}", file=sys.stderr)
        return 2
    versions, results = run_all(cases, options.python)
    states = {case["id"]: compare(case, results[case["id"]], versions) for case in cases}
    report(cases, results, states, versions)
    if options.record:
        record(pathlib.Path(options.record), cases, results, states, versions)
    if options.accept:
        written, left = accept(cases, results, states)
        print(f"\nmessages written into {ERRORS.relative_to(ROOT)}: {written}")
        if left:
            print(f"write these by hand, in double quotes on one line: {', '.join(left)}")
    if set(states.values()) == {"not installed"}:
        print(
            "No framework is installed for this interpreter; install one or give --python.", file=sys.stderr
        )
        return 2
    return 0 if set(states.values()) <= {"same", "not installed"} else 1


def record(path, cases, results, states, versions):
    """Store the states, and the wordings that differ, under the versions they were seen with."""
    runs = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    run = {
        "versions": versions,
        "states": {case["id"]: states[case["id"]] for case in cases if states[case["id"]] != "not installed"},
        "wordings": {
            case["id"]: results[case["id"]]["message"]
            for case in cases
            if states[case["id"]] in ("worded differently", "raised elsewhere")
        },
    }
    runs = [other for other in runs if other["versions"] != versions] + [run]
    runs.sort(key=lambda each: sorted(each["versions"].items()), reverse=True)
    path.write_text(json.dumps(runs, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
