"""Every message of a shape error that a chapter prints is explained, as one of its own framework."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest

from errorguide import as_text, explain

BOOK = Path(__file__).resolve().parents[1] / "book"
# As bookkit prints an error: its class, then what it says.
BEGINNING = re.compile(r"^([A-Za-z]*Error): ", re.MULTILINE)
OF_CLASS = {
    "ShapeMismatchError": {"fromscratch"},
    "Error": {"fromscratch"},
    "RuntimeError": {"pytorch"},
    "TypeError": {"pytorch"},
    "AttributeError": {"keras"},
    "InvalidArgumentError": {"tensorflow", "keras"},
    "ValueError": {"numpy", "keras", "tensorflow", "pytorch"},
}
# Messages that chapters print without a class, by how they begin, and whose they are.
WITHOUT_CLASS = {
    "input's size at dim=1 does not match num_features": "pytorch",
    "filter_size does not have enough elements": "tensorflow",
    "{{function_node __wrapped__Conv2DBackpropInput_device_...}} Gradients for grouped": "tensorflow",
    "{{function_node __wrapped__Conv2D_device_...}} The Conv2D op currently only supports": "tensorflow",
    "{{function_node __wrapped__Conv3D_device_...}} Number of channels in filter": "tensorflow",
    "{{function_node __wrapped__Conv3D_device_...}} input and filter must have": "tensorflow",
}


def printed(chapter: Path) -> list[str]:
    """Return what the cells of a chapter wrote, a text each."""
    notebook = nbformat.read(chapter, as_version=4)
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    return [output.text for output in outputs if output.output_type == "stream"]


def messages(chapter: Path) -> list[tuple[str, str]]:
    """Return (class, message) of each error that a chapter prints, class and following lines included."""
    found = []
    for text in printed(chapter):
        begins = [*BEGINNING.finditer(text)]
        places = pairwise([*(match.start() for match in begins), len(text)])
        found += [
            (match.group(1), text[start:end])
            for match, (start, end) in zip(begins, places, strict=True)
            if match.group(1) != "AssertionError"
        ]
    return found


CHAPTERS = sorted(BOOK.glob("*.ipynb"))
MESSAGES = {
    f"{chapter.stem[:2]} {number}": entry
    for chapter in CHAPTERS
    for number, entry in enumerate(messages(chapter), start=1)
}


def test_the_chapters_print_messages() -> None:
    assert len(MESSAGES) > 60


@pytest.mark.parametrize("where", MESSAGES)
def test_a_printed_message_is_explained_as_one_of_its_framework(where: str) -> None:
    name, message = MESSAGES[where]
    explanation = explain(message)
    assert explanation is not None, message
    assert explanation.framework in OF_CLASS[name], (explanation.id, message)
    assert explanation.causes, message


@pytest.mark.parametrize("beginning", WITHOUT_CLASS)
def test_a_message_printed_without_its_class_is_explained(beginning: str) -> None:
    lines = [line for chapter in CHAPTERS for text in printed(chapter) for line in text.splitlines()]
    (message,) = {line for line in lines if line.startswith(beginning)}
    explanation = explain(message)
    assert explanation is not None, message
    assert explanation.framework == WITHOUT_CLASS[beginning], message


def test_what_is_said_of_a_layer_normalization_is_about_the_layer() -> None:
    (message,) = {text for _, text in MESSAGES.values() if "LayerNormalization.call()" in text}
    explanation = explain(message)
    assert explanation.id == "tensorflow-layernorm"
    assert "batch" not in as_text(explanation).lower()
