"""The table of grouped convolutions in TensorFlow: what it says of results, and of a process that fails."""

import pytest

from bookkit import onednn_groups

OFF = {
    "forward": "right",
    "gradient": "No groups here.",
    "both": "No groups here.",
    "oneDNN's kernels ran": False,
}
ON = {"forward": "right", "gradient": "right", "both": "wrong numbers", "oneDNN's kernels ran": True}


def test_the_table_has_a_line_a_case_and_each_message_once():
    lines = onednn_groups.table(OFF, ON).splitlines()
    assert [line.split() for line in lines[:4]] == [
        ["oneDNN", "off", "on"],
        ["forward", "right", "right"],
        ["gradient", "fails", "right"],
        ["both", "fails", "wrong"],
    ]
    assert lines[4:] == ["", "No groups here."]


def test_the_head_says_which_kernels_ran():
    """A TensorFlow without oneDNN has one kind of kernels, whatever it was asked for."""
    assert onednn_groups.table(OFF, OFF).splitlines()[0].split() == ["oneDNN", "off", "off"]


def test_a_process_that_fails_says_why(monkeypatch):
    monkeypatch.setenv("PYTHONHASHSEED", "none")  # no Python starts with this one
    with pytest.raises(RuntimeError, match="(?s)failed in its own process.*PYTHONHASHSEED"):
        onednn_groups.measure()
