"""Two-dimensional convolution by matrix products, without a framework.

A convolution is a matrix product once the pixels under each place of the kernel stand in a column (im2col).
Written out, these columns are kernel height x kernel width times the input: for 64 channels of 256 x 256
pixels and a 3 x 3 kernel 142 MiB, and most of the time goes into writing and reading them.

Two observations make them small. A copy of the image for each column of the kernel, shifted by it, is
needed; but none for the kernel's rows: in a copy whose rows lie one after the other, "one row further down"
is the same memory, started one row later. So there is one product for each row of the kernel, and their sum
is the convolution. And a strip of a few output rows needs a few input rows only: worked on strip by strip,
the copies never leave the processor's cache.

With few filters these products are thin, and one for all rows of the kernel is sooner: correlate_stacked.
"""

import numpy as np

from .convcheck import check_conv2d

CACHE = 2**21  # bytes of shifted copies worked on at once: about what a core's caches hold


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
    rows_at_once = few_filters(weight, window, groups)
    if rows_at_once:
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


def correlate_stacked(x, weight, window, groups, rows_at_once, y):
    """Do what correlate does, with one product for all rows of the kernel: for stride 1 and few filters.

    A product of few rows takes longer to read the copies than to multiply. Here the rows of the kernel stand
    under one another, the copies are read once, and the results of each row are added, moved up by its place.
    """
    channels, kernel_height, kernel_width = weight.shape[1:]
    out, height = len(weight) // groups, window.out[0]
    # For each group a matrix (rows of the kernel x out, columns of the kernel x channels).
    kernels = weight.reshape(groups, out, channels, kernel_height, kernel_width)
    kernels = kernels.transpose(0, 3, 1, 4, 2).reshape(groups, kernel_height * out, kernel_width * channels)
    for n in range(len(x)):
        for group in range(groups):
            pixels = x[n, group * channels : (group + 1) * channels]
            target = y[n, group * out : (group + 1) * out]
            for top in range(0, height, rows_at_once):
                add_rows(pixels, kernels[group], window, top, target[:, top : top + rows_at_once])


def add_rows(pixels, kernel, window, top, target):
    """Write the output rows from `top` on of one group into target, shape (out, rows, out width)."""
    out, rows, width = target.shape
    dilation, shift = window.dilation
    strip = pad(pixels, window, top, rows)
    channels, height, _ = strip.shape
    shifted = np.empty((window.kernel[1], channels, height, width), strip.dtype)
    for v in range(window.kernel[1]):
        shifted[v] = strip[:, :, v * shift : v * shift + width]
    parts = np.dot(kernel, shifted.reshape(-1, height * width)).reshape(-1, out, height, width)
    np.add(parts[0, :, :rows], parts[1, :, dilation : dilation + rows], out=target)
    for start in range(2 * dilation, height - rows + 1, dilation):
        target += parts[start // dilation, :, start : start + rows]


def few_filters(weight, window, groups):
    """Return how many output rows correlate_stacked takes at once; None where by rows is faster.

    The bounds were found by measuring 3 to 64 channels in 1 to 64 groups, 16 to 256 pixels square.
    """
    out, (channels, kernel_height, kernel_width) = len(weight) // groups, weight.shape[1:]
    height, width = window.out
    if out > 8 or height * width < (2500 if groups == 1 else 10_000) or window.stride != (1, 1):
        return None
    if kernel_height == 1 or 0 in weight.shape:
        return None
    below = window.dilation[0] * (kernel_height - 1)  # input rows that a strip needs besides its own
    row_bytes = (kernel_width * channels + kernel_height * out) * width * weight.itemsize
    rows = min(height, CACHE // row_bytes - below)
    return rows if rows == height or rows >= 8 * below else None  # what two strips share is computed twice


def strip_size(x, window):
    """Return how many images, and how many output rows, to work on at once to stay in the cache."""
    height, width = window.out
    row_bytes = max(1, window.kernel[1] * x.shape[1] * width * x.itemsize)
    return max(1, CACHE // (row_bytes * height)), max(1, min(height, CACHE // row_bytes))


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
