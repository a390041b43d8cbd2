"""Draw the book's cover and small pictures anew, into book/pictures.

    PYTHONPATH=book python tools/pictures.py

The pages are built without matplotlib: they show the stored files, and a test says where a drawing differs.
"""

from __future__ import annotations

import io
from pathlib import Path

from bookkit.drawings.style import SVG_METADATA
from bookkit.pictures import PICTURES

FOLDER = Path(__file__).resolve().parents[1] / "book" / "pictures"


def drawn(name: str) -> str:
    """The SVG of a picture. Its title, which pages take as its alternative text, is what its drawing says."""
    written = io.StringIO()
    title = PICTURES[name].__doc__.strip().removesuffix(".")
    PICTURES[name]().figure().savefig(written, format="svg", metadata={**SVG_METADATA, "Title": title})
    return written.getvalue()


def main() -> None:
    """Write every picture."""
    FOLDER.mkdir(exist_ok=True)
    for name in PICTURES:
        (FOLDER / f"{name}.svg").write_text(drawn(name), encoding="utf-8")
    print(f"{len(PICTURES)} pictures in {FOLDER}")


if __name__ == "__main__":
    main()
