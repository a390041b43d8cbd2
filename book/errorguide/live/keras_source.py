"""Find the line of the reader's source that made a Keras layer."""

import ast
import inspect
import re

from .frames import is_reader
from .keras_layers import is_library, layers_in, paths_in
from .source import called, classes_of, expected, file_of_class, files_of, tree_of

ALIASES = {
    "InputLayer": ("Input", "InputLayer"),
    "Add": ("Add", "add"),
    "Subtract": ("Subtract", "subtract"),
    "Multiply": ("Multiply", "multiply"),
    "Average": ("Average", "average"),
    "Maximum": ("Maximum", "maximum"),
    "Minimum": ("Minimum", "minimum"),
    "Concatenate": ("Concatenate", "concatenate"),
    "Dot": ("Dot", "dot"),
}


def maker_of(root, told, frames, readers=None):
    """Return the Expected of the layer that failed, None where more than one line fits. `readers` is the
    frame of the reader's that failed.
    """
    kind, path = told.get("type"), told.get("layer") or ""
    if told.get("operation") == "loss":
        return None
    chain = chain_to(root, path)
    layer = chain[-1] if chain else None
    found = layer is not None and by_attribute(chain, kind)
    if found:
        return found
    files = dict(files_of(frames))
    for owner in (root, *chain):
        file = file_of_class(type(owner))
        if file in files or is_reader(file):
            files.setdefault(file, None)
    name, settings = path.rpartition("/")[2], told.get("settings") or {}
    calls = []
    for file, names in files.items():
        tree = tree_of(file, names)
        for node in ast.walk(tree) if tree is not None else ():
            if isinstance(node, ast.Call) and called(node) in ALIASES.get(kind, (kind,)):
                calls.append((file, node))
    calls.sort(key=lambda each: (each[1].lineno, each[1].col_offset))
    named = [each for each in calls if name_fits(each[1], name) is True]
    fitting = named or [
        each
        for each in calls
        if name_fits(each[1], name) is None and fits(each[1], type_of(layer, kind), settings)
    ]
    chosen = fitting[0] if len(fitting) == 1 else None
    chosen = chosen or (None if named else on_line(fitting, readers) or in_order(fitting, root, layer))
    if chosen is not None:
        file, node = chosen
        return expected(node, file, files.get(file))
    return of_application(chain, files)


def chain_to(root, path):
    """Return the layers from below a model to the one at a path, an empty list where there is none."""
    layer, found = root, []
    names = path.split("/") if path else []
    for name in names[1:] if names and names[0] == getattr(root, "name", None) else names:
        layer = next((each for each in layers_in(layer) if each.name == name), None)
        if layer is None:
            return []
        found.append(layer)
    return found or ([root] if hasattr(root, "get_config") else [])


def by_attribute(chain, kind):
    """Return the Expected of a layer that is an attribute of the reader's layer that holds it."""
    if len(chain) < 2:
        return None
    owner, layer = chain[-2:]
    if is_library(type(owner)):
        return None
    for key, value in vars(owner).items():
        inside = value if isinstance(value, list | tuple) else [value]
        if not key.startswith("_") and key != "layers" and any(each is layer for each in inside):
            return in_class(type(owner), key, kind, layer)
    return None


def in_class(owner, key, kind, layer):
    """Return the Expected of the layer that a class of the reader's assigns to `self.<key>`, None where its
    source is not there or more than one call fits.
    """
    for tree, file, names in classes_of(owner):
        calls = [
            call
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None
            if f"self.{key}" in map(ast.unparse, getattr(node, "targets", None) or [node.target])
            for call in ast.walk(node.value)
            if isinstance(call, ast.Call) and called(call) in ALIASES.get(kind, (kind,))
        ]
        fitting = [each for each in calls if fits(each, type_of(layer, kind), settings_of(layer) or {})]
        if len(fitting) == 1:
            return expected(fitting[0], file, names)
    return None


def type_of(layer, kind):
    """Return the class of a layer, None where it is not the one that is meant."""
    return type(layer) if type(layer).__name__ == kind else None


def name_fits(node, name):
    """Whether the name that a call gives is a layer's: None where it gives none, or one that is not known."""
    given = next((each.value for each in node.keywords if each.arg == "name"), None)
    if given is None:
        return None
    if isinstance(given, ast.Constant):
        return given.value == name
    if isinstance(given, ast.JoinedStr):
        pattern = "".join(
            re.escape(str(part.value)) if isinstance(part, ast.Constant) else ".+" for part in given.values
        )
        return re.fullmatch(pattern, name) is not None
    return None


def fits(node, kind, settings):
    """Whether the constants of a call agree with a layer's settings."""
    if kind is None:
        return True
    if kind.__name__ == "InputLayer":
        keys = ["shape"]
        settings = {"shape": list(settings.get("batch_shape") or (None,))[1:]}
    else:
        keys = list(inspect.signature(kind.__init__).parameters)[1:]
    given = [*zip(keys, node.args, strict=False), *((each.arg, each.value) for each in node.keywords)]
    for key, value in given:
        try:
            value = ast.literal_eval(value)
        except (ValueError, SyntaxError, TypeError):
            value = counted(value)
            if value is None:
                continue
        if key in settings and not same(value, settings[key]):
            return False
    return True


def counted(node):
    """Return the value of a sum or product of numbers, None for anything else."""
    parts = (ast.BinOp, ast.UnaryOp, ast.operator, ast.unaryop, ast.Constant)
    for each in ast.walk(node):
        number = not isinstance(each, ast.Constant) or isinstance(each.value, int | float)
        if not isinstance(each, parts) or isinstance(each, ast.Pow | ast.LShift) or not number:
            return None
    try:
        return eval(compile(ast.Expression(node), "<source>", "eval"), {"__builtins__": {}})
    except Exception:
        return None


def same(given, setting):
    """Whether a constant is a setting: one number may stand for equal ones."""
    if isinstance(setting, list | tuple):
        given = list(given) if isinstance(given, list | tuple) else [given] * len(setting)
        return given == list(setting)
    return given == setting or (isinstance(given, str) and isinstance(setting, str) and given in setting)


def on_line(fitting, readers):
    """Return the one call that stands on the reader's failing line, None where there is none."""
    if readers is None:
        return None
    found = [
        (file, node)
        for file, node in fitting
        if file == readers.file and node.lineno <= readers.line <= (node.end_lineno or node.lineno)
    ]
    return found[0] if len(found) == 1 else None


def in_order(fitting, root, layer):
    """Return the call of a layer, where there are as many alike as the model has layers, each made by one of
    them in their order.
    """
    if layer is None or not hasattr(root, "_flatten_layers") or len({file for file, _ in fitting}) != 1:
        return None
    known = paths_in(root)
    kind, settings = type(layer), settings_of(layer)
    alike = [each for each in root._flatten_layers() if type(each) is kind and id(each) in known]
    alike = [each for each in alike if settings_of(each) == settings]
    if len(alike) != len(fitting):
        return None
    alike.sort(key=lambda each: (len(each.name), each.name))
    return next((call for each, call in zip(alike, fitting, strict=True) if each is layer), None)


def settings_of(layer):
    """Return the settings of a layer but its name."""
    try:
        return {key: value for key, value in layer.get_config().items() if key != "name"}
    except Exception:
        return None


def of_application(chain, files):
    """Return the Expected of a layer in a model of keras.applications: the line that made the model."""
    import keras

    if len(chain) < 2 or not is_library(type(chain[0])):
        return None
    makers = {
        name
        for name in dir(keras.applications)
        if callable(getattr(keras.applications, name)) and not name.startswith("_")
    }
    calls = [
        (file, node)
        for file, names in files.items()
        for node in ast.walk(tree_of(file, names) or ast.Module([], []))
        if isinstance(node, ast.Call) and called(node) in makers
    ]
    if len(calls) != 1:
        return None
    file, node = calls[0]
    return expected(node, file, files.get(file))
