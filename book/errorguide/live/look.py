"""Choose who looks at an error: PyTorch's or Keras's part, by what stands in the frames."""

import os
import sys

from ..exceptions import may_be_about_shapes
from .frames import frames_of

OFF = ("0", "no", "off", "false")
MOST_LINKS = 20


def trials_wanted():
    """Whether repairs are tried: the environment variable ERRORGUIDE_TRY=no turns that off."""
    return is_wanted(os.environ.get("ERRORGUIDE_TRY", ""))


def is_wanted(word):
    """Whether a word does not mean no."""
    return word.strip().lower() not in OFF


def look(error, try_repairs=None):
    """Return the Finding of an exception, None where no model stands in its frames. Raises nothing but
    KeyboardInterrupt.
    """
    if try_repairs is None:
        try_repairs = trials_wanted()
    chain = list(dict.fromkeys([*chain_of(error), *chain_of(error, hidden=True)]))
    # An error that says nothing of shapes may have come before, and have nothing to do with it.
    for each in sorted(chain, key=lambda one: not may_be_about_shapes(one)):
        try:
            found = look_at_one(each, try_repairs)
        except Exception:  # what is not known is left out
            if os.environ.get("ERRORGUIDE_DEBUG"):
                raise
            found = None
        if found is not None:
            return found
    return None


def chain_of(error, hidden=False):
    """Return an exception and those it was raised from, the first cause first; of a group its members'
    chains, one behind another. `hidden`: what `raise ... from None` hides is among them.
    """
    found, seen = [], set()
    waiting = [error]
    while waiting and len(found) < MOST_LINKS:
        error, chain = waiting.pop(0), []
        while error is not None and id(error) not in seen and len(seen) < 10 * MOST_LINKS:
            seen.add(id(error))
            if isinstance(error, BaseExceptionGroup):
                waiting += error.exceptions
            else:
                chain.insert(0, error)
            suppressed = error.__suppress_context__ and not hidden
            error = error.__cause__ or (None if suppressed else error.__context__)
        found += chain
    return found


def look_at_one(error, try_repairs):
    """Look at one exception of a chain."""
    frames = frames_of(error)
    if not frames:
        return None
    torch = sys.modules.get("torch")
    if torch is not None and hasattr(torch, "nn"):
        from .torch_model import look_at_torch

        found = look_at_torch(error, frames, torch, try_repairs)
        if found is not None:
            return found
    keras, tf = sys.modules.get("keras"), sys.modules.get("tensorflow")
    if keras is not None and tf is not None and hasattr(keras, "Operation"):
        from .keras_model import look_at_keras

        if keras.backend.backend() == "tensorflow":
            return look_at_keras(error, frames, keras, tf, try_repairs)
    return None
