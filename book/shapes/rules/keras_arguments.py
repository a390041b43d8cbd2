"""Keras: what its layers check of their arguments and of their input's rank before they compute."""

from ..records import Refusal
from .words import parentheses


def whole_tuple(value, count, name, allow_zero=False):
    """Return a setting as a tuple, as Keras's standardize_tuple does."""
    said = f"The `{name}` argument must be a tuple of {count} integers. Received {name}={written(value)}"
    numbers = (value,) * count if isinstance(value, int) else tuple(value)
    if len(numbers) != count:
        raise Refusal("ValueError", said)
    least = 0 if allow_zero else 1
    bad = [number for number in dict.fromkeys(numbers) if number < least]
    if bad:
        words = ">= 0" if allow_zero else "> 0"
        shown = ", ".join(str(number) for number in bad)
        turned = ", ".join(str(number) for number in reversed(bad))
        start, end = f"{said}, including values {{", f"}} that do not satisfy `value {words}`"
        raise Refusal("ValueError", start + shown + end, also=(start + turned + end,))
    return numbers


def written(value):
    """Write a setting as Python does."""
    if isinstance(value, tuple | list):
        items = ", ".join(written(item) for item in value)
        if isinstance(value, list):
            return f"[{items}]"
        return f"({items},)" if len(value) == 1 else f"({items})"
    return repr(value) if isinstance(value, str) else str(value)


def padding_word(value, causal=False):
    """Return the padding in lower case, or refuse it."""
    padding = value.lower()
    words = ("valid", "same", "causal") if causal else ("valid", "same")
    if padding in words:
        return padding
    # Python writes the words of a set in any order.
    orders = [words, words[::-1], (*words[1:], words[0]), (words[0], *words[:0:-1]), (words[-1], *words[:-1]),
              (words[1], words[0], *words[2:])]  # fmt: skip
    said = [
        "The `padding` argument must be a list/tuple or one of {" + ", ".join(repr(word) for word in order)
        + f"}}. Received: {padding}"
        for order in orders
    ]  # fmt: skip
    raise Refusal("ValueError", said[1], {"padding": "same"}, said)


def check_rank(settings, shape, rank=None, least=None):
    """Refuse an input of another rank than the layer's input_spec says."""
    got = len(shape)
    if rank is not None and got != rank:
        wanted = f"ndim={rank}"
    elif least is not None and got < least:
        wanted = f"min_ndim={least}"
    else:
        return
    raise Refusal(
        "ValueError",
        f"Input 0 with name 'None' of layer '{settings['name']}' is incompatible with the layer: expected "
        f"{wanted}, "
        f"found ndim={got}. Full shape received: {parentheses(shape)}",
    )


def check_known(settings, shape, path):
    """Refuse a weight whose size is not known."""
    if None in shape:
        raise Refusal(
            "ValueError",
            "Shapes used to initialize variables must be fully-defined (no `None` dimensions). Received: "
            f"shape={parentheses(shape)} for variable path='{settings['name']}/{path}'",
        )


def channels_first(settings):
    """Whether the layer's data_format says channels first."""
    return settings.get("data_format") == "channels_first"


def spatial(settings, shape):
    """Return the spatial sizes of a shape."""
    return tuple(shape[2:] if channels_first(settings) else shape[1:-1])


def channels(settings, shape):
    """Return the channels of a shape."""
    return shape[1] if channels_first(settings) else shape[-1]


def assembled(settings, batch, sizes, count):
    """Return a shape from its batch, spatial sizes and channels."""
    return (batch, count, *sizes) if channels_first(settings) else (batch, *sizes, count)


def numpy_list(values):
    """Write numbers as NumPy prints an array: [1 1], in columns of one width where all are known."""
    texts = [str(value) for value in values]
    if None not in values and -1 not in values:
        width = max((len(text) for text in texts), default=0)
        texts = [text.rjust(width) for text in texts]
    return "[" + " ".join(texts) + "]"


def per_example(shape):
    """Return a shape with one example where the batch is not known, to count work and bytes with."""
    return (1, *shape[1:]) if shape and shape[0] is None else tuple(shape)
