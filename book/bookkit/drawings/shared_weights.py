"""`shared_weights`: a convolution in one dimension, each pixel joined to the outputs that read it."""

from bookkit.drawings.canvas import Canvas
from bookkit.drawings.checks import check_count
from bookkit.drawings.style import NOTE, ROLES, front

RADIUS = 0.085  # inches, of a pixel's node
PITCH = 0.36  # inches from one pixel down to the next
REACH = 2.4  # inches from the pixels to the outputs
DASHES = (False, (4, 2), (1.2, 1.4), (5, 1.4, 1.2, 1.4), (8, 3))  # one for each weight


def shared_weights(pixels, kernel):
    """Draw a convolution in one dimension: which pixel meets which weight, for each output.

        shared_weights(5, kernel=3)

    Pixels x0, x1, ... stand on the left, outputs y0, y1, ... on the right. All lines of one style are one
    weight.

    Returns a matplotlib Figure. Raises ValueError when a number is no whole number from 1 on, when the kernel
    is longer than the row of pixels, or when it has more weights than there are styles of lines.
    """
    check_count("pixels", pixels)
    check_count("kernel", kernel)
    if kernel > min(pixels, len(DASHES)):
        raise ValueError(
            f"kernel expects at most {min(pixels, len(DASHES))} weights for {pixels} pixels, got {kernel}."
        )
    outputs = pixels - kernel + 1
    canvas = Canvas()
    first = (kernel - 1) / 2  # the outputs stand in the middle, each at the height of the pixels it reads
    for tap in range(kernel):
        for out in range(outputs):
            ends = [(RADIUS, -(out + tap) * PITCH), (REACH - RADIUS, -(out + first) * PITCH)]
            canvas.line(ends, ROLES["weight"], width=2, dashed=DASHES[tap])
    for number in range(pixels):
        canvas.circle(0, -number * PITCH, RADIUS, front(ROLES["input"]))
        canvas.text(-0.17, -number * PITCH - 0.05, f"x{number}", "right")
    for number in range(outputs):
        canvas.circle(REACH, -(number + first) * PITCH, RADIUS, front(ROLES["output"]))
        canvas.text(REACH + 0.17, -(number + first) * PITCH - 0.05, f"y{number}")
    for x, name in ((0, "pixels"), (REACH, "outputs")):
        canvas.text(x, 0.28, name, "center", bold=True)
    _key(canvas, REACH + 0.95, -(pixels - 1) / 2 * PITCH, kernel)
    canvas.text(REACH / 2, -(pixels - 1) * PITCH - 0.42, "forward: read →", "center", size=NOTE)
    canvas.text(REACH / 2, -(pixels - 1) * PITCH - 0.64, "← backward: add up", "center", size=NOTE)
    return canvas.figure()


def _key(canvas, x, middle, kernel):
    """Draw a line of each weight's style with its name; the list is centred at the height `middle`."""
    for tap in range(kernel):
        y = middle - (tap - (kernel - 1) / 2) * PITCH
        canvas.line([(x, y), (x + 0.55, y)], ROLES["weight"], width=2, dashed=DASHES[tap])
        canvas.text(x + 0.65, y - 0.05, f"w{tap}")
