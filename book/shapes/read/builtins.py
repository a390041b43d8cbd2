"""Functions of Python and of libraries whose value a text's layers may depend on: range, len, zip, getattr,
torch.zeros, and methods of lists and dicts. And those that have to do with no layer.
"""

from ..records import Late, Layer, SizeOf, Unread
from .structure import Class, Fresh, Instance, Kind, Scope, Tensor, is_shape

MOST_ITEMS = 2000
MADE = ("zeros", "ones", "randn", "rand", "empty", "Tensor", "FloatTensor", "full", "arange")
WRAPPERS = ("DataParallel", "DistributedDataParallel", "spectral_norm", "deepcopy", "copy", "script")
NUMBERS = ("int", "float", "abs", "round", "floor", "ceil", "sqrt", "max", "min", "sum", "prod")
OF_PYTHON = (
    "range", "len", "zip", "enumerate", "reversed", "sorted", "list", "tuple", "dict", "OrderedDict", "str",
    "isinstance", "getattr", "setattr", "hasattr", "Parameter",
)  # fmt: skip
BUILTINS = {*MADE, *WRAPPERS, *NUMBERS, *OF_PYTHON}
# Calls that have to do with no layer.
NOT_FOLLOWED = (
    "compile", "fit", "summary", "build", "plot_model", "seed", "manual_seed", "set_seed", "set_random_seed",
    "train", "eval", "save", "load_state_dict", "state_dict", "parameters", "zero_grad", "backward", "item",
    "apply", "show", "format", "evaluate", "predict", "super", "append", "add_argument", "parse_args",
)  # fmt: skip
NO_LAYERS = (
    "optim", "optimizers", "losses", "metrics", "callbacks", "data", "datasets", "transforms", "init", "plt",
    "lr_scheduler", "initializers", "regularizers", "constraints", "schedules",
)  # fmt: skip


def is_no_layer(name):
    """Whether a dotted name has to do with no layer: an optimizer, a loss, a data set."""
    parts = name.split(".")
    return parts[-1].endswith("Loss") or any(part in NO_LAYERS for part in parts[:-1])


def builtin(reader, name, node, scope):
    """Return what a function of BUILTINS makes of its arguments."""
    positional, named = reader.arguments(node, scope)
    values = reader.values
    first = positional[0] if positional else None
    if any(isinstance(value, Tensor) for value in positional) and name not in OF_PYTHON:
        return reader.of_tensors(name, positional, named, node.line)
    if name in MADE:
        return Fresh(made_shape(name, positional, named), node.line)
    if name == "Parameter":
        shape = first.shape if isinstance(first, Fresh) else (Unread("a Parameter's shape"),)
        return Fresh(shape, node.line, parameter=True)
    if name in WRAPPERS:
        return first
    if name in NUMBERS:
        return of_numbers(name, positional)
    if name == "len":
        return length(values, first)
    if name in ("getattr", "setattr", "hasattr"):
        return attribute(reader, name, positional)
    if name == "isinstance":
        return is_instance(positional)
    if name == "range" and positional and all(isinstance(value, int) for value in positional):
        return list(range(*positional))[:MOST_ITEMS] if 0 not in positional[2:] else Unread("range(...)")
    if name == "str":
        return str(first) if isinstance(first, int | str) else Unread("str(...)")
    return of_lists(values, name, positional, named)


def made_shape(name, positional, named):
    """Return the shape of a tensor that is made of its sizes."""
    if name == "arange":
        return (positional[0] if len(positional) == 1 else Unread("arange(...)"),)
    given = named.get("size", positional)
    given = given[0] if name == "full" and given else given
    if isinstance(given, list | tuple) and len(given) == 1 and isinstance(given[0], list | tuple):
        given = given[0]
    return tuple(given) if isinstance(given, list | tuple) else (Unread("a shape"),)


def of_numbers(name, positional):
    """Compute with numbers; with sizes that only the input says where that can be done later."""
    given = (
        list(positional[0])
        if len(positional) == 1 and isinstance(positional[0], list | tuple)
        else positional
    )
    if name == "prod" and len(positional) == 1 and is_shape(positional[0]):
        return Late("product", positional[0], 1)
    if name in ("int", "floor", "ceil", "round") and len(given) == 1 and isinstance(given[0], SizeOf | Late):
        return given[0] if name == "int" else Unread(f"{name}(...)")
    if not given or not all(isinstance(value, int | float) for value in given):
        return Unread(f"{name}(...)")
    if len(given) == 1 and name in ("int", "float", "abs", "floor", "ceil", "sqrt", "round"):
        return of_number(name, given[0])
    if name in ("max", "min", "sum"):
        return {"max": max, "min": min, "sum": sum}[name](given)
    if name == "prod":
        total = 1
        for value in given:
            total *= value
        return total
    return Unread(f"{name}(...)")


def of_number(name, value):
    """Return a number made from one."""
    if name == "sqrt":
        return value**0.5 if value >= 0 else Unread("sqrt(...)")
    if name == "floor":
        return int(value // 1)
    if name == "ceil":
        return -int(-value // 1)
    return {"int": int, "float": float, "abs": abs, "round": round}[name](value)


def length(values, value):
    """Return the length of a list, or of a tensor's first axis."""
    if isinstance(value, Tensor):
        return SizeOf((value.number, value.place), 0)
    if isinstance(value, str):
        return len(value)
    found = values.listed(value)
    return Unread("len(...)") if found is None else len(found)


def attribute(reader, name, positional):
    """Follow getattr, setattr and hasattr with a name that is known."""
    if len(positional) < 2 or not isinstance(positional[1], str):
        return Unread(f"{name}(...)")
    owner, key = positional[:2]
    if name == "setattr":
        if isinstance(owner, Instance) and len(positional) == 3:
            reader.assign_name(f"self.{key}", positional[2], Scope({}, owner.attributes))
        return None
    found = reader.values.attribute(owner, key, key)
    if name == "hasattr":
        return not isinstance(found, Unread) if isinstance(owner, Instance) else Unread("hasattr(...)")
    return positional[2] if isinstance(found, Unread) and len(positional) == 3 else found


def is_instance(positional):
    """Return what isinstance says of a plain value or a layer, where that is known."""
    if len(positional) != 2:
        return Unread("isinstance(...)")
    value, kinds = positional
    kinds = list(kinds) if isinstance(kinds, tuple) else [kinds]
    names = [
        each.name if isinstance(each, Kind | Class) else each.text if isinstance(each, Unread) else ""
        for each in kinds
    ]
    if isinstance(value, Layer):
        return value.kind in names
    if isinstance(value, Instance):
        return value.of.name in names
    if isinstance(value, bool):
        return "bool" in names or "int" in names
    if isinstance(value, str | int | float | list | tuple):
        return any(
            (isinstance(value, str) and name == "str")
            or (isinstance(value, int) and name == "int")
            or (isinstance(value, float) and name == "float")
            or (isinstance(value, list) and name == "list")
            or (isinstance(value, tuple) and name == "tuple")
            for name in names
        )
    return Unread("isinstance(...)")


def of_lists(values, name, positional, named):
    """Follow list, zip, enumerate and the like of values that are known."""
    if name in ("dict", "OrderedDict"):
        made = dict(positional[0]) if positional and isinstance(positional[0], dict) else {}
        pairs = positional[0] if positional and isinstance(positional[0], list | tuple) else ()
        if not all(isinstance(pair, list | tuple) and len(pair) == 2 for pair in pairs):
            return Unread(f"{name}(...)")
        for key, value in pairs:
            made[key if isinstance(key, str | int) else f"key {len(made)}"] = value
        return {**made, **named}
    if name in ("list", "tuple") and not positional:
        return [] if name == "list" else ()
    if name == "zip":
        lists = [values.listed(value) for value in positional]
        if None in lists or not lists:
            return Unread("zip(...)")
        return [tuple(each[place] for each in lists) for place in range(min(len(each) for each in lists))]
    found = values.listed(positional[0]) if positional else None
    if found is None:
        return Unread(f"{name}(...)")
    if name == "enumerate":
        start = named.get("start", positional[1] if len(positional) > 1 else 0)
        return (
            [(start + place, item) for place, item in enumerate(found)]
            if isinstance(start, int)
            else Unread("enumerate")
        )
    if name == "reversed":
        return list(reversed(found))
    if name == "sorted":
        return sorted(found) if all(isinstance(item, int) for item in found) else Unread("sorted(...)")
    return found if name == "list" else tuple(found)


def method_of(values, owner, name, positional):
    """Follow a method of a list, a dict, a text or a shape."""
    first = positional[0] if positional else None
    if is_shape(owner) and name == "numel":
        return of_numbers("prod", [owner])
    if isinstance(owner, list):
        return method_of_list(values, owner, name, positional)
    if isinstance(owner, dict):
        if name == "items":
            return [(key, value) for key, value in owner.items()]
        if name in ("keys", "values"):
            return list(owner) if name == "keys" else list(owner.values())
        if name == "get" and isinstance(first, str | int):
            return owner.get(first, positional[1] if len(positional) > 1 else None)
        if name == "update" and isinstance(first, dict):
            owner.update(first)
            return None
    if isinstance(owner, str) and name in ("lower", "upper"):
        return owner.lower() if name == "lower" else owner.upper()
    if isinstance(owner, Layer) and owner.kind == "ModuleDict" and name in ("items", "keys", "values"):
        pairs = [(child.name, values.steps.objects.get(id(child), child)) for child in owner.children]
        return pairs if name == "items" else [pair[0 if name == "keys" else 1] for pair in pairs]
    return Unread(f".{name}()")


def method_of_list(values, owner, name, positional):
    """Follow a method that changes a list, or reads it."""
    first = positional[0] if positional else None
    if name == "append" and positional:
        owner.append(first)
        return None
    if name == "extend" and values.listed(first) is not None:
        owner.extend(values.listed(first))
        return None
    if name == "insert" and len(positional) == 2 and isinstance(first, int):
        owner.insert(first, positional[1])
        return None
    if name == "pop" and owner and (first is None or isinstance(first, int)):
        place = len(owner) - 1 if first is None else first % len(owner)
        return owner.pop(place)
    if name == "reverse":
        owner.reverse()
        return None
    if name == "copy":
        return list(owner)
    return Unread(f".{name}()")
