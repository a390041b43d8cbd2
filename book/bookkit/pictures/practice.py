"""The small pictures of the fourth part: networks as they are met."""

from bookkit.drawings.blocks import block
from bookkit.drawings.style import GRAY, HATCH, ROLES, WRONG, front, tint

from .sheet import Sheet, arrow, cells, slab

WEIGHT, INPUT, OUTPUT = ROLES["weight"], ROLES["input"], ROLES["output"]


def _chain(sheet, wrong):
    """Draw four layers in a row; the one at `wrong` fails."""
    for place in range(4):
        x = 0.36 * place
        style = {"hatch": HATCH} if place == wrong else {}
        sheet.rectangle(x, 0, 0.22, 0.5, front(WRONG if place == wrong else WEIGHT), **style)
        if place:
            sheet.line([(x - 0.14, 0.25), (x, 0.25)], width=1.2)
    return sheet


def in_practice():
    """A network whose third layer fails."""
    return _chain(Sheet(), 2)


def porting_weights():
    """A weight of two rows and three columns, and the same numbers in the other framework's order."""
    sheet = Sheet()
    shades = [[tint(WEIGHT, share) for share in row] for row in ((0.75, 0.35, 0.0), (0.55, 0.15, -0.25))]
    cells(sheet, 0, 0.1, shades, 0.18)
    arrow(sheet, 0.62, 0.28, 0.2)
    cells(sheet, 0.9, 0.01, [list(column) for column in zip(*shades, strict=True)], 0.18)
    return sheet


def other_channel_counts():
    """A weight for three channels, and one more that it was not trained on."""
    sheet = Sheet()
    end = slab(sheet, 0, 0, WEIGHT, 3, tall=0.5, pitch=0.26, depth=0.2)
    block(sheet, end + 0.1, 0, 0.26, 0.5, 0.2, INPUT)
    return sheet


def finding_shape_errors():
    """A network, and a glass over the layer that fails."""
    sheet = _chain(Sheet(), 2)
    sheet.circle(0.83, 0.25, 0.36, edge=GRAY, width=2.6)
    sheet.line([(1.07, -0.01), (1.28, -0.22)], GRAY, width=4)
    return sheet
