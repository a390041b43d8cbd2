"""The claims of "Why does input with specified weights have 3 channels instead of 1 when groups=1?"."""

import functools

import numpy as np
from matplotlib.cbook import get_sample_data

import fromscratch
from bookkit import layouts
from bookkit.claims.trying import (
    accepted,
    built,
    convolutions,
    counts,
    image,
    listed,
    reads,
    refused,
    refuses,
    register,
    taken,
    tf_image,
    torch_image,
)
from bookkit.frameworks import keras, nn, tf, torch
from fromscratch import ConvLayer, create_random_tensor

TITLE = "Why does input with specified weights have 3 channels instead of 1 when groups=1?"
CLAIMS = {}
CHAPTER_8 = "08-the-weight-decides.ipynb"
CHAPTER_9 = "09-weights-by-hand.ipynb"
CHAPTER_10 = "10-groups.ipynb"
CHAPTER_11 = "11-filters-for-spectrograms.ipynb"

WEIGHT = create_random_tensor((4, 3, 3, 3), seed=1)  # the documents' weight, OIHW

claim_of = functools.partial(register, CLAIMS)


@claim_of(
    "B1",
    "The number of input channels in a convolution is inherently linked to the dimensionality of the weight "
    "tensor",
    "The weight decides how many channels are expected.",
    shown={"chapter 8": f"{CHAPTER_8}#claim-b1"},
    condition="Together with the groups: `weight.shape[1] * groups`.",
)
def b1(claim):
    channels = {groups: taken(WEIGHT, groups) for groups in (1, 2, 4)}
    for groups in channels:
        claim.seen(
            f"groups={groups}: the weight (4, 3, 3, 3) accepts 3 channels and no other number",
            **{name: numbers == [3] for name, numbers in channels[groups].items()},
        )
    claim.found("numbers it accepts with 1, 2 and 4 groups", **listed(*channels.values()))


@claim_of(
    "B2",
    "Changing `groups` affects *how* these input channels are processed, not the required *number* of input "
    "channels.",
    "`groups` has no effect on the number of channels expected.",
    shown={"chapter 10": f"{CHAPTER_10}#claim-b2"},
    condition="With `in_channels` fixed, `groups` changes the weight. With the weight fixed, `groups` "
    "changes the input.",
)
def b2(claim):
    channels = {groups: taken_by_layer(12, groups) for groups in (1, 2, 3, 4, 6, 12)}
    claim.seen(
        "`in_channels=12` fixed: 12 are expected for groups 1, 2, 3, 4, 6 and 12",
        **{name: all(channels[groups][name] == [12] for groups in channels) for name in channels[1]},
    )
    fixed = {groups: taken(WEIGHT, groups) for groups in (1, 2, 4)}
    for groups in (2, 4):
        claim.seen(
            f"the weight (4, 3, 3, 3) fixed: groups={groups} expects what groups=1 expects",
            **{name: fixed[groups][name] == fixed[1][name] for name in fixed[1]},
        )
    claim.found("numbers the weight accepts with 1, 2 and 4 groups", **listed(*fixed.values()))


def taken_by_layer(channels, groups):
    """Return {implementation: the numbers of channels, of 1 to 12, that a layer for `channels` takes}."""
    weight = create_random_tensor((12, channels // groups, 3, 3), seed=1)  # the layer, in NumPy
    in_torch = nn.Conv2d(channels, 12, 3, groups=groups)
    in_keras = built(keras.layers.Conv2D(12, 3, groups=groups), channels)
    return {
        "NumPy": counts("NumPy", lambda n: fromscratch.conv2d(image(n), weight, groups=groups)),
        "PyTorch": counts("PyTorch", lambda n: in_torch(torch_image(n))),
        "Keras": counts("Keras", lambda n: in_keras(tf_image(n))),
    }


@claim_of(
    "B3",
    "it will typically have a shape such as (number of output channels, number of input channels, kernel "
    "height, kernel width)",
    "A weight’s shape is (out, in, height, width).",
    shown={"chapter 8": f"{CHAPTER_8}#claim-b3"},
    condition="In PyTorch’s order and for one group. In general it is (out, in / groups, height, width), and "
    "in TensorFlow (height, width, in / groups, out).",
)
def b3(claim):
    shapes = {"NumPy": ConvLayer(6, 4, (2, 5)).weights.shape}
    grouped = {}
    for groups, found in ((1, shapes), (2, grouped)):
        found["PyTorch"] = tuple(nn.Conv2d(6, 4, (2, 5), groups=groups).weight.shape)
        found["Keras"] = tuple(built(keras.layers.Conv2D(4, (2, 5), groups=groups), 6).kernel.shape)
    claim.seen(
        "6 channels in, 4 out, a kernel of 2 by 5, groups=1: (4, 6, 2, 5)",
        **{name: shape == (4, 6, 2, 5) for name, shape in shapes.items()},
    )
    weight = create_random_tensor((4, 6, 2, 5), seed=1)
    claim.seen(
        "the same with groups=2: (4, 6, 2, 5)",
        **accepted(NumPy=lambda: fromscratch.conv2d(image(6), weight, groups=2)),
        **{name: shape == (4, 6, 2, 5) for name, shape in grouped.items()},
    )
    claim.found("the shape, groups=1", **shapes)
    claim.found("the shape, groups=2", **grouped)


@claim_of(
    "B4",
    "If we define weights to be 3 input channels, that's what the convolution expects, and it won't matter "
    "what value we provide for groups.",
    "A weight for 3 channels expects 3, whatever `groups` is.",
    shown={"chapter 10": f"{CHAPTER_10}#claim-b4"},
    condition="With one group. With 2 groups a weight of (6, 3, 3, 3) expects 6, and with 3 it expects 9.",
)
def b4(claim):
    weight = create_random_tensor((6, 3, 3, 3), seed=1)
    channels = {groups: taken(weight, groups) for groups in (1, 2, 3)}
    for groups in channels:
        claim.seen(
            f"groups={groups}: the weight (6, 3, 3, 3) accepts 3 channels",
            **{name: 3 in numbers for name, numbers in channels[groups].items()},
        )
    claim.found("numbers it accepts with 1, 2 and 3 groups", **listed(*channels.values()))


@claim_of(
    "B5",
    "each group still needs all the input channels declared in the kernel weights",
    "Each group needs as many channels as the weight declares.",
    shown={"chapter 10": f"{CHAPTER_10}#claim-b5"},
    condition="Each group needs that many, but channels of its own: the input needs as many for every group.",
)
def b5(claim):
    for groups in (2, 4):
        tables = {name: reads(f, 3 * groups) for name, f in convolutions(WEIGHT, groups).items()}
        claim.seen(
            f"groups={groups}: each filter of the weight (4, 3, 3, 3) reads 3 channels",
            **{name: table.sum(axis=0).tolist() == [3] * 4 for name, table in tables.items()},
        )
        claim.seen(
            f"groups={groups}: every group reads the same 3 channels",
            **{name: bool((table == table[:, :1]).all()) for name, table in tables.items()},
        )


@claim_of(
    "B6",
    "If we tried to feed in a tensor of shape `(1, 1, 64, 64)`, an error would be raised because the weights "
    "expect an input tensor with 3 channels.",
    "Example 1 runs on 3 channels and raises on one.",
    shown={"chapter 8": f"{CHAPTER_8}#claim-b6"},
)
def b6(claim):
    in_torch = nn.Conv2d(in_channels=3, out_channels=4, kernel_size=3, padding=1)
    in_keras = built(keras.layers.Conv2D(4, 3, padding="same"), 3)
    claim.seen(
        "(1, 3, 64, 64) gives (1, 4, 64, 64); in Keras (1, 64, 64, 3) gives (1, 64, 64, 4)",
        NumPy=fromscratch.conv2d(image(3, 64, 64), WEIGHT, padding=1).shape == (1, 4, 64, 64),
        PyTorch=in_torch(torch_image(3, 64, 64)).shape == (1, 4, 64, 64),
        Keras=in_keras(tf_image(3, 64, 64)).shape == (1, 64, 64, 4),
    )
    claim.seen(
        "the weight is (4, 3, 3, 3); in Keras (3, 3, 3, 4)",
        NumPy=ConvLayer(3, 4, 3).weights.shape == (4, 3, 3, 3),
        PyTorch=in_torch.weight.shape == (4, 3, 3, 3),
        Keras=tuple(in_keras.kernel.shape) == (3, 3, 3, 4),
    )
    claim.seen(
        "one channel raises",
        **refused(
            NumPy=lambda: fromscratch.conv2d(image(1, 64, 64), WEIGHT, padding=1),
            PyTorch=lambda: in_torch(torch_image(1, 64, 64)),
            Keras=lambda: in_keras(tf_image(1, 64, 64)),
        ),
    )


@claim_of(
    "B7",
    "The convolution expects an input with 3 channels because our weights are defined with 3 input channels.",
    "Example 2: a weight set by hand decides, as before.",
    shown={"chapter 9": f"{CHAPTER_9}#claim-b7"},
)
def b7(claim):
    in_numpy = ConvLayer(3, 4, 3)
    in_numpy.weights = WEIGHT
    in_torch = nn.Conv2d(in_channels=3, out_channels=4, kernel_size=3, padding=1)
    in_torch.weight = nn.Parameter(torch.tensor(WEIGHT))
    in_keras = built(keras.layers.Conv2D(4, 3, padding="same", use_bias=False), 3)
    in_keras.set_weights([layouts.hwio(WEIGHT)])
    claim.seen(
        "with the new weight 3 channels run",
        **accepted(
            NumPy=lambda: in_numpy.forward(image(3)),
            PyTorch=lambda: in_torch(torch_image(3)),
            Keras=lambda: in_keras(tf_image(3)),
        ),
    )
    claim.seen(
        "with the new weight one channel raises",
        **refused(
            NumPy=lambda: in_numpy.forward(image(1)),
            PyTorch=lambda: in_torch(torch_image(1)),
            Keras=lambda: in_keras(tf_image(1)),
        ),
    )
    thin = create_random_tensor((4, 1, 3, 3), seed=1)
    in_numpy.weights = thin
    in_torch.weight = nn.Parameter(torch.tensor(thin))
    claim.seen(
        "with a weight (4, 1, 3, 3) in its place one channel runs",
        **accepted(
            NumPy=lambda: in_numpy.forward(image(1)),
            PyTorch=lambda: in_torch(torch_image(1)),
        ),
    )
    kept = refuses("Keras", lambda: in_keras.set_weights([layouts.hwio(thin)]))
    claim.found(
        "setting the weight (4, 1, 3, 3)",
        NumPy="is not checked",
        PyTorch="is not checked",
        Keras="raises" if kept else "is not checked",
    )


@claim_of(
    "B8",
    "Since I declared 3 input channels, that is the expectation and it doesn't change even when I set the "
    "groups parameter.",
    "Example 3: `groups=2` with 3 input channels still expects 3.",
    shown={"chapter 10": f"{CHAPTER_10}#claim-b8"},
    instead="The layer cannot be built: 2 groups do not divide 3 channels. The weight alone, with 2 groups, "
    "expects 6.",
)
def b8(claim):
    claim.seen(
        "the example’s layer, for 3 channels with groups=2, can be built",
        **accepted(
            PyTorch=lambda: nn.Conv2d(3, 4, 3, padding=1, groups=2),
            Keras=lambda: built(keras.layers.Conv2D(4, 3, padding="same", groups=2), 3),
        ),
    )
    channels = taken(WEIGHT, 2)
    claim.seen(
        "its weight, (4, 3, 3, 3), accepts 3 channels with groups=2",
        **{name: 3 in numbers for name, numbers in channels.items()},
    )
    claim.found("numbers the weight accepts with groups=2", **listed(channels))


@claim_of(
    "B9",
    "I would need to set `out_channels=6` or multiples of 3 and reshape my weight tensor accordingly to "
    "match this group structure, with each group using the declared `in_channels=3`",
    "`groups=3` needs a multiple of 3 filters, and each group uses 3 channels.",
    shown={"chapter 10": f"{CHAPTER_10}#claim-b9"},
    condition="The multiple of 3 is needed, and 3 itself will do. But of 3 channels in 3 groups each group "
    "has one.",
)
def b9(claim):
    claim.seen("4 filters in 3 groups raise", **refused(**grouped_by_3(4)))
    claim.seen("6 filters run", **accepted(**grouped_by_3(6)))
    claim.seen("3 filters run", **accepted(**grouped_by_3(3)))
    in_keras = built(keras.layers.Conv2D(6, 3, groups=3), 3)
    weight = create_random_tensor((6, 3, 3, 3), seed=1)
    claim.seen(
        "for 3 channels and 6 filters, each group uses 3 channels",
        **accepted(NumPy=lambda: fromscratch.conv2d(image(3), weight, groups=3)),
        PyTorch=nn.Conv2d(3, 6, 3, groups=3).weight.shape[1] == 3,
        Keras=in_keras.kernel.shape[2] == 3,
    )
    claim.found("numbers a weight (6, 3, 3, 3) accepts with groups=3", **listed(taken(weight, 3)))


def grouped_by_3(filters):
    """Return {implementation: a call that makes a layer for 3 channels in 3 groups and uses it}."""
    weight = create_random_tensor((filters, 1, 3, 3), seed=1)
    return {
        "NumPy": lambda: fromscratch.conv2d(image(3), weight, groups=3),
        "PyTorch": lambda: nn.Conv2d(3, filters, 3, groups=3)(torch_image(3)),
        "Keras": lambda: keras.layers.Conv2D(filters, 3, groups=3)(tf_image(3)),
    }


@claim_of(
    "B10",
    "the principles apply to any deep learning framework",
    "The same holds in any framework.",
    shown={"chapter 10": f"{CHAPTER_10}#claim-b10"},
    condition="For layers, and for operations that are told the groups. `tf.nn.conv2d` and `keras.ops.conv` "
    "have no argument for groups: they infer them from the input.",
)
def b10(claim):
    channels = {groups: taken(WEIGHT, groups) for groups in (1, 2, 4)}
    claim.seen(
        "with 1, 2 and 4 groups, the weight (4, 3, 3, 3) accepts 3, 6 and 12 channels",
        **{name: all(channels[groups][name] == [3 * groups] for groups in channels) for name in channels[1]},
    )
    kernel = layouts.hwio(WEIGHT)
    bare = {
        "NumPy": channels[1]["NumPy"],
        "PyTorch": channels[1]["PyTorch"],
        "Keras": counts("Keras", lambda n: keras.ops.conv(tf_image(n), kernel)),
        "TensorFlow": counts("TensorFlow", lambda n: tf.nn.conv2d(tf_image(n), kernel, 1, "SAME")),
    }
    claim.seen(
        "the operation, given no groups, accepts 3 channels and no other number",
        **{name: numbers == [3] for name, numbers in bare.items()},
    )
    claim.found("numbers the operation accepts", **listed(bare))


@claim_of(
    "B11",
    "When `groups=1`, this means the convolution operation is applied to *all* of the input channels at once",
    "3 and not 1, because with `groups=1` each filter reads all channels of its weight.",
    shown={"chapter 8": f"{CHAPTER_8}#one-group-holds-all-channels"},
)
def b11(claim):
    claim.seen(
        "groups=1: each filter of the weight (4, 3, 3, 3) reads all 3 channels",
        **{name: bool(reads(f, 3).all()) for name, f in convolutions(WEIGHT).items()},
    )
    for depth, weight in ((3, WEIGHT), (1, WEIGHT[:, :1])):
        claim.seen(
            f"groups=1: a weight (4, {depth}, 3, 3) expects {depth}",
            **{name: numbers == [depth] for name, numbers in taken(np.ascontiguousarray(weight), 1).items()},
        )


@claim_of(
    "B12",
    "optimizing a custom CNN for spectrogram analysis where I was manually creating the weight filters",
    "Filters made by hand can be used on spectrograms.",
    shown={"chapter 11": f"{CHAPTER_11}#claim-b12"},
)
def b12(claim):
    diagonal = np.eye(7, dtype=np.float32) - 1 / 7  # a rising tone, about a row a column; its mean is zero
    filters = convolutions(diagonal[None, None])
    without, with_tone = spectrogram(), spectrogram(tone=True)
    claim.seen(
        "a filter for a rising tone responds most where one was added to the signal",
        **{name: lies_in_the_tone(f(with_tone)) for name, f in filters.items()},
    )
    claim.seen(
        "without the tone, its largest response is less than half as large",
        **{name: bool(f(without).max() < f(with_tone).max() / 2) for name, f in filters.items()},
    )
    three_deep = convolutions(np.repeat(diagonal[None, None], 3, axis=1))
    claim.seen(
        "made three channels deep, with groups=1, it raises on a spectrogram",
        **refused(1, 3, **{name: functools.partial(f, with_tone) for name, f in three_deep.items()}),
    )


FRAME, HOP = 64, 16  # samples
TONE = slice(400, 560)  # samples


def spectrogram(tone=False):
    """Return log magnitudes of 800 samples of matplotlib's EEG, (1, 1, frequencies, times): a real signal.

    tone: whether a tone is added that rises from 0.1 to 0.3 periods a sample.
    """
    with get_sample_data("eeg.dat") as file:
        signal = np.frombuffer(file.read()).reshape(800, 4)[:, 0].copy()
    if tone:
        time = np.arange(TONE.stop - TONE.start)
        signal[TONE] += 8 * np.sin(2 * np.pi * (0.1 * time + 0.1 * time**2 / len(time)))
    starts = range(0, len(signal) - FRAME + 1, HOP)
    frames = np.hanning(FRAME) * [signal[start : start + FRAME] for start in starts]
    return np.log1p(np.abs(np.fft.rfft(frames))).T[None, None].astype(np.float32)


def lies_in_the_tone(responses):
    """Return whether the window of 7 by 7 with the largest response lies where the tone was added."""
    row, column = np.unravel_index(responses.argmax(), responses.shape)[2:]
    times = (column * HOP, (column + 6) * HOP + FRAME)
    frequencies = (row / FRAME, (row + 6) / FRAME)
    in_time = TONE.start - FRAME < times[0] and times[1] < TONE.stop + FRAME
    return bool(in_time and frequencies[0] > 0.1 and frequencies[1] < 0.3)


@claim_of(
    "B13",
    "When `groups` is greater than 1, the input and output channels are divided into separate groups, and "
    "each group is convolved independently.",
    "With more than one group, each group is a convolution of its own.",
    shown={"chapter 10": f"{CHAPTER_10}#claim-b5"},
)
def b13(claim):
    depth, filters = 4, 6
    weight = create_random_tensor((filters, depth, 3, 2), seed=1)
    for groups in (2, 3):
        grouped = convolutions(weight, groups)
        own = np.kron(np.eye(groups), np.ones((depth, filters // groups)))  # [channel, filter]
        claim.seen(
            f"groups={groups}: a filter of the weight (6, 4, 3, 2) reads its group’s channels and no others",
            **{name: bool((reads(f, depth * groups) == own).all()) for name, f in grouped.items()},
        )
        x = image(depth * groups)
        alone = one_by_one(x, weight, groups)
        claim.seen(
            f"groups={groups}: the output is that of {groups} separate convolutions, put together",
            **{name: bool(np.abs(f(x) - alone[name]).max() < 1e-4) for name, f in grouped.items()},
        )


def one_by_one(x, weight, groups):
    """Return {implementation: the outputs of one convolution for each group, along axis 1}."""
    parts = [
        {name: f(part) for name, f in convolutions(np.ascontiguousarray(kernel)).items()}
        for part, kernel in zip(np.split(x, groups, axis=1), np.split(weight, groups), strict=True)
    ]
    return {name: np.concatenate([part[name] for part in parts], axis=1) for name in parts[0]}
