"""The ledger computes its verdicts; nobody types them."""

from __future__ import annotations

import pytest

from bookkit.ledger import Ledger, raises


@pytest.mark.parametrize(
    ("answers", "verdict"),
    [
        ([], "not yet tested"),
        ([True], "holds"),
        ([True, True], "holds"),
        ([True, False], "holds with a condition"),
        ([False, True, True], "holds with a condition"),
        ([False], "does not hold"),
        ([False, False], "does not hold"),
    ],
)
def test_the_verdict_follows_from_what_was_seen(answers, verdict):
    claim = Ledger().claim("X1", "Something is so.")
    for number, agrees in enumerate(answers):
        claim.seen(f"case {number}", agrees)
    assert claim.verdict == verdict
    assert repr(claim).splitlines()[0] == f"X1 {verdict}"
    assert len(repr(claim).splitlines()) == 1 + len(answers)


def test_a_verdict_cannot_be_set():
    claim = Ledger().claim("X1", "Something is so.")
    with pytest.raises(AttributeError):
        claim.verdict = "holds"


@pytest.mark.parametrize("answer", [1, "True", None, [True]])
def test_only_an_answer_counts_as_seen(answer):
    claim = Ledger().claim("X1", "Something is so.")
    with pytest.raises(TypeError, match="True or False"):
        claim.seen("case", answer)
    assert claim.verdict == "not yet tested"


def test_an_observation_and_a_claim_count_once():
    ledger = Ledger()
    claim = ledger.claim("X1", "Something is so.")
    claim.seen("case", True)
    with pytest.raises(ValueError, match="seen already"):
        claim.seen("case", False)
    with pytest.raises(ValueError, match="stands in the ledger already"):
        ledger.claim("X1", "Something else.")


def test_the_table_has_a_row_a_claim_and_no_markup_from_texts():
    ledger = Ledger()
    ledger.claim("X1", "a < b & c").seen("case", False)
    ledger.claim("X2", "Later.")
    table = ledger._repr_html_()
    assert table.count("<tr>") == 3
    assert "a &lt; b &amp; c" in table
    assert "does not hold" in table
    assert "not yet tested" in repr(ledger)


def test_raises_tells_what_happened_and_hides_nothing():
    assert raises(ZeroDivisionError, lambda: 1 / 0) is True
    assert raises(ZeroDivisionError, lambda: 1) is False
    with pytest.raises(ZeroDivisionError):
        raises(ValueError, lambda: 1 / 0)
