"""Keras's layers that keep the shape, and merges."""

from ..records import Outcome, Refusal, Weight
from .keras_arguments import check_known, check_rank
from .words import parentheses


def kept(settings, shapes):
    """A layer that takes any shape and keeps it."""
    return Outcome(shapes[0])


def spatial_dropout(settings, shapes, count):
    """Dropout of whole channels."""
    check_rank(settings, shapes[0], rank=count + 2)
    return Outcome(shapes[0])


def prelu(settings, shapes):
    """PReLU: one slope for each value of an example, but for the axes that share one."""
    shape, shared = shapes[0], settings["shared_axes"]
    shared = (shared,) if isinstance(shared, int) else (shared or ())
    slopes = tuple(1 if axis in shared else size for axis, size in enumerate(shape) if axis)
    check_known(settings, slopes, "alpha")
    return Outcome(shape, (Weight("alpha", slopes),))


def shapes_in_list(shapes):
    """Write a list of shapes."""
    return "[" + ", ".join(parentheses(shape) for shape in shapes) + "]"


def merge(settings, shapes, kind):
    """Add, Multiply and the like: sizes are equal or 1, but for the batch."""
    batches = {shape[0] for shape in shapes} - {None}
    if len(batches) > 1:
        raise Refusal(
            "ValueError",
            "Cannot merge tensors with different batch sizes. Received tensors with shapes "
            f"{shapes_in_list(shapes)}",
        )
    output = tuple(shapes[0][1:])
    for shape in shapes[1:]:
        output = merged(output, tuple(shape[1:]))
    if kind == "Subtract" and len(shapes) != 2:
        raise Refusal(
            "ValueError",
            "A `Subtract` layer should be called on exactly 2 inputs. Received: "
            f"input_shape={shapes_in_list(shapes)}",
        )
    return Outcome((next(iter(batches), None), *output))


def merged(one, other):
    """Return the shape that two shapes without batch broadcast to."""
    if len(one) < len(other):
        one, other = other, one
    if not other:
        return one
    lead, rest = one[: -len(other)], one[-len(other) :]
    sizes = []
    for a, b in zip(rest, other, strict=True):
        if a is None or b is None:
            sizes.append(None)
        elif 1 in (a, b) or a == b:
            sizes.append(b if a == 1 else a)
        else:
            raise Refusal(
                "ValueError",
                f"Inputs have incompatible shapes. Received shapes {parentheses(one)} and "
                f"{parentheses(other)}",
            )
    return (*lead, *sizes)


def concatenate(settings, shapes):
    """Concatenate along one axis."""
    axis = settings["axis"]
    others = []
    for shape in shapes:
        rest = list(shape)
        if len(rest) > axis:
            del rest[axis]
        others.append(rest)
    same = len({len(rest) for rest in others}) == 1 and all(
        len({size for size in sizes if size is not None}) < 2 for sizes in zip(*others, strict=False)
    )
    if not same:
        raise Refusal(
            "ValueError",
            "A `Concatenate` layer requires inputs with matching shapes except for the concatenation "
            "axis. Received: "
            f"input_shape={shapes_in_list(shapes)}",
        )
    output = list(shapes[0])
    if len(shapes) == 1:
        return Outcome(shapes[0])
    if not -len(output) <= axis < len(output):
        raise Refusal("IndexError", "list index out of range")
    if any(len(shape) <= axis for shape in shapes):
        raise Refusal("IndexError", "tuple index out of range")
    along = [shape[axis] for shape in shapes]
    output[axis] = None if None in along else sum(along)
    return Outcome(tuple(output))
