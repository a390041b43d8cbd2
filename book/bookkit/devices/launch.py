"""Starts the programs for two devices in new processes, and reads what they wrote."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from bookkit import frameworks

BOOK = Path(__file__).resolve().parents[2]
TIMEOUT = 240  # seconds; a slow machine imports PyTorch three times in 40
LOOPBACK = "lo0" if sys.platform == "darwin" else "lo"
# One thread a process, no GPU, and no name of this machine is looked up: gloo listens on loopback alone.
ENVIRONMENT = {
    "PYTHONPATH": str(BOOK),
    "CUDA_VISIBLE_DEVICES": "-1",
    "GLOO_SOCKET_IFNAME": LOOPBACK,
    "OMP_NUM_THREADS": "1",
    **frameworks.ENVIRONMENT,
}
# torchrun itself: two processes on this machine, which meet at a free port of loopback.
TORCHRUN = (
    "-m",
    "torch.distributed.run",
    "--nproc-per-node=2",
    "--rdzv-backend=c10d",
    "--rdzv-endpoint=127.0.0.1:0",
    "--local-addr=127.0.0.1",
)
COMMANDS = {
    "numpy": ("-m", "bookkit.devices.numpy_program"),
    "pytorch": (*TORCHRUN, "-m", "bookkit.devices.torch_program"),
    "tensorflow": ("-m", "bookkit.devices.tensorflow_program"),
}
SPLITS = ("groups=2", "by outputs", "by inputs")


def run(framework, x, grouped, full):
    """Return what two devices made of `x`: {split: [{what: array}, {what: array}]}, a dict for each device.

        run("pytorch", x, grouped, full)["by inputs"][0]["part"]

    `framework` is "numpy", "pytorch" or "tensorflow". `x` is a batch, NCHW; `grouped` is a weight for two
    groups, and `full` one for a single group, OIHW. All arrays come back in the framework's own layout.

    Raises ValueError for another framework, RuntimeError with the program's stderr where it fails, and where
    it has not ended after four minutes.
    """
    if framework not in COMMANDS:
        raise ValueError(f"run() expects one of {', '.join(COMMANDS)}, got {framework!r}.")
    with tempfile.TemporaryDirectory() as folder:
        np.savez(Path(folder, "inputs.npz"), x=x, grouped=grouped, full=full)
        _start([sys.executable, *COMMANDS[framework], folder])
        results = {}
        for device in (0, 1):
            with np.load(Path(folder, f"device{device}.npz")) as file:
                for name in file.files:
                    split, _, what = name.partition("/")
                    results.setdefault(split, [{}, {}])[device][what] = file[name]
    return results


def _start(command):
    """Run a command to its end. Raises RuntimeError with what it wrote where it fails or takes too long."""
    process = subprocess.Popen(
        command,
        env=os.environ | ENVIRONMENT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        said, _ = process.communicate(timeout=TIMEOUT)
    except subprocess.TimeoutExpired:
        said = _end(process)
        raise RuntimeError(f"{_name(command)} has not ended after {TIMEOUT} seconds:\n{said}") from None
    except BaseException:  # an interrupt
        _end(process)
        raise
    if process.returncode:
        raise RuntimeError(f"{_name(command)} failed in its own process:\n{said}")


def _end(process):
    """End a process and what it started; return what it wrote."""
    process.terminate()  # torchrun passes it on; the other device of numpy_program meets the end of its pipe
    try:
        said, _ = process.communicate(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        said = "It had to be killed."
    return said


def _name(command):
    """Return the name of the program that a command runs."""
    return next(word for word in reversed(command) if word.startswith("bookkit"))


def table(results):
    """Return a line for each split and device: the shapes of its input, weight and part, and what it sent.

    A part is what the device computed by itself. NumPy's program counts the numbers that go into its pipe,
    PyTorch's the collective calls that CommDebugMode counts, times the numbers of a part. TensorFlow's counts
    the numbers of a part that is collected.
    """
    lines = [f"{'split, device':15}{'input':15}{'weight':14}{'part':15}{'sent':>5}"]
    for split in SPLITS:
        for device, seen in enumerate(results[split]):
            x, weight, part = (str(seen[what].shape) for what in ("x", "weight", "part"))
            name = f"{split} {device}"
            lines.append(f"{name:15}{x:15}{weight:14}{part:15}{int(seen['sent']):5,}")
    return "\n".join(lines)
