"""Reads Python: the lines of __init__ and forward, a Sequential, Keras's functional chains. Nothing of it is
run: a small interpreter follows assignments and calls of layers, and says every line that it does not
understand.
"""

from contextlib import suppress

from ..arguments import SIGNATURES, bind
from ..arithmetic import computed
from ..records import Late, Layer, Reading, Refusal, SizeOf, Unread
from .expressions import Binary, Call, Items, Name, NotRead, Other, Part, Value, parse
from .names import (
    CONTAINERS,
    FUNCTIONS,
    KERAS_FUNCTIONS,
    LISTED,
    UNCHANGED,
    framework_of,
    is_layer,
    resolved,
)
from .structure import (
    Block,
    Class,
    Instance,
    Returned,
    Scope,
    Tensor,
    last_line,
    leaves,
    nested,
    parameters,
    shown,
    skips_super,
    split_assignment,
    target_name,
    text_of,
)
from .tokens import statements

IGNORED = ("import", "from", "pass", "@", "global", "nonlocal", "assert", "del", "print", "raise")
SIGNS = {"+": "add", "-": "add", "*": "mul", "/": "mul"}
MOST_ROUNDS = 200  # of a loop
MOST_CALLS = 2000  # of layers: a text that calls itself ends here


def read_source(text, framework=None):
    """Return the Reading of Python lines."""
    return Reader(text, framework or framework_of(text)).read()


class Reader:
    """Follows the statements of one text."""

    def __init__(self, text, framework):
        self.blocks = nested(statements(text))
        self.framework = framework
        self.reading = Reading(form="source", framework=framework)
        self.scope = {}
        self.classes = {}
        self.made = []  # layers in the order in which the text makes them
        self.called = []  # layers in the order in which the text calls them
        self.held = set()  # the ids of layers that stand inside a container
        self.used = set()  # the ids of layers that were called
        self.objects = {}  # objects of the text's classes, by the id of the layer that stands for each
        self.numbers = 0

    def read(self):
        """Follow everything, and return what was read."""
        for block in self.blocks:
            try:
                self.run([block], self.scope)
            except Returned as end:  # a line of a function without its head
                self.result(end.value)
        main = self.main_class()
        if main:
            self.run_class(main)
        if self.called:
            self.reading.layers = self.called
        else:
            self.reading.layers = [layer for layer in self.made if id(layer) not in self.held]
        self.reading.problems.sort()
        return self.reading

    def main_class(self):
        """Return the last class that no other one makes an object of, None where the text has none."""
        classes = list(self.classes.values())
        return classes[-1] if classes and not self.called else None

    def run_class(self, main):
        """Make an object of a class, and call it where it says how."""
        instance = self.instance(main, (), {}, "")
        forward = main.methods.get("forward") or main.methods.get("call")
        if forward:
            names = [name for name, _ in parameters(forward.head)[1:]]
            tensors = [self.new_input(None) for name in names if name not in ("training", "mask")]
            self.result(self.call_instance(instance, tensors, {}))

    # ---- statements ----

    def run(self, blocks, scope):
        """Follow statements in order."""
        for block in blocks:
            if isinstance(block, Block):
                self.run_block(block, scope)
            else:
                self.run_statement(block, scope)

    def run_block(self, block, scope):
        """Follow a class, a function at the top, `with`; say what is not followed."""
        head = block.head
        if head.first == "class":
            methods = {part.head.tokens[1].text: part for part in block.body
                       if isinstance(part, Block) and part.head.first == "def"}  # fmt: skip
            self.classes[head.tokens[1].text] = Class(head.tokens[1].text, methods)
        elif head.first == "def":
            self.run_function(block, scope)
        elif head.first == "with":
            self.run(block.body, scope)
        elif (head.first == "for" and self.run_loop(block, scope)) or (
            head.first == "if"
            and any(token.text in ("__name__", "'__main__'", '"__main__"') for token in head.tokens)
        ):
            return
        else:
            last = last_line(block)
            upto = f" to {last}" if last > head.line else ""
            self.problem(head.line, f"`{head.first}` is not followed: lines {head.line}{upto} are left out"
            if upto else f"`{head.first}` is not followed")  # fmt: skip

    def run_loop(self, block, scope):
        """Follow a loop over values that are known: a range, a list, the layers of a container. Return
        whether it is one.
        """
        tokens = block.head.tokens[1:-1]
        words = [token.text for token in tokens]
        if "in" not in words:
            return False
        at = words.index("in")
        try:
            target, over = parse(tokens[:at]), self.value(parse(tokens[at + 1 :]), scope)
        except NotRead:
            return False
        if isinstance(over, Layer) and over.kind in CONTAINERS:
            over = [self.objects.get(id(child), child) for child in over.children]
        if not isinstance(over, list | tuple) or len(over) > MOST_ROUNDS:
            return False
        for item in over:
            self.assign(target, item, scope)
            self.run(block.body, scope)
        return True

    def run_function(self, block, scope):
        """Follow a function at the top of a text as if its lines stood there, its arguments by their
        defaults. Of a method without its class, forward is followed when all layers are known.
        """
        name = block.head.tokens[1].text
        given = parameters(block.head)
        for argument, default in given:
            if argument != "self":
                scope.setdefault(
                    argument, Unread(argument) if default is None else self.value(default, scope)
                )
        if name in ("forward", "call"):
            for argument, _ in given[1:] if given and given[0][0] == "self" else given:
                if argument not in ("training", "mask"):
                    scope[argument] = self.new_input(None)
        try:
            self.run(block.body, scope)
        except Returned as end:
            self.result(end.value)

    def result(self, value):
        """Note what the model returns."""
        if isinstance(value, Tensor):
            self.reading.result = (value.number, value.place)

    def run_statement(self, statement, scope):
        """Follow an assignment, a call or a return."""
        tokens = statement.tokens
        if statement.first in IGNORED or statement.first.startswith(("'", '"')) or skips_super(tokens):
            return
        try:
            if statement.first == "return":
                raise Returned(self.value(parse(tokens[1:]), scope) if len(tokens) > 1 else None)
            targets, rest = split_assignment(tokens)
            sign = next((token.text for token in tokens if token.text in ("+=", "*=", "-=")), "")
            if sign:
                at = [token.text for token in tokens].index(sign)
                left, right = parse(tokens[:at]), parse(tokens[at + 1 :])
                self.assign(left, self.value(Binary(sign[0], left, right, statement.line), scope), scope)
                return
            made = self.value(parse(rest), scope, hint=target_name(targets))
            if targets:
                for target in targets:
                    self.assign(parse(target), made, scope)
            elif isinstance(made, tuple) and any(isinstance(item, Layer) for item in made):
                for item in made:
                    self.kept(item)
            elif isinstance(made, Layer):
                self.kept(made)
            elif isinstance(made, Unread):
                self.problem(statement.line, f"not understood: {shown(tokens)}")
        except NotRead as end:
            self.problem(statement.line, f"not understood: {shown(tokens)} ({end})")

    def kept(self, layer):
        """Note a layer that stands alone on its line."""
        if isinstance(layer, Layer) and not any(layer is other for other in self.made):
            self.made.append(layer)

    def assign(self, target, value, scope):
        """Give a value to a name, or its parts to several."""
        if isinstance(target, Items):
            parts = self.parts(value, leaves(target))
            for name, part in zip(leaves(target), parts, strict=True):
                self.assign(name, part, scope)
            return
        if isinstance(target, Name):
            scope[target.text] = value
            if isinstance(value, Layer) and not value.name:
                value.name = target.text.removeprefix("self.")
            if isinstance(value, Instance) and not value.name:
                value.name = target.text.removeprefix("self.")
            if isinstance(value, list) and any(isinstance(item, Layer) for item in value):
                scope[target.text] = value

    def parts(self, value, targets):
        """Return the parts of a value for a tuple of targets: of a tensor its layer's outputs in order."""
        if isinstance(value, Tensor):
            return [Tensor(value.number, place) for place in range(len(targets))]
        if isinstance(value, tuple | list) and len(value) == len(targets):
            return list(value)
        return [Unread("a part of something unknown")] * len(targets)

    def problem(self, line, sentence):
        """Note what was not understood."""
        if (line, sentence) not in self.reading.problems:
            self.reading.problems.append((line, sentence))

    # ---- values ----

    def value(self, node, scope, hint=""):
        """Return what an expression stands for: a plain value, a layer, a tensor, or Unread."""
        if isinstance(node, Value):
            return node.value
        if isinstance(node, Name):
            return self.named(node, scope)
        if isinstance(node, Items):
            made = [self.value(item, scope) for item in node.items]
            return tuple(made) if node.kind == "tuple" else made
        if isinstance(node, Binary):
            return self.binary(node, scope)
        if isinstance(node, Call):
            return self.call(node, scope, hint)
        if isinstance(node, Part):
            return self.part(node, scope)
        return Unread(node.text if isinstance(node, Other) else "an expression")

    def named(self, node, scope):
        """Return what a dotted name stands for."""
        if node.text in scope:
            return scope[node.text]
        start, _, last = node.text.rpartition(".")
        owner = scope.get(start)
        if isinstance(owner, Tensor) and last == "shape":
            return owner, "shape"
        if isinstance(owner, Tensor) and last in ("T", "mT"):
            return Unread(node.text)
        if isinstance(owner, Instance):
            return owner.attributes.get(f"self.{last}", Unread(node.text))
        return Unread(node.text)

    def binary(self, node, scope):
        """Compute with numbers; a sum or product with a tensor is an operation."""
        left, right = self.value(node.left, scope), self.value(node.right, scope)
        tensors = [item for item in (left, right) if isinstance(item, Tensor)]
        if tensors:
            others = [item for item in (left, right) if not isinstance(item, Tensor)]
            if node.sign not in (*SIGNS, "**") or any(not isinstance(item, int | float) for item in others):
                return self.unknown(node.line, f"`{text_of(left)} {node.sign} {text_of(right)}`")
            if len(tensors) == 1:
                return tensors[0]
            return self.operation(SIGNS[node.sign], {}, tensors, node.line)
        if all(isinstance(item, int | float | SizeOf | Late) for item in (left, right)) and any(
            isinstance(item, SizeOf | Late) for item in (left, right)
        ):
            return Late(node.sign, left, right)
        if isinstance(left, list) and isinstance(right, list) and node.sign == "+":
            return left + right
        numbers = isinstance(left, int | float) and isinstance(right, int | float)
        if not numbers:
            return Unread(f"{text_of(left)} {node.sign} {text_of(right)}")
        return computed(node.sign, left, right)

    def part(self, node, scope):
        """Return an item or an attribute of a value."""
        owner = self.value(node.of, scope)
        if node.index is not None:
            index = self.value(node.index, scope)
            if (
                isinstance(owner, tuple)
                and len(owner) == 2
                and owner[1] == "shape"
                and isinstance(index, int)
            ):
                return SizeOf((owner[0].number, owner[0].place), index)
            if isinstance(owner, Tensor):
                return self.item(owner, node.index, index)
            if (
                isinstance(owner, list | tuple)
                and isinstance(index, int)
                and -len(owner) <= index < len(owner)
            ):
                return owner[index]
            if isinstance(owner, Layer) and owner.children and isinstance(index, int):
                return (
                    owner.children[index]
                    if -len(owner.children) <= index < len(owner.children)
                    else Unread("no child")
                )
            return Unread("an item of something")
        if isinstance(owner, Tensor) and node.name == "shape":
            return owner, "shape"
        return Unread(f"an attribute {node.name}")

    def item(self, tensor, node, index):
        """Return x[...] of a tensor; of what a layer returns, x[0] is the first output."""
        words = [word.strip() for word in node.text.split(",")] if isinstance(node, Other) else None
        if words is None:
            words = [text_of(each) for each in index] if isinstance(index, tuple) else [text_of(index)]
        items = []
        for word in words:
            plain = word.replace(" ", "")
            if plain in (":", "...", "None"):
                items.append(plain)
            elif plain.lstrip("-").isdecimal():
                items.append(int(plain))
            else:
                items.append(Unread(word))
        return self.operation("index", {"items": tuple(items)}, [tensor], getattr(node, "line", 0))

    # ---- calls ----

    def call(self, node, scope, hint):
        """Follow a call of a class, a layer, a function or a method."""
        target = node.target
        if isinstance(target, Name):
            return self.call_name(target.text, node, scope, hint)
        if isinstance(target, Part) and target.name:
            owner = self.value(target.of, scope)
            if isinstance(owner, Tensor):
                return self.method(owner, target.name, node, scope)
            return Unread(f".{target.name}()")
        return self.apply(self.value(target, scope), node, scope)

    def call_name(self, name, node, scope, hint):
        """Follow a call of something with a name."""
        start, _, last = name.rpartition(".")
        if name in scope and isinstance(scope[name], Layer | Instance):
            return self.apply(scope[name], node, scope)
        owner = scope.get(start)
        if isinstance(owner, Tensor):
            return self.method(owner, last, node, scope)
        if isinstance(owner, Layer) and last in ("add", "append", "add_module", "extend"):
            return self.add_to(owner, node, scope)
        if isinstance(owner, list) and last == "append":
            owner.extend(self.value(argument, scope) for argument in node.positional)
            return owner
        if isinstance(owner, Instance) and last in owner.of.methods:
            return self.call_method(owner, last, *self.arguments(node, scope))
        if start == "self" and f"self.{last}" not in scope and isinstance(scope.get("self"), Instance):
            instance = scope["self"]
            if last in instance.of.methods:
                return self.call_method(instance, last, *self.arguments(node, scope))
        if last in self.classes and not start:
            positional, named = self.arguments(node, scope)
            return self.instance(self.classes[last], positional, named, hint)
        if last in ("OrderedDict", "dict", "list", "tuple") and len(node.positional) == 1:
            return self.value(node.positional[0], scope)
        if last in (
            "compile",
            "fit",
            "summary",
            "build",
            "summary",
            "plot_model",
            "Model",
            "seed",
            "manual_seed",
        ):
            self.model_call(last, node, scope)
            return None
        if resolved(last) == "InputLayer":
            return self.input_layer(node, scope)
        if last in CONTAINERS or is_layer(last, self.framework):
            return self.make(last, node, scope)
        if last[:1].islower() and start != "self":
            return self.function(last, node, scope)
        if last[:1].isupper():
            positional, _ = self.arguments(node, scope)
            layer = Layer(last, self.framework, {}, node.line)
            self.made.append(layer)
            return layer
        positional, _ = self.arguments(node, scope)
        if any(isinstance(value, Tensor) for value in positional):
            return self.unknown(node.line, f"{name}()")
        return Unread(f"{name}(...)")

    def model_call(self, last, node, scope):
        """Note the result of keras.Model(inputs, outputs)."""
        if last == "Model":
            named = {name: self.value(value, scope) for name, value in node.named.items()}
            positional = [self.value(value, scope) for value in node.positional]
            self.result(named.get("outputs", positional[1] if len(positional) > 1 else None))

    def arguments(self, node, scope):
        """Return the values of a call's arguments: by position, and by name."""
        positional = []
        for argument in node.positional:
            value = self.value(argument, scope)
            if (
                isinstance(argument, Call)
                and isinstance(argument.target, Name)
                and argument.target.text == "*"
            ):
                inner = self.value(argument.positional[0], scope)
                positional.extend(inner if isinstance(inner, list | tuple) else [inner])
            else:
                positional.append(value)
        return positional, {name: self.value(value, scope) for name, value in node.named.items()}

    def make(self, kind, node, scope):
        """Make a layer or a container."""
        positional, named = self.arguments(node, scope)
        if kind in CONTAINERS:
            return self.container(kind, positional, named, node)
        kind = resolved(kind)
        layer = Layer(kind, self.framework, {}, node.line)
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
        declared = layer.settings.get("input_shape")
        if isinstance(declared, tuple) and not self.reading.inputs:
            self.reading.inputs.append(declared)
        if (
            isinstance(layer.settings.get("input_dim"), int)
            and kind != "Embedding"
            and not self.reading.inputs
        ):
            self.reading.inputs.append((layer.settings["input_dim"],))
        return layer

    def container(self, kind, positional, named, node):
        """Make a container of layers."""
        made = Layer(kind, self.framework, {}, node.line)
        if len(positional) == 1 and isinstance(positional[0], list):
            positional = positional[0]
        self.made.append(made)
        for number, child in enumerate(positional):
            if isinstance(child, list | tuple) and len(child) == 2 and isinstance(child[0], str):
                if isinstance(child[1], Layer):
                    child[1].name = child[0]
                self.put(made, child[1], child[0], node.line)
            else:
                self.put(made, child, str(number), node.line)
        return made

    def add_to(self, owner, node, scope):
        """Follow model.add(layer) and layers.append(layer)."""
        positional, _ = self.arguments(node, scope)
        for child in positional:
            for each in child if isinstance(child, list) else [child]:
                if not isinstance(each, str):
                    self.put(owner, each, str(len(owner.children)), node.line)
        return owner

    def put(self, container, child, name, line):
        """Put a layer into a container; say what is no layer."""
        if child is None:
            return
        if isinstance(child, Tensor):  # keras.Input among the layers
            return
        if isinstance(child, Instance):
            stand_in = Layer(child.of.name, self.framework, {}, line, name)
            self.objects[id(stand_in)] = child
            child = stand_in
        if not isinstance(child, Layer):
            self.problem(line, f"not understood in {container.kind}: {text_of(child)}")
            return
        child.name = child.name or name
        self.held.add(id(child))
        container.children.append(child)

    def apply(self, layer, node, scope):
        """Call a layer with tensors."""
        positional, named = self.arguments(node, scope)
        if isinstance(layer, Instance):
            return self.call_instance(layer, positional, named)
        tensors = []
        for value in [*positional, *named.values()]:
            for each in value if isinstance(value, list | tuple) else [value]:
                if isinstance(each, Tensor):
                    tensors.append(each)
        if isinstance(layer, Unread) and tensors:
            return self.unknown(node.line, f"{layer.text}()")
        if not isinstance(layer, Layer) or len(self.called) >= MOST_CALLS:
            return Unread("a call of something")
        if not tensors:
            tensors = [self.unknown(node.line, f"the input of {layer.name or layer.kind}")]
        return self.through(layer, tensors)

    def through(self, layer, tensors):
        """Call a layer; a Sequential with objects of the text's classes child by child."""
        if id(layer) in self.objects:
            made = self.call_instance(self.objects[id(layer)], tensors, {})
            return made if isinstance(made, Tensor) else Unread(f"{layer.kind}(...)")
        if layer.kind == "Sequential" and any(id(child) in self.objects for child in layer.children):
            for child in layer.children:
                made = self.through(child, tensors)
                if not isinstance(made, Tensor):
                    return made
                tensors = [made]
            return tensors[0]
        return self.step(layer, tensors)

    def step(self, layer, tensors):
        """Note the call of a layer, and return the tensor that it makes."""
        called = layer
        if id(layer) in self.used:  # its weights count once
            called = Layer(
                layer.kind, layer.framework, layer.settings, layer.line, layer.name, layer.children, 0
            )
            called.refusal = layer.refusal
        self.used.add(id(layer))
        self.numbers += 1
        called.inputs = tuple((tensor.number, tensor.place) for tensor in tensors)
        called.output = self.numbers
        self.called.append(called)
        return Tensor(self.numbers)

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
        self.numbers += 1
        tensor = Tensor(-len(self.reading.inputs) - 1)
        self.reading.inputs.append(shape)
        return tensor

    def input_layer(self, node, scope):
        """Follow keras.Input: its shape, without the batch."""
        positional, named = self.arguments(node, scope)
        shape = named.get("shape", positional[0] if positional else None)
        batched = named.get("batch_shape", named.get("batch_input_shape"))
        if isinstance(batched, tuple):
            shape = batched[1:]
        if isinstance(shape, list):
            shape = tuple(shape)
        return self.new_input(shape if isinstance(shape, tuple) else None)

    def function(self, name, node, scope):
        """Follow a function of tensors."""
        positional, named = self.arguments(node, scope)
        if name == "range" and all(isinstance(value, int) for value in positional):
            return list(range(*positional)[:MOST_CALLS])
        if name == "enumerate" and positional:
            over = positional[0].children if isinstance(positional[0], Layer) else positional[0]
            if isinstance(over, list | tuple):
                return list(enumerate(self.objects.get(id(item), item) for item in over))
        if name in ("int", "len", "str", "float", "max", "min", "abs"):
            return self.builtin(name, positional)
        first = positional[0] if positional else None
        if isinstance(first, list | tuple) and first and all(isinstance(each, Tensor) for each in first):
            tensors, rest = list(first), positional[1:]
        else:
            tensors = [value for value in positional if isinstance(value, Tensor)]
            rest = [value for value in positional if not isinstance(value, Tensor)]
        if not tensors:
            return Unread(f"{name}(...)")
        return self.on_tensors(name, tensors, rest, named, node.line)

    def builtin(self, name, positional):
        """Compute int(), len() and the like of known values."""
        if (
            name in ("int", "float", "abs")
            and len(positional) == 1
            and isinstance(positional[0], int | float)
        ):
            return {"int": int, "float": float, "abs": abs}[name](positional[0])
        if name == "len" and isinstance(positional[0], list | tuple):
            return len(positional[0])
        if (
            name in ("max", "min")
            and positional
            and all(isinstance(value, int | float) for value in positional)
        ):
            return max(positional) if name == "max" else min(positional)
        return Unread(f"{name}(...)")

    def method(self, tensor, name, node, scope):
        """Follow a method of a tensor."""
        positional, named = self.arguments(node, scope)
        if name == "size":
            if positional and isinstance(positional[0], int):
                return SizeOf((tensor.number, tensor.place), positional[0])
            return tensor, "shape"
        others = [value for value in positional if isinstance(value, Tensor)]
        rest = [value for value in positional if not isinstance(value, Tensor)]
        return self.on_tensors(name, [tensor, *others], rest, named, node.line, method=True)

    def on_tensors(self, name, tensors, rest, named, line, method=False):
        """Note the operation that a function or method does."""
        if name in UNCHANGED:
            return tensors[0]
        if self.framework == "keras":
            return self.keras_function(name, tensors, rest, named, line)
        if name in LISTED:
            kind, argument = LISTED[name]
            if len(rest) == 1 and isinstance(rest[0], tuple | list):
                rest = list(rest[0])
            return self.operation(kind, {argument: named.get(argument, tuple(rest))}, tensors, line)
        if name not in FUNCTIONS:
            return self.unknown(line, f"{name}()")
        kind, names = FUNCTIONS[name]
        settings = dict(zip(names, rest, strict=False))
        settings |= {argument: value for argument, value in named.items() if argument in names}
        if name == "flatten":
            settings = {"start_dim": 0, **settings}
        if "axis" in named and "dim" in names:
            settings["dim"] = named["axis"]
        return self.operation(kind, settings, tensors, line)

    def keras_function(self, name, tensors, rest, named, line):
        """Note a function of Keras or TensorFlow."""
        if name in KERAS_FUNCTIONS:
            settings = (
                {"axis": named.get("axis", rest[0] if rest else -1)} if name.startswith("concat") else {}
            )
            return self.operation(KERAS_FUNCTIONS[name], settings, tensors, line)
        if name in FUNCTIONS and FUNCTIONS[name][1] == ():
            return self.operation("Activation", {"activation": name}, tensors, line)
        if name in ("softmax", "log_softmax", "dropout"):
            return self.operation("Activation", {"activation": name}, tensors, line)
        return self.unknown(line, f"{name}()")

    def unknown(self, line, what):
        """Return a tensor of unknown shape, and say what made it."""
        self.problem(line, f"{what} is not followed, so the shapes behind it are not known")
        self.numbers += 1
        return Tensor(self.numbers)

    # ---- classes of the text ----

    def instance(self, of, positional, named, hint):
        """Make an object of a class of the text: follow its __init__."""
        made = Instance(of, {})
        initialise = of.methods.get("__init__")
        if initialise and len(self.made) < MOST_CALLS:
            before = len(self.made)
            scope = self.scope | {"self": made}
            self.bind_parameters(initialise.head, positional, named, scope)
            inner = Scope(scope, made.attributes)
            with suppress(Returned):
                self.run(initialise.body, inner)
            prefix = hint.removeprefix("self.")
            for layer in self.made[before:]:
                if prefix and layer.name and id(layer) not in self.held:
                    layer.name = f"{prefix}.{layer.name}"
        return made

    def bind_parameters(self, head, positional, named, scope):
        """Give a function's arguments their values."""
        names = [item for item in parameters(head) if item[0] != "self"]
        for place, (name, default) in enumerate(names):
            if place < len(positional):
                scope[name] = positional[place]
            elif name in named:
                scope[name] = named[name]
            else:
                scope[name] = Unread(name) if default is None else self.value(default, scope)

    def call_instance(self, instance, positional, named):
        """Call an object: follow its forward."""
        for name in ("forward", "call"):
            if name in instance.of.methods:
                return self.call_method(instance, name, positional, named)
        return Unread(f"{instance.of.name}, which has no forward")

    def call_method(self, instance, name, positional, named):
        """Follow a method."""
        if len(self.called) >= MOST_CALLS:
            return Unread("too many calls")
        block = instance.of.methods[name]
        scope = self.scope | {"self": instance}
        self.bind_parameters(block.head, positional, named, scope)
        try:
            self.run(block.body, Scope(scope, instance.attributes))
        except Returned as end:
            return end.value
        return None
