"""Sliding rows for few filters: all rows of the kernel in one product.

A product with few filters takes longer to read the copies than to multiply. Here the rows of the kernel stand
under one another in one matrix, so that the copies are read once; the results of each row of the kernel are
added, moved up by its place.
"""

import numpy as np

from ..threads import share_out
from .sliding_rows import shifted_copies
from .walk import CACHE_BYTES, padded_rows, strips


def few_filters(x, weight, window, groups, y, cache=CACHE_BYTES):
    """Write the convolution of checked arguments into y: for stride 1 and a kernel of two rows or more."""
    out, (channels, kernel_height, kernel_width) = len(weight) // groups, weight.shape[1:]
    # kernels[group] is (kernel height * out, kernel width * channels).
    kernels = weight.reshape(groups, out, channels, kernel_height, kernel_width)
    kernels = kernels.transpose(0, 3, 1, 4, 2).reshape(groups, kernel_height * out, kernel_width * channels)

    def compute_strip(image, group, rows):
        pixels = x[image, group * channels : (group + 1) * channels]
        target = y[image, group * out : (group + 1) * out, rows]  # (out, rows, out width)
        strip = padded_rows(pixels, window, rows)
        # For each row of the kernel its results at all rows of the strip.
        results = np.dot(kernels[group], shifted_copies(strip, window))
        results = results.reshape(kernel_height, out, strip.shape[1], window.out[1])
        # Row u of the kernel has its result for output row i in row i + u * dilation of the strip.
        count, dilation = target.shape[1], window.dilation[0]
        np.add(results[0, :, :count], results[1, :, dilation : dilation + count], out=target)
        for u in range(2, kernel_height):
            target += results[u, :, u * dilation : u * dilation + count]

    rows_at_once = max(1, strip_rows(weight, window, groups, cache))
    pieces = ((images.start, g, rows) for images, rows in strips(y, 1, rows_at_once) for g in range(groups))
    share_out(compute_strip, pieces)


def strip_rows(weight, window, groups, cache):
    """Return how many output rows at once keep the copies and the results below `cache` bytes; maybe none."""
    out, (channels, kernel_height, kernel_width) = len(weight) // groups, weight.shape[1:]
    row_bytes = (kernel_width * channels + kernel_height * out) * window.out[1] * weight.itemsize
    return min(window.out[0], cache // row_bytes - shared_rows(window))


def shared_rows(window):
    """Return how many input rows a strip needs besides its own. Two neighbours compute these twice."""
    return window.dilation[0] * (window.kernel[0] - 1)
