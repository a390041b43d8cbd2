"""The small pictures of the first part: a layer and data that don't fit, and where they come from."""

from bookkit.drawings.blocks import block, slanted
from bookkit.drawings.style import GRAY, HATCH, ROLES, WRONG, front, tint

from .sheet import Sheet, arrow, cells, slab, too_many

WEIGHT, INPUT, OUTPUT = ROLES["weight"], ROLES["input"], ROLES["output"]


def the_failure():
    """A short weight above an input that is twice as long."""
    sheet = Sheet()
    slab(sheet, 0, 0.5, WEIGHT, 4, tall=0.26, pitch=0.15)
    slab(sheet, 0, 0, INPUT, 8, tall=0.26, pitch=0.15)
    too_many(sheet, 0.6, 0, 4, tall=0.26, pitch=0.15)
    return sheet


def expected_32_got_64():
    """An input of six channels before a weight of three."""
    sheet = Sheet()
    block(sheet, 0, 0, 0.34, 0.34, 0.6, INPUT, (1, 1, 6))
    block(sheet, 0.98, 0, 0.2, 0.2, 0.3, WEIGHT, (1, 1, 3))
    sheet.line([(0.0, -0.09), (0.34, -0.09)], WRONG, width=2)
    sheet.line([(0.98, -0.09), (1.18, -0.09)], WRONG, width=2)
    return sheet


def what_a_channel_is():
    """Three sheets, one behind the other: an image's channels, taken apart."""
    sheet = Sheet()
    for place in (2, 1, 0):
        block(sheet, 0.36 * place, 0.12 * place, 0.46, 0.5, 0.05, INPUT if place == 1 else tint(INPUT, 0.5))
    return sheet


def convolution_by_hand():
    """A window of an image, and the one number that becomes of it."""
    sheet = Sheet()
    window = [
        [front(WEIGHT) if i < 3 and 1 <= j < 4 else tint(INPUT, 0.6) for j in range(5)] for i in range(5)
    ]
    cells(sheet, 0, 0, window)
    arrow(sheet, 0.8, 0.42)
    cells(sheet, 1.06, 0.14, [[None, front(OUTPUT), None], [None] * 3, [None] * 3])
    return sheet


def the_repair():
    """A weight of three channels that gets the three that it lacks."""
    sheet = Sheet()
    slab(sheet, 0, 0.5, WEIGHT, 3, tall=0.26, pitch=0.2, depth=0)
    sheet.rectangle(0.6, 0.5, 0.6, 0.26, tint(WEIGHT, 0.75), dashed=True, width=1.4)
    slab(sheet, 0, 0, INPUT, 6, tall=0.26, pitch=0.2)
    return sheet


def flattened_linear_layers():
    """A block that becomes one row."""
    sheet = Sheet()
    block(sheet, 0.42, 0.42, 0.36, 0.3, 0.22, INPUT, (3, 2, 2))
    sheet.line([(0.64, 0.36), (0.64, 0.2)], width=1.2)
    sheet.line([(0.59, 0.26), (0.64, 0.2), (0.69, 0.26)], width=1.2)
    cells(sheet, 0, 0, [[front(INPUT)] * 12], 0.115)
    return sheet


def where_64_came_from():
    """A chain of tensors that get deeper; the last one is too deep."""
    sheet = Sheet()
    for x, channels in ((0, 1), (0.42, 2), (0.92, 3)):
        block(sheet, x, 0, 0.16, 0.36, 0.13 * channels, INPUT, (1, 1, channels))
    sheet.rectangle(0.92, 0, 0.16, 0.36, front(WRONG), hatch=HATCH)
    for x in (0.22, 0.68):
        arrow(sheet, x, 0.0, 0.16)
    return sheet


def from_gray_to_colour():
    """One channel, and three."""
    sheet = Sheet()
    block(sheet, 0, 0.08, 0.4, 0.4, 0.07, GRAY)
    arrow(sheet, 0.54, 0.28, 0.2)
    for place in (2, 1, 0):
        dx, dy = slanted(0.13 * place)
        block(sheet, 0.84 + dx, dy, 0.36, 0.4, 0.06, INPUT)
    return sheet
