"""The fifth step: rank the causes of an error by what its numbers show."""

import dataclasses

from .catalogue import repair_for
from .expressions import evaluate
from .wording import fill

MOST_CAUSES = 8  # of those that are told one by one
MOST_SHOWN = 3  # at once; the others are folded
SPECIFIC, FITTING, POSSIBLE, FOOTER = range(4)


@dataclasses.dataclass(frozen=True)
class Repair:
    """Code that repairs a cause, for a reader who wants `intent`; `loses` warns of what is thrown away."""

    code: str
    intent: str
    loses: str


@dataclasses.dataclass(frozen=True)
class Cause:
    """One thing that may have happened: `reason` says what in the numbers points to it.

    `fits`: these numbers would hardly come about otherwise. `pointed`: they point to it. `footer`: it may be
    behind any message, whatever its numbers.
    """

    id: str
    title: str
    reason: str
    repairs: tuple
    fits: bool
    pointed: bool
    footer: bool

    @property
    def repair(self):
        """The code of all choices, each with its intent above and its warning below, as comments."""
        parts = []
        for repair in self.repairs:
            parts += [f"# {repair.intent}:"] if repair.intent else []
            parts.append(repair.code)
            parts += [f"# Careful: {repair.loses}"] if repair.loses else []
        return "\n".join(parts)


def rank(match, shared):
    """Return the causes of a match: those its numbers would hardly show otherwise, those they point to, those
    that may always be, and those of the footer. `shared` are the catalogue's causes.
    """
    ranked = []
    for name in match.entry["causes"]:
        cause = shared[name]
        numbers = with_local(cause, match.numbers)
        if cause["footer"]:
            place = FOOTER
        elif cause["when"] is None:
            place = POSSIBLE
        elif evaluate(cause["when"], numbers) is True:
            place = SPECIFIC if cause["specific"] else FITTING
        else:
            continue
        reason = fill(cause["reason"], numbers) or fill(cause["general"], numbers, bare=True)
        repairs = filled(repair_for(cause, match.entry["framework"]), numbers)
        pointed = place in (SPECIFIC, FITTING)
        told = Cause(name, cause["title"], reason, repairs, place == SPECIFIC, pointed, cause["footer"])
        ranked.append((place, told))
    ranked.sort(key=lambda each: each[0])
    causes = [cause for _, cause in ranked]
    single = [cause for cause in causes if not cause.footer][:MOST_CAUSES]
    return (*single, *(cause for cause in causes if cause.footer))


def with_local(cause, numbers):
    """Return the numbers of a message and those that a cause works out from them."""
    numbers = dict(numbers)
    for name, tree in cause["let"]:
        numbers[name] = evaluate(tree, numbers)
    return numbers


def filled(choices, numbers):
    """Return the choices of a repair as a tuple of Repair, with numbers in their places; where one is unknown
    its name stays.
    """
    return tuple(
        Repair(*(fill(choice[part], numbers, bare=True) for part in ("code", "intent", "loses")))
        for choice in choices
    )


def shown(causes):
    """Return how many of the ranked causes are told at once: those that the numbers would hardly show
    otherwise; without any, those they point to; without any, the likeliest two. Three at most.
    """
    single = [cause for cause in causes if not cause.footer]
    for count in (sum(cause.fits for cause in single), sum(cause.pointed for cause in single)):
        if count:
            return min(count, MOST_SHOWN)
    return min(len(single), 2)


def kind_of(match, causes, shared):
    """Return the kind of error that the numbers suggest: what the page says of such numbers, else the kind of
    the first cause where they point to it, else the page's own kind.
    """
    for tree, kind in match.entry["kinds"]:
        if evaluate(tree, match.numbers) is True:
            return kind
    if causes and causes[0].pointed and shared[causes[0].id]["kind"]:
        return shared[causes[0].id]["kind"]
    return match.entry["kind"]
