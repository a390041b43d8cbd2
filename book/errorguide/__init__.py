"""Explain error messages about tensor shapes: whose each number is, what probably happened, and what repairs
it.

    from errorguide import explain
    explain("RuntimeError: mat1 and mat2 shapes cannot be multiplied (1792x28 and 784x10)").causes[0].title

The catalogue is book/errors, one error a Markdown file. Plain Python; PyYAML reads the front matter.

`explain` is a row of steps, one a file, and each step hands its result to the next: text.py, match.py,
numbers.py, choice.py, causes.py, explanation.py. The decoder page takes the same steps, under the same names,
in book/theme/static/decoder-engine.js.
"""

import functools

from .catalogue import read_catalogue
from .causes import Cause, kind_of, rank
from .choice import choose
from .explanation import Explanation, as_text, tell
from .match import find, index_templates
from .numbers import complete
from .text import read

__all__ = ["Cause", "Explanation", "as_text", "explain", "load_ipython_extension", "unload_ipython_extension"]


@functools.lru_cache(maxsize=1)
def _prepared():
    """Return (index of the templates, causes), read from the catalogue once."""
    catalogue = read_catalogue()
    templates = [(entry, elements) for entry in catalogue["errors"] for elements in entry["templates"]]
    return index_templates(templates), catalogue["causes"]


def explain(text):
    """Return the Explanation of the error in `text`, or None where there is no shape error in it.

    `text` may be a message, a whole traceback, a notebook's coloured output, a message cut off at an end, or
    several errors: then the root cause of the last one is explained, and the rest stand in `others`. Raises
    TypeError when `text` is not a string.
    """
    if not isinstance(text, str):
        raise TypeError(f"explain takes the text of an error as a string, not {type(text).__name__}")
    index, shared_causes = _prepared()
    tokens = read(text)
    matches = find(tokens, index)
    matches = complete(matches)
    chosen = choose(matches, tokens)
    ranked = [(match, rank(match, shared_causes)) for match in chosen]
    told = [tell(match, causes, kind_of(match, causes, shared_causes)) for match, causes in ranked]
    return told[0].with_others(told[1:]) if told else None


def load_ipython_extension(shell):
    """`%load_ext errorguide`: print the explanation under each cell that fails with a shape error."""
    from .jupyter import install

    install(shell)


def unload_ipython_extension(shell):
    """`%unload_ext errorguide`: print tracebacks only."""
    from .jupyter import remove

    remove(shell)
