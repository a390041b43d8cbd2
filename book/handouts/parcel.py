"""What lies in one handout: notebooks, the book's modules that they use, their data, and what says how."""

from . import notebook as notebooks
from .imports import needs_of
from .requirements import CONSTRAINTS, requirements_of

# The files that a module reads, from the folder of the book.
DATA = {
    "bookkit.measured": ("measured/*.json",),
    "errorguide.catalogue": ("errors/*.md", "errors/causes.yml"),
    "errorguide.situations": ("errors/repairs.json",),
    "errorguide.cases": ("errors/versions.json",),
}
README = """\
# {title}
{what} of *{book}*{address}{solutions}. For Python 3.11, 3.12 or 3.13.
Install: `pip install -r requirements.txt`; the first lines of that file say how to keep PyTorch small.
Open: {how}, then choose Run > Run All Cells. Keep the files together.
Licence: code MIT, text and figures CC BY 4.0; see LICENSE.
"""


def contents(paths, settings, title, solutions=True):
    """Return {name: bytes} of a handout of these notebooks.

    A link to another page leads to the notebook where it lies in the same handout, to the page on the web
    where the book has an address, to a file of the handout where it has none, and is plain text otherwise.
    """
    read = {path: notebooks.read(path) for path in paths}
    needs = needs_of([code for each in read.values() for code in notebooks.code_of(each)], settings.book)
    files = own_files(needs, settings.book)
    here = files.keys() | {path.name for path in paths}
    for path, notebook in read.items():
        notebook = notebook if solutions else notebooks.without_solutions(notebook)
        notebook = notebooks.with_links(notebook, lambda target: destination(target, here, settings))
        files[path.name] = notebooks.text_of(notebook).encode()
    files["requirements.txt"] = requirements_of(needs.others, settings.root).encode()
    for name in (CONSTRAINTS, "LICENSE"):
        files[name] = (settings.root / name).read_bytes()
    exercises = any(map(notebooks.has_solutions, read.values()))
    kind = f", {'with' if solutions else 'without'} solutions" if exercises else ""
    files["README.md"] = readme(paths, settings, title, kind).encode()
    return files


def own_files(needs, book):
    """Return {name: bytes} of the book's modules and of the data that they read."""
    paths = list(needs.own.values())
    for module in needs.own:
        for pattern in DATA.get(module, ()):
            paths += book.glob(pattern)
    return {path.relative_to(book).as_posix(): path.read_bytes() for path in paths}


def destination(target, here, settings):
    """Return where a link leads from a notebook with these files beside it; None where it leads nowhere."""
    name = target.partition("#")[0]
    if name in here and (name.endswith(".ipynb") or not settings.address):
        return target
    return settings.page(target) if settings.address else None


def readme(paths, settings, title, solutions):
    """Return the five lines that say what this is, and how to install and to open it."""
    return README.format(
        title=title,
        what="A page" if len(paths) == 1 else "All notebooks",
        book=settings.title,
        address=f" ({settings.address})" if settings.address else "",
        solutions=solutions,
        how=f"`jupyter lab {paths[0].name}`" if len(paths) == 1 else "`jupyter lab` and one of the notebooks",
    )
