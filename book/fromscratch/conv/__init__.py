"""Two-dimensional convolution in NumPy: one way of computing, one file.

forward.py is conv2d itself: check, choose, compute, add the bias. Every way computes the same sum and has the
same arguments, way(x, weight, window, groups, y), which were checked before:

x       (batch, in_channels, height, width)
weight  (out_channels, in_channels / groups, kernel height, kernel width)
window  a Window (checks/window.py): kernel, stride, dilation, zeros before and after, and the output's size
groups  how many groups the channels are divided into
y       (batch, out_channels, out height, out width), contiguous: the way writes the result into it

Formulas and loops name places by one letter each: n is an image of the batch, o an output channel, c one of
the input channels that o sees, i and j a row and a column of the output, u and v those of the kernel.

From the plainest way to the fastest:

definition.py    seven loops
im2col.py        one product of matrices, over all pixels under each place of the kernel
sliding_rows.py  one product for each row of the kernel, a strip of rows at a time: conv2d's way in general
small.py         im2col in a single copy: where all pixels under the kernel fit in the cache
few_filters.py   sliding rows with one product in all: where the products are thin
winograd.py      fewer multiplications, for kernels of 3 x 3: fromscratch.fast.conv2d's way

choose.py says which is taken when, walk.py how to go through an image in strips, and ../threads.py shares the
strips out among threads. backward.py has the gradients; transposed.py uses one of them as a forward pass.
depthwise.py is conv2d with one channel a group.
"""

from .backward import conv2d_backward
from .depthwise import depthwise_conv2d, depthwise_conv2d_backward
from .forward import conv2d, conv2d_im2col, conv2d_loops, conv2d_strips, convolve
from .transposed import conv_transpose2d, conv_transpose2d_backward

__all__ = [
    "conv2d",
    "conv2d_backward",
    "conv2d_im2col",
    "conv2d_loops",
    "conv2d_strips",
    "conv_transpose2d",
    "conv_transpose2d_backward",
    "convolve",
    "depthwise_conv2d",
    "depthwise_conv2d_backward",
]
