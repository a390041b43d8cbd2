"""What a page tells of its causes, with the numbers of an example in their places, and the page as text for a
terminal.
"""

from . import explain
from .catalogue import ERRORS, FRAMEWORKS, OWNERS, in_order_of_page, repair_for
from .causes import filled, with_local
from .explanation import repair_lines
from .quoted import MOST_SHOWN, shortened
from .situations import all_situations, recorded
from .wording import fill


def example_of(entry):
    """Return the message that stands at the head of a page, and its numbers."""
    message = entry["cases"][0]["message"] if entry["cases"] else entry["older"][0]["message"]
    found = explain(message)
    return message, dict(found.numbers) if found is not None and found.id == entry["id"] else {}


def situations_of(entry, results):
    """Return {cause: [(situation, its recorded results)]} of a page, of those that are recorded."""
    found = {}
    for name, situation in all_situations({"errors": [entry]}).items():
        if name in results:
            found.setdefault(situation["cause"], []).append((situation, results[name]))
    return found


def told_cause(cause, entry, values, situations):
    """Return what a page says of a cause: (its general text, a list of its repairs in each situation).

    `values` are the numbers of the page's example, `situations` those of situations_of. A repair has the
    numbers of the situation that it was run on; without any there is one list, with those of the example.
    """
    explained = [explain(result["message"]) for _, result in situations]
    general = ""
    for numbers in [values, *(dict(each.numbers) for each in explained)]:
        general = general or fill(cause["general"], with_local(cause, numbers))
    if not general:
        general = fill(cause["general"], with_local(cause, values), bare=True)
    if situations:
        told = [
            next(each for each in explanation.causes if each.id == situation["cause"]).repairs
            for explanation, (situation, _) in zip(explained, situations, strict=True)
        ]
    else:
        told = [filled(repair_for(cause, entry["framework"]), with_local(cause, values))]
    return general, told


def page_as_text(entry, causes):
    """Return a page: its message, whose each number is, its causes with their repairs and what came out of
    those, dead ends, and older wordings. `causes` are the catalogue's.
    """
    situations = situations_of(entry, recorded(ERRORS))
    values = {} if entry["symptom"] else example_of(entry)[1]
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
        lines += _cause(number, causes[name], entry, values, situations.get(name, []))
    if footer := [causes[name]["title"] for name in entry["causes"] if causes[name]["footer"]]:
        lines += ["Always possible: " + "; ".join(footer), ""]
    for older in entry["older"]:
        lines += [f"Older wording ({older['versions']}):", *indented(older["message"], 2), ""]
    lines.append(f"More: errors/{entry['id']}.md")
    return "\n".join(lines)


def _cause(number, cause, entry, values, situations):
    """The lines of one cause, its repairs, what came out of them, and the dead ends."""
    general, told = told_cause(cause, entry, values, situations)
    lines = [f"{number}. {cause['title']}", *indented(general, 3)]
    for place, repairs in enumerate(told):
        situation, result = situations[place] if situations else ({}, {})
        if situation:
            lines.append(f"   Run on: {in_a_line(result.get('raised', result['message']))}")
        for repair, came in zip(repairs, result.get("repairs") or [None] * len(repairs), strict=True):
            lines += repair_lines(repair)
            lines += [f"   When run, it {outcome(came)}."] if came else []
        for attempt, came in zip(situation.get("tries", []), result.get("tries", []), strict=True):
            lines.append(f"   Does not help: {attempt['title']}")
            lines += indented(attempt["code"], 7)
            lines.append(f"   {' '.join(attempt['says'].split())} (It {outcome(came)}.)")
    return [*lines, ""]


def outcome(came):
    """Return in words what a recorded run gave."""
    if "raises" in came:
        return f"raises {in_a_line(came['raises'])}"
    return (f"gives {came['gives']}" if came.get("gives") else "passes") + (
        f"; {came['off']}" if came.get("off") else ""
    )


def in_a_line(message):
    """Return a message in one line, cut where it is long."""
    return shortened(" ".join(message.split()), MOST_SHOWN)


def indented(text, spaces):
    """Return the lines of a text, moved to the right."""
    return [f"{' ' * spaces}{line}".rstrip() for line in text.splitlines()]
