"""Templates of messages, such as `expected input[{input:shape}] to have {expected:int} channels`.

A template is a row of words with named places for what varies. Words are compared without case, and
punctuation and line breaks between them are ignored, so one template serves a message however it was wrapped,
quoted or coloured. Places have a type:

- `int`: one whole number
- `shape`: a shape in any of the frameworks' spellings: `[1, 3, 8, 8]`, `(None, 8)`, `torch.Size([4])`, `64 3
  3 3`, `7x12`
- `shapes`: a list of shapes
- `name`: anything up to the template's next word, or the bracket of its next shape, at most 24 tokens
- `...` between words skips at most 160 tokens

There is nothing that repeats or branches, and nothing is ever tried twice from the same place with another
length: matching takes time in proportion to the text, whatever the text is.
"""

import re

from .text import TOKENS, fold

TYPES = ("int", "shape", "shapes", "name")  # of places, and of the names in causes.yml: a size is an `int`
PLACE = re.compile(rf"\{{([a-z][a-z0-9_]*):({'|'.join(TYPES)})\}}|(\.\.\.)")
LONGEST_GAP = 160
LONGEST_NAME = 24


class TemplateError(ValueError):
    """A template that cannot be compiled; the message says what is wrong with it."""


def compile_template(template):
    """Return the elements of `template` as a list of short lists, the form both interpreters read.

    `["w", word]`, `["n", number]`, `["gap"]`, `["int", name]`, `["shape", name]`, `["shapes", name]`,
    `["name", name]`. Raises TemplateError when it does not begin with a word, names a place twice, or a name
    or gap is not followed by a word or a shape.
    """
    elements = []
    names = set()
    at = 0
    for place in [*PLACE.finditer(template), None]:
        literal = template[at : place.start() if place else len(template)]
        if "{" in literal or "}" in literal:
            raise TemplateError(f"template {template!r}: a place is written {{name:type}}, with a known type")
        for match in TOKENS.finditer(literal):
            piece = match.group()
            if piece[0].isdigit():
                elements.append(["n", int(piece)])
            elif piece[0].isalpha() or piece[0] == "_":
                elements.append(["w", fold(piece)])
        if place is None:
            break
        name, kind, gap = place.groups()
        if gap:
            elements.append(["gap"])
        else:
            if name in names:
                raise TemplateError(f"template {template!r}: the place {name!r} is named twice")
            names.add(name)
            elements.append([kind, name])
        at = place.end()
    if not elements or elements[0][0] != "w":
        raise TemplateError(f"template {template!r}: it has to begin with a word")
    for element, following in zip(elements, [*elements[1:], None], strict=True):
        if element[0] in ("gap", "name") and (
            following is None or following[0] not in ("w", "shape", "shapes")
        ):
            raise TemplateError(
                f"template {template!r}: {element[0]} has to be followed by a word or a shape"
            )
    return elements
