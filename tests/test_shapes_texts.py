"""What shapes reads from whole texts, against what PyTorch computes when the same text is run: each layer's
output and parameters, the model's output, and the message where it fails.
"""

from __future__ import annotations

import importlib
import math

import pytest
from shapes_texts import TEXTS

from shapes import read, trace

torch = pytest.importorskip("torch", reason="no PyTorch: the texts are not run")
functional = importlib.import_module("torch.nn.functional")
numpy = importlib.import_module("numpy")
IN_ONE = (torch.nn.MultiheadAttention, torch.nn.TransformerEncoderLayer)  # a row each
NUMBERS = ("lstm_tagger", "gpt_block")  # whose input are numbers of words


def first_shape(made):
    """Return the shape of what a module returns; of several values the first."""
    while isinstance(made, tuple):
        made = made[0]
    return tuple(made.shape)


def run(name):
    """Return (class, output, parameters) of each call of a layer, what the model returns or raises, and how
    many parameters it has.
    """
    shapes, text, expression = TEXTS[name]
    names = {"torch": torch, "nn": torch.nn, "F": functional, "math": math, "np": numpy, "device": "cpu"}
    exec(text, names)
    model = eval(expression, names)
    inside = {
        id(each) for one in model.modules() if isinstance(one, IN_ONE) for each in list(one.modules())[1:]
    }
    calls = []

    def hook(module, given, made):
        count = sum(each.numel() for each in module.parameters())
        calls.append((type(module).__name__, first_shape(made), count))

    for module in model.modules():
        leaf = isinstance(module, IN_ONE) or not list(module.children())
        own = type(module).__module__.startswith("torch.nn") and not isinstance(module, torch.nn.Sequential)
        if leaf and own and id(module) not in inside:
            module.register_forward_hook(hook)
    kind = torch.long if name in NUMBERS else torch.float32
    try:
        result = first_shape(model(*[torch.zeros(shape, dtype=kind) for shape in shapes]))
    except RuntimeError as error:
        result = f"{type(error).__name__}: {error}"
    return calls, result, sum(each.numel() for each in model.parameters())


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_is_what_pytorch_computes(name):
    shapes, text, _ = TEXTS[name]
    calls, result, parameters = run(name)
    made = trace(read(text), shapes)
    rows = iter([(row["kind"], tuple(row["output"] or ()), row["parameters"]) for row in made["rows"]])
    for kind, output, count in calls:  # between them stand the operations of forward
        assert any(row[:2] == (kind, output) and row[2] in (count, 0) for row in rows), (kind, output)
    if isinstance(result, str):
        first = next(row for row in made["rows"] if row["status"] == "refused")
        assert f"{first['refusal']['kind']}: {first['refusal']['message']}" == result
    else:
        assert tuple(made["output"]) == result and not made["failed"]
        assert made["totals"]["parameters"] == parameters
