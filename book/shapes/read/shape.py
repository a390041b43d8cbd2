"""Reads the shape of an input: "(1, 3, 224, 224)", "8, 16" or "(None, 10)"."""

from .expressions import Items, NotRead, Value, parse
from .tokens import statements


def shape_of(text):
    """Return a shape from its text; raise ValueError with a sentence."""
    sizes = items_of(text)
    fits = sizes is not None and all(
        isinstance(size, Value)
        and (
            size.value is None
            or (isinstance(size.value, int) and not isinstance(size.value, bool) and size.value > 0)
        )
        for size in sizes
    )
    if not fits:
        raise ValueError(
            f'{text!r} is no shape. Write it as "(1, 3, 224, 224)": sizes of at least 1, None where unknown.'
        )
    return tuple(size.value for size in sizes)


def items_of(text):
    """Return the expressions of a tuple, a list or a single number, None for what is none of these."""
    found = statements(text.strip())
    if len(found) != 1:
        return None
    try:
        made = parse(found[0].tokens)
    except NotRead:
        return None
    if isinstance(made, Items):
        return made.items if made.kind in ("tuple", "list") else None
    return (made,) if isinstance(made, Value) and made.value is not None else None
