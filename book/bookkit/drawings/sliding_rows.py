"""`sliding_rows`: one shifted copy in memory, and what each row of the kernel reads of it."""

from bookkit.drawings.canvas import Canvas
from bookkit.drawings.cells import CELL, frame, grid, in_one_row, numbers, part
from bookkit.drawings.checks import check_kernel, check_shape
from bookkit.drawings.style import FULL_WIDTH, NOTE


def sliding_rows(image, kernel):
    """Draw the second shifted copy of an image as it lies in memory, and below it the kernel's rows.

        sliding_rows((4, 5), kernel=(3, 3))

    `image` and `kernel` are heights and widths. What a row of the kernel reads is one piece of the copy, and
    each row's piece begins one row of the image later.

    Returns a matplotlib Figure. Raises TypeError or ValueError for sizes that are no such pair, for a kernel
    larger than the image, and for a copy that is too long to be drawn.
    """
    height, width = check_shape("image", image)
    tall, wide = check_kernel(kernel, (height, width))
    copy, out_height = width - wide + 1, height - tall + 1
    cell = min(0.36, FULL_WIDTH / (height * copy))
    if cell < CELL:
        raise ValueError(f"an image of {height} x {width} is too long to be drawn as one row.")
    shift = min(1, wide - 1)
    memory = in_one_row(part(numbers(height, width), 0, shift, height, copy))
    canvas = Canvas()
    canvas.text(0, 0.42, f"the copy shifted by {shift}, as it lies in memory:", size=NOTE)
    for row in range(height):
        middle = (row + 0.5) * copy * cell
        canvas.text(middle, 0.12, f"row {row}" if copy * cell > 0.5 else str(row), "center", NOTE)
    grid(canvas, 0, 0, [memory], wide=cell)
    for row in range(1, height):
        canvas.line([(row * copy * cell, 0), (row * copy * cell, -CELL)], width=2)
    y = -CELL
    for u in range(tall):
        y -= 0.2
        left, count = u * copy * cell, out_height * copy
        grid(canvas, left, y, [memory[u * copy : u * copy + count]], wide=cell)
        frame(canvas, left, y, 1, count, wide=cell)
        y -= CELL
        canvas.text(left + count * cell / 2, y - 0.2, f"kernel row {u}", "center", NOTE)
        y -= 0.2
    return canvas.figure()
