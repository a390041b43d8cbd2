"""Functions and methods of tensors: which layer or operation each of them is."""

from ..records import Late, SizeOf, Unread
from .names import FUNCTIONS, KERAS_FUNCTIONS, LISTED, UNCHANGED
from .structure import Several, Tensor, shape_of

SIGNS = {"+": "add", "-": "add", "*": "mul", "/": "mul"}
MOST_PARTS = 100
PARTS = ("chunk", "split", "unbind")  # one tensor in, several out
FIRST_OF_TWO = ("max", "min")  # with an axis: the values, and where they stand


def on_tensors(steps, name, tensors, rest, named, line):
    """Note the operation that a function or method does, and return what it makes."""
    if name in UNCHANGED:
        return tensors[0]
    if steps.framework == "keras":
        return keras_function(steps, name, tensors, rest, named, line)
    if name in ("size", "numel", "dim"):
        return size_of(name, tensors[0], rest)
    if name in LISTED:
        kind, argument = LISTED[name]
        if len(rest) == 1 and isinstance(rest[0], tuple | list):
            rest = list(rest[0])
        return steps.operation(kind, {argument: named.get(argument, tuple(rest))}, tensors, line)
    if name in PARTS:
        return parts(steps, name, tensors, rest, named, line)
    if name in FIRST_OF_TWO:
        return largest(steps, tensors, rest, named, line)
    if name not in FUNCTIONS:
        return steps.unknown(line, f"{name}()")
    kind, names = FUNCTIONS[name]
    settings = dict(zip(names, rest, strict=False))
    settings |= {argument: value for argument, value in named.items() if argument in names}
    if name == "layer_norm":  # its weights are Parameters of their own
        settings["elementwise_affine"], tensors = False, tensors[:1]
    if name == "flatten":
        settings = {"start_dim": 0, **settings}
    if "axis" in named and "dim" in names:
        settings["dim"] = named["axis"]
    return steps.operation(kind, settings, tensors, line)


def size_of(name, tensor, rest):
    """Return the size that a text asks a tensor for."""
    if name == "size" and not rest:
        return shape_of(tensor)
    if name == "size" and rest and isinstance(rest[0], int):
        return SizeOf((tensor.number, tensor.place), rest[0])
    if name == "numel":
        return Late("product", shape_of(tensor), 1)
    return Unread(f"{name}(...)")


def largest(steps, tensors, rest, named, line):
    """Note max or min: of two tensors, of all values, or along an axis, where it returns two tensors."""
    if len(tensors) > 1:
        return steps.operation("add", {}, tensors, line)
    dim = named.get("dim", rest[0] if rest else None)
    keep = named.get("keepdim", rest[1] if len(rest) > 1 else False)
    made = steps.operation("mean", {"dim": dim, "keepdim": keep}, tensors, line)
    return made if dim is None else (made, made)


def parts(steps, name, tensors, rest, named, line):
    """Note an operation that makes several tensors: a list of them where the text says how many."""
    if name == "unbind":
        settings = {"dim": named.get("dim", rest[0] if rest else 0)}
        return Several(steps.operation("unbind", settings, tensors, line).number)
    given = [
        named[each] for each in ("chunks", "split_size_or_sections", "split_size") if each in named
    ] + rest
    size = given[0] if given else Unread(f"{name}()")
    dim = named.get("dim", given[1] if len(given) > 1 else 0)
    size = tuple(size) if isinstance(size, list) else size
    made = steps.operation(name, {"size": size, "dim": dim}, tensors, line)
    count = len(size) if isinstance(size, tuple) else size if name == "chunk" else None
    if isinstance(count, int) and 0 < count < MOST_PARTS:
        return [Tensor(made.number, place) for place in range(count)]
    return Several(made.number)


def keras_function(steps, name, tensors, rest, named, line):
    """Note a function of Keras or TensorFlow."""
    if name in KERAS_FUNCTIONS:
        settings = {"axis": named.get("axis", rest[0] if rest else -1)} if name.startswith("concat") else {}
        return steps.operation(KERAS_FUNCTIONS[name], settings, tensors, line)
    if (name in FUNCTIONS and FUNCTIONS[name][1] == ()) or name in ("softmax", "log_softmax", "dropout"):
        return steps.operation("Activation", {"activation": name}, tensors, line)
    return steps.unknown(line, f"{name}()")


def item(steps, tensor, index, line):
    """Note x[...] of a tensor. `index` is what stands in the brackets: a value, or a tuple of them."""
    items = index if isinstance(index, tuple) else (index,)
    if any(isinstance(each, Tensor | list) for each in items):
        return steps.unknown(line, "an index that is a tensor")
    return steps.operation("index", {"items": items}, [tensor], line)
