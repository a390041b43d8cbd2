"""Record a forward pass of a PyTorch model on fake tensors: which layers and operations ran, with their
shapes.

For the forked process only: it leaves the model and PyTorch changed.
"""

import contextlib
import sys

from .frames import is_reader
from .records import Node, Value
from .torch_layers import is_atomic, kind_of, layer_rule, operation_name, operation_rule

MOST_NODES = 20_000
LOSS = "loss"  # the operation that the call of a loss's module is, for Changes


class Changes:
    """What a trial changes: `layers` maps id(module) to a replacement; `inputs` maps (site, name) of layers
    to a function of their first argument, `outputs` to one of what they give; `operands` maps (site,
    argument's place) of operations to a function; `roots` maps id(tensor) among the model's arguments to a
    function. A site is a place in the reader's source: what is changed there is changed in each instance of
    the class. `remark` is what is said of them where they work.
    """

    def __init__(
        self, layers=None, inputs=None, operands=None, roots=None, only=None, remark=None, outputs=None
    ):
        self.layers = dict(layers or {})
        self.inputs = dict(inputs or {})
        self.operands = dict(operands or {})
        self.roots = dict(roots or {})
        self.only = only  # a module: operands are changed in this one alone
        self.remark = remark
        self.outputs = dict(outputs or {})

    def and_layer(self, old, new):
        """Return these changes and one more layer's."""
        layers = {**self.layers, id(old): new}
        return Changes(layers, self.inputs, self.operands, self.roots, self.only, self.remark, self.outputs)


class Failure:
    """Where a replay failed: the module (and its path), the failing Node, the error, its arguments."""

    def __init__(self, module, path, node, error, arguments, operation=None):
        self.module = module
        self.path = path
        self.node = node
        self.error = error
        self.arguments = arguments
        self.operation = operation


class Record:
    """What came out of a replay."""

    def __init__(self):
        self.nodes = []
        self.steps = []  # nodes of layers, in order, the failing one included
        self.failure = None
        self.output = None
        self.error = None


class Outside:
    """Stands for the reader's code around the models."""


class Recorder:
    """Replays a call of a module and records it. `outside`: what is called is the reader's code around it."""

    def __init__(self, torch, root, paths, names, outside=False):
        self.torch = torch
        self.root = root
        self.paths = paths
        self.modules = list(root.modules())
        self.parameters = {id(value): name for name, value in named_tensors(root)}
        self.names = names  # id(tensor) -> its name among the model's arguments
        self.variables = set()  # id(tensor) of those that no model is called with
        self.outside = Outside() if outside else None
        self.sources = {}  # path -> how the reader's code calls a model beside the root
        self.fake = True
        self.mode = None  # the fake mode of all replays: it knows the model's tensors from the first on
        self.record = None
        self.changes = None
        self.stack = []
        self.values = {}
        self.kept = []

    def add_model(self, module, source):
        """Know another model, whose paths begin with how the reader's code calls it."""
        for path, inner in module.named_modules():
            full = f"{source}.{path}" if path else source
            if self.paths.setdefault(id(inner), full) == full:
                self.modules.append(inner)
                self.sources[full] = source
        for name, value in named_tensors(module):
            self.parameters.setdefault(id(value), f"{source}.{name}")

    # ---- values ----

    def value(self, tensor):
        """Return the Value of a tensor, a new one where it was not met before."""
        found = self.values.get(id(tensor))
        if found is None:
            shape = tuple(int(size) for size in tensor.shape)
            if id(tensor) in self.parameters:
                found = Value(shape, name=self.parameters[id(tensor)], kind="parameter")
            elif id(tensor) in self.names:
                kind = "variable" if id(tensor) in self.variables else "input"
                found = Value(shape, name=self.names[id(tensor)], kind=kind)
            else:
                found = Value(shape, name=None, kind="constant")
            self.values[id(tensor)] = found
            self.kept.append(tensor)
        return found

    def made(self, node, result):
        """Note that a node made the tensors in `result`."""
        for tensor in tensors_in(self.torch, result):
            value = Value(tuple(int(size) for size in tensor.shape), maker=node)
            self.values[id(tensor)] = value
            self.kept.append(tensor)
            node.outputs.append(value)

    # ---- calls ----

    def call_module(self, module, *args, **kwargs):
        """What nn.Module._call_impl does, recorded."""
        new = self.changes.layers.get(id(module), module)
        if new is not module:
            new.training = module.training
            self.paths[id(new)] = self.paths.get(id(module), "")
        module = new
        path = self.paths.get(id(module))
        atomic = is_atomic(self.torch, module)
        key = (site_of_call()[0], path.rpartition(".")[2]) if path is not None else None
        if self.changes.inputs and key is not None and args:
            change = self.changes.inputs.get(key)
            if change is not None:
                args = (change(args[0]), *args[1:])
        if self.changes.operands and isinstance(module, self.torch.nn.modules.loss._Loss):
            site = site_of_call()[0]
            for (where, place), change in self.changes.operands.items():
                if where == (site, LOSS):
                    args, kwargs = changed_at(args, kwargs, place, change)
        outermost = atomic and not any(inside for _, inside in self.stack)
        node = None
        if outermost:
            if len(self.record.nodes) > MOST_NODES:
                raise RuntimeError("too many layers to record")
            given = [self.value(tensor) for tensor in tensors_in(self.torch, (args, kwargs))]
            node = Node(
                name=kind_of(module).__name__,
                is_layer=True,
                module=path if path is not None else self.inner_path(),
                inputs=given,
                rule=layer_rule(self.torch, module, given),
                type=kind_of(module).__name__,
                site=site_of_call()[0],
            )
            self.record.nodes.append(node)
            self.record.steps.append(node)
        self.stack.append((module, atomic))
        try:
            result = recurrent(self.torch, module, args, kwargs)
            if result is None:
                result = self.original(module, *args, **kwargs)
        except Exception as error:
            self.failed(error, module, path, node, (args, kwargs))
            raise
        finally:
            self.stack.pop()
        if node is not None:
            self.made(node, result)
        change = self.changes.outputs.get(key)
        return result if change is None else change(result)

    def inner_path(self):
        """The path of the innermost module that runs and that the model has."""
        for module, _ in reversed(self.stack):
            if id(module) in self.paths:
                return self.paths[id(module)]
        return ""

    def failed(self, error, module, path, node, arguments, operation=None):
        """Note the innermost place that an error came from."""
        if self.record.error is not error:
            self.record.error = error
            if node is None:
                given = [self.value(tensor) for tensor in tensors_in(self.torch, arguments)]
                node = Node(type(module).__name__, True, path or "", given, type=type(module).__name__)
            self.record.failure = Failure(
                module,
                path if path is not None else self.inner_path(),
                node,
                error,
                arguments,
                operation,
            )

    def call_function(self, function, args, kwargs):
        """Call a function of PyTorch, recorded where the model's own code called it."""
        if not self.stack or any(inside for _, inside in self.stack):
            return function(*args, **kwargs)
        name = operation_name(function)
        called = function
        site = site_of_call()[0] if self.changes.operands else None
        for (where, place), change in self.changes.operands.items():
            if self.changes.only not in (None, self.stack[-1][0]):
                continue
            if where == (site, name) and place == "call":
                called = lambda *args, change=change, **kwargs: change(function, args, kwargs)  # noqa: E731
            elif where == (site, name):
                args, kwargs = changed_at(args, kwargs, place, change)
        given = None
        try:
            result = called(*args, **kwargs)
        except Exception as error:
            given = [self.value(tensor) for tensor in tensors_in(self.torch, (args, kwargs))]
            node = self.operation(name, given, args, kwargs, None)
            self.failed(error, self.stack[-1][0], self.inner_path(), node, (args, kwargs), name)
            raise
        if (
            isinstance(result, self.torch.Tensor)
            or type(result) in (tuple, list)
            or (isinstance(result, tuple) and any(isinstance(each, self.torch.Tensor) for each in result))
        ):
            if len(self.record.nodes) > MOST_NODES:
                raise RuntimeError("too many operations to record")
            found = list(tensors_in(self.torch, result))
            if found and name not in ("__get__", "requires_grad_"):
                given = [self.value(tensor) for tensor in tensors_in(self.torch, (args, kwargs))]
                node = self.operation(name, given, args, kwargs, found[0])
                self.record.nodes.append(node)
                self.made(node, result)
        return result

    def operation(self, name, given, args, kwargs, result):
        """Return the Node of an operation."""
        site, function = site_of_call()
        file, line = site[:2] if site else (None, None)
        owner = self.stack[-1][0] if self.stack else None
        return Node(
            name=name,
            is_layer=False,
            module=self.inner_path(),
            inputs=given,
            rule=operation_rule(self.torch, name, args, kwargs, result),
            type=None,
            file=file,
            line=line,
            function=function,
            site=site,
            owner=type(owner).__name__,
            wanted=wanted_shape(name, args),
        )

    # ---- a replay ----

    def replay(self, call, args, kwargs, changes=None):
        """Call `call(*args, **kwargs)`, on fake tensors unless `fake` is False, and return the Record."""
        torch = self.torch
        self.record, self.changes = Record(), changes or Changes()
        self.stack, self.values, self.kept, self.undo = [], {}, [], []
        if self.outside is not None:
            self.stack.append((self.outside, False))
        recorder = self

        class Mode(torch.overrides.TorchFunctionMode):
            def __torch_function__(self, function, types, args=(), kwargs=None):
                return recorder.call_function(function, args, kwargs or {})

        self.original = torch.nn.Module._call_impl
        torch.nn.Module._call_impl = lambda module, *args, **kwargs: recorder.call_module(
            module, *args, **kwargs
        )
        try:
            with contextlib.ExitStack() as stack:
                if self.fake:
                    self.mode = self.mode or fake_mode(torch)
                    stack.enter_context(self.mode)
                stack.enter_context(torch.no_grad())
                args, kwargs = self.changed_roots(args), self.changed_roots(kwargs)
                stack.enter_context(Mode())
                self.record.output = call(*args, **kwargs)
        except Exception as error:
            if self.record.failure is None or self.record.error is not error:
                self.record.error = error
                if self.record.failure is None:
                    self.record.failure = Failure(None, None, None, error, ((), {}))
        else:
            self.record.failure = self.record.error = None
        finally:
            torch.nn.Module._call_impl = self.original
            for owner, key, tensor in self.undo:
                setattr(owner, key, tensor)
        return self.record

    def changed_roots(self, value):
        """Return the model's arguments as the changes have them."""
        if not self.changes.roots:
            return value
        if id(value) in self.changes.roots:
            changed = self.changes.roots[id(value)](value)
            self.values[id(changed)] = Value(
                tuple(int(size) for size in changed.shape), name=self.names.get(id(value))
            )
            self.kept.append(changed)
            return changed
        if type(value) in (list, tuple):
            return type(value)(self.changed_roots(each) for each in value)
        if isinstance(value, dict):
            copy = value.copy() if hasattr(value, "copy") else dict(value)
            for key, each in value.items():
                copy[key] = self.changed_roots(each)
            return copy
        if hasattr(value, "_replace") and isinstance(value, tuple):
            return type(value)(*(self.changed_roots(each) for each in value))
        if hasattr(value, "__dict__") and type(value).__module__ not in ("torch", "builtins"):
            for key, each in list(vars(value).items()):
                if id(each) in self.changes.roots:
                    self.undo.append((value, key, each))
                    setattr(value, key, self.changed_roots(each))
        return value


def wanted_shape(name, args):
    """Return the shape that a view or a reshape asks for, () for another operation."""
    if name not in ("view", "reshape"):
        return ()
    sizes = [each for arg in args[1:] for each in (arg if isinstance(arg, tuple | list) else [arg])]
    return tuple(sizes) if all(isinstance(size, int) for size in sizes) else ()


def site_of_call():
    """Return ((file, line, instruction), function) of the innermost frame of the reader's code, (None, None)
    where there is none.
    """
    frame = sys._getframe(2)
    while frame is not None and frame.f_code is not Recorder.replay.__code__:  # what called it is no part
        if is_reader(frame.f_code.co_filename):
            return (frame.f_code.co_filename, frame.f_lineno, frame.f_lasti), frame.f_code.co_name
        frame = frame.f_back
    return None, None


def recurrent(torch, module, args, kwargs):
    """Return what a recurrent layer gives, without running it step by step; None for another layer, or where
    it may fail.
    """
    if not isinstance(module, torch.nn.LSTM | torch.nn.GRU | torch.nn.RNN) or kwargs or not args:
        return None
    x, given = args[0], args[1] if len(args) > 1 else None
    if len(args) > 2 or not isinstance(x, torch.Tensor) or x.dim() not in (2, 3) or not x.is_floating_point():
        return None
    if x.shape[-1] != module.input_size or type(module).__module__ != "torch.nn.modules.rnn":
        return None
    if module._forward_hooks or module._forward_pre_hooks or x.dtype != next(module.parameters()).dtype:
        return None
    count = module.num_layers * (2 if module.bidirectional else 1)
    batch = () if x.dim() == 2 else (x.shape[0 if module.batch_first else 1],)
    width = module.proj_size or module.hidden_size
    last = (count, *batch, width)
    states = [last, (count, *batch, module.hidden_size)] if isinstance(module, torch.nn.LSTM) else [last]
    if given is not None:
        those = list(given) if isinstance(given, tuple) else [given]
        if [tuple(each.shape) for each in those] != states:
            return None
    output = x.new_empty((*x.shape[:-1], width * (2 if module.bidirectional else 1)))
    made = [x.new_empty(shape) for shape in states]
    return output, tuple(made) if isinstance(module, torch.nn.LSTM) else made[0]


def fake_mode(torch):
    """Return a mode in which all tensors are fake."""
    from torch._subclasses.fake_tensor import FakeTensorMode

    return FakeTensorMode(allow_non_fake_inputs=True)


def named_tensors(root):
    """Yield (name, tensor) of a module's parameters, buffers and plain tensors."""
    seen = set()
    for path, module in root.named_modules():
        inside = [module._parameters, module._buffers, vars(module)]
        for part in inside:
            for name, value in list(part.items()):
                if (
                    value is not None
                    and hasattr(value, "shape")
                    and hasattr(value, "stride")
                    and id(value) not in seen
                ):
                    seen.add(id(value))
                    yield (f"{path}.{name}" if path else name), value


def tensors_in(torch, value, depth=0):
    """Yield the tensors in a value, those in lists, tuples and dicts included."""
    if isinstance(value, torch.Tensor):
        yield value
    elif depth < 6 and isinstance(value, list | tuple):
        for each in value[:1000]:
            yield from tensors_in(torch, each, depth + 1)
    elif depth < 6 and isinstance(value, dict):
        for each in list(value.values())[:1000]:
            yield from tensors_in(torch, each, depth + 1)
    elif (
        depth < 3
        and hasattr(value, "__dict__")
        and not isinstance(value, type | torch.nn.Module)
        and not callable(value)
    ):
        for each in list(vars(value).values())[:100]:
            if isinstance(each, torch.Tensor):
                yield each


def changed_at(args, kwargs, place, change):
    """Return arguments with one of the tensors in them changed: `place` counts them."""
    count = -1

    def walk(value, torch):
        nonlocal count
        if isinstance(value, torch.Tensor):
            count += 1
            return change(value) if count == place else value
        if type(value) in (list, tuple):
            return type(value)(walk(each, torch) for each in value)
        return value

    torch = sys.modules["torch"]
    return walk(tuple(args), torch), {key: walk(value, torch) for key, value in kwargs.items()}
