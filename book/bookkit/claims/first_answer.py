"""The claims of "Why does a model with 64 input channels fail when expecting 32?"."""

import functools
from unittest import mock

import numpy as np

import fromscratch
from bookkit.claims.trying import (
    HEIGHT,
    REFUSALS,
    WIDTH,
    accepted,
    built,
    convolutions,
    image,
    keras_convolution,
    operations,
    reads,
    refused,
    register,
    tf_image,
    torch_image,
)
from bookkit.frameworks import keras, nn, tf, torch
from fromscratch import ConvLayer, LinearLayer, create_random_tensor

TITLE = "Why does a model with 64 input channels fail when expecting 32?"
CLAIMS = {}
CHAPTER_1 = "01-expected-32-got-64.ipynb"
CHAPTER_2 = "02-what-a-channel-is.ipynb"
CHAPTER_3 = "03-convolution-by-hand.ipynb"
CHAPTER_4 = "04-the-repair.ipynb"
CHAPTER_5 = "05-flattened-linear-layers.ipynb"
CHAPTER_7 = "07-from-gray-to-colour.ipynb"
CHAPTER_17 = "17-finding-shape-errors.ipynb"

claim_of = functools.partial(register, CLAIMS)


@claim_of(
    "A1",
    "A neural network expecting 32 input channels will predictably fail when fed 64",
    "A network for 32 channels fails when it is fed 64.",
    shown={"chapter 1": f"{CHAPTER_1}#claim-a1"},
    condition="Every convolutional layer built for 32 raises. The bare operations `tf.nn.conv2d` and "
    "`keras.ops.conv` do not: they infer two groups.",
)
def a1(claim):
    weight = create_random_tensor((64, 32, 3, 3), seed=1)
    claim.seen(
        "a layer for 32 channels raises on 64",
        **refused(
            32,
            64,
            NumPy=lambda: ConvLayer(32, 64, 3).forward(image(64)),
            PyTorch=lambda: nn.Conv2d(32, 64, 3)(torch_image(64)),
            Keras=lambda: built(keras.layers.Conv2D(64, 3), 32)(tf_image(64)),
        ),
    )
    claim.seen(
        "the operation, with a weight for 32, raises on 64",
        **refused(**operations(weight, 64)),
    )


@claim_of(
    "A2",
    "This failure is not simply a matter of altered data, but an incompatibility in the architectural "
    "definition itself",
    "The cause is the architecture, not the values of the data.",
    shown={"chapter 1": f"{CHAPTER_1}#claim-a2"},
)
def a2(claim):
    on_meta = nn.Conv2d(32, 64, 3, device="meta")  # shapes, and no values
    claim.seen(
        "a layer for 32 channels raises on 64 channels without values",
        **refused(
            NumPy=lambda: ConvLayer(32, 64, 3).forward(image(64)[:0]),
            PyTorch=lambda: on_meta(torch.empty(1, 64, HEIGHT, WIDTH, device="meta")),
            Keras=lambda: built(keras.layers.Conv2D(64, 3), 32)(keras.Input((HEIGHT, WIDTH, 64))),
        ),
    )


@claim_of(
    "A3",
    "an incorrectly adjusted initial convolutional layer resulted in similar issues",
    "A network for gray images (1 channel) fails in the same way on colour (3).",
    shown={"chapter 7": f"{CHAPTER_7}#claim-a3"},
    condition="Where the first layer’s number of channels is wrong. With `groups=3` the old weight fits 3 "
    "channels, if 3 divides the number of filters, and nothing raises.",
)
def a3(claim):
    weight = create_random_tensor((6, 1, 3, 3), seed=1)  # of the first layer, for 1 channel
    claim.seen("a segmentation network for 1 channel raises on 3", **refused(1, 3, **segmentations(weight)))
    four = create_random_tensor((6, 4, 3, 3), seed=1)
    claim.seen(
        "with a first layer for 4 channels instead, it raises on 3", **refused(4, 3, **segmentations(four))
    )
    claim.seen(
        "with the old weight in a first layer of 3 groups, it raises on 3",
        **refused(**segmentations(weight, groups=3)),
    )
    claim.seen(
        "the operation, with the old weight, raises on 3",
        **refused(**operations(weight, 3)),
    )


def segmentations(weight, groups=1):
    """Return {implementation: a call that segments 3 channels}: the first layer has this weight."""
    first, channels = convolutions(weight, groups), weight.shape[1] * groups
    in_numpy = [ConvLayer(6, 5, 3), ConvLayer(5, 1, 1)]
    in_torch = nn.Sequential(
        nn.Conv2d(channels, 6, 3, groups=groups, bias=False), nn.Conv2d(6, 5, 3), nn.Conv2d(5, 1, 1)
    )
    in_torch[0].load_state_dict({"weight": torch.tensor(weight)})
    in_keras = keras.Sequential(
        [
            keras_convolution(weight, channels, groups),
            keras.layers.Conv2D(5, 3),
            keras.layers.Conv2D(1, 1),
        ]
    )
    return {
        "NumPy": lambda: functools.reduce(
            lambda x, layer: layer.forward(x), in_numpy, first["NumPy"](image(3))
        ),
        "PyTorch": lambda: in_torch(torch_image(3)),
        "Keras": lambda: in_keras(tf_image(3)),
    }


@claim_of(
    "A4",
    "an input shape like `(batch_size, 32, height, width)`, it dictates that the first convolutional layer, "
    "or linear layer, expects exactly 32 input channels",
    "In (batch, 32, height, width) the first layer reads 32 channels.",
    shown={
        "chapter 2": f"{CHAPTER_2}#claim-a4",
        "chapter 5": f"{CHAPTER_5}#claim-a4-linear",
    },
    condition="For convolutions in NCHW, PyTorch’s order. Keras reads the last axis by default, and so does "
    "every linear layer: without a flatten, the claim holds for it only in NHWC, after one for one height "
    "and width.",
)
def a4(claim):
    in_keras = keras.layers.Conv2D(4, 3)
    in_keras.build((None, 32, HEIGHT, WIDTH))
    claim.seen(
        "a convolution reads its 32 channels from axis 1",
        NumPy=ConvLayer(32, 4, 3).forward(image(32)).shape[1] == 4,
        PyTorch=nn.Conv2d(32, 4, 3)(torch_image(32)).shape[1] == 4,
        Keras=tuple(in_keras.kernel.shape) == (3, 3, 32, 4),
    )
    dense = keras.layers.Dense(4)
    dense.build((None, 32, HEIGHT, WIDTH))
    claim.seen(
        "a linear layer reads its 32 features from axis 1",
        **accepted(
            NumPy=lambda: LinearLayer(32, 4).forward(image(32)),
            PyTorch=lambda: nn.Linear(32, 4)(torch_image(32)),
        ),
        Keras=tuple(dense.kernel.shape) == (32, 4),
    )


@claim_of(
    "A5",
    "Each input channel is associated with a corresponding set of weights within the convolutional kernel.",
    "Each input channel has its own slice of the kernel.",
    shown={"chapter 2": f"{CHAPTER_2}#claim-a5"},
)
def a5(claim):
    weight = create_random_tensor((5, 4, 3, 2), seed=1)  # 5 filters for 4 channels, groups=1
    claim.seen(
        "every channel changes every output",
        **{name: bool(reads(f, 4).all()) for name, f in convolutions(weight).items()},
    )
    only_through_it = {"NumPy": True, "PyTorch": True, "Keras": True}
    for channel in range(4):
        without = weight.copy()
        without[:, channel] = 0
        expected = np.ones((4, 5), bool)
        expected[channel] = False
        for name, f in convolutions(without).items():
            only_through_it[name] &= bool((reads(f, 4) == expected).all())
    claim.seen("without its slice it changes none, and the others change all", **only_through_it)


@claim_of(
    "A6",
    "either an out-of-bounds error when accessing weights, or a shape mismatch in the matrix multiplication "
    "and summation operations",
    "It fails out of bounds, or with a shape mismatch.",
    shown={"chapter 1": f"{CHAPTER_1}#claim-a6"},
)
def a6(claim):
    failures = {
        "NumPy": error_of(lambda: ConvLayer(32, 64, 3).forward(image(64))),
        "PyTorch": error_of(lambda: nn.Conv2d(32, 64, 3)(torch_image(64))),
        "Keras": error_of(lambda: built(keras.layers.Conv2D(64, 3), 32)(tf_image(64))),
    }
    kinds = {name: kind_of(error) for name, error in failures.items()}
    claim.seen(
        "one of the two: out of bounds, or a mismatch of 32 and 64",
        **{name: kind in ("out of bounds", "mismatch") for name, kind in kinds.items()},
    )
    claim.found("which of the two", **kinds)
    with mock.patch("fromscratch.conv.forward.compute") as compute:  # it would do the multiplying
        in_numpy = refused(NumPy=lambda: ConvLayer(32, 64, 3).forward(image(64)))["NumPy"]
    in_torch = nn.Conv2d(32, 64, 3, device="meta")  # tensors without values
    in_keras = built(keras.layers.Conv2D(64, 3), 32)
    early = refused(
        PyTorch=lambda: in_torch(torch.empty(1, 64, HEIGHT, WIDTH, device="meta")),
        Keras=lambda: in_keras(keras.Input((HEIGHT, WIDTH, 64))),
    )
    early["NumPy"] = in_numpy and not compute.called
    claim.found("reported before any product", **early)


def error_of(call):
    """Return the exception that `call()` raises, or None."""
    try:
        call()
    except Exception as error:
        return error


def kind_of(error):
    """Return what kind of failure an exception reports."""
    if isinstance(error, (IndexError, tf.errors.OutOfRangeError)):
        return "out of bounds"
    return "mismatch" if "32" in str(error) and "64" in str(error) else "something else"


@claim_of(
    "A7",
    "If the initial layer fails, the subsequent layers, which depend on the output of the first layer, "
    "will receive incorrect or undefined data.",
    "If the first layer fails, later layers receive wrong data.",
    shown={"chapter 1": f"{CHAPTER_1}#claim-a7"},
    instead="Where the first layer fails, no later layer is called.",
)
def a7(claim):
    claim.seen(
        "after the first layer has failed on 64 channels, the second is called",
        **{name: calls(64) > 0 for name, calls in SECOND_LAYERS.items()},
    )
    claim.found(
        "for comparison: with 32 channels the second is called",
        **{name: "yes" if calls(32) else "no" for name, calls in SECOND_LAYERS.items()},
    )


def second_in_numpy(channels):
    """Return how often the second of two layers is called."""
    called = []
    layers = [ConvLayer(32, 64, 3).forward, lambda x: called.append(x)]

    def network():
        x = image(channels)
        for layer in layers:
            x = layer(x)

    refused(NumPy=network)
    return len(called)


def second_in_torch(channels):
    """Return how often the second of two layers is called."""
    called = []
    network = nn.Sequential(nn.Conv2d(32, 64, 3), nn.Conv2d(64, 8, 3))
    network[1].register_forward_pre_hook(lambda layer, given: called.append(layer))
    refused(PyTorch=lambda: network(torch_image(channels)))
    return len(called)


def second_in_keras(channels):
    """Return how often the second of two layers is called."""
    called = []

    class Second(keras.layers.Layer):
        def call(self, x):
            called.append(self)
            return x

    network = keras.Sequential([built(keras.layers.Conv2D(64, 3), 32), Second()])
    refused(Keras=lambda: network(tf_image(channels)))
    return len(called)


SECOND_LAYERS = {"NumPy": second_in_numpy, "PyTorch": second_in_torch, "Keras": second_in_keras}


@claim_of(
    "A8",
    "Attempting to pass a tensor with 64 channels directly leads to an error",
    "Example 1: a convolution for 32 channels raises on (1, 64, 256, 256).",
    shown={"chapter 1": f"{CHAPTER_1}#claim-a8"},
)
def a8(claim):
    claim.seen(
        "it raises",
        **refused(
            NumPy=lambda: ConvLayer(32, 64, 3).forward(image(64, 256, 256)),
            PyTorch=lambda: nn.Conv2d(32, 64, 3)(torch_image(64, 256, 256)),
            Keras=lambda: built(keras.layers.Conv2D(64, 3), 32)(tf_image(64, 256, 256)),
        ),
    )


@claim_of(
    "A9",
    "the forward pass should now execute without error",
    "Example 2: with `in_channels=64` it runs.",
    shown={"chapter 4": f"{CHAPTER_4}#claim-a9"},
)
def a9(claim):
    claim.seen(
        "it runs, and gives 64 channels, 2 rows and 2 columns fewer",
        NumPy=ConvLayer(64, 64, 3).forward(image(64)).shape == (1, 64, 5, 7),
        PyTorch=nn.Conv2d(64, 64, 3)(torch_image(64)).shape == (1, 64, 5, 7),
        Keras=built(keras.layers.Conv2D(64, 3), 64)(tf_image(64)).shape == (1, 5, 7, 64),
    )


@claim_of(
    "A10",
    "The flattened input from 64 channels does not match the weight matrix dimensions, resulting in an error",
    "Example 3: a linear layer for 32 flattened channels raises on 64.",
    shown={"chapter 5": f"{CHAPTER_5}#claim-a10"},
)
def a10(claim):
    dense = keras.layers.Dense(10)
    dense.build((None, 32 * HEIGHT * WIDTH))
    claim.seen(
        "it raises",
        **refused(
            NumPy=lambda: LinearLayer(32 * HEIGHT * WIDTH, 10).forward(image(64).reshape(1, -1)),
            PyTorch=lambda: nn.Linear(32 * HEIGHT * WIDTH, 10)(torch_image(64).flatten(1)),
            Keras=lambda: dense(tf.reshape(tf_image(64), (1, -1))),
        ),
    )


@claim_of(
    "A11",
    "the same mismatch principles apply to all layer types",
    "The same holds for all layer types.",
    shown={"chapter 4": f"{CHAPTER_4}#claim-a11"},
    condition="For layers that hold something of one size per channel: weights, as the answer’s next "
    "sentence says, or a running mean or a fixed shape.",
)
def a11(claim):
    layers = keras.layers
    per_channel = np.zeros(32, np.float32)
    unweighted = {"center": False, "scale": False}
    in_torch = {
        "convolution for 32": nn.Conv2d(32, 64, 3),
        "batch normalization for 32": nn.BatchNorm2d(32),
        "group normalization for 32": nn.GroupNorm(4, 32),
        "layer normalization for 32": nn.LayerNorm((32, HEIGHT, WIDTH)),
        "batch normalization for 32 without weights": nn.BatchNorm2d(32, affine=False),
        "group normalization for 32 without weights": nn.GroupNorm(4, 32, affine=False),
        "layer normalization for 32 without weights": nn.LayerNorm(
            (32, HEIGHT, WIDTH), elementwise_affine=False
        ),
        "ReLU": nn.ReLU(),
        "max pooling": nn.MaxPool2d(2),
        "dropout": nn.Dropout(),
        "convolution not yet used": nn.LazyConv2d(64, 3),
    }
    in_keras = {
        "convolution for 32": built(layers.Conv2D(64, 3), 32),
        "batch normalization for 32": built(layers.BatchNormalization(), 32),
        "group normalization for 32": built(layers.GroupNormalization(4), 32),
        "layer normalization for 32": built(layers.LayerNormalization(), 32),
        "batch normalization for 32 without weights": built(layers.BatchNormalization(**unweighted), 32),
        "group normalization for 32 without weights": built(layers.GroupNormalization(4, **unweighted), 32),
        "layer normalization for 32 without weights": built(layers.LayerNormalization(**unweighted), 32),
        "ReLU": layers.ReLU(),
        "max pooling": layers.MaxPooling2D(2),
        "dropout": layers.Dropout(0.5),
        "convolution not yet used": layers.Conv2D(64, 3),
    }
    in_numpy = {
        "convolution for 32": ConvLayer(32, 64, 3).forward,
        "batch normalization for 32": lambda x: fromscratch.batch_norm(x, *[per_channel] * 4),
        "ReLU": fromscratch.relu,
        "max pooling": lambda x: fromscratch.max_pool2d(x, 2),
    }
    for kind in in_torch:
        calls = {
            "PyTorch": lambda kind=kind: in_torch[kind](torch_image(64)),
            "Keras": lambda kind=kind: in_keras[kind](tf_image(64)),
        }
        if kind in in_numpy:
            calls = {"NumPy": lambda kind=kind: in_numpy[kind](image(64)), **calls}
        claim.seen(f"{kind} raises on 64", **refused(**calls))


@claim_of(
    "A12",
    "Tools for debugging tensor shapes are crucial in diagnosing such issues. … proper version control, "
    "including detailed logs of each experiment",
    "Tools for tensor shapes help, and so do logs of experiments.",
    shown={"chapter 17": f"{CHAPTER_17}#claim-a12"},
    condition="The messages of PyTorch and of this book’s library do not say which layer failed. Keras’s "
    "names it by itself; there, a tool adds the shapes before it.",
)
def a12(claim):
    # Both layers have a weight (6, 32, 3, 3): the first gives 6 channels, the second expects 32.
    networks = {name: layers_by_name(name, first=(32, 6), second=(32, 6)) for name in IMAGES}
    failures = {name: up_to_the_failure(name, layers, IMAGES[name](32)) for name, layers in networks.items()}
    claim.seen(
        "of two layers with equal weights the second raises, and the message does not say which",
        **{name: "second" not in message for name, (_, message) in failures.items()},
    )
    claim.seen(
        "shapes written down before each layer end at the one that raises",
        **{name: list(shapes) == ["first", "second"] for name, (shapes, _) in failures.items()},
    )
    new_data = {name: two_runs(name, data=(32, 64), made_for=(32, 32)) for name in IMAGES}
    new_layer = {name: two_runs(name, data=(64, 64), made_for=(64, 32)) for name in IMAGES}
    claim.seen(
        "64 channels meet a layer for 32, since the data or the layer changed: the message is the same",
        **{name: new_data[name][1] == new_layer[name][1] for name in IMAGES},
    )
    claim.seen(
        "a log of the last run that worked tells which of the two changed",
        **{name: (new_data[name][0], new_layer[name][0]) == (["data"], ["layer"]) for name in IMAGES},
    )


IMAGES = {"NumPy": image, "PyTorch": torch_image, "Keras": tf_image}


def layers_by_name(implementation, **sizes):
    """Return {name: a convolution from so many channels to so many}, as one implementation makes it."""
    make = {
        "NumPy": lambda name, size: ConvLayer(*size, 3),
        "PyTorch": lambda name, size: nn.Conv2d(*size, 3),
        "Keras": lambda name, size: built(keras.layers.Conv2D(size[1], 3, name=name), size[0]),
    }[implementation]
    return {name: make(name, size) for name, size in sizes.items()}


def up_to_the_failure(implementation, layers, x):
    """Return ({layer: the shape that came to it}, the message of the refusal that ended it, or "")."""
    shapes = {}
    for name, layer in layers.items():
        shapes[name] = tuple(x.shape)
        call = layer.forward if isinstance(layer, ConvLayer) else layer
        try:
            x = call(x)
        except REFUSALS[implementation] as error:
            return shapes, str(error)
    return shapes, ""


def two_runs(implementation, data, made_for):
    """Return (what differs between two runs' logs: the data or the layer, the message of the second).

    data, made_for: channels (in the run that works, in the one that raises).
    """
    logs = []
    for channels, expected in zip(data, made_for, strict=True):
        layers = layers_by_name(implementation, layer=(expected, 6))
        shapes, message = up_to_the_failure(implementation, layers, IMAGES[implementation](channels))
        if bool(message) == (channels == expected):
            raise AssertionError(
                f"{implementation}: a layer for {expected} channels, given {channels}: {message}"
            )
        logs.append({"data": shapes["layer"], "layer": weight_shape(layers["layer"])})
    last, this = logs
    return [what for what in last if last[what] != this[what]], message


def weight_shape(layer):
    """Return the shape of a convolution's weight, in its implementation's layout."""
    if isinstance(layer, ConvLayer):
        return layer.weights.shape
    return tuple(layer.weight.shape if isinstance(layer, nn.Module) else layer.kernel.shape)


@claim_of(
    "A13",
    "a fictional neural network building library akin to PyTorch or TensorFlow",
    "The five names that the examples call can be made to work.",
    shown={"chapter 3": f"{CHAPTER_3}#claim-a13"},
    asserts=False,
)
def a13(claim):
    x, weights = image(3), create_random_tensor((4, 3, 2, 5))
    row, matrix = create_random_tensor((1, 6)), create_random_tensor((10, 6))
    conv = fromscratch.ConvLayer(in_channels=3, out_channels=4, kernel_size=3)
    linear = fromscratch.LinearLayer(in_features=6, out_features=10)
    results = {
        "create_random_tensor": (fromscratch.create_random_tensor((1, 3, 7, 9)), (1, 3, 7, 9)),
        "convolve": (fromscratch.convolve(x, weights), (1, 4, 6, 5)),
        "matmul": (fromscratch.matmul(row, matrix.T), (1, 10)),
        "ConvLayer": (conv.forward(x), (1, 4, 5, 7)),
        "LinearLayer": (linear.forward(row), (1, 10)),
    }
    for name, (result, shape) in results.items():
        claim.seen(f"`{name}`, called as in the document, gives {shape}", NumPy=result.shape == shape)
