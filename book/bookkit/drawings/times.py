"""`times`: how long implementations take, and how much of it their products need."""

from bookkit.drawings.canvas import Canvas, text_width
from bookkit.drawings.style import BLACK, FULL_WIDTH, HATCH, IMPLEMENTATIONS, NOTE, front

PITCH = 0.36  # inches from one bar down to the next
TALL = 0.24  # inches, of a bar
FRAMEWORKS = {"torch": "PyTorch", "tensorflow": "TensorFlow"}  # by the first word of a bar's name


def times(split, limit):
    """Draw a bar for each time in `split`, in the colour of its framework: hatched as far as its products go.

        times({"conv2d": (70.4, 50.9), "torch": (56.6, None)}, limit=50.9)

    `split` maps a name to (milliseconds, those of its products), with None where the products are not known:
    such a bar has no hatching. A dashed line marks `limit`.

    Returns a matplotlib Figure. Raises ValueError when nothing is to be drawn, for a time that is not above
    zero, and for products that take longer than the whole.
    """
    if not split or not all(0 < (part or 1e-9) <= whole for whole, part in split.values()):
        raise ValueError(f"times() expects names with a time above 0 and a part of it, got {split!r}.")
    names = max(text_width(name, NOTE) for name in split)
    longest = max(limit, *(whole for whole, _ in split.values()))
    span = FULL_WIDTH - names - 0.1 - 0.45
    unit = span / longest
    canvas = Canvas()
    for place, (name, (whole, part)) in enumerate(split.items()):
        y = -place * PITCH
        color = front(IMPLEMENTATIONS[FRAMEWORKS.get(name.partition(" ")[0], "NumPy")])
        canvas.text(-0.1, y + 0.07, name, "right", NOTE)
        canvas.rectangle(0, y, whole * unit, TALL, color)
        if part is not None:
            canvas.rectangle(0, y, part * unit, TALL, color, hatch=HATCH)
        canvas.text(span + 0.42, y + 0.07, f"{whole:.1f}", "right", NOTE)
    bottom = -(len(split) - 1) * PITCH
    canvas.line([(limit * unit, TALL + 0.06), (limit * unit, bottom - 0.06)], BLACK, width=1.4, dashed=True)
    canvas.text(limit * unit, TALL + 0.12, "limit", "center", NOTE)
    canvas.footnote("Milliseconds of processor time; hatched: products at the peak.")
    return canvas.figure()
