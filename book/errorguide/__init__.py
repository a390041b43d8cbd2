"""Explain error messages about tensor shapes: whose each number is, what probably happened, and what repairs
it.

    from errorguide import explain
    explain("RuntimeError: mat1 and mat2 shapes cannot be multiplied (1792x28 and 784x10)").causes[0].title

The catalogue is book/errors, one error a Markdown file. Plain Python; PyYAML reads the front matter.
"""

from .explanation import Cause, Explanation, as_text, explain

__all__ = ["Cause", "Explanation", "as_text", "explain", "load_ipython_extension", "unload_ipython_extension"]


def load_ipython_extension(shell):
    """`%load_ext errorguide`: print the explanation under each cell that fails with a shape error."""
    from .jupyter import install

    install(shell)


def unload_ipython_extension(shell):
    """`%unload_ext errorguide`: print tracebacks only."""
    from .jupyter import remove

    remove(shell)
