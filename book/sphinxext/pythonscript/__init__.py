"""One script of a plain Python package, so that a page computes with the package's own rules.

    script("book/shapes", "page/asked", "shapes")

returns JavaScript that sets the global `shapes`, with the functions of shapes/page/asked.py. The package
stays the one source: whoever changes a rule changes Python, and what has no translation stops the build with
its file and line.

subset.py      the builtins, methods and signs that have a translation
translate.py   a module to JavaScript
runtime.js     what Python's builtins, methods and signs do, in JavaScript
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

from .translate import Refused, assigned, functions_of, spelled, translated

__all__ = ["Refused", "script"]

RUNTIME = Path(__file__).parent / "runtime.js"
PARTS = re.compile(r"""(?P<string>"(?:[^"\\]|\\.)*")|\s*(?P<sign>[,;:?(){}\[\]=<>&|!+])\s*""")


def script(package, entry, name):
    """Return the script of a package's module `entry` and of all that it imports, under a global name."""
    parts = Package(Path(package))
    path = parts.folder / f"{entry}.py"
    module = parts.add(path)
    body = ast.parse(path.read_text("utf-8")).body
    functions = [spelled(node.name) for node in body if isinstance(node, ast.FunctionDef)]
    given = ",".join(f"{function}:{module}.{function}" for function in functions)
    return (
        f'"use strict";\n// Written from {parts.folder.name}/ by sphinxext/pythonscript.\n'
        f"globalThis.{name}=(()=>{{\n{without_comments(RUNTIME.read_text('utf-8'))}"
        f"{tight(''.join(parts.made.values()))}\nreturn $for_the_page({{{given}}});\n}})();\n"
    )


def without_comments(source):
    """Return JavaScript without the comments that have a line of their own, and without indentation."""
    lines = (line.strip() for line in source.splitlines())
    return "".join(f"{line}\n" for line in lines if line and not line.startswith("//"))


def tight(source):
    """Return what translate.py writes without the blanks around signs: it writes no comment, no pattern, and
    strings in double quotes only.
    """
    return PARTS.sub(lambda found: found["string"] or found["sign"], source)


class Package:
    """The modules of a package, each translated once, those that it imports before it."""

    def __init__(self, folder):
        self.folder = folder
        self.made = {}
        self.names = {}
        self.functions = {
            name for path in folder.rglob("*.py") for name in functions_of(path.read_text("utf-8"))
        }

    def add(self, path):
        """Translate a module, and return the name of its variable."""
        if path in self.names:
            if path not in self.made:
                raise Refused(f"{path}: modules that import each other have no order")
            return self.names[path]
        variable = self.names[path] = f"$module{len(self.names)}"
        shown = path.relative_to(self.folder.parent)
        body = translated(
            path.read_text("utf-8"), shown, lambda *asked: self.imported(path, *asked), self.functions
        )
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
