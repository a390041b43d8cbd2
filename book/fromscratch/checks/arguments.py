"""Checks on the kind of an argument, before any shape is compared."""

import numpy as np

# What torch.nn.functional.conv2d computes on a CPU, less float16, bfloat16 and complex numbers:
# NumPy has no fast product for half precision, and no chapter needs complex ones.
DTYPES = tuple(np.dtype(t) for t in (np.float32, np.float64, np.int8, np.int16, np.int32, np.int64, np.uint8))
FLOATS = DTYPES[:2]


def is_whole(value):
    """True for a Python or NumPy integer. A bool is not one: True where 1 is meant is a slip."""
    return isinstance(value, (int, np.integer)) and not isinstance(value, bool)


def whole(value, name, at_least):
    """Return value as an int that is at least `at_least`.

    Raises TypeError for anything but an integer, ValueError for one that is too small.
    """
    if type(value) is int and value >= at_least:  # the usual case, for which small inputs should not wait
        return value
    if not is_whole(value):
        raise TypeError(f"{name} must be an integer, but got {value!r} of type {type(value).__name__}.")
    if value < at_least:
        raise ValueError(f"{name} must be at least {at_least}, but got {value}.")
    return int(value)


def pair(value, name, at_least):
    """Return (for height, for width) from one integer, or from a tuple or list of one or two integers.

    Raises TypeError for another kind of value, ValueError for a wrong length or a number too small.
    """
    if type(value) is int and value >= at_least:  # as in whole
        return value, value
    if is_whole(value):
        value = (value, value)
    elif not isinstance(value, (tuple, list)):
        raise TypeError(
            f"{name} must be an integer or a pair of integers (for height, for width), "
            f"but got {value!r} of type {type(value).__name__}."
        )
    if len(value) not in (1, 2):
        raise ValueError(
            f"{name} must be an integer or a pair of integers (for height, for width), "
            f"but got {len(value)} values: {value!r}."
        )
    # Of a single value the first is the last: it serves both.
    return whole(value[0], name, at_least), whole(value[-1], name, at_least)


def number(value, name, least, most, open_below=False, open_above=True):
    """Return value as a float from least to most; an open end is left out.

    Raises TypeError for anything but a number, ValueError for one out of range.
    """
    if isinstance(value, bool) or not isinstance(value, (int, float, np.floating, np.integer)):
        raise TypeError(f"{name} must be a number, but got {value!r} of type {type(value).__name__}.")
    too_low = value <= least if open_below else value < least
    too_high = value >= most if open_above else value > most
    if too_low or too_high or value != value:  # NaN is neither too low nor too high, but differs from itself
        start = "above" if open_below else "at least"
        end = "" if most == float("inf") else f" and {'below' if open_above else 'at most'} {most}"
        raise ValueError(f"{name} must be {start} {least}{end}, but got {value}.")
    return float(value)


def check_arrays(caller, dtypes=DTYPES, optional=(), **arrays):
    """Check that every array given is a NumPy array and that all share one of the dtypes.

    Those named in `optional` may be None. Raises TypeError: nothing is converted silently.
    """
    first = None
    for name, array in arrays.items():
        if array is None and name in optional:
            continue
        if not isinstance(array, np.ndarray):
            raise TypeError(
                f"{caller}: {name} must be a NumPy array, but got {type(array).__name__}; "
                f"convert it with np.asarray."
            )
        if array.dtype not in dtypes:
            names = ", ".join(d.name for d in dtypes)
            raise TypeError(
                f"{caller}: {name} has dtype {array.dtype}, and {caller} computes in {names} only; "
                f"convert it with {name}.astype."
            )
        if first is None:
            first = name
        elif array.dtype != arrays[first].dtype:
            raise TypeError(
                f"{caller}: {first} is {arrays[first].dtype} but {name} is {array.dtype}; "
                f"convert one of them with astype so that both have one dtype."
            )
