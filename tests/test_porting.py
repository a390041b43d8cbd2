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

safetensors_numpy = pytest.importorskip("safetensors.numpy")
frameworks = pytest.importorskip("bookkit.frameworks")
pytestmark = pytest.mark.usefixtures("one_thread")
CHAPTER = Path(__file__).resolve().parents[1] / "book" / "15-porting-weights.ipynb"
SETTINGS = settings(SETTINGS, max_examples=60)


def defines(node):
    """Return whether a statement is a function, a class or a constant in capitals."""
    if isinstance(node, ast.Assign):
        return ast.unparse(node.targets[0]).isupper()
    return isinstance(node, ast.FunctionDef | ast.ClassDef)


@pytest.fixture(scope="module")
def ported():
    """The functions, classes and constants that the chapter defines outside of its tabs, by name."""
    namespace = {"np": np, "keras": frameworks.keras, "nn": frameworks.nn}
    namespace |= {"F": frameworks.F, "tf": frameworks.tf, "torch": frameworks.torch}
    frameworks.tf.get_logger().setLevel("ERROR")  # a grouped convolution is compiled again at each call
    for _, cell in notebooks.code_cells(notebooks.read_notebook(CHAPTER)):
        if notebooks.framework(cell) is None:
            tree = ast.parse(cell.source)
            tree.body = [node for node in tree.body if defines(node)]
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


def assert_keras_does(layers, function, weight, bias, options, x):
    """Assert that Keras layers do what a function of torch.nn.functional does with these arrays."""
    function = getattr(frameworks.F, function)
    right = run_torch(lambda x: function(x, to_torch(weight), to_torch(bias), **options), x)
    assert_same(right, run_keras(layers, x))


def fill(draw, layer, *shape):
    """Build a Keras layer for batches of this shape, with random arrays. Return them by name."""
    layer.build((None, *shape))
    layer.set_weights([random(draw, *array.shape) for array in layer.get_weights()])
    return layer_arrays(layer)


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
    layers = ported["keras_conv"](weight, bias, **options)
    assert_keras_does(layers, f"conv{axes}d", weight, bias, options, x)


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
    arrays = fill(draw, layer, *size, ins)
    x = random(draw, 2, ins, *size)
    port = ported["torch_conv"](**arrays, **options)
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
    arrays = fill(draw, layer, *size, ins)
    x = random(draw, 2, ins, *size)
    port = ported["torch_depthwise"](**arrays, strides=stride, padding=padding, dilation_rate=dilation)
    assert_same(run_keras([layer], x), run_torch(port, x))

    weight = ported["depthwise_to_pytorch"](arrays["kernel"])
    assert weight.shape == (ins * many, 1, *kernel)
    assert np.array_equal(ported["depthwise_to_keras"](weight, ins), arrays["kernel"])
    options = {"stride": stride, "padding": each(draw, axes, 0, 2), "dilation": dilation, "groups": ins}
    layers = ported["keras_depthwise"](weight, arrays["bias"], **options)
    assert_keras_does(layers, f"conv{axes}d", weight.copy(), arrays["bias"], options, x)


@settings(SETTINGS)
@given(st.data())
def test_a_pytorch_transposed_convolution_in_keras(ported, data):
    draw = data.draw
    axes, groups = draw(st.sampled_from([1, 2, 2, 3])), draw(st.integers(1, 2))
    ins, outs = groups * draw(st.integers(1, 3)), draw(st.integers(1, 3))
    kernel, stride = each(draw, axes, 1, 4), each(draw, axes, 1, 3)
    options = {"stride": stride, "padding": each(draw, axes, 0, 2), "groups": groups}
    options |= {"dilation": each(draw, axes, 1, 2)}
    # PyTorch takes as much as the dilation allows, Keras as the stride
    most = [max(pair) - 1 for pair in zip(stride, options["dilation"], strict=True)]
    options |= {"output_padding": tuple(draw(st.integers(0, p)) for p in most)}
    weight = random(draw, ins, outs, *kernel)
    bias = draw(st.sampled_from([None, random(draw, outs * groups)]))
    x = random(draw, 2, ins, *each(draw, axes, 6, 8))
    layers = ported["keras_conv_transpose"](weight, bias, **options)
    assert_keras_does(layers, f"conv_transpose{axes}d", weight, bias, options, x)


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
    arrays = fill(draw, layer, *size, ins)
    x = random(draw, 2, ins, *size)
    try:
        right = run_keras([layer], x)
    except frameworks.tf.errors.InvalidArgumentError:
        assume(False)  # TensorFlow refuses some sizes of "same" with output_padding
    port = ported["torch_conv_transpose"](**arrays, **options)
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
    assert (back.weight.requires_grad, back.bias.requires_grad) == (affine, affine)
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


@pytest.mark.parametrize("port", ["torch_conv", "torch_conv_transpose"])
def test_paddings_of_keras(ported, port):
    kernel = np.ones((3, 2, 4), np.float32)
    x = np.ones((1, 4 if port == "torch_conv_transpose" else 2, 9), np.float32)
    lower, upper = (run_torch(ported[port](kernel, padding=word), x) for word in ("same", "SAME"))
    assert lower.shape[2] == 9
    assert np.array_equal(lower, upper)
    with pytest.raises(ValueError, match="no port for padding='causal'"):
        ported[port](kernel, padding="causal")


def test_settings_without_a_port_are_refused(ported):
    with pytest.raises(ValueError, match="no port for dilation_rate=2"):
        ported["torch_conv_transpose"](np.ones((3, 2, 4), np.float32), dilation_rate=2)
    with pytest.raises(ValueError, match="no port for momentum=None"):
        ported["keras_batch_norm"](np.zeros(3), np.ones(3), momentum=None)


def test_a_kernel_in_float64_becomes_float32(ported):
    kernel = np.ones((3, 2, 4))
    assert ported["torch_conv"](kernel).weight.dtype == frameworks.torch.float32
    assert ported["keras_conv"](kernel)[0].kernel.dtype == "float32"


def a_network(nn, inplace=False):
    """Return a network whose forward holds a ReLU, a skip and a flatten of its own."""

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.stem, self.norm = nn.Conv2d(2, 3, 3, padding=1), nn.BatchNorm2d(3)
            self.relu = nn.ReLU(inplace)
            self.down, self.head = nn.Conv2d(3, 3, 1), nn.Linear(3 * 5 * 4, 6)

        def forward(self, x):
            x = self.relu(self.norm(self.stem(x)))
            x = x + self.down(x)
            return self.head(frameworks.F.relu(x).flatten(1))

    net = Net().eval()
    for seed, values in enumerate(net.parameters()):
        values.data = frameworks.torch.tensor(
            np.random.default_rng(seed).standard_normal(values.shape), dtype=frameworks.torch.float32
        )
    return net


def test_the_table_sees_what_forward_does_between_the_layers(ported):
    net = a_network(frameworks.nn)
    x = np.random.default_rng(9).standard_normal((7, 2, 5, 4)).astype(np.float32)
    arrays = {name: values.numpy() for name, values in net.state_dict().items()}
    layers = frameworks.keras.layers

    def keras_net(relu, skip):
        held = {}
        for name, array in arrays.items():
            layer, _, name = name.partition(".")
            held.setdefault(layer, {})[name] = array
        del held["norm"]["num_batches_tracked"]
        image = frameworks.keras.Input((5, 4, 2))
        y = image
        for layer in ported["keras_conv"](**held["stem"], padding=1, name="stem"):
            y = layer(y)
        y = ported["keras_batch_norm"](**held["norm"], name="norm")(y)
        y = layers.ReLU(name="relu")(y)
        (down,) = ported["keras_conv"](**held["down"], name="down")
        y = layers.Add()([y, down(y)]) if skip else down(y)
        y = layers.Flatten()(layers.ReLU()(y) if relu else y)
        y = ported["keras_linear"](**held["head"], channels=3, name="head")(y)
        return frameworks.keras.Model(image, y)

    right = ported["outputs_pt"](net, x)
    assert list(right) == ["stem", "norm", "relu", "down", "head", "network"]
    for relu, skip in [(True, True), (True, False), (False, True), (False, False)]:
        port = ported["outputs_tf"](ported["compiled"](keras_net(relu, skip)), x)
        found = {name: ported["status"](right[name], port[name]) for name in right}
        assert [found[name] for name in ("stem", "norm", "relu", "down")] == ["OK"] * 4
        assert (found["head"] == "OK") == (found["network"] == "OK") == (relu and skip)


def test_an_in_place_relu_leaves_the_recorded_outputs(ported):
    x = np.random.default_rng(9).standard_normal((7, 2, 5, 4)).astype(np.float32)
    before = x.copy()
    right, other = (ported["outputs_pt"](a_network(frameworks.nn, inplace), x) for inplace in (False, True))
    assert all(np.array_equal(right[name], other[name]) for name in right)
    first = frameworks.nn.Sequential(frameworks.nn.ReLU(inplace=True))
    assert ported["outputs_pt"](first, x)["0"].min() == 0
    assert np.array_equal(x, before)


@pytest.mark.parametrize("shape", [(3, 8, 4), (3, 8, 7, 4), (3, 8, 7, 6, 4), (3, 4)])
def test_outputs_of_any_number_of_axes(ported, shape):
    keras = frameworks.keras
    net = keras.Sequential([keras.Input(shape[1:]), keras.layers.ReLU(name="relu")])
    x = np.random.default_rng(0).standard_normal(shape).astype(np.float32)
    y = ported["outputs_tf"](ported["compiled"](net), first(x) if len(shape) > 2 else x)
    right = np.maximum(first(x) if len(shape) > 2 else x, 0)
    assert np.array_equal(y["relu"], right)
    assert np.array_equal(y["network"], right)


@pytest.mark.parametrize("scale", [1e-9, 1, 1e9])
def test_the_status_is_relative_to_the_largest_value(ported, scale):
    right = np.array([1.0, -3.0]) * scale
    assert ported["status"](right, right * (1 + 1e-6)) == "OK"
    assert ported["status"](right, right * 1.01) == "DIFFERS by 0.010"
    assert ported["status"](right, right * np.nan).startswith("DIFFERS")
    assert ported["status"](right, None) == "MISSING"
    assert ported["status"](right, right[:1]) == "SHAPE (1,)"


@pytest.mark.parametrize("axes", [1, 2])
def test_depthwise_kernels_on_the_way_back(ported, axes):
    weight = np.random.default_rng(0).standard_normal((8, 1, *(3, 2)[:axes])).astype(np.float32)
    (layer,) = ported["keras_depthwise"](weight, groups=4, name="deep")
    net = frameworks.keras.Sequential([layer, frameworks.keras.layers.Dropout(0.5)])
    arrays = ported["arrays_of"](net, {})
    assert list(arrays) == ["deep.weight"]
    assert np.array_equal(arrays["deep.weight"], weight)


def test_layers_without_a_way_back_are_refused(ported):
    keras = frameworks.keras
    nested = keras.Sequential([keras.Input((4,)), keras.Sequential([keras.layers.Dense(3)], name="inner")])
    with pytest.raises(ValueError, match="port the nested inner by itself"):
        ported["arrays_of"](nested, {})
    for layer in (
        keras.layers.SeparableConv2D(3, 2, name="layer"),
        keras.layers.SimpleRNN(3, name="layer"),
        keras.layers.Embedding(9, 3, name="layer"),
    ):
        layer.build((None, 8, 8, 2) if isinstance(layer, keras.layers.SeparableConv2D) else (None, 8, 2))
        with pytest.raises(ValueError, match="no port for .* layer"):
            ported["arrays_of"](keras.Sequential([layer]), {})


def test_safetensors_writes_the_memory_of_numpy_arrays():
    """Chapter 15 says so, of 0.8.0 (https://github.com/safetensors/safetensors/issues/825)."""
    cube = np.arange(48.0).reshape(4, 3, 4)[:2]  # what is read past its end is still an array's
    for array in (cube.transpose(2, 0, 1), np.asfortranarray(cube), cube[:, :, ::2], cube[::-1]):
        loaded = safetensors_numpy.load(safetensors_numpy.save({"kernel": array}))["kernel"]
        assert loaded.shape == array.shape
        assert not np.array_equal(loaded, array)
