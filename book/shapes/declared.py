"""Holds what a Keras summary says of a layer to the rules: with which settings does it make this output, with
this many parameters, from the input that the table gives it?
"""

import itertools

from .arguments import bind
from .records import BUFFER, Refusal
from .rules import known, outcome
from .signatures import KERAS, REQUIRED
from .sizes import product

KERNELS = (3, 1, 2, 5, 7, 4, 6, 9, 11)
WINDOW = {"strides": (1, 2, 3, 4), "padding": ("valid", "same")}
BIAS = {"use_bias": (True, False)}
KEPT = (
    "ReLU", "LeakyReLU", "ELU", "Softmax", "Activation", "Dropout", "Identity", "Rescaling", "GaussianNoise",
    "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D", "Flatten",
)  # fmt: skip
MERGES = ("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concatenate")
UNIMPORTANT = {"activation": "relu", "rate": 0.5, "scale": 1.0, "stddev": 1.0}


def choices(kind, shapes, output, parameters):
    """Return {argument: values that are tried} of a layer, None for one of which no settings are tried."""
    base = kind[:-2] if kind[-1] == "D" else kind
    if base == "Conv":
        return {"filters": (output[-1],), "kernel_size": KERNELS, **WINDOW, **BIAS}
    if base.startswith("Conv") and kind.endswith("Transpose"):
        return {"filters": (output[-1],), "kernel_size": KERNELS, **WINDOW, **BIAS}
    if base == "DepthwiseConv":
        return {"kernel_size": KERNELS, **WINDOW, **BIAS, "depth_multiplier": (1, 2)}
    if base == "SeparableConv":
        return {"filters": (output[-1],), "kernel_size": KERNELS, **WINDOW, **BIAS}
    if base in ("MaxPooling", "AveragePooling"):
        return {"pool_size": KERNELS, "strides": (None, 1, 2, 3), "padding": ("valid", "same")}
    if base.startswith("Global"):
        return {"keepdims": (len(output) > 2,)}
    if base == "UpSampling":
        return {"size": (2, 3, 4, 5, 7, 8)}
    simple = {
        "Dense": {"units": (output[-1],), **BIAS},
        "Embedding": {"output_dim": (output[-1],), "input_dim": (max(parameters // (output[-1] or 1), 1),)},
        "BatchNormalization": {"center": (True, False), "scale": (True, False)},
        "LayerNormalization": {"center": (True, False), "scale": (True, False)},
        "Reshape": {"target_shape": (tuple(-1 if size is None else size for size in output[1:]),)},
        "RepeatVector": {"n": (output[1] if len(output) > 1 else 1,)},
        **{name: {"units": (output[-1],), "return_sequences": (len(output) == 3,), **BIAS}
           for name in ("LSTM", "GRU", "SimpleRNN")},
        **{name: {} for name in MERGES},
    }  # fmt: skip
    if kind in KEPT:
        return {}
    return simple.get(kind)


def fitting(kind, shapes, output, parameters):
    """Return the outcomes of the settings with which a layer is what the table says; None where none are
    tried.
    """
    tried = (
        choices(kind, shapes, output, parameters)
        if known("keras", kind) and None not in output[-1:]
        else None
    )
    if tried is None or None in shapes:
        return None
    found = []
    for values in itertools.product(*tried.values()):
        named = dict(zip(tried, values, strict=True))
        named |= {name: UNIMPORTANT[name] for name in required_of(kind) if name not in named}
        try:
            made = outcome("keras", kind, {**bind(kind, "keras", (), named), "name": "layer"}, shapes)
        except Refusal:
            continue
        total = sum(product(weight.shape) for weight in made.weights if weight.role != BUFFER)
        if tuple(made.output) == tuple(output) and total == parameters:
            found.append(made)
    return found


def required_of(kind):
    """Return the arguments without a default that no shape depends on."""
    return [name for name, default in KERAS[kind].items() if default is REQUIRED and name in UNIMPORTANT]


def checked(kind, shapes, output, parameters):
    """Return the one outcome that fits, None where several do or none are tried, and a sentence where none
    fits.
    """
    found = fitting(kind, shapes, output, parameters)
    if found is None:
        return None, ""
    if not found:
        return None, f"No usual settings of {kind} make this output and this many parameters from its input."
    first = found[0]
    return (first if all(made.weights == first.weights for made in found) else None), ""
