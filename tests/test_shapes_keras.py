"""The rules of shapes against real Keras layers: output, weights, and refusals word for word, on random
settings.

SHAPES_KERAS_SETTINGS says how many settings each kind gets. A layer is built as a model builds it, with
symbolic inputs; some of them compute as well.
"""

from __future__ import annotations

import importlib
import inspect
import os

import pytest
from shapes_random import KERAS as KINDS
from shapes_random import drawn

from errorguide import explain
from shapes import Refusal, outcome
from shapes.calls import snake_case
from shapes.pages import page_of
from shapes.signatures import KERAS, REQUIRED

pytest.importorskip("tensorflow", reason="no TensorFlow: the rules of shapes are not compared with Keras")
keras = importlib.import_module("bookkit.frameworks").keras
runner = importlib.import_module("shapes_keras")
build, compute, message, shapes_of = runner.build, runner.compute, runner.message, runner.shapes_of

SETTINGS = int(os.environ.get("SHAPES_KERAS_SETTINGS", "150"))
SLOW = ("attention", "recurrent")  # to build one takes 50 ms, of other kinds 10 ms or less


def full(kind, settings):
    """Return settings with the defaults of the rest."""
    defaults = {name: value for name, value in KERAS[kind].items() if value is not REQUIRED}
    made = {**defaults, "name": "layer", **settings}
    if kind == "Bidirectional":
        made["layer"] = (settings["layer"][0], full(*settings["layer"]))
    return made


def rule(kind, settings, shapes):
    """Return what the rules say: an Outcome or a Refusal."""
    try:
        return outcome("keras", kind, full(kind, settings), shapes)
    except Refusal as refusal:
        return refusal


def difference(kind, settings, shapes, computes):
    """Return a sentence where the rules and Keras differ, "" where they agree."""
    layer, made = build(kind, {"name": "layer", **settings}, shapes)
    said = rule(kind, settings, shapes)
    if isinstance(made, Exception):
        text = f"{type(made).__name__}: {message(made)}"
        if not isinstance(said, Refusal):
            return f"Keras refuses with {text!r}; the rule says {said.output}"
        if said.kind == type(made).__name__ and message(made) in said.also:
            return ""
        return "" if str(said) == text else f"Keras: {text!r}\nthe rule: {str(said)!r}"
    if isinstance(said, Refusal):
        return f"Keras returns {shapes_of(made)}; the rule refuses with {str(said)!r}"
    if shapes_of(made) != [said.output, *said.more]:
        return f"Keras returns {shapes_of(made)}, the rule says {[said.output, *said.more]}"
    held = sorted((tuple(each.shape), each.trainable) for each in layer.weights if "seed" not in each.path)
    told = sorted((weight.shape, weight.role == "trainable") for weight in said.weights)
    if held != told:
        return f"Keras holds {held}, the rule says {told}"
    return difference_in_numbers(layer, kind, settings, shapes) if computes else ""


def difference_in_numbers(layer, kind, settings, shapes):
    """Compare with a call that computes, where sizes but the batch are known. TensorFlow's CPU code may
    refuse what Keras built: a note says so.
    """
    if any(None in shape[1:] for shape in shapes) or settings.get("data_format") == "channels_first":
        return ""
    said = rule(kind, settings, [tuple(2 if size is None else size for size in shape) for shape in shapes])
    made = compute(layer, kind, shapes)
    if isinstance(made, Exception):
        return "" if said.note else f"Keras built it and refuses to compute: {message(made)}"
    if shapes_of(made) != [said.output, *said.more] and not said.note:
        return f"Keras computes {shapes_of(made)}, the rule says {[said.output, *said.more]}"
    return ""


@pytest.mark.parametrize("kind", KINDS)
def test_rules_say_what_keras_does(kind):
    count = SETTINGS // 4 if kind in SLOW else SETTINGS
    for number, (name, settings, shapes) in enumerate(drawn(KINDS, kind, count)):
        found = difference(name, settings, shapes, computes=number % 4 == 0)
        assert not found, f"{name}(**{settings}) on {shapes}\n{found}"


def test_random_settings_work_and_are_refused():
    """A test of random settings says little where all of them work, or none."""
    for kind in KINDS:
        refused = sum(isinstance(rule(*each), Refusal) for each in drawn(KINDS, kind, 400))
        assert kind == "attention" or 8 <= refused <= 300, f"{kind}: {refused} of 400 are refused"


def test_a_change_repairs():
    """Where a refusal brings changed arguments, the layer works with them, or is refused for another
    reason.
    """
    kinds = set()
    for kind in KINDS:
        for name, settings, shapes in drawn(KINDS, kind, 500):
            said = rule(name, settings, shapes)
            if isinstance(said, Refusal) and said.change:
                after = rule(name, {**settings, **said.change}, shapes)
                same = isinstance(after, Refusal) and after.message == said.message
                assert not same, f"{name}(**{settings}) on {shapes} with {said.change}: {after}"
                kinds.add(name.rstrip("123D"))
    assert {"Conv", "MaxPooling", "GroupNormalization"} <= kinds


def test_pages_are_those_that_the_guide_finds():
    """A refusal's page is the one that the error guide finds for its message."""
    told = {}
    for kind in KINDS:
        for each in drawn(KINDS, kind, 500):
            said = rule(*each)
            if isinstance(said, Refusal):
                told.setdefault(page_of(said.message) or said.message[:25], said)
    found = {str(said): explain(str(said)) for said in told.values()}
    expected = {str(said): page_of(said.message) or None for said in told.values()}
    assert {text: made and made.id for text, made in found.items()} == expected
    assert len(set(expected.values())) > 8


def test_signatures_are_those_of_keras():
    for kind, signature in KERAS.items():
        real = {}
        for parameter in list(inspect.signature(getattr(keras.layers, kind).__init__).parameters.values())[
            1:
        ]:
            if parameter.kind not in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
                real[parameter.name] = REQUIRED if parameter.default is parameter.empty else parameter.default
        names = [name for name in signature if name in real]
        assert names == list(real)[: len(names)], kind
        for name in names:
            same = real[name] == signature[name] or set_of(real[name]) == {signature[name]}
            assert same, (kind, name, real[name], signature[name])
        missing = [name for name, default in real.items() if default is REQUIRED and name not in signature]
        assert not missing, kind


def set_of(value):
    """Return the numbers in a nested tuple."""
    if isinstance(value, tuple):
        return set().union(*map(set_of, value))
    return {value} if isinstance(value, int) else set()


def test_names_are_those_that_keras_gives():
    for kind in KERAS:
        if kind != "InputLayer":
            assert snake_case(kind) == keras.src.utils.naming.to_snake_case(kind)


def test_unknown_arguments_are_refused_in_keras_words():
    from shapes.arguments import bind

    for kind, named in (
        ("Conv2D", {"filters": 3, "kernel_size": 3, "stride": 2}),
        ("Dense", {"units": 3, "bias": False}),
    ):
        with pytest.raises(ValueError) as real:
            getattr(keras.layers, kind)(**named)
        with pytest.raises(Refusal) as said:
            bind(kind, "keras", (), named)
        assert said.value.message == str(real.value)
