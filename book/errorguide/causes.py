"""The fifth step: rank the causes of an error by what its numbers show."""

import dataclasses

from .catalogue import repair_for
from .expressions import evaluate
from .wording import fill

MOST_CAUSES = 6
SPECIFIC, FITTING, POSSIBLE = range(3)


@dataclasses.dataclass(frozen=True)
class Cause:
    """One thing that may have happened: `reason` says what in the numbers points to it, `repair` is code."""

    id: str
    title: str
    reason: str
    repair: str
    fits: bool


def rank(match, shared):
    """Return the causes of a match: those its numbers point to, the specific ones first, then those that may
    always be. `shared` are the catalogue's causes.
    """
    ranked = []
    for name in match.entry["causes"]:
        cause = shared[name]
        numbers = dict(match.numbers)
        for local, tree in cause["let"]:
            numbers[local] = evaluate(tree, numbers)
        if cause["when"] is None:
            place = POSSIBLE
        elif evaluate(cause["when"], numbers) is True:
            place = SPECIFIC if cause["specific"] else FITTING
        else:
            continue
        reason = fill(cause["reason"], numbers) or fill(cause["general"], numbers, bare=True)
        repair = fill(repair_for(cause, match.entry["framework"]), numbers, bare=True)
        ranked.append((place, Cause(name, cause["title"], reason, repair, place != POSSIBLE)))
    ranked.sort(key=lambda each: each[0])
    return tuple(cause for _, cause in ranked[:MOST_CAUSES])


def kind_of(match, causes, shared):
    """Return the kind of error that the numbers suggest: what the page says of such numbers, else the kind of
    the first cause where it fits, else the page's own kind.
    """
    for tree, kind in match.entry["kinds"]:
        if evaluate(tree, match.numbers) is True:
            return kind
    if causes and causes[0].fits and shared[causes[0].id]["kind"]:
        return shared[causes[0].id]["kind"]
    return match.entry["kind"]
