"""PyTorch's layers that change the size of images: Upsample, PixelShuffle and its kind."""

from ..records import Outcome, Refusal
from .words import brackets, parentheses

INTERPOLATING = {"linear": 3, "bilinear": 4, "bicubic": 4, "trilinear": 5}
MODES = "nearest | linear | bilinear | bicubic | trilinear | lanczos | area | nearest-exact"


def upsample(settings, shapes):
    """Upsample to a size or by a factor."""
    shape, mode, size, factor = shapes[0], settings["mode"], settings["size"], settings["scale_factor"]
    if mode not in INTERPOLATING and settings["align_corners"] is not None:
        raise Refusal(
            "ValueError",
            "align_corners option can only be set with the interpolating modes: linear | bilinear | "
            "bicubic | "
            "trilinear",
            {"align_corners": None},
        )
    output = resized(shape, size, factor)
    rank = len(shape)
    if rank not in (3, 4, 5) or (mode == "bicubic" and rank != 4):
        raise Refusal(
            "NotImplementedError",
            f"Input Error: Only 3D, 4D and 5D input Tensors supported (got {rank}D) for the modes: {MODES} "
            f"(got {mode})",
        )
    needed = INTERPOLATING.get(mode, rank)
    if needed != rank:
        better = {number: name for name, number in INTERPOLATING.items() if name != "bicubic"}[rank]
        raise Refusal(
            "NotImplementedError",
            f"Got {rank}D input, but {mode} mode needs {needed}D input",
            {"mode": better},
        )
    if min(shape[2:]) < 1 or min(output) < 1:
        raise Refusal(
            "RuntimeError",
            "Input and output sizes should be greater than 0, but got " + too_small(shape[2:], output),
        )
    if shape[1] == 0 and mode != "area":
        raise Refusal(
            "RuntimeError",
            f"Non-empty {rank}D data tensor expected but got a tensor with sizes {brackets(shape)}",
        )
    return Outcome((*shape[:2], *output))


def resized(shape, size, factor):
    """Return the spatial sizes asked for."""
    sizes = shape[2:]
    if size is not None and factor is not None:
        raise Refusal("ValueError", "only one of size or scale_factor should be defined")
    if size is None and factor is None:
        raise Refusal("ValueError", "either size or scale_factor should be defined")
    given = size if size is not None else factor
    if not isinstance(given, tuple | list):
        given = (given,) * len(sizes)
    if len(given) != len(sizes):
        if size is not None:
            names = ("output", f"output size of {parentheses(given)}", "output size in (o1, o2, ...,oK)")
        else:
            floats = tuple(float(number) for number in given)
            names = (
                "scale_factor",
                f"scale_factor of shape {parentheses(floats)}",
                "scale_factor in (s1, s2, ...,sK)",
            )
        raise Refusal(
            "ValueError",
            f"Input and {names[0]} must have the same number of spatial dimensions, but got input with "
            "spatial "
            f"dimensions of {brackets(sizes)} and {names[1]}. Please provide input tensor in (N, C, d1, "
            "d2, ...,dK) "
            f"format and {names[2]} format.",
        )
    if size is not None:
        return tuple(given)
    return tuple(int(each * number) for each, number in zip(sizes, given, strict=True))


def too_small(sizes, output):
    """Write sizes as the message does, for each rank in its own way."""
    letters = "DHW"[-len(sizes) :]
    one, other = (
        ", ".join(f"{letter}: {number}" for letter, number in zip(letters, each, strict=True))
        for each in (sizes, output)
    )
    return f"input ({one}) and output ({other})" if len(sizes) == 1 else f"input ({one}) output ({other})"


def upsample_2d(settings, shapes, mode):
    """UpsamplingNearest2d and UpsamplingBilinear2d."""
    align = True if mode == "bilinear" else None
    try:
        return upsample({**settings, "mode": mode, "align_corners": align}, shapes)
    except Refusal as refusal:  # its mode cannot be changed
        raise Refusal(refusal.kind, refusal.message) from refusal


def pixel_shuffle(settings, shapes):
    """PixelShuffle: channels become pixels."""
    shape, factor = shapes[0], settings["upscale_factor"]
    check_pixels("pixel_shuffle", "upscale_factor", shape, factor)
    channels = shape[-3]
    if channels % (factor * factor):
        raise Refusal(
            "RuntimeError",
            "pixel_shuffle expects its input's 'channel' dimension to be divisible by the square of "
            "upscale_factor, "
            f"but input.size(-3)={channels} is not divisible by {factor * factor}",
        )
    return Outcome((*shape[:-3], channels // (factor * factor), shape[-2] * factor, shape[-1] * factor))


def pixel_unshuffle(settings, shapes):
    """PixelUnshuffle: pixels become channels."""
    shape, factor = shapes[0], settings["downscale_factor"]
    check_pixels("pixel_unshuffle", "downscale_factor", shape, factor)
    for place, name in ((-2, "height"), (-1, "width")):
        if shape[place] % factor:
            raise Refusal(
                "RuntimeError",
                f"pixel_unshuffle expects {name} to be divisible by downscale_factor, but "
                f"input.size({place})={shape[place]} is not divisible by {factor}",
            )
    return Outcome((*shape[:-3], shape[-3] * factor * factor, shape[-2] // factor, shape[-1] // factor))


def check_pixels(operation, name, shape, factor):
    """Refuse too few axes and a factor of less than 1."""
    if len(shape) < 3:
        raise Refusal(
            "RuntimeError",
            f"{operation} expects input to have at least 3 dimensions, but got input with {len(shape)} "
            "dimension(s)",
        )
    if factor < 1:
        raise Refusal("RuntimeError", f"{operation} expects a positive {name}, but got {factor}")


def channel_shuffle(settings, shapes):
    """ChannelShuffle: channels of the groups alternate."""
    shape, groups = shapes[0], settings["groups"]
    if len(shape) <= 2:
        raise Refusal(
            "RuntimeError",
            f"channel_shuffle expects input with > 2 dims, but got input with sizes {brackets(shape)}",
        )
    if groups < 1:
        raise Refusal(
            "RuntimeError",
            f"Number of groups to divide channels in must be positive. Value of groups:{groups}",
        )
    if shape[1] % groups:
        raise Refusal(
            "RuntimeError",
            f"Number of channels must be divisible by groups. Got {shape[1]} channels and {groups} groups.",
        )
    return Outcome(shape)
