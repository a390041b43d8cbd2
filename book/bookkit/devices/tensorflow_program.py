"""Chapter 12's program for two logical devices of one TensorFlow process.

    python -m bookkit.devices.tensorflow_program FOLDER

It reads FOLDER/inputs.npz and writes FOLDER/device0.npz and device1.npz. A process of its own, since
TensorFlow fixes its logical devices when it starts.
"""

import sys
from pathlib import Path

import numpy as np
import tensorflow as tf
from tensorflow.experimental import dtensor

from bookkit.layouts import hwio, nhwc

DEVICES = ("CPU:0", "CPU:1")


def convolve(xs, kernels):
    """Convolve one pair on each device; return what each one had."""
    seen = []
    for device, x, kernel in zip(DEVICES, xs, kernels, strict=True):
        with tf.device(device):
            x, kernel = tf.identity(x), tf.identity(kernel)  # here
            part = tf.nn.conv2d(x, kernel, 1, "VALID")
        seen.append({"x": x, "weight": kernel, "part": part})
    return seen


def collect(seen, function):
    """On each device apply `function` to the list of all parts."""
    parts = [device["part"] for device in seen]
    for name, device in zip(DEVICES, seen, strict=True):
        with tf.device(name):  # copies the part of the other one
            device["whole"] = function(parts)
    return seen


def with_groups(x, kernel):
    """Half of the channels, half of the filters. Nothing is sent."""
    seen = convolve(tf.split(x, 2, axis=3), tf.split(kernel, 2, axis=3))
    return [device | {"whole": device["part"]} for device in seen]


def by_outputs(x, kernel):
    """All channels, half of the filters. The parts are gathered."""
    seen = convolve([x, x], tf.split(kernel, 2, axis=3))
    return collect(seen, lambda parts: tf.concat(parts, axis=3))


def by_inputs(x, kernel):
    """Half of the channels, half of every filter. The parts are added."""
    seen = convolve(tf.split(x, 2, axis=3), tf.split(kernel, 2, axis=2))
    return collect(seen, tf.add_n)


def split_matmul():
    """A matrix product by inputs: columns of one, rows of the other."""
    rows = tf.reshape(tf.range(18.0), (3, 6))
    matrix = tf.reshape(tf.range(24.0), (6, 4))
    split_matrix = split(matrix, 0)
    y = tf.matmul(split(rows, 1), split_matrix)
    return {
        "shard": dtensor.unpack(split_matrix)[0],
        "y": dtensor.unpack(y)[0],
        "expected": rows @ matrix,
    }


def split_conv(x, kernel):
    """A convolution by inputs."""
    try:
        y = tf.nn.conv2d(split(x, 3), split(kernel, 2), 1, "VALID")
    except tf.errors.OpError as error:
        return {"message": str(error)}
    return {"y": dtensor.unpack(y)[0]}


def split(tensor, axis):
    """Return a DTensor, split over both devices along `axis`."""
    mesh = dtensor.create_mesh([("model", 2)], devices=list(DEVICES))
    names = [dtensor.UNSHARDED] * len(tensor.shape)
    names[axis] = "model"
    everywhere = dtensor.Layout.replicated(mesh, rank=len(names))
    tensor = dtensor.copy_to_mesh(tensor, everywhere)
    return dtensor.relayout(tensor, dtensor.Layout(names, mesh))


def main(folder):
    """Split three convolutions and a DTensor program over two devices; write what each device had."""
    cpu = tf.config.list_physical_devices("CPU")[0]
    two = [tf.config.LogicalDeviceConfiguration()] * 2
    tf.config.set_logical_device_configuration(cpu, two)
    with np.load(Path(folder, "inputs.npz")) as file:
        x = tf.constant(nhwc(file["x"]))
        grouped, full = (tf.constant(hwio(file[name])) for name in ("grouped", "full"))
    found = {
        "groups=2": with_groups(x, grouped),
        "by outputs": by_outputs(x, full),
        "by inputs": by_inputs(x, full),
    }
    for seen in found.values():
        for device in seen:
            moved = device["whole"] is not device["part"]
            device |= {"sent": moved * tf.size(device["part"]), "where": device["part"].device[-5:]}
    found["matmul"] = [split_matmul()] * 2
    found["DTensor, by inputs"] = [split_conv(x, full)] * 2
    for number in (0, 1):
        arrays = {
            f"{name}/{what}": np.asarray(value)
            for name, seen in found.items()
            for what, value in seen[number].items()
        }
        np.savez(Path(folder, f"device{number}.npz"), **arrays)


if __name__ == "__main__":
    main(sys.argv[1])
