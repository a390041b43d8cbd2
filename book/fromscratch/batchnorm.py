"""Batch normalisation: each channel gets mean 0 and variance 1 over the batch, then a scale and a shift."""

import numpy as np

from .checks.arguments import FLOATS, check_arrays, number
from .checks.shapes import check_gradient
from .errors import count, mismatch


def batch_norm(x, running_mean, running_var, weight, bias, training=False, momentum=0.1, eps=1e-5):
    """Return what torch.nn.functional.batch_norm computes.

    x: shape (batch, channels, ...), float32 or float64.
    running_mean, running_var, weight, bias: shape (channels,).
    training: True normalises with the batch's own mean and variance, and moves running_mean and running_var
        IN PLACE towards them by the share `momentum`. False normalises with the running ones.
    eps: added to the variance, above 0.
    Returns an array of the shape of x.

    y = (x - mean) / sqrt(var + eps) * weight + bias, with var = mean((x - mean)**2) over all axes but the
    channels' (S. Ioffe and C. Szegedy, Batch Normalization, 2015, https://arxiv.org/abs/1502.03167).
    running_var takes var * n / (n - 1), the unbiased estimate, as PyTorch does. Keras takes var itself, and
    its momentum is the share that stays: 0.99 there is 0.01 here.

    Raises ShapeMismatchError where sizes differ, ValueError where training has fewer than two values a
    channel or eps or momentum is out of range, TypeError for other kinds.
    """
    per_channel = {"running_mean": running_mean, "running_var": running_var, "weight": weight, "bias": bias}
    check_arrays("batch_norm", FLOATS, x=x, **per_channel)
    _check("batch_norm", x, eps, training, **per_channel)
    momentum = number(momentum, "momentum", 0, 1, open_above=False)
    mean, var = running_mean, running_var
    if training:
        mean, var = _mean_and_var(x)
        n = x.size // x.shape[1]  # values a channel, at least two
        running_mean += momentum * (mean - running_mean)
        running_var += momentum * (var * n / (n - 1) - running_var)
    z = (x - _wide(mean, x)) / np.sqrt(_wide(var, x) + x.dtype.type(eps))
    return z * _wide(weight, x) + _wide(bias, x)


def batch_norm_backward(grad_y, x, weight, eps=1e-5):
    """Return (grad_x, grad_weight, grad_bias) for y = batch_norm(x, ..., training=True).

    For one channel with n values let z = (x - mean) / s with s = sqrt(var + eps), so y = weight * z + bias:

        dL/dbias   = sum of grad_y
        dL/dweight = sum of grad_y * z

    With g = grad_y * weight = dL/dz: a change of x[k] moves z[k] by 1/s, all z by -1/(n s) through the mean,
    and all z by -z * z[k] / (n s) through s, for d var/d x[k] = 2 (x[k] - mean) / n. Together

        dL/dx = (g - mean(g) - z * mean(g * z)) / s

    grad_y, x: shape (batch, channels, ...). weight: shape (channels,).

    Raises what batch_norm raises, and ShapeMismatchError where grad_y does not have the shape of x.
    """
    check_arrays("batch_norm_backward", FLOATS, grad_y=grad_y, x=x, weight=weight)
    _check("batch_norm_backward", x, eps, True, weight=weight)
    check_gradient("batch_norm_backward", grad_y, x.shape)
    axes = _all_but_channels(x)
    mean, var = _mean_and_var(x)
    s = np.sqrt(_wide(var, x) + x.dtype.type(eps))
    z = (x - _wide(mean, x)) / s
    g = grad_y * _wide(weight, x)
    grad_x = (g - g.mean(axis=axes, keepdims=True) - z * (g * z).mean(axis=axes, keepdims=True)) / s
    return grad_x, (grad_y * z).sum(axis=axes), grad_y.sum(axis=axes)


def _mean_and_var(x):
    """Return the mean and the variance of each channel, two arrays of shape (channels,)."""
    axes = _all_but_channels(x)
    return x.mean(axis=axes), x.var(axis=axes)


def _all_but_channels(x):
    """Return the axes of x without axis 1, the channels."""
    return (0, *range(2, x.ndim))


def _wide(values, x):
    """Return one value a channel in a shape that broadcasts against x: (channels, 1, ...)."""
    return values.reshape(-1, *[1] * (x.ndim - 2))


def _check(caller, x, eps, training, **per_channel):
    """Raise where an array has not one value for each channel of x, or a channel has too few values."""
    if x.ndim < 2:
        raise mismatch(
            f"{caller}: x has {count(x.ndim, 'axis', 'axes')} where it needs at least 2.",
            f"x.shape = {x.shape}, expected (batch, channels, ...)",
            fix="give x an axis for the batch and one for the channels.",
        )
    channels = x.shape[1]
    for name, array in per_channel.items():
        if array.shape != (channels,):
            raise mismatch(
                f"{caller}: {name} does not fit {count(channels, 'channel')}.",
                f"x.shape = {x.shape}, axis 1 (channels) is {channels}",
                f"{name}.shape = {array.shape}, expected ({channels},)",
                fix=f"pass a {name} of shape ({channels},), or an x with as many channels as {name} has "
                "values.",
            )
    if not isinstance(training, bool):
        raise TypeError(f"training must be True or False, but got {training!r}.")
    number(eps, "eps", 0, float("inf"), open_below=True)
    if training and (channels == 0 or x.size // channels < 2):
        raise ValueError(
            f"{caller} needs at least two values a channel when training, but got x of shape {x.shape}; "
            f"pass a larger batch, or training=False."
        )
