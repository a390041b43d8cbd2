"""The small pictures of the third part: what the frameworks do, done by hand."""

from bookkit.drawings.style import IMPLEMENTATIONS, ROLES, front, tint

from .sheet import Sheet, cells

WEIGHT, INPUT, OUTPUT = ROLES["weight"], ROLES["input"], ROLES["output"]


def from_scratch():
    """A matrix times a matrix: what a convolution comes down to."""
    sheet = Sheet()
    cells(sheet, 0, 0, [[tint(WEIGHT, 0.3)] * 4] * 2, 0.13)
    cells(sheet, 0.64, 0.39, [[tint(INPUT, 0.4)] * 5] * 4, 0.13)
    cells(sheet, 0.64, 0, [[front(OUTPUT)] * 5] * 2, 0.13)
    return sheet


def training_from_scratch():
    """Three loss curves that are one."""
    sheet = Sheet()
    sheet.line([(0, 0.82), (0, 0), (1.2, 0)], width=1.2)
    steps = [(0.08 + 0.1 * step, 0.1 + 0.66 * 0.72**step) for step in range(11)]
    for color, width, dashed in zip(
        IMPLEMENTATIONS.values(), (6, 4, 2), (False, (4, 2), (1, 2)), strict=True
    ):
        sheet.line(steps, color, width=width, dashed=dashed)
    return sheet


def as_fast_as_the_framework():
    """Times that get shorter, step by step, down to the framework's."""
    sheet = Sheet()
    for place, length in enumerate((1.25, 0.8, 0.52, 0.36)):
        color = tint(IMPLEMENTATIONS["NumPy"], 0.25)
        sheet.rectangle(0, 0.66 - 0.2 * place, length, 0.14, color)
    sheet.line([(0.36, -0.06), (0.36, 0.86)], IMPLEMENTATIONS["PyTorch"], width=1.6, dashed=True)
    return sheet
