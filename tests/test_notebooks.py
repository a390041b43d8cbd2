"""The notebooks as they are stored: run, in order, clean; what nbval may ignore; what the sanitizer hides."""

import ast
import re

import nbformat
import pytest
import strict_notebooks
from nbval_run import run_nbval

import notebooks
import stored_outputs

# Every cell that nbval does not compare as it stands: (notebook, cell id): why. The cell's tag says what it
# does: with nbval-ignore-output it runs the cell and compares nothing; with raises-exception it lets the cell
# raise, and compares all but the traceback.
IGNORED = {
    ("01-expected-32-got-64", "cb1aba8e"): "a raw traceback, because the chapter teaches how to read one",
}

BOOK = notebooks.book_notebooks()
SANITIZER = notebooks.ROOT / "tests" / "nbval_sanitize.cfg"
BARE_NUMBERS = (
    "0", "7", "-3", "64", "4194304", "3.14", "-0.25", "1e-05", "6.02e+23", "nan", "(1, 64, 254)",
    "[4, 3, 3, 3]", "1x4194304", "12 34", "0.5\n0.25\n", "<1>", "= 42",
)  # fmt: skip


@pytest.fixture(params=BOOK, ids=lambda path: path.stem)
def notebook(request):
    return notebooks.read_notebook(request.param)


def test_the_book_has_notebooks():
    assert BOOK, "without notebooks nothing here is tested"


# --- what is stored ---


def test_every_cell_was_run_in_order(notebook):
    counts = [cell.execution_count for _, cell in notebooks.code_cells(notebook)]
    assert counts
    assert counts == list(range(1, len(counts) + 1))
    for _, cell in notebooks.code_cells(notebook):
        results = [o.execution_count for o in cell.outputs if o.output_type == "execute_result"]
        assert set(results) <= {cell.execution_count}


def shows_something(cell):
    """Return whether a cell ends in a bare expression."""
    body = ast.parse(cell.source).body
    return bool(body) and isinstance(body[-1], ast.Expr)


def test_outputs_are_stored_and_clean(notebook):
    cells = [cell for _, cell in notebooks.code_cells(notebook)]
    assert [cell.id for cell in cells if shows_something(cell) and not cell.outputs] == []
    found = {cell.id: problems for cell in cells if (problems := stored_outputs.unclean_outputs(cell))}
    assert found == {}


@pytest.mark.parametrize("path", BOOK, ids=lambda path: path.stem)
def test_the_file_is_what_refresh_writes(path):
    text = path.read_text(encoding="utf-8")
    assert notebooks.notebook_text(notebooks.normalise(notebooks.read_notebook(path))) == text


# --- what nbval ignores ---


def ignored_cells(paths):
    """Return {(notebook, cell id): tags} of every cell with a tag that makes nbval ignore something."""
    found = {}
    for path in paths:
        for _, cell in notebooks.code_cells(notebooks.read_notebook(path)):
            if ignoring := [tag for tag in notebooks.tags(cell) if tag in notebooks.IGNORING_TAGS]:
                found[path.stem, cell.id] = ignoring
    return found


def faults_of_list(listed, tagged):
    """Return a sentence for each cell that is tagged and not listed, or listed and not tagged."""
    faults = [f"{cell} is tagged {tagged[cell]}, not listed" for cell in tagged.keys() - listed.keys()]
    faults += [
        f"{cell} is listed, but no cell has this id and a tag" for cell in listed.keys() - tagged.keys()
    ]
    faults += [f"{cell} gives no reason" for cell, reason in listed.items() if len(reason.split()) < 4]
    return sorted(faults)


def test_only_listed_cells_are_ignored():
    assert faults_of_list(IGNORED, ignored_cells(BOOK)) == []


def test_no_cell_is_skipped():
    assert [cell for cell, tags in ignored_cells(BOOK).items() if "nbval-skip" in tags] == []


def test_the_list_is_compared(tmp_path):
    cells = [
        nbformat.v4.new_code_cell("1", id="measured", metadata={"tags": ["nbval-ignore-output"]}),
        nbformat.v4.new_code_cell("2", id="plain", metadata={"tags": ["pytorch"]}),
    ]
    path = tmp_path / "09-x.ipynb"
    path.write_text(notebooks.notebook_text(nbformat.v4.new_notebook(cells=cells)))
    tagged = ignored_cells([path])
    assert faults_of_list({}, tagged) == [
        "('09-x', 'measured') is tagged ['nbval-ignore-output'], not listed"
    ]
    assert faults_of_list({("09-x", "measured"): "how long a product takes"}, tagged) == []
    assert faults_of_list({("09-x", "measured"): "timing"}, tagged) == [
        "('09-x', 'measured') gives no reason"
    ]
    assert "no cell" in faults_of_list({("09-x", "plain"): "how long a product takes"}, tagged)[1]


# --- what the sanitizer hides ---


def sanitizer_rules(text):
    """Return (example, regex, replacement) of each rule of a file. Raises ValueError for a line amiss."""
    rules, lines = [], [line for line in text.splitlines() if line.strip()]
    for number, line in enumerate(lines):
        if line.startswith("regex: "):
            before, after = lines[number - 1] if number else "", lines[number + 1 : number + 2]
            if not before.startswith("# cures: "):
                raise ValueError(f"{line!r} does not name the example that it cures")
            if not after or not after[0].startswith("replace: "):
                raise ValueError(f"{line!r} has no replacement, so that nbval does not read it")
            rules.append((before[9:], line[7:], after[0][9:]))
        elif not line.startswith(("#", "replace: ")):
            raise ValueError(f"{line!r} is neither a comment nor part of a rule")
    return rules


def compared_texts(paths):
    """Return every stored text that nbval compares."""
    return [
        text
        for path in paths
        for _, cell in notebooks.code_cells(notebooks.read_notebook(path))
        if "nbval-ignore-output" not in notebooks.tags(cell)
        for output in cell.outputs
        for kind, text in stored_outputs.output_texts(output)
        if kind not in ("traceback", "image/png", "image/jpeg", "text/latex")
    ]


def hidden(rule, texts):
    """Return what a rule hides: each piece of `texts` that it replaces."""
    return [match[0] for text in texts for match in re.finditer(rule[1], text)]


def faults_of_rule(rule, texts):
    """Return what is wrong with a rule: it is dead, hides a bare number, or does not cure its example."""
    example, regex, _ = rule
    faults = []
    if not re.search(regex, example):
        faults.append(f"{regex!r} does not cure its example {example!r}")
    if not hidden(rule, texts):
        faults.append(f"{regex!r} hides nothing in the stored outputs; delete it")
    bare = [
        piece
        for piece in hidden(rule, [*texts, *BARE_NUMBERS, example])
        if not re.search("[A-Za-z]{3}", piece)
    ]
    if bare:
        faults.append(f"{regex!r} hides {bare[0]!r}, with no word beside it")
    return faults


def test_the_sanitizer_hides_no_more_than_it_says(record_property):
    texts = compared_texts(BOOK)
    for rule in sanitizer_rules(SANITIZER.read_text(encoding="utf-8")):
        record_property(rule[1], len(hidden(rule, texts)))
        assert faults_of_rule(rule, texts) == []


@pytest.mark.parametrize(
    ("rule", "texts", "fault"),
    [
        (("took 12 s", r"took \d+ s", "took N s"), ["it took 3 s"], None),
        (("took 12 s", r"took \d+ s", "took N s"), ["it took long"], "hides nothing"),
        (("12", r"\d+", "N"), ["it took 3 s"], "hides '3'"),
        (("took 12 s", r"(?<=took )\d+", "N"), ["it took 3 s"], "hides '3'"),
        (("took 12 s", r".*", ""), ["it took 3 s"], "hides"),
        (("took 12 s", r"lasted \d+ s", ""), ["it lasted 3 s"], "does not cure"),
    ],
)
def test_rules_are_judged(rule, texts, fault):
    faults = faults_of_rule(rule, texts)
    assert (fault in faults[0]) if fault else faults == []


def test_rules_are_read():
    assert sanitizer_rules("# cures: a\nregex: a+\nreplace: b\n\n# why\n") == [("a", "a+", "b")]
    for amiss in ("regex: a\nreplace: b\n", "# cures: a\nregex: a\n", "# cures: a\nregex a\nreplace: b"):
        with pytest.raises(ValueError):
            sanitizer_rules(amiss)


# --- platforms ---


@pytest.mark.parametrize(
    ("system", "machine", "version", "said"),
    [
        ("Linux", "x86_64", (3, 11, 7), None),
        ("Linux", "aarch64", (3, 11, 7), "Linux on aarch64 with Python 3.11"),
        ("Darwin", "arm64", (3, 11, 7), "Darwin on arm64 with Python 3.11"),
        ("Linux", "x86_64", (3, 12, 0), "Linux on x86_64 with Python 3.12"),
    ],
)
def test_other_platforms(system, machine, version, said, monkeypatch):
    monkeypatch.setattr("platform.system", lambda: system)
    monkeypatch.setattr("platform.machine", lambda: machine)
    monkeypatch.setattr("sys.version_info", version)
    assert strict_notebooks.other_platform() == said


@pytest.fixture
def one_wrong(tmp_path):
    """A folder with a notebook whose first cell is stored right, and whose second one is stored wrong."""
    cells = [nbformat.v4.new_code_cell("1 + 1"), nbformat.v4.new_code_cell("2 + 2")]
    for count, cell in enumerate(cells, 1):
        cell.execution_count = count
        cell.outputs = [
            nbformat.v4.new_output("execute_result", data={"text/plain": "2"}, execution_count=count)
        ]
    write(tmp_path / "sums.ipynb", cells)
    return tmp_path


def write(path, cells):
    path.write_text(notebooks.notebook_text(nbformat.v4.new_notebook(cells=cells)), encoding="utf-8")


# Each writes to stderr, which is not stored: from Python, and from below it.
LOUD = [
    nbformat.v4.new_code_cell("import sys; print('w', file=sys.stderr)", execution_count=1),
    nbformat.v4.new_code_cell("import os; _ = os.write(2, b'w')", execution_count=2),
]


def test_this_platform_compares_stderr_too(one_wrong):
    if strict_notebooks.other_platform():
        pytest.skip("stored outputs are not compared on this platform")
    write(one_wrong / "loud.ipynb", LOUD)
    outcome = run_nbval(one_wrong)
    assert outcome.passed == {"sums": {0}, "loud": set()}
    assert outcome.failed == {"sums": {1}, "loud": {0, 1}}
    assert "promised" not in outcome.said


def test_another_platform_says_so_and_only_runs(one_wrong):
    write(one_wrong / "raises.ipynb", [nbformat.v4.new_code_cell("1 / 0")])
    outcome = run_nbval(one_wrong, machine="riscv64")
    assert outcome.passed == {"sums": {0, 1}, "raises": set()}
    assert outcome.failed == {"sums": set(), "raises": {0}}
    (line,) = [line for line in outcome.said.splitlines() if "promised" in line]
    assert line.startswith(
        "Stored outputs are promised on Linux on x86-64 with Python 3.11; here, Linux on riscv64"
    )


def test_cells_of_a_notebook_stay_on_one_worker(tmp_path):
    cells = [nbformat.v4.new_code_cell(source) for source in ["x = 0", *["x += 1"] * 11]]
    for count, cell in enumerate(cells, 1):
        cell.execution_count = count
    write(tmp_path / "counts.ipynb", cells)
    assert run_nbval(tmp_path, workers=2).passed == {"counts": set(range(12))}
