"""What the tests of the live explanation share: programs of data/live, and what is expected of them."""

from __future__ import annotations

import contextlib
import json
import os
import re
import runpy
import subprocess
import sys
from pathlib import Path
from unittest import mock

from errorguide.live import apart, keras_model, look, torch_model
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


def finding_of(program, try_repairs=None):
    """Return the Finding of a program of data/live, for which there is time also on a busy machine."""
    limits = dict.fromkeys(("SECONDS", "SECONDS_OF_TRIALS", "SECONDS_IN_ALL"), 60.0)
    error = failure_of(program)
    with contextlib.ExitStack() as stack:
        for module in (torch_model, keras_model):
            known = {name: value for name, value in limits.items() if hasattr(module, name)}
            stack.enter_context(mock.patch.multiple(module, **known))
        stack.enter_context(mock.patch.object(apart, "MOST_WORK", 60))
        return look(error, try_repairs)


def named(text):
    """Return the names of a header's list."""
    return [name for name in text.split(", ") if name]


def check(program):
    """Assert that what the first lines of a program say is found: the layer, the origin, a trial,
    the line that says the layer's number."""
    wanted = dict(HEADER.findall(program.read_text()))
    finding = finding_of(program)
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
    """Return the processes that this one has forked and that are there, ended or not. A program that it has
    started, such as the server of other tests' kernels, has a command line of its own.
    """
    path = Path(f"/proc/self/task/{os.getpid()}/children")
    mine = Path("/proc/self/cmdline").read_bytes() if path.exists() else b""
    found = path.read_text().split() if path.exists() else []
    return [number for number in found if Path(f"/proc/{number}/cmdline").read_bytes() in (b"", mine)]


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
