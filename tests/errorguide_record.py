"""What the error guide makes of messages, as tests/data/explanations.json has it. As a program, it records.

    PYTHONPATH=book .venv/bin/python tests/errorguide_record.py

Every title and message of the catalogue is there. Where a cause fits none of its page's messages, one with
other numbers is sought that it fits. A message that is another, a number that is read or derived otherwise,
and a condition that is another show when the tests compare. What the record does not have is not compared.
"""

import json
import random
import re
from pathlib import Path

from errorguide_cases import ENTRIES, spelled

from errorguide.catalogue import read_catalogue
from errorguide.causes import kind_of, rank
from errorguide.choice import choose
from errorguide.match import find, index_templates
from errorguide.numbers import complete
from errorguide.text import read

RECORD = Path(__file__).parent / "data" / "explanations.json"
CAUSES = read_catalogue()["causes"]
TRIES = 1500  # messages with other numbers, a page
NAMES = ("conv2d_7", "dense", "lstm", "batch_normalization", "fc.weight", "head.bias", "embeddings.position")


def index_of(entries):
    """The templates of these pages."""
    return index_templates([(entry, line) for entry in entries for line in entry["templates"]])


WHOLE = index_of(ENTRIES.values())


def explained(text, index=WHOLE):
    """Return what is recorded of a text, as JSON has it: the page, the kind of error, all numbers, with the
    owners of those that the page tells, and the causes that fit. None where no error is found.
    """
    tokens = read(text)
    chosen = choose(complete(find(tokens, index)), tokens)
    if not chosen:
        return None
    match = chosen[0]
    causes = rank(match, CAUSES)
    owners = {name: f" ({meaning.partition(':')[0]})" for name, meaning in match.entry["numbers"].items()}
    told = {
        "page": match.entry["id"],
        "kind": kind_of(match, causes, CAUSES),
        "numbers": {name + owners.get(name, ""): value for name, value in match.numbers.items()},
        "fitting": [cause.id for cause in causes if cause.fits],
    }
    return json.loads(json.dumps(told))


def with_other_numbers(entry, rng):
    """Return a message of a page with multiples and parts of two sizes, as the numbers of errors are."""
    one, other = rng.sample((2, 3, 4, 8, 10, 14, 28, 32, 64, 100, 128, 224, 256, 300, 512, 1000), 2)
    sizes = [1, 2, 3, 4, 5, one, one, other, other, 2 * one, 4 * one, one // 2]
    sizes += [one * other, one * one * other]

    def put(place):
        kind = place.group(2)
        if kind == "name":
            return rng.choice(NAMES)
        shapes = [tuple(rng.choices(sizes, k=rng.randint(1, 5))) for _ in range(2)]
        if kind == "shapes":
            return str(shapes)
        value = rng.choice(sizes) if kind == "int" else shapes[0]
        return spelled(value, rng, place.string[: place.start()][-1:].isalpha())

    return re.sub(r"\{([a-z][a-z0-9_]*):(\w+)\}", put, rng.choice(entry["sources"])).replace(
        "...", "some words"
    )


def of_the_catalogue():
    """Return {page: its title and messages}."""
    return {
        name: [entry["title"], *(case["message"] for case in entry["cases"] + entry["older"])]
        for name, entry in ENTRIES.items()
    }


def sought():
    """Yield messages for the causes that fit none of their page's."""
    rng = random.Random(0)
    for name, own in of_the_catalogue().items():
        entry = ENTRIES[name]
        alone = index_of([entry])  # which is quicker
        left = {cause for cause in entry["causes"] if CAUSES[cause]["when"] is not None}
        left -= {cause for text in own for cause in fitting(text, entry, WHOLE)}
        for _ in range(TRIES if entry["sources"] else 0):
            if not left:
                break
            text = with_other_numbers(entry, rng)
            if left & fitting(text, entry, alone) and (found := left & fitting(text, entry, WHOLE)):
                left -= found
                yield text


def fitting(text, entry, index):
    """Return the causes that fit a text, none where it is another page's."""
    told = explained(text, index)
    return set(told["fitting"]) if told and told["page"] == entry["id"] else set()


def main():
    """Record."""
    catalogue = [message for own in of_the_catalogue().values() for message in own]
    parts = {
        part: ",\n".join(
            f"{json.dumps(text)}: {json.dumps(explained(text))}" for text in dict.fromkeys(texts)
        )
        for part, texts in (("catalogue", catalogue), ("sought", sought()))
    }
    sections = ",\n".join(f'"{part}": {{\n{lines}\n}}' for part, lines in parts.items())
    RECORD.write_text(f"{{\n{sections}\n}}\n", encoding="utf-8")
    print(f"wrote {RECORD.name}.")


if __name__ == "__main__":
    main()
