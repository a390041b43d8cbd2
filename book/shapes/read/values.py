"""What the expressions of a text stand for: plain values, layers, tensors, the text's own functions, classes
and objects. What has no value that is known is Unread.
"""

from ..arithmetic import computed
from ..records import Late, Layer, SizeOf, Unread
from .expressions import Binary, Call, Choice, Cut, Each, Formatted, Items, Logic, Name, Other, Part, Value
from .names import CONTAINERS, MODULES, is_layer
from .steps import is_container
from .structure import (
    Class,
    Fresh,
    Function,
    Instance,
    Kind,
    Several,
    Tensor,
    is_shape,
    shape_of,
    size_at,
    text_of,
)
from .tensors import SIGNS, item

MOST_ROUNDS = 200  # of a loop


class Values:
    """Evaluates expressions. `reader` follows the calls in them."""

    def __init__(self, reader, steps):
        self.reader, self.steps = reader, steps

    def of(self, node, scope, hint=""):
        """Return what an expression stands for. Raises TooLong where the text does not end."""
        self.steps.go_on()
        if isinstance(node, Value):
            return node.value
        if isinstance(node, Name):
            return self.named(node.text, scope)
        if isinstance(node, Items):
            return self.items(node, scope)
        if isinstance(node, Binary):
            return self.binary(node, scope)
        if isinstance(node, Call):
            return self.reader.call(node, scope, hint)
        if isinstance(node, Part):
            return self.part(node, scope)
        if isinstance(node, Choice):
            known = self.truth(self.of(node.condition, scope))
            if known is None:
                return self.either(self.of(node.yes, scope), self.of(node.no, scope))
            return self.of(node.yes if known else node.no, scope)
        if isinstance(node, Logic):
            return self.logic(node, scope)
        if isinstance(node, Each):
            return self.each(node, scope)
        if isinstance(node, Formatted):
            return self.formatted(node, scope)
        return Unread(node.text if isinstance(node, Other) else "an expression")

    def either(self, yes, no):
        """Return what two ways have in common."""
        same = all(each is None or isinstance(each, int | str) for each in (yes, no)) and yes == no
        return yes if same else Unread(f"{text_of(yes)} or {text_of(no)}")

    def items(self, node, scope):
        """Return a tuple, list or dict."""
        if node.kind == "dict":
            made = {}
            for pair in node.items:
                key = self.of(pair.items[0], scope)
                put_item(made, key, self.of(pair.items[1], scope))
            return made
        made = []
        for each in node.items:
            value = self.of_star(each, scope)
            made.extend(value if is_star(each) else [value])
        return tuple(made) if node.kind == "tuple" else made

    def of_star(self, node, scope):
        """Return an expression's value; of *values the items."""
        if not is_star(node):
            return self.of(node, scope)
        inner = self.of(node.positional[0], scope)
        found = self.listed(inner)
        return [inner] if found is None else found

    # ---- names, items, attributes ----

    def named(self, text, scope):
        """Return what a dotted name stands for."""
        if text in scope:
            return scope[text]
        start, _, last = text.rpartition(".")
        if start:
            return self.attribute(self.named(start, scope), last, text)
        if text in self.reader.classes:
            return self.reader.classes[text]
        if text[:1].isupper() and (is_layer(text, self.steps.framework) or text in CONTAINERS):
            return Kind(text)
        return Unread(text)

    def attribute(self, owner, name, text):
        """Return an attribute of a value."""
        if isinstance(owner, Tensor):
            if name == "shape":
                return shape_of(owner)
            rank = {"T": "t", "mT": "mT"}.get(name)
            return (
                self.steps.operation(rank, {}, [owner], 0)
                if rank
                else owner
                if name == "data"
                else Unread(text)
            )
        if isinstance(owner, Fresh) and name == "data":
            return owner
        if isinstance(owner, Instance):
            if f"self.{name}" in owner.attributes:
                return owner.attributes[f"self.{name}"]
            if name == "training":
                return True
            if name == "__class__":
                return owner.of
            return self.attribute(owner.of, name, text)
        if isinstance(owner, Class):
            return owner.attributes.get(name, Unread(text))
        if isinstance(owner, Layer):
            child = next((each for each in owner.children if each.name == name), None)
            if child is not None:
                return self.steps.objects.get(id(child), child)
            return owner.settings.get(name, Unread(text))
        if isinstance(owner, Unread) and text.split(".")[0] in MODULES:
            if name[:1].isupper() and (is_layer(name, self.steps.framework) or name in CONTAINERS):
                return Kind(name)
            return {"pi": 3.141592653589793, "inf": Unread(text)}.get(name, Unread(text))
        return Unread(text)

    def part(self, node, scope):
        """Return an item or an attribute of a value."""
        owner = self.of(node.of, scope)
        if node.index is None:
            return self.attribute(owner, node.name, f"an attribute {node.name}")
        if isinstance(owner, Tensor):
            return item(self.steps, owner, self.index(node.index, scope), node.line)
        if is_shape(owner):
            return self.part_of_shape(owner, node.index, scope)
        if isinstance(owner, Several):
            index = self.of(node.index, scope)
            return Tensor(owner.number, index) if isinstance(index, int) and index >= 0 else Unread("a part")
        if isinstance(node.index, Cut):
            found = self.listed(owner)
            bounds = self.index(node.index, scope)
            if found is None or any(each is not None and not isinstance(each, int) for each in bounds):
                return Unread("a part of something")
            return sliced(found, bounds)
        return self.item_of(owner, self.of(node.index, scope))

    def item_of(self, owner, index):
        """Return an item of a list, a dict, or a container of layers."""
        if isinstance(owner, dict):
            return (
                owner.get(index, Unread("an item of a dict"))
                if is_key(index)
                else Unread("an item of a dict")
            )
        if isinstance(owner, Layer) and isinstance(index, str):
            return self.attribute(owner, index, index)
        found = self.listed(owner)
        if found is None or not isinstance(index, int) or not -len(found) <= index < len(found):
            return Unread("an item of something")
        return found[index]

    def index(self, node, scope):
        """Return what stands in the brackets behind a tensor, a slice as (start, stop, step)."""
        if isinstance(node, Items) and node.kind == "tuple":
            return tuple(self.index_item(each, scope) for each in node.items)
        return self.index_item(node, scope)

    def index_item(self, node, scope):
        """Return one item of an index."""
        if isinstance(node, Cut):
            ends = [
                None if each is None else self.of(each, scope) for each in (node.start, node.stop, node.step)
            ]
            return tuple(ends)
        if isinstance(node, Other) and node.text == "...":
            return "..."
        value = self.of(node, scope)
        return "None" if value is None else value

    def part_of_shape(self, sizes, node, scope):
        """Return x.shape[...]: one size, or several."""
        index = self.index_item(node, scope)
        if isinstance(index, int):
            return size_at(sizes, index)
        plain = isinstance(index, tuple) and all(each is None or isinstance(each, int) for each in index)
        if plain and index[2] is None and sizes.axis == (None, None):
            return SizeOf(sizes.value, index[:2])
        return Unread("a size of a tensor")

    def listed(self, value):
        """Return the items of a value that a loop goes over, None where they are not known."""
        if isinstance(value, dict):
            return list(value)
        if isinstance(value, list | tuple):
            return list(value)
        if isinstance(value, Instance) and value.container is not None:
            value = value.container
        if is_container(value):
            return [self.steps.objects.get(id(child), child) for child in value.children]
        return None

    # ---- arithmetic and conditions ----

    def binary(self, node, scope):
        """Compute with numbers; a sum or product with a tensor is an operation."""
        return self.computed(node.sign, self.of(node.left, scope), self.of(node.right, scope), node.line)

    def computed(self, sign, left, right, line):
        """Return what a sign makes of two values."""
        if isinstance(left, Tensor | Fresh) or isinstance(right, Tensor | Fresh):
            return self.with_tensors(sign, left, right, line)
        if sizes(left) and sizes(right) and not (numbers(left) and numbers(right)):
            return Late(sign, left, right)
        if isinstance(left, list | tuple) and type(left) is type(right) and sign == "+":
            return left + right
        if isinstance(left, list | tuple) and isinstance(right, int) and sign == "*" and right < MOST_ROUNDS:
            return left * right
        if not numbers(left) or not numbers(right):
            return Unread(f"{text_of(left)} {sign} {text_of(right)}")
        return computed(sign, left, right)

    def with_tensors(self, sign, left, right, line):
        """Note arithmetic of tensors."""
        given = [left, right]
        if sign in ("*", "/", "+", "-") and (numbers(left) or numbers(right)) and self.framed(left, right):
            return left if numbers(right) else right
        tensors = [tensor for tensor in map(self.steps.tensor_of, given) if tensor is not None]
        others = [each for each in given if not isinstance(each, Tensor | Fresh)]
        plain = all(numbers(each) or sizes(each) for each in others)
        if sign == "@" and len(tensors) == 2 and self.steps.framework == "pytorch":
            return self.steps.operation("matmul", {}, tensors, line)
        if not tensors or sign not in (*SIGNS, "**", "//", "%") or not plain:
            return self.steps.unknown(line, f"`{text_of(left)} {sign} {text_of(right)}`")
        if len(tensors) == 1:
            return tensors[0]
        return self.steps.operation(SIGNS.get(sign, "mul"), {}, tensors, line)

    def framed(self, left, right):
        """Whether one of two values is a tensor that the text makes of its sizes."""
        return isinstance(left, Fresh) or isinstance(right, Fresh)

    def truth(self, value):
        """Whether a value is true, None where that is not known."""
        if isinstance(value, Layer | Instance):
            return bool(value.children) if is_container(value) else True
        if value is None or isinstance(value, bool | int | float | str | list | tuple | dict):
            return bool(value)
        return True if isinstance(value, Kind | Class | Function) else None

    def logic(self, node, scope):
        """Return a comparison, or what `and`, `or` and `not` make of values."""
        if node.sign == "not":
            known = self.truth(self.of(node.items[0], scope))
            return Unread("not ...") if known is None else not known
        if node.sign in ("and", "or"):
            value = None
            for each in node.items:
                value = self.of(each, scope)
                known = self.truth(value)
                if known is None or known == (node.sign == "or"):
                    return value
            return value
        left, right = self.of(node.items[0], scope), self.of(node.items[1], scope)
        if node.sign in ("is", "is not") and right is None:
            if isinstance(left, Unread):
                return Unread(f"{left.text} is None")
            return (left is None) == (node.sign == "is")
        if not comparable(left) or not comparable(right):
            return self.unlike(left, right, node.sign)
        return compared(node.sign, left, right)

    def unlike(self, left, right, sign):
        """Compare values that have no order: layers' classes, or a layer with something else."""
        if (
            isinstance(left, Kind | Class)
            and isinstance(right, Kind | Class)
            and sign in ("==", "!=", "is", "is not")
        ):
            return (left.name == right.name) == (sign in ("==", "is"))
        return Unread(f"{text_of(left)} {sign} {text_of(right)}")

    def each(self, node, scope):
        """Return the list of a comprehension."""
        over = self.listed(self.of(node.over, scope))
        if over is None or len(over) > MOST_ROUNDS:
            return Unread("a comprehension")
        made, inner = [], self.reader.inside(scope)
        for value in over:
            self.reader.assign(node.target, value, inner)
            known = [self.truth(self.of(condition, inner)) for condition in node.conditions]
            if None in known:
                return Unread("a comprehension")
            if all(known):
                made.append(self.of(node.item, inner))
        return made

    def formatted(self, node, scope):
        """Return the text of an f-string."""
        parts = [each if isinstance(each, str) else self.of(each, scope) for each in node.parts]
        known = all(isinstance(each, str | int) for each in parts)
        return "".join(str(each) for each in parts) if known else Unread(node.text)


def is_star(node):
    """Whether an expression is unpacked: *values."""
    return isinstance(node, Call) and isinstance(node.target, Name) and node.target.text == "*"


def numbers(value):
    """Whether a value is a number."""
    return isinstance(value, int | float)


def sizes(value):
    """Whether a value is a number, or a size that only the input says."""
    return isinstance(value, int | float | SizeOf | Late) and not is_shape(value)


def is_key(value):
    """Whether a value is a dict's key here."""
    return isinstance(value, str | int)


def put_item(made, key, value):
    """Put an item into a dict; a key that is not known is one of its own."""
    made[key if is_key(key) else f"key {len(made)}"] = value


def comparable(value):
    """Whether a value is compared by what it is."""
    if isinstance(value, list | tuple):
        return all(comparable(each) for each in value)
    return value is None or isinstance(value, bool | int | float | str | dict)


def compared(sign, left, right):
    """Compare two plain values."""
    if sign in ("in", "not in"):
        if not isinstance(right, list | tuple | dict | str) or (
            isinstance(right, str) and not isinstance(left, str)
        ):
            return Unread(f"{text_of(left)} {sign} {text_of(right)}")
        return (left in right) == (sign == "in")
    if sign in ("==", "is"):
        return left == right
    if sign in ("!=", "is not"):
        return left != right
    both = (numbers(left) and numbers(right)) or (isinstance(left, str) and isinstance(right, str))
    if not both:
        return Unread(f"{text_of(left)} {sign} {text_of(right)}")
    if sign == "<":
        return left < right
    if sign == "<=":
        return left <= right
    return left > right if sign == ">" else left >= right


def sliced(found, bounds):
    """Return a part of a list: found[start:stop:step]."""
    start, stop, step = bounds
    if step == 0:
        return Unread("a step of 0")
    if step is None or step > 0:
        return (
            found[start:stop]
            if step is None
            else [each for place, each in enumerate(found[start:stop]) if place % step == 0]
        )
    if start is None and stop is None and step == -1:
        return list(reversed(found))
    return Unread("a part of something")
