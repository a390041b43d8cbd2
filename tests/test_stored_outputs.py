"""What an output may not hold, and what a notebook is brought into before it is stored."""

import nbformat
import pytest

import notebooks
import stored_outputs


def cell_of(text, stream=None, tags=()):
    """Return a code cell whose output is `text`: a result, or what it wrote to a stream."""
    if stream:
        output = nbformat.v4.new_output("stream", name=stream, text=text)
    else:
        output = nbformat.v4.new_output("execute_result", data={"text/plain": text})
    return nbformat.v4.new_code_cell("x", outputs=[output], metadata={"tags": list(tags)})


@pytest.mark.parametrize(
    ("text", "stream", "said"),
    [
        ("careful\n", "stderr", "stderr was written: 'careful'"),
        ("<object at 0x7f80cca6f3a0>", None, "a memory address"),
        ("'/usr/lib/python3'", None, "a path"),
        ("~/book/x.py\n", "stdout", "a path"),
        ("\x1b[31mred\x1b[0m", "stdout", "an escape code"),
        ("10%\r20%", "stdout", "a carriage return"),
        ("2025-01-30 12:00:05\n", "stdout", "a time"),
        ("took 12.5 ms", "stdout", "a time"),
    ],
)
def test_what_another_run_would_not_repeat_is_named(text, stream, said):
    (problem,) = stored_outputs.unclean_outputs(cell_of(text, stream))
    assert problem.startswith(said)


def test_a_timing_cell_may_show_times_and_nothing_else():
    timing = ["nbval-ignore-output"]
    assert stored_outputs.unclean_outputs(cell_of("took 12.5 ms", "stdout", timing)) == []
    assert len(stored_outputs.unclean_outputs(cell_of("~/book/x.py took 12.5 ms", "stdout", timing))) == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda notebook: notebook.metadata.update(widgets={}),
        lambda notebook: notebook.metadata.language_info.update(version="3.11.7"),
        lambda notebook: notebook.cells[1].metadata.update(execution={"iopub.status.busy": "2025"}),
        lambda notebook: notebook.cells[1].update(execution_count=9),
        lambda notebook: notebook.cells[1].outputs.append(
            nbformat.v4.new_output("stream", name="stdout", text="more\n")
        ),
        lambda notebook: notebook.cells[0].update(id=notebook.cells[1].id),
        lambda notebook: notebook.cells[0].pop("id"),
    ],
)
def test_what_is_not_in_the_stored_form_is_told_apart(change):
    cells = [nbformat.v4.new_markdown_cell("# One"), cell_of("1\n", "stdout")]
    notebook = notebooks.normalise(nbformat.v4.new_notebook(cells=cells))
    stored = notebooks.notebook_text(notebook)
    assert notebooks.notebook_text(notebooks.normalise(nbformat.from_dict(notebook))) == stored
    change(notebook)
    changed = notebooks.notebook_text(notebook)
    assert notebooks.notebook_text(notebooks.normalise(nbformat.from_dict(notebook))) != changed
