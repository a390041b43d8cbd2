"""Figures follow the page's light and dark: each SVG gets a dark twin, and the theme shows one of the two.

The stored figures stay as they are. Their dark twins are written as the book is built: black lines and text
become light, white becomes the page's dark, grays turn over, and colours stay, for the text speaks of them.
Only lines in a dark colour get a lighter shade of it, for they have no outline.
So text in a figure must lie on no coloured ground (bookkit.drawings sees to it).

A file of its own works in every browser and follows the page's button. A media query inside the SVG follows
the operating system alone in some browsers, and an inlined SVG repeats its ids on the page.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

DARK_PAGE = "#14181e"  # the page's dark background, --pst-color-background in book.css
DARK_TEXT = "#e6eaee"
GRAYEST = 8  # how far red, green and blue may lie apart, of 255, in what still counts as gray
NAMED = {"black": "#000000", "white": "#ffffff"}
# Lines on the dark page: what is too dark there gets lighter, and LINES of bookkit.drawings.style are undone.
LINES = {
    "#0072b2": "#4fa3db",
    "#8e4fa8": "#b47ccb",
    "#7b5b3a": "#b08a62",
    "#5f7384": "#8fa5b8",
    "#b97700": "#e69f00",
    "#2e8bc4": "#56b4e9",
    "#7f8a1f": "#9ca63b",
    "#c9669a": "#e39bc2",
}
PAINT = re.compile(
    r"""((?:fill|stroke|stop-color|color)\s*[:=]\s*["']?\s*)(#[0-9a-fA-F]{6}|#[0-9a-fA-F]{3}|black|white)\b"""
)


def channels(colour: str) -> tuple[int, ...]:
    """The red, green and blue of "#rrggbb", 0 to 255."""
    return tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5))


def dark(colour: str, line: bool = False) -> str:
    """What a colour ("#rrggbb", "#rgb", "black" or "white") of a fill or a line becomes on a dark page."""
    colour = NAMED.get(colour, colour)
    if len(colour) == 4:
        colour = "#" + "".join(2 * digit for digit in colour[1:])
    values = channels(colour)
    if max(values) - min(values) > GRAYEST:
        return LINES.get(colour.lower(), colour) if line else colour
    share = sum(values) / (3 * 255)
    ends = zip(channels(DARK_TEXT), channels(DARK_PAGE), strict=True)
    return "#" + "".join(f"{round(black + (white - black) * share):02x}" for black, white in ends)


def dark_svg(svg: str) -> str:
    """The dark twin of an SVG file's text."""
    painted = PAINT.sub(lambda found: found[1] + dark(found[2], found[1].startswith("stroke")), svg)
    # Shapes that name no colour are drawn black; they inherit this one instead, unless the root names one.
    root = re.search(r"<svg\b[^>]*>", painted)
    if root is None or re.search(r"\sfill\s*=", root[0]):
        return painted
    return painted.replace("<svg", f'<svg fill="{DARK_TEXT}"', 1)


def size_of(svg: str) -> dict[str, str]:
    """An SVG's width and height in pixels, as attributes of an <img>; empty where it names none in pt or px.

    With them a browser keeps the figure's place before it has fetched it.
    """
    root = re.search(r"<svg\b[^>]*>", svg)
    size = {}
    for side in ("width", "height"):
        found = root and re.search(rf"""\s{side}\s*=\s*["']([\d.]+)(pt|px)?["']""", root[0])
        if not found:
            return {}
        size[side] = str(round(float(found[1]) * (4 / 3 if found[2] == "pt" else 1)))
    return size


class DarkTwins(SphinxPostTransform):
    """Put a dark twin after every SVG figure; the classes only-light and only-dark show one of the two."""

    default_priority = 900
    formats = ("html",)

    def run(self, **kwargs: object) -> None:
        """Write the twins of the page's figures, and set the figures' sizes."""
        folder = Path(self.app.doctreedir) / "dark-figures"
        folder.mkdir(exist_ok=True)
        for image in list(self.document.findall(nodes.image)):
            source = Path(self.env.srcdir) / image["uri"]
            if source.suffix != ".svg" or {"only-light", "only-dark"} & set(image["classes"]):
                continue
            svg = source.read_text(encoding="utf-8")
            if "width" not in image and "height" not in image:
                image.attributes.update(size_of(svg))
            twin_text = dark_svg(svg)
            name = hashlib.sha256(twin_text.encode()).hexdigest()[:32]
            twin_file = folder / f"{name}.svg"
            twin_file.write_text(twin_text, encoding="utf-8")
            twin = image.deepcopy()
            twin["ids"] = []
            twin["uri"] = str(twin_file)
            twin["candidates"] = {"*": str(twin_file)}
            twin["loading"] = "lazy"  # a browser fetches it when it is shown
            image["classes"] = [*image["classes"], "only-light"]
            twin["classes"] = [*twin["classes"], "only-dark"]
            self.env.images.add_file(self.env.docname, str(twin_file))
            image.parent.insert(image.parent.index(image) + 1, twin)


def setup(app):
    """Connect the making of dark twins."""
    app.add_post_transform(DarkTwins)
