"""The ledger's verdicts follow from its computations: break one, and the verdict changes."""

from __future__ import annotations

import inspect
import re
from functools import partial
from pathlib import Path

import nbformat
import pytest

from bookkit import claims
from bookkit.claims import first_answer, second_answer, trying
from bookkit.ledger import Ledger

BOOK = Path(__file__).resolve().parents[1] / "book"
NOTEBOOK = BOOK / "the-documents-claim-by-claim.ipynb"
LONGEST_QUOTATION = 190  # characters: about two lines of the page

# For each claim that was tested: what to break in its function, and the verdict that must come out then.
BREAKS = {
    "A1": (
        [
            ("operations(weight, 64)", "operations(weight, 48)"),
        ],
        "holds",
    ),
    "A2": ([("torch.empty(1, 64", "torch.empty(1, 32")], "holds with a condition"),
    "A3": (
        [
            ("segmentations(weight, groups=3)", "segmentations(four)"),
            ("operations(weight, 3)", "operations(weight, 4)"),
        ],
        "holds",
    ),
    "A4": (
        [
            ("nn.Conv2d(32, 4, 3)", "nn.Conv2d(32, 5, 3)"),
            ("ConvLayer(32, 4, 3)", "ConvLayer(32, 5, 3)"),
        ],
        "does not hold",
    ),
    "A5": (
        [("create_random_tensor((5, 4, 3, 2), seed=1)", "0 * create_random_tensor((5, 4, 3, 2))")],
        "does not hold",
    ),
    "A6": ([('("out of bounds", "mismatch")', '("out of bounds",)')], "does not hold"),
    "A7": ([("calls(64)", "calls(32)")], "holds"),
    "A8": ([("forward(image(64, 256, 256))", "forward(image(32, 256, 256))")], "holds with a condition"),
    "A9": ([("nn.Conv2d(64, 64, 3)", "nn.Conv2d(64, 64, 3, padding=1)")], "holds with a condition"),
    "A10": ([("LinearLayer(32 * HEIGHT", "LinearLayer(64 * HEIGHT")], "holds with a condition"),
    "A11": ([("image(64)", "image(32)")], "does not hold"),
    "A12": ([("not in message for", 'not in "" for')], "holds"),
    "A13": ([("matrix.T), (1, 10)", "matrix.T), (10, 1)")], "not made real"),
    "B1": ([("in (1, 2, 4)", "in (1,)")], "holds"),
    "B2": ([("for groups in (2, 4):", "for groups in (1,):")], "holds"),
    "B3": (
        [("nn.Conv2d(6, 4, (2, 5)", "nn.Conv2d(2, 4, (2, 5)"), ("ConvLayer(6", "ConvLayer(5")],
        "does not hold",
    ),
    "B4": ([("in (1, 2, 3)", "in (2, 3)")], "does not hold"),
    "B5": ([("in (2, 4)", "in (1,)")], "holds"),
    "B6": ([("padding=1", "padding=0")], "holds with a condition"),
    "B7": ([("image(1)", "image(3)")], "holds with a condition"),
    "B8": ([("groups=2)", "groups=1)")], "holds with a condition"),
    "B9": (
        [
            ("grouped_by_3(6)", "grouped_by_3(5)"),
            ("grouped_by_3(3)", "grouped_by_3(2)"),
            ("grouped_by_3(4)", "grouped_by_3(9)"),
        ],
        "does not hold",
    ),
    "B10": ([("hwio(WEIGHT)", "hwio(create_random_tensor((5, 3, 3, 3)))")], "holds"),
    "B11": ([("WEIGHT[:, :1]", "WEIGHT[:, :2]")], "holds with a condition"),
    "B12": ([("lies_in_the_tone(f(with_tone))", "lies_in_the_tone(f(without))")], "holds with a condition"),
    "B13": ([("one_by_one(x, weight", "one_by_one(x, weight[::-1]")], "holds with a condition"),
}


@pytest.fixture(scope="module")
def ledger():
    """The ledger as the page computes it."""
    return claims.check_all()


def functions():
    """Each claim's function and the module that it stands in."""
    for module in (first_answer, second_answer):
        for name in module.CLAIMS:
            yield name, module, getattr(module, name.lower())


FUNCTIONS = {name: (module, function) for name, module, function in functions()}


def broken(name, changes):
    """Return the claim as its function judges it after these changes of its source."""
    module, function = FUNCTIONS[name]
    source = inspect.getsource(function)
    for old, new in changes:
        assert old in source, f"the function of {name} no longer holds {old!r}: name another place to break"
        source = source.replace(old, new)
    found = {}
    names = {**vars(module), "claim_of": partial(trying.register, found)}
    exec(compile(source, module.__file__, "exec"), names)
    return found[name](Ledger())


def test_every_claim_of_both_documents_has_its_entry(ledger):
    assert list(ledger.claims) == [f"A{n}" for n in range(1, 14)] + [f"B{n}" for n in range(1, 14)]
    assert set(BREAKS) == set(ledger.claims)


def test_no_claim_is_left_untested(ledger):
    assert not [name for name, claim in ledger.claims.items() if claim.verdict == "not yet tested"]


@pytest.mark.parametrize("name", list(BREAKS))
def test_a_broken_computation_changes_the_verdict(ledger, name):
    changes, expected = BREAKS[name]
    assert broken(name, changes).verdict == expected
    assert ledger[name].verdict != expected


def test_a_verdict_rests_on_numpy_and_both_frameworks(ledger):
    for name, claim in ledger.claims.items():
        if claim.asserts:
            assert claim.implementations[:3] == ["NumPy", "PyTorch", "Keras"], name


def test_the_fictional_library_is_set_apart(ledger):
    assert [claim.name for claim in ledger.claims.values() if not claim.asserts] == ["A13"]
    assert ledger["A13"].verdict == "made real"
    start = nbformat.read(NOTEBOOK, as_version=4).cells[0].source
    assert f"Here are {len(ledger.claims) - 1} of their claims" in start


def test_what_does_not_simply_hold_is_told(ledger):
    for name, claim in ledger.claims.items():
        told = claim.verdict in ("holds with a condition", "does not hold")
        assert bool(claim.sentence) == told, name


def test_a_quotation_is_short(ledger):
    for name, claim in ledger.claims.items():
        assert 20 < len(claim.quote) <= LONGEST_QUOTATION, name


def test_each_claim_leads_to_its_place_in_a_chapter(ledger):
    for name, claim in ledger.claims.items():
        assert claim.shown, name
        for chapter, address in claim.shown.items():
            file, _, label = address.partition("#")
            assert file.startswith(f"{int(chapter.split()[1]):02}-"), name
            cells = nbformat.read(BOOK / file, as_version=4).cells
            assert sum(f"({label})=" in cell.source for cell in cells) == 1, (name, address)


def test_the_table_comes_first_and_every_section_shows_its_claim_and_its_code():
    cells = nbformat.read(NOTEBOOK, as_version=4).cells
    assert cells[1].source.endswith("ledger = check_all()\nledger"), "the table comes before all else"
    for name in FUNCTIONS:
        (place,) = [
            number for number, cell in enumerate(cells) if re.search(rf"^### {name}: ", cell.source, re.M)
        ]
        assert f"(ledger-{name.lower()})=\n### {name}: " in cells[place].source
        assert cells[place + 1].source == f'ledger["{name}"]'
        assert f"answer.{name.lower()}" in cells[place + 2].source


def test_no_verdict_stands_in_the_text():
    """The text around the cells explains; verdicts come from the cells alone."""
    for cell in nbformat.read(NOTEBOOK, as_version=4).cells:
        if cell.cell_type == "markdown" and (name := re.search(r"^### ([AB]\d+):", cell.source, re.M)):
            verdict = r"\b(holds|does not hold|is wrong|is right|is true|is false)\b"
            assert not re.search(verdict, cell.source), name.group(1)


def test_a_refusal_has_to_name_the_numbers():
    def wrong():
        raise trying.ShapeMismatchError("x has 5 channels, but the weight expects 32.")

    assert trying.refuses("NumPy", wrong, (5, 32))
    with pytest.raises(AssertionError, match="a different reason"):
        trying.refuses("NumPy", wrong, (64, 32))
    assert trying.accepted(NumPy=lambda: None, PyTorch=wrong) == {"NumPy": True, "PyTorch": False}


def test_tensorflows_log_is_quiet_only_while_the_claims_are_checked():
    log = trying.tf.get_logger()
    before = log.level
    with claims.few_words():
        assert log.getEffectiveLevel() >= 40
    assert log.level == before
