"""A stored run of `make bench`, as tables: what chapter 14 shows of the files in book/measured/.

All methods return text, so that a chapter prints it. Times are milliseconds with one thread, where nothing
else is said, and a ratio is to the baseline: torch.nn.functional.conv2d on a contiguous tensor.
"""

import json
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "measured"
BASELINE = "torch"
STEPS = ("im2col", "strips", "conv2d", "fast")  # the ways of fromscratch, in the chapter's order
MIB = 2**20


def stored_run(name):
    """Return the run of book/measured/<name>.json. Raises ValueError where there is no such file."""
    file = FOLDER / f"{name}.json"
    if not file.is_file():
        known = ", ".join(sorted(path.stem for path in FOLDER.glob("*.json")))
        raise ValueError(f"stored_run() expects one of {known}, got {name!r}.")
    return Run(json.loads(file.read_text(encoding="utf-8")))


class Run:
    """One run of the benchmark on one machine; `stored` is what the benchmark wrote."""

    def __init__(self, stored):
        self.stored = stored
        self.names = list(stored["workload"]["1"])

    def ms(self, name):
        """Return the milliseconds of an implementation on the workload."""
        return self.stored["workload"]["1"][name]["ms"]

    def ratio(self, name, threads=1):
        """Return the time of an implementation on the workload as a multiple of the baseline's."""
        return self.stored["workload"][str(threads)][name]["ratio"]

    def at_the_peak(self, multiplications):
        """Return the milliseconds of that many multiplications, and as many additions, at the peak."""
        return 2 * multiplications / self.stored["peak"]["1"] * 1000

    def instructions(self):
        """Return the name of the instruction set that the processor has."""
        return self.stored["about"][BASELINE].split()[-1]

    def machine(self):
        """Say what was measured, on what, and how fast its products of matrices are at most."""
        stored = self.stored
        busy = min(row["cpu_by_elapsed"] for row in stored["workload"]["1"].values())
        return "\n".join(
            [
                f"{stored['processor']}, {stored['processors']} cores, {stored['repeats']} rounds",
                *(stored["about"][name] for name in ("conv2d", BASELINE, "tensorflow")),
                f"processor time was at least {busy:.0%} of elapsed time",
                f"peak: {stored['peak']['1'] / 1e9:.0f} billion operations a second",
            ]
        )

    def row(self, name):
        """Say how long an implementation takes, and of the book's own how much memory it holds."""
        line = f"{name}: {self.ms(name):.1f} milliseconds, {self.ratio(name):.2f} times PyTorch's"
        if name not in STEPS:
            return line
        held = self.stored["quality"][name]["bytes"] / MIB
        return f"{line}\nheld at once, output included: {held:.0f} MiB"

    def loops(self):
        """Say how long the seven loops would take."""
        seconds = self.stored["loops_seconds"]
        times = seconds * 1000 / self.ms(BASELINE)
        return f"seven loops: {seconds / 60:.0f} minutes\n{times:,.0f} times PyTorch's"

    def split(self, work):
        """Return {name: (milliseconds, those of its products at the peak)}; None for a framework's products.

        work: how many multiplications each of the book's own implementations makes.
        """
        return {
            name: (self.ms(name), self.at_the_peak(work[name]) if name in work else None)
            for name in self.names
        }

    def steps(self, work):
        """Return a table of the book's own implementations: operations, time at the peak, time, memory."""
        rows = [["", "billion", "at the", "", "", "held,"]]
        rows += [["", "operations", "peak", "measured", "the rest", "MiB"]]
        for name, multiplications in work.items():
            best, ms = self.at_the_peak(multiplications), self.ms(name)
            held = self.stored["quality"][name]["bytes"] / MIB
            numbers = [f"{2 * multiplications / 1e9:.2f}", f"{best:.1f}", f"{ms:.1f}", f"{ms - best:.1f}"]
            rows.append([name, *numbers, f"{held:.0f}"])
        return table(rows)

    def errors(self):
        """Return a table of the largest error of each implementation on the workload, in float32."""
        quality = self.stored["quality"]
        names = [name for name in quality if name != "torch channels_last"]
        return table([[name, f"{quality[name]['error']:.0e}"] for name in names])


def side_by_side(runs, work):
    """Return a table of several runs: the limit, the time beside the products, and the ratios.

    work: how many multiplications each of the book's own implementations makes.
    """
    rows = [["", *(run.instructions() for run in runs)]]
    rows.append(["limit", *(f"{run.at_the_peak(work['conv2d']):.1f}" for run in runs)])
    rows.append([BASELINE, *(f"{run.ms(BASELINE):.1f}" for run in runs)])
    for name in ("conv2d", "fast"):
        beside = [run.ms(name) - run.at_the_peak(work[name]) for run in runs]
        rows.append([f"{name} beside its products", *(f"{ms:.1f}" for ms in beside)])
    for name in ("conv2d", "fast"):
        for threads in (1, 2):
            label = f"{name} / {BASELINE}, {threads} thread{'s' * (threads > 1)}"
            rows.append([label, *(f"{run.ratio(name, threads):.2f}" for run in runs)])
    return table(rows)


def other_sizes(runs):
    """Return a table of the ratios of conv2d and fast for other sizes, with one thread: two columns a run."""
    names = ("conv2d", "fast")
    rows = [["", *(run.instructions() for run in runs for _ in names)]]
    rows.append(["", *(name for _ in runs for name in names)])
    for case in runs[0].stored["others"]:
        measured = (run.stored["others"][case] for run in runs)
        rows.append([case, *(f"{row[name]['ratio']:.2f}" for row in measured for name in names)])
    return table(rows)


def table(rows):
    """Return rows of texts as lines: the first column on the left, the others on the right."""
    first, *others = (max(map(len, column)) for column in zip(*rows, strict=True))
    return "\n".join(
        (name.ljust(first) + "".join(f"  {cell:>{wide}}" for cell, wide in zip(cells, others, strict=True)))
        for name, *cells in rows
    )
