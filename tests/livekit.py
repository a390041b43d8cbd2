"""What the tests of the live explanation share: programs of data/live, and what is expected of them."""

from __future__ import annotations

import json
import os
import re
import runpy
import subprocess
import sys
from pathlib import Path

from errorguide.live import look
from errorguide.live.tell import lines_of

ROOT = Path(__file__).resolve().parents[1]
PROGRAMS = ROOT / "tests" / "data" / "live"
HEADER = re.compile(r"^# (layer|from|tried|operation|expected): ?(.*)$", re.M)


def raised(run):
    """Return the exception that a function raises."""
    try:
        run()
    except Exception as error:
        return error
    raise AssertionError("nothing was raised")


def failure_of(program):
    """Return the exception that a program of data/live ends in."""
    error = raised(lambda: runpy.run_path(str(program), run_name="__main__"))
    while error.__traceback__.tb_frame.f_code.co_filename != str(program):
        error = error.with_traceback(error.__traceback__.tb_next)
    return error


def named(text):
    """Return the names of a header's list."""
    return [name for name in text.split(", ") if name]


def check(program):
    """Assert that what the first lines of a program say is found: the layer, the origin, a trial,
    the line that says the layer's number."""
    wanted = dict(HEADER.findall(program.read_text()))
    finding = look(failure_of(program))
    found = finding.as_dict()
    json.dumps(found)
    assert found["where"]["layer"] == wanted["layer"]
    assert found["where"]["operation"] == wanted.get("operation")
    assert found["where"]["file"] == str(program)
    assert found["where"]["code"] in program.read_text()
    assert found["came_from"]["layers"] == named(wanted["from"])
    runs = [trial["change"] for trial in found["trials"] if trial["outcome"] == "runs"]
    line = found["where"]["line"]
    if "expected" in wanted:
        assert found["expected_by"]["code"] == wanted["expected"]
    if wanted["tried"]:
        assert wanted["tried"].replace(" ;; ", "\n").replace("{}", str(line)) in runs
    assert found["path"] or found["where"]["operation"] or not wanted["layer"]
    assert lines_of(finding)


def children():
    """Return the processes that this one has started and that are there."""
    path = Path(f"/proc/self/task/{os.getpid()}/children")
    return path.read_text().split() if path.exists() else []


def run(*arguments, **how):
    """Run `python -m errorguide run ...`; the rest is as `plain` has it."""
    return plain("-m", "errorguide", "run", *arguments, **how)


def plain(*arguments, folder=None, given=None, output=subprocess.PIPE, **settings):
    """Run Python, in a folder, with text on its standard input, and settings of the environment."""
    return subprocess.run(
        [sys.executable, *map(str, arguments)],
        cwd=folder,
        input=given,
        env={**os.environ, "PYTHONPATH": str(ROOT / "book"), **settings},
        stdout=output,
        stderr=subprocess.PIPE,
        text=True,
        timeout=240,
    )
