"""What every figure of the book has in common: palette, settings, and a sheet to sketch on.

Importing this module sets matplotlib up for the whole process, and for Jupyter where it runs in a kernel:
figures are SVG, transparent, without date or creator, with text as outlines, and byte for byte the same from
run to run.

Colours in the SVG files, for whoever adapts them to a dark page: text and lines are pure black. Matplotlib
writes text without any fill, since black is the default: a `fill` on the root element turns it. Lines are
`#000000`. Nothing is white and the background is empty. All other colours are fills and lines of the palette,
which stand out on light and on dark alike; text never lies on a fill.
"""

import dataclasses
import math

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Circle, Polygon
from matplotlib.textpath import text_to_path

# Okabe and Ito's palette (Color Universal Design, 2008), safe for colour-blind readers. The three roles that
# meet in one figure, input, output and weight, also differ in lightness (L* of 46, 58 and 71), so that they
# differ in print.
BLACK = "#000000"
BLUE = "#0072B2"
GREEN = "#009E73"
ORANGE = "#E69F00"
VERMILION = "#D55E00"
PURPLE = "#CC79A7"
SKY = "#56B4E9"
GRAY = "#8C8C8C"
ROLES = {"input": BLUE, "output": GREEN, "weight": ORANGE}
WRONG = VERMILION  # what disagrees; always hatched or dashed as well
GROUPS = (BLUE, ORANGE, GREEN, SKY, PURPLE)  # neighbours differ in lightness

MAX_WIDTH = 5.2  # inches: 500 px wide in full, and its 11 pt text is still 10 px high on a screen 390 px wide
TEXT = 11  # points
NOTE = 10
SVG_METADATA = {"Date": None, "Creator": None}

SETTINGS = {
    "svg.fonttype": "path",
    "svg.hashsalt": "expected-32-got-64",
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "savefig.facecolor": "none",
    "legend.facecolor": "none",
    "figure.figsize": (MAX_WIDTH, 3.0),
    "figure.dpi": 100,
    "font.family": "DejaVu Sans",  # comes with matplotlib, so that it is the same everywhere
    "font.size": TEXT,
    "axes.titlesize": TEXT,
    "axes.labelsize": TEXT,
    "xtick.labelsize": NOTE,
    "ytick.labelsize": NOTE,
    "legend.fontsize": NOTE,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "hatch.linewidth": 0.8,
    "axes.prop_cycle": mpl.cycler(color=[BLUE, ORANGE, GREEN, PURPLE], linestyle=["-", "--", "-.", ":"]),
}


def set_up():
    """Apply SETTINGS, and make Jupyter show every figure as one SVG."""
    mpl.rcParams.update(SETTINGS)
    try:
        from IPython import get_ipython
    except ModuleNotFoundError:
        return
    shell = get_ipython()
    if shell is None:
        return
    from matplotlib_inline.backend_inline import set_matplotlib_formats
    from matplotlib_inline.config import InlineBackend

    # The first import of pyplot reads these again, and would return to PNG.
    backend = InlineBackend.instance(parent=shell)
    backend.figure_formats = {"svg"}
    backend.print_figure_kwargs = {"bbox_inches": "tight", "metadata": SVG_METADATA}
    set_matplotlib_formats("svg", metadata=SVG_METADATA)


set_up()


def tint(color, amount):
    """Return `color` mixed with white (amount up to 1) or with black (amount down to -1)."""
    target = 255 if amount > 0 else 0
    parts = (int(color[i : i + 2], 16) for i in (1, 3, 5))
    return "#" + "".join(f"{round(part + (target - part) * abs(amount)):02x}" for part in parts)


def text_width(string, size=TEXT, bold=False):
    """Return the width of `string` in inches."""
    font = FontProperties(family=SETTINGS["font.family"], size=size, weight="bold" if bold else "normal")
    return text_to_path.get_text_width_height_descent(string, font, ismath=False)[0] / 72


@dataclasses.dataclass
class Shape:
    """A polygon, a line (`closed=False`) or a circle (one point and a radius). Lengths are in inches."""

    points: list
    fill: str = "none"
    edge: str = BLACK
    width: float = 0.8
    dashed: bool = False
    hatch: str | None = None
    closed: bool = True
    radius: float = 0.0


@dataclasses.dataclass
class Label:
    """One line of text; `x` is its left, centre or right end, `y` its baseline."""

    x: float
    y: float
    string: str
    align: str = "left"
    size: float = TEXT
    bold: bool = False

    def box(self):
        width = text_width(self.string, self.size, self.bold)
        left = self.x - {"left": 0, "center": width / 2, "right": width}[self.align]
        return left, self.y - 0.24 * self.size / 72, left + width, self.y + 0.78 * self.size / 72


class Sketch:
    """Shapes and labels on an endless sheet, x to the right and y up, in inches."""

    def __init__(self):
        self.marks = []

    def polygon(self, points, fill="none", **style):
        self.marks.append(Shape(list(points), fill, **style))

    def rectangle(self, x, y, wide, tall, fill="none", **style):
        self.polygon([(x, y), (x + wide, y), (x + wide, y + tall), (x, y + tall)], fill, **style)

    def line(self, points, color=BLACK, **style):
        self.marks.append(Shape(list(points), edge=color, closed=False, **style))

    def circle(self, x, y, radius, fill="none", **style):
        self.marks.append(Shape([(x, y)], fill, radius=radius, **style))

    def text(self, x, y, string, align="left", size=TEXT, bold=False):
        self.marks.append(Label(x, y, string, align, size, bold))

    def lines(self, x, y, strings, align="left", size=TEXT, bold=()):
        """Write several lines, the first one's baseline at `y`; those whose index is in `bold` are bold."""
        for index, string in enumerate(strings):
            self.text(x, y - index * 1.35 * size / 72, string, align, size, index in bold)

    def runs(self, x, y, pieces, size=TEXT):
        """Write `pieces` after one another, centred at `x`; each is a string, or (string, colour), which
        makes it bold and underlines it. Without a colour (None) it is plain.
        """
        pieces = [(piece, None) if isinstance(piece, str) else piece for piece in pieces]
        left = x - sum(text_width(string, size, color is not None) for string, color in pieces) / 2
        for string, color in pieces:
            width = text_width(string, size, color is not None)
            self.text(left, y, string, size=size, bold=color is not None)
            if color:
                self.line([(left, y - 0.05), (left + width, y - 0.05)], color, width=2)
            left += width

    def bracket(self, start, stop, y, color=BLACK, tick=0.06):
        """Draw a horizontal bracket that opens upwards, from x = `start` to `stop`."""
        self.line([(start, y + tick), (start, y), (stop, y), (stop, y + tick)], color)

    def box(self):
        """Return (left, bottom, right, top) of everything drawn."""
        boxes = []
        for mark in self.marks:
            if isinstance(mark, Label):
                boxes.append(mark.box())
            else:
                xs, ys = zip(*mark.points, strict=True)
                r = mark.radius
                boxes.append((min(xs) - r, min(ys) - r, max(xs) + r, max(ys) + r))
        lefts, bottoms, rights, tops = zip(*boxes, strict=True)
        return min(lefts), min(bottoms), max(rights), max(tops)

    def add(self, other, left=None, right=None, bottom=None, top=None, center=None):
        """Add the marks of `other`, moved so that its box begins or ends where you say."""
        box = other.box()
        dx = dy = 0.0
        if left is not None:
            dx = left - box[0]
        elif right is not None:
            dx = right - box[2]
        elif center is not None:
            dx = center - (box[0] + box[2]) / 2
        if bottom is not None:
            dy = bottom - box[1]
        elif top is not None:
            dy = top - box[3]
        for mark in other.marks:
            if isinstance(mark, Label):
                self.marks.append(dataclasses.replace(mark, x=mark.x + dx, y=mark.y + dy))
            else:
                self.marks.append(
                    dataclasses.replace(mark, points=[(x + dx, y + dy) for x, y in mark.points])
                )

    def figure(self, pad=0.06):
        """Return all of it as a matplotlib Figure; pyplot doesn't know it, so that it is shown once."""
        left, bottom, right, top = self.box()
        width, height = right - left + 2 * pad, top - bottom + 2 * pad
        figure = Figure(figsize=(width, height))
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_axis_off()
        axes.set_xlim(left - pad, right + pad)
        axes.set_ylim(bottom - pad, top + pad)
        for order, mark in enumerate(self.marks, start=1):
            if isinstance(mark, Label):
                axes.text(
                    mark.x,
                    mark.y,
                    mark.string,
                    ha=mark.align,
                    va="baseline",
                    fontsize=mark.size,
                    fontweight="bold" if mark.bold else "normal",
                    color=BLACK,
                    zorder=order,
                    parse_math=False,
                )
                continue
            style = {
                "facecolor": mark.fill,
                "edgecolor": mark.edge,
                "linewidth": mark.width,
                "hatch": mark.hatch,
                "linestyle": (0, (3, 2)) if mark.dashed else "solid",
                "zorder": order,
                "joinstyle": "round",
            }
            if mark.radius:
                axes.add_patch(Circle(mark.points[0], mark.radius, **style))
            else:
                axes.add_patch(Polygon(mark.points, closed=mark.closed, **style))
        return figure


SLANT = math.radians(35)  # how steeply the third axis of a block rises


def slanted(length):
    """Return the x and y of a step of `length` along the third axis, which is drawn at full length."""
    return length * math.cos(SLANT), length * math.sin(SLANT)


def block(sketch, x, y, width, height, depth, color, cuts=(1, 1, 1), fineness=0.03, **style):
    """Draw a block whose front has its lower left corner at (x, y).

    `cuts` says into how many equal parts width, height and depth are divided; parts thinner than `fineness`
    inches are not drawn. `style` goes to the faces' outlines.
    """
    dx, dy = slanted(depth)
    right, top = x + width, y + height
    sketch.rectangle(x, y, width, height, tint(color, 0.15), **style)
    sketch.polygon(
        [(x, top), (right, top), (right + dx, top + dy), (x + dx, top + dy)], tint(color, 0.45), **style
    )
    sketch.polygon(
        [(right, y), (right + dx, y + dy), (right + dx, top + dy), (right, top)], tint(color, -0.2), **style
    )
    for count, length, line in (
        (cuts[0], width, lambda t: [(x + t, y), (x + t, top), (x + t + dx, top + dy)]),
        (cuts[1], height, lambda t: [(x, y + t), (right, y + t), (right + dx, y + t + dy)]),
        (
            cuts[2],
            depth,
            lambda t: [
                (x + slanted(t)[0], top + slanted(t)[1]),
                (right + slanted(t)[0], top + slanted(t)[1]),
                (right + slanted(t)[0], y + slanted(t)[1]),
            ],
        ),
    ):
        if length / count >= fineness:
            for part in range(1, count):
                sketch.line(line(length * part / count), width=0.5 if length / count > 0.08 else 0.3)
