"""Run strict nbval on copies of notebooks and tell which cells failed.

run_nbval does it in a pytest of its own, as `make test` does. run_nbval_here lets nbval judge a notebook
within the pytest that runs, by a kernel that is given: a real one that is recorded, or what was recorded.
"""

import copy
import os
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass, field

import nbval.plugin
import pytest
import strict_notebooks

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
    share the notebooks, shared out as pytest-xdist does by default; None for one process.
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


# --- within this pytest ---


class Recorder(strict_notebooks.Kernel):
    """nbval's kernel, started in `folder`; keeps in `said` each cell's code and the messages about it."""

    def __init__(self, folder):
        self.said = []
        super().__init__(nbval.plugin.CURRENT_ENV_KERNEL_NAME, cwd=str(folder))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def forget(self):
        """Empty the namespace and the record. Modules stay loaded."""
        self.await_idle(super().execute_cell_input("get_ipython().reset(new_session=False)"), timeout=60)
        self.said = []

    def execute_cell_input(self, cell_input, allow_stdin=None):
        """Run a cell's code, and begin its record."""
        self.said.append((cell_input, []))
        return super().execute_cell_input(cell_input, allow_stdin)

    def get_message(self, stream, timeout=None):
        """Return the next message, and add it to the record."""
        message = super().get_message(stream, timeout)
        if stream == "iopub" and self.said:
            self.said[-1][1].append(message)
        return message


class Replay:
    """Stands in for a kernel: answers the same cells, in the same order, with what a Recorder has kept."""

    def __init__(self, said):
        self.said, self.messages = iter(said), iter(())

    def is_alive(self):
        """Yes: nbval asks before each cell."""
        return True

    def execute_cell_input(self, cell_input, allow_stdin=None):
        """Turn to the record of the next cell, which has to be this one."""
        source, messages = next(self.said)
        assert cell_input == source, "a replay runs the cells that were recorded"
        self.messages = iter(messages)
        # The recorded messages name the request that they answer. The last one says that its cell is done.
        return messages[-1]["parent_header"]["msg_id"]

    def await_reply(self, msg_id, timeout=None):
        """Nothing to wait for."""

    def await_idle(self, msg_id, timeout):
        """Nothing to wait for."""

    def get_message(self, stream, timeout=None):
        """Return the cell's next recorded message."""
        return copy.deepcopy(next(self.messages))


def run_nbval_here(path, kernel, session, outcome):
    """Let nbval judge the notebook at `path` by `kernel`, with the settings of `session`; add to `outcome`.

    A cell that is skipped counts as failed, as in run_nbval.
    """
    file = nbval.plugin.IPyNbFile.from_parent(session, path=path)
    file.setup_sanitize_files()
    file.kernel = kernel
    passed, failed = outcome.passed.setdefault(path.stem, set()), outcome.failed.setdefault(path.stem, set())
    for cell in file.collect():
        try:
            cell.runtest()
        except nbval.plugin.NbCellError as error:
            failed.add(cell.cell_num)
            outcome.reasons[path.stem, cell.cell_num] = f"{error}\n{error.inner_traceback}"[:2000]
        except pytest.skip.Exception:
            failed.add(cell.cell_num)
            outcome.reasons[path.stem, cell.cell_num] = "skipped"
        else:
            passed.add(cell.cell_num)
