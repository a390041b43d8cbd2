"""The ledger's verdicts follow from its computations: break one, and the verdict changes."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import nbformat
import pytest

from bookkit.ledger import Ledger

NOTEBOOK = Path(__file__).resolve().parents[1] / "book" / "the-documents-claim-by-claim.ipynb"

# For each claim that was tested: what to break in its cell, and the verdict that must come out then.
BREAKS = {
    "A1": ([("tf.nn.conv2d(tf_image(64)", "tf.nn.conv2d(tf_image(48)")], "holds"),
    "A2": ([("torch.empty(1, 64", "torch.empty(1, 32")], "holds with a condition"),
    "A4": (
        [("nn.Conv2d(32, 4, 3)", "nn.Conv2d(32, 5, 3)"), ("ConvLayer(32, 4, 3)", "ConvLayer(32, 5, 3)")],
        "does not hold",
    ),
    "A5": (
        [("create_random_tensor((4, 4, 3, 3), seed=1)", "0 * create_random_tensor((4, 4, 3, 3))")],
        "does not hold",
    ),
    "A6": ([('{"32", "64"}', '{"32", "65"}')], "does not hold"),
    "A7": ([("tf_image(64),\n        tf.errors", "tf_image(48),\n        tf.errors")], "does not hold"),
    "A8": ([("forward(image(64, 256))", "forward(image(32, 256))")], "holds with a condition"),
    "A9": ([("nn.Conv2d(64, 64, 3)", "nn.Conv2d(64, 64, 3, padding=1)")], "holds with a condition"),
    "A10": ([("LinearLayer(32 * 8 * 8", "LinearLayer(64 * 8 * 8")], "holds with a condition"),
    "A11": ([("_image(64)", "_image(32)")], "does not hold"),
    "A13": ([("named(image(3), image(3))", "named(image(3), image(3, 7))")], "holds with a condition"),
    "B1": ([("in (1, 2, 4)", "in (1,)")], "holds"),
    "B2": ([("in (2, 4)", "in (1,)")], "holds"),
    "B3": (
        [("nn.Conv2d(6, 4, 3).weight", "nn.Conv2d(5, 4, 3).weight"), ("ConvLayer(6", "ConvLayer(5")],
        "does not hold",
    ),
    "B4": ([("in (2, 3)", "in (1, 3)")], "holds with a condition"),
    "B5": ([("in (2, 4)", "in (1,)")], "holds"),
    "B6": ([("padding=1", "padding=0")], "holds with a condition"),
    "B7": ([("padding=1", "padding=0")], "holds with a condition"),
    "B8": ([("groups=2)", "groups=1)")], "holds with a condition"),
    "B9": (
        [
            ("nn.Conv2d(3, 4, 3, groups=3)", "nn.Conv2d(3, 9, 3, groups=3)"),
            ("ValueError, lambda: nn.Conv2d(3, 6, 3", "ValueError, lambda: nn.Conv2d(3, 5, 3"),
        ],
        "does not hold",
    ),
    "B10": ([("hwio(weight_np)", "hwio(create_random_tensor((5, 3, 3, 3)))")], "holds"),
    "B11": ([("weight_np[:, :1]", "weight_np[:, :2]")], "holds with a condition"),
}
LATER = {"A3", "A12", "B12"}


def run(source: str, names: dict) -> None:
    """Run a cell's source with `names`, which it changes; what it prints is dropped."""
    with contextlib.redirect_stdout(io.StringIO()):
        exec(compile(source, NOTEBOOK.name, "exec"), names)


@pytest.fixture(scope="module")
def cells():
    """For each claim its cell's source and the names that stood before it; and the whole page's ledger."""
    names, found = {}, {}
    for cell in nbformat.read(NOTEBOOK, as_version=4).cells:
        if cell.cell_type != "code":
            continue
        if name := re.search(r'ledger\.claim\(\s*"(\w+)"', cell.source):
            found[name.group(1)] = (cell.source, dict(names))
        run(cell.source, names)
    return found, names["ledger"]


def test_every_claim_of_both_documents_has_its_entry(cells):
    _, ledger = cells
    assert list(ledger.claims) == [f"A{n}" for n in range(1, 14)] + [f"B{n}" for n in range(1, 13)]
    assert set(BREAKS) | LATER == set(ledger.claims)


@pytest.mark.parametrize("name", sorted(LATER))
def test_a_claim_of_a_later_chapter_is_not_judged(cells, name):
    assert cells[1].claims[name].verdict == "not yet tested"


@pytest.mark.parametrize("name", list(BREAKS))
def test_a_broken_computation_changes_the_verdict(cells, name):
    found, ledger = cells
    source, before = found[name]
    changes, expected = BREAKS[name]
    for old, new in changes:
        assert old in source, f"the cell of {name} no longer holds {old!r}: name another place to break"
        source = source.replace(old, new)
    names = {**before, "ledger": Ledger()}
    run(source, names)
    assert names["ledger"].claims[name].verdict == expected
    assert ledger.claims[name].verdict != expected


def test_no_verdict_stands_in_the_text(cells):
    """The text around the cells explains; verdicts come from the cells alone."""
    sections = {}
    for cell in nbformat.read(NOTEBOOK, as_version=4).cells:
        heading = re.search(r"^### ([AB]\d+):", cell.source, re.MULTILINE)
        if cell.cell_type == "markdown" and heading:
            sections[heading.group(1)] = cell.source
    assert list(sections) == list(cells[1].claims)
    for name, text in sections.items():
        assert not re.search(r"\b(holds|does not hold|is wrong|is right|is true|is false)\b", text), name
