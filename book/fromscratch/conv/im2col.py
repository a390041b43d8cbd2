"""im2col ("image to columns"): the pixels under each place of the kernel become a column of a matrix.

Each filter, written out as a row, meets each column in one product of matrices, and that is the convolution.

The columns are kernel height x kernel width times the input: 142 MiB for 64 channels of 256 x 256 pixels in
float32 and a 3 x 3 kernel. Most of the time goes into writing them to memory and reading them back.
"""

from numpy.lib.stride_tricks import sliding_window_view

from .walk import padded_rows, strips


def im2col(x, weight, window, groups, y, rows_at_once=None):
    """Write the convolution of checked arguments into y, some output rows at a time, or all at once."""
    out, terms = len(weight) // groups, weight[0].size
    kernels = weight.reshape(groups, out, terms)  # a filter is a row
    for images, rows in strips(y, 1, rows_at_once or window.out[0]):
        target = y[images.start, :, rows]  # (out_channels, rows, out width)
        columns = pixels_under_kernel(padded_rows(x[images.start], window, rows), window)
        columns = columns.reshape(groups, terms, target[0].size)  # a place of the kernel is a column
        target[...] = (kernels @ columns).reshape(target.shape)


def pixels_under_kernel(image, window):
    """Return a view of a padded image, shape (channels, kernel height, kernel width, out height, out width).

    It repeats each pixel for every place of the kernel that covers it, and copies none: that happens when it
    is reshaped to a matrix. Its first three axes are a filter's, so a column has the order of a filter's row.
    """
    # How many pixels the kernel spans, with its rows and columns `dilation` pixels apart.
    spans = [d * (k - 1) + 1 for d, k in zip(window.dilation, window.kernel, strict=True)]
    places = sliding_window_view(image, spans, axis=(1, 2))  # (channels, rows, columns, span, span)
    # Of all places that lie within the image, each stride-th; of the pixels there, each dilation-th.
    (stride_y, stride_x), (dilation_y, dilation_x) = window.stride, window.dilation
    return places[:, ::stride_y, ::stride_x, ::dilation_y, ::dilation_x].transpose(0, 3, 4, 1, 2)
