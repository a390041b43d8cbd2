"""Expressions of a text: numbers, strings, names, tuples, calls and arithmetic. What is anything else is an
Other.
"""

from dataclasses import dataclass, field

from .tokens import CLOSING, NAME, NUMBER, OPENING, SIGN, STRING, statements

ESCAPES = {
    "\n": "", "\\": "\\", "'": "'", '"': '"', "a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r",
    "t": "\t", "v": "\v", "0": "\0",
}  # fmt: skip
CODES = {"x": 2, "u": 4, "U": 8}  # how many digits follow
HEXADECIMAL, LAST_CODE = "0123456789abcdef", 0x10FFFF
LEVELS = (("|",), ("+", "-"), ("*", "/", "//", "%", "@"))
COMPARISONS = ("==", "!=", "<", ">", "<=", ">=", "in", "is", "not")


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
class Choice:
    """One expression or another: a if b else c."""

    condition: object
    yes: object
    no: object
    line: int


@dataclass(frozen=True)
class Logic:
    """Expressions and what joins them: "and", "or", "not", or a comparison of two."""

    sign: str
    items: tuple
    line: int


@dataclass(frozen=True)
class Each:
    """A comprehension: an expression for each item of another one, where conditions hold."""

    item: object
    target: object
    over: object
    conditions: tuple
    line: int


@dataclass(frozen=True)
class Cut:
    """A slice: start:stop:step, each an expression or None."""

    start: object
    stop: object
    step: object
    line: int


@dataclass(frozen=True)
class Formatted:
    """A formatted string: texts and expressions in order."""

    parts: tuple
    text: str
    line: int


@dataclass(frozen=True)
class Other:
    """Something that has no value here: a lambda, a set, bytes."""

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
        if self.text in ("*", "**"):  # unpacking
            sign = self.text
            self.at += 1
            return Call(Name(sign, line), (self.unary(),), {}, line)
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
        if token.kind == NAME and token.text in ("not", "await", "yield", "if", "else", "for", "in", "is"):
            raise NotRead(f"`{token.text}`")
        if token.kind == NAME and token.text == "lambda":
            return self.rest_of("lambda", token.line)
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
        if any("b" in prefix(part) for part in parts):
            return Other(" ".join(parts), token.line)
        if any("f" in prefix(part) for part in parts):
            return formatted(parts, token.line)
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
                return self.each(items[0], opening, end)
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

    def each(self, item, opening, end):
        """Read the rest of a comprehension; several loops in one have no value here."""
        start = self.at
        self.take("for")
        targets = [self.expression()]
        while self.take(","):
            targets.append(self.expression())
        if not self.take("in"):
            raise NotRead("a `for` without `in`")
        over, conditions = self.logic(), []
        while self.take("if"):
            conditions.append(self.logic())
        if not self.take(end):
            self.at = start
            return self.skip(opening, end)
        target = targets[0] if len(targets) == 1 else Items(tuple(targets), opening.line)
        return Each(item, target, over, tuple(conditions), opening.line)

    def argument_value(self):
        """Read an expression with its conditions: a if b else c."""
        made = self.logic()
        if self.take(":="):
            return self.rest_of(":=", self.line)
        if not self.take("if"):
            return made
        condition = self.logic()
        if not self.take("else"):
            raise NotRead("an `if` without `else`")
        return Choice(condition, made, self.argument_value(), self.line)

    def rest_of(self, sign, line):
        """Pass everything up to the comma or bracket that ends an expression, and return it as an Other."""
        words, depth = [sign], 0
        while self.text and not (depth == 0 and self.text in (",", *CLOSING)):
            depth += (self.text in OPENING) - (self.text in CLOSING)
            words.append(self.text)
            self.at += 1
        return Other(" ".join(words), line)

    def logic(self, sign="or"):
        """Read expressions joined by `or`, which are joined by `and`."""
        made = self.logic("and") if sign == "or" else self.comparison()
        if self.text != sign:
            return made
        items, line = [made], self.line
        while self.take(sign):
            items.append(self.logic("and") if sign == "or" else self.comparison())
        return Logic(sign, tuple(items), line)

    def comparison(self):
        """Read a comparison, or what is none; several in a row hold together."""
        line = self.line
        if self.take("not"):
            return Logic("not", (self.comparison(),), line)
        left, found = self.expression(), []
        while self.text in COMPARISONS and self.at < len(self.tokens) and self.tokens[self.at].kind != STRING:
            sign = self.text
            self.at += 1
            if sign == "not" and self.take("in"):
                sign = "not in"
            elif sign == "is" and self.take("not"):
                sign = "is not"
            right = self.expression()
            found.append(Logic(sign, (left, right), line))
            left = right
        if not found:
            return left
        return found[0] if len(found) == 1 else Logic("and", tuple(found), line)

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
        """Read what stands in brackets: one item or slice, or a tuple of them."""
        line, items, comma = self.line, [], False
        while self.text != "]":
            if not self.text:
                raise NotRead("`[` is not closed")
            items.append(self.cut())
            if not self.take(","):
                break
            comma = True
        if not self.take("]"):
            raise NotRead(f"`{self.text}`" if self.text else "`[` is not closed")
        return items[0] if len(items) == 1 and not comma else Items(tuple(items), line)

    def cut(self):
        """Read an item in brackets, which may be a slice."""
        line, parts = self.line, [None]
        if self.text not in (":", ","):
            parts = [self.argument_value()]
            if self.text != ":":
                return parts[0]
        while self.take(":"):
            parts.append(None if self.text in (":", ",", "]", "") else self.argument_value())
        if len(parts) > 3:
            raise NotRead("`:`")
        return Cut(parts[0], parts[1], parts[2] if len(parts) > 2 else None, line)

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
                    positional.append(self.each(value, self.tokens[self.at], ")"))
                    return Call(target, tuple(positional), named, line)
                positional.append(value)
            if not self.take(","):
                break
        if not self.take(")"):
            raise NotRead(f"`{self.text}`" if self.text else "`(` is not closed")
        first = target.line if hasattr(target, "line") else line
        return Call(target, tuple(positional), named, first)


def formatted(parts, line):
    """Return the Formatted of an f-string; of a format behind a colon nothing is known."""
    pieces = []
    for part in parts:
        inside = unquoted(part)
        if "f" not in prefix(part):
            pieces.append(inside)
            continue
        for place, piece in enumerate(inside.replace("{{", "\x00").replace("}}", "\x01").split("{")):
            code, closed, rest = piece.partition("}")
            if place:
                pieces.append(inner(code, line) if closed else Other(code, line))
            pieces.append((rest if place else piece).replace("\x00", "{").replace("\x01", "}"))
    return Formatted(tuple(pieces), " ".join(parts), line)


def inner(code, line):
    """Return the expression between the braces of an f-string."""
    found = statements(code)
    if len(found) != 1:
        return Other(code, line)
    try:
        return parse(found[0].tokens)
    except NotRead:
        return Other(code, line)


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
