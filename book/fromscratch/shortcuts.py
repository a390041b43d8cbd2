"""Two shorter ways to the convolution of fromscratch.conv, for small images and for few filters.

Where the columns of im2col fit in the cache as they are, nothing is won by making them smaller, and the time
goes into calls: correlate_at_once needs one copy and one product. With few filters the products are thin:
they take longer to read the copies than to multiply, and correlate_stacked reads them once instead of once
for each row of the kernel.
"""

import numpy as np

from . import strips

AT_ONCE = 420_000  # bytes of columns up to which correlate_at_once is the fastest way, found by measuring


def correlate_at_once(x, weight, window, y):
    """Do what correlate does, by im2col: for one group, where all columns of an image fit in the cache.

    The pixels under each place of the kernel are the image itself, read with other steps, so that one call
    copies them all. y lies in one piece of memory.
    """
    kernel_size, (down, right), (row, column), before, after, out = window
    if before != (0, 0) or after != (0, 0):
        x = strips.pad(x, window, 0, out[0])
    x = np.ascontiguousarray(x)
    volume, plane, line, pixel = x.strides
    shape = weight.shape[1], *kernel_size, *out
    steps = plane, row * line, column * pixel, down * line, right * pixel
    kernel, pixels = weight.reshape(len(weight), -1), out[0] * out[1]
    results = y.reshape(len(y), len(kernel), pixels)
    if len(x) == 1:  # np.dot needs less time to begin than np.matmul
        columns = np.ndarray(shape, x.dtype, x, 0, steps).reshape(-1, pixels)
        np.dot(kernel, columns, out=results[0])
        return
    images_at_once = max(1, strips.CACHE // columns_bytes(weight, window))
    for n in range(0, len(x), images_at_once):
        images = x[n : n + images_at_once]
        columns = np.ndarray((len(images), *shape), x.dtype, images, 0, (volume, *steps))
        columns = columns.reshape(len(images), kernel.shape[1], pixels)
        np.matmul(kernel, columns, out=results[n : n + len(images)])


def fits_at_once(x, weight, window):
    """Say whether the columns are few enough for correlate_at_once to be the fastest way.

    The other ways gain least from a stride, where they copy for each row of the kernel as well, and from a
    kernel of one pixel, where the columns are the image itself. With few channels their products are thin.
    """
    size = columns_bytes(weight, window)
    if window.stride != (1, 1) or window.kernel == (1, 1):
        return 0 < size <= 5 * AT_ONCE
    return 0 < (size if weight.shape[1] <= 4 else size * len(x)) <= AT_ONCE


def columns_bytes(weight, window):
    """Return how many bytes the columns of one image take."""
    return weight.size // len(weight) * window.out[0] * window.out[1] * weight.itemsize


def correlate_stacked(x, weight, window, groups, rows_at_once, y):
    """Do what correlate does, with one product for all rows of the kernel: for stride 1 and few filters.

    A product of few rows takes longer to read the copies than to multiply. Here the rows of the kernel stand
    under one another, the copies are read once, and the results of each row are added, moved up by its place.
    """
    out, (channels, kernel_height, kernel_width) = len(weight) // groups, weight.shape[1:]
    # For each group a matrix (rows of the kernel x out, columns of the kernel x channels).
    kernels = weight.reshape(groups, out, channels, kernel_height, kernel_width)
    kernels = kernels.transpose(0, 3, 1, 4, 2).reshape(groups, kernel_height * out, kernel_width * channels)
    for image, result in zip(x, y, strict=True):
        for group, kernel in enumerate(kernels):
            pixels = image[group * channels : (group + 1) * channels]
            target = result[group * out : (group + 1) * out]
            for top in range(0, window.out[0], rows_at_once):
                add_rows(pixels, kernel, window, top, target[:, top : top + rows_at_once])


def add_rows(pixels, kernel, window, top, target):
    """Write the output rows from `top` on of one group into target, shape (out, rows, out width)."""
    (out, rows, width), dilation = target.shape, window.dilation[0]
    strip = strips.pad(pixels, window, top, rows)
    shifted = strips.shifted_copies(strip[None, None], window)[0, 0]
    parts = np.dot(kernel, shifted).reshape(-1, out, strip.shape[1], width)
    np.add(parts[0, :, :rows], parts[1, :, dilation : dilation + rows], out=target)
    for u in range(2, len(parts)):
        target += parts[u, :, u * dilation : u * dilation + rows]


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
    rows = min(height, strips.CACHE // row_bytes - below)
    return rows if rows == height or rows >= 8 * below else None  # what two strips share is computed twice
