"""Adjacent notebook cells tagged `numpy`, `pytorch`, `tensorflow` become one set of synced tabs.

In Jupyter they stay plain cells, each of which begins with a comment that names its framework. In HTML each
run of adjacent tagged cells becomes a sphinx-design tab set of the sync group `framework`, the same that
prose tabs use, so one choice switches every set on every page. frameworks.js adds the choice at the top.
"""

from __future__ import annotations

from docutils import nodes
from sphinx.transforms import SphinxTransform
from sphinx.util import logging
from sphinx_design.shared import create_component, is_component

LABELS = {"numpy": "NumPy", "pytorch": "PyTorch", "tensorflow": "TensorFlow"}
SYNC_GROUP = "framework"
OPEN_FIRST = "pytorch"  # most readers come with its messages, and a page without scripts shows this tab
ALONE = "no-partner"

logger = logging.getLogger(__name__)


def frameworks_of(node: nodes.Node) -> list[str]:
    """The frameworks a cell is tagged with; empty for anything that is not a tagged code cell."""
    if not isinstance(node, nodes.container) or node.get("nb_element") != "cell_code":
        return []
    return [tag for tag in node["cell_metadata"].get("tags", []) if tag in LABELS]


def tab_runs(tags_of_cells: list[list[str]]) -> list[list[int]]:
    """Group adjacent cells, given the tags of each, into runs that become one tab set; return positions.

    A framework that comes back after another one begins a new set; twice in a row, both cells share a tab. A
    cell that is tagged as having no partner is a run of its own; one without a framework's tag is in no run.
    """
    runs: list[list[int]] = []
    seen: list[str] = []  # the frameworks of the run that the next cell may join
    for position, tags in enumerate(tags_of_cells):
        framework = next((tag for tag in tags if tag in LABELS), None)
        if framework is None:
            seen = []
        elif seen and ALONE not in tags and (framework not in seen or framework == seen[-1]):
            runs[-1].append(position)
            seen.append(framework)
        else:
            runs.append([position])
            seen = [] if ALONE in tags else [framework]
    return runs


def runs_of_cells(children: list[nodes.Node]) -> list[list[nodes.container]]:
    """Group adjacent tagged cells into runs, each of which becomes one tab set."""
    tags = [child["cell_metadata"]["tags"] if frameworks_of(child) else [] for child in children]
    return [[children[position] for position in run] for run in tab_runs(tags)]


def without_name(cell: nodes.container) -> nodes.container:
    """The cell without the comment that names its framework in Jupyter: on the page its tab or label does."""
    named = f"# {LABELS[frameworks_of(cell)[0]]}\n"
    for block in list(cell.findall(nodes.literal_block))[:1]:
        code = block.astext()
        if code.startswith(named):
            shown = code.removeprefix(named)
            block.rawsource = shown
            block.children = [nodes.Text(shown)]
            block.children[0].parent = block
    return cell


def tab_set(run: list[nodes.container]) -> nodes.container:
    """Build the sphinx-design nodes of one tab set; each cell moves into the tab of its framework."""
    contents: dict[str, nodes.container] = {}
    items = []
    for cell in run:
        framework = frameworks_of(cell)[0]
        if framework not in contents:
            label = nodes.rubric(LABELS[framework], LABELS[framework], classes=["sd-tab-label"])
            label["sync_id"] = framework
            label["sync_group"] = SYNC_GROUP
            contents[framework] = create_component("tab-content", classes=["sd-tab-content"])
            items.append(
                create_component(
                    "tab-item", children=[label, contents[framework]], classes=["sd-tab-item"], selected=False
                )
            )
        contents[framework] += without_name(cell)
    return create_component("tab-set", children=items, classes=["sd-tab-set"])


def labelled(cell: nodes.container) -> nodes.container:
    """A cell without partners under a small label that names its framework."""
    name = nodes.paragraph("", LABELS[frameworks_of(cell)[0]], classes=["framework-label"])
    return nodes.container("", name, without_name(cell), is_div=True, classes=["framework-only"])


def open_first(tab_set: nodes.container) -> None:
    """Let a tab set show PyTorch's tab before the reader has chosen; one without it shows its first."""
    for item in tab_set.children:
        if is_component(item, "tab-item"):
            label = item.children[0]
            item["selected"] = (label.get("sync_group"), label.get("sync_id")) == (SYNC_GROUP, OPEN_FIRST)


class FrameworkTabs(SphinxTransform):
    """Turn runs of tagged cells into tab sets, also inside solutions (whose gates merge at priority 10), and
    open the same tab first in these and in those of prose.
    """

    default_priority = 100

    def apply(self, **kwargs: object) -> None:
        """Replace each run of cells, and warn of a cell with two frameworks."""
        cells = [cell for cell in self.document.findall(nodes.container) if frameworks_of(cell)]
        for cell in cells:
            if len(set(frameworks_of(cell))) > 1:
                logger.warning(
                    "A code cell belongs to one framework, but this one is tagged %s: keep one tag.",
                    " and ".join(frameworks_of(cell)),
                    location=cell,
                )
        parents = []
        for cell in cells:
            if not any(cell.parent is parent for parent in parents):
                parents.append(cell.parent)
        for parent in parents:
            for run in runs_of_cells(parent.children):
                place = parent.index(run[0])
                del parent[place : place + len(run)]
                parent.insert(place, tab_set(run) if len(run) > 1 else labelled(run[0]))
        for node in self.document.findall(lambda node: is_component(node, "tab-set")):
            open_first(node)


def setup(app):
    """Connect the making of tabs."""
    app.add_transform(FrameworkTabs)
