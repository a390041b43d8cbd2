"""PyTorch's operations on several tensors: cat, stack, and arithmetic with broadcasting."""

from ..records import Outcome, Refusal
from .pytorch_axes import axis
from .words import brackets


def concatenate(settings, shapes):
    """cat along one axis. An empty tensor of one axis is left out, as PyTorch does."""
    for place, shape in enumerate(shapes):
        if not shape:
            raise Refusal(
                "RuntimeError", f"zero-dimensional tensor (at position {place}) cannot be concatenated"
            )
    counted = [shape for shape in shapes if shape != (0,)] or [shapes[0]]
    first = counted[0]
    place = axis(settings["dim"], len(first))
    total = 0
    for number, shape in enumerate(shapes):
        if shape == (0,):
            continue
        if len(shape) != len(first):
            raise Refusal(
                "RuntimeError",
                f"Tensors must have same number of dimensions: got {len(first)} and {len(shape)}",
            )
        for other, (expected, got) in enumerate(zip(first, shape, strict=True)):
            if other != place and expected != got:
                raise Refusal(
                    "RuntimeError",
                    f"Sizes of tensors must match except in dimension {place}. Expected size {expected} "
                    "but got "
                    f"size {got} for tensor number {number} in the list.",
                )
        total += shape[place]
    return Outcome((*first[:place], total, *first[place + 1 :]))


def stack(settings, shapes):
    """stack along a new axis."""
    first = shapes[0]
    place = axis(settings["dim"], len(first) + 1)
    for number, shape in enumerate(shapes):
        if shape != first:
            raise Refusal(
                "RuntimeError",
                f"stack expects each tensor to be equal size, but got {brackets(first)} at entry 0 and "
                f"{brackets(shape)} at entry {number}",
            )
    return Outcome((*first[:place], len(shapes), *first[place:]))


def broadcast(settings, shapes):
    """Sums, products and the like of tensors whose sizes are equal or 1."""
    output = shapes[0]
    for shape in shapes[1:]:
        output = broadcast_two(output, shape)
    return Outcome(output)


def broadcast_two(one, other):
    """Return the shape that two shapes broadcast to."""
    rank = max(len(one), len(other))
    a, b = (1,) * (rank - len(one)) + one, (1,) * (rank - len(other)) + other
    for place in range(rank - 1, -1, -1):
        if a[place] != b[place] and 1 not in (a[place], b[place]):
            raise Refusal(
                "RuntimeError",
                f"The size of tensor a ({a[place]}) must match the size of tensor b ({b[place]}) at "
                "non-singleton "
                f"dimension {place}",
            )
    return tuple(y if x == 1 else x for x, y in zip(a, b, strict=True))
