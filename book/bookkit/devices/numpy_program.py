"""Chapter 12's program for two NumPy processes, which talk through a pipe.

    python -m bookkit.devices.numpy_program FOLDER

The process that is started is device 0; it starts device 1. Each reads FOLDER/inputs.npz and writes
FOLDER/device0.npz or device1.npz.
"""

import multiprocessing
import sys
from pathlib import Path

import numpy as np

from fromscratch import conv2d


class Link:
    """A device's end of the pipe to the other device."""

    def __init__(self, device, connection):
        self.device, self.connection, self.sent = device, connection, 0

    def exchange(self, part):
        """Send `part`; return both parts, device 0's first."""
        self.sent += part.size
        if self.device == 0:
            self.connection.send(part)
            return part, self.connection.recv()
        first = self.connection.recv()
        self.connection.send(part)
        return first, part

    def all_gather(self, part):
        """Return the channels of both devices."""
        return np.concatenate(self.exchange(part), axis=1)

    def all_reduce(self, part):
        """Return the sum of both devices' parts."""
        return np.add(*self.exchange(part))


def with_groups(x, weight, link):
    """Half of the channels, half of the filters. Nothing is sent."""
    x = np.split(x, 2, axis=1)[link.device]
    weight = np.split(weight, 2, axis=0)[link.device]
    part = conv2d(x, weight)
    return x, weight, part, part


def by_outputs(x, weight, link):
    """All channels, half of the filters. The parts are gathered."""
    weight = np.split(weight, 2, axis=0)[link.device]
    part = conv2d(x, weight)
    return x, weight, part, link.all_gather(part)


def by_inputs(x, weight, link):
    """Half of the channels, half of every filter. The parts are added."""
    x = np.split(x, 2, axis=1)[link.device]
    weight = np.split(weight, 2, axis=1)[link.device]
    part = conv2d(x, weight)
    return x, weight, part, link.all_reduce(part)


def work(device, connection, folder):
    """Split three convolutions as one of two devices, and write what it had."""
    with np.load(Path(folder, "inputs.npz")) as file:
        x, grouped, full = file["x"], file["grouped"], file["full"]
    seen = {}
    for name, split, weight in (
        ("groups=2", with_groups, grouped),
        ("by outputs", by_outputs, full),
        ("by inputs", by_inputs, full),
    ):
        link = Link(device, connection)
        values = split(x, weight, link)
        seen |= {
            f"{name}/{what}": value
            for what, value in zip(("x", "weight", "part", "whole"), values, strict=True)
        }
        seen[f"{name}/sent"] = link.sent
    np.savez(Path(folder, f"device{device}.npz"), **seen)


def main(folder):
    """Be device 0 and start device 1."""
    spawn = multiprocessing.get_context("spawn")
    here, there = spawn.Pipe()
    other = spawn.Process(target=work, args=(1, there, folder))
    other.start()
    there.close()  # so that `here` ends where the other process does
    work(0, here, folder)
    other.join()
    if other.exitcode:
        raise SystemExit("Device 1 failed.")


if __name__ == "__main__":
    main(sys.argv[1])
