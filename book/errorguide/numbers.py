"""The third step: complete the numbers of each match with those that follow from them."""

import dataclasses

from .expressions import evaluate


def complete(matches):
    """Return the matches with what their pages derive added to their numbers."""
    return [
        dataclasses.replace(match, numbers=with_derived(match.said, match.entry["derive"]))
        for match in matches
    ]


def with_derived(said, derive):
    """Return `said` and what the expressions in `derive` add to it; a later one may use an earlier one."""
    numbers = dict(said)
    for name, tree in derive:
        if numbers.get(name) is None:
            value = evaluate(tree, numbers)
            if value is not None:
                numbers[name] = value
    return numbers
