"""`weights`: a convolution's weight as a row of filters."""

from bookkit.drawings.blocks import (
    LONGEST,
    block,
    label_depth,
    label_face,
    scale_sentence,
    shortening,
    visible,
)
from bookkit.drawings.canvas import Canvas, text_width
from bookkit.drawings.checks import check_divisible, check_shape, sizes_by_every_letter
from bookkit.drawings.style import FULL_WIDTH, NOTE, ROLES, group_colors
from bookkit.drawings.wording import numeral, shape_text, some, with_gaps


def weights(shape, layout="OIHW", groups=1):
    """Draw a convolution's weight as a row of filters, each a block of in / groups channels.

        weights((4, 3, 3, 3))
        weights((3, 3, 1, 6), layout="HWIO", groups=3)

    `layout` is an order of O, I, H and W. Up to four filters are all drawn, of more the first two, and the
    last; with `groups` above 1 also the last of the first group and the first of the next. Filters are
    coloured by group.

    Returns a matplotlib Figure. Raises TypeError when `shape` is not a sequence, ValueError for a shape, a
    layout or groups that cannot be drawn.
    """
    shape = check_shape("weight", shape)
    size = sizes_by_every_letter("weight", shape, layout, "OIHW")
    check_divisible("out_channels", size["O"], groups)
    per_group = size["O"] // groups
    shown = some(size["O"], 4, {per_group - 1, per_group} if groups > 1 else {1})
    colors = {0: ROLES["weight"]} if groups == 1 else group_colors(index // per_group for index in shown)

    longest = LONGEST
    side = max(size["H"], size["W"])
    while True:  # less and less deep, until the row fits
        unit = max(0.15 / side, min(0.16, longest / size["I"], 1.0 / side))
        depth_unit = unit / shortening(unit, size["I"], longest)
        canvas = _filters(size, shown, per_group, colors, unit, depth_unit)
        if canvas.width() < FULL_WIDTH or longest < 0.3:
            break
        longest *= 0.9
    left, bottom, right, _ = canvas.box()
    canvas.lines((left + right) / 2, bottom - 0.32, [shape_text(shape), layout], "center", bold=[0])
    canvas.footnote(scale_sentence([dict(size, C=size["I"])], unit, depth_unit))
    return canvas.figure()


def _filters(size, shown, per_group, colors, unit, depth_unit):
    """Draw the filters of `shown` in a row, with their axes, numbers and the bracket over all of them."""
    width, height, depth = visible(size["W"] * unit, size["H"] * unit, size["I"] * depth_unit)
    cuts = (size["W"], size["H"], size["I"])
    grouped = per_group < size["O"]
    canvas = Canvas()
    pitch = max(width + 0.3, text_width(f"filter {size['O'] - 1}", NOTE) + 0.15)
    x = -pitch
    for index, skipped in with_gaps(shown):
        x += pitch
        if skipped:
            x += 0.3
            canvas.ellipsis(x - (pitch + 0.3 - width) / 2, 0.04, dx=0.08)
        group = index // per_group
        block(canvas, x, 0, width, height, depth, colors[group], cuts, fineness=0.045)
        names = [f"filter {index}"] + [f"group {group}"] * grouped
        canvas.lines(x + width / 2, -0.45, names, "center", size=NOTE)
    end = x + width
    clear = label_face(canvas, width, height, size["W"], size["H"])
    name = "in / groups" if grouped else "in_channels"
    label_depth(canvas, end, depth, name, size["I"], clear if len(shown) == 1 else 0.0)
    bottom = canvas.box()[1]
    canvas.bracket(0, end, bottom - 0.12)
    canvas.text(end / 2, bottom - 0.33, f"out_channels {numeral(size['O'])}", "center")
    return canvas
