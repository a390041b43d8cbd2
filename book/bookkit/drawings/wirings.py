"""`wirings`: the same channels, wired with different numbers of groups, side by side."""

from bookkit.drawings.canvas import Canvas, line_pitch
from bookkit.drawings.checks import check_count, check_divisible
from bookkit.drawings.style import FULL_WIDTH, NOTE, group_colors
from bookkit.drawings.wires import levels, node, wire
from bookkit.drawings.wording import counted

MOST = 12  # channels that are drawn in a column
PITCH = 0.29  # inches from one channel down to the next
REACH = 0.84  # inches from the inputs to the outputs
BETWEEN = 0.16  # inches between panels
BETWEEN_ROWS = 0.25


def wirings(in_channels, out_channels, groups):
    """Draw a panel for each number of `groups`: which output channels are computed from which inputs.

        wirings(6, 6, groups=(1, 2, 3, 6))

    In a panel inputs are on the left, outputs on the right, one line is one slice of a filter, and each group
    has a colour of its own. As many panels stand in a row as a figure is wide enough for. A channel has the
    same height in all of them, so that inputs are numbered in a row's first panel alone, and outputs in its
    last.

    Returns a matplotlib Figure. Raises ValueError when a number is no whole number from 1 on, when there are
    more than 12 channels, or when one of `groups` does not divide both numbers of channels.
    """
    for name, value in (("in_channels", in_channels), ("out_channels", out_channels)):
        if check_count(name, value) > MOST:
            raise ValueError(f"{name} expects {MOST} channels at most, got {value}.")
        for number in groups:
            check_divisible(name, value, number)
    rows = [[]]
    for number in groups:
        longer = [*rows[-1], number]
        if rows[-1] and _row(in_channels, out_channels, longer).width() > FULL_WIDTH:
            rows.append([number])
        else:
            rows[-1] = longer
    canvas = Canvas()
    for row in rows:
        top = canvas.box()[1] - BETWEEN_ROWS if canvas.marks else 0.0
        canvas.add(_row(in_channels, out_channels, row), left=0.0, top=top)
    canvas.footnote(
        "Inputs left, outputs right, both numbered from the top. "
        "A line is a slice of a filter, a colour is a group."
    )
    return canvas.figure()


def _row(in_channels, out_channels, groups):
    """Draw the panels of one row; its outermost columns are numbered."""
    canvas = Canvas()
    for place, number in enumerate(groups):
        numbered = place == 0, place == len(groups) - 1
        panel = _panel(in_channels, out_channels, number, numbered)
        canvas.add(panel, left=canvas.box()[2] + BETWEEN if place else 0.0)
    return canvas


def _panel(in_channels, out_channels, groups, numbered):
    """Draw the wiring of one number of groups, with its name above and its slices counted below.

    `numbered` says whether the inputs have their numbers, and whether the outputs have theirs.
    """
    canvas = Canvas()
    tall = PITCH * max(in_channels, out_channels)
    starts, ends = (levels(count, 1, tall) for count in (in_channels, out_channels))
    colors = group_colors(range(groups))
    depth, made = in_channels // groups, out_channels // groups
    for i, start in enumerate(starts):
        for o, end in enumerate(ends):
            if i // depth == o // made:
                wire(canvas, (0, start), (REACH, end), colors[o // made])
    for i, level in enumerate(starts):
        node(canvas, 0, level, colors[i // depth], str(i) if numbered[0] else "")
    for o, level in enumerate(ends):
        node(canvas, REACH, level, colors[o // made], str(o) if numbered[1] else "", side=1)
    canvas.text(REACH / 2, 0.12, f"groups={groups}", "center", bold=True)
    below = [counted(out_channels * depth, "slices")]
    if groups == in_channels > 1:
        below.append("depthwise")
    canvas.lines(REACH / 2, -tall - line_pitch(NOTE) - 0.05, below, "center", size=NOTE)
    return canvas
