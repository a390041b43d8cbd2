"""Every reproduction of book/errors is run: each message is the frameworks' own, and silent failures are
silent.
"""

from __future__ import annotations

import json

import pytest

import drift  # tools/drift.py
from errorguide.cases import all_cases
from errorguide.catalogue import read_catalogue

CASES = {case["id"]: case for case in all_cases(read_catalogue())}


@pytest.fixture(scope="session")
def raised():
    """What each reproduction raises here, all run in one process."""
    return drift.run_all(list(CASES.values()))


@pytest.mark.parametrize("name", CASES)
def test_the_message_is_the_frameworks_own(name, raised):
    versions, results = raised
    assert {"torch", "tensorflow", "keras", "numpy"} <= set(versions)
    case, result = CASES[name], results[name]
    assert not result.get("crashed")
    if case["message"] is not None:
        assert result["message"] == case["message"]
    assert drift.compare(case, result, versions) == "same"


def test_what_changed_is_told_apart():
    case = {"id": "a", "code": "import torch\ntorch.zeros(1)", "message": "Error: x"}
    versions = {"torch": "2.13.0"}

    def state(message, line, **more):
        return drift.compare(case, {"message": message, "line": line, **more}, versions)

    assert state("Error: x", 2) == "same"
    assert state("Error: y", 2) == "worded differently"
    assert state("Error: x", 1) == "raised elsewhere"
    assert state(None, None) == "no longer raised"
    assert state(None, None, crashed=True) == "crashed"
    assert drift.compare(case, {"message": None, "line": None}, {"numpy": "2.0"}) == "not installed"
    silent = {"id": "s", "code": "import torch", "message": None}
    assert drift.compare(silent, {"message": None, "line": None}, versions) == "same"
    assert drift.compare(silent, {"message": "Error: x", "line": 1}, versions) == "no longer silent"


def test_old_and_new_stand_side_by_side():
    shown = drift.side_by_side("the old wording", "the new wording")
    assert shown.split() == ["the", "old", "wording", "|", "the", "new", "wording"]


def test_a_case_that_ends_the_process_is_reported_and_the_rest_runs():
    cases = [
        {"id": "one", "code": "import os\nos._exit(7)"},
        {"id": "two", "code": "raise ValueError('\\x1b[1mbold\\x1b[0m thing at 0x7f00')"},
        {"id": "three", "code": "1"},
    ]
    _, results = drift.run_all(cases)
    assert results["one"]["crashed"]
    assert results["two"]["message"] == "ValueError: bold thing"
    assert results["three"]["message"] is None


def test_a_run_is_recorded_once_for_a_set_of_versions(tmp_path):
    file = tmp_path / "runs.json"
    case = {"id": "a", "framework": "pytorch", "code": "import torch", "message": "Error: x"}
    for message in ("Error: y", "Error: z"):
        result = {"a": {"message": message, "line": 1}}
        drift.record(file, [case], result, {"a": "worded differently"}, {"torch": "2.15.0"})
    runs = json.loads(file.read_text(encoding="utf-8"))
    assert len(runs) == 1 and runs[0]["wordings"] == {"a": "Error: z"}


def test_a_new_wording_is_written_into_its_page(tmp_path, monkeypatch):
    page = tmp_path / "a.md"
    page.write_text('cases:\n  - code: |\n      x\n    message: "Error: \\"old\\""\n', encoding="utf-8")
    monkeypatch.setattr(drift, "ERRORS", tmp_path)
    case = {"id": "a", "code": "x", "message": 'Error: "old"'}
    assert drift.accept([case], {"a": {"message": 'Error: "new"'}}, {"a": "worded differently"}) == 1
    assert 'message: "Error: \\"new\\""' in page.read_text(encoding="utf-8")
