"""bookkit.frameworks, in processes of their own: an import happens once in each."""

import itertools
import os
import re
import subprocess
import sys
import types
from pathlib import Path

import pytest

BOOK = Path(__file__).resolve().parents[1] / "book"


def run(code, path=(), **variables):
    """Run `code` in a new process, the folders of `path` before the book's on its path."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("KERAS_BACKEND", "TF_CPP_MIN_LOG_LEVEL")
    }
    environment["PYTHONPATH"] = os.pathsep.join([*map(str, path), str(BOOK)])
    environment.update(variables)
    return subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False
    )


# What a process does with all frameworks, in four stages. A line on stderr ends each of the first three. What
# bookkit.frameworks holds back goes to a file that outlives the process.
STAGES = """
import os, types
import bookkit.frameworks
bookkit.frameworks.tempfile = types.SimpleNamespace(TemporaryFile=lambda: open({held!r}, "a+b"))
{imports}
print(*(module.__name__ for module in ({order})))
os.write(2, b"imported\\n")

tf.nn.conv2d(tf.zeros((1, 8, 8, 2)), tf.zeros((3, 3, 2, 4)), 1, "VALID")
keras.layers.Conv2D(4, 3)(tf.zeros((1, 8, 8, 2)))
os.write(2, b"used\\n")

from bookkit.frameworks import F, nn
print(nn is torch.nn, F is torch.nn.functional)
os.write(2, b"asked again\\n")

import logging, warnings
warnings.warn("from Python")
os.write(2, b"from C++\\n")
tf.get_logger().warning("from the log")
torch.tensor(torch.zeros(2))
"""


# Each of the three comes first once; the other three orders are left to `make thorough`.
ORDERS = [
    pytest.param(order, id="-".join(order), marks=() if number % 2 == 0 else pytest.mark.thorough)
    for number, order in enumerate(itertools.permutations(["torch", "tf", "keras"]))
]


@pytest.fixture(scope="module", params=ORDERS)
def started(request, tmp_path_factory):
    """A process that imported the frameworks in one order: stdout, stderr by stages, and the held text."""
    held = tmp_path_factory.mktemp("held") / "stderr"
    order = request.param
    imports = "\n".join(f"from bookkit.frameworks import {name}" for name in order)
    result = run(STAGES.format(imports=imports, order=", ".join(order), held=str(held)))
    assert result.returncode == 0, result.stderr
    stages = re.split(r"^(?:imported|used|asked again)\n", result.stderr, flags=re.MULTILINE)
    assert len(stages) == 4, result.stderr
    return types.SimpleNamespace(
        order=order,
        stdout=result.stdout.splitlines(),
        at_import=stages[0],
        at_use=stages[1],
        asked_again=stages[2],
        later=stages[3],
        held=held.read_text(errors="replace"),
    )


def test_stderr_is_clean_in_any_order(started):
    assert started.at_import == ""


def test_each_name_is_its_framework(started):
    assert started.stdout == [
        " ".join({"tf": "tensorflow"}.get(name, name) for name in started.order),
        "True True",
    ]


def test_using_the_device_writes_nothing_more(started):
    assert started.at_use == ""


def test_asking_again_writes_nothing(started):
    assert started.asked_again == ""


def test_tensorflow_did_write_and_was_held(started):
    """Otherwise the tests above prove nothing."""
    assert started.held != ""


def test_later_warnings_are_seen(started):
    for text in ("from Python", "from C++", "from the log", "To copy construct from a tensor"):
        assert text in started.later


def test_only_what_is_asked_for_is_imported():
    result = run(
        "import sys\n"
        "def loaded(): return sorted({'torch', 'tensorflow', 'keras', 'matplotlib'} & set(sys.modules))\n"
        "from bookkit import agree, fails, hwio, nchw, nhwc, oihw, show_source\n"
        "import numpy as np\n"
        "agree(a=np.ones(3), b=np.ones(3))\n"
        "import bookkit.frameworks\n"
        "print(loaded())\n"
        "from bookkit.frameworks import nn\n"
        "print(loaded())"
    )
    assert result.stdout.splitlines()[1:] == ["[]", "['torch']"], result.stderr


NOISY = """import os, sys, warnings
stream = sys.stderr
print("by Python", file=sys.stderr)
os.write(2, b"by C++\\n")
warnings.warn("by warnings")
"""


@pytest.fixture
def noisy_torch(tmp_path):
    """A stand-in for torch that writes to stderr in three ways."""
    (tmp_path / "torch.py").write_text(NOISY)
    return tmp_path


def test_text_of_an_import_that_succeeds_is_dropped(noisy_torch):
    result = run("from bookkit.frameworks import torch", path=[noisy_torch])
    assert (result.returncode, result.stderr) == (0, "")


@pytest.mark.parametrize("failure", ["raise OSError('library not found')", "raise KeyboardInterrupt"])
def test_text_of_an_import_that_raises_is_given_back(noisy_torch, failure):
    (noisy_torch / "torch.py").write_text(NOISY + failure)
    result = run("from bookkit.frameworks import torch", path=[noisy_torch])
    assert result.returncode != 0
    python, cpp, warning, trace = (
        result.stderr.index(text) for text in ("by Python", "by C++", "by warnings", "Traceback")
    )
    assert python < cpp < warning < trace
    assert failure.split("(")[0].split()[-1] in result.stderr


def test_a_stream_that_the_framework_kept_still_writes(noisy_torch):
    result = run(
        "from bookkit.frameworks import torch\n"
        "print('kept', file=torch.stream); torch.stream.writelines(['and ', 'lines'])\n"
        "import sys; print(sys.stderr is sys.__stderr__, torch.stream.fileno())",
        path=[noisy_torch],
    )
    assert result.stderr == "kept\nand lines"
    assert result.stdout == "True 2\n"


def test_a_python_stream_elsewhere_is_held_and_given_back(noisy_torch):
    """In Jupyter sys.stderr does not lead to file descriptor 2."""
    code = (
        "import io, sys\n"
        "sys.stderr = io.StringIO()\n"
        "try:\n    from bookkit.frameworks import torch\n"
        "except OSError as error: print('raised', error)\n"
        "print(repr(sys.stderr.getvalue()))"
    )
    assert run(code, path=[noisy_torch]).stdout == "''\n"
    (noisy_torch / "torch.py").write_text(NOISY + "raise OSError('no library')")
    raised = run(code, path=[noisy_torch])
    assert raised.stdout.startswith("raised no library\n'by Python\\nby C++\\n")
    assert raised.stderr == ""


def test_no_stderr_at_all(noisy_torch):
    result = run("import sys; sys.stderr = None\nfrom bookkit.frameworks import F", path=[noisy_torch])
    assert result.stderr == ""


def test_a_framework_that_is_missing_is_named(tmp_path):
    result = run("import sys; sys.modules['tensorflow'] = None\nfrom bookkit.frameworks import tf")
    assert result.stderr.strip().splitlines()[-1] == (
        "ModuleNotFoundError: tensorflow is not installed here; "
        "install it with `pip install -r requirements.txt`."
    )


def test_something_else_that_is_missing_is_named_as_it_is(tmp_path):
    (tmp_path / "torch.py").write_text("import a_module_that_is_not_there")
    result = run("from bookkit.frameworks import torch", path=[tmp_path])
    assert result.stderr.strip().splitlines()[-1] == (
        "ModuleNotFoundError: No module named 'a_module_that_is_not_there'"
    )


def test_environment_is_set_only_where_it_was_not(noisy_torch):
    code = (
        "from bookkit.frameworks import torch\nimport os\n"
        "print(os.environ['KERAS_BACKEND'], os.environ['TF_CPP_MIN_LOG_LEVEL'])"
    )
    assert run(code, path=[noisy_torch]).stdout == "tensorflow 2\n"
    assert (
        run(code, path=[noisy_torch], KERAS_BACKEND="torch", TF_CPP_MIN_LOG_LEVEL="0").stdout == "torch 0\n"
    )


def test_another_name_is_refused():
    import bookkit.frameworks

    with pytest.raises(AttributeError, match=r"offers F, keras, nn, tf, torch; it has no 'jax'\.$"):
        _ = bookkit.frameworks.jax
    assert dir(bookkit.frameworks) == ["F", "keras", "nn", "tf", "torch"]
