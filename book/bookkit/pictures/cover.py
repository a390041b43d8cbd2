"""The cover: a weight that is 32 channels deep above an input that has 64, to one scale."""

from bookkit.drawings.blocks import block
from bookkit.drawings.canvas import Canvas, text_width
from bookkit.drawings.style import HATCH, ROLES, WRONG, front

PITCH = 0.068  # inches a channel
FACE = 0.62  # inches, the height of a channel
BACK = 0.5  # inches, how far a channel goes back
SIZE = 17  # points
EXPECTED, GOT = 32, 64


def cover():
    """A weight of 32 channels above an input of 64, the last 32 of which are hatched as too many."""
    canvas = Canvas()
    _row(canvas, 1.62, EXPECTED, ROLES["weight"], "expected")
    _row(canvas, 0.0, GOT, ROLES["input"], "got")
    end = EXPECTED * PITCH
    canvas.rectangle(end, 0, (GOT - EXPECTED) * PITCH, FACE, front(WRONG), hatch=HATCH)
    canvas.line([(end, -0.1), (end, 1.62)], WRONG, width=1.6, dashed=True)
    return canvas


def _row(canvas, y, channels, color, word):
    """Draw `channels` channels side by side, with the word and the number above them."""
    block(canvas, 0, y, channels * PITCH, FACE, BACK, color, (channels, 1, 1))
    top = y + FACE + 0.4
    canvas.text(0, top, word, size=SIZE)
    canvas.text(text_width(f"{word} ", SIZE) + 0.02, top, str(channels), size=SIZE, bold=True)


def missing():
    """A page that was expected, and the dashed place where it should be."""
    canvas = Canvas()
    for row, (word, found) in enumerate((("expected 1", True), ("got 0", False))):
        x = 2.6 * row
        canvas.text(x, 0.95, word, size=SIZE)
        if found:
            block(canvas, x, 0, 1.0, 0.75, 0.14, ROLES["weight"])
        else:
            canvas.rectangle(x, 0, 1.0, 0.75, edge=WRONG, width=1.6, dashed=True)
    return canvas


def preview():
    """Draw what other sites show of the book where somebody has linked to it: the title beside the cover."""
    canvas = cover()
    left, bottom, _, top = canvas.box()
    middle, wide = (bottom + top) / 2, 5.3
    canvas.lines(left - wide, middle + 0.75, ["Expected 32,", "Got 64"], size=42, bold=(0, 1))
    canvas.lines(left - wide, middle - 0.75, ["Tensor shapes, channels,", "weights and groups"], size=20)
    return canvas
