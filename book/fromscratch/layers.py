"""The two layers of the book's first scenario: they hold weights and call a function."""

from .checks.arguments import pair, whole
from .conv import convolve
from .linear import matmul
from .random_tensor import create_random_tensor


class ConvLayer:
    """A convolution without bias, padding or stride. Its weights decide how many channels it takes.

    in_channels, out_channels: integers, at least 1.
    kernel_size: an integer or a pair (height, width).
    seed: for the random weights. The default differs from create_random_tensor's,
        so that weights and input are not made of the same numbers.

    weights: shape (out_channels, in_channels, kernel height, kernel width), float32.
    """

    def __init__(self, in_channels, out_channels, kernel_size, seed=1):
        height, width = pair(kernel_size, "kernel_size", at_least=1)
        out_channels = whole(out_channels, "out_channels", at_least=1)
        in_channels = whole(in_channels, "in_channels", at_least=1)
        self.weights = create_random_tensor((out_channels, in_channels, height, width), seed)

    def forward(self, x):
        """Return the convolution of x, shape (batch, in_channels, height, width).

        Raises ShapeMismatchError where x has another number of channels.
        """
        return convolve(x, self.weights)


class LinearLayer:
    """A fully connected layer without bias.

    in_features, out_features: integers, at least 1.
    seed: for the random weights.

    weights: shape (out_features, in_features), float32.
    """

    def __init__(self, in_features, out_features, seed=1):
        out_features = whole(out_features, "out_features", at_least=1)
        in_features = whole(in_features, "in_features", at_least=1)
        self.weights = create_random_tensor((out_features, in_features), seed)

    def forward(self, x):
        """Return x @ weights.T for x of shape (..., in_features): shape (..., out_features).

        Raises ShapeMismatchError where the last axis of x has another size.
        """
        return matmul(x, self.weights.T)
