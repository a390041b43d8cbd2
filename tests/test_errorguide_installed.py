"""`pip install` of the repository's folder gives the command and the package, with all pages."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
MESSAGE = "RuntimeError: mat1 and mat2 shapes cannot be multiplied (1792x28 and 784x10)"
TORCH = """
import torch
model = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.Linear(5, 6))
model(torch.zeros(2, 3))
"""
KERAS = """
import keras
import numpy as np
inputs = keras.Input((6,))
model = keras.Model(inputs, keras.layers.Dense(4, name="dense")(inputs))
model(np.zeros((2, 7)))
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """A folder with what pip installs, without the book."""
    if not (find_spec("pip") and find_spec("setuptools")):
        pytest.skip("pip or setuptools is not there")
    source, target = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("site")
    for name in ("pyproject.toml", "setup.py", "README.md", "LICENSE", "book/errorguide", "book/errors"):
        part = ROOT / name
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        if part.is_dir():
            shutil.copytree(part, source / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(part, source / name)
    old = source / "build/lib/errorguide/errors/deleted.md"  # as an older setuptools left it
    old.parent.mkdir(parents=True)
    old.write_text("---")
    command = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "-q",
        "--no-index",
        "--no-deps",
        "--no-build-isolation",
    ]
    subprocess.run([*command, "--target", str(target), str(source)], check=True, capture_output=True)
    return target


def run(installed, *arguments, given=None):
    """Run Python with the installed package in an empty folder."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    return subprocess.run(
        [sys.executable, *map(str, arguments)],
        env={**environment, "PYTHONPATH": str(installed)},
        cwd=installed.parent,
        input=given,
        capture_output=True,
        text=True,
        timeout=240,
    )


def test_all_of_it_is_there(installed):
    assert sorted(path.name for path in installed.iterdir() if path.suffix != ".dist-info") == [
        "bin",
        "errorguide",
    ]
    ours = {
        str(path.relative_to(ROOT / "book/errorguide")) for path in (ROOT / "book/errorguide").rglob("*.py")
    }
    theirs = {
        str(path.relative_to(installed / "errorguide")) for path in (installed / "errorguide").rglob("*.py")
    }
    assert ours == theirs
    pages = {path.name for path in (ROOT / "book/errors").iterdir() if path.is_file()}
    assert pages == {path.name for path in (installed / "errorguide/errors").iterdir()}
    assert (installed / "bin/errorguide").exists()


def test_a_pasted_text_needs_no_framework(installed):
    code = (
        "import sys\n"
        "sys.modules.update(dict.fromkeys(('torch', 'tensorflow', 'keras', 'numpy')))\n"
        "import errorguide\n"
        f"print(errorguide.explain({MESSAGE!r}).id, errorguide.__file__)\n"
        "try:\n    raise ValueError('shapes (3,) and (4,)')\n"
        "except ValueError as error:\n    print(errorguide.explain(error))\n"
        "with errorguide.watch():\n    pass\n"
    )
    found = run(installed, "-c", code)
    assert found.stdout.startswith("pytorch-mat1-mat2 ") and str(installed) in found.stdout, found.stderr
    page = run(installed, "-m", "errorguide", "--page", "pytorch-bmm")
    assert page.returncode == 0 and "bmm" in page.stdout


@pytest.mark.parametrize(
    ("program", "layer", "other"), [(TORCH, "1", "tensorflow"), (KERAS, "input_layer", "torch")]
)
def test_only_the_programs_framework_is_imported(installed, tmp_path, program, layer, other):
    file, out = tmp_path / "program.py", tmp_path / "out.json"
    file.write_text(
        f"import atexit, sys\natexit.register(lambda: print({other!r} in sys.modules))\n{program}"
    )
    found = run(installed, "-m", "errorguide", "run", "--json", out, file)
    assert found.returncode == 1 and found.stdout == "False\n", found.stderr
    assert json.loads(out.read_text())["where"]["layer"] == layer
