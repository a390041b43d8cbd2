"""What the drawings refuse: each check raises TypeError or ValueError, in one sentence."""

from bookkit.drawings.wording import shape_text


def check_count(name, value):
    """Return `value` if it is a whole number from 1 on."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ValueError(f"{name} expects a whole number from 1 on, got {value!r}.")
    return value


def check_divisible(name, count, groups):
    """Raise ValueError unless `groups` is a whole number from 1 on and divides `count`."""
    check_count("groups", groups)
    if count % groups:
        raise ValueError(f"{name} has to be a multiple of groups, got {count} and groups={groups}.")


def check_shape(name, shape):
    """Return `shape` as a tuple of ints from 1 on; a framework's own shape type is fine."""
    try:
        sizes = tuple(shape)
    except TypeError:
        raise TypeError(f"{name} expects a shape like (1, 64, 256, 256), got {shape!r}.") from None
    for size in sizes:
        if isinstance(size, bool) or not isinstance(size, int) or size < 1:
            raise ValueError(f"{name} expects a shape of whole numbers from 1 on, got {sizes}.")
    return sizes


def check_kernel(kernel, image):
    """Return a kernel's height and width, if it fits into an image of that height and width."""
    kernel = check_shape("kernel", kernel)
    if len(kernel) != 2 or kernel[0] > image[0] or kernel[1] > image[1]:
        size = shape_text(image)
        raise ValueError(f"kernel expects a height and a width of at most {size}, got {kernel}.")
    return kernel


def sizes_by_letter(name, shape, layout, letters="NCHW"):
    """Return {letter: size} of a shape whose layout holds H, W and any of `letters`."""
    good = (
        isinstance(layout, str)
        and len(set(layout)) == len(layout)
        and set("HW") <= set(layout) <= set(letters)
    )
    if not good:
        raise ValueError(
            f"{name} expects a layout like NCHW, of different letters and with H and W, got {layout!r}."
        )
    if len(shape) != len(layout):
        raise ValueError(
            f"{name} has {len(shape)} axes in {shape_text(shape)}, but its layout {layout} names "
            f"{len(layout)}."
        )
    return dict(zip(layout, shape, strict=True))


def sizes_by_every_letter(name, shape, layout, letters):
    """Return {letter: size} of a shape whose layout holds exactly `letters`."""
    if not isinstance(layout, str) or sorted(layout) != sorted(letters):
        raise ValueError(f"{name} expects a layout of the letters {', '.join(letters)}, got {layout!r}.")
    return sizes_by_letter(name, shape, layout, letters)
