"""Would nbval notice? On copies of chapters each compared output is corrupted, and its cell must fail.

A corrupted copy differs in what is stored, not in what runs: a chapter is run once, and nbval judges each
corrupted copy by what the kernel said then. A silenced copy differs in its code, so it is run. A small
notebook is judged by pytest with real kernels throughout.
"""

import ast
import copy
import random
import re

import nbformat
import pytest
import strict_notebooks
from nbval_run import Outcome, Recorder, Replay, run_nbval, run_nbval_here, surround

import cell_names
import notebooks
import stored_outputs

# Chapters whose outputs are corrupted whenever the tests run: between them they have every kind of output.
# The others are left to `make thorough`.
CHAPTERS = ("01", "08")
UNCOMPARED = ("traceback", "image/png", "image/jpeg", "text/latex")
PATH_COORDINATE = re.compile(r'(?<= d="M )\d+(?:\.\d+)?')

strict = pytest.mark.skipif(
    strict_notebooks.other_platform() is not None, reason="stored outputs are not compared on this platform"
)


# --- what can be corrupted ---


def other_digit(match):
    """Return a number with its last digit changed."""
    return match[0][:-1] + str((int(match[0][-1]) + 1) % 10)


def other_letter(match):
    """Return a word with its middle letter changed."""
    middle = len(match[0]) // 2
    return match[0][:middle] + ("x" if match[0][middle] != "x" else "y") + match[0][middle + 1 :]


KINDS = {
    "number": (re.compile(r"\d+(?:\.\d+)?"), other_digit),
    "word": (re.compile(r"[A-Za-z]{2,}"), other_letter),
    "figure": (PATH_COORDINATE, other_digit),
}


def corruptions(cell):
    """Return (output's number, kind of text, kind of corruption) of all that can be corrupted in a cell."""
    if "nbval-ignore-output" in notebooks.tags(cell):
        return []
    return [
        (position, where, what)
        for position, output in enumerate(cell.outputs)
        for where, text in stored_outputs.output_texts(output)
        if where not in UNCOMPARED
        for what in (["figure"] if where == "image/svg+xml" else ["number", "word"])
        if KINDS[what][0].search(text)
    ]


def corrupt(cell, position, where, what, chance):
    """Change one place, chosen by chance, in one text of a cell's outputs."""
    output = cell.outputs[position]
    pattern, change = KINDS[what]
    holder, key = (output, where) if where in ("ename", "evalue") else (output.get("data"), where)
    if output.output_type == "stream":
        holder, key = output, "text"
    match = chance.choice(list(pattern.finditer(holder[key])))
    holder[key] = holder[key][: match.start()] + change(match) + holder[key][match.end() :]


def rounds(notebook):
    """Yield (copy, corrupted code cells, what was done) until every corruption was done once.

    A cell is corrupted in one way at a time. One that has fewer ways than another is left alone in some
    rounds, and has to pass there while its neighbours fail.
    """
    ways = [corruptions(cell) for _, cell in notebooks.code_cells(notebook)]
    count = max(2, *map(len, ways))
    for current in range(count):
        corrupted = copy.deepcopy(notebook)
        done = {}
        for position, (_, cell) in enumerate(notebooks.code_cells(corrupted)):
            turn = (current + position) % count
            if turn < len(ways[position]):
                done[position] = ways[position][turn]
                corrupt(cell, *ways[position][turn], random.Random(f"{current} {position}"))
        yield corrupted, done


# --- failures that stop failing ---


def muted(source, which):
    """Return the cell's code with the body of its `which`-th fails() block replaced by `pass`, or None."""
    blocks = [
        node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.With) and calls_fails(node)
    ]
    if which >= len(blocks):
        return None
    body = blocks[which].body
    lines = source.splitlines()
    if body[0].lineno == blocks[which].lineno:
        lines[body[0].lineno - 1] = lines[body[0].lineno - 1].encode()[: body[0].col_offset].decode() + "pass"
        lines[body[0].lineno : body[-1].end_lineno] = []
    else:
        lines[body[0].lineno - 1 : body[-1].end_lineno] = [" " * body[0].col_offset + "pass"]
    return "\n".join(lines)


def calls_fails(node):
    return any(
        isinstance(item.context_expr, ast.Call) and getattr(item.context_expr.func, "id", None) == "fails"
        for item in node.items
    )


def silenced(notebook):
    """Yield (copy, silenced code cells): failures that no longer fail, one block of a cell at a time."""
    for which in range(100):
        quiet, done = copy.deepcopy(notebook), set()
        for position, (_, cell) in enumerate(notebooks.code_cells(quiet)):
            if "raises-exception" in notebooks.tags(cell):
                source = "pass" if which == 0 else None
            else:
                source = muted(cell.source, which)
            if source is not None:
                cell.source = source
                done.add(position)
        if not done:
            return
        yield quiet, done


def may_follow(notebook, silent):
    """Return the code cells that need a name which a silenced cell, or one that follows it, defines."""
    followers, lost = set(), set()
    for position, (_, cell) in enumerate(notebooks.code_cells(notebook)):
        defined, needed = cell_names.names_of(cell.source)
        if position in silent:
            lost |= defined
        elif needed & lost:
            followers.add(position)
            lost |= defined
    return followers


# --- real chapters ---


def chapters():
    """Return a parameter of each chapter."""
    return [
        pytest.param(path, id=path.stem, marks=() if path.name[:2] in CHAPTERS else pytest.mark.thorough)
        for path in notebooks.book_notebooks()
    ]


def write(folder, name, notebook):
    (folder / f"{name}.ipynb").write_text(notebooks.notebook_text(notebook), encoding="utf-8")


def assert_no_others(outcome, name, expected):
    others = sorted(outcome.failed[name] - expected)
    assert not others, (
        f"{name}: cells {others} were left alone, and failed: {outcome.reasons[name, others[0]]}"
    )


def changed_copies(notebook, folder):
    """Write a copy for each round of corrupting and of silencing; return both lists of (copy, cells)."""
    surround(folder)
    corrupted, silent = list(rounds(notebook)), list(silenced(notebook))
    for name, copies in (("round", corrupted), ("silent", silent)):
        for number, (changed, _) in enumerate(copies):
            write(folder, f"{name}{number}", changed)
    return corrupted, silent


def judge_by_one_run(notebook, folder, session):
    """Return the Outcome of changed_copies in `folder`: the notebook is run once, and each silenced copy.

    One kernel serves all, because importing the frameworks takes longer than most chapters.
    """
    write(folder, "unchanged", notebook)
    outcome = Outcome()
    with Recorder(folder) as kernel:
        run_nbval_here(folder / "unchanged.ipynb", kernel, session, outcome)
        assert outcome.failed == {"unchanged": set()}, outcome.reasons
        for path in sorted(folder.glob("round*.ipynb")):
            run_nbval_here(path, Replay(kernel.said), session, outcome)
        for path in sorted(folder.glob("silent*.ipynb")):
            kernel.forget()
            run_nbval_here(path, kernel, session, outcome)
    return outcome


def assert_noticed(notebook, corrupted, silent, outcome):
    """Exactly the changed cells must have failed, and what may follow from a silenced one."""
    for number, (_, done) in enumerate(corrupted):
        name = f"round{number}"
        unnoticed = {cell: done[cell] for cell in done.keys() - outcome.failed[name]}
        assert not unnoticed, f"corrupted, and not noticed: {unnoticed}"
        assert_no_others(outcome, name, set(done))
    for number, (_, done) in enumerate(silent):
        name = f"silent{number}"
        unnoticed = done - outcome.failed[name]
        assert not unnoticed, f"stopped failing, and not noticed: {unnoticed}"
        assert_no_others(outcome, name, done | may_follow(notebook, done))


@strict
@pytest.mark.parametrize("path", chapters())
def test_every_corruption_of_a_chapter_is_noticed(path, tmp_path, request):
    notebook = notebooks.read_notebook(path)
    corrupted, silent = changed_copies(notebook, tmp_path)
    assert_noticed(notebook, corrupted, silent, judge_by_one_run(notebook, tmp_path, request.session))
    done = [way for _, ways in corrupted for way in ways.values()]
    every = [way for _, cell in notebooks.code_cells(notebook) for way in corruptions(cell)]
    assert sorted(done) == sorted(every)
    if path.name[:2] in CHAPTERS:
        assert {what for _, _, what in done} == {"number", "word", "figure"}
        assert silent, "a chapter about failures has one that can stop failing"


# --- what the test above is made of ---


PICTURE = '<svg xmlns="http://www.w3.org/2000/svg"><path d="M 12.5 3"/></svg>'
SVG = f"from IPython.display import SVG\nSVG({PICTURE!r})"
SMALL = (
    "from bookkit import fails",
    "print('shape', (1, 64))",
    "[4, 3]",
    SVG,
    "with fails(ValueError) as failure:\n    int('x')",
    "failure.message[:7]",
    "raise ValueError('63 channels')",
)


@pytest.fixture
def small(tmp_path):
    """A notebook with an output of every kind, run and stored, and a folder for copies of it."""
    import asyncio

    import refresh

    cells = [nbformat.v4.new_code_cell(source) for source in SMALL]
    cells[-1].metadata["tags"] = ["raises-exception"]
    (tmp_path / "copies").mkdir()
    surround(tmp_path)
    path = tmp_path / "small.ipynb"
    path.write_text(notebooks.notebook_text(nbformat.v4.new_notebook(cells=cells)), encoding="utf-8")
    asyncio.run(refresh.refresh(path))
    return notebooks.read_notebook(path), tmp_path / "copies"


@strict
def test_every_corruption_of_a_small_notebook_is_noticed(small):
    notebook, folder = small
    corrupted, silent = changed_copies(notebook, folder)
    assert_noticed(notebook, corrupted, silent, run_nbval(folder))
    done = {(position, where, what) for _, ways in corrupted for position, (_, where, what) in ways.items()}
    assert done == {
        (1, "stdout", "number"),
        (1, "stdout", "word"),
        (2, "text/plain", "number"),
        (3, "text/plain", "word"),
        (3, "image/svg+xml", "figure"),
        (4, "stdout", "number"),
        (4, "stdout", "word"),
        (5, "text/plain", "word"),
        (6, "ename", "word"),
        (6, "evalue", "number"),
        (6, "evalue", "word"),
    }
    assert [sorted(cells) for _, cells in silent] == [[4, 6]]


@strict
def test_an_unnoticed_corruption_is_reported(small, request):
    notebook, folder = small
    notebook.cells[2].source = "# NBVAL_IGNORE_OUTPUT\n[4, 3]"
    corrupted, silent = changed_copies(notebook, folder)
    outcome = judge_by_one_run(notebook, folder, request.session)
    with pytest.raises(AssertionError, match=r"not noticed: \{2: \(0, 'text/plain', 'number'\)\}"):
        assert_noticed(notebook, corrupted, silent, outcome)


def test_silencing_a_block():
    source = "with fails(A):\n    f(\n        1\n    )\nwith fails(B) as b: g()\nwith open(c): h()"
    assert muted(source, 0) == "with fails(A):\n    pass\nwith fails(B) as b: g()\nwith open(c): h()"
    assert (
        muted(source, 1)
        == "with fails(A):\n    f(\n        1\n    )\nwith fails(B) as b: pass\nwith open(c): h()"
    )
    assert muted(source, 2) is None
