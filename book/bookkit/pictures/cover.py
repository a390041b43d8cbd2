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
