"""The programs for two devices: what they compute, and what is said where one fails."""

import subprocess
import sys

import numpy as np
import pytest

from bookkit import devices
from bookkit.devices import launch
from fromscratch import conv2d

# No two axes alike.
X, GROUPED, FULL = (3, 4, 7, 9), (10, 2, 2, 5), (10, 4, 2, 5)


def whole_numbers(shape, seed):
    """Return whole numbers, whose sums are exact."""
    return np.random.default_rng(seed).integers(-9, 10, shape).astype(np.float32)


@pytest.fixture(scope="module")
def arrays():
    return [whole_numbers(shape, seed) for seed, shape in enumerate((X, GROUPED, FULL))]


@pytest.fixture(scope="module", params=["numpy", "pytorch", "tensorflow"])
def seen(request, arrays):
    """What the devices of one framework had, all of it in NumPy's layouts."""
    results = devices.run(request.param, *arrays)
    if request.param == "tensorflow":
        axes = {"x": (0, 3, 1, 2), "weight": (3, 2, 0, 1), "part": (0, 3, 1, 2), "whole": (0, 3, 1, 2)}
        for split in ("groups=2", "by outputs", "by inputs"):
            for device in results[split]:
                device |= {what: device[what].transpose(order) for what, order in axes.items()}
    return results


def test_two_devices_compute_what_one_process_computes(seen, arrays):
    x, grouped, full = arrays
    parts = [device["part"] for device in seen["groups=2"]]
    assert np.array_equal(np.concatenate(parts, axis=1), conv2d(x, grouped, groups=2))
    for split in ("by outputs", "by inputs"):
        for device in seen[split]:
            assert np.array_equal(device["whole"], conv2d(x, full)), split


def test_each_device_had_its_half(seen, arrays):
    x, grouped, full = arrays
    for number in (0, 1):
        inputs, outputs = slice(2 * number, 2 * number + 2), slice(5 * number, 5 * number + 5)
        for split, own_x, weight in (
            ("groups=2", x[:, inputs], grouped[outputs]),
            ("by outputs", x, full[outputs]),
            ("by inputs", x[:, inputs], full[:, inputs]),
        ):
            device = seen[split][number]
            assert np.array_equal(device["x"], own_x)
            assert np.array_equal(device["weight"], weight)
            assert np.array_equal(device["part"], conv2d(own_x, weight))


def test_only_full_layers_send_something(seen):
    sent = {split: [int(device["sent"]) for device in seen[split]] for split in launch.SPLITS}
    assert sent == {"groups=2": [0, 0], "by outputs": [450, 450], "by inputs": [900, 900]}


def test_devices_get_equal_parts(arrays):
    from bookkit.devices import torch_program

    with pytest.raises(ValueError, match=r"Axis 0 of .*7, 4, 2, 5.* is odd\."):
        torch_program.half(torch_program.torch.zeros(7, 4, 2, 5), 0, 1)
    odd = torch_program.torch.tensor(arrays[2][:7])
    x = torch_program.torch.tensor(arrays[0])
    with pytest.raises(ValueError, match="is odd"):
        torch_program.by_outputs(x, odd, 0)


def test_two_linear_layers_need_one_call_a_pass(seen):
    if "linear" not in seen:
        pytest.skip("PyTorch's program alone has them")
    for device in seen["linear"]:
        assert (int(device["forward"]), int(device["backward"])) == (1, 1)
        assert np.array_equal(device["y"], device["expected"])
        assert np.array_equal(device["gradient"], device["expected_gradient"])


def test_a_dtensor_holds_its_part_of_the_batch(seen):
    if "DTensor, by batch" not in seen:
        pytest.skip("PyTorch's program alone has them")
    parts = [device["to_local"] for device in seen["DTensor, by batch"]]
    assert [len(part) for part in parts] == [2, 1]
    for device in seen["DTensor, by batch"]:
        assert np.array_equal(np.concatenate(parts), device["full_tensor"])


def test_the_table_has_a_line_for_each_device(seen):
    lines = devices.table(seen).splitlines()
    assert len(lines) == 7
    assert lines[1].split("  ")[0] == "groups=2 0"
    assert lines[1].endswith(" 0")
    assert lines[6].endswith(" 900")
    assert max(map(len, lines)) <= 72


def test_a_program_that_fails_says_why(monkeypatch, arrays):
    monkeypatch.setitem(
        launch.COMMANDS, "numpy", ("-c", "print(1); raise SystemExit('no device')", "bookkit")
    )
    with pytest.raises(RuntimeError, match="(?s)failed in its own process.*no device"):
        devices.run("numpy", *arrays)


def test_a_device_that_fails_ends_the_program(arrays):
    x, grouped, full = arrays
    with pytest.raises(RuntimeError, match="(?s)failed in its own process.*ShapeMismatchError"):
        devices.run("numpy", x, grouped, full[:, :2])


def test_a_program_that_hangs_is_ended(monkeypatch):
    monkeypatch.setattr(launch, "TIMEOUT", 0.5)
    begun = []
    popen = subprocess.Popen
    monkeypatch.setattr(launch.subprocess, "Popen", lambda *a, **k: begun.append(popen(*a, **k)) or begun[0])
    with pytest.raises(RuntimeError, match="has not ended after 0.5 seconds"):
        launch._start([sys.executable, "-c", "import time; time.sleep(60)", "bookkit"])
    assert begun[0].poll() is not None


def test_another_framework_is_refused(arrays):
    with pytest.raises(ValueError, match=r"expects one of numpy, pytorch, tensorflow, got 'jax'\."):
        devices.run("jax", *arrays)
