"""`show_source`: the book's own code, printed where a chapter talks about it."""

import inspect
import textwrap

PACKAGES = ("bookkit", "errorguide", "fromscratch")


def show_source(*objects):
    """Print the source of functions, classes or modules of this book's packages, one after another.

    Raises TypeError for anything else, and for code that is not the book's own.
    """
    if not objects:
        raise TypeError("show_source() expects a function, class or module of this book, got nothing.")
    print("\n\n\n".join(_source(thing) for thing in objects))


def _source(thing):
    """Return the source of one function, class or module of this book."""
    if not (inspect.ismodule(thing) or inspect.isclass(thing) or inspect.isroutine(thing)):
        raise TypeError(f"show_source() expects a function, class or module, got {type(thing).__name__}.")
    module = inspect.getmodule(thing)
    if module is None or module.__name__.partition(".")[0] not in PACKAGES:
        name = getattr(thing, "__qualname__", getattr(thing, "__name__", repr(thing)))
        raise TypeError(f"show_source() prints code of {', '.join(PACKAGES)}; {name} is not theirs.")
    return textwrap.dedent(inspect.getsource(thing)).rstrip()
