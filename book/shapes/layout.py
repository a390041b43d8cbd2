"""The same shape in the other framework's layout: channels first in PyTorch, channels last in Keras."""

JOINS = (
    "cat", "add", "mul", "pad", "Concatenate", "Add", "Multiply", "Subtract", "Average", "Maximum", "Minimum",
)  # fmt: skip


def places_of(kind):
    """Return the number of spatial axes that a layer's name says, 0 where it says none."""
    for place in ("1", "2", "3"):
        if f"{place}d" in kind or f"{place}D" in kind:
            return int(place)
    return 0


def is_image(kind, before, shape, given):
    """Whether what a layer makes has an axis of channels: its name says so, or it keeps the shape of what had
    one.

    before: whether its input had one; given: the input's shape.
    """
    places = places_of(kind)
    if places and len(shape) == places + 2:
        return True
    return before and (tuple(shape) == tuple(given) or (kind in JOINS and len(shape) == len(given)))


def turned(framework, shape):
    """Return a shape in the other layout."""
    if framework == "pytorch":
        return [shape[0], *shape[2:], shape[1]]
    return [shape[0], shape[-1], *shape[1:-1]]
