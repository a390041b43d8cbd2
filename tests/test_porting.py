"""The port functions of chapter 15, read from the notebook and tried on random layers in both directions."""

import ast
import warnings
from pathlib import Path

import numpy as np
import pytest
from fromscratch_cases import SETTINGS, one_thread  # noqa: F401
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import notebooks

pytest.importorskip("safetensors")
frameworks = pytest.importorskip("bookkit.frameworks")
pytestmark = pytest.mark.usefixtures("one_thread")
CHAPTER = Path(__file__).resolve().parents[1] / "book" / "15-porting-weights.ipynb"
SETTINGS = settings(SETTINGS, max_examples=60)


@pytest.fixture(scope="module")
def ported():
    """The functions and classes that the chapter defines outside of its tabs: {name: function}."""
    namespace = {"np": np, "keras": frameworks.keras, "nn": frameworks.nn}
    namespace |= {"F": frameworks.F, "tf": frameworks.tf, "torch": frameworks.torch}
    frameworks.tf.get_logger().setLevel("ERROR")  # a grouped convolution is compiled again at each call
    for _, cell in notebooks.code_cells(notebooks.read_notebook(CHAPTER)):
        if notebooks.framework(cell) is None:
            tree = ast.parse(cell.source)
            tree.body = [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
            exec(compile(tree, CHAPTER.name, "exec"), namespace)
    return namespace


def random(draw, *shape):
    """Return random numbers of a shape."""
    seed = draw(st.integers(0, 2**20))
    return np.random.default_rng(seed).standard_normal(shape).astype(np.float32)


def last(x):
    """Return an array with the channels at the end."""
    return np.moveaxis(x, 1, -1)


def first(x):
    """Return an array with the channels after the batch."""
    return np.moveaxis(x, -1, 1)


def each(draw, axes, low, high):
    """Draw a setting for each axis."""
    return tuple(draw(st.integers(low, high)) for _ in range(axes))


def run_torch(layer, x):
    """Return what a PyTorch layer or function makes of an array."""
    torch = frameworks.torch
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # 'same' with an even kernel: torch warns that it copies
        return layer(torch.from_numpy(x.copy())).numpy()


def run_keras(layers, x):
    """Return what Keras layers make of an array, channels first in and out."""
    x = last(x)
    for layer in layers:
        x = layer(x)
    return first(np.asarray(x))


def assert_same(right, ported):
    assert right.shape == ported.shape
    assert abs(right - ported).max() <= 1e-5 * max(1, abs(right).max())


def to_torch(array):
    return None if array is None else frameworks.torch.from_numpy(array)


def layer_arrays(layer):
    """Return {name: array} of a Keras layer."""
    return {variable.name: variable.numpy() for variable in layer.weights}


@settings(SETTINGS)
@given(st.data())
def test_a_pytorch_convolution_in_keras(ported, data):
    draw = data.draw
    axes, groups = draw(st.sampled_from([1, 2, 2, 3])), draw(st.integers(1, 3))
    ins, outs = groups * draw(st.integers(1, 3)), groups * draw(st.integers(1, 3))
    kernel, dilation = each(draw, axes, 1, 4), each(draw, axes, 1, 3)
    stride, size = each(draw, axes, 1, 3), each(draw, axes, 11, 14)
    padding = draw(st.sampled_from([each(draw, axes, 0, 2), 1, "valid", "same"]))
    if padding == "same":
        stride = (1,) * axes  # PyTorch takes no other
    weight = random(draw, outs, ins // groups, *kernel)
    bias = draw(st.sampled_from([None, random(draw, outs)]))
    options = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
    x = random(draw, 2, ins, *size)
    conv = getattr(frameworks.F, f"conv{axes}d")
    right = run_torch(lambda x: conv(x, to_torch(weight), to_torch(bias), **options), x)
    assert_same(right, run_keras(ported["keras_conv"](weight, bias, **options), x))


@settings(SETTINGS)
@given(st.data())
def test_a_keras_convolution_in_pytorch(ported, data):
    draw = data.draw
    axes, groups = draw(st.sampled_from([1, 2, 2, 3])), draw(st.integers(1, 3))
    ins, outs = groups * draw(st.integers(1, 3)), groups * draw(st.integers(1, 3))
    kernel, size = each(draw, axes, 1, 4), each(draw, axes, 11, 14)
    strides, dilation, one = each(draw, axes, 1, 3), each(draw, axes, 1, 3), (1,) * axes
    strides, dilation = draw(st.sampled_from([(strides, one), (one, dilation)]))  # Keras refuses both
    # TensorFlow's own 3-D convolution moves the pixels where the kernel is smaller than the stride
    assume(axes < 3 or all(k >= s for k, s in zip(kernel, strides, strict=True)))
    options = {"strides": strides, "padding": draw(st.sampled_from(["valid", "same"]))}
    options |= {"dilation_rate": dilation, "groups": groups}
    keras_conv = getattr(frameworks.keras.layers, f"Conv{axes}D")
    layer = keras_conv(outs, kernel, use_bias=draw(st.booleans()), **options)
    layer.build((None, *size, ins))
    layer.set_weights([random(draw, *array.shape) for array in layer.get_weights()])
    x = random(draw, 2, ins, *size)
    port = ported["torch_conv"](**layer_arrays(layer), **options)
    assert_same(run_keras([layer], x), run_torch(port, x))


@settings(SETTINGS)
@given(st.data())
def test_a_depthwise_convolution_both_ways(ported, data):
    draw = data.draw
    axes, ins, many = draw(st.integers(1, 2)), draw(st.integers(1, 4)), draw(st.integers(1, 3))
    kernel, size = each(draw, axes, 1, 4), each(draw, axes, 11, 14)
    stride, dilation = (draw(st.integers(1, 3)),) * axes, each(draw, axes, 1, 3)
    padding = draw(st.sampled_from(["valid", "same"]))
    layer = getattr(frameworks.keras.layers, f"DepthwiseConv{axes}D")(
        kernel, strides=stride, padding=padding, dilation_rate=dilation, depth_multiplier=many
    )
    layer.build((None, *size, ins))
    layer.set_weights([random(draw, *array.shape) for array in layer.get_weights()])
    x = random(draw, 2, ins, *size)
    arrays = layer_arrays(layer)
    port = ported["torch_depthwise"](**arrays, strides=stride, padding=padding, dilation_rate=dilation)
    assert_same(run_keras([layer], x), run_torch(port, x))

    weight = ported["depthwise_to_pytorch"](arrays["kernel"])
    assert weight.shape == (ins * many, 1, *kernel)
    assert np.array_equal(ported["depthwise_to_keras"](weight, ins), arrays["kernel"])
    options = {"stride": stride, "padding": each(draw, axes, 0, 2), "dilation": dilation, "groups": ins}
    conv = getattr(frameworks.F, f"conv{axes}d")
    right = run_torch(lambda x: conv(x, to_torch(weight.copy()), to_torch(arrays["bias"]), **options), x)
    assert_same(right, run_keras(ported["keras_depthwise"](weight, arrays["bias"], **options), x))


@settings(SETTINGS)
@given(st.data())
def test_a_pytorch_transposed_convolution_in_keras(ported, data):
    draw = data.draw
    axes, groups = draw(st.sampled_from([1, 2, 2, 3])), draw(st.integers(1, 2))
    ins, outs = groups * draw(st.integers(1, 3)), draw(st.integers(1, 3))
    kernel, stride = each(draw, axes, 1, 4), each(draw, axes, 1, 3)
    options = {"stride": stride, "padding": each(draw, axes, 0, 2), "groups": groups}
    options |= {"dilation": each(draw, axes, 1, 2)}
    options |= {"output_padding": tuple(draw(st.integers(0, s - 1)) for s in stride)}
    weight = random(draw, ins, outs, *kernel)
    bias = draw(st.sampled_from([None, random(draw, outs * groups)]))
    x = random(draw, 2, ins, *each(draw, axes, 6, 8))
    conv = getattr(frameworks.F, f"conv_transpose{axes}d")
    right = run_torch(lambda x: conv(x, to_torch(weight), to_torch(bias), **options), x)
    assert_same(right, run_keras(ported["keras_conv_transpose"](weight, bias, **options), x))


@settings(SETTINGS)
@given(st.data())
def test_a_keras_transposed_convolution_in_pytorch(ported, data):
    draw = data.draw
    axes, ins, outs = draw(st.sampled_from([1, 2, 2, 3])), draw(st.integers(1, 3)), draw(st.integers(1, 3))
    kernel, strides = each(draw, axes, 1, 4), each(draw, axes, 1, 4)
    output_padding = draw(st.sampled_from([None, tuple(draw(st.integers(0, s - 1)) for s in strides)]))
    options = {"strides": strides, "padding": draw(st.sampled_from(["valid", "same"]))}
    options |= {"output_padding": output_padding}
    layer = getattr(frameworks.keras.layers, f"Conv{axes}DTranspose")(
        outs, kernel, use_bias=draw(st.booleans()), **options
    )
    size = each(draw, axes, 3, 6)
    layer.build((None, *size, ins))
    layer.set_weights([random(draw, *array.shape) for array in layer.get_weights()])
    x = random(draw, 2, ins, *size)
    try:
        right = run_keras([layer], x)
    except frameworks.tf.errors.InvalidArgumentError:
        assume(False)  # TensorFlow refuses some sizes of "same" with output_padding
    port = ported["torch_conv_transpose"](**layer_arrays(layer), **options)
    assert_same(right, run_torch(port, x))


@settings(SETTINGS)
@given(st.data())
def test_a_linear_layer_after_a_flatten(ported, data):
    draw = data.draw
    axes, outs, channels = draw(st.integers(1, 3)), draw(st.integers(1, 5)), draw(st.integers(1, 5))
    size = each(draw, axes, 1, 5)
    x = random(draw, 3, channels, *size)
    weight, bias = random(draw, outs, channels * int(np.prod(size))), random(draw, outs)
    right = x.reshape(3, -1) @ weight.T + bias
    dense = ported["keras_linear"](weight, bias, channels)
    assert_same(right, np.asarray(dense(last(x).reshape(3, -1))))
    kernel = dense.kernel.numpy()
    assert np.array_equal(ported["linear_to_pytorch"](kernel, channels), weight)
    port = ported["torch_linear"](kernel, bias, channels)
    assert_same(right, run_torch(port, x.reshape(3, -1)))


@settings(SETTINGS)
@given(st.data())
def test_batch_normalization_both_ways(ported, data):
    draw = data.draw
    axes, channels = draw(st.integers(0, 3)), draw(st.integers(1, 5))
    eps, momentum = draw(st.sampled_from([1e-5, 1e-3, 0.1])), draw(st.sampled_from([0.1, 0.25, 1.0]))
    x = random(draw, 3, channels, *each(draw, axes, 1, 4))
    affine = draw(st.booleans())
    layer = getattr(frameworks.nn, f"BatchNorm{max(axes, 1)}d")(channels, eps, momentum, affine)
    arrays = {"running_mean": random(draw, channels), "running_var": abs(random(draw, channels))}
    if affine:
        arrays |= {"weight": random(draw, channels), "bias": random(draw, channels)}
    ported["filled"](layer, **arrays)
    right = run_torch(layer, x)
    norm = ported["keras_batch_norm"](**arrays, eps=eps, momentum=momentum, axes=axes)
    assert_same(right, run_keras([norm], x))
    assert norm.momentum == 1 - momentum
    back = ported["torch_batch_norm"](**layer_arrays(norm), epsilon=eps, momentum=norm.momentum, axes=axes)
    assert_same(right, run_torch(back, x))
    assert back.momentum == pytest.approx(momentum)


@settings(SETTINGS)
@given(st.integers(1, 17), st.integers(1, 5), st.integers(1, 4), st.integers(1, 3), st.integers(0, 9))
def test_same_padding_is_tensorflows(ported, size, kernel, stride, dilation, seed):
    assume(stride == 1 or dilation == 1)
    x = np.random.default_rng(seed).standard_normal((1, 1, size)).astype(np.float32)
    weight = np.random.default_rng(seed + 1).standard_normal((kernel, 1, 1)).astype(np.float32)
    right = frameworks.tf.nn.conv1d(last(x), weight, stride, "SAME", dilations=dilation)
    port = ported["torch_conv"](weight, None, stride, "same", dilation)
    assert_same(first(right.numpy()), run_torch(port, x))


def test_a_padding_without_a_port_is_refused(ported):
    with pytest.raises(ValueError, match="no port for padding='causal'"):
        ported["torch_conv"](np.zeros((3, 2, 4), np.float32), padding="causal")
