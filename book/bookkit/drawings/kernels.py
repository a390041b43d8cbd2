"""`kernels`: filters for a spectrogram, as they lie on its picture, with frequency upwards."""

import math

from bookkit.drawings.canvas import Canvas
from bookkit.drawings.cells import rule
from bookkit.drawings.style import FULL_WIDTH, GRAY, NOTE, ROLES, front

CELL = 0.2  # inches
GAP = 0.28  # inches between filters


def kernels(filters):
    """Draw 2-D filters by name: a square for each number, solid where the number is positive.

        kernels({"rise": [[-1, 0, 1]], "line": [[-1], [2], [-1]]})

    A square's area grows with the number, and the largest number of each filter fills its cell; nothing is
    drawn for 0. The first row is drawn at the bottom, as a spectrogram's lowest frequency is.

    Returns a matplotlib Figure. Raises ValueError for a filter without rows, with rows of different lengths,
    or with nothing but zeros, and when the filters are too wide for a page.
    """
    canvas = Canvas()
    left = 0.0
    for name, rows in filters.items():
        rows = [[float(number) for number in row] for row in rows]
        if not rows or len({len(row) for row in rows}) != 1 or not any(map(any, rows)):
            raise ValueError(f"{name} expects rows of one length, not all of them 0, got {rows}.")
        panel = _kernel(name, rows)
        canvas.add(panel, left=left)
        left += panel.width() + GAP
    canvas.text(0.0, canvas.box()[1] - 0.2, "up: frequency, to the right: time", size=NOTE)
    canvas.text(0.0, canvas.box()[1] - 0.2, "solid: positive, open: negative", size=NOTE)
    if canvas.width() > FULL_WIDTH:
        raise ValueError(f"the filters are {canvas.width():.1f} inches wide, and a page {FULL_WIDTH:.1f}.")
    return canvas.figure()


def _kernel(name, rows):
    """Draw one filter: its grid, a square in each cell, its name above."""
    canvas = Canvas()
    height, width = len(rows), len(rows[0])
    largest = max(abs(number) for row in rows for number in row)
    for i, row in enumerate(rows):
        for j, number in enumerate(row):
            side = 0.86 * CELL * math.sqrt(abs(number) / largest)
            if side:
                fill = front(ROLES["weight"]) if number > 0 else "none"
                x, y = (j + 0.5) * CELL - side / 2, (i + 0.5) * CELL - side / 2
                canvas.rectangle(x, y, side, side, fill)
    rule(canvas, 0.0, height * CELL, height, width, CELL, CELL, color=GRAY, width=0.4)
    canvas.rectangle(0, 0, width * CELL, height * CELL)
    canvas.text(width * CELL / 2, height * CELL + 0.09, name, "center", bold=True)
    return canvas
