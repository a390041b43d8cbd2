"""Products over the last axis: matmul and linear."""

import numpy as np

from .checks.arguments import FLOATS, check_arrays
from .checks.shapes import check_gradient
from .errors import count, mismatch


def matmul(a, b):
    """Return the matrix product of a, shape (..., m, k), and b, shape (..., k, n).

    Either may have one axis only; further axes broadcast, as in np.matmul and torch.matmul.

    Raises ShapeMismatchError where the two sizes called k differ or the further axes do not
    broadcast, TypeError for anything but arrays of one dtype.
    """
    check_arrays("matmul", a=a, b=b)
    for name, array in (("a", a), ("b", b)):
        if array.ndim == 0:
            raise mismatch(
                f"matmul: {name} is a single number without an axis to sum over.",
                f"{name}.shape = ()",
                fix="multiply numbers with *, or give it an axis with reshape(1).",
            )
    rows_axis = max(b.ndim - 2, 0)  # a b of one axis is a single column
    wanted, got = b.shape[rows_axis], a.shape[-1]
    if wanted != got:
        raise mismatch(
            f"matmul: a has {count(got, 'column')} where b has {count(wanted, 'row')}{_times(got, wanted)}.",
            f"a.shape = {a.shape}, axis {a.ndim - 1} is {got}",
            f"b.shape = {b.shape}, axis {rows_axis} is {wanted}: a number in a row of a for each row of b",
            fix=f"give a {count(wanted, 'column')}, or b {count(got, 'row')}.",
        )
    for back in range(3, min(a.ndim, b.ndim) + 1):  # the axes in front of the matrices, counted from the end
        if a.shape[-back] != b.shape[-back] and 1 not in (a.shape[-back], b.shape[-back]):
            raise mismatch(
                "matmul: a and b are stacks of matrices of different lengths.",
                f"a.shape = {a.shape}, axis {a.ndim - back} is {a.shape[-back]}",
                f"b.shape = {b.shape}, axis {b.ndim - back} is {b.shape[-back]}",
                fix="make the two sizes equal, or one of them 1.",
            )
    return np.matmul(a, b)


def linear(x, weight, bias=None):
    """Return x @ weight.T + bias, the fully connected layer of torch.nn.functional.linear.

    x: shape (..., in_features). The last axis alone is summed over: flatten an image first.
    weight: shape (out_features, in_features).
    bias: shape (out_features,), or None.
    Returns shape (..., out_features).

    Raises ShapeMismatchError where the shapes do not fit, TypeError for anything but arrays of one dtype.
    Unlike torch's function, a bias of another shape is not broadcast and a weight has two axes.
    """
    check_linear("linear", x, weight, bias)
    y = np.matmul(x, weight.T)
    if bias is not None:
        y += bias
    return y


def linear_backward(grad_y, x, weight):
    """Return (grad_x, grad_weight, grad_bias) for y = linear(x, weight, bias).

    y[n, o] = bias[o] + sum over i of x[n, i] * weight[o, i], so by the chain rule, with grad_y = dL/dy:

        dL/dx[n, i]      = sum over o of grad_y[n, o] * weight[o, i]   =  grad_y @ weight
        dL/dweight[o, i] = sum over n of grad_y[n, o] * x[n, i]        =  grad_y.T @ x
        dL/dbias[o]      = sum over n of grad_y[n, o]

    Axes of x in front of the features are all counted as the batch n.

    Raises what linear raises, ShapeMismatchError where grad_y does not have the shape of y, and TypeError for
    integers.
    """
    check_arrays("linear_backward", FLOATS, grad_y=grad_y, x=x, weight=weight)
    check_linear("linear_backward", x, weight, None)
    out_features, in_features = weight.shape
    check_gradient("linear_backward", grad_y, (*x.shape[:-1], out_features))
    batch = int(np.prod(x.shape[:-1]))
    grads = grad_y.reshape(batch, out_features)
    grad_x = (grads @ weight).reshape(x.shape)
    return grad_x, grads.T @ x.reshape(batch, in_features), grads.sum(axis=0)


def check_linear(caller, x, weight, bias):
    """Raise what linear raises for these arguments, or return None."""
    check_arrays(caller, optional=("bias",), x=x, weight=weight, bias=bias)
    if weight.ndim != 2:
        raise mismatch(
            f"{caller}: the weight has {count(weight.ndim, 'axis', 'axes')} where it needs 2.",
            f"weight.shape = {weight.shape}, expected (out_features, in_features)",
            fix="reshape the weight to (out_features, in_features).",
        )
    if x.ndim == 0:
        raise mismatch(
            f"{caller}: x is a single number without an axis of features.",
            f"x.shape = (), expected (..., {weight.shape[1]})",
            fix=f"give x a last axis of {count(weight.shape[1], 'feature')}.",
        )
    got, (out_features, wanted) = x.shape[-1], weight.shape
    if got != wanted:
        fix = f"give x {count(wanted, 'feature')}, or use a weight of shape ({out_features}, {got})."
        if x.ndim > 2 and int(np.prod(x.shape[1:])) == wanted:
            fix = f"flatten x first: x.reshape({x.shape[0]}, {wanted}) has the {count(wanted, 'feature')}."
        elif got == out_features:
            fix = "pass weight.T: this weight lies as (in_features, out_features)."
        raise mismatch(
            f"{caller}: x has {count(got, 'feature')}, but the weight expects {wanted}{_times(got, wanted)}.",
            f"x.shape = {x.shape}, axis {x.ndim - 1} is {got}",
            f"weight.shape = {weight.shape}, axis 1 is {wanted}: one weight for each feature of x",
            fix=fix,
        )
    if bias is not None and bias.shape != (out_features,):
        raise mismatch(
            f"{caller}: the bias has shape {bias.shape} where it needs ({out_features},).",
            f"weight.shape = {weight.shape}, axis 0 is {out_features}: one bias for each output",
            f"bias.shape = {bias.shape}",
            fix=f"pass a bias of shape ({out_features},), or None.",
        )


def _times(got, wanted):
    """Return a remark such as ': 64 is 2 times 32' where one size is a multiple of the other."""
    small, large = sorted((got, wanted))
    return "" if small < 1 or large % small else f": {large} is {large // small} times {small}"
