"""Find, read, normalise and store the book's notebooks.

What `make refresh`, `make lint` and the tests share. A *cell number* counts all cells of a notebook from 1;
Jupyter's own number, the execution count, follows in brackets.
"""

import hashlib
import os
import re
import tempfile
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parent.parent
BOOK = ROOT / "book"

FRAMEWORKS = ("numpy", "pytorch", "tensorflow")
IGNORING_TAGS = ("nbval-ignore-output", "nbval-skip", "raises-exception")
# What the page does with a cell; `predict`: its output is covered until the reader has guessed.
PAGE_TAGS = {"no-partner", "predict", "hide-input", "remove-input", "hide-output"}
KNOWN_TAGS = {*FRAMEWORKS, *IGNORING_TAGS, *PAGE_TAGS}
# What the page does with a Markdown cell; `answer`: it is covered with the output above it.
MARKDOWN_TAGS = {"answer"}

# What editors write about themselves: it says nothing to a reader and changes on every run.
EDITORS_METADATA = {
    "ExecuteTime",
    "collapsed",
    "editable",
    "execution",
    "jp-MarkdownHeadingCollapsed",
    "jupyter",
    "scrolled",
    "slideshow",
    "trusted",
    "vscode",
}
KERNEL_METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}

ESCAPE_CODE = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")
CELL_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")

# A traceback's paths, shortened to what comes after site-packages, the standard library or book/. Between
# quotes the name of a folder may have spaces.
FOLDERS = r"(?:(?<=File \")[^\"\n]*|(?:~|/)[^\s:'\"]*)"
TRACEBACK_PATHS = tuple(
    re.compile(FOLDERS + end) for end in (r"/(?:site|dist)-packages/", r"/lib/python3\.\d+/", r"/book/(?=\w)")
)


class NotebookError(Exception):
    """A notebook cannot be found, read or stored; the text says what to do."""


def short_name(path):
    """Return the path from the current folder where it lies in it, whole otherwise."""
    path = Path(path).resolve()
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


def book_notebooks(book=BOOK):
    """Return every notebook of the book, in order."""
    return sorted(p for p in Path(book).rglob("*.ipynb") if ".ipynb_checkpoints" not in p.parts)


def find_notebooks(names, book=BOOK):
    """Return the notebooks that `names` mean; without names, all.

    A name is a path, a file name with or without its suffix, or a leading number. Raises NotebookError for a
    name that means no notebook, or more than one.
    """
    available = book_notebooks(book)
    if not names:
        return available
    found = []
    for name in names:
        as_path = Path(name)
        if as_path.suffix == ".ipynb" and as_path.is_file():
            matches = [as_path.resolve()]
        else:
            stem = as_path.name.removesuffix(".ipynb")
            matches = [p for p in available if p.stem == stem or p.stem.startswith(f"{stem}-")]
        if len(matches) != 1:
            there = ", ".join(p.stem for p in matches or available) or "none"
            count = "more than one notebook" if matches else "no notebook"
            raise NotebookError(f"{name!r} means {count} of {short_name(book)}: name one of {there}.")
        if matches[0] not in found:
            found.append(matches[0])
    return found


def read_notebook(path):
    """Return the notebook at `path`, with a valid id for each cell.

    Raises NotebookError where it is not a notebook of format 4. (nbformat.read would give cells that share an
    id new ones at random.)
    """
    try:
        notebook = nbformat.v4.reads(Path(path).read_text(encoding="utf-8"))
        if notebook.nbformat != 4:
            raise ValueError(f"its format is {notebook.nbformat}")
        notebook.nbformat_minor = 5
        normalise_ids(notebook)
        nbformat.validate(notebook)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, nbformat.ValidationError) as error:
        reason = " ".join(str(getattr(error, "message", error)).split())[:120]
        raise NotebookError(
            f"{short_name(path)} cannot be read as a notebook of format 4 ({reason}); "
            "open and save it in JupyterLab."
        ) from error
    return notebook


def write_notebook(notebook, path):
    """Store a notebook whole or not at all, and only where it differs. Returns whether it was written."""
    path = Path(path)
    data = notebook_text(notebook).encode("utf-8")
    if path.is_file() and path.read_bytes() == data:
        return False
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.chmod(temporary, path.stat().st_mode & 0o777 if path.exists() else 0o644)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return True


def notebook_text(notebook):
    """Return the notebook as nbformat and Jupyter write it, with a newline at the end."""
    return nbformat.v4.writes(notebook) + "\n"


def place(path, number=None, cell=None):
    """Return `file:cell N [n]`, where N counts all cells and n is Jupyter's execution count."""
    where = short_name(path)
    if number is not None:
        where += f":cell {number}"
        if cell is not None and cell.get("execution_count"):
            where += f" [{cell.execution_count}]"
    return where


def code_cells(notebook):
    """Return (number, cell) of every code cell; numbers count all cells from 1."""
    return [(number, cell) for number, cell in enumerate(notebook.cells, 1) if cell.cell_type == "code"]


def tags(cell):
    """Return the tags of a cell."""
    return cell.metadata.get("tags", [])


def framework(cell):
    """Return which of the three frameworks a cell is tagged with, or None."""
    return next((name for name in FRAMEWORKS if name in tags(cell)), None)


# --- normalising ---


def normalise(notebook):
    """Bring a notebook, in place, into the one form in which the book stores it, and return it."""
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    kept = {key: value for key, value in notebook.metadata.items() if key in ("mystnb", "orphan")}
    notebook.metadata = nbformat.from_dict({**kept, **KERNEL_METADATA})
    normalise_ids(notebook)
    count = 0
    for cell in notebook.cells:
        for key in EDITORS_METADATA & cell.metadata.keys():
            del cell.metadata[key]
        if not cell.metadata.get("tags", True):
            del cell.metadata["tags"]
        if cell.cell_type == "code":
            # An empty cell is never run, so it has no number.
            count += bool(cell.source.strip())
            normalise_outputs(cell, count if cell.source.strip() else None)
    return notebook


def normalise_ids(notebook):
    """Keep a cell's id where it is valid and used once; make every other one from the cell's text."""
    seen = set()
    for cell in notebook.cells:
        if not CELL_ID.fullmatch(cell.get("id", "")) or cell.id in seen:
            digest = hashlib.sha256(f"{cell.cell_type}\n{cell.source}".encode()).hexdigest()
            taken = seen | {other.get("id") for other in notebook.cells}
            cell["id"] = next(digest[n : n + 8] for n in range(57) if digest[n : n + 8] not in taken)
        seen.add(cell.id)


def normalise_outputs(cell, count):
    """Number a code cell and its result, merge streams that follow each other, shorten a traceback."""
    cell.execution_count = count
    outputs = []
    for output in cell.outputs:
        previous = outputs[-1] if outputs else None
        if output.output_type == "stream":
            if previous and previous.output_type == "stream" and previous.name == output.name:
                previous.text += output.text
                continue
        elif output.output_type == "execute_result":
            output.execution_count = count
        elif output.output_type == "error":
            output.traceback = [clean_traceback(part) for part in output.traceback]
        outputs.append(output)
    cell.outputs = outputs


def clean_traceback(text):
    """Return a traceback without colours, its paths as in the package: torch/nn/modules/conv.py."""
    return without_folders(ESCAPE_CODE.sub("", text))


def without_folders(text):
    """Return a text with paths as they are in a package, without the folders of this machine around it."""
    for pattern in TRACEBACK_PATHS:
        text = pattern.sub("", text)
    return text
