"""Explain a pasted error message about shapes: `explain(text)`.

The steps, and the same steps in decoder-engine.js: clean and tokenize the text, find every template in it,
keep the best of those that overlap, pick the root cause, compute what the message leaves unsaid, rank the
causes by what its numbers show.
"""

import dataclasses
import functools

from . import match
from .catalogue import PLACEHOLDER, read_catalogue, repair_for
from .expressions import evaluate
from .template import compile_template
from .text import clean, tokenize

CHAINED = [
    compile_template("the above exception was the direct cause of the following exception"),
    compile_template("during handling of the above exception another exception occurred"),
]
TRACEBACK = compile_template("Traceback most recent call last")
# Where one of these is the exception's own name, the text speaks of something else than a layer's shapes.
OTHER_EXCEPTIONS = ("indexerror", "memoryerror", "outofmemoryerror", "resourceexhaustederror")
MOST_OTHERS = 5
MOST_CAUSES = 6


@dataclasses.dataclass(frozen=True)
class Cause:
    """One thing that may have happened: `reason` says what in the numbers points to it, `repair` is code."""

    id: str
    title: str
    reason: str
    repair: str
    fits: bool


@dataclasses.dataclass(frozen=True)
class Explanation:
    """What a message says.

    `id` is the message, `kind` the kind of error its numbers suggest, `numbers` maps names to whole numbers,
    shapes (tuples, None for a size not known) and names: those the message says, and those that follow from
    them; `meanings` says whose each is and what it means. `causes` are ranked; `repairs` is the code of each
    cause that has any; `page` is the page about the message, relative to the book's first page and without an
    ending. `others` are further errors in the same text.
    """

    id: str
    kind: str
    framework: str
    title: str
    numbers: dict
    meanings: dict
    causes: tuple
    repairs: tuple
    page: str
    chapter: str | None
    others: tuple = ()

    def as_dict(self):
        """Return the explanation as the decoder page has it: lists for tuples, ready for JSON."""
        plain = dataclasses.asdict(self)
        plain["others"] = [other.as_dict() for other in self.others]
        return _listed(plain)


def _listed(value):
    if isinstance(value, dict):
        return {key: _listed(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_listed(entry) for entry in value]
    return value


@functools.lru_cache(maxsize=1)
def _prepared():
    catalogue = read_catalogue()
    templates, owners = [], []
    for position, entry in enumerate(catalogue["errors"]):
        for elements in entry["templates"]:
            templates.append(elements)
            owners.append(position)
    return catalogue, templates, owners, match.index_templates(templates)


def explain(text):
    """Return the Explanation of the error in `text`, or None where there is no shape error in it.

    `text` may be a message, a whole traceback, a notebook's coloured output, a message cut off at an end, or
    several errors: then the root cause of the last one is explained, and the rest stand in `others`. Raises
    TypeError when `text` is not a string.
    """
    if not isinstance(text, str):
        raise TypeError(f"explain takes the text of an error as a string, not {type(text).__name__}")
    catalogue, templates, owners, index = _prepared()
    tokens = tokenize(clean(text))
    found = []
    for candidate in match.find(tokens, templates, index):
        entry = catalogue["errors"][owners[candidate["template"]]]
        numbers = complete(entry, candidate["numbers"])
        if entry["only"] is not None and evaluate(entry["only"], numbers) is not True:
            continue
        if is_other_exception(tokens, candidate["start"]):
            continue
        found.append({**candidate, "entry": entry, "said": candidate["numbers"], "numbers": numbers})
    found = best_of_overlapping(found)
    if not found:
        return None
    root, rest = pick_root(tokens, found)
    others, seen = [], {root["entry"]["id"]}
    for candidate in reversed(rest):
        if candidate["entry"]["id"] not in seen and len(others) < MOST_OTHERS:
            seen.add(candidate["entry"]["id"])
            others.append(describe(candidate, catalogue, found))
    return dataclasses.replace(describe(root, catalogue, found), others=tuple(others))


def complete(entry, numbers):
    """Add the numbers that follow from others."""
    numbers = dict(numbers)
    for name, tree in entry["derive"]:
        if numbers.get(name) is None:
            value = evaluate(tree, numbers)
            if value is not None:
                numbers[name] = value
    return numbers


def is_other_exception(tokens, start):
    """Whether the line of the match, before it, names an exception that is not about a layer's shapes."""
    at = start - 1
    while at >= 0 and at >= start - 12 and tokens[at][2] == tokens[start][2]:
        if tokens[at][0] == "w" and tokens[at][1] in FOLDED_OTHERS:
            return True
        at -= 1
    return False


FOLDED_OTHERS = {name.replace("l", "1") for name in OTHER_EXCEPTIONS}


def weight(candidate):
    known = sum(1 for value in candidate["numbers"].values() if value is not None)
    return (candidate["words"] + 2 * len(candidate["said"]), known, candidate["whole"])


def best_of_overlapping(found):
    """Of matches that share tokens keep the heaviest: most words and numbers, then the earlier entry."""
    kept = []
    for candidate in sorted(found, key=lambda c: (weight(c), -c["start"], -c["template"]), reverse=True):
        if all(candidate["end"] <= other["start"] or other["end"] <= candidate["start"] for other in kept):
            kept.append(candidate)
            if len(kept) >= 500:
                break
    return sorted(kept, key=lambda c: c["start"])


def pick_root(tokens, found):
    """Return (the last error's root cause, the rest): of chained exceptions the first is the root, unless it
    says no numbers and a later one does.
    """
    cuts = [(at, True) for at in occurrences(tokens, CHAINED)]
    cuts += [(at, False) for at in occurrences(tokens, [TRACEBACK])]
    marks = sorted(cuts)
    groups = {}
    group = block = state = 0
    for candidate in found:
        while state < len(marks) and marks[state][0] <= candidate["start"]:
            chained = marks[state][1]
            previous_chained = state > 0 and marks[state - 1][1]
            if chained:
                block += 1
            elif not previous_chained:
                group += 1
                block = 0
            state += 1
        groups.setdefault(group, {}).setdefault(block, []).append(candidate)
    last = groups[max(groups)]
    chain = [last[block][-1] for block in sorted(last)]
    root = next((candidate for candidate in chain if candidate["said"]), chain[0])
    return root, [candidate for candidate in found if candidate is not root]


def occurrences(tokens, templates):
    words = {elements[0][1] for elements in templates}
    places = []
    for at, token in enumerate(tokens):
        if token[0] == "w" and token[1] in words:
            for elements in templates:
                result = match.match_from(tokens, at, elements)
                if result and not result[3]:
                    places.append(at)
    return places


def describe(candidate, catalogue, found):
    """Return the Explanation of one match."""
    entry = candidate["entry"]
    numbers = candidate["numbers"]
    said = candidate["said"]
    if entry["collect"]:
        same = [other for other in found if other["entry"] is entry]
        numbers = {**same[0]["numbers"], entry["collect"]: len(same)}
        said = same[0]["said"]
    causes = rank_causes(entry, catalogue["causes"], numbers)
    kind = entry["kind"]
    if causes and causes[0].fits and catalogue["causes"][causes[0].id]["kind"]:
        kind = catalogue["causes"][causes[0].id]["kind"]
    for tree, other in entry["kinds"]:
        if evaluate(tree, numbers) is True:
            kind = other
            break
    return Explanation(
        id=entry["id"],
        kind=kind,
        framework=entry["framework"],
        title=entry["title"],
        numbers={
            name: value
            for name, value in numbers.items()
            if name in entry["numbers"] or (name in said and not isinstance(value, str))
        },
        meanings={
            name: meaning for name, meaning in entry["numbers"].items() if numbers.get(name) is not None
        },
        causes=tuple(causes),
        repairs=tuple(cause.repair for cause in causes if cause.repair),
        page=f"errors/{entry['id']}",
        chapter=entry["chapter"],
    )


def rank_causes(entry, shared, numbers):
    """The causes the numbers point to, the specific ones first, then those that may always be."""
    specific, fitting, possible = [], [], []
    for name in entry["causes"]:
        cause = shared[name]
        values = dict(numbers)
        for local, tree in cause["let"]:
            values[local] = evaluate(tree, values)
        repair = fill(repair_for(cause, entry["framework"]), values, bare=True)
        if cause["when"] is not None and evaluate(cause["when"], values) is True:
            reason = fill(cause["reason"], values) or fill(cause["general"], values, bare=True)
            ranked = specific if cause["specific"] else fitting
            ranked.append(Cause(name, cause["title"], reason, repair, True))
        elif cause["when"] is None:
            reason = fill(cause["reason"], values) or fill(cause["general"], values, bare=True)
            possible.append(Cause(name, cause["title"], reason, repair, False))
    return (specific + fitting + possible)[:MOST_CAUSES]


def fill(text, numbers, bare=False):
    """Put numbers into a text. Where one is not known return "", or with `bare` leave its name."""
    missing = False

    def value(found):
        nonlocal missing
        known = numbers.get(found.group(1))
        if known is None:
            missing = True
            return found.group(1)
        return spell(known)

    filled = PLACEHOLDER.sub(value, text)
    return filled if bare or not missing else ""


def spell(value):
    """Write a number, a name, or a shape: `(1, 64, 256, 256)`, with `?` for a size not known."""
    if isinstance(value, tuple):
        inner = ", ".join("?" if size is None else spell(size) for size in value)
        return f"({inner},)" if len(value) == 1 and not isinstance(value[0], tuple) else f"({inner})"
    return str(value)


def as_text(explanation):
    """Return an Explanation as plain text for a terminal or a notebook."""
    lines = [f"{explanation.title}  [{explanation.framework}, {explanation.kind}]", ""]
    for name, meaning in explanation.meanings.items():
        role, _, what = meaning.partition(": ")
        owner = {"model": "your model", "data": "your data", "setting": "a setting"}[role]
        lines.append(f"  {spell(explanation.numbers[name])}  {what} ({owner})")
    if explanation.meanings:
        lines.append("")
    for place, cause in enumerate(explanation.causes, start=1):
        mark = "fits these numbers" if cause.fits else "possible"
        lines.append(f"{place}. {cause.title} ({mark})")
        lines.append(f"   {cause.reason}")
        lines.extend(f"       {line}" for line in cause.repair.splitlines())
    lines.append("")
    lines.append(f"More: {explanation.page}.md")
    for other in explanation.others:
        lines.append(f"Also in this text: {other.title}  ({other.page}.md)")
    return "\n".join(lines)
