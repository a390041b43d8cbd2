"""Take from a forked process, by the means of the system, what Python cannot refuse to C code: writing files,
starting programs, changing memory that other processes share, and living, computing or growing too long.

What a system does not have is left out; Linux has all of it.
"""

import contextlib
import ctypes
import os
import signal
import sys

MOST_SHARED = 64 << 20  # bytes of shared memory that are copied; more of it may only be read
MEMORY = ("/dev/shm/", "/dev/zero")  # all else in /dev is a device's
MOST_GROWTH = 1 << 30  # bytes of memory that the process may take beyond what it has

PR_SET_PDEATHSIG, PR_SET_NO_NEW_PRIVS = 1, 38
PROT_READ, PROT_WRITE = 1, 2
MAP_PRIVATE, MAP_FIXED, MAP_ANONYMOUS = 2, 16, 32
# Landlock's system calls, and what it can refuse, by its version.
CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
WRITE_FILE = 1 << 1
RIGHTS = {1: 0b1_1111_1111_0011, 2: 1 << 13, 3: 1 << 14}  # to execute, write, make, remove; refer; truncate
CONNECT_AND_BIND = 0b11  # version 4
SIGNALS_AND_SOCKETS = 0b11  # version 6


def confine(parent, seconds):
    """Confine this process, the child of `parent`, which may compute for `seconds`."""
    _limit(seconds)
    if not sys.platform.startswith("linux"):
        return
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
    if os.getppid() != parent:  # it ended before
        os._exit(0)
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:
        file.write("1000")
    _keep_shared_memory(libc)
    _keep_files(libc)


def _limit(seconds):
    """Limit the processor's time, the memory, and what is written to files, core dumps among them."""
    try:
        import resource
    except ImportError:
        return
    limits = {"RLIMIT_CORE": 0, "RLIMIT_FSIZE": 0, "RLIMIT_CPU": seconds}
    with contextlib.suppress(OSError, ValueError), open("/proc/self/statm") as file:
        limits["RLIMIT_DATA"] = int(file.read().split()[5]) * resource.getpagesize() + MOST_GROWTH
    for name, most in limits.items():
        with contextlib.suppress(AttributeError, OSError, ValueError):
            number = getattr(resource, name)
            _, hard = resource.getrlimit(number)
            most = most if hard == resource.RLIM_INFINITY else min(most, hard)
            resource.setrlimit(number, (most, most))


def _keep_shared_memory(libc):
    """Let this process have shared memory for itself: a copy of it where it is small, else to read only."""
    libc.mmap.restype = ctypes.c_void_p
    left = MOST_SHARED
    for start, size in _shared_memory():
        address = ctypes.c_void_p(start)
        if size > left:
            libc.mprotect(address, ctypes.c_size_t(size), PROT_READ)
            continue
        left -= size
        held = ctypes.string_at(start, size)
        flags = MAP_PRIVATE | MAP_FIXED | MAP_ANONYMOUS
        made = libc.mmap(address, ctypes.c_size_t(size), PROT_READ | PROT_WRITE, flags, -1, ctypes.c_long(0))
        if made != start:
            os._exit(0)
        ctypes.memmove(start, held, size)


def _shared_memory():
    """Return [(address, size)] of the memory that this process shares and may write. A device's is never
    copied: it is as large as can be.
    """
    found = []
    with open("/proc/self/maps") as file:
        for line in file:
            span, rights, _, _, _, *name = line.split(maxsplit=5)
            if "w" in rights and "s" in rights:
                start, end = (int(each, 16) for each in span.split("-"))
                plain = not name or not name[0].startswith("/dev/") or name[0].startswith(MEMORY)
                found.append((start, end - start if plain else max(end - start, MOST_SHARED + 1)))
    return found


def _keep_files(libc):
    """Refuse to write, make or remove any file but /dev/null, to start programs, to connect, and to send
    signals, whoever asks for it.
    """
    version = libc.syscall(CREATE_RULESET, None, ctypes.c_size_t(0), 1)
    if version < 1:
        return
    files = sum(rights for since, rights in RIGHTS.items() if since <= version)
    asked = [files, CONNECT_AND_BIND if version >= 4 else 0, SIGNALS_AND_SOCKETS if version >= 6 else 0]
    asked = asked[: 1 if version < 4 else 2 if version < 6 else 3]
    attributes = (ctypes.c_uint64 * len(asked))(*asked)
    rules = libc.syscall(CREATE_RULESET, attributes, ctypes.c_size_t(ctypes.sizeof(attributes)), 0)
    if rules < 0:
        return
    nowhere = os.open(os.devnull, os.O_PATH)
    rule = ctypes.create_string_buffer(
        WRITE_FILE.to_bytes(8, sys.byteorder) + nowhere.to_bytes(4, sys.byteorder), 12
    )
    libc.syscall(ADD_RULE, rules, 1, rule, 0)
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    libc.syscall(RESTRICT_SELF, rules, 0)
    os.close(nowhere)
    os.close(rules)
