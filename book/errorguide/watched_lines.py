"""What the reader's line says about an operation that is watched: where it is, and whether two tensors are
meant to meet each with each.
"""

import ast
import linecache
import sys

from .live.frames import Frame, is_reader, statement_of
from .live.tell import file_text

# Those that make a column of a vector, and those that change no more than a shape.
NEW_AXIS = ("unsqueeze", "unsqueeze_", "expand_dims", "newaxis", "atleast_2d")
TO_COLUMN = ("reshape", "view")
OF_SHAPE = (
    *NEW_AXIS, *TO_COLUMN, "squeeze", "flatten", "ravel", "transpose", "permute", "t", "T", "mT", "detach",
    "clone", "contiguous", "numpy", "identity", "stop_gradient", "convert_to_tensor", "view_as", "reshape_as",
)  # fmt: skip
MACHINERY = ("/tensorflow/python/autograph/", "/tensorflow/python/util/")  # between a call and what it calls
MOST_NAMES = 5  # that are followed to where they were assigned
CONVERTED = "__autograph_generated"


def line_above(frame):
    """Return the frame of the reader's that makes a call, also where AutoGraph has converted it; None where
    a library makes it. `frame` is the one that is called.
    """
    frame = frame.f_back
    while frame is not None:
        file = frame.f_code.co_filename
        if CONVERTED in file or is_reader(file):
            return frame
        if not any(part in file.replace("\\", "/") for part in MACHINERY):
            return None
        frame = frame.f_back
    return None


def place_of_line(frame):
    """Return the reader's line that runs, "" where there is none."""
    while frame is not None:
        file, line = frame.f_code.co_filename, frame.f_lineno
        if CONVERTED in file:
            file, line = _before_conversion(frame) or (file, line)
        if is_reader(file):
            name = file_text(file).replace("\\", "/").rpartition("/")[2]
            return f"{name}, line {line}"
        frame = frame.f_back
    return ""


def _before_conversion(frame):
    """Return (file, line) of the source that AutoGraph made a frame's code of, None where none is known."""
    spot = frame.f_code.co_filename, frame.f_lineno
    while frame is not None:
        sources = getattr(frame.f_locals.get("converted_f"), "ag_source_map", None)
        if sources and spot in sources:
            origin = sources[spot].loc
            return origin.filename, origin.lineno
        frame = frame.f_back
    return None


def is_each_with_each(frame, columns_too=False):
    """Whether the line asks for a broadcast: it makes the new axis itself, or both sides are the same tensor.

    `columns_too`: a `reshape` counts as a new axis.
    """
    tree = statement_of(Frame(frame, frame.f_lineno, frame.f_lasti))
    if tree is None:
        return False
    tree = _AsWritten().visit(tree)
    asked = NEW_AXIS + TO_COLUMN if columns_too else NEW_AXIS
    pairs = [sides for node in ast.walk(tree) if (sides := _sides(node)) is not None]
    for one, other in pairs:
        if any(_makes_an_axis(side, asked) for side in (one, other)):
            return True
        if (core := _core(one, frame)) is not None and core == _core(other, frame):
            return True
    return False


class _AsWritten(ast.NodeTransformer):
    """Turns what AutoGraph has made of calls and variables back."""

    def visit_Call(self, node):
        """Turn `ag__.ld(x)` to `x`, and `ag__.converted_call(f, (x,), ...)` to `f(x)`."""
        self.generic_visit(node)
        function, given = node.func, node.args
        if isinstance(function, ast.Attribute) and getattr(function.value, "id", None) == "ag__":
            if function.attr == "ld" and given:
                return given[0]
            if function.attr == "converted_call" and len(given) > 1 and isinstance(given[1], ast.Tuple):
                return ast.Call(given[0], given[1].elts, [])
        return node


def _sides(node):
    """Return the two tensors of a difference, None where a node is none."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub):
        return node.left, node.right
    if isinstance(node, ast.Call):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        given = [*node.args, *(word.value for word in node.keywords)]
        if name in ("sub", "subtract", "squared_difference"):
            if len(given) == 1 and isinstance(node.func, ast.Attribute):
                given = [node.func.value, *given]
            if len(given) >= 2:
                return given[0], given[1]
    return None


def _makes_an_axis(node, asked):
    """Whether an expression has a new axis in it."""
    for part in ast.walk(node):
        if isinstance(part, ast.Subscript):
            entries = part.slice.elts if isinstance(part.slice, ast.Tuple) else [part.slice]
            if any(isinstance(entry, ast.Constant) and entry.value is None for entry in entries):
                return True
        name = part.attr if isinstance(part, ast.Attribute) else getattr(part, "id", None)
        if name in asked:
            return True
    return False


def _core(node, frame):
    """Return the source of what an expression only changes the shape of."""
    for _ in range(MOST_NAMES):
        while (inner := _inside(node)) is not None:
            node = inner
        if not isinstance(node, ast.Name):
            break
        assigned = _assigned(node.id, frame)
        if assigned is None or _inside(assigned) is None:
            break
        node = assigned
    return ast.unparse(node)


def _inside(node):
    """Return the expression of which this one changes the shape, None where it does more."""
    if isinstance(node, ast.Subscript):
        entries = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        plain = all(
            isinstance(entry, ast.Slice)
            or (isinstance(entry, ast.Constant) and (entry.value is None or entry.value is Ellipsis))
            for entry in entries
        )
        return node.value if plain else None
    if isinstance(node, ast.Attribute):
        return node.value if node.attr in ("T", "mT", "data") else None
    if isinstance(node, ast.Call):
        function = node.func
        name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
        if name in OF_SHAPE:
            method = isinstance(function, ast.Attribute) and not (
                isinstance(function.value, ast.Name) and _is_module(function.value.id)
            )
            return function.value if method else (node.args[0] if node.args else None)
    return None


def _is_module(name):
    """Whether a name is a module's, as people write it."""
    return name in ("tf", "torch", "np", "numpy", "keras", "ops", "F", "K") or name in sys.modules


def _assigned(name, frame):
    """Return the expression that a name was last given above the line that runs, None where that is not
    plain to see.
    """
    first = frame.f_code.co_firstlineno
    lines = [
        linecache.getline(frame.f_code.co_filename, number, frame.f_globals)
        for number in range(first, frame.f_lineno)
    ]
    for line in reversed(lines):
        if line.strip().startswith(name) and "=" in line:
            try:
                tree = _AsWritten().visit(ast.parse(line.strip()).body[0])
            except (SyntaxError, ValueError, IndexError):
                continue
            if (
                isinstance(tree, ast.Assign)
                and len(tree.targets) == 1
                and isinstance(tree.targets[0], ast.Name)
                and tree.targets[0].id == name
            ):
                return tree.value
    return None
