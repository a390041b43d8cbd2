"""PyTorch: what several rules ask of an axis or of a rank."""

from ..records import Refusal


def axis(number, rank):
    """Return an axis counted from the front; refuse one that is not there. A number counts as having one
    axis.
    """
    rank = rank or 1
    if not -rank <= number < rank:
        raise Refusal(
            "IndexError",
            f"Dimension out of range (expected to be in range of [{-rank}, {rank - 1}], but got {number})",
        )
    return number % rank


def batched(shape, count, operation):
    """Return the shape with a batch axis, and whether it had one."""
    if len(shape) == count + 2:
        return shape, True
    if len(shape) == count + 1:
        return (1, *shape), False
    raise Refusal(
        "RuntimeError",
        f"Expected {count + 1}D (unbatched) or {count + 2}D (batched) input to {operation}, "
        f"but got input of size: [{', '.join(str(size) for size in shape)}]",
    )
