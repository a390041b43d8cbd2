"""Run something in a forked process that can do no harm: not to the reader's objects, files or terminal.

The child has copies of all objects, so that nothing it does to a model, a random state or a hook is seen
outside. Its standard streams, and every other open file or socket, lead nowhere; it may not open a file to
write, start a program or connect anywhere. It is ended when its time is over.
"""

import contextlib
import gc
import json
import os
import select
import signal
import sys
import time
import warnings

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
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Python warns of forks beside threads
            child = os.fork()
    except (OSError, RuntimeError):
        os.close(reading)
        os.close(writing)
        return None
    if child == 0:
        _be_the_child(work, writing, seconds)  # never returns
    os.close(writing)
    try:
        return _last_line(_read(reading, time.monotonic() + seconds))
    finally:
        os.close(reading)
        _end(child)


def _read(reading, until):
    """Return what comes out of a pipe until it is closed, or the time is over."""
    parts, size = [], 0
    while (left := until - time.monotonic()) > 0 and size < MOST_BYTES:
        ready, _, _ = select.select([reading], [], [], left)
        if not ready:
            break
        part = os.read(reading, 65536)
        if not part:
            break
        parts.append(part)
        size += len(part)
    return b"".join(parts)


def _last_line(data):
    """Return the value of the last whole line, None where there is none."""
    lines = data.split(b"\n")[:-1]
    try:
        return json.loads(lines[-1]) if lines else None
    except ValueError:
        return None


def _end(child):
    """End the child and take its exit status, that nothing is left of it."""
    with contextlib.suppress(OSError):
        os.kill(child, signal.SIGKILL)
    with contextlib.suppress(OSError):
        os.waitpid(child, 0)


def _be_the_child(work, writing, seconds):
    """Do the work and write what it yields to the pipe; end the process without any of Python's ends."""
    try:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD, signal.SIGALRM):
            signal.signal(number, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, 0)
        sys.settrace(None)
        sys.setprofile(None)
        gc.disable()  # a collection would touch, and so copy, every page
        _close_everything(writing)
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
