"""What a page folds away, as <details>, which needs no script: solutions, code, and outputs to be predicted
with the text that answers.

A browser opens a fold by itself where a link or a search leads into it. On paper everything is open.
"""

from __future__ import annotations

import json

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx_design.shared import is_component

PREDICT = "predict"
ANSWER = "answer"
# myst-nb forgets which Markdown cell a text comes from, so comments stand around an answer.
ANSWER_BEGINS, ANSWER_ENDS = "the answer begins", "the answer ends"
# The line of a fold, closed and open. The style sheet shows one of the two; the other is not spoken either.
LINE = '<span class="when-closed">Show the {}</span> <span class="when-open">Hide the {}</span>'


class folded(nodes.General, nodes.Element):
    """A folded part of a page, written as <details>."""


class fold_title(nodes.General, nodes.TextElement):
    """The line of a folded part that stays visible, written as <summary>."""


class covered(nodes.General, nodes.Element):
    """What is covered until the reader has guessed: the output of a cell, with the text that answers, or such
    a text alone. Its line is no text of the page: the search would quote it.
    """


def with_marks(notebook: str) -> str:
    """The text of a notebook's file, with a comment before and after each Markdown cell tagged `answer`."""
    content = json.loads(notebook)
    for cell in content["cells"]:
        if cell["cell_type"] == "markdown" and ANSWER in cell["metadata"].get("tags", []):
            cell["source"] = f"% {ANSWER_BEGINS}\n{''.join(cell['source'])}\n\n% {ANSWER_ENDS}"
    return json.dumps(content, ensure_ascii=False)


def mark_answers(app, docname, source):
    """Put the comments into a notebook before it is read."""
    if app.env.doc2path(docname).endswith(".ipynb") and f'"{ANSWER}"' in source[0]:
        source[0] = with_marks(source[0])


class CoverPredictions(SphinxPostTransform):
    """Cover what a cell tagged `predict` shows, for the text before it has asked the reader for it, and the
    text of the cells tagged `answer` that follow it.
    """

    default_priority = 190  # before myst-nb folds code, at 199
    formats = ("html",)

    def run(self, **kwargs: object) -> None:
        """Put the output of each such cell into a fold, then the answers."""
        for cell in list(self.document.findall(nodes.container)):
            if cell.get("nb_element") != "cell_code":
                continue
            if PREDICT not in cell["cell_metadata"].get("tags", []):
                continue
            for output in list(cell.children):
                if output.get("nb_element") == "cell_code_output":
                    fold = covered(what="output")
                    cell.replace(output, fold)
                    fold += output
        for comment in list(self.document.findall(nodes.comment)):
            if comment.astext() == ANSWER_BEGINS:
                self.cover_answer(comment)

    def cover_answer(self, begins: nodes.comment) -> None:
        """Move an answer into the fold above it; where nothing is covered there, it stays in sight."""
        parent, place = begins.parent, begins.parent.index(begins)
        comments = [n for n, node in enumerate(parent.children) if isinstance(node, nodes.comment)]
        end = next((n for n in comments if n > place and parent[n].astext() == ANSWER_ENDS), None)
        above = parent[place - 1] if place else None
        covers = list(above.findall(covered)) if above is not None else []
        if end is None or not covers:
            return
        answer = parent[place + 1 : end]
        del parent[place : end + 1]
        if is_component(above, "tab-set"):  # it answers for all tabs
            covers = [covered(what="explanation", classes=["explanation"])]
            parent.insert(place, covers)
        covers[-1] += nodes.container("", *answer, is_div=True, classes=["answer"])


def opening(tag):
    """Return the function with which Sphinx's HTML writer opens a node as the element `tag`."""

    def visitor(self, node):
        self.body.append(self.starttag(node, tag))

    return visitor


def closing(tag):
    """Return the function with which Sphinx's HTML writer closes a node as the element `tag`."""

    def departer(self, node):
        self.body.append(f"</{tag}>\n")

    return departer


def visit_covered(self, node):
    """Open the fold of an output, or of what explains it."""
    self.body.append(self.starttag(node, "details", CLASS="prediction"))
    self.body.append(f"<summary>{LINE.format(node['what'], node['what'])}</summary>\n")


def setup(app):
    """Connect the nodes of folds, and the covering of outputs and answers."""
    app.add_node(folded, html=(opening("details"), closing("details")))
    app.add_node(fold_title, html=(opening("summary"), closing("summary")))
    app.add_node(covered, html=(visit_covered, closing("details")))
    app.connect("source-read", mark_answers)
    app.add_post_transform(CoverPredictions)
