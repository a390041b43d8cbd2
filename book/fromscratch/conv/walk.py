"""How to go through an image: strips of a few output rows, small enough to be worked on in the cache.

Memory is many times slower than the caches of a processor. A strip of output rows needs few input rows only,
and what is computed from them on the way stays in the cache until it is used.
"""

import numpy as np

CACHE_BYTES = 2**21  # 2 MiB of copies worked on at once: about what a core's own caches hold


def strips(y, images_at_once, rows_at_once):
    """Yield (images, rows), two slices: y[images, :, rows] for all of them is all of y, each number once.

    y: shape (batch, channels, height, width). No two strips overlap, so their order does not matter.
    """
    batch, _, height, _ = y.shape
    for first in range(0, batch, images_at_once):
        for top in range(0, height, rows_at_once):
            yield (
                slice(first, min(first + images_at_once, batch)),
                slice(top, min(top + rows_at_once, height)),
            )


def strip_size(in_channels, window, itemsize, cache):
    """Return (images at once, rows at once) for which the shifted copies take at most `cache` bytes.

    The shifted copies of one output row are kernel width x in_channels x out width numbers. At least one
    image and one row are taken, however many bytes that is.
    """
    height, width = window.out
    row_bytes = max(1, window.kernel[1] * in_channels * width * itemsize)
    return max(1, cache // (row_bytes * height)), max(1, min(height, cache // row_bytes))


def padded_rows(x, window, rows):
    """Return the input rows, padded with zeros, that an output's `rows` (a slice) are computed from.

    x: shape (..., height, width). Returns shape (..., input rows, left + width + right): a view where nothing
    has to be padded.
    """
    (above, left), right = window.before, window.after[1]
    height, width = x.shape[-2:]
    # Output row i looks at the padded rows i * stride to i * stride + (kernel height - 1) * dilation. Row 0
    # of x is padded row number `above`.
    start = rows.start * window.stride[0] - above
    stop = (rows.stop - 1) * window.stride[0] + (window.kernel[0] - 1) * window.dilation[0] + 1 - above
    if left == right == 0 and start >= 0 and stop <= height:
        return x[..., start:stop, :]
    padded = np.zeros((*x.shape[:-2], stop - start, left + width + right), x.dtype)
    first, last = max(start, 0), min(stop, height)
    if first < last:  # else all of these rows are padding
        padded[..., first - start : last - start, left : left + width] = x[..., first:last, :]
    return padded
