"""Look at an error of Keras: the model, from the frames, and the rest from a replay on symbolic tensors."""

import ast
import contextlib
import dataclasses
import re
import sys

from .apart import OutOfTime, limited, run_apart
from .frames import called_name, code_of, is_kind, parsed, readers_frame, shapes_on_line
from .keras_source import maker_of
from .records import Finding, Origin, Step, Trial, Where

SECONDS = 2.0
SECONDS_IN_ALL = 10.0
ENTRIES = ("__call__", "fit", "predict", "evaluate", "train_on_batch", "test_on_batch", "predict_on_batch")
NAMED = re.compile(r"(?:of|to|calling) layer ['\"]([\w/.-]+)['\"]")


@dataclasses.dataclass
class Call:
    """A call of a model or layer that failed: the method, its positional and named arguments."""

    root: object
    method: str
    args: tuple
    kwargs: dict


def look_at_keras(error, frames, keras, tf, try_repairs=True):
    """Return the Finding of an error in whose frames a model or layer of Keras stands, None where there is
    none.
    """
    call = call_of(frames, keras)
    if call is None:
        return None
    readers = readers_frame(frames)
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
        expected = maker_of(root, told, frames, name)
    return Finding(
        where=dataclasses.replace(where, **made),
        path=tuple(Step(**step) for step in told.get("path", ())),
        came_from=origin
        and Origin(**{**origin, **{key: tuple(origin[key]) for key in ("layers", "operations", "inputs")}}),
        trials=tuple(Trial(**trial) for trial in told.get("trials", ())),
        expects=told.get("expects"),
        need=tuple(told.get("need") or ()),
        expected_by=expected,
    )


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
    for frame in frames:
        names = frame.frame.f_locals
        if frame.code.co_name == "error_handler" and "keras" in frame.file:
            args, function = names.get("args") or (), names.get("fn")
            method = getattr(function, "__name__", "")
            if args and is_kind(args[0], kinds) and (method in ENTRIES or method == "call"):
                method = "__call__" if method == "call" else method
                return Call(args[0], method, tuple(args[1:]), dict(names.get("kwargs") or {}))
        elif is_kind(frame.first, kinds) and "keras" in frame.file and frame.code.co_name in ENTRIES:
            args = [names.get(key) for key in frame.code.co_varnames[1 : frame.code.co_argcount]]
            if frame.code.co_name == "__call__":
                return Call(
                    frame.first, "__call__", tuple(names.get("args") or args), dict(names.get("kwargs") or {})
                )
            keys = frame.code.co_varnames[1 : frame.code.co_argcount]
            return Call(frame.first, frame.code.co_name, (), {key: names.get(key) for key in keys})
    return None


def argument_names(frames, call):
    """Return the source of the call's first argument, `x` where it cannot be read: what the reader's data are
    called.
    """
    for frame in frames:
        if not frame.is_reader:
            continue
        line, segment = code_of(frame)
        for text in (segment, line):
            for node in ast.walk(parsed((text or "").strip()) or ast.Module([], [])):
                if not isinstance(node, ast.Call):
                    continue
                given = (
                    node.args[0]
                    if node.args
                    else next((k.value for k in node.keywords if k.arg == "x"), None)
                )
                called = ast.unparse(node.func)
                right = (
                    called.endswith(f".{call.method}")
                    if call.method != "__call__"
                    else "." not in called or True
                )
                if (
                    given is not None
                    and right
                    and isinstance(given, ast.Name | ast.Attribute | ast.Dict | ast.List)
                ):
                    if isinstance(given, ast.Dict):
                        found = {
                            key.value: ast.unparse(value)
                            for key, value in zip(given.keys, given.values, strict=True)
                            if isinstance(key, ast.Constant) and isinstance(value, ast.Name | ast.Attribute)
                        }
                        return found or "x"
                    if isinstance(given, ast.List):
                        return [ast.unparse(each) for each in given.elts]
                    return ast.unparse(given)
    return "x"


# ---- In the forked process ----


def replays(keras, tf, call, argument, name, segment, readers, error, try_repairs):
    """Yield what is known, more each time."""
    import logging
    import time

    from . import keras_trials

    logging.disable(logging.CRITICAL)
    keras.config.disable_traceback_filtering()
    variables = sys.modules.get("keras.src.backend.common.variables")
    if variables is not None:  # what a StatelessScope would do at its end
        variables.initialize_all_variables = lambda: None
    until = time.process_time() + SECONDS
    try:
        with limited(SECONDS):
            work = keras_trials.work_of(keras, tf, call, argument, name, segment, readers, error)
            told = work.told() if work is not None else None
    except OutOfTime:
        return
    if told is None:
        return
    yield told
    if not try_repairs:
        return
    try:
        with limited(max(until - time.process_time(), 0.5)):
            for trial in work.run():
                told = {**told, "trials": [*told.get("trials", ()), trial]}
                yield told
    except OutOfTime:
        return
