"""Which packages a handout has to have installed, at the versions that the book pins."""

import re

# The packages whose import name is not their own.
NAMES = {"IPython": "ipython", "PIL": "pillow", "sklearn": "scikit-learn", "yaml": "pyyaml"}
TOOLS = "requirements-tools.txt"
FILES = ("requirements.txt", "requirements-book.txt", TOOLS)
CONSTRAINTS = "constraints.txt"
# What opens a notebook, with exercises as on the page.
JUPYTER = ("jupyterlab", "jupyterlab-myst", "ipykernel")
FIRST = "torch"

HEAD = """\
-c constraints.txt

# On Linux, PyTorch's default build brings several gigabytes of CUDA packages that this book does not use:
# https://pytorch.org/get-started/locally/ names the index of CPU-only builds.
"""


class NotPinned(Exception):
    """A package is imported that no requirements file of the book names."""


def requirements_of(imported, root):
    """Return the text of a requirements file for packages of these import names.

    PyTorch stands first. Whoever needs one of the tools of requirements-tools.txt gets all of them: a chapter
    runs some as programs, which no import tells. Raises NotPinned for a package that the book does not pin.
    """
    pins = {name: read_pins(root / name) for name in (*FILES, CONSTRAINTS)}
    every = {package: line for lines in pins.values() for package, line in lines.items()}
    wanted = {canonical(NAMES.get(name, name)) for name in imported}
    if unknown := sorted(wanted - every.keys()):
        raise NotPinned(f"{', '.join(unknown)}: imported, but no requirements file of the book names it.")
    if wanted & pins[TOOLS].keys():
        wanted |= pins[TOOLS].keys()
    wanted |= set(JUPYTER)
    lines = [every[package] for package in sorted(wanted, key=lambda package: (package != FIRST, package))]
    return HEAD + "\n".join(lines) + "\n"


def read_pins(path):
    """Return {package: its line} of a requirements file; packages by their canonical names."""
    lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
    return {canonical(line.partition("==")[0]): line for line in lines if "==" in line and line[0] != "#"}


def canonical(name):
    """Return the one spelling of a package's name under which an index lists it."""
    return re.sub(r"[-_.]+", "-", name).lower()
