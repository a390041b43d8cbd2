"""conv2d with fewer multiplications: Winograd's way along the height, plain products along the width.

For each output row a 3 x 3 kernel takes three products of matrices. Six output rows at once take eight
instead of eighteen (fromscratch.winograd says why): the input rows are mixed into eight new ones, each
meets a mixed kernel, and the results are mixed back. The mixing costs additions, memory traffic and
accuracy; it pays where there are many channels. Everything else is the plain conv2d.
"""

from fractions import Fraction

import numpy as np

from .conv import correlate
from .convcheck import check_conv2d
from .strips import pad
from .winograd import winograd_matrices

OUTPUT, KERNEL, DATA = winograd_matrices([0, 1, -1, 2, -2, Fraction(1, 2), Fraction(-1, 2)])
ROWS, MIXED = OUTPUT.shape  # 6 output rows from 8 mixed rows
# Below these sizes the mixing costs more than it saves; found by measuring square images and channels.
LEAST_CHANNELS, LEAST_SIDE, LEAST_NUMBERS_IN_A_ROW = 16, 40, 1600


def conv2d(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """Return what fromscratch.conv2d returns, sooner where the kernel is 3 x 3 and there are many channels.

    Arguments, shapes, dtypes and errors are fromscratch.conv2d's. The plain way is taken for another stride,
    dilation, kernel or number of groups, for integers, and for few channels or a small output.

    Rounding: the largest error in float32 is about ten times the plain way's.
    """
    window, groups = check_conv2d("conv2d", x, weight, bias, stride, padding, dilation, groups)
    images = x if x.ndim == 4 else x[None]
    y = np.empty((len(images), len(weight), *window.out), x.dtype)
    if pays(weight, window, groups):
        correlate_fast(images, weight, window, y)
    else:
        correlate(images, weight, window, groups, y)
    if bias is not None:
        y += bias[:, None, None]
    return y if x.ndim == 4 else y[0]


def pays(weight, window, groups):
    """Say whether Winograd's way applies and is worth its mixing."""
    applies = window.kernel == (3, 3) and window.stride == window.dilation == (1, 1) and groups == 1
    large = (
        min(weight.shape[:2]) >= LEAST_CHANNELS
        and min(window.out) >= LEAST_SIDE
        and weight.shape[1] * window.out[1] >= LEAST_NUMBERS_IN_A_ROW
    )
    return applies and large and weight.dtype.kind == "f"


def correlate_fast(x, weight, window, y):
    """Write the 3 x 3 convolution of checked arguments into y, six rows at a time."""
    out, channels = weight.shape[:2]
    height, width = window.out
    # Mixed along the kernel's rows; for each mixed row a matrix (out, columns of the kernel x channels).
    kernels = np.tensordot(KERNEL.astype(x.dtype), weight, axes=(1, 2)).transpose(0, 1, 3, 2)
    kernels = kernels.reshape(MIXED, out, 3 * channels)
    data, output = DATA.astype(x.dtype), OUTPUT.astype(x.dtype)
    shifted = np.empty((MIXED, 3, channels, width), x.dtype)
    products = np.empty((MIXED, out, width), x.dtype)
    for n in range(len(x)):
        for tile in range(0, height, ROWS):
            top = min(tile, height - ROWS)  # the last tile may repeat rows of the one before it
            mixed = data @ pad(x[n], window, top, ROWS)  # (channels, 8 rows, padded width)
            for v in range(3):
                shifted[:, v] = mixed[..., v : v + width].swapaxes(0, 1)
            np.matmul(kernels, shifted.reshape(MIXED, 3 * channels, width), out=products)
            rows = output @ products.reshape(MIXED, out * width)
            y[n, :, top : top + ROWS] = rows.reshape(ROWS, out, width).swapaxes(0, 1)
