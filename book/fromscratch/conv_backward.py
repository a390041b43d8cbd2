"""The backward pass of conv2d, derived by hand.

The forward pass, for one image and one group, with p the padded input:

    y[o, i, j] = bias[o] + sum over c, u, v of weight[o, c, u, v] * p[c, i*s + u*d, j*s + v*d]

Let L be the loss and grad_y its derivative by y. Every y[o, i, j] is linear in each of the three operands,
so by the chain rule each derivative is a sum of grad_y[o, i, j] times the factor that stood beside it:

    dL/dbias[o]            = sum over i, j of grad_y[o, i, j]
    dL/dweight[o, c, u, v] = sum over i, j of grad_y[o, i, j] * p[c, i*s + u*d, j*s + v*d]
    dL/dp[c, a, b]         = sum over o, u, v, i, j with i*s + u*d = a and j*s + v*d = b
                             of grad_y[o, i, j] * weight[o, c, u, v]

The second is a product of grad_y with the same shifted copies that the forward pass multiplies by the weight.
The third runs the forward pass backwards: where a pixel was read, its share of the gradient is added. The
padding was no input, so its rows and columns of dL/dp are cut off. A batch adds up in the first two.
"""

import numpy as np

from .arguments import FLOATS, check_arrays
from .convcheck import check_conv2d
from .errors import check_gradient
from .strips import pad, shifted_copies, strip_size


def conv2d_backward(grad_y, x, weight, stride=1, padding=0, dilation=1, groups=1):
    """Return (grad_x, grad_weight, grad_bias) for y = conv2d(x, weight, bias, ...).

    grad_y: the derivative of the loss by y, of the shape of y.
    x, weight, stride, padding, dilation, groups: what conv2d was called with. No bias: no gradient needs it.
    Returns three arrays with the shapes of x, weight and bias.

    Raises what conv2d raises, ShapeMismatchError where grad_y has not the shape of y, and TypeError
    for integers, which have no derivative.
    """
    check_arrays("conv2d_backward", FLOATS, grad_y=grad_y, x=x, weight=weight)
    window, groups = check_conv2d("conv2d_backward", x, weight, None, stride, padding, dilation, groups)
    check_gradient("conv2d_backward", grad_y, (*x.shape[:-3], len(weight), *window.out))
    images, grads = (x, grad_y) if x.ndim == 4 else (x[None], grad_y[None])
    grad_x = spread(grads, weight, window, groups, images.shape[2:])
    grad_weight = weight_gradient(grads, images, weight.shape, window, groups)
    return grad_x.reshape(x.shape), grad_weight, grads.sum(axis=(0, 2, 3))


def weight_gradient(grad_y, x, weight_shape, window, groups):
    """Return dL/dweight: for each row of the kernel, grad_y times the transposed shifted copies."""
    out_channels, channels, kernel_height, kernel_width = weight_shape
    out = out_channels // groups
    (stride, _), (dilation, _), (height, width) = window.stride, window.dilation, window.out
    grads = np.zeros((kernel_height, groups, out, kernel_width * channels), x.dtype)
    flat = grad_y.reshape(len(x), groups, out, height * width)
    images_at_once, rows_at_once = strip_size(x, window)
    for first in range(0, len(x), images_at_once):
        images = x[first : first + images_at_once]
        for top in range(0, height, rows_at_once):
            rows = min(rows_at_once, height - top)
            from_above = flat[first : first + images_at_once, ..., top * width : (top + rows) * width]
            strip = pad(images, window, top, rows)
            strip = strip.reshape(len(images), groups, channels, *strip.shape[2:])
            for u in range(kernel_height):
                start = u * dilation
                read = strip[..., start : start + (rows - 1) * stride + 1 : stride, :]
                columns = shifted_copies(read, window)
                grads[u] += np.matmul(from_above, columns.swapaxes(2, 3)).sum(axis=0)
    grads = grads.reshape(kernel_height, groups, out, kernel_width, channels)
    return np.ascontiguousarray(grads.transpose(1, 2, 4, 0, 3)).reshape(weight_shape)


def spread(grad_y, weight, window, groups, size):
    """Return dL/dx: for each place of the kernel, add its share of grad_y where the pixel was read.

    size: (height, width) of x, without padding. The result has shape (batch, in_channels, height, width).
    """
    batch, (out_channels, channels, kernel_height, kernel_width) = len(grad_y), weight.shape
    (stride_y, stride_x), (dilation_y, dilation_x) = window.stride, window.dilation
    height, width = window.out
    out = out_channels // groups
    # For each row of the kernel and each group a matrix (columns of the kernel x channels, out).
    kernels = weight.reshape(groups, out, channels, kernel_height, kernel_width)
    kernels = kernels.transpose(3, 0, 4, 2, 1).reshape(kernel_height, groups, kernel_width * channels, out)
    flat = grad_y.reshape(batch, groups, out, height * width)
    padded_size = [n + b + a for n, b, a in zip(size, window.before, window.after, strict=True)]
    grad = np.zeros((batch, groups, channels, *padded_size), grad_y.dtype)
    images_at_once, rows_at_once = strip_size(grad.reshape(batch, groups * channels, *padded_size), window)
    for first in range(0, batch, images_at_once):
        for top in range(0, height, rows_at_once):
            rows = min(rows_at_once, height - top)
            from_above = flat[first : first + images_at_once, ..., top * width : (top + rows) * width]
            for u in range(kernel_height):
                shares = np.matmul(kernels[u], from_above)
                shares = shares.reshape(-1, groups, kernel_width, channels, rows, width)
                start = top * stride_y + u * dilation_y
                read = grad[
                    first : first + images_at_once,
                    ...,
                    start : start + (rows - 1) * stride_y + 1 : stride_y,
                    :,
                ]
                for v in range(kernel_width):
                    left = v * dilation_x
                    read[..., left : left + (width - 1) * stride_x + 1 : stride_x] += shares[:, :, v]
    (above, left), (rows, columns) = window.before, size
    inner = grad[..., above : above + rows, left : left + columns]
    return np.ascontiguousarray(inner).reshape(batch, groups * channels, rows, columns)
