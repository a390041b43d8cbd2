"""What is known of PyTorch's layers and operations: which axes they set, what they expect of their input, and
how a layer with another number is written.
"""

import inspect

from .frames import own_dict
from .needs import Need

SHAPED = (
    "view",
    "reshape",
    "flatten",
    "unflatten",
    "squeeze",
    "unsqueeze",
    "view_as",
    "ravel",
    "expand_dims",
)
ELEMENTWISE = (
    "add", "sub", "mul", "div", "truediv", "true_divide", "rsub", "radd", "rmul", "iadd", "isub", "imul",
    "itruediv",
    "pow", "maximum", "minimum", "where", "addcmul", "eq", "ne", "lt", "gt", "le", "ge", "fmod", "remainder",
    "floor_divide", "atan2", "logaddexp", "lerp", "masked_fill", "bitwise_and", "bitwise_or", "logical_and",
    "logical_or", "rtruediv", "rdiv", "subtract", "multiply", "divide",
)  # fmt: skip
PRODUCTS = ("matmul", "mm", "bmm", "rmatmul", "mv", "imatmul")
PARTS = ("split", "chunk", "tensor_split", "narrow", "getitem", "index_select", "split_with_sizes")
CONVOLUTIONS = {
    "conv1d": 1,
    "conv2d": 2,
    "conv3d": 3,
    "conv_transpose1d": 1,
    "conv_transpose2d": 2,
    "conv_transpose3d": 3,
}


def is_atomic(torch, module):
    """Whether a module is a layer of the library, that is told as one."""
    nn = torch.nn
    kind = type(module)
    if isinstance(module, nn.MultiheadAttention | nn.RNNBase | nn.RNNCellBase):
        return kind.forward.__module__.startswith("torch.")
    if isinstance(module, torch.jit.ScriptModule):
        return True
    if any(name != "parametrizations" for name, _ in module.named_children()):
        return False
    function = inspect.unwrap(kind.forward) if hasattr(kind, "forward") else None
    return getattr(function, "__module__", "").startswith("torch.") and not isinstance(
        module, nn.Sequential | nn.ModuleList | nn.ModuleDict
    )


def spatial(torch, module):
    """Return the number of spatial axes of a convolution, batch norm or pool; None for another layer."""
    name = type(module).__name__
    for base in type(module).__mro__:
        if base.__module__.startswith("torch.nn"):
            name = base.__name__
            break
    return next((int(digit) for digit in "123" if name.endswith(f"{digit}d")), None)


def is_conv(torch, module):
    """Whether a module is a convolution, transposed or not."""
    return isinstance(module, torch.nn.modules.conv._ConvNd)


def kind_of(module):
    """Return a module's class, of a parametrised one the class that it had before."""
    kind = type(module)
    return kind.__mro__[1] if kind.__name__.startswith("Parametrized") else kind


def named_modules(root):
    """Yield (path, module) as the method of this name does, without running any code of the reader's."""
    seen, waiting = set(), [("", root)]
    while waiting:
        path, module = waiting.pop()
        if id(module) in seen:
            continue
        seen.add(id(module))
        yield path, module
        inside = list((own_dict(module).get("_modules") or {}).items())
        waiting += [
            (f"{path}.{name}" if path else name, each) for name, each in reversed(inside) if each is not None
        ]


def layer_rule(torch, module, inputs):
    """Return the rule of a layer for origin.py."""
    nn = torch.nn
    if is_conv(torch, module):
        return ("sets", (-1 - spatial(torch, module),))
    if isinstance(
        module,
        nn.Linear
        | nn.Bilinear
        | nn.RNNBase
        | nn.RNNCellBase
        | nn.MultiheadAttention
        | nn.Embedding
        | nn.EmbeddingBag,
    ):
        return ("sets", (-1,))
    if isinstance(module, nn.Flatten | nn.Unflatten):
        return ("reshape",)
    if type(module).__name__.startswith(("AdaptiveAvgPool", "AdaptiveMaxPool")):
        return ("sets", tuple(-1 - axis for axis in range(spatial(torch, module) or 1)))
    return ("same",)


def operation_name(function):
    """Return what an operation is called: `add` for `Tensor.__add__`, `T` for the property."""
    name = getattr(function, "__name__", None) or str(function)
    if name == "__get__":
        name = getattr(getattr(function, "__self__", None), "__name__", name)
        return name if name in ("T", "mT", "H", "mH", "real", "imag", "data") else "__get__"
    if name.startswith("__") and name.endswith("__"):
        name = name.strip("_")
        name = name[1:] if name in ("iadd", "isub", "imul", "itruediv", "imatmul") else name
    return name.removesuffix("_") if not name.startswith("_") else name


def operation_rule(torch, name, args, kwargs, result):
    """Return the rule of an operation for origin.py."""
    try:
        return _operation_rule(torch, name, args, kwargs, result)
    except Exception:
        return ("same",)


def _operation_rule(torch, name, args, kwargs, result):
    first = args[0] if args else kwargs.get("input")
    rank = first.dim() if isinstance(first, torch.Tensor) else None
    if name in ("cat", "concat", "concatenate"):
        return ("concat", argument(args, kwargs, 1, ("dim", "axis"), 0))
    if name in ("hstack", "vstack", "dstack"):
        return ("concat", {"hstack": 1, "vstack": 0, "dstack": 2}[name])
    if name == "stack":
        return ("stack", argument(args, kwargs, 1, ("dim",), 0))
    if name in SHAPED:
        return ("reshape",)
    if name in ("transpose", "swapaxes", "swapdims"):
        one = argument(args, kwargs, 1, ("dim0", "axis0"), 0) % rank
        other = argument(args, kwargs, 2, ("dim1", "axis1"), 0) % rank
        order = list(range(rank))
        order[one], order[other] = order[other], order[one]
        return ("permute", tuple(order))
    if name in ("T", "mT", "H", "mH", "t", "adjoint"):
        order = list(range(rank))
        if name == "T":
            order.reverse()
        elif rank > 1:
            order[-1], order[-2] = order[-2], order[-1]
        return ("permute", tuple(order))
    if name == "permute":
        order = kwargs.get("dims", args[1:])
        order = order[0] if len(order) == 1 and not isinstance(order[0], int) else order
        return ("permute", tuple(axis % rank for axis in order))
    if name in ("movedim", "moveaxis"):
        marks = torch.empty(tuple(range(2, 2 + rank)), device="meta")
        moved = torch._C._VariableFunctions.movedim(marks, *args[1:], **kwargs)
        return ("permute", tuple(size - 2 for size in moved.shape))
    if name in PRODUCTS:
        return ("matmul",)
    if name == "scaled_dot_product_attention":
        return ("attention",)
    if name == "einsum" and isinstance(first, str):
        return ("einsum", first)
    if name in ELEMENTWISE:
        return ("broadcast",)
    if name in CONVOLUTIONS:
        return ("sets", (-1 - CONVOLUTIONS[name],))
    if name in PARTS and isinstance(result, torch.Tensor) and result.dim() == rank:
        return ("part",)
    if name in ("linear", "embedding", "bilinear"):
        return ("sets", (-1,))
    return ("same",)


def argument(args, kwargs, place, names, default):
    """Return one argument of a call."""
    for name in names:
        if name in kwargs:
            return kwargs[name]
    return args[place] if len(args) > place else default


# ---- What a layer expects ----


def need_of(torch, module, shapes):
    """Return the Need that a layer's inputs do not meet, None where none is known. `shapes` are those of its
    tensors.
    """
    nn = torch.nn
    if not shapes:
        return None
    shape = shapes[0]
    rank = len(shape)
    if is_conv(torch, module):
        count = spatial(torch, module)
        if rank not in (count + 1, count + 2):
            return Need(None, None, rank, (count + 2,))
        weight = module.weight.shape
        expected = weight[0] if module.transposed else weight[1] * module.groups
        return wrong(rank - 1 - count, int(expected), shape, "channels")
    if isinstance(module, nn.Linear):
        return wrong(rank - 1, int(module.weight.shape[1]), shape)
    if isinstance(module, nn.modules.batchnorm._NormBase):
        count = spatial(torch, module)
        ranks = (2, 3) if count == 1 else (count + 2,)
        if isinstance(module, nn.modules.instancenorm._InstanceNorm):
            ranks = (count + 1, count + 2)
        if rank not in ranks:
            return Need(None, None, rank, ranks)
        axis = 1 if rank > count + 1 or isinstance(module, nn.modules.batchnorm._BatchNorm) else 0
        return wrong(axis, module.num_features, shape, "channels")
    if isinstance(module, nn.GroupNorm):
        return wrong(1, module.num_channels, shape, "channels")
    if isinstance(module, nn.LayerNorm | getattr(nn, "RMSNorm", nn.LayerNorm)):
        normal = tuple(module.normalized_shape)
        for back in range(1, len(normal) + 1):
            if back > rank or shape[-back] != normal[-back]:
                return (
                    wrong(rank - back, normal[-back], shape)
                    if back <= rank
                    else Need(None, None, rank, (len(normal),))
                )
        return None
    if isinstance(module, nn.RNNBase):
        if rank not in (2, 3):
            return Need(None, None, rank, (2, 3))
        return wrong(rank - 1, module.input_size, shape) or state_need(torch, module, shapes)
    if isinstance(module, nn.RNNCellBase):
        if rank not in (1, 2):
            return Need(None, None, rank, (1, 2))
        need = wrong(rank - 1, module.input_size, shape)
        for number, each in enumerate(shapes[1:], 1):
            if need is None and each and each[-1] != module.hidden_size:
                need = Need(len(each) - 1, module.hidden_size, each[-1], what=STATE[-1], argument=number)
        return need
    if isinstance(module, nn.MultiheadAttention):
        sizes = (module.embed_dim, module.kdim, module.vdim)
        for number, (size, each) in enumerate(zip(sizes, shapes, strict=False)):
            if len(each) not in (2, 3):
                return Need(None, None, len(each), (2, 3), argument=number)
            if each[-1] != size:
                return Need(len(each) - 1, size, each[-1], argument=number)
        return None
    if isinstance(module, nn.Transformer):
        for number, each in enumerate(shapes[:2]):
            if each and each[-1] != module.d_model:
                return Need(len(each) - 1, module.d_model, each[-1], argument=number)
    if isinstance(module, nn.Bilinear):
        for number, size in enumerate((module.in1_features, module.in2_features)):
            if number < len(shapes) and shapes[number][-1] != size:
                return Need(len(shapes[number]) - 1, size, shapes[number][-1], argument=number)
    if isinstance(module, nn.PReLU) and module.num_parameters > 1 and rank > 1:
        return wrong(1, module.num_parameters, shape, "channels")
    return None


STATE = ("layers and directions in the state", "examples in the state", "values in the state")


def state_need(torch, module, shapes):
    """Return the Need that the states given to a recurrent layer do not meet, None where they meet it. The
    lengths of a packed sequence are no states.
    """
    rank = len(shapes[0])
    batch = () if rank == 2 else (shapes[0][0 if module.batch_first else 1],)
    count = module.num_layers * (2 if module.bidirectional else 1)
    widths = [module.proj_size or module.hidden_size, module.hidden_size]
    for number, each in enumerate(shapes[1:3], 1):
        wanted = (count, *batch, widths[number - 1])
        if len(each) != len(wanted):
            return Need(None, None, len(each), (len(wanted),), what=STATE[-1], argument=number)
        for axis in reversed(range(len(wanted))):
            if each[axis] != wanted[axis]:
                what = STATE[-1] if axis == len(wanted) - 1 else STATE[axis]
                return Need(axis, wanted[axis], each[axis], what=what, argument=number)
    return None


def wrong(axis, expected, shape, what="features"):
    """Return the Need of one axis, None where it is met."""
    if not 0 <= axis < len(shape) or shape[axis] == expected:
        return None
    return Need(axis, expected, shape[axis], what=what)


# ---- A layer as code ----

POSITIONAL = {
    "Linear": ("in_features", "out_features"),
    "Bilinear": ("in1_features", "in2_features", "out_features"),
    "Embedding": ("num_embeddings", "embedding_dim"),
    "LSTM": ("input_size", "hidden_size"),
    "GRU": ("input_size", "hidden_size"),
    "RNN": ("input_size", "hidden_size"),
    "LSTMCell": ("input_size", "hidden_size"),
    "GRUCell": ("input_size", "hidden_size"),
    "RNNCell": ("input_size", "hidden_size"),
    "GroupNorm": ("num_groups", "num_channels"),
    "LayerNorm": ("normalized_shape",),
    "RMSNorm": ("normalized_shape",),
    "MultiheadAttention": ("embed_dim", "num_heads"),
    "PReLU": ("num_parameters",),
}
for _count in "123":
    POSITIONAL[f"Conv{_count}d"] = ("in_channels", "out_channels", "kernel_size")
    POSITIONAL[f"ConvTranspose{_count}d"] = ("in_channels", "out_channels", "kernel_size")
    POSITIONAL[f"BatchNorm{_count}d"] = ("num_features",)
    POSITIONAL[f"InstanceNorm{_count}d"] = ("num_features",)
RECURRENT = {
    "num_layers": 1, "nonlinearity": "tanh", "bias": True, "batch_first": False, "dropout": 0.0,
    "bidirectional": False, "proj_size": 0,
}  # fmt: skip
LEFT_OUT = ("device", "dtype", "inplace")
INPUT_NAME = {
    "Linear": "in_features", "LSTM": "input_size", "GRU": "input_size", "RNN": "input_size",
    "LSTMCell": "input_size", "GRUCell": "input_size", "RNNCell": "input_size", "GroupNorm": "num_channels",
    "LayerNorm": "normalized_shape",
    "RMSNorm": "normalized_shape", "MultiheadAttention": "embed_dim", "PReLU": "num_parameters",
}  # fmt: skip
OUTPUT_NAME = {
    "Linear": "out_features", "Embedding": "embedding_dim", "LSTM": "hidden_size", "GRU": "hidden_size",
    "RNN": "hidden_size", "LSTMCell": "hidden_size", "GRUCell": "hidden_size", "RNNCell": "hidden_size",
    "Bilinear": "out_features",
}  # fmt: skip
for _count in "123":
    INPUT_NAME[f"Conv{_count}d"] = INPUT_NAME[f"ConvTranspose{_count}d"] = "in_channels"
    INPUT_NAME[f"BatchNorm{_count}d"] = INPUT_NAME[f"InstanceNorm{_count}d"] = "num_features"
    OUTPUT_NAME[f"Conv{_count}d"] = OUTPUT_NAME[f"ConvTranspose{_count}d"] = "out_channels"


def written(torch, module, **changed):
    """Return the code that makes a layer like a module with some arguments changed, None where its arguments
    are not known.
    """
    kind = kind_of(module)
    name = kind.__name__
    if name not in POSITIONAL or getattr(torch.nn, name, None) is not kind:
        return None
    given = []
    if isinstance(module, torch.nn.RNNBase):
        given = [plain(changed.get(key, getattr(module, key))) for key in POSITIONAL[name]]
        for key, default in RECURRENT.items():
            value = changed.get(key, getattr(module, key, default))
            if value != default and not (key == "nonlinearity" and name != "RNN"):
                given.append(f"{key}={plain(value)}")
    for parameter in list(inspect.signature(kind.__init__).parameters.values())[1:]:
        key = parameter.name
        if key in LEFT_OUT or parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            continue
        value = changed[key] if key in changed else attribute_of(module, key)
        if value is NotImplemented:
            if parameter.default is parameter.empty:
                return None
            continue
        if key in POSITIONAL[name]:
            given.append(plain(value))
        elif value != parameter.default and not (
            isinstance(value, tuple) and len(set(value)) == 1 and value[0] == parameter.default
        ):
            given.append(f"{key}={plain(value)}")
    return f"nn.{name}({', '.join(given)})"


def attribute_of(module, key):
    """Return the argument that a layer was made with, NotImplemented where it does not say."""
    if key == "bias":
        bias = getattr(module, "bias", None)
        if type(module).__name__ == "MultiheadAttention":
            return module.in_proj_bias is not None
        return bias if isinstance(bias, bool) else bias is not None
    if key in ("add_bias_kv", "_weight", "_freeze"):
        return NotImplemented
    if key == "kdim" and module.kdim == module.embed_dim:
        return None
    if key == "vdim" and module.vdim == module.embed_dim:
        return None
    value = getattr(module, key, NotImplemented)
    if value is NotImplemented or isinstance(value, str | int | float | bool | tuple | list) or value is None:
        return value
    return NotImplemented


def plain(value):
    """Return a setting as code; equal sizes as one number."""
    if (
        isinstance(value, list | tuple)
        and value
        and len(set(value)) == 1
        and (len(value) > 1 or isinstance(value[0], int))
    ):
        return repr(value[0])
    if isinstance(value, list):
        value = tuple(value)
    return repr(value)
