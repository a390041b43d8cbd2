"""What the drawings of wiring share: columns of channels, and the lines between them."""

import math

from bookkit.drawings.style import HATCH, NOTE, front

RADIUS = 0.085  # inches, of a channel's node
GAP_OF_GROUPS = 0.1  # inches between the bands of two groups


def levels(count, groups, tall):
    """Return the height of each of `count` channels, from 0 down to -`tall`, a band for each group."""
    per_group = count // groups
    band = (tall - GAP_OF_GROUPS * (groups - 1)) / groups
    tops = [-group * (band + GAP_OF_GROUPS) for group in range(groups)]
    return [top - (place + 0.5) * band / per_group for top in tops for place in range(per_group)]


def wire(canvas, start, end, color, width=1.2, dashed=False):
    """Draw a line from node to node, given as (x, y), from edge to edge: a node may be empty."""
    (x, y), (to_x, to_y) = start, end
    length = math.dist(start, end)
    dx, dy = RADIUS * (to_x - x) / length, RADIUS * (to_y - y) / length
    canvas.line([(x + dx, y + dy), (to_x - dx, to_y - dy)], color, width=width, dashed=dashed)


def node(canvas, x, y, color=None, words="", side=-1, state=""):
    """Draw a channel's node, filled in `color` where there is one, and `words` to its left or right.

    `side` is -1 for the left and 1 for the right; `state` is "", "missing" or "no weight".
    """
    empty = color is None or state == "missing"
    canvas.circle(
        x,
        y,
        RADIUS,
        "none" if empty else front(color),
        dashed=state == "missing",
        width=1.1 if state == "missing" else 0.8,
        hatch=HATCH if state == "no weight" else None,
    )
    if words:
        canvas.text(x + side * 0.17, y - 0.05, words, "right" if side < 0 else "left", size=NOTE)
