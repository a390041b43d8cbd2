"""The error guide says where an error of Keras failed, where the number came from, and tries repairs: on
programs in data/live; and harms nothing.
"""

from __future__ import annotations

import ast
import os
import random
import re
import time
from pathlib import Path

import numpy as np
import pytest
from livekit import PROGRAMS, check, children, finding_of, raised

from bookkit.frameworks import tf
from errorguide.live import look

keras = tf.keras
layers = keras.layers
HERE = os.getpid()


KERAS_PROGRAMS = sorted(PROGRAMS.glob("keras_*.py"))
MADE = re.compile(r"^# made: (.+)$", re.M)


@pytest.fixture(autouse=True)
def fresh_names():
    """Let the names that Keras gives be those of a program of its own."""
    keras.backend.clear_session()


@pytest.mark.parametrize("program", KERAS_PROGRAMS, ids=lambda path: path.stem)
def test_layer_origin_and_a_trial(program):
    check(program)


@pytest.mark.parametrize(
    "program", [each for each in KERAS_PROGRAMS if MADE.search(each.read_text())], ids=lambda path: path.stem
)
def test_the_line_that_made_the_layer(program):
    made = finding_of(program, try_repairs=False).expected_by
    assert MADE.search(program.read_text()).group(1) in made.code and made.file == str(program)
    assert made.code == program.read_text().splitlines()[made.line - 1].strip()


def statements(program):
    """Return the statements of a program, the last of which fails."""
    tree = ast.parse(program.read_text())
    return [compile(ast.Module([each], []), str(program), "exec") for each in tree.body]


@pytest.mark.parametrize(
    "name",
    [
        "backbone",
        "built_size",
        "class_indices",
        "clips",
        "dict_batch",
        "image_size",
        "nchw",
        "one_image",
        "refused",
    ],
)
def test_code_runs_as_it_is_printed(name):
    program = PROGRAMS / f"keras_{name}.py"
    trial = next(each for each in finding_of(program).trials if each.outcome == "runs")
    keras.backend.clear_session()
    names = {"__name__": "__main__"}
    *before, failing = statements(program)
    for code in before:
        exec(code, names)
    exec(trial.change, names)
    exec(failing, names)


class Everything(keras.Model):
    """A model with a bit of everything that a replay could change."""

    def __init__(self):
        super().__init__()
        self.conv = layers.Conv2D(8, 3, name="conv")
        self.norm = layers.BatchNormalization(name="norm")
        self.drop = layers.Dropout(0.5)
        self.later = layers.Dense(3, name="later")
        self.head = layers.Dense(2, name="head")
        self.calls_ = 0
        self.seen_ = {"shapes": ()}

    def call(self, x, training=None):
        self.calls_ += 1
        self.seen_["shapes"] += (tuple(x.shape),)
        print("call", self.calls_)
        x = self.drop(self.norm(self.conv(x), training=training))
        random.random(), np.random.rand(), keras.random.normal((2,))  # noqa: NPY002
        return self.later(self.head(keras.ops.mean(x, axis=(1, 2))))


def state_of(model):
    """Return all that has to stay."""
    inner = [model, *model._flatten_layers(include_self=False)]
    return {
        "values": [(id(each), each.path, each.numpy().tobytes()) for each in model.variables],
        "optimizer": [(each.path, each.numpy().tobytes()) for each in model.optimizer.variables],
        "layers": [
            (id(layer), layer.name, layer.built, sorted(vars(layer)), len(layer.weights)) for layer in inner
        ],
        "own": (model.calls_, dict(model.seen_), model.compiled, model.stop_training),
        "random": (random.getstate(), np.random.get_state()[1].tobytes()),  # noqa: NPY002
        "keras": (
            keras.config.is_traceback_filtering_enabled(),
            layers.Layer.__call__,
            keras.config.floatx(),
            tf.Tensor.__matmul__,
        ),
    }


def test_a_model_is_as_before(capfd, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    model = Everything()
    model.head.build((None, 9))
    model.compile("adam", "mse")
    error = raised(lambda: model.fit(np.zeros((6, 7, 6, 3)), np.zeros((6, 3)), verbose=0))
    before = state_of(model)
    capfd.readouterr()
    finding = look(error)
    assert capfd.readouterr() == ("", "")
    assert state_of(model) == before
    assert finding.where.layer == "head" and finding.came_from.layers == ("conv",)
    assert any(trial.outcome == "runs" for trial in finding.trials)
    assert not model.later.built and list(tmp_path.iterdir()) == [] and children() == []


def odd(call):
    """Return a model with a call of its own, whose head does not fit."""
    kind = type("Odd", (keras.Model,), {"call": call})
    model = kind()
    model.body = layers.Dense(8, name="body")
    model.head = layers.Dense(2, name="head")
    model.head.build((None, 9))
    return model


def branches(self, x):
    x = self.body(x)
    if keras.ops.sum(x) > 1e9:
        x = x * 2
    return self.head(x)


def numpy_inside(self, x):
    return self.head(np.tanh(self.body(x).numpy()))


def sleeps(self, x):
    time.sleep(0 if os.getpid() == HERE else 30)
    return self.head(self.body(x))


def writes_a_file(self, x):
    Path("written.txt").write_text("x")
    return self.head(self.body(x))


def leaves(self, x):
    if os.getpid() != HERE:
        os._exit(3)
    return self.head(self.body(x))


def calls_itself(self, x):
    return self.head(self.body(x)) if os.getpid() == HERE else self.call(x)


@pytest.mark.parametrize(
    "call",
    [branches, numpy_inside, sleeps, writes_a_file, leaves, calls_itself],
    ids=lambda each: each.__name__,
)
def test_odd_code_ends_in_less_being_said(call, tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    model = odd(call)
    error = raised(lambda: model(np.zeros((3, 5), "float32")))
    files = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    capfd.readouterr()
    begun = time.monotonic()
    finding = look(error)
    assert time.monotonic() - begun < 14
    assert capfd.readouterr() == ("", "")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == files
    assert finding.where.layer == "head" and model.head.kernel.shape == (9, 2)
    assert children() == []


def test_trials_can_be_turned_off():
    model = odd(lambda self, x: self.head(self.body(x)))
    finding = look(raised(lambda: model(np.zeros((3, 5), "float32"))), try_repairs=False)
    assert finding.trials == () and finding.came_from.layers == ("body",)


def test_a_large_layer_that_is_not_built_takes_no_memory():
    model = keras.Sequential(
        [layers.Dense(6, name="one"), layers.Dense(4, name="two"), layers.Dense(400_000, name="big")]
    )
    model.layers[1].build((None, 9))
    model.add(layers.Dense(300_000))
    error = raised(lambda: model(np.zeros((2, 5), "float32")))
    begun = time.monotonic()
    finding = look(error)
    assert time.monotonic() - begun < 12
    assert finding.where.layer == "two" and any(trial.outcome == "runs" for trial in finding.trials)
