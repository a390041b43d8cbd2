"""The drawings of the wiring's page as SVG: text made of numbers only. Colours are classes of wiring.css."""

from .wiring import read_by

GROUP_COLOURS = 6
MOST_NODES = 16  # on one side
PITCH, RADIUS, REACH = 24, 7, 220
LEFT = 46  # for the numbers
CELL = 18
HALF = 9  # whole numbers, so that Python and the page's script write the same
MOST_CELLS = 30
MOST_ROWS = 9


def some(total, limit):
    """Return which of `total` numbers are drawn: all, or the first and the last."""
    if total <= limit:
        return list(range(total))
    return [*range(limit - 1), total - 1]


def wires(settings, lit):
    """Return the drawing of the channels: which output reads which input. `lit` is the output that is
    looked at.
    """
    ins, outs, groups = settings["in_channels"], settings["out_channels"], settings["groups"]
    found = read_by(settings, lit)
    if found is None:
        return ""
    per_in, per_out = ins // groups, outs // groups
    drawn = sorted({*some(groups, 5), found[0]})
    limit = max(2, MOST_NODES // len(drawn))
    lines, nodes = [], []
    y = PITCH
    for place, group in enumerate(drawn):
        left = [group * per_in + each for each in some(per_in, limit)]
        right = [group * per_out + each for each in sorted({*some(per_out, limit), lit - group * per_out})
                 if 0 <= each < per_out]  # fmt: skip
        colour = f"g{place % GROUP_COLOURS}" if groups > 1 else "one"
        tall = max(len(left), len(right)) * PITCH
        lefts = heights(left, y, tall)
        rights = heights(right, y, tall)
        for output, to in rights.items():
            for start in lefts.values():
                on = " on" if output == lit else ""
                lines.append(
                    f'<line class="wire {colour}{on}" data-o="{output}" x1="{LEFT + RADIUS}" y1="{start}" '
                    f'x2="{LEFT + REACH - RADIUS}" y2="{to}"/>'
                )
        nodes += [
            node("input", colour, LEFT, up, channel, group == found[0]) for channel, up in lefts.items()
        ]
        nodes += [node("output", colour, LEFT + REACH, up, each, each == lit) for each, up in rights.items()]
        nodes += [dots(LEFT, lefts[left[-2]], lefts[left[-1]])] if gap(left) else []
        nodes += [dots(LEFT + REACH, rights[right[-2]], rights[right[-1]])] if gap(right) else []
        if groups > 1:
            words = (
                f'<text class="group" x="{LEFT + REACH + 48}" y="{y + tall // 2 - 4}">group {group}</text>'
            )
            nodes.append(words)
        y += tall + 10
        if place + 1 < len(drawn) and drawn[place + 1] > group + 1:
            nodes.append(dots(LEFT, y - 14, y + 10))
            nodes.append(dots(LEFT + REACH, y - 14, y + 10))
            y += 14
    width, height = LEFT + REACH + (120 if groups > 1 else 60), y
    label = (
        f"{ins} input channels on the left, {outs} output channels on the right. Output channel {lit} reads "
        f"input channels {found[1]} to {found[2]}."
    )
    heads = (
        f'<text class="head" x="{LEFT}" y="10">input</text>'
        f'<text class="head" x="{LEFT + REACH}" y="10">output</text>'
    )
    return framed(width, height, label, heads + "".join(lines) + "".join(nodes))


def gap(channels):
    """Whether channels are left out before the last one."""
    return len(channels) > 1 and channels[-1] > channels[-2] + 1


def heights(channels, top, tall):
    """Return {channel: its height}, in the middle of a group's band."""
    first = top + (tall - len(channels) * PITCH) // 2 + PITCH // 2 - 4
    return {channel: first + place * PITCH for place, channel in enumerate(channels)}


def node(side, colour, x, y, channel, on):
    """Return one channel."""
    words_x, anchor = (x - RADIUS - 6, "end") if side == "input" else (x + RADIUS + 6, "start")
    lit = " on" if on else ""
    return (
        f'<g class="node {side} {colour}{lit}" data-{side}="{channel}">'
        f'<circle cx="{x}" cy="{y}" r="{RADIUS}"/>'
        f'<text x="{words_x}" y="{y + 4}" text-anchor="{anchor}">{channel}</text></g>'
    )


def dots(x, above, below):
    """Return three dots between two heights."""
    middle = (above + below) // 2
    return "".join(f'<circle class="dot" cx="{x}" cy="{middle + step}" r="1.2"/>' for step in (-4, 0, 4))


def positions(axis):
    """Return the drawing of one axis: its cells, and the kernel's positions below it."""
    before, middle, after = axis["before"], axis["middle"], axis["after"]
    length = max([before + middle + max(after, 0), *[row[-1] + 1 for row in axis["taps"]]])
    cells = some_cells(length)
    place_of = {cell: place for place, cell in enumerate(cells)}
    broken = len(cells) < length
    x = {
        cell: LEFT + place * CELL + (CELL if broken and cell > MOST_CELLS // 2 else 0)
        for cell, place in place_of.items()
    }
    parts = [cell_of(axis, cell, x[cell]) for cell in cells]
    if broken:
        parts.append(across(LEFT + MOST_CELLS // 2 * CELL + CELL + 1, 24 + HALF))
    seen = [number for number, row in enumerate(axis["taps"]) if all(each in place_of for each in row)]
    rows = seen if len(seen) <= MOST_ROWS else [*seen[: MOST_ROWS - 3], *seen[-2:]]
    y = 24 + CELL + 16
    for place, number in enumerate(rows):
        if place and number > rows[place - 1] + 1:
            parts.append(dots(LEFT - 16, y - 14, y + 2))
            y += 14
        taps = axis["taps"][number]
        parts.append(
            f'<line class="reach" x1="{x[taps[0]] + HALF}" x2="{x[taps[-1]] + HALF}" y1="{y}" y2="{y}"/>'
        )
        parts += [f'<circle class="tap" cx="{x[tap] + HALF}" cy="{y}" r="4.5"/>' for tap in taps]
        parts.append(f'<text class="number" x="{LEFT - 12}" y="{y + 4}" text-anchor="end">{number}</text>')
        y += 18
    words = ("input", "output") if axis["transposed"] else ("output", "input")
    parts.append(
        f'<text class="head" x="{LEFT - 12}" y="{24 + CELL - 4}" text-anchor="end">{words[1]}</text>'
    )
    width = max(max(x.values()) + CELL + 6, 160)
    return framed(width, y, sentence(axis), "".join(parts))


def some_cells(length):
    """Return the cells that are drawn: all, or both ends."""
    if length <= MOST_CELLS:
        return list(range(length))
    first = MOST_CELLS // 2 + 1
    return [*range(first), *range(length - (MOST_CELLS - first), length)]


def cell_of(axis, cell, x):
    """Return one cell: of the input or output, or of the padding."""
    number = cell - axis["before"]
    inside = 0 <= number < axis["middle"]
    if not inside:
        kind = "pad"
    elif axis["transposed"]:
        kind = "output"
    else:
        kind = "unread" if number >= axis["size"] - axis["unread"] or number in axis["skipped"] else "input"
    shown = inside and (
        number in (0, axis["middle"] - 1) or (number % 5 == 0 and number < axis["middle"] - 2)
    )
    words = (
        f'<text class="number" x="{x + HALF}" y="18" text-anchor="middle">{number}</text>' if shown else ""
    )
    return f'<rect class="cell {kind}" x="{x}" y="24" width="{CELL - 2}" height="{CELL - 2}"/>{words}'


def across(x, y):
    """Return three dots beside one another."""
    return "".join(f'<circle class="dot" cx="{x + step}" cy="{y - 1}" r="1.2"/>' for step in (-4, 0, 4))


def sentence(axis):
    """Say what the drawing of an axis shows."""
    before, after = axis["before"], max(axis["after"], 0)
    if axis["transposed"]:
        cut = f"; {before} at the start and {after} at the end are cut off" if before or after else ""
        return f"{axis['name']}: each of {axis['size']} inputs adds to the output{cut}."
    zeros = f" with {before} zeros before and {after} behind" if before or after else ""
    left = f"; the last {axis['unread']} are never read" if axis["unread"] else ""
    return f"{axis['name']}: {axis['size']} inputs{zeros}, {axis['output']} positions of the kernel{left}."


def framed(width, height, label, inside):
    """Return an SVG that says what it shows."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" role="img" aria-label="{label}">{inside}</svg>'
    )
