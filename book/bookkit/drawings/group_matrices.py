"""`group_matrices`: the matrices of one convolution with different numbers of groups, number by number."""

import itertools

import numpy as np

from bookkit.drawings.canvas import Canvas
from bookkit.drawings.checks import check_count, check_divisible
from bookkit.drawings.style import FULL_WIDTH, NOTE, front, group_colors

ROW = 0.06  # inches, the height of a row
LEFT = 0.5  # inches for the names of the outputs


def group_matrices(matrices, in_channels, out_channels):
    """Draw matrices one below the other: a coloured cell is a number that is not zero.

        group_matrices({1: matrix, 2: other}, in_channels=4, out_channels=4)

    `matrices` is a dict of number of groups and 2-D array: rows are the output's numbers, channel by channel,
    columns the input's. Lines divide them into blocks of one output and one input channel. Cells are coloured
    by the group of their output channel.

    Returns a matplotlib Figure. Raises ValueError when the numbers of channels do not divide a matrix, or
    the groups not the channels.
    """
    canvas = Canvas()
    for groups, matrix in matrices.items():
        matrix = np.asarray(matrix)
        for name, count, axis in (("out_channels", out_channels, 0), ("in_channels", in_channels, 1)):
            check_divisible(name, check_count(name, count), groups)
            if matrix.ndim != 2 or matrix.shape[axis] % count:
                raise ValueError(f"a matrix of shape {matrix.shape} has no blocks for {name}={count}.")
        panel = _matrix(matrix, in_channels, out_channels, groups)
        canvas.add(panel, left=0.0, top=canvas.box()[1] - 0.2 if canvas.marks else 0.0)
    canvas.footnote("A coloured cell is a number that is not zero. One colour is one group.")
    return canvas.figure()


def _matrix(matrix, in_channels, out_channels, groups):
    """Draw one matrix, its blocks and their names."""
    canvas = Canvas()
    rows, columns = matrix.shape
    wide, tall = FULL_WIDTH - LEFT, ROW * rows
    cell = wide / columns
    colors = group_colors(range(groups))
    rows_of_group = rows // groups
    for row, numbers in enumerate(matrix):
        column = 0
        for filled, run in itertools.groupby(numbers != 0):
            length = len(list(run))
            if filled:  # neighbours in a row are one rectangle
                fill = front(colors[row // rows_of_group])
                canvas.rectangle(column * cell, -(row + 1) * ROW, length * cell, ROW, fill, width=0)
            column += length
    for channel in range(in_channels + 1):
        x = channel * wide / in_channels
        canvas.line([(x, 0), (x, -tall)])
    for channel in range(out_channels + 1):
        y = -channel * tall / out_channels
        canvas.line([(0, y), (wide, y)])
    for channel in range(in_channels):
        canvas.text((channel + 0.5) * wide / in_channels, -tall - 0.17, f"in {channel}", "center", size=NOTE)
    for channel in range(out_channels):
        y = -(channel + 0.5) * tall / out_channels - 0.05
        canvas.text(-0.08, y, f"out {channel}", "right", size=NOTE)
    canvas.text(wide / 2, 0.09, f"groups={groups}", "center", bold=True)
    return canvas
