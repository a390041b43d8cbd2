"""How fromscratch cuts an image into strips: no number depends on it. No framework is needed."""

import importlib
import itertools

import numpy as np
import pytest
from fromscratch_cases import one_thread  # noqa: F401

from fromscratch.checks.window import slide
from fromscratch.conv import backward
from fromscratch.conv.few_filters import shared_rows, strip_rows
from fromscratch.conv.walk import padded_rows, strip_size, strips

pytestmark = pytest.mark.usefixtures("one_thread")


def cut(batch, height, images_at_once, rows_at_once):
    """[(first image, last + 1, first row, last + 1)] of the strips of an output."""
    y = np.empty((batch, 2, height, 3))
    return [(i.start, i.stop, r.start, r.stop) for i, r in strips(y, images_at_once, rows_at_once)]


def test_the_last_strip_ends_where_the_output_ends():
    assert cut(3, 7, 2, 3) == [
        *((0, 2, 0, 3), (0, 2, 3, 6), (0, 2, 6, 7)),
        *((2, 3, 0, 3), (2, 3, 3, 6), (2, 3, 6, 7)),
    ]
    assert cut(2, 6, 1, 3) == [(0, 1, 0, 3), (0, 1, 3, 6), (1, 2, 0, 3), (1, 2, 3, 6)]
    assert cut(2, 3, 5, 9) == [(0, 2, 0, 3)]
    assert cut(0, 3, 1, 1) == []


@pytest.mark.parametrize(
    ("cache", "size"),
    [
        (0, (1, 1)),
        (839, (1, 1)),
        (840, (1, 2)),
        (4199, (1, 9)),
        (4200, (1, 10)),
        (8399, (1, 10)),
        (8400, (2, 10)),
    ],
)
def test_a_strip_fills_the_cache_and_no_more(cache, size):
    """The copies of one output row take kernel width 3 * 5 channels * out width 7 * 4 bytes = 420."""
    window = slide("conv2d", (11, 9), (2, 3), 1, 0, 1)
    assert window.out == (10, 7)
    assert strip_size(5, window, 4, cache) == size


@pytest.mark.parametrize(
    ("cache", "rows"), [(3135, 3), (3136, 4), (5487, 9), (5488, 10), (9999, 10), (0, -4)]
)
def test_a_strip_for_few_filters_has_room_for_the_rows_that_it_shares(cache, rows):
    """A row takes (kernel width 2 * 4 channels + kernel height 3 * 2 filters) * out width 7 * 4 bytes."""
    weight = np.zeros((4, 4, 3, 2), np.float32)
    window = slide("conv2d", (14, 10), (3, 2), 1, 0, (2, 3))
    assert window.out == (10, 7) and shared_rows(window) == 4
    assert strip_rows(weight, window, 2, cache) == rows


def test_a_strip_of_no_channels_is_the_whole_image():
    window = slide("conv2d", (11, 9), (2, 3), 1, 0, 1)
    assert strip_size(0, window, 4, 100) == (10, 10)


@pytest.mark.parametrize("padding", [(0, 0), (1, 0), (0, 2), (7, 3), "same_tensorflow"])
@pytest.mark.parametrize(("stride", "dilation"), [(1, 1), (1, 3), (2, 1), (3, 2)])
def test_padded_rows_are_rows_of_the_padded_image(stride, dilation, padding):
    x = np.arange(1.0, 1 + 2 * 8 * 5).reshape(2, 8, 5)
    window = slide("conv2d", x.shape[1:], (3, 2), stride, padding, dilation)
    sides = zip(window.before, window.after, strict=True)
    whole = np.pad(x, [(0, 0), *sides])
    for top, bottom in itertools.combinations(range(window.out[0] + 1), 2):
        rows = padded_rows(x, window, slice(top, bottom))
        expected = whole[:, top * stride : (bottom - 1) * stride + 2 * dilation + 1]
        np.testing.assert_array_equal(rows, expected)
        if padding == (0, 0):
            assert np.shares_memory(rows, x)  # nothing was copied


@pytest.mark.parametrize(
    ("way", "groups", "cache", "size"),
    [
        ("sliding_rows", 2, 2 * 448, (1, 2)),  # 8 channels * kernel width 2 * out width 7 * 4 bytes a row
        ("few_filters", 2, (4 + 3) * 392, (1, 3)),  # as above: 392 bytes a row, four of them shared
        ("small", 1, 2 * 6720, (2, 10)),  # 4 channels * 3 * 2 * 10 * 7 * 4 bytes an image
    ],
)
def test_each_way_takes_the_strips_that_fit_the_cache(monkeypatch, way, groups, cache, size):
    module, sizes = importlib.import_module(f"fromscratch.conv.{way}"), []

    def noted_strips(y, *size):
        sizes.append(size)
        return strips(y, *size)

    monkeypatch.setattr(module, "strips", noted_strips)
    x, weight = np.ones((5, groups * 4, 14, 10), np.float32), np.ones((groups * 2, 4, 3, 2), np.float32)
    window = slide("conv2d", x.shape[2:], weight.shape[2:], 1, 0, (2, 3))
    y = np.empty((5, groups * 2, *window.out), np.float32)
    getattr(module, way)(x, weight, window, groups, y, cache)
    assert sizes == [size]
    assert (y == 4 * 3 * 2).all()


OPTIONS = {
    "plain": {},
    "stride": {"stride": (2, 3)},
    "padding": {"padding": (2, 1)},
    "dilation": {"dilation": (2, 3)},
    "all": {"stride": (3, 2), "padding": (1, 3), "dilation": (1, 2)},
}


@pytest.mark.parametrize(("images", "rows"), [(1, 1), (1, 3), (2, None)])
@pytest.mark.parametrize("groups", [1, 2])
@pytest.mark.parametrize("options", OPTIONS)
def test_gradients_do_not_depend_on_the_strips(monkeypatch, options, groups, images, rows):
    """Whole numbers, so that no digit may differ from all in one strip. The last strip is a short one."""
    options = {"stride": 1, "padding": 0, "dilation": 1, **OPTIONS[options]}
    rng = np.random.default_rng(0)
    x = rng.integers(-9, 10, (5, groups * 2, 22, 14)).astype(float)
    weight = rng.integers(-9, 10, (groups * 3, 2, 4, 3)).astype(float)
    window = slide("conv2d", x.shape[2:], weight.shape[2:], **options)
    grad_y = rng.integers(-9, 10, (5, groups * 3, *window.out)).astype(float)

    assert window.out[0] % 3  # and 2 does not divide the batch
    rows = rows or window.out[0]
    cache = images * rows * 3 * x.shape[1] * window.out[1] * 8  # kernel width 3, 8 bytes a number
    sizes = []

    def noted_strips(y, *size):
        sizes.append(size)
        return strips(y, *size)

    monkeypatch.setattr(backward, "strips", noted_strips)

    def gradients(cache):
        return (
            backward.weight_gradient(grad_y, x, weight.shape, window, groups, cache),
            backward.input_gradient(grad_y, weight, window, groups, x.shape[2:], cache),
        )

    in_strips = gradients(cache)
    assert sizes == [(images, rows)] * 2
    for grad, expected in zip(in_strips, gradients(2**30), strict=True):
        np.testing.assert_array_equal(grad, expected)
