"""Find the templates in a row of tokens. The decoder page has the same in decoder-engine.js."""

from .template import LONGEST_GAP, LONGEST_NAME, MOST_DIMENSIONS, MOST_SHAPES

UNKNOWN = None  # a dimension or a rank the framework itself did not know: None, ?, <unknown>
CUT = object()  # the text ended in the middle of a value
WRAPPERS = (("w", "torch"), ("w", "tensorflow"), ("w", "tf"), ("w", "size"), ("w", "tensorshape"))
JOINING = (("w", "and"), ("w", "vs"))
NO = object()  # the text goes on with something else


def is_punctuation(token, characters):
    return token[0] == "p" and token[1] in characters


def skip_punctuation(tokens, at, but=""):
    while at < len(tokens) and tokens[at][0] == "p" and tokens[at][1] not in but:
        at += 1
    return at


def read_dimension(tokens, at):
    """Return (value, next) of one dimension at `at`, or (NO, at). `Dimension(3)` and `3L` read as 3."""
    if at >= len(tokens):
        return CUT, at
    kind, value = tokens[at][:2]
    if kind == "n":
        after = at + 1
        if after < len(tokens) and tokens[after][:2] == ("w", "1"):  # Python 2 wrote long integers 3L
            after += 1
        return value, after
    if kind == "p" and value == "?":
        return UNKNOWN, at + 1
    if kind == "p" and value == "-" and at + 1 < len(tokens) and tokens[at + 1][0] == "n":
        return -tokens[at + 1][1], at + 2
    if kind == "w" and value in ("none", "unknown"):
        return UNKNOWN, at + 1
    if kind == "w" and value == "dimension" and at + 2 < len(tokens) and is_punctuation(tokens[at + 1], "("):
        inner, after = read_dimension(tokens, at + 2)
        if (
            inner is not NO
            and inner is not CUT
            and after < len(tokens)
            and is_punctuation(tokens[after], ")")
        ):
            return inner, after + 1
    return NO, at


def read_shape(tokens, at):
    """Return (shape, next): a tuple with None for an unknown size, None for an unknown rank, or NO or CUT."""
    at = skip_punctuation(tokens, at, but="([{<?-")
    if at + 1 < len(tokens) and is_punctuation(tokens[at], "([") and tokens[at + 1][:2] in WRAPPERS:
        at += 1
    for word in ("torch", "tensorflow", "tf"):
        if at < len(tokens) and tokens[at][:2] == ("w", word):
            at = skip_punctuation(tokens, at + 1, but="([{<?-")
            break
    if at < len(tokens) and tokens[at][0] == "w" and tokens[at][1] in ("size", "tensorshape"):
        at += 1
    if at >= len(tokens):
        return CUT, at
    if is_punctuation(tokens[at], "<"):
        if at + 1 < len(tokens) and tokens[at + 1][:2] == ("w", "unknown"):
            return UNKNOWN, min(at + 3, len(tokens))
        return NO, at
    opened = 0
    while at < len(tokens) and is_punctuation(tokens[at], "([{") and opened < 3:
        opened += 1
        at += 1
    if not opened:
        return read_bare_shape(tokens, at)
    shape = []
    crossed = False
    while True:
        if at >= len(tokens):
            return CUT, at
        if is_punctuation(tokens[at], ")]}"):
            at += 1
            while opened > 1 and at < len(tokens) and is_punctuation(tokens[at], ")]}"):
                opened -= 1
                at += 1
            return tuple(shape), at
        if is_punctuation(tokens[at], ","):
            at += 1
            continue
        if tokens[at][:2] == ("w", "x") and shape:
            crossed = True
            at += 1
            continue
        value, after = read_dimension(tokens, at)
        if value is CUT:
            return CUT, after
        if value is NO and crossed:  # `(7680x12 and 9216x128)`: the bracket holds more than the shape
            return tuple(shape), at
        if value is NO or len(shape) == MOST_DIMENSIONS:
            return NO, at
        shape.append(value)
        at = after


def read_bare_shape(tokens, at):
    """Read `64 3 3 3` or `7680x12`: numbers parted by spaces or by x, without brackets."""
    value, after = read_dimension(tokens, at)
    if value is NO or value is CUT:
        return value, at
    shape = [value]
    at = after
    crossed = at < len(tokens) and tokens[at][:2] == ("w", "x")
    while len(shape) < MOST_DIMENSIONS:
        if crossed:
            if at >= len(tokens) or tokens[at][:2] != ("w", "x"):
                break
            value, after = read_dimension(tokens, at + 1)
            if value is CUT:
                return CUT, after
        else:
            if at >= len(tokens) or tokens[at][0] != "n":
                break
            value, after = read_dimension(tokens, at)
        if value is NO:
            break
        shape.append(value)
        at = after
    return tuple(shape), at


def read_shapes(tokens, at):
    """Read `[(None, 20, 20, 512), (None, 19, 19, 256)]`, with or without the outer brackets."""
    at = skip_punctuation(tokens, at, but="([{<")
    outer = (
        at + 1 < len(tokens)
        and is_punctuation(tokens[at], "([{")
        and (
            is_punctuation(tokens[at + 1], "([{")
            or tokens[at + 1][:2] in (("w", "tensorshape"), ("w", "torch"))
        )
    )
    if outer:
        at += 1
    shapes = []
    while len(shapes) < MOST_SHAPES:
        shape, after = read_shape(tokens, at)
        if shape is CUT:
            return (tuple(shapes) if shapes else CUT), len(tokens)
        if shape is NO:
            break
        shapes.append(shape)
        at = after
        if at >= len(tokens) or not (is_punctuation(tokens[at], ",;") or tokens[at][:2] in JOINING):
            break
        at += 1
        opening = skip_punctuation(tokens, at, but="([{<")
        if opening >= len(tokens):
            at = opening
            break
        if not is_punctuation(tokens[opening], "([{<") and tokens[opening][:2] not in WRAPPERS:
            break
    if not shapes:
        return NO, at
    if outer and at < len(tokens) and is_punctuation(tokens[at], ")]}"):
        at += 1
    return tuple(shapes), at


def spell(tokens):
    """Write tokens back as a name: `conv2d_1`, `layer1.0.weight`."""
    text = ""
    for token in tokens:
        text += token[3] if token[0] == "w" else str(token[1])
    return text.strip(" .,:;()[]{}<>")


def read_element(tokens, at, elements, index):
    """Match one element at `at`. Return (value, next); the value is True for a word, NO or CUT without
    a match.
    """
    kind = elements[index][0]
    if kind in ("w", "n"):
        at = skip_punctuation(tokens, at)
        if at >= len(tokens):
            return CUT, at
        token = tokens[at]
        if token[0] == kind and token[1] == elements[index][1]:
            return True, at + 1
        last = at == len(tokens) - 1
        if last and kind == "w" and token[0] == "w" and elements[index][1].startswith(token[1]):
            return CUT, at
        return NO, at
    if kind == "int":
        at = skip_punctuation(tokens, at)
        if at >= len(tokens):
            return CUT, at
        if tokens[at][0] != "n":
            return NO, at
        if at == len(tokens) - 1 and index < len(elements) - 1:
            return CUT, at  # the text ends here: more digits may have followed
        negative = at > 0 and is_punctuation(tokens[at - 1], "-")
        return -tokens[at][1] if negative else tokens[at][1], at + 1
    if kind == "shape":
        return read_shape(tokens, at)
    if kind == "shapes":
        return read_shapes(tokens, at)
    longest = LONGEST_GAP if kind == "gap" else LONGEST_NAME
    following, word = elements[index + 1]
    for end in range(at, min(at + longest, len(tokens)) + 1):
        if end >= len(tokens):
            return CUT, end
        reached = tokens[end][:2] == ("w", word) if following == "w" else is_punctuation(tokens[end], "([")
        if reached:
            return (True if kind == "gap" else spell(tokens[at:end])), end
    return NO, at


def match_from(tokens, at, elements, index=0):
    """Match `elements[index:]` at `at`. Return (numbers, words, end, cut), or None where the text differs."""
    numbers = {}
    words = 0
    while index < len(elements):
        value, after = read_element(tokens, at, elements, index)
        if value is NO:
            return None
        if value is CUT:
            return numbers, words, len(tokens), True
        kind = elements[index][0]
        if kind == "w":
            words += 1
        elif kind not in ("n", "gap"):
            numbers[elements[index][1]] = value
        at = after
        index += 1
    return numbers, words, at, False


def enough(words, numbers, elements):
    """Whether a message cut off at an end is still this message: half its words, four or more, a number."""
    total = sum(1 for element in elements if element[0] == "w")
    places = sum(1 for element in elements if element[0] not in ("w", "n", "gap"))
    return words >= 4 and words * 2 >= total and (bool(numbers) or not places or words >= 7)


def index_templates(templates):
    """Return two dicts: a first word to its templates, and any later word to [(template, place), ...]."""
    first, later = {}, {}
    for which, elements in enumerate(templates):
        first.setdefault(elements[0][1], []).append(which)
        for place in range(1, len(elements)):
            if elements[place][0] == "w":
                later.setdefault(elements[place][1], []).append((which, place))
    return first, later


def find(tokens, templates, index):
    """Return all matches of `templates` (compiled) as dicts with template, start, end, words, numbers, whole.

    `index` is what `index_templates` made of them.
    """
    first, later = index
    found = []
    for at, token in enumerate(tokens):
        if token[0] != "w":
            continue
        for which in first.get(token[1], ()):
            add(found, which, templates[which], at, match_from(tokens, at, templates[which]))
    at = next((at for at, token in enumerate(tokens[:40]) if token[0] == "w"), None)
    if at is not None:
        find_beheaded(found, tokens, at, templates, later)
    return found


def add(found, which, elements, at, result, beheaded=False):
    if result is None:
        return
    numbers, words, end, cut = result
    if not (cut or beheaded) or enough(words, numbers, elements):
        whole = not (cut or beheaded)
        found.append(
            {"template": which, "start": at, "end": end, "words": words, "numbers": numbers, "whole": whole}
        )


def find_beheaded(found, tokens, at, templates, later):
    """The text may begin in the middle of a message, or of a word: compare its first word."""
    word = tokens[at][1]
    places = [(which, place, at) for which, place in later.get(word, ())]
    if len(word) > 2:
        for longer, uses in later.items():
            if longer != word and longer.endswith(word):
                places += [(which, place + 1, at + 1) for which, place in uses]
    for which, place, start in sorted(places):
        add(
            found,
            which,
            templates[which],
            at,
            match_from(tokens, start, templates[which], place),
            beheaded=True,
        )
