"""How a window slides over an image: padding, and how many places the window has."""

from typing import NamedTuple

from ..errors import count, mismatch
from .arguments import pair

PADDING_NAMES = ("valid", "same", "same_tensorflow")


class Window(NamedTuple):
    """A checked window. Every field is a pair: (for height, for width)."""

    kernel: tuple
    stride: tuple
    dilation: tuple
    before: tuple  # zeros above, and on the left
    after: tuple  # zeros below, and on the right
    out: tuple  # places of the window, which is the output's size


def slide(caller, size, kernel, stride, padding, dilation, operand="the kernel"):
    """Check the arguments of a sliding window and return a Window.

    size, kernel: pairs (height, width) in pixels, already integers.
    stride, dilation: an integer or a pair, at least 1.
    padding: an integer or a pair (zeros on both sides), or one of the names

    - "valid": no padding.
    - "same": the output has the input's size, as PyTorch defines it; the stride must be 1.
    - "same_tensorflow": the output has ceil(size / stride) pixels, as TensorFlow defines it.

    operand: what slides, for the message.

    Where the total is odd, both frameworks put the extra zero below and on the right.
    Output size, from the documentation of torch.nn.Conv2d:
    out = floor((size + before + after - dilation * (kernel - 1) - 1) / stride) + 1.

    Raises TypeError or ValueError for a wrong argument, ShapeMismatchError where the kernel does not fit.
    """
    stride = pair(stride, "stride", at_least=1)
    dilation = pair(dilation, "dilation", at_least=1)
    spans = dilation[0] * (kernel[0] - 1) + 1, dilation[1] * (kernel[1] - 1) + 1
    before, after = _pads(size, spans, stride, padding)
    height = size[0] + before[0] + after[0] - spans[0]
    width = size[1] + before[1] + after[1] - spans[1]
    if height < 0 or width < 0:
        raise _too_large(caller, size, kernel, dilation, spans, before, after, operand)
    out = height // stride[0] + 1, width // stride[1] + 1
    return Window(kernel, stride, dilation, before, after, out)


def _too_large(caller, size, kernel, dilation, spans, before, after, operand):
    """Return the error for a kernel that spans more pixels than the padded input has."""
    axis = 0 if spans[0] > size[0] + before[0] + after[0] else 1
    name = ("height", "width")[axis]
    n, b, a, k, d, span = (pair[axis] for pair in (size, before, after, kernel, dilation, spans))
    return mismatch(
        f"{caller}: {operand} is larger than the padded input in {name}.",
        f"input {name}: {count(n, 'pixel')}, with padding {b} + {n} + {a} = {b + n + a}",
        f"{operand}'s {name}: {k}, with dilation {d} it spans {d} x ({k} - 1) + 1 = {count(span, 'pixel')}",
        fix=f"use an input of at least {count(span - b - a, 'pixel')} in {name}, more padding, "
        "or a smaller kernel or dilation.",
    )


def _pads(size, spans, stride, padding):
    """Return (before, after), each a pair, from what the caller gave as padding."""
    if not isinstance(padding, str):
        both = pair(padding, "padding", at_least=0)
        return both, both
    if padding not in PADDING_NAMES:
        raise ValueError(
            f"padding must be an integer, a pair, or one of {PADDING_NAMES}, but got {padding!r}."
        )
    if padding == "valid":
        return (0, 0), (0, 0)
    if padding == "same" and stride != (1, 1):
        raise ValueError(
            f"padding='same' is PyTorch's and needs stride 1, but got stride {stride}; "
            f"padding='same_tensorflow' is defined for every stride."
        )
    outs = [-(-n // s) for n, s in zip(size, stride, strict=True)]  # n / s, rounded up
    # The last place of the window begins at pixel (o - 1) * s and ends k pixels on: what of it is beyond the
    # image is padding.
    totals = [max((o - 1) * s + k - n, 0) for o, s, k, n in zip(outs, stride, spans, size, strict=True)]
    before = tuple(t // 2 for t in totals)
    return before, tuple(t - b for t, b in zip(totals, before, strict=True))
