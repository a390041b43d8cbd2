"""One script of a plain Python package, so that a page computes with the package's own rules.

    script("book/shapes", "answers", "shapes")

returns JavaScript that sets the global `shapes`, with the functions of shapes/answers.py. The package stays
the one source: whoever changes a rule changes Python, and what has no translation stops the build with its
file and line (translate.py). What Python's operators and methods do is in runtime.js.
"""

from __future__ import annotations

import ast
from pathlib import Path

from .translate import Refused, assigned, spelled, translated

__all__ = ["Refused", "script"]

RUNTIME = Path(__file__).parent / "runtime.js"


def script(package, entry, name):
    """Return the script of a package's module `entry` and of all that it imports, under a global name."""
    parts = Package(Path(package))
    path = parts.folder / f"{entry}.py"
    last = parts.add(path)
    functions = [node.name for node in ast.parse(path.read_text("utf-8")).body if isinstance(node, ast.FunctionDef)]
    given = ", ".join(f"{name}: {last}.{spelled(name)}" for name in functions)
    modules = "".join(parts.made.values())
    return (
        f'"use strict";\n// Written from {parts.folder.name}/ by sphinxext/pythonscript.\n'
        f"globalThis.{name} = (() => {{\n{plain(RUNTIME.read_text('utf-8'))}{modules}"
        f"return $for_the_page({{{given}}});\n}})();\n"
    )


def plain(source):
    """Return JavaScript without the comments that have a line of their own, and without indentation."""
    lines = (line.strip() for line in source.splitlines())
    return "".join(f"{line}\n" for line in lines if line and not line.startswith("//"))


class Package:
    """The modules of a package, each translated once, those that it imports before it."""

    def __init__(self, folder):
        self.folder = folder
        self.made = {}
        self.names = {}

    def add(self, path):
        """Translate a module, and return the name of its variable."""
        if path in self.names:
            if path not in self.made:
                raise Refused(f"{path}: modules that import each other have no order")
            return self.names[path]
        variable = self.names[path] = f"$module{len(self.names)}"
        shown = path.relative_to(self.folder.parent)
        body = translated(path.read_text("utf-8"), shown, lambda *asked: self.imported(path, *asked))
        self.made[path] = f"const {variable} = (() => {{\n{body}}})();\n"
        return variable

    def imported(self, importer, module, level, name):
        """Return (the JavaScript of an imported name, whether it is a module); (None, False) for what is not
        in the package.
        """
        if level == 0:
            return None, False
        folder = importer.parents[level - 1]
        path = folder.joinpath(*module.split(".")) if module else folder
        if path.is_dir() and source_of(path / name):
            own = path / "__init__.py"
            if importer == own or not defines(own, name):
                return self.add(source_of(path / name)), True
        source = source_of(path)
        return (f"{self.add(source)}.{spelled(name)}", False) if source else (None, False)


def source_of(path):
    """Return the file of a module or a package, None where there is none."""
    for file in (path.with_suffix(".py"), path / "__init__.py"):
        if file.is_file():
            return file
    return None


def defines(path, name):
    """Whether a package gives a name a meaning of its own."""
    return path.is_file() and name in assigned(ast.parse(path.read_text("utf-8")).body)
