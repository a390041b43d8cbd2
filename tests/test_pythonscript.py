"""Python to the script of a page: what Python's operators, builtins and methods do is done there as well, and
what has no translation is refused with its place.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path

import nodekit
import pytest

from sphinxext.pythonscript import Refused, script

DATA = Path(__file__).parent / "data" / "pythonscript"
EXPRESSIONS = (DATA / "expressions.txt").read_text(encoding="utf-8").splitlines()
FUNCTIONS = ("records", "calls", "exceptions", "again", "statements", "nothing", "patterns", "products")
REFUSED = {
    "import os": "`import os`",
    "x = 1 if (y := 2) else 3": "`(y := 2)`",
    "x = '%s' % 1\nwith open('a') as b:\n    pass": "with open",
    "def f():\n    yield 1": "`yield`",
    "x = 1 << 2": "`1 << 2`",
    "x = print": "`print`",
    "x = 'a'.zfill(3)": "the method `zfill`",
    "x = 'a'.strip('a', 'b')": "with 2 arguments",
    "import re\nx = re.escape('a')": "`re.escape`",
    "from json import dumps": "from json import dumps",
    "for x in ():\n    pass\nelse:\n    pass": "`else` of a loop",
    "x = f'{1:>4}'": "the format `>4`",
    "class A(dict, list):\n    pass": "class A",
    "def f(*, a):\n    return a": "this kind of parameter",
    "def f(a=[]):\n    return a": "the default `[]`",
    "async def f():\n    pass": "AsyncFunctionDef",
    "x = b'a'": "b'a'",
}


@pytest.fixture
def package(tmp_path):
    """Write the modules of a package, and return its folder."""

    def write(**modules):
        folder = tmp_path / "package"
        folder.mkdir()
        for name, text in modules.items():
            (folder / f"{name}.py").write_text(text, encoding="utf-8")
        return folder

    return write


def compared(folder, names):
    """Return (Python's answer, the script's) of functions without arguments in main.py."""
    if nodekit.node() is None:
        pytest.skip("no node: no script is run")
    spec = importlib.util.spec_from_file_location("main", folder / "main.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    path = folder / "main.js"
    path.write_text(script(folder, "main", "main"), encoding="utf-8")
    cases = [(name, []) for name in names]
    return nodekit.answers_of_python(module, cases), nodekit.answers(path, "main", cases)


def test_expressions(package):
    functions = [f"def f{place}():\n    return [{each}]\n" for place, each in enumerate(EXPRESSIONS)]
    python, page = compared(
        package(main="\n".join(functions)), [f"f{place}" for place in range(len(functions))]
    )
    assert dict(zip(EXPRESSIONS, page, strict=True)) == dict(zip(EXPRESSIONS, python, strict=True))


def test_statements_classes_and_patterns(package):
    folder = package(main=(DATA / "main.py").read_text(encoding="utf-8"))
    python, page = compared(folder, FUNCTIONS)
    assert dict(zip(FUNCTIONS, page, strict=True)) == dict(zip(FUNCTIONS, python, strict=True))


@pytest.mark.parametrize("source", REFUSED)
def test_what_has_no_translation_is_refused_with_its_place(package, source):
    folder = package(main=source)
    with pytest.raises(Refused) as refused:
        script(folder, "main", "main")
    assert str(refused.value).startswith("package/main.py:") and REFUSED[source] in str(refused.value)


def test_modules_that_import_each_other_are_refused(package):
    folder = package(main="from .other import f\n", other="from .main import g\n")
    with pytest.raises(Refused, match="import each other"):
        script(folder, "main", "main")
