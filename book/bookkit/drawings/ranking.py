"""`ranking`: named counts as bars under one another, to one scale."""

from bookkit.drawings.canvas import Canvas, text_width
from bookkit.drawings.style import FULL_WIDTH, GRAY, front

TALL = 0.17  # inches, of a bar
PITCH = 0.29  # inches, from one bar to the next
SPACE = 0.12  # inches, on either side of a bar


def ranking(counts):
    """Draw a bar for each of `counts`, in their order: its name on the left, its number on the right.

        ranking({"gray, RGB, RGBA": 27, "NHWC for NCHW": 21})

    Returns a matplotlib Figure. Raises ValueError without counts, for a count below 1, and where a name
    leaves too little room for the bars.
    """
    if not counts or any(count < 1 for count in counts.values()):
        raise ValueError(f"ranking() expects names with a count from 1 on, got {counts!r}.")
    names = max(text_width(name) for name in counts)
    largest = max(counts.values())
    span = FULL_WIDTH - names - 2 * SPACE - text_width(str(largest))
    if span < 1:
        raise ValueError(f"The names leave {span:.1f} inches for the bars; shorten the longest.")
    canvas = Canvas()
    for place, (name, count) in enumerate(counts.items()):
        y = -place * PITCH
        canvas.text(names, y, name, "right")
        canvas.rectangle(names + SPACE, y - 0.03, span * count / largest, TALL, front(GRAY))
        canvas.text(names + 2 * SPACE + span * count / largest, y, str(count))
    return canvas.figure()
