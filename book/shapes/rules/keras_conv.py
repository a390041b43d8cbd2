"""Keras's convolutions: Conv, DepthwiseConv, SeparableConv and ConvTranspose."""

from ..records import Outcome, Refusal, Weight
from ..sizes import greatest_divisor, product, span, times, unread_end
from .keras_arguments import (
    assembled,
    channels,
    check_known,
    check_rank,
    numpy_list,
    padding_word,
    per_example,
    spatial,
    whole_tuple,
)
from .keras_windows import padding_of, places_of
from .words import parentheses

EQUAL_STRIDES = (
    "TensorFlow refuses it when it computes: Current implementation only supports equal length strides in "
    "the row "
    "and column dimensions."
)
OUT_BACKPROP = "TensorFlow refuses it when it computes: Size of out_backprop doesn't match computed."
DILATED = (
    "TensorFlow's CPU code refuses it: Current CPU implementations do not yet support dilation rates larger "
    "than 1."
)


def window_of(settings, count, causal=False):
    """Return kernel, strides, dilation and padding, checked."""
    kernel = whole_tuple(settings["kernel_size"], count, "kernel_size")
    strides = whole_tuple(settings["strides"], count, "strides")
    dilation = whole_tuple(settings["dilation_rate"], count, "dilation_rate")
    return kernel, strides, dilation, padding_word(settings["padding"], causal)


def check_positive(settings, name):
    """Refuse an argument, filters or depth_multiplier, that is not positive."""
    if settings[name] <= 0:
        raise Refusal(
            "ValueError",
            f"Invalid value for argument `{name}`. Expected a strictly positive value. Received "
            f"{name}={settings[name]}.",
        )


def check_stride_and_dilation(strides, dilation):
    """Refuse strides together with a dilation."""
    if max(strides) > 1 and max(dilation) > 1:
        raise Refusal(
            "ValueError",
            "`strides > 1` not supported in conjunction with `dilation_rate > 1`. Received: "
            f"strides={parentheses(strides)} and dilation_rate={parentheses(dilation)}",
            {"dilation_rate": 1},
        )


def convolution(settings, shapes, count):
    """A convolution over `count` axes."""
    kernel, strides, dilation, padding = window_of(settings, count, causal=count == 1)
    filters, groups = settings["filters"], settings["groups"]
    check_positive(settings, "filters")
    if groups <= 0:
        raise Refusal(
            "ValueError",
            f"The number of groups must be a positive integer. Received: groups={groups}.",
            {"groups": 1},
        )
    if filters % groups:
        raise Refusal(
            "ValueError",
            "The number of filters must be evenly divisible by the number of groups. Received: "
            f"groups={groups}, filters={filters}.",
            {"groups": greatest_divisor(filters, groups)},
        )
    check_stride_and_dilation(strides, dilation)
    shape = shapes[0]
    check_rank(settings, shape, least=count + 2)
    ins = channels(settings, shape)
    if ins is None:
        raise Refusal("TypeError", "unsupported operand type(s) for %: 'NoneType' and 'int'")
    if ins % groups:
        raise Refusal(
            "ValueError",
            "The number of input channels must be evenly divisible by the number of groups. Received "
            f"groups={groups}, "
            f"but the input has {ins} channels (full input shape is {parentheses(shape)}).",
            {"groups": greatest_divisor(greatest_divisor(ins, filters), groups)},
        )
    weights = with_bias(settings, (Weight("kernel", (*kernel, ins // groups, filters)),), filters)
    window = (kernel, strides, dilation, padding)
    return slid(settings, shape, window, filters, weights, times(product(kernel), ins // groups))


def depthwise(settings, shapes, count):
    """A depthwise convolution: each channel by itself."""
    kernel, strides, dilation, padding = window_of(settings, count)
    check_positive(settings, "depth_multiplier")
    shape = shapes[0]
    check_rank(settings, shape, least=count + 2)
    ins, multiplier = channels(settings, shape), settings["depth_multiplier"]
    if ins is None:
        raise Refusal("TypeError", "unsupported operand type(s) for *: 'int' and 'NoneType'")
    weights = with_bias(settings, (Weight("kernel", (*kernel, ins, multiplier)),), multiplier * ins)
    window = (kernel, strides, dilation, padding)
    note = EQUAL_STRIDES if len(set(strides)) > 1 else ""
    return slid(settings, shape, window, multiplier * ins, weights, product(kernel), note)


def separable(settings, shapes, count):
    """A depthwise convolution, and one of 1 x 1 over all channels."""
    kernel, strides, dilation, padding = window_of(settings, count)
    check_positive(settings, "depth_multiplier")
    check_positive(settings, "filters")
    shape = shapes[0]
    check_rank(settings, shape, least=count + 2)
    ins, multiplier, filters = channels(settings, shape), settings["depth_multiplier"], settings["filters"]
    middle = times(ins, multiplier)
    two = (
        Weight("depthwise_kernel", (*kernel, ins, multiplier)),
        Weight("pointwise_kernel", (*(1,) * count, middle, filters)),
    )
    note = EQUAL_STRIDES if len(set(strides)) > 1 else ""
    window = (kernel, strides, dilation, padding)
    made = slid(settings, shape, window, filters, with_bias(settings, two, filters), 0, note)
    check_known(settings, two[0].shape, "depthwise_kernel")
    places = product(spatial(settings, per_example(made.output)))
    batch = shape[0] or 1
    work = times(batch, places, middle, product(kernel) + filters) if places is not None else None
    return Outcome(made.output, made.weights, work, (), made.padding, made.unread, made.note)


def with_bias(settings, weights, size):
    """Return the weights, with a bias where the layer has one."""
    return (*weights, Weight("bias", (size,))) if settings["use_bias"] else weights


def slid(settings, shape, window, outs, weights, each, note=""):
    """Return the outcome of a window that slides; `each` are the products behind one value of the output."""
    kernel, strides, dilation, padding = window
    ins = channels(settings, shape)
    if len(kernel) + 2 != len(shape):
        raise Refusal(
            "ValueError",
            f"Kernel shape must have the same length as input, but received kernel of shape "
            f"{parentheses((*kernel, ins, outs))} and input of shape {parentheses(shape)}.",
        )
    sizes = spatial(settings, shape)
    reaches = tuple(span(k, d) for k, d in zip(kernel, dilation, strict=True))
    pads = padding_of(sizes, reaches, strides, padding)
    out = places_of(sizes, pads, reaches, strides)
    if any(size is not None and size <= 0 for size in out):
        raise Refusal(
            "ValueError",
            "Computed output size would be zero or negative. Received `inputs "
            f"shape={parentheses(shape)}`, `kernel "
            f"shape={parentheses((*kernel, ins, outs))}`, `dilation_rate={numpy_list(dilation)}`, "
            f"`strides={parentheses(strides)}`, `padding={padding}`.",
            {"padding": "same"},
        )
    unread = tuple(
        unread_end(size, (pad or (0, 0))[0], k, step, d, places)
        for size, pad, k, step, d, places in zip(sizes, pads, kernel, strides, dilation, out, strict=True)
    )
    output = assembled(settings, shape[0], out, outs)
    return Outcome(output, weights, times(product(per_example(output)), each), (), pads, unread, note)


def transposed(settings, shapes, count):
    """A transposed convolution over `count` axes."""
    kernel, strides, dilation, padding = window_of(settings, count)
    extra = settings["output_padding"]
    if extra is not None:
        extra = whole_tuple(extra, count, "output_padding", allow_zero=True)
    check_positive(settings, "filters")
    for place, (more, step) in enumerate(zip(extra or (), strides, strict=False)):
        if more >= step:
            raise Refusal(
                "ValueError",
                "`output_padding` must be strictly less than `strides` for all dimensions. At dimension "
                f"{place}, `output_padding` is {more} but `strides` is {step}. Received: "
                f"output_padding={parentheses(extra)}, strides={parentheses(strides)}",
                {"output_padding": tuple(min(e, s - 1) for e, s in zip(extra, strides, strict=True))},
            )
    check_stride_and_dilation(strides, dilation)
    shape, filters = shapes[0], settings["filters"]
    check_rank(settings, shape, least=count + 2)
    ins = channels(settings, shape)
    check_known(settings, (*kernel, filters, ins), "kernel")
    sizes = spatial(settings, shape)
    if len(sizes) > count:
        raise Refusal("IndexError", "tuple index out of range")
    reaches = tuple(span(k, d) for k, d in zip(kernel, dilation, strict=True))
    out = tuple(
        enlarged(size, reach, step, padding, more)
        for size, reach, step, more in zip(sizes, reaches, strides, extra or (None,) * count, strict=True)
    )
    weights = with_bias(settings, (Weight("kernel", (*kernel, filters, ins)),), filters)
    work = times(product(per_example(shape)), filters, product(kernel))
    note = DILATED if max(dilation) > 1 else ""
    rows = zip(sizes, out, strides, strict=True)
    if padding == "same" and any(
        size is not None and -(-places // step) != size for size, places, step in rows
    ):
        note = OUT_BACKPROP
    return Outcome(assembled(settings, shape[0], out, filters), weights, work, note=note)


def enlarged(size, reach, step, padding, more):
    """Return the size of one axis after a transposed convolution."""
    if size is None:
        return None
    if padding == "valid":
        return (size - 1) * step + reach + (max(reach, step) - reach if more is None else more)
    return size * step if more is None else (size - 1) * step + reach % 2 + more
