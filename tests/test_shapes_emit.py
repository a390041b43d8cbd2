"""Code that shapes writes is run in both frameworks: the same shapes and parameters as the trace says, and
read again to the same trace.
"""

from __future__ import annotations

import importlib
import math
import random
import warnings

import pytest

from shapes import read, trace
from shapes.emit import program

torch = pytest.importorskip("torch", reason="no PyTorch: no code of its to run")
CHAINS = 25
SEED = 7


# What a chain is made of: {c} are the channels that come, {o} those that a layer makes.
TORCH_LAYERS = (
    "nn.Conv2d({c}, {o}, 3, padding=1)",
    "nn.Conv2d({c}, {o}, (3, 1), stride=2, padding=(1, 2), bias=False)",
    "nn.Conv2d({c}, {o}, 2, stride=(1, 2))",
    "nn.Conv2d({c}, {o}, 3, padding='same', dilation=2)",
    "nn.Conv2d({c}, {c}, 3, padding=2, groups={c})",
    "nn.ConvTranspose2d({c}, {o}, 3, stride=2, padding=1)",
    "nn.ConvTranspose2d({c}, {o}, 2, stride=2, bias=False)",
    "nn.MaxPool2d(2)",
    "nn.MaxPool2d(3, 1, 1)",
    "nn.AvgPool2d(2, ceil_mode=True)",
    "nn.AvgPool2d((1, 2))",
    "nn.BatchNorm2d({c})",
    "nn.GroupNorm(1, {c})",
    "nn.InstanceNorm2d({c}, affine=True)",
    "nn.ReLU(inplace=True)",
    "nn.GELU()",
    "nn.LeakyReLU(0.1)",
    "nn.PReLU()",
    "nn.PReLU({c})",
    "nn.Upsample(scale_factor=2)",
    "nn.UpsamplingNearest2d(scale_factor=2)",
    "nn.Upsample(scale_factor=2, mode='bilinear')",
    "nn.ZeroPad2d((0, 1, 2, 0))",
    "nn.ZeroPad2d((-1, 0, 0, -1))",
    "nn.Dropout(0.2)",
    "nn.Dropout2d()",
)
TORCH_ENDS = (
    ["nn.AdaptiveAvgPool2d(1)", "nn.Flatten()", "nn.Linear({c}, 4)"],
    ["nn.AdaptiveMaxPool2d((2, 3))", "nn.Flatten(1)", "nn.Linear(50, 6, bias=False)", "nn.Tanh()"],
    [],
)
KERAS_LAYERS = (
    "layers.Conv2D({o}, 3, activation='relu', padding='same')",
    "layers.Conv2D({o}, (3, 1), strides=2, padding='same')",
    "layers.Conv2D({o}, 2, strides=(1, 2), use_bias=False)",
    "layers.Conv2D({o}, 3, dilation_rate=2)",
    "layers.DepthwiseConv2D(3, padding='same')",
    "layers.SeparableConv2D({o}, 3, depth_multiplier=2)",
    "layers.Conv2DTranspose({o}, 3, strides=2, padding='same')",
    "layers.Conv2DTranspose({o}, 2, strides=3)",
    "layers.MaxPooling2D(2)",
    "layers.MaxPooling2D(3, 2, padding='same')",
    "layers.AveragePooling2D(2)",
    "layers.BatchNormalization()",
    "layers.GroupNormalization(1)",
    "layers.GroupNormalization(-1)",
    "layers.ReLU()",
    "layers.Activation('gelu')",
    "layers.LeakyReLU()",
    "layers.PReLU(shared_axes=[1, 2])",
    "layers.UpSampling2D()",
    "layers.ZeroPadding2D(((0, 1), (2, 0)))",
    "layers.Cropping2D(((0, 1), (1, 0)))",
    "layers.SpatialDropout2D(0.2)",
)
KERAS_ENDS = (
    ["layers.GlobalAveragePooling2D()", "layers.Dense(4, activation='softmax')"],
    ["layers.Flatten()", "layers.Dense(6)"],
    ["layers.GlobalMaxPooling2D(keepdims=True)"],
    [],
)


def torch_chain(rng):
    """Return a random Sequential of PyTorch as code, and the input's shape. Some layers do not fit."""
    channels, side, calls = rng.randint(1, 5), rng.randint(14, 30), []
    shape = (rng.randint(2, 3), channels, side, side + rng.randint(1, 9))
    for text in rng.choices(TORCH_LAYERS, k=rng.randint(2, 6)):
        outs = rng.randint(2, 9)
        calls.append(text.format(c=channels + (rng.random() < 0.06), o=outs))
        channels = outs if "{o}" in text else channels
    calls += [text.format(c=channels) for text in rng.choice(TORCH_ENDS)]
    return "nn.Sequential(\n" + "".join(f"    {call},\n" for call in calls) + ")", shape


def keras_chain(rng):
    """Return a random Sequential of Keras as code, and the input's shape."""
    side = rng.randint(14, 30)
    shape = (None, side, side + rng.randint(1, 9), rng.randint(1, 5))
    chosen = [*rng.choices(KERAS_LAYERS, k=rng.randint(2, 6)), *rng.choice(KERAS_ENDS)]
    calls = [f"keras.Input({shape[1:]})", *[text.format(o=rng.randint(2, 9)) for text in chosen]]
    return "keras.Sequential([\n" + "".join(f"    {call},\n" for call in calls) + "])", shape


def built(code):
    """Run written code, and return its model."""
    names = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec(code, names)
    return names["model"]


def torch_output(model, shape):
    """Return the shape that a model of PyTorch makes."""
    return list(model.eval()(torch.zeros(shape)).shape)


def layout(shape, sizes):
    """Return a shape of PyTorch in Keras's layout, with the batch that Keras has."""
    moved = [shape[0], *shape[2:], shape[1]] if len(shape) == 4 else list(shape)
    return [sizes[0], *moved[1:]]


def test_pytorch_to_pytorch():
    written = repaired = 0
    for number in range(CHAINS * 3):
        text, shape = torch_chain(random.Random(f"{SEED} {number}"))
        traced = trace(read(text), [shape])
        made = program(read(text), [shape], "pytorch")
        if not made["code"]:
            assert traced["failed"], text
            continue
        model = built(made["code"])
        assert torch_output(model, shape) == traced["output"], text
        assert sum(each.numel() for each in model.parameters()) == traced["totals"]["parameters"], text
        again = trace(read(made["code"]), [shape])
        assert not again["failed"] and again["output"] == traced["output"], made["code"]
        written += 1
        repaired += traced["failed"]
    assert written > CHAINS and repaired > 5


def test_keras_code_of_pytorch_makes_the_same():
    importlib.import_module("bookkit.frameworks").keras  # noqa: B018 (quietly)
    written = 0
    for number in range(CHAINS):
        text, shape = torch_chain(random.Random(f"{SEED} {number}"))
        traced = trace(read(text), [shape])
        made = program(read(text), [shape], "keras")
        left_out = ("no equivalent", "ceil_mode", "no groups")
        if not made["code"] or any(words in note for note in made["notes"] for words in left_out):
            continue
        model = built(made["code"])
        assert list(model.output_shape) == layout(traced["output"], [None]), text + made["code"]
        trained = sum(math.prod(each.shape) for each in model.trainable_weights)
        assert trained == traced["totals"]["parameters"], text + made["code"]
        again = trace(read(made["code"]), [(None, *model.input_shape[1:])])
        assert again["output"] == list(model.output_shape), made["code"]
        written += 1
    assert written > CHAINS / 3


def test_pytorch_code_of_keras_makes_the_same():
    importlib.import_module("bookkit.frameworks").keras  # noqa: B018 (quietly)
    written = 0
    for number in range(CHAINS):
        text, shape = keras_chain(random.Random(f"{SEED} {number}"))
        traced = trace(read(text), [shape])
        if traced["failed"]:
            continue
        model = built(f"import keras\nfrom keras import layers\nmodel = {text}")
        parameters = traced["totals"]["parameters"]
        assert traced["output"] == list(model.output_shape), text
        assert parameters == sum(math.prod(each.shape) for each in model.trainable_weights), text
        made = program(read(text), [shape], "pytorch")
        if any("equivalent" in note or "AvgPool leaves" in note for note in made["notes"]):
            continue
        other = built(made["code"])
        output = torch_output(other, (2, shape[3], shape[1], shape[2]))
        assert layout(output, [None]) == traced["output"], text + made["code"]
        assert sum(each.numel() for each in other.parameters()) == parameters, text + made["code"]
        written += 1
    assert written > CHAINS / 3


def test_what_has_no_equivalent_is_said():
    text = "nn.Sequential(nn.Conv2d(3, 9, 3, padding=1, padding_mode='circular'), nn.PixelShuffle(3))"
    made = program(read(text), [(1, 3, 6, 7)], "keras")
    assert len(made["notes"]) == 2 and "padding_mode='circular'" in made["notes"][0]
    forward = "def forward(self, x):\n    return self.a(x) + self.b(x)\n"
    made = program(read(f"self.a = nn.Linear(3, 3)\nself.b = nn.Linear(3, 3)\n{forward}"), [(1, 3)], "keras")
    assert made["code"] == "" and "no chain" in made["notes"][0]


def test_summaries_of_keras_models():
    """What a model's summary() prints is read to its shapes and parameters."""
    keras = importlib.import_module("bookkit.frameworks").keras
    read_rows = 0
    for make in ("MobileNet", "ResNet50", "DenseNet121"):
        model = getattr(keras.applications, make)(weights=None, input_shape=(64, 96, 3), classes=7)
        lines = []
        model.summary(print_fn=lambda line, into=lines, **_: into.append(line))
        reading = read("\n".join(lines))
        assert reading.problems == []
        assert len(reading.layers) == len(model.layers)
        for read_layer, layer in zip(reading.layers, model.layers, strict=True):
            declared = read_layer.settings["declared"]
            assert type(layer).__name__.startswith(read_layer.kind)  # long names are cut off
            assert list(declared["output"]) == list(layer.output.shape), layer.name
            assert declared["parameters"] == layer.count_params(), layer.name
            read_rows += 1
    assert read_rows > 500
