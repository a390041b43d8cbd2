"""Two-dimensional convolution by matrix products, without a framework.

A convolution is a matrix product once the pixels under each place of the kernel stand in a column (im2col).
Written out, these columns are kernel height x kernel width times the input: for 64 channels of 256 x 256
pixels and a 3 x 3 kernel 142 MiB, and most of the time goes into writing and reading them.

Two observations make them small. A copy of the image for each column of the kernel, shifted by it, is
needed; but none for the kernel's rows: in a copy whose rows lie one after the other, "one row further down"
is the same memory, started one row later. So there is one product for each row of the kernel, and their sum
is the convolution. And a strip of a few output rows needs a few input rows only: worked on strip by strip,
the copies never leave the processor's cache.

Small images and few filters are better served by two shortcuts: fromscratch.shortcuts.
"""

import numpy as np

from .convcheck import check_conv2d
from .shortcuts import correlate_at_once, correlate_stacked, few_filters, fits_at_once
from .strips import pad, shifted_copies, strip_size


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
    images = x if x.ndim == 4 else x[None]
    y = np.empty((len(images), len(weight), *window.out), x.dtype)
    correlate(images, weight, window, groups, y)
    if bias is not None:
        y += bias[:, None, None]
    return y if x.ndim == 4 else y[0]


def convolve(x, weight):
    """Return conv2d(x, weight): no bias, no padding, stride 1, one group."""
    return conv2d(x, weight)


def correlate(x, weight, window, groups, y):
    """Write the convolution of checked arguments into y. x, weight and y have four axes."""
    if groups == 1 and fits_at_once(x, weight, window):
        correlate_at_once(x, weight, window, y)
    elif rows_at_once := few_filters(weight, window, groups):
        correlate_stacked(x, weight, window, groups, rows_at_once, y)
    else:
        correlate_by_rows(x, weight, window, groups, y)


def correlate_by_rows(x, weight, window, groups, y):
    """Do what correlate does, with one product for each row of the kernel: for any convolution."""
    batch, (out_channels, channels, kernel_height, kernel_width) = len(x), weight.shape
    (stride, _), (dilation, _), (height, width) = window.stride, window.dilation, window.out
    # For each row of the kernel and each group a matrix (out, columns of the kernel x channels).
    kernels = weight.reshape(groups, out_channels // groups, channels, kernel_height, kernel_width)
    kernels = kernels.transpose(3, 0, 1, 4, 2).reshape(kernel_height, groups, out_channels // groups, -1)
    flat = y.reshape(batch, groups, out_channels // groups, height * width)
    images_at_once, rows_at_once = strip_size(x, window)
    for first in range(0, batch, images_at_once):
        images = x[first : first + images_at_once]
        for top in range(0, height, rows_at_once):
            rows = min(rows_at_once, height - top)
            target = flat[first : first + images_at_once, ..., top * width : (top + rows) * width]
            strip = pad(images, window, top, rows)
            strip = strip.reshape(len(images), groups, channels, *strip.shape[2:])
            if stride == 1:
                shifted = shifted_copies(strip, window)
            for u in range(kernel_height):
                if stride == 1:
                    start = u * dilation * width
                    columns = shifted[..., start : start + rows * width]
                else:  # the rows under this row of the kernel are no neighbours: copy them alone
                    start = u * dilation
                    columns = shifted_copies(
                        strip[..., start : start + (rows - 1) * stride + 1 : stride, :], window
                    )
                if u == 0:
                    np.matmul(kernels[u], columns, out=target)
                else:
                    target += kernels[u] @ columns
