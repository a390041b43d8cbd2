"""Each framework's tabs run without the other two: a reader may follow one framework from start to end.

What a tab may lack is a name that only another tab defines. ruff finds that without running anything;
`make thorough` runs each tab alone.
"""

import asyncio
import copy
import re
import subprocess
import sys

import nbformat
import pytest
from nbclient.exceptions import CellExecutionError

import cell_names
import notebooks
import refresh


def with_tabs(paths):
    """Return {path: notebook} of those that have cells of a framework."""
    read = {path: notebooks.read_notebook(path) for path in paths}
    return {
        path: notebook
        for path, notebook in read.items()
        if any(notebooks.framework(cell) for _, cell in notebooks.code_cells(notebook))
    }


TABBED = with_tabs(notebooks.book_notebooks())

# F821 is an undefined name. F403, F405: `from x import *`, after which ruff cannot know. F823: a local name
# that is read before it is set.
UNDEFINED = "F403,F405,F821,F823"


def undefined_names(tabbed, folder):
    """Return {notebook-framework: what ruff says} of each tab that, alone, would lack a name.

    tabbed: {path: notebook}. A notebook of each tab is written into `folder`.
    """
    for path, notebook in tabbed.items():
        for wanted in notebooks.FRAMEWORKS:
            alone = nbformat.v4.new_notebook(cells=cell_names.one_tab(notebook, wanted)[0])
            alone.metadata = notebook.metadata
            (folder / f"{path.stem}-{wanted}.ipynb").write_text(
                notebooks.notebook_text(alone), encoding="utf-8"
            )
    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--no-cache", "--output-format=concise"]
    ran = subprocess.run(
        [*command, "--select", UNDEFINED, folder], capture_output=True, text=True, check=False
    )
    lines = [line for line in ran.stdout.splitlines() if ".ipynb:" in line]
    if ran.returncode not in (0, 1) or bool(lines) != bool(ran.returncode):
        raise AssertionError(f"ruff could not read the tabs:\n{ran.stdout}\n{ran.stderr}")
    found = {}
    for line in lines:
        name, _, said = line.partition(".ipynb:")
        found.setdefault(re.split(r"[\\/]", name)[-1], []).append(said)
    return found


def test_no_tab_needs_a_name_of_another(tmp_path):
    assert TABBED
    assert undefined_names(TABBED, tmp_path) == {}
    assert len(list(tmp_path.glob("*.ipynb"))) == 3 * len(TABBED)


# Empties the namespace: what the tab before has defined or imported is gone, only loaded modules stay loaded.
FORGET = "get_ipython().reset(new_session=False)"


def run_each_alone(notebook, folder):
    """Run each framework's cells with the untagged ones, one framework after the other, each from nothing.

    One kernel serves all three, because importing the frameworks takes longer than most chapters. Returns
    {framework: (cells that ran, untagged cells that had to go)}.
    """
    tabs = {wanted: cell_names.one_tab(notebook, wanted) for wanted in notebooks.FRAMEWORKS}
    cells = []
    for wanted, (kept, _) in tabs.items():
        for cell in kept:
            cell = copy.deepcopy(cell)
            cell.source = f"# the tab {wanted}, alone\n{cell.source}"
            cells.append(cell)
        cells.append(nbformat.v4.new_code_cell(FORGET))
    alone = nbformat.v4.new_notebook()
    alone.cells = cells
    asyncio.run(refresh.execute(alone, folder))
    ran = {}
    for wanted, (kept, dropped) in tabs.items():
        ran[wanted] = (alone.cells[: len(kept)], dropped)
        alone.cells = alone.cells[len(kept) + 1 :]
    return ran


@pytest.mark.thorough
@pytest.mark.parametrize("path", TABBED, ids=lambda path: path.stem)
def test_each_tab_alone(path):
    notebook = TABBED[path]
    ran = run_each_alone(notebook, path.parent)
    for wanted in notebooks.FRAMEWORKS:
        mine = {cell.id for _, cell in notebooks.code_cells(notebook) if notebooks.framework(cell) == wanted}
        assert mine <= {cell.id for cell in ran[wanted][0] if cell.execution_count}


# --- what the tests above are made of ---


def notebook_of(*cells):
    """Return a notebook; a cell is its source, or a pair of tag and source."""
    new = nbformat.v4.new_code_cell
    made = [
        new(cell) if isinstance(cell, str) else new(cell[1], metadata={"tags": [cell[0]]}) for cell in cells
    ]
    return nbformat.v4.new_notebook(cells=made)


TABS = (
    "x = [1, 2]",
    ("numpy", "y_np = sum(x)\ny_np"),
    ("pytorch", "y_pt = sum(x)\ny_pt"),
    ("tensorflow", "y_tf = sum(x)\ny_tf"),
    "def compare(a, b):\n    return a == b",
    "equal = compare(y_np, y_pt)",
    "equal",
    "len(x)",
)


def test_untagged_cells_go_with_what_they_need():
    kept, dropped = cell_names.one_tab(notebook_of(*TABS), "tensorflow")
    assert [cell.source for cell in kept] == [TABS[0], TABS[3][1], TABS[4], TABS[7]]
    assert [cell.source for cell in dropped] == [TABS[5], TABS[6]]


def test_tabs_that_stand_alone_pass(tmp_path):
    assert undefined_names({tmp_path / "09-x.ipynb": notebook_of(*TABS)}, tmp_path) == {}


@pytest.mark.thorough
def test_tabs_that_stand_alone_run(tmp_path):
    ran = run_each_alone(notebook_of(*TABS), tmp_path)
    for cells, dropped in ran.values():
        assert [cell.outputs[0].data["text/plain"] for cell in cells if cell.outputs] == ["3", "2"]
        assert len(dropped) == 2


LACKING = [
    ("y_tf = y_pt + 0\ny_tf", "y_pt"),
    ("y_tf = np.sum(x)\ny_tf", "np"),
    ("def later():\n    return y_pt\ny_tf = later()", "y_pt"),
]


def notebook_lacking(last):
    cells = [TABS[0], ("numpy", "import numpy as np\ny_np = np.sum(x)"), TABS[2], ("tensorflow", last)]
    return notebook_of(*cells)


@pytest.mark.parametrize(("last", "missing"), LACKING)
def test_a_name_that_a_tab_lacks_is_found(last, missing, tmp_path):
    found = undefined_names({tmp_path / "09-x.ipynb": notebook_lacking(last)}, tmp_path)
    assert list(found) == ["09-x-tensorflow"]
    assert f"F821 Undefined name `{missing}`" in found["09-x-tensorflow"][0]


def test_a_name_that_was_deleted_or_may_come_from_anywhere_is_found(tmp_path):
    cells = ["x = 1", "del x", ("pytorch", "x"), ("tensorflow", "from math import *\npi")]
    found = undefined_names({tmp_path / "09-x.ipynb": notebook_of(*cells)}, tmp_path)
    assert "F821" in found["09-x-pytorch"][0]
    assert [said.split()[2] for said in found["09-x-tensorflow"]] == ["F403", "F405"]


@pytest.mark.thorough
@pytest.mark.parametrize(("last", "missing"), LACKING)
def test_a_tab_that_needs_another_fails(last, missing, tmp_path):
    with pytest.raises(
        CellExecutionError, match=rf"the tab tensorflow, alone(.|\n)*name '{missing}' is not defined"
    ):
        run_each_alone(notebook_lacking(last), tmp_path)


@pytest.mark.parametrize(
    ("source", "defined", "needed"),
    [
        ("y = x + 1", {"y"}, {"x"}),
        ("x = 1\ny = x", {"x", "y"}, set()),
        ("x += 1", {"x"}, {"x"}),
        ("x[0] = y", set(), {"x", "y"}),
        ("x.weight = y", set(), {"x", "y"}),
        ("import a.b as c, d.e\nfrom f import g as h", {"c", "d", "h"}, set()),
        ("def f(a, *b, c=d, **e):\n    g = a\n    return g + h", {"f"}, {"d", "h"}),
        ("class A(B):\n    c = 1\n    def f(self):\n        return d", {"A"}, {"B", "d"}),
        ("[i + j for i in k]", set(), {"j", "k"}),
        ("f = lambda a: a + b", {"f"}, {"b"}),
        ("for i, j in k:\n    print(i)", {"i", "j"}, {"k", "print"}),
        ("with f(E) as g:\n    h(x)\ng.message", {"g"}, {"f", "E", "h", "x"}),
        ("(n := 3) + n", {"n"}, set()),
        ("try:\n    f()\nexcept E as e:\n    g(e)", set(), {"f", "E", "g"}),
        ("f'{x} {y:>{z}}'", set(), {"x", "y", "z"}),
        ("for x in x:\n    pass", {"x"}, {"x"}),
    ],
)
def test_names_of_a_cell(source, defined, needed):
    assert cell_names.names_of(source) == (defined, needed)
