"""PyTorch's operations on several tensors: cat, stack, and arithmetic with broadcasting."""

from ..records import Outcome, Refusal
from ..sizes import product, times
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


def matmul(settings, shapes):
    """The matrix product, of the last two axes; those before them broadcast."""
    one, other = shapes[0], shapes[1]
    if not one or not other:
        raise Refusal(
            "RuntimeError",
            f"both arguments to matmul need to be at least 1D, but they are {len(one)}D and {len(other)}D",
        )
    a, b = one if len(one) > 1 else (1, *one), other if len(other) > 1 else (*other, 1)
    if a[-1] != b[-2]:
        raise Refusal("RuntimeError", unfitting(one, other))
    try:
        before = broadcast_two(a[:-2], b[:-2])
    except Refusal as refusal:
        raise Refusal("RuntimeError", refusal.message) from refusal
    rows = (a[-2],) if len(one) > 1 else ()
    columns = (b[-1],) if len(other) > 1 else ()
    output = (*before, *rows, *columns)
    return Outcome(output, multiply_adds=times(*before, a[-2], a[-1], b[-1]))


def unfitting(one, other):
    """Return PyTorch's message for matrices that do not fit, by their axes."""
    if len(one) == 1 and len(other) == 1:
        return (
            f"inconsistent tensor size, expected tensor {brackets(one)} and src {brackets(other)} to have "
            f"the same number of elements, but got {one[0]} and {other[0]} elements respectively"
        )
    if len(one) == 2 and len(other) == 1:
        return f"size mismatch, got input ({one[0]}), mat ({one[0]}x{one[1]}), vec ({other[0]})"
    if len(one) <= 2 and len(other) <= 2:
        first = one if len(one) == 2 else (1, *one)
        second = other if len(other) == 2 else (*other, 1)
        return (
            f"mat1 and mat2 shapes cannot be multiplied ({first[0]}x{first[1]} and {second[0]}x{second[1]})"
        )
    if len(other) <= 2:  # the first one's axes are folded
        rows = product(one[:-1])
        second = other if len(other) == 2 else (*other, 1)
        if len(other) == 1:
            return f"size mismatch, got input ({rows}), mat ({rows}x{one[-1]}), vec ({other[0]})"
        return f"mat1 and mat2 shapes cannot be multiplied ({rows}x{one[-1]} and {second[0]}x{second[1]})"
    if len(one) == 1 and other[-2] == 1:  # then a view of the other one is folded
        rows = product((*other[:-2], other[-1]))
        return f"size mismatch, got input ({rows}), mat ({rows}x{other[-2]}), vec ({one[0]})"
    before = product(broadcast_two(one[:-2], other[:-2]))
    return (
        f"Expected size for first two dimensions of batch2 tensor to be: [{before}, {one[-1]}] but got: "
        f"[{before}, {other[-2]}]."
    )
