"""`transpose_and_reshape`: two ways from channels last to one shape, and what each does to the numbers."""

from bookkit.drawings.canvas import Canvas, text_width
from bookkit.drawings.checks import check_shape, sizes_by_every_letter
from bookkit.drawings.style import FULL_WIDTH, NOTE, ROLES, front, tint
from bookkit.drawings.wording import counted, shape_text

CELL = 0.36  # inches, each side of the cell of one number
STRIP = 0.09  # inches of colour at a cell's foot; the number's name is written above it, on no fill
APART = 0.14  # inches between two pixels
MOST_NUMBERS = 12  # as many cells as one row across the figure has room for
SHADES = (-0.4, 0.0, 0.4, 0.7)


def transpose_and_reshape(shape=(2, 2, 3)):
    """Draw an image (height, width, channels), its numbers in memory, and its channels made in two ways.

        transpose_and_reshape((2, 2, 3))

    First `transpose(2, 0, 1)`, then `reshape(channels, height, width)`. A number is named by its channel (R,
    G or B where there are three) and by its pixel; it keeps its name and its shade of blue wherever it goes.

    Returns a matplotlib Figure. Raises TypeError when `shape` is not a sequence, ValueError when it has not
    three axes, more than 4 channels or more than 12 numbers.
    """
    shape = check_shape("image", shape)
    size = sizes_by_every_letter("image", shape, "HWC", "CHW")
    height, width, channels = (size[axis] for axis in "HWC")
    if channels > len(SHADES) or height * width * channels > MOST_NUMBERS:
        raise ValueError(
            f"image expects at most {len(SHADES)} channels and {MOST_NUMBERS} numbers in all, got {shape}."
        )
    numbers = [(pixel, channel) for pixel in range(height * width) for channel in range(channels)]
    by_channel = sorted(numbers, key=lambda number: number[1])
    middle = FULL_WIDTH / 2
    canvas = Canvas()

    def part(title, drawing):
        """Add a drawing below what is there, under its title."""
        below = canvas.box()[1] - 0.42 if canvas.marks else 0.0
        canvas.text(middle, below, title, "center", bold=True)
        canvas.add(drawing, center=middle, top=below - 0.14)

    pixels = counted(height * width, "pixels")
    part(f"{pixels}, {shape_text(shape)} as HWC", _image(height, width, channels))
    part("in memory, one row", _row(numbers, channels))
    part("transpose(2, 0, 1): the axes move", _sheets(by_channel, height, width, channels))
    part(f"reshape{channels, height, width}: the row is cut", _sheets(numbers, height, width, channels))
    return canvas.figure()


def _number(canvas, x, y, number, channels):
    """Draw the cell of one number: its name, and a strip in the shade of its channel below it."""
    pixel, channel = number
    canvas.rectangle(x, y, CELL, STRIP, front(tint(ROLES["input"], SHADES[channel])), width=0.5)
    canvas.rectangle(x, y, CELL, CELL)
    letters = "RGB" if channels == 3 else "ABCD"
    canvas.text(x + CELL / 2, y + STRIP + 0.08, f"{letters[channel]}{pixel}", "center", size=NOTE)


def _grid(canvas, x, y, numbers, width, channels):
    """Draw numbers in rows of `width`, row by row; (x, y) is the upper left corner."""
    for place, number in enumerate(numbers):
        row, column = divmod(place, width)
        _number(canvas, x + column * CELL, y - (row + 1) * CELL, number, channels)


def _image(height, width, channels):
    """Draw the image: a frame for each pixel, the numbers of its channels in it."""
    canvas = Canvas()
    for pixel in range(height * width):
        row, column = divmod(pixel, width)
        x, y = column * (channels * CELL + APART), -row * (CELL + APART)
        _grid(canvas, x, y, [(pixel, channel) for channel in range(channels)], channels, channels)
        canvas.rectangle(x, y - CELL, channels * CELL, CELL, width=1.6)
    return canvas


def _row(numbers, channels):
    """Draw all numbers in one row, as they lie in memory."""
    canvas = Canvas()
    _grid(canvas, 0, 0, numbers, len(numbers), channels)
    return canvas


def _sheets(numbers, height, width, channels):
    """Draw the channels side by side: each takes the next height x width of `numbers`."""
    each = height * width
    step = max(width * CELL, text_width("channel 0", NOTE)) + 0.3
    canvas = Canvas()
    for channel in range(channels):
        x = channel * step
        mine = numbers[channel * each : (channel + 1) * each]
        _grid(canvas, x - width * CELL / 2, 0, mine, width, channels)
        canvas.rectangle(x - width * CELL / 2, -height * CELL, width * CELL, height * CELL, width=1.6)
        canvas.text(x, -height * CELL - 0.2, f"channel {channel}", "center", size=NOTE)
    return canvas
