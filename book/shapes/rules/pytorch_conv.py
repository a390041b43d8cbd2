"""PyTorch's convolutions: Conv1d to Conv3d and ConvTranspose1d to ConvTranspose3d."""

from ..records import Outcome, Refusal, Weight
from ..sizes import greatest_divisor, product, span, spread, times, unread_end, window_output
from .pytorch_axes import batched
from .pytorch_padding import padded
from .words import brackets, joined

PADDING_MODES = ("zeros", "reflect", "replicate", "circular")
NAMES = {1: ("height", "width"), 2: ("height", "width"), 3: ("depth", "height", "width")}


def convolution(settings, shapes, count):
    """A convolution over `count` axes."""
    check_channels(settings)
    check_padding(settings, count)
    ins, outs, groups = settings["in_channels"], settings["out_channels"], settings["groups"]
    kernel = spread(settings["kernel_size"], count)
    weight = (outs, ins // groups, *kernel)
    given, padding = padded_before(settings, shapes[0], kernel, count)
    shape, has_batch = batched(given, count, f"conv{count}d")
    check_ranks(settings, shape, weight, padding, count)
    stride, dilation = (each_axis(settings[name], kernel, count) for name in ("stride", "dilation"))
    pads = pairs_of_padding(padding, kernel, dilation, count)
    check_weight(weight, groups)
    if shape[1] != ins:
        uneven = [after - before for before, after in pads] if padding == "same" else [0] * count
        sizes = tuple(size + more for size, more in zip(shape[2:], uneven, strict=True))
        raise wrong_channels(f"groups={groups}", (*shape[:2], *sizes), weight, ins, settings)
    check_fits(settings, shape[2:], kernel, dilation, pads, count)
    check_dilation(dilation)
    check_empty(shape, kernel, "")
    rows = list(zip(shape[2:], pads, kernel, stride, dilation, strict=True))
    out = tuple(window_output(size, *pad, span(k, d), s) for size, pad, k, s, d in rows)
    output = (shape[0], outs, *out)
    work = times(product(output), ins // groups, product(kernel))
    weights = with_bias(Weight("weight", weight), outs, settings["bias"])
    output = output if has_batch else output[1:]
    if settings["padding_mode"] != "zeros":  # what is padded are values of the input
        return Outcome(output, weights, work, padding=pairs_of_mode(settings, kernel, count))
    unread = tuple(
        unread_end(size, before, k, s, d, places)
        for (size, (before, _), k, s, d), places in zip(rows, out, strict=True)
    )
    return Outcome(output, weights, work, padding=pads, unread=unread)


def pairs_of_mode(settings, kernel, count):
    """Return (before, after) of each axis that a padding_mode other than zeros pads before the
    convolution.
    """
    padding = settings["padding"]
    if isinstance(padding, str):
        return pairs_of_padding(padding, kernel, each_axis(settings["dilation"], kernel, count), count)
    return tuple((number, number) for number in spread(padding, count))


def padded_before(settings, shape, kernel, count):
    """Return the shape that the convolution gets, and the padding that is left to it: a padding_mode other
    than zeros pads before.
    """
    if settings["padding_mode"] == "zeros":
        return shape, settings["padding"]
    pairs = pairs_of_mode(settings, kernel, count)
    pads = tuple(number for pair in reversed(pairs) for number in pair)
    return padded(shape, pads, settings["padding_mode"]), 0


def check_ranks(settings, shape, weight, padding, count):
    """Refuse settings of another number of axes than the kernel, and a kernel of another than the input."""
    if padding == "same" and len(shape) != len(weight):
        raise wrong_rank(shape, weight, "")
    check_lengths(settings, len(weight) - 2, count, padding)
    check_signs(settings, count, padding)
    if len(shape) != len(weight):
        raise wrong_rank(shape, weight, " ")


def check_fits(settings, sizes, kernel, dilation, pads, count):
    """Refuse a kernel that reaches over more than the padded input."""
    full = tuple(size + before + after for size, (before, after) in zip(sizes, pads, strict=True))
    reaches = tuple(span(k, d) for k, d in zip(kernel, dilation, strict=True))
    missing = [max(reach - size, 0) for size, reach in zip(full, reaches, strict=True)]
    if any(missing):
        before = [0] * count if isinstance(settings["padding"], str) else spread(settings["padding"], count)
        more = tuple(pad + -(-each // 2) for pad, each in zip(before, missing, strict=True))
        raise Refusal(
            "RuntimeError",
            f"Calculated padded input size per channel: ({joined(full, ' x ')}). "
            f"Kernel size: ({joined(reaches, ' x ')}). Kernel size can't be greater than actual input size",
            {"padding": more},
        )


def transposed(settings, shapes, count):
    """A transposed convolution over `count` axes."""
    if settings["padding_mode"] != "zeros":
        raise Refusal("ValueError", f'Only "zeros" padding mode is supported for ConvTranspose{count}d')
    check_channels(settings)
    ins, outs, groups = settings["in_channels"], settings["out_channels"], settings["groups"]
    kernel = spread(settings["kernel_size"], count)
    weight = (ins, outs // groups, *kernel)
    shape, has_batch = batched(shapes[0], count, f"conv_transpose{count}d")
    check_ranks(settings, shape, weight, settings["padding"], count)
    check_weight(weight, groups)
    if shape[1] != ins:
        raise wrong_channels("transposed=1", shape, weight, ins, settings)
    names = ("stride", "padding", "output_padding", "dilation")
    stride, padding, extra, dilation = (each_axis(settings[name], kernel, count) for name in names)
    check_dilation(dilation)
    check_output_padding(extra, stride, dilation, count)
    out = tuple(
        (size - 1) * s - 2 * p + d * (k - 1) + e + 1
        for size, s, p, k, e, d in zip(shape[2:], stride, padding, kernel, extra, dilation, strict=True)
    )
    fused = runs_in_onednn(shape, weight, groups) and all(e < s for e, s in zip(extra, stride, strict=True))
    if min(out) < (0 if fused else 1):
        one = (1,) if count == 1 else ()
        raise Refusal(
            "RuntimeError",
            f"Given input size per channel: ({joined(one + shape[2:], ' x ')}). Calculated output size per "
            f"channel: ({joined(one + out, ' x ')}). Output size is too small",
            {"padding": 0},
            also=("could not construct a memory descriptor using a format tag",),
        )
    check_empty(shape, kernel, "de")
    output = (shape[0], outs, *out)
    work = times(product(shape), outs // groups, product(kernel))
    weights = with_bias(Weight("weight", weight), outs, settings["bias"])
    return Outcome(output if has_batch else output[1:], weights, work)


def runs_in_onednn(shape, weight, groups):
    """Whether PyTorch computes a transposed convolution with oneDNN, which makes an empty output of a size
    of 0. On a single thread it leaves 1 x 1 kernels to its own code.
    """
    if len(shape) == 3:
        shape, weight = (*shape[:2], 1, shape[2]), (*weight[:2], 1, weight[2])
    large = weight[-1] > 3 and weight[-2] > 3
    return groups > 1 or large or shape[0] > 1 or product(shape[:4]) > 20480


def each_axis(value, kernel, count):
    """Return a setting for each axis of the kernel, which may have another number of axes than the layer."""
    value = spread(value, count)
    return value * len(kernel) if len(value) == 1 else value


def with_bias(weight, size, bias):
    """Return a layer's weights: the weight, and the bias where it has one."""
    return (weight, Weight("bias", (size,))) if bias else (weight,)


def check_channels(settings):
    """Refuse groups that do not divide the channels."""
    ins, outs, groups = settings["in_channels"], settings["out_channels"], settings["groups"]
    if groups <= 0:
        raise Refusal("ValueError", "groups must be a positive integer", {"groups": 1})
    for name, channels in (("in_channels", ins), ("out_channels", outs)):
        if channels % groups:
            change = {"groups": greatest_divisor(greatest_divisor(ins, outs), groups)}
            raise Refusal("ValueError", f"{name} must be divisible by groups", change)


def check_padding(settings, count):
    """Refuse a word for the padding that PyTorch does not have or that does not go with the stride."""
    padding, mode = settings["padding"], settings["padding_mode"]
    if isinstance(padding, str):
        if padding not in ("same", "valid"):
            words = "Invalid padding string {!r}, should be one of {}"
            also = (words.format(padding, "{'valid', 'same'}"),)
            raise Refusal("ValueError", words.format(padding, "{'same', 'valid'}"), {"padding": "same"}, also)
        stride = spread(settings["stride"], count)
        if padding == "same" and any(step != 1 for step in stride):
            kernel, dilation = spread(settings["kernel_size"], count), spread(settings["dilation"], count)
            half = tuple(d * (k - 1) // 2 for k, d in zip(kernel, dilation, strict=False))
            raise Refusal(
                "ValueError",
                "padding='same' is not supported for strided convolutions",
                {"padding": half},
            )
    if mode not in PADDING_MODES:
        shown = "{'zeros', 'reflect', 'replicate', 'circular'}"
        raise Refusal("ValueError", f"padding_mode must be one of {shown}, but got padding_mode='{mode}'")


def check_lengths(settings, rank, count, padding):
    """Refuse a setting that has neither one number nor as many as the kernel."""
    given = {name: spread(settings[name], count) for name in ("stride", "dilation")}
    if not isinstance(padding, str):
        given["padding"] = spread(padding, count)
    if "output_padding" in settings:
        given["output_padding"] = spread(settings["output_padding"], count)
    for name in ("stride", "padding", "dilation", "output_padding"):
        if name in given and len(given[name]) not in (1, rank):
            if padding == "same":
                raise Refusal("RuntimeError", f"{name} cannot broadcast to {rank} dimensions")
            raise Refusal(
                "RuntimeError",
                f"expected {name} to be a single integer value or a list of {rank} values to match the "
                f"convolution dimensions, but got {name}={brackets(given[name])}",
            )


def check_signs(settings, count, padding):
    """Refuse a negative padding, and steps of less than 1."""
    if not isinstance(padding, str) and min(spread(padding, count)) < 0:
        raise Refusal("RuntimeError", "negative padding is not supported")
    if "output_padding" in settings and min(spread(settings["output_padding"], count)) < 0:
        raise Refusal("RuntimeError", "negative output_padding is not supported")
    if min(spread(settings["stride"], count)) < 1:
        raise Refusal("RuntimeError", "non-positive stride is not supported")
    if min(spread(settings["dilation"], count)) < 0:
        raise Refusal("RuntimeError", "dilation should be greater than zero", {"dilation": 1})


def check_weight(weight, groups):
    """Refuse a weight without filters."""
    if weight[0] == 0:
        raise Refusal(
            "RuntimeError",
            f"Given groups={groups}, expected weight to be at least 1 at dimension 0, but got weight of size "
            f"{brackets(weight)} instead",
        )


def check_empty(shape, kernel, way):
    """Refuse images without rows or columns, and a kernel of size 0; `way` is "de" for a transposed one."""
    if 0 in shape[:2]:
        return
    if 0 in shape[2:]:
        computed = (*shape[:2], 1, shape[2]) if len(shape) == 3 else shape  # an image of one row
        raise Refusal(
            "RuntimeError",
            "Only zero batch or zero channel inputs are supported, but got input shape: "
            f"{brackets(computed)}",
        )
    if 0 in kernel:
        raise Refusal(
            "RuntimeError",
            f"could not create a primitive descriptor for the {way}convolution forward propagation "
            "primitive. Run workload with environment variable ONEDNN_VERBOSE=all to get additional "
            "diagnostic information.",
        )


def check_dilation(dilation):
    """Refuse a dilation of 0. Each way of computing has words of its own for it."""
    if min(dilation) < 1:
        also = ("dilation should be greater than zero", "dimensions are invalid")
        raise Refusal("RuntimeError", "non-positive dilation is not supported", {"dilation": 1}, also)


def check_output_padding(extra, stride, dilation, count):
    """Refuse an output_padding that is as large as the stride and the dilation."""
    if all(e < max(s, d) for e, s, d in zip(extra, stride, dilation, strict=True)):
        return
    shown = {"output_padding": extra, "stride": stride, "dilation": dilation}
    if count == 1:  # computed as an image of one row
        shown = {name: ((0 if name == "output_padding" else 1), *value) for name, value in shown.items()}
    parts = [
        f"{name}_{axis}: {number}"
        for name, value in shown.items()
        for axis, number in zip(NAMES[count], value, strict=True)
    ]
    most = tuple(min(e, max(s, d) - 1) for e, s, d in zip(extra, stride, dilation, strict=True))
    raise Refusal(
        "RuntimeError",
        "output padding must be smaller than either stride or dilation, but got " + " ".join(parts),
        {"output_padding": most},
    )


def wrong_rank(shape, weight, space):
    """Return the refusal of a kernel that has another number of axes than the input."""
    return Refusal(
        "RuntimeError",
        f"Expected {len(weight)}-dimensional input for {len(weight)}-dimensional "
        f"weight{space}{brackets(weight)}, "
        f"but got {len(shape)}-dimensional input of size {brackets(shape)} instead",
    )


def wrong_channels(start, shape, weight, ins, settings):
    """Return the refusal of an input with other channels."""
    got, groups = shape[1], settings["groups"]
    change = {"in_channels": got}
    if got % groups:
        change["groups"] = greatest_divisor(greatest_divisor(got, settings["out_channels"]), groups)
    return Refusal(
        "RuntimeError",
        f"Given {start}, weight of size {brackets(weight)}, expected input{brackets(shape)} to have {ins} "
        f"channels, but got {got} channels instead",
        change,
    )


def pairs_of_padding(padding, kernel, dilation, count):
    """Return (before, after) of each axis."""
    if padding == "valid":
        return ((0, 0),) * len(kernel)
    if padding != "same":
        return tuple((number, number) for number in each_axis(padding, kernel, count))
    totals = [d * (k - 1) for k, d in zip(kernel, dilation, strict=False)]
    totals += [0] * (len(kernel) - len(totals))  # a dilation of too few numbers is refused later
    return tuple((total // 2, total - total // 2) for total in totals)
