"""The second step: find every template of the catalogue in the tokens."""

import dataclasses
from typing import NamedTuple

from .sizes import (
    CUT,
    DIFFERENT,
    ENDED,
    LIBRARIES,
    NO,
    SHAPE_TYPES,
    is_mark,
    is_word,
    may_be_symbol,
    read_shape,
    read_shapes,
    read_symbol,
    skip_marks,
)
from .template import LONGEST_GAP, LONGEST_NAME

WITHOUT_VALUE = ("w", "n", "gap")
MOST_TOKENS_BEFORE = 40  # before the first word of a text that begins in the middle of a message


class Template(NamedTuple):
    """A compiled template: its number in the catalogue's order, the entry it belongs to, its elements."""

    number: int
    entry: dict
    elements: list


class Index(NamedTuple):
    """Templates by their words: `first` has [template, ...] under the first word of each, `later` has
    [(template, place), ...] under each word after it, `joined` has [template, ...] under the first two words
    of each, written as one.
    """

    first: dict
    later: dict
    joined: dict


@dataclasses.dataclass(frozen=True)
class Match:
    """A template found in a text.

    `start` and `end` count tokens; `words` is the number of words that agreed; `said` are the values in the
    text, `numbers` those and what follows from them; `whole` is false where the text begins or ends within
    the message.
    """

    template: Template
    start: int
    end: int
    words: int
    said: dict
    numbers: dict
    whole: bool

    @property
    def entry(self):
        """The catalogue's entry of the page that the message belongs to."""
        return self.template.entry


def index_templates(templates):
    """Return the Index of `templates`, a list of (entry, elements)."""
    index = Index({}, {}, {})
    for number, (entry, elements) in enumerate(templates):
        template = Template(number, entry, elements)
        index.first.setdefault(elements[0][1], []).append(template)
        if len(elements) > 1 and elements[1][0] == "w":
            index.joined.setdefault(elements[0][1] + elements[1][1], []).append(template)
        for place, element in enumerate(elements[1:], start=1):
            if element[0] == "w":
                index.later.setdefault(element[1], []).append((template, place))
    return index


def words_of(templates):
    """Return the words of the templates, and those that shapes are written with."""
    words = {e[1] for _, elements in templates for e in elements if e[0] == "w"}
    return words | {"none", "unknown", "dimension", *LIBRARIES, *SHAPE_TYPES}


def keys_of(templates):
    """Return words, sorted, of which every template has one, and that are rare elsewhere: its longest."""
    longest = (
        max((e[1] for e in elements if e[0] == "w"), key=lambda word: (len(word), word))
        for _, elements in templates
    )
    return sorted(set(longest))


def find(tokens, index):
    """Return a Match for each template at each place where it stands, overlapping ones included."""
    found = []
    for at, token in enumerate(tokens):
        if token.kind == "w":
            for template in starting_with(tokens, at, index):
                found.append(match_at(tokens, at, at, template))
    first_word = next((at for at, token in enumerate(tokens[:MOST_TOKENS_BEFORE]) if token.kind == "w"), None)
    if first_word is not None:
        found += find_without_start(tokens, first_word, index)
    return [match for match in found if match is not None]


def starting_with(tokens, at, index):
    """Return the templates whose first word, or the two first words written as one, stands at `at`."""
    word = tokens[at].value
    templates = [*index.first.get(word, ()), *index.joined.get(word, ())]
    if broken := broken_word(tokens, at):
        templates += index.first.get(broken, ())
    return templates


def find_without_start(tokens, start, index):
    """Find templates in a text that begins within a message, or within a word: `start` is its first word."""
    first = tokens[start].value
    places = [(template, place, start) for template, place in index.later.get(first, ())]
    if len(first) > 2:
        for word, uses in index.later.items():
            if word != first and word.endswith(first):
                places += [(template, place + 1, start + 1) for template, place in uses]
    places.sort(key=lambda each: (each[0].number, each[1], each[2]))
    return [match_at(tokens, start, at, template, place) for template, place, at in places]


def match_at(tokens, start, at, template, place=0):
    """Compare a template from its element `place` on with the tokens from `at` on. Return a Match that begins
    at `start`, or None where the text differs or too little of the message is left.
    """
    said = {}
    words = 0
    cut = False
    elements = template.elements
    skipped = -1
    for number in range(place, len(elements)):
        if number == skipped:
            continue
        value, after = read_element(tokens, at, elements, number)
        if value is NO:
            if not joined_words(tokens, at, elements, number):
                return None
            value, after = None, skip_marks(tokens, at) + 1
            skipped = number + 1
            words += 1
        if value is CUT:
            cut = True
            at = len(tokens)
            break
        if elements[number][0] == "w":
            words += 1
        elif elements[number][0] not in WITHOUT_VALUE:
            said[elements[number][1]] = value
        at = after
    whole = place == 0 and not cut
    if not whole and not enough(words, said, elements):
        return None
    return Match(template, start, at, words, said, said, whole)


def enough(words, said, elements):
    """Whether a message cut off at an end is still this message: half its words, four or more, a number."""
    total = sum(1 for kind, *_ in elements if kind == "w")
    has_places = any(kind not in WITHOUT_VALUE for kind, *_ in elements)
    return words >= 4 and words * 2 >= total and (bool(said) or not has_places or words >= 7)


def read_element(tokens, at, elements, number):
    """Read one element of a template at `at`. Return (value, next place) as the readers in sizes.py do."""
    kind = elements[number][0]
    if kind == "shape":
        return read_shape(tokens, at)
    if kind == "shapes":
        return read_shapes(tokens, at)
    if kind in ("gap", "name"):
        return read_until(tokens, at, kind, elements[number + 1])
    at = skip_marks(tokens, at)
    if at >= len(tokens):
        return ENDED
    token = tokens[at]
    last = at == len(tokens) - 1
    if kind == "int":
        if may_be_symbol(tokens, at) and (symbol := read_symbol(tokens, at)) is not DIFFERENT:
            return symbol
        if token.kind != "n":
            return DIFFERENT
        if last and number < len(elements) - 1:
            return ENDED  # more digits may have followed
        return -token.value if is_mark(tokens, at - 1, "-") else token.value, at + 1
    wanted = elements[number][1]
    if (token.kind, token.value) == (kind, wanted):
        return token.value, at + 1
    if token.kind == kind == "w":
        if last and wanted.startswith(token.value):
            return ENDED
        if broken_word(tokens, at) == wanted:
            return wanted, at + 2
    return DIFFERENT


def broken_word(tokens, at):
    """Return the word that a console broke at the end of a line, half of it at `at`; None where it did
    not.
    """
    if at + 1 >= len(tokens):
        return None
    half, other = tokens[at], tokens[at + 1]
    if half.kind == other.kind == "w" and half.line + 1 == other.line and other.start == half.end + 1:
        return half.value + other.value
    return None


def joined_words(tokens, at, elements, number):
    """Whether two words of a template stand at `at` without the space between them: `ofsize`."""
    if number + 1 >= len(elements) or elements[number][0] != "w" or elements[number + 1][0] != "w":
        return False
    at = skip_marks(tokens, at)
    return is_word(tokens, at, elements[number][1] + elements[number + 1][1])


def read_until(tokens, at, kind, following):
    """Read a gap or a name: all tokens before the element `following`, a word or a shape's bracket."""
    longest = LONGEST_GAP if kind == "gap" else LONGEST_NAME
    for end in range(at, min(at + longest, len(tokens)) + 1):
        if end == len(tokens):
            return ENDED
        if is_word(tokens, end, following[1]) if following[0] == "w" else is_mark(tokens, end, "(["):
            return name_of(tokens[at:end]), end
    return DIFFERENT


def name_of(tokens):
    """Write tokens back as a name: `conv2d_1`, `layer1.0.weight`."""
    return "".join(token.text for token in tokens).strip(" .,:;()[]{}<>")
