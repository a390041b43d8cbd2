"""The one error of this library that speaks about shapes."""


class ShapeMismatchError(ValueError):
    """Two shapes, or a shape and an argument, do not fit together.

    The message names the operands with their shapes, the axis that disagrees,
    what was expected there and why, and what you can change.
    """


def mismatch(headline, *facts, fix):
    """Build a ShapeMismatchError: a headline, one line a fact, and what to change.

    headline: one sentence that says what disagrees.
    facts: one line for each operand.
    fix: what the caller can change, as one sentence.
    """
    return ShapeMismatchError("\n".join([headline, *("  " + fact for fact in facts), "  To fix it: " + fix]))


def count(number, thing, things=None):
    """Return a number with its noun: '1 channel', '3 channels'. things: the plural where it is irregular."""
    return f"{number} {thing if number == 1 else things or thing + 's'}"
