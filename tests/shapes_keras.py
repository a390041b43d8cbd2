"""Runs real Keras layers with random settings, for the tests of shapes."""

from __future__ import annotations

import re

import keras
import numpy as np

MERGES = ("Concatenate", "Add", "Multiply", "Average", "Maximum", "Minimum", "Subtract")


def make(kind, settings):
    """Return a Keras layer."""
    if kind == "Bidirectional":
        rest = {name: value for name, value in settings.items() if name != "layer"}
        return keras.layers.Bidirectional(make(*settings["layer"]), **rest)
    return getattr(keras.layers, kind)(**settings)


def call(layer, kind, tensors):
    """Call a layer with one tensor, several, or a list of them."""
    if kind in MERGES:
        return layer(tensors)
    return layer(*tensors) if kind == "MultiHeadAttention" else layer(tensors[0])


def build(kind, settings, shapes):
    """Return a layer and what it returns for symbolic inputs, as a model is built; its exception where it is
    refused.
    """
    try:
        layer = make(kind, settings)
        return layer, call(layer, kind, [keras.KerasTensor(shape) for shape in shapes])
    except Exception as problem:
        return None, problem


def compute(layer, kind, shapes):
    """Return what a layer returns for numbers, two examples where the batch is not known; its exception where
    it is refused.
    """
    try:
        filled = [tuple(2 if size is None else size for size in shape) for shape in shapes]
        return call(layer, kind, [np.zeros(shape, "float32") for shape in filled])
    except Exception as problem:
        return problem


def message(problem):
    """Return a message without what Keras writes around it."""
    found = re.search(r"\x1b\[1m(.*?)\x1b\[0m", str(problem), re.DOTALL)
    return found.group(1) if found else str(problem)


def shapes_of(made):
    """Return the shapes of what a layer returns, one after the other."""
    if isinstance(made, tuple | list):
        return [shape for part in made for shape in shapes_of(part)]
    return [tuple(made.shape)]
