"""Two bars under one another, to one scale, with what one has more than the other."""

import dataclasses

from bookkit.drawings.canvas import Canvas, text_width
from bookkit.drawings.style import HATCH, WRONG, front
from bookkit.drawings.wording import numeral

SPAN = 4.6  # inches, the length of the longer bar
TALL = 0.24  # inches


@dataclasses.dataclass
class Bar:
    """A bar of `count` cells in equal `groups`, with its text above."""

    text: str
    count: int
    color: str
    groups: int = 1


def compared(has, wants):
    """Draw two Bars to one scale; mark on the first what it has too many or lacks."""
    canvas = Canvas()
    unit = SPAN / max(has.count, wants.count)
    _bar(canvas, has, 0.0, unit)
    missing = wants.count - has.count
    if missing < 0:
        canvas.rectangle(wants.count * unit, -0.34, -missing * unit, TALL, front(WRONG), hatch=HATCH)
    if missing > 0:
        canvas.rectangle(has.count * unit, -0.34, missing * unit, TALL, dashed=True, edge=WRONG, width=1.4)
    _bar(canvas, wants, -0.68, unit)
    if not missing:
        canvas.text(0, -1.26, "They agree.", bold=True)
        return canvas
    words = f"{numeral(missing)} missing" if missing > 0 else f"{numeral(-missing)} too many"
    start, stop = sorted((has.count * unit, wants.count * unit))
    wide = text_width(words, bold=True)
    middle = min(max((start + stop) / 2, wide / 2), SPAN - wide / 2)
    canvas.line([(start, -1.1), (start, -1.16), (stop, -1.16), (stop, -1.1)], WRONG, width=1.4)
    canvas.text(middle, -1.36, words, "center", bold=True)
    return canvas


def _bar(canvas, bar, y, unit):
    """Draw a bar below its text, whose baseline is at `y`; a cell is `unit` inches wide."""
    canvas.text(0, y, bar.text)
    canvas.rectangle(0, y - 0.34, bar.count * unit, TALL, front(bar.color))
    if unit >= 0.045:
        for cell in range(1, bar.count):
            canvas.line([(cell * unit, y - 0.34), (cell * unit, y - 0.1)], width=0.5)
    if bar.count * unit / bar.groups > 0.2:
        for group in range(1, bar.groups):
            edge = bar.count * unit * group / bar.groups
            canvas.line([(edge, y - 0.4), (edge, y - 0.04)], width=2)
