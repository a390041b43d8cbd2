"""Find the line of the reader's source that made a layer, and the one that says the number it expects."""

import ast
import dataclasses
import inspect
import linecache
import sys

from .frames import is_reader, parsed
from .records import Expected
from .torch_layers import INPUT_NAME, POSITIONAL, kind_of, named_modules

MOST_FILES = 40
MOST_LEVELS = 12
LOOPS = (ast.For, ast.While, ast.ListComp, ast.GeneratorExp)
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclasses.dataclass
class Made:
    """A call in the reader's source that makes a module. `scope` is the function in which it stands, `by` the
    call of that function, where it is a helper and not a class's own.
    """

    call: ast.Call
    file: str
    names: dict | None
    scope: ast.AST | None = None
    by: "Made | None" = None
    owner: tuple | None = None  # the path of the module whose class it stands in


def owned(made, path):
    """Return a Made that knows in whose class it stands, or the call of the helper that it stands in."""
    if made.by is not None:
        return dataclasses.replace(made, by=owned(made.by, path))
    return dataclasses.replace(made, owner=path)


def linked(made, by):
    """Return a Made whose helper, or the helper's own, was called by another."""
    return dataclasses.replace(made, by=linked(made.by, by) if made.by is not None else by)


class Maker:
    """Finds the calls that made the modules of a model."""

    def __init__(self, root, frames, name):
        self.modules = {tuple(path.split(".")) if path else (): each for path, each in named_modules(root)}
        self.files = list(files_of(frames))
        self.name = name

    def made(self, path):
        """Return the Made of the module at a path, None where its source is not there or more than one line
        fits.
        """
        target = self.modules.get(path)
        if target is None:
            return None
        replaced = self.replaced(path, target)
        if replaced is not None:
            return replaced
        for count in range(len(path) - 1, -1, -1):
            owner = self.modules.get(path[:count])
            if owner is not None and is_reader(file_of_class(type(owner))):
                if any(is_given(tree, path[count]) for tree, _, _ in classes_of(type(owner))):
                    continue
                return self.in_class(owner, path[:count], path[count:], target) or self.whole(path)
        return self.in_files(path, target) or self.whole(path)

    def whole(self, path):
        """Return the Made of the library's larger layer of which a module is a part."""
        kind = type(self.modules.get(path[:-1]))
        if path and kind.__module__.startswith("torch.nn.modules") and "container" not in kind.__module__:
            return self.made(path[:-1])
        return None

    def replaced(self, path, target):
        """Return the Made of a module that was put into a model from outside: `model.net.fc = ...`."""
        for count in range(len(path) - 1):
            owner = self.modules.get(path[:count])
            if owner is None or not is_reader(file_of_class(type(owner))):
                continue
            for node, file, names in classes_of(type(owner)):
                found = self.assigned(node, "self", path[count:], target, file, names, path, exact=True)
                if found is not None:
                    return owned(found, path[:count])
        for file, names in self.files if path else ():
            tree = tree_of(file, names)
            if tree is None:
                continue
            found = self.assigned(tree, self.name, path, target, file, names, path, exact=True)
            if found is not None:
                return found
        return None

    def in_class(self, owner, owner_path, inner, target):
        """Return the Made of the module at `self.<inner>` of a class."""
        for node, file, names in classes_of(type(owner)):
            path = (*owner_path, *inner)
            found = self.assigned(node, "self", inner, target, file, names, path)
            if found is None:
                found = self.chosen(node, target, path, file, names, inner[0])
            if found is not None:
                return owned(found, owner_path)
        return None

    def in_files(self, path, target):
        """Return the Made of a module that a script or a function of it made."""
        for file, names in self.files:
            tree = tree_of(file, names)
            if tree is None:
                continue
            found = self.assigned(tree, self.name, path, target, file, names, path)
            if found is None:
                calls = makers_in(tree, target)
                fitting = [each for each in calls if fits(each, target, strict=bool(path))]
                if len(fitting) == 1:
                    found = Made(fitting[0], file, names, scope_of(tree, fitting[0]))
            if found is not None:
                return found
        return None

    def assigned(self, tree, owner, inner, target, file, names, path, exact=False):
        """Return the Made of the module that is assigned to `owner.<inner>`, or is in what is assigned to a
        beginning of it.
        """
        found = []
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                texts = [ast.unparse(each) for each in targets]
                for count in range(len(inner), len(inner) - 1 if exact else -1, -1):
                    if (count or owner != "self") and spelled(owner, inner[:count]) in texts:
                        found.append((count, node.value))
        for count, value in sorted(found, key=lambda each: -each[0]):
            made = self.within(value, inner[count:], target, file, names, path, tree)
            if made is not None:
                return made
        return None

    def within(self, value, rest, target, file, names, path, tree):
        """Return the Made of the module at `rest` in what an expression makes."""
        if not isinstance(value, ast.Call | ast.List | ast.ListComp | ast.IfExp | ast.BoolOp):
            return None
        item = item_of(value, rest[0]) if rest else None
        if item is not None:
            return self.within(item, rest[1:], target, file, names, path, tree)
        calls = makers_in(value, target)
        if not rest and value in calls:
            calls = [value]
        call = calls[0] if len(calls) == 1 else self.in_order(value, calls, path)
        if call is not None:
            return Made(call, file, names, scope_of(tree, call)) if fits(call, target) else None
        helpers = [(each, helper_of(each, tree, file, names)) for each in calls_in(value)]
        helpers = [(each, helper) for each, helper in helpers if helper is not None]
        if len(helpers) != 1:
            return None
        call, (function, its_file, its_names) = helpers[0]
        made = self.chosen(function, target, path, its_file, its_names, None)
        return made and linked(made, Made(call, file, names, scope_of(tree, call)))

    def chosen(self, tree, target, path, file, names, attribute):
        """Return the Made of a module among the calls in a class or a function, that fill no other attribute
        than its own.
        """
        others = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign) and attribute is not None:
                texts = [ast.unparse(each) for each in node.targets]
                if all(text.startswith("self.") for text in texts) and f"self.{attribute}" not in texts:
                    others |= {id(each) for each in ast.walk(node.value)}
        calls = [each for each in makers_in(tree, target) if id(each) not in others]
        if not calls and isinstance(tree, FUNCTIONS) and len(path) > 1:
            return self.nested(tree, target, path, file, names)
        call = calls[0] if len(calls) == 1 else self.in_order(tree, calls, path)
        if call is None:
            fitting = [each for each in calls if fits(each, target, strict=True)]
            call = fitting[0] if len(fitting) == 1 else None
        return Made(call, file, names, scope_of(tree, call)) if call and fits(call, target) else None

    def nested(self, tree, target, path, file, names):
        """Return the Made of a module that a helper made for another helper."""
        helpers = [(each, helper_of(each, tree, file, names)) for each in calls_in(tree)]
        helpers = {id(each): helper for each, helper in helpers if helper and helper[0] is not tree}
        calls = [each for each in calls_in(tree) if id(each) in helpers]
        call = calls[0] if len(calls) == 1 else self.in_order(tree, calls, path[:-1])
        if call is None:
            return None
        function, its_file, its_names = helpers[id(call)]
        made = self.chosen(function, target, path, its_file, its_names, None)
        return made and linked(made, Made(call, file, names, tree))

    def in_order(self, tree, calls, path):
        """Return the one of several calls that made a module, from its place among those like it in what
        holds them; None where that does not say it.
        """
        parent, target = self.modules.get(path[:-1]), self.modules[path]
        if not path or parent is None:
            return None
        alike = [each for each in parent.children() if kind_of(each) is kind_of(target)]
        place = next((at for at, each in enumerate(alike) if each is target), None)
        if place is None or not calls:
            return None
        if len(calls) != len(alike):
            always = [each for each in calls if not is_under(tree, each, (ast.If, ast.IfExp))]
            calls = always if len(always) == len(alike) else calls
        if len(calls) == len(alike):
            return calls[place]
        looped = [at for at, each in enumerate(calls) if is_under(tree, each, LOOPS)]
        if len(looped) != 1 or len(alike) < len(calls) - 1:
            return None
        before, after = looped[0], len(calls) - 1 - looped[0]
        if place < before:
            return calls[place]
        if place >= len(alike) - after:
            return calls[place - len(alike) + len(calls)]
        return calls[before]

    # ---- the number ----

    def is_reused(self, path):
        """Whether the model has more than one module of the class of the one at a path."""
        kind = type(self.modules[path])
        return sum(type(each) is kind for each in self.modules.values()) > 1

    def number(self, made, target):
        """Return the Made of the call that says the number which a layer expects: where the layer's own call
        takes it from an argument of a function, or of a class that stands in the model more than once, the
        call of that.
        """
        kind = kind_of(target).__name__
        key = INPUT_NAME.get(kind)
        if key is None or key not in POSITIONAL[kind]:
            return made
        value, now = argument_of(made.call, key, POSITIONAL[kind].index(key)), made
        for _ in range(MOST_LEVELS):
            place = parameter_of(value, now.scope)
            if place is None:
                break
            outer = now.by
            if outer is None and now.owner is not None and self.is_reused(now.owner):
                outer = self.made(now.owner)
            given = outer and argument_of(outer.call, value.id, place)
            if given is None:
                break
            value, now = given, outer
        if isinstance(value, ast.Constant) and value.value != getattr(target, key, value.value):
            return made
        return now


def maker_of(root, path, failing, frames, name):
    """Return the Expected of the layer at a path, None where its source is not there or more than one line
    fits.
    """
    maker = Maker(root, frames, name)
    made = maker.made(tuple(path.split(".")) if path else ())
    if made is None:
        return None
    said = maker.number(made, failing)
    found = expected(said.call, said.file, said.names)
    if said is not made:
        found = dataclasses.replace(found, made=expected(made.call, made.file, made.names))
    return found


def parameter_maker(owner, name):
    """Return the Expected of a parameter or buffer of a module."""
    for tree, file, names in classes_of(type(owner)):
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign) and f"self.{name}" in map(ast.unparse, node.targets):
                return expected(node, file, names)
            registers = isinstance(node, ast.Call) and called(node) in (
                "register_buffer",
                "register_parameter",
            )
            if registers and node.args and is_text(node.args[0], name):
                return expected(node, file, names)
    return None


# ---- source files ----


def file_of_class(kind):
    """Return the file of a class, "" where it has none."""
    for name in ("__init__", "forward", "call", "build"):
        code = getattr(kind.__dict__.get(name), "__code__", None)
        if code is not None and is_reader(code.co_filename):
            return code.co_filename  # what __main__ says may be another file
    try:
        return inspect.getfile(kind)
    except (TypeError, OSError):
        return "<none>"


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


def classes_of(kind):
    """Yield (its definition, file, names) of a class, and of those it is made of, that the reader wrote."""
    for base in kind.__mro__:
        file = file_of_class(base)
        if not is_reader(file):
            continue
        own = (getattr(each, "__globals__", None) for each in vars(base).values())
        names = next(filter(None, own), getattr(sys.modules.get(base.__module__), "__dict__", None))
        tree = tree_of(file, names)
        for node in ast.walk(tree) if tree is not None else ():
            if isinstance(node, ast.ClassDef) and node.name == base.__name__:
                yield node, file, names


def helper_of(call, tree, file, names):
    """Return (definition, file, names) of the reader's function that a call calls, None where it is none."""
    name = called(call)
    for node in ast.walk(tree):
        if isinstance(node, FUNCTIONS) and node.name == name and name != "forward":
            return node, file, names
    value = None
    if isinstance(call.func, ast.Name):
        value = (names or {}).get(name)
    elif isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Name):
        value = getattr((names or {}).get(call.func.value.id), name, None)
    code = getattr(value, "__code__", None)
    if code is None or not is_reader(code.co_filename):
        return None
    its_tree = tree_of(code.co_filename, value.__globals__)
    for node in ast.walk(its_tree) if its_tree is not None else ():
        if isinstance(node, FUNCTIONS) and node.name == code.co_name:
            return node, code.co_filename, value.__globals__
    return None


def scope_of(tree, call):
    """Return the innermost function of a tree in which a call stands, None where it stands in none."""
    found = tree if isinstance(tree, FUNCTIONS) else None
    for node in ast.walk(tree):
        if isinstance(node, FUNCTIONS) and any(each is call for each in ast.walk(node)):
            found = node
    return found


def calls_in(tree):
    """Return the calls in a tree, in the order of the source."""
    found = [each for each in ast.walk(tree) if isinstance(each, ast.Call)]
    return sorted(found, key=lambda each: (each.lineno, each.col_offset))


def is_under(tree, call, kinds):
    """Whether a call stands in a statement, or an expression, of these kinds."""
    return any(
        isinstance(node, kinds) and any(each is call for each in ast.walk(node)) for node in ast.walk(tree)
    )


# ---- calls ----


def spelled(owner, parts):
    """Return `self.net[0].conv` for parts."""
    text = owner
    for part in parts:
        text += f"[{part}]" if part.isdigit() else f".{part}"
    return text


def is_given(tree, attribute):
    """Whether a class takes an attribute from an argument, made elsewhere: `self.shortcut = shortcut`."""
    return any(
        isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Name)
        and f"self.{attribute}" in map(ast.unparse, node.targets)
        and parameter_of(node.value, scope_of(tree, node)) is not None
        for node in ast.walk(tree)
    )


def called(node):
    """Return the last name of what is called."""
    return ast.unparse(node.func).rpartition(".")[2]


def makers_in(tree, target):
    """Return the calls in a tree that make such a module: with the name of its class, or with an argument
    that may be its class.
    """
    kind = kind_of(target)
    variables = set()
    if is_reader(file_of_class(kind)):
        for node in ast.walk(tree):
            if isinstance(node, FUNCTIONS):
                variables |= {each.arg for each in (*node.args.args, *node.args.kwonlyargs)}
    calls = calls_in(tree)
    found = [each for each in calls if called(each) == kind.__name__]
    return found or [each for each in calls if isinstance(each.func, ast.Name) and each.func.id in variables]


def item_of(value, place):
    """Return the expression that makes one item of a container, None where it is not clear."""
    if not isinstance(value, ast.Call):
        return None
    name = called(value)
    if name in ("Sequential", "ModuleList") and place.isdigit():
        items = value.args
        if len(items) == 1 and isinstance(items[0], ast.List | ast.Tuple):
            items = items[0].elts
        starred = next((at for at, item in enumerate(items) if isinstance(item, ast.Starred)), len(items))
        if int(place) < starred and not isinstance(items[int(place)], ast.ListComp | ast.GeneratorExp):
            single = len(items) == 1 and isinstance(items[0], ast.Name | ast.Call)
            return None if single and is_many(items[0]) else items[int(place)]
    if name in ("Sequential", "ModuleDict", "OrderedDict", "dict"):
        for keyword in value.keywords:
            if keyword.arg == place:
                return keyword.value
        for node in ast.walk(value):
            if isinstance(node, ast.Tuple) and len(node.elts) == 2 and is_text(node.elts[0], place):
                return node.elts[1]
            if isinstance(node, ast.Dict):
                for key, item in zip(node.keys, node.values, strict=True):
                    if is_text(key, place):
                        return item
            if isinstance(node, ast.Call) and node is not value and called(node) == "dict":
                for keyword in node.keywords:
                    if keyword.arg == place:
                        return keyword.value
    return None


def is_many(node):
    """Whether an expression gives all items of a container, and not one: a list's name, an OrderedDict."""
    return isinstance(node, ast.Name) or called(node) in ("OrderedDict", "dict", "list")


def is_text(node, text):
    """Whether a node is a constant text."""
    return isinstance(node, ast.Constant) and node.value == text


def argument_of(call, key, place):
    """Return the expression that a call gives for a parameter, None where it gives none, or not openly."""
    for each in call.keywords:
        if each.arg == key:
            return each.value
    if any(isinstance(each, ast.Starred) for each in call.args[: place + 1]):
        return None
    return call.args[place] if place < len(call.args) else None


def parameter_of(value, scope):
    """Return the place among a function's parameters, `self` not counted, of a name that is one of them and
    keeps its value; None for another expression.
    """
    if not isinstance(value, ast.Name) or not isinstance(scope, FUNCTIONS):
        return None
    names = [each.arg for each in (*scope.args.posonlyargs, *scope.args.args)]
    if names[:1] == ["self"]:
        names = names[1:]
    kept = not any(
        isinstance(each, ast.Name) and each.id == value.id and isinstance(each.ctx, ast.Store)
        for each in ast.walk(scope)
    )
    if value.id in names and kept:
        return names.index(value.id)
    only = [each.arg for each in scope.args.kwonlyargs]
    return len(names) if value.id in only and kept else None


NUMBERS = ("in_channels", "in_features", "num_features", "input_size", "num_embeddings", "embed_dim")
SECOND = ("out_channels", "out_features", None, "hidden_size", "embedding_dim", "num_heads")


def fits(call, target, strict=False):
    """Whether the constants of a call agree with the layer; `strict`: there has to be one."""
    known = False
    for first, second in zip(NUMBERS, SECOND, strict=True):
        if not hasattr(target, first):
            continue
        for place, key in enumerate((first, second)):
            node = key and argument_of(call, key, place)
            if isinstance(node, ast.Constant) and isinstance(node.value, int):
                known = True
                if node.value != getattr(target, key, None):
                    return False
        break
    return known or not strict


def expected(node, file, names):
    """Return the Expected of a call, or of another piece of source."""
    lines = linecache.getlines(file, names)
    text = lines[node.lineno - 1].strip() if node.lineno <= len(lines) else ast.unparse(node)
    return Expected(file, node.lineno, text[:200])
