"""Tensors, convolutions and layers written from scratch in NumPy, to be read.

One file an idea. Begin with relu.py and linear.py; conv/__init__.py says in which order to read convolution.

Images are NCHW (batch, channels, height, width), convolution weights are OIHW (out_channels, in_channels /
groups, kernel height, kernel width), as in PyTorch.

A backward function takes grad_y, the derivative of the loss with respect to the output, and what the forward
function took. It returns the derivative of the loss with respect to each of its operands, in their order.
"""

from .batchnorm import batch_norm, batch_norm_backward
from .conv import (
    conv2d,
    conv2d_backward,
    conv_transpose2d,
    conv_transpose2d_backward,
    convolve,
    depthwise_conv2d,
    depthwise_conv2d_backward,
)
from .errors import ShapeMismatchError
from .flatten import flatten, flatten_backward
from .layers import ConvLayer, LinearLayer
from .linear import linear, linear_backward, matmul
from .losses import softmax, softmax_cross_entropy, softmax_cross_entropy_backward
from .optimisers import SGD, Adam
from .pooling import (
    avg_pool2d,
    avg_pool2d_backward,
    global_avg_pool2d,
    global_avg_pool2d_backward,
    max_pool2d,
    max_pool2d_backward,
)
from .random_tensor import create_random_tensor
from .relu import relu, relu_backward
from .threads import set_threads

__all__ = [
    "SGD",
    "Adam",
    "ConvLayer",
    "LinearLayer",
    "ShapeMismatchError",
    "avg_pool2d",
    "avg_pool2d_backward",
    "batch_norm",
    "batch_norm_backward",
    "conv2d",
    "conv2d_backward",
    "conv_transpose2d",
    "conv_transpose2d_backward",
    "convolve",
    "create_random_tensor",
    "depthwise_conv2d",
    "depthwise_conv2d_backward",
    "flatten",
    "flatten_backward",
    "global_avg_pool2d",
    "global_avg_pool2d_backward",
    "linear",
    "linear_backward",
    "matmul",
    "max_pool2d",
    "max_pool2d_backward",
    "relu",
    "relu_backward",
    "set_threads",
    "softmax",
    "softmax_cross_entropy",
    "softmax_cross_entropy_backward",
]
