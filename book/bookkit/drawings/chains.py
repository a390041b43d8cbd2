"""`chains`: what data passes through, box after box."""

from bookkit.drawings.canvas import Canvas, line_pitch, text_width
from bookkit.drawings.style import ROLES

TALL = 0.56  # inches, of a box
ARROW = 0.3  # inches, between two boxes


def chains(rows):
    """Draw rows of boxes with arrows between them: the ways that data can take.

        chains({"Change the layer": [("data", "64 channels", "input"), ("new layer", "for 64", "weight")]})

    `rows` maps a title to its boxes, each two lines of text and a role: input, output or weight.

    Returns a matplotlib Figure. Raises ValueError without rows or for a row without boxes or with a role that
    has no colour.
    """
    if not rows:
        raise ValueError("chains() expects at least one row, got none.")
    canvas = Canvas()
    for place, (title, boxes) in enumerate(rows.items()):
        y = -place * (TALL + 2.5 * line_pitch())
        canvas.text(0, y + TALL + 0.16, title, bold=True)
        _draw_row(canvas, y, _checked(title, boxes))
    return canvas.figure()


def _checked(title, boxes):
    """Return `boxes`. Raises ValueError where there are none, or one has a role without a colour."""
    if not boxes:
        raise ValueError(f"The row {title!r} expects at least one box, got none.")
    for first, _, role in boxes:
        if role not in ROLES:
            raise ValueError(f"The box {first!r} has the role {role!r}; expected one of {', '.join(ROLES)}.")
    return boxes


def _draw_row(canvas, y, boxes):
    """Draw one row, its boxes' lower edges at `y`."""
    x, middle = 0.0, y + TALL / 2
    for place, (first, second, role) in enumerate(boxes):
        if place:
            tip, back = x + ARROW, x + ARROW - 0.08
            canvas.line([(x, middle), (tip, middle)])
            canvas.line([(back, middle + 0.06), (tip, middle), (back, middle - 0.06)])
            x = tip
        wide = max(text_width(text) for text in (first, second)) + 0.24
        canvas.rectangle(x, y, wide, TALL, edge=ROLES[role], width=2)
        canvas.lines(x + wide / 2, y + 0.33, [first, second], "center")
        x += wide
