"""Softmax and cross-entropy: from scores to probabilities, and to one number to make small."""

import numpy as np

from .checks.arguments import FLOATS, check_arrays
from .errors import count, mismatch


def softmax(scores):
    """Return exp(scores) / sum of exp(scores) along the last axis: positive, and summing to 1.

    scores: shape (..., classes), float32 or float64.
    The largest score of each row is taken off first. That cancels, and no exp overflows.

    Raises ShapeMismatchError where there are no classes, TypeError for anything but an array of floats.
    """
    return np.exp(log_softmax(scores))


def log_softmax(scores):
    """Return the logarithm of softmax(scores), without computing the softmax, which may round to 0."""
    check_arrays("softmax", FLOATS, scores=scores)
    if scores.ndim == 0 or scores.shape[-1] == 0:
        raise mismatch(
            "softmax: there are no classes.",
            f"scores.shape = {scores.shape}, expected (..., classes)",
            fix="pass at least one score on the last axis.",
        )
    scores = scores - scores.max(axis=-1, keepdims=True)
    return scores - np.log(np.exp(scores).sum(axis=-1, keepdims=True))


def softmax_cross_entropy(scores, labels):
    """Return the mean over the batch of -log softmax(scores)[label], as torch.nn.functional.cross_entropy.

    scores: shape (batch, classes), float32 or float64.
    labels: shape (batch,), integers from 0 to classes - 1.
    Returns one number of the dtype of scores.

    Raises ShapeMismatchError where the sizes differ, TypeError for labels that are no integers,
    ValueError for a label out of range or an empty batch.
    """
    _check("softmax_cross_entropy", scores, labels)
    return -log_softmax(scores)[np.arange(len(labels)), labels].mean()


def softmax_cross_entropy_backward(scores, labels):
    """Return dL/dscores, shape (batch, classes), for L = softmax_cross_entropy(scores, labels).

    For one row with p = softmax(scores), L = -scores[label] + log(sum over k of exp(scores[k])). The first
    term has the derivative -1 at the label, the second exp(scores[k]) / sum = p[k]. So dL/dscores is p, less
    1 at the label; the mean divides it by the batch.

    Raises what softmax_cross_entropy raises.
    """
    _check("softmax_cross_entropy_backward", scores, labels)
    grad = softmax(scores)
    grad[np.arange(len(labels)), labels] -= 1
    return grad / scores.dtype.type(len(labels))


def _check(caller, scores, labels):
    """Raise unless there is one label in range for each row of scores."""
    check_arrays(caller, FLOATS, scores=scores)
    if not isinstance(labels, np.ndarray) or labels.dtype.kind not in "iu":
        raise TypeError(
            f"{caller}: labels must be a NumPy array of integers; convert them with astype(np.int64)."
        )
    if scores.ndim != 2 or labels.shape != scores.shape[:1]:
        raise mismatch(
            f"{caller}: there is not one label for each row of scores.",
            f"scores.shape = {scores.shape}, expected (batch, classes)",
            f"labels.shape = {labels.shape}, expected (batch,)",
            fix="pass one integer label for each row of scores.",
        )
    if len(labels) == 0:
        raise ValueError(f"{caller}: the batch is empty, and the mean of nothing is not a number.")
    classes = scores.shape[1]
    if labels.min() < 0 or labels.max() >= classes:
        raise ValueError(
            f"{caller}: labels must be from 0 to {classes - 1} for {count(classes, 'class', 'classes')}, "
            f"but they go from {labels.min()} to {labels.max()}."
        )
