"""Expressions of a text: numbers, strings, names, tuples, calls and arithmetic. What is anything else is an
Other.
"""

from dataclasses import dataclass, field

from .tokens import CLOSING, NAME, NUMBER, OPENING, SIGN, STRING

ESCAPES = {
    "\n": "", "\\": "\\", "'": "'", '"': '"', "a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r",
    "t": "\t", "v": "\v", "0": "\0",
}  # fmt: skip
CODES = {"x": 2, "u": 4, "U": 8}  # how many digits follow
HEXADECIMAL, LAST_CODE = "0123456789abcdef", 0x10FFFF
LEVELS = (("+", "-"), ("*", "/", "//", "%", "@"))


class NotRead(ValueError):
    """What is no expression that can be read; the message says where it ends."""


@dataclass(frozen=True)
class Value:
    """A number, a string, True, False or None."""

    value: object
    line: int


@dataclass(frozen=True)
class Name:
    """A dotted name: nn.Conv2d, self.conv1."""

    text: str
    line: int


@dataclass(frozen=True)
class Items:
    """A tuple, list or dict (of pairs)."""

    items: tuple
    line: int
    kind: str = "tuple"


@dataclass(frozen=True)
class Call:
    """A call: what is called, and the arguments by position and by name."""

    target: object
    positional: tuple
    named: dict = field(hash=False)
    line: int = 0


@dataclass(frozen=True)
class Binary:
    """Two expressions and the sign between them."""

    sign: str
    left: object
    right: object
    line: int


@dataclass(frozen=True)
class Part:
    """An attribute of an expression (x.shape is a Name; a.b().c is not), or an item of it."""

    of: object
    name: str
    index: object
    line: int


@dataclass(frozen=True)
class Other:
    """Something that has no value here: a lambda, a comprehension, a formatted string."""

    text: str
    line: int


class Parser:
    """Reads one expression from tokens."""

    def __init__(self, tokens):
        self.tokens, self.at = tokens, 0

    @property
    def text(self):
        """The next word, "" at the end."""
        return self.tokens[self.at].text if self.at < len(self.tokens) else ""

    @property
    def line(self):
        """The next word's line, the last one's at the end."""
        return self.tokens[min(self.at, len(self.tokens) - 1)].line if self.tokens else 0

    def take(self, *texts):
        """Whether the next word is one of these; it is passed then."""
        if self.text in texts and self.tokens[self.at].kind != STRING:
            self.at += 1
            return True
        return False

    def expression(self, level=0):
        """Read sums of products of powers of single expressions."""
        if level == len(LEVELS):
            return self.unary()
        left = self.expression(level + 1)
        while self.text in LEVELS[level] and self.tokens[self.at].kind == SIGN:
            sign, line = self.text, self.line
            self.at += 1
            left = Binary(sign, left, self.expression(level + 1), line)
        return left

    def unary(self):
        """Read a single expression with a sign before it, and its power."""
        line = self.line
        if self.take("-"):
            return Binary("-", Value(0, line), self.unary(), line)
        if self.take("+"):
            return self.unary()
        if self.take("*", "**"):  # unpacking
            inner = self.unary()
            return Call(Name("*", line), (inner,), {}, line)
        made = self.trailers(self.atom())
        if self.take("**"):
            return Binary("**", made, self.unary(), line)
        return made

    def atom(self):
        """Read what stands without a sign."""
        if self.at >= len(self.tokens):
            raise NotRead("it ends too early")
        token = self.tokens[self.at]
        self.at += 1
        if token.kind == NUMBER:
            return Value(number(token.text), token.line)
        if token.kind == STRING:
            return self.string(token)
        if token.kind == NAME and token.text in ("lambda", "not", "await", "yield"):
            raise NotRead(f"`{token.text}`")
        if token.kind == NAME:
            constants = {"True": True, "False": False, "None": None}
            if token.text in constants:
                return Value(constants[token.text], token.line)
            return Name(token.text, token.line)
        if token.text == "...":
            return Other("...", token.line)
        if token.text in ("(", "["):
            return self.group(token)
        if token.text == "{":
            return self.pairs(token)
        raise NotRead(f"`{token.text}`")

    def string(self, token):
        """Return a string's value; several in a row are one."""
        parts = [token.text]
        while self.at < len(self.tokens) and self.tokens[self.at].kind == STRING:
            parts.append(self.text)
            self.at += 1
        if any("f" in prefix(part) or "b" in prefix(part) for part in parts):
            return Other(" ".join(parts), token.line)
        return Value("".join(unquoted(part) for part in parts), token.line)

    def group(self, opening):
        """Read a tuple, a list, or an expression in parentheses."""
        end = CLOSING[OPENING.index(opening.text)]
        items, comma = [], False
        while self.text != end:
            if not self.text:
                raise NotRead(f"`{opening.text}` is not closed")
            items.append(self.argument_value())
            if self.text == "for":
                return self.skip(opening, end)
            if not self.take(","):
                break
            comma = True
        if not self.take(end):
            raise NotRead(f"`{self.text}`" if self.text else f"`{opening.text}` is not closed")
        if opening.text == "(" and len(items) == 1 and not comma:
            return items[0]
        return Items(tuple(items), opening.line, "tuple" if opening.text == "(" else "list")

    def pairs(self, opening):
        """Read a dict; a set is nothing that is needed."""
        items = []
        while self.text != "}":
            if not self.text:
                raise NotRead("`{` is not closed")
            key = self.expression()
            if not self.take(":"):
                return self.skip(opening, "}")
            items.append(Items((key, self.argument_value()), opening.line))
            if self.text == "for":
                return self.skip(opening, "}")
            if not self.take(","):
                break
        if not self.take("}"):
            raise NotRead(f"`{self.text}`")
        return Items(tuple(items), opening.line, "dict")

    def skip(self, opening, end):
        """Pass everything up to the bracket that closes, and return it as an Other."""
        depth, words = 1, []
        while self.text and depth:
            depth += (self.text in OPENING) - (self.text in CLOSING)
            words.append(self.text)
            self.at += 1
        return Other(f"{opening.text} ... {' '.join(words)}"[:60], opening.line)

    def argument_value(self):
        """Read an expression, of which a comparison or a condition makes an Other."""
        made = self.expression()
        if self.text in ("if", "==", "!=", "<", ">", "<=", ">=", "and", "or", "in", "is", ":="):
            words = []
            depth = 0
            while self.text and not (depth == 0 and self.text in (",", *CLOSING)):
                depth += (self.text in OPENING) - (self.text in CLOSING)
                words.append(self.text)
                self.at += 1
            return Other(" ".join(words), made.line)
        return made

    def trailers(self, made):
        """Read the calls, attributes and items behind an expression."""
        while True:
            line = self.line
            if self.take("("):
                made = self.call(made, line)
            elif self.take("."):
                if self.at >= len(self.tokens) or self.tokens[self.at].kind != NAME:
                    raise NotRead("a name is missing after `.`")
                name, self.at = self.text, self.at + 1
                made = (
                    Name(f"{made.text}.{name}", made.line)
                    if isinstance(made, Name)
                    else Part(made, name, None, line)
                )
            elif self.take("["):
                made = Part(made, "", self.index(), line)
            else:
                return made

    def index(self):
        """Read what stands in brackets; of a slice nothing is kept."""
        start = self.at
        if self.text != ":":
            inside = self.argument_value()
            if self.take("]"):
                return inside
        self.at = start
        depth, words = 1, []
        while self.text and depth:
            depth += (self.text in OPENING) - (self.text in CLOSING)
            if depth:
                words.append(self.text)
            self.at += 1
        return Other(" ".join(words), self.line)

    def call(self, target, line):
        """Read the arguments of a call up to the parenthesis."""
        positional, named = [], {}
        while self.text != ")":
            if not self.text:
                raise NotRead("`(` is not closed")
            following = self.tokens[self.at + 1].text if self.at + 1 < len(self.tokens) else ""
            if self.tokens[self.at].kind == NAME and following == "=":
                name = self.text
                self.at += 2
                named[name] = self.argument_value()
            else:
                value = self.argument_value()
                if self.text == "for":
                    depth = 0
                    while self.text and not (depth == 0 and self.text == ")"):
                        depth += (self.text in OPENING) - (self.text in CLOSING)
                        self.at += 1
                    value = Other("a comprehension", line)
                positional.append(value)
            if not self.take(","):
                break
        if not self.take(")"):
            raise NotRead(f"`{self.text}`" if self.text else "`(` is not closed")
        first = target.line if hasattr(target, "line") else line
        return Call(target, tuple(positional), named, first)


def prefix(text):
    """Return the letters before a string's quotes, in lower case."""
    return text[:2].lower().split('"')[0].split("'")[0]


def unquoted(text):
    """Return the value of a string from its text."""
    inside = text[len(prefix(text)) :]
    quotes = 3 if inside[:3] in ('"""', "'''") and len(inside) > 5 else 1
    inside = inside[quotes:-quotes]
    if "r" in prefix(text) or "\\" not in inside:
        return inside
    parts, at = [], 0
    while at < len(inside):
        letter, following = inside[at], inside[at + 1 : at + 2]
        if letter != "\\":
            parts.append(letter)
            at += 1
        elif following in CODES:
            code = inside[at + 2 : at + 2 + CODES[following]]
            parts.append(chr(sixteen(code)))
            at += 2 + len(code)
        else:
            parts.append(ESCAPES.get(following, letter + following))
            at += 2
    return "".join(parts)


def sixteen(digits):
    """Return a number that is written with sixteen digits; raise NotRead for what is none."""
    total = 0
    for digit in digits.lower():
        if digit not in HEXADECIMAL:
            raise NotRead(f"`{digits}`")
        total = 16 * total + HEXADECIMAL.index(digit)
    if total > LAST_CODE:
        raise NotRead(f"`{digits}`")
    return total


def number(text):
    """Return a number from its text."""
    plain = text.replace("_", "")
    return int(plain) if plain.isdecimal() else float(plain)


def parse(tokens):
    """Return the expression that tokens make; raise NotRead where something is left or missing."""
    parser = Parser(tokens)
    made = parser.argument_value()
    if parser.text == "," or parser.at < len(tokens):
        items = [made]
        while parser.take(","):
            if not parser.text:
                break
            items.append(parser.argument_value())
        if parser.text:
            raise NotRead(f"`{parser.text}`")
        return items[0] if len(items) == 1 else Items(tuple(items), made.line)
    return made
