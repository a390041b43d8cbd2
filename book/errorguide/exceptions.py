"""An exception that was raised, told as the text that Python would print of it."""

import dataclasses
import re
import traceback

from .quoted import MOST_OF_AN_ERROR, on_one_line, shortened

LINK = "\n\nThe above exception was the direct cause of the following exception:\n\n"
MOST_FRAMES = 60  # of a traceback, the last ones
MOST_ERRORS = 20  # of a group
# Words of a message about shapes that the book does not know, in an exception that is raised for shapes.
ABOUT_SHAPES = re.compile(
    r"shape|dimension|channels|\bsizes?\b|features|broadcast|\brank\b|\bndim|\baxis\b|embed|[0-9]D\b",
    re.IGNORECASE,
)
BEGINNING = 300  # of a message: what it is about stands there
# Keras writes `dtype=` of each argument of a call that failed.
OTHER_SUBJECTS = re.compile(
    r"out of memory|dtype(?!=)|scalar type|same device|not implemented for", re.IGNORECASE
)


def explain_exception(error, explain_text):
    """Return the Explanation of an exception, with those it was raised from; of a group that of its first
    error about shapes, with the others in `others`. None where no error about shapes is among them.

    What `raise ... from None` hides is read too: if the book does not know what was raised, what was hidden
    is explained, and `unknown` says what was raised.
    """
    told = []
    for chain, hidden in chains_of(error):
        found = explain_text(text_of(chain))
        behind = explain_exception(hidden, explain_text) if hidden is not None else None
        if found is None and behind is not None:
            found = dataclasses.replace(behind, unknown=last_line_of(chain[-1]))
        elif behind is not None:
            told += [found]
            found = dataclasses.replace(behind, unknown=None)
        told += [found] if found is not None else []
    if not told:
        return None
    others = []
    for one in told:
        others += [one, *one.others]
    known = {told[0].id: told[0]}
    for other in others:
        known.setdefault(other.id, dataclasses.replace(other, others=(), unknown=None))
    return dataclasses.replace(told[0], others=tuple(known.values())[1:])


def chains_of(error):
    """Return the chains that a raised exception holds, each as (exceptions, the first one first; what `from
    None` hides behind the first, or None). A group has one for each of its errors.
    """
    chains, seen = [], set()
    waiting = [error]
    while waiting and len(chains) < MOST_ERRORS:
        chain, hidden = [], None
        error = waiting.pop(0)
        while error is not None and id(error) not in seen:
            seen.add(id(error))
            if isinstance(error, BaseExceptionGroup):
                waiting[:0] = error.exceptions
            else:
                chain.insert(0, error)
            if error.__cause__ is None and error.__suppress_context__:
                hidden = error.__context__
                break
            error = error.__cause__ or error.__context__
        if hidden is not None and id(hidden) in seen:
            hidden = None
        if chain:
            chains.append((chain, hidden))
        elif hidden is not None:
            waiting.append(hidden)
    return chains


def text_of(chain):
    """Return the text of exceptions that led one to another, as Python would print it."""
    return LINK.join(printed(error) for error in chain)


def printed(error):
    """Return one exception with its traceback, without those it was raised from."""
    lines = traceback.format_exception(
        type(error), error, error.__traceback__, limit=-MOST_FRAMES, chain=False
    )
    text = "".join(lines).rstrip("\n")
    return text if text.startswith("Traceback") else f"Traceback (most recent call last):\n{text}"


def last_line_of(error):
    """Return an exception as the last line of its traceback has it."""
    said = "".join(traceback.format_exception_only(type(error), error))
    return shortened(on_one_line(said), MOST_OF_AN_ERROR)


def may_be_about_shapes(error):
    """Whether an exception's message has words of shapes, and is of a kind that frameworks raise for them."""
    if not isinstance(error, Exception) or isinstance(error, OSError | ImportError | NameError | KeyError):
        return False
    try:
        said = str(error)[:20_000]
    except Exception:  # an exception of the reader's, which has a fault of its own
        return False
    other = OTHER_SUBJECTS.search(said)
    return bool(ABOUT_SHAPES.search(said)) and not (other and other.start() < BEGINNING)
