"""The lint: a chapter that keeps every rule, and for each rule the same chapter with that one rule broken."""

import markdown_text
import nbformat
import pytest

import lint
import notebooks

SENTENCE = "The weight has a channel axis, and the layer reads its length before it multiplies anything. "
FIGURE_TEXT = "A block of 64 channels beside a weight that is 32 channels deep."
SVG = '<svg xmlns="http://www.w3.org/2000/svg"><path d="M 1 2 L 3 4"/></svg>'

EXERCISE = "```{exercise}\n:label: ex-%d\n\nPredict the shape, then compute it.\n```"
GATE = "```{solution-start} ex-%d\n:class: dropdown\n```"
END = "```{solution-end}\n```"


def code(source, *outputs, tags=(), **metadata):
    if tags:
        metadata["tags"] = list(tags)
    return nbformat.v4.new_code_cell(source, outputs=list(outputs), metadata=metadata)


def text(source):
    return nbformat.v4.new_markdown_cell(source)


def printed(words, name="stdout"):
    return nbformat.v4.new_output("stream", name=name, text=words)


def result(words):
    return nbformat.v4.new_output("execute_result", data={"text/plain": words})


def figure(kind="image/svg+xml", picture=SVG):
    return nbformat.v4.new_output("display_data", data={kind: picture, "text/plain": "<Figure size 1x1>"})


def error():
    return nbformat.v4.new_output("error", ename="ValueError", evalue="no", traceback=["ValueError: no"])


# Where the cells of the chapter below stand, so that a breaker can name one.
TITLE, LINK, NUMPY, PYTORCH, TENSORFLOW, AGREE, LONELY, FIGURE = 0, 1, 2, 3, 4, 5, 7, 8


def chapter():
    """Return the cells of a chapter that keeps every rule."""
    cells = [
        text("# A title\n\n" + SENTENCE * 60),
        text("## The scene\n\nSee [the next](02-next.ipynb), and $x_{1}$.\n\n$$\ny = x\n$$"),
        code("y_np = 1\ny_np", result("1"), tags=["numpy"]),
        code("y_pt = 1\ny_pt", result("1"), tags=["pytorch"]),
        code("y_tf = 1\ny_tf", result("1"), tags=["tensorflow"]),
        code("print(y_np == y_pt)", printed("True\n")),
        text("### Closer\n\nOnly one of them says so."),
        code(
            "1", result("1"), tags=["tensorflow", "no-partner"], no_partner_reason="only it has the operation"
        ),
        code("draw()", figure(), mystnb={"image": {"alt": FIGURE_TEXT}}),
    ]
    cells += [code(f"print({n})", printed(f"{n}\n")) for n in range(8)]
    cells += [text("## What to remember\n\n- Read the weight."), text("## Exercises\n\n" + EXERCISE % 1)]
    cells += [text(GATE % 1), code("1 + 1", result("2")), text(END)]
    cells += [text(EXERCISE % 2), text(GATE % 2), code("2 + 2", result("4")), text(END)]
    return cells


@pytest.fixture
def book(tmp_path):
    """A folder with a table of contents of two chapters."""
    (tmp_path / "_toc.yml").write_text(
        "format: jb-book\nroot: index\nchapters:\n- file: 01-test\n- file: 02-next\n- glob: errors/*\n"
    )
    (tmp_path / "errors").mkdir()
    (tmp_path / "errors" / "one.md").write_text("# One\n")
    return tmp_path


def findings(cells, book, name="01-test.ipynb", as_stored=True):
    """Store a notebook and return {rule: sentences} of what the lint finds."""
    path = book / name
    notebook = nbformat.v4.new_notebook(cells=cells)
    if as_stored:
        notebooks.normalise(notebook)
    path.write_text(notebooks.notebook_text(notebook), encoding="utf-8")
    page = lint.load(path, book, book / "_toc.yml")
    found = {function.__name__: [line for _, line in function(page)] for function in lint.rules_for(page)}
    return {name: lines for name, lines in found.items() if lines}


def replaced(position, **changes):
    """Return a breaker that changes a cell: its outputs, its metadata, its source or what is around it."""

    def breaker(cells):
        cell = cells[position]
        if "before" in changes:
            cell.source = changes["before"] + cell.source
        if "after" in changes:
            cell.source += changes["after"]
        for key in ("source", "outputs"):
            if key in changes:
                cell[key] = changes[key]
        for key, value in changes.get("metadata", {}).items():
            cell.metadata[key] = value
        for key in changes.get("without", ()):
            del cell.metadata[key]

    return breaker


def dropped(*positions):
    def breaker(cells):
        for position in sorted((p % len(cells) for p in positions), reverse=True):
            del cells[position]

    return breaker


def alt(words):
    return {"metadata": {"mystnb": {"image": {"alt": words}}}}


def appended(*new):
    def breaker(cells):
        cells[AGREE + 1 : AGREE + 1] = new

    return breaker


EXERCISE_1, GATE_1, ANSWER_1, END_1, EXERCISE_2, GATE_2, ANSWER_2, END_2 = range(-8, 0)

# rule: (what is done to the chapter, what the finding says)
BREAKERS = [
    ("executed_in_order", appended(code("  ")), "empty"),
    (
        "clean_outputs",
        replaced(AGREE, outputs=[printed("careful\n", "stderr")]),
        "stderr was written: 'careful'",
    ),
    ("clean_outputs", replaced(AGREE, outputs=[result("<object at 0x7f80cca6f3a0>")]), "a memory address"),
    ("clean_outputs", replaced(AGREE, outputs=[result("'/usr/lib/python3'")]), "a path"),
    ("clean_outputs", replaced(AGREE, outputs=[printed("~/book/x.py\n")]), "a path"),
    ("clean_outputs", replaced(AGREE, outputs=[printed("\x1b[31mred\x1b[0m")]), "an escape code"),
    ("clean_outputs", replaced(AGREE, outputs=[printed("10%\r20%")]), "a carriage return"),
    ("clean_outputs", replaced(AGREE, outputs=[printed("2025-01-30 12:00:05\n")]), "a time"),
    ("clean_outputs", replaced(AGREE, outputs=[printed("took 12.5 ms")]), "a time"),
    ("every_cell_shows_something", replaced(AGREE, source="z = 1", outputs=[]), "shows nothing"),
    ("errors_are_shown_by_fails", replaced(AGREE, outputs=[error()]), "fails()"),
    ("plain_python", replaced(AGREE, source="%matplotlib inline\n1"), "'%matplotlib inline'"),
    ("plain_python", replaced(AGREE, source="!pip list"), "'!pip list'"),
    ("plain_python", replaced(AGREE, source="print?"), "'print?'"),
    ("plain_python", replaced(AGREE, source="print("), "not valid Python"),
    ("no_silencing_semicolon", replaced(AGREE, after=";"), "semicolon"),
    ("narrow_code", replaced(AGREE, after="  # " + "x" * 88), "line 1 has 111 columns"),
    ("offline_code", replaced(AGREE, source="load(download=True)"), "'download=True'"),
    ("no_nbval_comments", replaced(AGREE, before="# NBVAL_IGNORE_OUTPUT\n"), "NBVAL_IGNORE_OUTPUT"),
    ("known_tags", replaced(AGREE, metadata={"tags": ["numpi"]}), "'numpi'"),
    ("known_tags", replaced(AGREE, metadata={"colour": "red"}), "'colour'"),
    (
        "one_framework_a_cell",
        replaced(LONELY, metadata={"tags": ["tensorflow", "numpy", "no-partner"]}),
        "keep one",
    ),
    ("one_framework_a_cell", replaced(LINK, metadata={"tags": ["numpy"]}), "Markdown cell"),
    ("tabs_are_complete", dropped(TENSORFLOW), "lacks tensorflow"),
    (
        "tabs_are_complete",
        replaced(LONELY, metadata={"tags": ["tensorflow"]}, without=["no_partner_reason"]),
        "lacks",
    ),
    (
        "tabs_are_complete",
        lambda cells: cells.insert(NUMPY, cells.pop(PYTORCH)),
        "pytorch, numpy, tensorflow",
    ),
    ("lonely_cells_say_why", replaced(LONELY, without=["no_partner_reason"]), "without a reason"),
    (
        "lonely_cells_say_why",
        replaced(LONELY, metadata={"tags": ["no-partner"]}),
        "without a framework's tag",
    ),
    (
        "lonely_cells_say_why",
        replaced(AGREE, metadata={"no_partner_reason": "it has none at all"}),
        "without the tag",
    ),
    (
        "names_carry_their_suffix",
        replaced(PYTORCH, before="w_np = 1\n"),
        "w_np is defined in the tab of pytorch",
    ),
    (
        "names_carry_their_suffix",
        lambda cells: [replaced(n, before="w = 1\n")(cells) for n in (NUMPY, PYTORCH)],
        "w is defined in the tab of numpy as well; end it in _pt",
    ),
    ("one_title", replaced(TITLE, before="Hello.\n\n"), "does not begin with its title"),
    ("one_title", replaced(LINK, before="# Again\n\n"), "second title"),
    ("one_title", replaced(LINK, source="#### Deep"), "skips a level; use ##"),
    ("closing_sections", replaced(-9, source="## To remember"), "`## What to remember`"),
    ("closing_sections", lambda cells: cells.append(text("## More")), "last sections"),
    ("no_heading_in_a_solution", lambda cells: cells.insert(-1, text("### Why")), "'Why' stands inside"),
    ("exercises_have_solutions", replaced(GATE_1, source=GATE % 3), "no exercise"),
    ("exercises_have_solutions", replaced(GATE_1, source="```{solution-start} ex-1\n```"), "not folded"),
    ("exercises_have_solutions", dropped(ANSWER_1), "runs nothing"),
    ("exercises_have_solutions", dropped(GATE_1, ANSWER_1, END_1), "'ex-1' has 0 solutions"),
    ("exercises_have_solutions", dropped(END_1), "do not pair"),
    (
        "exercises_have_solutions",
        replaced(EXERCISE_1, source="## Exercises\n\n```{exercise}\nPredict.\n```"),
        "no label",
    ),
    (
        "exercises_have_solutions",
        lambda c: c.insert(-2, text(c.pop(-1).source + "\n" + c.pop(EXERCISE_2 + 1).source)),
        "pair",
    ),
    ("exercises_ask_for_a_prediction", dropped(EXERCISE_2, GATE_2, ANSWER_2, END_2), "has 1 exercises"),
    (
        "exercises_ask_for_a_prediction",
        replaced(EXERCISE_2, source=EXERCISE.replace("Predict", "Say") % 2),
        "predict first",
    ),
    ("figures_are_svg", replaced(FIGURE, outputs=[figure("image/png", "aGk=")]), "image/png"),
    ("one_figure_a_cell", replaced(FIGURE, outputs=[figure(), figure()]), "2 figures"),
    ("figures_have_alternative_text", replaced(FIGURE, without=["mystnb"]), "no alternative text"),
    ("figures_have_alternative_text", replaced(FIGURE, **alt("Two blocks.")), "has 11 characters"),
    (
        "figures_have_alternative_text",
        replaced(FIGURE, **alt("A figure of " + FIGURE_TEXT)),
        "begins by saying",
    ),
    ("figures_have_alternative_text", replaced(AGREE, **alt(FIGURE_TEXT)), "without a figure"),
    ("size", replaced(TITLE, source="# A title\n\nShort."), "words; keep it between 900 and 2,000"),
    ("size", replaced(TITLE, after=SENTENCE * 90), "words; keep it between 900 and 2,000"),
    ("size", dropped(FIGURE + 1, FIGURE + 2), "14 code cells"),
    ("size", appended(*[code("1", result("1")) for _ in range(20)]), "36 code cells"),
    ("formulas", replaced(LINK, after="\n\nThe norm $\\|x\\|$."), "write \\lVert x \\rVert"),
    ("formulas", replaced(LINK, after="\n\n$$\n\\underbrace{x}_{y}\n$$"), "brace"),
    ("formulas", replaced(LINK, after="\n\n```{math}\n:label: eq\n\\texttt{x}\n```"), "texttt"),
    ("no_filler", replaced(LINK, after="\n\nObviously it stops."), "'obviously' says nothing"),
    ("no_local_paths", replaced(AGREE, before="# see /tmp/x\n"), "'/tmp/x' is a path of one machine"),
    ("no_local_paths", replaced(LINK, after="\n\nFetch it from pypi" + ".org."), "package registry's host"),
    (
        "links_lead_somewhere",
        replaced(LINK, source="## The scene\n\nSee [it](03-no.ipynb)."),
        "_toc.yml does not name",
    ),
    (
        "links_lead_somewhere",
        replaced(LINK, source="## The scene\n\nSee {doc}`it <03-no>`."),
        "_toc.yml does not name",
    ),
    ("links_lead_somewhere", replaced(LINK, source="## The scene\n\n![it](no.png)"), "not there"),
    ("links_lead_somewhere", replaced(LINK, source="## The scene\n\n[it](02-next.html)"), "built HTML"),
]


def test_a_chapter_that_keeps_every_rule(book):
    assert findings(chapter(), book) == {}


@pytest.mark.parametrize(
    ("broken", "breaker", "said"), BREAKERS, ids=lambda value: value if isinstance(value, str) else ""
)
def test_one_rule_broken(broken, breaker, said, book):
    cells = chapter()
    breaker(cells)
    found = findings(cells, book)
    assert list(found) == [broken], found
    assert said in found[broken][0]
    assert all("; " in line or ": " in line for line in found[broken]), "a finding says what to do"


def test_cells_that_were_not_run(book):
    cells = chapter()
    notebook = notebooks.normalise(nbformat.v4.new_notebook(cells=cells))
    notebook.cells[AGREE].execution_count = None
    found = findings(notebook.cells, book, as_stored=False)
    assert found["executed_in_order"] == ["the cell was not run, expected 4; run `make refresh`"]
    notebook.cells[AGREE].execution_count = 9
    found = findings(notebook.cells, book, as_stored=False)
    assert found["executed_in_order"] == ["the cell has the number 9, expected 4; run `make refresh`"]


@pytest.mark.parametrize(
    "change",
    [
        lambda notebook: notebook.metadata.update(widgets={}),
        lambda notebook: notebook.metadata.language_info.update(version="3.11.7"),
        lambda notebook: notebook.cells[0].update(id=notebook.cells[1].id),
        lambda notebook: notebook.cells[0].pop("id"),
        lambda notebook: notebook.cells[AGREE].metadata.update(execution={"iopub.status.busy": "2025"}),
        lambda notebook: notebook.cells[AGREE].outputs.append(printed("more\n")),
    ],
)
def test_not_stored_as_refresh_stores_it(change, book):
    notebook = notebooks.normalise(nbformat.v4.new_notebook(cells=chapter()))
    change(notebook)
    path = book / "01-test.ipynb"
    path.write_text(notebooks.notebook_text(notebook), encoding="utf-8")
    page = lint.load(path, book, book / "_toc.yml")
    assert list(lint.stored_as_refresh_stores_it(page)) == [
        (None, "the file is not in the form that `make refresh` writes; run it")
    ]


def test_a_notebook_without_code(book):
    found = findings([text("# A title")], book, "glossary.ipynb")
    assert found == {"executed_in_order": ["the notebook has no code; make it a Markdown page"]}


def test_every_rule_is_broken_by_a_test():
    elsewhere = {"stored_as_refresh_stores_it"}
    every = {function.__name__ for functions in lint.RULES.values() for function in functions}
    assert every == {name for name, _, _ in BREAKERS} | elsewhere


def test_longer_chapters_and_reference_pages(book):
    cells = chapter()
    cells[AGREE + 1 : AGREE + 1] = [code("1", result("1")) for _ in range(20)]
    assert list(findings(cells, book, "07-test.ipynb")) == ["size"]
    assert findings(cells, book, "06-test.ipynb") == {}
    assert findings([text("# A title"), code("1", result("1"))], book, "glossary.ipynb") == {}


def test_timing_cells_may_show_times(book):
    cells = chapter()
    replaced(
        AGREE, outputs=[printed("took 12.5 ms")], metadata={"tags": ["nbval-ignore-output"], "measured": "0"}
    )(cells)
    assert findings(cells, book) == {}


def test_markdown_pages(book):
    page = book / "index.md"
    page.write_text(
        '---\ntitle: "no"\n---\n# Front\n\nBegin with {doc}`one <01-test>` or [an error](errors/one.md).\n'
    )
    assert lint.lint(page, book, book / "_toc.yml") == []
    page.write_text("# Front\n\nThis is basically [it](errors/two.md).\n")
    assert lint.lint(page, book, book / "_toc.yml") == [
        f"{page}: 'basically' says nothing; leave it out",
        f"{page}: the link to 'errors/two.md' leads to a page that _toc.yml does not name; "
        "add it there, or leave the link out until it is",
    ]


def test_a_finding_names_file_and_cell(book):
    cells = chapter()
    replaced(AGREE, after=";")(cells)
    findings(cells, book)
    path = book / "01-test.ipynb"
    assert lint.lint(path, book, book / "_toc.yml") == [
        f"{path}:cell 6 [4]: a semicolon ends the cell; assign the result to `_` instead"
    ]


def test_the_command(book, capsys):
    findings(chapter(), book, "glossary.ipynb")
    assert lint.main([str(book / "glossary.ipynb")]) == 1
    assert "_toc.yml does not name" in capsys.readouterr().out
    assert lint.main(["no-such-chapter"]) == 2
    assert lint.main(["no-such-page.md"]) == 2
    broken = book / "broken.ipynb"
    broken.write_text("{}")
    assert lint.main([str(broken)]) == 1
    assert "cannot be read as a notebook" in capsys.readouterr().out
    broken.write_text(
        '{"cells": [{"cell_type": "code"}], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'
    )
    assert lint.main([str(broken)]) == 1
    assert "cannot be read" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("markdown", "words"),
    [
        ("One two three.", 3),
        ("# A title\n\nOne `x = y + z` two $a + b$.", 6),
        ("```python\nnot counted\n```\nOne.", 1),
        (":::{note}\n:class: tip\nOne two.\n:::", 2),
        ("````{tab-set}\n```{tab-item} NumPy\n:sync: numpy\nOne.\n```\n````\nTwo.", 2),
        ("$$\nx = y\n$$\nOne.", 1),
        ("See [the page](https://example.org/a-b-c).", 3),
    ],
)
def test_counting_words(markdown, words):
    assert markdown_text.count_words(markdown_text.split(markdown)) == words


@pytest.mark.parametrize(
    ("markdown", "formulas"),
    [
        ("A $x$ and $y_1$.", [("x", False), ("y_1", False)]),
        ("It costs 5$ or `$x$` or \\$5 and $6.", []),
        ("$$a$$\n\nText\n\n$$\nb\nc\n$$", [("a", True), ("\nb\nc\n", True)]),
        ("{math}`x^2` and\n\n```{math}\n:label: eq\ny\n```", [("x^2", False), ("y", True)]),
        ("```python\n'$x$'\n```", []),
    ],
)
def test_finding_formulas(markdown, formulas):
    assert markdown_text.formulas(markdown_text.split(markdown)) == formulas
