"""Transposed convolution: the backward pass of a convolution, used forwards.

conv2d with weight W maps an image with weight.shape[1] * groups channels to one with weight.shape[0].
Its derivative with respect to the input goes the other way, from small to large. conv_transpose2d is that
map: each pixel of x adds a scaled copy of the kernel to the output, one stride further each time. So its
backward pass is conv2d itself.
"""

from ..checks.arguments import DTYPES, FLOATS, check_arrays, pair, whole
from ..checks.shapes import check_bias, check_gradient, check_image, check_pixels, check_weight
from ..checks.window import Window
from ..errors import count, mismatch
from .backward import input_gradient, weight_gradient
from .choose import choose
from .forward import add_bias, compute


def conv_transpose2d(x, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1):
    """Return what torch.nn.functional.conv_transpose2d computes. The order of arguments is torch's.

    x: shape (batch, in_channels, height, width), or (in_channels, height, width).
    weight: shape (in_channels, out_channels / groups, kernel height, kernel width).
    bias: shape (out_channels,), or None.
    stride, dilation: in pixels, an integer or a pair, at least 1.
    padding: pixels cut off the output on both sides, an integer or a pair, at least 0.
    output_padding: pixels added below and on the right, smaller than stride or dilation.
    Returns shape (batch, out_channels, out height, out width) with, from torch's documentation,
    out = (in - 1) * stride - 2 * padding + dilation * (kernel - 1) + output_padding + 1.

    Raises ShapeMismatchError where shapes do not fit, TypeError or ValueError for a wrong kind of argument.
    """
    caller = "conv_transpose2d"
    window, size, groups = _check(
        caller, DTYPES, x, weight, bias, stride, padding, output_padding, groups, dilation
    )
    images = x if x.ndim == 4 else x[None]
    y = add_bias(input_gradient(images, weight, window, groups, size), bias)
    return y if x.ndim == 4 else y[0]


def conv_transpose2d_backward(grad_y, x, weight, stride=1, padding=0, output_padding=0, groups=1, dilation=1):
    """Return (grad_x, grad_weight, grad_bias) for y = conv_transpose2d(x, weight, bias, ...).

    The forward pass is linear in x with the matrix that conv2d has transposed; transposed again it is
    conv2d, so grad_x = conv2d(grad_y, weight). For the weight, x and grad_y change places in the formula.

    Raises what conv_transpose2d raises, ShapeMismatchError where grad_y does not have the shape of y, and
    TypeError for integers.
    """
    caller = "conv_transpose2d_backward"
    check_arrays(caller, FLOATS, grad_y=grad_y, x=x, weight=weight)
    window, size, groups = _check(
        caller, FLOATS, x, weight, None, stride, padding, output_padding, groups, dilation
    )
    check_gradient(caller, grad_y, (*x.shape[:-3], weight.shape[1] * groups, *size))
    images, grads = (x, grad_y) if x.ndim == 4 else (x[None], grad_y[None])
    grad_x = compute(choose(grads, weight, window, groups), grad_y, weight, window, groups)
    grad_weight = weight_gradient(images, grads, weight.shape, window, groups)
    return grad_x, grad_weight, grads.sum(axis=(0, 2, 3))


def _check(caller, dtypes, x, weight, bias, stride, padding, output_padding, groups, dilation):
    """Check everything. Return (window, (out height, out width), groups).

    The window is that of the convolution the other way, from this output to x.
    """
    check_arrays(caller, dtypes, ("bias",), x=x, weight=weight, bias=bias)
    groups = whole(groups, "groups", at_least=1)
    check_weight(caller, weight.shape, groups, "(in_channels, out_channels / groups, height, width)", "input")
    if weight.shape[1] == 0:
        raise mismatch(
            f"{caller}: the weight has no output channels.",
            f"weight.shape = {weight.shape}, axis 1 is 0",
            fix="pass a weight with at least one output channel.",
        )
    check_image(caller, x.shape)
    if x.shape[-3] != weight.shape[0]:
        raise mismatch(
            f"{caller}: x has {count(x.shape[-3], 'channel')}, but the weight expects {weight.shape[0]}.",
            f"x.shape = {x.shape}, axis {x.ndim - 3} (channels) is {x.shape[-3]}",
            f"weight.shape = {weight.shape}, axis 0 is {weight.shape[0]}: the input's channels come first",
            fix=f"pass an x with {count(weight.shape[0], 'channel')}, "
            f"or a weight of shape ({x.shape[-3]}, {', '.join(map(str, weight.shape[1:]))}).",
        )
    if bias is not None:
        out = weight.shape[1] * groups
        check_bias(
            caller, bias.shape, out, f"weight.shape[1] x groups = {weight.shape[1]} x {groups} = {out}"
        )
    check_pixels(caller, x.shape)
    stride, dilation = pair(stride, "stride", 1), pair(dilation, "dilation", 1)
    padding, output_padding = pair(padding, "padding", 0), pair(output_padding, "output_padding", 0)
    size = []
    for axis, name in enumerate(("height", "width")):
        n, k, s, d = x.shape[axis - 2], weight.shape[axis + 2], stride[axis], dilation[axis]
        if output_padding[axis] >= max(s, d):
            raise ValueError(
                f"output_padding must be smaller than stride or dilation, but in {name} got "
                f"output_padding {output_padding[axis]}, stride {s} and dilation {d}."
            )
        size.append((n - 1) * s - 2 * padding[axis] + d * (k - 1) + output_padding[axis] + 1)
        if size[axis] < 1:
            raise mismatch(
                f"{caller}: the output would be empty in {name}.",
                f"x.shape = {x.shape}, {name} {n}; kernel {k}, stride {s}, padding {padding[axis]}, "
                f"dilation {d}",
                f"({n} - 1) x {s} - 2 x {padding[axis]} + {d} x ({k} - 1) + {output_padding[axis]} + 1"
                f" = {size[axis]}",
                fix=f"use a padding of at most {(size[axis] + 2 * padding[axis] - 1) // 2} in {name}.",
            )
    # This convolution's output, the window's last field, has the size of x. The rows and columns that
    # output_padding adds lie below and on the right of all that the window reads.
    return Window(weight.shape[2:], stride, dilation, padding, padding, x.shape[-2:]), tuple(size), groups
