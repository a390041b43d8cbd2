"""`im2col`: the pixels under the kernel as the columns of a matrix."""

from bookkit.drawings.canvas import Canvas, text_width
from bookkit.drawings.cells import CELL, frame, grid, in_one_row, numbers, part
from bookkit.drawings.checks import check_kernel, check_shape
from bookkit.drawings.style import FULL_WIDTH, NOTE, ROLES, front

SMALL = 0.2  # inches, the side of a filter's cells
APART = 0.5  # inches between the left half and the right one


def im2col(image, kernel):
    """Draw an image of one channel, its matrix of columns, one filter, and the output of their product.

        im2col((4, 5), kernel=(3, 3))

    `image` and `kernel` are heights and widths. The second place of the kernel is marked in the image, the
    matrix and the output.

    Returns a matplotlib Figure. Raises TypeError or ValueError for sizes that are no such pair, for a kernel
    larger than the image, and for a matrix too large to be drawn.
    """
    height, width = check_shape("image", image)
    tall, wide = check_kernel(kernel, (height, width))
    out_height, out_width = height - tall + 1, width - wide + 1
    places, terms = out_height * out_width, tall * wide
    half = max(width * CELL, terms * SMALL, text_width(f"one filter, 1 × {terms}", NOTE))
    other = max(places * CELL, text_width(f"columns, {terms} × {places}", NOTE))
    if half + APART + other > FULL_WIDTH or height * width > 1000:
        raise ValueError(f"an image of {height} x {width} has too many places of the kernel to be drawn.")
    pixels = numbers(height, width)
    spots = [(i, j) for i in range(out_height) for j in range(out_width)]
    windows = [in_one_row(part(pixels, i, j, tall, wide)) for i, j in spots]
    marked = min(1, places - 1)

    canvas = Canvas()
    left = (half - width * CELL) / 2
    grid(canvas, left, 0, pixels)
    row, column = spots[marked]
    frame(canvas, left + column * CELL, -row * CELL, tall, wide)
    canvas.text(half / 2, 0.12, f"image, {height} × {width}", "center", NOTE)

    right, floor = half + APART + (other - places * CELL) / 2, -max(terms, height + 2) * CELL
    top = floor + terms * CELL
    grid(canvas, right, top, [list(row) for row in zip(*windows, strict=True)])
    frame(canvas, right + marked * CELL, top, terms, 1)
    canvas.text(right + places * CELL / 2, top + 0.12, f"columns, {terms} × {places}", "center", NOTE)

    below = floor - 0.2
    _strip(canvas, half - terms * SMALL, below, terms, SMALL, ROLES["weight"])
    canvas.text(half - terms * SMALL / 2, below - CELL - 0.2, f"one filter, 1 × {terms}", "center", NOTE)
    _strip(canvas, right, below, places, CELL, ROLES["output"])
    canvas.rectangle(right + marked * CELL, below - CELL, CELL, CELL, width=2.6)
    canvas.text(right + places * CELL / 2, below - CELL - 0.2, f"output, 1 × {places}", "center", NOTE)
    canvas.footnote("Thick: pixels under the kernel, their column, their output.")
    return canvas.figure()


def _strip(canvas, left, top, count, wide, color):
    """Draw a row of `count` filled cells."""
    for cell in range(count):
        canvas.rectangle(left + cell * wide, top - CELL, wide, CELL, front(color), width=0.5)
    canvas.rectangle(left, top - CELL, count * wide, CELL)
