"""Random arguments for the tests of fromscratch, valid and broken."""

import os
import sys
from functools import partial

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st

from fromscratch.checks.shapes import check_conv2d
from fromscratch.conv.definition import definition
from fromscratch.conv.few_filters import few_filters
from fromscratch.conv.forward import add_bias, compute
from fromscratch.conv.im2col import im2col
from fromscratch.conv.sliding_rows import sliding_rows
from fromscratch.conv.small import small
from fromscratch.conv.winograd import applies, winograd

# The same arguments on every run: `make test` says the same of the same code. `make thorough` tries others.
SETTINGS = settings(
    derandomize="FRESH_SEEDS" not in os.environ, deadline=None, max_examples=600, database=None
)


@pytest.fixture(scope="module")
def one_thread():
    """Run NumPy and torch on one thread: on tiny tensors their waiting threads only hinder each other."""
    threadpoolctl = pytest.importorskip("threadpoolctl")
    torch = sys.modules.get("torch")
    before = torch.get_num_threads() if torch else None
    with threadpoolctl.threadpool_limits(1):
        if torch:
            torch.set_num_threads(1)
        yield
        if torch:
            torch.set_num_threads(before)


FLOATS = (np.float32, np.float64)


def numbers(shape, dtype=np.float64, seed=0):
    """Standard normal numbers; for integer dtypes small whole ones."""
    rng = np.random.default_rng(seed)
    if np.issubdtype(dtype, np.integer):
        return np.asarray(rng.integers(0, 5, shape), dtype)
    return np.asarray(rng.standard_normal(shape), dtype)


def bound(terms, largest_sum, dtype):
    """Rounding of two sums of `terms` products: twice terms * eps * the largest sum of absolute values."""
    return 2 * (terms + 2) * np.finfo(dtype).eps * max(float(largest_sum), 1e-30)


def one_or_pair(values):
    """An integer, a pair, or a list of one or two."""
    return values | st.tuples(values, values) | st.lists(values, min_size=1, max_size=2)


@st.composite
def conv_arguments(draw, dtypes=FLOATS, padding_names=("valid", "same")):
    """Arguments of conv2d that fit: (x, weight, bias, options)."""
    dtype = draw(st.sampled_from(dtypes))
    groups = draw(st.sampled_from([1, 1, 1, 2, 3, 4]))
    channels, out = draw(st.integers(1, 3)), groups * draw(st.integers(1, 3))
    kernel = draw(st.tuples(st.integers(1, 4), st.integers(1, 4)))
    options = {"groups": groups}
    if draw(st.booleans()):
        options["stride"] = draw(one_or_pair(st.integers(1, 4)))
    if draw(st.booleans()):
        options["dilation"] = draw(one_or_pair(st.integers(1, 3)))
    if draw(st.booleans()):
        options["padding"] = draw(one_or_pair(st.integers(0, 4)))
    elif padding_names and draw(st.booleans()):
        options["padding"] = draw(st.sampled_from(padding_names))
        if options["padding"] == "same":
            options.pop("stride", None)
    size = draw(st.tuples(st.integers(10, 14), st.sampled_from([10, 11, 13, 57, 70, 130])))
    batch = draw(st.integers(0, 3))
    seed = draw(st.integers(0, 2**20))
    x = numbers((batch, groups * channels, *size), dtype, seed)
    if draw(st.sampled_from([False, False, True])):
        x = numbers(x.shape[1:], dtype, seed)
    weight = numbers((out, channels, *kernel), dtype, seed + 1)
    bias = numbers((out,), dtype, seed + 2) if draw(st.booleans()) else None
    return x, weight, bias, options


@st.composite
def loose_conv_arguments(draw):
    """Arguments of conv2d of which most do not fit."""
    groups = draw(st.sampled_from([1, 1, 2, 3, 0, -1]))
    channels = draw(st.integers(1, 3))
    total = channels * max(groups, 1) if draw(st.integers(0, 3)) else draw(st.integers(1, 7))
    out = draw(st.integers(0, 6))
    sizes = [draw(st.sampled_from([0, 1, 1, 2])), total, draw(st.integers(0, 9)), draw(st.integers(0, 9))]
    x = numbers(draw(st.sampled_from([sizes] * 6 + [sizes[1:], sizes[2:], [1, *sizes], []])), np.float32)
    shape = [out, channels, draw(st.sampled_from([0, 1, 2, 3, 3, 5])), draw(st.sampled_from([1, 2, 3, 3, 5]))]
    weight = numbers(draw(st.sampled_from([shape] * 8 + [shape[1:], [1, *shape], []])), np.float32)
    bias_shape = draw(st.sampled_from([None] * 6 + [(out,)] * 6 + [(out + 1,), (1,), (), (out, 1), (1, out)]))
    bias = None if bias_shape is None else numbers(bias_shape, np.float32)
    strange = [1.0, True, None, "1", (1, 1.5), (True, 1), (), (1, 1, 1), np.array([1, 1]), np.int64(1)]
    options = {"groups": groups}
    for name, least in (("stride", 1), ("padding", 0), ("dilation", 1)):
        kind = draw(st.integers(0, 11))
        if kind < 6:
            options[name] = draw(one_or_pair(st.integers(least, 3)))
        elif kind == 6:
            options[name] = draw(one_or_pair(st.integers(least - 2, 2)))
        elif kind == 7:
            options[name] = draw(st.sampled_from(strange))
    if draw(st.integers(0, 19)) == 0:
        options["groups"] = draw(st.sampled_from([1.0, True, None, "1", (1,), np.int64(1)]))
    if draw(st.integers(0, 9)) == 0:
        options["padding"] = draw(st.sampled_from(["valid", "same", "SAME", "full", ""]))
    return x, weight, bias, options


@st.composite
def transposed_arguments(draw, dtypes=FLOATS):
    """Arguments of conv_transpose2d that fit: (x, weight, bias, options)."""
    dtype = draw(st.sampled_from(dtypes))
    groups = draw(st.sampled_from([1, 1, 2, 3]))
    channels, out = groups * draw(st.integers(1, 3)), draw(st.integers(1, 3))
    kernel = draw(st.tuples(st.integers(1, 4), st.integers(1, 4)))
    stride = draw(st.tuples(st.integers(1, 3), st.integers(1, 3)))
    dilation = draw(st.tuples(st.integers(1, 3), st.integers(1, 3)))
    output_padding = tuple(draw(st.integers(0, max(s, d) - 1)) for s, d in zip(stride, dilation, strict=True))
    size = draw(st.tuples(st.integers(3, 6), st.integers(3, 6)))
    whole = [
        (n - 1) * s + d * (k - 1) + o + 1
        for n, s, d, k, o in zip(size, stride, dilation, kernel, output_padding, strict=True)
    ]
    padding = tuple(draw(st.integers(0, min(3, (n - 1) // 2))) for n in whole)
    options = {
        "stride": stride,
        "padding": padding,
        "output_padding": output_padding,
        "groups": groups,
        "dilation": dilation,
    }
    seed = draw(st.integers(0, 2**20))
    x = numbers((draw(st.integers(0, 3)), channels, *size), dtype, seed)
    if draw(st.sampled_from([False, False, True])):
        x = numbers(x.shape[1:], dtype, seed)
    weight = numbers((channels, out, *kernel), dtype, seed + 1)
    bias = numbers(out * groups, dtype, seed + 2) if draw(st.booleans()) else None
    return x, weight, bias, options


@st.composite
def pool_arguments(draw, dtypes=(np.float64,), names=()):
    """Arguments of max_pool2d that fit: (x, options)."""
    kernel = draw(st.tuples(st.integers(1, 4), st.integers(1, 4)))
    options = {"kernel_size": kernel if draw(st.booleans()) else list(kernel)}
    if draw(st.booleans()):
        options["stride"] = draw(one_or_pair(st.integers(1, 4)))
    if names and draw(st.integers(0, 3)) == 0:
        options["padding"] = draw(st.sampled_from(names))
    else:
        if draw(st.booleans()):
            options["padding"] = tuple(draw(st.integers(0, k // 2)) for k in kernel)
        if draw(st.booleans()):
            options["dilation"] = draw(one_or_pair(st.integers(1, 3)))
    shape = (
        draw(st.integers(0, 2)),
        draw(st.integers(1, 3)),
        draw(st.integers(10, 13)),
        draw(st.integers(10, 13)),
    )
    shape = shape[1:] if draw(st.sampled_from([False, False, True])) else shape
    return numbers(shape, draw(st.sampled_from(dtypes)), draw(st.integers(0, 2**20))), options


WAYS = {
    "definition": definition,
    "im2col": im2col,
    "im2col, two rows at a time": partial(im2col, rows_at_once=2),
    "sliding_rows": sliding_rows,
    "sliding_rows, a row at a time": partial(sliding_rows, cache=1),
    "sliding_rows, a few rows at a time": partial(sliding_rows, cache=3000),
    "sliding_rows, a few images at a time": partial(sliding_rows, cache=100_000),
    "small": small,
    "small, an image at a time": partial(small, cache=1),
    "small, a few images at a time": partial(small, cache=100_000),
    "few_filters": few_filters,
    "few_filters, a row at a time": partial(few_filters, cache=1),
    "few_filters, a few rows at a time": partial(few_filters, cache=30_000),
    "winograd": winograd,
}


def can_compute(name, weight, window, groups):
    """Say whether the way of this name can compute this; the ways say so in their first line."""
    way = name.partition(",")[0]
    if way == "small":
        return groups == 1 and weight.size > 0
    if way == "few_filters":
        return window.stride == (1, 1) and window.kernel[0] > 1
    return way != "winograd" or applies(weight, window, groups)


def conv2d_by(way, x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """conv2d by this way, a name or a function, whatever conv2d itself would choose; None where it cannot."""
    window, groups = check_conv2d("conv2d", x, weight, bias, stride, padding, dilation, groups)
    if isinstance(way, str):
        if not can_compute(way, weight, window, groups):
            return None
        way = WAYS[way]
    return add_bias(compute(way, x, weight, window, groups), bias)
