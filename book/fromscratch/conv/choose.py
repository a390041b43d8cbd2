"""Which way conv2d takes. Every way gives the same numbers up to rounding; they differ in time.

The sizes in the table are where the ways cross over. They depend on the processor: `make thresholds` measures
them on yours.
"""

from .few_filters import few_filters, shared_rows, strip_rows
from .sliding_rows import sliding_rows
from .small import columns_bytes, small
from .walk import CACHE_BYTES
from .winograd import applies, winograd

# small, up to so many bytes of columns (im2col) ...
SMALL_COLUMNS = 420_000  # ... of all images; of one image where there are few channels:
FEW_CHANNELS = 4  # the products of the other ways are thin there
SMALL_COLUMNS_STRIDE_OR_1X1 = 5 * SMALL_COLUMNS  # of one image: the other ways gain least here
# few_filters, up to so many filters in a group, from so many output pixels on
FEW_FILTERS = 8
FEW_FILTERS_PIXELS = 2500
FEW_FILTERS_PIXELS_GROUPS = 10_000  # with more groups than one
FEW_FILTERS_ROWS = 8  # rows of a strip for each row that it shares with its neighbour
# winograd, from so many channels, in and out, so many pixels in height and in width, and so many numbers
# (channels * pixels) in an output row on
WINOGRAD_CHANNELS = 16
WINOGRAD_SIDE = 40
WINOGRAD_ROW = 1600


def choose(x, weight, window, groups):
    """Return the fastest way for checked arguments: a function of (x, weight, window, groups, y).

    x: shape (batch, in_channels, height, width), or (in_channels, height, width) for a single image.
    """
    if groups == 1 and small_pays(x, weight, window):
        return small
    if few_filters_pays(weight, window, groups):
        return few_filters
    return sliding_rows


def choose_fast(x, weight, window, groups):
    """Return the fastest way for checked arguments where Winograd's loss of accuracy is accepted."""
    return winograd if winograd_pays(weight, window, groups) else choose(x, weight, window, groups)


def small_pays(x, weight, window):
    """Say whether the columns of im2col are few enough. With a stride the other ways copy for each row of the
    kernel as well, and a kernel of one pixel has the image itself as columns.
    """
    size = columns_bytes(weight, window)
    images = len(x) if x.ndim == 4 else 1
    if window.stride != (1, 1) or window.kernel == (1, 1):
        return 0 < size <= SMALL_COLUMNS_STRIDE_OR_1X1
    return 0 < (size if weight.shape[1] <= FEW_CHANNELS else size * images) <= SMALL_COLUMNS


def few_filters_pays(weight, window, groups):
    """Say whether few_filters can compute this, and whether its products are worth its additions."""
    pixels = window.out[0] * window.out[1]
    if len(weight) // groups > FEW_FILTERS or window.stride != (1, 1):
        return False
    if pixels < (FEW_FILTERS_PIXELS if groups == 1 else FEW_FILTERS_PIXELS_GROUPS):
        return False
    if window.kernel[0] == 1 or weight.size == 0:
        return False
    rows = strip_rows(weight, window, groups, CACHE_BYTES)
    return rows == window.out[0] or rows >= FEW_FILTERS_ROWS * shared_rows(window)


def winograd_pays(weight, window, groups):
    """Say whether Winograd's way applies and saves more than its mixing costs."""
    return (
        applies(weight, window, groups)
        and min(weight.shape[:2]) >= WINOGRAD_CHANNELS
        and min(window.out) >= WINOGRAD_SIDE
        and weight.shape[1] * window.out[1] >= WINOGRAD_ROW
    )
