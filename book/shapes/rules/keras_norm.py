"""Keras's normalisation layers."""

from ..records import NON_TRAINABLE, Outcome, Refusal, Weight
from ..sizes import greatest_divisor
from .keras_arguments import check_known
from .words import parentheses

NO_AXIS = "tuple index out of range"


def size_at(shape, axis):
    """Return the size of an axis, or refuse one that is not there."""
    if not -len(shape) <= axis < len(shape):
        raise Refusal("IndexError", NO_AXIS)
    return shape[axis]


def made(settings, shape, weights):
    """Check the weights' sizes and return the outcome."""
    for weight in weights[:1]:
        check_known(settings, weight.shape, weight.name)
    return Outcome(shape, tuple(weights))


def gamma_and_beta(settings, size):
    """Return the weights that scale and shift."""
    names = (("gamma", settings["scale"]), ("beta", settings["center"]))
    return [Weight(name, size) for name, there in names if there]


def batch_norm(settings, shapes):
    """Batch normalisation; its moving statistics are parameters that are not trained."""
    shape = shapes[0]
    size = (size_at(shape, settings["axis"]),)
    names = ["moving_mean", "moving_variance"]
    if settings["renorm"]:
        names += ["moving_stddev", "renorm_mean", "renorm_stddev"]
    statistics = [Weight(name, size, NON_TRAINABLE) for name in names]
    return made(settings, shape, gamma_and_beta(settings, size) + statistics)


def layer_norm(settings, shapes):
    """Layer normalisation over one axis or several."""
    axes = settings["axis"]
    axes = sorted(axes) if isinstance(axes, tuple | list) else [axes]
    size = tuple(size_at(shapes[0], axis) for axis in axes)
    return made(settings, shapes[0], gamma_and_beta(settings, size))


def rms_norm(settings, shapes):
    """RMS normalisation over one axis or several."""
    axes, shape = settings["axis"], shapes[0]
    axes = sorted(axes) if isinstance(axes, tuple | list) else [axes]
    size = tuple(size_at(shape, axis) for axis in axes)
    outcome = made(settings, shape, [Weight("scale", size)])
    last = [axis - len(shape) if axis >= 0 else axis for axis in axes]
    if last == list(range(-len(last), 0)):
        return outcome
    note = "The scale is multiplied along the last axes, whatever axis is normalised."
    return Outcome(outcome.output, outcome.weights, note=note)


def group_norm(settings, shapes):
    """Group normalisation; groups=-1 makes one group of each channel."""
    groups, axis, shape = settings["groups"], settings["axis"], shapes[0]
    if groups <= 0 and groups != -1:
        raise Refusal(
            "ValueError",
            "Received an invalid value for argument `groups`, expected a positive integer (or `-1` for "
            "instance "
            f"normalization). Received: groups={groups}",
        )
    size = size_at(shape, axis)
    if size is None:
        raise Refusal(
            "ValueError",
            f"Axis {axis} of input tensor should have a defined dimension but the layer received an input "
            "with shape "
            f"{parentheses(shape)}.",
        )
    groups = size if groups == -1 else groups
    change = {"groups": greatest_divisor(size, groups)}
    if size < groups:
        raise Refusal(
            "ValueError",
            f"Number of groups ({groups}) cannot be more than the number of channels ({size}).",
            change,
        )
    if size % groups:
        raise Refusal(
            "ValueError",
            f"Number of groups ({groups}) must be a multiple of the number of channels ({size}).",
            change,
        )
    return made(settings, shape, gamma_and_beta(settings, (size,)))


def unit_norm(settings, shapes):
    """Unit normalisation: no weights."""
    axes, shape = settings["axis"], shapes[0]
    for axis in axes if isinstance(axes, tuple | list) else (axes,):
        if not -len(shape) <= axis < len(shape):
            shown = f"[{', '.join(map(str, axes))}]" if isinstance(axes, tuple | list) else axes
            raise Refusal(
                "ValueError", f"Axis {shown} is out of bounds for input shape {parentheses(shape)}."
            )
    return Outcome(shape)
