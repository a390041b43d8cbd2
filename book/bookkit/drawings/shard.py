"""`shard`: an input beside one filter of a weight, half of which is on another device."""

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
from bookkit.drawings.canvas import Canvas
from bookkit.drawings.checks import check_divisible, check_shape
from bookkit.drawings.style import GAP, NOTE, ROLES, WRONG
from bookkit.drawings.wording import counted


def shard(input_shape, weight_shape):
    """Draw an input (NCHW) beside one filter of its weight (OIHW), of which a device has half the channels.

        shard((5, 8, 11, 19), (12, 8, 3, 7))

    The half that the device has is solid, the other one a dashed outline. Below are the channels of both, to
    one scale.

    Returns a matplotlib Figure. Raises TypeError when a shape is not a sequence, ValueError for a shape that
    cannot be drawn, channels that differ, or an odd number of them.
    """
    input_shape = check_shape("input", input_shape)
    weight_shape = check_shape("weight", weight_shape)
    for name, shape in (("input", input_shape), ("weight", weight_shape)):
        if len(shape) != 4:
            raise ValueError(f"{name} expects 4 sizes, got {shape}.")
    _, channels, height, width = input_shape
    outputs, depth, kernel_height, kernel_width = weight_shape
    if depth != channels:
        raise ValueError(f"weight expects the input's {channels} channels, got {depth}.")
    check_divisible("channels", channels, 2)
    half = channels // 2

    unit = 1.1 / max(height, width)
    kernel_unit = min(0.12, 0.5 / max(kernel_height, kernel_width))
    depth_unit = min(max(unit, THINNEST / half), 0.4 * LONGEST / channels)
    left = _block((width, height), unit, channels, channels, depth_unit, ROLES["input"])
    write_shape(left, "input", input_shape, 1, WRONG)
    right = _block((kernel_width, kernel_height), kernel_unit, half, channels, depth_unit, ROLES["weight"])
    middle = (right.box()[0] + right.box()[2]) / 2
    right.text(middle, right.box()[3] + 0.1, f"one of {counted(outputs, 'filters')}", "center", size=NOTE)
    write_shape(right, "one device's weight", (outputs, half, kernel_height, kernel_width), 1, WRONG)

    canvas, parts = Canvas(), Canvas()
    parts.add(left, left=0)
    parts.add(right, left=parts.box()[2] + GAP)
    canvas.add(parts, center=SPAN / 2, bottom=0)
    bars = compared(
        Bar(f"the device's weight has {counted(half, 'channels')}", half, ROLES["weight"]),
        Bar(f"the input has {counted(channels, 'channels')}", channels, ROLES["input"]),
    )
    canvas.add(bars, left=0, top=-0.2)
    canvas.footnote("Half of the weight is missing (dashed). Channels are drawn to one scale.")
    return canvas.figure()


def _block(face, unit, present, channels, depth_unit, color):
    """Draw a block of `channels`, of which those after the first `present` are outlined only."""
    canvas = Canvas()
    width, height, depth = visible(*(size * unit for size in face), channels * depth_unit)
    own = depth * present / channels
    if present < channels:
        (x, y), (dx, dy) = slanted(own), slanted(depth)
        corners = [(x, height + y), (dx, height + dy), (width + dx, height + dy), (width + dx, dy)]
        canvas.line([*corners, (width + x, y)], WRONG, dashed=True, width=1.4)
        canvas.line([(width + x, height + y), (width + dx, height + dy)], WRONG, dashed=True, width=1.4)
    block(canvas, 0, 0, width, height, own, color, (1, 1, present))
    clear = label_face(canvas, width, height, *face)
    label_depth(canvas, width, depth, "channels", present, clear)
    return canvas
