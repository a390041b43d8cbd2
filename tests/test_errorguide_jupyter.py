"""`%load_ext errorguide`: what is printed below a cell, what `%errorguide` sets, and what is left of it."""

from __future__ import annotations

import os
import sys
import warnings
import xml.etree.ElementTree as ElementTree

import pytest
from IPython.core.interactiveshell import InteractiveShell

from errorguide import jupyter
from errorguide.live.draw import alternative, drawing
from errorguide.live.records import Finding, Step, Where

MESSAGE = "mat1 and mat2 shapes cannot be multiplied (1792x28 and 784x10)"
FAILS = f"raise RuntimeError({MESSAGE!r})"
EXPLAINED = "The flatten before the layer is missing"
MISTAKE = "(torch.zeros(5, 1, requires_grad=True) - torch.zeros(5)).abs().mean();"


@pytest.fixture
def shell(monkeypatch):
    """A shell that has loaded the extension."""
    monkeypatch.delenv("ERRORGUIDE_TRY", raising=False)
    shell = InteractiveShell()
    shell.run_cell("%load_ext errorguide")
    yield shell
    jupyter.remove(shell)


def test_a_program_that_is_run_in_a_cell_is_explained(shell, tmp_path, capsys):
    program = tmp_path / "program.py"
    program.write_text(FAILS)
    shell.run_cell(f"%run {program}")
    assert capsys.readouterr().out.count(EXPLAINED) == 1
    shell.run_cell("1")
    assert EXPLAINED not in capsys.readouterr().out


def test_a_cell_that_another_cell_runs_is_explained_once(shell, capsys):
    shell.run_cell(f"get_ipython().run_cell({FAILS!r});")
    assert capsys.readouterr().out.count(EXPLAINED) == 1


def test_an_explanation_that_breaks_adds_no_traceback(shell, monkeypatch, capsys):
    monkeypatch.delenv("ERRORGUIDE_DEBUG", raising=False)
    monkeypatch.setattr(jupyter, "as_text", None)
    shell.run_cell(FAILS)
    said = capsys.readouterr()
    assert "Error in callback" not in said.out + said.err
    assert (said.out + said.err).count("Traceback") <= 1


def test_watching_a_framework_that_is_imported_later(shell, capsys):
    import torch

    with pytest.MonkeyPatch.context() as before:
        before.delitem(sys.modules, "torch")
        shell.run_cell("%errorguide watch")
    shell.user_ns["torch"] = torch
    shell.run_cell(MISTAKE)
    assert "each with each" in capsys.readouterr().err
    shell.run_cell("%errorguide watch off")
    shell.run_cell(MISTAKE)
    assert capsys.readouterr().err == ""


def test_nothing_is_left_of_it(shell, capsys):
    import torch

    before, show = torch.nn.functional.mse_loss, warnings.showwarning
    for line in ("watch", "try off", "try on", "try no"):
        shell.run_cell(f"%errorguide {line}")
    assert torch.nn.functional.mse_loss is not before and os.environ["ERRORGUIDE_TRY"] == "no"
    shell.run_cell("%unload_ext errorguide")
    assert torch.nn.functional.mse_loss is before and "ERRORGUIDE_TRY" not in os.environ
    assert warnings.showwarning is show
    assert not hasattr(torch.Tensor.__sub__, "__wrapped__")
    shell.run_cell(FAILS)
    assert EXPLAINED not in capsys.readouterr().out
    assert "errorguide" not in shell.magics_manager.magics["line"]
    left = [call.__module__ for calls in shell.events.callbacks.values() for call in calls]
    assert not any(name.startswith("errorguide") for name in left)


def test_what_a_line_may_say(shell, capsys):
    for line in ("", "wach", "watch model", "try", "try perhaps"):
        shell.run_cell(f"%errorguide {line}")
        assert capsys.readouterr().out == jupyter.HELP + "\n"


# ---- The drawing ----


def step(layer, inputs, output):
    """Return a step on the way."""
    return Step(layer, "Linear", tuple(inputs), output)


LONG = "encoder.layers.11.self_attention.output_projection.dense_"
FINDINGS = {
    "many": Finding(
        Where(f"{LONG}40", "Linear", "a.py", 3, "x"),
        (*(step(f"{LONG}{at}", [[8, 9]], [8, 9]) for at in range(40)), step(f"{LONG}40", [[8, 9]], None)),
        expects="expects 7, gets 9",
        need=(7, 9),
    ),
    "first": Finding(Where("head", "Linear", "a.py", 3, "x"), (step("head", [[2, 10]], None),)),
    "several": Finding(
        Where("", "Net", "a.py", 3, "x", operation="cat"),
        (
            step("boxes", [[[2, 3, 8, 8], [2, 4]]], {"boxes": [100, 4], "scores": [100]}),
            step("", [[2, 32], [2, 160], {"masks": [2, 7]}], None),
        ),
        expects="expects sizes that are equal but for those on axis 1, and these here are not",
    ),
    "unknown": Finding(Where(None, None, "a.py", 3, "x"), (step("one", [[None, None]], []),)),
}


@pytest.mark.parametrize("name", FINDINGS)
def test_a_drawing_stays_in_its_frame(name):
    root = ElementTree.fromstring(drawing(FINDINGS[name]))
    _, _, width, height = map(float, root.get("viewBox").split())
    rows = [node for node in root.iter() if node.tag.endswith("}text")]
    assert len(rows) <= 22
    for node in rows:
        assert float(node.get("y")) <= height
        assert float(node.get("x")) + 8.3 * len(node.text) <= width or node.text == "..."
    for node in root.iter():
        if node.tag.endswith("}rect") and node.get("x"):
            assert float(node.get("x")) + float(node.get("width")) <= 152
            assert float(node.get("y")) + float(node.get("height")) <= height
    assert root.get("aria-label") == alternative(FINDINGS[name])


def test_a_long_path_keeps_its_end():
    assert "...self_attention.output_projection.dense_38"[-20:] in drawing(FINDINGS["many"])
    assert alternative(FINDINGS["first"]) == "head, Linear failed."
    assert alternative(FINDINGS["many"]).startswith("40 layers ran, then encoder.")
