"""Pooling: one number for each place of a window, channel by channel.

The loop runs over the places inside the window, not over the image: a window of 2 x 2 has four. For each of
them one strided view holds the pixel that every window has there, so a step of the loop serves all windows.
"""

import numpy as np

from .checks.arguments import FLOATS, check_arrays, pair
from .checks.shapes import check_gradient
from .checks.window import slide
from .errors import mismatch


def max_pool2d(x, kernel_size, stride=None, padding=0, dilation=1):
    """Return the largest number under each place of the window, as torch.nn.functional.max_pool2d.

    x: shape (batch, channels, height, width), or (channels, height, width); float32 or float64.
    kernel_size, stride, dilation: in pixels, an integer or a pair, at least 1.
        stride None stands for the kernel's size.
    padding: in pixels, an integer or a pair, at most half the kernel; or "valid" or "same_tensorflow".
        Padding never wins: it counts as minus infinity.
    Returns shape (batch, channels, out height, out width).

    Raises ShapeMismatchError where the window does not fit, TypeError or ValueError for a wrong argument.
    """
    window = _check("max_pool2d", x, kernel_size, stride, padding, dilation)
    padded = _pad(x, window, -np.inf)
    y = _under(padded, window, 0, 0).copy()
    for u, v in _places(window):
        np.maximum(y, _under(padded, window, u, v), out=y)
    return y


def max_pool2d_backward(grad_y, x, kernel_size, stride=None, padding=0, dilation=1):
    """Return dL/dx for y = max_pool2d(x, ...).

    The largest number of a window passes its change on one to one; the others do not matter. So grad_y
    goes to the pixel that won, and adds up where one pixel won several windows. Of equal pixels the first
    wins, row by row, and of several NaNs the last, as in PyTorch.

    Raises what max_pool2d raises, and ShapeMismatchError where grad_y does not have the shape of y.
    """
    check_arrays("max_pool2d_backward", FLOATS, grad_y=grad_y, x=x)
    window = _check("max_pool2d_backward", x, kernel_size, stride, padding, dilation)
    check_gradient("max_pool2d_backward", grad_y, (*x.shape[:-2], *window.out))
    y = max_pool2d(x, kernel_size, stride, padding, dilation)
    padded = _pad(x, window, -np.inf)
    grad = np.zeros_like(padded)
    undecided = np.ones(y.shape, bool)  # windows whose winner has not been met yet
    places = list(_places(window))
    turns = [(place, lambda pixels: pixels == y) for place in places]
    turns += [(place, np.isnan) for place in reversed(places)]  # where y is NaN, which equals nothing
    for (u, v), wins in turns:
        if not undecided.any():
            break
        won = undecided & wins(_under(padded, window, u, v))
        _under(grad, window, u, v)[...] += np.where(won, grad_y, 0)
        undecided &= ~won
    return _inner(grad, window, x.shape)


def avg_pool2d(x, kernel_size, stride=None, padding=0, count_include_pad=True):
    """Return the mean under each place of the window, as torch.nn.functional.avg_pool2d.

    x, kernel_size, stride, padding: as in max_pool2d.
    count_include_pad: True divides by the kernel's size, padding included, which is PyTorch's default.
        False divides by the number of pixels of x under the window, which is TensorFlow's way:
        "same_tensorflow" needs it.
    Returns shape (batch, channels, out height, out width).

    Raises ShapeMismatchError where the window does not fit, TypeError or ValueError for a wrong argument.
    """
    window = _check("avg_pool2d", x, kernel_size, stride, padding, 1)
    count = _count(x, window, padding, count_include_pad)
    padded = _pad(x, window, 0)
    y = np.zeros((*x.shape[:-2], *window.out), x.dtype)
    for u, v in _places(window):
        y += _under(padded, window, u, v)
    return y / count


def avg_pool2d_backward(grad_y, x, kernel_size, stride=None, padding=0, count_include_pad=True):
    """Return dL/dx for y = avg_pool2d(x, ...).

    y is a sum of pixels divided by their count, so each pixel under a window gets grad_y / count of it.

    Raises what avg_pool2d raises, and ShapeMismatchError where grad_y does not have the shape of y.
    """
    check_arrays("avg_pool2d_backward", FLOATS, grad_y=grad_y, x=x)
    window = _check("avg_pool2d_backward", x, kernel_size, stride, padding, 1)
    check_gradient("avg_pool2d_backward", grad_y, (*x.shape[:-2], *window.out))
    share = grad_y / _count(x, window, padding, count_include_pad)
    grad = np.zeros_like(_pad(x, window, 0))
    for u, v in _places(window):
        _under(grad, window, u, v)[...] += share
    return _inner(grad, window, x.shape)


def global_avg_pool2d(x):
    """Return the mean of each channel: shape (batch, channels), or (channels,) for a single image.

    x: shape (batch, channels, height, width), or (channels, height, width).

    Raises ShapeMismatchError for other numbers of axes or an image without pixels.
    """
    check_arrays("global_avg_pool2d", FLOATS, x=x)
    _check_image("global_avg_pool2d", x)
    return x.mean(axis=(-2, -1))


def global_avg_pool2d_backward(grad_y, x):
    """Return dL/dx for y = global_avg_pool2d(x): every pixel of a channel gets grad_y / (height * width).

    Raises what global_avg_pool2d raises, and ShapeMismatchError where grad_y does not have the shape of y.
    """
    check_arrays("global_avg_pool2d_backward", FLOATS, grad_y=grad_y, x=x)
    _check_image("global_avg_pool2d_backward", x)
    check_gradient("global_avg_pool2d_backward", grad_y, x.shape[:-2])
    share = grad_y / x.dtype.type(x.shape[-2] * x.shape[-1])
    return np.broadcast_to(share[..., None, None], x.shape).copy()


def _check(caller, x, kernel_size, stride, padding, dilation):
    """Check the arguments of a pooling and return its window."""
    check_arrays(caller, FLOATS, x=x)
    _check_image(caller, x)
    kernel = pair(kernel_size, "kernel_size", at_least=1)
    if not isinstance(padding, str):
        padding = pair(padding, "padding", at_least=0)
    if padding == "same":
        raise ValueError(
            "padding='same' is not defined for pooling in PyTorch; padding='same_tensorflow' is TensorFlow's."
        )
    stride = kernel if stride is None else stride
    window = slide(caller, x.shape[-2:], kernel, stride, padding, dilation, "the window")
    if padding == "same_tensorflow" and window.dilation != (1, 1):
        raise ValueError(
            f"padding='same_tensorflow' needs dilation 1 in {caller}, but got {window.dilation}."
        )
    if not isinstance(padding, str) and any(2 * p > k for p, k in zip(window.before, kernel, strict=True)):
        raise ValueError(
            f"padding must be at most half of kernel_size in {caller}, "
            f"but got padding {window.before} and kernel_size {kernel}."
        )
    return window


def _check_image(caller, x):
    """Raise unless x is an image or a batch of images with at least one channel and one pixel."""
    if x.ndim not in (3, 4) or 0 in x.shape[-3:]:
        raise mismatch(
            f"{caller}: x is neither an image nor a batch of images.",
            f"x.shape = {x.shape}, expected (batch, channels, height, width) or (channels, height, width)",
            fix="pass three or four axes; only the batch may be empty.",
        )


def _places(window):
    """Return the places (row, column) inside the window, row by row."""
    return np.ndindex(*window.kernel)


def _under(padded, window, u, v):
    """Return a view of the pixels that all windows have at their place (u, v).

    Its shape is (..., out height, out width). Window number i begins at pixel i * stride, its place u lies
    u * dilation further on, and the last window is number out - 1: there the slice ends.
    """
    rows, columns = (
        slice(place * d, place * d + (n - 1) * s + 1, s)
        for place, d, n, s in zip((u, v), window.dilation, window.out, window.stride, strict=True)
    )
    return padded[..., rows, columns]


def _pad(x, window, value):
    """Return x with `value` around it."""
    sides = zip(window.before, window.after, strict=True)
    return np.pad(x, [(0, 0)] * (x.ndim - 2) + list(sides), constant_values=value)


def _inner(padded, window, shape):
    """Return the part of padded that is no padding, as an array of its own."""
    (above, left), (height, width) = window.before, shape[-2:]
    return padded[..., above : above + height, left : left + width].copy()


def _count(x, window, padding, count_include_pad):
    """Return what each window's sum is divided by, in the dtype of x."""
    if not isinstance(count_include_pad, bool):
        raise TypeError(f"count_include_pad must be True or False, but got {count_include_pad!r}.")
    if count_include_pad and padding == "same_tensorflow":
        raise ValueError(
            "padding='same_tensorflow' needs count_include_pad=False: TensorFlow never counts padding."
        )
    if count_include_pad:
        return x.dtype.type(window.kernel[0] * window.kernel[1])
    ones = _pad(np.ones(x.shape[-2:], x.dtype), window, 0)
    return sum(_under(ones, window, u, v) for u, v in _places(window))
