"""Write tests/data/fromscratch_reference.json: what PyTorch and TensorFlow compute on small inputs.

    PYTHONPATH=book python tools/make_reference_values.py            writes the file
    PYTHONPATH=book python tools/make_reference_values.py --check    fails where they compute something else

The tests of fromscratch compare with this file, so they need no framework. Inputs are multiples of 1/8, made
by a formula; outputs are float64. Each case holds the output, and the derivative of sum(output * grad_y) by
every operand.
"""

import argparse
import json
import sys
import warnings
from pathlib import Path

import numpy as np

from bookkit.frameworks import F, tf, torch

TARGET = Path(__file__).resolve().parent.parent / "tests" / "data" / "fromscratch_reference.json"

# function, shapes of the operands, options, framework
CASES = {
    "conv2d plain": ("conv2d", [(2, 2, 4, 5), (3, 2, 3, 2), (3,)], {}, "torch"),
    "conv2d stride": ("conv2d", [(1, 2, 7, 6), (2, 2, 3, 2), (2,)], {"stride": [2, 3]}, "torch"),
    "conv2d padding": ("conv2d", [(1, 1, 3, 3), (2, 1, 3, 3), (2,)], {"padding": [1, 2]}, "torch"),
    "conv2d dilation": ("conv2d", [(1, 1, 6, 5), (2, 1, 3, 2), (2,)], {"dilation": [2, 3]}, "torch"),
    "conv2d groups": ("conv2d", [(2, 4, 4, 3), (6, 2, 2, 2), (6,)], {"groups": 2}, "torch"),
    "conv2d valid": ("conv2d", [(1, 1, 4, 4), (1, 1, 3, 3), (1,)], {"padding": "valid"}, "torch"),
    "conv2d same": ("conv2d", [(1, 2, 4, 3), (1, 2, 3, 3), (1,)], {"padding": "same"}, "torch"),
    "conv2d same, even kernel": (
        "conv2d",
        [(1, 1, 5, 4), (2, 1, 2, 4), (2,)],
        {"padding": "same", "dilation": [3, 1]},
        "torch",
    ),
    "conv2d all at once": (
        "conv2d",
        [(2, 4, 6, 7), (4, 2, 2, 3), (4,)],
        {"stride": [2, 1], "padding": [1, 2], "dilation": [1, 2], "groups": 2},
        "torch",
    ),
    "conv2d single image": ("conv2d", [(2, 4, 4), (2, 2, 3, 3), (2,)], {"padding": 1}, "torch"),
    "conv2d same in TensorFlow": (
        "conv2d",
        [(1, 2, 6, 5), (2, 2, 3, 2), (2,)],
        {"padding": "same_tensorflow", "stride": 2},
        "tensorflow",
    ),
    "conv2d same in TensorFlow, groups": (
        "conv2d",
        [(1, 4, 5, 6), (2, 2, 3, 3), (2,)],
        {"padding": "same_tensorflow", "stride": 2, "groups": 2},
        "tensorflow",
    ),
    "depthwise": (
        "depthwise_conv2d",
        [(2, 3, 4, 4), (6, 1, 3, 2), (6,)],
        {"padding": 1, "stride": 2},
        "torch",
    ),
    "transposed plain": ("conv_transpose2d", [(2, 2, 2, 3), (2, 3, 3, 2), (3,)], {}, "torch"),
    "transposed stride": (
        "conv_transpose2d",
        [(1, 2, 3, 2), (2, 1, 3, 3), (1,)],
        {"stride": [2, 3], "padding": [1, 0], "output_padding": [1, 2]},
        "torch",
    ),
    "transposed groups": (
        "conv_transpose2d",
        [(1, 4, 2, 2), (4, 1, 2, 3), (2,)],
        {"groups": 2, "dilation": 2, "padding": 1, "stride": 2},
        "torch",
    ),
    "linear": ("linear", [(2, 3), (4, 3), (4,)], {}, "torch"),
    "linear on stacks": ("linear", [(2, 2, 3), (2, 3), (2,)], {}, "torch"),
    "relu": ("relu", [(3, 5)], {}, "torch"),
    "max pool": ("max_pool2d", [(1, 2, 5, 6)], {"kernel_size": 2}, "torch"),
    "max pool, overlapping": (
        "max_pool2d",
        [(2, 1, 5, 6)],
        {"kernel_size": [3, 2], "stride": [2, 1], "padding": [1, 1]},
        "torch",
    ),
    "max pool, dilation": (
        "max_pool2d",
        [(1, 1, 6, 6)],
        {"kernel_size": 2, "stride": 1, "dilation": 3},
        "torch",
    ),
    "max pool same in TensorFlow": (
        "max_pool2d",
        [(1, 2, 5, 4)],
        {"kernel_size": 3, "stride": 2, "padding": "same_tensorflow"},
        "tensorflow",
    ),
    "average pool": ("avg_pool2d", [(1, 2, 5, 6)], {"kernel_size": [2, 3]}, "torch"),
    "average pool, padding counts": (
        "avg_pool2d",
        [(1, 1, 5, 5)],
        {"kernel_size": 3, "stride": 2, "padding": 1},
        "torch",
    ),
    "average pool, padding does not count": (
        "avg_pool2d",
        [(1, 1, 5, 5)],
        {"kernel_size": 3, "stride": 2, "padding": 1, "count_include_pad": False},
        "torch",
    ),
    "average pool same in TensorFlow": (
        "avg_pool2d",
        [(1, 2, 5, 4)],
        {"kernel_size": [2, 3], "stride": 2, "padding": "same_tensorflow", "count_include_pad": False},
        "tensorflow",
    ),
    "global average pool": ("global_avg_pool2d", [(2, 3, 2, 4)], {}, "torch"),
    "batch normalisation": (
        "batch_norm",
        [(3, 2, 2, 2), (2,), (2,)],
        {"momentum": 0.3, "eps": 0.01},
        "torch",
    ),
    "flatten": ("flatten", [(2, 3, 1, 2)], {}, "torch"),
    "cross-entropy": ("softmax_cross_entropy", [(4, 3)], {}, "torch"),
    "sgd": ("SGD", [(2, 3)], {"learning_rate": 0.1, "momentum": 0.9}, "torch"),
    "adam": ("Adam", [(2, 3)], {"learning_rate": 0.1, "betas": [0.8, 0.95], "eps": 0.001}, "torch"),
}


def eighths(shape, start):
    """Multiples of 1/8 between -3 and 3 in an order that looks random and never repeats soon."""
    count = int(np.prod(shape))
    return (((np.arange(count) + start) * 31 % 49) - 24).reshape(shape) / 8


def run_torch(function, operands, options):
    """Return (output, gradients, further results) from PyTorch."""
    tensors = [torch.tensor(operand, requires_grad=True) for operand in operands]
    if function in ("SGD", "Adam"):
        return run_optimiser(function, tensors[0], options)
    further = {}
    if function == "batch_norm":
        mean, var = torch.zeros(2, dtype=torch.float64), torch.ones(2, dtype=torch.float64)
        y = F.batch_norm(tensors[0], mean, var, *tensors[1:], training=True, **options)
        further = {"running_mean": mean.tolist(), "running_var": var.tolist()}
        further["eval"] = F.batch_norm(tensors[0], mean, var, *tensors[1:], eps=options["eps"]).tolist()
    elif function == "depthwise_conv2d":
        y = F.conv2d(*tensors, groups=operands[0].shape[1], **options)
    elif function == "global_avg_pool2d":
        y = tensors[0].mean(dim=(2, 3))
    elif function == "flatten":
        y = torch.flatten(tensors[0], 1)
    elif function == "softmax_cross_entropy":
        further = {"labels": [2, 0, 0, 1]}
        y = F.cross_entropy(tensors[0], torch.tensor(further["labels"]))
    else:
        y = getattr(F, function)(*tensors, **options)
    grad_y = eighths(tuple(y.shape), 7) if y.ndim else np.array(1.0)
    y.backward(torch.tensor(grad_y))
    return y.detach().numpy(), grad_y, [t.grad.numpy() for t in tensors], further


def run_optimiser(function, parameter, options):
    """Return a parameter after each of three steps with gradients of its own."""
    options = {"lr": options["learning_rate"], **{k: v for k, v in options.items() if k != "learning_rate"}}
    optimiser = getattr(torch.optim, function)([parameter], **options)
    steps = []
    for step in range(3):
        parameter.grad = torch.tensor(eighths(tuple(parameter.shape), 11 * step + 3))
        optimiser.step()
        steps.append(parameter.detach().numpy().copy())
    return np.stack(steps), np.array(0.0), [], {}


def run_tensorflow(function, operands, options):
    """Return (output, gradients, further results) from TensorFlow, carried back to NCHW and OIHW."""
    layouts = [(0, 2, 3, 1), (2, 3, 1, 0), (0,)][: len(operands)]
    back = [(0, 3, 1, 2), (3, 2, 0, 1), (0,)]
    tensors = [tf.constant(a.transpose(axes)) for a, axes in zip(operands, layouts, strict=True)]

    def forward(x, kernel=None, bias=None):
        if function == "conv2d":
            return tf.nn.conv2d(x, kernel, options["stride"], "SAME") + bias
        pool = tf.nn.max_pool2d if function == "max_pool2d" else tf.nn.avg_pool2d
        return pool(x, options["kernel_size"], options["stride"], "SAME")

    y = forward(*tensors)
    grad_y = eighths(tuple(tf.transpose(y, back[0]).shape), 7)

    @tf.function(jit_compile=True)  # compiled: alone, float64 gradients of groups are not there on a CPU
    def gradients(*tensors):
        with tf.GradientTape() as tape:
            tape.watch(tensors)
            loss = tf.reduce_sum(forward(*tensors) * grad_y.transpose(layouts[0]))
        return tape.gradient(loss, tensors)

    grads = [g.numpy().transpose(axes) for g, axes in zip(gradients(*tensors), back, strict=False)]
    return y.numpy().transpose(back[0]), grad_y, grads, {}


def make():
    """Return the whole file's content as a dictionary."""
    cases = {}
    for name, (function, shapes, options, framework) in CASES.items():
        operands = [eighths(shape, 5 * i) for i, shape in enumerate(shapes)]
        run = run_torch if framework == "torch" else run_tensorflow
        y, grad_y, grads, further = run(function, operands, options)
        cases[name] = {
            "function": function,
            "framework": framework,
            "options": options,
            "operands": [operand.tolist() for operand in operands],
            "output": y.tolist(),
            "grad_y": grad_y.tolist(),
            "gradients": [grad.tolist() for grad in grads],
            **further,
        }
    return {"torch": torch.__version__, "tensorflow": tf.__version__, "cases": cases}


def differences(stored, made):
    """Return the names of the cases that are missing on one side or differ by more than rounding."""
    odd = sorted(stored["cases"].keys() ^ made["cases"].keys())
    for name in stored["cases"].keys() & made["cases"].keys():
        old, new = stored["cases"][name], made["cases"][name]
        exact = ("function", "framework", "options", "operands", "grad_y", "labels")
        same = old.keys() == new.keys() and all(old.get(key) == new.get(key) for key in exact)
        for key in new.keys() - set(exact) if same else ():
            pairs = zip(old[key], new[key], strict=True) if key == "gradients" else [(old[key], new[key])]
            same = same and all(np.allclose(a, b, rtol=1e-12, atol=1e-12) for a, b in pairs)
        if not same:
            odd.append(name)
    return odd


def main():
    """Write or check the file, as the arguments say."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare with the stored file, write nothing")
    check = parser.parse_args().check
    # torch copies the input for it: no matter.
    warnings.filterwarnings("ignore", "Using padding='same'", UserWarning)
    made = make()
    if check:
        odd = differences(json.loads(TARGET.read_text()), made)
        if odd:
            sys.exit(f"{TARGET.name} no longer holds what the frameworks compute: {', '.join(odd)}.")
        print(f"{TARGET.name} holds what the frameworks compute, {len(made['cases'])} cases.")
        return
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(case)}" for name, case in made["cases"].items())
    head = f'"torch": "{made["torch"]}", "tensorflow": "{made["tensorflow"]}"'
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(f'{{{head}, "cases": {{\n{lines}\n}}}}\n')
    print(f"wrote {len(made['cases'])} cases to {TARGET.name}.")


if __name__ == "__main__":
    main()
