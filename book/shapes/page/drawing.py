"""The drawings of a convolution as SVG: text made of numbers only; their colours are in calculator.css."""

from ..table import counted
from .wiring import read_by

GROUP_COLOURS = 6
MOST_NODES = 16  # on one side
PITCH, RADIUS, REACH = 24, 7, 180
LEFT = 52  # for the numbers
# Of an axis; all even, so that Python and the page's script write the same whole numbers.
TOP = 24
SMALLEST, LARGEST, WIDEST = 18, 24, 460
PITCH_OF_ROWS = 18
MOST_CELLS = 30
MOST_ROWS = 9


def some(total, limit):
    """Return which of `total` numbers are drawn: all, or the first and the last."""
    if total <= limit:
        return list(range(total))
    return [*range(limit - 1), total - 1] if limit > 1 else [0]


def drawn_groups(settings, lit, most, least):
    """Return (group, colour, input channels, output channels) of each group that is drawn: about `most`
    channels on a side, at least `least` of a group, the output that is looked at among them.
    """
    groups = settings["groups"]
    per_in, per_out = settings["in_channels"] // groups, settings["out_channels"] // groups
    drawn = sorted({*some(groups, 5), lit // per_out})
    limit = max(least, most // len(drawn))
    found = []
    for place, group in enumerate(drawn):
        ins = [group * per_in + each for each in some(per_in, limit)]
        outs = [group * per_out + each for each in sorted({*some(per_out, limit), lit - group * per_out})
                if 0 <= each < per_out]  # fmt: skip
        found.append([group, f"g{place % GROUP_COLOURS}" if groups > 1 else "one", ins, outs])
    return found


def wires(settings, lit):
    """Return the drawing of the channels: which output reads which input. `lit` is the output that is
    looked at.
    """
    ins, outs, groups = settings["in_channels"], settings["out_channels"], settings["groups"]
    found = read_by(settings, lit)
    if found is None:
        return ""
    drawn = drawn_groups(settings, lit, MOST_NODES, 2)
    lines, nodes = [], []
    y = PITCH
    for place, (group, colour, left, right) in enumerate(drawn):
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
                f'<text class="group" x="{LEFT + REACH + 42}" y="{y + tall // 2 - 4}">group {group}</text>'
            )
            nodes.append(words)
        y += tall + 10
        if place + 1 < len(drawn) and drawn[place + 1][0] > group + 1:
            nodes.append(dots(LEFT, y - 14, y + 10))
            nodes.append(dots(LEFT + REACH, y - 14, y + 10))
            y += 14
    width, height = LEFT + REACH + (95 if groups > 1 else 60), y
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
    wide = min(LARGEST, max(SMALLEST, WIDEST // len(cells) // 2 * 2))
    half = wide // 2
    broken = len(cells) < length
    x = {
        cell: LEFT + place * wide + (wide if broken and cell > MOST_CELLS // 2 else 0)
        for place, cell in enumerate(cells)
    }
    parts = [cell_of(axis, cell, x[cell], wide) for cell in cells]
    if broken:
        parts.append(across(LEFT + (MOST_CELLS // 2 + 1) * wide + half, TOP + half))
    rows = some_rows([number for number, row in enumerate(axis["taps"]) if all(each in x for each in row)])
    words = ("input", "output") if axis["transposed"] else ("output", "input")
    y = TOP + wide + 14
    parts += [head(words[1], TOP + half + 4), head(words[0], y)]
    y += PITCH_OF_ROWS
    for place, number in enumerate(rows):
        if place and number > rows[place - 1] + 1:
            parts.append(dots(LEFT - 16, y - 14, y + 2))
            y += 14
        taps = axis["taps"][number]
        parts.append(
            f'<line class="reach" x1="{x[taps[0]] + half}" x2="{x[taps[-1]] + half}" y1="{y}" y2="{y}"/>'
        )
        parts += [f'<circle class="tap" cx="{x[tap] + half}" cy="{y}" r="5"/>' for tap in taps]
        parts.append(f'<text class="number" x="{LEFT - 8}" y="{y + 4}" text-anchor="end">{number}</text>')
        y += PITCH_OF_ROWS
    width = max(max(x.values()) + wide + 6, 160)
    return framed(width, y - 6, sentence(axis), "".join(parts))


def some_cells(length):
    """Return the cells that are drawn: all, or both ends."""
    if length <= MOST_CELLS:
        return list(range(length))
    first = MOST_CELLS // 2 + 1
    return [*range(first), *range(length - (MOST_CELLS - first), length)]


def some_rows(numbers):
    """Return the positions that are drawn: all, or the first and the last."""
    return numbers if len(numbers) <= MOST_ROWS else [*numbers[: MOST_ROWS - 3], *numbers[-2:]]


def head(words, y):
    """Return what the cells or the numbers at the left are."""
    return f'<text class="head" x="{LEFT - 6}" y="{y}" text-anchor="end">{words}</text>'


def cell_of(axis, cell, x, wide):
    """Return one cell: of the input or output, or of the padding. What is never read or cut off is crossed
    out: that can be told without colours.
    """
    number = cell - axis["before"]
    inside = 0 <= number < axis["middle"]
    if not inside:
        kind = "pad"
    elif axis["transposed"]:
        kind = "output"
    else:
        kind = "unread" if number >= axis["size"] - axis["unread"] or number in axis["skipped"] else "input"
    side = wide - 2
    parts = [f'<rect class="cell {kind}" x="{x}" y="{TOP}" width="{side}" height="{side}"/>']
    if kind == "unread" or (kind == "pad" and axis["transposed"]):
        parts.append(f'<path class="crossed" d="M{x} {TOP}l{side} {side}m0 -{side}l-{side} {side}"/>')
    step = 1 if wide >= 22 else 5
    at_an_end = number in (0, axis["middle"] - 1)
    if inside and (at_an_end or (number % step == 0 and (step == 1 or number < axis["middle"] - 2))):
        parts.append(
            f'<text class="number" x="{x + wide // 2}" y="{TOP - 6}" text-anchor="middle">{number}</text>'
        )
    return "".join(parts)


def across(x, y):
    """Return three dots beside one another."""
    return "".join(f'<circle class="dot" cx="{x + step}" cy="{y - 1}" r="1.2"/>' for step in (-4, 0, 4))


def sentence(axis):
    """Say what the drawing of an axis shows."""
    outside = at_the_ends(axis)
    if axis["transposed"]:
        cut = f"; {outside}" if outside else ""
        return f"{axis['name']}: each of {counted(axis['size'], 'input')} adds to the output{cut}."
    zeros = f" with {outside}" if outside else ""
    never = f"; {never_read(axis)}" if never_read(axis) else ""
    stands = counted(axis["output"], "position")
    return f"{axis['name']}: {counted(axis['size'], 'input')}{zeros}, {stands} of the kernel{never}."


WORDS = {"height": ("row", "above", "below"), "width": ("column", "on the left", "on the right")}


def at_the_ends(axis):
    """Say what is added before and behind, or cut off; "" for nothing."""
    noun, first, last = WORDS[axis["name"]]
    what = " cut off" if axis["transposed"] else " of zeros"
    said = []
    for size, place in ((axis["before"], first), (max(axis["after"], 0), last)):
        if size:
            said.append(f"{size} {place}" if said else f"{counted(size, noun)}{what} {place}")
    return f"{said[0]}, none {last if axis['before'] else first}" if len(said) == 1 else ", ".join(said)


def never_read(axis):
    """Say which rows or columns no position reads; "" for none."""
    noun = WORDS[axis["name"]][0]
    said = []
    if axis["unread"]:
        said.append(f"the last {noun if axis['unread'] == 1 else counted(axis['unread'], noun)}")
    if axis["skipped"]:
        said.append(f"{counted(len(axis['skipped']), noun)} between the positions")
    if not said:
        return ""
    verb = "is" if axis["unread"] + len(axis["skipped"]) == 1 else "are"
    return f"{' and '.join(said)} {verb} never read"


def framed(width, height, label, inside):
    """Return an SVG that says what it shows; it may shrink by a fifth before its box scrolls."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" style="min-width:{width * 4 // 5}px" role="img" '
        f'aria-label="{label}">{inside}</svg>'
    )
