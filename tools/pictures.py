"""Draw the book's cover and small pictures anew, into book/pictures, and the preview of its links.

    PYTHONPATH=book python tools/pictures.py

The pages are built without matplotlib: they show the stored files, and a test says where a drawing differs.
"""

from __future__ import annotations

import io
from pathlib import Path

from bookkit.drawings.style import MARGIN, SVG_METADATA
from bookkit.pictures import PICTURES, cover, sheet

FOLDER = Path(__file__).resolve().parents[1] / "book" / "pictures"
PREVIEW = FOLDER.parent / "theme" / "static" / "preview.png"
PREVIEW_SIZE = (1200, 630)  # pixels, as sites that preview a link ask for


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
    figure = sheet.framed(cover.preview(), *((pixels / 100 - 2 * MARGIN) for pixels in PREVIEW_SIZE))
    figure.savefig(PREVIEW, dpi=100, facecolor="white", metadata={"Software": None})
    print(f"{len(PICTURES)} pictures in {FOLDER}")


if __name__ == "__main__":
    main()
