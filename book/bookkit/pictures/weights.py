"""The small pictures of the second part: weights and groups."""

from bookkit.drawings.blocks import block
from bookkit.drawings.style import GRAY, GROUPS, ROLES, WRONG, front, tint

from .sheet import Sheet, cells, slab

WEIGHT, INPUT, OUTPUT = ROLES["weight"], ROLES["input"], ROLES["output"]
SIDES = (0.0, 1.0)  # inches, the columns of inputs and outputs


def _wires(sheet, groups, each):
    """Draw `groups` groups of `each` inputs and outputs; within a group everything is wired."""
    pitch = 0.82 / (groups * each - 1)
    for group in range(groups):
        color = GROUPS[group]
        rows = [pitch * (group * each + row) for row in range(each)]
        for start in rows:
            for stop in rows:
                sheet.line([(SIDES[0], start), (SIDES[1], stop)], color, width=1.2)
        for x in SIDES:
            for y in rows:
                sheet.circle(x, y, 0.06, front(color))
    return sheet


def weights_and_groups():
    """Four inputs and four outputs in two groups."""
    return _wires(Sheet(), 2, 2)


def groups():
    """Six inputs and six outputs in three groups."""
    return _wires(Sheet(), 3, 2)


def the_weight_decides():
    """A stack of filters, each with its channels."""
    sheet = Sheet()
    for place in (3, 2, 1, 0):
        slab(sheet, 0.14 * place, 0.17 * place, WEIGHT, 3, tall=0.24, pitch=0.24, depth=0.1)
    return sheet


def weights_by_hand():
    """A kernel of three columns, dark, empty and pale: it finds an edge."""
    sheet = Sheet()
    cells(sheet, 0, 0, [[tint(WEIGHT, -0.25), None, tint(WEIGHT, 0.55)]] * 3, 0.27)
    return sheet


def filters_for_spectrograms():
    """A spectrogram of one channel, and a filter that is wide in time."""
    sheet = Sheet()
    loud = ("......##", "...##...", ".##.....", "#....###", "..###...")
    cells(sheet, 0, 0, [[tint(INPUT, 0.1 if spot == "#" else 0.75) for spot in row] for row in loud], 0.16)
    sheet.rectangle(0.32, 0.0, 0.48, 0.16, edge=WEIGHT, width=2.6)
    return sheet


def groups_across_devices():
    """Two devices, each with its half of a weight."""
    sheet = Sheet()
    for x, color in ((0, GROUPS[0]), (0.72, GROUPS[1])):
        sheet.rectangle(x, 0, 0.6, 0.82, edge=GRAY, width=1.2)
        block(sheet, x + 0.1, 0.14, 0.26, 0.36, 0.16, color, (2, 1, 1))
    sheet.line([(0.6, 0.41), (0.72, 0.41)], WRONG, width=2)
    sheet.line([(0.6, 0.3), (0.72, 0.3)], OUTPUT, width=2)
    return sheet
