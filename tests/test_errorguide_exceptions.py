"""The error guide explains exceptions, in programs and notebooks, and its command prints pages."""

from __future__ import annotations

import io
import subprocess
import sys
import warnings

import pytest
from errorguide_pasted import LINEAR, WARNING

from errorguide import explain
from errorguide.catalogue import ERRORS
from errorguide.exceptions import may_be_about_shapes, text_of

MAT = LINEAR.removeprefix("RuntimeError: ")
SIZES = "The size of tensor a (4) must match the size of tensor b (3) at non-singleton dimension 1"
TARGET = WARNING.partition("UserWarning: ")[2].partition("\n")[0]


def raised(run):
    """Return the exception that a function raises."""
    try:
        run()
    except BaseException as error:
        return error
    raise AssertionError("nothing was raised")


def multiply():
    raise RuntimeError(MAT)


def test_an_exception_is_explained_with_its_line():
    found = explain(raised(multiply))
    assert found.id == "pytorch-mat1-mat2" and found.message == LINEAR and found.unknown is None
    assert (found.place.file, found.place.function) == ("test_errorguide_exceptions.py", "multiply")
    assert explain(RuntimeError(MAT)).place is None  # never raised
    assert explain(ValueError("no")) is None


def test_the_exceptions_behind_one_are_read():
    def chained():
        try:
            multiply()
        except RuntimeError as error:
            raise ValueError("the batch is bad") from error

    def handled():
        try:
            multiply()
        except RuntimeError:
            raise KeyError("x")  # noqa: B904

    for run in (chained, handled):
        found = explain(raised(run))
        assert (
            found.id == "pytorch-mat1-mat2" and found.unknown is None and found.place.function == "multiply"
        )
    circle = RuntimeError(MAT)
    circle.__context__ = ValueError("x")
    circle.__context__.__context__ = circle
    assert explain(circle).id == "pytorch-mat1-mat2" and text_of([circle]).count("Traceback") == 1


def test_what_may_be_about_shapes():
    for said, is_so in (
        ("shapes (3, 8) and (9, 2) do not fit", True),
        ("the batch has a shape that call() does not take: x=tf.Tensor(shape=(3, 5), dtype=float32)", True),
        ("expected dtype float32 of this shape", False),
        ("no", False),
    ):
        assert may_be_about_shapes(ValueError(said)) is is_so
    assert not may_be_about_shapes(KeyError("shape"))
    for length in range(280, 310):  # wherever the beginning ends
        said = "shape".ljust(length) + "dtype=float32"
        assert may_be_about_shapes(ValueError(said)), length


def test_what_from_none_hides_is_read():
    def hidden():
        try:
            multiply()
        except RuntimeError:
            raise ValueError("the batch is bad") from None

    def known():
        try:
            multiply()
        except RuntimeError:
            raise RuntimeError(SIZES) from None

    found = explain(raised(hidden))
    assert found.id == "pytorch-mat1-mat2" and found.unknown == "ValueError: the batch is bad"
    found = explain(raised(known))
    assert found.unknown is None and {found.id, *(other.id for other in found.others)} == {
        "pytorch-broadcast",
        "pytorch-mat1-mat2",
    }
    assert found.id == "pytorch-broadcast"


def test_of_a_group_each_error_about_shapes_is_told():
    inner = ExceptionGroup("inner", [KeyError("x"), raised(multiply)])
    group = ExceptionGroup("several", [ValueError("no"), inner, RuntimeError(SIZES), RuntimeError(SIZES)])
    found = explain(group)
    assert found.id == "pytorch-mat1-mat2" and [other.id for other in found.others] == ["pytorch-broadcast"]
    assert explain(ExceptionGroup("several", [ValueError("no")])) is None
    outer = ValueError("outer")
    outer.__cause__ = group
    assert explain(outer).id == "pytorch-mat1-mat2"


@pytest.mark.parametrize("value", [b"mat1", None, 3, ["mat1"], RuntimeError])
def test_nothing_else_is_taken(value):
    with pytest.raises(TypeError, match="takes the text of an error or an exception"):
        explain(value)


# ---- the notebook ----


@pytest.fixture
def cell(capsys):
    """A function that runs a cell and returns what the extension printed; the extension is loaded."""
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell()
    before = warnings.showwarning

    def run(code):
        out, sys.stdout = sys.stdout, io.StringIO()
        try:
            shell.run_cell(code)
            return sys.stdout.getvalue()
        finally:
            sys.stdout = out

    run("%load_ext errorguide")
    run("import warnings")
    yield run
    run("%unload_ext errorguide")
    assert warnings.showwarning is before


def test_a_notebook_explains_groups_and_what_from_none_hides(cell):
    shown = cell(f"raise ExceptionGroup('several', [RuntimeError({MAT!r})])")
    assert shown.startswith(f"{LINEAR}\n")
    shown = cell(
        f"try:\n    raise RuntimeError({MAT!r})\nexcept RuntimeError:\n    raise ValueError('bad') from None"
    )
    assert "not one this book knows: ValueError: bad" in shown and LINEAR in shown
    shown = cell(
        "raise RuntimeError('a and b must have same reduction dim, but got [s77, s0*s53] X [784, 128].')"
    )
    assert "784" in shown


@pytest.mark.filterwarnings("ignore")
def test_a_notebook_explains_a_warning_once_a_cell(cell):
    cell("warnings.simplefilter('always')")
    warn = f"for _ in range(3):\n    warnings.warn({TARGET!r})\n    warnings.warn({TARGET!r} + ' ')\n"
    assert cell(warn).count("More: ") == 1
    assert cell("x = 1") == ""
    assert cell("warnings.warn('nothing about shapes')") == ""
    shown = cell(f"{warn}raise KeyError('x')")
    assert shown.count("More: ") == 1 and "not one this book knows: KeyError: 'x'" in shown
    shown = cell(f"{warn}raise RuntimeError({MAT!r})")
    assert shown.count("More: ") == 1 and "--page pytorch-mat1-mat2" in shown


@pytest.mark.filterwarnings("ignore")
def test_a_notebook_leaves_a_way_to_show_warnings_that_a_cell_sets(cell):
    before = warnings.showwarning
    cell("warnings.simplefilter('always')\nwarnings.showwarning = print")
    assert "RuntimeWarning" in cell("warnings.warn('of the cell', RuntimeWarning)")
    assert warnings.showwarning is print
    warnings.showwarning = before


# ---- the command ----


def run_command(*arguments, text=None, shell=False):
    return subprocess.run(
        [sys.executable, "-m", "errorguide", *arguments],
        input=text,
        capture_output=True,
        text=True,
        cwd=ERRORS.parent,
        check=False,
    )


def test_the_command_prints_a_page():
    shown = run_command("--page", "pytorch-conv-channels")
    assert shown.returncode == 0 and shown.stdout.startswith("Given groups=1")
    for part in (
        "your model: ",
        "The channels come last",
        "When run, it gives (",
        "Does not help: ",
        "Older wording",
    ):
        assert part in shown.stdout
    assert run_command("--page", "errors/silent-square-weight.md").returncode == 0
    unknown = run_command("--page", "pytorch-mat")
    assert unknown.returncode == 1 and unknown.stdout == "" and unknown.stderr.count("\n") == 1
    assert "pytorch-mat" in unknown.stderr and "near it: " in unknown.stderr


def test_the_command_ends_quietly_where_its_reader_does():
    code = f"{sys.executable} -m errorguide --page pytorch-conv-channels | head -1"
    shown = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {code}"],
        capture_output=True,
        text=True,
        cwd=ERRORS.parent,
        check=False,
    )
    assert shown.stderr == "" and shown.stdout.count("\n") == 1 and shown.returncode in (0, 141)


def test_the_command_says_what_to_give_it():
    import os
    import pty

    master, terminal = pty.openpty()
    shown = subprocess.run(
        [sys.executable, "-m", "errorguide"],
        stdin=terminal,
        capture_output=True,
        text=True,
        cwd=ERRORS.parent,
        check=False,
        timeout=60,
    )
    os.close(master)
    os.close(terminal)
    assert shown.returncode == 2 and "Give the error message" in shown.stderr and shown.stdout == ""
