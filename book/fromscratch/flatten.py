"""Flatten: one row of features for each image, channel after channel."""

import math

from .checks.arguments import DTYPES, FLOATS, check_arrays
from .checks.shapes import check_gradient
from .errors import mismatch


def flatten(x):
    """Return x, shape (batch, ...), as shape (batch, features).

    For an NCHW batch feature number (c * height + i) * width + j is x[:, c, i, j]. TensorFlow flattens NHWC,
    where it is (i * width + j) * channels + c: the same numbers in another order.

    Raises ShapeMismatchError for a single number, TypeError for anything but an array.
    """
    check_arrays("flatten", DTYPES, x=x)
    if x.ndim == 0:
        raise mismatch(
            "flatten: x is a single number without an axis for the batch.",
            "x.shape = (), expected (batch, ...)",
            fix="give x an axis with reshape(1).",
        )
    return x.reshape(len(x), math.prod(x.shape[1:]))


def flatten_backward(grad_y, x):
    """Return dL/dx for y = flatten(x): the same numbers in the shape of x.

    Raises ShapeMismatchError where grad_y does not have the shape of y, TypeError for other dtypes.
    """
    check_arrays("flatten_backward", FLOATS, grad_y=grad_y, x=x)
    check_gradient("flatten_backward", grad_y, flatten(x).shape)
    return grad_y.reshape(x.shape)
