"""Every backward function held to finite differences of its forward function, in float64, by NumPy alone."""

import numpy as np
import pytest
from fromscratch_cases import (
    SETTINGS,
    conv_arguments,
    numbers,
    one_thread,  # noqa: F401
    pool_arguments,
    transposed_arguments,
)
from hypothesis import given, settings
from hypothesis import strategies as st

import fromscratch
from fromscratch import (
    ShapeMismatchError,
    batch_norm,
    batch_norm_backward,
    conv2d,
    conv2d_backward,
    softmax_cross_entropy,
    softmax_cross_entropy_backward,
)

pytestmark = pytest.mark.usefixtures("one_thread")
STEP = 1e-5  # central differences: error STEP**2 from the curve, 1e-16 / STEP from rounding


def slope(function, operands, which, grad_y, direction):
    """The change of sum(function(...) * grad_y) as operand number `which` moves in a direction, per step."""
    values = []
    for sign in (1, -1):
        moved = list(operands)
        moved[which] = operands[which] + sign * STEP * direction
        values.append(np.sum(function(*moved) * grad_y))
    return (values[0] - values[1]) / (2 * STEP)


def assert_gradients(function, operands, grads, grad_y):
    """Each gradient, times a few directions, is the slope in that direction."""
    assert len(grads) == len(operands)
    for which, (operand, grad) in enumerate(zip(operands, grads, strict=True)):
        assert grad.shape == operand.shape and grad.dtype == operand.dtype
        for seed in range(2):
            direction = numbers(operand.shape, seed=100 + seed)
            expected = slope(function, operands, which, grad_y, direction)
            scale = np.sum(abs(grad * direction)) + 1
            assert abs(np.sum(grad * direction) - expected) <= 1e-7 * scale, f"operand {which}"


def check_layer(name, operands, **options):
    """Compare NAME_backward with finite differences of NAME."""
    forward, backward = getattr(fromscratch, name), getattr(fromscratch, name + "_backward")
    y = forward(*operands, **options)
    grad_y = numbers(y.shape, seed=9)
    grads = backward(grad_y, *operands[:2], **options)
    grads = grads if isinstance(grads, tuple) else (grads,)
    assert_gradients(lambda *moved: forward(*moved, **options), operands, grads, grad_y)


ALL_PADDING = ("valid", "same", "same_tensorflow")


@settings(SETTINGS, max_examples=250)
@given(conv_arguments(dtypes=(np.float64,), padding_names=ALL_PADDING))
def test_conv2d(arguments):
    x, weight, bias, options = arguments
    bias = numbers(len(weight)) if bias is None else bias
    check_layer("conv2d", (x, weight, bias), **options)


@pytest.mark.parametrize("shape", [(2, 3, 7, 6), (3, 7, 6)])
@pytest.mark.parametrize("options", [{}, {"stride": (2, 1), "padding": (1, 2), "dilation": (1, 2)}])
def test_depthwise_conv2d(shape, options):
    operands = numbers(shape, seed=1), numbers((6, 1, 3, 2), seed=2), numbers(6, seed=3)
    check_layer("depthwise_conv2d", operands, **options)


@settings(SETTINGS, max_examples=150)
@given(transposed_arguments(dtypes=(np.float64,)))
def test_conv_transpose2d(arguments):
    x, weight, bias, options = arguments
    bias = numbers(weight.shape[1] * options["groups"]) if bias is None else bias
    check_layer("conv_transpose2d", (x, weight, bias), **options)


@settings(SETTINGS, max_examples=150)
@given(pool_arguments(names=("valid", "same_tensorflow")), st.booleans(), st.booleans())
def test_pooling(arguments, average, count):
    x, options = arguments
    if average:
        options.pop("dilation", None)
        count = count and options.get("padding") != "same_tensorflow"
        check_layer("avg_pool2d", (x,), **options, count_include_pad=count)
    else:
        # Distinct numbers, a tenth apart: where two are closer than a step, the largest has no slope.
        check_layer("max_pool2d", (np.argsort(x, axis=None).reshape(x.shape) / 10,), **options)


@pytest.mark.parametrize("shape", [(3, 4), (2, 3, 4), (4,), (0, 4)])
def test_linear(shape):
    check_layer("linear", (numbers(shape, seed=1), numbers((5, 4), seed=2), numbers(5, seed=3)))


@pytest.mark.parametrize("shape", [(2, 3, 4, 5), (3, 4, 5), (0, 3, 4, 5)])
def test_layers_without_parameters(shape):
    x = numbers(shape, seed=1)
    check_layer("global_avg_pool2d", (x,))
    check_layer("flatten", (x,))
    x[abs(x) < 0.01] = 0.01  # ReLU has no slope at zero
    check_layer("relu", (x,))


@pytest.mark.parametrize("shape", [(4, 3), (2, 3, 5), (3, 3, 4, 2)])
def test_batch_norm(shape):
    x, weight, bias = numbers(shape, seed=1), numbers(3, seed=2), numbers(3, seed=3)
    grad_y = numbers(shape, seed=4)

    def forward(x, weight, bias):
        return batch_norm(x, np.zeros(3), np.ones(3), weight, bias, training=True, eps=0.1)

    assert_gradients(forward, (x, weight, bias), batch_norm_backward(grad_y, x, weight, eps=0.1), grad_y)


def test_softmax_cross_entropy():
    scores, labels = numbers((5, 4), seed=1), np.array([0, 3, 3, 1, 2])
    grad = softmax_cross_entropy_backward(scores, labels)
    assert_gradients(lambda s: softmax_cross_entropy(s, labels), (scores,), (grad,), 1.0)


def test_softmax_does_not_overflow():
    scores = np.array([[1000.0, 0.0], [-1000.0, 0.0]])
    np.testing.assert_array_equal(fromscratch.softmax(scores), [[1, 0], [0, 1]])
    assert softmax_cross_entropy(scores, np.array([1, 0])) == 1000
    assert np.isfinite(softmax_cross_entropy_backward(scores, np.array([1, 0]))).all()


def test_the_first_of_equal_numbers_wins():
    x = np.ones((1, 1, 3, 3))
    grad = fromscratch.max_pool2d_backward(np.array([[[[1.0, 2], [4, 8]]]]), x, 2, 1)
    np.testing.assert_array_equal(grad[0, 0], [[1, 2, 0], [4, 8, 0], [0, 0, 0]])


def test_relu_has_no_slope_at_zero():
    grad = fromscratch.relu_backward(np.ones(3), np.array([-1.0, 0.0, 1.0]))
    np.testing.assert_array_equal(grad, [0, 0, 1])


def test_a_network_from_end_to_end():
    """Convolution, ReLU, pooling, flatten, linear and loss in a row: the chain rule through all of them."""
    x, weight, matrix = numbers((3, 2, 6, 6), seed=1), numbers((4, 2, 3, 3), seed=2), numbers((5, 16), seed=3)
    labels = np.array([0, 4, 2])

    def forward(x, weight, matrix):
        hidden = conv2d(x, weight, stride=1)
        pooled = fromscratch.avg_pool2d(fromscratch.relu(hidden), 2)
        return softmax_cross_entropy(fromscratch.linear(fromscratch.flatten(pooled), matrix), labels)

    hidden = conv2d(x, weight)
    active = fromscratch.relu(hidden)
    pooled = fromscratch.avg_pool2d(active, 2)
    flat = fromscratch.flatten(pooled)
    grad = softmax_cross_entropy_backward(fromscratch.linear(flat, matrix), labels)
    grad, grad_matrix, _ = fromscratch.linear_backward(grad, flat, matrix)
    grad = fromscratch.avg_pool2d_backward(fromscratch.flatten_backward(grad, pooled), active, 2)
    grad_x, grad_weight, _ = conv2d_backward(fromscratch.relu_backward(grad, hidden), x, weight)
    assert_gradients(forward, (x, weight, matrix), (grad_x, grad_weight, grad_matrix), 1.0)


@pytest.mark.parametrize("name", [name for name in fromscratch.__all__ if name.endswith("_backward")])
def test_backward_functions_refuse_a_gradient_of_another_shape(name):
    operands = {
        "conv2d": (numbers((1, 2, 5, 5)), numbers((3, 2, 3, 3))),
        "conv_transpose2d": (numbers((1, 2, 5, 5)), numbers((2, 3, 3, 3))),
        "depthwise_conv2d": (numbers((1, 2, 5, 5)), numbers((2, 1, 3, 3))),
        "linear": (numbers((4, 3)), numbers((2, 3))),
        "max_pool2d": (numbers((1, 2, 5, 5)), 2),
        "avg_pool2d": (numbers((1, 2, 5, 5)), 2),
        "batch_norm": (numbers((4, 3)), numbers(3)),
        "softmax_cross_entropy": None,
    }.get(name.removesuffix("_backward"), (numbers((2, 3, 4, 5)),))
    if operands is None:  # its output is one number, so it takes no grad_y
        return
    with pytest.raises(ShapeMismatchError, match=r"grad_y does not have the shape of the output"):
        getattr(fromscratch, name)(numbers((1, 1)), *operands)
    if isinstance(operands[-1], np.ndarray):
        with pytest.raises(TypeError, match="float32"):
            getattr(fromscratch, name)(*(np.zeros(op.shape, np.int64) for op in (numbers((1, 1)), *operands)))
