"""A row of a trace: a dict of what is known of one layer, as JSON can hold it."""

from . import calls
from .pages import page_of
from .records import BUFFER, BYTES_OF_A_FLOAT, TRAINABLE
from .sizes import product


def row_of(layer, name, shapes, status):
    """Return a row before anything is known of it."""
    return {
        "line": layer.line, "name": name, "kind": layer.kind, "status": status,
        "input": [list(shape) for shape in shapes] if shapes else None, "output": None, "more": [],
        "other_layout": None, "weights": [], "parameters": 0, "non_trainable": 0, "multiply_adds": None,
        "bytes": None, "padding": [], "unread": [], "note": "", "refusal": None, "shared": layer.times == 0,
        "sure": True,
    }  # fmt: skip


def filled(row, layer, made):
    """Return a row with what a rule says."""
    trainable = [weight for weight in made.weights if weight.role == TRAINABLE]
    others = [weight for weight in made.weights if weight.role not in (TRAINABLE, BUFFER)]
    shared = layer.times == 0
    return row | {
        "output": list(made.output),
        "more": [list(shape) for shape in made.more],
        "weights": [
            {"name": weight.name, "shape": list(weight.shape), "role": weight.role} for weight in made.weights
        ],
        "parameters": 0 if shared else sum(product(weight.shape) for weight in trainable),
        "non_trainable": 0 if shared else sum(product(weight.shape) for weight in others),
        "multiply_adds": made.multiply_adds,
        "bytes": bytes_of(made.output),
        "padding": [list(pair) if pair else None for pair in made.padding],
        "unread": list(made.unread),
        "note": made.note,
    }


def bytes_of(shape):
    """Return the bytes of a tensor of 32-bit numbers; one example where the batch is not known."""
    count = product((1, *shape[1:]) if shape and shape[0] is None else shape)
    return None if count is None else count * BYTES_OF_A_FLOAT


def refused(row, layer, refusal, before):
    """Return a row with a refusal; `layer` has the change where there is one."""
    code = None
    if row["output"] is not None:
        code = ", ".join([*before, calls.call(layer)])
    return row | {
        "refusal": {
            "kind": refusal.kind, "message": refusal.message, "page": page_of(refusal.message),
            "change": {name: jsonable(value) for name, value in refusal.change.items()}, "code": code,
        }
    }  # fmt: skip


def jsonable(value):
    """Return a value with lists for its tuples."""
    return [jsonable(item) for item in value] if isinstance(value, tuple) else value


def totals(rows):
    """Return the sums of the rows."""
    work = [row["multiply_adds"] for row in rows if row["output"] is not None]
    memory = [row["bytes"] for row in rows if row["output"] is not None]
    return {
        "parameters": sum(row["parameters"] for row in rows),
        "non_trainable": sum(row["non_trainable"] for row in rows),
        "multiply_adds": None if None in work else sum(work),
        "bytes": None if None in memory else sum(memory),
        "complete": all(row["status"] == "ok" for row in rows) and bool(rows),
    }
