"""`two_devices`: one convolution, split over two devices in three ways."""

from bookkit.drawings.canvas import Canvas, line_pitch
from bookkit.drawings.checks import check_count, check_divisible
from bookkit.drawings.style import FULL_WIDTH, NOTE, ROLES, group_colors
from bookkit.drawings.wires import node, wire

MOST = 8  # channels that are drawn in a column
PITCH = 0.23  # inches from one channel down to the next
REACH = 0.62  # inches from the inputs to the outputs
SIDE = 0.4  # inches from a column to the side of its device
HEAD = 0.3  # inches above the first channel, for the device's name
BETWEEN = 0.2  # inches between the two devices
PASS = 0.17  # inches that the arrow between them reaches to the right
SPLITS = {  # which channels each device has, and what is done with its outputs
    "groups=2": ("inputs", "outputs", "nothing is sent"),
    "by outputs": ("outputs", "parts are gathered"),
    "by inputs": ("inputs", "parts are added"),
}


def two_devices(in_channels, out_channels):
    """Draw a convolution split over two devices: as two groups, by its outputs, and by its inputs.

        two_devices(4, 6)

    A panel has a box for each device, with the input channels that it has on the left and the output
    channels that it computes on the right; one line is one slice of a filter. An arrow joins two devices that
    have to send each other their outputs. Groups have colours of their own; where there is one group, inputs,
    weight and outputs have the colours of their roles.

    Returns a matplotlib Figure. Raises ValueError when a number is no even whole number from 2 to 8.
    """
    for name, value in (("in_channels", in_channels), ("out_channels", out_channels)):
        if check_count(name, value) > MOST:
            raise ValueError(f"{name} expects {MOST} channels at most, got {value}.")
        check_divisible(name, value, 2)
    canvas = Canvas()
    panels = [_panel(name, in_channels, out_channels) for name in SPLITS]
    gap = (FULL_WIDTH - sum(panel.width() for panel in panels)) / (len(panels) - 1)
    for place, panel in enumerate(panels):
        canvas.add(panel, left=canvas.box()[2] + gap if place else 0.0)
    canvas.footnote(
        "Inputs left, outputs right, both numbered. A line is a slice of a filter. "
        "An arrow joins devices that send each other what they computed."
    )
    return canvas.figure()


def _panel(name, in_channels, out_channels):
    """Draw one way of splitting: a box for each device, and what is sent below."""
    *split, below = SPLITS[name]
    halves = {
        "inputs": (in_channels, "inputs" in split),
        "outputs": (out_channels, "outputs" in split),
    }
    most = max(count // 2 if cut else count for count, cut in halves.values())
    tall = HEAD + PITCH * most + 0.08
    canvas = Canvas()
    colors = group_colors((0, 1))
    for device in (0, 1):
        top = -device * (tall + BETWEEN)
        roles = ROLES
        if len(split) == 2:
            roles = dict.fromkeys(ROLES, colors[device])
        columns = []
        for count, cut in halves.values():
            shown = range(device * count // 2, (device + 1) * count // 2) if cut else range(count)
            first = top - HEAD - (most - len(shown)) * PITCH / 2 - PITCH / 2
            columns.append({channel: first - place * PITCH for place, channel in enumerate(shown)})
        starts, ends = columns
        for start in starts.values():
            for end in ends.values():
                wire(canvas, (0, start), (REACH, end), roles["weight"])
        for channel, level in starts.items():
            node(canvas, 0, level, roles["input"], str(channel))
        for channel, level in ends.items():
            node(canvas, REACH, level, roles["output"], str(channel), side=1)
        canvas.rectangle(-SIDE, top - tall, REACH + 2 * SIDE, tall)
        canvas.text(REACH / 2, top - 0.2, f"device {device}", "center", size=NOTE)
    if len(split) == 1:
        _join(canvas, REACH + SIDE, -tall / 2, -1.5 * tall - BETWEEN)
    canvas.text(REACH / 2, 0.1, name, "center", bold=True)
    canvas.text(REACH / 2, -2 * tall - BETWEEN - line_pitch(NOTE), below, "center", size=NOTE)
    return canvas


def _join(canvas, x, start, stop):
    """Draw an arrow with two heads from a box's right side at y = `start` to another's at `stop`."""
    canvas.line([(x, start), (x + PASS, start), (x + PASS, stop), (x, stop)], width=1.4)
    for y in (start, stop):
        canvas.line([(x + 0.08, y + 0.05), (x + 0.01, y), (x + 0.08, y - 0.05)], width=1.4)
