"""What the live explanation runs apart can do no harm, whatever it is: Python, or C code that Python cannot
stop. Each work below yields "early" before it goes wrong, and "late" where nobody has stopped it.
"""

from __future__ import annotations

import contextlib
import ctypes
import mmap
import multiprocessing
import os
import signal
import subprocess
import sys
import time
import warnings
from pathlib import Path

import pytest
from livekit import ROOT, children

from errorguide.live import apart, confine
from errorguide.live.apart import run_apart

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux alone has all limits")


def works(*deeds):
    """Return a work that yields "early", does something, and yields "late"."""

    def work():
        yield "early"
        for deed in deeds:
            deed()
        yield "late"

    return work


def libc():
    return ctypes.CDLL(None)


def test_what_a_work_yields_last_counts():
    assert run_apart(works(), 60) == "late"
    assert run_apart(works(lambda: 1 / 0), 60) == "early"
    assert run_apart(works(sys.exit), 60) == "early"
    assert children() == []


@linux
@pytest.mark.parametrize(
    "deed",
    [
        lambda: time.sleep(8),
        lambda: libc().sleep(8),
        lambda: ctypes.PyDLL(None).sleep(8),  # which holds the interpreter
        lambda: sum(range(10**9)),  # which hears no signal
        lambda: bytearray(6 << 30),
    ],
    ids=["sleeps", "sleeps_in_c", "holds_the_interpreter", "computes_in_c", "takes_memory"],
)
def test_a_work_that_waits_computes_or_grows_too_long_is_ended(deed):
    assert run_apart(works(deed), 60) == "early"
    assert children() == []


@linux
def test_shared_memory_is_as_before(tmp_path, monkeypatch):
    (tmp_path / "mapped").write_bytes(b"x" * 5000)
    with open(tmp_path / "mapped", "r+b") as file:
        of_a_file = mmap.mmap(file.fileno(), 5000)
    nameless, number, lock = mmap.mmap(-1, 5000), multiprocessing.Value("i", 3), multiprocessing.Lock()

    def changes():
        of_a_file[:3] = nameless[:3] = b"abc"
        number.value += 1
        assert number.value == 4 and of_a_file[:4] == b"abcx"  # it has the memory for itself

    assert run_apart(works(changes, lock.acquire), 60) == "late"
    monkeypatch.setattr(confine, "MOST_SHARED", 0)  # too much to copy: it may be read, not written
    assert run_apart(works(lambda: of_a_file[:3]), 60) == "late"
    assert run_apart(works(changes), 60) == "early"
    assert (of_a_file[:4], nameless[:4], number.value) == (b"xxxx", b"\0\0\0\0", 3)
    assert (tmp_path / "mapped").read_bytes() == b"x" * 5000
    assert lock.acquire(timeout=1)
    of_a_file.close()


@linux
@pytest.mark.skipif(
    libc().syscall(confine.CREATE_RULESET, None, ctypes.c_size_t(0), 1) < 6, reason="an older kernel"
)
def test_c_code_writes_removes_starts_and_ends_nothing(tmp_path):
    kept, other, heard = tmp_path / "kept", tmp_path / "other", []
    kept.write_text("here")
    c, name, new = libc(), bytes(kept), bytes(other)
    before = signal.signal(signal.SIGUSR1, lambda *each: heard.append(each))
    here = os.getpid()
    deeds = [
        lambda: c.unlink(name),
        lambda: c.truncate(name, ctypes.c_long(0)),
        lambda: c.open(name, os.O_WRONLY | os.O_TRUNC),
        lambda: c.open(new, os.O_WRONLY | os.O_CREAT, 0o600),
        lambda: c.rename(name, new),
        lambda: c.mkdir(new, 0o700),
        lambda: c.system(b"touch " + new),
        lambda: c.kill(here, int(signal.SIGUSR1)),
    ]
    nowhere = []

    def writes_nowhere():
        with open(os.devnull, "w") as file:
            nowhere.append(file.write("x"))
        assert nowhere == [1]

    try:
        assert run_apart(works(*deeds, writes_nowhere), 60) == "late"
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert kept.read_text() == "here" and list(tmp_path.iterdir()) == [kept] and heard == []


def test_the_end_of_the_child_is_not_the_programs():
    heard = []
    before = signal.signal(signal.SIGCHLD, lambda number, frame: heard.append(number))
    try:
        assert run_apart(works(), 60) == "late" and heard == []
        with subprocess.Popen([sys.executable, "-c", "pass"]) as own:  # a child of the program's own
            os.waitid(os.P_PID, own.pid, os.WEXITED | os.WNOWAIT)
            heard.clear()
            assert run_apart(works(), 60) == "late" and heard == [signal.SIGCHLD]
    finally:
        signal.signal(signal.SIGCHLD, before)


@pytest.mark.parametrize("handler", [signal.SIG_IGN, "reaps"])
def test_a_program_that_takes_its_children_itself(handler):
    def reaps(*each):
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass

    before = signal.signal(signal.SIGCHLD, reaps if handler == "reaps" else handler)
    try:
        assert run_apart(works(), 60) == "late"
    finally:
        signal.signal(signal.SIGCHLD, before)
    assert children() == []


def test_an_interrupt_ends_the_child_also_where_it_comes_again(monkeypatch):
    interrupts = [KeyboardInterrupt, KeyboardInterrupt]
    waitpid = os.waitpid

    def interrupted(*arguments):
        if interrupts:
            raise interrupts.pop()
        return waitpid(*arguments)

    monkeypatch.setattr(os, "waitpid", interrupted)
    monkeypatch.setattr(apart, "_read", lambda *each: 1 / 0)
    with pytest.raises(KeyboardInterrupt):
        run_apart(works(lambda: time.sleep(60)), 60)
    assert children() == []


PARENT = """
import ctypes, os, sys
from errorguide.live.apart import run_apart
def work():
    yield 1
    ctypes.PyDLL(None).sleep(50)
def fork(fork=os.fork):
    child = fork()
    if child:
        print(child, flush=True)
    return child
os.fork = fork
run_apart(work, 60)
"""


@linux
def test_the_child_ends_with_the_program():
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "book")}
    with subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, env=environment) as program:
        child = Path(f"/proc/{int(program.stdout.readline())}/stat")
        program.kill()
    for _ in range(100):
        if not child.exists() or child.read_text().rpartition(")")[2].split()[0] == "Z":
            break
        time.sleep(0.1)
    else:
        raise AssertionError("the child outlived the program")


def test_no_warning_of_forks_reaches_the_program():
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        assert run_apart(works(), 60) == "late"
    assert heard == []
