"""Depthwise convolution: every channel has kernels of its own, and no channel sees another."""

from ..checks.arguments import check_arrays
from ..errors import mismatch
from .backward import conv2d_backward
from .forward import conv2d


def depthwise_conv2d(x, weight, bias=None, stride=1, padding=0, dilation=1):
    """Return conv2d with as many groups as x has channels.

    x: shape (batch, channels, height, width), or (channels, height, width).
    weight: shape (channels * multiplier, 1, kernel height, kernel width); output channel
        c * multiplier + m comes from input channel c. TensorFlow's depthwise kernel,
        (kernel height, kernel width, channels, multiplier), becomes this one by
        kernel.transpose(2, 3, 0, 1).reshape(channels * multiplier, 1, kernel height, kernel width).
    The other arguments, the result and the errors are conv2d's.
    """
    return conv2d(x, weight, bias, stride, padding, dilation, _channels("depthwise_conv2d", x, weight))


def depthwise_conv2d_backward(grad_y, x, weight, stride=1, padding=0, dilation=1):
    """Return (grad_x, grad_weight, grad_bias): conv2d_backward with as many groups as x has channels."""
    groups = _channels("depthwise_conv2d_backward", x, weight)
    return conv2d_backward(grad_y, x, weight, stride, padding, dilation, groups)


def _channels(caller, x, weight):
    """Return the channels of x. A wrong number of axes is left for conv2d to refuse."""
    check_arrays(caller, x=x, weight=weight)
    channels = x.shape[-3] if x.ndim in (3, 4) else 1
    if weight.ndim == 4 and (weight.shape[1] != 1 or channels < 1 or weight.shape[0] % channels):
        each = "the only channel" if channels == 1 else f"each of {channels} channels"
        raise mismatch(
            f"{caller}: the weight has no kernels of its own for {each}.",
            f"x.shape = {x.shape}, axis {x.ndim - 3} (channels) is {channels}",
            f"weight.shape = {weight.shape}, expected ({channels} x multiplier, 1, height, width)",
            fix=f"pass a weight of shape ({channels}, 1, {weight.shape[2]}, {weight.shape[3]}), "
            f"or with a multiple of {channels} on its first axis.",
        )
    return max(channels, 1)  # with groups=0 conv2d would complain about groups, and not about the axes
