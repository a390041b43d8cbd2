"""Keras: which rule is whose."""

from functools import partial

from . import keras_conv as conv
from . import keras_dense as dense
from . import keras_elementwise as elementwise
from . import keras_norm as norm
from . import keras_pooling as pooling
from . import keras_recurrent as recurrent
from . import keras_resize as resize

KEPT = (
    "ReLU", "LeakyReLU", "ELU", "Softmax", "Activation", "Dropout", "GaussianNoise", "GaussianDropout",
    "AlphaDropout",
    "Identity", "Rescaling", "ActivityRegularization", "Masking", "RandomFlip", "RandomRotation",
    "RandomZoom",
    "RandomTranslation", "RandomContrast", "RandomBrightness", "Normalization", "InputLayer",
)  # fmt: skip
MERGES = ("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum")
RULES = {
    "Dense": dense.dense, "Embedding": dense.embedding, "Flatten": dense.flatten, "Reshape": dense.reshape,
    "Permute": dense.permute, "RepeatVector": dense.repeat_vector,
    "BatchNormalization": norm.batch_norm, "LayerNormalization": norm.layer_norm, "RMSNormalization":
    norm.rms_norm, "GroupNormalization": norm.group_norm, "UnitNormalization": norm.unit_norm,
    "PReLU": elementwise.prelu, "Concatenate": elementwise.concatenate,
    "SimpleRNN": partial(recurrent.recurrent, kind="SimpleRNN"), "LSTM": partial(recurrent.recurrent,
    kind="LSTM"),
    "GRU": partial(recurrent.recurrent, kind="GRU"), "Bidirectional": recurrent.bidirectional,
    "MultiHeadAttention": recurrent.attention,
}  # fmt: skip
RULES |= dict.fromkeys(KEPT, elementwise.kept)
RULES |= {kind: partial(elementwise.merge, kind=kind) for kind in MERGES}
for count in (1, 2, 3):
    RULES |= {
        f"Conv{count}D": partial(conv.convolution, count=count),
        f"Conv{count}DTranspose": partial(conv.transposed, count=count),
        f"UpSampling{count}D": partial(resize.upsample, count=count),
        f"ZeroPadding{count}D": partial(resize.zero_padding, count=count),
        f"Cropping{count}D": partial(resize.cropping, count=count),
        f"SpatialDropout{count}D": partial(elementwise.spatial_dropout, count=count),
    }
    if count < 3:
        RULES[f"DepthwiseConv{count}D"] = partial(conv.depthwise, count=count)
        RULES[f"SeparableConv{count}D"] = partial(conv.separable, count=count)
    for way in ("Max", "Average"):
        RULES[f"{way}Pooling{count}D"] = partial(pooling.pool, count=count)
        RULES[f"Global{way}Pooling{count}D"] = partial(pooling.global_pool, count=count)
        RULES[f"Adaptive{way}Pooling{count}D"] = partial(pooling.adaptive_pool, count=count)


def outcome(kind, settings, shapes):
    """Return what a layer of Keras makes of shapes, or raise its Refusal."""
    return RULES[kind](settings, [tuple(shape) for shape in shapes])


def known(kind):
    """Whether there is a rule for a layer."""
    return kind in RULES
