"""tools/bench.py measures, reports and draws. No test here depends on how fast anything is."""

import json

import bench  # in tools/
import numpy as np
import pytest

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
    assert plot.read_text().lstrip().startswith("<?xml")


def test_rounds_use_new_input():
    first, second = (bench.make_inputs(SMALL, seed) for seed in (0, 1))
    assert [a.shape for a in first] == [SMALL[0], SMALL[1]]
    assert all(a.dtype == np.float32 for a in first)
    assert not any(np.array_equal(a, b) for a, b in zip(first, second, strict=True))


def test_the_work_is_counted():
    assert bench.multiplications((1, 64, 256, 256), (64, 64, 3, 3), 1) == 64 * 64 * 9 * 254 * 254
    assert bench.multiplications((2, 6, 9, 9), (4, 3, 3, 3), 2) == 2 * 4 * 3 * 9 * 49


def test_workers_choose_their_own_blas_kernels(small, monkeypatch):
    monkeypatch.setenv("OPENBLAS_CORETYPE", "Haswell")
    worker = bench.Worker("conv2d", 1)
    try:
        about = worker.read()["about"]
        answers = [worker.ask("time", SMALL, seed) for seed in (0, 1)]
    finally:
        worker.close()
    assert "openblas" in about
    assert all(set(answer) == {"cpu", "elapsed"} for answer in answers)
    monkeypatch.setattr(bench, "__file__", bench.__file__ + ".missing")
    broken = bench.Worker("conv2d", 1)
    with pytest.raises(SystemExit, match=r"the process of fromscratch\.conv2d ended"):
        broken.read()
    broken.close()


def test_too_few_rounds_are_refused(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["bench.py", "--repeats", "2"])
    with pytest.raises(SystemExit):
        bench.main()
    assert "--repeats must be at least 3, but got 2" in capsys.readouterr().err
