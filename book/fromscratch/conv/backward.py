"""The backward pass of conv2d, derived by hand.

The forward pass, for one image and one group, with p the padded input, s the stride and d the dilation (for
height and for width each its own; conv/__init__.py says what the other letters are):

    y[o, i, j] = bias[o] + sum over c, u, v of weight[o, c, u, v] * p[c, i*s + u*d, j*s + v*d]

Let L be the loss and grad_y its derivative with respect to y. Every y[o, i, j] is linear in each of the three
operands, so by the chain rule each derivative is a sum of grad_y[o, i, j] times the factor beside it:

    dL/dbias[o]            = sum over i, j of grad_y[o, i, j]
    dL/dweight[o, c, u, v] = sum over i, j of grad_y[o, i, j] * p[c, i*s + u*d, j*s + v*d]
    dL/dp[c, a, b]         = sum over o, u, v, i, j with i*s + u*d = a and j*s + v*d = b
                             of grad_y[o, i, j] * weight[o, c, u, v]

where (a, b) is a pixel of p. The second is a product of grad_y with the same shifted copies (sliding_rows.py)
that the forward pass multiplies by the weight. The third runs the forward pass backwards: where a pixel was
read, its share of the gradient is added. The padding was no input, so its part of dL/dp is cut off. All
images share the bias and the weight, so the first two are summed over the batch as well.
"""

import numpy as np

from ..checks.arguments import FLOATS, check_arrays
from ..checks.shapes import check_conv2d, check_gradient
from .sliding_rows import columns_for_kernel_rows, split_channels
from .walk import CACHE_BYTES, padded_rows, strip_size, strips


def conv2d_backward(grad_y, x, weight, stride=1, padding=0, dilation=1, groups=1):
    """Return (grad_x, grad_weight, grad_bias) for y = conv2d(x, weight, bias, ...).

    grad_y: the derivative of the loss with respect to y, in the shape of y.
    x, weight, stride, padding, dilation, groups: what conv2d was called with. No bias: no gradient needs it.
    Returns three arrays with the shapes of x, weight and bias.

    Raises what conv2d raises, ShapeMismatchError where grad_y does not have the shape of y, and TypeError
    for integers, which have no derivative.
    """
    check_arrays("conv2d_backward", FLOATS, grad_y=grad_y, x=x, weight=weight)
    window, groups = check_conv2d("conv2d_backward", x, weight, None, stride, padding, dilation, groups)
    check_gradient("conv2d_backward", grad_y, (*x.shape[:-3], len(weight), *window.out))
    images, grads = (x, grad_y) if x.ndim == 4 else (x[None], grad_y[None])
    grad_x = input_gradient(grads, weight, window, groups, images.shape[2:])
    grad_weight = weight_gradient(grads, images, weight.shape, window, groups)
    return grad_x.reshape(x.shape), grad_weight, grads.sum(axis=(0, 2, 3))


def weight_gradient(grad_y, x, weight_shape, window, groups, cache=CACHE_BYTES):
    """Return dL/dweight: for each row of the kernel, grad_y times the transposed shifted copies."""
    out_channels, channels, kernel_height, kernel_width = weight_shape
    width, out = window.out[1], out_channels // groups
    grads = np.zeros((kernel_height, groups, out, kernel_width * channels), x.dtype)
    pixels = grad_y.reshape(len(x), groups, out, window.out[0] * width)
    for images, rows in strips(grad_y, *strip_size(x.shape[1], window, x.itemsize, cache)):
        from_above = pixels[images, ..., rows.start * width : rows.stop * width]
        strip = split_channels(padded_rows(x[images], window, rows), groups)
        for u, columns in enumerate(columns_for_kernel_rows(strip, window, rows)):
            # Summed over the pixels by the product, over the images by sum.
            grads[u] += np.matmul(from_above, columns.swapaxes(2, 3)).sum(axis=0)
    grads = grads.reshape(kernel_height, groups, out, kernel_width, channels)
    return np.ascontiguousarray(grads.transpose(1, 2, 4, 0, 3)).reshape(weight_shape)


def input_gradient(grad_y, weight, window, groups, size, cache=CACHE_BYTES):
    """Return dL/dx: for each place of the kernel, add its share of grad_y where the pixel was read.

    size: (height, width) of x, without padding. The result has shape (batch, in_channels, height, width).
    """
    batch, (out_channels, channels, kernel_height, kernel_width) = len(grad_y), weight.shape
    (stride_y, stride_x), (dilation_y, dilation_x) = window.stride, window.dilation
    width, out = window.out[1], out_channels // groups
    # The transpose of the forward pass's matrices: kernels[u, group] is (kernel width * channels, out).
    kernels = weight.reshape(groups, out, channels, kernel_height, kernel_width)
    kernels = kernels.transpose(3, 0, 4, 2, 1).reshape(kernel_height, groups, kernel_width * channels, out)
    pixels = grad_y.reshape(batch, groups, out, window.out[0] * width)
    padded_size = [n + b + a for n, b, a in zip(size, window.before, window.after, strict=True)]
    grad = np.zeros((batch, groups, channels, *padded_size), grad_y.dtype)
    for images, rows in strips(grad_y, *strip_size(groups * channels, window, grad_y.itemsize, cache)):
        from_above = pixels[images, ..., rows.start * width : rows.stop * width]
        count = rows.stop - rows.start
        for u in range(kernel_height):
            shares = np.matmul(kernels[u], from_above)
            shares = shares.reshape(-1, groups, kernel_width, channels, count, width)
            top = rows.start * stride_y + u * dilation_y
            read = grad[images, ..., top : top + (count - 1) * stride_y + 1 : stride_y, :]
            for v in range(kernel_width):
                left = v * dilation_x
                read[..., left : left + (width - 1) * stride_x + 1 : stride_x] += shares[:, :, v]
    (above, left), (height, width) = window.before, size
    inner = grad[..., above : above + height, left : left + width]
    return np.ascontiguousarray(inner).reshape(batch, groups * channels, height, width)
