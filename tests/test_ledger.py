"""The ledger computes its verdicts; nobody types them."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from bookkit.ledger import Ledger, raises


def opened(ledger=None, **more):
    """Return a claim of a ledger."""
    return (ledger or Ledger()).claim("X1", "something *is* `so`", "Something is so.", **more)


@pytest.mark.parametrize(
    ("answers", "verdict"),
    [
        ([], "not yet tested"),
        ([{"NumPy": True}], "holds"),
        ([{"NumPy": True, "Keras": True}, {"PyTorch": True}], "holds"),
        ([{"NumPy": True, "Keras": False}], "holds with a condition"),
        ([{"NumPy": False}, {"NumPy": True}], "holds with a condition"),
        ([{"NumPy": False}], "does not hold"),
        ([{"NumPy": False}, {"PyTorch": False, "Keras": False}], "does not hold"),
    ],
)
def test_the_verdict_follows_from_what_was_seen(answers, verdict):
    claim = opened(condition="only here", instead="something else")
    for number, by in enumerate(answers):
        claim.seen(f"case {number}", **by)
    claim.found("beside it", NumPy="no", Keras=False)  # judges nothing
    assert claim.verdict == verdict
    assert repr(claim).splitlines()[0] == f"X1 {verdict}"
    assert len(repr(claim).splitlines()) == 1 + len(answers) + 1
    sentences = {"holds with a condition": "only here", "does not hold": "something else"}
    assert claim.sentence == sentences.get(verdict, "")


def test_a_verdict_and_its_sentence_cannot_be_set():
    claim = opened()
    for name in ("verdict", "sentence", "implementations"):
        with pytest.raises(AttributeError):
            setattr(claim, name, "holds")


@pytest.mark.parametrize("answer", [1, "True", None, [True]])
def test_only_an_answer_counts_as_seen(answer):
    claim = opened()
    with pytest.raises(TypeError, match="True or False for PyTorch"):
        claim.seen("case", NumPy=True, PyTorch=answer)
    assert claim.verdict == "not yet tested"


def test_an_observation_and_a_claim_count_once():
    ledger = Ledger()
    claim = opened(ledger)
    claim.seen("case", NumPy=True)
    with pytest.raises(ValueError, match="seen already"):
        claim.seen("case", NumPy=False)
    with pytest.raises(ValueError, match="seen already"):
        claim.found("case", NumPy="x")
    with pytest.raises(ValueError, match="stands in the ledger already"):
        opened(ledger)


def test_an_answer_has_an_implementation_that_is_known():
    with pytest.raises(ValueError, match="names no implementation"):
        opened().seen("case")
    with pytest.raises(ValueError, match="JAX is no implementation; use NumPy, PyTorch, Keras, TensorFlow"):
        opened().seen("case", JAX=True)


def test_what_a_verdict_rests_on_stands_in_the_order_of_the_book():
    claim = opened()
    claim.seen("one", TensorFlow=True, NumPy=True)
    claim.seen("two", PyTorch=True)
    claim.found("three", Keras="nothing")
    assert claim.implementations == ["NumPy", "PyTorch", "TensorFlow"]


def test_words_that_claim_nothing_are_set_apart_and_not_counted():
    ledger = Ledger({"X": "The first"})
    made = opened(ledger, asserts=False)
    ledger.claim("X2", "later", "Later.")
    ledger.claim("X3", "later still", "Later still.")
    assert made.verdict == "not yet tested"
    made.seen("case", NumPy=True)
    assert made.verdict == "made real"
    page = BeautifulSoup(ledger._repr_html_(), "html.parser")
    assert page.p.get_text() == "Of 2 claims, 2 are not yet tested."
    first, apart = page.find_all("table")
    assert [row.th.get_text() for row in first.select("tbody tr")] == ["X2", "X3"]
    assert [row.th.get_text() for row in apart.select("tbody tr")] == ["X1"]
    assert apart.caption.get_text() == "Words that claim nothing (not counted)"
    made.seen("other", NumPy=False)
    assert made.verdict == "not made real"


def test_the_tables_have_a_row_per_claim_and_no_markup_from_texts():
    ledger = Ledger({"X": "The first", "Y": "The second"})
    first = ledger.claim(
        "X1", "a < b & `c`", "so", shown={"chapter 1": "01-x.ipynb#claim-x1"}, instead="*not* so"
    )
    first.seen("case", NumPy=False, Keras=False)
    ledger.claim("Y1", "later", "Later.")
    page = BeautifulSoup(ledger._repr_html_(), "html.parser")
    assert page.p.get_text() == "Of 2 claims, 1 does not hold, 1 is not yet tested."
    assert [caption.get_text() for caption in page.find_all("caption")] == ["The first", "The second"]
    one, other = page.select("tbody tr")
    assert one.q.decode_contents() == "a &lt; b &amp; <code>c</code>"
    assert one.find("span", "verdict")["class"] == ["verdict", "fails"]
    assert one.find("td", "judged").get_text() == "✗ does not hold not so"
    assert one.find("td", "rests").get_text() == "NumPy, Keras chapter 1"
    assert [link["href"] for link in one.find_all("a")] == ["#ledger-x1", "01-x.ipynb#claim-x1"]
    assert other.find("td", "judged").get_text() == "… not yet tested"
    assert other.find("td", "rests").get_text() == "no chapter yet"
    assert "not yet tested" in repr(ledger)


def test_a_claim_shows_its_words_its_verdict_and_every_answer():
    claim = opened(shown={"chapter 1": "01-x.ipynb", "chapter 2": "02-x.ipynb"}, condition="only here")
    claim.seen("case", NumPy=True, Keras=False)
    claim.seen("other", NumPy=True)
    claim.found("numbers", Keras="3, 6")
    shown = BeautifulSoup(claim._repr_html_(), "html.parser")
    assert shown.find("p", "quote").decode_contents() == "“something <em>is</em> <code>so</code>”"
    assert shown.find("p", "judged").get_text() == "◐ holds with a condition only here"
    rows = [[cell.get_text() for cell in row.find_all(["th", "td"])] for row in shown.find_all("tr")]
    assert rows == [
        ["", "NumPy", "Keras"],
        ["case", "yes", "no"],
        ["other", "yes", "–"],
        ["numbers", "–", "3, 6"],
    ]
    assert shown.find("p", "shown").get_text() == "Shown in chapter 1 and chapter 2."


def test_raises_tells_what_happened_and_hides_nothing():
    assert raises(ZeroDivisionError, lambda: 1 / 0) is True
    assert raises(ZeroDivisionError, lambda: 1) is False
    with pytest.raises(ZeroDivisionError):
        raises(ValueError, lambda: 1 / 0)
