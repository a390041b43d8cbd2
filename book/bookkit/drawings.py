"""The book's figures: tensors, weights, wiring, flattening and the mismatch, drawn from shapes alone.

End a cell in one of these calls: each returns a matplotlib Figure, which Jupyter shows once, as one SVG.
Importing this module sets matplotlib up as `bookkit.sketch` says, also for plots of your own; `PALETTE` holds
the colours to use there.

Every function raises ValueError or TypeError, in one sentence, for a shape or a layout that it cannot draw.
"""

import itertools
import math

from bookkit import sketch
from bookkit.sketch import (
    GROUPS,
    MAX_WIDTH,
    NOTE,
    ROLES,
    TEXT,
    WRONG,
    Sketch,
    block,
    slanted,
    text_width,
    tint,
)

PALETTE = {
    "blue": sketch.BLUE,
    "orange": sketch.ORANGE,
    "green": sketch.GREEN,
    "vermilion": sketch.VERMILION,
    "purple": sketch.PURPLE,
    "sky": sketch.SKY,
    "gray": sketch.GRAY,
    "black": sketch.BLACK,
}

__all__ = ["PALETTE", "flatten", "mismatch", "tensors", "weights", "wiring"]

AXES = {"N": "batch", "C": "channels", "H": "height", "W": "width"}
THINNEST = 0.03  # inches; an axis that would be drawn thinner is drawn like this, and the figure says so
LONGEST = 1.6  # inches of the channel axis
RADIUS = 0.085  # inches, of a channel's node
GAP = 0.25  # inches between neighbours
FULL = MAX_WIDTH - 0.12  # inches, what is left between a figure's margins
STEP = 1.35 * TEXT / 72  # from one line of text to the next


# tensors


def tensors(shapes, layout="NCHW", roles=None):
    """Draw tensors as blocks, all to one scale: height up, width across, channels going back.

        tensors({"input": (1, 64, 256, 256), "output": (1, 64, 254, 254)})
        tensors({"PyTorch": (1, 3, 64, 64), "TensorFlow": ((1, 64, 64, 3), "NHWC")})

    `shapes` gives each name a shape, or a pair of shape and layout. `layout` is a string of the letters N, C,
    H and W in any order; H and W have to be there. A batch of more than one is drawn as that many blocks,
    from four on as the first two and the last. `roles` colours them: for each name "input", "output" or
    "weight"; without it the first is an input and the others are outputs. Where an axis cannot be drawn to
    scale, a line under the figure says so.
    """
    if not isinstance(shapes, dict) or not shapes:
        raise TypeError(
            'tensors() expects a dict like {"input": (1, 64, 256, 256)}, got ' + repr(shapes) + "."
        )
    described = {}
    for name, value in shapes.items():
        pair = isinstance(value, tuple) and len(value) == 2 and isinstance(value[1], str)
        shape, own_layout = value if pair else (value, layout)
        described[name] = (_shape(name, shape), own_layout, _sizes(name, shape, own_layout))
    roles = ["input"] + ["output"] * (len(shapes) - 1) if roles is None else list(roles)
    if len(roles) != len(shapes) or not set(roles) <= set(ROLES):
        raise ValueError(
            f"roles expects one of {', '.join(ROLES)} for each of {len(shapes)} tensors, got {roles}."
        )

    sizes = [size for _, _, size in described.values()]
    side = 1.5 if len(sizes) == 1 else 1.05
    while True:
        face, depth = _scales(sizes, side)
        items = [
            _tensor(name, *parts, face, depth, ROLES[role])
            for (name, parts), role in zip(described.items(), roles, strict=True)
        ]
        widest = max(right - left for left, _, right, _ in (item.box() for item in items))
        if side < 0.3 or widest < (FULL if len(items) == 1 or side < 0.8 else (FULL - GAP) / 2):
            break
        side *= 0.9
    result = _in_rows(items)
    _note(result, _scale_note(sizes, face, depth))
    return result.figure()


def _tensor(name, shape, layout, size, face, depth, color):
    n, c, h, w = (size.get(axis, 1) for axis in "NCHW")
    width, height, back = (max(length, THINNEST) for length in (w * face, h * face, c * depth))
    shown = list(range(n)) if n <= 3 else [0, 1, n - 1]
    pitch = width + slanted(back)[0] + 0.15
    result = Sketch()
    for place, index in enumerate(shown):
        x = place * pitch + (0.35 if index > place else 0)
        if index > place:
            for dot in (-0.31, -0.23, -0.15):
                result.circle(x + dot, height / 2, 0.014, sketch.BLACK, width=0)
        block(result, x, 0, width, height, back, color, cuts=(1, 1, c))
    end = x + width
    clear = _face_labels(result, width, height, (h, w))
    if "C" in size:
        _depth_label(result, end, back, "channels", c, clear)
    bottom = -0.22
    if n > 1:
        bottom -= 0.15
        result.bracket(0, end, bottom)
        result.text(end / 2, bottom - 0.2, f"batch {n}", "center")
        bottom -= 0.2
    left, _, right, _ = result.box()
    result.lines((left + right) / 2, bottom - 0.32, [name, _tuple(shape), layout], "center", bold=[0])
    return result


def _stacked(result, x, y, name, number, align):
    """Write an axis's name above its length, centred on `y`, on the side of `x` that `align` says."""
    wide = max(text_width(name), text_width(_number(number)))
    x += wide / 2 if align == "left" else -wide / 2
    result.lines(x, y + 0.03, [name, _number(number)], "center")


def _face_labels(result, width, height, numbers):
    """Name the axes of a front at (0, 0), which are `numbers` long. Return where the width's name ends."""
    _stacked(result, -0.08, max(height / 2, 0.17), "height", numbers[0], "right")
    label = f"width {_number(numbers[1])}"
    result.text(width / 2, -0.22, label, "center")
    return (width + text_width(label)) / 2


def _depth_label(result, right, depth, name, number, clear=0.0):
    """Name the axis that goes back from x = `right`; keep the name right of `clear`."""
    dx, dy = slanted(depth)
    _stacked(result, max(right + dx / 2 + 0.1, clear + 0.12), dy / 2 - 0.16, name, number, "left")


def _scales(sizes, side):
    """Return inches per element of height and width, and of channels: the same where that can be drawn."""
    longest = max(max(size["H"], size["W"]) for size in sizes)
    deepest = max(size.get("C", 1) for size in sizes)
    face = min(side / longest, LONGEST / deepest)
    if face * longest < 0.3:
        face = (side if len(sizes) > 1 else side / 3) / longest
    return face, face / _shorter(face, deepest)


def _shorter(unit, deepest):
    """Return by what whole number the channel axis has to be shortened."""
    return math.ceil(unit * deepest / LONGEST - 1e-9) if unit * deepest > LONGEST else 1


def _scale_note(sizes, face, depth):
    note = "Drawn to scale"
    if face != depth:
        note += f", but channels {round(face / depth)} times too short"
    if any(
        size[axis] * (depth if axis == "C" else face) < THINNEST - 1e-9
        for size in sizes
        for axis in "CHW"
        if axis in size
    ):
        note += "; what would be too thin to see is drawn thicker"
    return note + "."


# weights


def weights(shape, layout="OIHW", groups=1):
    """Draw a convolution's weight as a row of filters, each a block of in / groups channels.

        weights((4, 3, 3, 3))
        weights((3, 3, 1, 6), layout="HWIO", groups=3)

    `layout` is an order of O, I, H and W. Up to four filters are all drawn, of more the first two, and the
    last; with `groups` above 1 also the last of the first group and the first of the next. Filters are
    coloured by group.
    """
    shape = _shape("weight", shape)
    size = _named("weight", shape, layout, "OIHW")
    _divisible("out_channels", size["O"], groups)
    per_group = size["O"] // groups
    shown = _some(size["O"], 4, {per_group - 1, per_group} if groups > 1 else {1})
    colors = _group_colors(index // per_group for index in shown) if groups > 1 else {0: ROLES["weight"]}

    longest = LONGEST
    while True:
        unit = max(
            0.15 / max(size["H"], size["W"]), min(0.16, longest / size["I"], 1.0 / max(size["H"], size["W"]))
        )
        shorter = math.ceil(unit * size["I"] / longest - 1e-9) if unit * size["I"] > longest else 1
        result = _filters(size, shown, per_group, colors, unit, unit / shorter)
        left, bottom, right, _ = result.box()
        if right - left < FULL or longest < 0.3:
            break
        longest *= 0.9
    result.lines((left + right) / 2, bottom - 0.32, [_tuple(shape), layout], "center", bold=[0])
    _note(result, _scale_note([dict(size, C=size["I"])], unit, unit / shorter))
    return result.figure()


def _filters(size, shown, per_group, colors, unit, depth_unit):
    """Filters in a row, those named in `shown`, with their axes, numbers and the bracket over all of them."""
    width, height, depth = (
        max(THINNEST, length) for length in (size["W"] * unit, size["H"] * unit, size["I"] * depth_unit)
    )
    grouped = per_group < size["O"]
    result = Sketch()
    pitch = max(width + 0.3, text_width(f"filter {size['O'] - 1}", NOTE) + 0.15)
    x = 0.0
    for place, index in enumerate(shown):
        if place:
            x += pitch
            if index != shown[place - 1] + 1:
                x += 0.3
                for dot in (-0.08, 0, 0.08):
                    result.circle(x - (pitch + 0.3 - width) / 2 + dot, 0.04, 0.014, sketch.BLACK, width=0)
        group = index // per_group
        block(
            result,
            x,
            0,
            width,
            height,
            depth,
            colors[group],
            cuts=(size["W"], size["H"], size["I"]),
            fineness=0.045,
        )
        result.lines(
            x + width / 2, -0.45, [f"filter {index}"] + [f"group {group}"] * grouped, "center", size=NOTE
        )
    end = x + width
    clear = _face_labels(result, width, height, (size["H"], size["W"]))
    _depth_label(
        result,
        end,
        depth,
        "in / groups" if grouped else "in_channels",
        size["I"],
        clear if len(shown) == 1 else 0.0,
    )
    bottom = result.box()[1]
    result.bracket(0, end, bottom - 0.12)
    result.text(end / 2, bottom - 0.33, f"out_channels {_number(size['O'])}", "center")
    return result


def _group_colors(groups):
    """Return a colour for each of `groups`; those that are drawn side by side differ."""
    return {group: GROUPS[place % len(GROUPS)] for place, group in enumerate(dict.fromkeys(groups))}


# wiring


def wiring(in_channels, out_channels, groups=1, fed=None):
    """Draw which output channels are computed from which input channels: one line is one kernel.

        wiring(6, 4, groups=2)
        wiring(3, 4, fed=1)

    Inputs stand on the left, outputs on the right, lines are coloured by group. `in_channels` is what the
    weight wants, weight.shape[1] x groups. `fed` is how many channels the input really has: those missing are
    dashed, with their lines, and those too many have no line. Of many channels only some are drawn, and a
    line says how many there are.
    """
    for name, value in (("in_channels", in_channels), ("out_channels", out_channels)):
        _count(name, value)
        _divisible(name, value, groups)
    fed = in_channels if fed is None else _count("fed", fed)
    wanted, made = in_channels // groups, out_channels // groups
    limit = 6 if groups == 1 else 4
    pieces = []
    for group in _some(groups, 4, {1, min(fed // wanted, groups - 1)}):
        edge = fed - group * wanted  # the first channel of this group that is missing
        keep = {edge - 1, edge} if 0 < edge < wanted else {1}
        pieces.append(
            (
                group,
                [group * wanted + i for i in _some(wanted, limit, keep)],
                [group * made + o for o in _some(made, limit, {1})],
            )
        )
    colors = {0: ROLES["input"]} if groups == 1 else _group_colors(group for group, _, _ in pieces)

    result = Sketch()
    reach, pitch = 2.0, 0.3
    y = 0.0
    nodes = []
    for place, (group, inputs, outputs) in enumerate(pieces):
        if place and group != pieces[place - 1][0] + 1:
            for x in (0, reach):
                _dots(result, x, y)
            y -= 0.45
        tall = max(_height(inputs, pitch), _height(outputs, pitch))
        starts = _column(result, inputs, 0, y - (tall - _height(inputs, pitch)) / 2, pitch)
        ends = _column(result, outputs, reach, y - (tall - _height(outputs, pitch)) / 2, pitch)
        for missing in (False, True):  # dashed lines last, on top
            for i in inputs:
                for o in outputs if (i >= fed) == missing else []:
                    _wire(result, starts[i], ends[o], reach, WRONG if missing else colors[group], missing)
        nodes += [(0, level, i, "missing" if i >= fed else "", colors[group]) for i, level in starts.items()]
        nodes += [(reach, level, o, "", colors[group]) for o, level in ends.items()]
        if groups > 1:
            edge = reach + 0.5
            result.line(
                [
                    (edge - 0.06, y + 0.06),
                    (edge, y + 0.06),
                    (edge, y - tall - 0.06),
                    (edge - 0.06, y - tall - 0.06),
                ]
            )
            result.text(edge + 0.1, y - tall / 2 - 0.05, f"group {group}")
        y -= tall + 0.42
    if fed > in_channels:
        extra = [in_channels + more for more in _some(fed - in_channels, 4, {1})]
        levels = _column(result, extra, 0, y + 0.42 - pitch, pitch)
        nodes += [(0, level, channel, "no weight", WRONG) for channel, level in levels.items()]
    for x, level, channel, state, color in nodes:
        missing = state == "missing"
        result.circle(
            x,
            level,
            RADIUS,
            "none" if missing else tint(color, 0.15),
            dashed=missing,
            width=1.1 if missing else 0.8,
            hatch="/////" if state == "no weight" else None,
        )
        side = -1 if x == 0 else 1
        result.text(
            x + side * 0.17,
            level - 0.05,
            f"{state}  {channel}".strip(),
            "right" if side < 0 else "left",
            size=NOTE,
        )
    for x, name in ((0, "input"), (reach, "output")):
        result.lines(x, 0.3 + STEP, [name, "channels"], "center", bold=[0])
    drawn = sum(len(inputs) * len(outputs) for _, inputs, outputs in pieces)
    kernels = out_channels * wanted
    product = f"{out_channels} × {wanted} = " if wanted > 1 and out_channels > 1 else ""
    some = ", some shown" if drawn < kernels else ""
    _note(result, f"One line is one kernel: {product}{_number(kernels)} in all{some}.")
    return result.figure()


def _column(result, channels, x, y, pitch):
    """Draw dots where channels are left out; return the height of each channel, the first one at `y`."""
    levels = {}
    for place, channel in enumerate(channels):
        if place and channel != channels[place - 1] + 1:
            _dots(result, x, y)
            y -= pitch
        levels[channel] = y
        y -= pitch
    return levels


def _wire(result, start, end, reach, color, dashed):
    """A line from node to node, from edge to edge: a node may be empty."""
    length = math.hypot(reach, end - start)
    dx, dy = RADIUS * reach / length, RADIUS * (end - start) / length
    result.line([(dx, start + dy), (reach - dx, end - dy)], color, width=1.2, dashed=dashed)


def _height(channels, pitch):
    skips = sum(b != a + 1 for a, b in itertools.pairwise(channels))
    return (len(channels) - 1 + skips) * pitch


def _dots(result, x, y):
    for step in (-0.07, 0, 0.07):
        result.circle(x, y + step, 0.014, sketch.BLACK, width=0)


# flatten


def flatten(shape, layout="CHW", expected=None):
    """Draw how a tensor becomes one long row: which numbers stand side by side.

        flatten((3, 2, 2))
        flatten((64, 256, 256), expected=32 * 256 * 256)
        flatten((256, 256, 64), layout="HWC")

    `layout` is CHW, where a run is one channel of H x W numbers, or HWC, where a run is one pixel of C
    numbers. `expected` is the number of features that a linear layer wants: a second bar shows it to the
    scale of the row.
    """
    shape = _shape("tensor", shape)
    if layout not in ("CHW", "HWC"):
        raise ValueError(f"layout expects CHW or HWC, got {layout!r}.")
    size = _named("tensor", shape, layout, "CHW")
    c, h, w = (size[axis] for axis in "CHW")
    total = c * h * w
    if expected is not None:
        _count("expected", expected)

    result = _sheets(c, h, w, marked=layout == "HWC")
    row = _row(layout, c, h, w)
    span = 4.6
    whole = Sketch()
    whole.add(result, center=span / 2, bottom=0)
    whole.lines(span / 2, -0.3, [f"{_tuple(shape)} {layout}, flattened:"], "center")
    whole.add(row, center=span / 2, top=-0.45)
    bottom = whole.box()[1]
    runs, each = (c, h * w) if layout == "CHW" else (h * w, c)
    what = "channels" if layout == "CHW" else "pixels"
    count = f"{_number(runs)} {_plural(what, runs)} × {_number(each)} {_plural('numbers', each)}"
    whole.text(span / 2, bottom - 0.3, f"{count} = {_number(total)} {_plural('features', total)}", "center")
    if expected is not None:
        bars = _bars(
            [
                (f"the row holds {_number(total)}", total, ROLES["input"], 1),
                (f"the layer wants {_number(expected)}", expected, ROLES["weight"], 1),
            ],
            span,
        )
        whole.add(bars, center=span / 2, top=bottom - 0.5)
    if layout == "HWC":
        _note(whole, "Hatched: pixel 0, 0 in every channel." if c > 1 else "Hatched: pixel 0, 0.")
    return whole.figure()


def _channel_color(channel, count):
    """Up to four channels have a colour each; of more, the first two and the last, the rest being gray."""
    colors = (sketch.BLUE, sketch.ORANGE, sketch.GREEN, sketch.PURPLE)
    if count <= 4 or channel < 2:
        color = colors[channel]
    else:
        color = sketch.GREEN if channel == count - 1 else tint(sketch.GRAY, 0.4)
    return tint(color, 0.15)


def _sheets(c, h, w, marked):
    """Channels as sheets of paper, the first one in front; `marked` hatches the first pixel of each."""
    unit = 1.1 / max(h, w)
    width, height = (max(0.12, n * unit) for n in (w, h))
    shown = _some(c, 4, {1})
    result = Sketch()
    for channel in reversed(shown):
        level = channel if c <= 4 or channel < 2 else 3  # level 2 is left out
        x, y = level * 0.24, level * 0.2
        result.rectangle(x, y, width, height, _channel_color(channel, c))
        if max(h, w) <= 8:
            for i in range(1, w):
                result.line([(x + i * unit, y), (x + i * unit, y + height)], width=0.5)
            for i in range(1, h):
                result.line([(x, y + i * unit), (x + width, y + i * unit)], width=0.5)
        if marked:
            wide, tall = (min(max(unit, 0.1), length) for length in (width, height))
            result.rectangle(x, y + height - tall, wide, tall, sketch.GRAY, hatch="/////")
        result.text(x + width + 0.1, y - 0.02, f"channel {channel}", size=NOTE)
    if c > 4:
        for level in (1.6, 1.95, 2.3):
            result.circle(width + 0.3 + level * 0.24, level * 0.2, 0.014, sketch.BLACK, width=0)
    _face_labels(result, width, height, (h, w))
    return result


def _row(layout, c, h, w):
    """The flattened row: its first runs and its last, each with its name and its length."""
    runs, each = (c, h * w) if layout == "CHW" else (h * w, c)
    shown = _some(runs, 4 if runs * each <= 48 else 3, {1})
    result = Sketch()
    x = 0.0
    for place, run in enumerate(shown):
        if place and run != shown[place - 1] + 1:
            for dot in (0.1, 0.2, 0.3):
                result.circle(x + dot, 0.12, 0.014, sketch.BLACK, width=0)
            x += 0.4
        if layout == "CHW":
            name = f"channel {run}"
            fills = [_channel_color(run, c)]
        else:
            name = f"pixel {run // w}, {run % w}"
            fills = [_channel_color(channel, c) for channel in range(each)] if each <= 12 else None
        count = f"{_number(each)} {_plural('numbers', each)}"
        wide = max(
            0.6 if len(shown) > 3 else 1.0, text_width(name, NOTE) + 0.12, text_width(count, NOTE) + 0.12
        )
        if fills is None:  # too many channels for a cell each
            fills = [_channel_color(0, c), _channel_color(1, c), "none", _channel_color(c - 1, c)]
            ends = [0, 0.15, 0.3, wide - 0.15, wide]
            for start, stop, fill in zip(ends, ends[1:], fills, strict=False):
                result.rectangle(x + start, 0, stop - start, 0.24, fill)
            for dot in (-0.1, 0, 0.1):
                result.circle(x + (0.3 + wide - 0.15) / 2 + dot, 0.12, 0.014, sketch.BLACK, width=0)
        elif len(fills) == 1:
            result.rectangle(x, 0, wide, 0.24, fills[0])
            if each <= 12:
                for cell in range(1, each):
                    result.line([(x + wide * cell / each, 0), (x + wide * cell / each, 0.24)], width=0.5)
        else:
            for cell, fill in enumerate(fills):
                result.rectangle(x + wide * cell / each, 0, wide / each, 0.24, fill, width=0.5)
        result.rectangle(x, 0, wide, 0.24, width=1.2)
        result.lines(x + wide / 2, -0.18, [name, count], "center", size=NOTE)
        x += wide
    return result


# mismatch


def mismatch(input_shape, weight_shape, groups=1, layout="NCHW", weight_layout="OIHW"):
    """Draw an input beside one filter of a weight, and their channels side by side, to one scale.

        mismatch((1, 64, 256, 256), (64, 32, 3, 3))
        mismatch((1, 3, 64, 64), (4, 3, 3, 3), groups=2)

    The weight wants in / groups x groups channels. What the input has too many is hatched, what it lacks is
    dashed, and the two numbers that disagree are underlined. Where they agree, nothing is marked, and the
    figure says so.
    """
    input_shape = _shape("input", input_shape)
    weight_shape = _shape("weight", weight_shape)
    size = _sizes("input", input_shape, layout)
    if "C" not in size:
        raise ValueError(f"layout expects the letter C, got {layout!r}.")
    kernel = _named("weight", weight_shape, weight_layout, "OIHW")
    _divisible("out_channels", kernel["O"], groups)
    has, wants = size["C"], kernel["I"] * groups
    color = WRONG if has != wants else None

    # The channels of both go back to one scale, so that 64 is twice as deep as 32. A kernel's front has its
    # own.
    span = 4.6
    filters = f"one of {_number(kernel['O'])} {_plural('filters', kernel['O'])}"
    side, longest = 1.2, LONGEST
    while True:
        face = side / max(size["H"], size["W"])
        cell = min(0.12, 0.5 / max(kernel["H"], kernel["W"]))
        depth = min(max(face, THINNEST / min(has, kernel["I"])), longest / max(has, kernel["I"]))
        left = _part("input", input_shape, layout.index("C"), color, size, face, depth, has, ROLES["input"])
        right = _part(
            "weight",
            weight_shape,
            weight_layout.index("I"),
            color,
            kernel,
            cell,
            depth,
            kernel["I"],
            ROLES["weight"],
            groups,
            filters,
        )
        parts = Sketch()
        parts.add(left, left=0)
        parts.add(right, left=parts.box()[2] + GAP)
        if parts.box()[2] < FULL or longest < 0.3:
            break
        side, longest = side * 0.95, longest * 0.9
    whole = Sketch()
    whole.add(parts, center=span / 2, bottom=0)
    formula = "" if groups == 1 else f" = {kernel['I']} × {groups} groups"
    bars = _bars(
        [
            (f"the input has {_channels(has)}", has, ROLES["input"], 1),
            (f"the weight wants {_channels(wants)}{formula}", wants, ROLES["weight"], groups),
        ],
        span,
    )
    whole.add(bars, left=0, top=-0.2)
    thin = min(has, kernel["I"]) * depth < THINNEST - 1e-9
    _note(
        whole,
        "Channels are drawn to one scale, heights and widths are not"
        + ("; what would be too thin to see is drawn thicker." if thin else "."),
    )
    return whole.figure()


def _part(name, shape, axis, color, size, face, depth, channels, fill, groups=1, above=None):
    """One block of `mismatch`, with the channel number of its shape underlined in `color`."""
    result = Sketch()
    width, height, back = (
        max(THINNEST, length) for length in (size["W"] * face, size["H"] * face, channels * depth)
    )
    cuts = (1, 1, channels) if above is None else (size["W"], size["H"], channels)
    block(result, 0, 0, width, height, back, fill, cuts=cuts, fineness=0.03)
    clear = _face_labels(result, width, height, (size["H"], size["W"]))
    _depth_label(result, width, back, "channels", channels, clear)
    dx = slanted(back)[0]
    if above:
        result.text((width + dx) / 2, result.box()[3] + 0.1, above, "center", size=NOTE)
    middle = (result.box()[0] + result.box()[2]) / 2
    numbers = [str(n) for n in shape]
    result.text(middle, -0.55, name, "center", bold=True)
    result.runs(
        middle,
        -0.55 - STEP,
        [
            "(" + "".join(f"{n}, " for n in numbers[:axis]),
            (numbers[axis], color),
            "".join(f", {n}" for n in numbers[axis + 1 :]) + ")",
        ],
    )
    if groups > 1:
        result.runs(middle, -0.58 - 2 * STEP, ["groups ", (str(groups), color)])
    return result


def _bars(rows, span):
    """Two bars to one scale, with what one has more than the other marked on the first."""
    result = Sketch()
    (_, has, _, _), (_, wants, _, _) = rows
    unit = span / max(has, wants)
    y = 0.0
    for index, (text, count, fill, groups) in enumerate(rows):
        result.text(0, y, text)
        result.rectangle(0, y - 0.34, count * unit, 0.24, tint(fill, 0.15))
        if unit >= 0.045:
            for cell in range(1, count):
                result.line([(cell * unit, y - 0.34), (cell * unit, y - 0.1)], width=0.5)
        if count * unit / groups > 0.2:
            for group in range(1, groups):
                edge = count * unit * group / groups
                result.line([(edge, y - 0.4), (edge, y - 0.04)], width=2)
        if index == 0 and has > wants:
            result.rectangle(
                wants * unit, y - 0.34, (has - wants) * unit, 0.24, tint(WRONG, 0.15), hatch="/////"
            )
        if index == 0 and has < wants:
            result.rectangle(
                has * unit, y - 0.34, (wants - has) * unit, 0.24, dashed=True, edge=WRONG, width=1.4
            )
        y -= 0.68
    if has == wants:
        result.text(0, y + 0.1, "They agree.", bold=True)
    else:
        words = f"{_number(has - wants)} too many" if has > wants else f"{_number(wants - has)} missing"
        start, stop = sorted((has * unit, wants * unit))
        wide = text_width(words, TEXT, bold=True)
        middle = min(max((start + stop) / 2, wide / 2), span - wide / 2)
        result.line(
            [(start, y + 0.26), (start, y + 0.2), (stop, y + 0.2), (stop, y + 0.26)], WRONG, width=1.4
        )
        result.text(middle, y, words, "center", bold=True)
    return result


# small helpers


def _in_rows(items):
    """Put sketches side by side, their bottoms level, in as many rows as the width asks for."""
    rows, widths = [[]], [0.0]
    for item in items:
        left, _, right, _ = item.box()
        if rows[-1] and widths[-1] + GAP + right - left > FULL:
            rows.append([])
            widths.append(0.0)
        widths[-1] += right - left + (GAP if rows[-1] else 0)
        rows[-1].append(item)
    result = Sketch()
    y = 0.0
    for row, width in zip(rows, widths, strict=True):
        x = (max(widths) - width) / 2
        line = Sketch()
        for item in row:
            line.add(item, left=x, bottom=0)
            x = line.box()[2] + GAP
        middle = (line.box()[0] + line.box()[2]) / 2
        result.add(line, center=middle, top=y)
        y = result.box()[1] - GAP
    return result


def _note(result, words):
    """Write `words` under the sketch, centred, in as many lines as they need."""
    left, bottom, right, _ = result.box()
    lines = [""]
    for word in words.split():
        longer = f"{lines[-1]} {word}".strip()
        if text_width(longer, NOTE) > FULL:
            lines.append(word)
        else:
            lines[-1] = longer
    result.lines((left + right) / 2, bottom - 0.3, lines, "center", size=NOTE)


def _some(count, limit, keep):
    """Return all of range(count); if that is more than `limit`, the first, those of `keep` and the last."""
    if count <= limit:
        return list(range(count))
    return sorted({0, count - 1} | set(keep))


def _number(number):
    """Return `number` with commas from five digits on."""
    return f"{number:,}" if number >= 10_000 else str(number)


def _plural(noun, count):
    return noun[:-1] if count == 1 else noun


def _channels(count):
    return f"{_number(count)} {_plural('channels', count)}"


def _tuple(shape):
    return f"({shape[0]},)" if len(shape) == 1 else f"({', '.join(str(n) for n in shape)})"


def _count(name, value):
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ValueError(f"{name} expects a whole number from 1 on, got {value!r}.")
    return value


def _divisible(name, count, groups):
    _count("groups", groups)
    if count % groups:
        raise ValueError(f"{name} has to be a multiple of groups, got {count} and groups={groups}.")


def _shape(name, shape):
    """Return `shape` as a tuple of ints from 1 on; a framework's own shape type is fine."""
    try:
        sizes = tuple(shape)
    except TypeError:
        raise TypeError(f"{name} expects a shape like (1, 64, 256, 256), got {shape!r}.") from None
    for size in sizes:
        if isinstance(size, bool) or not isinstance(size, int) or size < 1:
            raise ValueError(f"{name} expects a shape of whole numbers from 1 on, got {sizes}.")
    return sizes


def _named(name, shape, layout, letters):
    """Return {letter: size} of a shape whose layout holds exactly `letters`."""
    if not isinstance(layout, str) or sorted(layout) != sorted(letters):
        raise ValueError(f"{name} expects a layout of the letters {', '.join(letters)}, got {layout!r}.")
    return _sizes(name, shape, layout, letters)


def _sizes(name, shape, layout, letters="NCHW"):
    """Return {letter: size} of a shape whose layout holds H, W and any of `letters`."""
    good = (
        isinstance(layout, str)
        and len(set(layout)) == len(layout)
        and set("HW") <= set(layout) <= set(letters)
    )
    if not good:
        raise ValueError(
            f"{name} expects a layout like NCHW, of different letters and with H and W, got {layout!r}."
        )
    if len(shape) != len(layout):
        raise ValueError(
            f"{name} has {len(shape)} axes in {_tuple(tuple(shape))}, but its layout {layout} names "
            f"{len(layout)}."
        )
    return dict(zip(layout, shape, strict=True))
