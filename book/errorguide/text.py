"""The first step: read a pasted text as tokens, what is left of it when its decoration is gone.

Quotes, backslashes and anything that is not ASCII carry no meaning in a message about shapes and are dropped.
"""

import re
from typing import NamedTuple

ESCAPES = re.compile(r"\x1b\[[0-9;:]*[A-Za-z]|\x1b\][^\x07\x1b\n]{0,200}(?:\x07|\x1b\\)|\x1b")
# What is left of a colour code where the escape character was lost on the way.
LOST_ESCAPES = re.compile(r"\[[0-9]{1,2}(?:;[0-9]{1,3}){0,4}m")
# Decoration at the start of a line: quoting, pytest's E, a log's rank, a pasted prompt.
LINE_START = re.compile(r"^[ \t]*(?:E[ \t]{2,}|[>|#│][ \t]*|\[(?:rank)?[0-9]+\]:[ \t]*)+", re.MULTILINE)
ENTITIES = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'", "&#x27;": "'", "&amp;": "&", "&nbsp;": " "}
TOKENS = re.compile(r"(?<=[0-9])[xX](?=[0-9])|[A-Za-z_][A-Za-z0-9_]*|[0-9]+|[!-/:-@\[-`{-~]|\n")
LONGEST_NUMBER = 15  # digits; more than that is no size, and a browser could not count so far exactly
MOST_TOKENS = 60_000
DROPPED = "\"'`\\*"


class Token(NamedTuple):
    """One piece of a text: its kind, its value, the number of its line, and how it was written.

    Kind `w` is a word, its value folded; kind `n` is a whole number; kind `p` is one punctuation mark.
    """

    kind: str
    value: str | int
    line: int
    text: str


def read(text):
    """Return the tokens of `text`; of a very long text the last 60,000, where the error stands."""
    tokens = []
    line = 0
    for match in TOKENS.finditer(clean(text)):
        piece = match.group()
        if piece == "\n":
            line += 1
        elif piece[0].isdigit():
            if len(piece) <= LONGEST_NUMBER:
                tokens.append(Token("n", int(piece), line, piece))
            else:
                tokens.append(Token("w", "#", line, piece))  # a word that no template has
        elif piece[0].isalpha() or piece[0] == "_":
            tokens.append(Token("w", fold(piece), line, piece))
        elif piece not in DROPPED:
            tokens.append(Token("p", piece, line, piece))
    return tokens[-MOST_TOKENS:]


def clean(text):
    """Return `text` without colour codes, line prefixes of logs and forums, and HTML entities."""
    for line_end in ("\r\n", "\r", "\u2028", "\u2029"):
        text = text.replace(line_end, "\n")
    text = LOST_ESCAPES.sub("", ESCAPES.sub("", text))
    for entity, character in ENTITIES.items():
        text = text.replace(entity, character)
    return LINE_START.sub("", text.replace("×", "x"))


def fold(word):
    """Return the form in which words are compared: lower case, and `l` as `1`, so that `matl` is `mat1`."""
    return word.lower().replace("l", "1")
