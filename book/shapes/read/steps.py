"""The layers that a text makes, and the order in which it calls them."""

from ..arguments import SIGNATURES, bind
from ..records import Layer, Reading, Refusal
from .names import CONTAINERS, resolved
from .structure import Fresh, Instance, Tensor, TooLong, text_of

MOST_CALLS = 2000  # of layers: a text that calls itself ends here
MOST_STEPS = 20_000  # statements and expressions, parts counted: 200 layers in a loop take 2,000


class Steps:
    """What is noted while a text is followed."""

    def __init__(self, framework):
        self.framework = framework
        self.reading = Reading(form="source", framework=framework)
        self.made = []  # layers in the order in which the text makes them
        self.called = []  # layers in the order in which the text calls them
        self.held = set()  # the ids of layers that stand inside a container
        self.used = set()  # the ids of layers whose weights are counted already
        self.objects = {}  # objects of the text's classes, by the id of the layer that stands for each
        self.paths = {}  # the names of layers from the model on, by their ids
        self.fresh = {}  # by the id of a Fresh: the tensor of it
        self.numbers = 0
        self.count = 0  # of statements and expressions
        self.kept = []  # what is known by its id: no other object may get it
        self.aside = 0  # how deep in __init__: what is called there is called to see a shape

    def go_on(self):
        """Count one more statement or expression. Raises TooLong where there are too many."""
        self.count += 1
        if self.count > MOST_STEPS:
            raise TooLong

    def full(self):
        """Whether no more calls are noted."""
        return len(self.called) >= MOST_CALLS

    def problem(self, line, sentence):
        """Note what was not understood."""
        if (line, sentence) not in self.reading.problems:
            self.reading.problems.append((line, sentence))

    def result(self, value):
        """Note what the model returns; of several values the first."""
        if isinstance(value, tuple | list) and value:
            value = value[0]
        if isinstance(value, Tensor):
            self.reading.result = (value.number, value.place)

    # ---- making ----

    def layer(self, kind, positional, named, line):
        """Make a layer."""
        layer = Layer(kind, self.framework, {}, line)
        if kind == "Bidirectional" and positional and isinstance(positional[0], Layer):
            inner = positional[0]
            self.made = [other for other in self.made if other is not inner]
            positional = [(inner.kind, inner.settings), *positional[1:]]
        if isinstance(named.get("name"), str):
            layer.name = named["name"]
        try:
            layer.settings = bind(kind, self.framework, positional, named)
        except Refusal as refusal:
            layer.refusal = refusal
        self.made.append(layer)
        self.declare(layer)
        return layer

    def declare(self, layer):
        """Note the input's shape where a layer declares it, as the first of a Keras model may."""
        if self.reading.inputs or self.framework != "keras":
            return
        shape, width = layer.settings.get("input_shape"), layer.settings.get("input_dim")
        if isinstance(shape, tuple):
            self.reading.inputs.append(shape)
        elif isinstance(width, int) and layer.kind != "Embedding":
            self.reading.inputs.append((width,))

    def unknown_layer(self, kind, line):
        """Make a layer of which only the class is known."""
        layer = Layer(kind, self.framework, {}, line)
        self.made.append(layer)
        return layer

    def container(self, kind, positional, line):
        """Make a container of layers."""
        made = Layer(kind, self.framework, {}, line)
        if len(positional) == 1 and isinstance(positional[0], list | tuple | dict):
            positional = positional[0]
        if isinstance(positional, dict):
            positional = list(positional.items())
        self.made.append(made)
        for child in positional:
            if isinstance(child, list | tuple) and len(child) == 2 and not isinstance(child[0], Layer):
                self.put(made, child[1], child[0], line)
            else:
                self.put(made, child, None, line)
        return made

    def encoder(self, positional, named, line):
        """Make a TransformerEncoder: copies of a layer in a row, and a norm."""
        layer = named.get("encoder_layer", positional[0] if positional else None)
        count = named.get("num_layers", positional[1] if len(positional) > 1 else None)
        norm = named.get("norm", positional[2] if len(positional) > 2 else None)
        if not isinstance(layer, Layer) or not isinstance(count, int):
            return self.unknown_layer("TransformerEncoder", line)
        self.made = [other for other in self.made if other is not layer]
        made = Layer("Sequential", self.framework, {}, line)
        for place in range(min(count, MOST_CALLS)):
            copy_ = Layer(layer.kind, layer.framework, layer.settings, layer.line, f"layers.{place}")
            copy_.refusal = layer.refusal
            made.children.append(copy_)
        if isinstance(norm, Layer):
            self.put(made, norm, "norm", line)
        self.made.append(made)
        return made

    def put(self, container, child, name, line):
        """Put a layer into a container; say what is no layer."""
        if child is None or isinstance(child, Tensor):  # keras.Input among the layers
            return
        name = name if isinstance(name, str) else str(len(container.children))
        container.children.append(self.child(container, child, name, line))

    def child(self, container, child, name, line):
        """Return the layer that stands for a container's child."""
        if isinstance(child, Instance):
            stand_in = Layer(child.of.name, self.framework, {}, line, name)
            self.objects[id(stand_in)] = child
            child = stand_in
        if not isinstance(child, Layer):
            self.problem(line, f"not understood in {container.kind}: {text_of(child)}")
            child = Layer(text_of(child), self.framework, {}, line, name)
        child.name = child.name or name
        self.held.add(id(child))
        return child

    # ---- calling ----

    def step(self, layer, tensors):
        """Note the call of a layer, and return the tensor that it makes."""
        called = self.counted(layer)
        called.name = self.paths.get(id(layer), layer.name)
        self.numbers += 1
        called.inputs = tuple((tensor.number, tensor.place) for tensor in tensors)
        called.output = self.numbers
        called.aside = self.aside > 0
        self.called.append(called)
        return Tensor(self.numbers)

    def counted(self, layer):
        """Return a copy of a layer that counts no weights which were counted before."""
        times = 0 if id(layer) in self.used else layer.times
        self.kept.append(layer)
        if not self.aside:
            self.used.add(id(layer))
        made = Layer(layer.kind, layer.framework, layer.settings, layer.line, layer.name)
        made.children = [self.counted(child) for child in layer.children]
        made.times, made.refusal = times, layer.refusal
        return made

    def operation(self, kind, settings, tensors, line):
        """Note an operation without weights."""
        if self.framework == "keras":
            kind = {"add": "Add", "mul": "Multiply"}.get(kind, kind)
        layer = Layer(kind, self.framework, {}, line)
        if kind in SIGNATURES[self.framework]:
            layer.settings = {**SIGNATURES[self.framework][kind], **settings}
            if self.framework == "keras":
                layer.settings.setdefault("name", None)
        return self.step(layer, tensors)

    def new_input(self, shape):
        """Return the tensor of a new input."""
        tensor = Tensor(-len(self.reading.inputs) - 1)
        self.reading.inputs.append(shape)
        return tensor

    def unknown(self, line, what):
        """Return a tensor of unknown shape, and say what made it."""
        self.problem(line, f"{what} is not followed, so the shapes behind it are not known")
        return self.nothing()

    def nothing(self):
        """Return a tensor of unknown shape."""
        self.numbers += 1
        return Tensor(self.numbers)

    def tensor_of(self, value, as_input=False):
        """Return the tensor that a value is, None for what is none. A fresh tensor is an input of the lines
        outside of any function.
        """
        if not isinstance(value, Fresh):
            return value if isinstance(value, Tensor) else None
        self.kept.append(value)
        if as_input and not value.parameter:
            if id(value) not in self.fresh:
                known = all(isinstance(size, int) for size in value.shape)
                self.fresh[id(value)] = self.new_input(value.shape[1:] if known else None)
            return self.fresh[id(value)]
        if self.framework == "keras":
            return None
        if not value.parameter:
            return self.operation("tensor", {"shape": value.shape}, (), value.line)
        if id(value) not in self.fresh:
            name = self.paths.get(id(value), "")
            self.fresh[id(value)] = Layer(
                "parameter", self.framework, {"shape": value.shape}, value.line, name
            )
        return self.step(self.fresh[id(value)], ())


def is_container(value):
    """Whether a value is a Sequential or a list of layers."""
    return isinstance(value, Layer) and resolved(value.kind) in CONTAINERS
