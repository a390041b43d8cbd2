"""PyTorch's operations that take a tensor apart: x[...], chunk, split, unbind."""

from ..records import Outcome, Refusal
from .pytorch_axes import axis
from .words import brackets


def index(settings, shapes):
    """x[...]: a number takes its axis away, None puts one in, a slice (start, stop, step) keeps a part."""
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
        elif isinstance(item, tuple):
            output.append(kept(shape[place], item))
            place += 1
        else:
            if not -shape[place] <= item < shape[place]:
                raise Refusal(
                    "IndexError",
                    f"index {item} is out of bounds for dimension {place} with size {shape[place]}",
                )
            place += 1
    return Outcome((*output, *shape[place:]))


def kept(size, cut):
    """Return how many values of an axis a slice keeps."""
    start, stop, step = cut
    if step is not None and step <= 0:
        raise Refusal("ValueError", "step must be greater than zero")
    first = min(max(start + size, 0) if (start or 0) < 0 else start or 0, size)
    last = size if stop is None else min(max(stop + size, 0) if stop < 0 else stop, size)
    return max(-(-(last - first) // (step or 1)), 0)


def chunk(settings, shapes):
    """Take an axis apart into as many pieces of one size, the last one smaller."""
    if settings["size"] <= 0:
        raise Refusal("RuntimeError", f"chunk expects `chunks` to be greater than 0, got: {settings['size']}")
    size = shapes[0][axis(settings["dim"], len(shapes[0]))]
    return pieces(shapes[0], settings["dim"], max(-(-size // settings["size"]), 1))


def split(settings, shapes):
    """Take an axis apart into pieces of a size, the last one smaller, or of the sizes that are given."""
    shape, sizes = shapes[0], settings["size"]
    place = axis(settings["dim"], len(shape))
    if not isinstance(sizes, tuple):
        return pieces(shape, place, sizes)
    if sum(sizes) != shape[place]:
        raise Refusal(
            "RuntimeError",
            f"split_with_sizes expects split_sizes to sum exactly to {shape[place]} (input tensor's size at "
            f"dimension {settings['dim']}), but got split_sizes={brackets(sizes)}",
        )
    return several([(*shape[:place], size, *shape[place + 1 :]) for size in sizes])


def pieces(shape, dim, length):
    """Return an axis in pieces of a length."""
    place = axis(dim, len(shape))
    starts = range(0, max(shape[place], 1), length)
    sizes = [min(length, shape[place] - start) for start in starts]
    return several([(*shape[:place], size, *shape[place + 1 :]) for size in sizes])


def unbind(settings, shapes):
    """Take an axis apart into tensors without it."""
    shape = shapes[0]
    place = axis(settings["dim"], len(shape))
    return several([(*shape[:place], *shape[place + 1 :])] * shape[place])


def several(outputs):
    """Return the outcome of several outputs."""
    return Outcome(outputs[0], more=tuple(outputs[1:]))
