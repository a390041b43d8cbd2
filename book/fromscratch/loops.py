"""Convolution as its definition says it: seven loops and nothing else."""

import numpy as np

from .convcheck import check_conv2d


def conv2d_loops(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """Return what conv2d returns, by the definition. Arguments, shapes and errors are conv2d's.

    Use it to read, and on small tensors: every product is one step of Python.
    """
    window, groups = check_conv2d("conv2d_loops", x, weight, bias, stride, padding, dilation, groups)
    images = x if x.ndim == 4 else x[None]
    batch, _, height, width = images.shape
    out_channels, channels, kernel_height, kernel_width = weight.shape
    out_per_group = out_channels // groups
    y = np.zeros((batch, out_channels, *window.out), x.dtype)
    for n in range(batch):
        for o in range(out_channels):
            first = o // out_per_group * channels  # the first channel of this output's group
            for i in range(window.out[0]):
                for j in range(window.out[1]):
                    for c in range(channels):
                        for u in range(kernel_height):
                            for v in range(kernel_width):
                                row = i * window.stride[0] + u * window.dilation[0] - window.before[0]
                                column = j * window.stride[1] + v * window.dilation[1] - window.before[1]
                                if 0 <= row < height and 0 <= column < width:  # outside, the padding is zero
                                    y[n, o, i, j] += images[n, first + c, row, column] * weight[o, c, u, v]
    if bias is not None:
        y += bias[:, None, None]
    return y if x.ndim == 4 else y[0]
