"""Arithmetic of sizes. A size is a whole number, or None where it is not known."""


def product(shape):
    """Return the number of values in a shape; None where a size is not known."""
    total = 1
    for size in shape:
        if size is None:
            return None
        total *= size
    return total


def times(*factors):
    """Multiply whole numbers; None where one is not known."""
    return product(factors)


def spread(value, count):
    """Return a setting as a tuple: a single number is that of each axis."""
    return tuple(value) if isinstance(value, tuple | list) else (value,) * count


def span(kernel, dilation):
    """Return how many pixels a kernel reaches over."""
    return dilation * (kernel - 1) + 1


def window_output(size, before, after, reach, stride):
    """Return how many places a window has, 0 or less where it does not fit; None for an unknown size."""
    if size is None:
        return None
    return (size + before + after - reach) // stride + 1


def same_padding(size, reach, stride):
    """Return the zeros (before, after) with which the output has size / stride pixels, rounded up, as
    TensorFlow places them.
    """
    if size is None:
        return None
    total = max((-(-size // stride) - 1) * stride + reach - size, 0)
    return total // 2, total - total // 2


def unread_end(size, before, kernel, stride, dilation, output):
    """Return how many pixels at the end of an axis no window reads."""
    if size is None or output is None:
        return 0
    # In the padded axis: the place behind the input, and the last pixel that is read.
    end, last = before + size, before - 1
    for place in range(min(output - 1, (end - 1) // stride), -1, -1):
        start = place * stride
        if last == end - 1 or start + (kernel - 1) * dilation <= last:
            break
        tap = start + min(kernel - 1, (end - 1 - start) // dilation) * dilation
        if tap >= before:
            last = max(last, tap)
    return end - 1 - last


def greatest_divisor(one, other):
    """Return the greatest number that divides two sizes."""
    while other:
        one, other = other, one % other
    return one
