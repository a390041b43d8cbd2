"""The small pictures of the reference: pages to look things up."""

from bookkit.drawings.blocks import block
from bookkit.drawings.style import BLACK, GRAY, GROUPS, HATCH, ROLES, WRONG, front, tint

from .sheet import Sheet, arrow, cells, lines_of_text

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


def calculator():
    """Lines of a model, each with a block as large as its shape; one line fails."""
    sheet = Sheet()
    for place, (length, side) in enumerate(((0.6, 0.26), (0.46, 0.2), (0.54, 0.0), (0.38, 0.12))):
        y = 0.8 - 0.26 * place
        lines_of_text(sheet, 0, y, (length,), GRAY if side else WRONG)
        if side:
            sheet.rectangle(0.86, y - side / 2 + 0.02, 1.4 * side, side * 0.8, front(OUTPUT))
        else:
            sheet.line([(0.86, y - 0.06), (1.0, y + 0.08)], WRONG, width=2.6)
            sheet.line([(0.86, y + 0.08), (1.0, y - 0.06)], WRONG, width=2.6)
    return sheet


def wiring():
    """Input channels wired to output channels in two groups, and the slider that sets it."""
    sheet = Sheet()
    for group, color in enumerate(GROUPS[:2]):
        for out in range(2):
            for channel in range(2):
                start, end = 0.86 - 0.42 * group - 0.18 * channel, 0.86 - 0.42 * group - 0.18 * out
                sheet.line([(0.06, start), (1.1, end)], color, width=1.4)
        for place in range(2):
            y = 0.86 - 0.42 * group - 0.18 * place
            sheet.rectangle(0, y - 0.06, 0.12, 0.12, front(color))
            sheet.rectangle(1.06, y - 0.06, 0.12, 0.12, front(color))
    sheet.line([(0, 0.06), (1.18, 0.06)], GRAY, width=1.6)
    sheet.rectangle(0.5, 0.0, 0.1, 0.12, front(WEIGHT))
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


def cheat_sheet():
    """A table: shapes in PyTorch's order and in TensorFlow's."""
    sheet = Sheet()
    orders = (("channels", "rows", "columns"), ("rows", "columns", "channels"))
    for column, order in enumerate(orders):
        x = 0.74 * column
        for row, color in enumerate((INPUT, WEIGHT, OUTPUT)):
            shades = [front(color) if axis == "channels" else tint(color, 0.75) for axis in order]
            cells(sheet, x, 0.6 - 0.3 * row, [shades], 0.18)
    sheet.line([(0.64, -0.06), (0.64, 0.84)], GRAY, width=1.2)
    return sheet


def glossary():
    """A word in a line of text, and the card that says what it means."""
    sheet = Sheet()
    lines_of_text(sheet, 0, 0.86, (0.34,))
    lines_of_text(sheet, 0.44, 0.86, (0.4,), BLACK)
    lines_of_text(sheet, 0.94, 0.86, (0.3,))
    sheet.line([(0.44, 0.78), (0.84, 0.78)], GRAY, width=1.2, dashed=True)
    sheet.line([(0.64, 0.72), (0.64, 0.56)], GRAY, width=1.2)
    sheet.rectangle(0.2, 0, 1.0, 0.56, edge=GRAY, width=1.2)
    lines_of_text(sheet, 0.3, 0.43, (0.4,), BLACK)
    lines_of_text(sheet, 0.3, 0.28, (0.8, 0.56))
    return sheet


def bibliography():
    """Books on a shelf, one of them pulled out."""
    sheet = Sheet()
    x = 0.0
    for wide, tall, pulled in (
        (0.16, 0.66, False), (0.24, 0.76, False), (0.14, 0.56, False), (0.2, 0.72, True), (0.26, 0.64, False),
    ):  # fmt: skip
        color, foot = (BLACK, 0.16) if pulled else (GRAY, 0.0)
        sheet.rectangle(x, foot, wide, tall, edge=color, width=1.4)
        lines_of_text(sheet, x + 0.05, foot + tall - 0.14, (wide - 0.1,), color)
        x += wide + 0.05
    sheet.line([(-0.06, 0), (x, 0)], GRAY, width=2.2)
    return sheet


def book_index():
    """Words in columns, each with the numbers of its chapters."""
    sheet = Sheet()
    columns = (((0.3, 2), (0.22, 1), (0.34, 1)), ((0.26, 1), (0.34, 2), (0.2, 3)))
    for column, words in enumerate(columns):
        for row, (length, chapters) in enumerate(words):
            x, y = 0.74 * column, 0.66 - 0.28 * row
            lines_of_text(sheet, x, y, (length,))
            for place in range(chapters):
                at = x + length + 0.08 + 0.09 * place
                sheet.line([(at, y), (at + 0.03, y)], BLACK, width=2.6)
    return sheet


def to_hand_out():
    """A packed box, and the sheets that come out of it."""
    sheet = Sheet()
    sheet.rectangle(0, 0.1, 0.48, 0.46, edge=GRAY, width=1.6)
    sheet.line([(0, 0.4), (0.48, 0.4)], GRAY, width=1.2)
    sheet.line([(0.24, 0.4), (0.24, 0.56)], GRAY, width=3)
    arrow(sheet, 0.58, 0.33)
    sheet.rectangle(0.9, 0, 0.4, 0.54, edge=GRAY, width=1.2)
    lines_of_text(sheet, 0.98, 0.42, (0.24, 0.16, 0.24))
    for behind in (0.07, 0.14):  # of a sheet behind others, what they leave in sight
        left, right, bottom, top = 0.9 + behind, 1.3 + behind, behind, 0.54 + behind
        sheet.line(
            [(left, top - 0.07), (left, top), (right, top), (right, bottom), (right - 0.07, bottom)],
            GRAY,
            width=1.2,
        )
    return sheet


def versions():
    """The same message in three versions; one words it differently."""
    sheet = Sheet()
    for place in range(3):
        x = 0.44 * place
        sheet.rectangle(x, 0, 0.36, 0.72, edge=GRAY, width=1.2)
        lines_of_text(sheet, x + 0.07, 0.58, (0.22, 0.16, 0.22, 0.12), WRONG if place == 2 else GRAY)
    return sheet
