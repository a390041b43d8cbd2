"""Read, check and normalise the book's notebooks.

What `make refresh`, `make lint` and the tests share. A *cell number* counts all cells of a notebook from 1;
Jupyter's own number, the execution count, stands behind it in brackets.
"""

import ast
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
KNOWN_TAGS = {*FRAMEWORKS, *IGNORING_TAGS, "no-partner", "hide-input", "remove-input", "hide-output"}

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

# A traceback's paths, shortened to what comes behind site-packages, the standard library or book/.
TRACEBACK_PATHS = (
    re.compile(r"(?:~|/)[^\s:'\"]*/(?:site|dist)-packages/"),
    re.compile(r"(?:~|/)[^\s:'\"]*/lib/python3\.\d+/"),
    re.compile(r"(?:~|/)[^\s:'\"]*/book/(?=\w)"),
)

# What differs from one machine, or from one run, to the next.
UNCLEAN = (
    ("an escape code", re.compile(r"\x1b")),
    ("a carriage return or a backspace", re.compile(r"[\r\b]")),
    ("a memory address", re.compile(r"\b0x[0-9a-f]{6,}\b", re.IGNORECASE)),
    ("a path", re.compile(r"(?<![\w/.:<>~-])(?:~|/[A-Za-z_][\w.-]*)/[\w.-]+")),
    ("a path", re.compile(r"\b[A-Za-z]:\\\\?\w+|(?:site|dist)-packages/|\bipykernel_\d+")),
    ("a time", re.compile(r"\b\d{4}-\d\d-\d\d[ T]\d\d:\d\d|\b\d\d:\d\d:\d\d\b")),
    ("a time", re.compile(r"\b\d+(?:\.\d+)? ?(?:ns|[uµμ]s|ms)\b|\bWall time\b")),
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
    text = ESCAPE_CODE.sub("", text)
    for pattern in TRACEBACK_PATHS:
        text = pattern.sub("", text)
    return text


# --- what a stored output may not hold ---


def output_texts(output):
    """Return (kind, text) of all that an output says; a kind is stdout, text/plain, image/svg+xml, evalue."""
    if output.output_type == "stream":
        return [(output.name, output.text)]
    if output.output_type == "error":
        return [
            ("ename", output.ename),
            ("evalue", output.evalue),
            ("traceback", "\n".join(output.traceback)),
        ]
    return [(kind, text) for kind, text in output.data.items() if isinstance(text, str)]


def unclean_outputs(cell):
    """Name each thing in a cell's outputs that another run, or another machine, would not repeat."""
    timing = "nbval-ignore-output" in tags(cell)
    problems = []
    for output in cell.outputs:
        for kind, text in output_texts(output):
            if kind == "stderr":
                problems.append(f"stderr was written: {excerpt(text)}")
                continue
            if kind.startswith("image/"):
                continue
            for what, pattern in UNCLEAN:
                match = pattern.search(text)
                if match and not (timing and what == "a time"):
                    problems.append(f"{what} stands in the output: {excerpt(text, match)}")
    return problems


def excerpt(text, match=None, around=30):
    """Return a quoted piece of `text`, on one line, about what was matched."""
    if match:
        text = text[max(0, match.start() - around) : match.end() + around]
    text = text.strip()
    return repr(text if len(text) <= 160 else text[:157] + "...")


# --- what a cell's code names ---


def parse(source):
    """Return the syntax tree of a cell, or None where it is not plain Python."""
    try:
        return ast.parse(source)
    except SyntaxError:
        return None


class Names(ast.NodeVisitor):
    """Gather the names that a cell's code defines for later cells, and those it needs from earlier ones.

    A name that the cell defines before it reads it is not needed. A function's parameters, a comprehension's
    variables and whatever a function assigns stay inside; what else a function reads is needed.
    """

    def __init__(self):
        self.defined, self.needed, self.inner = set(), set(), []

    def _visit_all(self, *nodes):
        for node in nodes:
            for child in node if isinstance(node, list) else [node]:
                if child is not None:
                    self.visit(child)

    def visit_Name(self, node):
        local = any(node.id in names for names in self.inner)
        if isinstance(node.ctx, ast.Load):
            if not local and node.id not in self.defined:
                self.needed.add(node.id)
        elif not local:
            self.defined.add(node.id)

    def visit_Assign(self, node):
        self._visit_all(node.value, node.targets)

    def visit_AnnAssign(self, node):
        self._visit_all(node.annotation, node.value, node.target)

    def visit_AugAssign(self, node):
        if isinstance(node.target, ast.Name):
            self.visit(ast.copy_location(ast.Name(node.target.id, ast.Load()), node.target))
        self._visit_all(node.value, node.target)

    def visit_For(self, node):
        self._visit_all(node.iter, node.target, node.body, node.orelse)

    def visit_Import(self, node):
        for alias in node.names:
            self.defined.add((alias.asname or alias.name).split(".")[0])

    visit_ImportFrom = visit_Import

    def visit_ExceptHandler(self, node):
        self.inner.append({node.name})
        self._visit_all(node.type, node.body)
        self.inner.pop()

    def visit_FunctionDef(self, node):
        self._visit_all(node.decorator_list, node.args.defaults, node.args.kw_defaults)
        self.defined.add(node.name)
        self._visit_function(node)

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_Lambda(self, node):
        self._visit_all(node.args.defaults, node.args.kw_defaults)
        self._visit_function(node)

    def _visit_function(self, node):
        arguments = node.args
        every = [
            *arguments.posonlyargs,
            *arguments.args,
            *arguments.kwonlyargs,
            arguments.vararg,
            arguments.kwarg,
        ]
        body = node.body if isinstance(node.body, list) else [node.body]
        stored = {
            name.id
            for part in body
            for name in ast.walk(part)
            if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)
        }
        self.inner.append({a.arg for a in every if a} | stored)
        self._visit_all(body)
        self.inner.pop()

    def visit_ClassDef(self, node):
        self._visit_all(node.decorator_list, node.bases, [k.value for k in node.keywords])
        inside = Names()
        inside._visit_all(node.body)
        self.needed |= inside.needed - self.defined
        self.defined.add(node.name)

    def _visit_comprehension(self, node):
        targets = {
            name.id
            for part in node.generators
            for name in ast.walk(part.target)
            if isinstance(name, ast.Name)
        }
        self.inner.append(targets)
        self.generic_visit(node)
        self.inner.pop()

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = _visit_comprehension


def names_of(source):
    """Return (defined, needed): the names a cell's code leaves behind, and those it takes from elsewhere."""
    tree = parse(source)
    names = Names()
    if tree is not None:
        names.visit(tree)
    return names.defined, names.needed


def one_tab(notebook, wanted):
    """Return the code cells that make up one framework's book, and the untagged ones that had to go.

    The other frameworks' cells go first. An untagged cell that needs a name which only they define, such as
    the one that compares all three, goes as well, and so does whatever needs a name of that one. A cell of
    `wanted` itself never goes: where it needs another tab, running it fails.
    """
    kept, dropped, available, lost = [], [], set(), set()
    for _, cell in code_cells(notebook):
        defined, needed = names_of(cell.source)
        other = framework(cell) not in (None, wanted)
        if other or (framework(cell) is None and (needed & lost) - available):
            lost |= defined
            if not other:
                dropped.append(cell)
        else:
            available |= defined
            kept.append(cell)
    return kept, dropped
