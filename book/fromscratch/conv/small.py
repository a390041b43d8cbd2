"""im2col in a single copy and a single product: the fastest way while all columns fit in the cache.

Little is won there by making the columns smaller, and most of the time goes into calls.
"""

import numpy as np

from .walk import CACHE_BYTES, padded_rows, strips


def small(x, weight, window, groups, y, cache=CACHE_BYTES):
    """Write the convolution of checked arguments into y: for one group.

    A batch is worked on in pieces whose columns take at most `cache` bytes, or image by image. Each further
    group would need a product of its own, and the point is to have one.
    """
    if window.before != (0, 0) or window.after != (0, 0):
        x = padded_rows(x, window, slice(0, window.out[0]))
    # The pixels under each place of the kernel are the image itself, read with other steps through memory:
    # the next row of the kernel is `dilation` rows on, the next output row `stride` rows. NumPy copies them
    # all in one call, in the reshape below. np.ndarray wants memory in one piece, and checks that no step
    # leads out of it. None does: window.out counts only places that end within the padded image.
    x = np.ascontiguousarray(x)
    image, channel, row, pixel = x.strides  # in bytes
    (stride_y, stride_x), (dilation_y, dilation_x) = window.stride, window.dilation
    shape = x.shape[1], *window.kernel, *window.out
    steps = channel, dilation_y * row, dilation_x * pixel, stride_y * row, stride_x * pixel
    kernels = weight.reshape(len(weight), -1)  # a filter is a row
    out_channels, terms = kernels.shape
    pixels = window.out[0] * window.out[1]
    if len(x) == 1:  # np.dot needs less time to begin than np.matmul
        columns = np.ndarray(shape, x.dtype, buffer=x, strides=steps).reshape(terms, pixels)
        np.dot(kernels, columns, out=y.reshape(out_channels, pixels))
        return
    target = y.reshape(len(y), out_channels, pixels)  # a view, as above: y lies in one piece of memory
    for images, _ in strips(y, max(1, cache // columns_bytes(weight, window)), window.out[0]):
        some = x[images]  # in one piece, as x is
        columns = np.ndarray((len(some), *shape), x.dtype, buffer=some, strides=(image, *steps))
        np.matmul(kernels, columns.reshape(len(some), terms, pixels), out=target[images])


def columns_bytes(weight, window):
    """Return how many bytes the columns of one image take."""
    return weight.size // len(weight) * window.out[0] * window.out[1] * weight.itemsize
