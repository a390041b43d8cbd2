"""What several test files share. pyproject.toml puts book/, tools/ and tests/ on the path."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def built_book() -> Path:
    """The folder of the book's HTML, built as `make book` builds it, once for a run of the tests.

    With pytest-xdist several processes ask for it: the first one builds while the others wait.
    """
    import build  # tools/build.py

    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", f"alone-{os.getpid()}")
    folder = ROOT / "_build"
    folder.mkdir(exist_ok=True)
    html, built_by = folder / "html", folder / "tested-by"
    with (folder / "tested-by.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (html.is_dir() and built_by.is_file() and built_by.read_text(encoding="utf-8") == run):
            built_by.unlink(missing_ok=True)
            build.build(ROOT)
            built_by.write_text(run, encoding="utf-8")
    return html


@pytest.fixture(scope="module")
def browser():
    """Headless Chromium, for modules that have asked browserkit.need_browser for it."""
    from browserkit import CHROMIUM, FLAGS
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()
