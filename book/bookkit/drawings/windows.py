"""`windows`: which rows and columns of an image each row and column of a convolution's output reads."""

import itertools

from bookkit.drawings.canvas import Canvas, text_width
from bookkit.drawings.checks import check_count
from bookkit.drawings.style import FULL_WIDTH, GRAY, HATCH, NOTE, ROLES, front

CELL = 0.22  # inches; less where the image is wide
SMALLEST = 0.18
DOT = 0.05  # inches, the radius of a number of the kernel
ROW, COLUMN = "output row", "output column"


def windows(size, kernel_size, stride=1, padding=0, dilation=1):
    """Draw an image and, beside and below it, what each output row and each output column reads of it.

        windows((8, 13), (3, 4), stride=2)
        windows((5, 7), (3, 4), padding=1)

    Each argument is an integer or a pair, for height and for width. A dot is a number of the kernel; in the
    image the dots of output row 0 and column 0 are drawn. Padding is dashed, and what no output reads is
    gray and hatched.

    Returns a matplotlib Figure. Raises ValueError for numbers that are not whole or too small, for a kernel
    that spans more than the padded image, and for an image too wide to draw.
    """
    down = _axis("height", *(_of(value, 0) for value in (size, kernel_size, stride, padding, dilation)))
    across = _axis("width", *(_of(value, 1) for value in (size, kernel_size, stride, padding, dilation)))
    canvas = Canvas()
    left, beside = text_width("00", NOTE) + 0.1, _beside(down, across)
    cell = min(CELL, (FULL_WIDTH - left - beside) / len(across.places))
    if cell < SMALLEST:
        raise ValueError(f"an image of {len(across.places)} columns with its padding is too wide to draw.")

    _image(canvas, down, across, cell)
    for i in range(down.size):
        canvas.text(across.places[0] * cell - 0.08, -(i + 0.5) * cell - 0.05, str(i), "right", NOTE)
    for j in range(across.size):
        canvas.text((j + 0.5) * cell, -down.places[0] * cell + 0.08, str(j), "center", NOTE)
    for i in down.reads[0]:
        for j in across.reads[0]:
            _dot(canvas, (j + 0.5) * cell, -(i + 0.5) * cell)

    right, below = (across.places[-1] + 1) * cell, -(down.places[-1] + 1) * cell
    for number, rows in enumerate(down.reads):
        x = right + 0.25 + number * 0.22
        canvas.line([(x, -(rows[0] + 0.5) * cell), (x, -(rows[-1] + 0.5) * cell)])
        for i in rows:
            _dot(canvas, x, -(i + 0.5) * cell)
        canvas.text(x, -down.places[0] * cell + 0.08, str(number), "center", NOTE)
    canvas.text(right + 0.16, -down.places[0] * cell + 0.28, ROW, size=NOTE)
    for number, columns in enumerate(across.reads):
        y = below - 0.2 - number * 0.2
        canvas.line([((columns[0] + 0.5) * cell, y), ((columns[-1] + 0.5) * cell, y)])
        for j in columns:
            _dot(canvas, (j + 0.5) * cell, y)
        canvas.text(right + 0.16, y - 0.05, f"{COLUMN} {number}", size=NOTE)
    canvas.footnote(_key(down, across))
    return canvas.figure()


class _Axis:
    """One axis: its size, its places with padding, what each output reads, and all that is read."""

    def __init__(self, size, kernel, stride, padding, dilation):
        self.size = size
        self.places = range(-padding, size + padding)
        outputs = (size + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1
        self.reads = [[i * stride + u * dilation - padding for u in range(kernel)] for i in range(outputs)]
        self.read = {place for places in self.reads for place in places}


def _axis(name, size, kernel, stride, padding, dilation):
    """Return the _Axis of checked numbers."""
    counts = {"size": size, "kernel_size": kernel, "stride": stride, "dilation": dilation}
    for label, value in counts.items():
        check_count(label, value)
    if isinstance(padding, bool) or not isinstance(padding, int) or padding < 0:
        raise ValueError(f"padding expects a whole number from 0 on, got {padding!r}.")
    span, padded = dilation * (kernel - 1) + 1, size + 2 * padding
    if span > padded:
        raise ValueError(f"the kernel spans {span} in {name}, but the padded image has {padded}.")
    return _Axis(size, kernel, stride, padding, dilation)


def _of(value, place):
    """Return one of a pair, or the value that is meant for both."""
    return value[place] if isinstance(value, tuple) else value


def _beside(down, across):
    """Return the inches that the outputs' names and the rows' dots need, right of the image."""
    widest = text_width(f"{COLUMN} {len(across.reads) - 1}", NOTE)
    return 0.2 + max(widest, text_width(ROW, NOTE), len(down.reads) * 0.22)


def _image(canvas, down, across, cell):
    """Draw the cells of the image and of its padding, in runs of what looks the same."""
    for i in down.places:
        kinds = [
            (
                not (0 <= i < down.size and 0 <= j < across.size),
                i not in down.read or j not in across.read,
            )
            for j in across.places
        ]
        j = across.places[0]
        for (padded, unread), run in itertools.groupby(kinds):
            wide = len(list(run))
            fill = front(GRAY) if unread else "none" if padded else front(ROLES["input"])
            style = {"dashed": padded, "hatch": HATCH if unread else None}
            canvas.rectangle(j * cell, -(i + 1) * cell, wide * cell, cell, fill, **style)
            j += wide
    for rows in (range(down.places[0], 0), range(down.size), range(down.size, down.places[-1] + 1)):
        for j in across.places[1:] if rows else ():
            padded = rows != range(down.size) or not 0 <= j <= across.size
            ends = [(j * cell, -rows[0] * cell), (j * cell, -(rows[-1] + 1) * cell)]
            canvas.line(ends, dashed=padded)


def _dot(canvas, x, y):
    """Draw a number of the kernel."""
    canvas.circle(x, y, DOT, ROLES["weight"])


def _key(down, across):
    """Return the sentence under the figure."""
    key = "A dot is a number of the kernel."
    if len(down.places) > down.size or len(across.places) > across.size:
        key += " Dashed: padding."
    if len(down.read) < len(down.places) or len(across.read) < len(across.places):
        key += " Gray and hatched: never read."
    return key
