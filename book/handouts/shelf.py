"""All handouts of the book: of each notebook, and of all together."""

import re
from dataclasses import dataclass
from pathlib import Path

from . import notebook as notebooks
from .archive import zipped
from .imports import needs_of
from .parcel import contents, destination

ENDINGS = {"with": "", "without": "-without-solutions"}
WHOLE = "-whole-book"


@dataclass(frozen=True)
class Handout:
    """A file to hand out. `page` is the notebook's name without its ending, empty for the whole book;
    `kind` is "with" or "without", namely solutions, or "bare" for a notebook alone; `size` is in bytes.
    """

    page: str
    kind: str
    file: Path
    size: int


def make_handouts(paths, settings, folder):
    """Write the handouts of these notebooks into a folder; return them, the whole book's first.

    A notebook without exercises has no copy without solutions.
    """
    folder.mkdir(parents=True, exist_ok=True)

    def zips(kinds, page, name, title, notebooks_in_it):
        for kind in kinds:
            stem = f"{name}{ENDINGS[kind]}"
            files = contents(notebooks_in_it, settings, title, solutions=kind == "with")
            yield write(folder, page, kind, f"{stem}.zip", zipped(files, stem))

    handouts = list(zips(ENDINGS, "", slug(settings.title) + WHOLE, settings.title, paths))
    for path in paths:
        notebook, name = notebooks.read(path), path.stem
        kinds = ENDINGS if notebooks.has_solutions(notebook) else ["with"]
        handouts += zips(kinds, name, name, notebooks.title_of(notebook), [path])
        handouts.append(write(folder, name, "bare", path.name, bare(notebook, name, settings)))
    return handouts


def bare(notebook, name, settings):
    """Return the file of a notebook that is handed out alone: run so, it says what it lacks."""
    notebook = notebooks.with_links(notebook, lambda target: destination(target, set(), settings))
    packages = needs_of(notebooks.code_of(notebook), settings.book).packages
    if packages:
        notebook = notebooks.guarded(notebook, packages, what_to_fetch(packages, name, settings))
    return notebooks.text_of(notebook).encode()


def what_to_fetch(packages, name, settings):
    """Return the sentence for a notebook whose packages are not beside it."""
    *most, last = packages
    listed = f"{', '.join(most)} and {last}" if most else last
    folders = "folders" if most else "folder"
    shelf = f"from {settings.address.rstrip('/')}/handouts/"
    where = shelf if settings.address else "where you got this file"
    return (
        f"This notebook needs the {folders} {listed} beside it: download {name}.zip {where}, "
        "unpack it, and open the notebook in it."
    )


def write(folder, page, kind, name, data):
    """Write a file and return what it is."""
    (folder / name).write_bytes(data)
    return Handout(page, kind, folder / name, len(data))


def slug(title):
    """Return a title as a file's name."""
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
