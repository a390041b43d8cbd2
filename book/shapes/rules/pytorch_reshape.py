"""PyTorch's layers and operations that only move values: Flatten, Unflatten, view, permute and the like."""

from ..records import Outcome, Refusal
from ..sizes import product, spread
from .pytorch_axes import axis
from .words import brackets


def flatten(settings, shapes):
    """Flatten the axes from start_dim to end_dim into one."""
    shape = shapes[0]
    start, end = axis(settings["start_dim"], len(shape)), axis(settings["end_dim"], len(shape))
    if start > end:
        raise Refusal("RuntimeError", "flatten() has invalid args: start_dim cannot come after end_dim")
    return Outcome((*shape[:start], product(shape[start : end + 1]), *shape[end + 1 :]))


def unflatten(settings, shapes):
    """Divide an axis into several; one size may be -1."""
    shape, sizes = shapes[0], tuple(settings["unflattened_size"])
    place = axis(settings["dim"], len(shape))
    if not sizes:
        raise Refusal("RuntimeError", "unflatten: sizes must be non-empty")
    found = inferred(sizes, shape[place])
    if found is None:
        raise Refusal(
            "RuntimeError",
            f"unflatten: Provided sizes {brackets(sizes)} don't multiply up to the size of dim {place} "
            f"({shape[place]}) in the input tensor",
        )
    return Outcome((*shape[:place], *found, *shape[place + 1 :]))


def inferred(sizes, total):
    """Return sizes with -1 filled in so that they multiply up to a total; None where they do not."""
    known = product(tuple(size for size in sizes if size != -1))
    if -1 not in sizes:
        return sizes if known == total else None
    if known <= 0 or total % known:
        return None
    return tuple(total // known if size == -1 else size for size in sizes)


def reshape(settings, shapes):
    """view and reshape, of a contiguous tensor."""
    shape, target = shapes[0], tuple(settings["shape"])
    total = product(shape)
    for place, size in enumerate(target):
        if size < -1:
            raise Refusal(
                "RuntimeError", f"invalid shape dimension {size} at index {place} of shape {brackets(target)}"
            )
        if size == -1 and -1 in target[:place]:
            raise Refusal("RuntimeError", "only one dimension can be inferred")
    found = inferred(target, total)
    if found is None:
        raise Refusal("RuntimeError", f"shape '{brackets(target)}' is invalid for input of size {total}")
    return Outcome(found)


def permute(settings, shapes):
    """Put the axes in another order."""
    shape, dims = shapes[0], tuple(settings["dims"])
    if len(dims) != len(shape):
        raise Refusal(
            "RuntimeError",
            "permute(sparse_coo): number of dimensions in the tensor input does not match the length of "
            "the desired "
            f"ordering of dimensions i.e. input.dim() = {len(shape)} is not equal to len(dims) = {len(dims)}",
        )
    order = []
    for number in dims:
        place = axis(number, len(shape))
        if place in order:
            raise Refusal("RuntimeError", "permute(): duplicate dims are not allowed.")
        order.append(place)
    return Outcome(tuple(shape[place] for place in order))


def transpose(settings, shapes):
    """Swap two axes."""
    shape = list(shapes[0])
    one, other = axis(settings["dim0"], len(shape)), axis(settings["dim1"], len(shape))
    if shape:
        shape[one], shape[other] = shape[other], shape[one]
    return Outcome(tuple(shape))


def squeeze(settings, shapes):
    """Drop axes of length 1: all of them, or the one named where it has it."""
    shape = shapes[0]
    if settings["dim"] is None:
        return Outcome(tuple(size for size in shape if size != 1))
    places = [axis(number, len(shape)) for number in spread(settings["dim"], 1)]
    return Outcome(tuple(size for place, size in enumerate(shape) if place not in places or size != 1))


def unsqueeze(settings, shapes):
    """Put in an axis of length 1."""
    shape = shapes[0]
    place = axis(settings["dim"], len(shape) + 1)
    return Outcome((*shape[:place], 1, *shape[place:]))


def mean(settings, shapes):
    """The mean, sum or largest value over axes."""
    shape, dims = shapes[0], settings["dim"]
    if dims is None:
        return Outcome((1,) * len(shape) if settings["keepdim"] else ())
    places = []
    for number in spread(dims, 1):
        place = axis(number, len(shape))
        if place in places:
            raise Refusal("RuntimeError", f"dim {place} appears multiple times in the list of dims")
        places.append(place)
    if settings["keepdim"]:
        return Outcome(tuple(1 if place in places else size for place, size in enumerate(shape)))
    return Outcome(tuple(size for place, size in enumerate(shape) if place not in places))


def index(settings, shapes):
    """x[...]: a number takes its axis away, None puts one in, `:` keeps it."""
    shape, items = shapes[0], settings["items"]
    output, place = [], 0
    rest = len(shape) - sum(item not in ("...", "None") for item in items)
    if rest < 0:
        raise Refusal("IndexError", f"too many indices for tensor of dimension {len(shape)}")
    for item in items:
        if item == "None":
            output.append(1)
        elif item == "...":
            output.extend(shape[place : place + rest])
            place += rest
        elif item == ":":
            output.append(shape[place])
            place += 1
        else:
            if not -shape[place] <= item < shape[place]:
                raise Refusal(
                    "IndexError",
                    f"index {item} is out of bounds for dimension {place} with size {shape[place]}",
                )
            place += 1
    return Outcome((*output, *shape[place:]))
