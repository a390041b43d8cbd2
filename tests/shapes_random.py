"""Random settings of layers, for the tests of shapes: most of them work, the rest is refused in every way
that was found.

A generator takes a random.Random and returns (class, settings, shapes): the layer's name in its framework,
the
arguments by name, and the shapes of what it is called with.
"""

from __future__ import annotations

import math
import random

TORCH = {}
KERAS = {}


def settings_of(table, kind):
    """Register a generator of random settings under the name of a kind."""

    def register(function):
        table[kind] = function
        return function

    return register


def drawn(table, kind, count):
    """Return random (class, settings, shapes) of one kind, the same ones in each run."""
    rng = random.Random(f"20 {kind}")
    return [table[kind](rng) for _ in range(count)]


def chance(rng, percent):
    """Whether something of this probability happens."""
    return rng.random() * 100 < percent


def new_shape(rng, total, most):
    """Return a shape for `total` numbers with up to `most` axes before the last; now and then a size is -1 or
    wrong.
    """
    target, rest = [], total
    for _ in range(rng.randint(0, most)):
        divisors = [number for number in range(1, rest + 1) if rest % number == 0] or [1]
        target.append(rng.choice(divisors))
        rest //= target[-1]
    target.append(rest)
    if chance(rng, 40):
        target[rng.randrange(len(target))] = -1
    if chance(rng, 15):
        target[rng.randrange(len(target))] = rng.choice((-2, -1, 0, 3, 5))
    return tuple(target)


def sizes(rng, count, low=1, high=12):
    """Return random sizes."""
    return tuple(rng.randint(low, high) for _ in range(count))


def per_axis(rng, count, low, high):
    """Return a setting as one number, or as one number for each axis; seldom of another length."""
    if chance(rng, 50):
        return rng.randint(low, high)
    length = rng.choice((1, 2, 3)) if chance(rng, 2) else count
    return tuple(rng.randint(low, high) for _ in range(length))


def sometimes(rng, settings, **choices):
    """Set each argument in half of the cases, and leave its default otherwise."""
    for name, value in choices.items():
        if chance(rng, 50):
            settings[name] = value
    return settings


def torch_image(rng, channels, count, high=12, wrong=8):
    """Return the shape of an input with channels first: batched or not, now and then a wrong one."""
    if chance(rng, wrong):
        channels = rng.randint(1, 12)
    shape = (channels, *sizes(rng, count, high=high))
    if chance(rng, 75):
        shape = (rng.randint(1, 4), *shape)
    if chance(rng, 5):
        shape = sizes(rng, rng.randint(1, 6), high=8)
    return shape


def grouped(rng, multiple=1):
    """Return in_channels, out_channels and groups; seldom such as do not go together."""
    groups = rng.choice((1, 1, 1, 2, 3, 4))
    if chance(rng, 4):
        return rng.randint(1, 12), rng.randint(1, 12), rng.choice((-1, 0, 2, 3, 5))
    if chance(rng, 15):
        groups = rng.randint(1, 8)
        return groups, groups * rng.randint(1, 3), groups
    return groups * rng.randint(1, 4), groups * rng.randint(1, 4), groups


@settings_of(TORCH, "convolution")
def torch_convolution(rng):
    """A convolution of one to three axes."""
    count = rng.choice((1, 2, 2, 3))
    ins, outs, groups = grouped(rng)
    settings = {"in_channels": ins, "out_channels": outs, "kernel_size": per_axis(rng, count, 1, 4)}
    padding = per_axis(rng, count, 0, 3)
    if chance(rng, 15):
        padding = rng.choice(("same", "valid", "same", "full") if chance(rng, 10) else ("same", "valid"))
    sometimes(
        rng, settings, stride=per_axis(rng, count, 1, 3), padding=padding, bias=chance(rng, 50),
        dilation=per_axis(rng, count, 1, 3),
    )  # fmt: skip
    if groups != 1 or chance(rng, 10):
        settings["groups"] = groups
    if chance(rng, 15):
        settings["padding_mode"] = rng.choice(("zeros", "reflect", "replicate", "circular"))
    elif chance(rng, 2):
        settings.update(rng.choice(({"stride": 0}, {"stride": -1}, {"padding": -1}, {"dilation": -1})))
    return f"Conv{count}d", settings, [torch_image(rng, ins, count)]


@settings_of(TORCH, "transposed convolution")
def torch_transposed(rng):
    """A transposed convolution of one to three axes."""
    count = rng.choice((1, 2, 2, 3))
    ins, outs, groups = grouped(rng)
    settings = {"in_channels": ins, "out_channels": outs, "kernel_size": per_axis(rng, count, 1, 4)}
    sometimes(
        rng, settings, stride=per_axis(rng, count, 1, 3), padding=per_axis(rng, count, 0, 2),
        output_padding=per_axis(rng, count, 0, 2), bias=chance(rng, 50), dilation=per_axis(rng, count, 1, 3),
    )  # fmt: skip
    if groups != 1 or chance(rng, 10):
        settings["groups"] = groups
    if chance(rng, 2):
        settings["padding_mode"] = rng.choice(("zeros", "reflect"))
    if chance(rng, 2):
        settings.update(rng.choice(({"stride": 0}, {"stride": -1}, {"padding": -1}, {"dilation": -1})))
    return f"ConvTranspose{count}d", settings, [torch_image(rng, ins, count, high=6)]


@settings_of(TORCH, "pooling")
def torch_pooling(rng):
    """Max and average pooling of one to three axes."""
    count, way = rng.choice((1, 2, 2, 3)), rng.choice(("Max", "Avg"))
    settings = {"kernel_size": per_axis(rng, count, 1, 4)}
    sometimes(
        rng, settings, stride=per_axis(rng, count, 1, 3), padding=per_axis(rng, count, 0, 2),
        ceil_mode=chance(rng, 50),
    )  # fmt: skip
    if way == "Max":
        sometimes(rng, settings, dilation=per_axis(rng, count, 1, 3))
    else:
        sometimes(rng, settings, count_include_pad=chance(rng, 50))
    if chance(rng, 2):
        names = ("stride", "padding", "kernel_size") + (("dilation",) if way == "Max" else ())
        settings[rng.choice(names)] = rng.choice((0, -1))
    return f"{way}Pool{count}d", settings, [torch_image(rng, rng.randint(1, 8), count)]


@settings_of(TORCH, "adaptive pooling")
def torch_adaptive(rng):
    """Adaptive pooling of one to three axes."""
    count, way = rng.choice((1, 2, 2, 3)), rng.choice(("Max", "Avg"))
    size = per_axis(rng, count, 0 if chance(rng, 5) else 1, 7)
    if isinstance(size, tuple) and count > 1 and chance(rng, 20):
        size = tuple(None if chance(rng, 50) else each for each in size)
    if chance(rng, 1):
        size = -1
    return f"Adaptive{way}Pool{count}d", {"output_size": size}, [torch_image(rng, rng.randint(1, 8), count)]


@settings_of(TORCH, "linear")
def torch_linear(rng):
    """A linear layer, on the last axis of anything."""
    ins = rng.randint(1, 20)
    settings = sometimes(rng, {"in_features": ins, "out_features": rng.randint(1, 20)}, bias=chance(rng, 50))
    shape = (*sizes(rng, rng.randint(0, 4)), rng.randint(1, 20) if chance(rng, 25) else ins)
    return "Linear", settings, [shape]


@settings_of(TORCH, "bilinear")
def torch_bilinear(rng):
    """A bilinear layer."""
    one, two = rng.randint(1, 8), rng.randint(1, 8)
    settings = {"in1_features": one, "in2_features": two, "out_features": rng.randint(1, 8)}
    sometimes(rng, settings, bias=chance(rng, 50))
    lead = sizes(rng, rng.randint(0, 3))
    other = sizes(rng, rng.randint(0, 3)) if chance(rng, 15) else lead
    wrong = rng.randint(1, 8) if chance(rng, 15) else two
    return "Bilinear", settings, [(*lead, rng.randint(1, 8) if chance(rng, 15) else one), (*other, wrong)]


@settings_of(TORCH, "flatten")
def torch_flatten(rng):
    """Flatten, from and to any axis."""
    settings = sometimes(rng, {}, start_dim=rng.randint(-5, 5), end_dim=rng.randint(-5, 5))
    return "Flatten", settings, [sizes(rng, rng.randint(0, 5))]


@settings_of(TORCH, "unflatten")
def torch_unflatten(rng):
    """Unflatten of one axis, with one size left open or not."""
    parts = [rng.randint(1, 4) for _ in range(rng.randint(1, 3))]
    total = 1
    for part in parts:
        total *= part
    shape = list(sizes(rng, rng.randint(1, 4)))
    axis = rng.randint(-len(shape), len(shape) - 1)
    if chance(rng, 85):
        shape[axis] = total
    if chance(rng, 30):
        parts[rng.randrange(len(parts))] = -1
    if chance(rng, 3):
        axis = rng.randint(-6, 6)
    return "Unflatten", {"dim": axis, "unflattened_size": tuple(parts)}, [tuple(shape)]


@settings_of(TORCH, "batch normalisation")
def torch_batch_norm(rng):
    """Batch normalisation of one to three axes, in training."""
    count, features = rng.choice((1, 1, 2, 2, 3)), rng.randint(1, 8)
    settings = {"num_features": features}
    sometimes(rng, settings, affine=chance(rng, 50), track_running_stats=chance(rng, 50))
    shape = torch_image(rng, features, count, high=5)
    if count == 1 and chance(rng, 40):
        shape = (rng.randint(1, 4), features)
    return f"BatchNorm{count}d", settings, [shape]


@settings_of(TORCH, "instance normalisation")
def torch_instance_norm(rng):
    """Instance normalisation of one to three axes, in training."""
    count, features = rng.choice((1, 2, 2, 3)), rng.randint(1, 8)
    settings = {"num_features": features}
    sometimes(rng, settings, affine=chance(rng, 50), track_running_stats=chance(rng, 50))
    return f"InstanceNorm{count}d", settings, [torch_image(rng, features, count, high=5, wrong=15)]


@settings_of(TORCH, "group normalisation")
def torch_group_norm(rng):
    """Group normalisation of anything with channels."""
    groups = rng.randint(1, 4)
    channels = rng.randint(1, 12) if chance(rng, 8) else groups * rng.randint(1, 4)
    settings = sometimes(rng, {"num_groups": groups, "num_channels": channels}, affine=chance(rng, 50))
    shape = (rng.randint(1, 4), channels, *sizes(rng, rng.randint(0, 3)))
    if chance(rng, 15):
        shape = (rng.randint(1, 4), rng.randint(1, 12), *sizes(rng, rng.randint(0, 2)))
    if chance(rng, 5):
        shape = sizes(rng, rng.randint(0, 3))
    return "GroupNorm", settings, [shape]


@settings_of(TORCH, "layer normalisation")
def torch_layer_norm(rng):
    """Layer and RMS normalisation over the last axes."""
    kind = rng.choice(("LayerNorm", "RMSNorm"))
    normal = tuple(rng.randint(1, 6) for _ in range(rng.randint(1, 3)))
    shape = (*sizes(rng, rng.randint(0, 3)), *normal)
    if chance(rng, 15):
        shape = sizes(rng, rng.randint(0, 4), high=6)
    settings = {"normalized_shape": normal[0] if len(normal) == 1 and chance(rng, 70) else normal}
    sometimes(rng, settings, elementwise_affine=chance(rng, 50))
    if kind == "LayerNorm":
        sometimes(rng, settings, bias=chance(rng, 50))
    return kind, settings, [shape]


ACTIVATIONS = (
    "CELU", "ELU", "GELU", "Hardshrink", "Hardsigmoid", "Hardswish", "Hardtanh", "LeakyReLU", "LogSigmoid",
    "Mish",
    "RReLU", "ReLU", "ReLU6", "SELU", "SiLU", "Sigmoid", "Softplus", "Softshrink", "Softsign", "Tanh",
    "Tanhshrink",
    "Identity", "Dropout", "AlphaDropout", "FeatureAlphaDropout", "Dropout1d", "Dropout2d", "Dropout3d",
    "Softmax2d",
)  # fmt: skip


@settings_of(TORCH, "activation")
def torch_activation(rng):
    """What keeps the shape, with the few of them that ask for a rank, an axis or a number."""
    shape = sizes(rng, rng.randint(0, 6), high=6)
    kind = rng.choice(
        (*ACTIVATIONS, "PReLU", "PReLU", "PReLU", "GLU", "GLU", "Softmax", "LogSoftmax", "Softmin")
    )
    if kind == "PReLU":
        right = shape[1] if len(shape) > 1 and chance(rng, 60) else rng.randint(1, 4)
        return kind, sometimes(rng, {}, num_parameters=right), [shape]
    if kind == "GLU":
        return kind, sometimes(rng, {}, dim=rng.randint(-4, 4)), [shape]
    if kind in ("Softmax", "LogSoftmax", "Softmin"):
        return kind, {"dim": rng.randint(-4, 4)}, [shape]
    return kind, {}, [shape]


@settings_of(TORCH, "embedding")
def torch_embedding(rng):
    """An embedding of numbers of any shape."""
    settings = {"num_embeddings": rng.randint(1, 30), "embedding_dim": rng.randint(1, 12)}
    return "Embedding", settings, [sizes(rng, rng.randint(0, 4))]


@settings_of(TORCH, "recurrent")
def torch_recurrent(rng):
    """RNN, LSTM and GRU; the initial state left to the layer."""
    kind, features = rng.choice(("RNN", "LSTM", "GRU")), rng.randint(1, 6)
    settings = {"input_size": features, "hidden_size": rng.randint(1, 6)}
    sometimes(
        rng, settings, num_layers=rng.randint(1, 3), bias=chance(rng, 50), batch_first=chance(rng, 70),
        bidirectional=chance(rng, 70),
    )  # fmt: skip
    if (kind == "LSTM" and chance(rng, 30)) or chance(rng, 2):
        settings["proj_size"] = rng.randint(1, 6)
    shape = (rng.randint(1, 5), rng.randint(1, 5), rng.randint(1, 6) if chance(rng, 10) else features)
    if chance(rng, 15):
        shape = shape[1:]
    if chance(rng, 5):
        shape = sizes(rng, rng.randint(1, 4), high=6)
    return kind, settings, [shape]


@settings_of(TORCH, "attention")
def torch_attention(rng):
    """Multihead attention, with its three inputs, and one layer of a transformer's encoder."""
    heads = rng.randint(1, 4)
    width = rng.randint(1, 12) if chance(rng, 6) else heads * rng.randint(1, 4)
    batch, first = rng.randint(1, 3), chance(rng, 60)
    shape = (batch, rng.randint(1, 4), rng.randint(1, 12) if chance(rng, 8) else width)
    if chance(rng, 15):
        shape = shape[1:]
    if chance(rng, 4):
        shape = sizes(rng, rng.randint(1, 4), high=6)
    if chance(rng, 35):
        settings = {
            "d_model": width,
            "nhead": heads,
            "dim_feedforward": rng.randint(1, 12),
            "batch_first": first,
        }
        return "TransformerEncoderLayer", sometimes(rng, settings, bias=chance(rng, 60)), [shape]
    settings = sometimes(
        rng, {"embed_dim": width, "num_heads": heads}, bias=chance(rng, 60), batch_first=first
    )
    if chance(rng, 60):
        return "MultiheadAttention", settings, [shape, shape, shape]
    if chance(rng, 60):
        settings["kdim"], settings["vdim"] = rng.randint(1, 6), rng.randint(1, 6)
    if not settings.get("batch_first"):
        batch = shape[1] if len(shape) > 2 else batch
    else:
        batch = shape[0]
    length = rng.randint(1, 4)
    lead = (
        [length] if len(shape) == 2 else [batch, length] if settings.get("batch_first") else [length, batch]
    )
    if chance(rng, 8):
        lead[rng.randrange(len(lead))] += 1
    keys = (*lead, settings.get("kdim", width))
    values = (*lead, settings.get("vdim", width))
    if chance(rng, 5):
        values = (*values[:-1], rng.randint(1, 12))
    return "MultiheadAttention", settings, [shape, keys, values]


@settings_of(TORCH, "concatenation and sum")
def torch_merge(rng):
    """cat, stack, and sums and products with broadcasting."""
    shape = sizes(rng, rng.randint(0, 4), high=5)
    shapes = [list(shape) for _ in range(rng.randint(1, 3))]
    for other in shapes[1:]:
        for axis in range(len(other)):
            if chance(rng, 25):
                other[axis] = rng.choice((1, rng.randint(1, 5)))
    if chance(rng, 10):
        shapes[-1] = list(sizes(rng, rng.randint(0, 4), high=5))
    shapes = [tuple(each) for each in shapes]
    kind = rng.choice(("cat", "stack", "add", "mul"))
    if kind in ("add", "mul"):
        return kind, {}, (shapes + shapes)[:2]
    dim = rng.randint(-4, 4) if chance(rng, 20) else 0 if not shape else rng.randrange(len(shape))
    if kind == "cat" and chance(rng, 60) and shape and -len(shape) <= dim < len(shape):
        shapes = [tuple(rng.randint(1, 5) if axis == dim % len(shape) else size for axis,
        size in enumerate(shape))
                  for _ in shapes]  # fmt: skip
    if kind == "stack" and chance(rng, 60):
        shapes = [shape for _ in shapes]
    return kind, {"dim": dim}, shapes


@settings_of(TORCH, "reshape")
def torch_reshape(rng):
    """view, reshape, permute, transpose, squeeze, unsqueeze and mean."""
    shape = sizes(rng, rng.randint(0, 5), high=6)
    kind = rng.choice(("view", "reshape", "permute", "transpose", "squeeze", "unsqueeze", "mean"))
    rank = len(shape)
    if kind in ("view", "reshape"):
        return kind, {"shape": new_shape(rng, math.prod(shape), 3)}, [shape]
    if kind == "permute":
        order = list(range(rank))
        rng.shuffle(order)
        if chance(rng, 20):
            order = [rng.randint(-rank - 1, rank) for _ in range(rng.randint(0, 5))]
        return kind, {"dims": tuple(order)}, [shape]
    if kind == "transpose":
        return kind, {"dim0": rng.randint(-3, 3), "dim1": rng.randint(-3, 3)}, [shape]
    if kind == "mean":
        dims = rng.choice((rng.randint(-3, 3), tuple(rng.randint(-4, 3) for _ in range(2))))
        return kind, sometimes(rng, {"dim": dims}, keepdim=chance(rng, 50)), [shape]
    if kind == "squeeze":
        return kind, sometimes(rng, {}, dim=rng.randint(-4, 4)), [shape]
    return kind, {"dim": rng.randint(-5, 5)}, [shape]


@settings_of(TORCH, "upsampling")
def torch_upsampling(rng):
    """Upsample by size or factor, PixelShuffle, PixelUnshuffle and ChannelShuffle."""
    kind = rng.choice(("Upsample", "Upsample", "Upsample", "PixelShuffle", "PixelUnshuffle", "ChannelShuffle",
                       "UpsamplingNearest2d", "UpsamplingBilinear2d"))  # fmt: skip
    if kind == "Upsample":
        count = rng.choice((1, 2, 2, 3))
        mode = rng.choice(
            ("nearest", "nearest", "linear", "bilinear", "trilinear", "bicubic", "nearest-exact")
        )
        fits = {"linear": 1, "bilinear": 2, "trilinear": 3, "bicubic": 2}
        if chance(rng, 85):
            count = fits.get(mode, count)
        settings = {}
        if chance(rng, 60):
            factor = rng.choice((2, 3, 1.5, 0.5, 2.0, 1.7, 0.3))
            if chance(rng, 20):
                factor = tuple(rng.choice((2, 1.5, 3.0)) for _ in range(count))
            settings["scale_factor"] = factor
        else:
            settings["size"] = per_axis(rng, count, 1, 9)
        if chance(rng, 2):
            settings = {"size": 3, "scale_factor": 2} if chance(rng, 50) else {}
        if mode != "nearest" or chance(rng, 20):
            settings["mode"] = mode
        if chance(rng, 15):
            settings["align_corners"] = chance(rng, 70)
        shape = torch_image(rng, rng.randint(1, 5), count, high=7)
        return kind, settings, [shape if len(shape) > count + 1 or chance(rng, 10) else (2, *shape)]
    if kind.startswith("Upsampling"):
        settings = (
            {"scale_factor": rng.choice((2, 3, 1.5))} if chance(rng, 60) else {"size": per_axis(rng, 2, 1, 9)}
        )
        shape = torch_image(rng, rng.randint(1, 5), 2, high=7)
        return kind, settings, [shape if len(shape) > 3 or chance(rng, 10) else (2, *shape)]
    factor = rng.randint(1, 3)
    shape = list(
        torch_image(rng, rng.randint(1, 3) * (1 if kind == "PixelUnshuffle" else factor * factor), 2, high=7)
    )
    if kind == "PixelUnshuffle" and chance(rng, 80):
        shape[-2:] = [size * factor for size in shape[-2:]]
    if chance(rng, 2):
        factor = rng.choice((0, -1))
    name = {"PixelShuffle": "upscale_factor", "PixelUnshuffle": "downscale_factor"}.get(kind, "groups")
    return kind, {name: factor}, [tuple(shape)]


@settings_of(TORCH, "padding")
def torch_padding(rng):
    """Padding layers, with zeros and otherwise, cropping included."""
    count = rng.choice((1, 2, 2, 3))
    way = rng.choice(("Zero", "Zero", "Constant", "Reflection", "Replication", "Circular"))
    low = -3 if way in ("Zero", "Constant") and chance(rng, 20) else 0
    padding = rng.randint(low, 3) if chance(rng, 50) else tuple(rng.randint(low, 3) for _ in range(2 * count))
    settings = {"padding": padding}
    if chance(rng, 15):  # the function, which takes any number of axes
        pads = tuple(rng.randint(low, 3) for _ in range(2 * rng.randint(0, 3)))
        return "pad", {"pad": pads}, [torch_image(rng, rng.randint(1, 5), count, high=7)]
    if way == "Constant":
        settings["value"] = 0.5
    return f"{way}Pad{count}d", settings, [torch_image(rng, rng.randint(1, 5), count, high=7)]


# ---- Keras ----


def keras_image(rng, channels, count, last=True, high=12, unknown=True):
    """Return the shape of a batch: channels last or first, now and then of another rank; sizes may be
    unknown.
    """
    spatial = sizes(rng, count, high=high)
    if unknown and chance(rng, 15):
        spatial = tuple(None if chance(rng, 60) else size for size in spatial)
    batch = None if unknown and chance(rng, 60) else rng.randint(1, 4)
    shape = (batch, *spatial, channels) if last else (batch, channels, *spatial)
    if chance(rng, 4):
        shape = (batch, *sizes(rng, rng.randint(0, 4), high=8))
    return shape


def keras_window(rng, count, settings, strides="strides", dilation="dilation_rate"):
    """Put strides or a dilation into settings: rarely both, which Keras refuses."""
    if chance(rng, 45):
        settings[strides] = per_axis(rng, count, 1, 3)
    elif chance(rng, 50):
        settings[dilation] = per_axis(rng, count, 1, 3)
    if chance(rng, 3):
        settings[strides], settings[dilation] = per_axis(rng, count, 1, 3), per_axis(rng, count, 1, 3)
    if chance(rng, 50):
        settings["padding"] = rng.choice(
            ("same", "valid", "same", "valid", "SAME", "full") if chance(rng, 10) else ("same", "valid")
        )
    if chance(rng, 2):
        settings[rng.choice((strides, dilation))] = rng.choice((0, -1))
    return settings


@settings_of(KERAS, "convolution")
def keras_convolution(rng):
    """A convolution of one to three axes."""
    count = rng.choice((1, 2, 2, 3))
    ins, outs, groups = grouped(rng)
    settings = {"filters": outs, "kernel_size": per_axis(rng, count, 1, 4)}
    keras_window(rng, count, settings)
    if groups != 1:
        settings["groups"] = groups
    last = not chance(rng, 15)
    if not last:
        settings["data_format"] = "channels_first"
    if count == 1 and chance(rng, 15):
        settings["padding"] = "causal"
    sometimes(rng, settings, use_bias=chance(rng, 50))
    return f"Conv{count}D", settings, [keras_image(rng, ins, count, last)]


@settings_of(KERAS, "transposed convolution")
def keras_transposed(rng):
    """A transposed convolution of one to three axes."""
    count = rng.choice((1, 2, 2, 3))
    settings = {"filters": rng.randint(1, 8), "kernel_size": per_axis(rng, count, 1, 4)}
    keras_window(rng, count, settings)
    if chance(rng, 25):
        settings["output_padding"] = per_axis(rng, count, 0, 2)
    last = not chance(rng, 10)
    if not last:
        settings["data_format"] = "channels_first"
    sometimes(rng, settings, use_bias=chance(rng, 50))
    return f"Conv{count}DTranspose", settings, [keras_image(rng, rng.randint(1, 8), count, last, high=6)]


@settings_of(KERAS, "depthwise and separable convolution")
def keras_depthwise(rng):
    """Depthwise and separable convolutions."""
    count, kind = rng.choice((1, 2, 2)), rng.choice(("Depthwise", "Separable"))
    settings = {"kernel_size": per_axis(rng, count, 1, 4)}
    if kind == "Separable":
        settings["filters"] = rng.randint(1, 8)
    keras_window(rng, count, settings)
    last = not chance(rng, 10)
    if not last:
        settings["data_format"] = "channels_first"
    multiplier = rng.choice((0, -1)) if chance(rng, 2) else rng.randint(1, 3)
    sometimes(rng, settings, use_bias=chance(rng, 50), depth_multiplier=multiplier)
    return f"{kind}Conv{count}D", settings, [keras_image(rng, rng.randint(1, 8), count, last)]


@settings_of(KERAS, "pooling")
def keras_pooling(rng):
    """Max and average pooling, global and adaptive pooling, of one to three axes."""
    count, way = rng.choice((1, 2, 2, 3)), rng.choice(("Max", "Average"))
    last = not chance(rng, 15)
    settings = {} if last else {"data_format": "channels_first"}
    shape = keras_image(rng, rng.randint(1, 8), count, last)
    if chance(rng, 20):
        sometimes(rng, settings, keepdims=chance(rng, 50))
        return f"Global{way}Pooling{count}D", settings, [shape]
    if chance(rng, 15):
        settings["output_size"] = per_axis(rng, count, 1, 4)
        return (
            f"Adaptive{way}Pooling{count}D",
            settings,
            [keras_image(rng, rng.randint(1, 8), count, last, unknown=False)],
        )
    settings["pool_size"] = per_axis(rng, count, 1, 4)
    sometimes(rng, settings, strides=per_axis(rng, count, 1, 3), padding=rng.choice(("same", "valid")))
    if chance(rng, 2):
        settings["pool_size"] = rng.choice((0, -1))
    return f"{way}Pooling{count}D", settings, [shape]


@settings_of(KERAS, "dense and embedding")
def keras_dense(rng):
    """Dense on the last axis, and Embedding."""
    shape = (None if chance(rng, 50) else rng.randint(1, 4), *sizes(rng, rng.randint(0, 4)))
    if chance(rng, 30):
        return "Embedding", {"input_dim": rng.randint(1, 20), "output_dim": rng.randint(1, 8)}, [shape]
    if chance(rng, 4) and len(shape) > 1:
        shape = (*shape[:-1], None)
    settings = sometimes(rng, {"units": rng.randint(1, 20)}, use_bias=chance(rng, 50))
    if chance(rng, 2):
        settings["units"] = rng.choice((0, -1))
    return "Dense", settings, [shape]


@settings_of(KERAS, "reshape")
def keras_reshape(rng):
    """Flatten, Reshape, Permute and RepeatVector."""
    kind = rng.choice(("Flatten", "Reshape", "Reshape", "Permute", "RepeatVector"))
    shape = (None if chance(rng, 50) else rng.randint(1, 4), *sizes(rng, rng.randint(0, 4), high=6))
    if chance(rng, 10) and len(shape) > 1:
        shape = (shape[0], None, *shape[2:])
    if kind == "Flatten":
        return kind, {}, [shape]
    if kind == "RepeatVector":
        return (
            kind,
            {"n": rng.randint(-1, 1) if chance(rng, 5) else rng.randint(1, 5)},
            [shape[:1] + sizes(rng, 1 if chance(rng, 80) else rng.randint(0, 3))],
        )
    if kind == "Permute":
        dims = list(range(1, len(shape)))
        rng.shuffle(dims)
        if chance(rng, 20):
            dims = [rng.randint(0, 4) for _ in range(rng.randint(0, 4))]
        return kind, {"dims": tuple(dims)}, [shape]
    total = math.prod(size or 1 for size in shape[1:])
    return kind, {"target_shape": new_shape(rng, total, 2)}, [shape]


@settings_of(KERAS, "normalisation")
def keras_norm(rng):
    """Batch, layer, group, RMS and unit normalisation over any axis."""
    kind = rng.choice(
        (
            "BatchNormalization",
            "LayerNormalization",
            "GroupNormalization",
            "RMSNormalization",
            "UnitNormalization",
        )
    )
    shape = (None if chance(rng, 50) else rng.randint(1, 4), *sizes(rng, rng.randint(1, 4)))
    settings = sometimes(rng, {}, axis=rng.choice((-1, 1, -1, len(shape) - 1, rng.randint(1, 3))))
    if kind == "GroupNormalization":
        axis = settings.get("axis", -1)
        settings["groups"] = rng.randint(1, 5)
        if chance(rng, 80) and -len(shape) <= axis < len(shape):
            shape = tuple(
                settings["groups"] * rng.randint(1, 4) if place == axis % len(shape) else size
                for place, size in enumerate(shape)
            )
        if chance(rng, 5):
            settings["groups"] = rng.choice((-1, 0))
        if chance(rng, 5):
            settings.pop("groups")
    if kind in ("BatchNormalization", "LayerNormalization", "GroupNormalization"):
        sometimes(rng, settings, center=chance(rng, 50), scale=chance(rng, 50))
    if kind in ("LayerNormalization", "RMSNormalization") and chance(rng, 20) and len(shape) > 2:
        settings["axis"] = (-1, -2)
    if chance(rng, 3):
        shape = (*shape[:-1], None)
    return kind, settings, [shape]


@settings_of(KERAS, "activation")
def keras_activation(rng):
    """What keeps the shape, with the few of them that ask for a rank."""
    shape = (None if chance(rng, 50) else rng.randint(1, 4), *sizes(rng, rng.randint(0, 4), high=6))
    kind = rng.choice(("ReLU", "LeakyReLU", "ELU", "Softmax", "Activation", "Dropout", "GaussianNoise",
    "GaussianDropout", "AlphaDropout",
                       "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D", "PReLU", "PReLU",
                       "Identity", "Rescaling",
                       "ActivityRegularization", "Masking"))  # fmt: skip
    if kind == "Activation":
        return kind, {"activation": rng.choice(("relu", "softmax", "gelu"))}, [shape]
    if "Dropout" in kind:
        return kind, {"rate": 0.5}, [shape]
    if kind == "GaussianNoise":
        return kind, {"stddev": 0.5}, [shape]
    if kind == "Rescaling":
        return kind, {"scale": 0.5}, [shape]
    if kind == "PReLU":
        axes = [axis for axis in range(1, len(shape)) if chance(rng, 50)]
        return kind, sometimes(rng, {}, shared_axes=tuple(axes)), [shape]
    return kind, {}, [shape]


@settings_of(KERAS, "recurrent")
def keras_recurrent(rng):
    """SimpleRNN, LSTM and GRU, in one direction or both."""
    kind = rng.choice(("SimpleRNN", "LSTM", "GRU"))
    settings = sometimes(
        rng, {"units": rng.randint(1, 6)}, return_sequences=chance(rng, 70), use_bias=chance(rng, 60),
        return_state=chance(rng, 60),
    )  # fmt: skip
    if kind == "GRU":
        sometimes(rng, settings, reset_after=chance(rng, 50))
    if chance(rng, 2):
        settings["units"] = rng.choice((0, -1))
    shape = (
        None if chance(rng, 50) else rng.randint(1, 3),
        None if chance(rng, 20) else rng.randint(1, 4),
        rng.randint(1, 6),
    )
    if chance(rng, 8):
        shape = (None, *sizes(rng, rng.randint(0, 3)))
    if chance(rng, 35):
        merge = rng.choice(("concat", "sum", "mul", "ave", None))
        return "Bidirectional", {"layer": (kind, settings), "merge_mode": merge}, [shape]
    return kind, settings, [shape]


@settings_of(KERAS, "attention")
def keras_attention(rng):
    """Multihead attention of a query and a value."""
    settings = {"num_heads": rng.randint(1, 4), "key_dim": rng.randint(1, 6)}
    sometimes(
        rng, settings, value_dim=rng.randint(1, 6), use_bias=chance(rng, 50), output_shape=rng.randint(1, 8)
    )
    batch = None if chance(rng, 50) else rng.randint(1, 3)
    query = (batch, rng.randint(1, 5), rng.randint(1, 8))
    value = query if chance(rng, 50) else (batch, rng.randint(1, 5), rng.randint(1, 8))
    return "MultiHeadAttention", settings, [query, value]


@settings_of(KERAS, "merge")
def keras_merge(rng):
    """Concatenate, and the elementwise merges."""
    shape = sizes(rng, rng.randint(0, 3), high=5)
    batch = None if chance(rng, 40) else rng.randint(1, 3)
    shapes = [list(shape) for _ in range(rng.choice((1, 2, 2, 2, 3)))]
    for other in shapes[1:]:
        for axis in range(len(other)):
            if chance(rng, 15):
                other[axis] = rng.choice((1, rng.randint(1, 5)))
    if chance(rng, 8):
        shapes[-1] = list(sizes(rng, rng.randint(0, 3), high=5))
    shapes = [(rng.randint(1, 3) if batch and chance(rng, 3) else batch, *each) for each in shapes]
    kind = rng.choice(
        ("Concatenate", "Concatenate", "Add", "Multiply", "Average", "Maximum", "Minimum", "Subtract")
    )
    if kind != "Concatenate":
        return kind, {}, shapes
    rank = len(shape) + 1
    axis = rng.randint(1, rank - 1) if rank > 1 and chance(rng, 60) else -1
    if chance(rng, 50):
        shapes = [tuple(rng.randint(1, 5) if place == axis % rank and place else size for place,
        size in enumerate(shapes[0]))
                  for _ in shapes]  # fmt: skip
    return kind, {} if axis == -1 and chance(rng, 50) else {"axis": axis}, shapes


@settings_of(KERAS, "resizing")
def keras_resizing(rng):
    """UpSampling, ZeroPadding and Cropping of one to three axes."""
    count, kind = rng.choice((1, 2, 2, 3)), rng.choice(("UpSampling", "ZeroPadding", "Cropping"))
    settings = {}
    last = count == 1 or not chance(rng, 15)
    if not last:
        settings["data_format"] = "channels_first"
    shape = keras_image(rng, rng.randint(1, 6), count, last, high=8)
    name = {"UpSampling": "size", "ZeroPadding": "padding", "Cropping": "cropping"}[kind]
    if chance(rng, 10):
        return f"{kind}{count}D", settings, [shape]
    if kind == "UpSampling":
        settings[name] = rng.randint(1, 3) if count == 1 else per_axis(rng, count, 1, 3)
    elif chance(rng, 40):
        settings[name] = rng.randint(0, 3)
    elif count == 1:
        settings[name] = (rng.randint(0, 3), rng.randint(0, 3))
    elif chance(rng, 50):
        settings[name] = tuple(rng.randint(0, 3) for _ in range(count))
    else:
        settings[name] = tuple((rng.randint(0, 3), rng.randint(0, 3)) for _ in range(count))
    if chance(rng, 2):
        settings[name] = rng.choice((-1, (1, 2, 3, 4)))
    return f"{kind}{count}D", settings, [shape]
