"""Writes the change that repairs the first refused layer into the text that it was read from.

How the text spells a layer is the reader's own affair, so every way of writing the change is tried, and one
is taken only if the refused layer is then no longer refused.
"""

import re

from ..arguments import SIGNATURES
from ..calls import written
from ..read import read
from ..trace import trace

OPEN, CLOSE = "([{", ")]}"


def applied(text, shapes):
    """Return the changed text; None where no change is known, or none that can be written."""
    traced = traced_of(text, shapes)
    place = first_refused(traced)
    if place is None:
        return None
    row = traced["rows"][place]
    if row["refusal"]["code"] is None:
        return None
    rows = len(traced["rows"]) + int(has_flatten(row))
    for changed in ways(text, traced, row):
        now = traced_of(changed, shapes)
        failing = first_refused(now)
        if len(now["rows"]) == rows and (failing is None or failing > place):
            return changed
    return None


def traced_of(text, shapes):
    """Return the trace of a text."""
    return trace(read(text), [tuple(shape) for shape in shapes])


def first_refused(traced):
    """Return the place of the first refused row, None where there is none."""
    return next((place for place, row in enumerate(traced["rows"]) if row["status"] == "refused"), None)


def has_flatten(row):
    """Whether the change is a Flatten before the layer."""
    return row["kind"] != "Flatten" and "Flatten(), " in row["refusal"]["code"]


def ways(text, traced, row):
    """Return texts with the change, the gentlest first."""
    lines = text.splitlines()
    number = row["line"]
    if not 1 <= number <= len(lines):
        return []
    start = sum(len(line) + 1 for line in lines[: number - 1])
    end_of_line = start + len(lines[number - 1])
    text = "\n".join([*lines, ""]) if text.endswith("\n") else "\n".join(lines)
    found = []
    for begin, inside, end in spelled(text, row["kind"]):
        if not start <= begin < end_of_line:
            continue
        if has_flatten(row):
            found.extend(flattened(text, begin, inside, end, row, traced["form"]))
        else:
            found.append(with_arguments(text, inside, end, row, traced["framework"]))
            found.append(text[:inside] + arguments_of(row["refusal"]["code"]) + text[end:])
    return found


def flattened(text, begin, inside, end, row, form):
    """Return texts with a Flatten before a call: on a line of its own, before it in a list, and around both
    where the call stands alone.
    """
    code = row["refusal"]["code"]
    layer = f"{text[begin:inside]}{arguments_of(code[code.index(', ') + 2 :])})"
    module = text[begin : inside - 1].removesuffix(row["kind"])
    before, after = text[:begin], text[end + 1 :]
    line_start = before.rfind("\n") + 1
    line = before[line_start:]
    indent = line[: len(line) - len(line.lstrip())]
    if form == "print":
        first = f"{indent}(flatten): Flatten(start_dim=1, end_dim=-1)\n"
        return [f"{before[:line_start]}{first}{line}{layer}{after}"]
    between = " " if line.strip() else f"\n{indent}"
    in_list = f"{before}{module}Flatten(),{between}{layer}{after}"
    around = f"{before}{module}Sequential({module}Flatten(), {layer}){after}"
    return [around, in_list] if before.rstrip().endswith("=") else [in_list, around]


def spelled(text, kind):
    """Return (begin, inside, end) of each call of a kind: where its name with its module begins, where its
    arguments begin and where its parenthesis closes.
    """
    found = []
    for match in re.finditer(rf"(?<![\w.])(?:\w+\.)*{kind}\(", text):
        end = closing(text, match.end())
        if end is not None:
            found.append((match.start(), match.end(), end))
    return found


def closing(text, place):
    """Return the place of the parenthesis that closes one opened before `place`, None without one."""
    depth, quote = 0, ""
    while place < len(text):
        sign = text[place]
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "'\"":
            quote = sign
        elif sign in OPEN:
            depth += 1
        elif sign in CLOSE:
            if depth == 0:
                return place
            depth -= 1
        place += 1
    return None


def arguments_of(code):
    """Return what stands in a call's parentheses."""
    inside = code.index("(") + 1
    return code[inside : closing(code, inside)]


def with_arguments(text, inside, end, row, framework):
    """Return the text with the changed arguments of one call, the others as they are."""
    names = list(SIGNATURES[framework][row["kind"]])
    arguments = text[inside:end]
    last = arguments.rstrip()
    blank = arguments[len(last) :]  # the layout of a call in several lines
    comma = "," if last.endswith(",") else ""
    parts = split(last.removesuffix(","))
    for name, value in row["refusal"]["change"].items():
        new = written(value)
        named = [place for place, part in enumerate(parts) if re.match(rf"\s*{name}\s*=(?!=)", part)]
        position = names.index(name) if name in names else len(parts)
        if named:
            part = parts[named[0]]
            parts[named[0]] = f"{part[: part.index('=') + 1]}{new}"
        elif position < len(parts) and not any(
            re.match(r"\s*\w+\s*=(?!=)", part) for part in parts[: position + 1]
        ):
            part = parts[position]
            parts[position] = f"{part[: len(part) - len(part.lstrip())]}{new}"
        else:
            parts.append(f" {name}={new}")
    return f"{text[:inside]}{','.join(parts)}{comma}{blank}{text[end:]}"


def split(arguments):
    """Return the arguments of a call, apart at the commas between them."""
    parts, depth, last = [], 0, 0
    for place, sign in enumerate(arguments):
        if sign in OPEN:
            depth += 1
        elif sign in CLOSE:
            depth -= 1
        elif sign == "," and depth == 0:
            parts.append(arguments[last:place])
            last = place + 1
    if arguments[last:].strip() or not parts:
        parts.append(arguments[last:])
    return parts
