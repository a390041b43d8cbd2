#!/usr/bin/env python3
"""The lint of chapters and pages: `lint.py [NAME ...]`, one line a finding.

    book/01-expected-32-got-64.ipynb:cell 7 [3]: what is wrong; what to do

Cells are counted from 1, Markdown cells included; in brackets stands Jupyter's own number. Without a NAME
every notebook and every Markdown page of the book is read. Each rule is one small function; its docstring is
the rule.
"""

import ast
import re
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import markdown_text
import nbformat
import yaml

from notebooks import (
    BOOK,
    FRAMEWORKS,
    KNOWN_TAGS,
    ROOT,
    NotebookError,
    code_cells,
    find_notebooks,
    framework,
    names_of,
    normalise,
    notebook_text,
    parse,
    place,
    read_notebook,
    tags,
    unclean_outputs,
)

WORDS, CELLS = (900, 2000), (15, 35)
# Chapters that may be longer: (words, code cells).
LONGER = {
    "06": ((900, 3500), (15, 60)),
    "15": ((900, 3500), (15, 60)),
    "17": ((900, 3500), (15, 60)),
}
EXERCISES = (2, 5)
ALT_TEXT = (30, 400)  # characters
CODE_WIDTH = 88
KNOWN_METADATA = {"tags", "mystnb", "no_partner_reason", "measured"}
SUFFIXES = {"numpy": "_np", "pytorch": "_pt", "tensorflow": "_tf"}

FILLER = (
    "as you can see", "basically", "delve", "dive into", "in order to", "it is important to",
    "it is worth noting", "it's worth noting", "leverage", "needless to say", "note that", "obviously",
    "of course", "simply", "utilize",
)  # fmt: skip
REGISTRIES = re.compile(r"\b(?:pypi\.org|anaconda\.org|registry\.npmjs|download\.pytorch)\b")
LOCAL_PATHS = re.compile(r"(?<![\w/.:])/(?:work|tmp|home|root|Users)/[\w.-]*")
DOWNLOADS = re.compile(
    r"\b(?:urllib\.request|requests\.get|urlretrieve|get_file|load_state_dict_from_url|wget|curl)\b"
    r"|\bdownload\s*=\s*True|\bpretrained\s*=\s*True|\bweights\s*=\s*[\"']imagenet"
)
NBVAL_COMMENT = re.compile(r"^\s*#+\s*(NBVAL_\w+|PYTEST_VALIDATE_\w+)\s*$", re.MULTILINE)


@dataclass
class Page:
    """A notebook, or a Markdown page as a notebook of one cell, with what the book around it holds."""

    path: Path
    book: Path
    notebook: nbformat.NotebookNode
    pages: frozenset  # what _toc.yml names, without suffixes

    @property
    def is_notebook(self):
        return self.path.suffix == ".ipynb"

    @property
    def is_chapter(self):
        return self.is_notebook and re.match(r"\d\d-", self.path.name) is not None

    @cached_property
    def cells(self):
        return list(enumerate(self.notebook.cells, 1))

    @cached_property
    def code(self):
        return code_cells(self.notebook)

    @cached_property
    def prose(self):
        """(number, blocks) of every Markdown cell; blocks are the lines of text by what they are."""
        return [
            (number, markdown_text.split(cell.source))
            for number, cell in self.cells
            if cell.cell_type == "markdown"
        ]

    @cached_property
    def headings(self):
        """(number, level, title) of every heading."""
        return [
            (number, len(match[1]), match[2].strip())
            for number, lines in self.prose
            for kind, line in lines
            if kind == "text" and (match := re.match(r"(#{1,6})\s+(.*)", line))
        ]

    @cached_property
    def directives(self):
        """(number, directive) of every directive in a Markdown cell."""
        return [(number, d) for number, lines in self.prose for d in markdown_text.directives(lines)]

    @cached_property
    def solutions(self):
        """Map the label of each solution to the numbers of the cells from its gate to its end."""
        found, label = {}, None
        for number, _ in self.cells:
            here = [d for n, d in self.directives if n == number]
            for directive in here:
                if directive.name == "solution-start":
                    label = directive.argument
            if label is not None:
                found.setdefault(label, []).append(number)
            if any(d.name == "solution-end" for d in here):
                label = None
        return found


RULES = {"notebook": [], "chapter": [], "page": []}


def rule(kind):
    """Register a rule for every notebook, for chapters (a number leads their names) or for every page.

    A rule takes a Page and yields (cell number or None, sentence).
    """

    def register(function):
        RULES[kind].append(function)
        return function

    return register


# --- what is stored ---


@rule("notebook")
def executed_in_order(page):
    """Every code cell was run, from the first to the last."""
    for count, (number, cell) in enumerate(page.code, 1):
        if not cell.source.strip():
            yield number, "the cell is empty; delete it"
            return
        if cell.execution_count != count:
            was = "was not run" if cell.execution_count is None else f"has the number {cell.execution_count}"
            yield number, f"the cell {was}, expected {count}; run `make refresh`"
            return
    if not page.code:
        yield None, "the notebook has no code; make it a Markdown page"


@rule("notebook")
def stored_as_refresh_stores_it(page):
    """The file is byte for byte what `make refresh` writes: ids, metadata, order, merged streams."""
    text = page.path.read_text(encoding="utf-8")
    if notebook_text(normalise(read_notebook(page.path))) != text:
        yield None, "the file is not in the form that `make refresh` writes; run it"


@rule("notebook")
def clean_outputs(page):
    """No stderr, path, address, time or escape code in a stored output."""
    for number, cell in page.code:
        for problem in unclean_outputs(cell):
            yield number, f"{problem}; make the cell say it otherwise and run `make refresh`"


@rule("notebook")
def every_cell_shows_something(page):
    """A cell shows something: it ends in an expression or a print. Only imports and definitions need not."""
    silent = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)
    for number, cell in page.code:
        tree = parse(cell.source)
        if not cell.outputs and tree and tree.body and not isinstance(tree.body[-1], silent):
            yield number, "the cell shows nothing; end it in a bare expression or a print"


@rule("notebook")
def errors_are_shown_by_fails(page):
    """A raw traceback stands only in a cell that is tagged for it."""
    for number, cell in page.code:
        raised = any(output.output_type == "error" for output in cell.outputs)
        if raised and "raises-exception" not in tags(cell):
            yield number, "a raw traceback is stored; use bookkit's fails(), or tag the cell raises-exception"


# --- code ---


@rule("notebook")
def plain_python(page):
    """No magics, shell commands or `?`: a cell is plain Python."""
    for number, cell in page.code:
        found = re.search(
            r"^\s*(?:%%?\w+|!\S+).*|^\s*\?{1,2}\w+|^[\w.]+\?{1,2}\s*$", cell.source, re.MULTILINE
        )
        if found:
            yield number, f"{found[0].strip()!r} is not Python; write it in plain Python or drop it"
        elif parse(cell.source) is None:
            yield number, "the cell is not valid Python; repair it"


@rule("notebook")
def no_silencing_semicolon(page):
    """A semicolon at the end hides nothing from nbval."""
    for number, cell in page.code:
        if cell.source.rstrip().endswith(";"):
            yield number, "a semicolon ends the cell; assign the result to `_` instead"


@rule("notebook")
def narrow_code(page):
    """Code fits a narrow screen."""
    for number, cell in page.code:
        for position, line in enumerate(cell.source.splitlines(), 1):
            if len(line) > CODE_WIDTH:
                yield number, f"line {position} has {len(line)} columns; break it at {CODE_WIDTH} or before"


@rule("notebook")
def offline_code(page):
    """Nothing is downloaded when a cell runs."""
    for number, cell in page.code:
        if found := DOWNLOADS.search(cell.source):
            yield number, f"{found[0]!r} downloads; use data that a required package ships"


@rule("notebook")
def no_nbval_comments(page):
    """What nbval may ignore is said by tags, which the list in tests/test_notebooks.py knows."""
    for number, cell in page.code:
        if found := NBVAL_COMMENT.search(cell.source):
            yield (
                number,
                f"the comment {found[1]} changes what nbval compares; use a tag and the list in the tests",
            )


# --- tags and tabs ---


@rule("notebook")
def known_tags(page):
    """Only tags and metadata that something reads."""
    for number, cell in page.cells:
        for tag in tags(cell):
            if tag not in KNOWN_TAGS:
                yield (
                    number,
                    f"the tag {tag!r} means nothing here; use one of {', '.join(sorted(KNOWN_TAGS))}",
                )
        for key in sorted(set(cell.metadata) - KNOWN_METADATA):
            yield number, f"the metadata {key!r} means nothing here; delete it"


@rule("notebook")
def one_framework_a_cell(page):
    """A code cell has one framework tag at most, a Markdown cell none."""
    for number, cell in page.cells:
        found = [tag for tag in tags(cell) if tag in FRAMEWORKS]
        if len(found) > 1:
            yield number, f"the cell is tagged {' and '.join(found)}; keep one"
        if found and cell.cell_type != "code":
            yield number, f"a Markdown cell is tagged {found[0]}; write a {{tab-set}} instead"


def tab_sets(notebook):
    """Return the tab sets as lists of (number, cell), grouped as in the HTML.

    Adjacent tagged cells belong together until a framework comes back after another one. A cell tagged
    no-partner stands alone.
    """
    found, previous = [], None
    for number, cell in enumerate(notebook.cells, 1):
        name = framework(cell) if cell.cell_type == "code" else None
        if name and "no-partner" not in tags(cell):
            seen = [framework(c) for _, c in found[-1]] if previous else []
            if previous and (name not in seen or name == seen[-1]):
                found[-1].append((number, cell))
            else:
                found.append([(number, cell)])
            previous = name
        else:
            previous = None
    return found


@rule("notebook")
def tabs_are_complete(page):
    """A tab set has all three frameworks, in order; a cell without partners says why."""
    for tabs in tab_sets(page.notebook):
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
def lonely_cells_say_why(page):
    """The tag no-partner and the metadata no_partner_reason come together, on a framework's cell."""
    for number, cell in page.cells:
        lonely, reason = "no-partner" in tags(cell), cell.metadata.get("no_partner_reason")
        if lonely and not framework(cell):
            yield number, "no-partner stands without a framework's tag; add the tag or drop it"
        if lonely and not (isinstance(reason, str) and len(reason.split()) >= 3):
            yield number, "no-partner stands without a reason; say why in the metadata no_partner_reason"
        if reason is not None and not lonely:
            yield (
                number,
                "no_partner_reason stands without the tag no-partner; add the tag or drop the reason",
            )


@rule("notebook")
def names_carry_their_suffix(page):
    """A tab's names end in _np, _pt or _tf where another tab has its own, never in another's suffix."""
    for tabs in tab_sets(page.notebook):
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


# --- headings, exercises ---


@rule("page")
def one_title(page):
    """A page begins with its one title, and no level is skipped."""
    titles = [number for number, level, _ in page.headings if level == 1]
    first = next((line for _, lines in page.prose[:1] for kind, line in lines if line.strip()), "")
    if (
        not page.notebook.cells
        or page.notebook.cells[0].cell_type != "markdown"
        or not first.startswith("# ")
    ):
        yield 1, "the page does not begin with its title; begin with `# Title`"
    for number in titles[1:]:
        yield number, "a second title stands here; use `##`"
    level = 1
    for number, below, title in page.headings:
        if below > level + 1:
            yield number, f"{title!r} skips a level; use {'#' * (level + 1)}"
        level = below


@rule("chapter")
def closing_sections(page):
    """A chapter ends with what to remember and with exercises."""
    sections = [title for _, level, title in page.headings if level == 2]
    if sections[-2:] != ["What to remember", "Exercises"]:
        yield None, "the last sections are not `## What to remember` and `## Exercises`; end with these two"


@rule("notebook")
def no_heading_in_a_solution(page):
    """A heading inside a solution stops the build."""
    for number, _, title in page.headings:
        if any(number in numbers for numbers in page.solutions.values()):
            yield number, f"the heading {title!r} stands inside a solution; use bold text"


@rule("notebook")
def exercises_have_solutions(page):
    """Each exercise has a label and one solution, folded, run, and closed; each solution has its exercise."""
    exercises = {}
    for number, d in page.directives:
        if d.name == "exercise":
            label = d.options.get("label")
            if not label or label in exercises:
                yield number, "the exercise has no label of its own; write `:label: name` below {exercise}"
            exercises[label] = number
    starts = [(number, d) for number, d in page.directives if d.name == "solution-start"]
    ends = [number for number, d in page.directives if d.name == "solution-end"]
    for number, d in starts:
        if d.argument not in exercises:
            yield number, f"the solution {d.argument!r} has no exercise; name the exercise's label"
        if "dropdown" not in d.options.get("class", "").split():
            yield number, "the solution is not folded; write `:class: dropdown` below {solution-start}"
        inside = [cell for n, cell in page.cells if n in page.solutions.get(d.argument, [])]
        if not any(cell.cell_type == "code" for cell in inside):
            yield number, "the solution runs nothing; let code show it"
    labels = [d.argument for _, d in starts]
    for label, number in exercises.items():
        if label and labels.count(label) != 1:
            yield number, f"the exercise {label!r} has {labels.count(label)} solutions; give it one"
    gates = sorted([(number, "start") for number, _ in starts] + [(number, "end") for number in ends])
    if [kind for _, kind in gates] != ["start", "end"] * len(starts):
        yield (
            gates[0][0],
            "starts and ends of solutions do not pair; close each {solution-start} with {solution-end}",
        )
    for number, d in page.directives:
        if d.name == "solution-end" and len([1 for n, _ in page.directives if n == number]) > 1:
            yield number, "{solution-end} shares its cell; put it into a cell of its own"


@rule("chapter")
def exercises_ask_for_a_prediction(page):
    """A chapter has two to five exercises, and each asks for a prediction before the answer unfolds."""
    exercises = [(number, d) for number, d in page.directives if d.name == "exercise"]
    if not EXERCISES[0] <= len(exercises) <= EXERCISES[1]:
        yield None, f"the chapter has {len(exercises)} exercises; give it {EXERCISES[0]} to {EXERCISES[1]}"
    for number, d in exercises:
        if "predict" not in " ".join(d.body).lower():
            yield number, "the exercise asks for no prediction; ask the reader to predict first"


# --- figures ---


def pictures(cell):
    """Return the kinds of the pictures that a cell shows."""
    if cell.cell_type != "code":
        return []
    return [kind for o in cell.outputs for kind in o.get("data", {}) if kind.startswith("image/")]


@rule("notebook")
def figures_are_svg(page):
    """A figure is an SVG, which nbval compares and which follows light and dark."""
    for number, cell in page.code:
        for kind in pictures(cell):
            if kind != "image/svg+xml":
                yield number, f"the figure is stored as {kind}; import bookkit.drawings, which sets SVG"


@rule("notebook")
def one_figure_a_cell(page):
    """A cell shows one figure, because it has one alternative text."""
    for number, cell in page.code:
        if len(pictures(cell)) > 1:
            yield number, f"the cell shows {len(pictures(cell))} figures; give each a cell of its own"


@rule("notebook")
def figures_have_alternative_text(page):
    """A figure's alternative text says what it shows; a cell without a figure has none."""
    low, high = ALT_TEXT
    for number, cell in page.code:
        alt = (cell.metadata.get("mystnb", {}).get("image") or {}).get("alt")
        if alt is not None and not pictures(cell):
            yield number, "alternative text stands at a cell without a figure; drop mystnb.image.alt"
        elif pictures(cell) and not (isinstance(alt, str) and alt.strip()):
            yield (
                number,
                "the figure has no alternative text; say what it shows in the metadata mystnb.image.alt",
            )
        elif pictures(cell) and not low <= len(alt.strip()) <= high:
            yield number, f"the alternative text has {len(alt.strip())} characters; use {low} to {high}"
        elif pictures(cell) and re.match(r"(?i)(an? )?(image|picture|figure|plot|diagram)\b", alt.strip()):
            yield (
                number,
                "the alternative text begins by saying that it is a picture; begin with what it shows",
            )


# --- size and prose ---


@rule("chapter")
def size(page):
    """A chapter has 900 to 2,000 words and 15 to 35 code cells; a few may be longer."""
    words, cells = LONGER.get(page.path.name[:2], (WORDS, CELLS))
    have = sum(markdown_text.count_words(lines) for _, lines in page.prose)
    if not words[0] <= have <= words[1]:
        yield None, f"the chapter has {have:,} words; keep it between {words[0]:,} and {words[1]:,}"
    if not cells[0] <= len(page.code) <= cells[1]:
        yield None, f"the chapter has {len(page.code)} code cells; keep it between {cells[0]} and {cells[1]}"


@rule("page")
def formulas(page):
    """Only formulas that are rendered as LaTeX means them."""
    if str(BOOK) not in sys.path:
        sys.path.insert(0, str(BOOK))
    from sphinxext.mathml import Refused, to_mathml

    for number, lines in page.prose:
        for tex, block in markdown_text.formulas(lines):
            try:
                to_mathml(tex, block)
            except Refused as refusal:
                yield number, f"the formula {' '.join(tex.split())!r} is refused: {refusal}"


@rule("page")
def no_filler(page):
    """No words that say nothing."""
    for number, lines in page.prose:
        text = markdown_text.plain(lines).lower()
        for words in FILLER:
            if re.search(rf"\b{re.escape(words)}\b", text):
                yield number, f"{words!r} says nothing; leave it out"


@rule("page")
def no_local_paths(page):
    """No registry's host and no path of one machine, in text or code."""
    for number, cell in page.cells:
        for pattern, what in (
            (REGISTRIES, "a package registry's host"),
            (LOCAL_PATHS, "a path of one machine"),
        ):
            if found := pattern.search(cell.source):
                yield number, f"{found[0]!r} is {what}; say it without"


@rule("page")
def links_lead_somewhere(page):
    """A link within the book leads to a page that _toc.yml names, or to a file that is there."""
    for number, lines in page.prose:
        for target in markdown_text.links(lines):
            if problem := dead_link(page, target):
                yield number, f"the link to {target!r} {problem}"


def dead_link(page, target):
    """Return what is wrong with a link's target, or None. Anchors and other sites are not looked up."""
    if re.match(r"[a-z][a-z0-9+.-]*:", target, re.IGNORECASE) or target.startswith("#"):
        return None
    file = target.split("#")[0]
    path = page.book / file.lstrip("/") if file.startswith("/") else page.path.parent / file
    if path.suffix == ".html":
        return "leads to built HTML; link the notebook or the Markdown file"
    name = path.resolve().with_suffix("") if path.suffix in (".ipynb", ".md") else path.resolve()
    inside = name.is_relative_to(page.book.resolve())
    if inside and name.relative_to(page.book.resolve()).as_posix() in page.pages:
        return None
    if path.suffix in (".ipynb", ".md", ""):
        return "leads to a page that _toc.yml does not name; add it there, or leave the link out until it is"
    return None if path.is_file() else "leads to a file that is not there; correct it"


# --- running ---


def toc_pages(toc, book):
    """Return the pages that a table of contents names, globs resolved against `book`."""
    found = set()

    def visit(node):
        if isinstance(node, dict):
            for key in ("root", "file"):
                if key in node:
                    found.add(node[key].removesuffix(".md").removesuffix(".ipynb"))
            if "glob" in node:
                found.update(
                    p.relative_to(book).with_suffix("").as_posix() for p in book.glob(node["glob"] + ".*")
                )
            for value in node.values():
                visit(value)
        elif isinstance(node, list):
            for value in node:
                visit(value)

    visit(yaml.safe_load(Path(toc).read_text(encoding="utf-8")))
    return frozenset(found)


def load(path, book=BOOK, toc=ROOT / "_toc.yml"):
    """Return the Page at `path`. Raises NotebookError where it cannot be read."""
    if path.suffix == ".ipynb":
        notebook = read_notebook(path)
    else:
        text = markdown_text.without_front_matter(path.read_text(encoding="utf-8"))
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(text)])
    return Page(path, Path(book), notebook, toc_pages(toc, Path(book)))


def rules_for(page):
    """Return the rules that apply to a page."""
    kinds = ["page"] + ["notebook"] * page.is_notebook + ["chapter"] * page.is_chapter
    return [function for kind in kinds for function in RULES[kind]]


def lint(path, book=BOOK, toc=ROOT / "_toc.yml"):
    """Return the findings on one page, as lines in the order of its cells."""
    try:
        page = load(path, book, toc)
    except NotebookError as error:
        return [str(error)]
    findings = [finding for function in rules_for(page) for finding in function(page)]
    lines = []
    for number, sentence in sorted(findings, key=lambda finding: finding[0] or 0):
        cell = page.notebook.cells[number - 1] if number and page.is_notebook and page.cells else None
        lines.append(f"{place(path, number if page.is_notebook else None, cell)}: {sentence}")
    return lines


def main(arguments=None):
    names = sys.argv[1:] if arguments is None else arguments
    try:
        markdown = [Path(name) for name in names if name.endswith(".md")]
        others = [name for name in names if not name.endswith(".md")]
        paths = find_notebooks(others) if others or not names else []
    except NotebookError as error:
        print(error, file=sys.stderr)
        return 2
    for path in markdown:
        if not path.is_file():
            print(f"There is no page {path}: name a Markdown file by its path.", file=sys.stderr)
            return 2
    if not names:
        markdown = sorted(p for folder in (BOOK, BOOK / "errors") for p in folder.glob("*.md"))
    findings = [line for path in (*paths, *markdown) for line in lint(path)]
    for line in findings:
        print(line)
    read = len(paths) + len(markdown)
    print(f"{read} pages read, {len(findings)} findings", file=sys.stderr)
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
