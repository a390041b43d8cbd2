"""Names of layers and functions in a text: aliases, and which framework a text is written in."""

import re

from ..rules import known
from ..signatures import KERAS, PYTORCH

ALIASES = {
    "Convolution1D": "Conv1D", "Convolution2D": "Conv2D", "Convolution3D": "Conv3D",
    "Convolution1DTranspose": "Conv1DTranspose", "Convolution2DTranspose": "Conv2DTranspose",
    "Convolution3DTranspose": "Conv3DTranspose", "SeparableConvolution1D": "SeparableConv1D",
    "SeparableConvolution2D": "SeparableConv2D", "Input": "InputLayer",
    **{f"{short}Pool{n}D": f"{long}Pooling{n}D" for n in (1, 2, 3) for short, long in (("Max", "Max"),
    ("Avg", "Average"))},
    **{f"Global{short}Pool{n}D": f"Global{long}Pooling{n}D" for n in (1, 2, 3)
       for short, long in (("Max", "Max"), ("Avg", "Average"))},
    "SyncBatchNorm": "BatchNorm2d", "NonDynamicallyQuantizableLinear": "Linear", "SiLUActivation": "SiLU",
    "GELUActivation": "GELU", "NewGELUActivation": "GELU",
}  # fmt: skip
CONTAINERS = ("Sequential", "ModuleList", "ModuleDict")
# What stands before the dot of a library's name.
MODULES = ("nn", "torch", "layers", "keras", "tf", "tensorflow", "F", "np", "numpy", "math", "L")
ACTIVATION_FUNCTIONS = {
    "relu": "ReLU", "relu6": "ReLU6", "leaky_relu": "LeakyReLU", "elu": "ELU", "selu": "SELU", "celu": "CELU",
    "gelu": "GELU", "silu": "SiLU", "mish": "Mish", "sigmoid": "Sigmoid", "tanh": "Tanh",
    "softplus": "Softplus",
    "softsign": "Softsign", "hardtanh": "Hardtanh", "hardswish": "Hardswish", "hardsigmoid": "Hardsigmoid",
    "logsigmoid": "LogSigmoid", "tanhshrink": "Tanhshrink", "normalize": "Identity", "abs": "Identity",
    **dict.fromkeys(
        ("exp", "sqrt", "clamp", "clip", "log", "log1p", "sin", "cos", "square", "rsqrt", "neg", "sign",
         "erf", "sigmoid_", "tanh_", "nan_to_num", "cumsum", "masked_fill", "roll", "flip"), "Identity",
    ),
}  # fmt: skip
# A function of PyTorch: the layer or operation that it is like, and its arguments behind the tensor.
FUNCTIONS = {
    **{name: (kind, ()) for name, kind in ACTIVATION_FUNCTIONS.items()},
    "softmax": ("Softmax", ("dim",)), "log_softmax": ("LogSoftmax", ("dim",)), "softmin": ("Softmin",
    ("dim",)),
    "glu": ("GLU", ("dim",)), "dropout": ("Dropout", ("p",)), "dropout1d": ("Dropout1d", ("p",)),
    "dropout2d": ("Dropout2d", ("p",)), "dropout3d": ("Dropout3d", ("p",)),
    "alpha_dropout": ("AlphaDropout", ("p",)),
    **{f"max_pool{n}d": (f"MaxPool{n}d", ("kernel_size", "stride", "padding", "dilation", "ceil_mode"))
       for n in (1, 2, 3)},
    **{f"avg_pool{n}d": (f"AvgPool{n}d", ("kernel_size", "stride", "padding", "ceil_mode",
    "count_include_pad"))
       for n in (1, 2, 3)},
    **{f"adaptive_avg_pool{n}d": (f"AdaptiveAvgPool{n}d", ("output_size",)) for n in (1, 2, 3)},
    **{f"adaptive_max_pool{n}d": (f"AdaptiveMaxPool{n}d", ("output_size",)) for n in (1, 2, 3)},
    "interpolate": ("Upsample", ("size", "scale_factor", "mode", "align_corners")),
    "upsample": ("Upsample", ("size", "scale_factor", "mode", "align_corners")),
    "pixel_shuffle": ("PixelShuffle", ("upscale_factor",)), "pixel_unshuffle": ("PixelUnshuffle",
    ("downscale_factor",)),
    "flatten": ("Flatten", ("start_dim", "end_dim")), "unflatten": ("Unflatten", ("dim", "unflattened_size")),
    "transpose": ("transpose", ("dim0", "dim1")), "swapaxes": ("transpose", ("dim0", "dim1")),
    "unsqueeze": ("unsqueeze", ("dim",)), "squeeze": ("squeeze", ("dim",)),
    **dict.fromkeys(("mean", "sum", "amax", "amin", "std", "var"), ("mean", ("dim", "keepdim"))),
    "cat": ("cat", ("dim",)), "concat": ("cat", ("dim",)), "concatenate": ("cat", ("dim",)),
    "layer_norm": ("LayerNorm", ("normalized_shape",)), "tril": ("Identity", ()), "triu": ("Identity", ()),
    "stack": ("stack", ("dim",)), "pad": ("pad", ("pad", "mode", "value")),
    "add": ("add", ()), "sub": ("add", ()), "mul": ("mul", ()), "div": ("mul",
    ()),
    "maximum": ("add", ()), "minimum": ("add", ()),
    "matmul": ("matmul", ()), "mm": ("matmul", ()), "bmm": ("matmul", ()), "expand_as": ("expand_as", ()),
    "view_as": ("view_as", ()), "reshape_as": ("view_as", ()), "t": ("t", ()), "pow": ("add", ()),
    "movedim": ("movedim", ("source", "destination")), "moveaxis": ("movedim", ("source", "destination")),
    "logsumexp": ("mean", ("dim", "keepdim")), "argmax": ("mean", ("dim", "keepdim")),
    "argmin": ("mean", ("dim", "keepdim")), "prod": ("mean", ("dim", "keepdim")),
}  # fmt: skip
# Functions whose arguments are sizes or axes, one by one or as a tuple.
LISTED = {
    "view": ("view", "shape"),
    "reshape": ("reshape", "shape"),
    "permute": ("permute", "dims"),
    "expand": ("expand", "size"),
    "repeat": ("repeat", "repeats"),
}
UNCHANGED = ("contiguous", "float", "half", "double", "to", "cuda", "cpu", "clone", "detach",
"requires_grad_", "type",
             "checkpoint", "relu_", "identity", "randn_like", "rand_like",
    "zeros_like", "ones_like", "empty_like")  # fmt: skip
KERAS_FUNCTIONS = {
    "concatenate": "Concatenate", "concat": "Concatenate", "add": "Add", "multiply": "Multiply",
    "subtract": "Subtract",
    "average": "Average", "maximum": "Maximum", "minimum": "Minimum",
}  # fmt: skip


def resolved(name):
    """Return a layer's own name for an alias."""
    return ALIASES.get(name, name)


def is_layer(name, framework):
    """Whether a name is a layer of the framework."""
    return name[:1].isupper() and known(framework, resolved(name))


def framework_of(text):
    """Return the framework that a text is written in, by its prefixes and by names that only one of them
    has.
    """
    words = re.findall(r"[A-Za-z_][\w.]*", text)
    score = 0
    for word in words:
        parts = word.split(".")
        last = resolved(parts[-1])
        if parts[0] in ("torch", "nn", "F") or last in (
            "Module",
            "ModuleList",
            "forward",
            "in_features",
            "in_channels",
        ):
            score += 2
        if parts[0] in ("keras", "tf", "tensorflow", "layers") or last in ("InputLayer", "keras_tensor"):
            score -= 2
        if last[:1].isupper():
            score += (last in PYTORCH and last not in KERAS) - (last in KERAS and last not in PYTORCH)
    return "keras" if score < 0 else "pytorch"
