"""Tell a Finding as plain lines, and as HTML for a notebook."""

import os
import sys

from .records import Finding

MOST_STEPS = 12


def lines_of(finding: Finding):
    """Return the lines that tell a Finding in a terminal."""
    where = finding.where
    lines = [f"Where: {place_of(where)}"]
    if where.file:
        lines.append(f"  {file_text(where.file)}, line {where.line}: {where.code or ''}".rstrip(": "))
    if where.shapes:
        lines.append("  " + ", ".join(f"{name} {shape_text(shape)}" for name, shape in where.shapes))
    if finding.expects:
        lines.append(f"  It {finding.expects}.")
    if finding.path:
        lines += ["The way there:", *("  " + line for line in way_of(finding.path))]
    if finding.came_from and finding.came_from.said:
        lines.append(f"Where the number came from: {finding.came_from.said}")
    if finding.expected_by:
        expected, made = finding.expected_by, finding.expected_by.made or finding.expected_by
        what = "layer" if where.layer else "model"
        if where.operation and where.framework == "pytorch":
            what = "parameter"  # of the operation
        lines.append(f"The {what} was made on {line_of(made, where)}: {made.code}")
        if made is not expected:
            lines.append(f"  with the number from {line_of(expected, where)}: {expected.code}")
    if finding.trials:
        lines.append("Tried on a copy:")
        for trial in ordered(finding.trials):
            lines += [f"  {line}" for line in trial.change.splitlines()]
            lines.append(f"    {outcome_of(trial)}")
    return lines


def line_of(expected, where):
    """Name a line, and its file where that is not the failing line's."""
    return f"line {expected.line}" + (
        f" of {file_text(expected.file)}" if expected.file != where.file else ""
    )


def file_text(file):
    """Name a file: one below the working directory from there. A notebook's cell has no name: its number
    would differ from run to run.
    """
    shell = sys.modules.get("IPython")
    shell = shell.get_ipython() if shell is not None and hasattr(shell, "get_ipython") else None
    try:
        kind, _ = shell.compile.format_code_name(file)
        return f"A {kind.lower()} of this notebook"
    except Exception:
        pass
    try:
        near = os.path.relpath(file)
    except (ValueError, OSError):
        return file
    return near if not near.startswith("..") else file


def ordered(trials):
    """Return trials, those that run to the end first."""
    return sorted(trials, key=lambda trial: (trial.outcome != "runs", bool(trial.message)))


def place_of(where):
    """Name the failing layer in a few words."""
    kind = where.config or where.type
    if where.after:
        return f"after `{where.after}`, in {f'`{where.operation}`' if where.operation else kind}"
    name = f"`{where.layer}`" if where.layer else "the model itself"
    text = f"{name}, {kind}" if kind else name
    return f"`{where.operation}` in {text}" if where.operation else text


def outcome_of(trial):
    """Say what came out of a trial."""
    if trial.outcome == "runs":
        return f"runs to the end: {shape_text(trial.output)}" + (
            f" ({trial.message})" if trial.message else ""
        )
    name = f"`{trial.layer}`" if trial.layer else "the model itself"
    said = f": {trial.message}" if trial.message else ""
    if trial.outcome == "fails elsewhere":
        return f"moves the error to {name}{said}"
    return f"still fails{said}"


def shape_text(shape):
    """Write a shape as (1, 2), several as a list of them; names before them where they have any."""
    if isinstance(shape, dict):
        return ", ".join(f"{name}: {shape_text(each)}" for name, each in shape.items())
    if shape is None:
        return "?"
    shape = list(shape)
    if any(isinstance(each, list | tuple) for each in shape):
        return ", ".join(shape_text(each) for each in shape)
    sizes = ["None" if size is None else str(size) for size in shape]
    return f"({', '.join(sizes)}{',' if len(sizes) == 1 else ''})"


def way_of(path):
    """Return the lines of the layers that ran: repeated blocks once, long ones folded in the middle."""
    rows = [row_of(step) for step in path]
    rows = without_repeats(rows)
    if len(rows) > MOST_STEPS:
        head, tail = MOST_STEPS // 3, MOST_STEPS - MOST_STEPS // 3 - 1
        rows = [*rows[:head], ("", f"... {len(rows) - head - tail} more ...", ""), *rows[-tail:]]
    width = min(max((len(row[0]) for row in rows), default=0), 40)
    kinds = min(max((len(row[1]) for row in rows if row[2]), default=0), 24)
    return [f"{name:<{width}}  {kind:<{kinds}}  {shapes}".rstrip() for name, kind, shapes in rows]


def row_of(step):
    """Return (path, type, shapes) of a step."""
    inputs = ", ".join(shape_text(shape) for shape in step.inputs[:3])
    output = "fails here" if step.output is None else shape_text(step.output)
    kind = step.type or ""
    return (
        step.layer or ("(the loss)" if kind.endswith("Loss") else "(the model)"),
        kind,
        f"{inputs} -> {output}",
    )


def without_repeats(rows):
    """Return rows in which a block of layers that follows itself, with the same types and shapes, is said
    once.
    """
    found, at = [], 0
    kinds = [row[1:] for row in rows]
    while at < len(rows):
        for size in range(1, 13):
            times = 1
            while kinds[at + times * size : at + (times + 1) * size] == kinds[at : at + size] and at + (
                times + 1
            ) * size <= len(rows):
                times += 1
            if times > 2 or (times > 1 and size > 1):
                found += rows[at : at + size]
                last = rows[at + times * size - 1][0]
                found.append(("", f"... the same {times - 1} more times, to {last}", ""))
                at += times * size
                break
        else:
            found.append(rows[at])
            at += 1
    return found
