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


def expand(settings, shapes):
    """Repeat axes of length 1 without a copy; -1 keeps an axis."""
    return Outcome(expanded(shapes[0], tuple(settings["size"])))


def expand_as(settings, shapes):
    """Expand to the shape of another tensor."""
    return Outcome(expanded(shapes[0], shapes[1]))


def expanded(shape, target):
    """Return the sizes that a shape is expanded to."""
    new = len(target) - len(shape)
    if new < 0:
        raise Refusal(
            "RuntimeError",
            f"expand(torch.FloatTensor{{{brackets(shape)}}}, size={brackets(target)}): the number of sizes "
            f"provided ({len(target)}) must be greater or equal to the number of dimensions in the tensor "
            f"({len(shape)})",
        )
    found = []
    for place in range(len(target) - 1, -1, -1):
        size = target[place]
        now = shape[place - new] if place >= new else 1
        if size == -1 and place < new:
            raise Refusal(
                "RuntimeError",
                f"The expanded size of the tensor ({size}) isn't allowed in a leading, non-existing "
                f"dimension {place}",
            )
        if size not in (-1, now) and now != 1:
            raise Refusal(
                "RuntimeError",
                f"The expanded size of the tensor ({size}) must match the existing size ({now}) at "
                f"non-singleton dimension {place}.  Target sizes: {brackets(target)}.  "
                f"Tensor sizes: {brackets(shape)}",
            )
        found.append(now if size == -1 else size)
    return tuple(reversed(found))


def view_as(settings, shapes):
    """view and reshape to the shape of another tensor."""
    return reshape({"shape": shapes[1]}, shapes)


def repeat(settings, shapes):
    """Put copies one behind another along each axis."""
    shape, counts = shapes[0], tuple(settings["repeats"])
    new = len(counts) - len(shape)
    if new < 0:
        raise Refusal(
            "RuntimeError",
            "Number of dimensions of repeat dims can not be smaller than number of dimensions of tensor",
        )
    return Outcome(tuple(size * count for size, count in zip((1,) * new + shape, counts, strict=True)))


def swapped(settings, shapes):
    """Swap the last two axes."""
    shape = shapes[0]
    if len(shape) < 2:
        return Outcome(shape)
    return Outcome((*shape[:-2], shape[-1], shape[-2]))


def movedim(settings, shapes):
    """Move axes to other places."""
    shape = shapes[0]
    sources = [axis(each, len(shape)) for each in spread(settings["source"], 1)]
    targets = [axis(each, len(shape)) for each in spread(settings["destination"], 1)]
    rest = [place for place in range(len(shape)) if place not in sources]
    order = [None] * len(shape)
    for source, target in zip(sources, targets, strict=True):
        order[target] = source
    return Outcome(tuple(shape[rest.pop(0) if each is None else each] for each in order))
