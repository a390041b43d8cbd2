#!/usr/bin/env python3
"""The lint of chapters and pages: `lint.py [NAME ...]`, one line a finding.

    book/01-expected-32-got-64.ipynb:cell 7 [3]: what is wrong; what to do

Cells are counted from 1, Markdown cells included; in brackets stands Jupyter's own number. Without a NAME
every notebook and every Markdown page of the book is read. Each rule is one small function; its docstring is
the rule. What the build refuses (dead references, formulas), what ruff finds and what the tests compare
(order, ids, what an output may not hold) has no rule here. `make lint` puts book/ on Python's path.
"""

import ast
import functools
import itertools
import re
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import nbformat

import markdown_text
from cell_names import names_of, parse
from notebooks import (
    BOOK,
    EDITORS_METADATA,
    FRAMEWORKS,
    KNOWN_TAGS,
    MARKDOWN_TAGS,
    NotebookError,
    code_cells,
    find_notebooks,
    framework,
    place,
    read_notebook,
    tags,
)
from sphinxext.captions import caption_of, shows_figure
from sphinxext.tabs import ALONE, LABELS, tab_runs

WORDS = (900, 2500)
EXERCISES = (2, 5)
ALT_TEXT = (30, 400)  # characters
CAPTION = 20  # words at most
CODE_WIDTH = 72  # what a window of 1200 pixels shows, in a solution as well
KNOWN_METADATA = {"tags", "mystnb", "no_partner_reason", "measured"}
NUMBERED = re.compile(r"\b(?:Figure|Exercise) \d+\.\d+")
SUFFIXES = {"numpy": "_np", "pytorch": "_pt", "tensorflow": "_tf"}

FILLER = (
    "as you can see", "basically", "delve", "dive into", "in order to", "it is important to",
    "it is worth noting", "it's worth noting", "leverage", "needless to say", "note that", "obviously",
    "of course", "simply", "utilize",
)  # fmt: skip
# A sentence that asks the reader for a guess. Other questions ("Why ...?", "Does it matter?") only lead on.
ASKS_FOR_A_GUESS = re.compile(
    r"(?:(?:and|then|also|but|so|now)\b,? )?(?:(?:predict|guess)\b|(?:how (?:many|much|large)|which|who|will"
    r"|what (?:will|did you predict|do you expect|is your guess))\b.*\?$)",
    re.IGNORECASE | re.DOTALL,
)
LOCAL_PATH = re.compile(r"(?<![\w/.:])/(?:work|tmp|home|root|Users)/[\w.-]*")
# What no cell may hold: (pattern, what is said after the text that matches).
FORBIDDEN_CODE = (
    # Magics, shell commands and `?`, which ruff lets pass.
    (r"^[ \t]*(?:%%?\w+|!\S+).*|^[ \t]*\?{1,2}\w+|^[\w.]+\?{1,2}[ \t]*$",
     "is no Python; write it in plain Python"),
    (r";\s*\Z", "ends the cell and hides its result from nbval; assign it to `_` instead"),
    (r"\b(?:urllib\.request|requests\.get|urlretrieve|get_file|load_state_dict_from_url|wget|curl)\b"
     r"|\b(?:download|pretrained)\s*=\s*True|\bweights\s*=\s*[\"']imagenet",
     "downloads; use data that a required package ships"),
    (r"^[ \t]*#+[ \t]*(?:NBVAL|PYTEST_VALIDATE)_\w+",
     "changes what nbval compares; use a tag and the tests' list"),
)  # fmt: skip


@dataclass
class Page:
    """A notebook, or a Markdown page as a notebook of one cell."""

    path: Path
    notebook: nbformat.NotebookNode

    @property
    def is_notebook(self):
        """Whether it is a notebook, not a Markdown page."""
        return self.path.suffix == ".ipynb"

    @property
    def is_chapter(self):
        """Whether it is a chapter: a notebook with a number before its name."""
        return self.is_notebook and re.match(r"\d\d-", self.path.name) is not None

    @property
    def chapter(self):
        """The chapter's number."""
        return int(self.path.name[:2])

    @cached_property
    def cells(self):
        """(number, cell) of every cell."""
        return list(enumerate(self.notebook.cells, 1))

    @cached_property
    def code(self):
        """(number, cell) of every code cell."""
        return code_cells(self.notebook)

    @cached_property
    def prose(self):
        """(number, what it holds) of every Markdown cell."""
        return [
            (number, markdown_text.read(cell.source))
            for number, cell in self.cells
            if cell.cell_type == "markdown"
        ]

    @cached_property
    def captions(self):
        """{number of a cell: what matches of its caption} of every caption of a figure."""
        found = {number: caption_of(cell) for number, cell in self.cells}
        return {number: caption for number, caption in found.items() if caption}

    @cached_property
    def numbered(self):
        """{label: "Figure 4.2" or "Exercise 4.1"} of a chapter's figures and exercises, as counted."""
        figures = [
            self.captions[number + 1]["name"] if number + 1 in self.captions else None
            for number, cell in self.code
            if shows_figure(cell)
        ]
        exercises = [d.options.get("label") for _, d in self.directives if d.name == "exercise"]
        return {
            label: f"{kind} {self.chapter}.{position}"
            for kind, labels in (("Figure", figures), ("Exercise", exercises))
            for position, label in enumerate(labels, 1)
            if label
        }

    @cached_property
    def headings(self):
        """(number, level, title) of every heading."""
        return [(number, *heading) for number, prose in self.prose for heading in prose.headings]

    @cached_property
    def directives(self):
        """(number, directive) of every directive in a Markdown cell."""
        return [(number, directive) for number, prose in self.prose for directive in prose.directives]

    @cached_property
    def tab_sets(self):
        """The tab sets as lists of (number, cell), grouped as on the page; no cell without partners."""
        tags_of_cells = [tags(cell) if cell.cell_type == "code" else [] for _, cell in self.cells]
        runs = [[self.cells[position] for position in run] for run in tab_runs(tags_of_cells)]
        return [run for run in runs if ALONE not in tags(run[0][1])]


RULES = {"notebook": [], "chapter": [], "page": []}


def rule(kind):
    """Register a rule for every notebook, for chapters (a number leads their names) or for every page.

    A rule takes a Page and yields (cell number or None, sentence).
    """

    def register(function):
        RULES[kind].append(function)
        return function

    return register


# --- code ---


@rule("notebook")
def every_cell_shows_something(page):
    """A cell shows something: it ends in an expression or a print. Only imports and definitions need not."""
    silent = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)
    for number, cell in page.code:
        tree = parse(cell.source)
        if not cell.outputs and tree and tree.body and not isinstance(tree.body[-1], silent):
            if cell.execution_count is None:
                yield number, "the cell has not been run; `make refresh` runs it"
            else:
                yield number, "the cell shows nothing; end it in a bare expression or a print"


@rule("notebook")
def forbidden_code(page):
    """Nothing that is not Python, hides something from nbval, or downloads."""
    for number, cell in page.code:
        for pattern, said in FORBIDDEN_CODE:
            if found := re.search(pattern, cell.source, re.MULTILINE):
                yield number, f"{found[0].strip()!r} {said}"


@rule("notebook")
def narrow_code(page):
    """Code fits a narrow screen."""
    for number, cell in page.code:
        for position, line in enumerate(cell.source.splitlines(), 1):
            if len(line) > CODE_WIDTH:
                yield number, f"line {position} has {len(line)} columns; break it at {CODE_WIDTH} or before"


# --- tags and tabs ---


@rule("notebook")
def known_tags(page):
    """Only tags and metadata that something reads."""
    for number, cell in page.cells:
        known = KNOWN_TAGS if cell.cell_type == "code" else MARKDOWN_TAGS
        for tag in sorted(set(tags(cell)) - known):
            use = f"use one of {', '.join(sorted(known))}"
            if cell.cell_type != "code":
                use = "drop it, or write a {tab-set}; a Markdown cell's one tag is `answer`"
            yield number, f"the tag {tag!r} means nothing here; {use}"
        for key in sorted(set(cell.metadata) - KNOWN_METADATA):
            way = "let `make refresh` delete it" if key in EDITORS_METADATA else "delete it"
            yield number, f"the metadata {key!r} means nothing here; {way}"


@rule("notebook")
def tabs_are_complete(page):
    """A tab set has all three frameworks, in order; a cell without partners says why."""
    for tabs in page.tab_sets:
        names = list(dict.fromkeys(framework(cell) for _, cell in tabs))
        missing = [name for name in FRAMEWORKS if name not in names]
        if missing:
            yield (
                tabs[0][0],
                f"the tab set lacks {' and '.join(missing)}; add the cell beside it, or tag this one "
                "no-partner and say why in its metadata no_partner_reason",
            )
        elif names != list(FRAMEWORKS):
            yield tabs[0][0], f"the tabs come as {', '.join(names)}; put them as {', '.join(FRAMEWORKS)}"


@rule("notebook")
def cells_name_their_framework(page):
    """In Jupyter nothing but its first line tells a framework's cell from its neighbours."""
    for number, cell in page.cells:
        name = framework(cell) if cell.cell_type == "code" else None
        if name and cell.source.partition("\n")[0] != f"# {LABELS[name]}":
            yield (
                number,
                f"a cell tagged {name} begins with the comment `# {LABELS[name]}`; the page leaves it out",
            )


@rule("notebook")
def lonely_cells_say_why(page):
    """The tag no-partner and the metadata no_partner_reason come together, on a framework's cell."""
    for number, cell in page.cells:
        lonely, reason = ALONE in tags(cell), cell.metadata.get("no_partner_reason")
        if lonely and not framework(cell):
            yield number, "no-partner stands without a framework's tag; add the tag or drop it"
        if lonely and not (isinstance(reason, str) and len(reason.split()) >= 3):
            yield number, "no-partner stands without a reason; say why in the metadata no_partner_reason"
        if reason is not None and not lonely:
            yield number, "no_partner_reason stands without the tag no-partner; add the tag or drop it"


@rule("notebook")
def names_carry_their_suffix(page):
    """A tab's names end in _np, _pt or _tf where another tab has its own, never in another's suffix."""
    for tabs in page.tab_sets:
        defined = {}
        for number, cell in tabs:
            suffix = SUFFIXES[framework(cell)]
            for name in sorted(names_of(cell.source)[0]):
                ending = name[-3:]
                if ending in SUFFIXES.values() and ending != suffix:
                    yield number, f"{name} is defined in the tab of {framework(cell)}; end it in {suffix}"
                first = defined.setdefault(name, framework(cell))
                if first != framework(cell) and name != "_" and ending != suffix:
                    yield number, f"{name} is defined in the tab of {first} as well; end it in {suffix}"


# --- predictions ---


def guess_asked_for(prose):
    """Return the sentence of a Markdown cell's last paragraph that asks for a guess, or None."""
    last = prose.sentences[-1] if prose.sentences else ""
    sentences = re.split(r"(?<=[.?!])\s+", last)
    return next((sentence for sentence in sentences if ASKS_FOR_A_GUESS.match(sentence)), None)


@rule("notebook")
def predictions_are_covered(page):
    """Where the text asks for a guess, the cell that answers it is tagged `predict`."""
    for number, prose in page.prose:
        asked = guess_asked_for(prose)
        if not asked or any(d.name == "exercise" for d in prose.directives):
            continue
        below = [cell for cell in page.notebook.cells[number:] if not caption_of(cell)]
        cells = itertools.takewhile(lambda cell: cell.cell_type == "code", below)
        answers = [cell for cell in cells if cell.outputs]
        if answers and not any("predict" in tags(cell) for cell in answers):
            yield (
                number,
                f"{' '.join(asked.split())!r} asks for a guess, and the output below answers at once; tag "
                "the answering cell `predict`, each cell of a tab set, or ask no question",
            )


@rule("notebook")
def predictions_are_to_be_uncovered(page):
    """A cell tagged `predict` has an output, and no other tab of its set gives it away."""
    for number, cell in page.code:
        if "predict" in tags(cell) and not cell.outputs:
            yield number, "the tag `predict` covers no output; drop it, or show something"
    for tabs in page.tab_sets:
        open_ones = [number for number, cell in tabs if cell.outputs and "predict" not in tags(cell)]
        if open_ones and any("predict" in tags(cell) for _, cell in tabs):
            yield open_ones[0], "the other tabs of this cell are tagged `predict`; tag it as well"


@rule("notebook")
def answers_are_covered_whole(page):
    """A Markdown cell tagged `answer` follows what is covered, and holds nothing that cannot be covered."""
    covering = False  # whether what stands above is covered
    for number, cell in page.cells:
        if cell.cell_type == "code":
            covering = "predict" in tags(cell)
            continue
        if number in page.captions:  # the page moves it to its figure
            continue
        if "answer" not in tags(cell):
            covering = False
            continue
        prose = markdown_text.read(cell.source)
        if not covering:
            yield (
                number,
                "the tag 'answer' means nothing here; put the cell right below one that is tagged `predict`, "
                "or drop the tag",
            )
        for _, title in prose.headings:
            yield number, f"the heading {title!r} stands in an answer; put it into a cell of its own"
        if any(d.name.startswith(("exercise", "solution")) for d in prose.directives):
            yield number, "an exercise or solution begins or ends in an answer; give it a cell of its own"
        if asked := guess_asked_for(prose):
            yield number, f"{' '.join(asked.split())!r} is covered with the answer; ask it in the next cell"


# --- headings, exercises ---


@rule("page")
def one_title(page):
    """A page begins with its one title."""
    if not page.prose or page.prose[0][0] != 1 or not page.prose[0][1].begins_with_title:
        yield 1, "the page does not begin with its title; begin with `# Title`"
    for number, *_ in [heading for heading in page.headings if heading[1] == 1][1:]:
        yield number, "a second title stands here; use `##`"


@rule("chapter")
def closing_sections(page):
    """A chapter ends with what to remember and with exercises."""
    sections = [title for _, level, title in page.headings if level == 2]
    if sections[-2:] != ["What to remember", "Exercises"]:
        yield None, "the last sections are not `## What to remember` and `## Exercises`; end with these two"


@rule("notebook")
def exercises_have_solutions(page):
    """Each exercise has a label and one solution, folded, run, closed, and without a heading.

    The build stops at an open solution or a heading in one as well, but without saying on which page.
    """
    exercises = [(number, d.options.get("label")) for number, d in page.directives if d.name == "exercise"]
    gates = [(number, d) for number, d in page.directives if d.name in ("solution-start", "solution-end")]
    starts, ends = gates[::2], gates[1::2]
    if [d.name for _, d in gates] != ["solution-start", "solution-end"] * len(starts):
        yield gates[0][0], "starts and ends of solutions do not pair; close each {solution-start}"
        return
    for (first, start), (last, _) in zip(starts, ends, strict=True):
        if "dropdown" not in start.options.get("class", "").split():
            yield first, "the solution is not folded; write `:class: dropdown` below {solution-start}"
        if not any(first < number < last for number, _ in page.code):
            yield first, "the solution runs nothing; let code show it"
        for number, _, title in page.headings:
            if first <= number <= last:
                yield number, f"the heading {title!r} stands inside a solution; use bold text"
    solved = [start.argument for _, start in starts]
    for number, label in exercises:
        if not label or [label for _, label in exercises].count(label) > 1:
            yield number, "the exercise has no label of its own; write `:label: name` below {exercise}"
        elif solved.count(label) != 1:
            yield number, f"the exercise {label!r} has {solved.count(label)} solutions; give it one"


@rule("chapter")
def exercises_ask_for_a_prediction(page):
    """A chapter has two to five exercises, and each asks for a prediction before the answer unfolds."""
    exercises = [(number, d) for number, d in page.directives if d.name == "exercise"]
    if not EXERCISES[0] <= len(exercises) <= EXERCISES[1]:
        yield (
            None,
            f"the chapter has {len(exercises)} of {EXERCISES[0]} to {EXERCISES[1]} exercises; mend that",
        )
    for number, d in exercises:
        if "predict" not in d.body.lower():
            yield number, "the exercise asks for no prediction; ask the reader to predict first"


# --- figures ---


@rule("notebook")
def figures(page):
    """A cell shows one figure at most, as an SVG, which nbval compares and which follows light and dark.

    Its alternative text says what it shows; a cell without a figure has none.
    """
    low, high = ALT_TEXT
    for number, cell in page.code:
        kinds = [kind for o in cell.outputs for kind in o.get("data", {}) if kind.startswith("image/")]
        alt = (cell.metadata.get("mystnb", {}).get("image") or {}).get("alt")
        words = alt.strip() if isinstance(alt, str) else ""
        for kind in set(kinds) - {"image/svg+xml"}:
            yield number, f"the figure is stored as {kind}; import bookkit.drawings, which sets SVG"
        if len(kinds) > 1:
            yield number, f"the cell shows {len(kinds)} figures; give each a cell of its own"
        if not kinds:
            if alt is not None:
                yield number, "alternative text stands at a cell without a figure; drop mystnb.image.alt"
        elif not words:
            yield number, "the figure has no alternative text; say it in the metadata mystnb.image.alt"
        elif not low <= len(words) <= high:
            yield number, f"the alternative text has {len(words)} characters; use {low} to {high}"
        elif re.match(r"(?i)(an? )?(image|picture|figure|plot|diagram)\b", words):
            yield number, "the alternative text says that it is a picture; begin with what it shows"


@rule("chapter")
def figures_have_captions(page):
    """Below a figure's cell stands its caption: a Markdown cell of a name, the number and a short sentence.

    The number is the chapter's and the figure's place in it. A caption stands nowhere else.
    """
    below = {number + 1 for number, cell in page.code if shows_figure(cell)}
    for number in sorted(below - page.captions.keys()):
        yield (
            number - 1,
            "the figure has no caption; write into a Markdown cell below it `(fig-name)=`, and on its next "
            f"line `**Figure {page.chapter}.N.** What to see.`",
        )
    for number, caption in page.captions.items():
        if number not in below:
            yield number, "a caption stands below no figure; put it right below the cell that draws"
            continue
        counted = page.numbered[caption["name"]]
        if counted != f"Figure {caption['number']}":
            yield number, f"the caption says Figure {caption['number']}; it is {counted}"
        words = markdown_text.read(caption["text"]).words
        if words > CAPTION or not caption["text"].endswith((".", "?")):
            yield number, f"the caption has {words} words; write one sentence of {CAPTION} at most"


@functools.cache
def numbers_in(path):
    """Return what the page at `path` counts: {label: "Figure 4.2"}; nothing where there is no chapter."""
    page = load(path) if path.is_file() else None
    return page.numbered if page and page.is_chapter else {}


@rule("page")
def numbers_are_right(page):
    """What is said of a figure or exercise by its number is a link to it, and the number is its own."""
    own = page.numbered if page.is_chapter else {}
    for number, prose in page.prose:
        for target, said in zip(prose.links, prose.link_texts, strict=True):
            file, _, label = target.partition("#")
            known = numbers_in(page.path.parent / file) if file else own
            counted = known.get(label)
            if counted and said != counted:
                yield number, f"the link to {label} says {said!r}; it is {counted}"
            elif not counted and NUMBERED.search(said):
                yield number, f"the link that says {said!r} leads to {target!r}; link the figure or exercise"
        if number in page.captions:
            continue
        linked = sum(len(NUMBERED.findall(said)) for said in prose.link_texts)
        named = NUMBERED.findall("\n".join(prose.sentences + prose.quoted))
        if len(named) > linked:
            yield number, f"{named[0]} is named without a link; write `[{named[0]}](#fig-name)`, or its label"


# --- size and prose ---


@rule("chapter")
def length(page):
    """A chapter has 900 to 2,500 words, captions aside: they belong to figures, as alternative texts do."""
    words = sum(prose.words for number, prose in page.prose if number not in page.captions)
    if not WORDS[0] <= words <= WORDS[1]:
        yield None, f"the chapter has {words:,} words; keep it between {WORDS[0]:,} and {WORDS[1]:,}"


@rule("page")
def no_filler(page):
    """No words that say nothing."""
    for number, prose in page.prose:
        text = "\n".join(prose.sentences).lower()
        for words in FILLER:
            if re.search(rf"\b{re.escape(words)}\b", text):
                yield number, f"{words!r} says nothing; leave it out"


@rule("page")
def no_local_paths(page):
    """No path of one machine, in text or code."""
    for number, cell in page.cells:
        if found := LOCAL_PATH.search(cell.source):
            yield number, f"{found[0]!r} is a path of one machine; say it without"


@rule("page")
def links_to_sources(page):
    """A link within the book names a notebook or a Markdown file, so that it works in Jupyter too."""
    for number, prose in page.prose:
        for target in prose.links:
            if "://" not in target and target.partition("#")[0].endswith(".html"):
                yield (
                    number,
                    f"the link to {target!r} leads to built HTML; link the source",
                )


@rule("notebook")
def links_work_in_jupyter(page):
    """Jupyter opens a file by its whole name, and does not know the title of a page."""
    for number, prose in page.prose:
        for target in prose.links:
            file = target.partition("#")[0]
            if file and "://" not in target and Path(file).suffix not in (".ipynb", ".md", ".html"):
                yield number, f"the link to {target!r} lacks the file's ending; write .ipynb or .md"
        for target in prose.empty_links:
            yield number, f"the link to {target!r} has no text; write the words that are to be read"


# --- running ---


def load(path):
    """Return the Page at `path`. Raises NotebookError where it cannot be read."""
    if path.suffix == ".ipynb":
        return Page(path, read_notebook(path))
    cell = nbformat.v4.new_markdown_cell(path.read_text(encoding="utf-8"))
    return Page(path, nbformat.v4.new_notebook(cells=[cell]))


def rules_for(page):
    """Return the rules that apply to a page."""
    kinds = ["page"] + ["notebook"] * page.is_notebook + ["chapter"] * page.is_chapter
    return [function for kind in kinds for function in RULES[kind]]


def lint(path):
    """Return the findings on one page, as lines in the order of its cells."""
    try:
        page = load(path)
    except NotebookError as error:
        return [str(error)]
    findings = [finding for function in rules_for(page) for finding in function(page)]
    lines = []
    for number, sentence in sorted(findings, key=lambda finding: finding[0] or 0):
        cell = page.notebook.cells[number - 1] if number and page.is_notebook and page.cells else None
        lines.append(f"{place(path, number if page.is_notebook else None, cell)}: {sentence}")
    return lines


def main(arguments=None):
    """Print the findings; return 1 where there are any, 2 where a name means no page."""
    names = sys.argv[1:] if arguments is None else arguments
    pages = [Path(name) for name in names if name.endswith(".md")]
    others = [name for name in names if not name.endswith(".md")]
    try:
        if missing := [page for page in pages if not page.is_file()]:
            raise NotebookError(f"There is no page {missing[0]}: name a Markdown file by its path.")
        if others or not names:
            pages = [*find_notebooks(others), *pages]
    except NotebookError as error:
        print(error, file=sys.stderr)
        return 2
    if not names:
        pages += sorted([*BOOK.glob("*.md"), *BOOK.glob("errors/*.md")])
    findings = [line for path in pages for line in lint(path)]
    for line in findings:
        print(line)
    print(f"pages read: {len(pages)}, findings: {len(findings)}", file=sys.stderr)
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
