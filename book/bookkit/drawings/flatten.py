"""`flatten`: how a tensor becomes one long row."""

from bookkit.drawings.bars import SPAN, TALL, Bar, compared
from bookkit.drawings.blocks import label_face
from bookkit.drawings.canvas import Canvas, text_width
from bookkit.drawings.cells import rule
from bookkit.drawings.checks import check_count, check_shape, sizes_by_every_letter
from bookkit.drawings.style import GRAY, HATCH, NOTE, ROLES, front, tint
from bookkit.drawings.wording import counted, numeral, shape_text, some, with_gaps

MOST_CELLS = 12  # a run of more numbers is drawn without a cell for each


def flatten(shape, layout="CHW", expected=None):
    """Draw how a tensor becomes one long row: which numbers stand side by side.

        flatten((3, 2, 2))
        flatten((64, 256, 256), expected=32 * 256 * 256)
        flatten((256, 256, 64), layout="HWC")

    `layout` is CHW, where a run is one channel of H x W numbers, or HWC, where a run is one pixel of C
    numbers. `expected` is the number of features that a linear layer expects: a second bar shows it to
    the scale of the row.

    Returns a matplotlib Figure. Raises TypeError when `shape` is not a sequence, ValueError for a shape, a
    layout or a number of features that cannot be drawn.
    """
    shape = check_shape("tensor", shape)
    if layout not in ("CHW", "HWC"):
        raise ValueError(f"layout expects CHW or HWC, got {layout!r}.")
    size = sizes_by_every_letter("tensor", shape, layout, "CHW")
    c, h, w = (size[axis] for axis in "CHW")
    total = c * h * w
    if expected is not None:
        check_count("expected", expected)

    by_pixel = layout == "HWC"
    canvas = Canvas()
    canvas.add(_sheets(c, h, w, marked=by_pixel), center=SPAN / 2, bottom=0)
    canvas.lines(SPAN / 2, -0.3, [f"{shape_text(shape)} {layout}, flattened:"], "center")
    canvas.add(_row_by_pixel(c, h, w) if by_pixel else _row_by_channel(c, h, w), center=SPAN / 2, top=-0.45)
    bottom = canvas.box()[1]
    runs = counted(h * w, "pixels") if by_pixel else counted(c, "channels")
    numbers = counted(c if by_pixel else h * w, "numbers")
    canvas.text(SPAN / 2, bottom - 0.3, f"{runs} × {numbers} = {counted(total, 'features')}", "center")
    if expected is not None:
        bars = compared(
            Bar(f"the row holds {numeral(total)}", total, ROLES["input"]),
            Bar(f"the layer expects {numeral(expected)}", expected, ROLES["weight"]),
        )
        canvas.add(bars, center=SPAN / 2, top=bottom - 0.5)
    if by_pixel:
        canvas.footnote("Hatched: pixel 0, 0, on the sheets and in the row.")
    return canvas.figure()


def _channel_color(channel, count):
    """Return a sheet's colour: a shade of the input's. Of more than four, two and the last have one."""
    if count > 4 and 2 <= channel < count - 1:
        return front(tint(GRAY, 0.4))
    shade = (-0.4, 0.0, 0.4, 0.7)[channel if count <= 4 or channel < 2 else 2]
    return front(tint(ROLES["input"], shade))


def _sheets(c, h, w, marked):
    """Draw channels as sheets of paper, the first in front; `marked` hatches the first pixel of each."""
    unit = 1.1 / max(h, w)
    width, height = (max(0.12, n * unit) for n in (w, h))
    canvas = Canvas()
    for channel in reversed(some(c, 4, {1})):
        level = channel if c <= 4 or channel < 2 else 3  # level 2 is left out
        x, y = level * 0.24, level * 0.2
        canvas.rectangle(x, y, width, height, _channel_color(channel, c))
        if max(h, w) <= 8:
            rule(canvas, x, y + height, h, w, unit, unit, width=0.5)
        if marked:
            wide, tall = (min(max(unit, 0.1), length) for length in (width, height))
            color = _channel_color(channel, c)
            canvas.rectangle(x, y + height - tall, wide, tall, color, hatch=HATCH)
        canvas.text(x + width + 0.1, y - 0.02, f"channel {channel}", size=NOTE)
    if c > 4:
        level, step = 1.95, 0.35  # about level 2
        canvas.ellipsis(width + 0.3 + level * 0.24, level * 0.2, dx=step * 0.24, dy=step * 0.2)
    label_face(canvas, width, height, w, h)
    return canvas


def _row_by_channel(c, h, w):
    """Draw the flattened row where a run is one channel."""

    def fill(canvas, x, wide, channel):
        canvas.rectangle(x, 0, wide, TALL, _channel_color(channel, c))
        if h * w <= MOST_CELLS:
            for cell in range(1, h * w):
                edge = x + wide * cell / (h * w)
                canvas.line([(edge, 0), (edge, TALL)], width=0.5)

    return _row(c, h * w, lambda channel: f"channel {channel}", fill)


def _row_by_pixel(c, h, w):
    """Draw the flattened row where a run is one pixel; the first one is hatched, as on the sheets."""

    def cells(canvas, x, wide, pixel):
        for channel in range(c):
            color, width = _channel_color(channel, c), 0.5 if c > 1 else 0.8
            hatch = HATCH if pixel == 0 else None
            canvas.rectangle(x + wide * channel / c, 0, wide / c, TALL, color, width=width, hatch=hatch)

    def in_short(canvas, x, wide, pixel):
        first, last = 0.3, wide - 0.15  # where the channels begin and end that are left out
        hatch = HATCH if pixel == 0 else None
        canvas.rectangle(x, 0, 0.15, TALL, _channel_color(0, c), hatch=hatch)
        canvas.rectangle(x + 0.15, 0, first - 0.15, TALL, _channel_color(1, c), hatch=hatch)
        canvas.rectangle(x + first, 0, last - first, TALL)
        canvas.rectangle(x + last, 0, wide - last, TALL, _channel_color(c - 1, c), hatch=hatch)
        canvas.ellipsis(x + (first + last) / 2, TALL / 2, dx=0.1)

    fill = cells if c <= MOST_CELLS else in_short
    return _row(h * w, c, lambda pixel: f"pixel {pixel // w}, {pixel % w}", fill)


def _row(runs, each, name_of, fill):
    """Draw the row's first runs and its last, each of `each` numbers, with its name and its length.

    `fill(canvas, x, wide, run)` draws what is in a run's frame, which begins at `x`.
    """
    shown = some(runs, 4 if runs * each <= 48 else 3, {1})
    count = counted(each, "numbers")
    canvas = Canvas()
    x = 0.0
    for run, skipped in with_gaps(shown):
        if skipped:
            canvas.ellipsis(x + 0.2, TALL / 2, dx=0.1)
            x += 0.4
        name = name_of(run)
        wide = max(0.6 if len(shown) > 3 else 1.0, *(text_width(text, NOTE) + 0.12 for text in (name, count)))
        fill(canvas, x, wide, run)
        canvas.rectangle(x, 0, wide, TALL, width=1.2)
        canvas.lines(x + wide / 2, -0.18, [name, count], "center", size=NOTE)
        x += wide
    return canvas
