"""fromscratch held to its own definition and to what its messages promise. No framework is needed."""

import ast
import re
import sys
import tracemalloc
from fractions import Fraction
from functools import cache
from inspect import isfunction, signature
from pathlib import Path

import numpy as np
import pytest
from fromscratch_cases import (
    SETTINGS,
    WAYS,
    bound,
    conv2d_by,
    conv_arguments,
    loose_conv_arguments,
    numbers,
    one_thread,  # noqa: F401
)
from hypothesis import given, settings
from hypothesis import strategies as st

import fromscratch
import fromscratch as fs
from errorguide import explain
from fromscratch import (
    ConvLayer,
    LinearLayer,
    ShapeMismatchError,
    conv2d,
    convolve,
    create_random_tensor,
    fast,
    linear,
    matmul,
)
from fromscratch.checks import shapes
from fromscratch.checks.shapes import check_conv2d
from fromscratch.conv import choose, conv2d_im2col, conv2d_loops, conv2d_strips
from fromscratch.conv.winograd import winograd_matrices

pytestmark = pytest.mark.usefixtures("one_thread")


def image(*shape):
    return np.zeros(shape, np.float32)


def refused(function, *args, error=ShapeMismatchError, **options):
    with pytest.raises(error) as caught:
        function(*args, **options)
    assert type(caught.value) is error
    return str(caught.value)


@settings(SETTINGS, max_examples=60)
@given(conv_arguments(padding_names=("valid", "same", "same_tensorflow")))
def test_conv2d_computes_what_the_loops_compute(arguments):
    x, weight, bias, options = arguments
    x = x[:1, ..., :11] if x.ndim == 4 else x[..., :11]  # the loops are slow
    y, expected = conv2d(x, weight, bias, **options), conv2d_loops(x, weight, bias, **options)
    assert y.shape == expected.shape and y.dtype == expected.dtype == x.dtype
    if y.size:
        largest = conv2d_loops(abs(x), abs(weight), None if bias is None else abs(bias), **options).max()
        assert abs(y - expected).max() <= bound(weight[0].size, largest, x.dtype)


@pytest.mark.parametrize("width", [10, 60])  # by columns, and by rows
def test_conv2d_on_numbers_worked_out_by_hand(width):
    x = np.zeros((1, 2, 3, width))
    x[0, 0, 1, 1], x[0, 1, 0, 0] = 10, 100
    weight = np.arange(1.0, 19.0).reshape(1, 2, 3, 3)
    y = conv2d(x, weight, np.array([0.5]), padding=1)
    assert y.shape == (1, 1, 3, width)
    # Under the kernel at (i, j), x[1, 1] meets weight[2 - i, 2 - j], x[0, 0] meets weight[1 - i, 1 - j].
    expected = np.array([[90 + 1400, 80 + 1300, 70, 0], [60 + 1100, 50 + 1000, 40, 0], [30, 20, 10, 0]]) + 0.5
    np.testing.assert_array_equal(y[0, 0, :, :4], expected)
    assert (y[0, 0, :, 4:] == 0.5).all()


def test_groups_are_separate_convolutions():
    x, weight = numbers((2, 6, 9, 60)), numbers((4, 3, 3, 3))
    halves = [conv2d(x[:, :3], weight[:2]), conv2d(x[:, 3:], weight[2:])]
    np.testing.assert_allclose(
        conv2d(x, weight, groups=2), np.concatenate(halves, axis=1), rtol=1e-12, atol=1e-12
    )


def test_convolve_is_the_plain_case():
    x, weight = numbers((1, 3, 8, 8)), numbers((2, 3, 3, 3))
    np.testing.assert_array_equal(convolve(x, weight), conv2d(x, weight))


@pytest.mark.parametrize("function", [conv2d, conv2d_loops])
def test_arguments_are_not_changed(function):
    x, weight, bias = numbers((1, 2, 5, 5)), numbers((2, 2, 3, 3)), numbers((2,))
    before = x.copy(), weight.copy(), bias.copy()
    function(x, weight, bias, padding=1)[...] = 7
    for array, copy in zip((x, weight, bias), before, strict=True):
        np.testing.assert_array_equal(array, copy)


@settings(SETTINGS, max_examples=600)
@given(loose_conv_arguments())
def test_the_loops_refuse_with_the_same_words(arguments):
    x, weight, bias, options = arguments
    x = x[..., :4] if x.ndim else x
    try:
        conv2d_loops(x, weight, bias, **options)
    except (TypeError, ValueError) as error:
        expected = str(error).replace("conv2d_loops", "conv2d")
        assert refused(conv2d, x, weight, bias, error=type(error), **options) == expected
    else:
        conv2d(x, weight, bias, **options)


@pytest.mark.parametrize("padding", [0, 1, "same"])
def test_conv2d_is_lean(padding):
    """The documents' workload: the output alone is 15.75 MiB, all columns written out would be 142 MiB."""
    x, weight = create_random_tensor((1, 64, 256, 256)), create_random_tensor((64, 64, 3, 3))
    tracemalloc.start()
    try:
        conv2d(x, weight, padding=padding)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak <= 40 * 2**20


@pytest.mark.parametrize(("size", "batch"), [((30, 9000), 1), ((90000, 3), 1), ((20, 20), 300)])
def test_conv2d_is_lean_for_odd_shapes(size, batch):
    x, weight = image(batch, 8, *size), image(8, 8, 3, 3)
    tracemalloc.start()
    try:
        y = conv2d(x, weight, padding=1)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak <= 2 * y.nbytes + 12 * 2**20


SIZES = [((1, 2, 9, 8), (5, 2, 3, 3)), ((3, 2, 13, 11), (5, 2, 4, 2)), ((5, 2, 7, 17), (3, 2, 1, 1))]
OPTIONS = {
    "plain": {},
    "stride": {"stride": (2, 3)},
    "padding": {"padding": (2, 1)},
    "dilation": {"dilation": (2, 1)},
    "dilation across": {"dilation": (1, 3), "padding": (0, 4)},
    "all": {"stride": (3, 2), "padding": (1, 3), "dilation": (1, 2)},
    "TensorFlow's padding": {"stride": 2, "padding": "same_tensorflow"},
}


@cache
def by_definition(options, groups, dtype):
    """[(operands, result)] by the definition, which is slow: once for all ways. No two axes are alike."""
    found = []
    for (batch, channels, *size), (out, *kernel) in SIZES:
        x = whole_numbers((batch, groups * channels, *size), dtype)
        weight, bias = whole_numbers((groups * out, *kernel), dtype, 1), whole_numbers(groups * out, dtype, 2)
        channels_last = np.ascontiguousarray(x.transpose(0, 2, 3, 1)).transpose(0, 3, 1, 2)
        turned = np.ascontiguousarray(weight[..., ::-1].T).T[..., ::-1]
        for operands in ((x, weight, bias), (channels_last, turned, bias[::-1]), (x[0], weight, None)):
            found.append((operands, conv2d_loops(*operands, groups=groups, **OPTIONS[options])))
    return found


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int32])
@pytest.mark.parametrize("groups", [1, 3])
@pytest.mark.parametrize("options", OPTIONS)
@pytest.mark.parametrize("way", [way for way in WAYS if way != "definition"])
def test_every_way_computes_the_definition(way, options, groups, dtype):
    """Whole numbers, so that no digit may differ; Winograd's fractions are rounded."""
    computed = 0
    for operands, expected in by_definition(options, groups, dtype):
        y = conv2d_by(way, *operands, groups=groups, **OPTIONS[options])
        if y is None:
            continue
        computed += 1
        assert y.shape == expected.shape and y.dtype == expected.dtype == dtype
        if way == "winograd":
            close = 1e-3 if dtype == np.float32 else 1e-11
            np.testing.assert_allclose(y, expected, rtol=0, atol=close)
        else:
            np.testing.assert_array_equal(y, expected)
    name = way.partition(",")[0]
    strided = "stride" in OPTIONS[options]
    never = {
        "small": groups > 1,
        "few_filters": strided,
        "winograd": groups > 1 or strided or "dilation" in OPTIONS[options] or dtype == np.int32,
    }
    if never.get(name):
        assert computed == 0
    else:  # three calls a size; of the three sizes one has a kernel of 3 x 3, two have more rows than one
        assert computed == {"winograd": 3, "few_filters": 6}.get(name, 9)


def whole_numbers(shape, dtype, seed=0):
    return np.random.default_rng(seed).integers(-9, 10, shape).astype(dtype)


@pytest.mark.parametrize(
    ("shape", "weight_shape", "groups", "stride", "way"),
    [
        ((1, 3, 64, 64), (4, 3, 3, 3), 1, 1, "small"),
        ((16, 3, 32, 32), (8, 3, 3, 3), 1, 1, "small"),
        ((1, 3, 100, 100), (4, 3, 3, 3), 1, 2, "small"),
        ((1, 16, 100, 100), (4, 16, 1, 1), 1, 1, "small"),
        ((1, 3, 100, 100), (4, 3, 3, 3), 1, 1, "few_filters"),  # more columns
        ((2, 64, 110, 120), (64, 1, 3, 3), 64, 1, "few_filters"),
        ((1, 64, 256, 60), (64, 8, 3, 5), 8, 1, "few_filters"),
        ((16, 8, 32, 32), (12, 8, 3, 3), 1, 1, "sliding_rows"),  # more images
        ((1, 64, 60, 70), (64, 1, 3, 3), 64, 1, "sliding_rows"),  # small for so many groups
        ((1, 8, 64, 64), (32, 8, 3, 3), 1, 1, "sliding_rows"),  # many filters
        ((1, 8, 80, 80), (4, 8, 1, 3), 1, 1, "sliding_rows"),  # one row
        ((1, 8, 64, 64), (8, 4, 3, 3), 2, 2, "sliding_rows"),  # groups and a stride
    ],
)
def test_conv2d_takes_the_way_that_was_measured_fastest(shape, weight_shape, groups, stride, way):
    """Whole numbers, so that no digit may differ from the way that every convolution can go."""
    x, weight = whole_numbers(shape, np.float32), whole_numbers(weight_shape, np.float32, 1)
    assert chosen(choose.choose, x, weight, stride=stride, groups=groups) == way
    y = conv2d(x, weight, stride=stride, groups=groups)
    expected = conv2d_by("sliding_rows", x, weight, stride=stride, groups=groups)
    np.testing.assert_array_equal(y, expected)


def chosen(choice, x, weight, stride=1, padding=0, dilation=1, groups=1):
    """The name of the way that `choice` returns."""
    return choice(
        x, weight, *check_conv2d("conv2d", x, weight, None, stride, padding, dilation, groups)
    ).__name__


def smallest_side(x_shape, weight_shape, way, choice=choose.choose, **options):
    """The least height, of a square output, at which `way` is chosen for all sizes up to 200, or None."""
    kernel, sides = weight_shape[2], []
    for side in range(1, 201):
        x, weight = image(*x_shape, side + kernel - 1, side + kernel - 1), image(*weight_shape)
        sides += [side] * (chosen(choice, x, weight, **options) == way)
    assert not sides or sides == list(range(sides[0], sides[-1] + 1))
    return (sides[0], sides[-1]) if sides else None


def test_each_way_is_chosen_between_the_thresholds_of_the_table():
    """The first and the last side of a square output for a way, worked out from the table."""
    columns = 3 * 9 * 4  # bytes of one column: 3 channels, 3 x 3, float32
    last_small = int((choose.SMALL_COLUMNS / columns) ** 0.5)
    assert smallest_side((1, 3), (4, 3, 3, 3), "small") == (1, last_small)
    assert smallest_side((5, 3), (4, 3, 3, 3), "small") == (1, last_small)  # few channels: of one image
    last_small_8 = int((choose.SMALL_COLUMNS / (8 * 9 * 4)) ** 0.5)
    assert smallest_side((1, 8), (12, 8, 3, 3), "small") == (1, last_small_8)
    assert smallest_side((8,), (12, 8, 3, 3), "small") == (1, last_small_8)  # a single image
    last_small_8_of_5 = int((choose.SMALL_COLUMNS / (5 * 8 * 9 * 4)) ** 0.5)
    assert smallest_side((5, 8), (12, 8, 3, 3), "small") == (1, last_small_8_of_5)
    last_1x1 = int((choose.SMALL_COLUMNS_STRIDE_OR_1X1 / (64 * 4)) ** 0.5)
    assert smallest_side((1, 64), (12, 64, 1, 1), "small") == (1, last_1x1)
    first_few = -int(-(choose.FEW_FILTERS_PIXELS**0.5) // 1)
    assert smallest_side((1, 8), (8, 8, 3, 3), "few_filters") == (first_few, 200)
    assert smallest_side((1, 8), (9, 8, 3, 3), "few_filters") is None
    first_few_groups = -int(-(choose.FEW_FILTERS_PIXELS_GROUPS**0.5) // 1)
    assert smallest_side((1, 16), (16, 8, 3, 3), "few_filters", groups=2) == (first_few_groups, 200)
    assert smallest_side((1, 16), (18, 8, 3, 3), "few_filters", groups=2) is None

    def first_winograd(channels, out=16):
        return smallest_side((1, channels), (out, channels, 3, 3), "winograd", choose.choose_fast)

    side, row = choose.WINOGRAD_SIDE, choose.WINOGRAD_ROW
    assert first_winograd(64) == (side, 200) and first_winograd(20) == (row // 20, 200)
    least = choose.WINOGRAD_CHANNELS
    assert first_winograd(least) == (row // least, 200)
    assert first_winograd(least - 1) is None and first_winograd(64, least - 1) is None


def test_few_filters_are_not_taken_where_strips_would_share_too_many_rows():
    """A strip of so wide an image has few rows in the cache, and a dilated kernel reaches far below them."""
    weight = image(4, 8, 3, 3)
    for dilation, way in ((1, "few_filters"), (6, "sliding_rows")):
        assert chosen(choose.choose, image(1, 8, 100, 600), weight, dilation=dilation) == way


# What the messages say


def test_the_first_message_in_full():
    message = refused(conv2d, image(1, 64, 256, 256), image(64, 32, 3, 3))
    assert message == (
        "conv2d: x has 64 channels, but the weight expects 32.\n"
        "  x.shape = (1, 64, 256, 256), axis 1 (channels) is 64\n"
        "  weight.shape = (64, 32, 3, 3), axis 1 is 32;"
        " weight.shape[1] x groups = 32 x 1 = 32 channels expected\n"
        "  To fix it: pass an x with 32 channels, or use a weight of shape (64, 64, 3, 3), or"
        " pass groups=2, which computes something else: each output channel then reads 32 of the 64 channels."
    )


@pytest.mark.parametrize("channels", range(1, 13))
@pytest.mark.parametrize("groups", [1, 2, 3])
def test_what_a_channel_message_proposes_works(channels, groups):
    """Every repair a message names is carried out, and then the call passes."""
    weight = image(6, 2, 3, 3)
    if channels == 2 * groups:
        conv2d(image(1, channels, 5, 5), weight, groups=groups)
        return
    message = refused(conv2d, image(1, channels, 5, 5), weight, groups=groups)
    number = "1 channel" if channels == 1 else f"{channels} channels"
    assert f"x has {number}, but the weight expects" in message and f"2 x {groups} = {2 * groups}" in message
    conv2d(
        image(1, int(re.search(r"pass an x with (\d+) channels?\b", message)[1]), 5, 5), weight, groups=groups
    )
    shape = re.search(r"use a weight of shape \(([\d, ]+)\)", message)
    assert bool(shape) == (channels % groups == 0)
    if shape:
        conv2d(image(1, channels, 5, 5), image(*map(int, shape[1].split(", "))), groups=groups)
    other = re.search(r"pass groups=(\d+)", message)
    assert bool(other) == (channels in (2, 4, 6, 12))
    if other:
        conv2d(image(1, channels, 5, 5), weight, groups=int(other[1]))


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: conv2d(image(1, 1, 5, 5), image(4, 3, 3, 3)), "x has 1 channel, but the weight expects 3."),
        (lambda: conv2d(image(1, 3, 5, 5), image(4, 1, 3, 3)), "= 1 channel expected\n"),
        (lambda: conv2d(image(1, 3, 5, 5), image(4, 1, 3, 3)), "pass an x with 1 channel, or"),
        (lambda: conv2d(image(1, 9, 9, 1), image(4, 1, 3, 3)), "x.transpose(0, 3, 1, 2) has 1 channel."),
        (lambda: conv2d(image(1, 3, 5, 5), image(4, 3, 3, 3), groups=2), "then reads all 3 channels."),
        (lambda: conv2d(image(1, 1, 5, 5), image(4, 1, 3, 3), groups=2), "then reads the only channel."),
        (lambda: conv2d(image(1, 4, 5, 5), image(4, 2, 3, 3)), "then reads 2 of the 4 channels."),
        (lambda: conv2d(image(1, 2, 5, 5), image(1, 1, 3, 3), groups=2), "1 output channel cannot be"),
        (lambda: conv2d(image(5), image(4, 3, 3, 3)), "x has 1 axis where it needs 4 (or 3"),
        (lambda: conv2d(image(1, 3, 5, 5), image(3)), "the weight has 1 axis where it needs 4."),
        (lambda: conv2d(image(1, 1, 1, 5), image(1, 1, 3, 3)), "input height: 1 pixel, with padding 0 + 1"),
        (lambda: conv2d(image(1, 1, 3, 1), image(1, 1, 3, 3), padding=(0, 0)), "input width: 1 pixel, with"),
        (lambda: conv2d(image(1, 1, 0, 5)[:, :0], image(1, 0, 1, 1)), "spans 1 x (1 - 1) + 1 = 1 pixel\n"),
        (lambda: conv2d(image(1, 0, 0, 5), image(1, 0, 1, 1)), "an input of at least 1 pixel in height"),
        (
            lambda: fs.conv_transpose2d(image(1, 1, 5, 5), image(4, 2, 3, 3)),
            "x has 1 channel, but the weight expects",
        ),
        (lambda: fs.conv_transpose2d(image(1, 3, 5, 5), image(1, 2, 3, 3)), "pass an x with 1 channel, or"),
        (
            lambda: fs.depthwise_conv2d(image(1, 1, 5, 5), image(4, 2, 3, 3)),
            "no kernels of its own for the only channel",
        ),
        (
            lambda: fs.depthwise_conv2d(image(1, 3, 5, 5), image(4, 1, 3, 3)),
            "no kernels of its own for each of 3 channels",
        ),
        (
            lambda: linear(image(2, 1), image(4, 3)),
            "x has 1 feature, but the weight expects 3: 3 is 3 times 1.",
        ),
        (lambda: linear(image(2, 3), image(4, 1)), "give x 1 feature, or use a weight of shape (4, 3)."),
        (lambda: linear(image(2, 3, 1), image(4, 3)), "x.reshape(2, 3) has the 3 features."),
        (lambda: linear(image(), image(4, 1)), "give x a last axis of 1 feature."),
        (lambda: linear(image(2, 3), image(3)), "the weight has 1 axis where it needs 2."),
        (lambda: matmul(image(2, 1), image(3, 4)), "a has 1 column where b has 3 rows: 3 is 3 times 1."),
        (lambda: matmul(image(2, 3), image(1, 4)), "a has 3 columns where b has 1 row: 3 is 3 times 1."),
        (lambda: matmul(image(2, 3), image(1, 4)), "give a 1 column, or b 3 rows."),
        (lambda: matmul(image(2, 1), image(3, 4)), "give a 3 columns, or b 1 row."),
        (lambda: fs.batch_norm(image(3), *[image(2)] * 4), "x has 1 axis where it needs at least 2."),
        (lambda: fs.batch_norm(image(3, 1), *[image(2)] * 4), "running_mean does not fit 1 channel."),
    ],
)
def test_one_of_a_kind_is_singular(call, words):
    assert words in refused(call)


@pytest.mark.parametrize(
    ("call", "page", "numbers"),
    [
        (lambda: conv2d(image(2, 1, 8, 9), image(4, 3, 3, 5)), "conv-channels", {"got": 1, "expected": 3}),
        (lambda: conv2d(image(2, 3, 8, 9), image(4, 1, 3, 5)), "conv-channels", {"got": 3, "expected": 1}),
        (lambda: conv2d(image(2, 2, 8, 9), image(1, 1, 3, 5), groups=2), "groups", {"got": 1, "groups": 2}),
        (lambda: conv2d(image(2, 3, 1, 9), image(4, 3, 3, 5)), "kernel", {"input_side": 1, "kernel_side": 3}),
        (lambda: conv2d(image(2, 3, 9, 1), image(4, 3, 3, 5)), "kernel", {"input_side": 1, "kernel_side": 5}),
        (lambda: linear(image(2, 1), image(4, 3)), "linear-features", {"got": 1, "expected": 3}),
        (lambda: matmul(image(2, 1), image(3, 4)), "matmul", {"got": 1, "expected": 3}),
        (lambda: matmul(image(2, 3), image(1, 4)), "matmul", {"got": 3, "expected": 1}),
    ],
)
@pytest.mark.parametrize("whole", [True, False], ids=["", "first line"])
def test_the_error_guide_reads_one_of_a_kind(call, page, numbers, whole):
    message = "ShapeMismatchError: " + refused(call)
    found = explain(message if whole else message.partition("\n")[0])
    assert found is not None and found.id == f"fromscratch-{page}"
    if whole or page != "kernel":  # the kernel's first line has no numbers
        assert {name: found.numbers[name] for name in numbers} == numbers


def test_one_class_is_singular():
    assert "from 0 to 0 for 1 class, but" in refused(loss, image(2, 1), [0, 1], error=ValueError)


ODD = {
    "None": None,
    "a list": [1.0],
    "a number": 3,
    "a text": "x",
    "a tuple": (1, 2),
    "nothing": np.zeros(()),
}


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("place", [0, 1])
def test_depthwise_refuses_what_is_no_image(odd, place):
    operands = [image(1, 3, 5, 5), image(3, 1, 3, 3)]
    operands[place] = ODD[odd]
    error = ShapeMismatchError if odd == "nothing" else TypeError
    name = ("x", "weight")[place]
    words = "needs 4" if odd == "nothing" else f"{name} must be a NumPy array, but got"
    if odd == "nothing":
        operands = [a.astype(np.float64) for a in operands]
    assert words in refused(fs.depthwise_conv2d, *operands, error=error)
    grad_y = image(1, 3, 3, 3).astype(operands[1 - place].dtype)
    message = refused(fs.depthwise_conv2d_backward, grad_y, *operands, error=error)
    assert words in message


@settings(SETTINGS, max_examples=2000)
@given(
    st.lists(st.integers(0, 3), max_size=5),
    st.lists(st.integers(0, 3), max_size=5),
    st.sampled_from([None, 0, 2]),
)
def test_matmul_says_itself_what_numpy_refuses(a_shape, b_shape, shared):
    if shared is not None and a_shape and b_shape:  # mostly let the inner sizes agree
        a_shape[-1] = b_shape[-2 if len(b_shape) > 1 else -1] = shared
    a, b = np.zeros(a_shape), np.zeros(b_shape)
    try:
        expected = np.matmul(a, b)
    except ValueError:
        refused(matmul, a, b)
    else:
        assert matmul(a, b).shape == expected.shape


@pytest.mark.parametrize("optimiser", [fs.SGD(0.1), fs.Adam()], ids=["SGD", "Adam"])
@pytest.mark.parametrize("odd", [None, [1], 3, "x", np.ones(2)], ids=["None", "list", "int", "text", "array"])
def test_optimisers_want_dictionaries(optimiser, odd):
    good = {"a": np.ones(2)}
    for name, arguments in (("parameters", (odd, good)), ("gradients", (good, odd))):
        message = refused(optimiser.step, *arguments, error=TypeError)
        assert f"{name} must be a dictionary from names to arrays, but got {type(odd).__name__}" in message
    assert "differ in" in refused(optimiser.step, {1: np.ones(2)}, good, error=ValueError)


def test_other_odd_arguments_get_one_sentence_of_our_own():
    for function in (fs.max_pool2d, fs.avg_pool2d):
        message = refused(function, image(1, 2, 5, 5), 2, padding=np.array([1, 1]), error=TypeError)
        assert "padding must be an integer or a pair of integers" in message
    for dtype in (np.ones(2), None, 3):
        assert "dtype must be" in refused(create_random_tensor, (2, 2), dtype=dtype, error=TypeError)


@pytest.mark.parametrize(("shape", "axes"), [((1, 9, 9, 2), (0, 3, 1, 2)), ((9, 9, 2), (2, 0, 1))])
def test_channels_last_is_recognised(shape, axes):
    message = refused(conv2d, image(*shape), image(6, 2, 3, 3))
    assert f"x looks like channels last: x.transpose({', '.join(map(str, axes))}) has 2 channels" in message
    conv2d(image(*shape).transpose(axes), image(6, 2, 3, 3))


def test_a_kernel_too_large_says_what_it_spans():
    message = refused(conv2d, image(1, 1, 9, 5), image(1, 1, 3, 3), padding=(0, 1), dilation=4)
    assert "larger than the padded input in width" in message
    assert "padding 1 + 5 + 1 = 7" in message
    assert "4 x (3 - 1) + 1 = 9 pixels" in message
    wanted = int(re.search(r"at least (\d+) pixels", message)[1])
    conv2d(image(1, 1, 9, wanted), image(1, 1, 3, 3), padding=(0, 1), dilation=4)
    refused(conv2d, image(1, 1, 9, wanted - 1), image(1, 1, 3, 3), padding=(0, 1), dilation=4)


def test_output_channels_that_groups_does_not_divide():
    message = refused(conv2d, image(1, 9, 5, 5), image(4, 3, 3, 3), groups=3)
    assert "4 output channels cannot be divided into 3 groups" in message
    assert "weight.shape = (4, 3, 3, 3), axis 0 is 4" in message
    for out in re.search(r"use (\d+) or (\d+) output channels", message).groups():
        conv2d(image(1, 9, 5, 5), image(int(out), 3, 3, 3), groups=3)


@pytest.mark.parametrize("shape", [(3,), (1,), (), (4, 1), (1, 4)])
def test_a_bias_is_never_broadcast(shape):
    assert f"bias.shape = {shape}" in refused(conv2d, image(1, 3, 5, 5), image(4, 3, 3, 3), image(*shape))
    assert f"bias.shape = {shape}" in refused(linear, image(1, 3), image(4, 3), image(*shape))


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"stride": 0}, ValueError, "stride must be at least 1, but got 0."),
        ({"stride": (1, -1)}, ValueError, "stride must be at least 1, but got -1."),
        ({"dilation": 0}, ValueError, "dilation must be at least 1, but got 0."),
        ({"groups": 0}, ValueError, "groups must be at least 1, but got 0."),
        ({"padding": -1}, ValueError, "padding must be at least 0, but got -1."),
        (
            {"stride": 1.5},
            TypeError,
            "stride must be an integer or a pair of integers (for height, for width)",
        ),
        ({"stride": True}, TypeError, "got True of type bool"),
        ({"groups": True}, TypeError, "groups must be an integer, but got True of type bool."),
        ({"groups": (1, 1)}, TypeError, "groups must be an integer, but got (1, 1) of type tuple."),
        ({"padding": (1, 2, 3)}, ValueError, "but got 3 values: (1, 2, 3)."),
        ({"padding": ()}, ValueError, "but got 0 values: ()."),
        ({"padding": (1, 1.0)}, TypeError, "padding must be an integer, but got 1.0 of type float."),
        ({"padding": "SAME"}, ValueError, "('valid', 'same', 'same_tensorflow'), but got 'SAME'."),
        (
            {"padding": "same", "stride": 2},
            ValueError,
            "padding='same_tensorflow' is defined for every stride.",
        ),
        ({"padding": None}, TypeError, "got None of type NoneType"),
    ],
)
def test_wrong_arguments_get_one_sentence(options, error, words):
    message = refused(conv2d, image(1, 1, 5, 5), image(1, 1, 3, 3), error=error, **options)
    assert words in message and "\n" not in message


@pytest.mark.parametrize(
    ("x", "weight", "bias", "words"),
    [
        ([[1.0]], image(1, 1, 3, 3), None, "x must be a NumPy array, but got list"),
        (image(1, 1, 5, 5), None, None, None),
        (image(1, 1, 5, 5), image(1, 1, 3, 3).astype(np.float64), None, "x is float32 but weight is float64"),
        (image(1, 1, 5, 5), image(1, 1, 3, 3), np.zeros(1), "x is float32 but bias is float64"),
        (image(1, 1, 5, 5) > 0, image(1, 1, 3, 3) > 0, None, "x has dtype bool"),
        (image(1, 1, 5, 5).astype(">f4"), image(1, 1, 3, 3).astype(">f4"), None, "x has dtype >f4"),
    ],
)
def test_wrong_kinds_of_operand_get_one_sentence(x, weight, bias, words):
    message = refused(conv2d, x, weight, bias, error=TypeError)
    assert "\n" not in message and (words or "weight must be a NumPy array") in message


@pytest.mark.parametrize(
    ("shape", "weight_shape", "words"),
    [
        ((5, 5), (1, 1, 3, 3), "x has 2 axes where it needs 4"),
        ((1, 1, 1, 5, 5), (1, 1, 3, 3), "x has 5 axes where it needs 4"),
        ((1, 1, 5, 5), (1, 3, 3), "the weight has 3 axes where it needs 4"),
        ((1, 1, 5, 5), (0, 1, 3, 3), "the weight is empty"),
        ((1, 1, 5, 5), (1, 1, 0, 3), "the weight is empty"),
        ((1, 1, 0, 5), (1, 1, 1, 1), "x has no pixels"),
    ],
)
def test_wrong_ranks_and_empty_operands(shape, weight_shape, words):
    assert words in refused(conv2d, image(*shape), image(*weight_shape), padding=1)


def test_an_empty_batch_gives_an_empty_batch():
    assert conv2d(image(0, 3, 5, 5), image(4, 3, 3, 3)).shape == (0, 4, 3, 3)
    assert linear(image(0, 3), image(4, 3)).shape == (0, 4)


# linear, matmul, layers, random numbers


def test_linear_on_numbers_worked_out_by_hand():
    x, weight = np.array([[1.0, 2.0, 3.0]]), np.array([[1.0, 0.0, 2.0], [0.0, 10.0, 0.0]])
    np.testing.assert_array_equal(linear(x, weight, np.array([0.5, -0.5])), [[7.5, 19.5]])
    np.testing.assert_array_equal(linear(x[0], weight), [7, 20])


def test_linear_messages_name_the_way_out():
    message = refused(linear, image(1, 64), image(10, 32))
    assert "x has 64 features, but the weight expects 32: 64 is 2 times 32." in message
    assert "give x 32 features, or use a weight of shape (10, 64)" in message
    assert "x.reshape(1, 768) has the 768 features" in refused(linear, image(1, 3, 16, 16), image(10, 768))
    assert "pass weight.T" in refused(linear, image(1, 10), image(10, 32))
    assert "needs 2" in refused(linear, image(1, 3), image(1, 2, 3))
    assert "x is a single number" in refused(linear, image(), image(2, 3))


def test_matmul_messages_name_the_axes():
    message = refused(matmul, image(1, 64), image(32, 10))
    assert "a has 64 columns where b has 32 rows: 64 is 2 times 32." in message
    assert "a.shape = (1, 64), axis 1 is 64" in message and "b.shape = (32, 10), axis 0 is 32" in message
    assert "axis 0 is 2" in refused(matmul, image(2, 3, 4), image(3, 4, 5))
    assert "a is a single number" in refused(matmul, image(), image(3, 4))


@pytest.mark.parametrize(
    ("call", "lines"),
    [
        (
            lambda: matmul(image(2, 3), image(4)),
            [
                "matmul: a has 3 columns where b has 4 rows.",
                "a.shape = (2, 3), axis 1 is 3",
                "b.shape = (4,), axis 0 is 4: a number in a row of a for each row of b",
                "To fix it: give a 4 columns, or b 3 rows.",
            ],
        ),
        (
            lambda: matmul(image(7, 2, 0), image(7, 5, 3)),
            [
                "matmul: a has 0 columns where b has 5 rows.",
                "a.shape = (7, 2, 0), axis 2 is 0",
                "b.shape = (7, 5, 3), axis 1 is 5: a number in a row of a for each row of b",
                "To fix it: give a 5 columns, or b 0 rows.",
            ],
        ),
        (
            lambda: matmul(image(6, 5, 1, 2, 3), image(4, 7, 3, 2)),
            [
                "matmul: a and b are stacks of matrices of different lengths.",
                "a.shape = (6, 5, 1, 2, 3), axis 1 is 5",
                "b.shape = (4, 7, 3, 2), axis 0 is 4",
                "To fix it: make the two sizes equal, or one of them 1.",
            ],
        ),
        (
            lambda: linear(image(2, 5, 4), image(6, 8)),
            [
                "linear: x has 4 features, but the weight expects 8: 8 is 2 times 4.",
                "x.shape = (2, 5, 4), axis 2 is 4",
                "weight.shape = (6, 8), axis 1 is 8: one weight for each feature of x",
                "To fix it: give x 8 features, or use a weight of shape (6, 4).",
            ],
        ),
        (
            lambda: linear(image(2, 4, 6), image(6, 24)),
            [
                "linear: x has 6 features, but the weight expects 24: 24 is 4 times 6.",
                "x.shape = (2, 4, 6), axis 2 is 6",
                "weight.shape = (6, 24), axis 1 is 24: one weight for each feature of x",
                "To fix it: flatten x first: x.reshape(2, 24) has the 24 features.",
            ],
        ),
        (
            lambda: linear(image(6), image(6, 4)),
            [
                "linear: x has 6 features, but the weight expects 4.",
                "x.shape = (6,), axis 0 is 6",
                "weight.shape = (6, 4), axis 1 is 4: one weight for each feature of x",
                "To fix it: pass weight.T: this weight lies as (in_features, out_features).",
            ],
        ),
        (
            lambda: linear(image(), image(6, 4)),
            [
                "linear: x is a single number without an axis of features.",
                "x.shape = (), expected (..., 4)",
                "To fix it: give x a last axis of 4 features.",
            ],
        ),
        (
            lambda: linear(image(2, 4), image(3, 4), image(5)),
            [
                "linear: the bias has shape (5,) where it needs (3,).",
                "weight.shape = (3, 4), axis 0 is 3: one bias for each output",
                "bias.shape = (5,)",
                "To fix it: pass a bias of shape (3,), or None.",
            ],
        ),
        (
            lambda: fs.conv_transpose2d(image(2, 3, 5, 6), image(4, 2, 3, 1)),
            [
                "conv_transpose2d: x has 3 channels, but the weight expects 4.",
                "x.shape = (2, 3, 5, 6), axis 1 (channels) is 3",
                "weight.shape = (4, 2, 3, 1), axis 0 is 4: the input's channels come first",
                "To fix it: pass an x with 4 channels, or a weight of shape (3, 2, 3, 1).",
            ],
        ),
        (
            lambda: fs.conv_transpose2d(image(3, 4, 2), image(3, 2, 2, 3), padding=(0, 3), dilation=(1, 2)),
            [
                "conv_transpose2d: the output would be empty in width.",
                "x.shape = (3, 4, 2), width 2; kernel 3, stride 1, padding 3, dilation 2",
                "(2 - 1) x 1 - 2 x 3 + 2 x (3 - 1) + 0 + 1 = 0",
                "To fix it: use a padding of at most 2 in width.",
            ],
        ),
        (
            lambda: fs.depthwise_conv2d(image(3, 5, 6), image(4, 1, 2, 7)),
            [
                "depthwise_conv2d: the weight has no kernels of its own for each of 3 channels.",
                "x.shape = (3, 5, 6), axis 0 (channels) is 3",
                "weight.shape = (4, 1, 2, 7), expected (3 x multiplier, 1, height, width)",
                "To fix it: pass a weight of shape (3, 1, 2, 7), or with a multiple of 3 on its first axis.",
            ],
        ),
        (
            lambda: fs.SGD(0.1).step({"w": image(2, 3)}, {"w": image(3, 2)}),
            [
                "SGD.step: the gradient of 'w' has not its parameter's shape.",
                "parameter's shape = (2, 3)",
                "gradient's shape = (3, 2)",
                "To fix it: pass the derivative of the loss with respect to this parameter.",
            ],
        ),
        (
            lambda: fs.softmax_cross_entropy(image(2, 3), np.zeros(4, np.int64)),
            [
                "softmax_cross_entropy: there is not one label for each row of scores.",
                "scores.shape = (2, 3), expected (batch, classes)",
                "labels.shape = (4,), expected (batch,)",
                "To fix it: pass one integer label for each row of scores.",
            ],
        ),
        (
            lambda: fs.batch_norm(image(5, 3, 2), image(3), image(4), image(3), image(3)),
            [
                "batch_norm: running_var does not fit 3 channels.",
                "x.shape = (5, 3, 2), axis 1 (channels) is 3",
                "running_var.shape = (4,), expected (3,)",
                "To fix it: pass a running_var of shape (3,), or an x with as many channels as running_var "
                "has values.",
            ],
        ),
        (
            lambda: fs.linear_backward(image(2, 3), image(2, 4), image(5, 4)),
            [
                "linear_backward: grad_y does not have the shape of the output.",
                "grad_y.shape = (2, 3)",
                "the output's shape = (2, 5), which follows from the other arguments",
                "To fix it: pass the derivative of the loss with respect to this output, and the arguments "
                "of the forward pass.",
            ],
        ),
    ],
)
def test_messages_in_full(call, lines):
    assert refused(call) == "\n  ".join(lines)


def test_the_documents_own_scenes():
    """Built for 32 and fed 64: refused. Built for 64: computed. The flattened layer: refused."""
    x = create_random_tensor((1, 64, 256, 256))
    assert "but the weight expects 32" in refused(
        ConvLayer(in_channels=32, out_channels=64, kernel_size=3).forward, x
    )
    assert ConvLayer(in_channels=64, out_channels=64, kernel_size=3).forward(x).shape == (1, 64, 254, 254)
    layer = LinearLayer(in_features=32 * 256 * 256, out_features=10)
    message = refused(layer.forward, x.reshape(1, 64 * 256 * 256))
    assert "a has 4194304 columns where b has 2097152 rows: 4194304 is 2 times 2097152." in message
    assert layer.forward(x.reshape(2, 32 * 256 * 256)).shape == (2, 10)


def test_layers_hold_weights_of_their_own():
    layer = ConvLayer(3, 4, (3, 5))
    assert layer.weights.shape == (4, 3, 3, 5) and layer.weights.dtype == np.float32
    np.testing.assert_array_equal(layer.weights, ConvLayer(3, 4, (3, 5)).weights)
    assert not np.array_equal(layer.weights, ConvLayer(3, 4, (3, 5), seed=2).weights)
    assert not np.array_equal(layer.weights.ravel()[:9], create_random_tensor(9))
    layer.weights = image(4, 1, 3, 3)  # a layer obeys the weights it holds, not the numbers it was made with
    assert layer.forward(image(1, 1, 8, 8)).shape == (1, 4, 6, 6)
    assert LinearLayer(3, 2).weights.shape == (2, 3)


@pytest.mark.parametrize("sizes", [(0, 4, 3), (3, 0, 3), (3, 4, 0)])
def test_layers_refuse_sizes_below_one(sizes):
    assert "must be at least 1, but got 0" in refused(ConvLayer, *sizes, error=ValueError)


def test_create_random_tensor_is_the_same_on_every_run():
    a = create_random_tensor((2, 3), seed=5)
    assert a.shape == (2, 3) and a.dtype == np.float32
    np.testing.assert_array_equal(a, create_random_tensor([2, 3], 5))
    assert not np.array_equal(a, create_random_tensor((2, 3), 6))
    assert create_random_tensor(4, dtype=np.float64).dtype == np.float64
    many = create_random_tensor((300, 300))
    assert abs(many.mean()) < 0.02 and abs(many.std() - 1) < 0.02


def test_create_random_tensor_refuses_other_kinds():
    assert "at least 0" in refused(create_random_tensor, (2, -1), error=ValueError)
    assert "every size in shape" in refused(create_random_tensor, (2, 1.5), error=TypeError)
    assert "dtype must be" in refused(create_random_tensor, (2, 2), dtype=np.int64, error=TypeError)
    assert "seed" in refused(create_random_tensor, (2, 2), seed=None, error=TypeError)


def test_the_library_needs_numpy_only():
    for path in Path(fromscratch.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.level == 0:
                names = [node.module]
            if path.name == "threads.py":  # may use it, and works without: test_fromscratch_threads.py
                names = [name for name in names if name != "threadpoolctl"]
            for name in names:
                assert name.split(".")[0] in {"numpy", *sys.stdlib_module_names}, (
                    f"{path.name} imports {name}"
                )


def test_every_file_can_be_read_in_a_sitting():
    for path in Path(fromscratch.__file__).parent.rglob("*.py"):
        assert len(path.read_text().splitlines()) <= 200, path.name


# The other ways to the same numbers


@settings(SETTINGS, max_examples=300)
@given(conv_arguments(padding_names=("valid", "same", "same_tensorflow")), st.integers(1, 5))
def test_im2col_and_strips_compute_what_conv2d_computes(arguments, rows):
    x, weight, bias, options = arguments
    expected = conv2d(x, weight, bias, **options)
    for y in (
        conv2d_im2col(x, weight, bias, **options),
        conv2d_strips(x, weight, bias, **options, rows=rows),
    ):
        assert y.shape == expected.shape and y.dtype == expected.dtype
        if y.size:
            largest = conv2d(abs(x), abs(weight), None if bias is None else abs(bias), **options).max()
            assert abs(y - expected).max() <= bound(weight[0].size, largest, x.dtype)


@settings(SETTINGS, max_examples=300)
@given(loose_conv_arguments())
def test_im2col_and_strips_refuse_with_the_same_words(arguments):
    x, weight, bias, options = arguments
    try:
        conv2d(x, weight, bias, **options)
    except (TypeError, ValueError) as error:
        for function in (conv2d_im2col, conv2d_strips):
            message = refused(function, x, weight, bias, error=type(error), **options)
            assert message.replace(function.__name__, "conv2d") == str(error)
    else:
        conv2d_im2col(x, weight, bias, **options)


def test_strips_refuse_rows_below_one():
    assert "rows must be at least 1" in refused(
        conv2d_strips, image(1, 1, 5, 5), image(1, 1, 3, 3), rows=0, error=ValueError
    )


@pytest.mark.parametrize("taps", [2, 3, 5])
@pytest.mark.parametrize(
    "points", [[0, 1, -1], [0, 1, -1, 2, -2], [0, 1, -1, 2, -2, Fraction(1, 2), Fraction(-1, 2)]]
)
def test_winograd_matrices_compute_a_correlation(points, taps):
    """On whole numbers, up to the rounding of a few float64 operations."""
    if len(points) + 2 - taps < 1:
        with pytest.raises(ValueError, match="points"):
            winograd_matrices(points, taps)
        return
    output, kernel, data = winograd_matrices(points, taps)
    outputs = len(points) + 2 - taps
    assert output.shape == (outputs, len(points) + 1) and kernel.shape == (len(points) + 1, taps)
    rng = np.random.default_rng(0)
    for _ in range(20):
        g, d = rng.integers(-9, 10, taps), rng.integers(-9, 10, len(points) + 1)
        expected = np.correlate(d, g, mode="valid")
        np.testing.assert_allclose(output @ ((kernel @ g) * (data @ d)), expected, rtol=0, atol=1e-11)


def test_winograd_matrices_refuse_a_point_given_twice():
    with pytest.raises(ValueError, match="distinct"):
        winograd_matrices([0, 1, 1])


@pytest.mark.parametrize(("function", "limit"), [(conv2d, 1e-5), (fast.conv2d, 1e-4)])
def test_rounding_and_memory_on_the_documents_workload(function, limit):
    """x of standard normal numbers, weights scaled so that y has the size of x; against float64."""
    x = create_random_tensor((1, 64, 256, 256))
    weight = create_random_tensor((64, 64, 3, 3), seed=1) / np.float32(24)
    tracemalloc.start()
    try:
        y = function(x, weight)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak <= 40 * 2**20
    exact = conv2d(x.astype(np.float64), weight.astype(np.float64))
    assert y.dtype == np.float32
    assert abs(y - exact).max() < limit


def test_fast_takes_winograds_way_where_it_should():
    x, weight = create_random_tensor((1, 64, 44, 44)), create_random_tensor((64, 64, 3, 3), seed=1)
    assert not np.array_equal(fast.conv2d(x, weight), conv2d(x, weight))  # another order of rounding
    for options in ({"stride": 2}, {"dilation": 2}):
        np.testing.assert_array_equal(fast.conv2d(x, weight, **options), conv2d(x, weight, **options))
    whole_x, whole_weight = (x * 4).astype(np.int32), (weight * 4).astype(np.int32)
    np.testing.assert_array_equal(fast.conv2d(whole_x, whole_weight), conv2d(whole_x, whole_weight))


@pytest.mark.parametrize("shape", [(2, 16, 34, 61), (16, 28, 40), (0, 16, 30, 30), (1, 16, 35, 33)])
@pytest.mark.parametrize("padding", [0, 1, (2, 0), "same", "same_tensorflow"])
def test_winograd_agrees_with_the_plain_way_in_float64(shape, padding):
    x, weight, bias = numbers(shape, seed=1), numbers((9, 16, 3, 3), seed=2), numbers(9, seed=3)
    x = np.pad(x, [(0, 0)] * (x.ndim - 2) + [(1, 1), (1, 1)])
    y = conv2d_by("winograd", x, weight, bias, padding=padding)
    assert y.dtype == np.float64
    np.testing.assert_allclose(y, conv2d(x, weight, bias, padding=padding), rtol=0, atol=1e-11)


# What the other layers refuse


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (
            lambda: fs.conv_transpose2d(image(1, 3, 5, 5), image(4, 2, 3, 3)),
            None,
            "axis 0 is 4: the input's channels",
        ),
        (
            lambda: fs.conv_transpose2d(image(1, 3, 5, 5), image(3, 0, 3, 3)),
            None,
            "the weight has no output channels",
        ),
        (
            lambda: fs.conv_transpose2d(image(1, 3, 5, 5), image(3, 2, 3, 3), groups=2),
            None,
            "3 input channels cannot",
        ),
        (
            lambda: fs.conv_transpose2d(image(1, 3, 2, 5), image(3, 2, 3, 3), padding=2),
            None,
            "padding of at most 1",
        ),
        (lambda: fs.conv_transpose2d(image(1, 3, 0, 5), image(3, 2, 3, 3)), None, "x has no pixels"),
        (lambda: fs.conv_transpose2d(image(3, 5), image(3, 2, 3, 3)), None, "x has 2 axes"),
        (
            lambda: fs.conv_transpose2d(image(1, 4, 5, 5), image(4, 2, 3, 3), image(2), groups=2),
            None,
            "weight.shape[1] x groups = 2 x 2 = 4",
        ),
        (
            lambda: fs.conv_transpose2d(image(1, 3, 5, 5), image(3, 2, 3, 3), output_padding=1),
            ValueError,
            "output_padding must be smaller than stride or dilation",
        ),
        (
            lambda: fs.depthwise_conv2d(image(1, 3, 5, 5), image(3, 3, 3, 3)),
            None,
            "pass a weight of shape (3, 1, 3, 3)",
        ),
        (lambda: fs.depthwise_conv2d(image(1, 3, 5, 5), image(4, 1, 3, 3)), None, "a multiple of 3"),
        (lambda: fs.depthwise_conv2d(image(5, 5), image(4, 1, 3, 3)), None, "x has 2 axes"),
        (lambda: fs.depthwise_conv2d(image(1, 0, 5, 5), image(4, 1, 3, 3)), None, "each of 0 channels"),
        (
            lambda: fs.conv_transpose2d(image(1, 3, 5, 5), None),
            TypeError,
            "weight must be a NumPy array, but got NoneType",
        ),
        (lambda: fs.max_pool2d(image(5, 5), 2), None, "x is neither an image nor a batch"),
        (lambda: fs.max_pool2d(image(1, 0, 5, 5), 2), None, "x is neither an image nor a batch"),
        (
            lambda: fs.max_pool2d(image(1, 2, 5, 5), 6),
            None,
            "the window is larger than the padded input in height",
        ),
        (lambda: fs.max_pool2d(image(1, 2, 5, 5), 2, padding=2), ValueError, "at most half of kernel_size"),
        (
            lambda: fs.max_pool2d(image(1, 2, 5, 5), 2, padding="same"),
            ValueError,
            "'same_tensorflow' is TensorFlow's",
        ),
        (
            lambda: fs.max_pool2d(image(1, 2, 5, 5), 2, padding="same_tensorflow", dilation=2),
            ValueError,
            "needs dilation 1",
        ),
        (
            lambda: fs.max_pool2d(image(1, 2, 5, 5).astype(np.int64), 2),
            TypeError,
            "computes in float32, float64 only",
        ),
        (
            lambda: fs.avg_pool2d(image(1, 2, 5, 5), 2, padding="same_tensorflow"),
            ValueError,
            "count_include_pad=False",
        ),
        (
            lambda: fs.avg_pool2d(image(1, 2, 5, 5), 2, count_include_pad=1),
            TypeError,
            "must be True or False",
        ),
        (lambda: fs.global_avg_pool2d(image(1, 2, 0, 5)), None, "x is neither an image nor a batch"),
        (lambda: fs.flatten(image()), None, "x is a single number"),
        (lambda: norm(image(4)), None, "needs at least 2"),
        (lambda: norm(image(4, 3)), None, "running_mean does not fit 3 channels"),
        (lambda: norm(image(1, 2), training=True), ValueError, "at least two values a channel"),
        (
            lambda: fs.batch_norm_backward(image(4, 2), None, image(2)),
            TypeError,
            "x must be a NumPy array, but got NoneType",
        ),
        (
            lambda: fs.batch_norm(image(4, 0), *[image(0)] * 4, training=True),
            ValueError,
            "at least two values a channel",
        ),
        (lambda: norm(image(4, 2), eps=0), ValueError, "eps must be above 0, but got 0."),
        (lambda: norm(image(4, 2), momentum=1.5), ValueError, "momentum must be at least 0 and at most 1"),
        (lambda: norm(image(4, 2), training=1), TypeError, "training must be True or False"),
        (lambda: fs.softmax(image(2, 0)), None, "there are no classes"),
        (lambda: loss(image(2, 3), [0, 3]), ValueError, "from 0 to 2 for 3 classes, but they go from 0 to 3"),
        (lambda: loss(image(2, 3), [0, -1]), ValueError, "but they go from -1 to 0"),
        (lambda: loss(image(2, 3), [0]), None, "not one label for each row"),
        (lambda: loss(image(2, 3, 4), [0, 1]), None, "not one label for each row"),
        (lambda: loss(image(2, 3), [0.0, 1.0]), TypeError, "labels must be a NumPy array of integers"),
        (lambda: loss(image(0, 3), np.zeros(0, np.int64)), ValueError, "the batch is empty"),
        (lambda: fs.SGD(0), ValueError, "learning_rate must be above 0, but got 0."),
        (lambda: fs.SGD("fast"), TypeError, "learning_rate must be a number"),
        (lambda: fs.SGD(float("nan")), ValueError, "but got nan"),
        (lambda: fs.SGD(0.1, momentum=1), ValueError, "momentum must be at least 0 and below 1"),
        (lambda: fs.Adam(0), ValueError, "learning_rate must be above 0, but got 0."),
        (lambda: fs.Adam(eps=0), ValueError, "eps must be above 0, but got 0."),
        (lambda: fs.Adam(betas=(0.9, 1)), ValueError, "each of betas must be at least 0 and below 1"),
        (lambda: fs.Adam(betas=0.9), TypeError, "betas must be a pair"),
        (lambda: fs.SGD(0.1).step({"a": image(2)}, {"b": image(2)}), ValueError, "differ in ['a', 'b']"),
        (lambda: fs.Adam().step({"a": image(2)}, {"a": image(1)}), None, "the gradient of 'a' has not"),
        (lambda: fs.Adam().step({"a": image(2)}, {"a": np.zeros(2)}), TypeError, "is float64"),
    ],
)
def test_layers_refuse_with_words_that_help(call, error, words):
    message = refused(call, error=error or ShapeMismatchError)
    assert words in message
    assert ("To fix it: " in message) == (error is None)
    assert ("\n" in message) == (error is None)


OPERANDS = {
    "conv2d": (image(1, 2, 5, 5), image(4, 2, 3, 3), image(4)),
    "conv_transpose2d": (image(1, 2, 5, 5), image(2, 4, 3, 3), image(4)),
    "depthwise_conv2d": (image(1, 2, 5, 5), image(2, 1, 3, 3), image(2)),
    "convolve": (image(1, 2, 5, 5), image(4, 2, 3, 3)),
    "linear": (image(4, 3), image(2, 3), image(2)),
    "matmul": (image(4, 3), image(3, 2)),
    "batch_norm": (image(4, 3), *[image(3)] * 4),
    "softmax": (image(4, 3),),
    "softmax_cross_entropy": (image(4, 3), np.zeros(4, np.int64)),
    "relu": (image(4, 3),),
    "flatten": (image(4, 3),),
    "global_avg_pool2d": (image(1, 2, 5, 5),),
    "max_pool2d": (image(1, 2, 5, 5),),
    "avg_pool2d": (image(1, 2, 5, 5),),
    "conv2d_backward": (image(1, 4, 3, 3), image(1, 2, 5, 5), image(4, 2, 3, 3)),
    "conv_transpose2d_backward": (image(1, 4, 7, 7), image(1, 2, 5, 5), image(2, 4, 3, 3)),
    "depthwise_conv2d_backward": (image(1, 2, 3, 3), image(1, 2, 5, 5), image(2, 1, 3, 3)),
    "linear_backward": (image(4, 2), image(4, 3), image(2, 3)),
    "batch_norm_backward": (image(4, 3), image(4, 3), image(3)),
    "softmax_cross_entropy_backward": (image(4, 3), np.zeros(4, np.int64)),
    "relu_backward": (image(4, 3), image(4, 3)),
    "flatten_backward": (image(4, 3), image(4, 3)),
    "global_avg_pool2d_backward": (image(1, 2), image(1, 2, 5, 5)),
    "max_pool2d_backward": (image(1, 2, 2, 2), image(1, 2, 5, 5)),
    "avg_pool2d_backward": (image(1, 2, 2, 2), image(1, 2, 5, 5)),
}


def test_every_function_of_arrays_is_listed():
    functions = {name: getattr(fs, name) for name in fs.__all__ if isfunction(getattr(fs, name))}
    first = {"x", "a", "scores", "grad_y"}
    assert {name for name, f in functions.items() if [*signature(f).parameters, ""][0] in first} == set(
        OPERANDS
    )


@pytest.mark.parametrize("name", OPERANDS)
def test_every_operand_must_be_an_array_of_the_dtype_of_the_others(name):
    function, good = getattr(fs, name), OPERANDS[name]
    names = list(signature(function).parameters)[: len(good)]
    options = {"kernel_size": 2} if "kernel_size" in signature(function).parameters else {}
    function(*good, **options)
    for place, operand in enumerate(names):

        def refuse(odd, place=place):
            operands = [*good[:place], odd, *good[place + 1 :]]
            return refused(function, *operands, **options, error=TypeError)

        assert f"{operand} must be a NumPy array" in refuse(good[place].tolist())
        assert operand in refuse(good[place] > 0)
        if len(good) > 1 and operand not in ("labels", "scores"):
            assert f"{operand} is float64" in refuse(good[place].astype(np.float64))


def norm(x, **options):
    return fs.batch_norm(x, image(2), image(2), image(2), image(2), **options)


def loss(scores, labels):
    return fs.softmax_cross_entropy(scores, np.asarray(labels))


def test_nothing_is_changed_where_an_optimiser_refuses():
    good, bad = image(2), image(3)
    with pytest.raises(ShapeMismatchError):
        fs.SGD(0.1).step({"good": good, "bad": bad}, {"good": image(2) + 1, "bad": image(2)})
    assert not good.any() and not bad.any()


def test_defaults_are_pytorchs():
    adam = fs.Adam()
    assert (adam.learning_rate, adam.betas, adam.eps) == (0.001, (0.9, 0.999), 1e-8)
    assert fs.SGD(0.1).momentum == 0
    x, one = numbers((6, 2)), np.ones(2)
    y = fs.batch_norm(x, 0 * one, one, one, 0 * one)
    np.testing.assert_allclose(y, x / np.sqrt(1 + 1e-5), rtol=1e-12)
    mean = 0 * one
    fs.batch_norm(x, mean, one.copy(), one, one, training=True)
    np.testing.assert_allclose(mean, 0.1 * x.mean(axis=0), rtol=1e-12)
    pooled = fs.avg_pool2d(np.ones((1, 4, 4)), 2, padding=1)  # stride 2, and the padding counts
    np.testing.assert_array_equal(pooled, [[[0.25, 0.5, 0.25], [0.5, 1, 0.5], [0.25, 0.5, 0.25]]])


@pytest.mark.parametrize("shape", [(4,), (2, 3, 4), (5, 1)])
def test_softmax_is_along_the_last_axis(shape):
    scores = numbers(shape)
    rows = [np.exp(row) / sum(np.exp(row)) for row in scores.reshape(-1, shape[-1])]
    np.testing.assert_allclose(fs.softmax(scores), np.reshape(rows, shape), rtol=1e-12)


@pytest.mark.parametrize("shape", [(2, 3), (5, 1), (2, 3, 5), (3, 1, 4, 2)])
def test_running_statistics_move_towards_the_unbiased_estimate(shape):
    x, mean, var = numbers(shape), numbers(shape[1], seed=1), numbers(shape[1], seed=2) ** 2
    a_channel = x.swapaxes(0, 1).reshape(shape[1], -1)
    expected_mean = 0.7 * mean + 0.3 * a_channel.mean(axis=1)
    expected_var = 0.7 * var + 0.3 * a_channel.var(axis=1, ddof=1)
    fs.batch_norm(x, mean, var, np.ones(shape[1]), np.zeros(shape[1]), training=True, momentum=0.3)
    np.testing.assert_allclose(mean, expected_mean, rtol=1e-12)
    np.testing.assert_allclose(var, expected_var, rtol=1e-12)


def test_running_statistics_are_not_changed_where_batch_norm_refuses():
    mean, var = image(2), image(2)
    with pytest.raises(ValueError):
        fs.batch_norm(image(1, 2), mean, var, image(2), image(2), training=True)
    assert not mean.any() and not var.any()


# ---- What was checked once ----


@pytest.mark.parametrize("name", ["stride", "padding", "dilation", "groups"])
@pytest.mark.parametrize("value", [True, 1.0, np.float32(1)])
def test_what_equals_an_accepted_setting_is_still_refused(name, value):
    x, weight = np.ones((1, 2, 5, 5)), np.ones((2, 2, 3, 3))
    conv2d(x, weight, **{name: 1})
    with pytest.raises(TypeError, match=f"{name} must be an integer"):
        conv2d(x, weight, **{name: value})


def test_a_dtype_is_refused_for_shapes_that_were_accepted():
    x, weight = np.ones((1, 2, 5, 5)), np.ones((2, 2, 3, 3))
    conv2d(x, weight)
    with pytest.raises(TypeError, match="float64 but weight is float32"):
        conv2d(x, weight.astype(np.float32))


def test_what_is_remembered_has_a_bound():
    assert 0 < shapes.fit_conv2d.cache_parameters()["maxsize"] <= 1000


@pytest.mark.parametrize("name", ["stride", "padding", "dilation"])
@pytest.mark.parametrize("value", [(1, True), (1.0, 1), [1, np.float32(1)]])
def test_what_equals_an_accepted_pair_is_still_refused(name, value):
    x, weight = np.ones((1, 2, 5, 5)), np.ones((2, 2, 3, 3))
    conv2d(x, weight, **{name: (1, 1)})
    with pytest.raises(TypeError, match=f"{name} must be an integer"):
        conv2d(x, weight, **{name: value})
