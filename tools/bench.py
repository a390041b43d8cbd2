#!/usr/bin/env python3
"""Measure fromscratch against PyTorch and TensorFlow on this machine, and write the numbers and a plot.

    bench.py [--repeats N] [--json FILE] [--plot FILE]

Every implementation runs in a process of its own, and they take turns: one run each, then the next round,
with new input and weights in each. A ratio is the median over the rounds of an implementation's time by the
baseline's in the same round. The baseline is torch.nn.functional.conv2d on contiguous NCHW tensors.

With one thread the times are processor time, which other programs on the machine disturb least, and the
processes share a core where the system lets them; with two, elapsed time, and fromscratch shares out its work
by set_threads(2). BLAS chooses its kernels itself, and the allocator keeps its pages: both are set before a
process starts.
"""

import argparse
import contextlib
import json
import math
import os
import platform
import statistics
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from unittest import mock

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "book"))

BASELINE = "torch"
NAMES = {
    "torch": "torch, contiguous (the baseline)",
    "torch channels_last": "torch, channels_last",
    "tensorflow": "tensorflow, NHWC",
    "im2col": "fromscratch.conv.conv2d_im2col",
    "strips": "fromscratch.conv.conv2d_strips",
    "conv2d": "fromscratch.conv2d",
    "fast": "fromscratch.fast.conv2d",
}
ONE_THREAD_ONLY = ("im2col", "strips")
CLOCKS = {1: "cpu", 2: "elapsed"}  # what is measured with so many threads
QUIET = {1: 0.95, 2: 0.8}  # the least part of the processor that a process gets on a quiet machine
PAUSE = 0.5  # seconds; idle threads of a process whose turn is over spin for a while, on somebody else's core
# The shape of x in NCHW, the shape of the weight in OIHW, and groups.
WORKLOAD = ((1, 64, 256, 256), (64, 64, 3, 3), 1)
OTHERS = {
    "manual weights": ((1, 3, 64, 64), (4, 3, 3, 3), 1),
    **{f"{n} x {n}": ((1, 64, n, n), (64, 64, 3, 3), 1) for n in (32, 64, 128)},
    **{f"{n} x {n}, groups=8": ((1, 64, n, n), (64, 8, 3, 3), 8) for n in (32, 256)},
    **{f"{n} x {n}, depthwise": ((1, 64, n, n), (64, 1, 3, 3), 64) for n in (32, 256)},
}


def make_inputs(case, seed):
    """Return new input and weights; the weights are scaled so that outputs are about as large as inputs."""
    import numpy as np

    shape, weight_shape, _ = case
    rng = np.random.default_rng(seed)
    weight = rng.standard_normal(weight_shape, np.float32) / math.sqrt(math.prod(weight_shape[1:]))
    return rng.standard_normal(shape, np.float32), weight.astype(np.float32)


def multiplications(shape, weight_shape, _groups):
    """Return how many products of two numbers the definition has, without padding."""
    batch, _, height, width = shape
    out, channels, kernel_height, kernel_width = weight_shape
    places = (height - kernel_height + 1) * (width - kernel_width + 1)
    return batch * out * channels * kernel_height * kernel_width * places


# In a process of its own: one implementation. `prepare(x, weight, groups)` returns what is timed.


def torch_runner(name, threads):
    """Return (prepare, about) for torch, on contiguous or channels_last tensors."""
    import torch

    torch.set_num_threads(threads)
    layout = torch.channels_last if name == "torch channels_last" else torch.contiguous_format

    def prepare(x, weight, groups):
        x, weight = (torch.from_numpy(array).to(memory_format=layout) for array in (x, weight))
        return lambda: torch.nn.functional.conv2d(x, weight, groups=groups)

    return prepare, f"torch {torch.__version__}, {torch.backends.cpu.get_cpu_capability()}"


def tensorflow_runner(_name, threads):
    """Return (prepare, about) for TensorFlow, in the NHWC layout that its convolution takes."""
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(threads)
    tf.config.threading.set_inter_op_parallelism_threads(1)

    def prepare(x, weight, _groups):
        x, weight = tf.constant(x.transpose(0, 2, 3, 1)), tf.constant(weight.transpose(2, 3, 1, 0))
        return lambda: tf.nn.conv2d(x, weight, 1, "VALID")

    return prepare, f"tensorflow {tf.__version__}"


def numpy_runner(name, threads):
    """Return (prepare, about) for one of fromscratch's functions."""
    import numpy as np
    from threadpoolctl import threadpool_info

    import fromscratch
    import fromscratch.conv
    import fromscratch.fast

    fromscratch.set_threads(threads)
    function = {
        "im2col": fromscratch.conv.conv2d_im2col,
        "strips": fromscratch.conv.conv2d_strips,
        "conv2d": fromscratch.conv2d,
        "fast": fromscratch.fast.conv2d,
    }[name]
    blas = next(library for library in threadpool_info() if library["user_api"] == "blas")
    kernels = f"{blas['internal_api']} {blas['version']}, {blas.get('architecture')} kernels"
    return (
        lambda x, weight, groups: lambda: function(x, weight, groups=groups),
        f"numpy {np.__version__}, {kernels}",
    )


def start(name, threads):
    """Make this process the one that measures `name`. Return the library, its version, and what it chose."""
    global prepare
    # Libraries write notes about the machine there. What goes wrong is raised, and the parent hears of it.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    if threads == 1 and hasattr(os, "sched_setaffinity"):
        # All on one core: cores differ in what else they do, and a process tends to stay on its own.
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    runners = {"torch": torch_runner, "torch channels_last": torch_runner, "tensorflow": tensorflow_runner}
    prepare, about = runners.get(name, numpy_runner)(name, threads)
    return about


def timed(run):
    """Return what one call of `run` takes, in seconds of both clocks."""
    started, cpu = time.perf_counter(), time.process_time()
    run()
    return {"cpu": time.process_time() - cpu, "elapsed": time.perf_counter() - started}


def measure_time(case, seed):
    """Time a run on new input. A short one is repeated, on new input each time, and the median counts."""
    runs = [
        timed(prepare(*make_inputs(case, 1000 * seed + repeat), case[2]))
        for repeat in range(max(1, min(20, 20_000_000 // multiplications(*case))))
    ]
    return {clock: statistics.median(run[clock] for run in runs) for clock in ("cpu", "elapsed")}


def measure_quality(case):
    """Return the largest error against float64, and the bytes that tracemalloc sees, output included."""
    import tracemalloc

    import numpy as np

    from fromscratch import conv2d

    x, weight = make_inputs(case, 0)
    exact = conv2d(x.astype(np.float64), weight.astype(np.float64), groups=case[2])
    run = prepare(x, weight, case[2])
    tracemalloc.start()
    y = run()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    y = np.asarray(y)
    y = y if y.shape == exact.shape else y.transpose(0, 3, 1, 2)
    return {"error": float(abs(y - exact).max()), "bytes": peak}


def measure_peak():
    """Return the best speed of a few products of large matrices, in operations a second of each clock."""
    import numpy as np

    rng, best = np.random.default_rng(0), {"cpu": 0.0, "elapsed": 0.0}
    for n in (512, 1024, 2048):
        a, b = rng.standard_normal((2, n, n), np.float32)
        for _ in range(6):
            taken = timed(lambda a=a, b=b: a @ b)
            best = {clock: max(best[clock], 2 * n**3 / taken[clock]) for clock in best}
    return best


# The parent: it starts the processes, lets them take turns, and prints.


class Implementation:
    """A process that measures one implementation. `about` says which library with which kernels."""

    def __init__(self, name, threads):
        self.name = name
        settings = {
            "OPENBLAS_CORETYPE": "",
            "MALLOC_TRIM_THRESHOLD_": "4000000000",
            "MALLOC_MMAP_THRESHOLD_": "4000000000",
            **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), str(threads)),
        }
        self.pool = ProcessPoolExecutor(1, get_context("spawn"))
        with mock.patch.dict(os.environ, settings):  # the process starts at the first question
            self.about = self.ask(start, name, threads)

    def ask(self, question, *arguments):
        """Return what one of the functions above returns there."""
        return self.pool.submit(question, *arguments).result()


def take_turns(implementations, case, repeats, threads):
    """Return {name: {"ms", "ratio", "cpu_by_elapsed"}} for one case: medians over the rounds."""
    rounds = []
    for seed in range(repeats + 2):
        rounds.append({})
        for one in implementations:
            time.sleep(PAUSE if threads > 1 else 0)
            rounds[-1][one.name] = one.ask(measure_time, case, seed)
    clock, counted, result = CLOCKS[threads], rounds[2:], {}  # two rounds to warm up
    for name in counted[0]:
        times = [answers[name] for answers in counted]
        ratios = (answers[name][clock] / answers[BASELINE][clock] for answers in counted)
        result[name] = {
            "ms": statistics.median(t[clock] for t in times) * 1000,
            "ratio": statistics.median(ratios),
            "cpu_by_elapsed": statistics.median(t["cpu"] / t["elapsed"] for t in times),
        }
    return result


def time_loops():
    """Return the seconds that the seven loops would need for the workload, from a small part of its work."""
    from fromscratch.conv import conv2d_loops

    small = ((1, 8, 16, 16), (8, 8, 3, 3), 1)
    x, weight = make_inputs(small, 0)
    return (
        timed(lambda: conv2d_loops(x, weight))["cpu"] * multiplications(*WORKLOAD) / multiplications(*small)
    )


def measure(repeats, say):
    """Run everything; return the results as a dictionary that JSON can hold. `say` hears what is next."""
    results = {"processor": processor(), "processors": os.cpu_count(), "repeats": repeats}
    results |= {key: {} for key in ("workload", "about", "peak", "quality", "others")}
    for threads, clock in CLOCKS.items():
        if threads > (os.cpu_count() or 1):
            break
        names = [name for name in NAMES if threads == 1 or name not in ONE_THREAD_ONLY]
        with contextlib.ExitStack() as stack:
            started = {}
            for name in names:
                say(f"{NAMES[name]} starts, {in_words(threads)}")
                started[name] = Implementation(name, threads)
                stack.enter_context(started[name].pool)
            say(f"the workload, {in_words(threads)}")
            results["peak"][threads] = started["conv2d"].ask(measure_peak)[clock]
            results["workload"][threads] = take_turns(started.values(), WORKLOAD, repeats, threads)
            if threads > 1:
                continue
            for name, one in started.items():
                results["about"][name] = one.about
                results["quality"][name] = one.ask(measure_quality, WORKLOAD)
            few = [started[name] for name in (BASELINE, "conv2d", "fast")]
            for name, case in OTHERS.items():
                say(name)
                results["others"][name] = take_turns(few, case, repeats, threads)
    say("seven loops")
    results["loops_seconds"] = time_loops()
    return results


def processor():
    """Return the processor's name, with family and model where the system tells them."""
    facts = {}
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text().split("\n\n")[0].splitlines():
            key, _, value = line.partition(":")
            facts[key.strip()] = value.strip()
    if "model name" not in facts:
        return platform.processor() or platform.machine()
    exact = f" (family {facts['cpu family']}, model {facts['model']})" if "cpu family" in facts else ""
    return facts["model name"] + exact


def in_words(threads):
    """Return "1 thread" or "2 threads"."""
    return f"{threads} thread{'s' * (threads > 1)}"


def report(results):
    """Return the whole table as text."""
    shape, weight_shape, _ = WORKLOAD
    operations = 2 * multiplications(*WORKLOAD)
    lines = [f"processor: {results['processor']}, {results['processors']} cores seen"]
    lines += ["instruction set, as each library has chosen it:"]
    lines += [f"  {about}" for about in dict.fromkeys(results["about"].values())]
    lines += [f"workload: x {shape}, weight {weight_shape}: {operations / 1e9:.2f} billion operations"]
    for threads, rows in results["workload"].items():
        peak = results["peak"][threads]
        clock = {"cpu": "processor time", "elapsed": "elapsed time"}[CLOCKS[threads]]
        lines += ["", f"{in_words(threads)}, {clock}, {results['repeats']} rounds, medians"]
        lines += [f"  {'':36}{'ms':>8} {'ratio':>6}" + (f" {'MiB':>7} {'error':>9}" if threads == 1 else "")]
        for name, row in rows.items():
            line = f"  {NAMES[name]:36}{row['ms']:8.1f} {row['ratio']:6.2f}"
            if threads == 1:  # Python's allocator does not see what the frameworks hold
                quality = results["quality"][name]
                memory = f"{quality['bytes'] / 2**20:.1f}" if NAMES[name].startswith("fromscratch") else ""
                line += f" {memory:>7} {quality['error']:9.1e}"
            lines += [line]
        limit = operations / peak * 1000
        lines += [f"  {'limit of all these operations':36}{limit:8.1f} {limit / rows[BASELINE]['ms']:6.2f}"]
        lines += [f"  (at the measured peak of matrix products, {peak / 1e9:.0f} GFLOP/s)"]
    minutes = results["loops_seconds"] / 60
    lines += ["", f"seven loops, 1 thread, from a small part of the work: {minutes:.0f} minutes"]
    for threads, rows in results["workload"].items():
        busy = min(rows[name]["cpu_by_elapsed"] for name in (BASELINE, "conv2d", "fast")) / threads
        if busy < QUIET[threads]:
            lines += [f"The machine was busy: one got {busy:.0%} of the time of {in_words(threads)}."]
    lines += ["", "other sizes, 64 channels to 64 but for the manual weights, 1 thread"]
    lines += [f"  {'':28}{'baseline':>9} {'conv2d':>8} {'ratio':>6} {'fast':>8} {'ratio':>6}"]
    for case, rows in results["others"].items():
        ratios = (f" {rows[name]['ms']:8.3f} {rows[name]['ratio']:6.2f}" for name in ("conv2d", "fast"))
        lines += [f"  {case:28}{rows[BASELINE]['ms']:9.3f}" + "".join(ratios)]
    return "\n".join(lines)


def draw(results, target):
    """Write the plot: one bar an implementation, and the limit as a line."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    plt.rcParams.update({"svg.hashsalt": "bench", "svg.fonttype": "path"})
    rows = results["workload"]
    figure, panels = plt.subplots(
        1, len(rows), figsize=(4.6 * len(rows), 3.4), sharey=True, squeeze=False, layout="constrained"
    )
    places = {name: place for place, name in enumerate(rows[1])}
    for panel, (threads, measured) in zip(panels[0], rows.items(), strict=True):
        limit = 2 * multiplications(*WORKLOAD) / results["peak"][threads] * 1000
        line = panel.axvline(limit, color="#d55e00", linestyle="--")
        bars = panel.barh(
            [places[name] for name in measured],
            [row["ms"] for row in measured.values()],
            color=["#0072b2" if name in ("conv2d", "fast") else "#999999" for name in measured],
        )
        panel.bar_label(bars, fmt="%.0f", padding=3)
        panel.set(title=in_words(threads), xlabel="milliseconds")
        panel.margins(x=0.15)
        panel.spines[["top", "right"]].set_visible(False)
    panels[0][0].set_yticks(
        range(len(places)), [NAMES[name].replace(" (the baseline)", "") for name in places]
    )
    panels[0][0].invert_yaxis()
    figure.legend(
        [line], ["all operations at the measured peak of matrix products"], loc="outside lower center"
    )
    target.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(target, metadata={"Date": None, "Creator": None} if target.suffix == ".svg" else None)
    plt.close(figure)


def main():
    """Measure, print the table, and write the files."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=15, help="rounds that count, at least 3 (default 15)")
    build = ROOT / "_build"
    parser.add_argument("--json", type=Path, default=build / "bench.json", help="where the numbers go")
    parser.add_argument("--plot", type=Path, default=build / "bench.svg", help="where the plot goes")
    options = parser.parse_args()
    if options.repeats < 3:
        parser.error(f"--repeats must be at least 3, but got {options.repeats}")
    from rich.console import Console

    with Console(stderr=True).status("starting") as status:
        results = measure(options.repeats, lambda text: status.update(f"measuring: {text}"))
    print(report(results))
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps(results, indent=1) + "\n")
    draw(results, options.plot)
    print(f"\nnumbers: {options.json}\nplot: {options.plot}")


if __name__ == "__main__":
    main()
