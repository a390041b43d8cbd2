#!/usr/bin/env python3
"""Find on this machine where the ways of conv2d cross over, and print them beside the table that it uses.

    thresholds.py [--repeats N]

The table is fromscratch/conv/choose.py. For each of its sizes two ways run in turns over a row of inputs, one
thread, medians of the processor time. The crossover is where the ratio of their times passes 1, between two
sizes of the row. The text beside it shows the ratios, so that a crossover that is no sharp one can be told.
"""

import argparse
import math
import statistics

import numpy as np
from bench import make_inputs, processor, timed  # bench lets Python find fromscratch
from threadpoolctl import threadpool_limits

from fromscratch.checks.shapes import check_conv2d
from fromscratch.conv import choose
from fromscratch.conv.few_filters import few_filters
from fromscratch.conv.forward import compute
from fromscratch.conv.sliding_rows import sliding_rows
from fromscratch.conv.small import columns_bytes, small
from fromscratch.conv.winograd import winograd


def case(side, channels, out, kernel=3, stride=1, groups=1):
    """Return (x's shape, the weight's shape, groups, stride) of a square image."""
    return (1, channels, side, side), (out, channels // groups, kernel, kernel), groups, stride


def columns(shapes):
    """Return the bytes of im2col's columns, which the sizes for `small` count."""
    return columns_bytes(*checked(shapes)[1:3])


def pixels(shapes):
    """Return the output's pixels."""
    return math.prod(checked(shapes)[2].out)


def side(shapes):
    """Return the output's height."""
    return checked(shapes)[2].out[0]


def row(shapes):
    """Return channels * pixels in an output row."""
    return shapes[1][1] * checked(shapes)[2].out[1]


def filters(shapes):
    """Return the filters in a group."""
    return shapes[1][0] // shapes[2]


def channels(shapes):
    """Return the channels, in and out."""
    return shapes[1][1]


SIDES = (8, 12, 16, 24, 32, 48, 64, 96, 128)
# name in choose.py, (the way below it, the way above it), what is counted, the inputs, from small to large.
SEARCHES = [
    ("SMALL_COLUMNS", (small, sliding_rows), columns, [case(n, 16, 16) for n in SIDES]),
    ("SMALL_COLUMNS", (small, sliding_rows), columns, [case(n, 64, 64) for n in SIDES[:6]]),
    ("SMALL_COLUMNS", (small, sliding_rows), columns, [case(n, 3, 16) for n in (*SIDES, 192)]),
    (
        "SMALL_COLUMNS_STRIDE_OR_1X1",
        (small, sliding_rows),
        columns,
        [case(n, 32, 32, stride=2) for n in (*SIDES, 192, 256)],
    ),
    (
        "SMALL_COLUMNS_STRIDE_OR_1X1",
        (small, sliding_rows),
        columns,
        [case(n, 64, 64, kernel=1) for n in (*SIDES, 192, 256)],
    ),
    (
        "FEW_FILTERS",
        (few_filters, sliding_rows),
        filters,
        [case(128, 32, n) for n in (1, 2, 4, 8, 16, 32, 64)],
    ),
    (
        "FEW_FILTERS_PIXELS",
        (sliding_rows, few_filters),
        pixels,
        [case(n, 32, 4) for n in (12, 24, 36, 52, 72, 100, 144)],
    ),
    (
        "FEW_FILTERS_PIXELS_GROUPS",
        (sliding_rows, few_filters),
        pixels,
        [case(n, 64, 64, groups=16) for n in (24, 52, 72, 100, 144, 200)],
    ),
    (
        "WINOGRAD_CHANNELS",
        (sliding_rows, winograd),
        channels,
        [case(128, n, n) for n in (4, 8, 12, 16, 24, 32, 64)],
    ),
    (
        "WINOGRAD_SIDE",
        (sliding_rows, winograd),
        side,
        [case(n + 2, 64, 64) for n in (12, 24, 36, 48, 72, 96)],
    ),
    (
        "WINOGRAD_ROW",
        (sliding_rows, winograd),
        row,
        [case(n + 2, 24, 24) for n in (36, 48, 66, 96, 126, 186)],
    ),
]


def checked(shapes):
    """Return (x, weight, window, groups) for a case: what each way takes."""
    *arrays, groups, stride = shapes
    x, weight = make_inputs((*arrays, groups), 0)
    return x, weight, *check_conv2d("thresholds", x, weight, None, stride, 0, 1, groups)


def ratio(ways, shapes, repeats):
    """Return the median ratio of the first way's time to the second's, each on the same input in turns."""
    arguments = checked(shapes)
    # A run of a few microseconds is repeated, so that the clock's step does not show.
    once = max(timed(lambda: compute(ways[0], *arguments))["cpu"], 1e-6)
    times = max(1, int(2e-3 / once))

    def run(way):
        for _ in range(times):
            compute(way, *arguments)

    rounds = [[timed(lambda way=way: run(way))["cpu"] for way in ways] for _ in range(repeats + 1)]
    return statistics.median(first / second for first, second in rounds[1:])


def crossover(sizes, ratios):
    """Return where the ratios pass 1, between two sizes, on logarithmic scales.

    Ratios below 1 say that the way for small sizes is the faster one: everywhere, and the answer is infinity;
    nowhere, and it is 0. Where they pass 1 more than once, the place is the last of those that put the
    fewest sizes on the wrong side.
    """
    signs = np.sign(np.log(ratios))
    wrong = [int((signs[:k] > 0).sum() + (signs[k:] < 0).sum()) for k in range(len(sizes) + 1)]
    k = len(wrong) - 1 - int(np.argmin(wrong[::-1]))
    if k in (0, len(sizes)):
        return math.inf if k else 0.0
    (low, high), (before, after) = np.log(sizes[k - 1 : k + 1]), np.log(ratios[k - 1 : k + 1])
    share = 0.5 if after <= before else min(max(-before / (after - before), 0), 1)
    return float(np.exp(low + share * (high - low)))


def search(name, ways, count, inputs, repeats):
    """Return the line of the report for one size of the table."""
    sizes, ratios = [count(shapes) for shapes in inputs], [ratio(ways, shapes, repeats) for shapes in inputs]
    found = crossover(sizes, ratios)
    where = {0.0: f"below {sizes[0]:,}", math.inf: f"above {sizes[-1]:,}"}.get(found, f"{found:,.0f}")
    x, weight, groups, stride = inputs[-1]
    what = f"{ways[0].__name__} below, {ways[1].__name__} above; x {x}, weight {weight}"
    what += f", groups={groups}" * (groups > 1) + f", stride={stride}" * (stride > 1) + " and smaller"
    row = "  ".join(f"{size:,} {r:.2f}" for size, r in zip(sizes, ratios, strict=True))
    return f"{name:28}{getattr(choose, name):>10,} {where:>16}\n  {what}\n  {row}"


def main():
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=7, help="rounds that count, at least 3 (default 7)")
    options = parser.parse_args()
    if options.repeats < 3:
        parser.error(f"--repeats must be at least 3, but got {options.repeats}")
    print(f"processor: {processor()}, one thread\n{'':28}{'choose.py':>10} {'measured here':>16}")
    with threadpool_limits(1, "blas"):
        for name, ways, count, inputs in SEARCHES:
            print(search(name, ways, count, inputs, options.repeats), flush=True)


if __name__ == "__main__":
    main()
