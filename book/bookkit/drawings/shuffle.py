"""`shuffle`: what one output of two grouped layers reads, with and without a channel shuffle between them."""

from bookkit.drawings.canvas import Canvas, line_pitch
from bookkit.drawings.checks import check_count, check_divisible
from bookkit.drawings.style import BLACK, GRAY, NOTE, group_colors
from bookkit.drawings.wires import levels, node, wire

MOST = 8  # channels that are drawn in a column
PITCH = 0.29  # inches from one channel down to the next
REACH = 0.68  # inches from one column to the next
BETWEEN = 0.3  # inches between the two panels


def shuffle(channels, groups, order, output=0):
    """Draw two grouped layers, once one right after the other and once with their channels shuffled between.

        shuffle(6, groups=3, order=(0, 2, 4, 1, 3, 5))

    Both layers have as many outputs as inputs. `order` says which output of the first layer each input of
    the second one is. What `output` of the second layer depends on is coloured by group, or black where a
    channel is only moved; all else is gray.

    Returns a matplotlib Figure. Raises ValueError when `channels` is no whole number from 1 to 8, when
    `groups` does not divide it, when `order` is no order of the channels, or `output` none of them.
    """
    if check_count("channels", channels) > MOST:
        raise ValueError(f"channels expects {MOST} at most, got {channels}.")
    check_divisible("channels", channels, groups)
    if sorted(order) != list(range(channels)):
        raise ValueError(f"order expects each of {channels} channels once, got {tuple(order)}.")
    if output not in range(channels):
        raise ValueError(f"output expects a channel from 0 to {channels - 1}, got {output!r}.")
    canvas = Canvas()
    canvas.add(_panel(channels, groups, None, output), left=0.0)
    canvas.add(_panel(channels, groups, list(order), output), left=canvas.box()[2] + BETWEEN)
    canvas.footnote(
        f"Coloured by group: what output {output} of the second layer depends on. "
        "Uncoloured and thick: moved, not computed. Thin gray: everything else."
    )
    return canvas.figure()


def _panel(channels, groups, order, output):
    """Draw the two layers; with `order` there is a column between them, in that order."""
    per_group = channels // groups

    def same_group(one, other):
        return one // per_group == other // per_group

    grouped = [(i, o) for i in range(channels) for o in range(channels) if same_group(i, o)]
    moved = [(channel, place) for place, channel in enumerate(order or [])]
    stages = [grouped, moved, grouped] if order else [grouped, grouped]
    names = ["inputs", "layer 1", "shuffled", "layer 2"] if order else ["inputs", "layer 1", "layer 2"]
    reached = _reached(stages, output)

    canvas = Canvas()
    tall = PITCH * channels
    heights = levels(channels, groups, tall)
    colors = group_colors(range(groups))
    for on_path in (False, True):  # gray lines below
        for stage, pairs in enumerate(stages):
            for i, o in pairs:
                if (o in reached[stage + 1]) != on_path:
                    continue
                color = (BLACK if pairs is moved else colors[o // per_group]) if on_path else GRAY
                ends = (stage * REACH, heights[i]), ((stage + 1) * REACH, heights[o])
                wire(canvas, *ends, color, width=1.6 if on_path else 0.6)
    for column, name in enumerate(names):
        for channel, level in enumerate(heights):
            color = colors[channel // per_group] if channel in reached[column] else None
            outer = column in (0, len(names) - 1)
            side = -1 if column == 0 else 1
            node(canvas, column * REACH, level, color, str(channel) if outer else "", side)
        canvas.text(column * REACH, -tall - line_pitch(NOTE), name, "center", size=NOTE)
    title = "shuffled in between" if order else "one after the other"
    canvas.text((len(names) - 1) * REACH / 2, 0.12, title, "center", bold=True)
    return canvas


def _reached(stages, output):
    """Return the set of channels of each column, from the inputs on, that `output` depends on."""
    reached = [{output}]
    for pairs in reversed(stages):
        reached.insert(0, {i for i, o in pairs if o in reached[0]})
    return reached
