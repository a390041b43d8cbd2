"""Situations: programs in which a cause is at work, so that its repair can be run and not only read.

A situation stands in the front matter of its page. `setup` builds model and data as the cause would, and
`call` raises the page's message. That message is explained; the repair of the cause, filled in as a reader
gets it, is run with the same variables, and the call is made again. What then comes out is recorded in
repairs.json beside the pages. tools/repairs.py runs them all.
"""

import collections
import json

from .front_matter import CatalogueError

SITUATION_FIELDS = {
    "cause": "the identifier of the cause, one of the page's",
    "setup": "code that builds model and data as the cause would",
    "call": "an expression, or code, that raises the page's message then",
    "message": "where the page has no case, as no installed version words it so: the message with the "
    "setup's numbers",
    "right": "an expression over the setup's variables for what the call should have given: its value is "
    'asserted, and says how far dead ends are off. A list where the choices of the repair differ, "" where '
    "it is not known",
    "checks": "assertions that hold after the repair, over the setup's variables and `result`; or a list",
    "tries": "dead ends, what people try first: each has the fields of TRY_FIELDS",
    "unrun": "instead of setup and call: why it cannot be run here",
}
TRY_FIELDS = {
    "title": "what is tried, in a few words",
    "code": "the code, with the setup's variables; the call is made again after it",
    "says": "what it really does, and why that does not help",
}
NAME = "repairs.json"


def read_situations(where, listed, causes, raised):
    """Return the situations of a page, checked: dicts of SITUATION_FIELDS, `right` and `checks` as lists.

    `causes` are the identifiers of the page's causes; `raised` says whether installed versions raise its
    message. Raises CatalogueError.
    """
    if not isinstance(listed, list):
        raise CatalogueError(f"{where}: situations has to be a list")
    return [
        _situation(f"{where}: situation {number}", entry, causes, raised)
        for number, entry in enumerate(listed, 1)
    ]


def _situation(where, entry, causes, raised):
    """Return one situation, checked."""
    if not isinstance(entry, dict):
        raise CatalogueError(f"{where} has to be a mapping from names to values")
    if strange := set(entry) - set(SITUATION_FIELDS):
        raise CatalogueError(
            f"{where}: unknown field {', '.join(strange)}; use {', '.join(SITUATION_FIELDS)}"
        )
    if entry.get("cause") not in causes:
        raise CatalogueError(
            f"{where}: cause {entry.get('cause')!r} is none of the page's: {', '.join(causes)}"
        )
    where = f"{where}, {entry['cause']}"
    if "unrun" in entry:
        if set(entry) != {"cause", "unrun"} or not entry["unrun"]:
            raise CatalogueError(f"{where}: what cannot be run has a cause and the reason, and nothing else")
        return entry
    if missing := {"setup", "call"} - set(entry):
        raise CatalogueError(f"{where} lacks {', '.join(sorted(missing))}")
    if ("message" in entry) == raised:
        raise CatalogueError(
            f"{where}: `message` stands where no installed version words it so: where the page has no case"
        )
    for attempt in entry.get("tries", []):
        if set(attempt) != set(TRY_FIELDS):
            raise CatalogueError(f"{where}: a dead end has {', '.join(TRY_FIELDS)}")
    return {
        **entry,
        "right": _listed(entry.get("right", "")),
        "checks": _listed(entry.get("checks", "")),
        "tries": [{**attempt, "code": attempt["code"].rstrip("\n")} for attempt in entry.get("tries", [])],
    }


def _listed(value):
    """Return a value as a list."""
    return value if isinstance(value, list) else [value]


def all_situations(catalogue):
    """Return {identifier: situation} with its page's identifier under `page`; an identifier is page/cause,
    and page/cause/2 for a second one.
    """
    found, same = {}, collections.Counter()
    for entry in catalogue["errors"]:
        for situation in entry["situations"]:
            name = f"{entry['id']}/{situation['cause']}"
            same[name] += 1
            found[name if same[name] == 1 else f"{name}/{same[name]}"] = {**situation, "page": entry["id"]}
    return found


def of_choice(listed, number):
    """Return what `right` or `checks` has for a choice of the repair: the only entry serves for each."""
    return listed[0] if len(listed) == 1 else listed[number]


def recorded(errors):
    """Return what tools/repairs.py recorded in the folder of the pages: {identifier: results}."""
    path = errors / NAME
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
