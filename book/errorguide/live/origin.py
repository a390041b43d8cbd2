"""Follow a size back through a replay: which layers and operations made it, and from which inputs.

A node's `rule` says how the axes of its output follow from those of its inputs:

    ("concat", axis)   the inputs are joined along an axis
    ("stack", axis)    ... along a new one
    ("reshape",)       flatten, view, reshape, squeeze, unsqueeze
    ("permute", perm)  output axis i is input axis perm[i]
    ("broadcast",)     element by element
    ("matmul",)        the last axis comes from the second input, the one before from the first
    ("einsum", equation)
    ("sets", axes)     the node itself says how large these axes (negative numbers) are
    ("part",)          a part of the first input, with as many axes
    ("same",)          an axis of the same size at the same place was there before
"""

import math

from .records import Origin

JOINS = ("concat", "stack", "reshape", "permute", "matmul", "einsum")
MOST_STEPS = 4000
MOST_PARTS = 6
MOST_WAYS = 4


def axes_before(node, axis, shape):
    """Return [(input, its axis), ...] that one axis of a node's output of a shape follows from, an empty list
    where the node itself made it.
    """
    rule = node.rule
    inputs = node.inputs
    if not inputs or axis >= len(shape):
        return []
    size = shape[axis]
    kind = rule[0]
    if kind == "sets" and axis - len(shape) in rule[1]:
        return []
    if kind == "concat":
        dim = rule[1] % len(shape)
        sources = [(value, axis) for value in inputs if axis < len(value.shape)]
        return sources if axis == dim else sources[:1]
    if kind == "stack":
        dim = rule[1] % len(shape)
        return [] if axis == dim else [(inputs[0], axis - (axis > dim))]
    if kind == "reshape":
        return [(inputs[0], each) for each in reshaped(inputs[0].shape, shape, axis)]
    if kind == "part":
        return [(inputs[0], axis)]
    if kind == "permute" and len(rule[1]) == len(shape):
        return [(inputs[0], rule[1][axis] % len(shape))]
    if kind == "matmul":
        return multiplied(inputs, shape, axis)
    if kind == "einsum":
        return summed(rule[1], inputs, axis)
    if kind == "broadcast":
        return [
            (value, at)
            for value in inputs
            if (at := axis - len(shape) + len(value.shape)) >= 0 and value.shape[at] == size
        ][:2]
    for value in inputs:
        if (
            (value.kind != "parameter" or len(inputs) == 1)
            and len(value.shape) == len(shape)
            and value.shape[axis] == size
        ):
            return [(value, axis)]
    for value in inputs[:1]:  # an axis fewer or more: counted from the left, then from the right
        for at in (axis, axis - len(shape) + len(value.shape)):
            if len(value.shape) != len(shape) and 0 <= at < len(value.shape) and value.shape[at] == size:
                return [(value, at)]
    return []


def reshaped(before, after, axis):
    """Return the axes of `before` whose elements stand along `axis` of `after` when a tensor is reshaped."""
    if None in before or None in after:
        return unknown_reshaped(before, after, axis)
    start = math.prod(after[:axis])  # in units of the outermost axes
    end = start * after[axis]
    found, product = [], 1
    for number, size in enumerate(before):
        first, product = product, product * size
        if size != 1 and first < end and product > start:
            found.append(number)
    return found


def unknown_reshaped(before, after, axis):
    """The same where the batch is not known: it is taken as 1 on both sides."""
    known_before = tuple(1 if size is None else size for size in before)
    known_after = tuple(1 if size is None else size for size in after)
    if math.prod(known_before) != math.prod(known_after):
        rest = math.prod(known_after)
        if not rest or math.prod(known_before) % rest or after.count(None) != 1:
            return []
        filled = math.prod(known_before) // rest
        known_after = tuple(filled if size is None else size for size in after)
    return reshaped(known_before, known_after, axis)


def multiplied(inputs, shape, axis):
    """Return the sources of an axis of a matrix product."""
    if len(inputs) < 2:
        return []
    one, other = inputs[:2]
    if axis == len(shape) - 1 and len(other.shape) > 1:
        return [(other, len(other.shape) - 1)]
    at = axis - len(shape) + len(one.shape)
    return [(one, at)] if 0 <= at < len(one.shape) else []


def summed(equation, inputs, axis):
    """Return the sources of an axis of an einsum."""
    left, _, right = equation.replace(" ", "").partition("->")
    if not right or axis >= len(right) or "." in equation:
        return []
    letter = right[axis]
    return [
        (value, term.index(letter))
        for term, value in zip(left.split(","), inputs, strict=False)
        if letter in term
    ][:1]


def trace(starts):
    """Return the Nodes and Values that made some axes, in the order they are met.

    `starts` are (value, axis) pairs. The result is (makers, joins, ends, passed): makers are (node, axis,
    size) that made a size, joins the operations between that joined or turned, ends (value, axis) that
    nothing made, passed the layers on the way.
    """
    makers, joins, ends, passed = [], [], [], []
    seen = set()
    waiting = [(value, axis, True) for value, axis in reversed(starts)]
    for _ in range(MOST_STEPS):
        if not waiting:
            break
        value, axis, both = waiting.pop()
        if (id(value), axis) in seen:
            continue
        seen.add((id(value), axis))
        node = value.maker
        if node is None:
            ends.append((value, axis))
            continue
        before = axes_before(node, axis, value.shape)
        if not before:
            # a recurrent layer's states have fewer axes than its sequence: as axis of the first output
            first = axis - len(value.shape) + len(node.outputs[0].shape)
            makers.append((node, first, value.shape[axis]))
            if not node.is_layer and node.rule[0] in JOINS and node not in joins:
                joins.append(node)
            continue
        if not node.is_layer and node not in joins and tells(node, axis, before):
            joins.append(node)
        if node.is_layer and node not in passed:
            passed.append(node)
        if node.rule[0] == "broadcast" and len(before) > 1:
            before = before if both else [max(before, key=nearness)]
            both = False
        waiting += [(*each, both) for each in reversed(before)]
    return makers, joins, ends, passed


def sets(node, axis):
    """Whether a layer's settings say how large an axis of its output is."""
    return node.rule[0] == "sets" and axis - len(node.outputs[0].shape) in node.rule[1]


def nearness(source):
    """How near a source is: of a chain of sums only the last two summands are followed."""
    maker = source[0].maker
    return (maker is not None and maker.is_layer, maker.order if maker is not None else -1)


def tells(node, axis, before):
    """Whether an operation on the way is worth telling: it joins, or moves or merges axes."""
    kind = node.rule[0]
    if kind == "concat":
        return axis == node.rule[1] % len(node.outputs[0].shape)
    if kind == "part":
        return node.inputs[0].shape[axis] != node.outputs[0].shape[axis]
    if kind == "reshape":
        return node.inputs[0].shape != node.outputs[0].shape
    if kind == "broadcast":
        return len({id(value.maker) for value, _ in before}) > 1
    return kind in JOINS


def origin_of(starts, failing=None):
    """Return the Origin of some axes, None where nothing is known of them. `failing` is the path of the layer
    that failed, whose own parameters are no origin.
    """
    layers, operations, inputs, sentences = [], [], [], []
    for value in dict.fromkeys(value for value, _ in starts):
        axes = [axis for each, axis in starts if each is value]
        sizes = " x ".join(spelled(value.shape[axis]) for axis in axes)
        makers, joins, ends, passed = trace([(value, axis) for axis in axes])
        parts = []
        for node in dict.fromkeys(node for node, _, _ in makers):
            parts.append(made_by(node, makers))
            if (node.is_layer or is_weight(node)) and node.module not in layers:
                layers.append(node.module)
        if passed and not any(node.is_layer or is_weight(node) for node, _, _ in makers):
            layers += [way_of(passed).module] if way_of(passed).module not in layers else []
        operations += [*joins, *(node for node, _, _ in makers if not node.is_layer)]
        for end in dict.fromkeys(end for end, _ in ends):
            axes_of = [axis for each, axis in ends if each is end]
            size = " x ".join(spelled(end.shape[axis]) for axis in axes_of)
            place = f"axis {axes_of[0]}" if len(axes_of) == 1 else f"axes {listed(axes_of)}"
            if end.kind == "parameter":
                parts.append(f"{size} from {place} of the parameter `{end.name}`")
                owner = (end.name or "").rpartition(".")[0]
                if owner and owner != failing and owner not in layers:
                    layers.append(owner)
            elif end.kind == "constant" and (makers or len(ends) > 1):
                continue
            else:
                way = (
                    f", through `{way_of(passed).module}`" if passed and len(ends) == 1 and not makers else ""
                )
                parts.append(f"{size} from {place} of {named(end)}{way}")
            if end.kind == "input":
                inputs += [{"name": end.name, "axis": axis, "shape": list(end.shape)} for axis in axes_of]
        if parts:
            sentences.append(sentence(repeated(parts, makers, value, axes, joins), joins, sizes, len(axes)))
    if not sentences:
        return None
    return Origin(
        layers=tuple(layers),
        operations=tuple(operation_record(node) for node in dict.fromkeys(operations)),
        inputs=tuple(inputs),
        said="; ".join(dict.fromkeys(sentences)),
    )


def repeated(parts, makers, value, axes, joins):
    """Return what is said of one maker whose outputs were joined with each other as `2 x 128`."""
    if len(parts) == len(makers) == len(axes) == 1 and any(node.rule[0] == "concat" for node in joins):
        made, got = makers[0][2], value.shape[axes[0]]
        if made and got and got > made and got % made == 0:
            return [f"{got} = {got // made} x {parts[0]}"]
    return parts


def is_weight(node):
    """Whether an operation works with a weight of its module: a functional convolution."""
    return not node.is_layer and node.rule[0] == "sets" and bool(node.module)


def made_by(node, makers):
    """Say which sizes a node made."""
    sizes = {axis: size for other, axis, size in makers if other is node}
    said = " x ".join(spelled(sizes[axis]) for axis in sorted(sizes))
    if node.is_layer or is_weight(node):
        name = f"`{node.module}`" if node.module else "a layer without a name"
        return f"{said} from {name}" + (f" ({node.type})" if node.type else "")
    return f"{said} from {described(node)}"


def sentence(parts, joins, sizes, axes):
    """Join what is said of one tensor."""
    kinds = {node.rule[0] for node in joins}
    mark = " + " if "concat" in kinds else " x " if "reshape" in kinds else " and "
    parts = list(dict.fromkeys(parts))
    said = mark.join(parts[:MOST_PARTS]) + (f"{mark}..." if len(parts) > MOST_PARTS else "")
    if len(parts) > 1 and axes == 1 and mark != " and ":
        said = f"{sizes} = {said}"
    ways = list(dict.fromkeys(described(node) for node in reversed(joins)))[:MOST_WAYS]
    return f"{said}; through {', then '.join(ways)}" if ways else said


def way_of(passed):
    """Return the layer through which a size came: the last with weights, that no activation hides."""
    return next((node for node in passed if node.rule[0] == "sets"), passed[0])


def listed(numbers):
    """Say numbers in a row: 1, 2 and 3."""
    return f"{', '.join(map(str, numbers[:-1]))} and {numbers[-1]}"


def operation_record(node):
    """Return an operation for JSON."""
    return {
        "name": node.name,
        "line": node.line,
        "output": list(node.outputs[0].shape) if node.outputs else None,
        "module": node.module,
    }


def named(value):
    """Name an input of the model, or a variable beside it, in a sentence."""
    if value.kind == "variable":
        return f"`{value.name}`" if value.name else "a tensor"
    return f"the model's input `{value.name}`" if value.name else "the model's input"


def described(node):
    """Name an operation in a sentence."""
    place = f" in `{node.function}`, line {node.line}" if node.line and node.function else ""
    return f"`{node.name}`{place}"


def spelled(size):
    """A size, or words for one that is not known."""
    return "an unknown size" if size is None else str(size)


# ---- Where the inputs of an operation disagree ----


def disagreeing(node):
    """Return ([(value, axis), ...], the number or None): the axes of an operation's inputs that do not fit
    each other.
    """
    values = [value for value in node.inputs if value.kind != "parameter"] or node.inputs
    kind = node.rule[0]
    if kind == "reshape" and node.wanted and node.inputs:
        return [(node.inputs[0], axis) for axis in unplaced(node.inputs[0].shape, node.wanted)], None
    if kind == "sets" and len(node.inputs) > 1:
        value = node.inputs[0]
        axis = len(value.shape) + node.rule[1][0]
        if 0 <= axis < len(value.shape):
            return [(value, axis)], value.shape[axis]
    if kind == "matmul" and len(node.inputs) > 1:
        one, other = node.inputs[:2]
        starts = [(one, len(one.shape) - 1)] if one.shape else []
        if len(other.shape):
            starts.append((other, max(len(other.shape) - 2, 0)))
        if (
            one.shape[:-2] != other.shape[:-2]
            and one.shape
            and one.shape[-1] == other.shape[max(len(other.shape) - 2, 0)]
        ):
            starts = [*all_axes(one)[:-2], *all_axes(other)[:-2]] or starts
        return starts, None
    if kind == "concat" and len(node.inputs) > 1:
        first = node.inputs[0]
        dim = node.rule[1]
        starts = []
        for other in node.inputs[1:]:
            if len(other.shape) != len(first.shape):
                return [*all_axes(first), *all_axes(other)], None
            for axis, (one, two) in enumerate(zip(first.shape, other.shape, strict=True)):
                if one != two and axis != dim % max(len(first.shape), 1):
                    starts += [(first, axis), (other, axis)]
        return list(dict.fromkeys(starts)), None
    if kind == "broadcast" and len(node.inputs) > 1:
        one, other = node.inputs[-2:]
        starts = []
        for back in range(1, min(len(one.shape), len(other.shape)) + 1):
            if one.shape[-back] != other.shape[-back] and 1 not in (one.shape[-back], other.shape[-back]):
                starts += [(one, len(one.shape) - back), (other, len(other.shape) - back)]
        return starts, None
    if kind == "attention" and len(node.inputs) > 1:
        query, keys, given = [*node.inputs, node.inputs[1]][:3]
        starts = []
        if query.shape[-1:] != keys.shape[-1:]:
            starts = [(query, len(query.shape) - 1), (keys, len(keys.shape) - 1)]
        elif keys.shape[-2:-1] != given.shape[-2:-1]:
            starts = [(keys, len(keys.shape) - 2), (given, len(given.shape) - 2)]
        return starts or [start for value in node.inputs[:3] for start in all_axes(value)], None
    if kind == "einsum":
        letters, starts = {}, []
        left = node.rule[1].replace(" ", "").partition("->")[0]
        for term, value in zip(left.split(","), node.inputs, strict=False):
            for axis, letter in enumerate(term):
                if axis < len(value.shape):
                    letters.setdefault(letter, []).append((value, axis))
        for places in letters.values():
            if len({value.shape[axis] for value, axis in places}) > 1:
                starts += places
        return starts, None
    return [start for value in values[:3] for start in all_axes(value)], None


def unplaced(shape, wanted):
    """Return the axes of a shape that a reshape does not keep as they are, at the beginning or the end."""
    start = 0
    while start < min(len(shape), len(wanted)) and shape[start] == wanted[start]:
        start += 1
    end = len(shape)
    back = 1
    while end > start + 1 and back < len(wanted) - start and shape[end - 1] == wanted[-back]:
        end, back = end - 1, back + 1
    axes = [axis for axis in range(start, end) if shape[axis] != 1]
    if len(axes) > 1 and axes[0] == 0:
        axes = axes[1:]
    return axes or list(range(start, len(shape))) or list(range(len(shape)))


def all_axes(value):
    """Return all axes of a Value, those of more than one element."""
    axes = [(value, axis) for axis, size in enumerate(value.shape) if size != 1 and axis > 0]
    return axes or [(value, axis) for axis in range(len(value.shape))]
