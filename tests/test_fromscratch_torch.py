"""fromscratch held to PyTorch: the values it computes and the arguments it refuses."""

import warnings
from functools import partial

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

from fromscratch import conv2d, linear, matmul
from fromscratch.checks.arguments import DTYPES
from fromscratch.conv import conv2d_loops

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.usefixtures("one_thread")


def to_torch(array):
    return None if array is None else torch.from_numpy(array)


def torch_conv2d(x, weight, bias=None, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # 'same' with an even kernel: torch warns that it copies
        return torch.nn.functional.conv2d(to_torch(x), to_torch(weight), to_torch(bias), **options).numpy()


def assert_conv(y, x, weight, bias, options):
    expected = torch_conv2d(x, weight, bias, **options)
    assert y.shape == expected.shape
    assert y.dtype == expected.dtype == x.dtype
    if y.size:
        largest = torch_conv2d(abs(x), abs(weight), None if bias is None else abs(bias), **options).max()
        assert abs(y - expected).max() <= bound(weight[0].size, largest, x.dtype)


@settings(SETTINGS, max_examples=1000)
@given(conv_arguments())
def test_conv2d_computes_what_torch_computes(arguments):
    x, weight, bias, options = arguments
    assert_conv(conv2d(x, weight, bias, **options), x, weight, bias, options)


@settings(SETTINGS, max_examples=1000)
@given(conv_arguments(), st.sampled_from([name for name in WAYS if name not in ("definition", "winograd")]))
def test_every_way_computes_what_torch_computes(arguments, way):
    """The definition is too slow for so many, and Winograd's way rounds more: they have their own."""
    x, weight, bias, options = arguments
    y = conv2d_by(way, x, weight, bias, **options)
    if y is not None:
        assert_conv(y, x, weight, bias, options)


@settings(SETTINGS, max_examples=1200)
@given(loose_conv_arguments())
def test_conv2d_refuses_what_torch_refuses(arguments):
    x, weight, bias, options = arguments
    try:
        torch_conv2d(x, weight, bias, **options)
    except (RuntimeError, TypeError, ValueError, IndexError):
        for refusing in (conv2d, conv2d_loops):
            with pytest.raises((TypeError, ValueError)):
                refusing(x, weight, bias, **options)
    else:
        assert_conv(conv2d(x, weight, bias, **options), x, weight, bias, options)


@pytest.mark.parametrize("function", [conv2d, partial(conv2d_by, "sliding_rows")], ids=["", "sliding_rows"])
@pytest.mark.parametrize("batch", [1, 3, 40])
@pytest.mark.parametrize("size", [(30, 30), (47, 48), (64, 64), (3, 400), (400, 3), (200, 210)])
@pytest.mark.parametrize("options", [{}, {"stride": (2, 3), "padding": (1, 2)}, {"dilation": 2, "groups": 8}])
def test_conv2d_on_larger_inputs(function, batch, size, options):
    if batch == 40 and size == (200, 210):
        size = (60, 60)
    if "dilation" in options:
        size = tuple(max(n, 5) for n in size)
    x = numbers((batch, 8, *size), np.float32, 1)
    weight = numbers((16, 8 // options.get("groups", 1), 3, 3), np.float32, 2)
    assert_conv(function(x, weight, **options), x, weight, None, options)


@pytest.mark.parametrize("dtype", [d for d in DTYPES if d.kind in "iu"])
def test_integers_stay_integers_and_wrap_as_in_torch(dtype):
    x = numbers((2, 4, 9, 60), dtype, 1) + dtype.type(20)
    weight = numbers((6, 2, 3, 3), dtype, 2)
    y = conv2d(x, weight, padding=1, groups=2)
    assert y.dtype == dtype
    np.testing.assert_array_equal(y, torch_conv2d(x, weight, padding=1, groups=2))


def test_views_that_are_not_contiguous():
    base = numbers((2, 90, 20, 6), np.float32, 3)
    x, weight = base.transpose(0, 3, 2, 1)[:, :, ::-1], numbers((3, 3, 6, 4), np.float32, 4).T[:, :, ::2]
    y = conv2d(x, weight, padding=1)
    assert_conv(y, np.ascontiguousarray(x), np.ascontiguousarray(weight), None, {"padding": 1})


def test_a_huge_stride_leaves_one_place():
    x, weight = numbers((1, 2, 8, 70), np.float32), numbers((3, 2, 3, 3), np.float32)
    assert_conv(conv2d(x, weight, stride=2**40), x, weight, None, {"stride": 2**40})


def test_the_differences_from_torch_are_these():
    """conv2d's and linear's docstrings list them; each is shown here on both sides."""
    x, weight = np.zeros((1, 0, 5, 5), np.float32), np.zeros((4, 0, 3, 3), np.float32)
    bias = np.arange(4, dtype=np.float32)
    assert torch_conv2d(x, weight, bias).shape == (1, 0, 3, 3)
    assert conv2d(x, weight, bias).shape == (1, 4, 3, 3)
    assert (conv2d(x, weight, bias)[0, :, 0, 0] == bias).all()
    for dtype in (np.float16, np.complex64):
        x, weight = np.ones((1, 1, 3, 3), dtype), np.ones((1, 1, 3, 3), dtype)
        assert torch_conv2d(x, weight).item() == 9
        with pytest.raises(TypeError, match="computes in float32, float64"):
            conv2d(x, weight)
    x, weight = np.ones((2, 3), np.float32), np.ones((4, 3), np.float32)
    for bias in (np.ones(1, np.float32), np.ones((2, 4), np.float32)):
        assert torch.nn.functional.linear(to_torch(x), to_torch(weight), to_torch(bias)).shape == (2, 4)
        with pytest.raises(ValueError, match="the bias has shape"):
            linear(x, weight, bias)
    assert torch.nn.functional.linear(to_torch(x), to_torch(weight[0])).shape == (2,)
    with pytest.raises(ValueError, match="needs 2"):
        linear(x, weight[0])


shapes = st.lists(st.integers(0, 4), max_size=4).map(tuple)


@settings(SETTINGS)
@given(
    st.lists(st.integers(0, 4), max_size=3),
    st.integers(0, 5),
    st.integers(0, 5),
    st.sampled_from([None, 0, 0, 1]),
    st.sampled_from([0, 0, 1]),
    st.sampled_from([np.float32, np.float64]),
)
def test_linear_computes_and_refuses_what_torch_does(front, features, out, bias_off, off, dtype):
    x, weight = numbers((*front, features), dtype, 1), numbers((out, features + off), dtype, 2)
    bias = None if bias_off is None else numbers((out + (3 if bias_off else 0),), dtype, 3)
    try:
        expected = torch.nn.functional.linear(to_torch(x), to_torch(weight), to_torch(bias)).numpy()
    except RuntimeError:
        with pytest.raises(ValueError):
            linear(x, weight, bias)
        return
    if bias_off:  # torch broadcasts an empty output over any bias; linear compares shapes
        assert expected.size == 0
        return
    y = linear(x, weight, bias)
    assert y.shape == expected.shape and y.dtype == dtype
    np.testing.assert_allclose(y, expected, atol=bound(features, 40, dtype))


@settings(SETTINGS)
@given(shapes, shapes, st.integers(0, 3))
def test_matmul_computes_and_refuses_what_torch_does(a_shape, b_shape, shared):
    if shared and a_shape and b_shape:  # mostly let the inner sizes agree
        a_shape = (*a_shape[:-1], shared)
        b_shape = (*b_shape[:-2], shared, *b_shape[-1:]) if len(b_shape) > 1 else (shared,)
    a, b = numbers(a_shape, seed=1), numbers(b_shape, seed=2)
    try:
        expected = torch.matmul(to_torch(a), to_torch(b)).numpy()
    except RuntimeError:
        with pytest.raises(ValueError):
            matmul(a, b)
    else:
        y = matmul(a, b)
        assert y.shape == expected.shape
        np.testing.assert_allclose(y, expected, atol=1e-12)
