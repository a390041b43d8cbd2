"""Writes a trace as a plain table, by the width of the terminal."""

LEAST_WIDTH = 40


def as_table(traced, width):
    """Return a trace as text."""
    width = max(width, LEAST_WIDTH)
    lines = []
    rows = [cells(row) for row in traced["rows"]]
    other = "channels last" if traced["framework"] == "pytorch" else "channels first"
    head = ["line", "layer", "output", other, "parameters", "multiply-adds", "memory"]
    columns = fitting(head, rows, width)
    widths = [max(len(line[column]) for line in [head, *rows]) for column in columns]
    if 1 in columns:  # the layer's column gives way
        widths[columns.index(1)] -= max(sum(widths) + 2 * (len(widths) - 1) - width, 0)
    for text, row in zip([head, *rows], [None, *traced["rows"]], strict=True):
        lines.append(laid_out([text[column] for column in columns], widths, columns).rstrip())
        if row:
            lines.extend(below(row, width))
    lines.extend(["", *[folded(line, width) for line in sums(traced["totals"])]])
    lines.extend(folded(note, width) for note in traced["notes"])
    lines.extend(
        folded(f"Line {problem['line']}: {problem['text']}.", width) for problem in traced["problems"]
    )
    return "\n".join(lines)


def cells(row):
    """Return a row's texts."""
    mark = {"ok": "", "refused": "! ", "unknown": "? "}[row["status"]]
    name = f"{mark}{row['kind']}" + (f" ({row['name']})" if row["name"] else "")
    memory = size(row["bytes"]) if row["bytes"] is not None else "?"
    known = row["output"] is not None
    work = number(row["multiply_adds"]) if known else "?"
    output = shape(row["output"]) if known else "?"
    other = shape(row["other_layout"]) if row["other_layout"] else ""
    return [
        str(row["line"]),
        name,
        output,
        other,
        number(row["parameters"] + row["non_trainable"]) if known else "?",
        work,
        memory,
    ]


def fitting(head, rows, width):
    """Return the columns that fit: the memory, the work and the other layout go first."""
    columns = list(range(len(head)))
    for dropped in (6, 5, 3, 0, 4):
        needed = sum(max(len(line[column]) for line in [head, *rows]) for column in columns) + 2 * (
            len(columns) - 1
        )
        if needed <= width:
            break
        columns.remove(dropped)
    return columns


def laid_out(texts, widths, columns):
    """Return one line of the table: numbers to the right."""
    parts = [
        clipped(text, wide).ljust(wide) if column in (1, 2, 3) else text.rjust(wide)
        for text, wide, column in zip(texts, widths, columns, strict=True)
    ]
    return "  ".join(parts)


def clipped(text, width):
    """Return a text without its end where it is too long."""
    return text if len(text) <= width else f"{text[: max(width - 3, 0)]}..."


def below(row, width):
    """Return the lines below a row: what is said of it."""
    lines = []
    refusal = row["refusal"]
    if refusal:
        lines.append(folded(f"{refusal['kind']}: {refusal['message']}", width, "    "))
        if refusal["page"]:
            lines.append(f"    page: {refusal['page']}")
        if refusal["code"]:
            lines.append(folded(f"works: {refusal['code']}", width, "    "))
    if any(row["unread"]):
        lines.append(folded(unread(row["unread"]), width, "    "))
    if row["note"]:
        lines.append(folded(row["note"], width, "    "))
    return lines


def unread(counts):
    """Say what no window reads."""
    names = {1: ("position",), 2: ("row", "column"), 3: ("slice", "row", "column")}[len(counts)]
    parts = [
        f"the last {name if count == 1 else counted(count, name)}"
        for count, name in zip(counts, names, strict=True)
        if count
    ]
    return f"no window reads {' and '.join(parts)}"


def sums(totals):
    """Return the lines of the totals."""
    start = "in all" if totals["complete"] else "of what is known"
    parts = [counted(totals["parameters"], "parameter")]
    if totals["non_trainable"]:
        are = "is" if totals["non_trainable"] == 1 else "are"
        parts.append(f"{number(totals['non_trainable'])} more that {are} not trained")
    if totals["multiply_adds"] is not None:
        parts.append(counted(totals["multiply_adds"], "multiply-add"))
    if totals["bytes"] is not None:
        parts.append(f"{size(totals['bytes'])} of outputs")
    return [f"{start}: {', '.join(parts)}"]


def number(value):
    """Return a number with commas, ? for None."""
    return "?" if value is None else f"{value:,}"


def counted(count, noun):
    """Return a number with what it counts: 1 row, 2 rows."""
    return f"{number(count)} {noun}" if count == 1 else f"{number(count)} {noun}s"


def size(count):
    """Return a number of bytes in a unit that is easy to read."""
    for unit in ("B", "KiB", "MiB", "GiB"):
        if count < 1024 or unit == "GiB":
            return f"{count:.1f} {unit}" if unit != "B" else f"{count} B"
        count /= 1024
    return ""


def shape(sizes):
    """Return a shape as Python writes it."""
    return "(" + ", ".join(str(each) for each in sizes) + ("," if len(sizes) == 1 else "") + ")"


def folded(text, width, indent=""):
    """Return a text in lines of the width."""
    lines, current = [], indent
    for word in text.split(" "):
        if len(current) + len(word) + 1 > width and current.strip():
            lines.append(current.rstrip())
            current = indent
        current += word + " "
    return "\n".join([*lines, current.rstrip()])
