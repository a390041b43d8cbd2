"""Run something in a forked process that can do no harm: not to the reader's objects, files or terminal.

The child has copies of all objects, so that nothing it does to a model, a random state or a hook is seen
outside. Its standard streams, and every other open file or socket, lead nowhere; it may not open a file to
write, start a program or connect anywhere (confine.py has the system refuse it as well). It is ended when its
time is over, when it waits for something that does not come, and with the program.
"""

import contextlib
import gc
import json
import os
import select
import signal
import sys
import threading
import time
import warnings

from .confine import confine

LONGEST_WAIT = 1.0  # of a child that does nothing
LEAST_WORK = 0.05  # seconds of the processor's time in it
MOST_WORK = 10  # seconds of the processor's time, for code that Python cannot interrupt
MOST_BYTES = 4_000_000
READ_ONLY = ("r", "rb", "rt", "U", "")
FORBIDDEN = (
    "os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.truncate", "os.link", "os.symlink", "os.chmod",
    "os.chown", "os.utime", "os.kill", "os.killpg", "os.system", "os.exec", "os.posix_spawn", "os.spawn",
    "os.fork", "os.forkpty", "os.putenv", "os.unsetenv", "subprocess.Popen", "socket.connect", "socket.bind",
    "socket.sendto", "socket.sendmsg", "shutil.", "tempfile.", "sqlite3.connect", "signal.pthread_kill",
    "ftplib.", "smtplib.", "urllib.Request", "webbrowser.open", "mmap.__new__",
)  # fmt: skip


class NotHere(PermissionError):
    """Something that the forked process may not do."""


class OutOfTime(BaseException):
    """The time of one replay is over; the child goes on with what it has."""


def run_apart(work, seconds):
    """Return what `work()` returns, made of what JSON has, or None where it took longer than `seconds`, broke
    down, or where this system cannot fork.

    `work` is a generator function: the last value that it yielded counts, also where its time is over.
    """
    if not hasattr(os, "fork"):
        return None
    try:
        reading, writing = os.pipe()
    except OSError:
        return None
    child = None
    with _own_children(), open(reading, "rb", 0) as told, open(writing, "wb", 0) as telling:
        try:
            parent = os.getpid()
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # Python warns of forks beside threads
                heard = signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
                try:
                    child = os.fork()
                    if child == 0:
                        _be_the_child(work, writing, parent)  # never returns
                finally:
                    signal.pthread_sigmask(signal.SIG_SETMASK, heard)
            telling.close()
            return _last_line(_read(told, child, time.monotonic() + seconds))
        except (OSError, RuntimeError):
            return None
        finally:
            _end(child)


def _read(told, child, until):
    """Return what comes out of a pipe until it is closed, the time is over, or the child waits too long."""
    parts, size, waits = [], 0, _Waits(child)
    while (left := until - time.monotonic()) > 0 and size < MOST_BYTES:
        ready, _, _ = select.select([told], [], [], min(left, LONGEST_WAIT / 8))
        if not ready:
            if waits.in_vain():
                break
            continue
        part = told.read(65536)
        if not part:
            break
        parts.append(part)
        size += len(part)
    return b"".join(parts)


class _Waits:
    """Sees a child that sleeps, or waits for a lock, an answer, a thread: what it waits for is not there."""

    def __init__(self, child):
        self.file = f"/proc/{child}/stat"
        self.since, self.worked = time.monotonic(), 0.0

    def in_vain(self):
        """Whether the child has ended, or slept and worked next to nothing for LONGEST_WAIT: to be asked
        again and again.
        """
        try:
            with open(self.file) as file:
                state, *fields = file.read().rpartition(")")[2].split()
            worked = (int(fields[10]) + int(fields[11])) / os.sysconf("SC_CLK_TCK")
        except (OSError, ValueError, IndexError):
            return False  # a system that does not say
        if state == "Z":
            return True
        if state != "S" or worked - self.worked > LEAST_WORK:
            self.since, self.worked = time.monotonic(), worked
        return time.monotonic() - self.since > LONGEST_WAIT


@contextlib.contextmanager
def _own_children():
    """Keep what the program does at the end of a child of its own from being done at the end of this one."""
    theirs = signal.getsignal(signal.SIGCHLD)
    if not callable(theirs) or threading.current_thread() is not threading.main_thread():
        yield
        return
    signal.signal(signal.SIGCHLD, lambda number, frame: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGCHLD, theirs)
        with contextlib.suppress(ChildProcessError):
            if os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT):  # one of its own has ended
                theirs(signal.SIGCHLD, sys._getframe())


def _last_line(data):
    """Return the value of the last whole line, None where there is none."""
    lines = data.split(b"\n")[:-1]
    try:
        return json.loads(lines[-1]) if lines else None
    except ValueError:
        return None


def _end(child):
    """End the child and take its exit status, that nothing is left of it, also where Ctrl-C comes again."""
    interrupt = None
    while child:
        try:
            with contextlib.suppress(OSError):
                os.kill(child, signal.SIGKILL)
            with contextlib.suppress(OSError):
                os.waitpid(child, 0)
            child = None
        except KeyboardInterrupt as error:
            interrupt = error
    if interrupt is not None:
        raise interrupt


def _be_the_child(work, writing, parent):
    """Do the work and write what it yields to the pipe; end the process without any of Python's ends."""
    try:
        for number in signal.valid_signals():
            if callable(signal.getsignal(number)):
                signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, ())
        signal.setitimer(signal.ITIMER_REAL, 0)
        sys.settrace(None)
        sys.setprofile(None)
        gc.disable()  # a collection would touch, and so copy, every page
        _close_everything(writing)
        confine(parent, MOST_WORK)
        _forbid()
        for value in work():
            data = memoryview(json.dumps(value).encode() + b"\n")
            while data:
                data = data[os.write(writing, data) :]
    except BaseException as error:
        if os.environ.get("ERRORGUIDE_DEBUG"):
            import traceback

            with contextlib.suppress(BaseException):
                os.write(writing, json.dumps({"broke": traceback.format_exc()}).encode() + b"\n")
        del error
    finally:
        os._exit(0)


def _close_everything(but):
    """Let all open files and sockets lead nowhere, but for one, and the standard streams as well."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in _open_files():
        if number not in (but, nowhere):
            with contextlib.suppress(OSError):
                os.dup2(nowhere, number, inheritable=False)
    sys.stdin = open(os.devnull)  # noqa: SIM115
    sys.stdout = open(os.devnull, "w")  # noqa: SIM115
    sys.stderr = open(os.devnull, "w")  # noqa: SIM115
    sys.dont_write_bytecode = True


def _open_files():
    """Return the numbers of the open files."""
    for folder in ("/proc/self/fd", "/dev/fd"):
        with contextlib.suppress(OSError):
            return [int(name) for name in os.listdir(folder)]
    return range(256)


def _forbid():
    """Refuse from now on, for the rest of this process, what would be seen outside."""

    def check(event, arguments):
        if event == "open":
            path, mode, flags = (*arguments, None, None, None)[:3]
            writes = mode is not None and mode not in READ_ONLY
            if isinstance(flags, int) and flags & (
                os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
            ):
                writes = True
            if writes and path != os.devnull:
                raise NotHere("a replay writes no files")
        elif event.startswith(FORBIDDEN):
            raise NotHere("a replay has no effects outside")

    sys.addaudithook(check)


def busy():
    """Return how many times longer work takes by the clock now, as far as the system says: 1 to 4."""
    try:
        return min(max(os.getloadavg()[0] / (os.cpu_count() or 1), 1.0), 4.0)
    except (OSError, AttributeError):
        return 1.0


@contextlib.contextmanager
def limited(seconds):
    """Raise OutOfTime in the block after `seconds` of the processor's time, or twice as long by the clock,
    more on a busy machine. For the child alone: it uses the alarms.
    """

    def ring(number, frame):
        signal.setitimer(signal.ITIMER_REAL, 0.05)  # once more, where the first is swallowed
        raise OutOfTime

    signal.signal(signal.SIGALRM, ring)
    signal.signal(signal.SIGPROF, ring)
    seconds = max(seconds, 0.02)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    signal.setitimer(signal.ITIMER_REAL, 2 * seconds * busy())
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)
