"""Run strict nbval on copies of notebooks, as `make test` runs it, and tell which cells failed."""

import os
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass, field

import notebooks


@dataclass
class Outcome:
    """Which code cells of each notebook passed and failed, counted from 0, and what pytest said.

    reasons maps (notebook, cell) to nbval's words about a failed cell.
    """

    passed: dict = field(default_factory=dict)
    failed: dict = field(default_factory=dict)
    reasons: dict = field(default_factory=dict)
    said: str = ""


def surround(folder, book=notebooks.BOOK):
    """Put what notebooks import and read beside a copy: links to all of the book but the notebooks."""
    for path in book.iterdir():
        if path.suffix != ".ipynb" and not path.name.startswith("."):
            (folder / path.name).symlink_to(path)


def run_nbval(folder, machine=None, workers=None):
    """Return the Outcome of nbval on every notebook in `folder`, with the settings that pyproject.toml holds.

    machine: what platform.machine() is made to say, to try another platform. workers: how many processes
    share the notebooks, dealt out as pytest-xdist does it unasked; None for one process.
    """
    report, plugins = folder / "report.xml", ["strict_notebooks", "no:cacheprovider"]
    if not workers:
        plugins.append("no:xdist")
    if machine:
        (folder / "another_machine.py").write_text(
            f"import platform\nplatform.machine = lambda: {machine!r}\n"
        )
        plugins.insert(0, "another_machine")
    command = [sys.executable, "-m", "pytest", "-c", notebooks.ROOT / "pyproject.toml", "--rootdir", folder]
    command += [option for plugin in plugins for option in ("-p", plugin)]
    command += ["-n", str(workers)] if workers else []
    command += ["--color=no", f"--junitxml={report}", *sorted(folder.glob("*.ipynb"))]
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST_")}
    environment["PYTHONPATH"] = os.pathsep.join([str(folder), str(notebooks.ROOT / "tests")])
    ran = subprocess.run(
        command, cwd=notebooks.ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if ran.returncode not in (0, 1):
        raise AssertionError(f"pytest could not run the notebooks:\n{ran.stdout}\n{ran.stderr}")
    outcome = Outcome(said=ran.stdout)
    for case in ElementTree.parse(report).iter("testcase"):
        name = case.get("classname").split(".ipynb")[0].split(".")[-1]
        cell = int(case.get("name").split()[-1])
        bad = next(
            (found for kind in ("failure", "error", "skipped") if (found := case.find(kind)) is not None),
            None,
        )
        outcome.passed.setdefault(name, set()).update({cell} if bad is None else ())
        outcome.failed.setdefault(name, set()).update({cell} if bad is not None else ())
        if bad is not None:
            outcome.reasons[name, cell] = (bad.text or bad.get("message"))[:2000]
    return outcome
