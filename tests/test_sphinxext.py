"""The Sphinx extensions, function by function; whole pages are in test_pages.py."""

from __future__ import annotations

import functools
import json
import re
import subprocess
import sys
from pathlib import Path

import htmlkit
import pytest
from docutils import nodes
from docutils.utils import new_document
from fontTools.ttLib import TTFont

import make_styles  # tools/make_styles.py
from errorguide.catalogue import read_catalogue
from sphinxext import (
    error_pages,
    figures,
    folds,
    front_matter,
    html_repairs,
    mathml,
    notebook_links,
    outputs,
    public_address,
    tabs,
    version_runs,
)

ROOT = Path(__file__).resolve().parents[1]
BOOK = ROOT / "book"
FONTS = BOOK / "theme" / "static" / "fonts"
BOOTSTRAP, SUBSET = make_styles.WHOLE, make_styles.SUBSET
CSS = (ROOT / "book" / "theme" / "static" / "book.css").read_text(encoding="utf-8")

# ---- Formulas ----


@pytest.mark.parametrize(
    ("tex", "expected"),
    [
        (r"C_{\text{in}} / G", "<msub><mi>C</mi><mtext>in</mtext></msub>"),
        (
            r"\left\lfloor \frac{a}{b} \right\rfloor",
            r"<mo>⌊</mo><mfrac><mi>a</mi><mi>b</mi></mfrac><mo>⌋</mo>",
        ),
        (r"\lVert x \rVert", r'<mo class="mathopen">‖</mo><mi>x</mi><mo>‖</mo>'),
        (
            r"(1, 64, 256, 256)",
            r"<mn>1</mn><mo>,</mo><mn>64</mn><mo>,</mo><mn>256</mn><mo>,</mo><mn>256</mn>",
        ),
        (r"\text{2,097,152}", r"<mtext>2,097,152</mtext>"),
        (r"\text{in_channels}", r"<mtext>in_channels</mtext>"),
        (r"\mathbf{W} \in \mathbb{R}^{n}", r"<mi>𝐖</mi><mo>∈</mo><msup><mi>ℝ</mi><mi>n</mi></msup>"),
        (r"\mathrm{out}", r"<mi>out</mi>"),
        (r"\{1, 2\}", r"<mo>{</mo><mn>1</mn><mo>,</mo><mn>2</mn><mo>}</mo>"),
    ],
)
def test_a_formula_is_translated(tex, expected):
    written = re.sub(r"\n\s*", "", mathml.to_mathml(tex, block=False))
    assert expected in written


@pytest.mark.parametrize("tex", ["h'", r"h^{\prime}", r"h^\prime"])
def test_a_prime_is_raised_once(tex):
    written = re.sub(r"\n\s*", "", mathml.to_mathml(tex, block=False))
    assert "<mi>h</mi><mi>′</mi>" in written
    assert "msup" not in written


def test_aligned_lines_become_a_table():
    written = mathml.to_mathml(r"\begin{aligned} a &= b \\ &= c \end{aligned}", block=True)
    assert written.count("<mtr>") == 2
    assert 'display="block"' in written


def test_the_source_of_a_formula_stays_as_its_text():
    assert '<math alttext="h&#x27; &lt; k"' in mathml.to_mathml("h' < k", block=False)


def test_an_apostrophe_in_a_text_stays():
    assert "<mtext>the layer's</mtext>" in mathml.to_mathml(r"\text{the layer's}", block=False)


@pytest.mark.parametrize(
    ("tex", "advice"),
    [
        # what docutils cannot read
        (r"\begin{align} a &= b \end{align}", r"\begin{aligned}"),
        (r"\begin{split} a \end{split}", r"\begin{aligned}"),
        (r"\begin{gather} a \end{gather}", r"\begin{aligned}"),
        (r"\begin{array}{cc} 1 & 2 \end{array}", "array"),
        (r"\frac12", "children"),
        (r"\texttt{groups}", "texttt"),
        (r"1, \dots, n", "dots"),
        (r"\stackrel{a}{b}", "stackrel"),
        (r"\sum_{\substack{i}}", "substack"),
        (r"\color{red} x", "color"),
        (r"a \\ b & c }", "balance"),
        (r"a & b", "cannot read"),
        (r"^2", "cannot read"),
        # what docutils gets wrong without a word
        (r"\underbrace{a + b}_{c}", "brace"),
        (r"\overbrace{a + b}^{c}", "brace"),
        (r"\|x\|", r"\lVert x \rVert"),
        (r"\text{in\_channels}", r"\text{in_channels}"),
        (r"\operatorname{in\_channels}", "backslash"),
        (r"\text{a--b}", "dashes"),
        (r"\mathrm{in\_channels}", "one word"),
        (r"\mathrm{weight.shape}", "one word"),
        (r"\mathtt{groups}", "single letter"),
        (r"\mathbf{Wx}", "single letter"),
        (r"(1,64,256,256)", "with a space"),
        (r"2,097,152", r"\text{2,097,152}"),
        (r"\boxed{x}", "box"),
        (r"\overline{ab}", r"\bar{x}"),
        (r"a \\[1em] b", "line break"),
        (r"{x", "{ and }"),
        (r"\left( x", r"\left and \right"),
        (r"x \right)", r"\left and \right"),
        # what the font cannot draw
        (r"\text{é}", "é"),
        (r"\nleqq", "font"),
    ],
)
def test_a_formula_that_would_come_out_wrong_is_refused(tex, advice):
    with pytest.raises(mathml.Refused) as refusal:
        mathml.to_mathml(tex, block=True)
    assert advice in str(refusal.value)


def test_the_font_draws_every_character_that_a_formula_may_have():
    drawn = {chr(code) for code in TTFont(FONTS / "stix-two-math-subset.woff2").getBestCmap()}
    listed = set(mathml.FONT_CHARACTERS.read_text(encoding="utf-8")) - {"\n"}
    assert listed <= drawn


def test_the_math_font_can_stretch():
    font = TTFont(FONTS / "stix-two-math-subset.woff2")
    stretching = font["MATH"].table.MathVariants.VertGlyphCoverage.glyphs
    cmap = font.getBestCmap()
    assert {cmap[ord(bracket)] for bracket in "()[]{}|⌊⌋⌈⌉‖√∑"} <= set(stretching)


def test_every_font_has_its_licence_beside_it():
    assert (FONTS / "stix-two-math-LICENSE.txt").read_text(encoding="utf-8").count(
        "SIL OPEN FONT LICENSE"
    ) >= 1
    assert "Font Awesome" in (FONTS / "fontawesome-LICENSE.txt").read_text(encoding="utf-8")
    assert {path.name.split("-subset")[0] for path in FONTS.glob("*.woff2")} == {"stix-two-math", "fa-solid"}


def test_every_icon_class_of_the_style_sheet_is_in_the_icon_font():
    drawn = set(TTFont(FONTS / "fa-solid-subset.woff2").getBestCmap())
    named = {int(code, 16) for code in re.findall(r'\.fa-[a-z-]+::before \{ content: "\\([0-9a-f]+)"', CSS)}
    assert named
    assert named <= drawn


# ---- Predictions and answers ----


def page_with(*parts: nodes.Node) -> nodes.document:
    """A page whose text has been read, with the folds that it is written with."""
    page = new_document("page")
    page += parts
    folds.CoverPredictions(page).run()
    return page


def shown_by(*tags: str) -> nodes.container:
    """A cell that shows 64."""
    output = nodes.container("", nodes.literal_block("64", "64"), nb_element="cell_code_output")
    return nodes.container("", output, nb_element="cell_code", cell_metadata={"tags": list(tags)})


def answer(text: str) -> list[nodes.Node]:
    """A cell tagged `answer` as it is read."""
    begins, ends = folds.ANSWER_BEGINS, folds.ANSWER_ENDS
    return [nodes.comment(begins, begins), nodes.paragraph(text, text), nodes.comment(ends, ends)]


def covered_in(page: nodes.document) -> list[tuple[str, list[str]]]:
    """What each fold of a page is called, and the texts of its answers."""
    return [
        (fold["what"], [part.astext() for part in fold.children if "answer" in part.get("classes", [])])
        for fold in page.findall(folds.covered)
    ]


def test_an_answer_lies_in_the_fold_of_the_output_above_it():
    after = nodes.paragraph("Next.", "Next.")
    page = page_with(shown_by("predict"), *answer("Sixty-four."), *answer("As many as filters."), after)
    assert covered_in(page) == [("output", ["Sixty-four.", "As many as filters."])]
    assert [part.astext() for part in page.children[1:]] == ["Next."]
    assert page.next_node(folds.covered).astext().startswith("64")


def test_an_answer_below_a_cell_without_partners_lies_in_its_fold():
    page = page_with(tabs.labelled(shown_by("pytorch", "predict")), *answer("Sixty-four."))
    assert covered_in(page) == [("output", ["Sixty-four."])]


def test_an_answer_to_a_tab_set_has_one_fold_below_it():
    cells = [shown_by(name, "predict") for name in tabs.LABELS]
    page = page_with(tabs.tab_set(cells), *answer("Sixty-four."), *answer("In all three."))
    assert covered_in(page) == [("output", [])] * 3 + [("explanation", ["Sixty-four.", "In all three."])]
    assert page.children[1]["classes"] == ["explanation"]


def test_an_answer_stays_in_sight_where_nothing_above_it_is_covered():
    for above in ([], [shown_by()], [nodes.paragraph("a", "a")], [shown_by("predict"), nodes.paragraph()]):
        page = page_with(*above, *answer("Sixty-four."))
        assert [texts for _, texts in covered_in(page) if texts] == []
        assert "Sixty-four." in [part.astext() for part in page.children]


def test_an_answer_whose_end_is_lost_stays_in_sight():
    assert covered_in(page_with(shown_by("predict"), *answer("Sixty-four.")[:2])) == [("output", [])]


def test_marks_stand_around_answers_only():
    cells = [
        htmlkit.markdown("- a\n- b", "answer"),
        htmlkit.markdown("the answer"),
        htmlkit.code("1", tags=("answer",)),
    ]
    cells[0]["source"] = cells[0]["source"].splitlines(keepends=True)  # as Jupyter stores it
    marked = json.loads(folds.with_marks(htmlkit.notebook(*cells)))["cells"]
    assert marked[0]["source"] == "% the answer begins\n- a\n- b\n\n% the answer ends"
    assert marked[1:] == cells[1:]


# ---- Dark figures ----


def test_black_and_white_become_the_text_and_the_page():
    assert figures.dark("#000000") == figures.dark("#000") == figures.dark("black") == figures.DARK_TEXT
    assert figures.dark("#ffffff") == figures.dark("#fff") == figures.dark("white") == figures.DARK_PAGE
    assert f"--pst-color-background: {figures.DARK_PAGE};" in CSS


def test_grays_turn_over():
    turned = [
        sum(figures.channels(figures.dark(gray))) for gray in ("#000000", "#404040", "#8c8c8c", "#ffffff")
    ]
    assert turned == sorted(turned, reverse=True)


@pytest.mark.parametrize("colour", ["#0072b2", "#d55e00", "#009e73", "#e69f00", "#cc79a7", "#56b4e9"])
def test_a_colour_stays_because_the_text_names_it(colour):
    assert figures.dark(colour) == colour


def test_a_dark_line_gets_lighter():
    assert figures.dark("#0072B2", line=True) == "#4fa3db"
    assert figures.dark("#d55e00", line=True) == "#d55e00"
    assert figures.dark("#000", line=True) == figures.DARK_TEXT


def test_the_twin_of_a_figure_changes_its_colours_and_nothing_else():
    image = '<image href="data:image/png;base64,aGVsbG8="/>'
    svg = (
        '<svg viewBox="0 0 1 1"><style>*{stroke-linecap: butt}</style>'
        '<path style="fill: #ffffff; stroke: #000"/><rect fill="white" stroke="#0072b2"/>'
        '<path style="fill: #0072b2"/>'
        f'<use xlink:href="#mabcdef" clip-path="url(#p112233)"/>{image}</svg>'
    )
    twin = figures.dark_svg(svg)
    assert f"fill: {figures.DARK_PAGE}; stroke: {figures.DARK_TEXT}" in twin
    assert f'fill="{figures.DARK_PAGE}" stroke="#4fa3db"' in twin
    assert 'style="fill: #0072b2"' in twin
    assert 'xlink:href="#mabcdef" clip-path="url(#p112233)"' in twin
    assert image in twin
    assert twin.startswith(f'<svg fill="{figures.DARK_TEXT}" viewBox')


@pytest.mark.parametrize(
    ("root", "size"),
    [
        ('<svg width="336pt" height="166.5pt" viewBox="0 0 336 166.5">', {"width": "448", "height": "222"}),
        ('<svg height="20px" width="10">', {"width": "10", "height": "20"}),
        ('<svg width="100%" height="20">', {}),
        ('<svg viewBox="0 0 1 1">', {}),
        ('<svg stroke-width="2" height="20">', {}),
    ],
)
def test_a_figure_says_how_large_it_is(root, size):
    assert figures.size_of(f"<?xml version='1.0'?>{root}<path/></svg>") == size


def test_a_size_is_written_as_attributes():
    written = html_repairs.repair('<img alt="a" src="b.svg" style="width: 448px; height: 222px;" />')
    assert written == '<img alt="a" src="b.svg" width="448" height="222" />'


def test_a_figure_that_names_its_default_colour_gets_no_second_one():
    assert figures.dark_svg('<svg fill="#000000"><path/></svg>').count("fill=") == 1


# ---- Tabs ----


def cell(*tags: str) -> nodes.container:
    return nodes.container(nb_element="cell_code", cell_metadata={"tags": list(tags)}, classes=["cell"])


def grouped(*cells: nodes.Node) -> list[list[str]]:
    runs = tabs.runs_of_cells(list(cells))
    return [[tabs.frameworks_of(member)[0] for member in run] for run in runs]


def test_adjacent_cells_are_one_run():
    assert grouped(cell("numpy"), cell("pytorch"), cell("tensorflow")) == [["numpy", "pytorch", "tensorflow"]]


def test_anything_between_two_cells_parts_them():
    assert grouped(cell("numpy"), nodes.paragraph(), cell("pytorch")) == [["numpy"], ["pytorch"]]
    assert grouped(cell("numpy"), cell(), cell("pytorch")) == [["numpy"], ["pytorch"]]


def test_a_framework_that_comes_back_begins_a_new_run():
    runs = grouped(cell("numpy"), cell("pytorch"), cell("numpy"), cell("pytorch"))
    assert runs == [["numpy", "pytorch"], ["numpy", "pytorch"]]


def test_two_cells_of_a_framework_in_a_row_share_a_tab():
    run = [cell("pytorch"), cell("pytorch", "raises-exception"), cell("tensorflow")]
    assert grouped(*run) == [["pytorch", "pytorch", "tensorflow"]]
    assert [len(item.children[1].children) for item in tabs.tab_set(run).children] == [2, 1]


def test_a_cell_without_partners_stands_alone():
    runs = grouped(cell("pytorch"), cell("tensorflow"), cell("tensorflow", "no-partner"), cell("numpy"))
    assert runs == [["pytorch", "tensorflow"], ["tensorflow"], ["numpy"]]


def test_the_labels_are_synced_with_the_prose_tabs():
    items = tabs.tab_set([cell("numpy"), cell("pytorch"), cell("tensorflow")]).children
    labels = [item.children[0] for item in items]
    assert [label.astext() for label in labels] == ["NumPy", "PyTorch", "TensorFlow"]
    assert [label["sync_id"] for label in labels] == ["numpy", "pytorch", "tensorflow"]
    assert {label["sync_group"] for label in labels} == {"framework"}


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("# PyTorch\nlayer(x)", "layer(x)"),
        ("# NumPy\nlayer(x)", "# NumPy\nlayer(x)"),
        ("layer(x)  # PyTorch\n", "layer(x)  # PyTorch\n"),
    ],
)
def test_the_page_leaves_out_the_comment_that_names_the_framework(source, shown):
    code = cell("pytorch")
    code += [nodes.literal_block(source, source), nodes.literal_block("# PyTorch\n1", "# PyTorch\n1")]
    first, output = tabs.without_name(code).findall(nodes.literal_block)
    assert first.astext() == first.rawsource == shown
    assert output.astext() == "# PyTorch\n1"


# ---- Style sheets ----


def selectors_of(sheet: Path) -> dict[str, set[str]]:
    """The selectors of a style sheet that ask for classes, each with the elements and classes it asks for.

    Those that ask for attributes are left out: scripts set them.
    """
    css = re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.DOTALL)
    found = {}
    for prelude in re.findall(r"([^{};]+)\{", css):
        for selector in re.split(r",(?![^()]*\))", prelude):
            if "." in selector and not re.search(r"\[|^\s*(?:@|[\d.]+%)", selector):
                found[selector.strip()] = set(re.findall(r"(?<![\w:.-])\.?-?[A-Za-z_][\w-]*", selector))
                found[selector.strip()] |= set(re.findall(r"\.-?[A-Za-z_][\w-]*", selector))
    return found


def test_the_subset_of_bootstrap_has_every_rule_that_a_page_can_use(built_book):
    whole, subset = selectors_of(BOOTSTRAP), selectors_of(SUBSET)
    used = set()
    for page in htmlkit.pages_of(built_book):
        text = page.read_text(encoding="utf-8")
        used |= set(re.findall(r"<(\w+)", text))
        used |= {f".{name}" for value in re.findall(r'\bclass="([^"]*)"', text) for name in value.split()}
    needed = {selector for selector, asked_for in whole.items() if asked_for <= used}
    assert {".btn", ".d-flex", ".table", ".form-control:focus"} <= needed
    assert needed - set(subset) == set(), "run tools/make_styles.py"
    assert len(subset) < len(whole) / 2


def test_the_subset_of_bootstrap_is_of_the_version_that_the_theme_has():
    banners = [sheet.read_text(encoding="utf-8").partition("*/")[0] for sheet in (BOOTSTRAP, SUBSET)]
    assert re.search(r"Bootstrap\s+v5\.\d+\.\d+ .*Licensed under MIT", banners[0], re.DOTALL)
    assert banners[0] == banners[1], "run tools/make_styles.py"


# ---- The rest ----


@pytest.mark.parametrize(
    ("text", "failed"),
    [
        ("RuntimeError: Given groups=1, weight of size [64, 32, 3, 3]", True),
        ("ShapeMismatchError: conv2d takes an input with 32 channels", True),
        ("tensorflow.python.framework.errors_impl.InvalidArgumentError: input depth", True),
        ("(1, 64, 254, 254)", False),
        ("The error: none", False),
        ("no RuntimeError: here", False),
    ],
)
def test_printed_failures_are_told_from_other_outputs(text, failed):
    assert outputs.parts_of(text) == [(text, failed)]


LOADING = "RuntimeError: Error(s) in loading state_dict for Conv2d:\n\tsize mismatch for weight: 3 and 4."
KERAS = (
    "InvalidArgumentError: Exception encountered when calling Norm.call().\n\nInput has 32 values\n\n"
    "Arguments received by Norm.call():\n  • inputs=tf.Tensor(shape=(1, 4))"
)
OBJECTS = "ValueError: A total of 1 objects could not be loaded.\n\nList of objects:\n[<Conv2D name=small>]"


@pytest.mark.parametrize("message", ["ValueError: too short", LOADING, KERAS, OBJECTS])
@pytest.mark.parametrize("other", ["(1, 10)", "groups=1: (1, 6)\nnorm"])
def test_a_message_among_other_lines_is_a_part_of_its_own(message, other):
    failure, success = (message, True), (other, False)
    assert outputs.parts_of(f"{message}\n{other}\n") == [failure, success]
    assert outputs.parts_of(f"{other}\n{message}\n{other}") == [success, failure, success]
    assert outputs.parts_of(f"{message}\n{message}") == [failure, failure]
    assert outputs.parts_of(f"{other}\n\n{other}") == [(f"{other}\n\n{other}", False)]


def test_a_printed_table_is_a_part_of_its_own():
    table = "      off    on\na     right  right\nb     fails  right"
    assert outputs.marked(table) == [(table, ["columns"])]
    notes = "a sentence that is long\n\nand another"
    assert outputs.marked(f"{table}\n\n{notes}\n") == [(table, ["columns"]), (f"\n{notes}", [])]
    assert outputs.marked(f"{notes}\n\n{table}") == [(notes, []), (f"\n{table}", ["columns"])]
    assert outputs.marked(f"{table}\nValueError: no") == [
        (table, ["columns"]),
        ("ValueError: no", ["failure"]),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "array([[ 45.,  21.],\n       [ 35.,  23.],\n       [ 48.,   5.]])",
        "data:\n[-1  0]\n[ 0  1]\n[ 0  -1]",
        "two  columns\nbut two  lines",
        "no columns\n  indented\n  lines\n  only",
    ],
)
def test_what_is_no_table_wraps(text):
    assert outputs.marked(text) == [(text, [])]


def test_printed_code_is_coloured_and_what_wraps_hangs_from_its_line():
    output = (
        '<div class="output stream source highlight-python"><div class="highlight"><pre><span></span>'
        "{}</pre></div></div>"
    )
    code = '<span class="k">def</span> f():\n\n    <span class="k">return</span> 1\n'
    lines = (
        '<span class="line"><span class="k">def</span> f():\n</span>'
        '<span class="line">\n</span>'
        '<span class="line" style="--indent:4">    <span class="k">return</span> 1\n</span>'
    )
    assert html_repairs.TAG.sub("", lines) == html_repairs.TAG.sub("", code)
    begun = output.replace("<span></span>", "")  # it would only keep a line end at the beginning
    assert html_repairs.repair(output.format(code)) == begun.format(lines)
    plain = output.replace(" source", "").format(code)
    assert html_repairs.repair(plain) == begun.replace(" source", "").format(code)


def test_the_code_of_a_cell_is_cut_into_lines_that_can_wrap():
    cell = (
        '<div class="cell_input docutils container">\n<div class="highlight-ipython3 notranslate">'
        '<div class="highlight"><pre><span></span>{}</pre></div></div></div>'
    )
    lines = '<span class="line">f(\n</span><span class="line" style="--indent:4">    x)\n</span>'
    assert html_repairs.repair(cell.format("f(\n    x)\n")) == cell.replace("<span></span>", "").format(lines)


def test_a_page_leads_to_its_chapter_and_to_those_that_show_it_in_practice():
    titles = {"01-one": "One", "02-two": "Two & three"}
    entry = {"chapter": "01-one#place", "practice": ["02-two", "03-not-there"], "framework": "keras"}
    assert error_pages.way_into_chapter(entry, titles.get) == [
        '<p>Why it is so: <a href="../01-one.html?framework=tensorflow#place">One</a>.</p>',
        "",
        '<p>In practice: <a href="../02-two.html?framework=tensorflow">Two &amp; three</a>.</p>',
        "",
    ]
    assert error_pages.way_into_chapter({**entry, "chapter": None, "practice": []}, titles.get) == []


def test_every_chapter_that_an_error_page_names_is_in_the_book():
    places = [
        place for entry in read_catalogue()["errors"] for place in (entry["chapter"], *entry["practice"])
    ]
    files = {place.partition("#")[0] for place in places if place}
    assert [name for name in sorted(files) if not (BOOK / f"{name}.ipynb").is_file()] == []


def test_code_has_tags_only_where_they_give_a_colour():
    plain = '<span class="n">x</span><span class="o">.</span><span class="n">T</span><span class="w"> </span>'
    assert html_repairs.repair(plain + '<span class="o">=</span>') == 'x.T <span class="o">=</span>'


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("def f(x):\n    return x", True),
        ("class A:", True),
        ("@cache\ndef f():", True),
        ("define: 3", False),
        ("class weights: (3,)", False),
    ],
)
def test_code_is_told_from_other_outputs(text, code):
    assert bool(outputs.SOURCE.match(text)) is code


LOUD = {
    "id": "loud",
    "title": "Loud",
    "framework": "keras",
    "cases": [
        {"code": "import keras", "message": "ValueError: one"},
        {"code": "import keras", "message": "ValueError: two"},
    ],
    "demonstration": None,
}
QUIET = {"id": "quiet", "title": "Quiet", "framework": "keras", "cases": [], "demonstration": "import keras"}
FOREIGN = {
    "id": "foreign",
    "title": "Foreign",
    "framework": "pytorch",
    "cases": [{"code": "import torch", "message": "RuntimeError: three"}],
    "demonstration": None,
}


def test_the_versions_page_shows_each_wording_as_one_text_with_its_differences():
    run = {
        "versions": {"keras": "3.3"},
        "states": {"loud": "same", "loud/2": "worded differently", "quiet": "no longer silent"},
        "wordings": {"loud/2": "ValueError: zwei"},
    }
    page = version_runs.version_runs([run], {"errors": [LOUD, QUIET]})
    assert "| Keras 3.3 | 3 | 1 | 1 | 0 | 0 |" in page
    assert "### Keras 3.3: [loud](errors/loud.md), example 2\n\n" in page
    assert 'ValueError: <del><span class="unseen">only here: </span>two<span' in page
    assert '<ins><span class="unseen">only there: </span>zwei<span' in page
    assert "one" not in page.partition("## Other wordings")[2]
    assert page.rstrip().endswith("- [Quiet](errors/quiet.md): no longer silent with Keras 3.3.")
    assert "Only one version was run of Keras (3.3): no older one was tested." in page


def test_the_versions_page_says_a_difference_once_for_all_versions_that_show_it():
    runs = [
        {
            "versions": {"keras": keras},
            "states": {"loud/2": "worded differently"},
            "wordings": {"loud/2": said},
        }
        for keras, said in (
            ("3.8", "ValueError: zwei"),
            ("3.3", "ValueError: zwei"),
            ("3.1", "ValueError: deux"),
        )
    ]
    page = version_runs.version_runs(runs, {"errors": [LOUD]})
    assert page.count("zwei") == page.count("deux") == 1
    assert "### Keras 3.8 and 3.3: [loud]" in page and "### Keras 3.1: [loud]" in page
    assert "Only one version" not in page
    assert page.count("[Loud](errors/loud.md): not yet recorded with Keras 3.8, 3.3 and 3.1.") == 1


def test_wordings_with_little_in_common_stand_one_below_the_other():
    run = {
        "versions": {"keras": "3.3"},
        "states": {"loud": "same", "loud/2": "raised elsewhere"},
        "wordings": {"loud/2": "TypeError: this has nothing to do with it."},
    }
    page = version_runs.version_runs([run], {"errors": [LOUD]})
    assert "example 2: raised elsewhere" in page and '<div class="wording">' not in page
    assert page.index("In this book:") < page.index("ValueError: two") < page.index("TypeError: this")


@pytest.mark.parametrize(
    ("here", "there", "shown"),
    [
        (
            "of layer 'conv2d' is odd",
            'of layer "conv2d" is odd',
            """of layer [-'conv2d'-][+"conv2d"+] is odd""",
        ),
        ("a b c d zero or e", "a b c d e", "a b c d [-zero or -]e"),
        ("a < b\n\nc & d", "a < b\n\nc & e", "a &lt; b&#10;&#10;c &amp; [-d-][+e+]"),
        ("all the same", "all the same", "all the same"),
    ],
)
def test_two_wordings_become_one_text(here, there, shown):
    marked = re.sub(r'<span class="unseen">[^<]*</span>', "", version_runs.marked_differences(here, there))
    for tag, sign in (("del", "-"), ("ins", "+")):
        marked = marked.replace(f"<{tag}>", f"[{sign}").replace(f"</{tag}>", f"{sign}]")
    assert marked == shown


def test_the_versions_page_says_what_a_run_has_not_seen_and_forgets_what_is_gone():
    run = {
        "versions": {"keras": "3.3"},
        "states": {"loud": "same", "loud/3": "worded differently", "gone": "worded differently"},
        "wordings": {"loud/3": "ValueError: drei", "gone": "ValueError: weg"},
    }
    page = version_runs.version_runs([run], {"errors": [LOUD, QUIET, FOREIGN]})
    assert "| Keras 3.3 | 1 | 1 | 0 | 0 | 2 |" in page
    assert "[Loud](errors/loud.md), example 2: not yet recorded with Keras 3.3." in page
    assert "[Quiet](errors/quiet.md): not yet recorded with Keras 3.3." in page
    assert "Foreign" not in page  # PyTorch is no part of this run
    assert "drei" not in page and "weg" not in page


def test_what_another_run_saw_with_the_same_versions_is_recorded():
    old = {"versions": {"keras": "3.3"}, "states": {"loud": "same", "gone": "same"}, "wordings": {}}
    both = {"loud": "same", "loud/2": "same"}
    new = {"versions": {"keras": "3.3", "numpy": "2"}, "states": both, "wordings": {}}
    other = {"versions": {"keras": "3.3", "jax": "1"}, "states": {}, "wordings": {}}
    page = version_runs.version_runs([new, old, other], {"errors": [LOUD]})
    assert "| Keras 3.3 |" not in page, "the run that saw all of it, and more, is enough"
    assert page.count("| 0 | 0 | 0 |") == 2 and "not yet recorded with" not in page


def test_a_link_of_an_output_to_a_notebook_leads_to_its_page():
    markup = '<a href="01-one.ipynb#claim-a1">1</a> <a href="02-two.ipynb">2</a> <a href="#x">x.ipynb</a>'
    changed = notebook_links.to_pages(markup, {"01-one"})
    assert changed == markup.replace("01-one.ipynb", "01-one.html")


def test_the_newest_versions_stand_first(tmp_path, monkeypatch):
    runs = [{"versions": {"keras": version}} for version in ("3.3", "3.15", "3.8")]
    monkeypatch.setattr(version_runs, "RUNS", tmp_path / "versions.json")
    version_runs.RUNS.write_text(json.dumps(runs), encoding="utf-8")
    assert [run["versions"]["keras"] for run in version_runs.recorded_runs()] == ["3.15", "3.8", "3.3"]


def test_a_number_with_an_exponent_stays_on_one_line():
    output = '<div class="output stream"><div class="highlight"><pre>within 1e-05 of x1e-05</pre></div></div>'
    assert html_repairs.repair(output).count('<span class="exponent">') == 1
    assert '<span class="exponent">1e-05</span> of x1e-05' in html_repairs.repair(output)
    code = '<div class="cell_input"><div class="highlight"><pre>1e-05</pre></div></div>'
    assert html_repairs.repair(code) == code


def test_an_empty_corner_of_a_table_is_no_header():
    row = '<tr><th class="head"><p></p></th>\n<th class="head"><p>wants</p></th></tr>'
    assert html_repairs.repair(row) == '<tr><td></td>\n<th class="head"><p>wants</p></th></tr>'


def test_a_page_is_read_without_its_front_matter_and_keeps_its_line_numbers():
    page = "---\nid: one\ntitle: '---'\n---\n# Title\n\n---\n\nText\n---\n"
    read = front_matter.without_header(page)
    assert read == "\n\n\n\n# Title\n\n---\n\nText\n---\n"
    assert front_matter.without_header(read) == read
    assert front_matter.without_header("# Title\n\n---\nA rule\n---\n") == "# Title\n\n---\nA rule\n---\n"


def page_that_says(*paragraphs: str, within=nodes.section):
    document = new_document("page")
    section = nodes.section("", nodes.title("", "Title"))
    place = section if within is nodes.section else within()
    place += [nodes.paragraph("", text) for text in paragraphs]
    if place is not section:
        section += [
            place,
            nodes.paragraph("", "Something else, which is long enough to be a description too."),
        ]
    document += section
    return document


def test_the_description_of_a_page_is_its_first_paragraph_cut_at_a_word():
    description = public_address.description_of(page_that_says("word " * 60, "Another paragraph."))
    assert len(description) <= public_address.LONGEST + 2
    assert description.endswith("word …")


def test_a_description_announces_nothing_that_it_leaves_out():
    said = public_address.description_of(
        page_that_says(
            "You call 1.5 layers. PyTorch 2.1 says:", "and Keras:", "After this you can read both."
        )
    )
    assert said == "You call 1.5 layers. After this you can read both."


def test_the_front_page_is_described_by_its_cover():
    cover = functools.partial(nodes.container, classes=["cover-words"])
    said = public_address.description_of(page_that_says("Shapes, " * 9, within=cover))
    assert said == " ".join(["Shapes,"] * 9)


def test_the_extensions_need_no_numpy():
    program = (
        "import sys; sys.modules['numpy'] = None; sys.path.insert(0, sys.argv[1])\n"
        "import sphinxext; print('without')"
    )
    command = [sys.executable, "-c", program, str(ROOT / "book")]
    assert subprocess.run(command, capture_output=True, text=True).stdout == "without\n"
