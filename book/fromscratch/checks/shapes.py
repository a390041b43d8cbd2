"""Checks of shapes that several functions share. Everything that conv2d refuses is refused here."""

from functools import lru_cache

from ..errors import count, mismatch
from .arguments import check_arrays, pair, whole
from .window import slide


def check_conv2d(caller, x, weight, bias, stride, padding, dilation, groups):
    """Check the arguments of a convolution and return (window, groups).

    The rule: x.shape[channel axis] == weight.shape[1] * groups, and groups divides weight.shape[0].

    Raises ShapeMismatchError, TypeError or ValueError; the message says what to change.
    """
    check_arrays(caller, optional=("bias",), x=x, weight=weight, bias=bias)
    groups = whole(groups, "groups", 1)
    stride, dilation = pair(stride, "stride", 1), pair(dilation, "dilation", 1)
    if not isinstance(padding, str):
        padding = pair(padding, "padding", 0)
    bias_shape = None if bias is None else bias.shape
    return fit_conv2d(caller, x.shape, weight.shape, bias_shape, stride, padding, dilation, groups), groups


# A small convolution takes as long as this check: what was found right is remembered. Only checked integers
# come here, because True and 1.0 would be found under the key of 1.
@lru_cache(maxsize=1000)
def fit_conv2d(caller, x_shape, weight_shape, bias_shape, stride, padding, dilation, groups):
    """Check the shapes of a convolution's operands and return its window."""
    check_weight(caller, weight_shape, groups)
    check_image(caller, x_shape)
    if x_shape[-3] != weight_shape[1] * groups:
        raise _wrong_channels(caller, x_shape, weight_shape, groups)
    if bias_shape is not None:
        check_bias(
            caller, bias_shape, weight_shape[0], f"weight.shape = {weight_shape}, axis 0 is {weight_shape[0]}"
        )
    if 0 not in x_shape[:-2]:
        check_pixels(caller, x_shape)
    return slide(caller, x_shape[-2:], weight_shape[2:], stride, padding, dilation)


def check_image(caller, x_shape):
    """Raise unless x is an image or a batch of images."""
    if len(x_shape) not in (3, 4):
        raise mismatch(
            f"{caller}: x has {count(len(x_shape), 'axis', 'axes')} where it needs 4 "
            "(or 3 for a single image).",
            f"x.shape = {x_shape}, expected (batch, channels, height, width)",
            fix="reshape x; x[None] adds the axis of the batch to a single image.",
        )


def check_pixels(caller, x_shape):
    """Raise where x is images without pixels."""
    if 0 in x_shape[-2:]:
        raise mismatch(
            f"{caller}: x has no pixels.",
            f"x.shape = {x_shape}, height {x_shape[-2]}, width {x_shape[-1]}",
            fix="pass an image with at least one row and one column; only the batch may be empty.",
        )


def check_weight(
    caller, weight_shape, groups, layout="(out_channels, in_channels / groups, height, width)", first="output"
):
    """Raise where a weight has not four axes, is empty, or has a first axis that groups does not divide.

    layout, first: what the axes are, and which channels stand on the first one, for the message.
    """
    if len(weight_shape) != 4:
        raise mismatch(
            f"{caller}: the weight has {count(len(weight_shape), 'axis', 'axes')} where it needs 4.",
            f"weight.shape = {weight_shape}, expected {layout}",
            fix="reshape the weight to these four axes.",
        )
    channels = weight_shape[0]
    if channels == 0 or 0 in weight_shape[2:]:
        raise mismatch(
            f"{caller}: the weight is empty.",
            f"weight.shape = {weight_shape}: one {first} channel and a kernel of 1 x 1 are the least",
            fix="pass a weight without a zero among these sizes.",
        )
    if channels % groups:
        lower, upper = channels // groups * groups, (channels // groups + 1) * groups
        raise mismatch(
            f"{caller}: {count(channels, first + ' channel')} cannot be divided into {groups} groups.",
            f"weight.shape = {weight_shape}, axis 0 is {channels}: groups={groups} must divide it",
            fix=f"use {f'{lower} or ' if lower else ''}{count(upper, first + ' channel')}, "
            f"or a value of groups that divides {channels}.",
        )


def check_bias(caller, bias_shape, out, reason):
    """Raise where the shape of a bias is not (out,). `reason` says where out comes from."""
    if bias_shape != (out,):
        raise mismatch(
            f"{caller}: the bias has shape {bias_shape} where it needs ({out},).",
            f"{reason}: one bias for each output channel",
            f"bias.shape = {bias_shape}",
            fix=f"pass a bias of shape ({out},), or None.",
        )


def check_gradient(caller, grad_y, shape):
    """Raise ShapeMismatchError unless grad_y has the shape of the output it belongs to."""
    if grad_y.shape != shape:
        raise mismatch(
            f"{caller}: grad_y does not have the shape of the output.",
            f"grad_y.shape = {grad_y.shape}",
            f"the output's shape = {shape}, which follows from the other arguments",
            fix="pass the derivative of the loss with respect to this output, and the arguments of the "
            "forward pass.",
        )


def _wrong_channels(caller, x_shape, weight_shape, groups):
    """Return the error for an x whose channels are not weight.shape[1] * groups."""
    got, (out, per_group) = x_shape[-3], weight_shape[:2]
    wanted = per_group * groups
    fixes = [f"pass an x with {count(wanted, 'channel')}"]
    if got and got % groups == 0:
        new = (out, got // groups, *weight_shape[2:])
        fixes.append(f"use a weight of shape {new}")
    if per_group and got and got % per_group == 0 and out % (got // per_group) == 0:
        seen = f"{per_group} of the {got} channels" if per_group < got else f"all {got} channels"
        fixes.append(
            f"pass groups={got // per_group}, which computes something else: each output channel"
            f" then reads {'the only channel' if got == 1 else seen}"
        )
    fix = ", or ".join(fixes) + "."
    if x_shape[-1] == wanted:
        order = "0, 3, 1, 2" if len(x_shape) == 4 else "2, 0, 1"
        moved = f"x.transpose({order}) has {count(wanted, 'channel')}"
        fix = f"x looks like channels last: {moved}. Otherwise {fix}"
    return mismatch(
        f"{caller}: x has {count(got, 'channel')}, but the weight expects {wanted}.",
        f"x.shape = {x_shape}, axis {len(x_shape) - 3} (channels) is {got}",
        f"weight.shape = {weight_shape}, axis 1 is {per_group};"
        f" weight.shape[1] x groups = {per_group} x {groups} = {count(wanted, 'channel')} expected",
        fix=fix,
    )
