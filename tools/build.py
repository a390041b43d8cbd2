"""Build the HTML from nothing, warnings as errors, and put it in place only when all of it is right."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def what_was_wrong(said: str) -> str:
    """Return what a failed build said, without Jupyter Book's own traceback below Sphinx's lines."""
    lines, _, traceback = said.partition("Traceback (most recent call last):\n")
    return lines.rstrip() if "Look above for the cause." in traceback else said


def build(root: Path = ROOT) -> Path:
    """Build the book that lies in `root`; return the folder of the HTML, `root/_build/html`.

    The book is built beside its final place and moved there at the end, so a failed build leaves the last
    good one untouched. Nothing is kept between builds: Sphinx forgets a warning on a page that it does not
    read again, and a fault would pass the second time.

    Raises SystemExit with one sentence when the build fails; Sphinx's own lines say where.
    """
    work = root / "_build" / "work"
    html = root / "_build" / "html"
    shutil.rmtree(work, ignore_errors=True)
    command = [
        sys.executable, "-c", "from jupyter_book.cli.main import main; main()", "build", str(root / "book"),
        "--config", str(root / "_config.yml"), "--toc", str(root / "_toc.yml"), "--path-output", str(work),
        "--all", "-W", "--keep-going", "--quiet",
    ]  # fmt: skip
    # PYTHONPATH: the extensions lie in book/. The locale decides how Sphinx sorts and writes dates.
    environment = {**os.environ, "PYTHONPATH": str(root / "book"), "LC_ALL": "C.UTF-8"}
    result = subprocess.run(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    built = work / "_build" / "html"
    if result.returncode or not (built / "index.html").is_file():
        print(what_was_wrong(result.stdout), file=sys.stderr)
        raise SystemExit(
            "make book: the build stopped; the lines above say on which page. Mend it and build again."
        )
    shutil.rmtree(html, ignore_errors=True)
    html.parent.mkdir(exist_ok=True)
    built.rename(html)
    shutil.rmtree(work)
    return html


def main() -> None:
    """Build the book, and print where it is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.parse_args()
    html = build()
    print(f"The book: {html / 'index.html'}")


if __name__ == "__main__":
    main()
