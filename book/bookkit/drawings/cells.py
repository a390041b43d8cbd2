"""Grids of numbered cells: an image, or memory, number by number."""

from bookkit.drawings.style import NOTE, ROLES

CELL = 0.27  # inches; holds three digits


def grid(canvas, left, top, rows, tall=CELL, wide=CELL):
    """Draw a grid whose upper left corner is (left, top), with the numbers of `rows` in it."""
    height, width = len(rows), len(rows[0])
    for i, row in enumerate(rows):
        for j, number in enumerate(row):
            canvas.text(left + (j + 0.5) * wide, top - (i + 0.5) * tall - 0.05, str(number), "center", NOTE)
    rule(canvas, left, top, height, width, tall, wide, width=0.5)
    canvas.rectangle(left, top - height * tall, width * wide, height * tall)


def rule(canvas, left, top, rows, columns, tall, wide, **style):
    """Draw the lines inside a grid of `rows` and `columns` whose upper left corner is (left, top).

    `tall` and `wide` are a cell's sides; `style` is what `Canvas.line` takes.
    """
    right, bottom = left + columns * wide, top - rows * tall
    for row in range(1, rows):
        canvas.line([(left, top - row * tall), (right, top - row * tall)], **style)
    for column in range(1, columns):
        canvas.line([(left + column * wide, top), (left + column * wide, bottom)], **style)


def frame(canvas, left, top, height, width, tall=CELL, wide=CELL):
    """Draw a thick frame around cells: `height` rows and `width` columns from (left, top) on."""
    canvas.rectangle(left, top - height * tall, width * wide, height * tall, edge=ROLES["input"], width=2.6)


def numbers(height, width):
    """Return 0, 1, 2, ... in rows: an image in which every pixel says where it lies in memory."""
    return [[i * width + j for j in range(width)] for i in range(height)]


def part(image, top, left, height, width):
    """Return `height` rows and `width` columns of a list of lists, from (top, left) on."""
    return [row[left : left + width] for row in image[top : top + height]]


def in_one_row(rows):
    """Return a list of lists as one list, row after row."""
    return [number for row in rows for number in row]
