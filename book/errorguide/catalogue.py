"""Read the catalogue: book/errors/<id>.md, one error a file, and causes.yml, which they share.

What a file's front matter may say, and what each entry means, stands in FIELDS below; `read_catalogue` checks
it. The result holds lists, dicts, strings and whole numbers only, so the decoder page gets the very same as
JSON.
"""

import functools
import pathlib
import re

import yaml

from .expressions import ExpressionError, compile_expression
from .template import TemplateError, compile_template

ERRORS = pathlib.Path(__file__).parent.parent / "errors"
CAUSES = pathlib.Path(__file__).parent / "causes.yml"

FRAMEWORKS = ("pytorch", "keras", "tensorflow", "numpy", "fromscratch", "theano")
KINDS = (
    "conv-channels", "conv-groups", "linear-features", "matmul-shapes", "load-weights", "layout-nhwc-nchw",
    "missing-batch-dim", "concat", "broadcast", "flatten", "loss-target", "kernel-too-big", "norm-channels",
    "reshape", "other-shape",
)  # fmt: skip

FIELDS = {
    "framework": "whose message it is",
    "kind": "the kind of shape error",
    "patterns": "templates of today's wordings (of all wordings, where no version words it so any more)",
    "cases": "code that raises it today, and the message it raises",
    "older": "earlier wordings: message, versions, source, and a pattern where today's patterns do not fit",
    "numbers": "what each number means, beginning with whose it is: `model: `, `data: ` or `setting: `",
    "derive": "numbers computed from others where the message does not say them",
    "only": "an expression that has to hold for the patterns to count",
    "kinds": "another kind where an expression holds: when, kind",
    "causes": "identifiers from causes.yml, the likeliest first",
    "chapter": "the chapter that explains it",
    "collect": "the name of the count under which repeated messages are summed up",
    "symptom": "for a failure without a message: what a reader sees",
    "demonstration": "for a failure without a message: code that shows it, and asserts what it shows",
}
CAUSE_FIELDS = ("title", "specific", "when", "let", "kind", "reason", "general", "repair")
# Whose code serves where a cause has none for a framework.
RELATED = {
    "keras": ("tensorflow",),
    "tensorflow": ("keras",),
    "theano": ("keras",),
    "fromscratch": ("numpy",),
}
ROLES = ("model", "data", "setting")
PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
HEADER = re.compile(r"\A---\n(.*?)\n---\n(.*)\Z", re.DOTALL)


class CatalogueError(ValueError):
    """A file of the catalogue that says something it may not; the message names file and field."""


QUOTED = ("'", '"', "|", ">")


def read_yaml(text, where):
    """Return YAML in which every scalar is quoted, as dicts, lists and strings. Raises CatalogueError.

    Unquoted, a date would be read as a date and the version 2.10 as the number 2.1.
    """

    def plain(node):
        if isinstance(node, yaml.MappingNode):
            return {key.value: plain(value) for key, value in node.value}
        if isinstance(node, yaml.SequenceNode):
            return [plain(value) for value in node.value]
        if node.style not in QUOTED:
            line = node.start_mark.line + 1
            raise CatalogueError(f"{where}: line {line}: {node.value!r} has to be quoted")
        return node.value

    try:
        tree = yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError as problem:
        raise CatalogueError(f"{where}: {problem}") from problem
    if not isinstance(tree, yaml.MappingNode):
        raise CatalogueError(f"{where}: it has to be a mapping from names to values")
    return plain(tree)


def read_front_matter(path):
    """Return (front matter as a dict, body) of one Markdown file. Raises CatalogueError without it."""
    header = HEADER.match(path.read_text(encoding="utf-8"))
    if not header:
        raise CatalogueError(f"{path.name}: it has to begin with front matter between two lines of ---")
    return read_yaml(header.group(1), path.name), header.group(2)


def _strings(where, value):
    if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
        raise CatalogueError(f"{where} has to be a list of quoted strings")
    return value


def _expression(where, text):
    try:
        return compile_expression(text)
    except ExpressionError as problem:
        raise CatalogueError(f"{where}: {problem}") from problem


def _template(where, text):
    try:
        return compile_template(text)
    except TemplateError as problem:
        raise CatalogueError(f"{where}: {problem}") from problem


def _kind(where, kind):
    if kind not in KINDS:
        raise CatalogueError(f"{where}: kind {kind!r} is not one of {', '.join(KINDS)}")
    return kind


def read_causes(path=CAUSES):
    """Return the shared causes, compiled, as a dict from identifier to cause."""
    causes = {}
    for name, entry in read_yaml(path.read_text(encoding="utf-8"), path.name).items():
        where = f"{path.name}: {name}"
        if set(entry) - set(CAUSE_FIELDS) or not {"title", "general"} <= set(entry):
            raise CatalogueError(
                f"{where} has to have title and general, and may have {', '.join(CAUSE_FIELDS)}"
            )
        repair = entry.get("repair", {})
        causes[name] = {
            "title": entry["title"],
            "specific": "specific" in entry,
            "when": _expression(where, entry["when"]) if "when" in entry else None,
            "let": [[key, _expression(where, value)] for key, value in entry.get("let", {}).items()],
            "kind": _kind(where, entry["kind"]) if "kind" in entry else None,
            "reason": " ".join(entry.get("reason", entry["general"]).split()),
            "general": " ".join(entry["general"].split()),
            "repair": {framework: code.rstrip("\n") for framework, code in repair.items()},
        }
    return causes


def read_error(path, causes):
    """Return one entry of the catalogue, checked and compiled, from its Markdown file."""
    front, body = read_front_matter(path)
    where = path.name
    if unknown := set(front) - set(FIELDS):
        raise CatalogueError(f"{where}: unknown field {', '.join(sorted(unknown))}")
    if front.get("framework") not in FRAMEWORKS:
        raise CatalogueError(f"{where}: framework has to be one of {', '.join(FRAMEWORKS)}")
    title = re.match(r"\s*# (.+)\n", body)
    if not title:
        raise CatalogueError(f"{where}: the body has to begin with a title")
    patterns = _strings(f"{where}: patterns", front.get("patterns", []))
    older = front.get("older", [])
    for entry in older:
        if not {"message", "versions", "source"} <= set(entry) or set(entry) - {
            "message",
            "versions",
            "source",
            "pattern",
        }:
            raise CatalogueError(
                f"{where}: an older wording has message, versions and source, and may have a pattern"
            )
    cases = front.get("cases", [])
    for case in cases:
        if set(case) != {"code", "message"}:
            raise CatalogueError(f"{where}: a case has code and message")
    silent = "symptom" in front
    if silent == bool(patterns):
        raise CatalogueError(f"{where}: it has to have patterns, or a symptom where nothing is raised")
    if silent != bool(front.get("demonstration")):
        raise CatalogueError(f"{where}: a symptom has a demonstration, and only a symptom")
    if not silent and not cases and not older:
        raise CatalogueError(f"{where}: it has to have a case that raises it, or older wordings")
    numbers = front.get("numbers", {})
    for name, meaning in numbers.items():
        if meaning.partition(": ")[0] not in ROLES:
            raise CatalogueError(f"{where}: number {name} has to begin with {': or '.join(ROLES)}:")
    for name in _strings(f"{where}: causes", front.get("causes", [])):
        if name not in causes:
            raise CatalogueError(f"{where}: cause {name!r} is not in {CAUSES.name}")
    if not silent and not front.get("causes"):
        raise CatalogueError(f"{where}: it has to name its causes")
    templates = patterns + [entry["pattern"] for entry in older if "pattern" in entry]
    return {
        "id": path.stem,
        "framework": front["framework"],
        "kind": _kind(where, front.get("kind")),
        "title": title.group(1).replace("`", ""),
        "templates": [_template(where, template) for template in templates],
        "numbers": dict(numbers),
        "derive": [[name, _expression(where, text)] for name, text in front.get("derive", {}).items()],
        "only": _expression(where, front["only"]) if "only" in front else None,
        "kinds": [[_expression(where, e["when"]), _kind(where, e["kind"])] for e in front.get("kinds", [])],
        "causes": list(front.get("causes", [])),
        "chapter": front.get("chapter"),
        "collect": front.get("collect"),
        "symptom": front.get("symptom"),
        "demonstration": front.get("demonstration"),
        "cases": cases,
        "older": older,
        "sources": templates,
    }


@functools.lru_cache(maxsize=1)
def read_catalogue(errors=ERRORS):
    """Return the whole catalogue: a dict with `errors` (sorted by id) and `causes`. Raises CatalogueError."""
    causes = read_causes()
    entries = [read_error(path, causes) for path in sorted(errors.glob("*.md")) if path.stem != "index"]
    return {"errors": entries, "causes": causes}


def repair_for(cause, framework):
    """Return the code that repairs `cause` in a framework; "" where the catalogue has none."""
    for name in (framework, *RELATED.get(framework, ()), "any"):
        if name in cause["repair"]:
            return cause["repair"][name]
    return ""


def for_browser(catalogue):
    """Return what the decoder page needs of the catalogue, ready for JSON and as short as it can be."""
    needed = (
        "id",
        "framework",
        "kind",
        "title",
        "numbers",
        "derive",
        "only",
        "kinds",
        "causes",
        "chapter",
        "collect",
    )
    errors, used = [], {}
    for entry in catalogue["errors"]:
        if not entry["templates"]:
            continue
        short = {key: entry[key] for key in needed}
        errors.append({**short, "templates": [spell_template(elements) for elements in entry["templates"]]})
        for name in entry["causes"]:
            used.setdefault(name, set()).add(entry["framework"])
    causes = {}
    for name, cause in catalogue["causes"].items():
        if name in used:
            causes[name] = {**cause, "repair": {key: repair_for(cause, key) for key in sorted(used[name])}}
            if cause["reason"] == cause["general"]:
                del causes[name]["reason"]
    return {"errors": errors, "causes": causes}


def spell_template(elements):
    """Write a compiled template as one line: `expected input {input:shape} to have {expected:int}`."""
    pieces = []
    for element in elements:
        if element[0] == "w":
            pieces.append(element[1])
        elif element[0] == "n":
            pieces.append(f"#{element[1]}")
        elif element[0] == "gap":
            pieces.append("...")
        else:
            pieces.append(f"{{{element[1]}:{element[0]}}}")
    return " ".join(pieces)
