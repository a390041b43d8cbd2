"""Writes a layer as the call that makes it."""

import re
from dataclasses import dataclass

from .arguments import SIGNATURES
from .records import Layer, Unread
from .signatures import REQUIRED

PREFIX = {"pytorch": "nn.", "keras": "layers."}


@dataclass(frozen=True)
class Code:
    """Code that stands for itself."""

    text: str


def snake_case(kind):
    """Return the name that Keras gives to the first layer of a class."""
    name = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", kind)
    return re.sub("([a-z])([A-Z])", r"\1_\2", name).lower()


def flatten(framework):
    """Return the call of a Flatten."""
    return f"{PREFIX[framework]}Flatten()"


def call(layer):
    """Return the code that makes a layer: required arguments by position, others where they are not the
    default.
    """
    signature = SIGNATURES[layer.framework][layer.kind]
    positional, named = [], []
    for name, default in signature.items():
        value = layer.settings.get(name, default)
        if name == "name":
            continue
        if name == "layer":
            value = Code(call(Layer(value[0], layer.framework, value[1])))
        if default is REQUIRED and not named:
            positional.append(written(value))
        elif value != default and not same_everywhere(value, default):
            named.append(f"{name}={written(value)}")
    return f"{PREFIX[layer.framework]}{layer.kind}({', '.join(positional + named)})"


def same_everywhere(value, default):
    """Whether a tuple has the default's value on each axis."""
    return isinstance(value, tuple) and isinstance(default, int) and all(item == default for item in value)


def written(value):
    """Return a setting as code, equal sizes as one number."""
    if isinstance(value, Unread | Code):
        return value.text
    if (
        isinstance(value, tuple | list)
        and len(value) > 1
        and len(set(map(str, value))) == 1
        and isinstance(value[0], int)
    ):
        return repr(value[0])
    return repr(tuple(value)) if isinstance(value, list) else repr(value)
