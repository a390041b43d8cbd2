"""Every reproduction of book/errors is run: each message is the frameworks' own, and silent failures are
silent.
"""

from __future__ import annotations

import json

import pytest

import drift  # tools/drift.py
from errorguide.cases import UNTESTED, all_cases, imported
from errorguide.catalogue import read_catalogue

CASES = {case["id"]: case for case in all_cases(read_catalogue()) if not imported(case["code"]) & UNTESTED}


@pytest.fixture(scope="session")
def raised():
    """What each reproduction raises here, all run in one process."""
    return drift.run_all(list(CASES.values()))


@pytest.mark.parametrize("name", CASES)
def test_the_message_is_the_frameworks_own(name, raised):
    versions, results = raised
    assert {"torch", "tensorflow", "keras", "numpy", "onnxruntime"} <= set(versions)
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
        {"id": "zero", "code": "import sys\nprint('of another case', file=sys.stderr)"},
        {"id": "one", "code": "import os\nos.write(2, b'warned\\nno memory\\n')\nos._exit(7)"},
        {"id": "killed", "code": "import os\nos.kill(os.getpid(), 9)"},
        {"id": "two", "code": "raise ValueError('\\x1b[1mbold\\x1b[0m thing at 0x7f00')"},
        {"id": "three", "code": "1"},
    ]
    _, results = drift.run_all(cases)
    assert results["one"]["crashed"] == "exit status 7; no memory"
    assert results["killed"]["crashed"] == "ended by SIGKILL; nothing on stderr"
    assert results["two"]["message"] == "ValueError: bold thing"
    assert results["three"]["message"] is None


def test_a_page_that_cannot_be_read_is_named(monkeypatch, capsys):
    def read_catalogue():
        raise drift.CatalogueError("numpy-dot.md: no")

    monkeypatch.setattr(drift, "read_catalogue", read_catalogue)
    assert drift.main([]) == 2
    assert capsys.readouterr().err == "book/errors/numpy-dot.md: no\n"


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
    cases = [case, {**case, "message": "Error: not written so"}]
    now = {"a": {"message": 'Error: "new"'}}
    assert drift.accept(cases, now, {"a": "worded differently"}) == (1, ["a"])
    assert 'message: "Error: \\"new\\""' in page.read_text(encoding="utf-8")
