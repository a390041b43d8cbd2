"""Choose who looks at an error: PyTorch's or Keras's part, by what stands in the frames."""

import os
import sys

from .frames import frames_of

OFF = ("0", "no", "off", "false")
MOST_LINKS = 20


def trials_wanted():
    """Whether repairs are tried: the environment variable ERRORGUIDE_TRY=no turns that off."""
    return os.environ.get("ERRORGUIDE_TRY", "").strip().lower() not in OFF


def look(error, try_repairs=None):
    """Return the Finding of an exception, None where no model stands in its frames. Raises nothing but
    KeyboardInterrupt.
    """
    if try_repairs is None:
        try_repairs = trials_wanted()
    for each in dict.fromkeys([*chain_of(error), *chain_of(error, hidden=True)]):
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
    """Return an exception and those it was raised from, the first cause first; of a group the first member's
    chain. `hidden`: what `raise ... from None` hides is among them.
    """
    found, seen = [], set()
    while error is not None and id(error) not in seen and len(found) < MOST_LINKS:
        seen.add(id(error))
        if isinstance(error, BaseExceptionGroup) and error.exceptions:
            error = error.exceptions[0]
            continue
        found.insert(0, error)
        suppressed = error.__suppress_context__ and not hidden
        error = error.__cause__ or (None if suppressed else error.__context__)
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
