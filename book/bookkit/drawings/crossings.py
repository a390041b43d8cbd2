"""`crossings`: where the axes of a weight go when another framework stores it."""

from bookkit.drawings.canvas import Canvas, line_pitch, text_width
from bookkit.drawings.style import BLACK, FULL_WIDTH, GAP, NOTE, ROLES

TALL = 0.28  # inches, of a box
FALL = 0.55  # inches, from the upper boxes to the lower ones
SPACE = 0.07  # inches between two boxes
PRODUCT = " x "  # an axis "in x mult" becomes the axes "in" and "mult"
# by the first word; all other axes have the weight's colour
COLORS = {"in": ROLES["input"], "out": ROLES["output"], "mult": ROLES["output"]}
FLATTENED = "c", "h", "w"  # the axes of a flattened image: where there's a "c", all three are inputs


def crossings(weights, above="PyTorch", below="Keras"):
    """Draw each weight's axes in one framework, below them its axes in the other, and lines between them.

        crossings({"Conv2D": (["out", "in", "h", "w"], ["h", "w", "in", "out"])})

    `weights` maps a title to the axes above and the axes below. An axis above named "in x mult" holds the two
    axes "in" and "mult" below; its box has the colour of outputs. Next to an axis "c", "h" and "w" are a
    flattened image's, so they are inputs. An axis "1" leads nowhere. `above` and `below` name the frameworks.

    Returns a matplotlib Figure, two weights a row. Raises ValueError without weights, or where the axes above
    and below are not the same.
    """
    if not weights:
        raise ValueError("crossings() expects at least one weight, got none.")
    canvas = Canvas()
    names = max(text_width(name, NOTE) for name in (above, below)) + 0.12
    column = (FULL_WIDTH - names - GAP) / 2
    deep = 2 * TALL + FALL + 2.2 * line_pitch()
    for place, (title, (first, second)) in enumerate(weights.items()):
        _check(title, first, second)
        left, top = names + place % 2 * (column + GAP), -(place // 2) * deep
        if place % 2 == 0:
            for name, y in ((above, top - TALL), (below, top - 2 * TALL - FALL)):
                canvas.text(0, y + 0.1, name, size=NOTE)
        canvas.text(left, top + 0.1, title, bold=True)
        inputs = FLATTENED if "c" in first else ()
        upper = _boxes(canvas, left, top - TALL, first, inputs)
        lower = _boxes(canvas, left, top - 2 * TALL - FALL, second, inputs)
        for axis, x in upper.items():
            for part in axis.split(PRODUCT):
                if part in lower:
                    ends = [(x, top - TALL), (lower[part], top - TALL - FALL)]
                    canvas.line(ends, _color(part, inputs), width=1.6)
    return canvas.figure()


def _check(title, first, second):
    """Raise ValueError unless both lists hold the same axes; sizes of 1 do not count."""
    parts = [part for axis in first for part in axis.split(PRODUCT) if part != "1"]
    if sorted(parts) != sorted(axis for axis in second if axis != "1"):
        raise ValueError(
            f"{title!r} has the axes {', '.join(first)} above and {', '.join(second)} below; expected the "
            "same axes in another order."
        )


def _boxes(canvas, left, bottom, axes, inputs):
    """Draw a row of boxes and return the middle of each: {axis: x}."""
    middles = {}
    for axis in axes:
        wide = max(text_width(axis, NOTE) + 0.14, 0.34)
        edge = BLACK if axis == "1" else _color(axis.split(PRODUCT)[-1], inputs)
        canvas.rectangle(left, bottom, wide, TALL, edge=edge, width=2 if axis != "1" else 0.8)
        canvas.text(left + wide / 2, bottom + 0.09, axis, "center", NOTE)
        middles[axis] = left + wide / 2
        left += wide + SPACE
    return middles


def _color(axis, inputs):
    """Return the colour of an axis: the input's, the output's or the weight's. `inputs` are more inputs."""
    return ROLES["input"] if axis in inputs else COLORS.get(axis.split()[0], ROLES["weight"])
