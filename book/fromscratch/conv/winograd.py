"""Winograd's convolution: fewer multiplications for several neighbouring outputs.

One row of a 3-tap filter g over data d needs 3 multiplications for each output. For m outputs at once
m + 2 are enough:

    y = output @ ((kernel @ g) * (data @ d))        with m + 2 values of d, and * element by element

Where the matrices come from: the outputs and the filter swap roles with the coefficients of two polynomials.
A product of a polynomial of m coefficients with one of 3 has m + 2 coefficients. It is fixed by its values at
m + 1 points and its leading coefficient ("the value at infinity"); each of these takes one multiplication.
Going back from values to coefficients is Lagrange interpolation. Multiplying by g is linear, and its
transpose is the correlation with g; transposing the three steps gives the line above.

Sources: S. Winograd, Arithmetic Complexity of Computations, SIAM 1980; A. Lavin and S. Gray, Fast Algorithms
for Convolutional Neural Networks, CVPR 2016, https://arxiv.org/abs/1509.09308, where output, kernel and data
are called A^T, G and B^T.
"""

from fractions import Fraction

import numpy as np

from ..threads import share_out
from .walk import padded_rows, strips


def winograd_matrices(points, taps=3):
    """Return (output, kernel, data) for len(points) + 2 - taps outputs of a filter with `taps` taps.

    points: distinct numbers, exact (integers or Fractions). Small ones keep the rounding error small.
    output: shape (m, m + taps - 1); kernel: shape (m + taps - 1, taps); data: shape (m + taps - 1,) * 2.
    All are float64, each number the nearest to the exact fraction.
    """
    points = [Fraction(p) for p in points]
    size = len(points) + 1
    m = size - taps + 1
    if m < 1 or len(set(points)) < len(points):
        raise ValueError(f"points must be at least {taps - 1} distinct numbers, but got {len(points)}.")
    # The values of a polynomial at each point, and its leading coefficient.
    output = [[p**i for p in points] + [Fraction(i == m - 1)] for i in range(m)]
    kernel = [[p**i for i in range(taps)] for p in points] + [[Fraction(i == taps - 1) for i in range(taps)]]
    data = []
    for k, point in enumerate(points):
        others = points[:k] + points[k + 1 :]
        # Lagrange's polynomial is 1 at its point and 0 at the others; the scale goes to the small kernel.
        scale = Fraction(1)
        for other in others:
            scale *= point - other
        kernel[k] = [value / scale for value in kernel[k]]
        data.append([*_from_roots(others), Fraction(0)])
    data.append(_from_roots(points))
    return tuple(np.array(rows, dtype=float) for rows in (output, kernel, data))


def _from_roots(roots):
    """Return the coefficients of the product of (t - root), the constant first."""
    coefficients = [Fraction(1)]
    for root in roots:
        shifted = [Fraction(0), *coefficients]
        coefficients = [s - root * c for s, c in zip(shifted, [*coefficients, Fraction(0)], strict=True)]
    return coefficients


# Six outputs of a column of the image at once: eight products in place of eighteen.
OUTPUT, KERNEL, DATA = winograd_matrices([0, 1, -1, 2, -2, Fraction(1, 2), Fraction(-1, 2)])
ROWS, MIXED = OUTPUT.shape  # 6 output rows from 8 mixed rows


def winograd(x, weight, window, groups, y):
    """Write the convolution of checked arguments into y, six rows at a time: where it applies.

    The input rows are mixed into eight new ones, each meets a mixed kernel in plain products along the width,
    and the results are mixed back. The mixing costs additions, memory traffic and accuracy: the largest error
    in float32 is six to nine times that of the other ways.
    """
    out, channels, _, taps = weight.shape
    width = window.out[1]
    output, kernel, data = (matrix.astype(x.dtype) for matrix in (OUTPUT, KERNEL, DATA))
    # (MIXED, out, channels, taps), and from it for each mixed row a matrix (out, taps * channels)
    kernels = np.tensordot(kernel, weight, axes=(1, 2)).transpose(0, 1, 3, 2)
    kernels = kernels.reshape(MIXED, out, taps * channels)

    def compute_tile(images, rows):
        tile = slice(rows.start, rows.start + ROWS)  # the last one may reach beyond the image: into zeros
        mixed = data @ padded_rows(x[images.start], window, tile)  # (channels, MIXED, padded width)
        shifted = np.empty((MIXED, taps, channels, width), x.dtype)
        for v in range(taps):
            shifted[:, v] = mixed[..., v : v + width].swapaxes(0, 1)
        products = kernels @ shifted.reshape(MIXED, taps * channels, width)  # (MIXED, out, width)
        products = products.swapaxes(0, 1)  # (out, MIXED, width), mixed back to (out, rows, width)
        np.matmul(output[: rows.stop - rows.start], products, out=y[images.start, :, rows])

    share_out(compute_tile, strips(y, 1, ROWS))


def applies(weight, window, groups):
    """Say whether Winograd's way can compute this: 3 x 3, stride 1, dilation 1, one group, floats."""
    once = window.stride == window.dilation == (1, 1)
    return window.kernel == (3, 3) and once and groups == 1 and weight.dtype.kind == "f"
