"""The parts of a Python text that is followed: blocks by their indentation, functions' parameters,
assignments, and the values that names stand for.
"""

from dataclasses import dataclass, field

from ..records import Layer, Unread
from .expressions import Items, NotRead, Other, parse
from .tokens import NAME


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


@dataclass
class Class:
    """A class of the text, with its methods by name."""

    name: str
    methods: dict


@dataclass
class Instance:
    """An object of one of the text's classes."""

    of: Class
    attributes: dict
    name: str = ""


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
    """Return statements as blocks, by their indentation."""
    blocks, at = [], 0
    while at < len(found):
        statement = found[at]
        at += 1
        if statement.tokens[-1].text == ":" and statement.tokens[0].kind == NAME:
            body = []
            while at < len(found) and found[at].indent > statement.indent:
                body.append(found[at])
                at += 1
            blocks.append(Block(statement, nested(body)))
        else:
            blocks.append(statement)
    return blocks


def parameters(head):
    """Return (name, default or None) of a function's parameters."""
    words = head.tokens
    texts = [token.text for token in words]
    if "(" not in texts:
        return []
    inside, depth = [[]], 0
    for token in words[texts.index("(") + 1 :]:
        if token.text == ")" and depth == 0:
            break
        depth += (token.text in "([{") - (token.text in ")]}") if token.kind == "sign" else 0
        if token.text == "," and depth == 0:
            inside.append([])
        else:
            inside[-1].append(token)
    found = []
    for part in inside:
        if not part or part[0].text in ("*", "**", "/"):
            continue
        marks = [token.text for token in part]
        default = None
        if "=" in marks:
            try:
                default = parse(part[marks.index("=") + 1 :])
            except NotRead:
                default = Other("a default", part[0].line)
        found.append((part[0].text, default))
    return found


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


def skips_super(tokens):
    """Whether a statement only calls the parent's __init__."""
    return tokens[0].text == "super" or (len(tokens) > 2 and tokens[-1].text == ")" and "__init__" in
                                         [token.text for token in tokens[:6]] and
                                         tokens[0].text[:1].isupper())  # fmt: skip


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
