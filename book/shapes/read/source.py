"""Reads Python: the lines of __init__ and forward, a Sequential, Keras's functional chains. Nothing of it is
run: a small interpreter follows assignments, loops, conditions and calls of layers as far as their values are
known, and says every line that it does not understand.
"""

from ..records import Late, Layer, Unread
from .builtins import BUILTINS, NOT_FOLLOWED, builtin, is_no_layer, method_of
from .expressions import Call, Items, Name, NotRead, Part, parse
from .names import CONTAINERS, UNCHANGED, framework_of, is_layer, resolved
from .steps import Steps, is_container
from .structure import (
    GIVES,
    Block,
    Class,
    Fresh,
    Function,
    Instance,
    Kind,
    Returned,
    Scope,
    Several,
    Tensor,
    TooLong,
    assigned,
    is_shape,
    last_line,
    names_in,
    nested,
    parameters,
    shown,
    size_at,
    split_assignment,
    target_name,
)
from .tensors import on_tensors
from .tokens import NAME, SIGN, statements
from .values import MOST_ROUNDS, Values, is_star, put_item

IGNORED = ("import", "from", "pass", "@", "global", "nonlocal", "assert", "del", "print", "raise", "%", "!")
MOST_DEPTH = 40  # of calls inside calls
MORE_OUTPUTS = ("LSTM", "GRU", "RNN", "MultiheadAttention")  # in PyTorch they return a tuple
FORWARDS = ("forward", "call")
TRAINING = ("backward", "zero_grad", "train_on_batch", "train_step", "epoch", "epochs")


class Next(Exception):
    """The end of one round of a loop: continue."""


class Break(Exception):
    """The end of a loop."""


def read_source(text, framework=None):
    """Return the Reading of Python lines."""
    return Reader(text, framework or framework_of(text)).read()


class Reader:
    """Follows the statements of one text."""

    def __init__(self, text, framework):
        self.blocks = nested(statements(text))
        self.framework = framework
        self.steps = Steps(framework)
        self.values = Values(self, self.steps)
        self.scope = {}
        self.classes = {}
        self.functions = []
        self.models = []  # the objects that the text's top lines make
        self.depth = 0
        self.line = 1  # of the statement that is followed

    def read(self):
        """Follow everything, and return what was read."""
        try:
            self.follow()
        except TooLong:
            self.steps.problem(self.line, "this text runs for too long: it was followed up to this line")
        reading = self.steps.reading
        if self.steps.called:
            reading.layers = self.steps.called
        else:
            reading.layers = [layer for layer in self.steps.made if id(layer) not in self.steps.held]
        reading.problems.sort()
        return reading

    def follow(self):
        """Follow the text from its top, then its model where the text does not call it."""
        for block in self.blocks:
            try:
                self.run([block], self.scope)
            except Returned as end:  # a line of a function without its head
                self.steps.result(end.value)
            except (Next, Break):
                continue
        if not self.steps.called:
            self.run_model()

    # ---- which model ----

    def run_model(self):
        """Follow the model that the text is about: the last object that its top lines make, else the last
        class, else the last function.
        """
        for model in reversed(self.models) if self.classes else ():
            if isinstance(model, Layer) or any(name in model.of.methods for name in FORWARDS):
                self.run_instance(model)
                return
        if self.classes and not self.models:
            made = self.main_object(self.main_class())
            if isinstance(made, Instance):
                self.run_instance(made)
        for function in [] if self.classes or self.models else reversed(self.functions):
            if not self.steps.made and not self.steps.called:
                self.steps.result(self.call_function(function, (), {}))

    def main_object(self, main):
        """Return an object of the class that the text is about: as a function makes it, where its __init__
        asks for arguments and such a function stands in the text.
        """
        initialise = main.methods.get("__init__")
        needed = (
            [name for name, default in parameters(initialise.head) if default is None] if initialise else []
        )
        for function in self.functions if len(needed) > 1 else ():
            given = parameters(function.block.head)
            if main.name in names_in(function.block.body) and not any(
                default is None for _, default in given
            ):
                value = self.call_function(function, (), {})
                if isinstance(value, Instance | Layer):
                    return value
        return self.instance(main, (), {}, "")

    def main_class(self):
        """Return the last class whose name stands in no other class, the last of all where each does."""
        found = list(self.classes.values())
        free = [
            each
            for each in found
            if not any(each.name in other.names for other in found if other is not each)
        ]
        with_forward = [each for each in free if any(name in each.methods for name in FORWARDS)]
        return [*found, *free, *with_forward][-1]

    def run_instance(self, instance):
        """Call an object with inputs of its own."""
        self.name_all(instance, "", 0)
        if isinstance(instance, Layer):
            self.steps.result(self.through(instance, [self.steps.new_input(None)]))
            return
        forward = next((instance.of.methods[name] for name in FORWARDS if name in instance.of.methods), None)
        if forward:
            self.steps.result(self.call_instance(instance, self.inputs(forward), {}))

    def inputs(self, forward):
        """Return a tensor for each argument of forward that has no default."""
        given = parameters(forward.head)
        given = given[1:] if given and given[0][0] == "self" else given
        return [
            self.steps.new_input(None) for name, default in given if default is None and self.is_input(name)
        ]

    def is_input(self, name):
        """Whether an argument of forward is an input."""
        return not name.startswith("*") and name not in ("training", "mask")

    def name_all(self, value, path, depth):
        """Note the full names of the layers in an object."""
        if isinstance(value, Instance) and depth < MOST_DEPTH:
            for name, each in value.attributes.items():
                self.name_all(each, joined(path, name.removeprefix("self.")), depth + 1)
        elif isinstance(value, Layer | Fresh):
            self.steps.paths.setdefault(id(value), path)
            if isinstance(value, Layer):
                for child in value.children:
                    inner = self.steps.objects.get(id(child), child)
                    self.name_all(inner, joined(path, child.name), depth + 1)

    # ---- statements ----

    def inside(self, scope):
        """Return a copy of a scope: names that are given in it do not reach out."""
        if isinstance(scope, Scope):
            return Scope(scope.names, scope.attributes)
        return Scope(scope, scope)

    def run(self, blocks, scope):
        """Follow statements in order."""
        at = 0
        while at < len(blocks):
            block = blocks[at]
            at += 1
            if not isinstance(block, Block):
                self.run_statement(block, scope)
            elif block.head.first == "if":
                ways = [block]
                while (
                    at < len(blocks)
                    and isinstance(blocks[at], Block)
                    and blocks[at].head.first in ("elif", "else")
                ):
                    ways.append(blocks[at])
                    at += 1
                self.run_if(ways, scope)
            else:
                self.run_block(block, scope)

    def run_block(self, block, scope):
        """Follow a class, a function, a loop, `with` or `try`; say what is not followed."""
        head = block.head
        if head.first == "class":
            self.run_class(block, scope)
        elif head.first == "def":
            self.run_def(block, scope)
        elif head.first in ("with", "try", "finally"):
            self.run(block.body, scope)
        elif head.first == "for":
            if not self.run_loop(block, scope):
                self.not_followed([block], scope)
        elif head.first != "except":
            self.not_followed([block], scope)

    def run_class(self, block, scope):
        """Note a class: its methods, and its attributes."""
        words = [token.text for token in block.head.tokens]
        name = words[1] if len(words) > 1 else ""
        bases = tuple(token.text for token in block.head.tokens[2:] if token.kind == NAME)
        made = Class(name, {}, {}, bases, names_in(block.body))
        for base in bases:
            if base in self.classes:
                made.methods.update(self.classes[base].methods)
                made.attributes.update(self.classes[base].attributes)
        inner = Scope(scope if isinstance(scope, dict) else scope.names, {})
        before = dict(inner.names)
        for part in block.body:
            if isinstance(part, Block) and part.head.first == "def" and len(part.head.tokens) > 1:
                made.methods[part.head.tokens[1].text] = part
            elif not isinstance(part, Block):
                self.run_statement(part, inner)
        for each, value in inner.names.items():
            if each not in before or before[each] is not value:
                made.attributes[each] = value
        self.classes[name] = made

    def run_def(self, block, scope):
        """Note a function. Of a method without its class the lines are followed as if they stood there, its
        arguments by their defaults; forward, when all layers are known, with inputs.
        """
        name = block.head.tokens[1].text if len(block.head.tokens) > 1 else ""
        given = parameters(block.head)
        method = bool(given) and given[0][0] == "self"
        if not method and name not in FORWARDS:
            function = Function(name, block, scope)
            self.functions.append(function)
            scope[name] = function
            return
        if method and name not in (*FORWARDS, "__init__"):
            self.loose_methods()[name] = block
            return
        for argument, default in given[1:] if method else given:
            value = Unread(argument) if default is None else self.values.of(default, scope)
            if name in FORWARDS and default is None and self.is_input(argument):
                value = self.steps.new_input(None)
            if argument not in scope or name in FORWARDS:
                scope[argument] = value
        if method and name in FORWARDS:
            self.name_all(Instance(Class("", {}, {}), {each: value for each, value in self.scope.items()
                                                       if each.startswith("self.")}), "", 0)  # fmt: skip
        try:
            self.run(block.body, scope)
        except Returned as end:
            self.steps.result(end.value)

    def loose_methods(self):
        """Return the methods that stand in the text without their class, by name."""
        if not isinstance(self.scope.get("self"), Instance):
            self.scope["self"] = Instance(Class("", {}, {}), self.scope)
        return self.scope["self"].of.methods

    def run_if(self, ways, scope):
        """Follow the way of an if whose conditions are known."""
        head = [token.text for token in ways[0].head.tokens]
        if "__name__" in head:
            return
        for place, way in enumerate(ways):
            known = True
            if way.head.first != "else":
                try:
                    known = self.values.truth(self.values.of(parse(way.head.tokens[1:-1]), scope))
                except NotRead:
                    known = None
            if known is None:
                self.not_followed(ways[place:], scope)
                return
            if known:
                self.run(way.body, scope)
                return

    def not_followed(self, blocks, scope):
        """Say which lines are left out, and forget what they may change. Lines at the top that have to do
        with no layer are left out silently, as a training loop is.
        """
        changed, rounds = assigned(blocks), loop_names(blocks)
        gives = [name for name in changed if name not in rounds]
        made = makes_layers(blocks, self.framework)
        ends = self.depth > 0 and any(word in ("return", "yield") for word in names_in(blocks))
        line, last = blocks[0].head.line, last_line(blocks[-1])
        known = [scope[name] for name in gives if name in scope]
        told = made or ends or (self.depth > 0 and bool(gives))
        if told or any(isinstance(value, Layer | Instance | list) for value in known):
            upto = f": lines {line} to {last} are left out" if last > line else ""
            self.steps.problem(line, f"`{blocks[0].head.first}` is not followed{upto}")
        for name in changed:
            scope[name] = Unread(f"{name}, which line {line} may change")

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
            target, over = parse(tokens[:at]), self.values.of(parse(tokens[at + 1 :]), scope)
        except NotRead:
            return False
        if self.depth == 0 and not self.about_layers(block, scope):
            return False
        if is_shape(over):
            return self.run_product(block, target, over, scope)
        over = self.values.listed(over)
        if over is None or len(over) > MOST_ROUNDS:
            return False
        for item in over:
            self.assign(target, item, scope)
            try:
                self.run(block.body, scope)
            except Next:
                continue
            except Break:
                break
        return True

    def run_product(self, block, target, sizes, scope):
        """Follow a loop that multiplies the sizes of a shape: for size in x.shape[1:]: count *= size."""
        if len(block.body) != 1 or isinstance(block.body[0], Block) or not isinstance(target, Name):
            return False
        name, *rest = [token.text for token in block.body[0].tokens]
        if rest != ["*=", target.text] or name not in scope:
            return False
        scope[name] = self.values.computed("*", scope[name], Late("product", sizes, 1), block.head.line)
        return True

    def about_layers(self, block, scope):
        """Whether a loop at the top makes layers or calls them, and is no training."""
        names = names_in([block])
        if any(name in TRAINING for name in names):
            return False
        found = [scope[name] for name in names if name in scope]
        return any(name in self.classes or is_layer(name, self.framework) for name in names) or any(
            isinstance(value, Layer | Instance | Kind | Class | Function | Tensor | list | dict)
            for value in found
        )

    def run_statement(self, statement, scope):
        """Follow an assignment, a call or a return."""
        self.steps.go_on()
        self.line = statement.line
        tokens = statement.tokens
        if statement.first in IGNORED or statement.first.startswith(("'", '"')):
            return
        if statement.first == "continue":
            raise Next
        if statement.first == "break":
            raise Break
        try:
            if statement.first == "return":
                raise Returned(self.values.of(parse(tokens[1:]), scope) if len(tokens) > 1 else None)
            if self.run_change(statement, scope):
                return
            targets, rest = split_assignment(tokens)
            made = self.values.of(parse(rest), scope, target_name(targets) or ("several" if targets else ""))
            if targets:
                for target in targets:
                    self.assign(parse(target), made, scope)
            elif isinstance(made, Unread) and self.depth + len(tokens) > 0 and not self.harmless(tokens):
                self.steps.problem(statement.line, f"not understood: {shown(tokens)}")
        except NotRead as end:
            self.steps.problem(statement.line, f"not understood: {shown(tokens)} ({end})")

    def harmless(self, tokens):
        """Whether a line that is not understood is a call of something that is no layer, by its name."""
        words = [token.text for token in tokens]
        if "(" not in words:
            return False
        last = words[words.index("(") - 1] if words.index("(") else ""
        return last in NOT_FOLLOWED or words[0] in ("plt", "super", "logging", "os", "tqdm")

    def run_change(self, statement, scope):
        """Follow `a += b` and the like. Return whether it is one."""
        tokens = statement.tokens
        at = next((place for place, token in enumerate(tokens) if token.text in GIVES), None)
        if at is None or tokens[at].kind != SIGN:
            return False
        left, right = parse(tokens[:at]), parse(tokens[at + 1 :])
        before, by = self.values.of(left, scope), self.values.of(right, scope)
        if isinstance(before, list) and tokens[at].text == "+=" and self.values.listed(by) is not None:
            before.extend(self.values.listed(by))
            return True
        sign = tokens[at].text.removesuffix("=")
        self.assign(left, self.values.computed(sign, before, by, statement.line), scope)
        return True

    def assign(self, target, value, scope):
        """Give a value to a name, or its parts to several."""
        if isinstance(target, Items):
            parts = self.parts(value, target.items)
            for name, part in zip(target.items, parts, strict=True):
                self.assign(name.positional[0] if is_star(name) else name, part, scope)
        elif isinstance(target, Name):
            self.assign_name(target.text, value, scope)
        elif isinstance(target, Part):
            self.assign_part(target, value, scope)

    def assign_name(self, name, value, scope):
        """Give a value to a name, which may be an attribute."""
        start, _, last = name.rpartition(".")
        owner = scope.get(start) if start not in ("", "self") else None
        if start and owner is None and start != "self":
            owner = self.values.named(start, scope)
        if isinstance(owner, Instance):
            owner.attributes[f"self.{last}"] = value
        elif isinstance(owner, Layer) and is_container(owner):
            self.replace(owner, last, value)
        scope[name] = value
        if self.depth == 0 and (isinstance(value, Instance) or is_sequential(value)):
            self.models.append(value)
        if isinstance(value, Layer) and not value.name:
            value.name = name.removeprefix("self.")

    def replace(self, container, name, value):
        """Put another layer in a container's place: model.classifier[6] = nn.Linear(...)."""
        for place, child in enumerate(container.children):
            if child.name == name or (isinstance(name, int) and name % len(container.children) == place):
                container.children[place] = self.steps.child(container, value, child.name, container.line)

    def assign_part(self, target, value, scope):
        """Give a value to an item of a list, a dict, or a container."""
        owner = self.values.of(target.of, scope)
        index = self.values.of(target.index, scope) if target.index is not None else target.name
        if isinstance(owner, dict):
            put_item(owner, index, value)
        elif isinstance(owner, list) and isinstance(index, int) and -len(owner) <= index < len(owner):
            owner[index] = value
        elif isinstance(owner, Instance) and isinstance(index, str):
            owner.attributes[f"self.{index}"] = value
        elif isinstance(owner, Layer) and is_container(owner):
            known = [child.name for child in owner.children]
            if isinstance(index, str) and index not in known:
                self.steps.put(owner, value, index, target.line)
            elif index in known or isinstance(index, int):
                self.replace(owner, index, value)

    def parts(self, value, targets):
        """Return the parts of a value for a tuple of targets: of a tensor its layer's outputs in order."""
        count = len(targets)
        if isinstance(value, Tensor):
            return [Tensor(value.number, place) for place in range(count)]
        if isinstance(value, Several):
            return [Tensor(value.number, place) for place in range(count)]
        if is_shape(value):
            return [size_at(value, place) for place in range(count)]
        found = self.values.listed(value)
        stars = [place for place, each in enumerate(targets) if is_star(each)]
        if found is not None and len(stars) == 1 and len(found) >= count - 1:
            at, end = stars[0], stars[0] + len(found) - count + 1
            return [*found[:at], found[at:end], *found[end:]]
        if found is not None and len(found) == count and not stars:
            return found
        return [Unread("a part of something unknown")] * count

    # ---- calls ----

    def call(self, node, scope, hint):
        """Follow a call of a class, a layer, a function or a method."""
        target = node.target
        if isinstance(target, Name):
            return self.call_name(target.text, node, scope, hint)
        if isinstance(target, Part) and target.name:
            if is_super(target.of):
                return self.call_super(target.name, node, scope)
            owner = self.values.of(target.of, scope)
            return self.method(owner, target.name, node, scope)
        return self.apply(self.values.of(target, scope), node, scope, hint)

    def call_name(self, name, node, scope, hint):
        """Follow a call of something with a name."""
        start, _, last = name.rpartition(".")
        if name in scope and not isinstance(scope[name], Unread):
            return self.apply(scope[name], node, scope, hint)
        if start and last == "__init__":
            return self.call_super(last, node, scope, node.positional[1:])
        if start and start.split(".")[0] in scope:
            owner = self.values.named(start, scope)
            value = self.values.attribute(owner, last, name)
            if isinstance(value, Unread) and not isinstance(owner, Unread):
                return self.method(owner, last, node, scope)
            if not isinstance(value, Unread) or isinstance(scope.get(start.split(".")[0]), Unread | Instance):
                return self.apply(value, node, scope, hint)
        if last in self.classes and not start:
            return self.apply(self.classes[last], node, scope, hint)
        if last in BUILTINS:
            return builtin(self, last, node, scope)
        if last in ("Model", "Functional") and self.framework == "keras":
            return self.model_call(node, scope)
        if resolved(last) == "InputLayer":
            return self.input_layer(node, scope)
        if last in (*CONTAINERS, "TransformerEncoder") or is_layer(last, self.framework):
            return self.make(last, node, scope)
        if last in NOT_FOLLOWED or is_no_layer(name):
            made = self.not_known(name, node, scope)
            return made if isinstance(made, Tensor) else None
        if last[:1].islower() and start != "self":
            return self.function(last, node, scope)
        if last[:1].isupper():
            self.arguments(node, scope)
            if hint and not hint.startswith("self."):  # x = Something(): a data set, an optimizer
                return Layer(last, self.framework, {}, node.line)
            return self.steps.unknown_layer(last, node.line)
        return self.not_known(name, node, scope)

    def not_known(self, name, node, scope):
        """Return what an unknown thing makes of its arguments: a tensor where it gets one."""
        positional, named = self.arguments(node, scope)
        if any(isinstance(value, Tensor) for value in [*positional, *named.values()]):
            return self.steps.unknown(node.line, f"{name}()")
        return Unread(f"{name}(...)")

    def model_call(self, node, scope):
        """Note the result of keras.Model(inputs, outputs)."""
        positional, named = self.arguments(node, scope)
        self.steps.result(named.get("outputs", positional[1] if len(positional) > 1 else None))

    def arguments(self, node, scope):
        """Return the values of a call's arguments: by position, and by name."""
        positional, named = [], {}
        for argument in node.positional:
            if is_star(argument):
                positional.extend(self.values.of_star(argument, scope))
            elif (
                isinstance(argument, Call)
                and isinstance(argument.target, Name)
                and argument.target.text == "**"
            ):
                inner = self.values.of(argument.positional[0], scope)
                named.update(inner if isinstance(inner, dict) else {})
            else:
                positional.append(self.values.of(argument, scope))
        named.update({name: self.values.of(value, scope) for name, value in node.named.items()})
        return positional, named

    def make(self, kind, node, scope):
        """Make a layer or a container."""
        positional, named = self.arguments(node, scope)
        if kind in CONTAINERS:
            given = positional or [value for name, value in named.items() if name in ("layers", "modules")]
            return self.steps.container(kind, given, node.line)
        if kind == "TransformerEncoder":
            return self.steps.encoder(positional, named, node.line)
        return self.steps.layer(resolved(kind), positional, named, node.line)

    def apply(self, called, node, scope, hint=""):
        """Call a value: a class, a function, a layer or an object with tensors."""
        if isinstance(called, Kind):
            return self.make(called.name, node, scope)
        positional, named = self.arguments(node, scope)
        if isinstance(called, Class):
            return self.instance(called, positional, named, hint)
        if isinstance(called, Function):
            return self.call_function(called, positional, named)
        if isinstance(called, Instance):
            if self.depth == 0 and not any(isinstance(value, Tensor) for value in positional):
                return Unread("what a model makes of numbers")
            return self.call_instance(called, positional, named)
        return self.call_layer(called, [*positional, *named.values()], node.line)

    def call_layer(self, layer, given, line):
        """Call a layer with the tensors among some values."""
        tensors = []
        for value in given:
            for each in value if isinstance(value, list | tuple) else [value]:
                tensor = self.steps.tensor_of(each, self.depth == 0)
                if tensor is not None:
                    tensors.append(tensor)
        if isinstance(layer, Unread) and tensors:
            return self.steps.unknown(line, f"{layer.text}()")
        if not isinstance(layer, Layer) or self.steps.full():
            return Unread("a call of something")
        if not tensors:
            if self.depth == 0:
                return Unread("what a layer makes of numbers")
            tensors = [self.steps.unknown(line, f"the input of {layer.name or layer.kind}")]
        elif given and isinstance(given[0], tuple) and self.framework == "pytorch":
            name = layer.name or layer.kind
            self.steps.problem(line, f"{name} is given a tuple, and takes one tensor: take an item of it")
            tensors = [self.steps.nothing()]
        return self.through(layer, tensors)

    def through(self, layer, tensors):
        """Call a layer; a Sequential with objects of the text's classes child by child."""
        if id(layer) in self.steps.objects:
            made = self.call_instance(self.steps.objects[id(layer)], tensors, {})
            return made if isinstance(made, Tensor | tuple) else Unread(f"{layer.kind}(...)")
        if layer.kind == "Sequential" and self.has_objects(layer):
            for child in layer.children:
                made = self.through(child, tensors)
                if not isinstance(made, Tensor):
                    return made
                tensors = [made]
            return tensors[0]
        made = self.steps.step(layer, tensors)
        if self.framework == "pytorch" and layer.kind in MORE_OUTPUTS:
            states = [Tensor(made.number, place) for place in (1, 2)]
            return made, tuple(states) if layer.kind == "LSTM" else states[0]
        return made

    def has_objects(self, layer):
        """Whether an object of the text's classes stands in a container."""
        return any(id(child) in self.steps.objects or self.has_objects(child) for child in layer.children)

    def method(self, owner, name, node, scope):
        """Follow a method of a value."""
        positional, named = self.arguments(node, scope)
        tensor = self.steps.tensor_of(owner)
        if tensor is not None:
            return self.of_tensors(name, [tensor, *positional], named, node.line)
        if isinstance(owner, Instance) and name in owner.of.methods:
            return self.call_method(owner, name, positional, named)
        if isinstance(owner, Instance | Layer | Class) and (
            name in UNCHANGED or name in ("train", "eval", "apply")
        ):
            return owner
        if isinstance(owner, Instance) and owner.container is not None:
            owner = owner.container
        if is_container(owner) and name in ("add", "append", "add_module", "extend", "register_module"):
            self.add_to(owner, positional, node.line)
            return owner
        if isinstance(owner, Instance) and name in ("add_module", "register_parameter", "register_buffer"):
            if len(positional) == 2 and isinstance(positional[0], str):
                self.assign_name(f"self.{positional[0]}", positional[1], Scope({}, owner.attributes))
            return None
        if name in ("to", "cuda", "cpu", "compile", "build", "summary", "fit"):
            return owner if name in UNCHANGED else None
        return method_of(self.values, owner, name, positional)

    def add_to(self, owner, positional, line):
        """Follow model.add(layer), layers.append(layer) and net.add_module(name, layer)."""
        if len(positional) == 2:
            self.steps.put(owner, positional[1], positional[0], line)
            return
        for child in positional:
            for each in child if isinstance(child, list | tuple) else [child]:
                self.steps.put(owner, each, None, line)

    def input_layer(self, node, scope):
        """Follow keras.Input: its shape, without the batch."""
        positional, named = self.arguments(node, scope)
        shape = named.get("shape", named.get("input_shape", positional[0] if positional else None))
        batched = named.get("batch_shape", named.get("batch_input_shape"))
        if isinstance(batched, tuple):
            shape = batched[1:]
        if isinstance(shape, list):
            shape = tuple(shape)
        return self.steps.new_input(shape if isinstance(shape, tuple) else None)

    def function(self, name, node, scope):
        """Follow a function of tensors."""
        positional, named = self.arguments(node, scope)
        return self.of_tensors(name, positional, named, node.line)

    def of_tensors(self, name, positional, named, line):
        """Follow a function whose tensors stand among its arguments, one by one or as a list."""
        first = positional[0] if positional else None
        if (
            isinstance(first, list | tuple)
            and first
            and all(isinstance(each, Tensor | Fresh) for each in first)
        ):
            tensors, rest = [self.steps.tensor_of(each) for each in first], positional[1:]
        else:
            tensors = [
                self.steps.tensor_of(value) for value in positional if isinstance(value, Tensor | Fresh)
            ]
            rest = [value for value in positional if not isinstance(value, Tensor | Fresh)]
        tensors = [each for each in tensors if each is not None]
        if not tensors:
            return Unread(f"{name}(...)")
        return on_tensors(self.steps, name, tensors, rest, named, line)

    # ---- the text's own functions and classes ----

    def call_function(self, function, positional, named):
        """Follow a function of the text."""
        function.ran = True
        return self.run_body(function.block, positional, named, self.inside(function.scope))

    def run_body(self, block, positional, named, scope):
        """Follow the lines of a function or method, and return what it returns."""
        if self.steps.full() or self.depth > MOST_DEPTH:
            return Unread("too many calls")
        self.bind_parameters(block.head, positional, named, scope)
        self.depth += 1
        value = None
        try:
            self.run(block.body, scope)
        except Returned as end:
            value = end.value
        except (Next, Break):
            value = Unread("a loop")
        self.depth -= 1
        return value

    def bind_parameters(self, head, positional, named, scope):
        """Give a function's arguments their values."""
        names = [each for each in parameters(head) if each[0] != "self"]
        plain = [name for name, _ in names if not name.startswith("*")]
        place = 0
        for name, default in names:
            if name.startswith("**"):
                scope[name[2:]] = {each: value for each, value in named.items() if each not in plain}
            elif name.startswith("*"):
                scope[name[1:]] = list(positional[place:])
                place = len(positional)
            elif place < len(positional):
                scope[name] = positional[place]
                place += 1
            elif name in named:
                scope[name] = named[name]
            else:
                scope[name] = Unread(name) if default is None else self.values.of(default, scope)

    def instance(self, of, positional, named, hint):
        """Make an object of a class of the text: follow its __init__."""
        made = Instance(of, {})
        initialise = of.methods.get("__init__")
        if initialise and len(self.steps.made) < 2000 and self.depth < MOST_DEPTH:
            scope = Scope({**self.scope, "self": made}, made.attributes)
            self.steps.aside += 1
            self.run_body(initialise, positional, named, scope)
            self.steps.aside -= 1
        elif any(base in CONTAINERS for base in of.bases):
            made.container = self.steps.container("Sequential", positional, 0)
        if made.container is not None and not any(name in of.methods for name in FORWARDS):
            made.container.name = hint.removeprefix("self.")
            return made.container
        return made

    def call_super(self, name, node, scope, given=None):
        """Follow super().__init__(...) and the like."""
        instance = scope.get("self")
        if not isinstance(instance, Instance):
            return None
        positional, named = self.arguments(node, scope)
        if given is not None:
            positional = [self.values.of(each, scope) for each in given]
        for base in instance.of.bases:
            if base in self.classes and name in self.classes[base].methods:
                inner = Scope({**self.scope, "self": instance}, instance.attributes)
                return self.run_body(self.classes[base].methods[name], positional, named, inner)
            if base in CONTAINERS and name == "__init__":
                instance.container = self.steps.container("Sequential", positional, node.line)
        return None

    def call_instance(self, instance, positional, named):
        """Call an object: follow its forward."""
        for name in FORWARDS:
            if name in instance.of.methods:
                return self.call_method(instance, name, positional, named)
        if instance.container is not None:
            return self.call_layer(instance.container, positional, instance.container.line)
        return Unread(f"{instance.of.name}, which has no forward")

    def call_method(self, instance, name, positional, named):
        """Follow a method."""
        scope = Scope({**self.scope, "self": instance}, instance.attributes)
        return self.run_body(instance.of.methods[name], positional, named, scope)


def is_sequential(value):
    """Whether a value is a chain of layers."""
    return isinstance(value, Layer) and value.kind == "Sequential"


def loop_names(blocks):
    """Return the names that loops give to what they go over."""
    heads = [block.head.tokens for block in blocks if isinstance(block, Block)]
    found = [
        token.text for tokens in heads if tokens[0].text == "for" for token in tokens if token.kind == NAME
    ]
    inner = [name for block in blocks if isinstance(block, Block) for name in loop_names(block.body)]
    return [*found, *inner]


def makes_layers(blocks, framework):
    """Whether a layer is made in statements: its name stands before a parenthesis."""
    for block in blocks:
        tokens = block.head.tokens if isinstance(block, Block) else block.tokens
        for place, token in enumerate(tokens[1:]):
            if token.text == "(" and is_layer(tokens[place].text, framework):
                return True
        if isinstance(block, Block) and makes_layers(block.body, framework):
            return True
    return False


def is_super(node):
    """Whether an expression is super()."""
    return isinstance(node, Call) and isinstance(node.target, Name) and node.target.text == "super"


def joined(path, name):
    """Return an attribute's full name."""
    return f"{path}.{name}" if path else name
