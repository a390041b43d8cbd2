"""Colours, sizes and matplotlib settings of the book's figures.

Importing this module sets matplotlib up for the whole process, and for Jupyter where it runs in a kernel:
figures are SVG, transparent, without date or creator, with text as outlines, and byte for byte the same from
run to run.

Colours in the SVG files, for whoever adapts them to a dark page: text and lines are pure black. Matplotlib
writes text without any fill, since black is the default: a `fill` on the root element turns it. Lines are
`#000000`. Nothing is white and the background is empty. All other colours are fills and lines of the
palette; text never lies on a fill. A fill has a black outline and keeps its colour on every page. A line has
no outline: where its colour is too pale for a light page, LINES has a darker one, and on a dark page dark
colours get lighter (sphinxext.figures), so that a line has a contrast of at least 3 to 1 with its page.
"""

import matplotlib as mpl

# A colour means one thing in the whole book. Blue, green, orange and vermilion are Okabe and Ito's (Color
# Universal Design, 2008), safe for colour-blind readers. The three roles that meet in one figure, input,
# output and weight, also differ in lightness (L* of 46, 58 and 71), so that they differ in print.
BLACK = "#000000"
GRAY = "#8C8C8C"  # what stands beside the subject: left out, other, earlier
ROLES = {"input": "#0072B2", "output": "#009E73", "weight": "#E69F00"}
WRONG = "#D55E00"  # too much, missing, in disagreement; always hatched or dashed as well
HATCH = "/////"
# sky, violet, olive, brown, pink, slate: light and dark in turns, so that neighbours differ in print
GROUPS = ("#56B4E9", "#8E4FA8", "#9CA63B", "#7B5B3A", "#E39BC2", "#5F7384")
# What a pale colour is as a line: 3 to 1 with white. The dark page turns each back.
LINES = {"#E69F00": "#B97700", "#56B4E9": "#2E8BC4", "#9CA63B": "#7F8A1F", "#E39BC2": "#C9669A"}
# The curves of the three implementations; each has its own dashes as well.
IMPLEMENTATIONS = {"NumPy": GRAY, "PyTorch": "#B0446A", "TensorFlow": "#8A7A1F"}

MAX_WIDTH = 5.2  # inches: 500 px wide in full, and its 11 pt text is still 10 px high on a screen 390 px wide
MARGIN = 0.06  # inches, on each side of a figure
FULL_WIDTH = MAX_WIDTH - 2 * MARGIN  # inches, what is left between a figure's margins
GAP = 0.25  # inches between neighbours
TEXT = 11  # points
NOTE = 10  # points
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
    "axes.prop_cycle": mpl.cycler(color=[*IMPLEMENTATIONS.values()], linestyle=["-", "--", ":"]),
}


def _set_up():
    """Apply SETTINGS, and make Jupyter show every figure as one SVG."""
    mpl.rcParams.update(SETTINGS)
    try:
        from IPython import get_ipython
    except ModuleNotFoundError:
        return
    shell = get_ipython()
    if shell is None:
        return
    from matplotlib_inline.config import InlineBackend

    # They last: who turns to another backend and comes back finds them again.
    backend = InlineBackend.instance(parent=shell)
    backend.figure_formats = {"svg"}
    backend.print_figure_kwargs = {"bbox_inches": "tight", "metadata": SVG_METADATA}


_set_up()


def tint(color, amount):
    """Return `color`, "#rrggbb", mixed with white (amount up to 1) or with black (amount down to -1)."""
    target = 255 if amount > 0 else 0
    parts = (int(color[i : i + 2], 16) for i in (1, 3, 5))
    return "#" + "".join(f"{round(part + (target - part) * abs(amount)):02x}" for part in parts)


def front(color):
    """Return the tint of `color` that fills fronts, nodes, cells and bars."""
    return tint(color, 0.15)


def group_colors(groups):
    """Return {group: colour} for `groups`, in the order in which they are drawn: neighbours differ."""
    return {group: GROUPS[place % len(GROUPS)] for place, group in enumerate(dict.fromkeys(groups))}
