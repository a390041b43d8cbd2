"""Reads what print(model) of PyTorch writes: nested modules with their settings."""

import re

from ..arguments import SIGNATURES, bind
from ..arithmetic import computed
from ..records import Layer, Reading, Refusal, Unread
from .expressions import Binary, Call, Items, Name, NotRead, Value, parse
from .names import is_layer, resolved
from .tokens import statements

LINE = re.compile(
    r"^(?P<indent>\s*)(?:\((?P<name>[^()]*)\):\s*)?(?:(?P<times>\d+)\s*x\s+)?(?P<kind>[A-Za-z_]\w*)\((?P<rest>.*)$"
)
MOST_COPIES = 1000  # of a line that stands for several
KEPT = (
    "DropPath",
    "StochasticDepth",
    "FrozenDropout",
)  # of known libraries: they keep the shape and have no weights


def looks_printed(text):
    """Whether a text is a printed model: a line `(name): Kind(`, or a Kind( with such lines below it."""
    return re.search(r"^\s*\([\w.\-]+\):\s*(?:\d+\s*x\s+)?[A-Za-z_]\w*\(", text, re.MULTILINE) is not None


def read_printed(text):
    """Return the Reading of a printed model."""
    reading = Reading(form="print", framework="pytorch")
    open_containers = []
    for number, line in enumerate(text.splitlines(), 1):
        stripped = line.strip()
        if not stripped:
            continue
        if set(stripped) <= set("),"):
            for _ in range(stripped.count(")")):
                if open_containers:
                    finish(open_containers.pop())
            continue
        found = LINE.match(line)
        if not found:
            reading.problems.append((number, f"not understood: {stripped[:60]}"))
            continue
        layer = layer_of(found, number, reading)
        siblings = open_containers[-1].children if open_containers else reading.layers
        siblings.append(layer)
        if not closed(found["rest"]):
            open_containers.append(layer)
    while open_containers:
        finish(open_containers.pop())
    reading.layers = [copy_ for layer in reading.layers for copy_ in repeated(layer)]
    reading.problems.sort()
    return reading


def closed(rest):
    """Whether the parenthesis that a line opens is closed on it."""
    return rest.count("(") + 1 <= rest.count(")")


def layer_of(found, number, reading):
    """Return the layer of a line; its settings where it has a rule."""
    kind, name = resolved(found["kind"]), found["name"] or ""
    layer = Layer(kind, "pytorch", {}, number, name, times=int(found["times"] or 1))
    if kind in KEPT:
        layer.kind = "Identity"
    if not is_layer(kind, "pytorch") or not closed(found["rest"]):
        return layer
    try:
        layer.settings = settings_of(kind, found["rest"].rstrip().rstrip(",").removesuffix(")"))
    except Refusal as refusal:
        layer.refusal = refusal
    except NotRead as end:
        reading.problems.append((number, f"the settings of {kind} are not understood ({end})"))
    return layer


def settings_of(kind, inside):
    """Return the settings that stand in a printed layer's parentheses. A word without quotes is a string
    there, and what is no argument is left out.
    """
    made = parse(statements(f"{kind}({inside})")[0].tokens)
    if not isinstance(made, Call):
        raise NotRead(inside)
    positional = [plain(value) for value in made.positional]
    names = SIGNATURES["pytorch"][kind]
    named = {name: plain(value) for name, value in made.named.items() if name in names}
    return bind(kind, "pytorch", positional, named)


def plain(node):
    """Return the value of a printed setting."""
    if isinstance(node, Value):
        return node.value
    if isinstance(node, Name):
        return node.text
    if isinstance(node, Items):
        return tuple(plain(item) for item in node.items)
    if isinstance(node, Binary):
        left, right = plain(node.left), plain(node.right)
        if isinstance(left, int | float) and isinstance(right, int | float):
            return computed(node.sign, left, right)
    return Unread("something printed")


def finish(container):
    """Turn the modules that PyTorch prints as containers into what they are, and write repeated children
    out.
    """
    container.children = [copy_ for child in container.children for copy_ in repeated(child)]
    by_name = {child.name: child for child in container.children}
    if container.kind == "MultiheadAttention" and "out_proj" in by_name:
        out = by_name["out_proj"].settings
        container.settings = bind(
            "MultiheadAttention",
            "pytorch",
            (out["in_features"], 1),
            {"bias": out["bias"], "batch_first": True},
        )
        container.children = []
    if container.kind == "TransformerEncoderLayer" and {"linear1", "norm1"} <= set(by_name):
        first = by_name["linear1"].settings
        container.settings = bind(
            "TransformerEncoderLayer", "pytorch", (first["in_features"], 1, first["out_features"]),
            {"bias": first["bias"], "batch_first": True},
        )  # fmt: skip
        container.children = []


def repeated(layer):
    """Return a layer as often as its line stands for: (0-3): 4 x Block(...)."""
    if layer.times < 2:
        return [layer]
    start = layer.name.partition("-")[0]
    first = int(start) if start.isdecimal() else 0
    made = []
    for number in range(min(layer.times, MOST_COPIES)):
        each = copied(layer)
        each.name, each.times = str(first + number), 1
        made.append(each)
    return made


def copied(layer):
    """Return a layer with children of its own."""
    return Layer(
        layer.kind, layer.framework, dict(layer.settings), layer.line, layer.name,
        [copied(child) for child in layer.children], layer.times, layer.inputs, layer.output, layer.refusal,
    )  # fmt: skip
