#!/usr/bin/env python3
"""Measure fromscratch against PyTorch and TensorFlow on this machine, and write the numbers and a plot.

    bench.py [--repeats N] [--json FILE] [--plot FILE]

Every implementation runs in a process of its own, and they take turns: one run each, then the next round,
with new input and weights in each. A ratio is the median over the rounds of an implementation's time by the
baseline's in the same round. The baseline is torch.nn.functional.conv2d on contiguous NCHW tensors.

With one thread the times are processor time, which other programs on the machine disturb least, and the
processes share a core where the system lets them; with two, elapsed time. BLAS chooses its kernels itself,
and the allocator keeps its pages: both are set before a process starts.
"""

import argparse
import json
import math
import os
import platform
import statistics
import subprocess
import sys
import time
from pathlib import Path

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
CLOCKS = {1: "cpu", 2: "elapsed"}  # what is measured with so many threads
PAUSE = 0.5  # seconds; idle threads of a process whose turn is over spin for a while, on somebody else's core
# The shape of x in NCHW, the shape of the weight in OIHW, and groups.
WORKLOAD = ((1, 64, 256, 256), (64, 64, 3, 3), 1)
OTHERS = {
    "manual weights": ((1, 3, 64, 64), (4, 3, 3, 3), 1),
    **{f"{n} x {n}": ((1, 64, n, n), (64, 64, 3, 3), 1) for n in (32, 64, 128)},
    **{f"{n} x {n}, groups=8": ((1, 64, n, n), (64, 8, 3, 3), 8) for n in (32, 256)},
    **{f"{n} x {n}, depthwise": ((1, 64, n, n), (64, 1, 3, 3), 64) for n in (32, 256)},
}


# A worker: one implementation, one process. It reads one request a line and answers with one line.


def make_inputs(case, seed):
    """New input and weights; the weights are scaled so that outputs are about as large as inputs."""
    import numpy as np

    shape, weight_shape, _ = case
    rng = np.random.default_rng(seed)
    weight = rng.standard_normal(weight_shape, np.float32) / math.sqrt(math.prod(weight_shape[1:]))
    return rng.standard_normal(shape, np.float32), weight.astype(np.float32)


def torch_runner(threads, channels_last):
    import torch

    torch.set_num_threads(threads)

    def prepare(x, weight, groups):
        x, weight = torch.from_numpy(x), torch.from_numpy(weight)
        if channels_last:
            x, weight = (t.to(memory_format=torch.channels_last) for t in (x, weight))
        return lambda: torch.nn.functional.conv2d(x, weight, groups=groups)

    return prepare, f"torch {torch.__version__}, {torch.backends.cpu.get_cpu_capability()}"


def tensorflow_runner(threads):
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(threads)
    tf.config.threading.set_inter_op_parallelism_threads(1)

    def prepare(x, weight, groups):
        x, weight = tf.constant(x.transpose(0, 2, 3, 1)), tf.constant(weight.transpose(2, 3, 1, 0))
        return lambda: tf.nn.conv2d(x, weight, 1, "VALID")

    return prepare, f"tensorflow {tf.__version__}"


def numpy_runner(name, threads):
    import numpy as np
    from threadpoolctl import threadpool_info, threadpool_limits

    import fromscratch
    import fromscratch.fast

    threadpool_limits(threads)
    function = {
        "im2col": fromscratch.conv.conv2d_im2col,
        "strips": fromscratch.conv.conv2d_strips,
        "conv2d": fromscratch.conv2d,
        "fast": fromscratch.fast.conv2d,
    }[name]
    blas = [lib for lib in threadpool_info() if lib["user_api"] == "blas"]
    kernels = ", ".join(
        f"{lib['internal_api']} {lib['version']}, {lib.get('architecture')} kernels" for lib in blas
    )
    return (
        lambda x, weight, groups: lambda: function(x, weight, groups=groups),
        f"numpy {np.__version__}, {kernels}",
    )


def worker(name, threads):
    """Answer requests on standard input until it closes."""
    if threads == 1 and hasattr(os, "sched_setaffinity"):
        # All on one core: cores differ in what else they do, and a process tends to stay on its own.
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    answers, sys.stdout = sys.stdout, sys.stderr  # what a library prints does not mix with the answers
    if name == "tensorflow":
        prepare, about = tensorflow_runner(threads)
    elif name.startswith("torch"):
        prepare, about = torch_runner(threads, channels_last=name != "torch")
    else:
        prepare, about = numpy_runner(name, threads)
    print(json.dumps({"about": about}), file=answers, flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        print(json.dumps(ANSWERS[request["what"]](prepare, request)), file=answers, flush=True)


def answer_time(prepare, request):
    """Time a run on new input. A short one is repeated, on new input each time, and the median counts."""
    case, runs = request["case"], []
    for repeat in range(max(1, min(20, 20_000_000 // multiplications(*case)))):
        x, weight = make_inputs(case, 1000 * request["seed"] + repeat)
        run = prepare(x, weight, case[2])
        started, cpu = time.perf_counter(), time.process_time()
        run()
        runs.append((time.process_time() - cpu, time.perf_counter() - started))
    cpu, elapsed = (statistics.median(times) for times in zip(*runs, strict=True))
    return {"cpu": cpu, "elapsed": elapsed}


def answer_quality(prepare, request):
    """The largest error against float64, and the memory that Python's allocator sees, output included."""
    import tracemalloc

    import numpy as np

    from fromscratch import conv2d

    x, weight = make_inputs(request["case"], request["seed"])
    groups = request["case"][2]
    exact = conv2d(x.astype(np.float64), weight.astype(np.float64), groups=groups)
    run = prepare(x, weight, groups)
    tracemalloc.start()
    y = run()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    y = np.asarray(y)
    y = y if y.shape == exact.shape else y.transpose(0, 3, 1, 2)
    return {"error": float(abs(y - exact).max()), "bytes": peak}


def answer_peak(prepare, request):
    """The fastest of a few products of large matrices, in floating-point operations a second."""
    import numpy as np

    rng = np.random.default_rng(request["seed"])
    best = {"cpu": 0.0, "elapsed": 0.0}
    for n in (512, 1024, 2048):
        a, b = rng.standard_normal((2, n, n), np.float32)
        for _ in range(6):
            started, cpu = time.perf_counter(), time.process_time()
            a @ b
            taken = {"cpu": time.process_time() - cpu, "elapsed": time.perf_counter() - started}
            best = {clock: max(best[clock], 2 * n**3 / taken[clock]) for clock in best}
    return best


ANSWERS = {"time": answer_time, "quality": answer_quality, "peak": answer_peak}


# The parent: it starts the workers, lets them take turns, and prints.


class Worker:
    """A process that measures one implementation."""

    def __init__(self, name, threads):
        environment = {
            **os.environ,
            "OPENBLAS_CORETYPE": "",
            "MALLOC_TRIM_THRESHOLD_": "4000000000",
            "MALLOC_MMAP_THRESHOLD_": "4000000000",
        }
        for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
            environment[variable] = str(threads)
        self.name = name
        self.process = subprocess.Popen(
            [sys.executable, __file__, "--worker", name, str(threads)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
            text=True,
        )

    def read(self):
        """Return the next answer."""
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"bench: the process of {NAMES[self.name]} ended:\n{self.process.stderr.read()[-2000:]}")
        return json.loads(line)

    def ask(self, what, case=None, seed=0):
        """Send a request and wait for the answer."""
        self.process.stdin.write(json.dumps({"what": what, "case": case, "seed": seed}) + "\n")
        self.process.stdin.flush()
        return self.read()

    def close(self):
        self.process.stdin.close()
        self.process.wait(timeout=30)
        self.process.stdout.close()
        self.process.stderr.close()


def take_turns(workers, case, repeats, threads, step):
    """Return {name: {"ms", "ratio", "busy"}} for one case: medians over the rounds."""
    clock, rounds = CLOCKS[threads], []
    for seed in range(-2, repeats):  # two rounds to warm up
        answers = {}
        for worker in workers:
            time.sleep(PAUSE if threads > 1 else 0)
            answers[worker.name] = worker.ask("time", case, seed + 2)
        if seed >= 0:
            rounds.append(answers)
        step()
    result = {}
    for worker in workers:
        times = [answers[worker.name][clock] for answers in rounds]
        ratios = [answers[worker.name][clock] / answers[BASELINE][clock] for answers in rounds]
        busy = statistics.median(a[worker.name]["cpu"] / a[worker.name]["elapsed"] for a in rounds)
        result[worker.name] = {
            "ms": statistics.median(times) * 1000,
            "ratio": statistics.median(ratios),
            "cpu_by_elapsed": busy,
        }
    return result


def time_loops():
    """Seconds that the seven loops would need for the workload, from a ten-thousandth of its work."""
    from fromscratch.conv import conv2d_loops

    x, weight = make_inputs(((1, 8, 16, 16), (8, 8, 3, 3), 1), 0)
    started = time.process_time()
    y = conv2d_loops(x, weight)
    return (time.process_time() - started) * multiplications(*WORKLOAD) / (y.size * weight[0].size)


def multiplications(shape, weight_shape, _groups):
    """How many products of two numbers the definition has, without padding."""
    batch, _, height, width = shape
    out, channels, kernel_height, kernel_width = weight_shape
    places = (height - kernel_height + 1) * (width - kernel_width + 1)
    return batch * out * channels * kernel_height * kernel_width * places


def measure(repeats, step):
    """Run everything; return the results as a dictionary that JSON can hold."""
    results = {"processor": processor(), "processors": os.cpu_count(), "repeats": repeats, "workload": {}}
    results["about"], results["peak"], results["quality"] = {}, {}, {}
    few = [BASELINE, "conv2d", "fast"]
    for threads in CLOCKS:
        if threads > (os.cpu_count() or 1):
            break
        names = list(NAMES) if threads == 1 else [name for name in NAMES if name not in ("im2col", "strips")]
        workers = {name: Worker(name, threads) for name in names}
        try:
            for name, one in workers.items():
                results["about"][name] = one.read()["about"]
                step()
            results["peak"][threads] = workers["conv2d"].ask("peak")[CLOCKS[threads]]
            results["workload"][threads] = take_turns(
                list(workers.values()), WORKLOAD, repeats, threads, step
            )
            if threads == 1:
                for name in names:
                    results["quality"][name] = workers[name].ask("quality", WORKLOAD)
                    step()
                chosen = [workers[name] for name in few]
                results["others"] = {
                    name: take_turns(chosen, case, repeats, threads, step) for name, case in OTHERS.items()
                }
        finally:
            for one in workers.values():
                one.close()
    results["loops_seconds"] = time_loops()
    step()
    return results


def count_steps(repeats):
    """How many steps `measure` reports, for the progress bar."""
    two = 5 + repeats + 2 if (os.cpu_count() or 1) > 1 else 0
    return 2 * len(NAMES) + (repeats + 2) * (1 + len(OTHERS)) + two + 1


def processor():
    """The processor's name."""
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def report(results):
    """Return the whole table as text."""
    shape, weight_shape, _ = WORKLOAD
    operations = 2 * multiplications(*WORKLOAD)
    lines = [
        f"processor: {results['processor']}, {results['processors']} cores seen",
        *(
            f"  {NAMES[name]}: {about}"
            for name, about in results["about"].items()
            if name in ("torch", "tensorflow", "conv2d")
        ),
        f"workload: x {shape}, weight {weight_shape}: {operations / 1e9:.2f} billion operations",
    ]
    for threads, rows in results["workload"].items():
        peak = results["peak"][threads]
        clock = {"cpu": "processor time", "elapsed": "elapsed time"}[CLOCKS[threads]]
        lines += [
            "",
            f"{threads} thread{'s' * (threads > 1)}, {clock}, median of {results['repeats']} rounds",
        ]
        lines.append(f"  {'':36}{'ms':>8} {'ratio':>6} {'MiB':>7} {'error':>9}")
        for name, row in rows.items():
            quality = results["quality"][name]
            memory = "" if name.startswith(("torch", "tensor")) else f"{quality['bytes'] / 2**20:.1f}"
            lines.append(
                f"  {NAMES[name]:36}{row['ms']:8.1f} {row['ratio']:6.2f} {memory:>7} {quality['error']:9.1e}"
            )
        limit = operations / peak * 1000
        lines.append(
            f"  {'limit of all these operations':36}{limit:8.1f} {limit / rows[BASELINE]['ms']:6.2f}"
        )
        lines.append(f"  (at the measured peak of matrix products, {peak / 1e9:.0f} GFLOP/s)")
        if threads == 1:
            lines.append(
                f"  seven loops, from a small part of the work: {results['loops_seconds'] / 60:.0f} minutes"
            )
            worst = min(row["cpu_by_elapsed"] for row in rows.values())
            if worst < 0.95:
                lines.append(
                    f"  The machine was busy: processor time was down to {worst:.0%} of elapsed time."
                )
    lines += ["", "other sizes, 64 channels to 64 but for the manual weights, 1 thread"]
    lines.append(f"  {'':28}{'baseline':>9} {'conv2d':>8} {'ratio':>6} {'fast':>8} {'ratio':>6}")
    for name, rows in results["others"].items():
        plain, fast = rows["conv2d"], rows["fast"]
        lines.append(
            f"  {name:28}{rows[BASELINE]['ms']:9.3f} {plain['ms']:8.3f} {plain['ratio']:6.2f}"
            f" {fast['ms']:8.3f} {fast['ratio']:6.2f}"
        )
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
    order = [name for name in NAMES if name in rows[min(rows)]]
    for panel, (threads, measured) in zip(panels[0], rows.items(), strict=True):
        limit = 2 * multiplications(*WORKLOAD) / results["peak"][threads] * 1000
        line = panel.axvline(limit, color="#d55e00", linestyle="--", zorder=3)
        for place, name in enumerate(order):
            if name in measured:
                ms = measured[name]["ms"]
                panel.barh(place, ms, color="#0072b2" if name in ("conv2d", "fast") else "#999999")
                panel.annotate(
                    f"{ms:.0f}",
                    (ms, place),
                    xytext=(3, 0),
                    textcoords="offset points",
                    va="center",
                    zorder=4,
                    bbox={"boxstyle": "square,pad=0.1", "facecolor": "white", "edgecolor": "none"},
                )
        panel.set_title(f"{threads} thread{'s' * (threads > 1)}", fontsize=10)
        panel.set_xlabel("milliseconds")
        panel.margins(x=0.15)
        panel.spines[["top", "right"]].set_visible(False)
    panels[0][0].set_yticks(range(len(order)), [NAMES[name].replace(" (the baseline)", "") for name in order])
    panels[0][0].invert_yaxis()
    figure.legend(
        [line], ["all operations at the measured peak of matrix products"], loc="outside lower center"
    )
    target.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(target, metadata={"Date": None, "Creator": None} if target.suffix == ".svg" else None)
    plt.close(figure)


def main():
    if sys.argv[1:2] == ["--worker"]:
        worker(sys.argv[2], int(sys.argv[3]))
        return
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=15, help="rounds that count, at least 3 (default 15)")
    parser.add_argument(
        "--json", type=Path, default=ROOT / "_build" / "bench.json", help="where the numbers go"
    )
    parser.add_argument(
        "--plot", type=Path, default=ROOT / "_build" / "bench.svg", help="where the plot goes"
    )
    options = parser.parse_args()
    if options.repeats < 3:
        parser.error(f"--repeats must be at least 3, but got {options.repeats}")
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = TextColumn("measuring"), BarColumn(), TextColumn("{task.percentage:3.0f}%"), TimeElapsedColumn()
    with Progress(*columns, transient=True) as progress:
        task = progress.add_task("", total=count_steps(options.repeats))
        results = measure(options.repeats, lambda: progress.advance(task))
    print(report(results))
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps(results, indent=1) + "\n")
    draw(results, options.plot)
    print(f"\nnumbers: {options.json}\nplot: {options.plot}")


if __name__ == "__main__":
    main()
