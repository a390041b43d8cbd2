"""What the calculator's page shows of a text and a shape, as plain texts: a line beside each line, the table,
and the model in both frameworks.
"""

from ..emit import program
from ..read import read
from ..table import number, shape, size, sums, unread
from ..trace import trace

NO_LAYER = "No layer was found. Paste what print(model) shows, the lines of __init__, or a Keras summary()."
NAMES = {"pytorch": "PyTorch", "keras": "Keras"}
OWN_LAYOUT = {"pytorch": "channels first", "keras": "channels last"}
OTHER_LAYOUT = {"pytorch": "channels last", "keras": "channels first"}


def calculation(text, shapes):
    """Return what the page shows. `shapes` are those of the inputs."""
    reading = read(text)
    if not reading.layers:
        sentence = NO_LAYER if text.strip() else ""
        return empty(sentence, reading.problems)
    wanted = len(reading.inputs)
    if len(shapes) < wanted:
        return empty(f"The model has {wanted} inputs. Write the shape of each: (1, 10), (1, 20).", [])
    traced = trace(reading, shapes)
    framework = traced["framework"]
    rows = [row_of(row) for row in traced["rows"]]
    return {
        "framework": NAMES[framework],
        "layouts": [OWN_LAYOUT[framework], OTHER_LAYOUT[framework]],
        "lines": beside(traced),
        "rows": rows,
        "totals": sums(traced["totals"])[0],
        "notes": traced["notes"],
        "problems": sentences_of(traced["problems"]),
        "summary": summary(traced),
        "sentence": "",
    }


def empty(sentence, problems):
    """Return what the page shows where nothing is calculated, with a sentence."""
    return {
        "framework": "", "layouts": ["", ""], "rows": [], "totals": "", "notes": [], "sentence": sentence,
        "lines": [{"line": line, "status": "problem", "shapes": ["", ""]} for line, _ in problems],
        "problems": sentences_of([{"line": line, "text": said} for line, said in problems]),
        "summary": sentence,
    }  # fmt: skip


def sentences_of(problems):
    """Return what was not understood, as (line, sentence)."""
    return [[problem["line"], f"{problem['text'][:1].upper()}{problem['text'][1:]}."] for problem in problems]


def row_of(row):
    """Return a row of the table as texts."""
    output = row["output"]
    refusal = row["refusal"]
    return {
        "line": row["line"],
        "layer": row["kind"],
        "name": row["name"],
        "status": row["status"],
        "fails": fails(row),
        "shapes": shapes_in_layouts(row),
        "parameters": number(row["parameters"] + row["non_trainable"]) if output is not None else "?",
        "work": number(row["multiply_adds"]) if output is not None else "?",
        "memory": "?" if row["bytes"] is None else size(row["bytes"]),
        "weights": [f"{weight['name']} {shape(weight['shape'])}" for weight in row["weights"]],
        "said": said_of(row),
        "message": f"{refusal['kind']}: {refusal['message']}" if refusal else "",
        "page": refusal["page"] if refusal else "",
        "works": (refusal["code"] or "") if refusal else "",
    }


def fails(row):
    """Return how a refused row is told: where the order is a guess, that is said."""
    return "fails" if row["sure"] else "fails in the order of the lines"


def shapes_in_layouts(row):
    """Return the output as the framework has it and in the other layout; the same where no axis of channels
    moves.
    """
    if row["output"] is None:
        return ["?", "?"]
    own = shape(row["output"])
    return [own, shape(row["other_layout"]) if row["other_layout"] else own]


def said_of(row):
    """Return the sentences about a row."""
    said = []
    if any(row["unread"]):
        sentence = unread(row["unread"])
        said.append(f"{sentence[:1].upper()}{sentence[1:]}.")
    if row["note"]:
        said.append(row["note"])
    return said


def beside(traced):
    """Return what stands beside each line of the text: the last shape of it, or that it fails."""
    found = {}
    for row in traced["rows"]:
        before = found.get(row["line"])
        if before is None or before["status"] == "ok":
            found[row["line"]] = {
                "line": row["line"], "status": row["status"], "shapes": shapes_in_layouts(row)
            }  # fmt: skip
    for problem in traced["problems"]:
        if problem["line"] not in found:
            found[problem["line"]] = {"line": problem["line"], "status": "problem", "shapes": ["", ""]}
    return [found[line] for line in sorted(found)]


def summary(traced):
    """Return the sentence that a screen reader hears."""
    first = next((row for row in traced["rows"] if row["status"] == "refused"), None)
    if first:
        return f"Line {first['line']}, {first['kind']} {fails(first)}: {first['refusal']['message']}"
    count = len(traced["rows"])
    layers = "1 layer" if count == 1 else f"{count} layers"
    output = traced["output"]
    end = f"the output is {shape(output)}" if output is not None else "the output is not known"
    return f"{layers}, {end}."


def programs(text, shapes):
    """Return the model as code: {"pytorch": {"code": ..., "notes": [...]}, "keras": ...}."""
    reading = read(text)
    nothing = {"code": "", "notes": []}
    if not reading.layers or not shapes or len(shapes) < len(reading.inputs):
        return {"pytorch": nothing, "keras": nothing}
    given = [tuple(each) for each in shapes]
    return {name: program(reading, given, name) for name in ("pytorch", "keras")}
