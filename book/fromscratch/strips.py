"""Strips of a padded image, and their shifted copies: what the convolution and its gradients work on."""

import numpy as np

CACHE = 2**21  # bytes of shifted copies worked on at once: about what a core's caches hold


def strip_size(x, window):
    """Return how many images, and how many output rows, to work on at once to stay in the cache."""
    height, width = window.out
    row_bytes = max(1, window.kernel[1] * x.shape[1] * width * x.itemsize)
    return max(1, CACHE // (row_bytes * height)), max(1, min(height, CACHE // row_bytes))


def pad(image, window, top, rows):
    """Return the padded input rows that the output rows top to top + rows - 1 look at.

    image: shape (..., height, width). Without padding the result is a view.
    """
    (above, left), right = window.before, window.after[1]
    height, width = image.shape[-2:]
    start = top * window.stride[0] - above
    stop = start + (rows - 1) * window.stride[0] + (window.kernel[0] - 1) * window.dilation[0] + 1
    if left == right == 0 and start >= 0 and stop <= height:
        return image[..., start:stop, :]
    padded = np.zeros((*image.shape[:-2], stop - start, left + width + right), image.dtype)
    first, last = max(start, 0), min(stop, height)
    if first < last:
        padded[..., first - start : last - start, left : left + width] = image[..., first:last, :]
    return padded


def shifted_copies(strip, window):
    """Return one copy of the strip for each column of the kernel, shifted by it.

    strip: shape (batch, groups, channels, rows, padded width).
    Returns shape (batch, groups, kernel width x channels, rows x out width).
    """
    batch, groups, channels, rows, _ = strip.shape
    (_, stride), (_, dilation), (_, width) = window.stride, window.dilation, window.out
    copies = np.empty((batch, groups, window.kernel[1], channels, rows, width), strip.dtype)
    for v in range(window.kernel[1]):
        copies[:, :, v] = strip[..., v * dilation : v * dilation + (width - 1) * stride + 1 : stride]
    return copies.reshape(batch, groups, window.kernel[1] * channels, rows * width)
