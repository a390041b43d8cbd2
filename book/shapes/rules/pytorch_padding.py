"""PyTorch's padding layers, and F.pad, which convolutions with a padding_mode call."""

from ..records import Outcome, Refusal
from ..sizes import spread
from .words import brackets

COMBINATIONS = """
Supported combinations for non-constant padding:
  - 2D or 3D input: padding size = 2 (pads last dimension)
  - 3D or 4D input: padding size = 4 (pads last 2 dimensions)
  - 4D or 5D input: padding size = 6 (pads last 3 dimensions)"""


def padding_layer(settings, shapes, count, mode):
    """ZeroPad, ConstantPad, ReflectionPad, ReplicationPad and CircularPad."""
    pads = spread(settings["padding"], 2 * count)
    shape = shapes[0]
    if mode == "circular" and len(shape) not in (count + 1, count + 2):
        raise Refusal("ValueError", f"expected {count + 1}D or {count + 2}D input (got {len(shape)}D input)")
    output = padded(shape, pads, mode)
    pairs = tuple((pads[2 * i], pads[2 * i + 1]) for i in range(count))
    return Outcome(output, padding=tuple(reversed(pairs)))


def pad(settings, shapes):
    """F.pad; the numbers begin with the last axis."""
    return Outcome(padded(shapes[0], tuple(settings["pad"]), settings["mode"]))


def padded(shape, pads, mode):
    """Return a shape after F.pad: `pads` begin with the last axis."""
    count, rank = len(pads) // 2, len(shape)
    if len(pads) > 2 * rank:
        raise Refusal(
            "RuntimeError",
            "Padding length should be less than or equal to two times the input dimension but got padding "
            f"length {len(pads)} and input of dimension {rank}",
        )
    if mode not in ("zeros", "constant") and rank not in (count + 1, count + 2):
        raise Refusal(
            "NotImplementedError",
            f"Padding size {len(pads)} is not supported for {rank}D input tensor.{COMBINATIONS}",
        )
    if mode in ("reflect", "replicate") and 0 in shape[-count - 1 :]:
        raise Refusal(
            "RuntimeError",
            f"Expected {count + 1}D or {count + 2}D (batch mode) tensor with possibly 0 batch size and other "
            f"non-zero dimensions for input, but got: {brackets(shape)}",
        )
    output = list(shape)
    for i in range(count):
        before, after = pads[2 * i], pads[2 * i + 1]
        axis = rank - 1 - i
        check_pad(shape, axis, before, after, mode, count)
        output[axis] += before + after
    return tuple(output)


def check_pad(shape, axis, before, after, mode, count):
    """Refuse a padding that is too large for its axis or cuts it away."""
    size = shape[axis]
    if mode == "reflect" and max(before, after) >= size:
        raise Refusal(
            "RuntimeError",
            f"Argument #{4 + 2 * (len(shape) - 1 - axis)}: Padding size should be less than the "
            "corresponding "
            f"input dimension, but got: padding ({before}, {after}) at dimension {axis} of input "
            f"{brackets(shape)}",
        )
    if mode == "circular" and max(before, after) > size:
        raise Refusal("RuntimeError", "Padding value causes wrapping around more than once.")
    if size + before + after < 0 or (before < 0 and size + before < 0) or (after < 0 and size + after < 0):
        raise Refusal("RuntimeError", "narrow(): length must be non-negative.")
