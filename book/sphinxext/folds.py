"""What a page folds away, as <details>, which needs no script: solutions, code, and outputs to be predicted.

A browser opens a fold by itself where a link or a search leads into it. On paper everything is open.
"""

from __future__ import annotations

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

PREDICT = "predict"
# The line of a fold, closed and open. The style sheet shows one of the two; the other is not spoken either.
LINE = '<span class="when-closed">Show the {}</span> <span class="when-open">Hide the {}</span>'


class folded(nodes.General, nodes.Element):
    """A folded part of a page, written as <details>."""


class fold_title(nodes.General, nodes.TextElement):
    """The line of a folded part that stays visible, written as <summary>."""


class covered(nodes.General, nodes.Element):
    """The output of a cell, covered until the reader has guessed. Its line is no text of the page: the search
    would quote it.
    """


class CoverPredictions(SphinxPostTransform):
    """Cover what a cell tagged `predict` shows: the text before it has asked the reader for it."""

    default_priority = 190  # before myst-nb folds code, at 199
    formats = ("html",)

    def run(self, **kwargs: object) -> None:
        """Put the output of each such cell into a fold."""
        for cell in list(self.document.findall(nodes.container)):
            if cell.get("nb_element") != "cell_code":
                continue
            if PREDICT not in cell["cell_metadata"].get("tags", []):
                continue
            for output in cell.children:
                if output.get("nb_element") == "cell_code_output":
                    output.children = [covered("", *output.children)]
                    output.children[0].parent = output


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
    """Open the fold of an output."""
    self.body.append(self.starttag(node, "details", CLASS="prediction"))
    self.body.append(f"<summary>{LINE.format('output', 'output')}</summary>\n")


def setup(app):
    """Connect the nodes of folds, and the covering of outputs."""
    app.add_node(folded, html=(opening("details"), closing("details")))
    app.add_node(fold_title, html=(opening("summary"), closing("summary")))
    app.add_node(covered, html=(visit_covered, closing("details")))
    app.add_post_transform(CoverPredictions)
