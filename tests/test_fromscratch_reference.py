"""fromscratch held to stored values of PyTorch and TensorFlow: no framework needed, a matter of seconds."""

import json
from pathlib import Path

import numpy as np
import pytest
from fromscratch_cases import WAYS, conv2d_by

import fromscratch
from fromscratch import (
    SGD,
    Adam,
    batch_norm,
    batch_norm_backward,
    softmax_cross_entropy,
    softmax_cross_entropy_backward,
)
from fromscratch.checks.shapes import check_conv2d
from fromscratch.conv.backward import input_gradient, weight_gradient

STORED = json.loads((Path(__file__).parent / "data" / "fromscratch_reference.json").read_text())["cases"]
LAYERS = {
    "avg_pool2d",
    "conv2d",
    "conv_transpose2d",
    "depthwise_conv2d",
    "flatten",
    "global_avg_pool2d",
    "linear",
    "max_pool2d",
    "relu",
}


def close(a, b, dtype):
    """a is what was computed, b what was stored; sums of a few dozen numbers around 10."""
    b = np.asarray(b)
    assert a.shape == b.shape
    assert a.dtype == dtype
    np.testing.assert_allclose(a, b, rtol=0, atol=1e3 * np.finfo(dtype).eps)


def case(name, dtype):
    stored = STORED[name]
    operands = [np.array(operand, dtype) for operand in stored["operands"]]
    options = {k: tuple(v) if isinstance(v, list) else v for k, v in stored["options"].items()}
    return stored, operands, np.array(stored["grad_y"], dtype), options


def names(*functions):
    found = [name for name, stored in STORED.items() if stored["function"] in functions]
    assert {STORED[name]["function"] for name in found} == set(functions)
    return found


both = pytest.mark.parametrize("dtype", [np.float64, np.float32])


def test_every_public_function_with_a_backward_pass_has_a_case():
    having = {name for name in fromscratch.__all__ if f"{name}_backward" in fromscratch.__all__}
    assert having - {stored["function"] for stored in STORED.values()} == set()


@both
@pytest.mark.parametrize("name", names(*LAYERS))
def test_layers(name, dtype):
    stored, operands, grad_y, options = case(name, dtype)
    close(getattr(fromscratch, stored["function"])(*operands, **options), stored["output"], dtype)
    bias_free = operands[:2]
    grads = getattr(fromscratch, stored["function"] + "_backward")(grad_y, *bias_free, **options)
    grads = grads if isinstance(grads, tuple) else (grads,)
    assert len(grads) == len(stored["gradients"])
    for grad, expected in zip(grads, stored["gradients"], strict=True):
        close(grad, expected, dtype)


@both
@pytest.mark.parametrize("name", names("conv2d"))
@pytest.mark.parametrize("way", WAYS)
def test_every_way_of_conv2d(way, name, dtype):
    stored, operands, _, options = case(name, dtype)
    y = conv2d_by(way, *operands, **options)
    if y is not None:
        close(y, stored["output"], dtype)


@both
@pytest.mark.parametrize("name", names("conv2d", "conv_transpose2d"))
@pytest.mark.parametrize("cache", [1, 500])
def test_gradients_in_strips(cache, name, dtype):
    """Strips of one row of one image, and of several; all of these inputs fit in a real cache at once."""
    stored, (x, weight, bias), grad_y, options = case(name, dtype)
    x, grad_y = (a if a.ndim == 4 else a[None] for a in (x, grad_y))
    expected_x, expected_weight = np.array(stored["gradients"][0]), stored["gradients"][1]
    if stored["function"] == "conv_transpose2d":  # conv2d the other way: the output is its gradient by x
        x, grad_y, expected_x = grad_y, x, np.array(stored["output"]) - bias[:, None, None]
    options = {"stride": 1, "padding": 0, "dilation": 1, "groups": 1, **options}
    options.pop("output_padding", None)
    window, groups = check_conv2d("conv2d", x, weight, None, **options)
    close(weight_gradient(grad_y, x, weight.shape, window, groups, cache), expected_weight, dtype)
    grad_x = input_gradient(grad_y, weight, window, groups, x.shape[2:], cache)
    close(grad_x.reshape(expected_x.shape), expected_x, dtype)


@both
@pytest.mark.parametrize("name", names("batch_norm"))
def test_batch_normalisation(name, dtype):
    stored, (x, weight, bias), grad_y, options = case(name, dtype)
    mean, var = np.zeros(2, dtype), np.ones(2, dtype)
    close(batch_norm(x, mean, var, weight, bias, training=True, **options), stored["output"], dtype)
    close(mean, stored["running_mean"], dtype)
    close(var, stored["running_var"], dtype)
    close(batch_norm(x, mean, var, weight, bias, eps=options["eps"]), stored["eval"], dtype)
    grads = batch_norm_backward(grad_y, x, weight, options["eps"])
    for grad, expected in zip(grads, stored["gradients"], strict=True):
        close(grad, expected, dtype)


@both
@pytest.mark.parametrize("name", names("softmax_cross_entropy"))
def test_cross_entropy(name, dtype):
    stored, (scores,), _, _ = case(name, dtype)
    labels = np.array(stored["labels"])
    close(softmax_cross_entropy(scores, labels), stored["output"], dtype)
    close(softmax_cross_entropy_backward(scores, labels), stored["gradients"][0], dtype)


@both
@pytest.mark.parametrize("name", names("SGD", "Adam"))
def test_optimisers(name, dtype):
    stored, (parameter,), _, options = case(name, dtype)
    optimiser = {"SGD": SGD, "Adam": Adam}[stored["function"]](**options)
    for step, expected in enumerate(stored["output"]):
        count = np.arange(parameter.size)  # the formula of tools/make_reference_values.py
        gradient = (((count + 11 * step + 3) * 31 % 49) - 24).reshape(parameter.shape) / 8
        optimiser.step({"p": parameter}, {"p": gradient.astype(dtype)})
        close(parameter, expected, dtype)
