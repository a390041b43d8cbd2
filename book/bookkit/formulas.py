"""`Formulas`: shapes and sizes written with letters, each compared with what a framework really has.

The cheat sheet writes no line that has not passed here.
"""

import math
import re

# How a formula is written for a reader, and what that is in Python.
_SIGNS = {" x ": " * ", "⌊": "math.floor(", "⌈": "math.ceil(", "⌋": ")", "⌉": ")"}
_NAMED_SHAPE = re.compile(r"((?:[A-Za-z][\w.]*, )*[A-Za-z][\w.]*) (\([^()]*\))")


class Formulas:
    """Formulas over some letters, each of which stands for a size.

        letters = Formulas(I=6, O=10, G=2, H=7, W=9)
        letters.check("(O, I / G, H, W)", layer.weight.shape)  # the formula, for its shape is right

    Give each letter a size of its own: with two that are equal, a formula that mixes them up would pass.
    A formula may hold `+ - x /`, brackets, `⌊ ⌋`, `⌈ ⌉`, `min` and `max`.
    """

    def __init__(self, **sizes):
        if len(set(sizes.values())) < len(sizes):
            raise ValueError(f"Each letter needs a size of its own, got {sizes}.")
        self.sizes = sizes

    def value(self, formula, **sizes):
        """Return what a formula comes to: a number, or a tuple of them for a shape. `sizes` adds letters."""
        for sign, python in _SIGNS.items():
            formula = formula.replace(sign, python)
        names = {"math": math, "min": min, "max": max, **self.sizes, **sizes}
        return eval(formula, {"__builtins__": {}}, names)

    def check(self, formula, real, **sizes):
        """Return the formula. Raises AssertionError where it does not come to `real`, a shape or a number."""
        real = tuple(real) if hasattr(real, "__iter__") else real
        came_to = self.value(formula, **sizes)
        if came_to != real:
            raise AssertionError(f"{formula} comes to {came_to}, but the framework has {real}.")
        return formula

    def check_arrays(self, named_shapes, arrays):
        """Return the names with their shapes, such as "weight (O, I), bias, gain (O,)".

        arrays: the arrays of a layer by their names. Raises AssertionError where a shape is another one, and
        KeyError where the layer has no array of that name.
        """
        for names, formula in _NAMED_SHAPE.findall(named_shapes):
            for name in names.split(", "):
                self.check(formula, arrays[name].shape)
        return named_shapes
