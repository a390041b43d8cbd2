"""`agree`: one result, computed in several ways, compared number by number."""

import itertools

import numpy as np

MAX_TOLERANCE = 1e-3


def agree(*, tolerance=1e-5, **sources):
    """Assert that all `sources` hold the same numbers, and print one line that says so.

        agree(numpy=y_np, pytorch=y_pt, tensorflow=y_tf)
        agree(numpy=(y_np, "NCHW"), pytorch=(y_pt, "NCHW"), tensorflow=(y_tf, "NHWC"))

    A keyword names a source. Its value is a NumPy array, a torch tensor, a TensorFlow tensor or variable, or
    a Keras variable, of real numbers. Either no source names a layout, and axes are compared in order; or
    every source names one as `(array, "NHWC")`, and all are permuted to the first one's layout.

    Each source is compared with the first one, `a`, in float64. They agree when
    max|a - b| <= tolerance * max(1, max|a|). `tolerance` has no unit; 0 asks for equal numbers.

    Raises AssertionError when shapes or numbers differ, or a source holds NaN or infinity. Raises ValueError
    or TypeError when the comparison would prove nothing: fewer than two sources, an empty array, two sources
    that share memory, a layout named by some sources only, a tolerance above MAX_TOLERANCE, or numbers that
    are not zero yet all smaller than the tolerance.
    """
    _check_tolerance(tolerance)
    if len(sources) < 2:
        raise ValueError(
            f"agree() expects at least two sources, got {_names(sources) or 'none'}; name another."
        )
    arrays, layouts = {}, {}
    for name, value in sources.items():
        arrays[name], layouts[name] = _take_apart(name, value)
    _check_layouts(arrays, layouts)
    for name, array in arrays.items():
        if array.size == 0:
            raise ValueError(
                f"{name} has shape {array.shape} and holds no numbers; agree() needs some to compare."
            )
    _check_memory(arrays, sources)

    first, *others = arrays
    arrays = {name: _permute(array, layouts[name], layouts[first]) for name, array in arrays.items()}
    for name in others:
        if arrays[name].shape != arrays[first].shape:
            raise AssertionError(_shapes_differ(first, name, arrays, layouts))
    arrays = {name: np.asarray(array, dtype=np.float64) for name, array in arrays.items()}
    for name, array in arrays.items():
        bad = array.size - np.count_nonzero(np.isfinite(array))
        if bad:
            raise AssertionError(
                f"{name} holds {bad} NaN or infinite numbers of {array.size}; expected none."
            )
    largest = np.abs(arrays[first]).max()
    if 0 < largest <= tolerance:
        raise ValueError(
            f"The largest number in {first} is {largest:.3g}, so that a tolerance of {tolerance:g} would "
            "accept almost anything; lower the tolerance or scale the numbers."
        )
    for name in others:
        _check_numbers(first, name, arrays, tolerance * max(1.0, largest))

    shape = str(arrays[first].shape or "one number") + (f" as {layouts[first]}" if layouts[first] else "")
    how = f"to {tolerance:g} of the largest value" if tolerance else "in every digit"
    print(f"✓ {_names(arrays)} agree: {shape}, {how}")


def _names(sources):
    """Return the names as a sentence lists them: "a, b and c"."""
    *most, last = list(sources) or [""]
    return f"{', '.join(most)} and {last}" if most else last


def _check_tolerance(tolerance):
    """Raise TypeError or ValueError unless `tolerance` is a number from 0 to MAX_TOLERANCE."""
    if isinstance(tolerance, bool) or not isinstance(tolerance, (int, float)):
        raise TypeError(f"tolerance expects a number from 0 to {MAX_TOLERANCE:g}, got {tolerance!r}.")
    if not 0 <= tolerance <= MAX_TOLERANCE:
        raise ValueError(
            f"tolerance expects a number from 0 to {MAX_TOLERANCE:g}, got {tolerance:g}; a wider one "
            "would hide real differences."
        )


def _take_apart(name, value):
    """Return the array of a source, sharing its memory where possible, and its layout or None."""
    layout = None
    if isinstance(value, tuple):
        if len(value) != 2 or not isinstance(value[1], str):
            raise TypeError(
                f'{name} expects an array or a pair like (array, "NHWC"), got a tuple of {len(value)}.'
            )
        value, layout = value
    array = _as_array(name, value)
    if array.dtype.kind not in "biuf" and array.dtype.name != "bfloat16":
        raise TypeError(f"{name} expects real numbers, got {array.dtype}; convert it first.")
    if layout is not None and (len(layout) != array.ndim or len(set(layout)) != len(layout)):
        raise ValueError(
            f"{name} has shape {array.shape}, so that its layout needs {array.ndim} different letters, "
            f"got {layout!r}."
        )
    return array, layout


def _as_array(name, value):
    """Return `value` as a NumPy array without copying it: copies would hide shared memory."""
    package = type(value).__module__.partition(".")[0]
    try:
        if package == "keras" and not callable(value.value):
            value = value.value  # the variable of Keras's backend
            package = type(value).__module__.partition(".")[0]
        if package == "torch":
            return value.detach().cpu().numpy()
        if package == "tensorflow":
            return np.asarray(value.value() if hasattr(value, "read_value") else value)
    except (AttributeError, TypeError, NotImplementedError, RuntimeError) as error:
        reason = str(error).splitlines()[0]
        raise TypeError(
            f"{name} is a {type(value).__name__} that NumPy cannot read ({reason}); pass a dense tensor "
            "of float32 or float64 that holds numbers."
        ) from error
    if isinstance(value, (np.ndarray, np.generic)):
        return np.asarray(value)
    raise TypeError(
        f"{name} expects a NumPy array or a tensor, got {type(value).__name__}; wrap it in np.array(...)."
    )


def _check_layouts(arrays, layouts):
    """Raise ValueError unless all sources name a layout of the same letters, or none names one."""
    named = [name for name in layouts if layouts[name]]
    unnamed = [name for name in layouts if not layouts[name]]
    if named and unnamed:
        raise ValueError(
            f'{_names(named)} named a layout and {_names(unnamed)} did not; write (array, "NCHW") for '
            "every source or for none."
        )
    first = next(iter(arrays))
    for name in named:
        if set(layouts[name]) != set(layouts[first]):
            raise ValueError(
                f"{first} is laid out as {layouts[first]} and {name} as {layouts[name]}; layouts expect "
                "the same letters in any order."
            )


def _check_memory(arrays, sources):
    """Raise ValueError when two sources are one object or share memory."""
    for one, other in itertools.combinations(arrays, 2):
        if sources[one] is sources[other] or _share_memory(arrays[one], arrays[other]):
            raise ValueError(
                f"{one} and {other} share memory, so that comparing them proves nothing; compute each on "
                "its own."
            )


def _share_memory(a, b):
    """Return whether two arrays share memory; where that is too hard to decide, True."""
    try:
        return np.shares_memory(a, b, max_work=100_000)
    except np.exceptions.TooHardError:
        return True  # their bounds overlap, and only odd strides make this hard to decide


def _permute(array, layout, wanted):
    """Return `array`, laid out as `layout`, as `wanted`; without a layout as it is."""
    return array.transpose([layout.index(letter) for letter in wanted]) if layout else array


def _shapes_differ(first, name, arrays, layouts):
    """Return the message for two sources of different shapes."""
    shapes = f"{first} has shape {arrays[first].shape} and {name} has shape {arrays[name].shape}"
    if layouts[first]:
        return f"{shapes}, both as {layouts[first]}; they cannot agree."
    return f'{shapes}; they cannot agree. If only the layouts differ, name them: {name}=(array, "NHWC").'


def _check_numbers(first, name, arrays, allowed):
    """Raise AssertionError, which names the worst place, when two numbers differ by more than `allowed`."""
    difference = np.abs(arrays[first] - arrays[name])
    worst = np.unravel_index(difference.argmax(), difference.shape)
    if difference[worst] > allowed:
        where = f" at index {tuple(int(i) for i in worst)}" if worst else ""
        raise AssertionError(
            f"{first} and {name} differ by {difference[worst]:.3g}{where}, where {first} is "
            f"{arrays[first][worst]:.6g} and {name} is {arrays[name][worst]:.6g}; allowed is "
            f"{allowed:.3g}."
        )
