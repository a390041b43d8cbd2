"""`one_pixel`: how one number of a convolution's output comes about."""

import numpy as np

from bookkit.drawings.canvas import Canvas, text_width
from bookkit.drawings.cells import rule
from bookkit.drawings.style import FULL_WIDTH, NOTE, ROLES
from bookkit.drawings.wording import signed

LARGEST, SMALLEST = 0.29, 0.22  # inches, the side of a cell


def one_pixel(x, weight, row, column):
    """Draw the window under one output pixel, the filter, their products' sums and where the total goes.

        one_pixel(x[0], weight[0], row=1, column=2)

    `x` holds one image's numbers, (channels, height, width), and `weight` those of one filter,
    (channels, kernel height, kernel width); all of them are whole. The convolution has stride 1 and no
    padding.

    Returns a matplotlib Figure. Raises ValueError for arrays that do not fit, for an output pixel that is
    not there, and for numbers or images too wide to draw.
    """
    x, weight = np.asarray(x), np.asarray(weight)
    if x.ndim != 3 or weight.ndim != 3 or len(x) != len(weight):
        raise ValueError(
            "one_pixel() expects an image and a filter of three axes and as many channels, got "
            f"{x.shape} and {weight.shape}."
        )
    tall, wide = weight.shape[1:]
    output = np.full(
        [size - kernel + 1 for size, kernel in zip(x.shape[1:], (tall, wide), strict=True)], np.nan
    )
    if not (0 <= row < output.shape[0] and 0 <= column < output.shape[1]):
        raise ValueError(f"the output of {output.shape} has no pixel in row {row} and column {column}.")
    parts = (x[:, row : row + tall, column : column + wide] * weight).sum(axis=(1, 2))
    output[row, column] = parts.sum()

    equals = [f"= {signed(part)}" for part in parts]
    between = 0.44 + max(text_width(text) for text in equals) + 0.36  # inches that hold no cells
    cell = min(LARGEST, (FULL_WIDTH - between) / (x.shape[2] + wide + output.shape[1]))
    if cell < SMALLEST:
        raise ValueError(
            f"an image of {x.shape[1:]} and a filter of {weight.shape[1:]} are too wide to draw."
        )

    for number in (*x.flat, *weight.flat, output[row, column]):
        if text_width(signed(number), NOTE) > cell - 0.02:
            raise ValueError(f"{signed(number)} is too long for a cell; use smaller numbers.")

    canvas = Canvas()
    pitch = x.shape[1] * cell + 0.42
    middle = -(len(x) - 1) * pitch / 2 - x.shape[1] * cell / 2  # of the whole figure
    slices = x.shape[2] * cell + 0.34
    sums = slices + wide * cell + 0.1
    bend = sums + between - 0.44 - 0.26
    for channel, text in enumerate(equals):
        top = -channel * pitch
        centre = top - x.shape[1] * cell / 2
        _grid(canvas, 0, top, x[channel], cell, (row, column, tall, wide), ROLES["input"])
        slice_top = centre + tall * cell / 2
        _grid(canvas, slices, slice_top, weight[channel], cell, (0, 0, tall, wide), ROLES["weight"])
        canvas.text(slices - 0.17, centre - 0.06, "×", "center")
        canvas.text(sums, centre - 0.06, text)
        canvas.line(
            [(sums + text_width(text) + 0.06, centre), (bend, centre), (bend, middle), (bend + 0.14, middle)]
        )
        canvas.text(x.shape[2] * cell / 2, top + 0.1, f"channel {channel}", "center")
        canvas.text(slices + wide * cell / 2, slice_top + 0.1, f"slice {channel}", "center")
    left, top = bend + 0.2, middle + output.shape[0] * cell / 2
    _grid(canvas, left, top, output, cell, (row, column, 1, 1), ROLES["output"])
    canvas.text(left + output.shape[1] * cell / 2, top + 0.1, "output", "center")
    return canvas.figure()


def _grid(canvas, left, top, numbers, cell, frame, color):
    """Draw a grid of numbers, none where one is NaN, and a frame at (row, column, height, width)."""
    rows, columns = numbers.shape
    right, bottom = left + columns * cell, top - rows * cell
    canvas.rectangle(left, bottom, right - left, top - bottom)
    rule(canvas, left, top, rows, columns, cell, cell)
    for (i, j), number in np.ndenumerate(numbers):
        if not np.isnan(number):
            x, y = left + (j + 0.5) * cell, top - (i + 0.5) * cell
            canvas.text(x, y - 0.05, signed(number), "center", NOTE)
    i, j, tall, wide = frame
    canvas.rectangle(
        left + j * cell, top - (i + tall) * cell, wide * cell, tall * cell, edge=color, width=2.6
    )
