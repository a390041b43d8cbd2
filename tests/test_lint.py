"""The lint: a chapter that keeps every rule, and for each rule the same chapter with that one rule broken."""

import nbformat
import pytest

import lint
import markdown_text
import notebooks
from sphinxext import tabs

SENTENCE = "The weight has a channel axis, and the layer reads its length before it multiplies anything. "
FIGURE_TEXT = "A block of 64 channels beside a weight that is 32 channels deep."
SVG = '<svg xmlns="http://www.w3.org/2000/svg"><path d="M 1 2 L 3 4"/></svg>'

EXERCISE = "```{exercise}\n:label: ex-%d\n\nPredict the shape, then compute it.\n```"
GATE = "```{solution-start} ex-%d\n:class: dropdown\n```"
END = "```{solution-end}\n```"


def code(source, *outputs, tags=(), **metadata):
    """Return a code cell that was run."""
    if tags:
        metadata["tags"] = list(tags)
    return nbformat.v4.new_code_cell(source, outputs=list(outputs), metadata=metadata)


def text(source):
    return nbformat.v4.new_markdown_cell(source)


def answer(source):
    return nbformat.v4.new_markdown_cell(source, metadata={"tags": ["answer"]})


def printed(words, name="stdout"):
    return nbformat.v4.new_output("stream", name=name, text=words)


def result(words):
    return nbformat.v4.new_output("execute_result", data={"text/plain": words})


def figure(kind="image/svg+xml", picture=SVG):
    return nbformat.v4.new_output("display_data", data={kind: picture, "text/plain": "<Figure size 1x1>"})


def error():
    return nbformat.v4.new_output("error", ename="ValueError", evalue="no", traceback=["ValueError: no"])


# Where the cells of the chapter below stand, so that a breaker can name one.
TITLE, LINK, NUMPY, PYTORCH, TENSORFLOW, AGREE, LONELY, FIGURE, CAPTION = 0, 1, 2, 3, 4, 5, 7, 8, 9


def chapter():
    """Return the cells of a chapter that keeps every rule."""
    cells = [
        text("# A title\n\n" + SENTENCE * 60),
        text("## The scene\n\nSee [the next](02-next.ipynb), and $x_{1}$.\n\n$$\ny = x\n$$"),
        code("# NumPy\ny_np = 1\ny_np", result("1"), tags=["numpy"]),
        code("# PyTorch\ny_pt = 1\ny_pt", result("1"), tags=["pytorch"]),
        code("# TensorFlow\ny_tf = 1\ny_tf", result("1"), tags=["tensorflow"]),
        code("print(y_np == y_pt)", printed("True\n")),
        text("### Closer\n\nOnly one of them says so."),
        code(
            "# TensorFlow\n1",
            result("1"),
            tags=["tensorflow", "no-partner"],
            no_partner_reason="only it has the operation",
        ),
        code("draw()", figure(), mystnb={"image": {"alt": FIGURE_TEXT}}),
        text("(fig-blocks)=\n**Figure 1.1.** The second is longer."),
    ]
    cells += [code(f"print({n})", printed(f"{n}\n")) for n in range(8)]
    cells += [text("## What to remember\n\n- Read the weight."), text("## Exercises\n\n" + EXERCISE % 1)]
    cells += [text(GATE % 1), code("1 + 1", result("2")), text(END)]
    cells += [text(EXERCISE % 2), text(GATE % 2), code("2 + 2", result("4")), text(END)]
    return cells


def findings(cells, folder, name="01-test.ipynb"):
    """Store a notebook and return {rule: sentences} of what the lint finds."""
    path = folder / name
    notebook = notebooks.normalise(nbformat.v4.new_notebook(cells=cells))
    path.write_text(notebooks.notebook_text(notebook), encoding="utf-8")
    page = lint.load(path)
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
    """Return a breaker that takes cells away."""

    def breaker(cells):
        for position in sorted((p % len(cells) for p in positions), reverse=True):
            del cells[position]

    return breaker


def alt(words):
    """Return the change that gives a cell this alternative text."""
    return {"metadata": {"mystnb": {"image": {"alt": words}}}}


def appended(*new):
    """Return a breaker that puts cells after the comparison."""

    def breaker(cells):
        cells[AGREE + 1 : AGREE + 1] = new

    return breaker


COVERED = code("1", result("1"), tags=["predict"])


def second_figure(cells):
    """Put a figure before the one of the chapter, and number both captions, but not a link."""
    first = text("(fig-first)=\n**Figure 1.1.** The first.")
    cells[CAPTION].source = cells[CAPTION].source.replace("1.1", "1.2")
    cells[LINK].source += " See [Figure 1.1](#fig-blocks)."
    cells[AGREE + 1 : AGREE + 1] = [code("draw()", figure(), mystnb={"image": {"alt": FIGURE_TEXT}}), first]


EXERCISE_1, GATE_1, ANSWER_1, END_1, EXERCISE_2, GATE_2, ANSWER_2, END_2 = range(-8, 0)

# rule: (what is done to the chapter, what the finding says)
BREAKERS = [
    ("every_cell_shows_something", replaced(AGREE, source="z = 1", outputs=[]), "shows nothing"),
    ("forbidden_code", replaced(AGREE, source="%matplotlib inline\n1"), "'%matplotlib inline' is no Python"),
    ("forbidden_code", replaced(AGREE, source="!pip list"), "'!pip list'"),
    ("forbidden_code", replaced(AGREE, source="print?"), "'print?'"),
    ("forbidden_code", replaced(AGREE, source="?print"), "'?print'"),
    ("forbidden_code", replaced(AGREE, after=";"), "hides its result"),
    ("forbidden_code", replaced(AGREE, source="load(download=True)"), "'download=True' downloads"),
    ("forbidden_code", replaced(AGREE, before="# NBVAL_IGNORE_OUTPUT\n"), "'# NBVAL_IGNORE_OUTPUT' changes"),
    ("narrow_code", replaced(AGREE, after="  # " + "x" * 88), "line 1 has 111 columns"),
    (
        "predictions_are_covered",
        replaced(LINK, after="\n\nIt has three. How many\nhas the output?"),
        "'How many has the output?' asks for a guess",
    ),
    (
        "predictions_are_covered",
        replaced(LINK, after="\n\nThen predict the shape."),
        "tag the answering cell `predict`",
    ),
    (
        "predictions_are_to_be_uncovered",
        lambda cells: cells.insert(AGREE, code("import x", tags=["predict"])),
        "covers no output",
    ),
    (
        "predictions_are_to_be_uncovered",
        replaced(PYTORCH, metadata={"tags": ["pytorch", "predict"]}),
        "the other tabs of this cell",
    ),
    ("known_tags", replaced(AGREE, metadata={"tags": ["answer"]}), "'answer' means nothing here; use one"),
    (
        "answers_are_covered_whole",
        appended(answer("It is one.")),
        "'answer' means nothing here; put the cell",
    ),
    (
        "answers_are_covered_whole",
        appended(COVERED, text("It is one."), answer("One.")),
        "'answer' means nothing here",
    ),
    (
        "answers_are_covered_whole",
        appended(COVERED, code("2", result("2")), answer("One.")),
        "'answer' means nothing here",
    ),
    ("answers_are_covered_whole", appended(COVERED, answer("One.\n\n#### Why")), "the heading 'Why'"),
    (
        "answers_are_covered_whole",
        appended(COVERED, answer("One.\n\n```{solution} ex-1\nTwo.\n```")),
        "an exercise or solution begins or ends in an answer",
    ),
    (
        "answers_are_covered_whole",
        appended(COVERED, answer("One. How many has the next?"), code("2", result("2"), tags=["predict"])),
        "'How many has the next?' is covered with the answer",
    ),
    (
        "cells_name_their_framework",
        replaced(PYTORCH, source="y_pt = 1\ny_pt"),
        "begins with the comment `# PyTorch`",
    ),
    (
        "cells_name_their_framework",
        replaced(NUMPY, source="# PyTorch\n1"),
        "begins with the comment `# NumPy`",
    ),
    ("known_tags", replaced(AGREE, metadata={"tags": ["numpi"]}), "'numpi'"),
    ("known_tags", replaced(AGREE, metadata={"colour": "red"}), "'colour'"),
    ("known_tags", replaced(LINK, metadata={"tags": ["numpy"]}), "'numpy' means nothing here; drop it"),
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
        replaced(PYTORCH, after="\nw_np = 1\nw_np"),
        "w_np is defined in the tab of pytorch",
    ),
    (
        "names_carry_their_suffix",
        lambda cells: [replaced(n, after="\nw = 1\nw")(cells) for n in (NUMPY, PYTORCH)],
        "w is defined in the tab of numpy as well; end it in _pt",
    ),
    ("one_title", replaced(TITLE, before="Hello.\n\n"), "does not begin with its title"),
    ("one_title", replaced(LINK, before="# Again\n\n"), "second title"),
    ("closing_sections", replaced(-9, source="## To remember"), "`## What to remember`"),
    ("closing_sections", lambda cells: cells.append(text("## More")), "last sections"),
    (
        "exercises_have_solutions",
        lambda cells: cells.insert(-1, text("### Why")),
        "the heading 'Why' stands inside a solution",
    ),
    ("exercises_have_solutions", replaced(EXERCISE_2, source=EXERCISE % 1), "no label of its own"),
    ("exercises_have_solutions", replaced(GATE_1, source=GATE % 3), "'ex-1' has 0 solutions"),
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
    (
        "exercises_ask_for_a_prediction",
        dropped(EXERCISE_2, GATE_2, ANSWER_2, END_2),
        "has 1 of 2 to 5 exercises",
    ),
    (
        "exercises_ask_for_a_prediction",
        replaced(EXERCISE_2, source=EXERCISE.replace("Predict", "Say") % 2),
        "predict first",
    ),
    ("figures", replaced(FIGURE, outputs=[figure("image/png", "aGk=")]), "image/png"),
    ("figures", replaced(FIGURE, outputs=[figure(), figure()]), "2 figures"),
    ("figures", replaced(FIGURE, without=["mystnb"]), "no alternative text"),
    ("figures", replaced(FIGURE, **alt("Two blocks.")), "has 11 characters"),
    (
        "figures",
        replaced(FIGURE, **alt("A figure of " + FIGURE_TEXT)),
        "says that it is a picture",
    ),
    ("figures", replaced(AGREE, **alt(FIGURE_TEXT)), "without a figure"),
    ("figures_have_captions", dropped(CAPTION), "the figure has no caption"),
    ("figures_have_captions", replaced(CAPTION, source="Two blocks."), "has no caption"),
    (
        "figures_have_captions",
        replaced(CAPTION, source="(fig-blocks)=\n**Figure 1.2.** Two blocks."),
        "says Figure 1.2; it is Figure 1.1",
    ),
    ("figures_have_captions", replaced(CAPTION, after=" And" * 18 + "."), "has 22 words"),
    (
        "figures_have_captions",
        appended(text("(fig-other)=\n**Figure 1.1.** Two blocks.")),
        "stands below no figure",
    ),
    (
        "numbers_are_right",
        second_figure,
        "says 'Figure 1.1'; it is Figure 1.2",
    ),
    ("numbers_are_right", appended(text("See [Exercise 1.1](#ex-2).")), "it is Exercise 1.2"),
    ("numbers_are_right", appended(text("See [the figure](#fig-blocks).")), "it is Figure 1.1"),
    ("numbers_are_right", appended(text("See [Figure 1.1](02-next.ipynb).")), "leads to '02-next.ipynb'"),
    ("numbers_are_right", appended(text("See Figure 1.1.")), "named without a link"),
    ("length", replaced(TITLE, source="# A title\n\nShort."), "words; keep it between 900 and 2,500"),
    ("length", replaced(TITLE, after=SENTENCE * 120), "words; keep it between 900 and 2,500"),
    ("no_filler", replaced(LINK, after="\n\nObviously it stops."), "'obviously' says nothing"),
    ("no_local_paths", replaced(AGREE, before="# see /tmp/x\n"), "'/tmp/x' is a path of one machine"),
    ("links_to_sources", replaced(LINK, source="## The scene\n\n[it](02-next.html#here)"), "built HTML"),
    (
        "links_work_in_jupyter",
        replaced(LINK, source="## The scene\n\n[it](02-next#here)"),
        "lacks the file's",
    ),
    ("links_work_in_jupyter", replaced(LINK, source="## The scene\n\n[](02-next.ipynb)"), "has no text"),
]


def test_a_chapter_that_keeps_every_rule(tmp_path):
    assert findings(chapter(), tmp_path) == {}


@pytest.mark.parametrize(
    ("broken", "breaker", "said"), BREAKERS, ids=lambda value: value if isinstance(value, str) else ""
)
def test_one_rule_broken(broken, breaker, said, tmp_path):
    cells = chapter()
    breaker(cells)
    found = findings(cells, tmp_path)
    assert list(found) == [broken], found
    assert said in found[broken][0]
    assert all("; " in line or ": " in line for line in found[broken]), "a finding says what to do"


def test_every_rule_is_broken_by_a_test():
    every = {function.__name__ for functions in lint.RULES.values() for function in functions}
    assert every == {name for name, _, _ in BREAKERS}


def test_the_number_of_another_chapters_figure_is_checked_too(tmp_path):
    assert findings(chapter(), tmp_path) == {}
    for said, faults in (("Figure 1.1", []), ("Figure 1.2", ["numbers_are_right"])):
        cells = chapter()
        cells[CAPTION].source = cells[CAPTION].source.replace("1.1", "2.1")
        cells[LINK].source += f" See [{said}](01-test.ipynb#fig-blocks)."
        assert list(findings(cells, tmp_path, "02-other.ipynb")) == faults


def test_a_caption_is_no_part_of_a_chapters_length(tmp_path):
    cells = chapter()
    words = sum(markdown_text.read(cell.source).words for cell in cells if cell.cell_type == "markdown")
    captioned = markdown_text.read(cells[CAPTION].source).words
    cells[TITLE].source += " word" * (lint.WORDS[1] - words + captioned)
    assert findings(cells, tmp_path) == {}
    cells[TITLE].source += " word"
    assert list(findings(cells, tmp_path)) == ["length"]


@pytest.mark.parametrize(
    ("words", "asks"),
    [
        ("Predict the shape.", True),
        ("There are two layers. Guess: one, ten, or hundreds?", True),
        ("And guess which of them lies in memory.", True),
        ("So, which shape comes out?", True),
        ("Will the layer refuse?", True),
        ("What did you predict?", True),
        ("How many are there?\n\nThere are three.", False),
        ("Why does the order matter?", False),
        ("It asks one thing: how many are there?", False),
        ("Does it matter? It does.", False),
        ("Which of them you take does not matter.", False),
        ("The layer predicts how many there are.", False),
        ("What to predict, and how many, is said below.", False),
    ],
)
def test_what_asks_for_a_guess(words, asks):
    assert (lint.guess_asked_for(markdown_text.read(words)) is not None) is asks


def test_a_guess_may_be_answered_below_a_cell_that_shows_something_else(tmp_path):
    cells = chapter()
    cells[AGREE - 4].source += "\n\nHow many are there?"
    for position in (NUMPY, PYTORCH, TENSORFLOW):
        cells[position].metadata["tags"].append("predict")
    assert findings(cells, tmp_path) == {}
    cells[AGREE + 1 : AGREE + 1] = [
        text("Predict it."),
        code("1", result("1")),
        code("2", result("2"), tags=["predict"]),
    ]
    assert findings(cells, tmp_path) == {}


def test_an_answer_follows_what_is_covered_or_another_answer(tmp_path):
    cells = chapter()
    for position in (NUMPY, PYTORCH, TENSORFLOW):
        cells[position].metadata["tags"].append("predict")
    cells[AGREE:AGREE] = [answer("There is one."), answer("And it is the first.")]
    cells[-1:-1] = [code("3", result("3"), tags=["predict"]), answer("Three.")]
    assert findings(cells, tmp_path) == {}


def test_a_chapter_may_have_any_number_of_cells(tmp_path):
    cells = chapter()
    cells[AGREE + 1 : AGREE + 1] = [code("1", result("1")) for _ in range(40)]
    assert findings(cells, tmp_path) == {}


def test_reference_pages(tmp_path):
    assert findings([text("# A title"), code("1", result("1"))], tmp_path, "glossary.ipynb") == {}


def test_timing_cells(tmp_path):
    cells = chapter()
    metadata = {"tags": ["nbval-ignore-output"], "measured": "0"}
    replaced(AGREE, outputs=[printed("took 12.5 ms")], metadata=metadata)(cells)
    assert findings(cells, tmp_path) == {}


def test_markdown_pages(tmp_path):
    page = tmp_path / "index.md"
    page.write_text('---\ntitle: "basically"\n---\n# Front\n\nBegin with [an error](errors/one.md).\n')
    assert lint.lint(page) == []
    page.write_text("# Front\n\nThis is basically [it](errors/two.html).\n")
    assert lint.lint(page) == [
        f"{page}: 'basically' says nothing; leave it out",
        f"{page}: the link to 'errors/two.html' leads to built HTML; link the source",
    ]


def test_a_finding_names_file_and_cell(tmp_path):
    cells = chapter()
    replaced(AGREE, after=";")(cells)
    findings(cells, tmp_path)
    path = tmp_path / "01-test.ipynb"
    assert lint.lint(path) == [
        f"{path}:cell 6 [4]: ';' ends the cell and hides its result from nbval; assign it to `_` instead"
    ]


def test_a_notebook_as_an_editor_leaves_it_is_sent_to_refresh(tmp_path):
    cells = [
        text("# A title"),
        code("# NumPy\n1", tags=["numpy", "no-partner"], slideshow={"slide_type": ""}),
    ]
    cells[1].metadata["no_partner_reason"] = "one is enough here"
    path = tmp_path / "glossary.ipynb"
    path.write_text(notebooks.notebook_text(nbformat.v4.new_notebook(cells=cells)), encoding="utf-8")
    assert lint.lint(path) == [
        f"{path}:cell 2: the cell has not been run; `make refresh` runs it",
        f"{path}:cell 2: the metadata 'slideshow' means nothing here; let `make refresh` delete it",
    ]


def test_the_command(tmp_path, capsys):
    findings([text("## No title"), code("1", result("1"))], tmp_path, "glossary.ipynb")
    assert lint.main([str(tmp_path / "glossary.ipynb")]) == 1
    said = capsys.readouterr()
    assert "does not begin with its title" in said.out
    assert said.err == "pages read: 1, findings: 1\n"
    assert lint.main(["no-such-chapter"]) == 2
    assert lint.main(["no-such-page.md"]) == 2
    assert "no-such-page.md" in capsys.readouterr().err
    (tmp_path / "one.md").write_text("# One\n")
    assert lint.main([str(tmp_path / "one.md")]) == 0
    assert capsys.readouterr().err == "pages read: 1, findings: 0\n"
    broken = tmp_path / "broken.ipynb"
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
        ("$$\nx = y\n$$\n\nOne.", 1),
        ("```{math}\n:label: eq\nx = y\n```\nOne {math}`x`.", 2),
        ("> One two.\n\nThree.", 3),
        ("See [the page](https://example.org/a-b-c).", 3),
    ],
)
def test_counting_words(markdown, words):
    assert markdown_text.read(markdown).words == words


def test_what_a_page_holds():
    page = markdown_text.read(
        "# One `x`\n\n````{exercise} Title\n:label: ex\n:class: a b\n\n## Two\n"
        "\n```{note}\nSee [it](x.html).\n```\n````\n"
        "\n```python\n# not a heading\n```\n\n> basically\n"
    )
    assert page.begins_with_title
    assert page.headings == [(1, "One `x`"), (2, "Two")]
    assert [(d.name, d.argument, d.options) for d in page.directives] == [
        ("exercise", "Title", {"label": "ex", "class": "a b"}),
        ("note", "", {}),
    ]
    assert page.links == ["x.html"]
    assert page.sentences == ["One CODE", "Two", "See it."]
    assert page.quoted == ["basically"]


def test_the_notebooks_and_the_pages_have_the_same_tags():
    assert tuple(tabs.LABELS) == notebooks.FRAMEWORKS
    assert tabs.ALONE in notebooks.KNOWN_TAGS
