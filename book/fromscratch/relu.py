"""ReLU: negative numbers become zero."""

import numpy as np

from .checks.arguments import FLOATS, check_arrays
from .checks.shapes import check_gradient


def relu(x):
    """Return max(x, 0) for each number of x, of any shape. NaN stays NaN.

    Raises TypeError for anything but a float32 or float64 array.
    """
    check_arrays("relu", FLOATS, x=x)
    return np.maximum(x, 0)


def relu_backward(grad_y, x):
    """Return dL/dx for y = relu(x): zero where x is zero or negative, grad_y elsewhere.

    The slope is 1 on the right of zero and 0 on the left. At zero itself there is none;
    PyTorch and TensorFlow take 0, and so does this.

    Raises ShapeMismatchError where grad_y does not have the shape of x, TypeError for other dtypes.
    """
    check_arrays("relu_backward", FLOATS, grad_y=grad_y, x=x)
    check_gradient("relu_backward", grad_y, x.shape)
    return np.where(x <= 0, 0, grad_y)
