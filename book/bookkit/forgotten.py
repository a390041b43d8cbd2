"""After a NameError in a notebook: which cell above was forgotten.

`make notebooks` starts kernels with this IPython extension. Python says `name 'F' is not defined`; where a
cell above defines `F`, this says so, and how to run it.
"""

import json
import os
import symtable
from pathlib import Path


def load_ipython_extension(shell):
    """Look at the error of every cell that this shell runs from now on."""

    def look(result):
        sentence = advice(result.error_in_exec, lambda: cells_above(shell))
        if sentence:
            print(sentence)

    shell.events.register("post_run_cell", look)


def advice(error, cells):
    """Return the sentence for an error and the sources that `cells()` gives, or None.

    The error is a NameError, or was caused by one, as when `fails` met it.
    """
    while error is not None and not isinstance(error, NameError):
        error = error.__cause__
    name = getattr(error, "name", None)
    if name and any(name in names_of(source) for source in cells()):
        return (
            f"`{name}` comes from a cell above that has not run since the kernel started: "
            "choose Run > Run All Above Selected Cell, then run this cell again."
        )
    return None


def names_of(source):
    """Return the names that a cell's code gives a value: assigned, imported, or defined."""
    try:
        table = symtable.symtable(source, "cell", "exec")
    except SyntaxError:  # a cell with a shell command, or half written
        return set()
    symbols = table.get_symbols()
    return {symbol.get_name() for symbol in symbols if symbol.is_assigned() or symbol.is_imported()}


def cells_above(shell):
    """Return the code of the cells above the running one, as the notebook was last saved.

    JupyterLab names the notebook in the kernel's environment and the cell in its request. Where the running
    cell is not saved yet, all cells are given; where the notebook cannot be read, none.
    """
    try:
        cells = json.loads(Path(os.environ["JPY_SESSION_NAME"]).read_text(encoding="utf-8"))["cells"]
        running = shell.get_parent().get("metadata", {}).get("cellId")
        ids = [cell.get("id") for cell in cells]
        above = cells[: ids.index(running)] if running in ids else cells
        return ["".join(cell["source"]) for cell in above if cell["cell_type"] == "code"]
    except (KeyError, OSError, TypeError, ValueError):
        return []
