"""`matrices`: small matrices of weights between 0 and 1, as squares that are more or less full."""

import numpy as np

from bookkit.drawings.canvas import Canvas, line_pitch, text_width
from bookkit.drawings.style import FULL_WIDTH, ROLES, TEXT, front

CELL = 0.2  # inches
GAP = 0.4  # inches, between two matrices
LABEL_GAP = 0.06  # inches, between a matrix and the labels of its rows and columns
CAPITAL = 0.73 * TEXT / 72  # inches, the height of a capital letter


def matrices(named, rows=(), columns=()):
    """Draw matrices (out, in) side by side: a row for each channel that comes out.

        matrices({"average": np.repeat(np.eye(4), 2, axis=1) / 2})

    `named` maps a name to an array of two axes that holds numbers from 0 to 1. A square is full as far as its
    number says: 1 is full, 0 is empty. `rows` and `columns` are short labels, one for each row and column of
    every matrix, written left of it and above it.

    Returns a matplotlib Figure. Raises ValueError without matrices, for other numbers or axes, for another
    number of labels, and where the matrices are wider together than a figure.
    """
    if not named:
        raise ValueError("matrices() expects at least one matrix, got none.")
    canvas, left = Canvas(), 0.0
    margin = max((text_width(row) + LABEL_GAP for row in rows), default=0.0)
    for name, matrix in named.items():
        matrix = _checked(name, matrix)
        for labels, length, axis in ((rows, len(matrix), "rows"), (columns, matrix.shape[1], "columns")):
            if len(labels) not in (0, length):
                raise ValueError(f"The matrix {name!r} has {length} {axis}, got {len(labels)} labels.")
        left += margin
        out_channels, in_channels = matrix.shape
        words = [name, f"{in_channels} to {out_channels}"]
        wide = max(in_channels * CELL, *(text_width(text, bold=True) for text in words))
        start = left + (wide - in_channels * CELL) / 2
        _draw_matrix(canvas, start, matrix)
        for place, label in enumerate(rows):
            middle = (out_channels - place - 0.5) * CELL
            canvas.text(start - LABEL_GAP, middle - CAPITAL / 2, label, "right")
        for place, label in enumerate(columns):
            canvas.text(start + (place + 0.5) * CELL, out_channels * CELL + LABEL_GAP, label, "center")
        canvas.lines(left + wide / 2, -0.24, words, "center", bold=[0])
        left += wide + GAP
    wide = left - GAP
    if wide > FULL_WIDTH:
        raise ValueError(
            f"The matrices are {wide:.1f} inches wide, and a figure {FULL_WIDTH:.1f}; draw fewer."
        )
    key = "Full is 1, half full is 1/2, empty is 0."
    canvas.text(wide / 2, -0.34 - 2 * line_pitch(), key, "center")
    return canvas.figure()


def _checked(name, matrix):
    """Return `matrix` as an array. Raises ValueError where it cannot be drawn."""
    matrix = np.asarray(matrix, dtype=float)
    if matrix.ndim != 2 or matrix.size == 0:
        raise ValueError(f"The matrix {name!r} expects two axes and at least one number, got {matrix.shape}.")
    if matrix.min() < 0 or matrix.max() > 1:
        raise ValueError(f"The matrix {name!r} expects numbers from 0 to 1.")
    return matrix


def _draw_matrix(canvas, left, matrix):
    """Draw one matrix above the line y = 0."""
    for (row, column), value in np.ndenumerate(matrix):
        x, y = left + column * CELL, (len(matrix) - 1 - row) * CELL
        if value:
            canvas.rectangle(x, y, CELL, CELL * float(value), front(ROLES["weight"]), width=0)
        canvas.rectangle(x, y, CELL, CELL, width=0.5)
