"""`winograd`: two outputs of a kernel of three from four products."""

from bookkit.drawings.canvas import Canvas, text_width
from bookkit.drawings.style import NOTE, ROLES, front

RADIUS = 0.085  # inches, of a node
PITCH = 0.58  # inches from one product down to the next
DATA, MIXED, PRODUCT, OUTPUT = 0.0, 0.95, 3.5, 4.35  # inches, where nodes and boxes stand

# For each product: the data that are added and subtracted, what is written for them and for the kernel.
MIXES = (
    ((0,), (2,), "d0 − d2", "g0"),
    ((1, 2), (), "d1 + d2", "(g0 + g1 + g2) / 2"),
    ((2,), (1,), "d2 − d1", "(g0 − g1 + g2) / 2"),
    ((3,), (1,), "d3 − d1", "g2"),
)
OUTPUTS = (((0, 1, 2), ()), ((1, 3), (2,)))  # the products that are added and subtracted


def winograd():
    """Draw Winograd's two outputs of a kernel of three weights: four data, four products, two outputs.

        winograd()

    A solid line adds, a dashed one subtracts. Returns a matplotlib Figure.
    """
    canvas = Canvas()
    for place, (added, subtracted, data, kernel) in enumerate(MIXES):
        y = -place * PITCH
        for number in (*added, *subtracted):
            ends = [(DATA + RADIUS, -number * PITCH), (MIXED, y)]
            canvas.line(ends, ROLES["input"], width=1.6, dashed=number in subtracted)
        _product(canvas, y, data, kernel)
        canvas.circle(PRODUCT, y, RADIUS)
        canvas.text(PRODUCT, y + 0.15, f"m{place}", "center", NOTE)
    for place, (added, subtracted) in enumerate(OUTPUTS):
        y = -(place + 1) * PITCH
        for product in (*added, *subtracted):
            ends = [(PRODUCT + RADIUS, -product * PITCH), (OUTPUT - RADIUS, y)]
            canvas.line(ends, ROLES["output"], width=1.6, dashed=product in subtracted)
        canvas.circle(OUTPUT, y, RADIUS, front(ROLES["output"]))
        canvas.text(OUTPUT + 0.15, y - 0.05, f"y{place}")
    for place in range(4):
        canvas.circle(DATA, -place * PITCH, RADIUS, front(ROLES["input"]))
        canvas.text(DATA - 0.15, -place * PITCH - 0.05, f"d{place}", "right")
    heads = {DATA: "data", (MIXED + PRODUCT) / 2: "mixed data × mixed kernel", OUTPUT: "outputs"}
    for x, name in heads.items():
        canvas.text(x, 0.42, name, "center", NOTE, bold=True)
    canvas.footnote("A solid line adds, a dashed line subtracts. Each row is one multiplication.")
    return canvas.figure()


def _product(canvas, y, data, kernel):
    """Write a row's two factors, each in a box of its operand's colour, from x = MIXED on."""
    left = MIXED
    for name, widest, color in ((data, "d0 − d2", "input"), (kernel, "(g0 + g1 + g2) / 2", "weight")):
        wide = text_width(widest, NOTE) + 0.12
        canvas.rectangle(left, y - 0.13, wide, 0.26, edge=ROLES[color], width=1.4)
        canvas.text(left + wide / 2, y - 0.05, name, "center", NOTE)
        if color == "input":
            canvas.text(left + wide + 0.12, y - 0.05, "×", "center")
        left += wide + 0.24
