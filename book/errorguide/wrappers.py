"""Wrappers in the place of a framework's functions, that can be taken off again."""

import contextlib
import functools


class Wrappers:
    """What was put in the place of what, and how to take it off."""

    def __init__(self):
        self._put = []  # (owner, name, function, wrapper, whether the owner itself has it)
        self.frameworks = set()  # those that are wrapped

    def put(self, owner, name, look):
        """Have `look(*args, **kwargs)` called before a function of an owner. It may raise nothing."""
        function = getattr(owner, name, None)
        if function is None:
            return

        @functools.wraps(function)
        def watched(*args, **kwargs):
            look(*args, **kwargs)
            return function(*args, **kwargs)

        self.replace(owner, name, watched)

    def replace(self, owner, name, wrapper):
        """Put a wrapper in the place of a function."""
        function, own = getattr(owner, name), name in vars(owner)
        setattr(owner, name, wrapper)
        self._put.append((owner, name, function, wrapper, own))

    def take_off(self):
        """Put everything back. What somebody else has replaced since then stays."""
        self._off()
        self._put.clear()
        self.frameworks.clear()

    @contextlib.contextmanager
    def paused(self):
        """Put everything back for a while."""
        self._off()
        try:
            yield
        finally:
            for owner, name, function, wrapper, _ in self._put:
                if getattr(owner, name, None) is function:
                    setattr(owner, name, wrapper)

    def _off(self):
        for owner, name, function, wrapper, own in reversed(self._put):
            if vars(owner).get(name) is not wrapper:
                continue
            if own:
                setattr(owner, name, function)
            else:
                delattr(owner, name)
