"""Write each notebook, and the whole book, as zips that run in a fresh folder: what `make handouts` does."""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "book"))

from handouts import Settings, make_handouts  # noqa: E402

FOLDER = ROOT / "_build" / "handouts"


def settings_of(root: Path) -> Settings:
    """The title and the address that the book's settings name."""
    config = yaml.safe_load((root / "_config.yml").read_text(encoding="utf-8"))
    return Settings(config["title"], config["html"]["baseurl"] or "", root)


def main() -> None:
    """Write the handouts anew, and print where they are."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    shutil.rmtree(FOLDER, ignore_errors=True)
    settings = settings_of(ROOT)
    handouts = make_handouts(sorted(settings.book.glob("*.ipynb")), settings, FOLDER)
    size = sum(handout.size for handout in handouts) / 1e6
    print(f"{len(handouts)} handouts, {size:.0f} MB: {FOLDER}")


if __name__ == "__main__":
    main()
