"""Python's words, read from a text that need not be a whole program: names, numbers, strings and signs with
their lines.

Not by ast: a text is read while it is typed or as it was cut out, line by line, and one line that is no
Python must not cost the others. The page's script reads it in the same way.
"""

import re
from dataclasses import dataclass

NAME, NUMBER, STRING, SIGN, OTHER = "name", "number", "string", "sign", "other"
PATTERN = re.compile(
    r"""(?P<space>[ \t\r\f]+|\\\n)|(?P<comment>\#[^\n]*)|(?P<newline>\n)
    |(?P<string>[rbfuRBFU]{0,2}(?:\"\"\".*?\"\"\"|'''.*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'))
    |(?P<number>(?:\d[\d_]*)?\.?\d[\d_]*(?:[eE][+-]?\d+)?\.?)
    |(?P<name>(?!\d)\w+)
    |(?P<sign>\*\*|//=|//|->|==|!=|<=|>=|:=|\+=|-=|\*=|/=|\.\.\.|[-+*/%@=<>()\[\]{},.:;|&^~])
    |(?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
OPENING, CLOSING = "([{", ")]}"


@dataclass(frozen=True)
class Token:
    """One word of a text."""

    kind: str
    text: str
    line: int


@dataclass
class Statement:
    """The words between two ends of lines that no bracket holds together."""

    tokens: list
    indent: int

    @property
    def line(self):
        """The line on which it begins."""
        return self.tokens[0].line

    @property
    def first(self):
        """Its first word."""
        return self.tokens[0].text


def statements(text, first_line=1):
    """Return the statements of a text, without comments. Brackets that stay open end with the text."""
    found, current, depth = [], [], 0
    line, indent, at_start = first_line, 0, True
    for match in PATTERN.finditer(text):
        kind, word = match.lastgroup, match.group()
        if at_start and kind not in ("newline", "comment"):
            indent = len(word.expandtabs(4)) if kind == "space" and word != "\\\n" else 0
            at_start = False
        if kind == "newline" or (kind == "sign" and word == ";" and not depth):
            if current and not depth:
                found.append(current)
                current = []
            at_start = at_start or (kind == "newline" and not depth)
        elif kind not in ("space", "comment"):
            if not current:
                current = Statement([], indent)
            current.tokens.append(Token(kind, word, line))
            depth += (word in OPENING) - (word in CLOSING) if kind == "sign" else 0
            depth = max(depth, 0)
        line += word.count("\n")
    if current:
        found.append(current)
    return found
