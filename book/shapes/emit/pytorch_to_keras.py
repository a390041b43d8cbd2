"""PyTorch's layers in Keras's terms: (class, arguments as code) of each, and what has no equivalent."""

from ..calls import written
from ..sizes import product, span, spread

NO_EQUIVALENT = "Keras has no equivalent."
ORDER = "Keras flattens channels last: the weights of the layer behind it have to be permuted to be ported."
ACTIVATIONS = {
    "GELU": "gelu", "Sigmoid": "sigmoid", "Tanh": "tanh", "SiLU": "silu", "Mish": "mish", "SELU": "selu",
    "Softplus": "softplus", "Softsign": "softsign", "LogSigmoid": "log_sigmoid", "Hardswish": "hard_swish",
    "Hardsigmoid": "hard_sigmoid", "Tanhshrink": "tanh_shrink", "Hardtanh": "hard_tanh", "CELU": "celu",
}  # fmt: skip
PLACES = {1: "1D", 2: "2D", 3: "3D"}


def to_keras(layer, shape, made):
    """Return [(class, arguments)] and [sentence]."""
    kind, settings = layer.kind, layer.settings
    count = int(kind[-2]) if kind[-1] == "d" and kind[-2].isdecimal() else 0
    base = kind[:-2] if count else kind
    if base in WAYS:
        return WAYS[base](settings, shape, made, count)
    if base in ACTIVATIONS:
        return [("Activation", repr(ACTIVATIONS[base]))], []
    return [], [NO_EQUIVALENT]


def padding_before(pads):
    """Return the ZeroPadding that makes a padding, none where nothing is padded."""
    if not any(number for pair in pads for number in pair):
        return []
    shown = f"({pads[0][0]}, {pads[0][1]})" if len(pads) == 1 else written(tuple(pads))
    return [(f"ZeroPadding{PLACES[len(pads)]}", shown)]


def conv(settings, shape, made, count):
    """A convolution."""
    if settings["padding_mode"] != "zeros":
        return [], [
            f"Keras pads with zeros only: padding_mode={settings['padding_mode']!r} has no equivalent."
        ]
    names = ("stride", "dilation", "kernel_size")
    stride, dilation, kernel = (spread(settings[name], count) for name in names)
    if max(stride) > 1 and max(dilation) > 1:
        return [], ["Keras refuses strides together with a dilation."]
    same = max(stride) == 1 and all(
        before == span(k, d) // 2 and after == span(k, d) - 1 - before
        for (before, after), k, d in zip(made.padding, kernel, dilation, strict=True)
    )
    before, named = padding_before(made.padding), ""
    if same and before:
        before, named = [], ", padding='same'"
    named += options(strides=(stride, 1), dilation_rate=(dilation, 1), groups=(settings["groups"], 1))
    named += "" if settings["bias"] else ", use_bias=False"
    return [*before, (f"Conv{PLACES[count]}", f"{settings['out_channels']}, {written(kernel)}{named}")], []


def options(**values):
    """Write named arguments that are not their default."""
    text = ""
    for name, (value, default) in values.items():
        if any(each != default for each in spread(value, 1)):
            text += f", {name}={written(value)}"
    return text


def conv_transpose(settings, shape, made, count):
    """A transposed convolution: without padding, and what the padding takes away cropped."""
    names = ("stride", "padding", "output_padding", "dilation", "kernel_size")
    stride, padding, extra, dilation, kernel = (spread(settings[name], count) for name in names)
    if settings["groups"] != 1:
        return [], ["Keras has no groups in transposed convolutions."]
    if max(stride) > 1 and max(dilation) > 1:
        return [], ["Keras refuses strides together with a dilation."]
    if any(e >= s for e, s in zip(extra, stride, strict=True)):
        return [], ["Keras's output_padding has to be smaller than the strides."]
    named = options(strides=(stride, 1), dilation_rate=(dilation, 1))
    if any(extra) or any(span(k, d) < s for k, d, s in zip(kernel, dilation, stride, strict=True)):
        named += f", output_padding={written(extra)}"
    named += "" if settings["bias"] else ", use_bias=False"
    calls = [(f"Conv{PLACES[count]}Transpose", f"{settings['out_channels']}, {written(kernel)}{named}")]
    if any(padding):
        crop = tuple((p, p) for p in padding)
        calls.append(
            (f"Cropping{PLACES[count]}", f"({padding[0]}, {padding[0]})" if count == 1 else written(crop))
        )
    return calls, []


def pool(settings, shape, made, count, way):
    """Max or average pooling."""
    kernel = spread(settings["kernel_size"], count)
    stride = spread(settings["kernel_size"] if settings["stride"] is None else settings["stride"], count)
    if any(each != 1 for each in spread(settings.get("dilation", 1), count)):
        return [], ["Keras's pooling has no dilation."]
    floor = tuple(
        (size + 2 * pad - k) // s + 1
        for size, (pad, _), k, s in zip(shape[-count:], made.padding, kernel, stride, strict=True)
    )
    if floor != tuple(made.output[-count:]):
        return [], ["Keras has no ceil_mode, and here it makes the output larger."]
    notes = []
    before = padding_before(made.padding)
    if before and way == "Max":
        notes.append("ZeroPadding pads with zeros, PyTorch with -inf: behind a ReLU that is the same.")
    if before and way == "Average" and not settings["count_include_pad"]:
        notes.append("ZeroPadding's zeros count in the mean: count_include_pad=False has no equivalent.")
    named = "" if stride == kernel else f", strides={written(stride)}"
    return [*before, (f"{way}Pooling{PLACES[count]}", f"{written(kernel)}{named}")], notes


def adaptive(settings, shape, made, count, way):
    """Adaptive pooling; to a size of 1 it is global pooling."""
    size = tuple(made.output[-count:])
    if set(size) == {1}:
        return [(f"Global{way}Pooling{PLACES[count]}", "keepdims=True")], []
    return [(f"Adaptive{way}Pooling{PLACES[count]}", written(size) if count > 1 else str(size[0]))], []


def linear(settings, shape, made, count):
    """A linear layer."""
    return [("Dense", f"{settings['out_features']}" + ("" if settings["bias"] else ", use_bias=False"))], []


def flatten(settings, shape, made, count):
    """Flatten: everything but the batch, else a Reshape."""
    notes = [ORDER] if len(shape) > 2 and product(shape[2:]) > 1 else []
    if len(made.output) == 2:
        return [("Flatten", "")], notes
    return [("Reshape", written(tuple(made.output[1:])))], ["It is written for the order of axes in PyTorch."]


def batch_norm(settings, shape, made, count):
    """Batch normalisation."""
    notes = [] if settings["track_running_stats"] else ["Keras always keeps moving statistics."]
    momentum = settings["momentum"]
    named = [] if momentum is None else [f"momentum={round(1 - momentum, 10)}"]
    named.append(f"epsilon={settings['eps']}")
    named += [] if settings["affine"] else ["center=False", "scale=False"]
    return [("BatchNormalization", ", ".join(named))], notes


def instance_norm(settings, shape, made, count):
    """Instance normalisation: one group for each channel."""
    affine = "" if settings["affine"] else ", center=False, scale=False"
    notes = ["Keras has no running statistics here."] if settings["track_running_stats"] else []
    return [("GroupNormalization", f"groups=-1, epsilon={settings['eps']}{affine}")], notes


def group_norm(settings, shape, made, count):
    """Group normalisation."""
    affine = "" if settings["affine"] else ", center=False, scale=False"
    return [("GroupNormalization", f"groups={settings['num_groups']}, epsilon={settings['eps']}{affine}")], []


def layer_norm(settings, shape, made, count):
    """Layer normalisation over the last axis."""
    if len(spread(settings["normalized_shape"], 1)) > 1 or len(shape) > 3:
        return [], ["Over these axes it is written by hand: Keras has the channels last."]
    named = [f"epsilon={settings['eps']}"] if settings["eps"] is not None else []
    if not settings["elementwise_affine"]:
        named += ["center=False", "scale=False"]
    elif not settings["bias"]:
        named.append("center=False")
    return [("LayerNormalization", ", ".join(named))], []


def prelu(settings, shape, made, count):
    """PReLU, with one slope or one for each channel."""
    axes = tuple(range(1, len(shape)))
    if settings["num_parameters"] != 1:
        axes = axes[:-1]
    return [("PReLU", f"shared_axes={written(list(axes))}" if axes else "")], []


def embedding(settings, shape, made, count):
    """An embedding."""
    return [("Embedding", f"{settings['num_embeddings']}, {settings['embedding_dim']}")], []


def softmax(settings, shape, made, count, name=None):
    """Softmax over an axis: channels are last in Keras."""
    axis = settings["dim"]
    if axis is None or len(shape) > 2:
        return [], ["Its axis is another one in Keras: write it by hand."]
    return [("Activation", repr(name))] if name else [("Softmax", "")], []


def upsample(settings, shape, made, count):
    """Upsample by a whole factor."""
    count = len(shape) - 2
    pairs = list(zip(made.output[2:], shape[2:], strict=True))
    factors = tuple(new // old for new, old in pairs)
    mode = settings.get("mode", "nearest")
    if any(new % old for new, old in pairs) or (mode != "nearest" and (mode != "bilinear" or count != 2)):
        return [], ["Keras's UpSampling takes whole factors, and interpolates between places of images only."]
    named = ", interpolation='bilinear'" if mode == "bilinear" else ""
    notes = ["Keras interpolates as align_corners=False does."] if settings.get("align_corners") else []
    return [(f"UpSampling{PLACES[count]}", f"{written(factors) if count > 1 else factors[0]}{named}")], notes


def zero_pad(settings, shape, made, count):
    """Zeros around the places, or places cut off."""
    if settings.get("value", 0):
        return [], ["Keras pads with zeros only."]
    pairs = made.padding
    if any(number < 0 for pair in pairs for number in pair):
        if any(number > 0 for pair in pairs for number in pair):
            return [], ["It pads and cuts at once: write a ZeroPadding and a Cropping."]
        crop = tuple((-before, -after) for before, after in pairs)
        return [
            (f"Cropping{PLACES[count]}", written(crop) if count > 1 else f"({crop[0][0]}, {crop[0][1]})")
        ], []
    return padding_before(pairs) or [("Identity", "")], []


def dropout(settings, shape, made, count):
    """Dropout, of single values or of whole channels."""
    rate = settings["p"]
    return [(f"SpatialDropout{PLACES[count]}" if count else "Dropout", f"{rate}")], []


def recurrent(settings, shape, made, count, kind):
    """RNN, LSTM and GRU, one layer after the other."""
    if not settings["batch_first"] or settings["proj_size"] or len(shape) != 3:
        return [], ["Keras's recurrent layers have the batch first, and no projection."]
    inner = f"{settings['hidden_size']}, return_sequences=True"
    inner += "" if settings["bias"] else ", use_bias=False"
    each = (kind, inner)
    if settings["bidirectional"]:
        each = ("Bidirectional", f"layers.{kind}({inner})")
    notes = ["It returns its outputs and its state in PyTorch; here the outputs alone."]
    if settings["bias"] and kind != "GRU":
        notes.append("PyTorch has two biases where Keras has one: fewer parameters.")
    return [each] * settings["num_layers"], notes


WAYS = {
    "Conv": conv, "ConvTranspose": conv_transpose, "Linear": linear, "Flatten": flatten, "BatchNorm":
    batch_norm, "MaxPool": lambda *given: pool(*given, "Max"), "AvgPool": lambda *given: pool(*given,
    "Average"), "AdaptiveAvgPool": lambda *given: adaptive(*given, "Average"),
    "AdaptiveMaxPool": lambda *given: adaptive(*given, "Max"),
    "InstanceNorm": instance_norm, "GroupNorm": group_norm, "LayerNorm": layer_norm, "PReLU": prelu,
    "Embedding": embedding, "Softmax": softmax, "LogSoftmax": lambda *given: softmax(*given, "log_softmax"),
    "Upsample": upsample, "UpsamplingNearest": upsample, "ZeroPad": zero_pad, "ConstantPad": zero_pad,
    "Dropout": dropout, "Identity": lambda *given: ([("Identity", "")], []),
    "ReLU": lambda *given: ([("ReLU", "")], []), "ReLU6": lambda *given: ([("ReLU", "max_value=6.0")], []),
    "LeakyReLU": lambda settings, *rest: ([("LeakyReLU", f"{settings['negative_slope']}")], []),
    "ELU": lambda settings, *rest: ([("ELU", f"{settings['alpha']}")], []),
    "RNN": lambda *given: recurrent(*given, "SimpleRNN"), "LSTM": lambda *given: recurrent(*given, "LSTM"),
    "GRU": lambda *given: recurrent(*given, "GRU"),
}  # fmt: skip
