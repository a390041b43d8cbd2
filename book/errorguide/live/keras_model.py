"""Look at an error of Keras: the model, from the frames, and the rest from a replay on symbolic tensors."""

import ast
import contextlib
import dataclasses
import re
import sys

from .apart import OutOfTime, limited, run_apart
from .frames import Frame, called_name, code_of, is_kind, is_reader, parsed, readers_frame, shapes_on_line
from .keras_code import in_readers_names
from .keras_source import maker_of
from .records import Finding, Origin, Step, Trial, Where

SECONDS = 4.0  # of the processor's time, for the first replay: a symbolic call of a layer takes long
SECONDS_OF_TRIALS = 3.0
SECONDS_IN_ALL = 10.0
ENTRIES = ("__call__", "fit", "predict", "evaluate", "train_on_batch", "test_on_batch", "predict_on_batch")
GENERATED = "__autograph_generated"
PLACES = {"x": 0, "y": 1, "sample_weight": 2}
NAMED = re.compile(r"(?:of|to|calling) layer ['\"]([\w/.-]+)['\"]")


@dataclasses.dataclass
class Call:
    """A call of a model or layer that failed: the method, its positional and named arguments."""

    root: object
    method: str
    args: tuple
    kwargs: dict
    at: int = 0  # its frame's number


def look_at_keras(error, frames, keras, tf, try_repairs=True):
    """Return the Finding of an error in whose frames a model or layer of Keras stands, None where there is
    none.
    """
    call = call_of(frames, keras)
    if call is None:
        return None
    readers = translated(error, frames) or readers_frame(frames)
    line, segment = code_of(readers) if readers else (None, None)
    root = call.root
    name = called_name(frames, root) or "model"
    where = Where(
        layer=None,
        type=None,
        file=readers.file if readers else None,
        line=readers.line if readers else None,
        code=line,
        shapes=shapes_on_line(readers) if readers else (),
        framework="keras",
    )
    argument = argument_names(frames, call)
    told = run_apart(
        lambda: replays(keras, tf, call, argument, name, segment, readers, error, try_repairs), SECONDS_IN_ALL
    )
    if told and "broke" in told:
        print(told["broke"], file=sys.stderr)
        told = None
    if not told:
        return Finding(without_replay(keras, where, root, readers, error))
    origin = told.get("came_from")
    made = {key: told.get(key) for key in ("layer", "type", "operation", "config")}
    expected = None
    with contextlib.suppress(Exception):
        expected = maker_of(root, told, frames, readers)
    return Finding(
        where=dataclasses.replace(where, **made),
        path=tuple(Step(**step) for step in told.get("path", ())),
        came_from=origin
        and Origin(**{**origin, **{key: tuple(origin[key]) for key in ("layers", "operations", "inputs")}}),
        trials=tuple(
            Trial(**{**trial, "change": in_readers_names(trial["change"], frames)})
            for trial in told.get("trials", ())
        ),
        expects=told.get("expects"),
        need=tuple(told.get("need") or ()),
        expected_by=expected,
    )


class Translated(Frame):
    """A frame of code that AutoGraph made of the reader's, told as the reader's."""

    source = ""

    @property
    def file(self):
        """The reader's file."""
        return self.source


def translated(error, frames):
    """Return the innermost frame of the reader's code where AutoGraph had rewritten it, None where it had
    not.
    """
    stack = getattr(getattr(error, "ag_error_metadata", None), "translated_stack", None) or ()
    inner = next((frame for frame in reversed(frames) if frame.is_reader or GENERATED in frame.file), None)
    if inner is None or GENERATED not in inner.file:
        return None
    for place in stack:
        if getattr(place, "is_converted", False) and is_reader(place.filename):
            found = Translated(inner.frame, place.lineno, -1)
            found.source = place.filename
            return found
    return None


def without_replay(keras, where, root, readers, error):
    """Return the Where of an error whose call cannot be replayed: what its message and its frames say."""
    from .keras_layers import kind_of, path_of

    named = NAMED.findall(str(error))
    layer = readers.first if readers and isinstance(readers.first, keras.layers.Layer) else None
    inside = [root, *root._flatten_layers(include_self=False)] if isinstance(root, keras.layers.Layer) else []
    alike = [each for each in inside if named and each.name == named[-1]]
    if len(alike) == 1:
        layer = alike[0]
    elif layer is None or not any(layer is each for each in inside):
        layer = root
    return dataclasses.replace(where, layer=path_of(root, layer), type=kind_of(layer))


def call_of(frames, keras):
    """Return the outermost Call of a Keras layer or model in the frames, None where there is none."""
    kinds = (keras.layers.Layer, keras.Operation)
    for at, frame in enumerate(frames):
        names = frame.frame.f_locals
        if frame.code.co_name == "error_handler" and "keras" in frame.file:
            args, function = names.get("args") or (), names.get("fn")
            method = getattr(function, "__name__", "")
            if args and is_kind(args[0], kinds) and (method in ENTRIES or method == "call"):
                method = "__call__" if method == "call" else method
                return Call(args[0], method, tuple(args[1:]), dict(names.get("kwargs") or {}), at)
        elif is_kind(frame.first, kinds) and "keras" in frame.file and frame.code.co_name in ENTRIES:
            args = [names.get(key) for key in frame.code.co_varnames[1 : frame.code.co_argcount]]
            if frame.code.co_name == "__call__":
                return Call(
                    frame.first,
                    "__call__",
                    tuple(names.get("args") or args),
                    dict(names.get("kwargs") or {}),
                    at,
                )
            keys = frame.code.co_varnames[1 : frame.code.co_argcount]
            return Call(frame.first, frame.code.co_name, (), {key: names.get(key) for key in keys}, at)
    return None


def argument_names(frames, call):
    """Return what the reader's data are called: for each place among the call's arguments the source, of a
    dictionary or list the sources of its entries; {} where the call cannot be read.
    """
    frame = next((frame for frame in reversed(frames[: call.at]) if frame.is_reader), None)
    if frame is None:
        return {}
    line, segment = code_of(frame)
    node = call_in(segment, call.method) or call_in(line, call.method)
    if node is None or any(isinstance(each, ast.Starred) for each in node.args):
        return {}
    found = {place: sources_of(each) for place, each in enumerate(node.args)}
    for each in node.keywords:
        found[PLACES.get(each.arg, each.arg) if call.method != "__call__" else each.arg] = sources_of(
            each.value
        )
    return found


def call_in(text, method):
    """Return the call of a method, or of a model or layer, in a piece of source; None where there is none."""
    tree = parsed((text or "").strip())
    if tree is None:
        return None
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (
            method == "__call__" or ast.unparse(node.func).endswith(f".{method}")
        ):
            return node
    return None


def sources_of(node):
    """Return the source of an argument, of a dictionary or list the sources of its entries."""
    if isinstance(node, ast.Dict):
        return {
            key.value: ast.unparse(value)
            for key, value in zip(node.keys, node.values, strict=True)
            if isinstance(key, ast.Constant)
        }
    if isinstance(node, ast.List | ast.Tuple):
        return [ast.unparse(each) for each in node.elts]
    return ast.unparse(node)


# ---- In the forked process ----


def models_inside(keras, root):
    """Whether models of Keras's own kinds stand inside a model."""
    from .keras_layers import is_library

    inside = root._flatten_layers(include_self=False) if isinstance(root, keras.layers.Layer) else ()
    return any(isinstance(each, keras.Model) and is_library(type(each)) for each in inside)


def replays(keras, tf, call, argument, name, segment, readers, error, try_repairs):
    """Yield what is known, more each time."""
    import logging

    from . import keras_trials

    logging.disable(logging.CRITICAL)
    keras.config.disable_traceback_filtering()
    variables = sys.modules.get("keras.src.backend.common.variables")
    if variables is not None:  # what a StatelessScope would do at its end
        variables.initialize_all_variables = lambda: None
    told = None
    for coarse in (False, True):
        try:
            with limited(SECONDS):
                work = keras_trials.work_of(keras, tf, call, argument, name, segment, readers, error, coarse)
                told = work.told() if work is not None else None
            break
        except OutOfTime:  # once more, where the models inside are one layer each
            if coarse or not models_inside(keras, call.root):
                return
    if told is None:
        return
    yield told
    if not try_repairs:
        return
    try:
        with limited(SECONDS_OF_TRIALS):
            for trial in work.run():
                told = {**told, "trials": [*told.get("trials", ()), trial]}
                yield told
    except OutOfTime:
        return
