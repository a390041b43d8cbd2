"""Keras's pooling: max and average, global, and adaptive."""

from ..records import Outcome, Refusal
from ..sizes import unread_end
from .keras_arguments import assembled, channels, check_rank, numpy_list, spatial, whole_tuple
from .keras_windows import padding_of, places_of
from .words import parentheses


def pool(settings, shapes, count):
    """Max and average pooling over `count` axes."""
    size = whole_tuple(settings["pool_size"], count, "pool_size")
    strides = settings["pool_size"] if settings["strides"] is None else settings["strides"]
    strides = whole_tuple(strides, count, "strides", allow_zero=True)
    shape, padding = shapes[0], settings["padding"]
    check_rank(settings, shape, rank=count + 2)
    sizes = spatial(settings, shape)
    if padding not in ("valid", "same"):
        raise Refusal(
            "ValueError",
            f"Argument `padding` must be either 'valid' or 'same'. Received: padding={padding}",
            {"padding": "same"},
        )
    pads = padding_of(sizes, size, strides, padding)
    out = places_of(sizes, pads, size, strides)
    if any(each is not None and each <= 0 for each in out):
        raise Refusal(
            "ValueError",
            "Computed output size would be zero or negative. Received: "
            f"`inputs.shape={numpy_list(shown(settings, shape))}`, "
            f"`pool_size={numpy_list(size)}`, `strides={parentheses(strides)}`, `padding={padding}`.",
            {"padding": "same"},
        )
    unread = tuple(
        unread_end(each, (pad or (0, 0))[0], reach, step, 1, places)
        for each, pad, reach, step, places in zip(sizes, pads, size, strides, out, strict=True)
    )
    output = assembled(settings, shape[0], out, channels(settings, shape))
    return Outcome(output, padding=pads, unread=unread)


def shown(settings, shape):
    """Return a shape as the message has it: unknown places as -1."""
    sizes = tuple(-1 if size is None else size for size in spatial(settings, shape))
    return assembled(settings, shape[0], sizes, channels(settings, shape))


def global_pool(settings, shapes, count):
    """Pooling over all places."""
    shape = shapes[0]
    check_rank(settings, shape, rank=count + 2)
    if settings["keepdims"]:
        return Outcome(assembled(settings, shape[0], (1,) * count, channels(settings, shape)))
    return Outcome((shape[0], channels(settings, shape)))


def adaptive_pool(settings, shapes, count):
    """Pooling to a size."""
    size, shape = settings["output_size"], shapes[0]
    size = (size,) * count if isinstance(size, int) else tuple(size)
    if len(size) != count:
        if count == 1:
            raise Refusal(
                "ValueError",
                f"For 1D input, `output_size` tuple must have length 1. Received: {parentheses(size)}",
            )
        words = {2: "(height, width)", 3: "(depth, height, width)"}[count]
        raise Refusal(
            "TypeError",
            f"`output_size` must be an integer or {words} tuple. Received: {parentheses(size)} of type "
            "<class 'tuple'>",
        )
    if channels_missing(settings, shape):
        raise Refusal("IndexError", "tuple index out of range")
    note = "" if len(shape) == count + 2 else f"The input has {len(shape)} axes where it needs {count + 2}."
    return Outcome(assembled(settings, shape[0], size, channels(settings, shape)), note=note)


def channels_missing(settings, shape):
    """Whether a shape has no axis for the channels."""
    return settings.get("data_format") == "channels_first" and len(shape) < 2
