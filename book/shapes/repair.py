"""The change under which a refused layer works."""

from . import calls
from .records import Layer, Refusal, Unknown
from .rules import answer
from .sizes import product

MOST_CHANGES = 4


def repair_of(layer, refusal, shapes):
    """Return the layer with changes under which it works, the shapes that it gets, its outcome, and the code
    of what stands before it; None where no change is known.
    """
    flat = flattened(layer, shapes[0])
    settings = layer.settings
    change = {"in_features": flat[-1]} if flat else refusal.change
    for _ in range(MOST_CHANGES):
        if not change:
            return None
        settings = {**settings, **change}
        try:
            made = answer(layer.framework, layer.kind, settings, [flat] if flat else shapes)
        except Unknown:
            return None
        except Refusal as other:
            change = other.change
            continue
        before = [calls.flatten(layer.framework)] if flat else []
        return with_settings(layer, settings), [flat] if flat else shapes, made, before
    return None


def flattened(layer, shape):
    """Return the flattened shape that a Linear behind feature maps wants; None where nothing speaks for
    it.
    """
    if layer.kind != "Linear" or len(shape) < 3:
        return None
    total = product(shape[1:])
    return (shape[0], total) if layer.settings.get("in_features") == total or len(shape) > 3 else None


def with_settings(layer, settings):
    """Return a layer with other settings."""
    return Layer(
        layer.kind, layer.framework, settings, layer.line, layer.name, layer.children, layer.times,
        layer.inputs, layer.output, layer.refusal,
    )  # fmt: skip
