"""PyTorch: which rule is whose."""

from functools import partial

from ..records import Refusal
from ..signatures import PYTORCH
from . import pytorch_attention as attention
from . import pytorch_conv as conv
from . import pytorch_elementwise as elementwise
from . import pytorch_linear as linear
from . import pytorch_merge as merge
from . import pytorch_norm as norm
from . import pytorch_padding as padding
from . import pytorch_parts as parts
from . import pytorch_pooling as pooling
from . import pytorch_recurrent as recurrent
from . import pytorch_reshape as reshape
from . import pytorch_resize as resize

KEPT = (
    "CELU", "ELU", "GELU", "Hardshrink", "Hardsigmoid", "Hardswish", "Hardtanh", "LeakyReLU", "LogSigmoid",
    "Mish",
    "RReLU", "ReLU", "ReLU6", "SELU", "SiLU", "Sigmoid", "Softplus", "Softshrink", "Softsign", "Tanh",
    "Tanhshrink",
    "Threshold", "Identity", "Dropout", "AlphaDropout",
)  # fmt: skip
PADDINGS = {
    "Zero": "zeros", "Constant": "zeros", "Reflection": "reflect", "Replication": "replicate",
    "Circular": "circular"
}  # fmt: skip
RULES = {
    "Linear": linear.linear, "Bilinear": linear.bilinear, "Embedding": linear.embedding,
    "Flatten": reshape.flatten, "Unflatten": reshape.unflatten,
    "GroupNorm": norm.group_norm, "LayerNorm": norm.layer_norm, "RMSNorm": norm.rms_norm,
    "LocalResponseNorm": elementwise.response_norm,
    "PReLU": elementwise.prelu, "GLU": elementwise.glu, "Softmax2d": elementwise.softmax_2d,
    "Softmax": elementwise.softmax, "LogSoftmax": elementwise.softmax, "Softmin": elementwise.softmax,
    "Dropout1d": elementwise.dropout_1d, "Dropout2d": elementwise.feature_dropout,
    "Dropout3d": elementwise.dropout_3d, "FeatureAlphaDropout": elementwise.feature_dropout,
    "RNN": partial(recurrent.recurrent, kind="RNN"), "LSTM": partial(recurrent.recurrent, kind="LSTM"),
    "GRU": partial(recurrent.recurrent, kind="GRU"),
    "MultiheadAttention": attention.attention, "TransformerEncoderLayer": attention.encoder_layer,
    "Upsample": resize.upsample, "UpsamplingNearest2d": partial(resize.upsample_2d, mode="nearest"),
    "UpsamplingBilinear2d": partial(resize.upsample_2d, mode="bilinear"),
    "PixelShuffle": resize.pixel_shuffle, "PixelUnshuffle": resize.pixel_unshuffle,
    "ChannelShuffle": resize.channel_shuffle,
    "cat": merge.concatenate, "stack": merge.stack, "add": merge.broadcast, "mul": merge.broadcast,
    "view": reshape.reshape, "reshape": reshape.reshape, "permute": reshape.permute, "transpose":
    reshape.transpose, "index": parts.index, "pad": padding.pad,
    "squeeze": reshape.squeeze, "unsqueeze": reshape.unsqueeze, "matmul": merge.matmul,
    "expand": reshape.expand, "expand_as": reshape.expand_as, "view_as": reshape.view_as,
    "t": reshape.swapped, "mT": reshape.swapped, "movedim": reshape.movedim, "repeat": reshape.repeat,
    "chunk": parts.chunk,
    "split": parts.split, "unbind": parts.unbind, "tensor": elementwise.tensor,
    "parameter": elementwise.parameter,
    "mean": reshape.mean, }  # fmt: skip
RULES |= dict.fromkeys(KEPT, elementwise.kept)
for count in (1, 2, 3):
    RULES |= {
        f"Conv{count}d": partial(conv.convolution, count=count),
        f"ConvTranspose{count}d": partial(conv.transposed, count=count),
        f"MaxPool{count}d": partial(pooling.max_pool, count=count),
        f"AvgPool{count}d": partial(pooling.average_pool, count=count),
        f"AdaptiveAvgPool{count}d": partial(pooling.adaptive_pool, count=count, way="average"),
        f"AdaptiveMaxPool{count}d": partial(pooling.adaptive_pool, count=count, way="max"),
        f"BatchNorm{count}d": partial(norm.batch_norm, count=count),
        f"InstanceNorm{count}d": partial(norm.instance_norm, count=count),
    }
    for way, mode in PADDINGS.items():
        RULES[f"{way}Pad{count}d"] = partial(padding.padding_layer, count=count, mode=mode)

# A lazy layer reads a number from its first input: (the layer that it becomes, the argument, the axis from
# the end).
LAZY = {"LazyLinear": ("Linear", "in_features", 1)}
for count in (1, 2, 3):
    LAZY[f"LazyConv{count}d"] = (f"Conv{count}d", "in_channels", count + 1)
    LAZY[f"LazyConvTranspose{count}d"] = (f"ConvTranspose{count}d", "in_channels", count + 1)
    LAZY[f"LazyBatchNorm{count}d"] = (f"BatchNorm{count}d", "num_features", None)


def outcome(kind, settings, shapes):
    """Return what a layer or operation of PyTorch makes of shapes, or raise its Refusal."""
    if kind in LAZY:
        kind, name, back = LAZY[kind]
        shape = shapes[0]
        place = 1 if back is None else len(shape) - back
        if not 0 <= place < len(shape):
            raise Refusal("IndexError", f"the input of a lazy layer has no axis {place}")
        settings = {**settings, name: shape[place]}
    return RULES[kind](settings, [tuple(shape) for shape in shapes])


def known(kind):
    """Whether there is a rule for a layer or an operation."""
    return kind in PYTORCH and (kind in RULES or kind in LAZY)
