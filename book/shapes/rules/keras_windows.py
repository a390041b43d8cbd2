"""Where the windows of Keras's convolutions and poolings stand."""

from ..sizes import same_padding, window_output


def padding_of(sizes, reaches, strides, padding):
    """Return the zeros (before, after) of each axis; None for an axis of unknown size."""
    if padding == "valid":
        return ((0, 0),) * len(sizes)
    if padding == "causal":
        return tuple((reach - 1, 0) for reach in reaches)
    return tuple(
        same_padding(size, reach, step) for size, reach, step in zip(sizes, reaches, strides, strict=True)
    )


def places_of(sizes, pads, reaches, strides):
    """Return how many places a window has along each axis; None for an axis of unknown size."""
    return tuple(
        None if size is None else window_output(size, *pad, reach, step)
        for size, pad, reach, step in zip(sizes, pads, reaches, strides, strict=True)
    )
