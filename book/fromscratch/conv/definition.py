"""Convolution as its definition says it: seven loops and nothing else."""


def definition(x, weight, window, groups, y):
    """Write the convolution of checked arguments into y. Every product is one step of Python."""
    batch, _, height, width = x.shape
    out_channels, channels, kernel_height, kernel_width = weight.shape
    out_per_group = out_channels // groups
    y[...] = 0
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
                                    y[n, o, i, j] += x[n, first + c, row, column] * weight[o, c, u, v]
