"""What several test files share. pyproject.toml puts book/, tools/ and tests/ on the path."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


# ---- In which order, and what is left out ----

# The long ones, so that at the end no worker waits for another's long one. A notebook, a class of tests and
# the functions of a file stay together on a worker. Everything else follows, as it is named.
LONG_ONES_FIRST = (
    "test_repairs.py",
    ".ipynb",
    "test_browser.py",
    "test_calculator.py",
    "test_bookkit_frameworks.py",
    "test_notebook_corruption.py",
    "test_notebooks.py",
    "test_pages.py",
    "test_decoder.py",
    "test_refresh.py",
    "test_handouts.py",
    "test_pdf.py",
    "test_bookkit_drawings.py",
)
LEFT_TO_THOROUGH = (
    "Left to `make thorough`, which runs weekly: each framework's tab really run alone, axe on every page "
    "about an error, the outputs of every chapter corrupted, fresh random arguments, half of the orders of "
    "imports, the versions for other platforms, the newest frameworks."
)


def pytest_configure(config):
    """Keep pytest-xdist from sorting the files by how many tests they have."""
    config.option.loadscopereorder = False


def pytest_collection_modifyitems(items):
    """Sort the tests, by file, as LONG_ONES_FIRST says."""

    def turn(item) -> int:
        turns = (turn for turn, end in enumerate(LONG_ONES_FIRST) if item.path.name.endswith(end))
        return next(turns, len(LONG_ONES_FIRST))

    items.sort(key=turn)


def pytest_terminal_summary(terminalreporter, config):
    """Say what a run of everything has left out."""
    everything = config.args_source == pytest.Config.ArgsSource.TESTPATHS
    if everything and config.option.markexpr == "not thorough":
        terminalreporter.write_line(LEFT_TO_THOROUGH)


# ---- Built once for a run of the tests ----


@pytest.fixture(scope="session")
def once(tmp_path_factory, request) -> Callable[[str, Callable[[Path], Path]], Path]:
    """Call it with a name and what builds a folder: it is built once, however many workers ask for it.

    The first worker builds while the others wait. What builds it is given a folder of its own to work in.
    """
    shared = tmp_path_factory.getbasetemp()
    if hasattr(request.config, "workerinput"):  # each worker of pytest-xdist has a folder in a shared one
        shared = shared.parent

    def build_once(name: str, build: Callable[[Path], Path]) -> Path:
        work, done = shared / name, shared / f"{name}.done"
        with (shared / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not done.is_file():
                shutil.rmtree(work, ignore_errors=True)  # of a build that failed
                work.mkdir()
                done.write_text(str(build(work)), encoding="utf-8")
        return Path(done.read_text(encoding="utf-8"))

    return build_once


@pytest.fixture(scope="session")
def built_book(once) -> Path:
    """The folder of the book's HTML, built as `make book` builds it."""
    import build  # tools/build.py

    return once("built-book", lambda _: build.build(ROOT))


@pytest.fixture(scope="session")
def small_book(once) -> Path:
    """The folder of the HTML of the book that has every thing once, its two settings empty as they are."""
    from htmlkit import build_book, make_book
    from sample_book import PAGES

    return once("small-book", lambda work: build_book(make_book(work, PAGES)))


@pytest.fixture(scope="module")
def browser():
    """Headless Chromium, for modules that have asked browserkit.need_browser for it.

    It is closed with the module: while it runs, no other test of the process can use asyncio.run.
    """
    from browserkit import CHROMIUM, FLAGS
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()
