"""`shifted_copies`: an image, and its copies shifted by each column of the kernel."""

from bookkit.drawings.canvas import Canvas
from bookkit.drawings.cells import CELL, frame, grid, numbers, part
from bookkit.drawings.checks import check_kernel, check_shape
from bookkit.drawings.style import FULL_WIDTH, NOTE

APART = 0.3  # inches


def shifted_copies(image, kernel):
    """Draw an image of one channel and a copy of it for each column of the kernel, as wide as the output.

        shifted_copies((4, 5), kernel=(3, 3))

    `image` and `kernel` are heights and widths. The second copy is marked, in the image and beside it.

    Returns a matplotlib Figure. Raises TypeError or ValueError for sizes that are no such pair, for a kernel
    larger than the image, and for copies that are too wide to be drawn.
    """
    height, width = check_shape("image", image)
    _, wide = check_kernel(kernel, (height, width))
    copy = width - wide + 1
    across = (width + wide * copy) * CELL + wide * APART
    if across > FULL_WIDTH or height * width > 1000:
        raise ValueError(f"an image of {height} x {width} and its {wide} copies are too wide to be drawn.")
    pixels = numbers(height, width)
    marked = min(1, wide - 1)
    canvas = Canvas()
    grid(canvas, 0, 0, pixels)
    frame(canvas, marked * CELL, 0, height, copy)
    canvas.text(width * CELL / 2, 0.12, "image", "center", NOTE)
    x = width * CELL
    for shift in range(wide):
        x += APART
        grid(canvas, x, 0, part(pixels, 0, shift, height, copy))
        if shift == marked:
            frame(canvas, x, 0, height, copy)
        canvas.text(x + copy * CELL / 2, -height * CELL - 0.2, f"shift {shift}", "center", NOTE)
        x += copy * CELL
    return canvas.figure()
