"""Which grouped convolutions TensorFlow computes on a CPU, with oneDNN off and on: a table for chapter 10.

`measure()` runs this module in two new processes, one with oneDNN off and one with it on: a running process
cannot change that. `cases()` says what each of them computes. `table()` writes what came out.

Importing this module imports no framework; TensorFlow is imported in the new processes.
"""

import concurrent.futures
import json
import os
import subprocess
import sys
from pathlib import Path

BOOK = Path(__file__).resolve().parents[1]
RIGHT, WRONG = "right", "wrong numbers"
KERNELS = "oneDNN's kernels ran"


def cases(tf, keras):
    """Return {name: (function, reference, arguments)}: both take the arguments, and should agree.

    Each reference splits the channels and convolves part by part, without groups. Unless its name says
    otherwise a case is float32, NHWC, and has 2 groups: 4 input channels, and a kernel 2 channels deep.
    """
    x = tf.random.normal((2, 8, 8, 4))
    one, two, four = (tf.random.normal((3, 3, 4 // groups, 4)) for groups in (1, 2, 4))
    x64, one64, two64 = (tf.cast(tensor, tf.float64) for tensor in (x, one, two))
    volume, cube = tf.random.normal((2, 8, 8, 8, 4)), tf.random.normal((3, 3, 3, 2, 4))
    flat = keras.layers.Conv2D(4, 3, groups=2, padding="same", use_bias=False)
    deep = keras.layers.Conv3D(4, 3, groups=2, padding="same", use_bias=False)
    flat.build(x.shape)
    deep.build(volume.shape)

    def conv(x, kernel):
        return tf.nn.conv2d(x, kernel, 1, "SAME")

    def conv3d(x, kernel):
        return tf.nn.conv3d(x, kernel, (1, 1, 1, 1, 1), "SAME")

    def nchw(x, kernel):  # NHWC outside, NCHW inside
        x = tf.transpose(x, (0, 3, 1, 2))
        y = tf.nn.conv2d(x, kernel, 1, "SAME", data_format="NCHW")
        return tf.transpose(y, (0, 2, 3, 1))

    def depthwise(x, kernel):
        kernel = tf.reshape(kernel, (3, 3, 4, 1))
        return tf.nn.depthwise_conv2d(x, kernel, (1, 1, 1, 1), "SAME")

    def layer(built):
        def compute(x, kernel):
            built.kernel.assign(kernel)
            return built(x)

        return compute

    def layer_gradient(x, kernel):
        flat.kernel.assign(kernel)
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(flat(x) ** 2)
        return tape.gradient(loss, flat.kernel.value)

    def split(function):
        def compute(x, kernel):
            groups = x.shape[-1] // kernel.shape[-2]
            pairs = zip(tf.split(x, groups, -1), tf.split(kernel, groups, -1), strict=True)
            return tf.concat([function(*pair) for pair in pairs], -1)

        return compute

    def gradient(function):
        def compute(x, kernel):
            with tf.GradientTape() as tape:
                tape.watch(kernel)
                loss = tf.reduce_sum(function(x, kernel) ** 2)
            return tape.gradient(loss, kernel)

        return compute

    def graph(function):
        return tf.function(function)

    def compiled(function):
        return tf.function(function, jit_compile=True)

    forward, backward, forward3d = split(conv), gradient(split(conv)), split(conv3d)
    return {
        "forward, eager": (conv, forward, (x, two)),
        "forward, tf.function": (graph(conv), forward, (x, two)),
        "forward, jit_compile": (compiled(conv), forward, (x, two)),
        "forward, float64": (conv, forward, (x64, two64)),
        "gradient, eager": (gradient(conv), backward, (x, two)),
        "gradient, tf.function": (graph(gradient(conv)), backward, (x, two)),
        "gradient, jit_compile": (compiled(gradient(conv)), backward, (x, two)),
        "gradient, Keras layer": (layer_gradient, backward, (x, two)),
        "gradient, depthwise": (gradient(depthwise), backward, (x, four)),
        "gradient, float64": (gradient(conv), backward, (x64, two64)),
        "gradient, float64, jit": (compiled(gradient(conv)), backward, (x64, two64)),
        "NCHW": (nchw, forward, (x, two)),
        "NCHW, 1 group": (nchw, forward, (x, one)),
        "NCHW, jit_compile": (compiled(nchw), forward, (x, two)),
        "NCHW, 1 group, float64": (nchw, forward, (x64, one64)),
        "conv3d, eager": (conv3d, forward3d, (volume, cube)),
        "conv3d, jit_compile": (compiled(conv3d), forward3d, (volume, cube)),
        "conv3d, Keras layer": (layer(deep), forward3d, (volume, cube)),
    }


def report():
    """Print as JSON what became of each case in this process: RIGHT, WRONG, or the message raised."""
    from bookkit.failures import printable
    from bookkit.frameworks import keras, tf

    seen = {}
    for name, (function, reference, arguments) in cases(tf, keras).items():
        expected = reference(*arguments)
        try:
            error = tf.reduce_max(abs(function(*arguments) - expected))
            close = error < 1e-4 * tf.reduce_max(abs(expected))
            seen[name] = RIGHT if close else WRONG
        except tf.errors.OpError as failure:
            lines = [line for line in printable(str(failure)).splitlines() if line]
            seen[name] = [line for line in lines if "{{node" not in line][-1]
    try:
        tf.nn.conv2d(tf.zeros((1, 8, 8, 3)), tf.zeros((3, 3, 2, 4)), 1, "SAME")
    except tf.errors.OpError as failure:
        seen[KERNELS] = "Mkl" in str(failure)  # the message names the kernel that ran
    print(json.dumps(seen))


def measure():
    """Return what report() sees in two new processes without a GPU: oneDNN off, oneDNN on."""
    with concurrent.futures.ThreadPoolExecutor() as pool:
        return tuple(pool.map(_run, ("0", "1")))


def _run(setting):
    """Return what report() sees in a process of its own. Raises RuntimeError where it fails."""
    pinned = {"TF_ENABLE_ONEDNN_OPTS": setting, "CUDA_VISIBLE_DEVICES": "-1", "PYTHONPATH": str(BOOK)}
    done = subprocess.run(
        [sys.executable, "-m", "bookkit.onednn_groups"],
        env=os.environ | pinned,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(f"bookkit.onednn_groups failed in its own process:\n{done.stderr}")
    return json.loads(done.stdout)


def table(off, on):
    """Return what two processes saw as a table, and below it each message that was raised, once.

    The heads of the columns say whether oneDNN's kernels ran, whatever was asked for: a TensorFlow that was
    built without oneDNN has "off" twice.
    """
    heads = ["on" if seen[KERNELS] else "off" for seen in (off, on)]
    lines = [f"{'oneDNN':24}{heads[0]:8}{heads[1]}"]
    messages = {}
    for name in off:
        if name != KERNELS:
            lines.append(f"{name:24}{_word(off[name]):8}{_word(on[name])}")
            messages |= {message: None for message in (off[name], on[name]) if _word(message) == "fails"}
    return "\n\n".join(["\n".join(lines), *messages])


def _word(result):
    """Return one word for what became of a case."""
    return {RIGHT: "right", WRONG: "wrong"}.get(result, "fails")


if __name__ == "__main__":
    # Keras imports these where it finds them. No case needs them, and they take a quarter of the start.
    sys.modules.update({"sklearn": None, "matplotlib": None})
    report()
