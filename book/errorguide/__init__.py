"""Explain error messages about tensor shapes: whose each number is, what probably happened, and what repairs
it.

    from errorguide import explain
    explain("RuntimeError: mat1 and mat2 shapes cannot be multiplied (1792x28 and 784x10)").causes[0].title

The catalogue is book/errors, one error a Markdown file. Plain Python; PyYAML reads the front matter.

`explain` is a row of steps, one a file, and each step hands its result to the next: text.py, match.py,
numbers.py, choice.py, causes.py, quoted.py, place.py, explanation.py. The decoder page takes the same steps,
under the same names, in book/theme/static/decoder-engine.js.
"""

import dataclasses
import functools

from .catalogue import read_catalogue
from .causes import Cause, kind_of, rank, shown
from .choice import choose
from .exceptions import explain_exception, last_line_of, may_be_about_shapes
from .explanation import Explanation, as_text, tell
from .live import look
from .live.agree import agreeing
from .match import find, index_templates, keys_of, words_of
from .numbers import complete
from .place import Place, place_of
from .quoted import message_of, unknown_error
from .text import clean, shortened, split, with_whole_words
from .watch import watch

__all__ = [
    "Cause",
    "Explanation",
    "Place",
    "as_text",
    "explain",
    "load_ipython_extension",
    "unload_ipython_extension",
    "watch",
]


@functools.lru_cache(maxsize=1)
def _prepared():
    """Return (index of the templates, their words, those that only messages have, causes), read from the
    catalogue once.
    """
    catalogue = read_catalogue()
    templates = [(entry, elements) for entry in catalogue["errors"] for elements in entry["templates"]]
    return index_templates(templates), words_of(templates), keys_of(templates), catalogue["causes"]


def explain(error, try_repairs=None):
    """Return the Explanation of the error in a text, or None where there is no shape error in it.

    `error` may be a message, a whole traceback, a notebook's coloured output, a message cut off at an end, or
    several errors: then the root cause of the last one is explained, and the rest stand in `others`. An
    exception that was raised may be given as well, a group of them included: where a model of PyTorch or
    Keras stands in its frames, `live` says which layer failed and what leads there, and repairs are tried,
    unless `try_repairs` is False (None: the environment variable ERRORGUIDE_TRY says so). Raises TypeError
    for anything else.
    """
    if isinstance(error, BaseException):
        return with_live(error, explain_exception(error, explain_text), try_repairs)
    if not isinstance(error, str):
        raise TypeError(f"explain takes the text of an error or an exception, not {type(error).__name__}")
    return explain_text(error)


def with_live(error, explanation, try_repairs):
    """Return an Explanation with what the frames of the exception say; None where nothing is known of it."""
    if explanation is None and not may_be_about_shapes(error):
        return None
    finding = look(error, try_repairs)
    if finding is None:
        return explanation
    if explanation is None:
        return Explanation.of_unknown(last_line_of(error), finding)
    causes = agreeing(explanation.causes, finding)
    return dataclasses.replace(
        explanation,
        live=finding,
        causes=causes,
        shown=explanation.shown if causes == explanation.causes else shown(causes),
        repairs=tuple(cause.repair for cause in causes if cause.repairs),
    )


def explain_text(text):
    """Return the Explanation of the error in `text`, or None where there is no shape error in it."""
    index, words, keys, shared_causes = _prepared()
    cleaned = clean(shortened(text, keys))
    tokens = with_whole_words(split(cleaned), words)
    matches = find(tokens, index)
    matches = complete(matches)
    chosen = choose(matches, tokens)
    if not chosen:
        return None
    told = []
    for match in chosen:
        causes = rank(match, shared_causes)
        kind = kind_of(match, causes, shared_causes)
        told.append(
            tell(match, causes, kind, message_of(match, tokens, cleaned), place_of(match, tokens, cleaned))
        )
    unknown = unknown_error(matches, tokens, cleaned)
    return dataclasses.replace(told[0], unknown=unknown, others=tuple(told[1:]))


def load_ipython_extension(shell):
    """`%load_ext errorguide`: print the explanation under each cell that fails with a shape error."""
    from .jupyter import install

    install(shell)


def unload_ipython_extension(shell):
    """`%unload_ext errorguide`: print tracebacks only."""
    from .jupyter import remove

    remove(shell)
