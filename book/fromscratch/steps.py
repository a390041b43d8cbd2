"""Two steps on the way from the seven loops to conv2d, kept to be read and measured.

Both write out the columns under each place of the kernel (im2col) and multiply once. They differ in how
much they write at a time. Arguments, shapes and errors are conv2d's.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from .arguments import whole
from .convcheck import check_conv2d
from .strips import pad


def conv2d_im2col(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """conv2d with all columns of an image written out: kernel height x kernel width times the input."""
    return _by_columns("conv2d_im2col", x, weight, bias, stride, padding, dilation, groups, None)


def conv2d_strips(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1, rows=4):
    """conv2d with the columns of a few output rows written out at a time, so that they stay in the cache."""
    rows = whole(rows, "rows", at_least=1)
    return _by_columns("conv2d_strips", x, weight, bias, stride, padding, dilation, groups, rows)


def _by_columns(caller, x, weight, bias, stride, padding, dilation, groups, rows_at_once):
    """Multiply the columns of rows_at_once output rows at a time, or of all where it is None."""
    window, groups = check_conv2d(caller, x, weight, bias, stride, padding, dilation, groups)
    images = x if x.ndim == 4 else x[None]
    out, terms = len(weight) // groups, weight[0].size
    y = np.empty((len(images), len(weight), *window.out), x.dtype)
    kernels = weight.reshape(groups, out, terms)
    for n, image in enumerate(images):
        for top in range(0, window.out[0], rows_at_once or window.out[0]):
            rows = min(rows_at_once or window.out[0], window.out[0] - top)
            columns = _columns(pad(image, window, top, rows), window)
            products = kernels @ columns.reshape(groups, terms, rows * window.out[1])
            y[n, :, top : top + rows] = products.reshape(len(weight), rows, window.out[1])
    if bias is not None:
        y += bias[:, None, None]
    return y if x.ndim == 4 else y[0]


def _columns(strip, window):
    """Return a view of the pixels, shape (channels, kernel height, kernel width, rows, out width)."""
    spans = [d * (k - 1) + 1 for d, k in zip(window.dilation, window.kernel, strict=True)]
    places = sliding_window_view(strip, spans, axis=(1, 2))  # (channels, rows, width, span, span)
    (stride_y, stride_x), (dilation_y, dilation_x) = window.stride, window.dilation
    return places[:, ::stride_y, ::stride_x, ::dilation_y, ::dilation_x].transpose(0, 3, 4, 1, 2)
