"""Sliding rows: one product of matrices for each row of the kernel, for any convolution.

im2col copies a pixel for every place of the kernel that covers it. A copy of the image for each column of
the kernel, shifted by it, is needed; but none for the kernel's rows: in a copy whose rows lie one after the
other, "one row further down" is the same memory, started one row later. So there is one product for each row
of the kernel, and their sum is the convolution.
"""

import numpy as np

from ..threads import share_out
from .walk import CACHE_BYTES, padded_rows, strip_size, strips


def sliding_rows(x, weight, window, groups, y, cache=CACHE_BYTES):
    """Write the convolution of checked arguments into y, with about `cache` bytes of copies at a time."""
    out_channels, channels, kernel_height, kernel_width = weight.shape
    width, out = window.out[1], out_channels // groups
    # A product sums over the columns of the kernel and the channels, so these two axes stand last and become
    # one, in the order of shifted_copies: kernels[u, group] is (out, kernel width * channels).
    kernels = weight.reshape(groups, out, channels, kernel_height, kernel_width)
    kernels = kernels.transpose(3, 0, 1, 4, 2).reshape(kernel_height, groups, out, kernel_width * channels)
    pixels = y.reshape(len(y), groups, out, window.out[0] * width)  # a view: y lies in one piece of memory

    def compute_strip(images, rows):
        target = pixels[images, ..., rows.start * width : rows.stop * width]
        strip = split_channels(padded_rows(x[images], window, rows), groups)
        total = None  # added up in the cache; only the last sum goes to y, which lies in memory
        for u, columns in enumerate(columns_for_kernel_rows(strip, window, rows)):
            place = target if u == kernel_height - 1 else total
            if u == 0:
                total = np.matmul(kernels[u], columns, out=place)
            else:
                np.add(total, kernels[u] @ columns, out=place)

    share_out(compute_strip, strips(y, *strip_size(x.shape[1], window, x.itemsize, cache)))


def split_channels(x, groups):
    """Return x, shape (batch, channels, ...), as shape (batch, groups, channels / groups, ...)."""
    return x.reshape(len(x), groups, x.shape[1] // groups, *x.shape[2:])


def columns_for_kernel_rows(strip, window, rows):
    """Yield, for each row of the kernel, the pixels that it meets at all places of the output's `rows`.

    strip: the padded input rows, shape (batch, groups, channels, input rows, padded width).
    Yields shape (batch, groups, kernel width * channels, rows * out width).
    """
    count, width = rows.stop - rows.start, window.out[1]
    (stride, _), (dilation, _) = window.stride, window.dilation
    if stride == 1:
        copies = shifted_copies(strip, window)
    for u in range(window.kernel[0]):
        start = u * dilation
        if stride == 1:  # the same copies, started `start` rows later
            yield copies[..., start * width : (start + count) * width]
        else:  # the rows that this row of the kernel meets are no neighbours: copy them alone
            yield shifted_copies(strip[..., start : start + (count - 1) * stride + 1 : stride, :], window)


def shifted_copies(strip, window):
    """Return one copy of the strip for each column of the kernel, shifted by it.

    strip: shape (..., channels, rows, padded width).
    Returns shape (..., kernel width * channels, rows * out width): a copy's rows lie one after the other.
    """
    *front, channels, rows, _ = strip.shape
    (_, stride), (_, dilation), (_, width) = window.stride, window.dilation, window.out
    copies = np.empty((*front, window.kernel[1], channels, rows, width), strip.dtype)
    for v in range(window.kernel[1]):
        start = v * dilation
        copies[..., v, :, :, :] = strip[..., start : start + (width - 1) * stride + 1 : stride]
    return copies.reshape(*front, window.kernel[1] * channels, rows * width)
