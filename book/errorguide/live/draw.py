"""A small drawing of the way to the failing layer, as SVG in HTML: one bar for each tensor on the way, as
long as it has channels or features, and at the end what is too much or missing.

The colours are the book's: blue for what comes in, green for what a layer gives, red and hatched for what is
too much, an empty outline for what is missing. Text and lines have the page's own colour, so that the dark
suits it too.
"""

import html
import itertools

from .tell import place_of, shape_text

INPUT, OUTPUT, WRONG = "#0072B2", "#009E73", "#D55E00"  # as in bookkit.drawings
MOST_ROWS = 7
LONGEST, ROW, TOP = 150, 34, 8
WIDTH = 370
_numbers = itertools.count(1)


def size_of(shape, framework):
    """Return the number of channels or features of a shape, None where it has none."""
    if not shape or isinstance(shape[0], list | tuple):
        shape = shape[0] if shape else None
    if not shape:
        return None
    return shape[1] if framework == "pytorch" and len(shape) > 3 else shape[-1]


def rows_of(finding):
    """Return [(name, shape, size, whether it is the input)] of what is drawn: the middle of a long way is
    left out, as a row of None.
    """
    framework, path = finding.where.framework, finding.path
    rows = []
    if path[0].inputs:
        rows.append(("input", path[0].inputs[0], size_of(path[0].inputs[0], framework), True))
    for step in path[:-1] if path[-1].output is None else path:
        shape = step.output
        if shape and isinstance(shape[0], list | tuple):
            shape = shape[0]
        rows.append((step.layer or step.type, shape, size_of(shape, framework), False))
    if len(rows) > MOST_ROWS:
        kept = MOST_ROWS // 2
        rows = [*rows[:kept], None, *rows[-kept:]]
    return rows


def drawing(finding):
    """Return the drawing as HTML, "" where nothing is known of the way."""
    if not finding.path:
        return ""
    rows = rows_of(finding)
    last = finding.path[-1]
    need = finding.need
    sizes = [row[2] for row in rows if row and row[2]]
    if need:
        sizes += [size for size in need if size]
    scale = LONGEST / max(sizes, default=1)
    lines, y = [], TOP
    for row in rows:
        if row is None:
            lines.append(f'<text x="0" y="{y + 14}" font-size="12">...</text>')
            y += 22
            continue
        name, shape, size, is_input = row
        length = max((size or 1) * scale, 2)
        lines.append(bar(0, y, length, INPUT if is_input else OUTPUT))
        lines.append(words(LONGEST + 10, y + 12, f"{name}", bold=True))
        lines.append(words(LONGEST + 10, y + 26, shape_text(shape)))
        y += ROW
    name = f"{finding.where.layer or finding.where.type or 'the model'}"
    if finding.where.operation:
        name = f"{finding.where.operation} in {name}"
    mark = next(_numbers)
    if need and all(need):
        wanted, got = need
        lines.append(bar(0, y, min(wanted, got) * scale, INPUT))
        if got > wanted:
            lines.append(bar(wanted * scale, y, (got - wanted) * scale, f"url(#errorguide-{mark})"))
        else:
            lines.append(bar(got * scale, y, (wanted - got) * scale, "none", dashed=True))
    else:
        inputs = last.inputs[0] if last.output is None and last.inputs else None
        size = size_of(inputs, finding.where.framework) if inputs else None
        lines.append(bar(0, y, max((size or 1) * scale, 2), f"url(#errorguide-{mark})"))
    lines.append(words(LONGEST + 10, y + 12, f"fails: {name}", bold=True))
    if finding.expects:
        lines.append(words(LONGEST + 10, y + 26, finding.expects))
    y += ROW
    label = html.escape(alternative(finding), quote=True)
    return (
        f'<svg class="errorguide" role="img" aria-label="{label}" viewBox="0 0 {WIDTH} {y}" width="{WIDTH}" '
        f'style="max-width: 100%; height: auto; color: inherit;" xmlns="http://www.w3.org/2000/svg">'
        f"<title>{label}</title>"
        f'<defs><pattern id="errorguide-{mark}" width="6" height="6" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><rect width="6" height="6" fill="{WRONG}"/>'
        f'<line x1="0" y1="0" x2="0" y2="6" stroke="currentColor" stroke-width="1.5"/></pattern></defs>'
        f'<g fill="currentColor" font-family="sans-serif">{"".join(lines)}</g></svg>'
    )


def bar(x, y, length, fill, dashed=False):
    """Return a bar."""
    dash = ' stroke-dasharray="4 3"' if dashed else ""
    return (
        f'<rect x="{x + 0.5:.1f}" y="{y}" width="{length:.1f}" height="18" fill="{fill}" '
        f'stroke="currentColor" stroke-width="1"{dash}/>'
    )


def words(x, y, text, bold=False):
    """Return a line of text, cut where it is long."""
    text = text if len(text) <= 34 else text[:31] + "..."
    weight = ' font-weight="bold"' if bold else ""
    return f'<text x="{x}" y="{y}" font-size="12"{weight}>{html.escape(text)}</text>'


def alternative(finding):
    """Say in words what the drawing shows."""
    layers = len(finding.path) - (finding.path[-1].output is None)
    said = f"{layers} layers ran" if layers != 1 else "One layer ran"
    text = f"{said}, then {place_of(finding.where).replace('`', '')} failed"
    return text + (f": it {finding.expects}." if finding.expects else ".")
