"""Each text of tests/data/answers is explained as that file says."""

from __future__ import annotations

import pytest
from answers import all_answers

from errorguide import as_text, explain

ANSWERS = all_answers()


@pytest.mark.parametrize("name", ANSWERS)
def test_the_answer_says_what_it_has_to_say(name):
    wanted = ANSWERS[name]
    found = explain(wanted["text"])
    assert found is not None and found.id == wanted["page"]
    told = as_text(found)
    causes = wanted.get("causes", [])
    first = [cause for cause in causes if cause != "..."]
    assert [cause.id for cause in found.causes[: len(first)]] == first
    if causes and causes[-1] != "...":
        assert found.shown == len(first)
    for words in wanted.get("says", []):
        assert words in told
    for words in wanted.get("never", []):
        assert words not in told
