"""Which modules a piece of code needs: the book's own are followed into their files, others are named."""

import ast
import functools
import sys
from dataclasses import dataclass, field
from pathlib import Path

# What a module imports without an import statement.
HIDDEN = {"bookkit.frameworks": ("keras", "tensorflow", "torch")}


@dataclass
class Needs:
    """What some code imports, directly and by way of the book's own modules.

    `own` maps the names of the book's modules to their files; `others` holds the top-level names of packages
    that have to be installed. The standard library is left out.
    """

    own: dict[str, Path] = field(default_factory=dict)
    others: set[str] = field(default_factory=set)
    followed: set[str] = field(default_factory=set)  # the names that import statements name

    @property
    def packages(self):
        """The names of the book's own packages among them, sorted."""
        return sorted({name.partition(".")[0] for name in self.own})


def needs_of(sources, book):
    """Return the Needs of some pieces of code, given the folder in which the book's own packages lie."""
    needs = Needs()
    for source in sources:
        _follow(source, "", book, needs)
    return needs


def _follow(source, package, book, needs):
    """Add what some code imports; `package` is what its relative imports begin from."""
    for name in _imported(source, package):
        if name not in needs.followed:
            needs.followed.add(name)
            _add(name, book, needs)


def _add(name, book, needs):
    """Add a module, or the module that holds the name; Python imports the packages above it first."""
    parts = name.split(".")
    if not _file(parts[:1], book):
        if parts[0] not in sys.stdlib_module_names:
            needs.others.add(parts[0])
        return
    for length in range(1, len(parts) + 1):
        module, path = ".".join(parts[:length]), _file(parts[:length], book)
        if path is None:  # a name in the module
            return
        if module in needs.own:
            continue
        needs.own[module] = path
        needs.others.update(HIDDEN.get(module, ()))
        package = module if path.name == "__init__.py" else module.rpartition(".")[0]
        _follow(path.read_text(encoding="utf-8"), package, book, needs)


@functools.cache
def _imported(source, package):
    """Return the absolute names that import statements name, functions' own included, sorted."""
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            module = ".".join([*above, *filter(None, [node.module])])
            names |= {f"{module}.{alias.name}" for alias in node.names}
    return sorted(names)


def _file(parts, book):
    """Return the file of one of the book's modules; None where there is none of this name."""
    folder = book.joinpath(*parts)
    candidates = [folder / "__init__.py"]
    if len(parts) > 1:  # directly in book/ lie packages only
        candidates.append(folder.with_name(f"{folder.name}.py"))
    return next((path for path in candidates if path.is_file()), None)
