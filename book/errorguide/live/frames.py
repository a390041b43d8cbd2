"""What stands in the frames of a traceback: the reader's own line, and the shapes of its variables."""

import ast
import dataclasses
import functools
import linecache
import os
import sys
import sysconfig
import types
import warnings

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
LIBRARIES = tuple(
    {
        os.path.join(os.path.abspath(path), "")
        for name in ("stdlib", "platstdlib", "purelib", "platlib")
        if (path := sysconfig.get_path(name))
    }
)
MOST_FRAMES = 3000
MOST_NAMES = 12
MOST_CODE = 200


@dataclasses.dataclass
class Frame:
    """A frame of a traceback, with the place in it that failed."""

    frame: types.FrameType
    line: int
    last: int  # the failing instruction

    @property
    def code(self):
        """The function's code."""
        return self.frame.f_code

    @property
    def file(self):
        """The file's name, as Python has it."""
        return self.frame.f_code.co_filename

    @property
    def is_reader(self):
        """Whether the frame is of the reader's code, and not of a library's."""
        return is_reader(self.file)

    @property
    def first(self):
        """The first positional argument, usually `self`; None where there is none any more."""
        names = self.frame.f_code.co_varnames
        if not self.frame.f_code.co_argcount or not names:
            return None
        return self.frame.f_locals.get(names[0])


def is_kind(value, kinds):
    """Whether a value's class is one of a kind. Unlike isinstance it asks the class alone: an object may say
    anything of itself, or run code that is asked for its class.
    """
    return issubclass(type(value), kinds)


def own_dict(value):
    """Return what simply lies in an object, without running any code of the reader's."""
    try:
        return object.__getattribute__(value, "__dict__")
    except AttributeError:
        return {}


def parsed(text):
    """Return source as a tree, None where it is none. What Python warns of in it, it has said before."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text) if text else None
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def frames_of(error):
    """Return the Frames of an exception, the outermost first."""
    found, traceback = [], error.__traceback__
    while traceback is not None and len(found) < MOST_FRAMES:
        found.append(Frame(traceback.tb_frame, traceback.tb_lineno, traceback.tb_lasti))
        traceback = traceback.tb_next
    return found


@functools.lru_cache(maxsize=4096)
def is_reader(file):
    """Whether a file is the reader's, and not a library's, or made by a tool."""
    if file.startswith("<") and not file.startswith("<ipython-input"):
        return False
    if "__autograph_generated" in file:
        return False
    path = os.path.abspath(file)
    if "site-packages" in path or "dist-packages" in path:
        return False
    return not path.startswith(LIBRARIES) and not path.startswith(os.path.join(HERE, ""))


def readers_frame(frames):
    """Return the last frame of the reader's own code, None where there is none."""
    return next((frame for frame in reversed(frames) if frame.is_reader), None)


def code_of(frame):
    """Return the line of a frame, and the part of it that failed, each None where the source is not there."""
    line = linecache.getline(frame.file, frame.line, frame.frame.f_globals).strip()
    segment = None
    positions = getattr(frame.code, "co_positions", None)
    if positions is not None and frame.last >= 0:
        try:
            spot = list(positions())[frame.last // 2]
            segment = segment_of(frame.file, spot, frame.frame.f_globals)
        except (IndexError, ValueError):
            segment = None
    return line[:MOST_CODE] or None, segment


def segment_of(file, spot, names=None):
    """Return the source between two positions, None where it is not there."""
    start, end, left, right = spot
    if None in spot:
        return None
    lines = [linecache.getline(file, number, names).rstrip("\n") for number in range(start, end + 1)]
    if not lines or not lines[0]:
        return None
    raw = [line.encode() for line in lines]
    raw[-1] = raw[-1][:right]
    raw[0] = raw[0][left:]
    return b"\n".join(raw).decode(errors="replace")


def statement_of(frame):
    """Return the source of the failing part as a tree, None where it cannot be read."""
    line, segment = code_of(frame)
    for text in (segment, line):
        if text:
            for whole in (text, text.rstrip(":") + ": pass" if text.endswith(":") else text):
                tree = parsed(whole.strip())
                if tree is not None:
                    return tree
    return None


def shapes_on_line(frame):
    """Return ((name, shape), ...) of the variables on the failing line that have a shape."""
    line, _ = code_of(frame)
    tree = parsed(line) or parsed(line and line + " pass") or statement_of(frame)
    found = {}
    if tree is None:
        return ()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.Attribute | ast.Subscript):
            name = ast.unparse(node)
            shape = shape_of(value_of(node, frame.frame))
            if shape is not None and len(found) < MOST_NAMES:
                found.setdefault(name, list(shape))
    return tuple(found.items())


def value_of(node, frame):
    """Return the value of a name, an attribute or a constant item in a frame, without running any code of the
    reader's; None where it is not there.
    """
    if isinstance(node, ast.Name):
        return frame.f_locals.get(node.id, frame.f_globals.get(node.id))
    if isinstance(node, ast.Attribute):
        return plain_attribute(value_of(node.value, frame), node.attr)
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        whole = value_of(node.value, frame)
        if type(whole) in (dict, list, tuple):
            try:
                return whole[node.slice.value]
            except (KeyError, IndexError, TypeError):
                return None
    return None


def plain_attribute(owner, name):
    """Return an attribute that simply lies in an object, None where there is none."""
    own = own_dict(owner)
    if name in own:
        return own[name]
    for part in ("_parameters", "_buffers", "_modules"):
        inside = own.get(part)
        if isinstance(inside, dict) and name in inside:
            return inside[name]
    return None


def shape_of(value):
    """Return the shape of an array or tensor as a tuple of whole numbers or None; None where it has none."""
    kind = type(value)
    root = (kind.__module__ or "").partition(".")[0]
    if root not in ("torch", "tensorflow", "numpy", "keras", "jax", "jaxlib") and not is_a_tensor(value):
        return None
    try:
        shape = shape_of_tensor(value) if is_a_tensor(value) else value.shape
        if callable(shape) or isinstance(value, type):
            return None
        return tuple(None if size is None else int(size) for size in shape)
    except Exception:
        return None


def is_a_tensor(value):
    """Whether a value is a tensor of PyTorch, which may be a class of the reader's."""
    torch = sys.modules.get("torch")
    return torch is not None and hasattr(torch, "Tensor") and is_kind(value, torch.Tensor)


def shape_of_tensor(value):
    """Return the shape of a tensor of PyTorch, also of a class of the reader's, none of whose code is run."""
    torch = sys.modules["torch"]
    with torch._C.DisableTorchFunctionSubclass():
        return torch.Tensor.size(value)


def called_name(frames, value):
    """Return the name by which the reader's code calls an object, None where it has none."""
    for frame in reversed(frames):
        if not frame.is_reader:
            continue
        for names in (frame.frame.f_locals, frame.frame.f_globals):
            for name, found in list(names.items()):
                if found is value and name != "self" and not name.startswith("_"):
                    return name
    return None
