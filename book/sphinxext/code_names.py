"""Which names of the libraries a piece of code uses, as it writes them: `nn.Conv2d`, `np.einsum`."""

from __future__ import annotations

import ast
import json
from pathlib import Path

# The names under which the chapters import the libraries, and their whole names.
LIBRARIES = {
    "torch": "torch",
    "nn": "torch.nn",
    "F": "torch.nn.functional",
    "tf": "tensorflow",
    "keras": "keras",
    "np": "numpy",
}


def names_in(source: str) -> list[str]:
    """Return the libraries' names in a cell's code, each once, in the order in which they stand."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return []
    attributes = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
    inside = {id(node.value) for node in attributes}  # of nn.Conv2d.forward only the whole counts
    whole = sorted(
        (node.lineno, node.col_offset, name)
        for node in attributes
        if id(node) not in inside and (name := _dotted(node)) and name.partition(".")[0] in LIBRARIES
    )
    return list(dict.fromkeys(name for *_, name in whole))


def _dotted(node: ast.expr) -> str | None:
    """Return an expression as a dotted name, or None where it is more than that."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (before := _dotted(node.value)):
        return f"{before}.{node.attr}"
    return None


def names_in_notebook(path: Path) -> list[str]:
    """Return the libraries' names in the code of a notebook, each once."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    found = [
        name for cell in cells if cell["cell_type"] == "code" for name in names_in("".join(cell["source"]))
    ]
    return list(dict.fromkeys(found))
