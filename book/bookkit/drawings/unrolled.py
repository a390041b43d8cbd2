"""`unrolled`: a convolution's matrix, for one filter."""

from bookkit.drawings.canvas import Canvas, text_width
from bookkit.drawings.checks import check_shape
from bookkit.drawings.shifts import check_axes
from bookkit.drawings.style import FULL_WIDTH, NOTE, ROLES, front

TALL = 0.18  # inches, the height of a row of the matrix
SMALLEST = 0.045  # inches, the width of a column


def unrolled(size, filter_shape):
    """Draw the matrix by which one filter multiplies the flattened image: a filled cell holds a weight.

        unrolled((5, 7), (2, 3, 4))

    `size` is the image's height and width, `filter_shape` is (channels, kernel height, kernel width). A row
    is an output pixel, named by its row and column; a column is an input number, in the order of memory.

    Returns a matplotlib Figure. Raises ValueError for shapes that cannot be drawn, TypeError for none.
    """
    height, width = check_axes("size", check_shape("size", size), 2)
    channels, tall, wide = check_axes("filter", check_shape("filter", filter_shape), 3)
    out = height - tall + 1, width - wide + 1
    if min(out) < 1:
        raise ValueError(f"the kernel of {tall} by {wide} is larger than the image of {height} by {width}.")
    pixels = height * width
    unit = (FULL_WIDTH - text_width("0, 0", NOTE) - 0.1) / (channels * pixels)
    if unit < SMALLEST:
        raise ValueError(f"a matrix of {channels * pixels} columns is too wide to draw.")

    canvas = Canvas()
    end = channels * pixels * unit
    rows = [(i, j) for i in range(out[0]) for j in range(out[1])]
    for place, (i, j) in enumerate(rows):
        y = -(place + 1) * TALL
        for c in range(channels):
            for u in range(tall):
                first = c * pixels + (i + u) * width + j  # the first of `wide` weights in a row
                left, fill = first * unit, front(ROLES["weight"])
                canvas.rectangle(left, y, wide * unit, TALL, fill, width=0.3)
                for v in range(1, wide):
                    canvas.line([(left + v * unit, y), (left + v * unit, y + TALL)], width=0.3)
        canvas.text(-0.08, y + 0.045, f"{i}, {j}", "right", NOTE)
    bottom = -len(rows) * TALL
    for place in range(len(rows) + 1):
        canvas.line([(0, -place * TALL), (end, -place * TALL)], width=0.8 if place in (0, len(rows)) else 0.3)
    for column in range(0, channels * pixels + 1, width):
        thick = column % pixels == 0
        canvas.line([(column * unit, 0.05 * thick), (column * unit, bottom)], width=1.6 if thick else 0.5)
    for c in range(channels):
        canvas.text((c + 0.5) * pixels * unit, 0.1, f"channel {c}: {pixels} columns", "center", NOTE)
    return canvas.figure()
