"""conv2d: check, choose, compute, add the bias. The other functions here skip the choice."""

from functools import partial

import numpy as np

from ..checks.arguments import whole
from ..checks.shapes import check_conv2d
from .choose import choose
from .definition import definition
from .im2col import im2col


def conv2d(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """Return the cross-correlation that torch.nn.functional.conv2d computes.

    x: shape (batch, in_channels, height, width), or (in_channels, height, width) for a single image.
    weight: shape (out_channels, in_channels / groups, kernel height, kernel width).
    bias: shape (out_channels,), or None.
    stride, dilation: in pixels, an integer or a pair (for height, for width), at least 1.
    padding: in pixels, an integer or a pair, at least 0; or "valid", "same" (PyTorch's, stride 1 only)
        or "same_tensorflow" (TensorFlow's, any stride).
    groups: how many groups the channels are divided into.
    Returns shape (batch, out_channels, out height, out width), in the dtype of x.
        Integers stay integers, and wrap around as they do in PyTorch.

    y[n, o, i, j] = bias[o] + sum over c, u, v of
        weight[o, c, u, v] * padded x[n, first + c, i * stride + u * dilation, j * stride + v * dilation]
    where first is the first channel of the group that o belongs to.

    Raises ShapeMismatchError where shapes do not fit, TypeError or ValueError for a wrong kind of argument.

    Two differences from torch are deliberate. float16, bfloat16 and complex arrays are refused. A weight for
    no channels at all gives out_channels channels of bias, as the sum says; torch drops the channels.
    """
    window, groups = check_conv2d("conv2d", x, weight, bias, stride, padding, dilation, groups)
    way = choose(x, weight, window, groups)
    y = compute(way, x, weight, window, groups)
    return add_bias(y, bias)


def convolve(x, weight):
    """Return conv2d(x, weight): no bias, no padding, stride 1, one group."""
    return conv2d(x, weight)


def conv2d_loops(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """Return what conv2d returns, by its definition: to read, and to test the others with small tensors."""
    window, groups = check_conv2d("conv2d_loops", x, weight, bias, stride, padding, dilation, groups)
    return add_bias(compute(definition, x, weight, window, groups), bias)


def conv2d_im2col(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """Return what conv2d returns, with all columns of an image at once: kernel height x width times x."""
    window, groups = check_conv2d("conv2d_im2col", x, weight, bias, stride, padding, dilation, groups)
    return add_bias(compute(im2col, x, weight, window, groups), bias)


def conv2d_strips(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1, rows=4):
    """Return what conv2d_im2col returns, with the columns of `rows` output rows at a time."""
    window, groups = check_conv2d("conv2d_strips", x, weight, bias, stride, padding, dilation, groups)
    way = partial(im2col, rows_at_once=whole(rows, "rows", at_least=1))
    return add_bias(compute(way, x, weight, window, groups), bias)


def compute(way, x, weight, window, groups):
    """Return the output of a way, without the bias, for checked arguments. x has four axes or three."""
    images = x if x.ndim == 4 else x[None]  # a single image is a batch of one
    y = np.empty((len(images), len(weight), *window.out), x.dtype)
    way(images, weight, window, groups, y)
    return y if x.ndim == 4 else y[0]


def add_bias(y, bias):
    """Add one number to each channel of y, in place. Return y."""
    if bias is not None:
        y += bias[:, None, None]  # (out_channels, 1, 1) broadcasts over the batch and all pixels
    return y
