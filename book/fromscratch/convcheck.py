"""Everything conv2d refuses, in one place, so that every version of it refuses the same."""

import numpy as np

from .arguments import check_arrays, whole
from .errors import mismatch
from .window import slide

ACCEPTED = {}  # what was found right once: the shapes and settings, and the answer
MOST_ACCEPTED = 1000


def check_conv2d(caller, x, weight, bias, stride, padding, dilation, groups):
    """Check the arguments of a convolution and return (window, groups).

    The rule: x.shape[channel axis] == weight.shape[1] * groups, and groups divides weight.shape[0].

    Raises ShapeMismatchError, TypeError or ValueError; the message says what to change.
    """
    # A small convolution takes as long as its checks: what was found right once is not checked again. Only
    # for plain integers, because True and 1.0 would be found under the key of 1.
    key = None
    plain = type(stride) is type(padding) is type(dilation) is type(groups) is int
    if plain and type(x) is type(weight) is np.ndarray and bias is None:
        key = x.shape, x.dtype, weight.shape, weight.dtype, stride, padding, dilation, groups
    answer = ACCEPTED.get(key)
    if answer is None:
        check_arrays(caller, optional=("bias",), x=x, weight=weight, bias=bias)
        answer = check_shapes(caller, x, weight, bias, stride, padding, dilation, groups)
        if key:
            if len(ACCEPTED) >= MOST_ACCEPTED:
                ACCEPTED.clear()
            ACCEPTED[key] = answer
    return answer


def check_shapes(caller, x, weight, bias, stride, padding, dilation, groups):
    """Do what check_conv2d does, for arrays that are arrays and of one dtype."""
    groups = whole(groups, "groups", at_least=1)
    check_weight(caller, weight, groups)
    if x.ndim not in (3, 4):
        raise mismatch(
            f"{caller}: x has {x.ndim} axes where it needs 4 (or 3 for a single image).",
            f"x.shape = {x.shape}, expected (batch, channels, height, width)",
            mend="reshape x; x[None] adds the axis of the batch to a single image.",
        )
    if x.shape[-3] != weight.shape[1] * groups:
        raise _wrong_channels(caller, x, weight, groups)
    if bias is not None:
        check_bias(caller, bias, len(weight), f"weight.shape = {weight.shape}, axis 0 is {len(weight)}")
    if 0 in x.shape[-2:] and 0 not in x.shape[:-2]:
        raise mismatch(
            f"{caller}: x has no pixels.",
            f"x.shape = {x.shape}, height {x.shape[-2]}, width {x.shape[-1]}",
            mend="pass an image with at least one row and one column; only the batch may be empty.",
        )
    return slide(caller, x.shape[-2:], weight.shape[2:], stride, padding, dilation), groups


def check_weight(
    caller, weight, groups, layout="(out_channels, in_channels / groups, height, width)", first="output"
):
    """Raise where the weight has not four axes, is empty, or groups does not divide its first axis.

    layout, first: what the axes are, and which channels stand on the first one, for the message.
    """
    if weight.ndim != 4:
        raise mismatch(
            f"{caller}: the weight has {weight.ndim} axes where it needs 4.",
            f"weight.shape = {weight.shape}, expected {layout}",
            mend="reshape the weight to these four axes.",
        )
    channels = weight.shape[0]
    if channels == 0 or 0 in weight.shape[2:]:
        raise mismatch(
            f"{caller}: the weight is empty.",
            f"weight.shape = {weight.shape}: one {first} channel and a kernel of 1 x 1 are the least",
            mend="pass a weight without a zero among these sizes.",
        )
    if channels % groups:
        lower, upper = channels // groups * groups, (channels // groups + 1) * groups
        raise mismatch(
            f"{caller}: {channels} {first} channels cannot be divided into {groups} groups.",
            f"weight.shape = {weight.shape}, axis 0 is {channels}: groups={groups} must divide it",
            mend=f"use {f'{lower} or ' if lower else ''}{upper} {first} channels, "
            f"or a groups that divides {channels}.",
        )


def check_bias(caller, bias, out, reason):
    """Raise where the bias has another shape than (out,). `reason` says where out comes from."""
    if bias.shape != (out,):
        raise mismatch(
            f"{caller}: the bias has shape {bias.shape} where it needs ({out},).",
            f"{reason}: one bias for each output channel",
            f"bias.shape = {bias.shape}",
            mend=f"pass a bias of shape ({out},), or None.",
        )


def _wrong_channels(caller, x, weight, groups):
    """Return the error for an x whose channels are not weight.shape[1] * groups."""
    got, (out, per_group) = x.shape[-3], weight.shape[:2]
    wanted = per_group * groups
    mends = [f"pass an x with {wanted} channels"]
    if got and got % groups == 0:
        new = (out, got // groups, *weight.shape[2:])
        mends.append(f"use a weight of shape {new}")
    if per_group and got and got % per_group == 0 and out % (got // per_group) == 0:
        mends.append(
            f"pass groups={got // per_group}, which computes something else: each output channel"
            f" then sees {per_group} of the {got} channels"
        )
    mend = ", or ".join(mends) + "."
    if x.shape[-1] == wanted:
        order = "0, 3, 1, 2" if x.ndim == 4 else "2, 0, 1"
        mend = f"x looks like channels last: x.transpose({order}) has {wanted} channels. Otherwise {mend}"
    return mismatch(
        f"{caller}: x has {got} channels where the weight wants {wanted}.",
        f"x.shape = {x.shape}, axis {x.ndim - 3} (channels) is {got}",
        f"weight.shape = {weight.shape}, axis 1 is {per_group};"
        f" weight.shape[1] x groups = {per_group} x {groups} = {wanted} channels wanted",
        mend=mend,
    )
