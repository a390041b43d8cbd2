"""A small model that fails as a message says, from the numbers in the message.

example_of(page, numbers, message) has a page of book/errors/ and the numbers that the error guide reads; of
what a message does not say, such as the number of filters, it takes some number.
"""

import re

from ..read import read
from ..trace import trace

SIDE = 32  # pixels, of an image whose size no number says
WORDS = {2: "Conv1d", 3: "Conv1d", 4: "Conv2d", 5: "Conv3d"}
KERAS_OF_RANK = {
    "min_ndim=2": "Dense(8)", "min_ndim=3": "Conv1D(8, 3)", "min_ndim=4": "Conv2D(8, 3)",
    "min_ndim=5": "Conv3D(8, 3)", "ndim=3": "LSTM(8)",
}  # fmt: skip


def example_of(page, numbers, message):
    """Return {"model": ..., "shape": ...} as texts, None where the message says too little."""
    maker = MAKERS.get(page)
    try:
        made = maker(numbers, message) if maker else None
    except (KeyError, IndexError, TypeError, ZeroDivisionError):
        return None
    if made is None:
        return None
    model, *shapes = made
    if failing_page(model, shapes) != page:  # an older message, or one of another layer
        return None
    return {"model": f"{model}\n", "shape": ", ".join(shape_text(shape) for shape in shapes)}


def failing_page(model, shapes):
    """Return the page of the message with which a model fails, "" where it does not."""
    rows = trace(read(model), [tuple(shape) for shape in shapes])["rows"]
    return next((row["refusal"]["page"] for row in rows if row["refusal"]), "")


def shape_text(shape):
    """Write a shape."""
    inside = ", ".join(str(size) for size in shape)
    return f"({inside},)" if len(shape) == 1 else f"({inside})"


def code_of(sizes):
    """Write a kernel: one number where all are equal."""
    return str(sizes[0]) if len(set(sizes)) == 1 else shape_text(sizes)


def grouped(groups):
    """Write the argument of groups where there are several."""
    return f", groups={groups}" if groups and groups > 1 else ""


def conv_channels(numbers, message):
    """A convolution whose weight expects other channels."""
    weight, groups = numbers["weight"], numbers.get("groups") or 1
    count = len(weight) - 2
    if not 1 <= count <= 3:
        return None
    kernel = code_of(weight[2:])
    return f"nn.Conv{count}d({weight[1] * groups}, {weight[0]}, {kernel}{grouped(groups)})", numbers["input"]


def conv_transpose_channels(numbers, message):
    """A transposed convolution whose weight expects other channels."""
    weight = numbers["weight"]
    count = len(weight) - 2
    if not 1 <= count <= 3:
        return None
    return f"nn.ConvTranspose{count}d({weight[0]}, {weight[1]}, {code_of(weight[2:])})", numbers["input"]


def linear(numbers, message):
    """A Linear that expects other features."""
    ins, outs = numbers["mat2"]
    rows, got = numbers["mat1"]
    rest = ins // got
    flat = rest > 1 and ins == rest * got and rows % rest == 0  # as if a flatten were missing
    return f"nn.Linear({ins}, {outs})", (rows // rest, rest, got) if flat else numbers["mat1"]


def batch_norm(numbers, message):
    """A BatchNorm2d of other channels."""
    return f"nn.BatchNorm2d({numbers['expected']})", (2, numbers["got"], SIDE, SIDE)


def one_value(numbers, message):
    """A normalisation of one value."""
    shape = numbers["input"]
    layer = "InstanceNorm" if "spatial" in message else "BatchNorm"
    return f"nn.{layer}{max(len(shape) - 2, 1)}d({shape[1]})", shape


def norm_rank(numbers, message):
    """A BatchNorm of another number of axes."""
    got = numbers["rank_got"]
    count = 1 if numbers.get("rank_low") else numbers["rank_expected"] - 2
    return f"nn.BatchNorm{count}d(8)", (2, 8, SIDE, SIDE, SIDE)[:got]


def instance_norm(numbers, message):
    """An InstanceNorm2d with weights, of other channels."""
    return f"nn.InstanceNorm2d({numbers['expected']}, affine=True)", (2, numbers["got"], SIDE, SIDE)


def group_norm(numbers, message):
    """A GroupNorm whose groups or channels do not fit."""
    if "weight" in numbers:
        return f"nn.GroupNorm(1, {numbers['weight'][0]})", numbers["input"]
    groups = numbers["groups"]
    if "input" in numbers:
        return f"nn.GroupNorm({groups}, {2 * groups})", numbers["input"]
    return f"nn.GroupNorm({groups}, {numbers['got']})", (2, numbers["got"], SIDE, SIDE)


def layer_norm(numbers, message):
    """A LayerNorm of another shape."""
    return f"nn.LayerNorm({code_of(numbers['expected_shape'])})", numbers["input"]


def kernel_too_big(numbers, message):
    """A convolution whose kernel is larger than its input."""
    sizes, kernel = numbers["input"], numbers["kernel"]
    return f"nn.Conv{len(sizes)}d(3, 8, {code_of(kernel)})", (1, 3, *sizes)


def pool_too_small(numbers, message):
    """A pooling of which nothing is left: the smallest kernel that makes this output."""
    before, after = numbers["input"], numbers["output"]
    for kernel in range(1, 2 * max(before[1:]) + 2):
        if all((size - kernel) // kernel + 1 == out for size, out in zip(before[1:], after[1:], strict=True)):
            return f"nn.MaxPool{len(before) - 1}d({kernel})", (1, *before)
    return None


def pool_padding(numbers, message):
    """A pooling with more padding than half of its kernel."""
    return f"nn.MaxPool2d({numbers['kernel']}, padding={numbers['pad']})", (1, 3, SIDE, SIDE)


def conv_rank(numbers, message):
    """A convolution of another number of axes."""
    shape = numbers["input"]
    return f"nn.{WORDS[numbers['rank_batched']]}({shape[min(1, len(shape) - 1)]}, 8, 3)", shape


def setting_length(numbers, message):
    """A convolution with a setting of too many numbers."""
    count, given = numbers["wanted"], numbers["given"]
    name = re.search(r"expected (\w+) to be a single", message)
    if not name or not 1 <= count <= 3:
        return None
    return f"nn.Conv{count}d(3, 8, 3, {name[1]}={shape_text(given)})", (1, 3, *(SIDE,) * count)


def same_stride(numbers, message):
    """A strided convolution with padding='same'."""
    return 'nn.Conv2d(3, 8, 3, stride=2, padding="same")', (1, 3, SIDE, SIDE)


def groups_constructor(numbers, message):
    """A grouped convolution whose channels the groups do not divide."""
    ins, outs = (4, 9) if "out_channels" in message else (3, 8)
    return f"nn.Conv2d({ins}, {outs}, 3, groups=2)", (1, ins, SIDE, SIDE)


def glu(numbers, message):
    """A GLU over an odd axis."""
    axis = numbers["axis"]
    return f"nn.GLU(dim={axis})", (*(2,) * axis, numbers["got"])


def prelu(numbers, message):
    """A PReLU of other channels."""
    return f"nn.PReLU({numbers['expected']})", (1, numbers["got"], SIDE, SIDE)


def pixel_shuffle(numbers, message):
    """A PixelShuffle or PixelUnshuffle whose factor does not divide."""
    if "factor" in numbers:
        factor, side = numbers["factor"], numbers["side"]
        sides = (side, factor * SIDE) if "height" in message else (factor * SIDE, side)
        return f"nn.PixelUnshuffle({factor})", (1, 3, *sides)
    factor = next(each for each in range(1, 1000) if each * each >= numbers["expected"])
    return f"nn.PixelShuffle({factor})", (1, numbers["got"], SIDE, SIDE)


def rnn_size(numbers, message):
    """A recurrent layer that expects other features."""
    return f"nn.LSTM({numbers['expected']}, 16)", (5, 2, numbers["got"])


def rnn_rank(numbers, message):
    """A recurrent layer that gets another number of axes."""
    found = re.search(r"(LSTM|GRU|RNN): Expected", message)
    return (f"nn.{found[1]}(8, 16)", (3, 2, 5, 4, 8)[-numbers["rank_got"] :]) if found else None


def unflatten(numbers, message):
    """An Unflatten to sizes that do not multiply up."""
    axis = numbers["axis"]
    return f"nn.Unflatten({axis}, {shape_text(numbers['requested'])})", (*(2,) * axis, numbers["size"])


def view(numbers, message):
    """A view to a shape of another number of values."""
    shape = ", ".join(str(size) for size in numbers["requested"])
    return forward("x", f"x.reshape({shape})" if "reshape" in message else f"x.view({shape})"), (
        numbers["size"],
    )


def broadcast(numbers, message):
    """A sum of two shapes that do not broadcast."""
    before = (2,) * numbers["axis"]
    return forward("x, y", "x + y"), (*before, numbers["a"]), (*before, numbers["b"])


def forward(arguments, result):
    """Write a module that returns an expression."""
    return f"class Net(nn.Module):\n    def forward(self, {arguments}):\n        return {result}"


def keras_ndim(numbers, message):
    """A Keras layer that gets another number of axes."""
    found = re.search(r"expected ((?:min_)?ndim=\d)", message)
    layer = KERAS_OF_RANK.get(found[1]) if found else None
    return (f"layers.{layer}", numbers["input"]) if layer else None


def keras_groups(numbers, message):
    """A grouped Keras layer whose channels the groups do not divide."""
    if "norm_groups" in numbers:
        channels = numbers["channels"]
        return f"layers.GroupNormalization({numbers['norm_groups']})", (1, SIDE, SIDE, channels)
    groups = numbers["groups"]
    if "filters" in numbers:
        return f"layers.Conv2D({numbers['filters']}, 3, groups={groups})", (1, SIDE, SIDE, groups)
    count = len(numbers["input"]) - 2
    return f"layers.Conv{count}D({4 * groups}, 3, groups={groups})", numbers["input"]


def keras_kernel(numbers, message):
    """A Keras convolution whose kernel has another number of axes, or does not fit."""
    shape = numbers.get("input") or numbers["data"]
    if "kernel" in numbers:
        kernel = numbers["kernel"]
        layer = "AveragePooling" if "AveragePooling" in message else "MaxPooling"
        return f"layers.{layer}{len(kernel)}D({code_of(kernel)})", shape
    weight = numbers["weight"]
    return f"layers.Conv{len(weight) - 2}D({weight[-1]}, {code_of(weight[:-2])})", shape


def keras_reshape(numbers, message):
    """A Reshape to another number of values."""
    return f"layers.Reshape({shape_text(numbers['requested'])})", (None, *numbers["input"])


def keras_merge(layer):
    """A Keras layer that joins two values."""

    def made(numbers, message):
        first, second = (
            shape if shape[0] is None else (None, *shape) for shape in (numbers["first"], numbers["second"])
        )
        lines = [
            f"a = keras.Input({shape_text(first[1:])})",
            f"b = keras.Input({shape_text(second[1:])})",
            f"c = layers.{layer}()([a, b])",
        ]
        return "\n".join(lines), first, second

    return made


MAKERS = {
    "pytorch-conv-channels": conv_channels,
    "pytorch-conv-transpose-channels": conv_transpose_channels,
    "pytorch-mat1-mat2": linear,
    "pytorch-batchnorm-channels": batch_norm,
    "pytorch-batchnorm-one-value": one_value,
    "pytorch-batchnorm-rank": norm_rank,
    "pytorch-instancenorm-channels": instance_norm,
    "pytorch-groupnorm": group_norm,
    "pytorch-layernorm": layer_norm,
    "pytorch-kernel-too-big": kernel_too_big,
    "pytorch-output-too-small": pool_too_small,
    "pytorch-pool-padding": pool_padding,
    "pytorch-conv-rank": conv_rank,
    "pytorch-conv-setting-length": setting_length,
    "pytorch-padding-same-stride": same_stride,
    "pytorch-groups-constructor": groups_constructor,
    "pytorch-glu": glu,
    "pytorch-prelu": prelu,
    "pytorch-pixel-shuffle": pixel_shuffle,
    "pytorch-rnn-input-size": rnn_size,
    "pytorch-rnn-rank": rnn_rank,
    "pytorch-unflatten": unflatten,
    "pytorch-view-size": view,
    "pytorch-broadcast": broadcast,
    "keras-ndim": keras_ndim,
    "keras-groups": keras_groups,
    "keras-kernel-rank": keras_kernel,
    "keras-output-size-negative": keras_kernel,
    "keras-reshape": keras_reshape,
    "keras-concatenate": keras_merge("Concatenate"),
    "keras-merge-shapes": keras_merge("Add"),
}
