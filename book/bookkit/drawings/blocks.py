"""Blocks of numbers seen from the front, with the names and lengths of their axes."""

import math

from bookkit.drawings.canvas import line_pitch, text_width
from bookkit.drawings.style import front, tint
from bookkit.drawings.wording import numeral

THINNEST = 0.03  # inches; an axis that would be drawn thinner is drawn like this, and the figure says so
LONGEST = 1.6  # inches of the channel axis
SLANT = math.radians(35)  # how steeply the third axis of a block rises


def slanted(length):
    """Return the x and y of a step of `length` along the third axis, which is drawn at full length."""
    return length * math.cos(SLANT), length * math.sin(SLANT)


def visible(*lengths):
    """Return `lengths` in inches, each at least THINNEST."""
    return tuple(max(THINNEST, length) for length in lengths)


def shortening(unit, count, longest=LONGEST):
    """Return by what whole number an axis of `count` elements, `unit` inches each, has to be shortened."""
    return math.ceil(unit * count / longest - 1e-9) if unit * count > longest else 1


def block(canvas, x, y, width, height, depth, color, cuts=(1, 1, 1), fineness=0.03):
    """Draw a block whose front has its lower left corner at (x, y).

    `cuts` says into how many equal parts width, height and depth are divided; parts thinner than `fineness`
    inches are not drawn.
    """
    dx, dy = slanted(depth)
    right, top = x + width, y + height
    canvas.rectangle(x, y, width, height, front(color))
    canvas.polygon([(x, top), (right, top), (right + dx, top + dy), (x + dx, top + dy)], tint(color, 0.45))
    canvas.polygon(
        [(right, y), (right + dx, y + dy), (right + dx, top + dy), (right, top)], tint(color, -0.2)
    )

    def across(t):
        return [(x + t, y), (x + t, top), (x + t + dx, top + dy)]

    def up(t):
        return [(x, y + t), (right, y + t), (right + dx, y + t + dy)]

    def back(t):
        tx, ty = slanted(t)
        return [(x + tx, top + ty), (right + tx, top + ty), (right + tx, y + ty)]

    for count, length, cut in zip(cuts, (width, height, depth), (across, up, back), strict=True):
        if length / count >= fineness:
            for part in range(1, count):
                canvas.line(cut(length * part / count), width=0.5 if length / count > 0.08 else 0.3)


def label_face(canvas, width, height, width_count, height_count):
    """Name the axes of a front whose lower left corner is (0, 0). Return x where the width's name ends."""
    _stack(canvas, -0.08, max(height / 2, 0.17), "height", height_count, "right")
    label = f"width {numeral(width_count)}"
    canvas.text(width / 2, -0.22, label, "center")
    return (width + text_width(label)) / 2


def label_depth(canvas, right, depth, name, count, clear=0.0):
    """Name the axis that goes back from x = `right`; keep the name right of x = `clear`."""
    dx, dy = slanted(depth)
    _stack(canvas, max(right + dx / 2 + 0.1, clear + 0.12), dy / 2 - 0.16, name, count, "left")


def write_shape(canvas, name, shape, axis, color):
    """Write a shape under what is drawn, its number at index `axis` underlined in `color`.

    Returns the x of its middle.
    """
    left, _, right, _ = canvas.box()
    middle = (left + right) / 2
    canvas.text(middle, -0.55, name, "center", bold=True)
    numbers = [str(n) for n in shape]
    before = "(" + "".join(f"{n}, " for n in numbers[:axis])
    after = "".join(f", {n}" for n in numbers[axis + 1 :]) + ")"
    canvas.underlined(middle, -0.55 - line_pitch(), [before, (numbers[axis], color), after])
    return middle


def _stack(canvas, x, y, name, count, align):
    """Write an axis's name above its length, centred on `y`, on the side of `x` that `align` says."""
    wide = max(text_width(name), text_width(numeral(count)))
    x += wide / 2 if align == "left" else -wide / 2
    canvas.lines(x, y + 0.03, [name, numeral(count)], "center")


def scale_sentence(sizes, unit, depth_unit):
    """Return the sentence that says what of a figure is drawn to scale and what is not.

    `sizes` holds a dict of C, H and W for each block (one without C has no channels), `unit` the inches per
    element of height and width, `depth_unit` those per channel.
    """
    sentence = "Drawn to scale"
    if unit != depth_unit:
        sentence += f", but channels {round(unit / depth_unit)} times too short"
    if any(
        size[axis] * (depth_unit if axis == "C" else unit) < THINNEST - 1e-9
        for size in sizes
        for axis in "CHW"
        if axis in size
    ):
        sentence += "; what would be too thin to see is drawn thicker"
    return sentence + "."
