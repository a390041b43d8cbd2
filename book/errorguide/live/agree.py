"""Leave out what a message alone suggests, where what was found in the program speaks against it."""

import re

from .records import Finding

JOINING = re.compile(r"concat|skip connection|\bjoined\b", re.IGNORECASE)
OF_DATA = re.compile(r"The data has a different number of (columns|features)|Gray images were fed")
OF_LAYERS = re.compile(r"cell is used for several layers")
OF_SIDES = re.compile(r"A side is (odd|not a multiple)")
SIDES = ("Conv", "Pool", "UpSampling", "Resiz", "Crop", "Padding", "Upsample")
JOINS = ("concat", "concatenate", "cat", "stack", "hstack", "vstack", "add", "iadd", "pack")


def agreeing(causes, finding: Finding):
    """Return the causes that a Finding does not speak against: none of a concatenation where nothing was
    joined, none of the data where a layer gave the number.
    """
    origin = finding.came_from
    if origin is None or not (origin.layers or origin.inputs):
        return causes
    names = [operation["name"].lower() for operation in origin.operations]
    kinds = [(step.type or "").lower() for step in finding.path]
    joined = (finding.where.operation or "") in JOINS or any(name in JOINS for name in (*names, *kinds))
    several = any(len(step.inputs) > 1 for step in finding.path[-1:])
    against = []
    if not joined and not several and len(origin.layers) < 2:
        against.append(JOINING)
    if origin.layers and not origin.inputs:
        against.append(OF_DATA)
    if origin.inputs and not origin.layers:
        against.append(OF_LAYERS)
    made = [step.type or "" for step in finding.path if step.layer in origin.layers]
    if made and not any(word in kind for kind in made for word in SIDES) and not origin.inputs:
        against.append(OF_SIDES)
    return tuple(cause for cause in causes if not any(words.search(cause.title) for words in against))
