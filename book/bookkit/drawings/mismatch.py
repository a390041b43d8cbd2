"""`mismatch`: an input beside one filter of a weight, and their channels side by side."""

from bookkit.drawings.bars import SPAN, Bar, compared
from bookkit.drawings.blocks import (
    LONGEST,
    THINNEST,
    block,
    label_depth,
    label_face,
    slanted,
    visible,
    write_shape,
)
from bookkit.drawings.canvas import Canvas, line_pitch
from bookkit.drawings.checks import check_divisible, check_shape, sizes_by_every_letter, sizes_by_letter
from bookkit.drawings.style import FULL_WIDTH, GAP, NOTE, ROLES, WRONG
from bookkit.drawings.wording import counted


def mismatch(input_shape, weight_shape, groups=1, layout="NCHW", weight_layout="OIHW"):
    """Draw an input beside one filter of a weight, and their channels side by side, to one scale.

        mismatch((1, 64, 256, 256), (64, 32, 3, 3))
        mismatch((1, 3, 64, 64), (4, 3, 3, 3), groups=2)

    The weight wants in / groups x groups channels. What the input has too many is hatched, what it lacks is
    dashed, and the two numbers that disagree are underlined. Where they agree, nothing is marked, and the
    figure says so.

    Returns a matplotlib Figure. Raises TypeError when a shape is not a sequence, ValueError for a shape, a
    layout or groups that cannot be drawn.
    """
    input_shape = check_shape("input", input_shape)
    weight_shape = check_shape("weight", weight_shape)
    size = sizes_by_letter("input", input_shape, layout)
    if "C" not in size:
        raise ValueError(f"layout expects the letter C, got {layout!r}.")
    kernel = sizes_by_every_letter("weight", weight_shape, weight_layout, "OIHW")
    check_divisible("out_channels", kernel["O"], groups)
    has, wants = size["C"], kernel["I"] * groups
    color = WRONG if has != wants else None

    filters = f"one of {counted(kernel['O'], 'filters')}"
    # The channels of both go back to one scale, so that 64 is twice as deep as 32. A kernel's front has its
    # own.
    side, longest = 1.2, LONGEST
    while True:  # smaller and smaller, until both fit
        unit = side / max(size["H"], size["W"])
        kernel_unit = min(0.12, 0.5 / max(kernel["H"], kernel["W"]))
        depth_unit = min(max(unit, THINNEST / min(has, kernel["I"])), longest / max(has, kernel["I"]))
        left = _part(size, unit, has, depth_unit, (1, 1, has), ROLES["input"])
        write_shape(left, "input", input_shape, layout.index("C"), color)
        cuts = (kernel["W"], kernel["H"], kernel["I"])
        right = _part(kernel, kernel_unit, kernel["I"], depth_unit, cuts, ROLES["weight"], filters)
        middle = write_shape(right, "weight", weight_shape, weight_layout.index("I"), color)
        if groups > 1:
            right.underlined(middle, -0.58 - 2 * line_pitch(), ["groups ", (str(groups), color)])
        parts = Canvas()
        parts.add(left, left=0)
        parts.add(right, left=parts.box()[2] + GAP)
        if parts.box()[2] < FULL_WIDTH or longest < 0.3:
            break
        side, longest = side * 0.95, longest * 0.9
    canvas = Canvas()
    canvas.add(parts, center=SPAN / 2, bottom=0)
    formula = "" if groups == 1 else f" = {kernel['I']} × {groups} groups"
    bars = compared(
        Bar(f"the input has {counted(has, 'channels')}", has, ROLES["input"]),
        Bar(f"the weight expects {counted(wants, 'channels')}{formula}", wants, ROLES["weight"], groups),
    )
    canvas.add(bars, left=0, top=-0.2)
    thin = min(has, kernel["I"]) * depth_unit < THINNEST - 1e-9
    canvas.footnote(
        "Channels are drawn to one scale, heights and widths are not"
        + ("; what would be too thin to see is drawn thicker." if thin else ".")
    )
    return canvas.figure()


def _part(size, unit, channels, depth_unit, cuts, color, above=None):
    """Draw a block with the names of its axes, and a note above it."""
    canvas = Canvas()
    width, height, depth = visible(size["W"] * unit, size["H"] * unit, channels * depth_unit)
    block(canvas, 0, 0, width, height, depth, color, cuts)
    clear = label_face(canvas, width, height, size["W"], size["H"])
    label_depth(canvas, width, depth, "channels", channels, clear)
    if above:
        middle = (width + slanted(depth)[0]) / 2
        canvas.text(middle, canvas.box()[3] + 0.1, above, "center", size=NOTE)
    return canvas
