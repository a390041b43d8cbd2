"""Shapes that broadcast where they should be the same."""


def shape_of(value):
    """Return the shape of a tensor as a tuple of whole numbers or None; an empty one where it has none."""
    shape = getattr(value, "shape", None)
    try:
        return tuple(size if isinstance(size, int) else None for size in shape)
    except (TypeError, ValueError):
        return ()


def meet_each_with_each(one, other):
    """Whether two shapes are (N, 1) and (N,), with N above 1 or not known."""
    column, row = (one, other) if len(one) == 2 else (other, one)
    return len(column) == 2 and len(row) == 1 and column[1] == 1 and column[0] == row[0] != 1


def joined_shape(one, other):
    """Return the shape that two are broadcast to, None where they are not."""
    length = max(len(one), len(other))
    pairs = list(zip((1,) * (length - len(one)) + one, (1,) * (length - len(other)) + other, strict=True))
    if any(left != right and 1 not in (left, right) for left, right in pairs):
        return None
    return tuple(right if left == 1 else left for left, right in pairs)


def joined(one, other):
    """Say that two shapes are joined."""
    return (
        f"broadcasts {one} against {other} to {joined_shape(one, other)}, each with each: "
        "give both the same shape"
    )
