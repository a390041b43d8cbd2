"""PyTorch's layers that keep the shape, and GLU, which halves an axis."""

from ..records import Outcome, Refusal, Weight
from .pytorch_axes import axis


def kept(settings, shapes):
    """A layer that takes any shape and keeps it."""
    return Outcome(shapes[0])


def softmax(settings, shapes):
    """Softmax, LogSoftmax and Softmin over one axis."""
    if settings["dim"] is not None:
        axis(settings["dim"], len(shapes[0]))
    return Outcome(shapes[0])


def softmax_2d(settings, shapes):
    """Softmax over the channels of images."""
    rank = len(shapes[0])
    if rank not in (3, 4):
        raise Refusal("ValueError", f"Softmax2d: expected input to be 3D or 4D, got {rank}D instead")
    return Outcome(shapes[0])


def dropout_1d(settings, shapes):
    """Dropout of whole channels of sequences."""
    rank = len(shapes[0])
    if rank not in (2, 3):
        raise Refusal(
            "RuntimeError",
            f"dropout1d: Expected 2D or 3D input, but received a {rank}D input. Note that dropout1d exists "
            "to "
            "provide channel-wise dropout on inputs with 1 spatial dimension, a channel dimension, and an "
            "optional "
            "batch dimension (i.e. 2D or 3D inputs).",
        )
    return Outcome(shapes[0])


def feature_dropout(settings, shapes):
    """Dropout of whole channels; other ranks than the usual ones only warn."""
    if len(shapes[0]) < 2:
        raise Refusal("RuntimeError", "Feature dropout requires at least 2 dimensions in the input")
    return Outcome(shapes[0])


def dropout_3d(settings, shapes):
    """Dropout of whole channels of volumes, which takes what is not 5-D as one example."""
    if len(shapes[0]) < 1:
        raise Refusal("RuntimeError", "Feature dropout requires at least 2 dimensions in the input")
    return Outcome(shapes[0])


def prelu(settings, shapes):
    """PReLU with one slope, or one for each channel."""
    shape, slopes = shapes[0], settings["num_parameters"]
    if slopes != 1:
        if not shape:
            raise Refusal("RuntimeError", "Not allow zero-dim input tensor.")
        channels = shape[1] if len(shape) > 1 else 1
        if channels != slopes:
            raise Refusal(
                "RuntimeError",
                f"Mismatch of parameter numbers and input channel size. Found parameter numbers = {slopes} "
                "and "
                f"channel size = {channels}.",
                {"num_parameters": channels},
            )
    return Outcome(shape, (Weight("weight", (slopes,)),))


def glu(settings, shapes):
    """A gated linear unit: one half of an axis gates the other."""
    shape = shapes[0]
    if not shape:
        raise Refusal("RuntimeError", "glu does not support scalars because halving size must be even")
    place = axis(settings["dim"], len(shape))
    if shape[place] % 2:
        raise Refusal(
            "RuntimeError", f"Halving dimension must be even, but dimension {place} is size {shape[place]}"
        )
    return Outcome((*shape[:place], shape[place] // 2, *shape[place + 1 :]))


def response_norm(settings, shapes):
    """Local response normalisation across channels."""
    if len(shapes[0]) < 3:
        raise Refusal(
            "ValueError",
            f"Expected 3D or higher dimensionality                          input (got {len(shapes[0])} "
            "dimensions)",
        )
    return Outcome(shapes[0])


def tensor(settings, shapes):
    """A tensor that is made of its sizes, such as torch.zeros."""
    return Outcome(tuple(settings["shape"]))


def parameter(settings, shapes):
    """A tensor that is trained."""
    shape = tuple(settings["shape"])
    return Outcome(shape, (Weight("", shape),))
