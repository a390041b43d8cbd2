"""Every repair of the error pages is run on its situations, and every dead end; faults of the runner show.

The results are compared with book/errors/repairs.json, which the pages show.
"""

from __future__ import annotations

import dataclasses
import re

import pytest
import repairs  # tools/repairs.py
import run_repairs  # tools/run_repairs.py

from errorguide import explain
from errorguide.cases import untested
from errorguide.catalogue import ERRORS, PLACEHOLDER, read_catalogue, repair_for
from errorguide.causes import Cause, Repair
from errorguide.front_matter import CatalogueError
from errorguide.situations import all_situations, read_situations, recorded

CATALOGUE = read_catalogue()
SITUATIONS = all_situations(CATALOGUE)
RUN = [name for name, situation in SITUATIONS.items() if repairs.to_run(situation, None)]
# What needs a package that the tests do not install: run by hand, and recorded with its version.
BY_HAND = [name for name, situation in SITUATIONS.items() if untested(situation)]
RECORDED = recorded(ERRORS)
# What no message says, so that a repair may leave the name to its reader.
LEFT_TO_THE_READER: set[str] = set()


@pytest.fixture(scope="module")
def results():
    """What came out of each situation here, all of them run once."""
    return repairs.run_all(SITUATIONS)


@pytest.mark.parametrize("name", RUN)
def test_the_repair_repairs_and_the_dead_end_does_not(name, results):
    assert repairs.faults(results[name]) == []
    assert results[name] == RECORDED[name]


def test_every_repair_has_a_situation_that_runs_it():
    assert repairs.without_situation(CATALOGUE) == []


def test_nothing_else_is_recorded():
    assert sorted(RECORDED) == sorted(RUN + BY_HAND)


def test_no_message_says_where_the_packages_lie():
    """TensorFlow puts whole tracebacks into a message: their paths differ from machine to machine."""
    told = re.compile(r"-packages/|File \"/")
    assert [name for name, result in RECORDED.items() if told.search(str(result))] == []
    raised = {"message": 'E: x\n  File "/opt/a b/lib/python3.11/site-packages/keras/src/x.py", line 3'}
    assert repairs.normalised(raised) == {"message": 'E: x\n  File "keras/src/x.py", line 3'}


@pytest.mark.parametrize("name", BY_HAND)
def test_what_was_run_by_hand_says_with_which_version(name):
    assert set(RECORDED[name]["with"]) == untested(SITUATIONS[name])


def test_what_the_tests_do_not_install_runs_where_it_is_installed(monkeypatch):
    installed = {"here": {"jax", "PyYAML"}, "elsewhere": {"jax", "flax"}}
    monkeypatch.setattr(repairs, "installed", installed.get)
    flax = {"setup": "import flax\nfrom jax import numpy\nimport numpy as np"}
    assert [repairs.to_run(flax, python) for python in (None, "here", "elsewhere")] == [False, False, True]
    numpy = {"setup": "import numpy as np"}
    assert [repairs.to_run(numpy, python) for python in (None, "here")] == [True, False]
    assert not repairs.to_run({"unrun": "no file"}, None)


def test_hardly_any_repair_cannot_be_run():
    unrun = {name: situation["unrun"] for name, situation in SITUATIONS.items() if "unrun" in situation}
    assert len(unrun) <= 0.05 * len(SITUATIONS), unrun


def test_a_repair_says_every_number_that_the_message_says():
    left = set()
    for name in RUN:
        numbers = explain(RECORDED[name]["message"])
        told = next(cause for cause in numbers.causes if cause.id == SITUATIONS[name]["cause"])
        entry = next(entry for entry in CATALOGUE["errors"] if entry["id"] == SITUATIONS[name]["page"])
        written = repair_for(CATALOGUE["causes"][told.id], entry["framework"])
        for template, repair in zip(written, told.repairs, strict=True):
            # a placeholder that is not filled is left as its bare name
            pieces = [re.escape(piece) for piece in PLACEHOLDER.split(template["code"])[::2]]
            filled = re.fullmatch("(.*?)".join(pieces), repair.code, re.DOTALL).groups()
            names = PLACEHOLDER.findall(template["code"])
            left |= {place for place, value in zip(names, filled, strict=True) if place == value}
    assert left == LEFT_TO_THE_READER


# ---- The runner ----

SETUP = "import numpy as np\nimages = np.arange(6.0).reshape(2, 3)\nx = images.T\nw = np.ones((3, 4))\n"
CALL = "x @ w"


@pytest.fixture
def told(monkeypatch):
    """Have a situation's message explained by a page `page` with a cause `turned`, which offers this code."""

    def offer(*codes):
        choices = tuple(Repair(code, "", "") for code in codes)
        cause = Cause("turned", "It is turned", "", choices, fits=True, pointed=True, footer=False)
        found = dataclasses.replace(
            explain("mat1 and mat2 shapes cannot be multiplied (2x3 and 4x5)"), id="page", causes=(cause,)
        )
        monkeypatch.setattr(run_repairs, "explain", lambda text: found if "matmul" in text else None)

    return offer


def situation(**fields):
    fields = {"cause": "turned", "setup": SETUP, "call": CALL, "right": "images @ w", **fields}
    return {"page": "page", **read_situations("page.md", [fields], ["turned"], True)[0]}


def attempt(code):
    return {"title": "a try", "code": code, "says": "It does not."}


def test_what_a_repair_gives_is_told(told):
    told("x = x.T", "x = images")
    ran = run_repairs.run(situation(tries=[attempt("x = x.reshape(2, 3)"), attempt("x = x[:2]")]))
    assert ran["repairs"] == [{"gives": "(2, 4)"}, {"gives": "(2, 4)"}]
    assert ran["tries"][0] == {
        "gives": "(2, 4)",
        "off": "100% of the values are wrong, by up to 1 where the largest right one is 12",
    }
    assert ran["tries"][1]["raises"].startswith("ValueError: matmul: Input operand 1 has a mismatch")
    assert ran["message"].startswith("ValueError: matmul") and not repairs.faults(ran)


@pytest.mark.parametrize(
    ("code", "fields", "complaint"),
    [
        ("x = x.reshape(2, 3)", {}, "after the repair 100% of the values are wrong"),
        ("x = x[:, :1]", {}, "after the repair the call still raises ValueError: matmul"),
        ("x = nothing", {}, "the repair itself raises NameError: name 'nothing' is not defined"),
        ("x = x.T[:1]", {}, "after the repair the shape is (1, 4), where (2, 4) is right"),
        ("x = x.T", {"checks": "assert result[0, 0] == 4"}, "after the repair a check fails: AssertionError"),
        ("x = x.T", {"setup": SETUP + "y"}, "its setup raises NameError"),
        ("x = x.T", {"setup": SETUP.replace(".T", "")}, "its call raises nothing"),
        ("x = x.T", {"call": "x + w"}, "its call raises the message of no page: ValueError: operands"),
        ("x = x.T", {"tries": [attempt("x = x.T")]}, "a try: it gives the right numbers: it is no dead end"),
    ],
)
def test_what_is_wrong_with_a_situation_is_told(told, code, fields, complaint):
    told(code)
    wrong = repairs.faults(run_repairs.run(situation(**fields)))
    assert len(wrong) == 1 and wrong[0].startswith(complaint)


def test_a_cause_that_is_not_among_the_first_is_told(told):
    told("x = x.T")
    other = {**situation(), "cause": "another"}
    assert "is explained by turned first, not by another" in run_repairs.run(other)["fault"]


def test_a_situation_that_ends_its_process_is_told_and_the_rest_runs():
    page = next(iter(RUN))
    ends = {**SITUATIONS[page], "setup": "import os\nos.write(2, b'no memory\\n')\nos._exit(7)"}
    done = []
    ran = repairs.run_all({"numpy/ends": ends, page: SITUATIONS[page]}, done.append)
    assert ran["numpy/ends"] == {"fault": "the process ended: exit status 7; no memory"}
    assert ran[page] == RECORDED[page] and sorted(done) == sorted(ran)


@pytest.mark.parametrize(
    ("entry", "complaint"),
    [
        ({"cause": "no"}, "cause 'no' is none of the page's: turned"),
        ({"cause": "turned", "setup": "x = 1"}, "lacks call"),
        ({"cause": "turned", "setups": "x = 1"}, "unknown field setups; use cause, setup"),
        (
            {"cause": "turned", "unrun": "no file", "call": "f()"},
            "has a cause and the reason, and nothing else",
        ),
        (
            {"cause": "turned", "setup": "1", "call": "f()", "message": "no"},
            "`message` stands where no installed",
        ),
        ({"cause": "turned", "setup": "1", "call": "f()", "tries": [{"code": "1"}]}, "a dead end has title"),
    ],
)
def test_a_situation_that_says_something_wrong_is_refused(entry, complaint):
    with pytest.raises(CatalogueError, match=re.escape(complaint)):
        read_situations("page.md", [entry], ["turned"], True)


def test_the_command_says_what_is_not_as_recorded(monkeypatch, capsys):
    page = next(name for name in RUN if name.startswith(("numpy", "fromscratch")))
    begin = SITUATIONS[page]["page"]
    changed = {name: {**result, "message": "another"} for name, result in RECORDED.items()}
    monkeypatch.setattr(repairs, "recorded", lambda errors: changed)
    assert repairs.main([begin]) == 1
    said = capsys.readouterr().out
    assert f"{page}: it is not as recorded" in said and "repairs ran and repaired" in said.splitlines()[-1]
    monkeypatch.setattr(repairs, "recorded", lambda errors: RECORDED)
    assert repairs.main([begin]) == 0


def test_the_command_says_why_a_repair_cannot_be_run(capsys):
    name, situation = next((name, each) for name, each in SITUATIONS.items() if "unrun" in each)
    repairs.main([situation["page"]])
    said = capsys.readouterr().out
    assert f"{name} cannot be run: {situation['unrun']}\n" in said
