"""The reproductions of the catalogue: the code of each page that raises its message."""

import re

from .catalogue import ERRORS, FRAMEWORKS

# What the reproductions raised with other versions: tools/drift.py records it, the versions page shows it.
RUNS = ERRORS / "versions.json"
# The packages of the frameworks, whose versions a run of the reproductions is known by.
PACKAGES = {framework.package: framework.name for framework in FRAMEWORKS.values() if framework.package}
# Those that the book's tests do not install.
UNTESTED = {
    framework.package for framework in FRAMEWORKS.values() if framework.package and not framework.tested
}


def all_cases(catalogue):
    """Return every reproduction as {"id", "code", "message"}; a page's second case is `page/2`.

    The demonstration of a silent failure has None for a message: it has to run.
    """
    cases = []
    for entry in catalogue["errors"]:
        for number, case in enumerate(entry["cases"], start=1):
            name = entry["id"] if number == 1 else f"{entry['id']}/{number}"
            cases.append({"id": name, **case})
        if entry["demonstration"]:
            cases.append({"id": entry["id"], "code": entry["demonstration"], "message": None})
    return cases


def imported(code):
    """Return the packages of PACKAGES that `code` imports, as a set."""
    return {name for name in PACKAGES if re.search(rf"^\s*(?:import|from) {name}\b", code, re.MULTILINE)}


def untested(situation):
    """Return the packages that a situation imports and the book's tests do not install, as a set."""
    return imported(situation.get("setup", "")) & UNTESTED
