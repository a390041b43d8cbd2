"""Cut out of Bootstrap's style sheet, the heaviest of the theme's, what the pages of the book can use.

Run it after `make book` where a test says that a class is missing, or when the theme has a new version.

    python tools/make_styles.py

It needs Node's `npx`, which fetches PurgeCSS, and writes book/theme/static/bootstrap-subset.css. A rule stays
when the names in its selector occur in a page of _build/html or in a script.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import pydata_sphinx_theme

ROOT = Path(__file__).resolve().parents[1]
HTML = ROOT / "_build" / "html"
WHOLE = Path(pydata_sphinx_theme.__file__).parent / "theme/pydata_sphinx_theme/static/styles/bootstrap.css"
SUBSET = ROOT / "book" / "theme" / "static" / "bootstrap-subset.css"
PURGECSS = "purgecss@6.0.0"


def main() -> None:
    """Write the subset. Raises SystemExit with one sentence where the book is not built or PurgeCSS fails."""
    if not (HTML / "index.html").is_file():
        raise SystemExit("make_styles: there is no built book yet; run 'make book' first.")
    with tempfile.TemporaryDirectory() as folder:
        command = ["npx", "--yes", PURGECSS, "--css", WHOLE, "--output", f"{folder}/"]
        command += ["--content", f"{HTML}/**/*.html", f"{HTML}/_static/**/*.js"]
        written = Path(folder) / WHOLE.name
        if subprocess.run(command).returncode or not written.is_file():
            raise SystemExit(f"make_styles: {PURGECSS} wrote no style sheet; the lines above say why.")
        SUBSET.write_text(written.read_text(encoding="utf-8"), encoding="utf-8")
    print(f"{SUBSET.name}: {SUBSET.stat().st_size} bytes of {WHOLE.stat().st_size}", file=sys.stderr)


if __name__ == "__main__":
    main()
