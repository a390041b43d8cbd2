"""What is known of Keras's layers and TensorFlow's operations: which axes they set, what they expect, and how
a layer is written.
"""

import inspect
import math

from .needs import Need

MERGES = ("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum")
SETTING = (
    "Dense", "EinsumDense", "Embedding", "LSTM", "GRU", "SimpleRNN", "RNN", "Bidirectional", "ConvLSTM1D",
    "ConvLSTM2D", "ConvLSTM3D", "MultiHeadAttention", "GroupQueryAttention", "LSTMCell",
    "GRUCell", "SimpleRNNCell", "TimeDistributed",
)  # fmt: skip
OUTPUT_NAME = {
    "Dense": "units", "LSTM": "units", "GRU": "units", "SimpleRNN": "units", "Embedding": "output_dim",
    "LSTMCell": "units", "GRUCell": "units", "SimpleRNNCell": "units",
}  # fmt: skip
for _count in "123":
    for _name in (f"Conv{_count}D", f"Conv{_count}DTranspose", f"SeparableConv{_count}D"):
        OUTPUT_NAME[_name] = "filters"
SHAPED = ("Flatten", "Reshape")
POSITIONAL = (
    "units",
    "filters",
    "kernel_size",
    "input_dim",
    "output_dim",
    "target_shape",
    "pool_size",
    "rate",
    "dims",
)
TF_BROADCAST = (
    "Add", "AddV2", "Sub", "Mul", "RealDiv", "Div", "Maximum", "Minimum", "Pow", "SquaredDifference",
    "Select", "SelectV2", "DivNoNan", "FloorDiv", "LogicalAnd", "LogicalOr",
    "Greater", "Less", "Equal", "BiasAdd",
)  # fmt: skip
RULES = {
    "add": ("broadcast",), "sub": ("broadcast",), "subtract": ("broadcast",), "mul": ("broadcast",),
    "multiply": ("broadcast",), "div": ("broadcast",), "divide": ("broadcast",), "maximum": ("broadcast",),
    "minimum": ("broadcast",), "where": ("broadcast",), "matmul": ("matmul",), "reshape": ("reshape",),
    "truediv": ("broadcast",),
}  # fmt: skip


def kind_of(layer):
    """Return the name of a layer's class, of the library's where the reader's class has one as its base and
    keeps its call.
    """
    return type(layer).__name__


def layers_in(layer):
    """Return the layers right inside a layer."""
    found = list(getattr(layer, "_layers", None) or [])
    functional = getattr(layer, "_functional", None)
    return [*found, *(functional.layers if functional is not None else [])]


def paths_in(root):
    """Return {id(layer): path} of the layers below a model: the names on the way, joined by a slash."""
    found, waiting = {}, [(root, "")]
    while waiting:
        owner, path = waiting.pop(0)
        if id(owner) not in found:
            found[id(owner)] = path
            waiting += [(each, f"{path}/{each.name}" if path else each.name) for each in layers_in(owner)]
    return found


def path_of(root, layer):
    """Return the path of a layer below a model, its own name where it is not inside."""
    return paths_in(root).get(id(layer), layer.name)


def is_library(kind):
    """Whether a class is Keras's own."""
    return (kind.__module__ or "").startswith(("keras.", "tf_keras.", "keras_hub.", "keras_cv."))


def is_container(keras, layer):
    """Whether a layer is a model, whose layers are told one by one."""
    return isinstance(layer, keras.Model | keras.layers.TimeDistributed)


def is_atomic(keras, layer):
    """Whether a layer is told as one."""
    if isinstance(layer, keras.layers.Lambda):  # whose function is the reader's
        return False
    return is_library(type(layer)) and not is_container(keras, layer)


def layer_rule(layer, inputs):
    """Return the rule of a layer for origin.py."""
    name = kind_of(layer)
    if name == "Concatenate":
        return ("concat", layer.axis)
    if name in MERGES:
        return ("broadcast",)
    if name in ("Attention", "AdditiveAttention"):
        return ("attention",)
    if name == "Dot":
        return ("same",)
    if name in SHAPED:
        return ("reshape",)
    if name == "Permute":
        return ("permute", (0, *layer.dims))
    if name.startswith(("Conv", "SeparableConv", "DepthwiseConv")) and inputs:
        if getattr(layer, "data_format", None) == "channels_first":
            return ("sets", (1 - len(inputs[0].shape),))
        return ("sets", (-1,))
    if name in SETTING:
        return ("sets", (-1,))
    return ("same",)


def operation_rule(name, names):
    """Return the rule of an operation that failed: `names` are the local variables of the function called."""
    if name in ("concat", "concatenate", "hstack", "vstack"):
        axis = names.get("axis", {"hstack": 1, "vstack": 0}.get(name, -1))
        return ("concat", axis if isinstance(axis, int) else -1)
    if name == "stack":
        return ("same",)
    if name == "einsum":
        text = next((value for value in names.values() if isinstance(value, str) and "->" in value), None)
        return ("einsum", text) if text else ("same",)
    return RULES.get(name, ("same",))


def graph_rule(tf, operation):
    """Return (rule, the inputs that count) of an operation of TensorFlow's graph."""
    kind, inputs = operation.type, list(operation.inputs)
    if kind in ("ConcatV2", "Concat"):
        axis = tf.get_static_value(inputs[-1] if kind == "ConcatV2" else inputs[0])
        rest = inputs[:-1] if kind == "ConcatV2" else inputs[1:]
        return (("concat", int(axis)) if axis is not None else ("same",)), rest
    if kind == "Pack":
        return ("stack", operation.get_attr("axis")), inputs
    if kind in ("Reshape", "Squeeze", "ExpandDims"):
        return ("reshape",), inputs[:1]
    if kind == "Transpose":
        order = tf.get_static_value(inputs[1])
        return (("permute", tuple(int(axis) for axis in order)) if order is not None else ("same",)), inputs[
            :1
        ]
    if kind in ("MatMul", "BatchMatMul", "BatchMatMulV2", "BatchMatMulV3"):
        turned = any(
            operation.get_attr(name)
            for name in ("transpose_a", "transpose_b", "adj_x", "adj_y")
            if name in operation.node_def.attr
        )
        return (("same",) if turned else ("matmul",)), inputs
    if kind == "Einsum":
        return ("einsum", operation.get_attr("equation").decode()), inputs
    if kind in TF_BROADCAST:
        return ("broadcast",), inputs
    if kind.startswith(("Conv2D", "Conv3D", "DepthwiseConv2d")):
        return ("sets", (-1,)), inputs
    return ("same",), inputs[:1]


# ---- What a layer expects ----


def need_of(keras, layer, shapes):
    """Return the Need that a layer's inputs do not meet, None where none is known."""
    if not shapes:
        return None
    specs = layer.input_spec
    specs = specs if isinstance(specs, list | tuple) else [specs]
    for number, (spec, shape) in enumerate(zip(specs, shapes, strict=False)):
        if spec is None:
            continue
        rank = len(shape)
        if (
            spec.ndim is not None
            and rank != spec.ndim
            and not getattr(spec, "allow_last_axis_squeeze", False)
        ):
            return Need(None, None, rank, (spec.ndim,), argument=number)
        if spec.min_ndim is not None and rank < spec.min_ndim:
            return Need(None, None, rank, (spec.min_ndim,), argument=number)
        if spec.max_ndim is not None and rank > spec.max_ndim:
            return Need(None, None, rank, (spec.max_ndim,), argument=number)
        for axis, value in (spec.axes or {}).items():
            if value is not None and -rank <= axis < rank and shape[axis] not in (value, None):
                return Need(axis % rank, value, shape[axis], argument=number)
        if spec.shape is not None:
            if len(spec.shape) != rank:
                return Need(None, None, rank, (len(spec.shape),), argument=number)
            for axis in sorted(range(1, rank), key=lambda axis: axis != rank - 1):
                if spec.shape[axis] is not None and shape[axis] not in (spec.shape[axis], None):
                    return Need(axis, spec.shape[axis], shape[axis], argument=number)
    kind = kind_of(layer)
    if (
        kind == "Reshape"
        and len(shapes[0]) == 2
        and shapes[0][1] is not None
        and -1 not in layer.target_shape
    ):
        total = math.prod(layer.target_shape)
        return Need(1, total, shapes[0][1]) if total != shapes[0][1] else None
    cell = getattr(layer, "cell", layer if kind.endswith("Cell") else None)
    kernel = getattr(cell, "kernel", None)
    recurrent = kernel is not None and len(kernel.shape) == 2 and len(shapes[0]) in (2, 3) and kind != "Dense"
    if recurrent and shapes[0][-1] not in (kernel.shape[0], None):
        return Need(len(shapes[0]) - 1, int(kernel.shape[0]), shapes[0][-1])
    units = getattr(cell, "units", None)
    if kind in ("LSTM", "GRU", "SimpleRNN") and isinstance(units, int):
        for number, shape in enumerate(shapes[1:], 1):  # the states that it begins with
            if len(shape) == 2 and shape[1] not in (units, None):
                return Need(1, units, shape[1], argument=number)
    gamma = getattr(layer, "gamma", None)
    if kind in ("LayerNormalization", "BatchNormalization", "RMSNormalization") and gamma is not None:
        size = gamma.shape[-1]
        if shapes[0] and shapes[0][-1] not in (size, None):
            return Need(len(shapes[0]) - 1, size, shapes[0][-1])
    return None


# ---- A layer as code ----


def written(layer, **changed):
    """Return the code that makes a layer, with some settings changed, None where they are not known."""
    kind = type(layer)
    if not is_library(kind):
        return None
    if kind.__name__ == "InputLayer":
        return input_code(layer.batch_shape[1:], layer.name)
    try:
        config = {**layer.get_config(), **changed}
        parameters = list(inspect.signature(kind.__init__).parameters.values())[1:]
    except Exception:
        return None
    given = []
    for parameter in parameters:
        key = parameter.name
        if key not in config or parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            continue
        value = config[key]
        if isinstance(value, dict) or key in ("name", "dtype", "trainable"):
            continue
        if parameter.default is parameter.empty or key in POSITIONAL:
            given.append(
                plain(value, key)
                if parameter.kind is not parameter.KEYWORD_ONLY
                else f"{key}={plain(value, key)}"
            )
        elif not same(value, parameter.default):
            given.append(f"{key}={plain(value, key)}")
    return f"layers.{kind.__name__}({', '.join(given)})"


def input_code(shape, name):
    """Return the code of an input, with its name where it has been given one."""
    named = "" if name.startswith(("input_layer", "keras_tensor")) else f', name="{name}"'
    return f"keras.Input({tuple(shape)}{named})"


def divisor_of(layer, shapes):
    """Return (axis, divisor, size) of a layer's input whose channels its groups do not divide, None where
    they do.
    """
    groups, shape = getattr(layer, "groups", None), shapes[0] if shapes else ()
    if not isinstance(groups, int) or groups < 2 or len(shape) < 2:
        return None
    axis = 1 if getattr(layer, "data_format", "") == "channels_first" else -1
    axis = getattr(layer, "axis", axis) % len(shape)
    size = shape[axis]
    return (axis, groups, size) if size is not None and size % groups else None


def same(value, default):
    """Whether a setting is its default: `linear` is no activation."""
    if value == default or (value == "linear" and default is None):
        return True
    if isinstance(value, list | tuple):
        return len(set(value)) == 1 and (value[0] == default or list(value) == list(default or ()))
    return default is None and value == "channels_last"


def plain(value, key=None):
    """Return a setting as code; equal sizes as one number, but for a shape."""
    sizes = isinstance(value, list | tuple) and key not in ("target_shape", "dims", "axis", "shape")
    if sizes and len(value) and len(set(value)) == 1:
        return repr(value[0])
    if isinstance(value, list):
        value = tuple(value)
    return f'"{value}"' if isinstance(value, str) else repr(value)
