"""An endless sheet to draw on in inches, which becomes a matplotlib figure cut to what was drawn."""

import dataclasses

from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Circle, Polygon
from matplotlib.textpath import text_to_path

from bookkit.drawings.style import BLACK, FULL_WIDTH, LINES, MARGIN, NOTE, SETTINGS, TEXT

DOT = 0.014  # inches, the radius of a dot of "and so on"


def line_pitch(size=TEXT):
    """Return the inches from one line of text to the next, for a font size in points."""
    return 1.35 * size / 72


def text_width(string, size=TEXT, bold=False):
    """Return the width of `string` in inches, for a font size in points."""
    font = FontProperties(family=SETTINGS["font.family"], size=size, weight="bold" if bold else "normal")
    return text_to_path.get_text_width_height_descent(string, font, ismath=False)[0] / 72


@dataclasses.dataclass
class Outline:
    """A polygon, a line (`closed=False`) or a circle (one point and a radius). Lengths are in inches."""

    points: list
    fill: str = "none"
    edge: str = BLACK
    width: float = 0.8  # points, of the line
    dashed: bool | tuple = False  # or the points drawn and left out, in turns
    hatch: str | None = None
    closed: bool = True
    radius: float = 0.0

    def box(self):
        """Return (left, bottom, right, top)."""
        xs, ys = zip(*self.points, strict=True)
        r = self.radius
        return min(xs) - r, min(ys) - r, max(xs) + r, max(ys) + r

    def moved(self, dx, dy):
        """Return a copy, moved by (dx, dy)."""
        return dataclasses.replace(self, points=[(x + dx, y + dy) for x, y in self.points])

    def draw(self, axes, order):
        """Draw it on matplotlib's `axes`, above what has a lower `order`."""
        dashes = self.dashed if isinstance(self.dashed, tuple) else (3, 2)
        style = {
            "facecolor": self.fill,
            "edgecolor": LINES.get(self.edge, self.edge),
            "linewidth": self.width,
            "hatch": self.hatch,
            "linestyle": (0, dashes) if self.dashed else "solid",
            "zorder": order,
            "joinstyle": "round",
        }
        if self.radius:
            axes.add_patch(Circle(self.points[0], self.radius, **style))
        else:
            axes.add_patch(Polygon(self.points, closed=self.closed, **style))


@dataclasses.dataclass
class Label:
    """One line of text; `x` is its left, centre or right end, `y` its baseline, in inches."""

    x: float
    y: float
    string: str
    align: str = "left"
    size: float = TEXT
    bold: bool = False

    def box(self):
        """Return (left, bottom, right, top)."""
        width = text_width(self.string, self.size, self.bold)
        left = self.x - {"left": 0, "center": width / 2, "right": width}[self.align]
        return left, self.y - 0.24 * self.size / 72, left + width, self.y + 0.78 * self.size / 72

    def moved(self, dx, dy):
        """Return a copy, moved by (dx, dy)."""
        return dataclasses.replace(self, x=self.x + dx, y=self.y + dy)

    def draw(self, axes, order):
        """Write it on matplotlib's `axes`, above what has a lower `order`."""
        axes.text(
            self.x,
            self.y,
            self.string,
            ha=self.align,
            va="baseline",
            fontsize=self.size,
            fontweight="bold" if self.bold else "normal",
            color=BLACK,
            zorder=order,
            parse_math=False,
        )


class Canvas:
    """Outlines and labels, drawn one over the other: x to the right and y up, in inches.

        canvas = Canvas()
        canvas.rectangle(0, 0, 1, 0.5)
        canvas.text(0.5, -0.2, "a box", "center")
        canvas.figure()

    `style` is any of Outline's other fields: `edge` (a colour), `width` (points), `dashed` (True, or a tuple
    of the points that are drawn and left out), `hatch`. An `align` is "left", "center" or "right" and says
    which end of a text lies at x; a `size` is in points.
    """

    def __init__(self):
        self.marks = []

    def polygon(self, points, fill="none", **style):
        """Draw a closed polygon through `points`."""
        self.marks.append(Outline(list(points), fill, **style))

    def rectangle(self, x, y, wide, tall, fill="none", **style):
        """Draw a rectangle whose lower left corner is (x, y)."""
        self.polygon([(x, y), (x + wide, y), (x + wide, y + tall), (x, y + tall)], fill, **style)

    def line(self, points, color=BLACK, **style):
        """Draw a line through `points`."""
        self.marks.append(Outline(list(points), edge=color, closed=False, **style))

    def circle(self, x, y, radius, fill="none", **style):
        """Draw a circle around (x, y)."""
        self.marks.append(Outline([(x, y)], fill, radius=radius, **style))

    def ellipsis(self, x, y, dx=0.0, dy=0.0):
        """Draw three dots, the middle one at (x, y), each (dx, dy) from the one before."""
        for step in (-1, 0, 1):
            self.circle(x + step * dx, y + step * dy, DOT, BLACK, width=0)

    def bracket(self, start, stop, y, tick=0.06):
        """Draw a horizontal bracket that opens upwards, from x = `start` to `stop`."""
        self.line([(start, y + tick), (start, y), (stop, y), (stop, y + tick)])

    def text(self, x, y, string, align="left", size=TEXT, bold=False):
        """Write one line whose baseline is at `y`."""
        self.marks.append(Label(x, y, string, align, size, bold))

    def lines(self, x, y, strings, align="left", size=TEXT, bold=()):
        """Write several lines, the first one's baseline at `y`; those whose index is in `bold` are bold."""
        for index, string in enumerate(strings):
            self.text(x, y - index * line_pitch(size), string, align, size, index in bold)

    def underlined(self, x, y, pieces, size=TEXT):
        """Write `pieces` after one another, centred at `x`, some of them underlined.

        A piece is a string, which is plain, or a pair of string and colour, which is bold and underlined in
        that colour; with None for a colour it is plain too.
        """
        pieces = [(piece, None) if isinstance(piece, str) else piece for piece in pieces]
        left = x - sum(text_width(string, size, color is not None) for string, color in pieces) / 2
        for string, color in pieces:
            width = text_width(string, size, color is not None)
            self.text(left, y, string, size=size, bold=color is not None)
            if color:
                self.line([(left, y - 0.05), (left + width, y - 0.05)], color, width=2)
            left += width

    def footnote(self, sentence):
        """Write `sentence` under all that is drawn, centred, in as many lines as it needs."""
        left, bottom, right, _ = self.box()
        lines = [""]
        for word in sentence.split():
            longer = f"{lines[-1]} {word}".strip()
            if text_width(longer, NOTE) > FULL_WIDTH:
                lines.append(word)
            else:
                lines[-1] = longer
        self.lines((left + right) / 2, bottom - 0.3, lines, "center", size=NOTE)

    def box(self):
        """Return (left, bottom, right, top) of everything drawn."""
        lefts, bottoms, rights, tops = zip(*(mark.box() for mark in self.marks), strict=True)
        return min(lefts), min(bottoms), max(rights), max(tops)

    def width(self):
        """Return the inches from the left end of everything drawn to the right."""
        left, _, right, _ = self.box()
        return right - left

    def add(self, other, left=None, center=None, bottom=None, top=None):
        """Add the marks of another canvas, moved so that its box begins or ends where you say."""
        box = other.box()
        dx = dy = 0.0
        if left is not None:
            dx = left - box[0]
        elif center is not None:
            dx = center - (box[0] + box[2]) / 2
        if bottom is not None:
            dy = bottom - box[1]
        elif top is not None:
            dy = top - box[3]
        self.marks += [mark.moved(dx, dy) for mark in other.marks]

    def figure(self):
        """Return all of it as a matplotlib Figure; pyplot doesn't know it, so that it is shown once."""
        left, bottom, right, top = self.box()
        width, height = right - left + 2 * MARGIN, top - bottom + 2 * MARGIN
        figure = Figure(figsize=(width, height))
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_axis_off()
        axes.set_xlim(left - MARGIN, right + MARGIN)
        axes.set_ylim(bottom - MARGIN, top + MARGIN)
        for order, mark in enumerate(self.marks, start=1):
            mark.draw(axes, order)
        return figure
