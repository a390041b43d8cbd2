"""tools/bench.py and tools/thresholds.py measure and report. No test here depends on how fast anything is."""

import json
import math
import re

import bench  # in tools/
import numpy as np
import pytest
import thresholds  # in tools/

SMALL = ((1, 4, 12, 60), (5, 4, 3, 3), 1)


@pytest.fixture
def small(monkeypatch):
    """The benchmark of NumPy's implementations alone, on a small input, with im2col as the baseline."""
    pytest.importorskip("threadpoolctl")
    monkeypatch.setattr(bench, "BASELINE", "im2col")
    monkeypatch.setattr(bench, "NAMES", {name: bench.NAMES[name] for name in ("im2col", "conv2d", "fast")})
    monkeypatch.setattr(bench, "CLOCKS", {1: "cpu"})
    monkeypatch.setattr(bench, "WORKLOAD", SMALL)
    monkeypatch.setattr(bench, "OTHERS", {"in groups": ((2, 6, 9, 9), (4, 3, 3, 3), 2)})


def test_it_measures_and_reports(small, tmp_path, monkeypatch, capsys):
    pytest.importorskip("rich")
    plot, numbers = tmp_path / "new" / "plot.svg", tmp_path / "numbers.json"
    monkeypatch.setattr(
        "sys.argv", ["bench.py", "--repeats", "3", "--json", str(numbers), "--plot", str(plot)]
    )
    bench.main()
    printed = capsys.readouterr().out
    results = json.loads(numbers.read_text())
    measured = results["workload"]["1"]
    assert set(measured) == set(results["quality"]) == {"im2col", "conv2d", "fast"}
    assert measured["im2col"]["ratio"] == 1
    assert all(row["ms"] > 0 for row in measured.values())
    assert all(0 < row["error"] < 1e-5 for row in results["quality"].values())
    # im2col holds all columns and the output at once: 4 x 9 x 10 x 58 numbers and 5 x 10 x 58 more.
    assert results["quality"]["im2col"]["bytes"] >= 4 * (36 + 5) * 580
    for text in ("processor: ", "openblas", "kernels", "GFLOP/s", "seven loops", "in groups", str(plot)):
        assert text in printed
    assert f"{results['processor']}, {results['processors']} cores" in printed
    assert plot.read_text().lstrip().startswith("<?xml")


def test_rounds_use_new_input():
    first, second = (bench.make_inputs(SMALL, seed) for seed in (0, 1))
    assert [a.shape for a in first] == [SMALL[0], SMALL[1]]
    assert all(a.dtype == np.float32 for a in first)
    assert not any(np.array_equal(a, b) for a, b in zip(first, second, strict=True))


def test_the_work_is_counted():
    assert bench.multiplications((1, 64, 256, 256), (64, 64, 3, 3), 1) == 64 * 64 * 9 * 254 * 254
    assert bench.multiplications((2, 6, 9, 9), (4, 3, 3, 3), 2) == 2 * 4 * 3 * 9 * 49


def test_processes_choose_their_own_blas_kernels(monkeypatch):
    pytest.importorskip("threadpoolctl")
    monkeypatch.setenv("OPENBLAS_CORETYPE", "Prescott")
    one = bench.Implementation("conv2d", 1)
    with one.pool:
        assert re.fullmatch(r"numpy [\d.]+, openblas [\d.]+, \w+ kernels", one.about)
        assert "Prescott" not in one.about
        answers = [one.ask(bench.measure_time, SMALL, seed) for seed in (0, 1)]
    assert all(set(answer) == {"cpu", "elapsed"} for answer in answers)
    assert all(time > 0 for answer in answers for time in answer.values())


def test_an_error_in_a_process_is_raised_here():
    pytest.importorskip("threadpoolctl")
    one = bench.Implementation("conv2d", 1)
    with one.pool, pytest.raises(ValueError, match="x has 5 channels"):
        one.ask(bench.measure_time, ((1, 5, 9, 9), (4, 3, 3, 3), 1), 0)


@pytest.mark.parametrize("threads", [1, 2])
def test_fromscratch_gets_as_many_threads_as_are_measured(threads):
    pytest.importorskip("threadpoolctl")
    one = bench.Implementation("fast", threads)
    with one.pool:
        assert one.ask(threads_of_fromscratch) == threads


def threads_of_fromscratch():
    """Return, in the process of an implementation, what set_threads was called with."""
    from fromscratch import threads

    return threads._threads


def test_too_few_rounds_are_refused(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["bench.py", "--repeats", "2"])
    with pytest.raises(SystemExit):
        bench.main()
    assert "--repeats must be at least 3, but got 2" in capsys.readouterr().err


# tools/thresholds.py


@pytest.mark.parametrize(
    ("ratios", "expected"),
    [
        ([0.5, 0.5, 2.0, 2.0], 40),  # halfway between 20 and 80, on a logarithmic scale
        ([0.5, 0.8, 1.25, 2.0], 40),
        ([0.25, 0.5, 0.5, 2.0], 160),
        ([0.5, 0.6, 0.7, 0.8], math.inf),
        ([1.1, 1.2, 1.3, 1.4], 0),
        ([1.1, 0.5, 2.0, 2.0], 40),  # a single one on the wrong side
    ],
)
def test_a_crossover_lies_where_the_ratio_passes_1(ratios, expected):
    assert thresholds.crossover([5, 20, 80, 320], ratios) == pytest.approx(expected)


def test_every_size_of_the_table_is_measured_or_a_setting():
    from fromscratch.conv import choose

    sizes = {name for name in vars(choose) if name.isupper()}
    measured = {name for name, *_ in thresholds.SEARCHES}
    assert sizes - measured == {"CACHE_BYTES", "FEW_CHANNELS", "FEW_FILTERS_ROWS"}
    assert measured <= sizes


def test_every_input_can_be_computed_by_both_ways():
    for _, ways, count, inputs in thresholds.SEARCHES:
        x, weight, window, groups = thresholds.checked(inputs[0])
        first, second = (thresholds.compute(way, x, weight, window, groups) for way in ways)
        np.testing.assert_allclose(first, second, atol=1e-4)
        sizes = [count(shapes) for shapes in inputs]
        assert sizes == sorted(set(sizes)), "from small to large"


def test_the_thresholds_are_printed_beside_the_table(monkeypatch, capsys):
    name, ways, count, inputs = thresholds.SEARCHES[0]
    monkeypatch.setattr(thresholds, "SEARCHES", [(name, ways, count, inputs[:3])])
    monkeypatch.setattr(thresholds, "ratio", lambda ways, shapes, repeats: count(shapes) / 40_000)
    monkeypatch.setattr("sys.argv", ["thresholds.py", "--repeats", "3"])
    thresholds.main()
    printed = capsys.readouterr().out
    assert re.search(r"SMALL_COLUMNS +420,000 +40,000", printed)
    assert "small below, sliding_rows above" in printed
    assert "20,736 0.52" in printed
