"""What sphinx-exercise leaves undone: folding without scripts, and ids used once."""

from __future__ import annotations

from docutils import nodes
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx_exercise.nodes import solution_node

from .folds import fold_title, folded

REPEATED_IDS = {"exercise-content", "solution-content"}


class DropRepeatedIds(SphinxTransform):
    """Take away the ids that sphinx-exercise gives to every exercise and every solution of a page."""

    default_priority = 20

    def apply(self, **kwargs: object) -> None:
        """Put a container in the place of each section that has such an id."""
        for section in list(self.document.findall(nodes.section)):
            if REPEATED_IDS & set(section["ids"]):
                content = nodes.container("", *section.children, is_div=True, classes=section["ids"])
                section.parent.replace(section, content)  # replace_self would hand the ids on


class FoldSolutions(SphinxPostTransform):
    """Turn solutions of class `dropdown` into <details> once sphinx-exercise has written their titles."""

    default_priority = 30
    formats = ("html",)

    def run(self, **kwargs: object) -> None:
        """Replace each of the page's solutions."""
        for solution in list(self.document.findall(solution_node)):
            if "dropdown" not in solution["classes"]:
                continue
            _, *content = solution.children
            classes = [name for name in solution["classes"] if name != "dropdown"]
            fold = folded("", ids=solution["ids"], classes=["admonition", *classes])
            fold += fold_title("", self.title_of(solution), classes=["admonition-title"])
            fold += content
            solution.parent.replace(solution, fold)

    def title_of(self, solution: solution_node) -> str:
        """What a solution is called: it says of which exercise, for those who leap from fold to fold."""
        numbers = self.env.toc_fignumbers.get(self.env.docname, {}).get("exercise", {})
        number = numbers.get(solution["target_label"])
        return f"Solution to exercise {'.'.join(map(str, number))}" if number else "Solution"


def setup(app):
    """Connect the repairs of ids and folding."""
    app.add_transform(DropRepeatedIds)
    app.add_post_transform(FoldSolutions)
