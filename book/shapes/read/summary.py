"""Reads the table that a Keras model's summary() prints: names, types, output shapes and parameters."""

import re

from ..records import Layer, Reading
from ..signatures import KERAS
from .names import resolved

ROW_SIGNS = "│┃|║"
RULES = re.compile(r"^[\s\u2500-\u257f\-_=+|]*$")
TYPE = re.compile(r"^(?P<name>.*?)\s*\(\s*(?P<kind>\w+)\s*(?:\)|…|\.\.\.)?\s*$")
SHAPE = re.compile(r"[(\[]\s*((?:None|\d+|\?)\s*,?\s*(?:(?:None|\d+|\?)\s*,?\s*)*)[)\]]")
GAPS = re.compile(r"\s{2,}|\s(?=[(\[]+(?:None|\?|\d))|(?<=[)\]])\s(?=\d)")  # a full cell leaves one blank
# The tables of torchinfo, torchsummary and Lightning.
TORCH_TABLES = re.compile(
    r"\(type.*:depth-idx\)|^\s*[A-Za-z_]\w*-\d+\s+\[|\|\s*Name\s*\|\s*Type\s*\|\s*Params"
)


def torch_table(text):
    """Return the Reading of a table of a PyTorch model, with a sentence that says what to paste instead; None
    for any other text.
    """
    for number, line in enumerate(text.splitlines(), 1):
        if TORCH_TABLES.search(line):
            return Reading(
                form="summary",
                problems=[
                    (
                        number,
                        "this table has no kernel sizes and strides: paste what print(model) shows instead",
                    )
                ],
            )
    return None


def looks_like_summary(text):
    """Whether a text is such a table."""
    return re.search(r"Output Shape", text) is not None and re.search(r"Param\s*#", text) is not None


def read_summary(text):
    """Return the Reading of a summary: layers with what the table says of them, under "declared" in
    settings.
    """
    reading = Reading(form="summary", framework="keras")
    rows, started = [], False
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or RULES.match(line.strip()):
            continue
        if "Output Shape" in line:
            started = True
            continue
        if not started:
            if not re.match(r'\s*Model:|\s*"?[\w ]+"?\s*$', line):
                reading.problems.append((number, f"not understood: {line.strip()[:60]}"))
            continue
        if re.match(r"\s*(?:Total|Trainable|Non-trainable|Optimizer) params", line):
            continue
        cells = cells_of(line)
        if len(cells) > 2 and cells[2].strip().replace(",", "").isdecimal():
            rows.append([number, cells])
        elif rows:
            rows[-1][1] = [
                f"{a} {b}".strip() for a, b in zip(rows[-1][1], [*cells, "", "", ""], strict=False)
            ]
        else:
            reading.problems.append((number, f"not understood: {line.strip()[:60]}"))
    numbers = {}
    for number, cells in rows:
        add_row(reading, number, cells, numbers)
    return reading


def cells_of(line):
    """Return the cells of a line, by its boxes or by wide gaps."""
    if any(sign in line for sign in ROW_SIGNS):
        inside = line.strip().strip(ROW_SIGNS)
        return [cell.strip() for cell in re.split(f"[{ROW_SIGNS}]", inside)]
    return [cell.strip() for cell in GAPS.split(line.strip())]


def whole_name(start):
    """Return the class whose name begins so: the table cuts long names off."""
    found = [name for name in KERAS if name.startswith(start)]
    return found[0] if len(found) == 1 else start


def add_row(reading, number, cells, numbers):
    """Add a row's layer to the reading."""
    found = TYPE.match(cells[0])
    shape = SHAPE.search(cells[1])
    if not found or not shape:
        reading.problems.append((number, f"not understood: {' '.join(cells)[:60]}"))
        return
    output = tuple(
        None if word in ("None", "?") else int(word) for word in re.findall(r"None|\d+|\?", shape.group(1))
    )
    kind = resolved(found["kind"]) if cells[0].endswith(")") else whole_name(found["kind"])
    layer = Layer(kind, "keras", {}, number, found["name"])
    sources = tuple(re.findall(r"[\w./-]+(?=\[\d+\]\[|…)…?", cells[3])) if len(cells) > 3 else None
    layer.settings = {
        "declared": {"output": output, "parameters": int(cells[2].replace(",", "")), "from": sources}
    }
    reading.layers.append(layer)
