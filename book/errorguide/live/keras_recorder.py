"""Record a call of a Keras model on symbolic tensors: which layers ran, with their shapes, and how a number
came through TensorFlow's graph.

For the forked process only: it leaves the model and Keras changed.
"""

import ast
import sys
import types

from .frames import HERE, is_reader
from .keras_layers import graph_rule, is_atomic, is_library, kind_of, layer_rule, operation_rule, paths_in
from .records import Node, Value
from .torch_model import operation_of_code

MOST_NODES = 20_000
RANDOM = "random numbers"  # which have another tensor's shape, mostly
SCRATCH = "scratch_graph"  # as Keras calls it


class Changes:
    """What a trial changes: `layers` maps id(layer) to a replacement; `roots` maps the name of a tensor among
    the model's arguments to a function; `inputs` maps the path of a layer to a function of its first
    argument, `outputs` to one of what it gives; `fresh`: each layer builds itself anew for what arrives;
    `loss` is what the model is compiled with.
    """

    def __init__(
        self, layers=None, roots=None, inputs=None, fresh=False, operand=None, outputs=None, loss=None
    ):
        self.layers = dict(layers or {})
        self.roots = dict(roots or {})
        self.inputs = dict(inputs or {})
        self.outputs = dict(outputs or {})
        self.fresh = fresh
        self.operand = operand  # (Failure, place, function)
        self.loss = loss

    def and_layer(self, old, new):
        """Return these changes and one more layer's."""
        changed = Changes(
            self.layers, self.roots, self.inputs, self.fresh, self.operand, self.outputs, self.loss
        )
        changed.layers[id(old)] = new
        return changed


class Failure:
    """Where a replay failed: the layer (and its path), the failing Node, the error. `input` is the input
    layer of a model that refuses what it is called with.
    """

    input = None

    def __init__(self, layer, path, node, error, operation=None, line=None):
        self.layer = layer
        self.path = path
        self.node = node
        self.error = error
        self.operation = operation
        self.line = line


class Record:
    """What came out of a replay."""

    def __init__(self):
        self.nodes = []
        self.steps = []
        self.given = {}  # of each model inside the Values that it was called with
        self.failure = None
        self.error = None
        self.output = None


def shape_of(tensor):
    """Return the shape of a tensor as a tuple of whole numbers and None."""
    shape = tensor.shape
    if getattr(shape, "rank", 0) is None:
        return ()
    return tuple(None if size is None else int(size) for size in shape)


class Recorder:
    """Replays calls of a model and records them."""

    def __init__(self, keras, tf, root, known=None, run=None, keeps_results=True):
        self.run = run or root  # what is called with the arguments
        self.keeps_results = keeps_results
        self.coarse = False  # models inside are told as one layer
        self.known_results = {}  # of the first replay, which later ones need not compute
        self.replays = 0
        self.known = known or {}  # Values of the model's arguments, where more is known of them than a name
        self.keras, self.tf, self.root = keras, tf, root
        self.kept = []
        self.layer_class = keras.layers.Layer
        self.original = self.layer_class.__call__
        above = "" if isinstance(root, keras.Model) or is_atomic(keras, root) else f"{root.name}/"
        self.paths = {key: above + path for key, path in paths_in(root).items() if path}
        self.copies = {}
        # These build themselves anew in each replay.
        self.unbuilt = {id(layer) for layer in root._flatten_layers() if not layer.built}
        self.kinds = (tf.Tensor, tf.Variable, keras.Variable, keras.KerasTensor)

    # ---- values ----

    def tensors(self, value, depth=0):
        """Yield the tensors in a value."""
        if self.is_tensor(value):
            yield value
        elif depth < 6 and isinstance(value, list | tuple):
            for each in value[:1000]:
                yield from self.tensors(each, depth + 1)
        elif depth < 6 and isinstance(value, dict):
            keys = (
                sorted(value) if all(isinstance(key, str) for key in value) else list(value)
            )  # as Keras does
            for key in keys[:1000]:
                yield from self.tensors(value[key], depth + 1)

    def is_tensor(self, value):
        """Whether a value is a tensor, a variable or an array."""
        return isinstance(value, self.kinds) or (
            type(value).__module__ == "numpy" and hasattr(value, "shape") and hasattr(value, "dtype")
        )

    def value(self, tensor):
        """Return the Value of a tensor: what a layer or the graph made of it."""
        found = self.values.get(id(tensor))
        if found is not None:
            return found
        found = Value(shape_of(tensor), kind="constant")
        self.values[id(tensor)] = found
        self.kept.append(tensor)
        if isinstance(tensor, self.keras.KerasTensor):  # a Sequential that builds itself
            alike = [name for name, shape in self.given.items() if shape[1:] == found.shape[1:]]
            if len(alike) == 1:
                found.kind, found.name = "input", alike[0]
            return found
        if isinstance(tensor, self.keras.Variable | self.tf.Variable):
            found.kind, found.name = "parameter", getattr(tensor, "path", None) or tensor.name
            return found
        operation = getattr(tensor, "op", None) if self.is_symbolic(tensor) else None
        if operation is None or not operation.inputs:
            return found
        if operation.type.startswith(("Random", "StatelessRandom")):
            found.name = RANDOM
            return found
        if operation.type == "ReadVariableOp":
            found.kind, found.name = "parameter", operation.inputs[0].name.partition(":")[0]
            return found
        rule, inputs = graph_rule(self.tf, operation)
        node = Node(operation.type, False, "", [], rule)
        found.maker = node
        node.outputs.append(found)
        node.inputs = [self.value(each) for each in inputs]
        if any(each.name == RANDOM for each in node.inputs) and all(
            each.maker is None and each.kind == "constant" for each in node.inputs
        ):
            found.maker, found.name = None, RANDOM
            return found
        node.name = SHORT.get(operation.type, operation.type)
        for frame in reversed(list(operation.traceback or ())):
            if frame.filename.startswith(HERE):
                break  # what called the replay is no part of it
            if is_reader(frame.filename):
                node.file, node.line, node.function = frame.filename, frame.lineno, frame.name
                break
        return found

    def is_symbolic(self, tensor):
        """Whether a tensor is one of a graph."""
        return isinstance(tensor, self.tf.Tensor) and not hasattr(tensor, "_numpy")

    # ---- calls ----

    def call(self, layer, *args, **kwargs):
        """What Layer.__call__ does, recorded."""
        changes = self.changes
        new = changes.layers.get(id(layer), layer)
        fresh = changes.fresh or id(layer) in self.unbuilt
        if new is layer and fresh and is_atomic(self.keras, layer):
            new = self.fresh(layer)
        if changes.fresh and not is_atomic(self.keras, layer):
            self.before.setdefault(id(layer), (layer, dict(layer.__dict__)))
            object.__setattr__(layer, "_assert_input_compatibility", lambda *args, **kwargs: None)
            if builds_itself(layer):
                layer.built = False
                layer._tracker.unlock()
        if new is not layer:
            self.original_of[id(new)] = layer
        above = self.stack
        if isinstance(self.root, self.keras.Model):
            above = [each for each in above if each[0] != self.root.name]
        path = "/".join([*(name for name, _ in above), layer.name]) if self.stack else ""
        path = self.paths.get(id(layer), path)
        if layer is self.root:
            path = "" if isinstance(layer, self.keras.Model) or is_atomic(self.keras, layer) else layer.name
        change = changes.inputs.get(path)
        if change is not None and args:
            args = (change(args[0]), *args[1:])
        atomic = is_atomic(self.keras, layer)
        inside = any(inside for _, inside in self.stack)
        node = None
        if not inside and atomic:
            if len(self.record.nodes) > MOST_NODES:
                raise RuntimeError("too many layers to record")
            self.forget_caught()
            given = [self.value(tensor) for tensor in self.tensors((args, kwargs))]
            node = Node(kind_of(layer), True, path, given, layer_rule(layer, given), type=kind_of(layer))
            node.owner = SCRATCH if self.in_scratch() else None
            self.record.nodes.append(node)
            self.record.steps.append(node)
        elif not inside and isinstance(layer, self.keras.Model):
            given = self.tensors((args, {key: each for key, each in kwargs.items() if key != "training"}))
            self.record.given[path] = [self.value(tensor) for tensor in given]
        if self.coarse and not inside and (specs := self.specs_of(layer, path, args)) is not None:
            return self.as_one(layer, path, args, specs)
        key = self.key_of(layer, args, kwargs) if new is layer or fresh else None
        if self.replays > 1 and key in self.known_results and self.is_unchanged(layer, path):
            return self.same_again(self.known_results[key])
        self.stack.append((layer.name, atomic))
        try:
            result = self.original(new, *args, **kwargs)
        except Exception as error:
            if not inside and self.seen is None:
                self.seen = error
                self.record.failure = self.failed(layer, path, node, error, args, kwargs)
            raise
        finally:
            self.stack.pop()
        if self.replays == 1 and key is not None and not self.in_scratch():
            self.keep(key, result)
        if path in changes.outputs and not inside:
            result = changes.outputs[path](result)
        if node is not None:
            for tensor in self.tensors(result):
                made = Value(shape_of(tensor), maker=node)
                self.values[id(tensor)] = made
                self.kept.append(tensor)
                node.outputs.append(made)
        return result

    # ---- what a model says of itself ----

    def specs_of(self, layer, path, args):
        """Return the specs of what a functional model gives, where it is called with what it says in its
        inputs and nothing in it is changed; None where that is not so.
        """
        inputs, outputs = getattr(layer, "inputs", None) or [], getattr(layer, "outputs", None) or []
        if layer is self.root or not isinstance(layer, self.keras.Model) or not is_library(type(layer)):
            return None
        given = list(self.tensors(args))
        if len(given) != len(inputs) or not outputs or not self.is_unchanged(layer, path):
            return None
        for tensor, wanted in zip(given, inputs, strict=True):
            if shape_of(tensor)[1:] != tuple(wanted.shape)[1:] or None in wanted.shape[1:]:
                return None
        batch = shape_of(given[0])[0]
        specs = [self.tf.TensorSpec((batch, *each.shape[1:]), each.dtype) for each in outputs]
        return specs[0] if len(specs) == 1 else specs

    def forget_caught(self):
        """Begin anew where Keras caught the error, and calls once more."""
        if self.seen is not None:
            self.record.steps, self.record.failure, self.seen = [], None, None

    def as_one(self, layer, path, args, specs):
        """Return what a model gives, told as one layer."""
        self.forget_caught()
        given = [self.value(tensor) for tensor in self.tensors(args)]
        node = Node(kind_of(layer), True, path, given, type=kind_of(layer))
        result = self.same_again(specs)
        for tensor in self.tensors(result):
            made = Value(shape_of(tensor), maker=node)
            node.rule = ("sets", tuple(range(1 - len(made.shape), 0)))
            self.values[id(tensor)] = made
            self.kept.append(tensor)
            node.outputs.append(made)
        self.record.nodes.append(node)
        self.record.steps.append(node)
        return result

    # ---- what is known from the first replay ----

    def key_of(self, layer, args, kwargs):
        """Return by what the result of a layer of Keras is known again, None where it is not kept."""
        if not is_library(type(layer)) or layer is self.root or not self.keeps_results:
            return None
        given = tuple(
            (shape_of(each), str(each.dtype)) if self.is_tensor(each) else repr(each)
            for each in self.keras.tree.flatten((args, kwargs))
        )
        return id(layer), given

    def keep(self, key, result):
        """Keep the shapes of a result, where it is of tensors alone."""
        flat = self.keras.tree.flatten(result)
        if all(isinstance(each, self.tf.Tensor) and self.keeps(each) for each in flat):
            specs = [self.tf.TensorSpec(each.shape, each.dtype) for each in flat]
            self.known_results[key] = self.keras.tree.pack_sequence_as(result, specs)

    def keeps(self, tensor):
        """Whether a tensor is told by its shape: it has one, and no mask."""
        return (
            self.is_symbolic(tensor)
            and tensor.shape.rank is not None
            and getattr(tensor, "_keras_mask", None) is None
        )

    def same_again(self, specs):
        """Return tensors without any history."""
        make = self.tf.compat.v1.placeholder
        return self.keras.tree.map_structure(lambda spec: make(spec.dtype, spec.shape), specs)

    def is_unchanged(self, layer, path):
        """Whether a trial changes nothing in a layer."""
        changes = self.changes
        inside = [layer, *layer._flatten_layers(include_self=False)]
        if any(id(each) in changes.layers for each in inside):
            return False
        paths = (*changes.inputs, *changes.outputs)
        return not any(each == path or each.startswith(f"{path}/") for each in paths)

    def failed(self, layer, path, node, error, args, kwargs):
        """Return the Failure of a layer, with the operation that failed inside it."""
        if node is not None:
            return Failure(layer, path, node, error)
        given = [self.value(tensor) for tensor in self.tensors((args, kwargs))]
        name = line = None
        operation = Node(kind_of(layer), False, path, given)
        frames = frames_in(error)
        places = self.places_in(layer, frames)
        if places:
            from .frames import code_of

            at = places[-1]
            line = frames[at].line
            name = operation_of_code(code_of(frames[at])[1])
            found, names = self.operands(frames[at + 1 :])
            found = turned(name, names, found, frames[at])
            self.called = (frames[at].frame, code_of(frames[at])[1])
            operation = Node(
                name or "?", False, path, found or given, operation_rule(name, names), file=frames[at].file,
                line=line, function=frames[at].code.co_name,
            )  # fmt: skip
        elif not is_atomic(self.keras, layer):
            return Failure(layer, path, Node(kind_of(layer), True, path, given, type=kind_of(layer)), error)
        failure = Failure(layer, path, operation, error, name, line)
        failure.called = getattr(self, "called", (None, None))
        return failure

    def places_in(self, layer, frames):
        """Return the numbers of the frames of the reader's code that are a layer's own call."""
        own = [at for at, frame in enumerate(frames) if frame.first is layer]
        if isinstance(layer, self.keras.layers.Lambda) and own:
            return [at for at in range(own[-1], len(frames)) if frames[at].is_reader]
        return [at for at in own if frames[at].is_reader]

    def operands(self, frames):
        """Return (Values, local variables) of the function that the reader's code called."""
        for frame in frames[:6]:
            names = frame.frame.f_locals
            if frame.code.co_name in ("error_handler", "op_dispatch_handler", "wrapper"):
                inside = (names.get("args"), names.get("kwargs"))
                names = {**(names.get("kwargs") or {}), **dict(enumerate(names.get("args") or ()))}
                if len(names.get(1, ())) if isinstance(names.get(1), str) else False:
                    names["equation"] = names[1]
                if isinstance(names.get(1), int):
                    names["axis"] = names[1]
            else:
                count = frame.code.co_argcount + frame.code.co_kwonlyargcount
                more = [name for name in ("args", "operands") if name in names]
                inside = [names.get(name) for name in [*frame.code.co_varnames[:count], *more]]
            found = list(self.tensors(inside))
            if found:
                unique = {id(tensor): tensor for tensor in found}
                values = [self.value(tensor) for tensor in (found if len(found) < 3 else unique.values())]
                return values, names
        return [], {}

    def fresh(self, layer):
        """Return a layer like another that has not been built, the same each time; itself where it cannot be
        made anew.
        """
        if id(layer) not in self.copies:
            try:
                self.copies[id(layer)] = type(layer).from_config(layer.get_config())
            except Exception:
                self.copies[id(layer)] = layer
        return self.copies[id(layer)]

    def in_scratch(self):
        """Whether Keras only asks for shapes: a layer that is built by that is called once more."""
        return str(getattr(self.tf.compat.v1.get_default_graph(), "name", "")).startswith(SCRATCH)

    def steps(self):
        """Return the Nodes of layers, each call once."""
        called = {node.module for node in self.record.steps if node.owner != SCRATCH}
        return [node for node in self.record.steps if node.owner != SCRATCH or node.module not in called]

    # ---- a replay ----

    def begin(self, changes):
        """Make ready for a replay."""
        self.record, self.changes = Record(), changes or Changes()
        self.before = {}  # what the reader's layers that build themselves anew had
        self.values, self.stack, self.seen, self.original_of, self.copies, self.given = (
            {},
            [],
            None,
            {},
            {},
            {},
        )

    def replay(self, args, kwargs, names, changes=None):
        """Call the root on symbolic tensors in place of those in `args` and `kwargs`, and return the Record.
        `names` are what the tensors are called, in their order.
        """
        for autograph in (False, True):
            record = self.replay_once(args, kwargs, names, changes, autograph)
            if record.error is None or type(record.error).__name__ != "OperatorNotAllowedInGraphError":
                break
        return record

    def replay_once(self, args, kwargs, names, changes, autograph):
        """The same, once."""
        tf, tree = self.tf, self.keras.tree
        self.begin(changes)
        self.replays += not self.replays or changes is not None
        for layer in [self.root, *self.root._flatten_layers(include_self=False)]:
            unbuild(self.keras, layer)
        flat = tree.flatten((args, kwargs))
        places = [at for at, each in enumerate(flat) if isinstance(each, tf.TensorSpec)]

        def traced(*tensors):
            values = list(flat)
            for at, tensor, name in zip(places, tensors, names, strict=False):
                self.values[id(tensor)] = self.known.get(name) or Value(shape_of(tensor), name=name)
                self.given[name] = shape_of(tensor)
                self.kept.append(tensor)
                if name in self.changes.roots:
                    tensor = self.changes.roots[name](tensor)
                    self.values[id(tensor)] = Value(shape_of(tensor), name=name)
                    self.kept.append(tensor)
                values[at] = tensor
            given, named = tree.pack_sequence_as((args, kwargs), values)
            with self.keras.StatelessScope():  # layers that build themselves make no variables
                output = self.ran(given, named)
            self.record.output = [list(shape_of(tensor)) for tensor in self.tensors(output)]
            return 0

        recorder = self
        self.layer_class.__call__ = lambda layer, *args, **kwargs: recorder.call(layer, *args, **kwargs)
        back = self.changed_operation() if self.changes.operand else None
        if self.changes.loss is not None:
            back = (self.root, "_compile_loss", self.root._compile_loss)
            self.root._compile_loss = type(self.root._compile_loss)(self.changes.loss)
        try:
            tf.function(traced, autograph=autograph).get_concrete_function(*[flat[at] for at in places])
        except Exception as error:
            self.record.error = error
            if self.record.failure is None:
                self.record.failure = Failure(None, None, None, error)
        else:
            self.record.failure = None
        finally:
            self.layer_class.__call__ = self.original
            for layer, own in self.before.values():
                layer.__dict__.clear()
                layer.__dict__.update(own)
            if back is not None:
                setattr(*back)
        return self.record

    def ran(self, args, kwargs):
        """Run the root, or a step of its training, in which the reader's own operations are the model's."""
        if self.run is self.root:
            return self.root(*args, **kwargs)
        self.stack.append((self.root.name, False))
        try:
            return self.run(*args, **kwargs)
        except Exception as error:
            if self.seen is None:
                self.seen = error
                self.record.failure = self.failed(self.root, "", None, error, args, kwargs)
            raise
        finally:
            self.stack.pop()

    def changed_operation(self):
        """Put a function in the place of the one that the failing line calls, which changes one of its
        tensors where it is called from there. Return what undoes it, None where the function is not known.
        """
        failure, place, change = self.changes.operand
        frame, segment = failure.called
        owner, name = operation_at(self.tf, frame, segment)
        function = getattr(owner, name, None)
        if function is None:
            return None
        file, line = failure.node.file, failure.node.line

        def changed(*args, **kwargs):
            # the reader's own call in this layer alone, and not those that its layers make inside
            caller = sys._getframe(1)
            names = caller.f_locals
            if (caller.f_code.co_filename, caller.f_lineno) == (file, line) and (
                names.get("self", failure.layer) is failure.layer
            ):
                args = self.changed_at(args, place, change)
            return function(*args, **kwargs)

        setattr(owner, name, changed)
        return owner, name, function

    def changed_at(self, args, place, change):
        """Return arguments with one of the tensors in them changed: `place` counts them."""
        count = -1

        def walk(value):
            nonlocal count
            if self.is_tensor(value):
                count += 1
                return change(value) if count == place else value
            return type(value)(map(walk, value)) if type(value) in (list, tuple) else value

        return walk(tuple(args))


def builds_itself(layer):
    """Whether a layer of the reader's makes its weights in a `build` of its own."""
    code = getattr(type(layer).build, "__wrapped__", type(layer).build)
    code = getattr(code, "__code__", None)
    return code is not None and is_reader(code.co_filename) and bool(layer._trainable_variables)


def turned(name, names, values, frame):
    """Return the operands of a matrix product as it takes them: those that it transposes are."""
    if name != "matmul" or len(values) != 2:
        return values
    found = []
    for value, flags in zip(
        values, (("transpose_a", "adjoint_a"), ("transpose_b", "adjoint_b")), strict=True
    ):
        if any(names.get(flag) is True for flag in flags) and len(value.shape) > 1:
            rank = len(value.shape)
            order = (*range(rank - 2), rank - 1, rank - 2)
            node = Node(
                "transpose", False, "", [value], ("permute", order),
                file=frame.file, line=frame.line, function=frame.code.co_name,
            )  # fmt: skip
            value = Value(tuple(value.shape[axis] for axis in order), maker=node, name=flags[0])
            node.outputs.append(value)
        found.append(value)
    return found


def unbuild(keras, layer):
    """Let a Sequential that was about to build itself when it failed begin anew."""
    if isinstance(layer, keras.Sequential) and not all(each.built for each in layer._layers):
        if layer._layers and isinstance(layer._layers[0], keras.layers.InputLayer):
            layer._layers = layer._layers[1:]
        layer._functional, layer.built = None, False


DUNDERS = {
    ast.Add: "__add__", ast.Sub: "__sub__", ast.Mult: "__mul__", ast.Div: "__truediv__", ast.MatMult:
    "__matmul__",
}  # fmt: skip


def operation_at(tf, frame, segment):
    """Return (owner, name) of the function that a piece of source calls, (None, "") where it is not known."""
    try:
        node = ast.parse((segment or "").strip(), mode="eval").body
    except (SyntaxError, ValueError):
        return None, ""
    if isinstance(node, ast.BinOp) and type(node.op) in DUNDERS:
        return tf.Tensor, DUNDERS[type(node.op)]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return evaluated(node.func.value, frame), node.func.attr
    return None, ""


def evaluated(node, frame):
    """Return the module that `tf`, `tf.nn` or `keras.ops` is, None for anything else."""
    if isinstance(node, ast.Name):
        found = frame.f_locals.get(node.id, frame.f_globals.get(node.id))
    elif isinstance(node, ast.Attribute):
        owner = evaluated(node.value, frame)
        found = getattr(owner, node.attr, None) if owner is not None else None
    else:
        found = None
    return found if isinstance(found, types.ModuleType) else None


SHORT = {
    "ConcatV2": "concatenate", "AddV2": "add", "MatMul": "matmul", "BatchMatMulV2": "matmul",
    "BatchMatMulV3": "matmul", "Transpose": "transpose", "Reshape": "reshape", "Pack": "stack",
    "ExpandDims": "expand_dims",
    "Mul": "multiply", "Sub": "subtract", "RealDiv": "divide", "StridedSlice": "getitem",
    "Einsum": "einsum", "Squeeze": "squeeze",
}  # fmt: skip


def frames_in(error):
    """Return the Frames of an exception."""
    from .frames import frames_of

    return frames_of(error)
