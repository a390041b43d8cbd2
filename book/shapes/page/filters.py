"""The drawing of a convolution's weight as SVG: a block for each number of its first axis, its slices one
behind the other.

Along the first axis stand the filters, one an output channel, with a slice for each input channel that they
read. A transposed convolution has a block for each input channel, with a slice for each output channel.
"""

from ..table import counted
from .drawing import dots, drawn_groups, framed
from .wiring import read_by

LEFT, TOP = 50, 8
MOST_BLOCKS = 6
WIDEST = 470  # of all blocks
LARGEST, SMALLEST = 16, 4  # of one number of the kernel
TALLEST = 72
GAP = 14
RIGHT = 96  # for the name of the slices
# How far the blocks go back: the most slices, and the step of one. More are drawn without their cuts.
STEPS = ((4, 8, 6), (10, 4, 3))
DEEPEST = (36, 27)


def weight(settings, lit):
    """Return the drawing; "" where the groups do not divide. `lit` is the output that is looked at."""
    if read_by(settings, lit) is None:
        return ""
    blocks = [
        [channel, group, colour]
        for group, colour, ins, outs in drawn_groups(settings, lit, MOST_BLOCKS, 1)
        for channel in (ins if settings["transposed"] else outs)
    ]
    shape = measured(settings, len(blocks))
    bottom = shape["y"] + shape["high"]
    parts, x, before = [], LEFT, -1
    for channel, group, colour in blocks:
        if channel > before + 1:
            parts.append(gap(x + 4, shape["y"] + shape["high"] // 2))
            x += 20
        parts.append(numbered(settings, shape, x, channel, group, colour, lit))
        before = channel
        x += shape["pitch"]
    end = x - shape["pitch"] + shape["wide"]
    first = axes_of(settings)[0]
    parts.append(sides(settings, shape, end, bottom))
    parts.append(bracket(LEFT, end, bottom + 36, f"{first} {settings[first]}"))
    return framed(end + shape["dx"] + RIGHT, bottom + 66, described(settings, lit), "".join(parts))


def axes_of(settings):
    """Return the settings that say how many blocks there are, and how many slices with all groups."""
    return ("in_channels", "out_channels") if settings["transposed"] else ("out_channels", "in_channels")


def sliced(settings):
    """Return how many slices a block has."""
    return settings[axes_of(settings)[1]] // settings["groups"]


def measured(settings, count):
    """Return the sizes of each of `count` blocks, so that a row of them fits."""
    slices = sliced(settings)
    dx, dy, cut = depth_of(slices)
    high, wide = settings["kernel"]
    room = (WIDEST // count - dx - GAP) // wide
    unit = max(SMALLEST, min(LARGEST, room, TALLEST // max(high, wide)))
    return {
        "wide": wide * unit, "high": high * unit, "dx": dx, "dy": dy, "unit": unit, "slices": slices,
        "cut": cut, "y": TOP + dy, "pitch": max(wide * unit + dx + GAP, 34),
    }  # fmt: skip


def numbered(settings, shape, x, channel, group, colour, lit):
    """Return the block of a channel with its number; it stands out where it makes the output `lit`."""
    per_out = settings["out_channels"] // settings["groups"]
    makes = group == lit // per_out if settings["transposed"] else channel == lit
    marked = lit - group * per_out if settings["transposed"] and makes else -1
    on = " on" if makes else ""
    return block(shape, x, f"{colour}{on}", "" if settings["transposed"] else channel, marked) + (
        f'<text class="number{on}" x="{x + shape["wide"] // 2}" y="{shape["y"] + shape["high"] + 30}" '
        f'text-anchor="middle">{channel}</text>'
    )


def depth_of(slices):
    """Return how far a block goes back, to the right and up, and whether its slices are cut apart."""
    for most, right, up in STEPS:
        if slices <= most:
            return slices * right, slices * up, True
    return DEEPEST[0], DEEPEST[1], False


def block(shape, x, classes, output, marked):
    """Return one block; `marked` is the slice that stands out, -1 for none."""
    wide, high, dx, dy, y = shape["wide"], shape["high"], shape["dx"], shape["dy"], shape["y"]
    data = f' data-output="{output}"' if output != "" else ""
    parts = [f'<rect class="front" x="{x}" y="{y}" width="{wide}" height="{high}"/>', back(shape, x, 0, 1, 1)]
    if marked >= 0:
        inner = back(shape, x, marked, marked + 1, shape["slices"])
        first = f'<rect class="front" x="{x}" y="{y}" width="{wide}" height="{high}"/>' if marked == 0 else ""
        parts.append(f'<g class="marked">{first}{inner}</g>')
    lines = [f"M{x} {y + step * shape['unit']}h{wide}" for step in range(1, high // shape["unit"])]
    lines += [f"M{x + step * shape['unit']} {y}v{high}" for step in range(1, wide // shape["unit"])]
    for step in range(1, shape["slices"] if shape["cut"] else 1):
        right, up = dx * step // shape["slices"], dy * step // shape["slices"]
        lines.append(f"M{x + right} {y - up}h{wide}v{high}")
    parts.append(f'<path class="cut" d="{"".join(lines)}"/>' if lines else "")
    return f'<g class="block {classes}"{data}>{"".join(parts)}</g>'


def back(shape, x, first, last, of):
    """Return the top and the side of a block from one part of its depth to another, of `of` parts."""
    wide, high, y = shape["wide"], shape["high"], shape["y"]
    near = (shape["dx"] * first // of, shape["dy"] * first // of)
    far = (max(shape["dx"] * last // of, near[0] + 1), max(shape["dy"] * last // of, near[1] + 1))
    right, up = far[0] - near[0], far[1] - near[1]
    x, y = x + near[0], y - near[1]
    return (
        f'<path class="top" d="M{x} {y}l{right} -{up}h{wide}l-{right} {up}z"/>'
        f'<path class="side" d="M{x + wide} {y}l{right} -{up}v{high}l-{right} {up}z"/>'
    )


def gap(x, y):
    """Return three dots in place of the blocks that are left out."""
    return f'<g transform="rotate(90 {x} {y})">{dots(x, y, y)}</g>'


def sides(settings, shape, end, bottom):
    """Return the names of a block's three sides, with their lengths."""
    high, wide = settings["kernel"]
    middle = shape["y"] + shape["high"] // 2
    x, y = end + shape["dx"] + 8, bottom - shape["dy"] // 2
    name = axes_of(settings)[1]
    words = (name, f"/ groups: {shape['slices']}") if settings["groups"] > 1 else (name, shape["slices"])
    return (
        f'<text class="number" x="{LEFT - 8}" y="{middle - 3}" text-anchor="end">height</text>'
        f'<text class="number" x="{LEFT - 8}" y="{middle + 11}" text-anchor="end">{high}</text>'
        f'<text class="number" x="{LEFT + shape["wide"] // 2}" y="{bottom + 14}" text-anchor="middle">'
        f"width {wide}</text>"
        f'<text class="number" x="{x}" y="{y - 3}">{words[0]}</text>'
        f'<text class="number" x="{x}" y="{y + 11}">{words[1]}</text>'
    )


def bracket(start, end, y, words):
    """Return a bracket below the blocks with what they are."""
    return (
        f'<path class="bracket" d="M{start} {y}v6h{end - start}v-6"/>'
        f'<text x="{(start + end) // 2}" y="{y + 22}" text-anchor="middle">{words}</text>'
    )


def described(settings, lit):
    """Say what the weight consists of, and what of it makes the output that is looked at."""
    high, wide = settings["kernel"]
    slices = counted(sliced(settings), "slice")
    if not settings["transposed"]:
        each = f"Each output channel has a filter of {slices} of {high} × {wide}"
        return f"{each}, a slice for each input channel that it reads. Filter {lit} is marked."
    group, first, last = read_by(settings, lit)
    number = lit - group * (settings["out_channels"] // settings["groups"])
    ins = f"input channel {first}" if first == last else f"input channels {first} to {last}"
    each = f"Each input channel has a block of {slices} of {high} × {wide}"
    return f"{each}, a slice for each output channel that it adds to. Slice {number} of {ins} is marked."
