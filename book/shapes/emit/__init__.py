"""Writes a chain of layers as code that runs: PyTorch's nn.Sequential or Keras's Sequential.

What one framework lacks is written with what it has, such as a ZeroPadding2D for a padding; what has no
equivalent is said. Changes that repair a layer are written in.
"""

from ..calls import PREFIX, call, written
from ..records import Layer
from ..trace import Run
from .keras_to_pytorch import to_pytorch
from .pytorch_to_keras import to_keras

WAYS = {("pytorch", "keras"): to_keras, ("keras", "pytorch"): to_pytorch}
HEADS = {
    "pytorch": "from torch import nn\n\nmodel = nn.Sequential(\n",
    "keras": "import keras\nfrom keras import layers\n\nmodel = keras.Sequential([\n    keras.Input({}),\n",
}
ENDS = {"pytorch": ")\n", "keras": "])\n"}


def program(reading, shapes, framework):
    """Return {"code": ..., "notes": [...]}: the model in a framework, "" where it is no chain of layers."""
    run = Run(reading)
    run.all(shapes)
    reason = no_chain(run)
    if reason:
        return {"code": "", "notes": [reason]}
    calls, notes = [], []
    for layer, (shape, *_), made in run.steps:
        if layer.framework == framework:
            calls.append(call(layer))
        else:
            more, said = WAYS[layer.framework, framework](layer, shape, made)
            calls.extend(f"{PREFIX[framework]}{name}({arguments})" for name, arguments in more)
            notes.extend(f"Line {layer.line}, {layer.kind}: {sentence}" for sentence in said)
    start = shapes[0][1:]
    if reading.framework == "pytorch" and framework == "keras":
        start = channels_last(run.steps, start)
    head = HEADS[framework].format(written_shape(start))
    return {
        "code": head + "".join(f"    {each},\n" for each in calls) + ENDS[framework],
        "notes": unique(notes),
    }


def no_chain(run):
    """Return why the layers are no chain, "" where they are one."""
    if not run.steps:
        return "No layer has a rule."
    if any(row["status"] == "unknown" for row in run.rows):
        return "A layer is not known, or its input is not: no code is written."
    if not run.sure:
        return "The text does not show what forward does: no code is written."
    if any(row["refusal"] and row["output"] is None for row in run.rows):
        return "A layer is refused and no change is known that repairs it: no code is written."
    before = None
    for layer, shapes, made in run.steps:
        if len(shapes) != 1 or (before is not None and tuple(shapes[0]) != before):
            return f"Line {layer.line}, {layer.kind}: the layers are no chain, and only chains are written."
        before = tuple(made.output)
    return ""


def channels_last(steps, shape):
    """Return an input's shape for Keras: the channels at the end where the layers that read it are of
    images.
    """
    for layer, _, _ in steps:
        if (
            layer.kind.rstrip("d")[-1:] in ("1", "2", "3")
            and len(shape) == int(layer.kind.rstrip("d")[-1]) + 1
        ):
            return (*shape[1:], shape[0])
        if layer.kind in ("Linear", "Flatten", "Embedding", "LSTM", "GRU", "RNN"):
            return shape
    return shape


def written_shape(shape):
    """Write the shape of keras.Input."""
    return (
        f"({written(shape[0])},)" if len(shape) == 1 else "(" + ", ".join(str(size) for size in shape) + ")"
    )


def unique(notes):
    """Return notes without repetitions."""
    return list(dict.fromkeys(notes))


__all__ = ["Layer", "program"]
