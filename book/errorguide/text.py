"""The first step: read a pasted text as tokens, what is left of it when its decoration is gone.

Quotes, backslashes and anything that is not ASCII carry no meaning in a message about shapes and are dropped.
"""

import itertools
import re
from typing import NamedTuple

ESCAPES = re.compile(r"\x1b\[[0-9;:]*[A-Za-z]|\x1b\][^\x07\x1b\n]{0,200}(?:\x07|\x1b\\)|\x1b")
# A colour code as JSON and other logs write its escape character, and what is left where that was lost.
WRITTEN_ESCAPES = re.compile(r"\\(?:u001[bB]|x1[bB]|033|e)(?=\[)")
LOST_ESCAPES = re.compile(r"\[[0-9]{1,2}(?:;[0-9]{1,3}){0,4}m")
# A line end or a tab as JSON writes it; a Windows path, which has such letters behind its backslashes, is
# kept.
WRITTEN_ENDS = re.compile(r"(?<![A-Za-z0-9_])[A-Za-z]:\\[^ \t\n\"'<>|]*|\\{1,4}[nrt]")
INVISIBLE = re.compile(r"[\xad\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
SPACES = re.compile(r"[\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")
FULL_WIDTH = re.compile(r"[\uff01-\uff5e]")
OTHER_MARKS = str.maketrans(
    {
        "×": "x", "、": ",", "。": ".", "【": "[", "】": "]", "〔": "[", "〕": "]", "《": "<", "》": ">",
        "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "−": "-", "﹣": "-",
    }
)  # fmt: skip
TAGS = re.compile(
    r"<(/?)(br|p|div|li|ul|ol|tr|td|table|pre|span|code|samp|font|strong|em|b|i|a)"
    r"(?:[ \t][^<>\n]{0,200})?/?>",
    re.IGNORECASE,
)
INLINE_TAGS = ("span", "code", "samp", "font", "strong", "em", "b", "i", "a")
ENTITIES = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'", "&nbsp;": " ", "&times;": "x"}
CODES = re.compile(r"&#(?:x([0-9a-fA-F]{2,4})|([0-9]{2,5}));")
# Decoration at the start of a line: quoting, pytest's E, a log's rank or process, a pasted prompt.
LINE_START = re.compile(
    r"^(?:[ \t]*(?:E[ \t]{2,}|[>|#│┃╎] ?|\[(?:[A-Za-z]{1,12})?[0-9]+\]: ?"
    r"|\[[0-9]+,[0-9]+\]<std(?:err|out)>: ?|\((?:[A-Za-z_]{1,40} )?pid=[0-9]+(?:, ip=[0-9.]+)?\) ?))+",
    re.MULTILINE,
)
CONSOLES = (80, 120)  # columns
NARROWEST = 36  # another console, whose right edge two lines reach or more
BROKEN_NUMBER = r"^(.{%d}[0-9 ,x(\[][0-9])\n(?=[0-9])"
# A * is kept between two sizes only, as in `2*s0`; elsewhere it is Markdown.
TOKENS = re.compile(
    r"(?<=[0-9])[xX](?=[0-9])|[A-Za-z_][A-Za-z0-9_]*|[0-9]+|(?<=[A-Za-z0-9_)])\*(?=[A-Za-z0-9_(])"
    r"|[!-)+-/:-@\[-`{-~]|\n"
)
LONGEST_NUMBER = 15  # digits; more than that is no size, and a browser could not count so far exactly
DROPPED = "\"'`\\"

LONG = 100_000  # characters; of a longer text only parts are read
AT_THE_START, AT_THE_END = 10_000, 40_000
BEFORE, AFTER = 6_000, 2_000  # around a word that only messages have: a traceback, and the message
MOST_PARTS = 48_000  # characters of such parts
OFTEN = 8  # a word that stands there so often comes last
CUT_HERE = "\n\n"


class Token(NamedTuple):
    """One piece of a text: its kind, its value, the number of its line, how it was written, and its place in
    the cleaned text.

    Kind `w` is a word, its value folded; kind `n` is a whole number; kind `p` is one punctuation mark.
    """

    kind: str
    value: str | int
    line: int
    text: str
    start: int
    end: int


def read(text):
    """Return the tokens of a text."""
    return split(clean(text))


def split(cleaned):
    """Return the tokens of a cleaned text."""
    tokens = []
    line = 0
    for match in TOKENS.finditer(cleaned):
        piece = match.group()
        first = piece[0]
        if first == "\n":
            line += 1
        elif first in "0123456789":
            if len(piece) <= LONGEST_NUMBER:
                tokens.append(Token("n", int(piece), line, piece, *match.span()))
            else:
                tokens.append(Token("w", "#", line, piece, *match.span()))  # a word that no template has
        elif first.isalpha() or first == "_":
            tokens.append(Token("w", fold(piece), line, piece, *match.span()))
        elif first not in DROPPED:
            tokens.append(Token("p", piece, line, piece, *match.span()))
    return tokens


def with_whole_words(tokens, words):
    """Return the tokens, with the words whole that a console broke at its right edge. `words` are those of
    messages, folded: two halves make one of them, and are not two of them.
    """
    whole = []
    for token in tokens:
        half = whole[-1] if whole else None
        if (
            half
            and token.kind == half.kind == "w"
            and token.line == half.line + 1
            and token.start == half.end + 1
            and half.value + token.value in words
            and not (half.value in words and token.value in words and len(token.value) > 1)
        ):
            whole[-1] = Token(
                "w", half.value + token.value, token.line, half.text + token.text, half.start, token.end
            )
        else:
            whole.append(token)
    return whole


def clean(text):
    """Return `text` without colour codes, markup, line prefixes of logs and forums, and with ASCII
    punctuation.
    """
    for line_end in ("\r\n", "\r", "\x85", "\u2028", "\u2029"):
        text = text.replace(line_end, "\n")
    if "\\" in text:
        text = WRITTEN_ESCAPES.sub("\x1b", text)
        text = WRITTEN_ENDS.sub(_line_end, text)
    text = LOST_ESCAPES.sub("", ESCAPES.sub("", text))
    if not text.isascii():
        text = SPACES.sub(" ", INVISIBLE.sub("", text)).translate(OTHER_MARKS)
        text = FULL_WIDTH.sub(lambda match: chr(ord(match.group()) - 0xFEE0), text)
    if "<" in text:
        text = TAGS.sub(lambda match: "" if match.group(2).lower() in INLINE_TAGS else "\n", text)
    if "&" in text:
        for entity, character in ENTITIES.items():
            text = text.replace(entity, character)
        text = CODES.sub(_character, text).replace("&amp;", "&")
    return with_whole_numbers(LINE_START.sub("", text))


def with_whole_numbers(text):
    """Return a text with the numbers whole that a console broke off at its right edge."""
    lengths = [len(line) for line in text.split("\n")]
    longest = max(lengths)
    edges = {*CONSOLES, longest} if longest >= NARROWEST and lengths.count(longest) > 1 else CONSOLES
    for edge in sorted(edges):
        text = re.sub(BROKEN_NUMBER % (edge - 2), r"\1", text, flags=re.MULTILINE)
    return text


def _line_end(match):
    """A line end or a tab for how JSON writes it; a path as it is."""
    found = match.group()
    return found if found[0] != "\\" else "\n" if found[-1] == "n" else " "


def _character(match):
    """The character that an entity stands for by its number; a space for one that is not ASCII."""
    code = int(match.group(1), 16) if match.group(1) else int(match.group(2))
    return chr(code) if 32 <= code < 127 else " "


def shortened(text, keys):
    """Return what is read of a very long text: its beginning, its end, and what stands around words that only
    messages have, the rarest words and the later places first. `keys` are such words, folded.
    """
    if len(text) <= LONG:
        return text
    folded = fold(text)
    middle = len(text) - AT_THE_END
    if len(folded) != len(text):  # a letter whose lower case is longer
        return text[:AT_THE_START] + CUT_HERE + text[middle:]
    found = []
    for key in keys:
        places = []
        at = folded.find(key, AT_THE_START, middle)
        while at >= 0 and len(places) < OFTEN:
            places.append(at)
            at = folded.find(key, at + len(key), middle)
        if at >= 0:
            places.append(folded.rfind(key, at, middle))
        found += [(len(places), -at) for at in places]
    parts = [(0, AT_THE_START), (middle, len(text))]
    left = MOST_PARTS
    for at in (-place for _, place in sorted(found)):
        if left < BEFORE + AFTER:
            break
        if not any(start <= at and at + AFTER // 2 <= end for start, end in parts):
            parts.append((max(AT_THE_START, at - BEFORE), min(at + AFTER, middle)))
            left -= BEFORE + AFTER
    return CUT_HERE.join(text[start:end] for start, end in with_cuts(parts, text))


def with_cuts(parts, text):
    """Return parts of a text in its order, those that overlap as one; where text is left out, a part ends
    with the line that it ends in.
    """
    joined = []
    for start, end in sorted(parts):
        if joined and start <= joined[-1][1]:
            joined[-1][1] = max(joined[-1][1], end)
        else:
            joined.append([start, end])
    for one, following in itertools.pairwise(joined):
        line_end = text.find("\n", one[1], min(one[1] + 1000, following[0]))
        one[1] = line_end + 1 if line_end >= 0 else one[1]
    return joined


def fold(word):
    """Return the form in which words are compared: lower case, and `l` as `1`, so that `matl` is `mat1`."""
    return word.lower().replace("l", "1")
