"""From the arguments in a text to a layer's settings: names, defaults, and what Python or Keras says of a
wrong one.
"""

from .records import Refusal, Unknown, Unread
from .signatures import ANY_LAYER, KERAS, PYTORCH, REQUIRED

SIGNATURES = {"pytorch": PYTORCH, "keras": KERAS}
# What no shape, weight or count depends on: such an argument may have any value.
NO_SHAPE = {
    "device", "dtype", "inplace", "eps", "momentum", "p", "alpha", "beta", "k", "lambd", "negative_slope",
    "approximate",
    "min_val", "max_val", "min_value", "max_value", "lower", "upper", "threshold", "value", "padding_idx",
    "max_norm",
    "norm_type", "scale_grad_by_freq", "sparse", "_weight", "_freeze", "init", "dropout", "nonlinearity",
    "activation",
    "layer_norm_eps", "norm_first", "return_indices", "count_include_pad", "divisor_override",
    "add_zero_attn",
    "recompute_scale_factor", "epsilon", "rate", "noise_shape", "seed", "stddev", "offset", "mask_value",
    "l1", "l2", "recurrent_dropout", "recurrent_activation", "go_backwards", "stateful", "unroll",
    "use_cudnn", "unit_forget_bias", "weights", "mask_zero", "input_length", "trainable", "factor",
    "height_factor",
    "width_factor", "mean", "variance", "invert", "synchronized", "renorm_clipping", "renorm_momentum",
    "ragged", "interpolation", "backward_layer",
    "attention_axes", "name",
}  # fmt: skip
ENDS = ("_initializer", "_regularizer", "_constraint")
# What Keras takes beside a layer's own arguments.
KERAS_EXTRA = {"name", "dtype", "trainable", "autocast", "activity_regularizer", "input_shape", "input_dim",
               "batch_input_shape", "batch_size", "rms_scaling", "implementation", "time_major", "use_gate",
               "flash_attention",
               "seed", "kernel_initializer", "bias_initializer", "weights"}  # fmt: skip
TAKES_ANYTHING = {"Identity", "LogSigmoid", "Sigmoid", "Softsign", "Tanh", "Tanhshrink", "Softmax2d"}


def bind(kind, framework, positional, named):
    """Return the settings of a layer: every argument by name, defaults filled in.

    Raises a Refusal with Python's or Keras's words for arguments that the layer does not take.
    """
    signature = SIGNATURES[framework][kind]
    names = list(signature)
    if framework == "pytorch" and kind in TAKES_ANYTHING:
        return dict(signature)
    if len(positional) > len(names):
        raise too_many(kind, signature, len(positional))
    given = dict(zip(names, positional, strict=False))
    for name, value in named.items():
        if name in given:
            raise Refusal("TypeError", f"{kind}.__init__() got multiple values for argument '{name}'")
        if name not in signature and not (framework == "keras" and name in KERAS_EXTRA):
            raise unexpected(kind, framework, name, value)
        given[name] = value
    missing = [name for name, default in signature.items() if default is REQUIRED and name not in given]
    if missing:
        plural = "s" if len(missing) > 1 else ""
        raise Refusal(
            "TypeError",
            f"{kind}.__init__() missing {len(missing)} required positional argument{plural}: "
            f"{listed(missing)}",
        )
    settings = {name: as_tuple(given.get(name, default)) for name, default in signature.items()}
    if framework == "keras":
        settings |= {
            name: given.get(name, ANY_LAYER.get(name))
            for name in ("name", "input_shape", "input_dim", "batch_size")
            if name in given or name == "name"
        }
    return settings


def as_tuple(value):
    """Return a list of numbers as a tuple: layers take both."""
    if isinstance(value, list) and all(isinstance(item, int | list | tuple | None) for item in value):
        return tuple(as_tuple(item) for item in value)
    return value


def too_many(kind, signature, count):
    """Return the refusal of more arguments by position than there are."""
    least = 1 + sum(default is REQUIRED for default in signature.values())
    most = 1 + len(signature)
    takes = f"from {least} to {most}" if least != most else str(most)
    return Refusal(
        "TypeError", f"{kind}.__init__() takes {takes} positional arguments but {count + 1} were given"
    )


def unexpected(kind, framework, name, value):
    """Return the refusal of an argument that the layer does not know."""
    if framework == "keras":
        shown = value.text if isinstance(value, Unread) else repr(value)
        return Refusal(
            "ValueError", f"Unrecognized keyword arguments passed to {kind}: {{'{name}': {shown}}}"
        )
    return Refusal("TypeError", f"{kind}.__init__() got an unexpected keyword argument '{name}'")


def listed(names):
    """Write names as Python does: 'a', 'b', and 'c'."""
    quoted = [f"'{name}'" for name in names]
    if len(quoted) < 3:
        return " and ".join(quoted)
    return ", ".join(quoted[:-1]) + ", and " + quoted[-1]


def without_table(kind, settings):
    """Return an embedding's settings with a table of one row where its length is not known: no shape but the
    table's depends on it. And whether it was not known.
    """
    name = {"Embedding": "num_embeddings" if "num_embeddings" in settings else "input_dim"}.get(kind)
    if name is None or not isinstance(settings.get(name), Unread):
        return settings, False
    return {**settings, name: 1}, True


def check_read(settings):
    """Raise Unknown where a setting that a shape depends on has no value that is known."""
    for name, value in settings.items():
        if name in NO_SHAPE or name.endswith(ENDS) or name == "layer":
            continue
        wrong = first_unread(value)
        if wrong is not None:
            raise Unknown(f"the value of {name} is not known: {wrong.text}")
        if isinstance(value, float) and name not in ("scale_factor", "scale"):
            raise Unknown(f"{name} has to be a whole number, but is {value}")


def first_unread(value):
    """Return the first Unread in a value, None where there is none."""
    if isinstance(value, Unread):
        return value
    if isinstance(value, tuple | list):
        return next((found for found in map(first_unread, value) if found), None)
    return None
