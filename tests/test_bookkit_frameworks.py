"""The quiet door, seen from outside: each case is a process of its own, because an import happens once."""

import itertools
import os
import subprocess
import sys
from pathlib import Path

import pytest

BOOK = Path(__file__).resolve().parents[1] / "book"


def run(code, path=(), **variables):
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


@pytest.mark.parametrize("order", list(itertools.permutations(["torch", "tf", "keras"])), ids="-".join)
def test_stderr_is_clean_in_any_order(order):
    imports = "\n".join(f"from bookkit.frameworks import {name}" for name in order)
    result = run(f"{imports}\nprint({order[0]}.__name__, {order[1]}.__name__, {order[2]}.__name__)")
    assert result.returncode == 0, result.stderr
    assert result.stderr == ""
    assert result.stdout.split() == [{"tf": "tensorflow"}.get(name, name) for name in order]


def test_using_the_device_writes_nothing_more():
    result = run(
        "from bookkit.frameworks import F, keras, nn, tf, torch\n"
        "tf.nn.conv2d(tf.zeros((1, 8, 8, 2)), tf.zeros((3, 3, 2, 4)), 1, 'VALID')\n"
        "keras.layers.Conv2D(4, 3)(tf.zeros((1, 8, 8, 2)))\n"
        "print(nn is torch.nn, F is torch.nn.functional)"
    )
    assert result.stderr == ""
    assert result.stdout == "True True\n"


def test_a_plain_import_of_tensorflow_does_write():
    """Otherwise the tests above prove nothing."""
    result = run("import tensorflow as tf; tf.config.list_logical_devices()")
    assert result.returncode == 0
    assert result.stderr != ""


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


def test_later_warnings_are_seen():
    result = run(
        "from bookkit.frameworks import keras, tf, torch\n"
        "import logging, os, warnings\n"
        "warnings.warn('from Python')\n"
        "os.write(2, b'from C++\\n')\n"
        "tf.get_logger().warning('from the log')\n"
        "torch.tensor(torch.zeros(2))\n"
    )
    for text in ("from Python", "from C++", "from the log", "To copy construct from a tensor"):
        assert text in result.stderr


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
