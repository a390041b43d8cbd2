"""Read sizes and shapes out of tokens, in any of the frameworks' spellings.

Each reader takes the tokens and the place to read at, and returns (value, next place). A size or a rank that
the framework itself did not know (None, ?, <unknown>, or a symbol such as s77) is None. The value is NO
where the text says something else, and CUT where it ends in the middle of the value; the place then means
nothing.
"""

import re

from .text import fold

NO = object()
CUT = object()
DIFFERENT = (NO, None)
ENDED = (CUT, None)

MOST_DIMENSIONS = 12
MOST_SHAPES = 40
OPENING = "([{"
CLOSING = ")]}"
LIBRARIES = ("torch", fold("tensorflow"), "tf")
SHAPE_TYPES = ("size", "tensorshape")
# How torch.compile names a size that it leaves open, and what it may compute of such sizes.
SYMBOL = re.compile(r"[su][0-9]{1,4}")
SYMBOL_FUNCTIONS = tuple(
    map(
        fold,
        ("max", "min", "mod", "floor", "ceiling", "ceil", "floordiv", "cleandiv", "pythonmod", "trunctoint"),
    )
)
MOST_OF_A_SYMBOL = 40  # tokens of what is computed of symbols


def is_mark(tokens, at, characters):
    """Whether there is a punctuation mark at `at`, one of `characters`."""
    return at < len(tokens) and tokens[at].kind == "p" and tokens[at].value in characters


def is_word(tokens, at, *words):
    """Whether there is a word at `at`, one of `words` (folded)."""
    return at < len(tokens) and tokens[at].kind == "w" and tokens[at].value in words


def is_number(tokens, at):
    """Whether there is a whole number at `at`."""
    return at < len(tokens) and tokens[at].kind == "n"


def skip_marks(tokens, at, but=""):
    """Return the first place from `at` on without punctuation, or with a mark from `but`."""
    while at < len(tokens) and tokens[at].kind == "p" and tokens[at].value not in but:
        at += 1
    return at


def may_be_symbol(tokens, at):
    """Whether what is computed of symbols may begin at `at`."""
    if at >= len(tokens):
        return False
    token = tokens[at]
    if token.kind == "w":
        return token.value in SYMBOL_FUNCTIONS or SYMBOL.fullmatch(token.value) is not None
    if token.kind == "n":
        return is_mark(tokens, at + 1, "*")
    return token.value == "(" and (is_mark(tokens, at + 1, "(") or may_be_symbol(tokens, at + 1))


def read_symbol(tokens, at):
    """Read what is computed of symbols, such as `s0`, `2*s1 + 1` or `Max(1, s3//2)`, as None."""
    depth = 0
    symbols = False
    operand = True  # whether one has to follow
    start = at
    while at < len(tokens):
        token = tokens[at]
        if at - start > MOST_OF_A_SYMBOL:
            return DIFFERENT
        if operand:
            if token.kind == "p" and token.value in "(-":
                depth += token.value == "("
            elif token.kind == "w" and token.value in SYMBOL_FUNCTIONS and is_mark(tokens, at + 1, "("):
                pass
            elif token.kind == "n" or (token.kind == "w" and SYMBOL.fullmatch(token.value)):
                symbols = symbols or token.kind == "w"
                operand = False
            else:
                return DIFFERENT
        elif token.kind == "p" and token.value in "+-*/%":
            if token.value == "/" and is_mark(tokens, at + 1, "/"):
                at += 1
            operand = True
        elif depth and is_mark(tokens, at, ","):
            operand = True
        elif depth and is_mark(tokens, at, ")"):
            depth -= 1
        else:
            break
        at += 1
    return (None, at) if symbols and not operand and not depth else DIFFERENT


def read_size(tokens, at):
    """Read one size, such as `3`, `-1`, `None`, `?` or `s77`. `Dimension(3)` and Python 2's `3L` read as
    3.
    """
    if at >= len(tokens):
        return ENDED
    if may_be_symbol(tokens, at):
        symbol = read_symbol(tokens, at)
        if symbol is not DIFFERENT:
            return symbol
    if is_number(tokens, at):
        long = is_word(tokens, at + 1, "1")  # the folded L
        return tokens[at].value, at + 2 if long else at + 1
    if is_mark(tokens, at, "?") or is_word(tokens, at, "none", "unknown"):
        return None, at + 1
    if is_mark(tokens, at, "-") and is_number(tokens, at + 1):
        return -tokens[at + 1].value, at + 2
    if is_word(tokens, at, "dimension") and is_mark(tokens, at + 1, "("):
        value, after = read_size(tokens, at + 2)
        if value is not NO and value is not CUT and is_mark(tokens, after, ")"):
            return value, after + 1
    return DIFFERENT


def read_shape(tokens, at):
    """Read one shape, such as `[64, 3]`, `torch.Size([4])`, `(None, 8)`, `(7x12` or `64 3 3`, as a tuple."""
    at = skip_marks(tokens, at, but="([{<?-")
    if is_mark(tokens, at, OPENING) and is_word(tokens, at + 1, *LIBRARIES, *SHAPE_TYPES):
        at += 1
    if is_word(tokens, at, *LIBRARIES):
        at = skip_marks(tokens, at + 1, but="([{<?-")
    if is_word(tokens, at, *SHAPE_TYPES):
        at += 1
    if is_mark(tokens, at, "<"):
        return (None, min(at + 3, len(tokens))) if is_word(tokens, at + 1, "unknown") else DIFFERENT
    opened = 0
    while opened < 3 and is_mark(tokens, at, OPENING):
        if opened and begins_with_computed_size(tokens, at):
            break
        opened += 1
        at += 1
    if not opened:
        return read_bare_shape(tokens, at)
    shape = []
    crossed = False
    while not is_mark(tokens, at, CLOSING):
        if is_mark(tokens, at, ","):
            at += 1
            continue
        if shape and is_word(tokens, at, "x"):
            crossed = True
            at += 1
            continue
        size, after = read_size(tokens, at)
        if size is CUT:
            return ENDED
        if size is NO and crossed:  # `(7680x12 and 9216x128)`: the bracket holds more than the shape
            return tuple(shape), at
        if size is NO or len(shape) == MOST_DIMENSIONS:
            return DIFFERENT
        shape.append(size)
        at = after
    while opened and is_mark(tokens, at, CLOSING):
        opened -= 1
        at += 1
    return tuple(shape), at


def begins_with_computed_size(tokens, at):
    """Whether the bracket at `at` belongs to a first size such as `(s0//2)`, and not to the shape."""
    if not may_be_symbol(tokens, at):
        return False
    _, after = symbol = read_symbol(tokens, at)
    return symbol is not DIFFERENT and after < len(tokens) and not is_mark(tokens, after, CLOSING)


def read_bare_shape(tokens, at):
    """Read `64 3 3 3` or `7680x12`: numbers parted by spaces or by x, without brackets."""
    size, at = read_size(tokens, at)
    if size is NO or size is CUT:
        return size, at
    shape = [size]
    crossed = is_word(tokens, at, "x")
    while len(shape) < MOST_DIMENSIONS and (is_word(tokens, at, "x") if crossed else is_number(tokens, at)):
        size, after = read_size(tokens, at + 1 if crossed else at)
        if size is CUT:
            return ENDED
        if size is NO:
            break
        shape.append(size)
        at = after
    return tuple(shape), at


def read_shapes(tokens, at):
    """Read `[(None, 20, 512), (None, 19, 256)]`, with or without the outer brackets, as a tuple of shapes.

    Where the text ends in the middle of a shape, those before it count.
    """
    shapes = []
    while len(shapes) < MOST_SHAPES:
        shape, after = read_shape(tokens, at)
        if shape is CUT:
            return (tuple(shapes), len(tokens)) if shapes else ENDED
        if shape is NO:
            break
        shapes.append(shape)
        at = after
        if not (is_mark(tokens, at, ",;") or is_word(tokens, at, "and", "vs")):
            break
        at += 1
        opening = skip_marks(tokens, at, but="([{<")
        if not (is_mark(tokens, opening, "([{<") or is_word(tokens, opening, *LIBRARIES, *SHAPE_TYPES)):
            break
    return (tuple(shapes), at) if shapes else DIFFERENT
