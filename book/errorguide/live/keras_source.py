"""Find the line of the reader's source that made a Keras layer."""

import ast
import linecache

from .records import Expected
from .source import called, file_of_class, files_of, tree_of

NUMBERS = ("units", "filters", "output_dim")


def maker_of(root, told, frames, name):
    """Return the Expected of the layer that failed, None where more than one line fits."""
    kind, layer = told.get("type"), (told.get("layer") or "").rpartition("/")[2]
    files = dict(files_of(frames))
    own = file_of_class(type(root))
    calls = []
    for file in dict.fromkeys([*files, *([own] if own in files or own.startswith("/") else [])]):
        tree = tree_of(file, files.get(file))
        if tree is None or "site-packages" in file:
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and called(node) == kind:
                calls.append((file, node))
    named = [
        (file, node)
        for file, node in calls
        if any(
            each.arg == "name" and isinstance(each.value, ast.Constant) and each.value.value == layer
            for each in node.keywords
        )
    ]
    fitting = named or [each for each in calls if fits(each[1], told.get("settings") or {})]
    if len(fitting) != 1:
        return None
    file, node = fitting[0]
    text = linecache.getline(file, node.lineno, files.get(file)).strip() or ast.unparse(node)
    return Expected(file, node.lineno, text[:200])


def fits(node, settings):
    """Whether the constants of a call agree with a layer's settings."""
    if any(each.arg == "name" for each in node.keywords):
        return False
    for key in NUMBERS:
        if key not in settings:
            continue
        given = next((each.value for each in node.keywords if each.arg == key), None)
        given = given or (node.args[0] if node.args else None)
        return not isinstance(given, ast.Constant) or given.value == settings[key]
    return True
