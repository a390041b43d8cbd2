"""`shifts`: a convolution as a sum of matrix products, one for each place of the kernel."""

from bookkit.drawings.canvas import Canvas, text_width
from bookkit.drawings.cells import rule
from bookkit.drawings.checks import check_shape
from bookkit.drawings.style import FULL_WIDTH, NOTE, ROLES, front
from bookkit.drawings.wording import counted, shape_text

UNIT = 0.1  # inches, the side of a cell; less where that is too wide
SMALLEST = 0.05


def shifts(size, weight_shape):
    """Draw, for each place (u, v) of the kernel, the slice of the weight and the part of the image it meets.

        shifts((5, 7), (6, 2, 3, 3))

    `size` is the image's height and width, `weight_shape` is (out, in, kernel height, kernel width).

    Returns a matplotlib Figure. Raises ValueError for shapes that cannot be drawn, TypeError for none.
    """
    height, width = check_axes("size", check_shape("size", size), 2)
    filters, channels, tall, wide = check_axes("weight", check_shape("weight", weight_shape), 4)
    out = height - tall + 1, width - wide + 1
    if min(out) < 1:
        raise ValueError(f"the kernel of {tall} by {wide} is larger than the image of {height} by {width}.")
    sign, gap = 0.24, 0.3  # inches: room for the sign of the product, and for the plus
    room = FULL_WIDTH / wide - sign - gap
    unit = min(UNIT, room / (channels + width))
    if unit < SMALLEST:
        raise ValueError(f"an image of {size} and a weight of {weight_shape} are too wide to draw.")

    canvas = Canvas()
    step = max((channels + width) * unit + sign, text_width("u = 0, v = 0", NOTE)) + gap
    rows = max(filters, height) * unit
    for u in range(tall):
        for v in range(wide):
            left, middle = v * step, -u * (rows + 0.42)
            bottom = middle - filters * unit / 2
            _cells(canvas, left, bottom, filters, channels, unit, ROLES["weight"])
            canvas.text(left + channels * unit + sign / 2, middle - 0.06, "@", "center")
            image, top = left + channels * unit + sign, middle + height * unit / 2
            canvas.rectangle(image, top - height * unit, width * unit, height * unit)
            _cells(canvas, image + v * unit, top - (u + out[0]) * unit, *out, unit, ROLES["input"])
            canvas.text(left, middle + rows / 2 + 0.09, f"u = {u}, v = {v}", size=NOTE)
            if (u, v) < (tall - 1, wide - 1):
                canvas.text(image + width * unit + 0.12, middle - 0.06, "+", "center")
    bottom = canvas.box()[1] - 0.2
    canvas.text(0, bottom - out[0] * unit / 2 - 0.06, f"{counted(tall * wide, 'products')}, added up =")
    left = text_width(f"{counted(tall * wide, 'products')}, added up =") + 0.15
    _cells(canvas, left, bottom - out[0] * unit, *out, unit, ROLES["output"])
    text = f"output {shape_text((filters, *out))}"
    canvas.text(left + out[1] * unit + 0.15, bottom - out[0] * unit / 2 - 0.06, text)
    canvas.footnote(
        f"Orange: weight[:, :, u, v], {filters} by {channels}. Blue: the part of the image that it "
        f"multiplies, here one of {counted(channels, 'channels')}."
    )
    return canvas.figure()


def check_axes(name, shape, axes):
    """Return `shape` if it has that many axes."""
    if len(shape) != axes:
        raise ValueError(f"{name} expects {axes} axes, got {shape_text(shape)}.")
    return shape


def _cells(canvas, left, bottom, rows, columns, unit, color):
    """Draw a filled grid whose lower left corner is (left, bottom)."""
    canvas.rectangle(left, bottom, columns * unit, rows * unit, front(color))
    rule(canvas, left, bottom + rows * unit, rows, columns, unit, unit, width=0.4)
