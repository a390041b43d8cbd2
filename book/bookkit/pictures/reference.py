"""The small pictures of the reference: pages to look things up."""

from bookkit.drawings.blocks import block
from bookkit.drawings.style import GRAY, HATCH, ROLES, WRONG, front

from .sheet import Sheet, lines_of_text

WEIGHT, INPUT, OUTPUT = ROLES["weight"], ROLES["input"], ROLES["output"]


def reference():
    """A page of messages, one of them underlined."""
    sheet = Sheet()
    sheet.rectangle(0, 0, 0.72, 0.9, edge=GRAY, width=1.2)
    lines_of_text(sheet, 0.1, 0.76, (0.5, 0.42, 0.5, 0.34, 0.46))
    sheet.line([(0.1, 0.41), (0.6, 0.41)], WRONG, width=2)
    return sheet


def decoder():
    """A message, and the two numbers in it."""
    sheet = Sheet()
    sheet.rectangle(0, 0.46, 1.3, 0.36, edge=GRAY, width=1.2)
    lines_of_text(sheet, 0.1, 0.7, (1.05, 0.8), WRONG)
    for x, color in ((0.2, WEIGHT), (0.76, INPUT)):
        sheet.line([(x + 0.17, 0.46), (x + 0.17, 0.26)], GRAY, width=1.2)
        sheet.rectangle(x, 0.0, 0.34, 0.24, front(color))
    return sheet


def explain_it_where_it_fails():
    """A layer that fails between two that don't, and a line that says so."""
    sheet = Sheet()
    for place in range(3):
        block(sheet, 0.42 * place, 0.34, 0.22, 0.32, 0.12, WEIGHT)
    sheet.rectangle(0.42, 0.34, 0.22, 0.32, front(WRONG), hatch=HATCH)
    sheet.line([(0.53, 0.28), (0.53, 0.12)], WRONG, width=1.4)
    lines_of_text(sheet, 0.2, 0.06, (0.9,), WRONG)
    return sheet


def messages():
    """Many messages, one below the other."""
    sheet = Sheet()
    for place, length in enumerate((1.0, 0.76, 0.9, 0.62, 0.84)):
        color = (WRONG, GRAY)[place % 2]
        sheet.rectangle(0, 0.72 - 0.18 * place, 0.06, 0.12, color, edge=color)
        lines_of_text(sheet, 0.16, 0.78 - 0.18 * place, (length,))
    return sheet


def ledger():
    """Claims, each with what came out."""
    sheet = Sheet()
    for place, holds in enumerate((True, False, True)):
        y = 0.62 - 0.3 * place
        lines_of_text(sheet, 0, y, (0.8,))
        if holds:
            sheet.line([(1.0, y), (1.07, y - 0.08), (1.22, y + 0.1)], OUTPUT, width=2.6)
        else:
            sheet.line([(1.02, y - 0.09), (1.2, y + 0.09)], WRONG, width=2.6)
            sheet.line([(1.02, y + 0.09), (1.2, y - 0.09)], WRONG, width=2.6)
    return sheet


def versions():
    """The same message in three versions; one words it differently."""
    sheet = Sheet()
    for place in range(3):
        x = 0.44 * place
        sheet.rectangle(x, 0, 0.36, 0.72, edge=GRAY, width=1.2)
        lines_of_text(sheet, x + 0.07, 0.58, (0.22, 0.16, 0.22, 0.12), WRONG if place == 2 else GRAY)
    return sheet
