"""The parts of a Python text that is followed: blocks by their indentation, functions' parameters,
assignments, and the values that names stand for.
"""

from dataclasses import dataclass, field

from ..records import Layer, SizeOf, Unread
from .expressions import Items, NotRead, Other, parse
from .tokens import CLOSING, NAME, OPENING, SIGN, Statement, Token

OPENS_BLOCK = ("if", "elif", "else", "for", "while", "with", "def", "class", "try", "except", "finally")
GIVES = ("+=", "-=", "*=", "/=", "//=")
COMMA = Token(SIGN, ",", 0)
ADDS = ("append", "extend", "insert", "add", "add_module", "update", "pop")


@dataclass(frozen=True)
class Tensor:
    """A value that a model computes: its number, and which of a layer's outputs it is."""

    number: int
    place: int = 0


@dataclass
class Block:
    """A statement that ends in a colon, and the statements below it."""

    head: object
    body: list = field(default_factory=list)


@dataclass(frozen=True)
class Several:
    """The tensors that an operation makes, as many as its input says: those of split."""

    number: int


@dataclass(frozen=True)
class Fresh:
    """A tensor that the text makes of its sizes, as torch.zeros does; a Parameter is counted."""

    shape: tuple
    line: int
    parameter: bool = False


@dataclass(frozen=True)
class Kind:
    """A layer's class as a value: norm = nn.BatchNorm2d."""

    name: str


@dataclass
class Function:
    """A function of the text."""

    name: str
    block: Block
    scope: object  # the names around it
    ran: bool = False


@dataclass
class Class:
    """A class of the text, with its methods, its attributes and the names of its bases."""

    name: str
    methods: dict
    attributes: dict
    bases: tuple = ()
    names: set = field(default_factory=set)  # every word in it


@dataclass
class Instance:
    """An object of one of the text's classes. `container` is the Sequential that its class is made from."""

    of: Class
    attributes: dict
    container: object = None


def shape_of(tensor):
    """Return the shape of a tensor, as a value."""
    return SizeOf((tensor.number, tensor.place), (None, None))


def is_shape(value):
    """Whether a value is a tensor's shape, or several sizes of one."""
    return isinstance(value, SizeOf) and isinstance(value.axis, tuple)


def size_at(sizes, place):
    """Return one of the sizes in a shape or a part of one."""
    start, stop = sizes.axis
    if place < 0:
        return SizeOf(sizes.value, place if stop is None else stop + place)
    return SizeOf(sizes.value, place + (start or 0))


class TooLong(Exception):
    """The end of a text that does not end by itself, or not soon."""


class Returned(Exception):
    """The value of a return."""

    def __init__(self, value):
        super().__init__()
        self.value = value


class Scope:
    """The names inside a method; what begins with self. belongs to the object."""

    def __init__(self, names, attributes):
        self.names, self.attributes = dict(names), attributes

    def of(self, name):
        """Return the names among which a name stands."""
        return self.attributes if name.startswith("self.") else self.names

    def __contains__(self, name):
        return name in self.of(name)

    def __getitem__(self, name):
        return self.of(name)[name]

    def __setitem__(self, name, value):
        self.of(name)[name] = value

    def get(self, name, default=None):
        """Return a name's value."""
        return self.of(name).get(name, default)

    def setdefault(self, name, value):
        """Give a name a value where it has none."""
        return self.of(name).setdefault(name, value)


def nested(found, start=0, indent=None):
    """Return statements as blocks, by their indentation. What follows a colon on its line is the block."""
    blocks, at = [], 0
    while at < len(found):
        statement = found[at]
        at += 1
        colon = colon_of(statement)
        if colon is None:
            blocks.append(statement)
            continue
        body = []
        if colon + 1 < len(statement.tokens):
            body.append(Statement(statement.tokens[colon + 1 :], statement.indent + 1))
        while at < len(found) and found[at].indent > statement.indent:
            body.append(found[at])
            at += 1
        blocks.append(Block(Statement(statement.tokens[: colon + 1], statement.indent), nested(body)))
    return blocks


def colon_of(statement):
    """Return the place of the colon that begins a block, None for a statement without one."""
    if statement.tokens[0].kind != NAME:
        return None
    if statement.first not in OPENS_BLOCK:
        return len(statement.tokens) - 1 if statement.tokens[-1].text == ":" else None
    depth = 0
    for place, token in enumerate(statement.tokens):
        if token.kind == SIGN and token.text in (*OPENING, *CLOSING):
            depth += 1 if token.text in OPENING else -1
        elif token.kind == NAME and token.text == "lambda":
            depth += 1000  # its colon is none
        elif token.text == ":" and token.kind == SIGN and not depth % 1000:
            if depth < 1000:
                return place
            depth -= 1000
    return None


def parameters(head):
    """Return (name, default or None) of a function's parameters; *args and **kwargs with their stars."""
    words = head.tokens
    texts = [token.text for token in words]
    if "(" not in texts:
        return []
    inside, depth = [[]], 0
    for token in words[texts.index("(") + 1 :]:
        if token.text == ")" and depth == 0:
            break
        depth += (token.text in "([{") - (token.text in ")]}") if token.kind == SIGN else 0
        if token.text == "," and depth == 0:
            inside.append([])
        else:
            inside[-1].append(token)
    found = []
    for part in inside:
        marks = [token.text for token in part]
        if not part or marks in (["*"], ["/"]):
            continue
        default = None
        if "=" in marks:
            try:
                default = parse(part[marks.index("=") + 1 :])
            except NotRead:
                default = Other("a default", part[0].line)
        found.append(("".join(marks[:2]) if marks[0] in ("*", "**") else marks[0], default))
    return found


def assigned(blocks):
    """Return the names that statements give values to, or add something to."""
    found = []
    for block in blocks:
        if isinstance(block, Block):
            if block.head.first in ("for", "with"):
                found.extend(token.text for token in block.head.tokens[1:] if token.kind == NAME)
            found.extend(assigned(block.body))
            continue
        found.extend(given_by(block.tokens))
    return [name for name in dict.fromkeys(found) if name]


def given_by(tokens):
    """Return the names that one statement gives values to, or adds something to."""
    words = [token.text for token in tokens]
    change = next((place for place, word in enumerate(words) if word in GIVES), None)
    targets = [tokens[:change]] if change is not None else split_assignment(tokens)[0]
    if targets:
        found = "".join(token.text for target in targets for token in [*target, COMMA])
        return [part.split("[")[0] for part in found.replace("(", "").replace(")", "").split(",")]
    if "." not in words or "(" not in words:
        return []
    name, _, last = "".join(words[: words.index("(")]).rpartition(".")
    return [name] if last in ADDS else []


def names_in(blocks):
    """Return every name that stands in statements."""
    found = []
    for block in blocks:
        tokens = block.head.tokens if isinstance(block, Block) else block.tokens
        found.extend(token.text for token in tokens if token.kind == NAME)
        if isinstance(block, Block):
            found.extend(names_in(block.body))
    return set(found)


def split_assignment(tokens):
    """Return the targets of an assignment, each as tokens, and the expression; annotations are left out."""
    parts, depth = [[]], 0
    for token in tokens:
        depth += (
            (token.text in "([{") - (token.text in ")]}")
            if token.kind == "sign" and len(token.text) == 1
            else 0
        )
        if token.text == "=" and depth == 0:
            parts.append([])
        else:
            parts[-1].append(token)
    targets = []
    for part in parts[:-1]:
        texts = [token.text for token in part]
        targets.append(part[: texts.index(":")] if ":" in texts else part)
    return targets, parts[-1]


def target_name(targets):
    """Return the name that an assignment gives, "" for none or several."""
    return "".join(token.text for token in targets[0]) if len(targets) == 1 else ""


def leaves(target):
    """Return the names of a tuple of targets, nested ones as well."""
    found = []
    for item in target.items:
        found.extend(leaves(item) if isinstance(item, Items) else [item])
    return found


def last_line(block):
    """Return the last line of a block."""
    end = block
    while isinstance(end, Block):
        if not end.body:
            return end.head.line
        end = end.body[-1]
    return end.tokens[-1].line


def text_of(value):
    """Return how a value is written, for a sentence."""
    if isinstance(value, Unread):
        return value.text
    if isinstance(value, Layer):
        return value.kind
    if isinstance(value, Tensor):
        return "a tensor"
    return repr(value)


def shown(tokens):
    """Return a statement's text, shortened."""
    text = ""
    for before, token in zip([None, *tokens], tokens, strict=False):
        tight = before is None or token.text in "),.]}:(" or before.text in "([{." or token.text == "["
        text += token.text if tight else f" {token.text}"
    return text if len(text) <= 60 else f"{text[:57]}..."
