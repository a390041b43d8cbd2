"""What shapes reads from print(model), against what PyTorch's hooks see: thirty architectures, with their
forward only in PyTorch.
"""

from __future__ import annotations

import importlib
import json
import random
import warnings

import pytest

from shapes import read, trace

torch = pytest.importorskip("torch", reason="no PyTorch: no printed models to read")
MODELS = importlib.import_module("shapes_models").MODELS
# What the printed lines leave open: then the layer, and all behind it, have no shape.
LEFT_OPEN = {
    "mobilenet_v2": "the pooling in forward",
    "unet": "the concatenation of the skip, or another layer's output, which would fit as well",
    "convnext": "a permute, or a flatten and a transpose",
}
# A Linear takes a sequence as well as its mean: the mean in forward is not seen.
WRONG = {"vision_transformer": ["head"]}


def seen_by_hooks(model, shape, numbers):
    """Return {name: [(input shape, output shape)]} of every module that forward calls."""
    calls = {}

    def add(name):
        def hook(module, given, made):
            made = made[0] if isinstance(made, tuple) else made
            calls.setdefault(name, []).append((tuple(given[0].shape), tuple(made.shape)))

        return hook

    for name, module in model.named_modules():
        module.register_forward_hook(add(name))
    model(torch.zeros(shape, dtype=torch.long if numbers else torch.float32))
    return calls


@pytest.fixture(scope="module", params=MODELS)
def traced(request):
    """A model, what its hooks saw, and the trace of its printed lines."""
    make, shape = MODELS[request.param]
    model = make().train()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        calls = seen_by_hooks(model, shape, request.param == "text_cnn")
    reading = read(str(model))
    assert reading.form == "print" and reading.problems == []
    return request.param, model, calls, trace(reading, [shape])


def test_rows_are_what_the_hooks_see(traced):
    name, _, calls, made = traced
    wrong = [
        row["name"]
        for row in made["rows"]
        if row["status"] != "unknown"
        and (
            row["status"] == "refused"
            or (tuple(row["input"][0]), tuple(row["output"])) not in calls[row["name"]]
        )
    ]
    assert wrong == WRONG.get(name, []), made["notes"]
    assert made["totals"]["complete"] == (name not in LEFT_OPEN)
    assert not wrong or made["notes"]
    first = next((row for row in made["rows"] if row["status"] == "unknown"), None)
    assert first is None or "paste forward too" in first["note"]


def test_parameters_are_those_of_the_model(traced):
    name, model, _, made = traced
    if name not in LEFT_OPEN:
        assert made["totals"]["parameters"] == sum(each.numel() for each in model.parameters())


def test_a_trace_is_plain(traced):
    _, _, _, made = traced
    assert json.loads(json.dumps(made)) == made


def test_a_broken_linear_is_found_and_repaired():
    """Of each model that ends in a Linear behind a Flatten, other in_features are found, with the change."""
    nn = torch.nn
    for pixels in (5, 7, 9):
        model = nn.Sequential(nn.Conv2d(3, 4, 3), nn.Flatten(), nn.Linear(11, 6), nn.ReLU(), nn.Linear(6, 2))
        made = trace(read(str(model)), [(2, 3, pixels, pixels + 3)])
        bad = [row for row in made["rows"] if row["refusal"]]
        with pytest.raises(RuntimeError) as raised:
            model(torch.zeros(2, 3, pixels, pixels + 3))
        assert [row["refusal"]["message"] for row in bad] == [str(raised.value)]
        assert bad[0]["refusal"]["page"] == "pytorch-mat1-mat2"
        model[2] = eval(bad[0]["refusal"]["code"], {"nn": nn})
        assert list(model(torch.zeros(2, 3, pixels, pixels + 3)).shape) == made["output"]


def test_settings_of_every_printed_layer_are_read():
    """What a layer prints is read to what it was made with: its shape and weights are its own."""
    from shapes_random import TORCH
    from shapes_torch import run, shapes_of

    rng = random.Random(4)
    read_back = set()
    skipped = ("concatenation and sum", "reshape", "attention")
    for kind in TORCH:
        for _ in range(0 if kind in skipped else 60):
            name, settings, shapes = TORCH[kind](rng)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                layer, made = run(name, settings, shapes)
            if layer is None or isinstance(made, Exception) or len(shapes) > 1:
                continue
            text = str(layer)
            if "AvgPool" in name and settings.get("ceil_mode"):
                continue  # it does not print it
            row = trace(read(f"Sequential(\n  (0): {text}\n)"), shapes)["rows"][0]
            assert tuple(row["output"]) == shapes_of(made)[0], text
            assert row["parameters"] == sum(each.numel() for each in layer.parameters()), text
            read_back.add(name)
    assert len(read_back) > 50
