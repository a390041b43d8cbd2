"""Find the line of the reader's source that made a layer."""

import ast
import inspect
import linecache
import sys

from .frames import is_reader, parsed
from .records import Expected
from .torch_layers import named_modules

MOST_FILES = 40


def maker_of(root, paths, failing, layer, frames, name):
    """Return the Expected of a layer, None where its source is not there or more than one line fits."""
    kind = type(failing).__name__
    modules = dict(named_modules(root))
    parts = layer.split(".") if layer else []
    if id(failing) not in paths:
        return None
    # up to the module whose class the reader wrote
    inner = []
    while parts:
        last = parts.pop()
        owner = modules.get(".".join(parts))
        inner.insert(0, last)
        if owner is not None and is_reader(file_of_class(type(owner))):
            found = in_class(type(owner), inner, kind, failing)
            if found:
                return found
            break
    for file, names in files_of(frames):
        tree = tree_of(file, names)
        if tree is None:
            continue
        steps = layer.split(".") if layer else []
        found = in_tree(tree, name, steps, kind, failing, file, names, of_self=False)
        if found:
            return found
    return None


def file_of_class(kind):
    """Return the file of a class, "" where it has none."""
    try:
        return inspect.getfile(kind)
    except (TypeError, OSError):
        pass
    function = kind.__dict__.get("__init__") or kind.__dict__.get("forward") or kind.__dict__.get("call")
    code = getattr(function, "__code__", None)
    return code.co_filename if code is not None else "<none>"


def files_of(frames):
    """Yield (file, its names) of the reader's files in a traceback, the innermost first."""
    seen = set()
    for frame in reversed(frames):
        if frame.is_reader and frame.file not in seen and len(seen) < MOST_FILES:
            seen.add(frame.file)
            yield frame.file, frame.frame.f_globals


def tree_of(file, names=None):
    """Return a source file as a tree, None where it is not there."""
    return parsed("".join(linecache.getlines(file, names)))


def in_class(kind, inner, type_name, failing):
    """Return the Expected of the layer at `self.<inner>` of a class, None where it is not found."""
    for base in kind.__mro__:
        file = file_of_class(base)
        if not is_reader(file):
            continue
        names = getattr(sys.modules.get(base.__module__), "__dict__", None)
        tree = tree_of(file, names)
        if tree is None:
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and node.name == base.__name__:
                found = in_tree(node, "self", inner, type_name, failing, file, names)
                if found:
                    return found
    return None


def in_tree(tree, owner, inner, type_name, failing, file, names, of_self=True):
    """Return the Expected of the layer that is called `owner.<inner>` in a piece of source."""
    candidates = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                text = ast.unparse(target)
                for count in range(len(inner), -1, -1):
                    if text == spelled(owner, inner[:count]) and (count or not of_self):
                        candidates.append((count, node.value, inner[count:]))
    candidates.sort(key=lambda each: -each[0])
    for _, value, rest in candidates:
        call = inside(value, rest, type_name)
        if call is not None and fits(call, failing):
            return expected(call, file, names)
    calls = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and called(node) == type_name and fits(node, failing, strict=True)
    ]
    if len(calls) == 1 and inner:
        return expected(calls[0], file, names)
    return None


def spelled(owner, parts):
    """Return `self.net[0].conv` for parts."""
    text = owner
    for part in parts:
        text += f"[{part}]" if part.isdigit() else f".{part}"
    return text


def called(node):
    """Return the last name of what is called."""
    return ast.unparse(node.func).rpartition(".")[2]


def inside(value, rest, type_name):
    """Return the call that makes the layer at `rest` in what is assigned, None where it is not clear."""
    if not isinstance(value, ast.Call):
        return None
    if not rest:
        return value if called(value) == type_name else unique(value, type_name)
    name, place = called(value), rest[0]
    if name in ("Sequential", "ModuleList") and place.isdigit():
        items = value.args
        if len(items) == 1 and isinstance(items[0], ast.List | ast.Tuple):
            items = items[0].elts
        if not any(isinstance(item, ast.Starred) for item in items) and int(place) < len(items):
            return inside(items[int(place)], rest[1:], type_name)
    if name in ("Sequential", "ModuleDict", "OrderedDict"):
        for node in ast.walk(value):
            if isinstance(node, ast.Tuple) and len(node.elts) == 2 and is_text(node.elts[0], place):
                return inside(node.elts[1], rest[1:], type_name)
            if isinstance(node, ast.Dict):
                for key, item in zip(node.keys, node.values, strict=True):
                    if is_text(key, place):
                        return inside(item, rest[1:], type_name)
    return unique(value, type_name)


def is_text(node, text):
    """Whether a node is a constant text."""
    return isinstance(node, ast.Constant) and node.value == text


def unique(value, type_name):
    """Return the one call in a value that makes such a layer; None where there are more."""
    calls = [node for node in ast.walk(value) if isinstance(node, ast.Call) and called(node) == type_name]
    return calls[0] if len(calls) == 1 else None


NUMBERS = ("in_channels", "in_features", "num_features", "input_size", "num_embeddings", "embed_dim")
SECOND = ("out_channels", "out_features", None, "hidden_size", "embedding_dim", "num_heads")


def fits(call, failing, strict=False):
    """Whether the constants of a call agree with the layer; `strict`: there has to be one."""
    known = False
    for first, second in zip(NUMBERS, SECOND, strict=True):
        if not hasattr(failing, first):
            continue
        keywords = {each.arg: each.value for each in call.keywords}
        for place, key in enumerate((first, second)):
            node = keywords.get(key) or (call.args[place] if place < len(call.args) else None)
            if key and isinstance(node, ast.Constant) and isinstance(node.value, int):
                known = True
                if node.value != getattr(failing, key, None):
                    return False
        break
    return known or not strict


def expected(call, file, names):
    """Return the Expected of a call."""
    lines = linecache.getlines(file, names)
    text = lines[call.lineno - 1].strip() if call.lineno <= len(lines) else ast.unparse(call)
    return Expected(file, call.lineno, text[:200])
