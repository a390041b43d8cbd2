"""How many threads share the work of a convolution.

NumPy lets go of Python's lock while it copies and multiplies, so Python's threads do work at the same time.
The work is cut into strips (conv/walk.py) that write to different places. A thread that has finished a strip
takes the next one, so a thread that is held up by another program holds up nobody.
"""

import contextlib
import os
import threading
import warnings
from concurrent.futures import ThreadPoolExecutor, wait
from functools import partial

from .checks.arguments import whole

try:
    from threadpoolctl import ThreadpoolController
except ImportError:  # nothing can hold BLAS to one thread then; all the rest works
    ThreadpoolController = None

_threads = 1
_helpers = None  # the other threads: _threads - 1 of them, kept from call to call
_one_thread_of_blas = contextlib.nullcontext  # makes the context in which BLAS is held to one thread
_one_call_at_a_time = threading.Lock()  # because BLAS has one setting for all threads


def set_threads(n):
    """Let n threads share the strips of every convolution that follows.

    n: an integer, at least 1. With 1, the default, fromscratch starts no thread, and BLAS, the library behind
        @, decides for itself how many it uses. With more, BLAS is held to one thread while strips are shared:
        n threads whose products start threads of their own get in each other's way. threadpoolctl holds it;
        where that is not installed, a warning says what to set.

    Results stay the same up to rounding. A small image is a single piece, and gradients add up in one place:
    these stay with one thread of Python and with BLAS.

    Raises TypeError or ValueError for another n.
    """
    global _threads, _helpers, _one_thread_of_blas
    n = whole(n, "n", at_least=1)
    if n == _threads:
        return
    with _one_call_at_a_time:
        if _helpers:
            _helpers.shutdown()
        _threads, _helpers = n, ThreadPoolExecutor(n - 1, "fromscratch") if n > 1 else None
    if n > 1 and ThreadpoolController:
        blas = ThreadpoolController().select(user_api="blas")
        _one_thread_of_blas = partial(blas.limit, limits=1)
    elif n > 1 and os.environ.get("OPENBLAS_NUM_THREADS") != "1":
        warnings.warn(
            "BLAS may start threads of its own in each thread of fromscratch: install threadpoolctl, or set "
            "the environment variable OPENBLAS_NUM_THREADS=1 before NumPy is imported.",
            stacklevel=2,
        )


def share_out(compute, pieces):
    """Call compute(*piece) for every piece, on as many threads as set_threads said, this one among them.

    Pieces must write to different places. What one raises is raised here, when no thread is at work any more.
    """
    pieces = list(pieces)
    remaining = iter(pieces)  # all threads take from here; Python's lock gives each piece to one of them

    def work():
        for piece in remaining:
            compute(*piece)

    if _threads == 1 or len(pieces) < 2:
        work()
        return
    with _one_call_at_a_time, _one_thread_of_blas():
        others = [_helpers.submit(work) for _ in range(min(_threads, len(pieces)) - 1)]
        try:
            work()
        finally:
            wait(others)
        for other in others:
            other.result()  # raises what was raised there
