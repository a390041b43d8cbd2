"""Look at an error of PyTorch: the layer that failed, from the frames, and the rest from a replay."""

import ast
import contextlib
import dataclasses
import inspect
import sys
import types

from ..exceptions import may_be_about_shapes
from .apart import OutOfTime, busy, limited, run_apart
from .frames import (
    called_name,
    code_of,
    is_kind,
    own_dict,
    parsed,
    readers_frame,
    shapes_on_line,
    statement_of,
    value_of,
)
from .records import Finding, Origin, Step, Trial, Where
from .slices import slice_of
from .source import maker_of, parameter_maker
from .torch_layers import kind_of, named_modules

SECONDS = 2.0  # of the processor's time, for the replays of one error
SECONDS_IN_ALL = 8.0  # by the clock, on a busy machine
MOST_MODULES = 100_000


@dataclasses.dataclass
class Entry:
    """A call that can be replayed: `getattr(module, name)(*args, **kwargs)`, or a Slice of the reader's code
    around such calls, whose variables are the one argument.
    """

    module: object
    name: str
    args: tuple
    kwargs: dict
    slice: object = None

    @property
    def call(self):
        """What is called."""
        return self.slice.run if self.slice is not None else getattr(self.module, self.name)


def look_at_torch(error, frames, torch, try_repairs=True):
    """Return the Finding of an error in whose frames modules of PyTorch stand, or that comes after a model's
    call, in a loss; None for another.
    """
    inside = [frame for frame in frames if is_kind(frame.first, torch.nn.Module)]
    called = [frame for frame in inside if is_called(frame)]
    entries = entries_of(torch, called)
    part = None if entries and entries[0].name != "__call__" else slice_before(torch, frames, called)
    if part is not None:
        entries.insert(0, Entry(None, "", (part.values,), {}, part))
    failing = inside[-1].first if called else None
    root = inside[0].first if inside else None
    if part is not None and (not is_model(torch, root) or id(failing) not in paths_of(root)):
        source, root = list(part.models.items())[-1]
    if root is None or (failing is None and part is None):
        return None
    paths = paths_of(root)
    outside = part is not None and id(failing) not in paths
    readers = readers_frame(frames)
    name = called_name(frames, root) or called_as(frames, called, root) or "model"
    if outside:
        layer, shown, name = "", failing, source
    else:
        layer = paths.get(id(failing))
        shown = failing
        if layer is None:
            known = [frame for frame in inside if id(frame.first) in paths]
            layer = paths[id(known[-1].first)]
    line, segment = code_of(readers) if readers else (None, None)
    operation = operation_in(torch, frames, failing)
    where = Where(
        layer=layer,
        type=kind_of(shown).__name__ if shown is not None else None,
        file=readers.file if readers else None,
        line=readers.line if readers else None,
        code=line,
        operation=operation,
        config=config_of(torch, shown) if shown is not None else None,
        shapes=shapes_on_line(readers) if readers else (),
        after=name if outside else None,
    )
    expected = None
    if not outside:
        with contextlib.suppress(Exception):
            if operation is None:
                expected = maker_of(root, layer, failing, frames, name)
            else:
                expected = parameter_on_line(torch, failing, where.shapes)
    finding = Finding(where=where, expected_by=expected)
    if not entries:
        return finding

    def work():
        callers = names_at_call(torch, frames, called)
        return replays(
            torch, root, failing, operation, entries, name, segment, readers, error, try_repairs, callers
        )

    told = run_apart(work, SECONDS_IN_ALL * busy())
    if not told or "broke" in told:
        if told:
            print(told["broke"], file=sys.stderr)
        return finding
    origin = told.get("came_from")
    return dataclasses.replace(
        finding,
        where=dataclasses.replace(
            where,
            layer=told.get("layer", where.layer),
            type=told.get("type", where.type),
            config=told.get("config", where.config),
            operation=told.get("operation") or (operation if "layer" not in told else None),
        ),
        path=tuple(Step(**step) for step in told.get("path", ())),
        came_from=origin
        and Origin(**{**origin, **{key: tuple(origin[key]) for key in ("layers", "operations", "inputs")}}),
        trials=tuple(Trial(**trial) for trial in told.get("trials", ())),
        expects=told.get("expects"),
        need=tuple(told.get("need") or ()),
    )


def parameter_on_line(torch, module, shapes):
    """Return the Expected of the one parameter or buffer of a module that stands on the failing line, None
    where there are none or more.
    """
    names = [name.removeprefix("self.") for name, _ in shapes if name.startswith("self.")]
    names = [name for name in names if name in module._parameters or name in module._buffers]
    return parameter_maker(module, names[0]) if len(names) == 1 else None


def is_called(frame):
    """Whether a frame whose first argument is a module is that module's own: a method of it, or PyTorch's
    code that calls it, and not a function that was given a model.
    """
    if not frame.is_reader or frame.code.co_varnames[0] == "self":
        return True
    method = getattr(type(frame.first), frame.code.co_name, None)
    return method is not None and getattr(inspect.unwrap(method), "__code__", None) is frame.code


def is_model(torch, value):
    """Whether a value is a module, and no loss."""
    return is_kind(value, torch.nn.Module) and not is_kind(value, torch.nn.modules.loss._Loss)


def slice_before(torch, frames, called):
    """Return the Slice of the reader's code that leads from a model's call to the one that failed, None where
    no model was called before.
    """
    at = frames.index(called[0]) if called else len(frames)
    callers = [frame for frame in frames[:at] if frame.is_reader][-1:]
    if called and called[0].is_reader and called[0].code.co_name != "forward":
        callers.append(called[0])
    for frame in callers:
        with contextlib.suppress(Exception):
            part = slice_of(frame, lambda value: is_model(torch, value), called[0].first if called else None)
            if part is not None:
                part.values = {name: value for name, value in part.values.items() if is_data(torch, value)}
                return part
    return None


def called_as(frames, called, root):
    """Return the source by which the reader's code calls a model, such as `self.net`; None where it says
    another thing.
    """
    at = frames.index(called[0]) if called else 0
    node = statement_of(frames[at - 1]) if at and frames[at - 1].is_reader else None
    for each in ast.walk(node) if node is not None else ():
        if isinstance(each, ast.Call) and value_of(each.func, frames[at - 1].frame) is root:
            return ast.unparse(each.func)
    return None


def names_at_call(torch, frames, called):
    """Return {id(tensor): its name} of the variables where the model was called."""
    found = {}
    at = frames.index(called[0]) if called else 0
    if at and frames[at - 1].is_reader:
        for name, value in list(frames[at - 1].frame.f_locals.items())[:1000]:
            if is_data(torch, value) and name != "self" and not name.startswith("_"):
                name_tensors(torch, value, name, found)
    return found


def is_data(torch, value):
    """Whether a variable may hold tensors that are no model's."""
    return not callable(value) and not isinstance(
        value, torch.nn.Module | types.ModuleType | int | float | str
    )


def paths_of(root):
    """Return {id(module): path} as named_modules has it; of a module met twice, the first."""
    found, held = {}, []
    for path, module in named_modules(root):
        found[id(module)] = path
        held += [(f"{path}.{name}" if path else name, value) for name, value in own_dict(module).items()]
        if len(found) > MOST_MODULES:
            break
    kind = type(root)
    while not kind.__module__.startswith("torch.nn.modules.module") and kind is not object:
        kind = kind.__mro__[1]
    for path, value in held:  # layers in a plain list, which named_modules does not see
        inside = ()
        if type(value) in (list, tuple):
            inside = enumerate(value[:1000])
        elif type(value) is dict and not path.rpartition(".")[2].startswith("_"):
            inside = list(value.items())[:1000]
        for key, layer in inside:
            if is_kind(layer, kind) and kind is not object:
                for inner, module in named_modules(layer):
                    found.setdefault(id(module), f"{path}.{key}" + (f".{inner}" if inner else ""))
    return found


def config_of(torch, module):
    """Return a layer as its repr has it, in one line; None for one with layers inside, or with a repr of the
    reader's.
    """
    if own_dict(module).get("_modules"):
        return None
    with contextlib.suppress(Exception):
        if type(module).__module__.startswith("torch.") and type(module).extra_repr.__module__.startswith(
            "torch."
        ):
            return f"{type(module).__name__}({module.extra_repr()})"
    return None


def operation_in(torch, frames, failing):
    """Return the name of the operation that failed inside a module's own forward, as far as the frames say;
    None for a layer of the library.
    """
    kind = kind_of(failing) if failing is not None else object
    if (
        kind is not object
        and kind.__module__.startswith("torch.nn.modules")
        and kind.forward.__module__.startswith("torch.")
    ):
        return None
    last = next((frame for frame in reversed(frames) if frame.first is failing), None)
    if failing is None:
        last = readers_frame(frames)
    if last is None:
        return None
    after = frames[frames.index(last) + 1 :]
    called = next((frame.code.co_name for frame in after if "torch" in frame.file), None)
    if called and not called.startswith("_"):
        return called
    return operation_of_code(code_of(last)[1])


OPERATORS = {
    "Add": "add", "Sub": "sub", "Mult": "mul", "Div": "div", "MatMult": "matmul", "Pow": "pow",
    "FloorDiv": "floor_divide",
    "Mod": "remainder",
}  # fmt: skip


def operation_of_code(segment):
    """Return the operation that a piece of source is: `add` of `a + b`, `view` of `x.view(3)`."""
    tree = parsed((segment or "").strip())
    node = tree.body[0] if tree is not None and tree.body else None
    if isinstance(node, ast.AugAssign):
        return OPERATORS.get(type(node.op).__name__)
    node = getattr(node, "value", node)
    if isinstance(node, ast.BinOp):
        return OPERATORS.get(type(node.op).__name__)
    if isinstance(node, ast.Call):
        if isinstance(node.func, ast.Attribute):
            return node.func.attr
        if isinstance(node.func, ast.Name):
            return node.func.id
    if isinstance(node, ast.Subscript):
        return "getitem"
    return None


def entries_of(torch, inside):
    """Return the calls that can be replayed, the best first: the outermost call of the model, with its
    arguments as its frame has them.
    """
    if not inside:
        return []
    found = []
    for frame in inside:
        if frame.code.co_name in ("_call_impl", "_wrapped_call_impl", "_slow_forward"):
            found.append(
                Entry(
                    frame.first,
                    "__call__",
                    tuple(frame.frame.f_locals.get("args", ())),
                    dict(frame.frame.f_locals.get("kwargs", {})),
                )
            )
            break
    first = inside[0]
    if first.code.co_name not in ("_call_impl", "_wrapped_call_impl", "_slow_forward", "__init__"):
        entry = entry_of_method(first)
        if entry is not None:
            found.insert(0, entry)
    return found[:2]


TRAINS = {
    "backward",
    "step",
    "zero_grad",
    "manual_backward",
}  # what a method calls that trains, and is not replayed


def entry_of_method(frame):
    """Return the Entry of a method of the reader's, None where its arguments are no longer known."""
    code, names = frame.code, frame.frame.f_locals
    positional = code.co_varnames[1 : code.co_argcount]
    keywords = code.co_varnames[code.co_argcount : code.co_argcount + code.co_kwonlyargcount]
    if any(name not in names for name in (*positional, *keywords)) or TRAINS & set(code.co_names):
        return None
    method = getattr(type(frame.first), code.co_name, None)
    if method is None or getattr(inspect.unwrap(method), "__code__", None) is not code:
        return None
    at = code.co_argcount + code.co_kwonlyargcount
    args = [names[name] for name in positional]
    if code.co_flags & inspect.CO_VARARGS:
        args += list(names.get(code.co_varnames[at], ()))
        at += 1
    kwargs = {name: names[name] for name in keywords}
    if code.co_flags & inspect.CO_VARKEYWORDS:
        kwargs.update(names.get(code.co_varnames[at], {}))
    return Entry(frame.first, code.co_name, tuple(args), kwargs)


# ---- In the forked process ----


def replays(torch, root, failing, operation, entries, name, segment, readers, error, try_repairs, callers):
    """Yield what is known, more each time: the way there, the origin, and each trial."""
    import time

    from . import torch_trials
    from .torch_dynamo import put_off_dynamo
    from .torch_recorder import fake_mode

    torch.set_num_threads(1)
    put_off_dynamo(torch)
    _quiet()
    with fake_mode(torch):
        torch.empty(1)
    until = time.process_time() + SECONDS
    found = recorded = None
    compiled = getattr(root, "_orig_mod", None) if type(root).__name__ == "OptimizedModule" else None
    if compiled is not None:
        entries = [dataclasses.replace(entry, module=compiled) for entry in entries if entry.slice is None]
    ways = [("fake", True)]
    ways += [("fake", False)] if has_hooks(root) else []
    ways += [("real", True)] if is_small(torch, root, entries) else []
    for entry, (kind, hooks) in ((entry, way) for entry in entries for way in ways):
        if found is None and time.process_time() < until:
            if not hooks:
                without_hooks(torch, root)
            with contextlib.suppress(OutOfTime):
                with limited((until - time.process_time()) / 2):
                    recorder = recorder_of(torch, root, entry)
                    recorder.fake = kind == "fake"
                    record = recorder.replay(entry.call, entry.args, entry.kwargs)
                failure = record.failure
                if failure is None or failure.module is None:
                    continue
                if (compiled is not None and may_be_about_shapes(failure.error)) or (
                    (failure.module is failing or (entry.slice and failure.module is recorder.outside))
                    and is_same(failure, error, readers)
                ):
                    found, recorded = record, (recorder, entry)
    if found is None:
        return
    if compiled is not None:
        operation = None
    told = torch_trials.told_of(torch, recorded[0], found, operation)
    if compiled is not None:
        told |= {"layer": found.failure.path, "type": type(found.failure.module).__name__}
        told["config"] = config_of(torch, found.failure.module)
    yield told
    if not try_repairs:
        return
    trials = torch_trials.Trials(torch, recorded[0], recorded[1], found, name, segment, readers, callers)
    try:
        with limited(max(until - time.process_time(), 0.3)):
            for trial in trials.run():
                told = {**told, "trials": [*told.get("trials", ()), trial]}
                yield told
    except OutOfTime:
        return


MOST_NUMBERS = 2_000_000  # of a model and its input together: at most some megabytes more in the child


def is_small(torch, root, entries):
    """Whether a model and its input are small and in the processor's memory, so that code which needs the
    numbers themselves can be run with them, in the forked process.
    """
    from .torch_recorder import tensors_in

    count = 0
    for tensor in [
        *root.parameters(),
        *root.buffers(),
        *tensors_in(torch, [(e.args, e.kwargs) for e in entries]),
    ]:
        count += tensor.numel()
        if tensor.device.type != "cpu" or count > MOST_NUMBERS:
            return False
    return True


def is_same(failure, error, readers):
    """Whether a replay failed as the program did: with the same kind of error, or words of shapes, and where
    the reader's code is known, on the same line of it.
    """
    if type(failure.error) is not type(error) and not may_be_about_shapes(failure.error):
        return False
    site = failure.node.site if failure.node is not None else None
    return site is None or readers is None or site[:2] == (readers.file, readers.line)


def recorder_of(torch, root, entry):
    """Return a Recorder that knows the names of the entry's arguments. Tensors on a device, and those without
    data, are taken as tensors of the processor.
    """
    from .torch_recorder import Recorder

    names = {}
    entry.args, entry.kwargs = on_cpu(torch, entry.args), on_cpu(torch, entry.kwargs)
    module_on_cpu(torch, root)
    paths = paths_of(root)
    if entry.slice is not None:
        recorder = Recorder(torch, root, paths, names, outside=True)
        for name, value in entry.args[0].items():
            name_tensors(torch, value, name, names)
        recorder.variables |= {key for key, name in names.items() if not is_given(name, entry.slice.given)}
        for source, module in entry.slice.models.items():
            if id(module) not in paths:
                module_on_cpu(torch, module)
                recorder.add_model(module, source)
        return recorder
    function = entry.module.forward if entry.name == "__call__" else getattr(entry.module, entry.name)
    labels = []
    with contextlib.suppress(Exception):
        for parameter in inspect.signature(function).parameters.values():
            if parameter.kind is parameter.VAR_POSITIONAL:
                labels += [f"{parameter.name}[{number}]" for number in range(100)]
            elif parameter.kind in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD):
                labels.append(parameter.name)
    for number, value in enumerate(entry.args):
        name_tensors(torch, value, labels[number] if number < len(labels) else f"args[{number}]", names)
    for key, value in entry.kwargs.items():
        name_tensors(torch, value, key, names)
    return Recorder(torch, root, paths, names)


def is_given(name, given):
    """Whether a variable, or what it lies in or holds, is among the source of a model's arguments."""
    ends = ("", ".", "[")
    return any(
        one.startswith(other + end) if end else one == other
        for each in given
        for one, other in ((name, each), (each, name))
        for end in ends
    )


def name_tensors(torch, value, name, names, depth=0):
    """Note the names of the tensors in an argument: `batch['image']`."""
    if isinstance(value, torch.Tensor):
        names.setdefault(id(value), name)
    elif depth > 5:
        return
    elif isinstance(value, dict):
        for key, each in list(value.items())[:1000]:
            name_tensors(torch, each, f"{name}[{key!r}]", names, depth + 1)
    elif isinstance(value, tuple) and hasattr(value, "_fields"):
        for key, each in zip(value._fields, value, strict=True):
            name_tensors(torch, each, f"{name}.{key}", names, depth + 1)
    elif isinstance(value, list | tuple):
        for number, each in enumerate(value[:1000]):
            name_tensors(torch, each, f"{name}[{number}]", names, depth + 1)
    elif hasattr(value, "__dict__") and not isinstance(value, type | torch.nn.Module) and not callable(value):
        for key, each in list(vars(value).items())[:100]:
            name_tensors(torch, each, f"{name}.{key}", names, depth + 1)


def on_cpu(torch, value):
    """Return arguments whose tensors of other devices are replaced by ones without data."""
    if isinstance(value, torch.Tensor):
        if value.device.type == "cpu":
            return value
        return stand_in(torch, value)
    if type(value) in (list, tuple):
        return type(value)(on_cpu(torch, each) for each in value)
    if isinstance(value, dict):
        copy = value.copy() if hasattr(value, "copy") else dict(value)
        for key, each in value.items():
            copy[key] = on_cpu(torch, each)
        return copy
    return value


_the_mode = []


def stand_in(torch, tensor):
    """Return a tensor of the processor with the shape of another, that takes no memory."""
    return torch.empty((), dtype=tensor.dtype).expand(tensor.shape)


def module_on_cpu(torch, root):
    """Replace the tensors of other devices in a module by ones without data."""
    for module in root.modules():
        module._compiled_call_impl = None
        for part in (module._parameters, module._buffers, vars(module)):
            for name, value in list(part.items()):
                if isinstance(value, torch.Tensor) and value.device.type != "cpu":
                    new = stand_in(torch, value)
                    if isinstance(value, torch.nn.Parameter):
                        new = torch.nn.Parameter(new, requires_grad=False)
                    part[name] = new
        if isinstance(module, torch.nn.RNNBase):
            module._flat_weights = [getattr(module, each, None) for each in module._flat_weights_names]


def has_hooks(root):
    """Whether a module, or one inside it, has hooks of the reader's."""
    return any(
        value
        for module in root.modules()
        for name, value in vars(module).items()
        if name.endswith("_hooks") and isinstance(value, dict)
    )


def without_hooks(torch, root):
    """Take all hooks of the reader's away."""
    for module in root.modules():
        for name, value in vars(module).items():
            if name.endswith("_hooks") and isinstance(value, dict):
                value.clear()


def _quiet():
    """Keep the loggers of PyTorch from printing what a replay meets."""
    import logging

    logging.disable(logging.CRITICAL)
