"""The same numbers in another layout, as NumPy arrays.

Each function returns a contiguous copy: it shares no memory with what you passed.
"""

import numpy as np


def nhwc(x):
    """Return images (batch, channels, height, width) as (batch, height, width, channels)."""
    return _permuted(x, "NCHW", "NHWC")


def nchw(x):
    """Return images (batch, height, width, channels) as (batch, channels, height, width)."""
    return _permuted(x, "NHWC", "NCHW")


def hwio(weight):
    """Return a convolution weight (out, in / groups, height, width) as (height, width, in / groups, out)."""
    return _permuted(weight, "OIHW", "HWIO")


def oihw(weight):
    """Return a convolution weight (height, width, in / groups, out) as (out, in / groups, height, width)."""
    return _permuted(weight, "HWIO", "OIHW")


def _permuted(array, layout, wanted):
    """Return a copy of `array`, laid out as `layout`, in the layout `wanted`.

    Raises TypeError for anything but a NumPy array, ValueError for one without four axes.
    """
    if not isinstance(array, np.ndarray):
        raise TypeError(
            f"{wanted.lower()}() expects a NumPy array, got {type(array).__name__}; "
            "convert it with .numpy() first."
        )
    if array.ndim != 4:
        raise ValueError(f"{wanted.lower()}() expects four axes ({layout}), got shape {array.shape}.")
    return np.array(array.transpose([layout.index(axis) for axis in wanted]), order="C")
