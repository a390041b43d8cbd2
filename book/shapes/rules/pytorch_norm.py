"""PyTorch's normalisation layers, in training mode."""

from ..records import BUFFER, Outcome, Refusal, Weight
from ..sizes import greatest_divisor, product, spread
from .words import brackets, torch_size


def batch_norm(settings, shapes, count):
    """Batch normalisation: of one axis also without it."""
    shape, features = shapes[0], settings["num_features"]
    ranks = (2, 3) if count == 1 else (count + 2,)
    if len(shape) not in ranks:
        words = "2D or 3D" if count == 1 else f"{count + 2}D"
        raise Refusal("ValueError", f"expected {words} input (got {len(shape)}D input)")
    if shape[0] * product(shape[2:]) == 1:
        raise Refusal(
            "ValueError",
            f"Expected more than 1 value per channel when training, got input size {torch_size(shape)}",
        )
    tensors = (("running_mean", settings["track_running_stats"]), ("weight", settings["affine"]))
    for name, there in tensors:
        if there and shape[1] != features:
            raise Refusal(
                "RuntimeError",
                f"{name} should contain {shape[1]} elements not {features}",
                {"num_features": shape[1]},
            )
    return Outcome(shape, norm_weights(settings))


def norm_weights(settings):
    """Return the weights and running statistics of a batch or instance normalisation."""
    one = (settings["num_features"],)
    weights = ()
    if settings["affine"]:
        weights = (Weight("weight", one),)
        if settings.get("bias", True):
            weights = (*weights, Weight("bias", one))
    if settings["track_running_stats"]:
        statistics = (("running_mean", one), ("running_var", one), ("num_batches_tracked", ()))
        weights = (*weights, *(Weight(name, shape, BUFFER) for name, shape in statistics))
    return weights


def instance_norm(settings, shapes, count):
    """Instance normalisation, batched or not."""
    shape, features = shapes[0], settings["num_features"]
    if len(shape) not in (count + 1, count + 2):
        raise Refusal("ValueError", f"expected {count + 1}D or {count + 2}D input (got {len(shape)}D input)")
    axis = len(shape) - count - 1
    if settings["affine"] and shape[axis] != features:
        raise Refusal(
            "ValueError",
            f"expected input's size at dim={axis} to match num_features ({features}), but got: "
            f"{shape[axis]}.",
            {"num_features": shape[axis]},
        )
    batched = shape if axis else (1, *shape)
    if product(batched[2:]) == 1:
        raise Refusal(
            "ValueError",
            f"Expected more than 1 spatial element when training, got input size {torch_size(batched)}",
        )
    if settings["track_running_stats"] and batched[1] != features:
        batch, channels = batched[:2]
        raise Refusal(
            "RuntimeError",
            f"running_mean should contain {batch * channels} elements not {batch * features}",
            {"num_features": channels},
        )
    return Outcome(shape, norm_weights(settings))


def group_norm(settings, shapes):
    """Group normalisation: channels on axis 1."""
    groups, channels = settings["num_groups"], settings["num_channels"]
    shape = shapes[0]
    if channels % groups:
        raise Refusal(
            "ValueError",
            f"num_channels ({channels}) must be divisible by num_groups ({groups})",
            {"num_groups": greatest_divisor(channels, groups)},
        )
    if len(shape) < 2:
        raise Refusal(
            "RuntimeError", f"Expected at least 2 dimensions for input tensor but received {len(shape)}"
        )
    folded = (shape[0] * shape[1] // groups, groups, *shape[2:])
    if folded[0] * product(folded[2:]) == 1:
        raise Refusal(
            "ValueError",
            f"Expected more than 1 value per channel when training, got input size {brackets(folded)}",
        )
    got = shape[1]
    change = {"num_channels": got, "num_groups": greatest_divisor(got, groups)}
    if got % groups:
        raise Refusal(
            "RuntimeError",
            "Expected number of channels in input to be divisible by num_groups, but got input of shape "
            f"{brackets(shape)} and num_groups={groups}",
            change,
        )
    if settings["affine"] and got != channels:
        raise Refusal(
            "RuntimeError",
            "Expected weight to be a vector of size equal to the number of channels in input, but got "
            "weight of "
            f"shape [{channels}] and input of shape {brackets(shape)}",
            change,
        )
    weights = (Weight("weight", (channels,)), Weight("bias", (channels,))) if settings["affine"] else ()
    return Outcome(shape, weights)


def layer_norm(settings, shapes):
    """Layer normalisation over the last axes."""
    return over_last_axes(settings, shapes[0], "[*, ", settings["bias"])


def rms_norm(settings, shapes):
    """RMS normalisation over the last axes."""
    shape, normal = shapes[0], spread(settings["normalized_shape"], 1)
    if len(shape) < len(normal):
        raise Refusal(
            "ValueError", f"Input tensor must have at least {len(normal)} dimensions, but got {len(shape)}"
        )
    return over_last_axes(settings, shape, "[*", False)


def over_last_axes(settings, shape, star, bias):
    """Check the last axes and return the outcome."""
    normal = spread(settings["normalized_shape"], 1)
    if not normal:
        raise Refusal(
            "RuntimeError",
            "Expected normalized_shape to be at least 1-dimensional, i.e., containing at least one element, "
            "but got normalized_shape = []",
        )
    if len(shape) < len(normal) or shape[len(shape) - len(normal) :] != normal:
        change = {"normalized_shape": shape[-len(normal) :]} if len(shape) >= len(normal) else None
        raise Refusal(
            "RuntimeError",
            f"Given normalized_shape={brackets(normal)}, expected input with shape "
            f"{star}{brackets(normal)[1:]}, "
            f"but got input of size{brackets(shape)}",
            change,
        )
    weights = (Weight("weight", normal),) if settings["elementwise_affine"] else ()
    if weights and bias:
        weights = (*weights, Weight("bias", normal))
    return Outcome(shape, weights)
