"""Read the catalogue: book/errors/<id>.md, one error a file, and causes.yml beside them, which they share.

What a file's front matter may say, and what each entry means, stands in FIELDS and CAUSE_FIELDS below;
`read_catalogue` checks it. The result holds lists, dicts, strings and whole numbers only, so the decoder page
gets the same as JSON.
"""

import dataclasses
import functools
import pathlib
import re

from .expressions import KNOWN_MAPS, ExpressionError, compile_expression, lacking, names_in
from .front_matter import CatalogueError, read_front_matter, read_yaml
from .situations import read_situations
from .template import TYPES, TemplateError, compile_template

# Beside the package in the book, inside it where it is installed.
ERRORS = pathlib.Path(__file__).parent / "errors"
if not ERRORS.is_dir():
    ERRORS = pathlib.Path(__file__).parent.parent / "errors"
CAUSES = "causes.yml"


@dataclasses.dataclass(frozen=True)
class Framework:
    """One whose messages are explained: its name in a sentence, the package whose version the messages follow
    (None where none is run), and whose code serves where a cause has none for it.

    `tested`: the book's tests install the package. Without it, what needs the package is run by hand, in an
    environment of its own, and recorded with the version.
    """

    name: str
    package: str | None = None
    related: tuple = ()
    tested: bool = True


# The order is that of the list of all messages.
FRAMEWORKS = {
    "pytorch": Framework("PyTorch", "torch"),
    "keras": Framework("Keras", "keras", related=("tensorflow",)),
    "tensorflow": Framework("TensorFlow", "tensorflow", related=("keras",)),
    "onnxruntime": Framework("ONNX Runtime", "onnxruntime"),
    "jax": Framework("JAX", "jax", tested=False),
    "flax": Framework("Flax", "flax", related=("jax",), tested=False),
    "transformers": Framework(
        "Hugging Face transformers", "transformers", related=("pytorch",), tested=False
    ),
    "numpy": Framework("NumPy", "numpy"),
    "fromscratch": Framework("the from-scratch library", related=("numpy",)),
    "theano": Framework("Theano", related=("keras",)),
}
# The kinds of shape errors, and what the list of all messages calls them, in its order.
KINDS = {
    "conv-channels": "Channels of a convolution",
    "conv-groups": "Groups",
    "linear-features": "Features of Linear and Dense",
    "matmul-shapes": "Matrix products",
    "load-weights": "Loading and assigning weights",
    "layout-nhwc-nchw": "Axis order",
    "missing-batch-dim": "Number of axes",
    "concat": "Joining tensors",
    "broadcast": "Broadcasting",
    "flatten": "Flatten, view and reshape",
    "loss-target": "Losses, targets and labels",
    "kernel-too-big": "Sizes that run out",
    "norm-channels": "Normalization",
    "reshape": "Reshape",
    "other-shape": "Other shapes",
}
# Whose a number is, as the front matter has it and as a reader is told.
OWNERS = {"model": "your model", "data": "your data", "setting": "a setting"}

FIELDS = {
    "framework": "whose message it is, one of FRAMEWORKS",
    "kind": "the kind of shape error, one of KINDS",
    "patterns": "templates of today's wordings (of all wordings, where no version words it so any more); "
    "template.py says how one is written",
    "cases": "code that raises it today, and the message it raises",
    "older": "earlier wordings: message, versions, source, and a pattern where today's patterns do not fit",
    "numbers": "what each number means, beginning with whose it is: `model: `, `data: ` or `setting: `",
    "derive": "numbers computed from others where the message does not say them",
    "only": "an expression that has to hold for the patterns to count",
    "kinds": "another kind where an expression holds: when, kind",
    "causes": "two or more, the likeliest first: an identifier from causes.yml, or a cause that only this "
    "page has, with an `id` and the fields of CAUSE_FIELDS; with `like`, an identifier from causes.yml, it "
    "has that cause's fields but for those it says itself",
    "often": "the causes that are met most, which the page shows first, where the order of `causes` is one "
    "of rare numbers before common ones",
    "situations": "programs in which a cause is at work, and its repair is run; situations.py says how",
    "chapter": "the chapter that explains it",
    "practice": "a list of further chapters, where it is met or used",
    "collect": "the name of the count under which repeated messages are summed up",
    "symptom": "for a failure without a message: what a reader sees",
    "demonstration": "for a failure without a message: code that shows it, and asserts what it shows",
}
CAUSE_FIELDS = {
    "title": "what happened, in a few words",
    "when": "an expression over the page's numbers, as expressions.py has them: where it holds, the cause "
    "ranks before those that have none. Without it the cause is always possible. Of alternatives (`or`) a "
    "page needs the numbers of one",
    "specific": "`yes`: where it holds, it ranks before what else holds, as its numbers would hardly come "
    "about otherwise",
    "let": "numbers computed for the texts",
    "kind": "the kind of error the message then is",
    "reason": "what in these numbers points to it; without it, `general` is said",
    "general": "the same without numbers, for the page",
    "repair": "by framework, or for `any`: code, or a list of choices with the fields of REPAIR_FIELDS",
    "footer": "`yes`: it may be behind any message, so it is told in one line below the others",
}
REPAIR_FIELDS = {
    "code": "the code that repairs it, with the variables that its situations have",
    "intent": "what a reader wants who takes this choice, where a cause has several: `To fine-tune`",
    "loses": "a warning: what the code throws away or leaves random",
}
MARKER = "\n```{error-details}\n```\n"
PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")

# Each check below begins with `where`, the file and field for its message, and raises CatalogueError.


def _known_fields(where, names, fields):
    """Refuse fields that nothing reads."""
    if unknown := set(names) - set(fields):
        raise CatalogueError(f"{where}: unknown field {_listed(unknown)}; use {', '.join(fields)}")


def _strings(where, value):
    """Return a value that has to be a list of strings."""
    if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
        raise CatalogueError(f"{where} has to be a list of quoted strings")
    return value


def _mapping(where, value):
    """Return a value that has to be a mapping."""
    if not isinstance(value, dict):
        raise CatalogueError(f"{where} has to be a mapping from names to values")
    return value


def _expression(where, text):
    """Return an expression, compiled."""
    try:
        return compile_expression(text)
    except ExpressionError as problem:
        raise CatalogueError(f"{where}: {problem}") from problem


def _template(where, text):
    """Return a template, compiled."""
    try:
        return compile_template(text)
    except TemplateError as problem:
        raise CatalogueError(f"{where}: {problem}") from problem


def _kind(where, kind):
    """Return a kind that has to be one of KINDS."""
    if kind not in KINDS:
        said = "a kind is missing; use" if kind is None else f"kind {kind!r} is not"
        raise CatalogueError(f"{where}: {said} one of {', '.join(KINDS)}")
    return kind


def _cause(where, entry):
    """Return one cause, compiled."""
    _known_fields(where, _mapping(where, entry), CAUSE_FIELDS)
    if missing := {"title", "general"} - set(entry):
        raise CatalogueError(f"{where} lacks {_listed(missing)}")
    for name in ("title", "when", "reason", "general"):
        if not isinstance(entry.get(name, ""), str):
            raise CatalogueError(f"{where}: {name} has to be a text")
    repair = _mapping(f"{where}: repair", entry.get("repair", {}))
    if strange := set(repair) - {*FRAMEWORKS, "any"}:
        raise CatalogueError(
            f"{where}: repair for {_listed(strange)}, which is not one of {', '.join(FRAMEWORKS)}, any"
        )
    footer = "footer" in entry
    if footer and (repair or "when" in entry):
        raise CatalogueError(f"{where}: a cause of the footer is told in one line: no `when`, no `repair`")
    return {
        "title": entry["title"],
        "specific": "specific" in entry,
        "when": _expression(where, entry["when"]) if "when" in entry else None,
        "let": [
            [key, _expression(where, value)]
            for key, value in _mapping(f"{where}: let", entry.get("let", {})).items()
        ],
        "kind": _kind(where, entry["kind"]) if "kind" in entry else None,
        "reason": " ".join(entry.get("reason", entry["general"]).split()),
        "general": " ".join(entry["general"].split()),
        "repair": {
            framework: _choices(f"{where}: repair: {framework}", value) for framework, value in repair.items()
        },
        "footer": footer,
    }


def _choices(where, value):
    """Return the choices of a repair, which may be the code alone, as a list of {code, intent, loses}."""
    listed = [{"code": value}] if isinstance(value, str) else value
    if not isinstance(listed, list) or not listed:
        raise CatalogueError(f"{where} has to be code, or a list of choices")
    for choice in listed:
        _known_fields(where, _mapping(where, choice), REPAIR_FIELDS)
        if (
            not all(isinstance(text, str) and text.strip() for text in choice.values())
            or "code" not in choice
        ):
            raise CatalogueError(
                f"{where}: a choice has `code`, and may have `intent` and `loses`, all texts"
            )
        if len(listed) > 1 and "intent" not in choice:
            raise CatalogueError(f"{where}: of several choices each has an `intent`")
    return [
        {
            "code": choice["code"].rstrip("\n"),
            "intent": " ".join(choice.get("intent", "").split()),
            "loses": " ".join(choice.get("loses", "").split()),
        }
        for choice in listed
    ]


def _texts(cause):
    """Everything in a cause that may hold placeholders."""
    choices = [choice for choices in cause["repair"].values() for choice in choices]
    return " ".join([cause["reason"], cause["general"], *(" ".join(choice.values()) for choice in choices)])


def _names_of(cause):
    """Every name that a cause speaks of, but those it computes itself."""
    trees = [tree for _, tree in cause["let"]]
    if cause["when"] is not None:
        trees.append(cause["when"])
    spoken = set(PLACEHOLDER.findall(_texts(cause))).union(*map(names_in, trees))
    return spoken - {name for name, _ in cause["let"]}


def read_shared(path=ERRORS / CAUSES):
    """Return what the pages share: (causes, compiled, by identifier; vocabulary, the type of each name; the
    causes as they are written).

    The names that the causes speak of are those of the vocabulary. Raises CatalogueError for any other.
    """
    tree = read_yaml(path.read_text(encoding="utf-8"), path.name)
    vocabulary = {}
    for name, meaning in _mapping(f"{path.name}: names", tree.pop("names", {})).items():
        vocabulary[name] = meaning.partition(": ")[0]
        if vocabulary[name] not in TYPES:
            raise CatalogueError(f"{path.name}: names: {name} has to begin with {': or '.join(TYPES)}:")
    causes = {}
    for name, entry in tree.items():
        where = f"{path.name}: {name}"
        causes[name] = _cause(where, entry)
        if strange := _names_of(causes[name]) - set(vocabulary):
            raise CatalogueError(
                f"{where} speaks of {_listed(strange)}, which its `names` do not have; "
                "put it there, with its type and meaning, or move the cause into its page"
            )
    return causes, vocabulary, tree


def _listed(names):
    """Names as a sentence lists them."""
    return ", ".join(sorted(names))


def _numbers(where, templates, front, vocabulary):
    """Return the names of the numbers that a page has: those in its templates, derived ones, the count."""
    known = set()
    for elements in templates:
        for kind, name in (element for element in elements if element[0] in TYPES):
            known.add(name)
            if vocabulary.get(name, kind) != kind:
                raise CatalogueError(
                    f"{where}: {{{name}:{kind}}} has to be of the type {vocabulary[name]}, as in {CAUSES}; "
                    "or give it another name"
                )
    for name, text in _mapping(f"{where}: derive", front.get("derive", {})).items():
        tree = _expression(f"{where}: derive: {name}", text)
        _refuse_unknown(f"{where}: derive: {name}", names_in(tree) - known)
        known.add(name)
    if "collect" in front:
        known.add(front["collect"])
    return known


def _refuse_unknown(where, strange):
    """Refuse a text or an expression that speaks of numbers that its page does not have."""
    if strange:
        raise CatalogueError(
            f"{where} speaks of {_listed(strange)}, which the page does not have; "
            "name it in a pattern, derive it, or speak of another number"
        )


def _check_cause(where, cause, known, own):
    """Refuse a cause that can never serve on a page, because the page lacks a number.

    A cause that pages share may hold alternatives of which a page has one, and its code may leave a name
    unfilled; a page's own cause speaks of what the page has.
    """
    if own:
        _refuse_unknown(where, _names_of(cause) - known)
    for name, tree in cause["let"]:
        _refuse_unknown(f"{where}: let: {name}", names_in(tree) - known)
        known = known | {name}
    if cause["when"] is not None:
        _refuse_unknown(f"{where}: when", lacking(cause["when"], known))
    _refuse_unknown(f"{where}: reason", set(PLACEHOLDER.findall(cause["reason"])) - known)


def _wordings(where, front):
    """Return (patterns, cases, older wordings) of a page, which has what its sort has to have."""
    patterns = _strings(f"{where}: patterns", front.get("patterns", []))
    older = front.get("older", [])
    for entry in older:
        if set(entry) - {"pattern"} != {"message", "versions", "source"}:
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
    causes = front.get("causes", [])
    if not isinstance(causes, list) or (not silent and len(causes) < 2):
        raise CatalogueError(f"{where}: causes has to be a list, of two at least where a message is raised")
    return patterns, cases, older


def read_error(path, shared, vocabulary, written):
    """Return (entry of the catalogue, causes of its own) of one Markdown file, checked and compiled.

    `shared`, `vocabulary` and `written` are what `read_shared` returns. Raises CatalogueError.
    """
    front, body = read_front_matter(path)
    where = path.name
    _known_fields(where, front, FIELDS)
    if front.get("framework") not in FRAMEWORKS:
        raise CatalogueError(f"{where}: framework has to be one of {', '.join(FRAMEWORKS)}")
    title = re.match(r"\s*# (.+)\n", body)
    if not title:
        raise CatalogueError(f"{where}: the body has to begin with a title, `# ` and the message")
    if MARKER not in body:
        raise CatalogueError(f"{where}: the body lacks the block {{error-details}}, as pytorch-bmm.md has it")
    patterns, cases, older = _wordings(where, front)
    sources = patterns + [entry["pattern"] for entry in older if "pattern" in entry]
    templates = [_template(where, template) for template in sources]
    known = _numbers(where, templates, front, vocabulary)
    numbers = _mapping(f"{where}: numbers", front.get("numbers", {}))
    for name, meaning in numbers.items():
        if meaning.partition(": ")[0] not in OWNERS:
            raise CatalogueError(f"{where}: number {name} has to begin with {': or '.join(OWNERS)}:")
        _refuse_unknown(f"{where}: numbers", {name} - known)
    only = _expression(where, front["only"]) if "only" in front else None
    if only is not None:
        _refuse_unknown(f"{where}: only", names_in(only) - known)
    kinds = [[_expression(where, e["when"]), _kind(where, e["kind"])] for e in front.get("kinds", [])]
    for tree, kind in kinds:
        _refuse_unknown(f"{where}: kinds: {kind}", names_in(tree) - known)
    names, own = _page_causes(where, front.get("causes", []), shared, written)
    for name in names:
        _check_cause(f"{where}: cause {name!r}", own.get(name) or shared[name], known, name in own)
    if strange := set(often := front.get("often", [])) - set(names):
        raise CatalogueError(f"{where}: often: {_listed(strange)} is none of the page's causes")
    entry = {
        "id": path.stem,
        "framework": front["framework"],
        "kind": _kind(where, front.get("kind")),
        "title": title.group(1).replace("`", ""),
        "templates": templates,
        "numbers": dict(numbers),
        "derive": [[name, _expression(where, text)] for name, text in front.get("derive", {}).items()],
        "only": only,
        "kinds": kinds,
        "causes": names,
        "often": often,
        "chapter": front.get("chapter"),
        "practice": _strings(f"{where}: practice", front.get("practice", [])),
        "collect": front.get("collect"),
        "symptom": front.get("symptom"),
        "demonstration": front.get("demonstration"),
        "cases": cases,
        "older": older,
        "sources": sources,
        "situations": read_situations(where, front.get("situations", []), names, bool(cases)),
    }
    return entry, own


def in_order_of_page(entry, causes):
    """Return the identifiers of a page's causes as the page shows them, those in its footer left out."""
    listed = [*entry["often"], *(name for name in entry["causes"] if name not in entry["often"])]
    return [name for name in listed if not causes[name]["footer"]]


def _page_causes(where, listed, shared, written):
    """Return (identifiers in their order, the causes of the page's own) of a page's list of causes."""
    names, own = [], {}
    for cause in listed:
        if isinstance(cause, str):
            if cause not in shared:
                raise CatalogueError(
                    f"{where}: cause {cause!r} is not in {CAUSES}; what only this page has is written here"
                )
            names.append(cause)
            continue
        name = _mapping(f"{where}: a cause of the page's own", cause).get("id")
        if name is None:
            raise CatalogueError(f"{where}: a cause of the page's own has to have an id")
        if name in shared or name in own:
            there = CAUSES if name in shared else "this page"
            raise CatalogueError(f"{where}: cause {name!r} is in {there} already; give this one another id")
        fields = {key: value for key, value in cause.items() if key not in ("id", "like")}
        if "like" in cause:
            if cause["like"] not in written:
                raise CatalogueError(
                    f"{where}: cause {name!r} is like {cause['like']!r}, which is not in {CAUSES}"
                )
            fields = {**written[cause["like"]], **fields}
        own[name] = _cause(f"{where}: cause {name!r}", fields)
        names.append(name)
    return names, own


@functools.lru_cache(maxsize=1)
def read_catalogue(errors=ERRORS):
    """Return the whole catalogue: a dict with `errors` (sorted by id) and `causes`. Raises CatalogueError."""
    shared, vocabulary, written = read_shared(errors / CAUSES)
    entries, causes, owners = [], dict(shared), {}
    for path in sorted(errors.glob("*.md")):
        if path.stem == "index":
            continue
        entry, own = read_error(path, shared, vocabulary, written)
        for name in own:
            if name in owners:
                raise CatalogueError(
                    f"{path.name}: cause {name!r} is in {owners[name]} already; give this one another id, "
                    f"or move it to {CAUSES} where both pages need it"
                )
            owners[name] = path.name
        entries.append(entry)
        causes.update(own)
    return {"errors": entries, "causes": causes}


def repair_for(cause, framework):
    """Return the choices of code that repair `cause` in a framework; none where the catalogue has none."""
    for name in (framework, *FRAMEWORKS[framework].related, "any"):
        if name in cause["repair"]:
            return cause["repair"][name]
    return []


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
    return {
        "errors": errors,
        "causes": causes,
        "frameworks": {key: framework.name for key, framework in FRAMEWORKS.items()},
        "owners": OWNERS,
        "known_maps": KNOWN_MAPS,
    }


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
