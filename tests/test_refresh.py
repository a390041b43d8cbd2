"""`make refresh`: what is stored, what is refused, and that an unchanged chapter keeps every byte."""

import os
import sys

import nbformat
import pytest

import notebooks
import refresh


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty folder, as the current one and in the book's place."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(notebooks, "BOOK", tmp_path)
    monkeypatch.setattr(notebooks.find_notebooks, "__defaults__", (tmp_path,))
    return tmp_path


def code(source, *tags, **more):
    return nbformat.v4.new_code_cell(source, metadata={"tags": list(tags)} if tags else {}, **more)


def write(path, *cells, **metadata):
    """Store a notebook as an editor might leave it; a cell may be given by its source."""
    made = [code(cell) if isinstance(cell, str) else cell for cell in cells]
    notebook = nbformat.v4.new_notebook(cells=made, metadata=metadata)
    path.write_text(notebooks.notebook_text(notebook), encoding="utf-8")
    return path


def outputs(path):
    return [cell.outputs for _, cell in notebooks.code_cells(notebooks.read_notebook(path))]


FIGURE = """\
import matplotlib
matplotlib.rcParams.update({"svg.hashsalt": "x", "svg.fonttype": "path"})
from matplotlib_inline.backend_inline import set_matplotlib_formats
set_matplotlib_formats("svg", metadata={"Date": None})
import matplotlib.pyplot as plt
_ = plt.figure(figsize=(1, 1)).add_subplot().plot([1, 2])"""


def test_an_unchanged_notebook_keeps_every_byte(folder, capsys):
    path = write(
        folder / "01-x.ipynb",
        "print('a')\nprint('b', flush=True)\nprint('c')",
        FIGURE,
        code("import time\ntime.perf_counter()", "nbval-ignore-output"),
        code("import json\njson.loads('{')", "raises-exception"),
    )
    assert refresh.main([]) == 0
    assert capsys.readouterr().out == "01-x.ipynb: stored\n"
    before, time = path.read_bytes(), path.stat().st_mtime_ns
    assert refresh.main(["01"]) == 0
    assert capsys.readouterr().out == "01-x.ipynb: unchanged\n"
    assert path.read_bytes() == before
    assert path.stat().st_mtime_ns == time
    assert os.listdir(folder) == ["01-x.ipynb"]

    printed, figure, measured, raised = outputs(path)
    assert [output.text for output in printed] == ["a\nb\nc\n"]
    assert [sorted(output.data) for output in figure] == [["image/svg+xml", "text/plain"]]
    assert float(measured[0].data["text/plain"]) > 0
    trace = "\n".join(raised[0].traceback)
    assert "\x1b" not in trace
    assert "File json/__init__.py:" in trace
    assert "Cell In[4], line 2" in trace


def test_timing_cells_are_measured_again_only_when_asked_or_changed(folder):
    timing = code("import time\ntime.perf_counter_ns()", "nbval-ignore-output")
    path = write(folder / "01-x.ipynb", "1", timing)
    assert refresh.main(["01"]) == 0
    first = path.read_bytes()
    assert refresh.main(["01", "--measure"]) == 0
    second = path.read_bytes()
    assert first != second
    path.write_bytes(second.replace(b'"1"\n   ]\n  },', b'"2"\n   ]\n  },'))
    stored = outputs(path)[1]
    assert refresh.main(["01"]) == 0
    assert outputs(path)[0][0].data == {"text/plain": "2"}
    assert outputs(path)[1] != stored, "the code above the measurement changed"


def test_what_editors_leave_is_taken_away(folder):
    cells = [code("1"), code("2"), nbformat.v4.new_markdown_cell("# Title", metadata={"editable": True})]
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"widgets": {}})
    notebook.metadata.kernelspec = {"name": "mine", "display_name": "Mine"}
    notebook.metadata.language_info = {"name": "python", "version": "3.11.7"}
    notebook.cells[0].update(id="kept", execution_count=7)
    notebook.cells[1].update(id="kept")
    del notebook.cells[2]["id"]
    path = folder / "01-x.ipynb"
    left = notebooks.notebook_text(notebook)
    path.write_text(left, encoding="utf-8")
    assert refresh.main(["01"]) == 0
    text = path.read_text(encoding="utf-8")
    assert text.endswith("}\n")
    stored = notebooks.read_notebook(path)
    assert stored.metadata == notebooks.KERNEL_METADATA
    assert [cell.metadata for cell in stored.cells] == [{}, {}, {}]
    assert [cell.execution_count for _, cell in notebooks.code_cells(stored)] == [1, 2]
    assert stored.cells[0].id == "kept"
    assert len({cell.id for cell in stored.cells}) == 3
    path.write_text(left, encoding="utf-8")
    assert refresh.main(["01"]) == 0
    assert path.read_text(encoding="utf-8") == text, "the same cells get the same ids"


# What is written below Python and comes to the kernel's thread when the cell's own code is over.
LATE = """
import os, sys, time

write = sys.stderr.write


def slow(text):
    time.sleep(0.4)
    return write(text)


sys.stderr.write = slow
_ = os.write(2, b"late")
time.sleep(0.1)  # the thread has begun to pass it on
"""


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (["1", "1 / 0"], "01-x.ipynb:cell 2 [2]: ZeroDivisionError: division by zero; repair the cell"),
        (["import sys\nprint('w', file=sys.stderr)"], "01-x.ipynb:cell 1 [1]: stderr was written: 'w'"),
        (["import os\n_ = os.write(2, b'from C')"], "01-x.ipynb:cell 1 [1]: stderr was written: 'from C'"),
        ([LATE], "01-x.ipynb:cell 1 [1]: stderr was written: 'late'"),
        (["import warnings\nwarnings.warn('old')"], "UserWarning: old"),
        (["object()"], "01-x.ipynb:cell 1 [1]: a memory address stands in the output: '<object at 0x"),
        (["import os\nos.__file__"], "01-x.ipynb:cell 1 [1]: a path stands in the output"),
        (["print('\\x1b[31mred')"], "01-x.ipynb:cell 1 [1]: an escape code stands in the output"),
        (
            [code("1", "raises-exception")],
            "01-x.ipynb:cell 1 [1]: is tagged raises-exception, but raised nothing",
        ),
        (["1", "import os\nos._exit(1)", "2"], "01-x.ipynb:cell 2 [2]: the kernel died here"),
        (["import time\ntime.sleep(60)", "2"], "01-x.ipynb:cell 1 [1]: took longer than 2 seconds"),
    ],
)
def test_what_is_refused_leaves_the_file_untouched(cells, said, folder, capsys):
    path = write(folder / "01-x.ipynb", *cells)
    before = path.read_bytes()
    timeout = ["--timeout", "2"] if "seconds" in said else []
    assert refresh.main(["01", *timeout]) == 1
    assert said in capsys.readouterr().err
    assert path.read_bytes() == before
    assert os.listdir(folder) == ["01-x.ipynb"]


def test_one_bad_notebook_does_not_stop_the_others(folder, capsys):
    write(folder / "01-good.ipynb", "1")
    write(folder / "02-bad.ipynb", "1 / 0")
    (folder / "03-torn.ipynb").write_text('{"cells": [')
    assert refresh.main(["--jobs", "2"]) == 1
    said = capsys.readouterr()
    assert said.out == "01-good.ipynb: stored\n"
    assert "02-bad.ipynb: not stored" in said.err
    assert "03-torn.ipynb cannot be read as a notebook of format 4" in said.err


def test_a_failed_write_leaves_the_old_file(folder, monkeypatch):
    path = write(folder / "01-x.ipynb", "1")
    before = path.read_bytes()

    def full(*_):
        raise OSError("No space left on device")

    monkeypatch.setattr("os.replace", full)
    with pytest.raises(OSError, match="No space"):
        notebooks.write_notebook(nbformat.v4.new_notebook(), path)
    assert path.read_bytes() == before
    assert os.listdir(folder) == ["01-x.ipynb"]


def test_names(folder, capsys):
    one, other = write(folder / "01-one.ipynb", "1"), write(folder / "02-other.ipynb", "1")
    find = notebooks.find_notebooks
    assert find([]) == [one, other]
    assert find(["02", "01-one", "01", "02-other.ipynb", str(one)]) == [other, one]
    assert refresh.main(["03"]) == 1
    assert "'03' means no notebook" in capsys.readouterr().err
    write(folder / "01-two.ipynb", "1")
    with pytest.raises(
        notebooks.NotebookError, match=r"'01' means more than one notebook.*: name one of 01-one, 01-two"
    ):
        find(["01"])


def test_the_kernel_is_this_environments_own(folder):
    elsewhere = {"name": "elsewhere", "display_name": "Another Python", "language": "python"}
    source = f"import sys\nprint(sys.executable == {sys.executable!r})"
    path = write(folder / "01-x.ipynb", source, kernelspec=elsewhere)
    assert refresh.main(["01"]) == 0
    assert outputs(path)[0][0].text == "True\n"
