"""PyTorch's pooling layers: MaxPool, AvgPool, and the adaptive ones."""

from ..records import Outcome, Refusal
from ..sizes import span, spread, unread_end
from .pytorch_axes import axis
from .words import brackets, joined

COUNTS = {1: "one", 2: "two", 3: "three"}
LETTERS = {2: "HW", 3: "THW"}


def max_pool(settings, shapes, count):
    """Max pooling over `count` axes."""
    shape = shapes[0]
    names = ("kernel_size", "stride", "padding", "dilation")
    kernel, stride, padding, dilation = (given(settings, name, count) for name in names)
    if count == 1:
        check_max_1d(shape, kernel, stride, padding, dilation)
    else:
        operation = f"max_pool{count}d"
        check_count(operation, "kernel_size", kernel, count, "must either be a single int, or a")
        check_count(operation, "stride", stride, count, "must either be omitted, a single int, or a")
        check_count(operation, "padding", padding, count, "must either be a single int, or a")
        check_count(operation, "dilation", dilation, count, "must be either a single int, or a")
        kernel, stride, padding, dilation = (
            filled(each, count) for each in (kernel, stride, padding, dilation)
        )
        check_rank(shape, count, "max")
    return pooled(shape, kernel, stride, padding, dilation, settings["ceil_mode"], count, "max")


def average_pool(settings, shapes, count):
    """Average pooling over `count` axes."""
    shape = shapes[0]
    kernel, stride, padding = (given(settings, name, count) for name in ("kernel_size", "stride", "padding"))
    operation = f"avg_pool{count}d"
    if count == 1:
        check_between(shape, operation)
        for name, value in (("kernel_size", kernel), ("stride", stride), ("padding", padding)):
            if len(value) != 1:
                raise Refusal(
                    "RuntimeError",
                    f"{operation}() argument '{name}' should contain one int (got {len(value)})",
                )
    else:
        words = "must either be a single int, or a" if count == 2 else "must be a single int, or a"
        check_count(operation, "kernel_size", kernel, count, words)
        check_count(operation, "stride", stride, count, words.replace("be", "be omitted,"))
        check_count(operation, "padding", padding, count, words)
        kernel, stride, padding = (filled(each, count) for each in (kernel, stride, padding))
        if count == 2:
            axis(-3, len(shape))
            check_window(kernel, stride, padding, (1, 1), count)
        check_rank(shape, count, "average")
    return pooled(shape, kernel, stride, padding, (1,) * count, settings["ceil_mode"], count, "average")


def given(settings, name, count):
    """Return a setting as a tuple; the stride is the kernel's size where none is given."""
    value = settings[name]
    if name == "stride" and value is None:
        value = settings["kernel_size"]
    return tuple(value) if isinstance(value, tuple | list) else (value,) * count


def filled(value, count):
    """Return one number for each axis."""
    return value * count if len(value) == 1 else value


def check_count(operation, name, value, count, words):
    """Refuse a setting that has neither one number nor one for each axis."""
    if len(value) not in (1, count):
        raise Refusal("RuntimeError", f"{operation}: {name} {words} tuple of {COUNTS[count]} ints")


def check_max_1d(shape, kernel, stride, padding, dilation):
    """Refuse what max_pool1d refuses, which has words of its own."""
    if len(shape) not in (2, 3) or 0 in shape[-2:]:
        raise Refusal(
            "RuntimeError",
            "max_pool1d: Expected 2D or 3D (batch mode) tensor with optional 0 dim batch size for input, but "
            f"got:{brackets(shape)}",
        )
    words = {"kernel_size": "an int, list of ints or tuple of ints",
    "stride": "None, an int, list of ints, or tuple of ints",
             "dilation": "an int, list of ints or tuple of ints"}  # fmt: skip
    for name, value in (
        ("kernel_size", kernel),
        ("stride", stride),
        ("padding", padding),
        ("dilation", dilation),
    ):
        if len(value) != 1:
            said = words.get(name, "an int, list of ints, or tuple of ints")
            raise Refusal(
                "RuntimeError", f"max_pool1d() {name} must be {said} of size 1 but got size {len(value)}"
            )
    for name, value in (("kernel_size", kernel), ("stride", stride)):
        if value[0] <= 0:
            raise Refusal(
                "RuntimeError", f"max_pool1d() {name} must be greater than zero, but got {value[0]}"
            )
    if padding[0] < 0:
        raise Refusal("RuntimeError", f"max_pool1d() padding must be non-negative, but got {padding[0]}")
    if padding[0] > kernel[0] // 2:
        raise Refusal(
            "RuntimeError",
            "max_pool1d() padding should be at most half of kernel size, but got "
            f"padding={padding[0]} and kernel_size={kernel[0]}",
            {"padding": kernel[0] // 2},
        )
    if dilation[0] <= 0:
        raise Refusal(
            "RuntimeError", f"max_pool1d() dilation must be greater than zero, but got {dilation[0]}"
        )


def check_between(shape, operation):
    """Refuse what has not two or three axes."""
    if len(shape) not in (2, 3):
        raise Refusal(
            "RuntimeError",
            f"Expected 2 to 3 dimensions, but got {len(shape)}-dimensional tensor for argument #1 'self' "
            "(while "
            f"checking arguments for {operation})",
        )


def check_rank(shape, count, way):
    """Refuse a tensor of another rank, in the words of each operation."""
    rank = len(shape)
    if rank in (count + 1, count + 2):
        return
    if way == "average" and count == 2:
        raise Refusal(
            "RuntimeError",
            "Expected 3D or 4D (batch mode) tensor with optional 0 dim batch size for input, but "
            f"got:{brackets(shape)}",
        )
    raise Refusal(
        "RuntimeError",
        f"non-empty {count + 1}D or {count + 2}D (batch mode) tensor expected for input",
    )


def pooled(shape, kernel, stride, padding, dilation, ceil_mode, count, way):
    """Check the window and return the outcome."""
    sizes = shape[-count:]
    reaches = tuple(span(k, d) for k, d in zip(kernel, dilation, strict=True))
    if not (way == "max" and count == 1):
        check_window(kernel, stride, padding, dilation, count)
        check_not_empty(shape, count, way)
    rows = zip(sizes, padding, reaches, stride, strict=True)
    out = tuple(pool_output(size, pad, reach, step, ceil_mode) for size, pad, reach, step in rows)
    if way == "max" and count == 1:
        if out[0] <= 0:
            raise Refusal("RuntimeError", f"max_pool1d() Invalid computed output size: {out[0]}")
    else:
        check_places(shape, sizes, kernel, padding, out, count, way)
    unread = tuple(
        unread_end(size, pad, k, step, d, places)
        for size, pad, k, step, d, places in zip(sizes, padding, kernel, stride, dilation, out, strict=True)
    )
    pads = tuple((pad, pad) for pad in padding)
    return Outcome((*shape[:-count], *out), padding=pads, unread=unread)


def pool_output(size, pad, reach, stride, ceil_mode):
    """Return the places of a pooling window: with ceil_mode a last one may stick out, but has to begin
    inside.
    """
    free = size + 2 * pad - reach
    places = (free + (stride - 1 if ceil_mode else 0)) // stride + 1
    if ceil_mode and (places - 1) * stride >= size + pad:
        places -= 1
    return places


def check_not_empty(shape, count, way):
    """Refuse a size of 0 other than the batch's."""
    if 0 not in shape[-count - 1 :]:
        return
    if count == 3:
        operation = "max_pool3d_with_indices_out_cpu_template" if way == "max" else "avg_pool3d"
        raise Refusal(
            "RuntimeError",
            f"{operation}(): Expected input's non-batch dimensions to have positive length, but input has a "
            f"shape of {brackets(shape)} and non-batch dimension 0 has length zero!",
        )
    raise Refusal(
        "RuntimeError",
        "Expected 3D or 4D (batch mode) tensor with optional 0 dim batch size for input, but "
        f"got:{brackets(as_image(shape, count))}",
    )


def as_image(shape, count):
    """Return a shape as it is computed: a sequence is an image of one row."""
    return (*shape[:-1], 1, shape[-1]) if count == 1 else shape


def check_window(kernel, stride, padding, dilation, count):
    """Refuse a window as pool_shape_check does."""
    if any(step == 0 for step in stride):
        raise Refusal("RuntimeError", "stride should not be zero")
    for pad, size, d in zip(padding, kernel, dilation, strict=True):
        if pad < 0:
            raise Refusal("RuntimeError", f"pad must be non-negative, but got pad: {pad}")
        if pad > int(span(size, d) / 2):  # towards zero, as C++ divides
            raise Refusal(
                "RuntimeError",
                f"pad should be at most half of effective kernel size, but got pad={pad}, "
                f"kernel_size={size} and "
                f"dilation={d}",
                {"padding": tuple(max(min(p, k // 2), 0) for p, k in zip(padding, kernel, strict=True))}
                if min(kernel) > 0 and min(dilation) > 0
                else None,
            )
    shown = LETTERS[max(count, 2)]
    ones = (1,) if count == 1 else ()
    for value, word, letter in (
        (kernel, "kernel size", "k"),
        (stride, "stride", "d"),
        (dilation, "dilation", "dilation"),
    ):
        if min(value) <= 0:
            said = " ".join(
                f"{letter}{axis}: {number}" for axis, number in zip(shown, (*ones, *value), strict=True)
            )
            raise Refusal("RuntimeError", f"{word} should be greater than zero, but got {said}")


def check_places(shape, sizes, kernel, padding, out, count, way):
    """Refuse a padding of more than half the kernel, and a window that does not fit."""
    if count > 1 and any(pad > size // 2 for pad, size in zip(padding, kernel, strict=True)):
        change = {"padding": tuple(min(p, k // 2) for p, k in zip(padding, kernel, strict=True))}
        start = "pad should be smaller than or equal to half of kernel size, but got "
        if count == 2:
            said = f"padW = {padding[1]}, padH = {padding[0]}, kW = {kernel[1]}, kH = {kernel[0]}"
        else:
            (depth, height, width), (front, top, left) = kernel, padding
            said = f"kT: {depth} kW: {width} kH: {height} padT: {front} padW: {left} padH: {top}"
        raise Refusal("RuntimeError", start + said, change)
    if way == "average" and count == 3 and any(size < k for size, k in zip(sizes, kernel, strict=True)):
        axes = [f"{axis}: {size}" for axis, size in zip("THW", sizes, strict=True)]
        kernels = [f"k{axis}: {size}" for axis, size in zip("THW", kernel, strict=True)]
        raise Refusal(
            "RuntimeError", f"input image ({' '.join(axes)}) smaller than kernel size ({' '.join(kernels)})"
        )
    if min(out) < 1:
        ones = (1,) if count == 1 else ()
        channels = shape[-count - 1]
        raise Refusal(
            "RuntimeError",
            f"Given input size: ({joined((channels, *ones, *sizes), 'x')}). Calculated output size: "
            f"({joined((channels, *ones, *out), 'x')}). Output size is too small",
        )


def adaptive_pool(settings, shapes, count, way):
    """Adaptive pooling to a size; None in it keeps an axis."""
    shape, size = shapes[0], settings["output_size"]
    operation = f"adaptive_{'avg' if way == 'average' else 'max'}_pool{count}d"
    rank = len(shape)
    if count == 1:
        size = spread(size, 1)
        check_between(shape, operation)
        if len(size) != 1:
            raise Refusal(
                "RuntimeError",
                f"{operation}() argument 'output_size' should contain one int (got {len(size)})",
            )
    else:
        size = filled_size(size, shape, count)
        if way == "average":
            check_adaptive_size(operation, size, count)
            if min(size) < 0:
                raise negative_size(operation, size, shape, count, way)
            if size == (1,) * count:  # computed as a mean, of any rank
                for back in range(1, count + 1):
                    axis(-back, rank)
                return Outcome((*shape[:-count], *size))
        if rank not in (count + 1, count + 2):
            colon = ": " if way == "max" else " "
            raise Refusal(
                "RuntimeError",
                f"{operation}(): Expected {count + 1}D or {count + 2}D tensor, but "
                f"got{colon}{brackets(shape)}",
            )
        if way == "max":
            check_adaptive_size(operation, size, count)
    if min(size) < 0:
        raise negative_size(operation, size, shape, count, way)
    check_adaptive_input(operation, shape, size, count, way)
    return Outcome((*shape[:-count], *size))


def check_adaptive_input(operation, shape, size, count, way):
    """Refuse an axis of size 0, of which there is no largest value and no mean."""
    if way == "average" and size == (1,) * count:
        return
    if way == "average":
        shape, first = as_image(shape, count), len(shape) - count + (1 if count == 1 else 0)
        operation = operation.replace("1d", "2d")
    else:
        first = 1
    empty = next((place for place in range(first, len(shape)) if shape[place] == 0), None)
    if empty is not None:
        raise Refusal(
            "RuntimeError",
            f"{operation}(): Expected input to have non-zero size for non-batch dimensions, but input has "
            f"sizes {brackets(shape)} with dimension {empty} being empty",
        )


def filled_size(size, shape, count):
    """Return the output's size with the input's where it is None."""
    if size is None or isinstance(size, tuple | list):
        size = spread(size, count)
        if len(shape) <= len(size):
            raise Refusal("ValueError", f"Input dimension should be at least {len(size) + 1}")
        return tuple(
            kept if asked is None else asked for asked, kept in zip(size, shape[-len(size) :], strict=True)
        )
    return (size,) * count


def check_adaptive_size(operation, size, count):
    """Refuse a size that has not one number for each axis."""
    if len(size) != count:
        words = (
            ": output_size must be"
            if "avg" in operation
            else "(): internal error: output_size.size() must be"
        )
        raise Refusal("RuntimeError", f"{operation}{words} {count}")


def negative_size(operation, size, shape, count, way):
    """Return the refusal of a negative output size."""
    if way == "average":
        shown = (1, *size) if count == 1 else size
        written = ", ".join(str(each) for each in shown)
        if count == 3:
            written = f"{size[0]}, {size[1]},{size[2]}"
        name = operation.replace("1d", "2d")
        return Refusal(
            "RuntimeError",
            f"{name}: elements of output_size must be greater than or equal to 0 but received {{{written}}}",
        )
    made = (*shape[:-count], *((1, *size) if count == 1 else size))
    return Refusal(
        "RuntimeError", f"Trying to create tensor with negative dimension {min(size)}: {brackets(made)}"
    )
