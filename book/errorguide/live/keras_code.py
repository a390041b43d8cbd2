"""Write code for the reader's model with the names that the reader's file has for Keras, NumPy and
TensorFlow, so that it runs as it is printed.
"""

import re
import sys
import types

WRITTEN = re.compile(r"(?<![\w.\"'])(layers|ops|np|keras|tf)\.([A-Za-z_]\w*)((?:\.[A-Za-z_]\w*)*)")
KERAS = ("keras", "keras._tf_keras.keras", "tensorflow.keras")
MODULES = {
    "layers": tuple(f"{name}.layers" for name in KERAS),
    "ops": tuple(f"{name}.ops" for name in KERAS),
    "np": ("numpy",),
    "keras": KERAS,
    "tf": ("tensorflow", "tensorflow._api.v2.v2"),
}
WITHOUT_NAME = {
    "layers": "keras.layers",
    "ops": "keras.ops",
    "np": "numpy",
    "keras": "keras",
    "tf": "tensorflow",
}


def in_readers_names(code, frames):
    """Return code in which `layers.Dense(2)`, `np.repeat` and the like are written as the reader's frames
    have them: `keras.layers.Dense(2)`, `Dense(2)`. What they have no name for is imported in a line above.
    """
    known = names_in(frames)
    imports = []

    def spelled(match):
        root, name, rest = match.groups()
        value = getattr(sys.modules.get(WITHOUT_NAME[root]), name, None)
        if not rest and name in known and value is not None and known[name] is value:
            return name
        return f"{module_name(root, known, imports)}.{name}{rest}"

    lines = [
        WRITTEN.sub(spelled, written) + mark + comment
        for written, mark, comment in (split_comment(line) for line in code.split("\n"))
    ]
    return "\n".join([*dict.fromkeys(imports), *lines])


def split_comment(line):
    """Return the code of a line, the mark of its comment and the comment: what a comment quotes is the
    reader's own.
    """
    return line.partition("  # ")


def names_in(frames):
    """Return the names of the reader's frames, those of the innermost first."""
    known = {}
    for frame in frames:
        if frame.is_reader:
            known.update(frame.frame.f_globals)
            known.update(
                {
                    name: value
                    for name, value in frame.frame.f_locals.items()
                    if isinstance(value, types.ModuleType)
                }
            )
    return known


def module_name(root, known, imports):
    """Return how the reader's code calls a module, by its own name or inside of another's; where
    it has none, note the import.
    """
    found = name_of_module(root, known)
    if found:
        return found
    if root in ("layers", "ops"):
        keras = name_of_module("keras", known)
        if keras:
            return f"{keras}.{root}"
    tf = name_of_module("tf", known) if root in ("layers", "ops", "keras") else None
    if tf:
        return f"{tf}.keras" if root == "keras" else f"{tf}.keras.{root}"
    imports.append({"np": "import numpy as np", "tf": "import tensorflow as tf"}.get(root, "import keras"))
    return {"layers": "keras.layers", "ops": "keras.ops"}.get(root, root)


def name_of_module(root, known):
    """Return the name that a module has, the usual one where there are more."""
    found = [
        name
        for name, value in known.items()
        if isinstance(value, types.ModuleType) and value.__name__ in MODULES[root]
    ]
    return root if root in found else next(iter(found), None)
