"""set_threads: the same numbers, on as many threads as asked for, and BLAS as it was."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

import fromscratch
from fromscratch import fast, threads
from fromscratch.checks.shapes import check_conv2d
from fromscratch.conv.few_filters import few_filters
from fromscratch.conv.forward import compute
from fromscratch.conv.sliding_rows import sliding_rows
from fromscratch.conv.winograd import winograd

try:
    import threadpoolctl
except ImportError:
    threadpoolctl = None

needs_threadpoolctl = pytest.mark.skipif(not threadpoolctl, reason="threadpoolctl is not installed")


@pytest.fixture(autouse=True)
def one_thread_afterwards():
    """Leave fromscratch as it is by default."""
    yield
    threads.set_threads(1)


@pytest.fixture
def one_thread_of_blas():
    """Make products equal to the bit: how BLAS cuts one up for its threads may change the rounding."""
    pytest.importorskip("threadpoolctl")
    with threadpoolctl.threadpool_limits(1, "blas"):
        yield


def inputs(shape, weight_shape, dtype=np.float32):
    """Return x and a weight of random numbers, none of them integers."""
    rng = np.random.default_rng(3)
    return rng.standard_normal(shape).astype(dtype), rng.standard_normal(weight_shape).astype(dtype)


def blas_threads():
    """Return how many threads each BLAS in this process may use."""
    return [pool["num_threads"] for pool in threadpoolctl.threadpool_info() if pool["user_api"] == "blas"]


# Several strips each, the last one smaller, and no two axes alike.
WAYS = {
    "sliding_rows": (sliding_rows, (2, 6, 37, 29), (10, 3, 3, 5), 2, {"padding": 1, "cache": 9000}),
    "sliding_rows, a stride": (sliding_rows, (2, 6, 37, 29), (10, 3, 3, 5), 2, {"stride": 2, "cache": 9000}),
    "few_filters": (few_filters, (2, 6, 37, 29), (4, 3, 3, 5), 2, {"padding": 1, "cache": 30_000}),
    "winograd": (winograd, (2, 5, 37, 29), (7, 5, 3, 3), 1, {"padding": 1}),
}


def run(way, shape, weight_shape, groups, settings):
    """Return what one way computes."""
    x, weight = inputs(shape, weight_shape)
    cache = {"cache": settings["cache"]} if "cache" in settings else {}
    sizes = settings.get("stride", 1), settings.get("padding", 0), 1, groups
    window, groups = check_conv2d("test", x, weight, None, *sizes)
    return compute(lambda *arguments: way(*arguments, **cache), x, weight, window, groups)


@pytest.mark.usefixtures("one_thread_of_blas")
@pytest.mark.parametrize("name", WAYS)
def test_every_number_of_threads_gives_the_same_bits(name):
    expected = run(*WAYS[name])
    for n in (2, 3):
        threads.set_threads(n)
        np.testing.assert_array_equal(run(*WAYS[name]), expected)


@pytest.mark.parametrize("name", WAYS)
def test_strips_are_worked_on_by_as_many_threads_as_asked_for(name, monkeypatch):
    """Each waits at its first strip for all others: with a thread too few the barrier breaks."""
    threads.set_threads(3)
    barrier, seen = threading.Barrier(3, timeout=20), set()
    share_out = threads.share_out

    def spy(compute_piece, pieces):
        def compute_and_meet(*piece):
            if threading.get_ident() not in seen:
                seen.add(threading.get_ident())
                barrier.wait()
            compute_piece(*piece)

        share_out(compute_and_meet, pieces)

    monkeypatch.setattr(f"{WAYS[name][0].__module__}.share_out", spy)
    run(*WAYS[name])
    assert len(seen) == 3
    assert threading.get_ident() in seen


@pytest.mark.usefixtures("one_thread_of_blas")
@pytest.mark.parametrize("conv2d", [fromscratch.conv2d, fast.conv2d])
def test_the_public_functions_share_out_their_strips(conv2d):
    x, weight = inputs((1, 32, 120, 130), (24, 32, 3, 3))
    expected = conv2d(x, weight)
    threads.set_threads(2)
    np.testing.assert_array_equal(conv2d(x, weight), expected)


@pytest.mark.parametrize("n", [1, 2, 5])
def test_each_piece_is_computed_once(n):
    threads.set_threads(n)
    pieces, done = [(i, i * i) for i in range(200)], []
    threads.share_out(lambda *piece: done.append(piece), iter(pieces))
    assert sorted(done) == pieces


@pytest.mark.parametrize("pieces", [0, 1, 2])
def test_fewer_pieces_than_threads(pieces):
    threads.set_threads(4)
    done = []
    threads.share_out(done.append, ((i,) for i in range(pieces)))
    assert sorted(done) == list(range(pieces))


def test_one_piece_starts_no_thread():
    threads.set_threads(2)
    names = []
    threads.share_out(lambda: names.append(threading.current_thread()), [()])
    assert names == [threading.current_thread()]


@pytest.mark.parametrize("where", ["caller", "helper"])
def test_an_error_in_any_thread_reaches_the_caller(where):
    threads.set_threads(2)
    caller, both = threading.get_ident(), threading.Barrier(2, timeout=20)

    def compute_piece(_):
        both.wait()
        if (threading.get_ident() == caller) == (where == "caller"):
            raise ZeroDivisionError("in the " + where)

    with pytest.raises(ZeroDivisionError, match="in the " + where):
        threads.share_out(compute_piece, [(0,), (1,)])
    done = []
    threads.share_out(done.append, [(0,), (1,)])  # and the next call works
    assert sorted(done) == [0, 1]


def test_no_thread_is_at_work_any_more_when_an_error_is_raised():
    threads.set_threads(2)
    caller, both, finished = threading.get_ident(), threading.Barrier(2, timeout=20), threading.Event()

    def compute_piece(_):
        both.wait()
        if threading.get_ident() == caller:
            raise ZeroDivisionError
        threading.Event().wait(0.2)
        finished.set()

    with pytest.raises(ZeroDivisionError):
        threads.share_out(compute_piece, [(0,), (1,)])
    assert finished.is_set()


@needs_threadpoolctl
def test_blas_has_one_thread_during_a_shared_call_and_what_it_had_afterwards():
    with threadpoolctl.threadpool_limits(2, "blas"):
        before = blas_threads()
        assert 2 in before, "BLAS took the limit"
        during = []
        threads.share_out(lambda: during.append(blas_threads()), [()] * 3)
        assert during == [before] * 3, "with one thread BLAS decides for itself"
        threads.set_threads(2)
        during.clear()
        threads.share_out(lambda: during.append(blas_threads()), [()] * 3)
        assert during == [[1] * len(before)] * 3
        assert blas_threads() == before
        with pytest.raises(ZeroDivisionError):
            threads.share_out(lambda: 1 / 0, [()] * 3)
        assert blas_threads() == before


def test_a_second_caller_waits_for_the_first():
    """BLAS has one setting for the whole process: two calls at once would restore each other's."""
    threads.set_threads(2)
    done = []
    second = threading.Thread(target=threads.share_out, args=(lambda _: done.append("second"), [(0,), (1,)]))

    def compute_piece(number):
        if number == 0:
            second.start()
            second.join(timeout=0.2)  # time enough to get in
        done.append("first")

    threads.share_out(compute_piece, [(0,), (1,)])
    second.join(timeout=20)
    assert done == ["first", "first", "second", "second"]


def test_threads_are_kept_from_call_to_call_and_end_with_the_setting():
    def helpers():
        return {thread for thread in threading.enumerate() if thread.name.startswith("fromscratch")}

    threads.set_threads(3)
    all_three = threading.Barrier(3, timeout=20)
    threads.share_out(all_three.wait, [()] * 3)
    kept = helpers()
    assert len(kept) == 2
    threads.share_out(all_three.wait, [()] * 3)
    assert helpers() == kept
    threads.set_threads(1)
    assert not helpers()


@pytest.mark.parametrize(
    ("n", "kind", "message"),
    [
        (0, ValueError, "n must be at least 1, but got 0."),
        (-2, ValueError, "n must be at least 1, but got -2."),
        (True, TypeError, "n must be an integer, but got True of type bool."),
        (2.0, TypeError, "n must be an integer, but got 2.0 of type float."),
        (None, TypeError, "n must be an integer, but got None of type NoneType."),
    ],
)
def test_wrong_numbers_of_threads_are_refused(n, kind, message):
    with pytest.raises(kind) as caught:
        fromscratch.set_threads(n)
    assert str(caught.value) == message


WITHOUT = """
import sys, warnings
sys.modules["threadpoolctl"] = None  # as if it were not installed
import numpy as np, fromscratch
x, weight = np.ones((1, 24, 80, 90), np.float32), np.ones((20, 24, 3, 3), np.float32)
expected = fromscratch.conv2d(x, weight)
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    fromscratch.set_threads(2)
assert np.array_equal(fromscratch.conv2d(x, weight), expected)
print(*(warning.message for warning in caught), sep="\\n")
"""


@pytest.mark.parametrize("limit", [None, "1"])
def test_without_threadpoolctl_one_sentence_says_what_to_set(limit):
    environment = {key: value for key, value in os.environ.items() if key != "OPENBLAS_NUM_THREADS"}
    environment |= {"PYTHONPATH": str(Path(fromscratch.__file__).parents[1])}
    environment |= {"OPENBLAS_NUM_THREADS": limit} if limit else {}
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    if limit:
        assert done.stdout.strip() == "", "BLAS has one thread already"
    else:
        assert done.stdout.strip() == (
            "BLAS may start threads of its own in each thread of fromscratch: install threadpoolctl, or set "
            "the environment variable OPENBLAS_NUM_THREADS=1 before NumPy is imported."
        )


def test_the_warning_points_at_the_callers_line(monkeypatch):
    monkeypatch.setattr(threads, "ThreadpoolController", None)
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    with pytest.warns(UserWarning, match="install threadpoolctl") as caught:
        threads.set_threads(2)
    assert caught[0].filename == __file__
