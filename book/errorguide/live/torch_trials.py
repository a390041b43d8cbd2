"""Propose repairs of one layer or one tensor, and try them on the replay. For the forked process."""

import ast
import dataclasses
import itertools
import linecache
import math
import re

from .origin import all_axes, disagreeing, origin_of, sets, trace
from .records import Step, Trial
from .torch_layers import INPUT_NAME, OUTPUT_NAME, STATE, is_conv, kind_of, need_of, spatial, written
from .torch_losses import CLASSES, PAIRS, fitting, unfitting
from .torch_recorder import LOSS, Changes, tensors_in

MOST_TRIALS = 8
MOST_IN_A_ROW = 3
ASSIGNABLE = re.compile(r"[A-Za-z_][\w.]*(?:\[[\w'\"]+\])*")


def shape_of(value):
    """Return the shape of a Value as a list."""
    return list(value.shape)


def shapes_in(torch, value):
    """Return the shapes in what a model returned: one as a list, several as a list of lists."""
    found = [list(tensor.shape) for tensor in tensors_in(torch, value)]
    return found[0] if len(found) == 1 else found


def told_of(torch, recorder, record, operation):
    """Return the way there and the origin, as JSON has it."""
    failure = record.failure
    steps = []
    for node in record.steps:
        outputs = [shape_of(value) for value in node.outputs]
        steps.append(
            dataclasses.asdict(
                Step(
                    node.module,
                    node.type,
                    tuple(shape_of(value) for value in node.inputs),
                    None if not outputs else outputs[0] if len(outputs) == 1 else outputs,
                )
            )
        )
    starts, _ = starts_of(torch, failure)
    origin = origin_of(starts, failure.path) if starts else None
    need = layer_need(torch, failure)
    return {
        "path": steps,
        "came_from": origin and dataclasses.asdict(origin),
        "operation": failure.operation if failure.operation and failure.operation != "__get__" else operation,
        "expects": need.said if need is not None else None,
        "need": (need.expected, need.got) if need is not None and need.axis is not None else None,
    }


def layer_need(torch, failure):
    """Return the Need of the layer that failed, None where it is not known."""
    if failure is None or failure.operation or failure.node is None or failure.module is None:
        return None
    try:
        return need_of(torch, failure.module, [value.shape for value in failure.node.inputs])
    except Exception:
        return None


def starts_of(torch, failure):
    """Return ([(value, axis), ...], the number) at which the failing input is wrong."""
    node = failure.node
    if node is None or not node.inputs:
        return [], None
    need = layer_need(torch, failure)
    if need is not None and need.argument < len(node.inputs):
        value = node.inputs[need.argument]
        if need.axis is not None:
            return [(value, need.axis)], need.got
        return all_axes(value), None
    if node.is_layer and ran_out(failure.error):
        value = node.inputs[0]
        count = spatial(torch, failure.module) or 1
        return [(value, axis) for axis in range(max(len(value.shape) - count, 0), len(value.shape))], None
    if node.name in (*CLASSES, *PAIRS) and len(node.inputs) > 1:
        output, target = node.inputs[:2]
        mine, theirs = unfitting(node.name, output.shape, target.shape)
        if mine and theirs:
            return [*((output, axis) for axis in mine), *((target, axis) for axis in theirs)], None
    if node.is_layer and isinstance(failure.module, torch.nn.modules.loss._Loss) and len(node.inputs) > 1:
        return [*all_axes(node.inputs[0]), *all_axes(node.inputs[1])], None
    if node.is_layer:
        return all_axes(node.inputs[0]), None
    return disagreeing(node)


class Trials:
    """Proposes changes and tries them."""

    def __init__(self, torch, recorder, entry, record, name, segment, readers, callers):
        self.torch = torch
        self.recorder = recorder
        self.entry = entry
        self.record = record
        self.failure = record.failure
        self.name = name
        self.segment = segment
        self.readers = readers
        self.callers = callers  # id(tensor) -> how the code that calls the model calls it
        self.tried = set()
        self.site = (self.failure.node and self.failure.node.site, self.failure.operation)

    def run(self):
        """Yield each trial as a dict, those that run to the end first if they come early enough."""
        kept = 0
        for title, code, changes in self.proposals():
            if code in self.tried or kept >= MOST_TRIALS:
                continue
            self.tried.add(code)
            for trial in self.trials(title, code, changes):
                kept += 1
                yield dataclasses.asdict(trial)

    # ---- trying ----

    def trials(self, title, code, changes):
        """Yield the Trial of some changes. Where they move the error to another layer, let that one accept
        what arrives as well, and yield the Trial of both, up to three in a row.
        """
        seen = []
        for _ in range(MOST_IN_A_ROW + 1):
            record = self.replay(changes)
            if record.error is None:
                yield self.ran(title, code, record, changes)
                return
            failure = record.failure
            need = layer_need(self.torch, failure)
            same = failure.module is None or self.is_same(failure)
            if not seen:
                outcome = "still fails" if same else "fails elsewhere"
                yield Trial(code, outcome, failure.path, None, self.message(record, need), title)
            follow = None
            if not same and need is not None and need.axis is not None:
                made = self.accepting(failure.module, need)
                follow = made and (failure.path, failure.module, *made)
            elif not same and changes.layers and failure.operation:
                follow = self.alike(record, title)
            if not follow or follow[1] in seen:
                return
            path, module, made, layer = follow
            code += f"\n{self.layer_code(path)} = {made}"
            changes = changes.and_layer(module, layer)
            seen += [module, layer]

    def alike(self, record, title):
        """Return (path, module, code, layer) of what repairs the same operation in another block as it was
        repaired in this one, None where that is not clear.
        """
        mine, other = self.failure, record.failure
        if mine.node is None or other.node is None or mine.node.line != other.node.line:
            return None
        inner = Trials(
            self.torch, self.recorder, self.entry, record, self.name, self.segment, self.readers, self.callers
        )
        suffix = re.search(r"`([^`]*)`", title)
        own = f"{mine.path}." if mine.path else ""
        if suffix is None or not suffix[1].startswith(own):
            return None
        wanted = f"{other.path}.{suffix[1].removeprefix(own)}"
        for said, code, changes in inner.setters([], []):
            if f"`{wanted}`" in said and len(changes.layers) == 1:
                return wanted, self.module_at(wanted), code.partition(" = ")[2], *changes.layers.values()
        return None

    def ran(self, title, code, record, changes):
        """Return the Trial of changes that run to the end. Where the batch is no longer its first axis, say
        so.
        """
        output = shapes_in(self.torch, record.output)
        batches = {tuple(tensor.shape)[:1] for tensor in self.inputs()}
        message = changes.remark
        if message is None and len(batches) == 1 and output and isinstance(output[0], int):
            (batch,) = batches
            if batch and batch[0] > 1 and batch[0] not in output and self.failure.node.is_layer:
                message = f"the batch of {batch[0]} is no axis of it"
        return Trial(code, "runs", None, output, message, title)

    def inputs(self):
        """Return the tensors that the model was given."""
        return list(tensors_in(self.torch, (self.entry.args, self.entry.kwargs)))

    def replay(self, changes):
        """Replay the call with changes."""
        return self.recorder.replay(self.entry.call, self.entry.args, self.entry.kwargs, changes)

    def is_same(self, failure):
        """Whether a replay failed where the program did."""
        mine = self.failure
        if failure.operation != mine.operation:
            return False
        same_place = (
            failure.node is not None and mine.node is not None and failure.node.line == mine.node.line
        )
        return failure.path == mine.path and same_place

    def message(self, record, need):
        """Say in a few words what a replay failed with."""
        if need is not None:
            return need.said
        text = " ".join(str(record.error).split())
        if found := re.fullmatch(
            r"a and b must have same reduction dim, but got \[(\d+), (\d+)\] X \[(\d+), (\d+)\]\.?", text
        ):
            text = "mat1 and mat2 shapes cannot be multiplied ({}x{} and {}x{})".format(*found.groups())
        return text[:300]

    # ---- proposing ----

    def layer_code(self, path):
        """Return how the reader's code reaches a layer: `model.net[0].conv`."""
        code = self.recorder.sources.get(path, self.name)
        path = path.removeprefix(code).removeprefix(".") if path in self.recorder.sources else path
        for part in path.split(".") if path else ():
            code += f"[{part}]" if part.isdigit() else f".{part}"
        return code

    def accepting(self, module, need):
        """Return (code, layer) of a layer that accepts what arrives, None where there is none."""
        kind = kind_of(module).__name__
        if need.what in STATE and need.axis is not None:
            return self.of_state(module, need)
        if kind == "MultiheadAttention" and need.argument and need.axis is not None:
            return self.made(
                module, {"kdim" if need.argument == 1 else "vdim": need.got, **self.third(module, need)}
            )
        if kind not in INPUT_NAME or need.axis is None or need.argument:
            return None
        key, got = INPUT_NAME[kind], need.got
        value = got
        if key == "normalized_shape":
            value = (*module.normalized_shape[:-1], got)
        changed = {key: value}
        if is_conv(self.torch, module) and module.groups > 1:
            if module.groups == module.in_channels and module.out_channels % module.in_channels == 0:
                changed["groups"] = got
                changed["out_channels"] = got * (module.out_channels // module.in_channels)
            elif got % module.groups:
                changed["groups"] = math.gcd(got, module.out_channels)
        if kind == "MultiheadAttention" and got % module.num_heads:
            changed["num_heads"] = math.gcd(got, module.num_heads)
        return self.made(module, changed)

    def of_state(self, module, need):
        """Return (code, layer) of a recurrent layer that accepts the state it is given, None where there is
        none.
        """
        shape = self.failure.node.inputs[need.argument].shape if self.failure.module is module else ()
        if shape and need.axis == len(shape) - 1:
            return self.made(module, {"hidden_size": need.got})
        both = 2 if getattr(module, "bidirectional", False) else 1
        given = self.failure.node.inputs[0].shape if self.failure.module is module else ()
        turned = len(given) == 3 and given[0 if not module.batch_first else 1] == need.got
        if need.axis == 1 and turned and isinstance(module, self.torch.nn.RNNBase):
            return self.made(module, {"batch_first": not module.batch_first})
        if need.axis == 0 and need.got % both == 0 and isinstance(module, self.torch.nn.RNNBase):
            return self.made(module, {"num_layers": need.got // both})
        return None

    def third(self, module, need):
        """Return the width of an attention's values, where they are its keys."""
        inputs = self.failure.node.inputs if self.failure.module is module else ()
        alike = len(inputs) > 2 and inputs[1].shape == inputs[2].shape
        return {"vdim": need.got} if need.argument == 1 and alike else {}

    def giving(self, module, size, now=None):
        """Return (code, layer) of a layer whose output has another size, None where there is none. `now` is
        the size that it has, where that may be a recurrent layer's state.
        """
        kind = kind_of(module).__name__
        if kind not in OUTPUT_NAME:
            return None
        value = size
        if getattr(module, "bidirectional", False) and now != module.hidden_size:
            if size % 2:
                return None
            value = size // 2
        if getattr(module, "proj_size", 0):
            return None
        if is_conv(self.torch, module) and value % module.groups:
            return None
        return self.made(module, {OUTPUT_NAME[kind]: value})

    def made(self, module, changed):
        """Return (code, layer) of a layer like another, made by that very code on fake tensors."""
        code = written(self.torch, module, **changed)
        if code is None:
            return None
        layer = self.made_by(code, next((value.dtype for value in module.parameters()), None))
        return None if layer is None else (code, layer)

    def made_by(self, code, dtype=None):
        """Return the layer that a piece of code makes, without data; None where it makes none."""
        from .torch_model import module_on_cpu

        try:
            with self.torch.device("meta"):
                layer = eval(code, {"nn": self.torch.nn})
            if dtype is not None and dtype != self.torch.float32:
                layer = layer.to(dtype)
            module_on_cpu(self.torch, layer)
        except Exception:
            return None
        return layer

    def module_at(self, path):
        """Return the model's module at a path."""
        if path == "":
            return self.recorder.root
        for module in self.recorder.modules:
            if self.recorder.paths.get(id(module)) == path:
                return module
        return None

    def proposals(self):
        """Yield (title, code, Changes)."""
        need = layer_need(self.torch, self.failure)
        starts, _ = starts_of(self.torch, self.failure)
        makers, joins, ends, _ = trace(starts) if starts else ([], [], [], [])
        yield from self.losses(makers)
        if need is not None and need.axis is not None:
            if not self.tensor_first(need, ends):
                yield from self.layers(need, makers)
                yield from self.tensors(need, ends)
            else:
                yield from self.tensors(need, ends)
                yield from self.layers(need, makers)
            yield from self.resized_images(need, joins, {end.name for end, _ in ends})
        elif need is not None:
            yield from self.ranks(need)
        elif self.failure.operation:
            yield from self.operations(makers, ends)
        else:
            yield from self.other_layers()

    def tensor_first(self, need, ends):
        """Whether the data look wrong, and not the layer: an axis of the input has the expected size, or the
        number came from the model's input alone.
        """
        value = self.failure.node.inputs[need.argument]
        return (
            need.expected in value.shape
            or any(end.kind == "input" for end, _ in ends)
            or math.prod(value.shape[1:]) == need.expected
        )

    def layers(self, need, makers):
        """Propose another failing layer, and another layer before it."""
        follow = self.accepting(self.failure.module, need)
        if follow:
            code, layer = follow
            yield (
                f"let `{self.failure.path}` accept {need.got}",
                f"{self.layer_code(self.failure.path)} = {code}",
                Changes(layers={id(self.failure.module): layer}),
            )
        sizes = [(node, size) for node, axis, size in makers if node.is_layer and sets(node, axis)]
        for node, size in sizes[:4]:
            module = self.module_at(node.module)
            wanted = None
            if module is None:
                continue
            if size == need.got:
                wanted = need.expected
            elif len(sizes) > 1 and sum(each for _, each in sizes) == need.got:
                wanted = need.expected - (need.got - size)
            elif need.got % size == 0 and (need.expected % (need.got // size)) == 0:
                wanted = need.expected // (need.got // size)
            if wanted is None or wanted < 1:
                continue
            made = self.giving(module, wanted, size)
            if made:
                yield (
                    f"let `{node.module}` give {wanted}",
                    f"{self.layer_code(node.module)} = {made[0]}",
                    Changes(layers={id(module): made[1]}),
                )

    def tensors(self, need, ends):
        """Propose another tensor at the model's input, or before the failing layer."""
        for value, axis in ends:
            if value.kind == "input" and value.name:
                name = self.root_name(value.name)
                for title, code, function in self.of_size(
                    value.shape, axis, need.expected, need.got, name, of_root=True
                ):
                    yield title, self.root_code(value.name, code), self.root_change(value, function)
        value = self.failure.node.inputs[need.argument]
        argument = self.argument_code()
        yield from self.swapped_around(need, value.shape, argument)
        for title, code, function in self.of_size(
            value.shape, need.axis, need.expected, need.got, argument or "x"
        ):
            if need.argument == 0 and not (value.maker is None and value.kind == "input" and value.name):
                before = f"{argument or 'x'} = {code}  # before `{self.failure.path}` is called"
                yield title, before, Changes(inputs={self.input_key(): function})

    def swapped_around(self, need, shape, argument):
        """Propose that a normalization gets its features where it looks for them, and gives them back where
        they were.
        """
        nn = self.torch.nn
        norms = (nn.modules.batchnorm._NormBase, nn.LayerNorm, nn.GroupNorm)
        at = [other for other in range(1, len(shape)) if shape[other] == need.expected]
        if not isinstance(self.failure.module, norms) or len(at) != 1 or not self.segment or not argument:
            return
        if self.segment.count(f"({argument})") != 1:
            return
        key, there = self.input_key(), (at[0], need.axis)
        back = f".movedim({need.axis}, {at[0]})"
        code = f".movedim({at[0]}, {need.axis})"
        if len(shape) == 3:
            code = back = ".transpose(1, 2)"
        turned = self.segment.replace(f"({argument})", f"({argument}{code})")
        yield (
            "turn its axes, and turn them back",
            f"{turned}{back}  # in line {self.where_line()}",
            Changes(
                inputs={key: lambda x: x.movedim(*there)}, outputs={key: lambda x: x.movedim(*there[::-1])}
            ),
        )

    def resized_images(self, need, joins, names):
        """Propose images of the size for which a layer behind a flatten was made, and inputs cut to it."""
        functional = self.torch.nn.functional
        known = {id(tensor): tensor for tensor in self.inputs()}
        flattened = any(node.rule[0] == "reshape" for node in joins) or any(
            node.type == "Flatten" for node in self.record.steps
        )
        if not flattened or not need.got:
            return
        for key, name in self.recorder.names.items():
            tensor = known.get(key)
            if tensor is None:
                continue
            sizes = tuple(tensor.shape[2:])
            if len(sizes) in (1, 2, 3) and self.is_image(tensor):
                ratio = (need.expected / need.got) ** (1 / len(sizes))
                first = tuple(round(size * ratio) for size in sizes)
                for size in dict.fromkeys(
                    (first, tuple(each + 1 for each in first), tuple(each - 1 for each in first))
                ):
                    changes = Changes(roots={key: lambda x, size=size: functional.interpolate(x, size=size)})
                    if min(size) > 0 and size != sizes and self.replay(changes).error is None:
                        code = self.root_code(name, f"F.interpolate({self.root_name(name)}, size={size})")
                        yield f"use images of {size}", code, changes
                        break
            elif name in names and tensor.dim() == 2 and need.got % tensor.shape[1] == 0:
                unit = need.got // tensor.shape[1]
                wanted = need.expected // unit
                if need.expected % unit == 0 and 0 < wanted < tensor.shape[1]:
                    yield (
                        f"cut it to {wanted}",
                        self.root_code(name, f"{self.root_name(name)}[:, :{wanted}]"),
                        Changes(roots={key: lambda x, wanted=wanted: x[:, :wanted]}),
                    )

    def is_image(self, tensor):
        """Whether a tensor goes into the layers as it is, with its sides as the last axes."""
        sides = len(tensor.shape) - 2
        return any(
            spatial(self.torch, module) == sides
            and node.inputs
            and tuple(node.inputs[0].shape[2:]) == tensor.shape[2:]
            for node in self.record.steps
            if (module := self.module_at(node.module)) is not None
        )

    def of_size(self, shape, axis, expected, got, name, of_root=False):
        """Yield (title, code, function) of tensors like one, with the expected size on an axis."""
        torch = self.torch
        rank = len(shape)
        conv = is_conv(torch, self.failure.module) if self.failure.module is not None else False
        module = self.failure.module
        if (
            isinstance(module, torch.nn.RNNBase)
            and not module.batch_first
            and rank == 3
            and shape[1] == expected
        ):
            yield (
                "put the time first, the features last",
                f"{name}.permute(2, 0, 1)",
                lambda x: x.permute(2, 0, 1),
            )
        first = 0 if rank == 1 or (rank == 2 and of_root) else 1
        for other in range(first, rank):
            if other != axis and shape[other] == expected:
                if conv and rank == 4 and other == 3 and axis == 1:
                    order = (0, 3, 1, 2)
                elif conv and rank == 5 and other == 4 and axis == 1:
                    order = (0, 4, 1, 2, 3)
                elif rank > 3 and other == 1 and axis == rank - 1:
                    order = (0, *range(2, rank), 1)
                else:
                    yield (
                        f"swap axes {axis} and {other}",
                        f"{name}.transpose({min(axis, other)}, {max(axis, other)})",
                        lambda x, other=other: x.transpose(axis, other),
                    )
                    continue
                yield (
                    f"put the channels on axis {order.index(other)}",
                    f"{name}.permute{order}",
                    lambda x, order=order: x.permute(order),
                )
        if rank > 2 and math.prod(shape[1:]) == expected:
            yield "flatten all axes but the batch", f"{name}.flatten(1)", lambda x: x.flatten(1)
        channels = axis == rank - 1 - (spatial(torch, self.failure.module) or 0) and conv
        if channels and got == 1 and expected > 1:
            sizes = [1] * rank
            sizes[axis] = expected
            yield (
                f"repeat the one channel {expected} times",
                f"{name}.repeat({', '.join(map(str, sizes))})",
                lambda x, sizes=tuple(sizes): x.repeat(sizes),
            )
        if channels and expected == 1 and got > 1:
            yield (
                "take the mean of the channels",
                f"{name}.mean(dim={axis}, keepdim=True)",
                lambda x: x.mean(axis, keepdim=True),
            )
        if channels and expected == 3 and got == 4:
            yield "leave the fourth channel out", f"{name}[:, :3]", lambda x: x[:, :3]
        if channels and rank == 4 and shape[0] == 1 and expected == 1:
            yield "make the channels the batch", f"{name}.transpose(0, 1)", lambda x: x.transpose(0, 1)
        if channels and expected in (1, 3) and got > 4 and shape[0] == 1 and rank == 4 and expected == 1:
            yield "add the axis of channels", f"{name}.unsqueeze(1)", lambda x: x.unsqueeze(1)
        if conv and rank == (spatial(torch, self.failure.module) or 0) + 1 and expected == 1:
            yield "add the axis of channels", f"{name}.unsqueeze(1)", lambda x: x.unsqueeze(1)

    def input_key(self):
        """Return how the recorder finds the calls of the failing layer."""
        return self.failure.node.site, self.failure.path.rpartition(".")[2]

    def root_name(self, name):
        """Return how the code that calls the model calls one of its inputs; the input's own name where it is
        made in the call.
        """
        keys = [key for key, each in self.recorder.names.items() if each == name]
        return next((self.callers[key] for key in keys if key in self.callers), name)

    def root_code(self, name, code):
        """Return the code that replaces an input: before the model is called, or first in it."""
        keys = [key for key, each in self.recorder.names.items() if each == name]
        here = self.entry.slice is not None or any(key in self.callers for key in keys)
        first = (
            ""
            if here
            else f"  # first in `{'forward' if self.entry.name == '__call__' else self.entry.name}`"
        )
        return f"{self.root_name(name)} = {code}{first}"

    def root_change(self, value, function):
        """Return Changes of the model's argument that a Value is."""
        tensors = {
            id(tensor): tensor for tensor in tensors_in(self.torch, (self.entry.args, self.entry.kwargs))
        }
        wanted = [key for key, name in self.recorder.names.items() if name == value.name and key in tensors]
        return Changes(roots=dict.fromkeys(wanted, function))

    def argument_code(self):
        """Return the source of the failing layer's first argument, None where the line does not say it."""
        try:
            node = ast.parse((self.segment or "").strip(), mode="eval").body
        except (SyntaxError, ValueError):
            return None
        if isinstance(node, ast.Call) and node.args:
            text = ast.unparse(node.args[0])
            return text if re.fullmatch(r"[A-Za-z_][\w.]*", text) else None
        return None

    def ranks(self, need):
        """Propose tensors of another number of axes."""
        value = self.failure.node.inputs[need.argument]
        rank, wanted = len(value.shape), need.ranks[0] if need.ranks else 0
        module = self.failure.module
        argument = self.argument_code() or "x"
        of_root = value.maker is None and value.kind == "input" and value.name
        found = []
        if is_conv(self.torch, module) and need.argument == 0:
            expected = int(
                module.weight.shape[0] if module.transposed else module.weight.shape[1] * module.groups
            )
            if rank == wanted - 2 and expected == 1:
                found.append(
                    (
                        "add the axes of batch and channels",
                        ".unsqueeze(0).unsqueeze(0)",
                        lambda x: x.unsqueeze(0).unsqueeze(0),
                    )
                )
            last = max(need.ranks, default=0)
            if 1 < rank < last and value.shape[1] == expected:
                code = ".unsqueeze(-1)" * (last - rank)
                found.append(("add the axes of positions", code, lambda x: x[(..., *[None] * (last - rank))]))
        if rank < wanted:
            found += [
                (f"add axis {axis}", f".unsqueeze({axis})", lambda x, axis=axis: x.unsqueeze(axis))
                for axis in (1, 0, rank)
                if rank + 1 in need.ranks
            ]
        for count in range(1, 3):
            if rank - count in need.ranks:
                found.append(
                    (
                        f"merge axes {count} and on",
                        f".flatten({rank - count - 1})",
                        lambda x, at=rank - count - 1: x.flatten(at),
                    )
                )
                if 1 in value.shape:
                    axis = value.shape.index(1)
                    found.append(
                        (f"drop axis {axis}", f".squeeze({axis})", lambda x, axis=axis: x.squeeze(axis))
                    )
        for axis in range(1, rank):
            if rank - 1 in need.ranks:
                found.append(
                    (
                        f"take the mean over axis {axis}",
                        f".mean(dim={axis})",
                        lambda x, axis=axis: x.mean(axis),
                    )
                )
        for title, code, function in found:
            if of_root:
                code = self.root_code(value.name, f"{self.root_name(value.name)}{code}")
                yield title, code, self.root_change(value, function)
            elif need.argument == 0:
                yield (
                    title,
                    f"{argument} = {argument}{code}  # before `{self.failure.path}` is called",
                    Changes(inputs={self.input_key(): function}),
                )

    # ---- losses ----

    def losses(self, makers):
        """Propose an output and a target that fit each other, where a loss failed."""
        node = self.failure.node
        if node is None or node.name not in (*CLASSES, *PAIRS) or len(node.inputs) < 2:
            return
        output, target = (value.shape for value in node.inputs[:2])
        if node.name in PAIRS:
            yield from self.doubled()
        if output[:1] != target[:1]:
            yield from self.unmerged(output, target)
        site = (node.site, LOSS) if node.is_layer else self.site
        line = f"line {self.where_line()}"
        for which, title, code, function, remark in fitting(self.torch, node.name, output, target):
            name = self.loss_codes()[which]
            changed = code.replace("%", bracketed(name))
            if ASSIGNABLE.fullmatch(name):
                changed = f"{name} = {changed}  # before {line}"
            elif self.segment and self.segment.count(name) == 1:
                changed = f"{self.segment.replace(name, changed)}  # in {line}"
            else:
                changed = f"{('output', 'target')[which]} = {changed}  # before {line}"
            yield title, changed, Changes(operands={(site, which): function}, remark=remark)
        if node.name in PAIRS and len(output) == len(target):
            yield from self.setters(makers, [])

    def unmerged(self, output, target):
        """Propose that a reshape before, which changed the number of examples, flattens each."""
        starts, _ = starts_of(self.torch, self.failure)
        for node in trace(starts[:1])[1] if starts else ():
            before, after = node.inputs[0].shape, node.outputs[0].shape
            if node.rule[0] != "reshape" or len(before) < 3 or len(after) != 2 or not node.site:
                continue
            if before[:1] == target[:1] != after[:1]:
                call = call_on_line(node)
                code = f"{call[0]}.flatten(1)  # instead of {call[1]}, line {node.line}" if call else None
                change = {((node.site, node.name), "call"): lambda function, args, kwargs: args[0].flatten(1)}
                if code:
                    yield "flatten all axes but the batch", code, Changes(operands=change)

    def where_line(self):
        """Return the number of the failing line."""
        return self.failure.node.site[1] if self.failure.node.site else self.readers.line

    def loss_codes(self):
        """Return the source of a loss's output and target."""
        names = ["output", "target"]
        try:
            node = ast.parse((self.segment or "").strip(), mode="eval").body
        except (SyntaxError, ValueError):
            return names
        if isinstance(node, ast.Call):
            for number, each in enumerate(node.args[:2]):
                names[number] = ast.unparse(each)
            for each in node.keywords:
                if each.arg in ("input", "target"):
                    names[each.arg == "target"] = ast.unparse(each.value)
        return names

    def doubled(self):
        """Propose that transposed convolutions give sides exactly as many times as large as their strides."""
        changes, code = Changes(), []
        for node in self.record.steps:
            module = self.module_at(node.module)
            if module is None or not is_conv(self.torch, module) or not module.transposed:
                continue
            extra = tuple(
                stride + 2 * pad - dilation * (kernel - 1) - 1
                for stride, pad, dilation, kernel in zip(
                    module.stride, module.padding, module.dilation, module.kernel_size, strict=True
                )
            )
            if extra == tuple(module.output_padding) or id(module) in changes.layers:
                continue
            if any(not 0 <= more < stride for more, stride in zip(extra, module.stride, strict=True)):
                continue
            made = self.made(module, {"output_padding": extra})
            if made:
                code.append(f"{self.layer_code(node.module)} = {made[0]}")
                changes = changes.and_layer(module, made[1])
        if code:
            yield "let the transposed convolutions keep the ratio of their strides", "\n".join(code), changes

    # ---- operations ----

    def operand_code(self, number):
        """Return the source of an operand of the failing operation."""
        try:
            node = ast.parse((self.segment or "").strip()).body[0]
        except (SyntaxError, ValueError, IndexError):
            return None
        operands = [node.target, node.value] if isinstance(node, ast.AugAssign) else []
        node = node.value if isinstance(node, ast.Expr) else node
        if isinstance(node, ast.BinOp):
            operands = [node.left, node.right]
        elif isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute) and not self.is_function(node.func):
                operands.append(node.func.value)
            for each in node.args:
                operands += each.elts if isinstance(each, ast.List | ast.Tuple) else [each]
        return ast.unparse(operands[number]) if number < len(operands) else None

    def is_function(self, node):
        """Whether `torch.cat` and not `x.view`: what stands before the dot is a module."""
        return (isinstance(node.value, ast.Name) and node.value.id in ("torch", "F", "functional", "nn")) or (
            isinstance(node.value, ast.Attribute)
            and ast.unparse(node.value) in ("torch.nn.functional", "nn.functional")
        )

    def operand(self, number, title, code, function):
        """Return a proposal that changes one operand; `code` has a % for its name."""
        name = self.operand_code(number) or ("x", "y", "z")[min(number, 2)]
        line = f"line {self.failure.node.line}" if self.failure.node.line else "the failing line"
        changed = code.replace("%", bracketed(name))
        if ASSIGNABLE.fullmatch(name):
            text = f"{name} = {changed}  # before {line}"
        elif self.segment and self.segment.count(name) == 1:
            text = f"{self.segment.replace(name, changed)}  # in {line}"
        else:
            text = f"{('x', 'y', 'z')[min(number, 2)]} = {changed}  # before {line}"
        return title, text, Changes(operands={(self.site, number): function})

    def operations(self, makers, ends):
        """Propose changes where an operation of the model's own failed."""
        torch, node = self.torch, self.failure.node
        values = node.inputs
        kind = node.rule[0]
        if kind == "matmul" and len(values) > 1:
            one, other = (value.shape for value in values[:2])
            if len(other) > 1 and one and one[-1] == other[-1]:
                yield self.operand(
                    1,
                    "swap the last two axes of the second",
                    "%.transpose(-2, -1)",
                    lambda x: x.transpose(-2, -1),
                )
            if len(one) > 1 and len(other) > 1 and one[-2] == other[-2]:
                yield self.operand(
                    0,
                    "swap the last two axes of the first",
                    "%.transpose(-2, -1)",
                    lambda x: x.transpose(-2, -1),
                )
            if len(one) > 2 and len(other) == 2 and math.prod(one[1:]) == other[0]:
                yield self.operand(
                    0, "flatten all axes but the batch", "%.flatten(1)", lambda x: x.flatten(1)
                )
        if kind == "broadcast" and len(values) > 1:
            yield from self.doubled()
            yield from self.padded(makers)
            own = f"{self.failure.path}." if self.failure.path else ""
            inside = [node for node, _, _ in makers if node.is_layer and node.module.startswith(own)]
            if own and len(inside) == len(makers) > 1:  # a shortcut with a layer of its own needs no other
                yield from self.setters(makers, ends)
            yield from self.broadcasts(values[-2:], len(values) - 2)
        if kind == "concat" and len(values) > 1:
            yield from self.doubled()
            yield from self.padded(makers)
            yield from self.concats(values, node.rule[1])
        if kind == "reshape" and values:
            yield from self.reshapes(values[0])
        if kind == "sets" and len(values) > 1:
            yield from self.weights(values)
        if kind in ("broadcast", "concat", "matmul", "einsum", "attention"):
            yield from self.setters(makers, ends)
        if kind == "broadcast" and len(values) > 1:
            for number in (-1, -2):
                if values[number].kind != "parameter":
                    yield from self.cropped(
                        len(values) + number, values[number].shape, values[-3 - number].shape
                    )
        if kind == "reshape" and values:
            yield from self.fitting_setters(makers)
        if node.name in ("view", "view_as") and "stride" in str(self.record.error):
            yield self.operand(
                0, "copy it to a contiguous tensor", "%.contiguous()", lambda x: x.contiguous()
            )
        del torch

    def setters(self, makers, ends):
        """Propose layers that give the size that the other operand has."""
        starts, _ = starts_of(self.torch, self.failure)
        pairs = list(zip(starts[::2], starts[1::2], strict=False))
        for pair in pairs[:2]:
            for mine, theirs in (pair, pair[::-1]):
                size, wanted = mine[0].shape[mine[1]], theirs[0].shape[theirs[1]]
                if size == wanted:
                    continue
                for node, axis, made in trace([mine])[0]:
                    module = self.module_at(node.module) if node.is_layer and sets(node, axis) else None
                    if module is None:
                        continue
                    target = wanted if made == size else None
                    if made != size and size % made == 0 and wanted % (size // made) == 0:
                        target = wanted // (size // made)
                    if target is None:
                        continue
                    other = self.giving(module, target)
                    if other:
                        yield (
                            f"let `{node.module}` give {target}",
                            f"{self.layer_code(node.module)} = {other[0]}",
                            Changes(layers={id(module): other[1]}),
                        )
                if mine[0].kind == "parameter" and mine[0].maker is None:
                    yield from self.parameter(mine[0], mine[1], wanted)
        del makers, ends

    def fitting_setters(self, makers):
        """Propose layers whose output has as many elements as a view asks for."""
        sizes = self.failure.node.wanted
        if not sizes or min(sizes) < 1:
            return
        total, wanted = math.prod(self.failure.node.inputs[0].shape), math.prod(sizes)
        for node, axis, size in makers:
            module = self.module_at(node.module) if node.is_layer and sets(node, axis) else None
            if module is None or size * wanted % total:
                continue
            made = self.giving(module, size * wanted // total)
            if made:
                yield (
                    f"let `{node.module}` give {size * wanted // total}",
                    f"{self.layer_code(node.module)} = {made[0]}",
                    Changes(layers={id(module): made[1]}),
                )

    def parameter(self, value, axis, size):
        """Propose a parameter of another size."""
        shape = list(value.shape)
        shape[axis] = size
        owner, _, last = value.name.rpartition(".")
        place = f"{self.layer_code(owner)}.{last}"
        number = next((at for at, each in enumerate(self.failure.node.inputs) if each is value), None)
        if number is None:
            return
        torch = self.torch
        yield (
            f"let the parameter `{value.name}` have {size} on axis {axis}",
            f"{place} = nn.Parameter(torch.randn({', '.join(map(str, shape))}))",
            Changes(
                operands={(self.site, number): lambda x: torch.empty(shape, dtype=x.dtype)},
                only=self.failure.module,
            ),
        )

    def weights(self, values):
        """Propose the weight of a functional layer that accepts what arrives, or its transpose."""
        value, weight = values[:2]
        axis = len(value.shape) + self.failure.node.rule[1][0]
        if not 0 <= axis < len(value.shape) or len(weight.shape) < 2:
            return
        if weight.kind == "parameter":
            at = 0 if "transpose" in self.failure.node.name else 1
            groups = 1
            yield from self.parameter(weight, at, value.shape[axis] // groups)
        for other, size in enumerate(value.shape):
            if other != axis and size == weight.shape[1] and other > 0:
                yield self.operand(
                    0,
                    f"swap axes {axis} and {other}",
                    f"%.transpose({min(axis, other)}, {max(axis, other)})",
                    lambda x, other=other: x.transpose(axis, other),
                )

    def broadcasts(self, values, first):
        """Propose operands of an element-wise operation that fit each other."""
        one, other = (value.shape for value in values)
        for number in sorted((0, 1), key=lambda each: math.prod(values[each].shape)):
            shape, wanted = values[number].shape, values[1 - number].shape
            if values[number].kind != "parameter":
                yield from self.projected(first + number, shape, wanted)
                yield from self.spread(first + number, shape, wanted)
            elif any(size > other for size, other in zip(shape, wanted, strict=False)):
                yield from self.cropped(first + number, shape, wanted)
        for number, (shape, wanted) in enumerate(((one, other), (other, one))):
            if (
                len(shape) == len(wanted)
                and len(shape) > 2
                and shape[:2] == wanted[:2]
                and math.prod(shape[2:]) > math.prod(wanted[2:])
            ):
                yield self.resized(first + number, shape, wanted)
            if (
                len(shape) == len(wanted) == 3
                and shape[:1] == wanted[:1]
                and (shape[2], shape[1]) == wanted[1:]
            ):
                yield self.operand(
                    first + number, "swap axes 1 and 2", "%.transpose(1, 2)", lambda x: x.transpose(1, 2)
                )
            if len(shape) == 2 and shape == wanted[::-1]:
                yield self.operand(first + number, "swap its axes", "%.T", lambda x: x.T)
            if len(shape) < len(wanted) and shape == wanted[: len(shape)]:
                count = len(wanted) - len(shape)
                yield self.operand(
                    first + number,
                    "add axes at the end",
                    "%" + ".unsqueeze(-1)" * count,
                    lambda x, count=count: x.reshape(*x.shape, *[1] * count),
                )
            if len(shape) + 1 == len(wanted):
                for axis in range(1, len(wanted)):
                    spread = (*shape[:axis], 1, *shape[axis:])
                    if all(a == b or 1 in (a, b) for a, b in zip(spread, wanted, strict=True)):
                        yield self.operand(
                            first + number,
                            f"add axis {axis}",
                            f"%.unsqueeze({axis})",
                            lambda x, axis=axis: x.unsqueeze(axis),
                        )

    def has_channels_first(self):
        """Whether the failing operands come from layers whose features are not the last axis."""
        makers = [value.maker for value in self.failure.node.inputs]
        steps = {node.module for node in self.record.steps}
        modules = [
            self.module_at(node.module) for node in makers if node is not None and node.module in steps
        ]
        return any(spatial(self.torch, each) for each in modules if each is not None)

    def projected(self, number, shape, wanted):
        """Propose to bring an operand to the channels, or features, of the other by a new layer."""
        rank = len(shape)
        if rank != len(wanted) or rank < 2 or shape[0] != wanted[0]:
            return
        if rank in (4, 5) and shape[1] != wanted[1]:
            strides = {
                a // b if b and a % b == 0 else None for a, b in zip(shape[2:], wanted[2:], strict=True)
            }
            stride = strides.pop()
            if strides or not stride:
                return
            code = (
                f"nn.Conv{rank - 2}d({shape[1]}, {wanted[1]}, 1{f', stride={stride}' if stride > 1 else ''})"
            )
        elif shape[:-1] == wanted[:-1] and rank < 4 and not self.has_channels_first():
            code = f"nn.Linear({shape[-1]}, {wanted[-1]})"
        else:
            return
        layer = self.made_by(code)
        if layer is None or self.failure.module is None:
            return
        name = self.operand_code(number) or ("x", "y", "z")[min(number, 2)]
        owner = self.failure.module
        twins = sum(type(module) is type(owner) for module in self.recorder.modules)
        where = f"line {self.failure.node.line}" if self.failure.node.line else "the failing line"
        rest = "; in the other blocks, skip is nn.Identity()" if twins > 1 else ""
        yield (
            "bring it to the other's channels by a new layer",
            f"{self.layer_code(self.failure.path)}.skip = {code}\nself.skip({name})  # in {where}{rest}",
            Changes(operands={(self.site, number): lambda x: layer(x)}, only=owner),
        )

    def cropped(self, number, shape, wanted):
        """Propose to cut an operand to the other's size on one axis, such as a position's."""
        if not 1 < len(shape) == len(wanted):
            return
        axes = [at for at in range(1, len(shape) - 1) if shape[at] != wanted[at]]
        if len(axes) == 1 and shape[-1] == wanted[-1] and shape[axes[0]] > wanted[axes[0]] > 1:
            marks = ", ".join([":"] * axes[0] + [f":{wanted[axes[0]]}"])
            cut = (*[slice(None)] * axes[0], slice(0, wanted[axes[0]]))
            yield self.operand(number, "cut it to the other's size", f"%[{marks}]", lambda x: x[cut])

    def padded(self, makers):
        """Propose that convolutions before keep the size of the image."""
        for node in dict.fromkeys(node for node, axis, _ in makers if node.is_layer and not sets(node, axis)):
            module = self.module_at(node.module)
            if (
                module is None
                or not is_conv(self.torch, module)
                or module.transposed
                or set(module.stride) != {1}
            ):
                continue
            made = self.made(module, {"padding": tuple(size // 2 for size in module.kernel_size)})
            if made and module.padding != "same" and not any(module.padding):
                yield (
                    f"let `{node.module}` keep the size",
                    f"{self.layer_code(node.module)} = {made[0]}",
                    Changes(layers={id(module): made[1]}),
                )

    def spread(self, number, shape, wanted):
        """Propose axes of one element between those of an operand that has fewer: `mask[:, None, :]`."""
        missing = len(wanted) - len(shape)
        if missing < 1 or not shape or shape[0] != wanted[0] or len(wanted) > 6:
            return
        for places in reversed([*itertools.combinations(range(1, len(wanted)), len(shape) - 1)]):
            sizes, rest = [shape[0]], iter(shape[1:])
            sizes += [next(rest) if at in places else 1 for at in range(1, len(wanted))]
            if all(a == b or 1 in (a, b) for a, b in zip(sizes, wanted, strict=True)):
                marks = ", ".join(":" if at in (0, *places) else "None" for at in range(len(wanted)))
                yield self.operand(
                    number,
                    "add axes of one element",
                    f"%[{marks}]",
                    lambda x, sizes=tuple(sizes): x.reshape(sizes),
                )

    def resized(self, number, shape, wanted):
        """Propose to cut an operand to the size of the other."""
        sizes = ", ".join(f":{size}" for size in wanted[2:])
        cut = (slice(None), slice(None), *(slice(0, size) for size in wanted[2:]))
        return self.operand(number, "cut it to the other's size", f"%[:, :, {sizes}]", lambda x: x[cut])

    def concats(self, values, dim):
        """Propose operands of a concatenation that fit each other."""
        shapes = [value.shape for value in values]
        first = shapes[0]
        rank = len(first)
        if len({len(shape) for shape in shapes}) > 1:
            top = max(len(shape) for shape in shapes)
            for number, shape in enumerate(shapes):
                if len(shape) == 3 and min(len(each) for each in shapes) == 2:
                    yield self.operand(number, "take the last step", "%[:, -1]", lambda x: x[:, -1])
                    yield self.operand(
                        number, "take the mean of the steps", "%.mean(dim=1)", lambda x: x.mean(1)
                    )
                elif len(shape) > 3 and min(len(each) for each in shapes) == 2:
                    axes = tuple(range(2, len(shape)))
                    yield self.operand(
                        number,
                        "take the mean over the sides",
                        f"%.mean(dim={axes})",
                        lambda x, axes=axes: x.mean(axes),
                    )
            for number, shape in enumerate(shapes):
                if len(shape) == top - 1:
                    for axis in (1, top - 1, 0):
                        yield self.operand(
                            number,
                            f"add axis {axis}",
                            f"%.unsqueeze({axis})",
                            lambda x, axis=axis: x.unsqueeze(axis),
                        )
                if len(shape) == top and top > 2 and min(len(each) for each in shapes) == 2:
                    yield self.operand(
                        number, "flatten all axes but the batch", "%.flatten(1)", lambda x: x.flatten(1)
                    )
            return
        dim %= max(rank, 1)
        differing = [
            axis for axis in range(rank) if len({shape[axis] for shape in shapes}) > 1 and axis != dim
        ]
        if rank > 2 and dim == 1 and differing and min(differing) > 1:
            sizes = tuple(min(shape[axis] for shape in shapes) for axis in range(2, rank))
            largest = tuple(max(shape[axis] for shape in shapes) for axis in range(2, rank))
            functional = self.torch.nn.functional
            for number, shape in enumerate(shapes):
                if shape[2:] != largest and len(shapes) == 2 and 1 < rank - 1 < 5:
                    yield self.operand(
                        number,
                        "resize the smaller to the larger",
                        f"F.interpolate(%, size={plain_size(largest)})",
                        lambda x: functional.interpolate(x, size=largest),
                    )
            for number, shape in enumerate(shapes):
                if shape[2:] != sizes:
                    yield self.resized(number, shape, (None, None, *sizes))
        for axis in differing[:1]:
            others = [
                each
                for each in range(rank)
                if each != axis
                and all(len({shape[k] for shape in shapes}) == 1 for k in range(rank) if k != each)
            ]
            del others
        for number, shape in enumerate(shapes):
            others = next(each for place, each in enumerate(shapes) if place != number)
            for axis in range(1, rank):
                for other in range(axis + 1, rank):
                    order = list(shape)
                    order[axis], order[other] = order[other], order[axis]
                    if (
                        all(a == b or at == dim for at, (a, b) in enumerate(zip(order, others, strict=True)))
                        and shape != others
                    ):
                        yield self.operand(
                            number,
                            f"swap axes {axis} and {other}",
                            f"%.transpose({axis}, {other})",
                            lambda x, axis=axis, other=other: x.transpose(axis, other),
                        )
        for axis in differing:
            if (
                all(len({shape[k] for shape in shapes}) == 1 for k in range(rank) if k != axis)
                and axis != dim
            ):
                yield from self.other_axis(axis)

    def other_axis(self, axis):
        """Propose to concatenate along another axis."""
        number = self.site
        line = f"line {self.failure.node.line}" if self.failure.node.line else "the failing line"
        names = [self.operand_code(at) or f"x{at}" for at in range(len(self.failure.node.inputs))]
        recorder = self.recorder
        torch = self.torch
        yield (
            f"concatenate along axis {axis}",
            f"torch.cat([{', '.join(names)}], dim={axis})  # in {line}",
            Changes(
                operands={
                    (number, "call"): lambda function, args, kwargs: torch.cat(
                        list(tensors_in(torch, args)), axis
                    )
                }
            ),
        )
        del recorder

    def reshapes(self, value):
        """Propose other reshapes."""
        shape = value.shape
        target = self.failure.node.wanted
        if len(shape) > 1 and (len(target) == 2 or not target):
            torch = self.torch
            line = f"line {self.failure.node.line}" if self.failure.node.line else "the failing line"
            name = self.operand_code(0) or "x"
            short = name if re.fullmatch(r"[A-Za-z_][\w.]*", name) else f"({name})"
            yield (
                "flatten all axes but the batch",
                f"{short}.flatten(1)  # instead of {self.segment}, {line}",
                Changes(operands={(self.site, "call"): lambda function, args, kwargs: args[0].flatten(1)}),
            )
            if self.failure.operation == "view":
                yield (
                    "reshape, which copies where it has to",
                    f"{(self.segment or '').replace('.view(', '.reshape(')}  # {line}",
                    Changes(
                        operands={
                            (self.site, "call"): lambda function, args, kwargs: torch.Tensor.reshape(
                                *args, **kwargs
                            )
                        }
                    ),
                )

    # ---- layers whose setting is not a count of features ----

    def other_layers(self):
        """Propose changes for a layer whose failure is no number of features."""
        module, node = self.failure.module, self.failure.node
        if module is None or node is None:
            return
        kind = kind_of(module).__name__
        nn = self.torch.nn
        if not ran_out(self.record.error):
            return
        if "Pool" in kind:
            yield (
                f"leave `{self.failure.path}` out",
                f"{self.layer_code(self.failure.path)} = nn.Identity()",
                Changes(layers={id(module): nn.Identity()}),
            )
        elif is_conv(self.torch, module):
            half = tuple(size // 2 for size in module.kernel_size)
            made = self.made(module, {"padding": half})
            if made:
                yield (
                    f"let `{self.failure.path}` pad by {half[0]}",
                    f"{self.layer_code(self.failure.path)} = {made[0]}",
                    Changes(layers={id(module): made[1]}),
                )
        starts, _ = starts_of(self.torch, self.failure)
        for maker, _, _ in trace(starts)[0]:
            before = self.module_at(maker.module) if maker.is_layer else None
            if before is not None and "Pool" in maker.name and before is not module:
                yield (
                    f"leave `{maker.module}` out",
                    f"{self.layer_code(maker.module)} = nn.Identity()",
                    Changes(layers={id(before): nn.Identity()}),
                )
        yield from self.larger(len(getattr(node.inputs[0], "shape", ())))

    def larger(self, rank):
        """Propose larger images, as much larger as is needed."""
        functional = self.torch.nn.functional
        known = {id(tensor): tensor for tensor in self.inputs()}
        for key, name in self.recorder.names.items():
            tensor = known.get(key)
            if tensor is None or tensor.dim() != rank or rank not in (3, 4, 5):
                continue
            for factor in (2, 4, 8, 16):
                changes = Changes(
                    roots={key: lambda x, factor=factor: functional.interpolate(x, scale_factor=factor)}
                )
                if self.replay(changes).error is None:
                    yield (
                        "use larger images",
                        self.root_code(name, f"F.interpolate({self.root_name(name)}, scale_factor={factor})"),
                        changes,
                    )
                    break
            return


def call_on_line(node):
    """Return the source of (what a method was called on, the call) of a Node, None where the line has more of
    them or cannot be read.
    """
    try:
        tree = ast.parse(linecache.getline(node.file, node.line).strip())
    except (SyntaxError, ValueError):
        return None
    calls = [
        each
        for each in ast.walk(tree)
        if isinstance(each, ast.Call) and isinstance(each.func, ast.Attribute) and each.func.attr == node.name
    ]
    return (ast.unparse(calls[0].func.value), ast.unparse(calls[0])) if len(calls) == 1 else None


def ran_out(error):
    """Whether an error says that a kernel or a pool is larger than what is left."""
    said = str(error)
    return "too small" in said or "Kernel size" in said or "kernel size" in said


def bracketed(code):
    """Return a piece of source as it may stand before a dot."""
    return code if re.fullmatch(r"[A-Za-z_][\w.\[\]'\"(), ]*", code) else f"({code})"


def plain_size(sizes):
    """Return sizes as code."""
    return repr(tuple(sizes))
