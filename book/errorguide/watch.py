"""`with errorguide.watch(model):` names what raises nothing and is wrong: groups that `tf.nn.conv2d` infers,
a loss that broadcasts (N, 1) against (N,), a Keras layer that builds itself for a batch with the channels
first, a Linear that works on an image's last axis, a weight that is not of the size its layer says.

Each is said once, with the reader's line. Functions and classes of the frameworks are wrapped while one or
several watches are on (watch_torch.py, watch_keras.py say which), and are themselves again after the last.
"""

import contextlib
import sys
import threading

from . import watch_keras, watch_torch
from .watched_lines import place_of_line
from .wrappers import Wrappers

MOST_SAID = 100
_active = []  # the watches that are on, the innermost last
_lock = threading.RLock()


class watch:
    """A context in which what is silently wrong is named on the standard error stream. `found` has the
    sentences.

    `model` is looked at as it is, for weights that were replaced and layers that are built for the wrong
    axis; without it only the models that are called are. A framework has to be imported before the context
    begins; in a notebook, before a cell begins.
    """

    def __init__(self, model=None, quiet=False):
        self.model, self.quiet = model, quiet
        self.found = []
        self._keys = set()

    def __enter__(self):
        with _lock:
            _active.append(self)
            wrap_what_is_imported()
        with contextlib.suppress(Exception):
            watch_torch.look_at_model(self.model, say)
        with contextlib.suppress(Exception):
            watch_keras.look_at_model(self.model, say)
        return self

    def __exit__(self, *error):
        with _lock:
            if self in _active:
                _active.reverse()
                _active.remove(self)
                _active.reverse()
            if not _active:
                _wrappers.take_off()
        return False

    def _hear(self, key, sentence):
        """Keep a sentence; return whether it is new and not quiet."""
        if key in self._keys or len(self.found) >= MOST_SAID:
            return False
        self._keys.add(key)
        self.found.append(sentence)
        return not self.quiet


def say(key, sentence, once=False):
    """Have every watch that is on say a sentence: once for each line, or once at all."""
    place = place_of_line(sys._getframe(1))
    if not once:
        key = (key, place)
    if place:
        sentence = f"{sentence} ({place})"
    with _lock:
        loud = [each._hear(key, sentence) for each in dict.fromkeys(_active)]
    if any(loud) and sys.stderr is not None:
        print(f"errorguide: {sentence}", file=sys.stderr)


def wrap_what_is_imported():
    """Wrap what is watched in the frameworks that are there by now, if a watch is on."""
    for wrap in (watch_torch.wrap, watch_keras.wrap) if _active else ():
        with contextlib.suppress(Exception):
            wrap(_wrappers, say)


_wrappers = Wrappers()
