"""`python -m errorguide run` runs a program as Python does: what it sees, prints and returns is the same."""

from __future__ import annotations

import json
import os

import pytest
from livekit import plain, run

SHAPES = """
import numpy as np
def product(a, b):
    return a @ b
product(np.zeros((2, 3)), np.zeros((4, 5)))
"""
PROGRAMS = {
    "what it sees": """
import sys, inspect, pickle, __main__
class Kept:
    x: int = 3
size: int = 3
print(sorted(globals()), __builtins__, __spec__, __package__, type(__loader__), __file__, __annotations__)
print(sys.argv, sys.path[:2], __main__.__dict__ is globals(), pickle.loads(pickle.dumps(Kept())).x)
print(inspect.getsource(Kept), inspect.getmodule(Kept), input(), sys.stdin.read())
print(sorted(sys.modules["os"].environ) == sorted(__import__("os").environ))
""",
    "a folder of its own": "import os\nos.chdir('/')\ndef fails():\n    return [][3]\nfails()",
    "an import that is not there": "from . import other",
    "an exit": "import sys\nsys.exit(7)",
    "an exit with words": "import sys\nsys.exit('bye')",
    "an exit with a number too large": "import sys\nsys.exit(259)",
    "an exit at once": "import os\nprint('lost')\nos._exit(4)",
    "a signal": "import os, signal\nos.kill(os.getpid(), signal.SIGTERM)",
    "Ctrl-C": "raise KeyboardInterrupt",
    "another end": "class End(BaseException): pass\nraise End('x')",
    "a group": "raise ExceptionGroup('several', [ValueError(1), KeyError(2)])",
    "a chain": "try:\n    1 / 0\nexcept ZeroDivisionError as error:\n    raise ValueError('v') from error",
    "a word that is not there": "argument = 3\nprint(argumnet)",
    "no message": "class Mute(Exception):\n    def __str__(self): raise ValueError\nraise Mute(3)",
    "a closed output": "import sys\nprint('a')\nsys.stdout.close()",
    "no output": "import sys\nsys.stdout = None",
    "no place for errors": "import sys\nsys.stderr = None\n1 / 0",
    "a hook": """
import sys, traceback
def hook(kind, error, trace):
    traceback.print_tb(trace)
    print("mine", kind, error, error.__traceback__ is trace, file=sys.stderr)
sys.excepthook = hook
1 / 0
""",
    "a hook that fails": "import sys\ndef hook(*e): {}[3]\nsys.excepthook = hook\n1 / 0",
    "a hook that exits": "import sys\ndef hook(*e): sys.exit(9)\nsys.excepthook = hook\n1 / 0",
    "what comes last": """
import atexit, sys, threading, time
atexit.register(lambda: print("the end", sys.last_value, sys.last_traceback.tb_frame.f_code.co_name))
def later():
    time.sleep(0.2)
    print("a thread ends")
threading.Thread(target=later).start()
try:
    1 / 0
finally:
    print("finally")
""",
    "tasks": "import asyncio\nasync def fails():\n    1 / 0\nasyncio.run(fails())",
    "processes": """
import multiprocessing
class Kept: pass
def kind(value): return type(value).__module__, __name__
if __name__ == "__main__":
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        print(pool.map(kind, [Kept()]))
""",
    "warnings": "import warnings\nwarnings.warn('old', DeprecationWarning)\nx = '\\d'",
    "an error in its syntax": "x = 1\ndef f(:\n",
    "no letters": b'x = "\xff"\n',
    "a null": b"x = 1\0\n",
    "another encoding": b'# coding: latin-1\nprint(ascii("\xff"))\n',
    "an encoding that is none": b"# coding: nonsense\n",
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_is_as_under_python(name, tmp_path):
    text = PROGRAMS[name]
    (tmp_path / "ends.py").write_bytes(text if isinstance(text, bytes) else text.encode())
    how = {"folder": tmp_path, "given": "one\ntwo\n"}
    out = tmp_path / "out.json"
    ours = run("--json", out, "ends.py", "a", "--json", "b", **how)
    python = plain("ends.py", "a", "--json", "b", **how)
    assert (ours.returncode, ours.stdout, ours.stderr) == (python.returncode, python.stdout, python.stderr)
    assert not out.exists()


def test_what_is_no_file_is_as_under_python(tmp_path):
    for name in ("none.py", "folder", "."):
        (tmp_path / "folder").mkdir(exist_ok=True)
        ours, python = run(name, folder=tmp_path), plain(name, folder=tmp_path)
        assert (ours.returncode, ours.stderr) == (python.returncode, python.stderr) and ours.returncode
    (tmp_path / "folder" / "__main__.py").write_text("print(__name__, __file__)")
    assert run("folder", folder=tmp_path).stdout == plain("folder", folder=tmp_path).stdout != ""


def test_the_explanation_stands_below_the_programs_own_traceback(tmp_path):
    (tmp_path / "fails.py").write_text(f"import os\nprint('there')\nos.chdir('/'){SHAPES}")
    ours, python = run("--json", "out.json", "fails.py", folder=tmp_path), plain("fails.py", folder=tmp_path)
    assert (ours.returncode, ours.stdout) == (python.returncode, python.stdout) == (1, "there\n")
    assert ours.stderr.startswith(python.stderr + "\n") and "--page numpy-" in ours.stderr
    assert ours.stderr.count("Traceback") == 1
    assert json.loads((tmp_path / "out.json").read_text())["id"].startswith("numpy-")


def test_a_place_that_cannot_be_written_is_said_before_the_program_runs(tmp_path):
    (tmp_path / "fails.py").write_text(f"print('ran'){SHAPES}")
    for place in (tmp_path, tmp_path / "none" / "out.json", tmp_path / "fails.py" / "out.json"):
        said = run("--json", place, tmp_path / "fails.py")
        assert (said.returncode, said.stdout, said.stderr.count("\n")) == (2, "", 1)
        assert f"cannot write {place}" in said.stderr
    goes = f"import os\nos.rmdir({str(tmp_path / 'gone')!r}){SHAPES}"  # while the program runs
    (tmp_path / "gone").mkdir()
    (tmp_path / "fails.py").write_text(goes)
    said = run("--json", tmp_path / "gone" / "out.json", tmp_path / "fails.py")
    assert said.returncode == 1 and said.stderr.count("Traceback") == 1
    assert "--page numpy-" in said.stderr and "cannot write" in said.stderr.splitlines()[-1]


def test_the_command_says_what_it_takes(tmp_path):
    for words in ([], ["--json"], ["--jsn", "x"], ["-m", "module"], ["--"]):
        said = run(*words)
        assert (said.returncode, said.stdout, said.stderr.count("\n")) == (2, "", 1)
    assert "takes a file" in run("-m", "module").stderr
    assert run("--help").stdout.startswith("usage: ")


def test_the_programs_environment_is_its_own(tmp_path):
    (tmp_path / "sees.py").write_text("import os\nprint(os.environ.get('ERRORGUIDE_TRY'))")
    assert run("--try", "no", tmp_path / "sees.py").stdout == "None\n"


def test_a_reader_of_the_output_that_leaves_early(tmp_path):
    (tmp_path / "many.py").write_text(f"print('x' * 1_000_000){SHAPES}")
    reading, writing = os.pipe()
    os.close(reading)
    ours, python = (start(tmp_path / "many.py", output=writing) for start in (run, plain))
    os.close(writing)
    assert ours.returncode == python.returncode and ours.stderr.count("Traceback") == 1
