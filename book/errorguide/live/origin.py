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
    ("same",)          an axis of the same size at the same place was there before
"""

import math

from .records import Origin

JOINS = ("concat", "stack", "reshape", "permute", "matmul", "einsum")
MOST_STEPS = 4000


def axes_before(node, axis):
    """Return [(input, its axis), ...] that one axis of a node's output follows from, an empty list where the
    node itself made it.
    """
    shape = node.outputs[0].shape
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
        if value.kind != "parameter" and len(value.shape) == len(shape) and value.shape[axis] == size:
            return [(value, axis)]
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

    `starts` are (value, axis) pairs. The result is (makers, joins, ends): makers are (node, axis, size) that
    made a size, joins the operations between that joined or turned, ends (value, axis) that nothing made.
    """
    makers, joins, ends = [], [], []
    seen = set()
    waiting = list(reversed(starts))
    for _ in range(MOST_STEPS):
        if not waiting:
            break
        value, axis = waiting.pop()
        if (id(value), axis) in seen:
            continue
        seen.add((id(value), axis))
        node = value.maker
        if node is None:
            ends.append((value, axis))
            continue
        before = axes_before(node, axis)
        if not before:
            makers.append((node, axis, value.shape[axis]))
            if not node.is_layer and node.rule[0] in JOINS and node not in joins:
                joins.append(node)
            continue
        if not node.is_layer and node not in joins and tells(node, axis, before):
            joins.append(node)
        waiting += reversed(before)
    return makers, joins, ends


def tells(node, axis, before):
    """Whether an operation on the way is worth telling: it joins, or moves or merges axes."""
    kind = node.rule[0]
    if kind == "concat":
        return axis == node.rule[1] % len(node.outputs[0].shape)
    if kind == "reshape":
        return node.inputs[0].shape != node.outputs[0].shape
    if kind == "broadcast":
        return len({id(value.maker) for value, _ in before}) > 1
    return kind in JOINS


def origin_of(starts, got=None):
    """Return the Origin of some axes, None where nothing is known of them."""
    makers, joins, ends = trace(starts)
    if not makers and not joins and not ends:
        return None
    layers, operations, inputs, parts = [], [], [], []
    for node in dict.fromkeys(node for node, _, _ in makers):
        sizes = [
            spelled(size) for other, _, size in sorted(makers, key=lambda each: each[1]) if other is node
        ]
        size = " x ".join(sizes)
        is_weight = not node.is_layer and node.rule[0] == "sets" and node.module
        if node.is_layer or is_weight:
            if node.module not in layers:
                layers.append(node.module)
            parts.append(f"{size} from `{node.module}`" + (f" ({node.type})" if node.type else ""))
        if not node.is_layer:
            operations.append(node)
            if not is_weight:
                parts.append(f"{size} from {described(node)}")
    operations = [*joins, *(node for node in operations if node not in joins)]
    for value, axis in ends:
        if value.kind == "input":
            inputs.append({"name": value.name, "axis": axis, "shape": list(value.shape)})
            parts.append(f"{spelled(value.shape[axis])} from axis {axis} of {named(value)}")
        elif value.kind == "parameter" and value.name:
            parts.append(f"{spelled(value.shape[axis])} from axis {axis} of the parameter `{value.name}`")
    concat = next((node for node in joins if node.rule[0] == "concat"), None)
    mark = (
        " + "
        if concat is not None
        else " x "
        if any(node.rule[0] == "reshape" for node in joins)
        else " and "
    )
    parts = list(dict.fromkeys(parts))
    said = mark.join(parts[:6]) + (f"{mark}..." if len(parts) > 6 else "")
    if len(parts) > 1 and got is not None:
        said = f"{got} = {said}"
    ways = [described(node) for node in joins if node.rule[0] in (*JOINS, "broadcast")]
    ways = list(dict.fromkeys(ways))[:4]
    if ways:
        said += f"; through {', then '.join(reversed(ways))}"
    return Origin(
        layers=tuple(layers),
        operations=tuple(operation_record(node) for node in operations),
        inputs=tuple(inputs),
        said=said,
    )


def operation_record(node):
    """Return an operation for JSON."""
    return {
        "name": node.name,
        "line": node.line,
        "output": list(node.outputs[0].shape) if node.outputs else None,
        "module": node.module,
    }


def named(value):
    """Name an input of the model in a sentence."""
    return f"the model's input `{value.name}`" if value.name else "the model's input"


def described(node):
    """Name an operation in a sentence."""
    place = f" in `{node.function}`, line {node.line}" if node.line and node.function else ""
    return f"`{node.name}`{place}"


def spelled(size):
    """A size, or words for one that is not known."""
    return "an unknown size" if size is None else str(size)
