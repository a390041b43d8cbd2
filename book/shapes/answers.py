"""What a program or a page asks of this package: plain values and texts in, what JSON can hold out."""

from .arguments import SIGNATURES, bind, check_read, without_table
from .emit import program
from .pages import page_of
from .read import read
from .read.shape import shape_of
from .records import Refusal, Unknown
from .rows import jsonable
from .rules import answer
from .signatures import REQUIRED
from .table import as_table
from .trace import trace as sent_through


def shape(text):
    """Return {"shape": [...]} of an input's text, or {"problem": sentence}."""
    try:
        return {"shape": list(shape_of(text))}
    except ValueError as problem:
        return {"problem": str(problem)}


def declared(text, framework=None):
    """Return what a text says before a shape goes through it: its form and framework, how many layers it has,
    the shapes of its inputs without the batch (None for one that it does not say), and what was not
    understood.
    """
    reading = read(text, framework)
    return {
        "form": reading.form,
        "framework": reading.framework,
        "layers": len(reading.layers),
        "inputs": [None if given is None else jsonable(given) for given in reading.inputs],
        "problems": [{"line": line, "text": sentence} for line, sentence in reading.problems],
    }


def trace(text, shapes, framework=None):
    """Return the trace of a text, as trace.trace does; a shape for each input."""
    return sent_through(read(text, framework), [tuple(each) for each in shapes])


def emit(text, shapes, target, framework=None):
    """Return {"code": ..., "notes": [...]}: the model in a framework, as emit.program does."""
    return program(read(text, framework), [tuple(each) for each in shapes], target)


def table(traced, width):
    """Return a trace as text."""
    return as_table(traced, width)


def signature(framework, kind):
    """Return {argument: default} of a layer, with None for the default of one that it requires, and the names
    of those.
    """
    given = SIGNATURES[framework][kind]
    required = [name for name, default in given.items() if default is REQUIRED]
    return {
        "required": required,
        "defaults": {name: None if name in required else jsonable(value) for name, value in given.items()},
    }


def layer(framework, kind, settings, shapes):
    """Return what a layer makes of shapes: the settings that are not given have their defaults.

    {"output", "more", "weights", "multiply_adds", "padding", "unread", "note"}, or {"refusal": {"kind",
    "message", "page", "change", "also"}}, or {"unknown": sentence}.
    """
    try:
        given = bind(kind, framework, (), settings)
        given, _ = without_table(kind, given)
        check_read(given)
        made = answer(framework, kind, given, [tuple(each) for each in shapes])
    except Refusal as refusal:
        return {
            "refusal": {
                "kind": refusal.kind,
                "message": refusal.message,
                "page": page_of(refusal.message),
                "change": {name: jsonable(value) for name, value in refusal.change.items()},
                "also": list(refusal.also),
            }
        }
    except Unknown as reason:
        return {"unknown": str(reason)}
    return {
        "output": list(made.output),
        "more": [list(each) for each in made.more],
        "weights": [
            {"name": weight.name, "shape": list(weight.shape), "role": weight.role} for weight in made.weights
        ],
        "multiply_adds": made.multiply_adds,
        "padding": [list(pair) if pair else None for pair in made.padding],
        "unread": list(made.unread),
        "note": made.note,
    }
