"""The rules: what a layer makes of an input's shape, in PyTorch's terms and in Keras's.

outcome("pytorch", "Conv2d", settings, [shape]) returns an Outcome, or raises a Refusal with the framework's
message. Every setting has its value here: arguments.bind fills in the defaults. Sizes are at least 1; in
Keras's terms a size may be None, and an unknown batch counts as one example.

The frameworks are those that the book is tested with. What a refusal says is what they say in the order in
which they check: the constructor, then the input. Of layers in training mode, as they are when they are made.
"""

from ..records import Unknown
from . import keras, pytorch

FRAMEWORKS = {"pytorch": pytorch, "keras": keras}


def outcome(framework, kind, settings, shapes):
    """Return what a layer makes of shapes; raise its Refusal, or Unknown for a layer without a rule."""
    if not known(framework, kind):
        raise Unknown(f"there is no rule for {kind}")
    return FRAMEWORKS[framework].outcome(kind, settings, [tuple(shape) for shape in shapes])


def answer(framework, kind, settings, shapes):
    """Return what `outcome` does, for settings of any kind, as a text has them: Unknown for what no layer
    takes.
    """
    try:
        made = outcome(framework, kind, settings, shapes)
    except (TypeError, ValueError, KeyError, IndexError, AttributeError, ZeroDivisionError) as problem:
        raise Unknown("its settings or its number of inputs are not what the layer takes") from problem
    sizes = [size for size in made.output if size is not None]
    sizes += [size for weight in made.weights for size in weight.shape]
    if any(not isinstance(size, int) or size < 0 for size in sizes):
        raise Unknown("a size is not a whole number of at least 0")
    return made


def known(framework, kind):
    """Whether there is a rule for a layer."""
    return framework in FRAMEWORKS and FRAMEWORKS[framework].known(kind)
