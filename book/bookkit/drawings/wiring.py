"""`wiring`: which output channels are computed from which input channels."""

import dataclasses

from bookkit.drawings.canvas import Canvas, line_pitch
from bookkit.drawings.checks import check_count, check_divisible
from bookkit.drawings.style import ROLES, WRONG, group_colors
from bookkit.drawings.wires import node as draw_node
from bookkit.drawings.wires import wire
from bookkit.drawings.wording import numeral, some, with_gaps

PITCH = 0.3  # inches from one channel down to the next
REACH = 2.0  # inches from the inputs to the outputs
BETWEEN_GROUPS = 0.42  # inches


@dataclasses.dataclass
class _Group:
    """The channels of one group that are drawn, and the colours of inputs, lines and outputs."""

    number: int
    inputs: list
    outputs: list
    colors: tuple


@dataclasses.dataclass
class _Node:
    """A channel's node; `state` is "", "missing" or "no weight"."""

    x: float
    y: float
    channel: int
    color: str
    state: str = ""


def wiring(in_channels, out_channels, groups=1, fed=None):
    """Draw which output channels are computed from which input channels: one line is one slice.

        wiring(6, 4, groups=2)
        wiring(3, 4, fed=1)

    Inputs are on the left, outputs on the right. Each group has a colour of its own; where there is one
    group, inputs, weight and outputs have the colours of their roles. `in_channels` is what the weight
    expects, weight.shape[1] x groups. `fed` is how many channels the input really has: those missing are
    dashed, with their lines, and those too many have no line. Of many channels only some are drawn, and a
    line says how many there are.

    Returns a matplotlib Figure. Raises ValueError when a number is no whole number from 1 on, or when
    `groups` does not divide both numbers of channels.
    """
    for name, value in (("in_channels", in_channels), ("out_channels", out_channels)):
        check_count(name, value)
        check_divisible(name, value, groups)
    fed = in_channels if fed is None else check_count("fed", fed)
    shown = _shown(in_channels // groups, out_channels // groups, groups, fed)

    canvas = Canvas()
    nodes = []
    y = 0.0
    numbers = [group.number for group in shown]
    for group, (_, skipped) in zip(shown, with_gaps(numbers), strict=True):
        if skipped:
            for x in (0, REACH):
                canvas.ellipsis(x, y, dy=0.07)
            y -= 0.45
        tall = max(_height(group.inputs), _height(group.outputs))
        nodes += _wire_group(canvas, group, y, tall, fed)
        if groups > 1:
            _bracket(canvas, y, tall, f"group {group.number}")
        y -= tall + BETWEEN_GROUPS
    if fed > in_channels:
        extra = [in_channels + more for more in some(fed - in_channels, 4, {1})]
        levels = _column(canvas, extra, 0, y + BETWEEN_GROUPS - PITCH)
        nodes += [_Node(0, level, channel, WRONG, "no weight") for channel, level in levels.items()]
    for node in nodes:
        side = -1 if node.x == 0 else 1
        words = f"{node.state}  {node.channel}".strip()
        draw_node(canvas, node.x, node.y, node.color, words, side, node.state)
    for x, name in ((0, "input"), (REACH, "output")):
        canvas.lines(x, 0.3 + line_pitch(), [name, "channels"], "center", bold=[0])

    depth = in_channels // groups
    slices = out_channels * depth
    product = f"{out_channels} × {depth} = " if depth > 1 and out_channels > 1 else ""
    drawn = sum(len(group.inputs) * len(group.outputs) for group in shown)
    some_shown = ", some shown" if drawn < slices else ""
    canvas.footnote(f"One line is one slice: {product}{numeral(slices)} in all{some_shown}.")
    return canvas.figure()


def _shown(depth, made, groups, fed):
    """Return the groups that are drawn; each takes `depth` input channels and gives `made` outputs."""
    limit = 6 if groups == 1 else 4
    numbers = some(groups, 4, {1, min(fed // depth, groups - 1)})
    colors = {number: (color,) * 3 for number, color in group_colors(numbers).items()}
    if groups == 1:
        colors[0] = (ROLES["input"], ROLES["weight"], ROLES["output"])
    shown = []
    for number in numbers:
        edge = fed - number * depth  # the first channel of this group that is missing
        keep = {edge - 1, edge} if 0 < edge < depth else {1}
        inputs = [number * depth + i for i in some(depth, limit, keep)]
        outputs = [number * made + o for o in some(made, limit, {1})]
        shown.append(_Group(number, inputs, outputs, colors[number]))
    return shown


def _wire_group(canvas, group, top, tall, fed):
    """Draw the lines of a group between y = `top` and `tall` inches below; return its nodes."""
    starts = _column(canvas, group.inputs, 0, top - (tall - _height(group.inputs)) / 2)
    ends = _column(canvas, group.outputs, REACH, top - (tall - _height(group.outputs)) / 2)
    for missing in (False, True):  # dashed lines last, on top
        for i in group.inputs:
            for o in group.outputs if (i >= fed) == missing else []:
                color = WRONG if missing else group.colors[1]
                wire(canvas, (0, starts[i]), (REACH, ends[o]), color, dashed=missing)
    nodes = [
        _Node(0, level, i, group.colors[0], "missing" if i >= fed else "") for i, level in starts.items()
    ]
    return nodes + [_Node(REACH, level, o, group.colors[2]) for o, level in ends.items()]


def _column(canvas, channels, x, y):
    """Draw dots where channels are left out; return the height of each channel, the first one at `y`."""
    levels = {}
    for channel, skipped in with_gaps(channels):
        if skipped:
            canvas.ellipsis(x, y, dy=0.07)
            y -= PITCH
        levels[channel] = y
        y -= PITCH
    return levels


def _height(channels):
    """Return the inches from the first channel of a column down to the last."""
    return (len(channels) - 1 + sum(skipped for _, skipped in with_gaps(channels))) * PITCH


def _bracket(canvas, top, tall, name):
    """Draw a bracket that opens to the left, right of the outputs, and write `name` beside it."""
    x, tick, over = REACH + 0.5, 0.06, 0.06
    high, low = top + over, top - tall - over
    canvas.line([(x - tick, high), (x, high), (x, low), (x - tick, low)])
    canvas.text(x + 0.1, top - tall / 2 - 0.05, name)
