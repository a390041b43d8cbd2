"""Keras's Dense, Embedding, and the layers that only move values."""

from ..records import Outcome, Refusal, Weight
from ..sizes import product, times
from .keras_arguments import check_known, check_rank, per_example, written
from .words import parentheses


def dense(settings, shapes):
    """A dense layer on the last axis."""
    units, shape = settings["units"], shapes[0]
    if units <= 0:
        raise Refusal(
            "ValueError",
            f"Received an invalid value for `units`, expected a positive integer. Received: units={units}",
        )
    check_rank(settings, shape, least=2)
    kernel = (shape[-1], units)
    check_known(settings, kernel, "kernel")
    weights = (Weight("kernel", kernel), *((Weight("bias", (units,)),) if settings["use_bias"] else ()))
    output = (*shape[:-1], units)
    return Outcome(output, weights, times(product(per_example(output)), shape[-1]))


def embedding(settings, shapes):
    """An embedding: one row of the table for each number."""
    table = (settings["input_dim"], settings["output_dim"])
    for name, size in zip(("input_dim", "output_dim"), table, strict=True):
        if size <= 0:
            raise Refusal(
                "ValueError", f"`{name}` must be a positive integer. Received: {name}={size} (of type int)."
            )
    return Outcome((*shapes[0], table[1]), (Weight("embeddings", table),))


def flatten(settings, shapes):
    """Flatten everything but the batch."""
    shape = shapes[0]
    check_rank(settings, shape, least=1)
    return Outcome((shape[0], product(shape[1:])))


def reshape(settings, shapes):
    """Reshape everything but the batch."""
    shape, target = shapes[0], tuple(settings["target_shape"])
    shown = f"target_shape={parentheses(target)}"
    if min(target, default=0) < -1:
        raise Refusal(
            "ValueError",
            "Each dimension in `target_shape` must be a non-negative integer, or `-1` for a single "
            "unknown dimension. "
            f"Received: {shown}.",
        )
    if target.count(-1) > 1:
        raise Refusal(
            "ValueError",
            f"There must be at most one unknown dimension (-1) in `target_shape`. Received: {shown}.",
        )
    rest = tuple(shape[1:])
    if None in rest:
        return Outcome((shape[0], *(None if size == -1 else size for size in target)))
    total, known = product(rest), product(tuple(size for size in target if size != -1))
    if -1 not in target:
        if known != total:
            raise Refusal(
                "ValueError",
                "The total size of the tensor must be unchanged. Received: "
                f"input_shape={parentheses(rest)}, {shown}",
            )
        return Outcome((shape[0], *target))
    if known == 0 or total % known:
        raise Refusal(
            "ValueError",
            "The total size of the tensor must be unchanged, however, the input size cannot by divided by "
            "the specified "
            f"dimensions in target_shape. Received: input_shape={parentheses(rest)}, {shown}",
        )
    return Outcome((shape[0], *(total // known if size == -1 else size for size in target)))


def permute(settings, shapes):
    """Put the axes in another order; they are counted from 1, without the batch."""
    shape, dims = shapes[0], tuple(settings["dims"])
    if sorted(dims) != list(range(1, len(dims) + 1)):
        raise Refusal(
            "ValueError",
            "Invalid permutation argument `dims` for Permute Layer. The set of indices in `dims` must be "
            "consecutive and "
            f"start from 1. Received dims={written(settings['dims'])}",
        )
    check_rank(settings, shape, rank=len(dims) + 1)
    return Outcome((shape[0], *(shape[axis] for axis in dims)))


def repeat_vector(settings, shapes):
    """Repeat a vector along a new axis."""
    if settings["n"] <= 0:
        raise Refusal("ValueError", f"Argument `n` should be a positive integer. Received: n={settings['n']}")
    check_rank(settings, shapes[0], rank=2)
    return Outcome((shapes[0][0], settings["n"], shapes[0][1]))
