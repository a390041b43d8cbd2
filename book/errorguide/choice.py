"""The fourth step: choose among the matches the errors that the text is about, the root cause first."""

import dataclasses

from .expressions import evaluate
from .match import find, index_templates
from .template import compile_template
from .text import fold

LINK, TRACEBACK = "link", "traceback"
# How Python writes a traceback, and that one exception led to another.
MARKS = index_templates(
    [
        (LINK, compile_template("the above exception was the direct cause of the following exception")),
        (LINK, compile_template("during handling of the above exception another exception occurred")),
        (TRACEBACK, compile_template("Traceback most recent call last")),
    ]
)
# Where one of these is the exception's own name, the text speaks of something else than a layer's shapes.
OTHER_EXCEPTIONS = {
    fold(name) for name in ("IndexError", "MemoryError", "OutOfMemoryError", "ResourceExhaustedError")
}
MOST_TOKENS_AFTER_NAME = 12  # between an exception's name and its message, on one line
MOST_KEPT = 500  # matches: each is compared with all that are kept
MOST_OTHERS = 5


def choose(matches, tokens):
    """Return the root cause of the last error in the text, then the further errors, the last one first; each
    page once, and at most five further ones. Return an empty list where no match counts.
    """
    matches = [match for match in matches if counts(match, tokens)]
    matches = best_of_overlapping(matches)
    if not matches:
        return []
    root = root_of_last_error(matches, tokens)
    chosen = {root.entry["id"]: root}
    for match in reversed(matches):
        chosen.setdefault(match.entry["id"], match)
    return [summed_up(match, matches) for match in list(chosen.values())[: 1 + MOST_OTHERS]]


def counts(match, tokens):
    """Whether a match is about shapes: its numbers are those its page asks for, and no other exception's name
    stands before it on its line.
    """
    only = match.entry["only"]
    if only is not None and evaluate(only, match.numbers) is not True:
        return False
    before = tokens[max(0, match.start - MOST_TOKENS_AFTER_NAME) : match.start]
    line = tokens[match.start].line
    return not any(token.line == line and token.value in OTHER_EXCEPTIONS for token in before)


def score(match):
    """By what a match is preferred to others in its place: words and numbers said, numbers known, a whole
    message, an earlier start, an earlier template.
    """
    known = sum(1 for value in match.numbers.values() if value is not None)
    return (match.words + 2 * len(match.said), known, match.whole, -match.start, -match.template.number)


def best_of_overlapping(matches):
    """Of matches that share tokens keep the one with the highest score. Return them in the text's order."""
    kept = []
    for match in sorted(matches, key=score, reverse=True):
        if all(match.end <= other.start or other.end <= match.start for other in kept):
            kept.append(match)
            if len(kept) == MOST_KEPT:
                break
    return sorted(kept, key=lambda match: match.start)


def root_of_last_error(matches, tokens):
    """Return the match that the last error began with: of chained exceptions the first, unless it says no
    numbers and a later one does.
    """
    marks = [mark for mark in find(tokens, MARKS) if mark.whole]
    passed = link = 0
    last_of = {}  # of the last error: the last match of each exception in its chain
    for match in matches:
        while passed < len(marks) and marks[passed].start <= match.start:
            if marks[passed].entry == LINK:
                link += 1
            elif passed == 0 or marks[passed - 1].entry != LINK:  # no exception led to this traceback
                last_of = {}
            passed += 1
        last_of[link] = match
    chain = list(last_of.values())
    return next((match for match in chain if match.said), chain[0])


def summed_up(match, matches):
    """Of a page whose messages come in many lines return the first, with their count among its numbers."""
    count = match.entry["collect"]
    if count is None:
        return match
    alike = [other for other in matches if other.entry is match.entry]
    return dataclasses.replace(alike[0], numbers={**alike[0].numbers, count: len(alike)})
