"""From pasted text to tokens: what is left of a message when its decoration is gone.

A token is a triple `(kind, value, line)`. Kind `w` is a word, folded so that case does not matter and a
typed-over `l` reads like the digit `1` (`matl` is `mat1`); kind `n` is a whole number; kind `p` is one
punctuation character. Quotes, backslashes and anything that is not ASCII carry no meaning in a message about
shapes and are dropped. The decoder page does the same in decoder-engine.js; a test holds the two together.
"""

import re

ESCAPES = re.compile(r"\x1b\[[0-9;:]*[A-Za-z]|\x1b\][^\x07\x1b\n]{0,200}(?:\x07|\x1b\\)|\x1b")
# What is left of a colour code where the escape character was lost on the way.
LOST_ESCAPES = re.compile(r"\[[0-9]{1,2}(?:;[0-9]{1,3}){0,4}m")
# Decoration at the start of a line: quoting, pytest's E, a log's rank, a pasted prompt.
LINE_START = re.compile(r"^[ \t]*(?:E[ \t]{2,}|[>|#│][ \t]*|\[(?:rank)?[0-9]+\]:[ \t]*)+", re.MULTILINE)
ENTITIES = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'", "&#x27;": "'", "&amp;": "&", "&nbsp;": " "}
TOKENS = re.compile(r"(?<=[0-9])[xX](?=[0-9?])|[A-Za-z_][A-Za-z0-9_]*|[0-9]+|[!-/:-@\[-`{-~]|\n")
LONGEST_NUMBER = 15  # digits; more than that is no size, and a browser could not count so far exactly
MOST_TOKENS = 60_000
DROPPED = set("\"'`\\*")


def clean(text):
    """Return `text` without colour codes, line prefixes of logs and forums, and HTML entities."""
    for line_end in ("\r\n", "\r", "\u2028", "\u2029"):
        text = text.replace(line_end, "\n")
    text = ESCAPES.sub("", text)
    text = LOST_ESCAPES.sub("", text)
    for entity, character in ENTITIES.items():
        text = text.replace(entity, character)
    text = text.replace("×", "x")
    return LINE_START.sub("", text)


def fold(word):
    """Return the form in which words are compared: lower case, `l` as `1`."""
    return word.lower().replace("l", "1")


def tokenize(text):
    """Return the tokens of cleaned `text`; of a very long text the last 60,000, where the error stands."""
    tokens = []
    line = 0
    for match in TOKENS.finditer(text):
        piece = match.group()
        first = piece[0]
        if first == "\n":
            line += 1
        elif "0" <= first <= "9":
            if len(piece) <= LONGEST_NUMBER:
                tokens.append(("n", int(piece), line))
            else:
                tokens.append(("w", "#", line, piece))  # a word that no template has
        elif first == "_" or first.isalpha():
            tokens.append(("w", fold(piece), line, piece))
        elif first not in DROPPED:
            tokens.append(("p", first, line))
    return tokens[-MOST_TOKENS:]
