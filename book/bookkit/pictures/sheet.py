"""What the small pictures share: a sheet of one size, and marks that several use."""

from bookkit.drawings.blocks import block
from bookkit.drawings.canvas import Canvas
from bookkit.drawings.style import BLACK, GRAY, HATCH, WRONG, front

WIDE, TALL = 1.5, 1.0  # inches


def framed(canvas, wide, tall):
    """Return a canvas as a matplotlib Figure of a size in inches, all that was drawn in its middle."""
    left, bottom, right, top = canvas.box()
    if right - left > wide or top - bottom > tall:
        raise ValueError(
            f"expected at most {wide} x {tall} inches, got {right - left:.2f} x {top - bottom:.2f}."
        )
    frame = Canvas()
    frame.rectangle(0, 0, wide, tall, edge="none")
    frame.add(canvas, center=wide / 2, bottom=(tall - top + bottom) / 2)
    return frame.figure()


class Sheet(Canvas):
    """A canvas whose figure is always WIDE and TALL."""

    def figure(self):
        """Return all of it as a matplotlib Figure."""
        return framed(self, WIDE, TALL)


def slab(canvas, x, y, color, channels, tall=0.4, pitch=0.09, depth=0.16):
    """Draw a block whose channels lie side by side, `pitch` inches each. Return x where it ends."""
    block(canvas, x, y, channels * pitch, tall, depth, color, (channels, 1, 1))
    return x + channels * pitch


def too_many(canvas, x, y, channels, tall=0.4, pitch=0.09):
    """Hatch the front of a slab's channels that are too many."""
    canvas.rectangle(x, y, channels * pitch, tall, front(WRONG), hatch=HATCH)


def cells(canvas, x, y, rows, cell=0.14):
    """Draw a grid of cells from rows of colours (None: empty), its lower left corner at (x, y)."""
    for i, row in enumerate(reversed(rows)):
        for j, color in enumerate(row):
            canvas.rectangle(x + j * cell, y + i * cell, cell, cell, color or "none", width=0.5)


def arrow(canvas, x, y, length=0.22, color=BLACK):
    """Draw an arrow to the right from (x, y)."""
    canvas.line([(x, y), (x + length, y)], color, width=1.2)
    canvas.line(
        [(x + length - 0.06, y + 0.05), (x + length, y), (x + length - 0.06, y - 0.05)], color, width=1.2
    )


def lines_of_text(canvas, x, y, lengths, color=GRAY, pitch=0.15):
    """Draw lines of text as strokes, the first at `y`, the others below it."""
    for place, length in enumerate(lengths):
        at = y - place * pitch
        canvas.line([(x, at), (x + length, at)], color, width=2.2)
