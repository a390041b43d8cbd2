"""What is changed in a notebook that is handed out. A notebook is its JSON; each change makes a new one."""

import json
import re

SOLUTION = re.compile(r"```\{solution(?:-start)?\} +(\S+)")
SOLUTION_ENDS = re.compile(r"```\{solution-end\}")
TITLE = re.compile(r"^# +(.+)$", re.MULTILINE)
# A link's text may hold brackets in code or in pairs.
LINK_TEXT = r"(?<!!)\[((?:`[^`]*`|[^\[\]`]|\[[^\[\]]*\])*)\]"
LINK = re.compile(LINK_TEXT + r"\((?![a-z]+:)([\w./-]+\.(?:ipynb|md)(?:#[\w.-]+)?)\)")
ANCHOR = re.compile(r'<a\b[^>]*\bhref="([\w./-]+\.(?:ipynb|md)(?:#[\w.-]+)?)"[^>]*>(.*?)</a>', re.DOTALL)
GUARD = '''\
# The book's own packages lie in the zip of this page, not in this file.
from importlib.util import find_spec


class PackagesMissing(ModuleNotFoundError):
    """Shown as its one sentence, without a traceback."""

    def _render_traceback_(self):
        return [str(self)]


if not all(map(find_spec, {packages!r})):
    raise PackagesMissing(
        "{sentence}"
    )'''


def read(path):
    """Return the notebook of a file."""
    return json.loads(path.read_text(encoding="utf-8"))


def text_of(notebook):
    """Return a notebook as the text of a file, as Jupyter writes it."""
    return json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"


def source(cell):
    """Return the text of a cell, which a file stores as one string or as lines."""
    return "".join(cell["source"])


def code_of(notebook):
    """Return the code of every code cell."""
    return [source(cell) for cell in notebook["cells"] if cell["cell_type"] == "code"]


def title_of(notebook):
    """Return the first title of a notebook, empty where it has none."""
    titles = (TITLE.search(source(cell)) for cell in notebook["cells"] if cell["cell_type"] == "markdown")
    return next((found[1] for found in titles if found), "")


def has_solutions(notebook):
    """Whether an exercise of the notebook has its solution there."""
    return any(begins_solution(cell) for cell in notebook["cells"])


def begins_solution(cell):
    """Return what matches where a cell begins a solution; None for every other cell."""
    return SOLUTION.match(source(cell)) if cell["cell_type"] == "markdown" else None


def without_solutions(notebook):
    """Return the notebook with an empty code cell, to be filled in, in the place of each solution."""
    cells, inside = [], False
    for cell in notebook["cells"]:
        begins = begins_solution(cell)
        if begins:
            inside = "solution-start" in begins[0]
            cells.append(empty_cell(f"answer-{begins[1]}"[:64]))
        elif inside:
            inside = not (cell["cell_type"] == "markdown" and SOLUTION_ENDS.match(source(cell)))
        else:
            cells.append(cell)
    return {**notebook, "cells": cells}


def empty_cell(name):
    """Return a code cell to write in."""
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": name,
        "metadata": {},
        "outputs": [],
        "source": [],
    }


def with_links(notebook, lead):
    """Return the notebook with each link to another page of the book changed.

    `lead(target)` is where it leads then, or None: what it names stays as plain text.
    """

    def markdown_link(found):
        place = lead(found[2])
        return f"[{found[1]}]({place})" if place else found[1]

    def anchor(found):
        place = lead(found[1])
        return found[0].replace(found[1], place, 1) if place else found[2]

    cells = []
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            cell = {**cell, "source": lines_of(LINK.sub(markdown_link, source(cell)))}
        else:
            cell = {**cell, "outputs": [in_html(output, anchor) for output in cell["outputs"]]}
        cells.append(cell)
    return {**notebook, "cells": cells}


def in_html(output, anchor):
    """Return an output with the links of its HTML changed."""
    data = output.get("data", {})
    if "text/html" not in data:
        return output
    changed = ANCHOR.sub(anchor, "".join(data["text/html"]))
    return {**output, "data": {**data, "text/html": lines_of(changed)}}


def lines_of(text):
    """Return a text as a notebook's file stores it: a list of lines."""
    return text.splitlines(keepends=True)


def guarded(notebook, packages, sentence):
    """Return the notebook with a cell that says what to fetch where one of these packages is not beside it.

    The cell stands before the first one of code, folded.
    """
    first = next(n for n, cell in enumerate(notebook["cells"]) if cell["cell_type"] == "code")
    cell = empty_cell("packages-beside-this-file")
    cell["metadata"] = {"jupyter": {"source_hidden": True}}
    cell["source"] = lines_of(GUARD.format(packages=packages, sentence=sentence))
    return {**notebook, "cells": [*notebook["cells"][:first], cell, *notebook["cells"][first:]]}
