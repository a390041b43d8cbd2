"""Keep fake tensors from importing torch._dynamo: they read a few of its settings, and all of it takes two
seconds. For the forked process only.
"""

import importlib
import importlib.util
import sys
import types

NAME = "torch._dynamo"


class Later(types.ModuleType):
    """Stands for torch._dynamo, and finds its submodules; where more is asked for, it is imported."""

    @staticmethod
    def disable(function=None, recursive=True, **more):
        """Return a function that is not compiled: none is here."""
        return (lambda each: each) if function is None else function

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        if sys.modules.get(NAME) is self:
            del sys.modules[NAME]
        return getattr(importlib.import_module(NAME), name)


def put_off_dynamo(torch):
    """Let torch._dynamo be imported when it is needed, if it has not been."""
    spec = None if NAME in sys.modules else importlib.util.find_spec(NAME)
    if spec is None or not spec.submodule_search_locations:
        return
    sys.modules[NAME] = torch._dynamo = later = Later(NAME)
    later.__path__, later.__spec__ = list(spec.submodule_search_locations), spec
