"""Keras's layers in PyTorch's terms: (class, arguments as code) of each, and what has no equivalent."""

from ..calls import written
from ..records import Unread
from ..sizes import product, span, spread

NO_EQUIVALENT = "nn.Sequential has no equivalent."
ORDER = (
    "PyTorch flattens channels first: the weights of the layer behind it have to be permuted to be ported."
)
ACTIVATIONS = {
    "relu": "ReLU()", "relu6": "ReLU6()", "sigmoid": "Sigmoid()", "tanh": "Tanh()", "gelu": "GELU()",
    "elu": "ELU()",
    "selu": "SELU()", "silu": "SiLU()", "swish": "SiLU()", "mish": "Mish()", "softplus": "Softplus()",
    "softsign": "Softsign()", "leaky_relu": "LeakyReLU(0.2)", "hard_sigmoid": "Hardsigmoid()",
    "hard_swish": "Hardswish()", "hard_silu": "Hardswish()", "log_sigmoid": "LogSigmoid()", "celu": "CELU()",
    "hard_tanh": "Hardtanh()", "tanh_shrink": "Tanhshrink()",
}  # fmt: skip


def to_pytorch(layer, shape, made):
    """Return [(class, arguments)] and [sentence]."""
    kind, settings = layer.kind, layer.settings
    place = next((digit for digit in "123" if f"{digit}D" in kind), "")
    count, base = int(place or 0), kind.replace(f"{place}D", "") if place else kind
    if settings.get("data_format") == "channels_first":
        return [], ["It has channels first already: its settings are PyTorch's."]
    if base not in WAYS:
        return [], [NO_EQUIVALENT]
    calls, notes = WAYS[base](settings, shape, made, count)
    activation = settings.get("activation")
    if base != "Activation" and calls and activation not in (None, "linear") and base not in RECURRENT:
        more, said = activate(activation, made.output)
        calls, notes = [*calls, *more], [*notes, *said]
    return calls, notes


def activate(name, shape):
    """Return the module of an activation's name."""
    if name == "softmax":
        return [("Softmax", f"dim={1 if len(shape) != 3 else -1}")], []
    if name == "log_softmax":
        return [("LogSoftmax", f"dim={1 if len(shape) != 3 else -1}")], []
    if name == "linear" or name is None:
        return [], []
    text = name.text.rpartition(".")[2] if isinstance(name, Unread) else name
    if text not in ACTIVATIONS:
        return [], [f"the activation {text!r} is not known"]
    module, _, arguments = ACTIVATIONS[text].partition("(")
    return [(module, arguments.removesuffix(")"))], []


def pad_call(pads, value="0"):
    """Return the padding layer that makes a padding that is not the same on both sides."""
    flat = tuple(number for pair in reversed(pads) for number in pair)
    if value == "0":
        return (f"ZeroPad{len(pads)}d", written_list(flat))
    return (f"ConstantPad{len(pads)}d", f"{written_list(flat)}, {value}")


def written_list(numbers):
    """Write a tuple of numbers with all of them."""
    return "(" + ", ".join(str(number) for number in numbers) + ")"


def options(count, **values):
    """Write named arguments that are not their default."""
    text = ""
    for name, (value, default) in values.items():
        if any(each != default for each in spread(value, count or 1)):
            text += f", {name}={written(value)}"
    return text


def convolution(settings, made, count, ins, outs, groups, bias):
    """Return the calls of a convolution, with a padding layer where the sides differ."""
    kernel = spread(settings["kernel_size"], count)
    named = options(
        count,
        stride=(spread(settings["strides"], count), 1),
        dilation=(spread(settings["dilation_rate"], count), 1),
    )
    before = []
    pads = made.padding
    if None in pads:
        return [], ["With unknown sizes its padding is not known."]
    if any(before_ != after for before_, after in pads):
        before = [pad_call(pads)]
    elif any(number for pair in pads for number in pair):
        named += f", padding={written(tuple(pair[0] for pair in pads))}"
    named += options(0, groups=(groups, 1)) + ("" if bias else ", bias=False")
    return [*before, (f"Conv{count}d", f"{ins}, {outs}, {written(kernel)}{named}")], []


def conv(settings, shape, made, count):
    """A convolution."""
    return convolution(
        settings, made, count, shape[-1], settings["filters"], settings["groups"], settings["use_bias"]
    )


def depthwise(settings, shape, made, count):
    """A depthwise convolution: as many groups as channels."""
    ins = shape[-1]
    return convolution(
        settings, made, count, ins, ins * settings["depth_multiplier"], ins, settings["use_bias"]
    )


def separable(settings, shape, made, count):
    """A separable convolution: a depthwise one, and one of 1 x 1."""
    ins, middle = shape[-1], shape[-1] * settings["depth_multiplier"]
    calls, notes = convolution(settings, made, count, ins, middle, ins, False)
    bias = "" if settings["use_bias"] else ", bias=False"
    return [*calls, (f"Conv{count}d", f"{middle}, {settings['filters']}, 1{bias}")] if calls else [], notes


def transposed(settings, shape, made, count):
    """A transposed convolution, with the padding and output_padding that make the same size."""
    kernel, strides, dilation = (
        spread(settings[name], count) for name in ("kernel_size", "strides", "dilation_rate")
    )
    sizes, outs = shape[1:-1], made.output[1:-1]
    if None in sizes:
        return [], ["With unknown sizes its padding is not known."]
    padding, extra = [], []
    for size, out, k, s, d in zip(sizes, outs, kernel, strides, dilation, strict=True):
        more = out - (size - 1) * s  # what one place makes, with the padding taken away
        pad = max(-(-(span(k, d) - more) // 2), 0)
        padding.append(pad)
        extra.append(more + 2 * pad - span(k, d))
    if any(e >= max(s, d) for e, s, d in zip(extra, strides, dilation, strict=True)):
        return [], ["PyTorch's output_padding has to be smaller than the stride or the dilation."]
    named = options(
        count,
        stride=(strides, 1),
        padding=(tuple(padding), 0),
        output_padding=(tuple(extra), 0),
        dilation=(dilation, 1),
    )
    named += "" if settings["use_bias"] else ", bias=False"
    return [(f"ConvTranspose{count}d", f"{shape[-1]}, {settings['filters']}, {written(kernel)}{named}")], []


def pool(settings, shape, made, count, way):
    """Max or average pooling."""
    size = spread(settings["pool_size"], count)
    strides = size if settings["strides"] is None else spread(settings["strides"], count)
    named = "" if strides == size else f", stride={written(strides)}"
    if None in made.padding:
        return [], ["With unknown sizes its padding is not known."]
    before = []
    if any(number for pair in made.padding for number in pair):
        symmetric = all(b == a and b <= k // 2 for (b, a), k in zip(made.padding, size, strict=True))
        if way == "Avg" and not symmetric:
            return [], ["AvgPool leaves the padding out of its means only where both sides have the same."]
        if symmetric:
            named += f", padding={written(tuple(pair[0] for pair in made.padding))}"
            named += ", count_include_pad=False" if way == "Avg" else ""
        else:
            before = [pad_call(made.padding, "float('-inf')")]
    return [*before, (f"{way}Pool{count}d", f"{written(size)}{named}")], []


def global_pool(settings, shape, made, count, way):
    """Pooling over all places."""
    calls = [(f"Adaptive{way}Pool{count}d", "1")]
    return calls if settings["keepdims"] else [*calls, ("Flatten", "")], []


def adaptive(settings, shape, made, count, way):
    """Pooling to a size."""
    return [(f"Adaptive{way}Pool{count}d", written(settings["output_size"]))], []


def dense(settings, shape, made, count):
    """A dense layer."""
    if len(shape) > 3:
        return [], ["On images PyTorch's Linear reads the width: use a convolution of 1 x 1."]
    return [
        ("Linear", f"{shape[-1]}, {settings['units']}" + ("" if settings["use_bias"] else ", bias=False"))
    ], []


def flatten(settings, shape, made, count):
    """Flatten."""
    return [("Flatten", "")], [ORDER] if len(shape) > 2 and product(shape[1:-1]) != 1 else []


def reshape(settings, shape, made, count):
    """Reshape: flat, and unflat with the channels first."""
    target = tuple(made.output[1:])
    if None in target:
        return [], ["With unknown sizes it is not known."]
    first = (target[-1], *target[:-1]) if len(target) > 2 else target
    calls = [] if len(shape) == 2 else [("Flatten", "")]
    if len(target) > 1:
        calls.append(("Unflatten", f"1, {written_list(first)}"))
    order = "Keras reads the values with the channels last, PyTorch with the channels first."
    return calls, [order] if len(target) > 2 else []


def batch_norm(settings, shape, made, count):
    """Batch normalisation."""
    if settings["axis"] not in (-1, len(shape) - 1):
        return [], ["PyTorch normalises the channels only."]
    if settings["center"] != settings["scale"] or settings["renorm"]:
        return [], ["PyTorch has both of scale and centre, or none, and no renorm."]
    places = {2: 1, 3: 1, 4: 2, 5: 3}.get(len(shape), 0)
    affine = "" if settings["center"] else ", affine=False"
    momentum = round(1 - settings["momentum"], 10)
    if not places:
        return [], [NO_EQUIVALENT]
    return [
        (f"BatchNorm{places}d", f"{shape[-1]}, eps={settings['epsilon']}, momentum={momentum}{affine}")
    ], []


def layer_norm(settings, shape, made, count):
    """Layer normalisation over the last axis."""
    if settings["axis"] not in (-1, len(shape) - 1) or len(shape) > 3:
        return [], ["Over the channels of images PyTorch has no module for it."]
    named = f"{shape[-1]}, eps={settings['epsilon']}"
    if not settings["scale"]:
        return (
            ([], [NO_EQUIVALENT])
            if settings["center"]
            else ([("LayerNorm", f"{named}, elementwise_affine=False")], [])
        )
    return [("LayerNorm", named + ("" if settings["center"] else ", bias=False"))], []


def group_norm(settings, shape, made, count):
    """Group normalisation."""
    if settings["axis"] not in (-1, len(shape) - 1) or settings["center"] != settings["scale"]:
        return [], ["PyTorch normalises the channels, with both of scale and centre or none."]
    groups = shape[-1] if settings["groups"] == -1 else settings["groups"]
    affine = "" if settings["center"] else ", affine=False"
    return [("GroupNorm", f"{groups}, {shape[-1]}, eps={settings['epsilon']}{affine}")], []


def prelu(settings, shape, made, count):
    """PReLU, with one slope or one for each channel."""
    slopes = made.weights[0].shape
    if product(slopes) == 1:
        return [("PReLU", "")], []
    if slopes[-1] == product(slopes):
        return [("PReLU", str(slopes[-1]))], []
    return [], ["PyTorch has one slope, or one for each channel."]


def upsampling(settings, shape, made, count):
    """Upsample by a whole factor."""
    size = spread(settings["size"], count)
    mode = settings.get("interpolation", "nearest")
    if mode not in ("nearest", "bilinear", "bicubic"):
        return [], [f"interpolation={mode!r} has no equivalent."]
    named = "" if mode == "nearest" else f", mode={mode!r}"
    return [
        (
            "Upsample",
            f"scale_factor={written(size)}{named}"
            if len(set(size)) > 1
            else f"scale_factor={size[0]}{named}",
        )
    ], []


def zero_padding(settings, shape, made, count):
    """Zeros around the places."""
    return [pad_call(made.padding)], []


def cropping(settings, shape, made, count):
    """Places cut off."""
    value = settings["cropping"]
    pairs = [(value, value)] * count if isinstance(value, int) else [value] if count == 1 else list(value)
    pairs = [pair if isinstance(pair, tuple | list) else (pair, pair) for pair in pairs]
    return [pad_call([(-before, -after) for before, after in pairs])], []


def dropout(settings, shape, made, count):
    """Dropout, of single values or of whole channels."""
    return [(f"Dropout{count}d" if count else "Dropout", f"{settings['rate']}")], []


def recurrent(settings, shape, made, count):
    """Recurrent layers return a tuple."""
    return [], [
        "PyTorch's recurrent layers return a tuple, which nn.Sequential cannot pass on: write a forward."
    ]


RECURRENT = ("LSTM", "GRU", "SimpleRNN", "Bidirectional")
WAYS = {
    "Conv": conv, "ConvTranspose": transposed, "DepthwiseConv": depthwise, "SeparableConv": separable,
    "Dense": dense, "MaxPooling": lambda *given: pool(*given, "Max"),
    "AveragePooling": lambda *given: pool(*given, "Avg"),
    "GlobalAveragePooling": lambda *given: global_pool(*given, "Avg"),
    "GlobalMaxPooling": lambda *given: global_pool(*given, "Max"),
    "AdaptiveAveragePooling": lambda *given: adaptive(*given, "Avg"),
    "AdaptiveMaxPooling": lambda *given: adaptive(*given, "Max"),
    "Flatten": flatten, "Reshape": reshape, "BatchNormalization": batch_norm, "LayerNormalization":
    layer_norm, "GroupNormalization": group_norm, "PReLU": prelu, "UpSampling": upsampling, "ZeroPadding":
    zero_padding, "Cropping": cropping, "Dropout": dropout, "SpatialDropout": dropout,
    "Embedding": lambda settings, *rest: ([("Embedding",
    f"{settings['input_dim']}, {settings['output_dim']}")], []),
    "Identity": lambda *given: ([("Identity", "")], []),
    "ReLU": lambda settings, *rest: (
        [("ReLU", "")] if settings["max_value"] is None else [("Hardtanh",
        f"0.0, {settings['max_value']}")], []
    ),
    "LeakyReLU": lambda settings, *rest: ([("LeakyReLU", f"{settings['negative_slope']}")], []),
    "ELU": lambda settings, *rest: ([("ELU", f"{settings['alpha']}")], []),
    "Softmax": lambda settings, shape, *rest: ([("Softmax", f"dim={1 if len(shape) != 3 else -1}")], []),
    "Activation": lambda settings, shape, *rest: activate(settings["activation"], shape),
    **dict.fromkeys(RECURRENT, recurrent),
}  # fmt: skip
