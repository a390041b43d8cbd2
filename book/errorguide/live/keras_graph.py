"""Read how symbolic tensors of a functional model came about, and compute them anew with a change: for errors
that are raised while the reader's code puts a functional model together, where no model is there yet.
"""

from .keras_layers import is_library, kind_of, layer_rule
from .records import Node, Value

MOST_OPERATIONS = 20_000


class FailedAgain(Exception):
    """An operation that does not take what a change before it gives."""

    def __init__(self, operation, tensors, error):
        super().__init__(str(error))
        self.operation, self.tensors, self.error = operation, tensors, error


class Graph:
    """The layers and operations that led to some KerasTensors, in the order they were called."""

    def __init__(self, keras, tensors):
        self.keras = keras
        self.values = {}
        self.kept = []
        self.calls = []  # (operation, its call, Node)
        self.node_of = {}
        for tensor in tensors:
            self.follow(tensor)

    def follow(self, tensor):
        """Note what led to a tensor, without recursion."""
        waiting = [tensor]
        while waiting and len(self.calls) < MOST_OPERATIONS:
            tensor = waiting[-1]
            if id(tensor) in self.values:
                waiting.pop()
                continue
            call = call_of(tensor)
            if call is None or not call.input_tensors:
                name = getattr(tensor, "name", None)
                name = None if str(name).startswith("keras_tensor") else name
                self.values[id(tensor)] = Value(shape_of(tensor), name=name)
                self.kept.append(tensor)
                waiting.pop()
                continue
            missing = [each for each in call.input_tensors if id(each) not in self.values]
            if missing:
                waiting += missing
                continue
            waiting.pop()
            self.add(call)

    def add(self, call):
        """Note a call whose inputs are known."""
        operation = call.operation
        given = [self.values[id(each)] for each in call.input_tensors]
        is_layer = isinstance(operation, self.keras.layers.Layer)
        rule = layer_rule(operation, given) if is_layer else rule_of(operation)
        node = Node(
            kind_of(operation),
            is_layer,
            operation.name,
            given,
            rule,
            type=kind_of(operation) if is_layer else None,
        )
        if not is_layer:
            node.name, node.module = kind_of(operation).lower(), ""
        self.calls.append((operation, call, node))
        for tensor in call.output_tensors:
            value = Value(shape_of(tensor), maker=node)
            node.outputs.append(value)
            if (
                is_layer
                and not is_library(type(operation))
                and given
                and len(value.shape) != len(given[0].shape)
            ):
                node.rule = ("sets", tuple(range(-len(value.shape), 0)))  # what it does is not known
            self.values[id(tensor)] = value
            self.kept.append(tensor)

    @property
    def steps(self):
        """The Nodes of layers."""
        return [node for _, _, node in self.calls if node.is_layer]

    def again(self, wanted, change_layer=None, change_input=None):
        """Return the tensors of `wanted` computed anew: `change_layer` maps id(layer) to a replacement,
        `change_input` maps id(tensor) to another tensor. Layers whose inputs change build themselves anew.
        """
        known = dict(change_input or {})
        for operation, call, _ in self.calls:
            new = (change_layer or {}).get(id(operation))
            if new is None and not any(id(each) in known for each in call.input_tensors):
                continue
            if new is None:
                new = fresh(operation)
            args, kwargs = call.arguments.fill_in(
                {id(each): known.get(id(each), each) for each in call.input_tensors}
            )
            try:
                outputs = self.keras.tree.flatten(new(*args, **kwargs))
            except Exception as error:
                tensors = [known.get(id(each), each) for each in call.input_tensors]
                raise FailedAgain(operation, tensors, error) from error
            for tensor, other in zip(call.output_tensors, outputs, strict=True):
                known[id(tensor)] = other
        return [known.get(id(tensor), tensor) for tensor in wanted]


def fresh(operation):
    """Return an operation like another that has not been built."""
    try:
        return type(operation).from_config(operation.get_config())
    except Exception:
        return operation


def call_of(tensor):
    """Return the call that made a KerasTensor, None where none did."""
    history = getattr(tensor, "_keras_history", None)
    if history is None:
        return None
    try:
        return history.operation._inbound_nodes[history.node_index]
    except (AttributeError, IndexError):
        return None


def rule_of(operation):
    """Return the rule of an operation that is no layer."""
    name = kind_of(operation)
    if name == "Concatenate":
        return ("concat", operation.axis if isinstance(operation.axis, int) else -1)
    if name in ("Add", "Subtract", "Multiply", "Divide", "TrueDivide", "Maximum", "Minimum", "Power"):
        return ("broadcast",)
    if name == "Matmul":
        return ("matmul",)
    if name in ("Reshape", "ExpandDims", "Squeeze"):
        return ("reshape",)
    if name == "Transpose" and operation.axes is not None:
        return ("permute", tuple(operation.axes))
    if name == "Einsum":
        return ("einsum", operation.subscripts)
    return ("same",)


def shape_of(tensor):
    """Return the shape of a tensor."""
    return tuple(None if size is None else int(size) for size in tensor.shape)
