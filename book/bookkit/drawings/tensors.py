"""`tensors`: tensors as blocks, side by side, all to one scale."""

from bookkit.drawings.blocks import (
    LONGEST,
    block,
    label_depth,
    label_face,
    scale_sentence,
    shortening,
    slanted,
    visible,
)
from bookkit.drawings.canvas import Canvas
from bookkit.drawings.checks import check_shape, sizes_by_letter
from bookkit.drawings.style import FULL_WIDTH, GAP, ROLES
from bookkit.drawings.wording import shape_text, some, with_gaps


def tensors(shapes, layout="NCHW", roles=None):
    """Draw tensors as blocks, all to one scale: height up, width across, channels going back.

        tensors({"input": (1, 64, 256, 256), "output": (1, 64, 254, 254)})
        tensors({"PyTorch": (1, 3, 64, 64), "TensorFlow": ((1, 64, 64, 3), "NHWC")})

    `shapes` gives each name a shape, or a pair of shape and layout. `layout` is a string of the letters N, C,
    H and W in any order; H and W have to be there. A batch of more than one is drawn as that many blocks,
    from four on as the first two and the last. `roles` colours them: for each name "input", "output" or
    "weight"; without it the first is an input and the others are outputs. Where an axis cannot be drawn to
    scale, a line under the figure says so.

    Returns a matplotlib Figure. Raises TypeError when `shapes` is no dict, is empty, or holds what is not a
    sequence, ValueError for a shape, a layout or roles that cannot be drawn.
    """
    if not isinstance(shapes, dict) or not shapes:
        raise TypeError(
            'tensors() expects a dict like {"input": (1, 64, 256, 256)}, got ' + repr(shapes) + "."
        )
    described = {}
    for name, value in shapes.items():
        pair = isinstance(value, tuple) and len(value) == 2 and isinstance(value[1], str)
        shape, own_layout = value if pair else (value, layout)
        described[name] = (check_shape(name, shape), own_layout, sizes_by_letter(name, shape, own_layout))
    roles = ["input"] + ["output"] * (len(shapes) - 1) if roles is None else list(roles)
    if len(roles) != len(shapes) or not set(roles) <= set(ROLES):
        raise ValueError(
            f"roles expects one of {', '.join(ROLES)} for each of {len(shapes)} tensors, got {roles}."
        )

    sizes = [size for _, _, size in described.values()]
    side = 1.5 if len(sizes) == 1 else 1.05
    while True:  # smaller and smaller, until two stand in a row, or one where they would get too small
        unit, depth_unit = _units(sizes, side)
        items = [
            _tensor(name, *parts, unit, depth_unit, ROLES[role])
            for (name, parts), role in zip(described.items(), roles, strict=True)
        ]
        widest = max(item.width() for item in items)
        if side < 0.3 or widest < (FULL_WIDTH if len(items) == 1 or side < 0.8 else (FULL_WIDTH - GAP) / 2):
            break
        side *= 0.9
    canvas = _in_rows(items)
    canvas.footnote(scale_sentence(sizes, unit, depth_unit))
    return canvas.figure()


def _units(sizes, side):
    """Return inches per element of height and width, and of channels: the same where that can be drawn.

    `side` is how long the longest height or width may get.
    """
    longest = max(max(size["H"], size["W"]) for size in sizes)
    deepest = max(size.get("C", 1) for size in sizes)
    unit = min(side / longest, LONGEST / deepest)
    if unit * longest < 0.3:
        unit = (side if len(sizes) > 1 else side / 3) / longest
    return unit, unit / shortening(unit, deepest)


def _tensor(name, shape, layout, size, unit, depth_unit, color):
    """Draw one tensor: a block for each item of its batch that is shown, and its name below."""
    n, c, h, w = (size.get(axis, 1) for axis in "NCHW")
    width, height, depth = visible(w * unit, h * unit, c * depth_unit)
    pitch = width + slanted(depth)[0] + 0.15
    canvas = Canvas()
    for place, (_, skipped) in enumerate(with_gaps(some(n, 3, {1}))):
        x = place * pitch + (0.35 if skipped else 0)
        if skipped:
            canvas.ellipsis(x - 0.23, height / 2, dx=0.08)
        block(canvas, x, 0, width, height, depth, color, cuts=(1, 1, c))
    end = x + width
    clear = label_face(canvas, width, height, w, h)
    if "C" in size:
        label_depth(canvas, end, depth, "channels", c, clear)
    bottom = -0.22
    if n > 1:
        bottom -= 0.15
        canvas.bracket(0, end, bottom)
        canvas.text(end / 2, bottom - 0.2, f"batch {n}", "center")
        bottom -= 0.2
    left, _, right, _ = canvas.box()
    canvas.lines((left + right) / 2, bottom - 0.32, [name, shape_text(shape), layout], "center", bold=[0])
    return canvas


def _in_rows(items):
    """Put canvases side by side, their bottoms level, in as many rows as the width asks for."""
    rows, widths = [[]], [0.0]
    for item in items:
        if rows[-1] and widths[-1] + GAP + item.width() > FULL_WIDTH:
            rows.append([])
            widths.append(0.0)
        widths[-1] += item.width() + (GAP if rows[-1] else 0)
        rows[-1].append(item)
    canvas = Canvas()
    y = 0.0
    for items_of_row, width in zip(rows, widths, strict=True):
        row = Canvas()
        x = (max(widths) - width) / 2
        for item in items_of_row:
            row.add(item, left=x, bottom=0)
            x = row.box()[2] + GAP
        canvas.add(row, top=y)
        y = canvas.box()[1] - GAP
    return canvas
