"""Keras's UpSampling, ZeroPadding and Cropping."""

from ..records import Outcome, Refusal
from .keras_arguments import assembled, channels, check_rank, spatial, whole_tuple, written
from .words import parentheses

ORDER = ("1st", "2nd", "3rd")


def upsample(settings, shapes, count):
    """Repeat rows and columns, or interpolate between them."""
    size = settings["size"]
    if count == 1:
        if not isinstance(size, int):
            raise Refusal(
                "TypeError", f"Expected an integer value for `size`, got <class '{type(size).__name__}'>."
            )
        if size <= 0:
            raise Refusal(
                "ValueError", f"Argument `size` should be a positive integer. Received: size={size}"
            )
    factors = whole_tuple(size, count, "size")
    shape = shapes[0]
    check_rank(settings, shape, rank=count + 2)
    sizes = tuple(
        None if each is None else each * factor
        for each, factor in zip(spatial(settings, shape), factors, strict=True)
    )
    return Outcome(assembled(settings, shape[0], sizes, channels(settings, shape)))


def pairs_of(settings, count, name):
    """Return (before, after) of each axis, as ZeroPadding and Cropping read their argument."""
    value = settings[name]
    if count == 1:
        return (whole_tuple(value, 2, name, allow_zero=True),)
    if isinstance(value, int):
        if name == "cropping" and value < 0:
            raise Refusal("ValueError", f"`cropping` cannot be negative. Received: cropping={value}.")
        return ((value, value),) * count
    if len(value) != count:
        words = "two elements" if count == 2 else "3 elements"
        start = "" if count == 3 else f"{name}="
        raise Refusal("ValueError", f"`{name}` should have {words}. Received: {start}{written(value)}.")
    return tuple(
        whole_tuple(value[place], 2, f"{ORDER[place]} entry of {name}", allow_zero=True)
        for place in range(count)
    )


def zero_padding(settings, shapes, count):
    """Zeros around the places."""
    pairs, shape = pairs_of(settings, count, "padding"), shapes[0]
    check_rank(settings, shape, rank=count + 2)
    sizes = tuple(
        None if size is None else size + before + after
        for size, (before, after) in zip(spatial(settings, shape), pairs, strict=True)
    )
    output = assembled(settings, shape[0], sizes, channels(settings, shape))
    if any(size is not None and size < 0 for size in sizes):
        raise Refusal(
            "ValueError",
            f"Cannot convert '{parentheses(output)}' to a shape. Negative dimensions are not allowed.",
        )
    return Outcome(output, padding=pairs)


def cropping(settings, shapes, count):
    """Rows and columns cut off."""
    pairs, shape = pairs_of(settings, count, "cropping"), shapes[0]
    check_rank(settings, shape, rank=count + 2)
    sizes = spatial(settings, shape)
    rows = list(zip(sizes, pairs, strict=True))
    if any(size is not None and size <= before + after for size, (before, after) in rows):
        if count == 1:
            raise Refusal(
                "ValueError",
                "`cropping` parameter of `Cropping1D` layer must be smaller than the input length. Received: "
                f"input_shape={parentheses(shape)}, cropping={parentheses(pairs[0])}",
            )
        raise Refusal(
            "ValueError",
            "Values in `cropping` argument should be smaller than the corresponding spatial dimension of "
            "the input. "
            f"Received: input_shape={parentheses(shape)}, cropping={written(pairs)}",
        )
    out = tuple(None if size is None else size - before - after for size, (before, after) in rows)
    return Outcome(assembled(settings, shape[0], out, channels(settings, shape)))
