"""Tell what a replay of a Keras model found, propose repairs of one layer or one tensor, and try them. For
the forked process.
"""

import ast
import dataclasses
import json
import math
import re

from ..exceptions import may_be_about_shapes
from . import keras_graph
from .frames import readers_frame, statement_of, value_of
from .keras_layers import (
    MERGES,
    OUTPUT_NAME,
    divisor_of,
    input_code,
    is_atomic,
    is_library,
    kind_of,
    layers_in,
    need_of,
    written,
)
from .keras_losses import LossError, other_ends, other_losses, other_targets
from .keras_recorder import Changes, Recorder, frames_in, shape_of
from .keras_shapes import agrees, shaped
from .keras_training import Batch, assigned, dtype_of, is_plain, readers_step, run_of
from .needs import Need
from .origin import all_axes, disagreeing, origin_of, sets, trace
from .records import Node, Step, Trial
from .source import called, classes_of, file_of_class, tree_of
from .tell import shape_text

MOST_TRIALS = 8
MOST_FAILED = 3
MOST_NAME = 40
MOST_IN_A_ROW = 3
BATCHED = ("x", "y", "weights")  # what a batch's parts are called


def work_of(keras, tf, call, argument, name, segment, readers, error, coarse=False):
    """Return the Work on a call, None where there is nothing to replay. `coarse`: the models inside are told
    as one layer each.
    """
    tensors = [
        each for each in keras.tree.flatten((call.args, call.kwargs)) if isinstance(each, keras.KerasTensor)
    ]
    building = tensors and call.method == "__call__"
    kind = Called if not building else Built if is_atomic(keras, call.root) else BuiltWithReader
    if building and not isinstance(call.root, keras.layers.Layer):
        kind = Built
    work = kind(keras, tf, call, argument, name, segment, readers, error)
    work.coarse = coarse
    return work if work.begin() else None


def listed(shape):
    """Return a shape as a list."""
    return list(shape)


class Work:
    """What both kinds share: telling, and trying."""

    coarse = False  # models inside are told as one layer

    def __init__(self, keras, tf, call, argument, name, segment, readers, error):
        self.keras, self.tf, self.call = keras, tf, call
        self.argument, self.name, self.segment, self.readers = argument, name, segment, readers
        self.root, self.error = call.root, error
        self.tried = set()
        self.arrays = True  # the reader's data may be arrays of NumPy

    def told(self):
        """Return the failing layer, the way there and the origin, as JSON has it."""
        failure = self.failure
        starts, _ = self.starts()
        origin = origin_of(starts, failure.path) if starts else None
        need = self.need(failure)
        layer, path = failure.layer, failure.path
        if failure.input is not None:
            layer, path = failure.input, "/".join(filter(None, (path, failure.input.name)))
        steps = []
        for node in self.steps():
            outputs = [listed(value.shape) for value in node.outputs]
            inputs = tuple(listed(value.shape) for value in node.inputs if value.kind != "parameter")
            output = None if not outputs else outputs[0] if len(outputs) == 1 else outputs
            steps.append(dataclasses.asdict(Step(node.module, node.type, inputs, output)))
        if failure.input is not None:
            refused = listed(failure.node.inputs[failure.number].shape)
            steps.append(dataclasses.asdict(Step(path, kind_of(layer), (refused,))))
        settings = {}
        try:
            settings = {
                key: value
                for key, value in layer.get_config().items()
                if isinstance(value, int | float | str | list | tuple)
            }
            json.dumps(settings)
        except Exception:
            settings = {}
        return {
            "layer": path,
            "type": kind_of(layer),
            "operation": failure.operation,
            "config": written(layer) if is_atomic(self.keras, layer) else None,
            "settings": settings,
            "path": steps,
            "came_from": origin and dataclasses.asdict(origin),
            "expects": self.expects(need),
            "need": (need.expected, need.got) if need is not None and need.axis is not None else None,
        }

    def expects(self, need):
        """Say what the failing layer expects, None where that is not known."""
        divided = self.divided()
        if isinstance(self.failure, LossFailure):
            return self.failure.said
        if divided is not None:
            return f"expects a multiple of {divided[1]} channels, gets {divided[2]}"
        return need.said if need is not None else None

    def divided(self):
        """Return (axis, divisor, size) where the failing layer's groups do not divide its channels, None
        where that is not what is wrong.
        """
        failure = self.failure
        if failure.operation or failure.node is None or failure.layer is None:
            return None
        return divisor_of(failure.layer, [value.shape for value in failure.node.inputs])

    def groupings(self):
        """Propose other groups, or a layer before that gives a multiple of them."""
        axis, groups, size = self.divided()
        layer = self.failure.layer
        common = math.gcd(groups, size)
        filters = getattr(layer, "filters", None)
        made = self.made(layer, groups=math.gcd(common, filters) if isinstance(filters, int) else common)
        if made:
            yield "groups that divide the channels", self.put(layer, made[0]), layer, made[1]
        for node, at, given in trace([(self.failure.node.inputs[0], axis)])[0]:
            other = self.setter_of(node) if sets(node, at) and given == size else None
            made = other is not None and self.giving(other, -(-size // groups) * groups)
            if made:
                yield f"let `{node.module}` give a multiple", self.put(other, made[0]), other, made[1]

    def need(self, failure):
        """Return the Need of the layer that failed, None where it is not known."""
        if failure is None or failure.operation or failure.node is None or failure.layer is None:
            return None
        if failure.input is not None:
            return input_need(failure)
        try:
            return need_of(self.keras, failure.layer, [value.shape for value in failure.node.inputs])
        except Exception:
            return None

    def starts(self):
        """Return ([(value, axis), ...], the number) at which the failing input is wrong."""
        node = self.failure.node
        if node is None or not node.inputs:
            return [], None
        if isinstance(self.failure, LossFailure):
            return self.failure.starts(), None
        need = self.need(self.failure)
        divided = self.divided()
        if divided is not None:
            return [(node.inputs[0], divided[0])], divided[2]
        if need is not None and need.argument < len(node.inputs):
            value = node.inputs[need.argument]
            return ([(value, need.axis)], need.got) if need.axis is not None else (all_axes(value), None)
        if ran_out(self.failure.error):
            value = node.inputs[0]
            return [(value, axis) for axis in range(1, len(value.shape) - 1)], None
        starts = disagreeing(node)
        return (
            starts if starts[0] else ([start for value in node.inputs[:2] for start in all_axes(value)], None)
        )

    def run(self):
        """Yield each trial as a dict; those that change nothing last, and only where no other runs."""
        kept, ran, failed = 0, False, []
        for title, code, changes in self.proposals():
            if code in self.tried or kept >= MOST_TRIALS:
                continue
            self.tried.add(code)
            for trial in self.trials(title, code, changes):
                kept += 1
                ran = ran or trial.outcome == "runs"
                if trial.outcome == "still fails":
                    failed.append(trial)
                else:
                    yield dataclasses.asdict(trial)
        for trial in () if ran else failed[:MOST_FAILED]:
            yield dataclasses.asdict(trial)

    def message(self, error, need):
        """Say in a few words what a replay failed with."""
        if need is not None:
            return need.said
        text = str(error).partition(" for '{{node")[0]
        found = re.search(r"\x1b\[1m(.*?)\x1b\[0m", text, re.S)
        return " ".join((found.group(1) if found else text).split())[:300]

    # ---- layers as code ----

    def layer_code(self, layer):
        """Return how the reader's code reaches a layer, None where no attribute has it: `model.dec.conv`."""
        if layer is self.root:
            return self.name
        seen, waiting = set(), [(self.root, self.name)]
        while waiting:
            owner, code = waiting.pop(0)
            if id(owner) in seen or len(seen) > 5000:
                continue
            seen.add(id(owner))
            if is_library(type(owner)):
                if kind_of(owner) == "Sequential":
                    for number, each in enumerate(owner.layers):
                        if each is layer:
                            return f"{code}.layers[{number}]"
                        waiting.append((each, f"{code}.layers[{number}]"))
                elif isinstance(owner, self.keras.Model):
                    for each in owner.layers:
                        if each is layer:
                            return f'{code}.get_layer("{each.name}")'
                        waiting.append((each, f'{code}.get_layer("{each.name}")'))
                continue
            for key, value in list(vars(owner).items()):
                if key.startswith("_") or key == "layers":
                    continue
                inside = [(value, f"{code}.{key}")]
                if isinstance(value, list | tuple):
                    inside = [(each, f"{code}.{key}[{number}]") for number, each in enumerate(value)]
                elif isinstance(value, dict):
                    inside = [(each, f"{code}.{key}[{name!r}]") for name, each in value.items()]
                for each, way in inside:
                    if each is layer:
                        return way
                    if isinstance(each, self.keras.layers.Layer):
                        waiting.append((each, way))
        return None

    def step_before(self, code, name, shape):
        """Return the line that changes the tensor before the failing layer: a layer, where it can be one."""
        layer = self.failure.layer
        found = re.fullmatch(rf"ops\.reshape\({re.escape(name)}, \(-1, (.*)\)\)", code)
        sizes = found and found.group(1)
        if code == f"ops.expand_dims({name}, -1)" and None not in shape[1:]:
            sizes = ", ".join(map(str, (*shape[1:], 1)))
        place = f'# before the layer "{layer.name}"'
        if sizes and not self.in_readers_call():
            sizes = sizes if "," in sizes else f"{sizes},"
            return f"layers.Reshape(({sizes}))  {place}"
        return f"{name} = {code}  {place}"

    def in_readers_call(self):
        """Whether the failing layer is called by the reader's own code, and not by a model of Keras."""
        return bool(self.readers) and isinstance(self.readers.first, self.keras.layers.Layer)

    def put(self, layer, code):
        """Return the line that puts a new layer in another's place."""
        place = self.layer_code(layer)
        if place and "get_layer" not in place and ".layers[" not in place:
            return f"{place} = {code}"
        return f'{code}  # in place of the layer "{layer.name}"'

    def made(self, layer, **changed):
        """Return (code, layer) of a new layer like another, that has not been built; None where it cannot be
        made.
        """
        code = written(layer, **changed) if is_atomic(self.keras, layer) else None
        if code is None:
            return None
        try:
            new = type(layer).from_config({**layer.get_config(), **changed})
        except Exception:
            return None
        return code, new

    def giving(self, layer, size):
        """Return (code, layer) of a layer whose output has another size, None where there is none."""
        key = OUTPUT_NAME.get(kind_of(layer))
        return self.made(layer, **{key: size}) if key and size and size > 0 else None

    def setter_of(self, node):
        """Return the layer that a Node is of, None where it is none."""
        return None

    def wanted_size(self, size, total, expected, sizes):
        """Return the size that a maker would have to give, None where that is not clear."""
        if size == total:
            return expected
        if len(sizes) > 1 and sum(sizes) == total:
            return expected - (total - size)
        if size and total % size == 0 and expected % (total // size) == 0:
            return expected // (total // size)
        return None

    def setters(self, need):
        """Propose other layers before the failing one."""
        starts, _ = self.starts()
        if need is not None and need.axis is not None:
            makers = trace(starts)[0]
            sizes = [size for node, axis, size in makers if node.is_layer and sets(node, axis)]
            for node, axis, size in makers:
                layer = self.setter_of(node) if sets(node, axis) else None
                wanted = layer is not None and self.wanted_size(size, need.got, need.expected, sizes)
                made = self.giving(layer, wanted) if wanted else None
                if made:
                    yield f"let `{node.module}` give {wanted}", self.put(layer, made[0]), layer, made[1]
            return
        for node in dict.fromkeys(node for node, axis, _ in trace(starts)[0] if not sets(node, axis)):
            layer = self.setter_of(node)
            if layer is not None and getattr(layer, "padding", "") == "valid" and "Conv" in kind_of(layer):
                made = self.made(layer, padding="same") if set(layer.strides) == {1} else None
                if made:
                    yield f"let `{node.module}` keep the size", self.put(layer, made[0]), layer, made[1]
        pairs = list(zip(starts[::2], starts[1::2], strict=False))
        yield from self.strides(pairs)
        if len(self.failure.node.inputs) == 2 and len(pairs) > 1:
            return  # another number of features is not enough
        for pair in pairs[:2]:
            for mine, theirs in (pair, pair[::-1]):
                size, wanted = mine[0].shape[mine[1]], theirs[0].shape[theirs[1]]
                if size == wanted or None in (size, wanted):
                    continue
                for node, axis, given in trace([mine])[0]:
                    layer = self.setter_of(node) if sets(node, axis) else None
                    target = layer is not None and self.wanted_size(given, size, wanted, [])
                    made = self.giving(layer, target) if target else None
                    if made:
                        yield f"let `{node.module}` give {target}", self.put(layer, made[0]), layer, made[1]

    def strides(self, pairs):
        """Propose another stride for the layer that makes one of two images smaller than the other."""
        if not pairs or any(mine[0].shape[-1:] != theirs[0].shape[-1:] for mine, theirs in pairs):
            return
        for turn in (1, -1):
            large, small = zip(*(pair[::turn] for pair in pairs), strict=True)
            sizes = [
                (one.shape[axis], other.shape[at])
                for (one, axis), (other, at) in zip(large, small, strict=True)
            ]
            if any(None in pair or pair[0] <= pair[1] for pair in sizes):
                continue
            ratios = {-(-one // other) for one, other in sizes}
            if len(ratios) != 1:
                continue
            factor = ratios.pop()
            for side, now, wanted in ((large, 1, factor), (small, factor, 1)):
                node = side[0][0].maker
                while node is not None and not self.has_strides(node, now):
                    node = node.inputs[0].maker if node.inputs else None
                layer = self.setter_of(node) if node is not None else None
                made = layer is not None and self.made(layer, strides=wanted)
                if made:
                    title = f"let `{node.module}` have the stride {wanted}"
                    yield title, self.put(layer, made[0]), layer, made[1]

    def has_strides(self, node, size):
        """Whether a Node is of a convolution with equal strides of a size."""
        layer = self.setter_of(node)
        return layer is not None and "Conv" in kind_of(layer) and set(layer.strides) == {size}

    def sequences(self):
        """Propose that a recurrent layer before the failing one gives all its steps."""
        starts, _ = self.starts()
        for node in dict.fromkeys(node for node, _, _ in trace(starts)[0]):
            layer = self.setter_of(node)
            if layer is not None and hasattr(layer, "return_sequences") and not layer.return_sequences:
                made = self.made(layer, return_sequences=True)
                if made:
                    yield f"let `{node.module}` give all its steps", self.put(layer, made[0]), layer, made[1]

    # ---- tensors ----

    def of_size(self, shape, need, name, arrays):
        """Yield (title, code, function) of tensors like one, with the expected size on the failing axis.
        `arrays`: the reader has an array of NumPy, or may have one.
        """
        ops = self.keras.ops
        np = "np" if arrays else "ops"
        rank, axis = len(shape), need.axis
        expected, got = need.expected, need.got
        for other in range(1, rank):
            if other != axis and shape[other] == expected:
                order = list(range(rank))
                order.remove(other)
                order.insert(axis, other)
                swapped = list(range(rank))
                swapped[axis], swapped[other] = other, axis
                order = order if rank > 3 else swapped
                yield (
                    f"move axis {other} to {axis}",
                    f"{np}.transpose({name}, {tuple(order)})",
                    lambda x, order=tuple(order): ops.transpose(x, order),
                )
        if rank > 2 and None not in shape[1:] and math.prod(shape[1:]) == expected:
            yield (
                "flatten all axes but the batch",
                f"{np}.reshape({name}, (-1, {expected}))",
                lambda x: ops.reshape(x, (-1, expected)),
            )
        if axis == rank - 1 and rank > 2 and got == 1 and expected and expected > 1:
            yield (
                f"repeat the one channel {expected} times",
                f"{np}.repeat({name}, {expected}, axis=-1)",
                lambda x: ops.repeat(x, expected, axis=-1),
            )
        if axis == rank - 1 and rank > 2 and expected == 1 and got and got > 1:
            yield (
                "take the mean of the channels",
                f"{np}.mean({name}, axis=-1, keepdims=True)",
                lambda x: ops.mean(x, axis=-1, keepdims=True),
            )
        if axis == rank - 1 and rank > 2 and expected == 3 and got == 4:
            yield "leave the fourth channel out", f"{name}[..., :3]", lambda x: x[..., :3]

    def of_rank(self, shape, need, name, arrays):
        """Yield (title, code, function) of tensors with another number of axes."""
        ops = self.keras.ops
        np = "np" if arrays else "ops"
        rank, wanted = len(shape), need.ranks[0]
        if rank + 1 == wanted:
            if wanted == 4:
                yield (
                    "add the axis of channels, with three equal ones",
                    f"{np}.repeat({np}.expand_dims({name}, -1), 3, axis=-1)",
                    lambda x: ops.repeat(ops.expand_dims(x, -1), 3, axis=-1),
                )
            for axis in (-1, 0, 1) if name in getattr(self, "places", {}) else (-1,):
                yield (
                    {-1: "add the axis of channels", 0: "add the axis of the batch", 1: "add axis 1"}[axis],
                    f"{np}.expand_dims({name}, {axis})",
                    lambda x, axis=axis: ops.expand_dims(x, axis),
                )
        if rank > wanted:
            for axis in range(1, rank):
                if shape[axis] == 1 and rank - 1 == wanted:
                    yield (
                        f"drop axis {axis}",
                        f"{np}.squeeze({name}, {axis})",
                        lambda x, axis=axis: ops.squeeze(x, axis),
                    )
            if None not in shape[1:]:
                kept = wanted - 1
                sizes = (-1, *shape[1:kept], math.prod(shape[kept:]))
                yield (
                    "merge the last axes",
                    f"{np}.reshape({name}, {sizes})",
                    lambda x, sizes=sizes: ops.reshape(x, sizes),
                )
                if wanted == 3 and rank == 4:
                    sizes = (-1, shape[1] * shape[2], shape[3])
                    yield (
                        "merge height and width",
                        f"{np}.reshape({name}, {sizes})",
                        lambda x, sizes=sizes: ops.reshape(x, sizes),
                    )


def ran_out(error):
    """Whether an error says that a kernel or a pool is larger than what is left."""
    said = str(error)
    return "negative" in said or "greater than zero" in said


class Called(Work):
    """A model that exists, and was called, fitted or asked to predict."""

    def begin(self):
        """Replay the call; return whether it failed as the program did."""
        self.known = {}
        found = self.given()
        if found is None:
            return False
        self.args, self.kwargs, self.names = found
        run = run_of(self.keras, self.root, self.call.method, self.batch)
        # The reader's own step asks for gradients, and so for all that led to the loss.
        own_step = readers_step(self.root, self.call.method) is not None
        self.recorder = Recorder(self.keras, self.tf, self.root, self.known, run, not own_step)
        self.recorder.coarse = self.coarse
        self.record = self.replay()
        self.record.steps = self.recorder.steps()
        self.failure = self.record.failure
        if self.record.error is None or self.failure is None or self.failure.layer is None:
            return False
        if isinstance(self.failure, LossFailure):
            return True
        return self.is_the_failure()

    def replay(self, changes=None):
        """Return the Record of a replay with some changes."""
        record = self.recorder.replay(self.args, self.kwargs, self.names, changes)
        if isinstance(record.error, LossError):
            record.failure = LossFailure(self.root, record, self.recorder)
        elif record.failure is not None:
            self.name_input(record.failure)
        return record

    def name_input(self, failure):
        """Let a model that refuses one of its inputs say which."""
        if failure.operation or not isinstance(failure.layer, self.keras.Model):
            return
        arrived, inputs = self.recorder.record.given.get(failure.path) or [], failure.layer.inputs or []
        if not is_library(type(failure.layer)) or len(arrived) != len(inputs):
            return
        for number, (value, wanted) in enumerate(zip(arrived, inputs, strict=True)):
            if not agrees(value.shape, wanted.shape):
                failure.input = getattr(getattr(wanted, "_keras_history", None), "operation", None)
                failure.number = number
                return

    def is_the_failure(self):
        """Whether the replay failed where the program did: on the same line of the reader's, or where none of
        the reader's code is in the model, with what is no failure of the replay itself.
        """
        theirs = frames_in(self.record.error)
        mine = readers_frame(theirs)
        if mine is not None and self.readers is not None:
            if type(self.record.error) is not type(self.error) and not may_be_about_shapes(self.record.error):
                return False
            return (mine.file, mine.line) == (self.readers.file, self.readers.line)
        said = str(self.record.error)
        same = [name for name in re.findall(r"layer '([^']+)'", said) if name in str(self.error)]
        if self.readers is not None and self.inside_model(self.readers):
            return bool(same)
        return type(self.record.error) is type(self.error) or bool(same)

    def inside_model(self, frame):
        """Whether a frame is of a layer's code, and not of the code that calls the model."""
        return isinstance(frame.first, self.keras.layers.Layer)

    def steps(self):
        """The Nodes of layers that ran."""
        return self.record.steps

    def given(self):
        """Return (args, kwargs, names) of the model's call, with a TensorSpec for each tensor, None where
        they are not known.
        """
        call, tree = self.call, self.keras.tree
        self.batch = self.places = None
        if call.method == "__call__":
            args, kwargs = call.args, {key: value for key, value in call.kwargs.items() if value is not None}
        else:
            source = self.argument.get(0)
            source = source if isinstance(source, str) and is_plain(source) else "dataset"
            self.batch = Batch(self.tf, self.keras, call, source)
            self.arrays = self.batch.kind == "arrays"
            args, kwargs = self.batch.parts, {}
        names = []
        self.places = {}  # of each name the place among the arguments
        whole = tree.map_structure(self.spec_of, (args, kwargs))
        for path, each in tree.flatten_with_path(whole):
            if isinstance(each, self.tf.TensorSpec):
                names.append(self.name_at(path))
                self.places[names[-1]] = path[1:]
        given = tree.flatten((call.args, call.kwargs))
        if self.arrays and given:
            self.arrays = not any(isinstance(each, self.tf.Tensor | self.keras.KerasTensor) for each in given)
        return (*whole, names) if names else None

    def spec_of(self, value):
        """Return a TensorSpec for a tensor or array; anything else as it is."""
        tf = self.tf
        if isinstance(value, tf.TensorSpec):
            return value
        if isinstance(value, tf.Tensor | tf.Variable | self.keras.Variable | self.keras.KerasTensor) or (
            type(value).__module__ in ("numpy", "torch", "pandas.core.frame") and hasattr(value, "shape")
        ):
            try:
                return tf.TensorSpec(
                    tuple(None if size is None else int(size) for size in value.shape),
                    dtype_of(self.keras, value),
                )
            except (TypeError, ValueError):
                return value
        return value

    def name_at(self, path):
        """Return what the reader calls the tensor at a place among the arguments."""
        part, *rest = path
        place = rest[0]
        named = self.argument.get(place)
        if self.batch is not None and (self.batch.kind != "arrays" or not named):
            named = BATCHED[place]
        elif not named:
            named = str(place) if part == 1 else f"args[{place}]" if place else "x"
        for each in rest[1:]:
            entries = dict(enumerate(named)) if isinstance(named, list) else named
            if isinstance(entries, dict) and each in entries:
                named = entries[each]
            else:
                named = f"{named if isinstance(named, str) else 'x'}[{each!r}]"
        return named if isinstance(named, str) and len(named) <= MOST_NAME else "x"

    def changed(self, name, code):
        """Return the reader's code that changes one of the model's tensors."""
        if self.batch is not None and self.batch.kind != "arrays":
            return self.batch.change(self.places[name], code)
        return assigned(name, code)

    # ---- trying ----

    def trials(self, title, code, changes):
        """Yield the Trial of some changes, and of what has to follow them, up to three in a row."""
        seen = []
        for _ in range(MOST_IN_A_ROW + 1):
            record = self.replay(changes)
            if record.error is None:
                output = record.output
                yield Trial(code, "runs", None, output[0] if len(output) == 1 else output, None, title)
                return
            failure = record.failure
            need = self.need_now(failure)
            same = failure.layer is None or (failure.path, failure.line) == (
                self.failure.path,
                self.failure.line,
            )
            if not seen:
                outcome = "still fails" if same else "fails elsewhere"
                yield Trial(code, outcome, failure.path, None, self.message(record.error, need), title)
            made = (
                self.made(failure.layer) if not same and need is not None and need.axis is not None else None
            )
            if not made or failure.layer in seen:
                return
            code += f"\n{self.put(failure.layer, made[0])}"
            changes = changes.and_layer(failure.layer, made[1])
            seen.append(failure.layer)

    def need_now(self, failure):
        """Return the Need of a failure of a trial."""
        return self.need(failure)

    # ---- proposing ----

    def setter_of(self, node):
        """Return the layer that a Node is of."""
        if not node.is_layer:
            return None
        return self.layer_at(node.module)

    def layer_at(self, path):
        """Return the layer at a path below the model."""
        layer = self.root
        names = path.split("/") if path else []
        if names and names[0] == self.root.name and not isinstance(self.root, self.keras.Model):
            names = names[1:]
        for name in names:
            inside = [each for each in layers_in(layer) if each.name == name]
            if not inside:
                return None
            layer = inside[0]
        return layer

    def proposals(self):
        """Yield (title, code, Changes)."""
        need = self.need(self.failure)
        node = self.failure.node
        if isinstance(self.failure, LossFailure):
            yield from self.losses()
            return
        value = node.inputs[need.argument] if need is not None and need.argument < len(node.inputs) else None
        ends = trace(self.starts()[0])[2]
        if self.batch is not None and self.batch.unbatched:
            yield from self.batches()
            return  # what else fits one example is no answer
        declared = list(self.declared())
        yield from declared
        yield from self.roots(need, value, ends) if need is not None else ()
        yield from self.as_built()
        yield from self.rebuilt(need)
        if need is not None and need.axis is None:
            for title, code, layer, new in self.sequences():
                yield title, code, Changes(layers={id(layer): new})
        if need is not None and need.axis is not None and self.failure.layer is not self.root:
            changed = {"units": need.got} if need.argument and hasattr(self.failure.layer, "units") else {}
            made = self.made(self.failure.layer, **changed)
            if made:
                yield (
                    f"let `{self.failure.path}` be built for {need.got}",
                    self.put(self.failure.layer, made[0]),
                    Changes(layers={id(self.failure.layer): made[1]}),
                )
        if self.failure.operation:
            yield from self.operations()
        yield from self.jointly(need)
        more = self.groupings() if self.divided() is not None else ()
        for title, code, layer, new in [*more, *self.setters(need)]:
            yield title, code, Changes(layers={id(layer): new})
        yield from () if declared else self.inner(need, value)
        if (need is None and not self.failure.operation) or kind_of(self.failure.layer) == "Reshape":
            yield from self.others()

    def jointly(self, need):
        """Propose other layers for all that give the size together, as the operands of a sum do."""
        if need is None or need.axis is None:
            return
        found = {}
        for node, axis, size in trace(self.starts()[0])[0]:
            layer = self.setter_of(node) if sets(node, axis) and size == need.got else None
            made = self.giving(layer, need.expected) if layer is not None else None
            if made:
                found[id(layer)] = (layer, *made)
        if len(found) > 1:
            yield (
                f"let all of them give {need.expected}",
                "\n".join(self.put(layer, code) for layer, code, _ in found.values()),
                Changes(layers={key: new for key, (_, _, new) in found.items()}),
            )

    def operations(self):
        """Propose other operands of an operation in the reader's own call."""
        node, ops = self.failure.node, self.keras.ops
        kind, shapes = node.rule[0], [value.shape for value in node.inputs]
        name = (getattr(self.failure, "called", None) or (None, None))[1]
        found = []
        if kind == "matmul" and len(shapes) > 1 and min(map(len, shapes[:2])) > 1:
            one, other = shapes[:2]
            order = lambda shape: (*range(len(shape) - 2), len(shape) - 1, len(shape) - 2)  # noqa: E731
            if one[-1] == other[-1]:
                found.append(
                    (1, "swap the last two axes of the second", "ops.swapaxes(%, -2, -1)", order(other))
                )
            if one[-2] == other[-2]:
                found.append(
                    (0, "swap the last two axes of the first", "ops.swapaxes(%, -2, -1)", order(one))
                )
            found = [
                (number, title, code, lambda x, order=order: ops.transpose(x, order))
                for number, title, code, order in found
            ]
        elif kind in ("concat", "broadcast") and len(shapes) > 1:
            axis = node.rule[1] if kind == "concat" else None
            which = "Concatenate" if kind == "concat" else "Add"
            found = [
                (number, title, code.replace("(x)", "(%)"), function)
                for number, title, code, function in fitting(self.keras, shapes, axis, which)
            ]
            found += crops(shapes) if kind == "broadcast" else []
        yield from self.parameters()
        for number, title, code, function in found:
            yield (
                title,
                operand_changed(name, number, code, node),
                Changes(operand=(self.failure, number, function)),
            )

    def parameters(self):
        """Propose weights of the reader's own layer that fit what arrives."""
        node, tf = self.failure.node, self.tf
        starts = disagreeing(node)[0]
        for mine, theirs in zip(starts[::2], starts[1::2], strict=False):
            for (value, axis), (other, at) in ((mine, theirs), (theirs, mine)):
                number = next((place for place, each in enumerate(node.inputs) if each is value), None)
                size = other.shape[at]
                if value.kind != "parameter" or number is None or None in (*value.shape, size):
                    continue
                shape = (*value.shape[:axis], size, *value.shape[axis + 1 :])
                name = weight_name(self.failure.layer, value.name or "weight")
                yield (
                    f"let the weight `{name}` have {size} on axis {axis}",
                    weight_code(self.failure.layer, name, shape),
                    Changes(operand=(self.failure, number, lambda x, shape=shape: tf.zeros(shape, x.dtype))),
                )
        if any(value.kind == "parameter" for value in node.inputs):
            yield from self.anew()

    def anew(self):
        """Propose the reader's own model anew, which then builds itself for these data."""
        if is_library(type(self.root)) or self.has_fixed_inputs() or self.builds_itself():
            return
        source = source_of_model(self.name, kind_of(self.root), self.readers)
        code = f"{self.name} = {source}" if source else f"# make {self.name} anew"
        yield "make the model anew: it then builds itself for these data", code, Changes(fresh=True)

    def builds_itself(self):
        """Whether the reader's `__init__` builds layers for sizes of its own: so does a new model's."""
        layers = [self.root, *self.root._flatten_layers(include_self=False)]
        for kind in {type(each) for each in layers if not is_library(type(each))}:
            for tree, _, _ in classes_of(kind):
                if any(map(calls_build, tree.body)):
                    return True
        return False

    def batches(self):
        """Propose that a data set of single examples gives batches."""
        ops, source = self.keras.ops, self.batch.source
        changes = Changes(roots={name: lambda x: ops.expand_dims(x, 0) for name in self.names})
        yield "batches", f"{source} = {source}.batch(32)", changes

    def as_built(self):
        """Propose data of the shape that a model of the reader's was built with."""
        shapes = getattr(self.root, "_build_shapes_dict", None) or {}
        wanted = next(iter(shapes.values()), None) if len(shapes) == 1 else None
        if (
            getattr(self.root, "inputs", None)
            or len(self.places) != 1
            or not isinstance(wanted, list | tuple)
        ):
            return
        if not all(size is None or isinstance(size, int) for size in wanted):
            return
        (name,) = self.places
        shape = self.recorder_inputs()[0]
        found = shaped(self.keras, shape, (None, *wanted[1:]), name, self.arrays, True)
        for title, code, function in found:
            yield title, self.changed(name, code), Changes(roots={name: function})

    def declared(self):
        """Propose tensors as the model, or one inside it, says in its inputs."""
        for path, model in self.models_above(self.failure.path):
            arrived = self.record.given.get(path) or []
            inputs = getattr(model, "inputs", None) or []
            if len(arrived) != len(inputs) or all(
                agrees(value.shape, wanted.shape) for value, wanted in zip(arrived, inputs, strict=True)
            ):
                continue
            for number, (value, wanted) in enumerate(zip(arrived, inputs, strict=True)):
                known = value.maker is None and value.kind == "input" and value.name in self.places
                name = value.name if known else self.called_with(model, number) or "x"
                found = shaped(
                    self.keras, value.shape, tuple(wanted.shape), name, known and self.arrays, known
                )
                for title, code, function in found:
                    if known:
                        yield title, self.changed(name, code), Changes(roots={name: function})
                    elif len(inputs) == 1:
                        place = f'before the model "{model.name}"'
                        yield title, f"{name} = {code}  # {place}", Changes(inputs={path: function})
            return  # what comes later follows from it

    def models_above(self, path):
        """Yield (path, model) of the root, and of the models inside it that the failing layer is in."""
        names = path.split("/") if path else []
        for count in range(len(names) + 1):
            inside = "/".join(names[:count])
            model = self.layer_at(inside)
            if isinstance(model, self.keras.Model):
                yield inside, model

    def called_with(self, model, number):
        """Return the name of the tensor that the reader's line calls a model with, None where it is none."""
        if number or not self.readers:
            return None
        for node in ast.walk(statement_of(self.readers) or ast.Module([], [])):
            if not (isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Name)):
                continue
            called = node.func.attr if isinstance(node.func, ast.Attribute) else None
            if value_of(node.func, self.readers.frame) is model or called in attributes_of(self.root, model):
                return node.args[0].id
        return None

    def roots(self, need, value, ends):
        """Propose other data."""
        known = {end.name: end for end, _ in ends if end.kind == "input" and end.name}
        if value is not None and value.maker is None and value.kind == "input" and value.name:
            known = {value.name: value}
        for name, end in known.items():
            found = (
                self.of_size(
                    end.shape,
                    Need(
                        next((axis for each, axis in ends if each is end), need.axis), need.expected, need.got
                    ),
                    name,
                    self.arrays,
                )
                if need.axis is not None
                else self.of_rank(end.shape, need, name, self.arrays)
            )
            for title, code, function in found:
                yield title, self.changed(name, code), Changes(roots={name: function})

    def inner(self, need, value):
        """Propose another tensor before the failing layer."""
        if need is None or value is None or need.argument or value.maker is None:
            return
        found = (
            self.of_size(value.shape, need, "x", False)
            if need.axis is not None
            else self.of_rank(value.shape, need, "x", False)
        )
        for title, code, function in found:
            before = self.step_before(code, "x", value.shape)
            yield title, before, Changes(inputs={self.failure.path: function})

    def rebuilt(self, need):
        """Propose a model that is built for these data."""
        if need is None or need.axis is None:
            return
        other = list(self.other_inputs())
        if other:
            shape, wanted, name = other[0]
            turned = (
                len(shape) > 2
                and shape != wanted
                and sorted(map(str, shape[1:])) == sorted(map(str, wanted[1:]))
            )
            if len(other) == 1 and None not in shape[1:] and not turned:
                old, new = input_code(wanted[1:], name), input_code(shape[1:], name)
                yield "build the model for these data", f"{new}  # in place of {old}", Changes(fresh=True)
        elif self.root.built:
            yield from self.anew()

    def other_inputs(self):
        """Yield (shape, declared shape, input's name) of the tensors that do not fit the inputs of the
        outermost model that says what its inputs are.
        """
        for path, model in self.models_above(self.failure.path):
            arrived, inputs = self.record.given.get(path) or [], getattr(model, "inputs", None) or []
            if inputs and len(arrived) == len(inputs):
                for value, wanted in zip(arrived, inputs, strict=True):
                    if not agrees(value.shape, wanted.shape):
                        yield value.shape, tuple(wanted.shape), wanted.name
                return

    def has_fixed_inputs(self):
        """Whether a functional model inside says what its input is."""
        inside = self.root._flatten_layers(include_self=False)
        return any(isinstance(each, self.keras.Model) and is_library(type(each)) for each in inside)

    def recorder_inputs(self):
        """Return the shapes of the model's tensors."""
        flat = self.keras.tree.flatten((self.args, self.kwargs))
        return [tuple(each.shape) for each in flat if isinstance(each, self.tf.TensorSpec)]

    def others(self):
        """Propose other settings of a layer whose failure is no number of features."""
        layer, node = self.failure.layer, self.failure.node
        kind = kind_of(layer)
        if ran_out(self.failure.error) and hasattr(layer, "padding"):
            made = self.made(layer, padding="same")
            if made:
                yield (
                    f"let `{self.failure.path}` pad its input",
                    self.put(layer, made[0]),
                    Changes(layers={id(layer): made[1]}),
                )
        if kind == "Reshape" and node.inputs and None not in node.inputs[0].shape[1:]:
            for shape in reshapes(layer, node.inputs[0].shape):
                made = self.made(layer, target_shape=shape)
                if made:
                    yield (
                        f"let `{self.failure.path}` give {shape}",
                        self.put(layer, made[0]),
                        Changes(layers={id(layer): made[1]}),
                    )
        if kind in ("Concatenate", "Attention", "AdditiveAttention", *MERGES):
            yield from self.merges(node, layer)

    def merges(self, node, layer):
        """Propose inputs of a merging layer that fit each other."""
        shapes = [value.shape for value in node.inputs]
        for number, title, code, function in fitting(
            self.keras, shapes, getattr(layer, "axis", None), kind_of(layer)
        ):

            def change(given, number=number, function=function):
                return [function(each) if at == number else each for at, each in enumerate(given)]

            yield (
                title,
                f'{code}  # input {number} of the layer "{layer.name}"',
                Changes(inputs={self.failure.path: change}),
            )

    def losses(self):
        """Propose what lets the loss compare what the model gives with the targets."""
        given, target = (value.shape for value in self.failure.node.inputs)
        name = self.failure.node.inputs[1].name
        maker = self.failure.node.inputs[0].maker
        for title, loss in other_losses(self.root, self.failure.number, given, target):
            code = f"{self.name}.compile({self.name}.optimizer, loss={loss!r})".replace("'", '"')
            yield title, code, Changes(loss=loss)
        if name in self.places:
            for title, code, function in other_targets(self.keras, given, target, name, self.arrays):
                yield title, self.changed(name, code), Changes(roots={name: function})
        if maker is None or not maker.is_layer:
            return
        layer = self.setter_of(maker)
        if len(given) == len(target) and given[:-1] == target[:-1]:
            made = layer is not None and self.giving(layer, target[-1])
            if made:
                yield (
                    f"let `{maker.module}` give {target[-1]}",
                    self.put(layer, made[0]),
                    Changes(layers={id(layer): made[1]}),
                )
        yield from self.last_steps(given, target)
        for title, code, function in other_ends(self.keras, given, target):
            name = maker.module.rpartition("/")[2]
            yield (
                title,
                f'outputs = {code.replace("(x)", "(outputs)")}  # after the layer "{name}"',
                Changes(outputs={maker.module: function}),
            )

    def last_steps(self, given, target):
        """Propose that the last recurrent layer gives its last step alone, as the targets have it."""
        if len(given) != 3 or len(target) > 2:
            return
        for node in reversed(self.record.steps):
            layer = self.setter_of(node)
            if layer is not None and getattr(layer, "return_sequences", False):
                made = self.made(layer, return_sequences=False)
                if made:
                    title = f"let `{node.module}` give its last step"
                    yield title, self.put(layer, made[0]), Changes(layers={id(layer): made[1]})
                return


class LossFailure:
    """The failure of a loss, when the model itself ran."""

    input = None

    def __init__(self, root, record, recorder):
        error = record.error
        self.layer, self.path = root, ""
        self.operation, self.line = "loss", None
        self.error, self.number = error.error, error.number
        self.node = Node("loss", False, "", [recorder.value(error.output), recorder.value(error.target)])

    @property
    def said(self):
        """What the loss was given, in a few words."""
        given, target = (shape_text(value.shape) for value in self.node.inputs)
        name = self.node.inputs[1].name
        return f"compares the output {given} with the targets {target}" + (f", `{name}`" if name else "")

    def starts(self):
        """Return the axes of the output that the targets do not have."""
        output, target = self.node.inputs
        axes = range(1, len(output.shape))
        if len(output.shape) == len(target.shape):
            axes = [axis for axis in axes if output.shape[axis] != target.shape[axis]]
        elif len(output.shape) == 2:
            axes = [1]
        return [(output, axis) for axis in axes]


def weight_name(layer, path):
    """Return the attribute in which a weight lies, the end of its path where none has it."""
    for key, value in vars(layer).items():
        if not key.startswith("_") and getattr(value, "path", None) == path:
            return key
    return path.rpartition("/")[2]


def weight_code(layer, name, shape):
    """Return the line that makes a weight with another shape, as the reader's class has it."""
    file = file_of_class(type(layer))
    for node in ast.walk(tree_of(file) or ast.Module([], [])):
        if not (isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == f"self.{name}"):
            continue
        call = node.value
        if not (isinstance(call, ast.Call) and ast.unparse(call.func) == "self.add_weight"):
            continue
        given = ast.parse(repr(shape), mode="eval").body
        keys = [each for each in call.keywords if each.arg == "shape"]
        if keys:
            keys[0].value = given
        elif call.args:
            call.args[0] = given
        return ast.unparse(node)
    return f"self.{name} = self.add_weight(shape={shape})"


def source_of_model(name, kind, readers):
    """Return the source of the one call that makes a model, None where there is none."""
    tree = tree_of(readers.file, readers.frame.f_globals) if readers else None
    found = [
        node.value
        for node in ast.walk(tree or ast.Module([], []))
        if isinstance(node, ast.Assign)
        and ast.unparse(node.targets[0]) == name
        and isinstance(node.value, ast.Call)
        and called(node.value) == kind
    ]
    return ast.unparse(found[0]) if len(found) == 1 else None


def attributes_of(owner, model):
    """Return the names of the attributes in which a model lies."""
    return [key for key, value in vars(owner).items() if value is model]


def crops(shapes):
    """Return [(number, title, code, function)]: an operand that is cut to the other's size on one axis, as a
    position's may be.
    """
    found = []
    for number in (0, 1):
        mine, other = shapes[number], shapes[1 - number]
        backs = [
            back
            for back in range(1, min(len(mine), len(other)) + 1)
            if mine[-back] != other[-back] and 1 not in (mine[-back], other[-back])
        ]
        if len(backs) == 1 and backs[0] > 1 and None not in (mine[-backs[0]], other[-backs[0]]):
            size, rest = other[-backs[0]], backs[0] - 1
            if mine[-backs[0]] > size:
                cut = (..., slice(0, size), *[slice(None)] * rest)
                code = f"%[..., :{size}{', :' * rest}]"
                found.append((number, "cut it to the other's size", code, lambda x, cut=cut: x[cut]))
    return found


def reshapes(layer, shape):
    """Return the target shapes that a Reshape might have instead: one size changed, or the product."""
    total, target = math.prod(shape[1:]), list(layer.target_shape)
    found = []
    for place in reversed(range(len(target))):
        rest = math.prod(size for at, size in enumerate(target) if at != place)
        if rest > 0 and total % rest == 0:
            found.append((*target[:place], total // rest, *target[place + 1 :]))
    return [*found, (total,)]


def operands_in(segment):
    """Return (the tree of a piece of source, those of the operands in it)."""
    try:
        node = ast.parse((segment or "").strip(), mode="eval").body
    except (SyntaxError, ValueError):
        return None, []
    if isinstance(node, ast.BinOp):
        return node, [node.left, node.right]
    if isinstance(node, ast.Call):
        return node, [
            each
            for arg in node.args
            for each in (arg.elts if isinstance(arg, ast.List | ast.Tuple) else [arg])
        ]
    return node, []


def input_need(failure):
    """Return the Need of an input of a model that refuses it."""
    shape = failure.node.inputs[failure.number].shape
    wanted = failure.layer.inputs[failure.number].shape
    if len(shape) != len(wanted):
        return Need(None, None, len(shape), (len(wanted),), argument=failure.number)
    for axis in sorted(range(len(shape)), key=lambda axis: axis != len(shape) - 1):
        if None not in (shape[axis], wanted[axis]) and shape[axis] != wanted[axis]:
            return Need(axis, wanted[axis], shape[axis], argument=failure.number)
    return None


class Replaced(ast.NodeTransformer):
    """A tree with another part in the place of one."""

    def __init__(self, old, new):
        self.old, self.new = old, new

    def visit(self, node):
        """Return the new part for the old one."""
        return self.new if node is self.old else self.generic_visit(node)


def operand_of(segment, number):
    """Return the source of an operand, `x` where it is no name."""
    _, given = operands_in(segment)
    text = ast.unparse(given[number]) if number < len(given) else "x"
    return text if re.fullmatch(r"[A-Za-z_][\w.]*", text) else "x"


def operand_changed(segment, number, code, node):
    """Return the line that changes an operand: `code` has % where it stands. What has no name is changed in
    its own line; a matrix product that transposed it does so no more.
    """
    tree, given = operands_in(segment)
    flag = node.inputs[number].name if number < len(node.inputs) else None
    if isinstance(tree, ast.Call) and flag in ("transpose_a", "transpose_b") and "swapaxes" in code:
        kept = [each for each in tree.keywords if each.arg != flag]
        if len(kept) < len(tree.keywords):
            tree.keywords = kept
            return f"{ast.unparse(tree)}  # on line {node.line}"
    named = number >= len(given) or isinstance(given[number], ast.Name | ast.Attribute)
    if named and node.function != "<lambda>":
        operand = ast.unparse(given[number]) if number < len(given) else "x"
        return f"{operand} = {code.replace('%', operand)}  # before line {node.line}"
    if number >= len(given):
        return f"{code.replace('%', 'x')}  # on line {node.line}"
    source = ast.unparse(given[number])
    inside = f"({source})" if isinstance(given[number], ast.BinOp) and not code.endswith("(%)") else source
    changed = ast.parse(code.replace("%", inside), mode="eval").body
    tree = Replaced(given[number], changed).visit(tree)
    return f"{ast.unparse(tree)}  # on line {node.line}"


def fitting(keras, shapes, axis, kind):
    """Yield (number, title, code, function): an input of a merging layer, changed to fit the other."""
    layers = keras.layers
    if len(shapes) != 2 or len(shapes[0]) != len(shapes[1]):
        return
    rank = len(shapes[0])
    if "Attention" in kind and shapes[0][-1] != shapes[1][-1]:
        for number in (1, 0):
            size, title = shapes[1 - number][-1], "bring it to the other's features by a new layer"
            yield number, title, f"layers.Dense({size})(x)", lambda x, size=size: layers.Dense(size)(x)
        return
    for number in sorted((0, 1), key=lambda number: shapes[number][-1] or 0):  # rather more than fewer
        mine, other = shapes[number], shapes[1 - number]
        differ = [pair for pair in zip(mine[1:3], other[1:3], strict=True) if pair[0] != pair[1]]
        if kind != "Concatenate":
            differ = [pair for pair in differ if 1 not in pair]  # one of them is repeated
        if rank == 4 and differ and None not in (*mine[1:3], *other[1:3]):
            if kind == "Concatenate" or mine[3] == other[3]:
                sizes = tuple(other[1:3])
                title = "resize it to the other"
                yield (
                    number,
                    title,
                    f"layers.Resizing{sizes}(x)",
                    lambda x, sizes=sizes: layers.Resizing(*sizes)(x),
                )
            if mine[1] % other[1] == 0 and mine[2] % other[2] == 0 and kind != "Concatenate":
                stride = mine[1] // other[1]
                code = f"layers.Conv2D({other[3]}, 1, strides={stride})(x)"
                yield (
                    number,
                    "bring it to the other's size by a new layer",
                    code,
                    lambda x, other=other, stride=stride: layers.Conv2D(other[3], 1, strides=stride)(x),
                )
        elif kind != "Concatenate" and rank == 4 and mine[3] != other[3]:
            title = "bring it to the other's channels by a new layer"
            yield (
                number,
                title,
                f"layers.Conv2D({other[3]}, 1)(x)",
                lambda x, other=other: layers.Conv2D(other[3], 1)(x),
            )
        elif kind != "Concatenate" and mine[-1] != other[-1] and rank < 4:
            title = "bring it to the other's features by a new layer"
            yield (
                number,
                title,
                f"layers.Dense({other[-1]})(x)",
                lambda x, other=other: layers.Dense(other[-1])(x),
            )
    if kind == "Concatenate":
        differing = [at for at in range(1, rank) if shapes[0][at] != shapes[1][at]]
        if len(differing) == 1 and differing[0] != (axis or -1) % rank:
            del differing


class BuiltWithReader(Called):
    """A functional model that is being put together, where a layer of the reader's was called."""

    def begin(self):
        """Replay the layer's call, and read the graph that leads to it."""
        self.graph, self.name = graph_of(self.keras, self.call, self.readers), "self"
        return super().begin()

    def given(self):
        """Return the call's arguments, and let the recorder know how its tensors came about."""
        found = super().given()
        tensors = [
            each
            for each in self.keras.tree.flatten((self.call.args, self.call.kwargs))
            if isinstance(each, self.keras.KerasTensor)
        ]
        if found is None:
            return None
        self.known = {
            name: self.graph.values[id(each)]
            for name, each in zip(found[2], tensors, strict=False)
            if id(each) in self.graph.values
        }
        return found

    def steps(self):
        """The Nodes of layers that ran."""
        return [*(node for node in self.graph.steps if node.type != "InputLayer"), *self.record.steps]

    def setter_of(self, node):
        """Return the layer that a Node is of; those before the reader's layer cannot be changed here."""
        if any(other is node for _, _, other in self.graph.calls):
            return None
        return super().setter_of(node)

    def rebuilt(self, need):
        """Propose nothing: there is no model yet."""
        return ()


def graph_of(keras, call, readers):
    """Return the Graph that leads to the tensors of a call, with the names that the reader's code has for the
    first ones.
    """
    flat = keras.tree.flatten((call.args, call.kwargs))
    graph = keras_graph.Graph(keras, [each for each in flat if isinstance(each, keras.KerasTensor)])
    frame = readers.frame if readers else None
    for names in (frame.f_globals, frame.f_locals) if frame else ():
        for name, each in list(names.items()):
            value = graph.values.get(id(each))
            if value is not None and value.maker is None and isinstance(each, keras.KerasTensor):
                value.name = name
    return graph


class Built(Work):
    """A functional model that is being put together: the failing layer was called with symbolic tensors."""

    def begin(self):
        """Read the graph that leads to the failing layer."""
        keras = self.keras
        self.tensors = [
            each
            for each in keras.tree.flatten((self.call.args, self.call.kwargs))
            if isinstance(each, keras.KerasTensor)
        ]
        self.graph = graph_of(keras, self.call, self.readers)
        values = [self.graph.values[id(each)] for each in self.tensors if id(each) in self.graph.values]
        if len(values) < len(self.tensors):
            return False
        error = self.raised(self.root, self.tensors)
        if error is None:
            return False
        root = self.root
        is_layer = isinstance(root, keras.layers.Layer)
        rule = None
        if is_layer:
            from .keras_layers import layer_rule

            rule = layer_rule(root, values)
        node = Node(
            kind_of(root), is_layer, root.name, values, rule or keras_graph.rule_of(root), type=kind_of(root)
        )
        self.failure = BuiltFailure(root, root.name, node, error)
        if not is_layer:
            self.failure.operation, self.failure.path = kind_of(root).lower(), ""
        self.node = node
        return True

    def raised(self, layer, tensors):
        """Return the error of calling a layer with tensors in the place of its own, None where there is none;
        the output is kept.
        """
        tree = self.keras.tree
        replaced = dict(zip(map(id, self.tensors), tensors, strict=True))

        def swap(each):
            return replaced.get(id(each), each) if isinstance(each, self.keras.KerasTensor) else each

        args, kwargs = tree.map_structure(swap, (self.call.args, self.call.kwargs))
        try:
            with self.keras.StatelessScope():  # makes no variables
                output = layer(*args, **kwargs)
        except Exception as error:
            return error
        self.output = [listed(shape_of(each)) for each in tree.flatten(output)]
        return None

    def steps(self):
        """The Nodes of layers that ran, and the failing one."""
        return [
            *(node for node in self.graph.steps if node.type != "InputLayer"),
            *([self.node] if self.node.is_layer else []),
        ]

    def setter_of(self, node):
        """Return the layer that a Node is of."""
        return next((layer for layer, _, other in self.graph.calls if other is node and node.is_layer), None)

    def put(self, layer, code):
        """Return the line that puts a new layer in another's place."""
        return f'{code}  # in place of the layer "{layer.name}"'

    def trials(self, title, code, change):
        """Yield the Trial of a change: a function that returns (layer, tensors) to call."""
        try:
            with self.keras.StatelessScope():
                layer, tensors = change()
        except keras_graph.FailedAgain as failed:
            name = failed.operation.name
            yield Trial(code, "fails elsewhere", name, None, self.message(failed.error, None), title)
            return
        except Exception as error:
            yield Trial(code, "fails elsewhere", None, None, self.message(error, None), title)
            return
        error = self.raised(layer, tensors)
        if error is None:
            yield Trial(
                code, "runs", None, self.output[0] if len(self.output) == 1 else self.output, None, title
            )
        else:
            yield Trial(code, "still fails", self.failure.path, None, self.message(error, None), title)

    def proposals(self):
        """Yield (title, code, function)."""
        need = self.need(self.failure)
        fresh = keras_graph.fresh
        more = list(self.sequences()) if need is not None and need.axis is None else []
        more += self.groupings() if self.divided() is not None else ()
        for title, code, layer, new in [*more, *self.setters(need)]:
            if layer is self.root:
                yield title, code, lambda new=new: (new, self.tensors)
                continue
            changes = {id(layer): new}
            yield title, code, lambda changes=changes: self.with_layers(changes)
            follower = self.follower(changes)
            if follower is not None:
                other, made = follower
                changes = {**changes, id(other): made[1]}
                lines = f"{code}\n{self.put(other, made[0])}"
                yield title, lines, lambda changes=changes: self.with_layers(changes)
        shapes = [value.shape for value in self.node.inputs]
        kind = kind_of(self.root)
        if kind in ("Concatenate", *MERGES, "Divide", "TrueDivide", "Power"):
            for number, title, code, function in fitting(
                self.keras, shapes, getattr(self.root, "axis", None), kind
            ):

                def change(number=number, function=function):
                    return fresh(self.root), [
                        function(each) if at == number else each for at, each in enumerate(self.tensors)
                    ]

                yield title, self.with_name(code, number), change
        if need is not None and self.tensors:
            shape = shapes[0]
            found = (
                self.of_size(shape, need, self.operand(0), False)
                if need.axis is not None
                else self.of_rank(shape, need, self.operand(0), False)
            )
            for title, code, function in found:
                yield (
                    title,
                    self.step_before(code, self.operand(0), shape),
                    lambda function=function: (
                        fresh(self.root),
                        [function(self.tensors[0]), *self.tensors[1:]],
                    ),
                )
            if need.axis is not None:
                made = self.made(self.root)
                if made:
                    yield (
                        f"a new layer, built for {need.got}",
                        self.put(self.root, made[0]),
                        lambda: (made[1], self.tensors),
                    )
        if kind == "Reshape" and shapes and None not in shapes[0][1:]:
            for shape in reshapes(self.root, shapes[0]):
                made = self.made(self.root, target_shape=shape)
                if made:
                    yield (
                        f"give {shape}",
                        self.put(self.root, made[0]),
                        lambda made=made: (made[1], self.tensors),
                    )
        if ran_out(self.failure.error) and hasattr(self.root, "padding"):
            made = self.made(self.root, padding="same")
            if made:
                yield "pad the input", self.put(self.root, made[0]), lambda: (made[1], self.tensors)

    def with_layers(self, changes):
        """Return (layer, tensors) to call, with other layers before them."""
        return keras_graph.fresh(self.root), self.graph.again(self.tensors, changes)

    def follower(self, changes):
        """Return (Reshape, what is made of another) that has to follow other layers before it, None where
        none has to.
        """
        try:
            with self.keras.StatelessScope():
                self.with_layers(changes)
        except keras_graph.FailedAgain as failed:
            layer, tensors = failed.operation, failed.tensors
            if kind_of(layer) == "Reshape" and len(tensors) == 1 and None not in tensors[0].shape[1:]:
                made = self.made(layer, target_shape=reshapes(layer, tensors[0].shape)[0])
                return (layer, made) if made else None
        except Exception:
            return None
        return None

    def operand(self, number):
        """Return the source of one of the tensors that the layer was called with, `x` where it cannot be
        read.
        """
        return operand_of(self.segment, number)

    def with_name(self, code, number):
        """Return code with the reader's name for x."""
        name = self.operand(number)
        return f"{name} = {code.replace('(x)', f'({name})')}"


class BuiltFailure:
    """The failure of a layer that was called with symbolic tensors."""

    input = None

    def __init__(self, layer, path, node, error):
        self.layer, self.path, self.node, self.error = layer, path, node, error
        self.operation = self.line = None


__all__ = ["frames_in", "work_of"]


def calls_build(definition):
    """Whether a function is an `__init__` that calls the `build` of a layer."""
    return getattr(definition, "name", "") == "__init__" and any(
        isinstance(node, ast.Call) and called(node) == "build" for node in ast.walk(definition)
    )
