"""The tests are tested: each of these breaks must be caught by the suite that needs no framework.

Every break is made in a copy of the library, by replacing one piece of text that must stand there once.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SUITE = ("test_fromscratch_reference.py", "fromscratch_cases.py", "data/fromscratch_reference.json")

BREAKS = {
    "the kernel flipped in the gradient by x": (
        "conv/backward.py",
        "kernels = weight.reshape(groups, out, channels, kernel_height, kernel_width)",
        "kernels = weight[..., ::-1, ::-1].reshape(groups, out, channels, kernel_height, kernel_width)",
    ),
    "the gradient by the bias dropped": (
        "conv/backward.py",
        "return grad_x.reshape(x.shape), grad_weight, grads.sum(axis=(0, 2, 3))",
        "return grad_x.reshape(x.shape), grad_weight, np.zeros(len(weight), x.dtype)",
    ),
    "the stride forgotten where the gradient is spread": (
        "conv/backward.py",
        "top = rows.start * stride_y + u * dilation_y",
        "top = rows.start + u * dilation_y",
    ),
    "the stride forgotten across a row": (
        "conv/backward.py",
        "left : left + (width - 1) * stride_x + 1 : stride_x] += shares[:, :, v]",
        "left : left + width] += shares[:, :, v]",
    ),
    "the stride forgotten between the rows of a strip": (
        "conv/sliding_rows.py",
        "strip[..., start : start + (count - 1) * stride + 1 : stride, :]",
        "strip[..., start : start + count, :]",
    ),
    "the dilation forgotten between the rows of the kernel": (
        "conv/sliding_rows.py",
        "start = u * dilation\n",
        "start = u\n",
    ),
    "the last strip only": ("conv/backward.py", "grads[u] += np.matmul", "grads[u] = np.matmul"),
    "the padding not cut off": (
        "conv/backward.py",
        "inner = grad[..., above : above + height, left : left + width]",
        "inner = grad[..., :height, :width]",
    ),
    "groups exchanged in the gradient by the weight": (
        "conv/backward.py",
        "pixels = grad_y.reshape(len(x), groups, out, window.out[0] * width)",
        "pixels = grad_y.reshape(len(x), out, groups, window.out[0] * width).swapaxes(1, 2)",
    ),
    "groups exchanged in the gradient by x": (
        "conv/backward.py",
        "kernels.transpose(3, 0, 4, 2, 1)",
        "kernels.transpose(3, 1, 4, 2, 0)",
    ),
    "the kernel's axes exchanged in the gradient by the weight": (
        "conv/backward.py",
        "grads.transpose(1, 2, 4, 0, 3)",
        "grads.transpose(1, 2, 4, 3, 0)",
    ),
    "a kernel row left out of the forward pass": (
        "conv/sliding_rows.py",
        "for u in range(window.kernel[0]):",
        "for u in range(max(1, window.kernel[0] - 1)):",
    ),
    "the stride forgotten for small images": ("conv/small.py", "stride_y * row", "row"),
    "the dilation forgotten for small images": ("conv/small.py", "dilation_x * pixel", "pixel"),
    "TensorFlow's extra zero on the wrong side": (
        "checks/window.py",
        "before = tuple(t // 2 for t in totals)",
        "before = tuple(-(-t // 2) for t in totals)",
    ),
    "the linear layer's bias gradient dropped": ("linear.py", "grads.sum(axis=0)", "0 * grads.sum(axis=0)"),
    "the variance's part of batch normalisation dropped": (
        "batchnorm.py",
        " - z * (g * z).mean(axis=axes, keepdims=True)",
        "",
    ),
    "the mean over the batch forgotten": (
        "losses.py",
        "return grad / scores.dtype.type(len(labels))",
        "return grad",
    ),
    "momentum forgotten": ("optimisers.py", "self.momentum * self.velocity.get(name, 0) + ", ""),
    "Adam's start not corrected": (
        "optimisers.py",
        "self.square[name] / (1 - beta2**self.steps)",
        "self.square[name]",
    ),
}


def run_suite(folder):
    """Run the framework-free suite on the library in folder/book."""
    options = ["-q", "-x", "--no-header", "--tb=line", "-p", "no:cacheprovider", "-c", os.devnull]
    environment = {
        **os.environ,
        "PYTHONPATH": str(folder / "book"),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",  # their imports take longer than the suite
        "PYTEST_ADDOPTS": "",
        "OPENBLAS_NUM_THREADS": "1",
    }
    return subprocess.run(
        [sys.executable, "-m", "pytest", *options, f"--rootdir={folder}", str(folder / "tests" / SUITE[0])],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def copy(tmp_path):
    """A copy of the library and of its framework-free suite."""
    shutil.copytree(ROOT / "book" / "fromscratch", tmp_path / "book" / "fromscratch")
    for name in SUITE:
        (tmp_path / "tests" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / "tests" / name, tmp_path / "tests" / name)
    return tmp_path


def test_the_copy_passes_as_it_is(copy):
    done = run_suite(copy)
    assert done.returncode == 0, done.stdout + done.stderr


def broken(name):
    """Return the path of a file of the library, below fromscratch/, and its text with this break in it."""
    file, old, new = BREAKS[name]
    path = ROOT / "book" / "fromscratch" / file
    assert path.is_file(), (
        f"{name!r}: there is no fromscratch/{file} any more; name the file that does this now"
    )
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, (
        f"{name!r}: this text stands {text.count(old)} times in fromscratch/{file}, not once; "
        f"write the text that does this now into BREAKS:\n{old}"
    )
    return file, text.replace(old, new)


@pytest.mark.parametrize("name", BREAKS)
def test_a_break_is_caught(copy, name):
    file, text = broken(name)
    (copy / "book" / "fromscratch" / file).write_text(text, encoding="utf-8")
    done = run_suite(copy)
    # 1: tests ran and failed. Anything else, such as a module that cannot be imported, proves nothing.
    assert done.returncode == 1, done.stdout + done.stderr
    assert " failed" in done.stdout


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("gone.py", "a", "b"), "there is no fromscratch/gone.py"),
        (("linear.py", "no such text", ""), "0 times"),
    ],
)
def test_a_break_that_fits_no_more_says_what_to_do(monkeypatch, change, words):
    monkeypatch.setitem(BREAKS, "a break", change)
    with pytest.raises(AssertionError, match=words):
        broken("a break")
