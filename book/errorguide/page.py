"""A page of the book as text for a terminal."""

from .catalogue import ERRORS, FRAMEWORKS, OWNERS, PLACEHOLDER, in_order_of_page, repair_for
from .situations import recorded


def page_as_text(entry, causes):
    """Return a page: its message, whose each number is, its causes with their repairs and what came out of
    those, dead ends, and older wordings. `causes` are the catalogue's.
    """
    results = recorded(ERRORS)
    lines = [entry["title"], f"A message of {FRAMEWORKS[entry['framework']].name}.", ""]
    if entry["symptom"]:
        lines[1:] = ["", entry["symptom"].strip(), ""]
    for case in entry["cases"]:
        lines += [*indented(case["message"], 2), ""]
    for meaning in entry["numbers"].values():
        role, _, what = meaning.partition(": ")
        lines.append(f"  {OWNERS[role]}: {what}")
    lines += [""] if entry["numbers"] else []
    for number, name in enumerate(in_order_of_page(entry, causes), start=1):
        lines += _cause(number, name, entry, causes[name], results)
    if footer := [causes[name]["title"] for name in entry["causes"] if causes[name]["footer"]]:
        lines += ["Always possible: " + "; ".join(footer), ""]
    for older in entry["older"]:
        lines += [f"Older wording ({older['versions']}):", *indented(older["message"], 2), ""]
    lines.append(f"More: errors/{entry['id']}.md")
    return "\n".join(lines)


def _cause(number, name, entry, cause, results):
    """The lines of one cause, its repairs, what came out of them, and the dead ends."""
    lines = [f"{number}. {cause['title']}", *indented(without_places(cause["general"]), 3)]
    situation = next((each for each in entry["situations"] if each["cause"] == name), None)
    result = results.get(f"{entry['id']}/{name}", {})
    outcomes = result.get("repairs", [])
    for place, choice in enumerate(repair_for(cause, entry["framework"])):
        lines += [f"   {choice['intent']}:"] if choice["intent"] else []
        lines += indented(without_places(choice["code"]), 7)
        lines += [f"   Careful: {choice['loses']}"] if choice["loses"] else []
        if place < len(outcomes):
            lines.append(f"   When run, it {outcome(outcomes[place])}.")
    for attempt, came in zip((situation or {}).get("tries", []), result.get("tries", []), strict=False):
        lines.append(f"   Does not help: {attempt['title']}")
        lines += indented(attempt["code"], 7)
        lines.append(f"   {' '.join(attempt['says'].split())} (It {outcome(came)}.)")
    return [*lines, ""]


def outcome(came):
    """Return in words what a recorded run gave."""
    if "raises" in came or "fault" in came:
        return f"raises {came.get('raises', came.get('fault'))}"
    return f"gives {came.get('gives')}" + (f"; {came['off']}" if came.get("off") else "")


def without_places(text):
    """Return a text with the names of its numbers in their places."""
    return PLACEHOLDER.sub(r"\1", text)


def indented(text, spaces):
    """Return the lines of a text, moved to the right."""
    return [f"{' ' * spaces}{line}".rstrip() for line in text.splitlines()]
