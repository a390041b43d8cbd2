"""A small drawing of the way to the failing layer, as SVG in HTML: one bar for each tensor on the way, as
long as it has channels or features, and at the end what is too much or missing.

The colours are the book's: blue for what comes in, green for what a layer gives, red and hatched for what is
too much, an empty outline for what is missing. Text and lines have the page's own colour, so that the dark
suits it too.
"""

import html
import itertools
import textwrap

from .tell import place_of, shape_text

INPUT, OUTPUT, WRONG = "#0072B2", "#009E73", "#D55E00"  # as in bookkit.drawings
MOST_ROWS = 7
LONGEST, ROW, TOP = 150, 34, 8
LINE, BESIDE = 14, 22  # a further line of text, a further bar
MOST_LETTERS, MOST_INPUTS = 32, 3  # a bold letter of a wide font has 8.3 pixels
WIDTH = 430
_numbers = itertools.count(1)


def first_of(shape):
    """Return the first shape where there are several, in a list or under names; None where there is none."""
    while shape and (isinstance(shape, dict) or isinstance(shape[0], list | tuple | dict)):
        shape = next(iter(shape.values())) if isinstance(shape, dict) else shape[0]
    return shape or None


def size_of(shape, framework):
    """Return the number of channels or features of a shape, None where it has none."""
    shape = first_of(shape)
    if shape is None:
        return None
    return shape[1] if framework == "pytorch" and len(shape) > 3 else shape[-1]


def rows_of(finding):
    """Return [(name, shape, size, whether it is the input)] of what is drawn: the middle of a long way is
    left out, as a row of None.
    """
    framework, path = finding.where.framework, finding.path
    rows = []
    if path[0].inputs:
        shape = first_of(path[0].inputs[0])
        rows.append(("input", shape, size_of(shape, framework), True))
    for step in path[:-1] if path[-1].output is None else path:
        shape = first_of(step.output)
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
    sizes = [row[2] for row in rows if row] + [
        size_of(shape, finding.where.framework) for shape in met(finding)
    ]
    sizes = [size for size in (*sizes, *finding.need) if size]
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
        lines.append(words(LONGEST + 10, y + 12, ending(name), bold=True))
        lines.append(words(LONGEST + 10, y + 26, shape_text(shape)))
        y += ROW
    mark = next(_numbers)
    failing, height = failure(finding, y, scale, f"url(#errorguide-{mark})")
    lines += failing
    y += height
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


def failure(finding, y, scale, wrong):
    """Return what is drawn of the layer that failed, and how high it is: a bar of what it expects with what
    is too much or missing, or a bar of each tensor that it got.
    """
    lines = [words(LONGEST + 10, y + 12, f"fails: {ending(name_of(finding.where), 7)}", bold=True)]
    texts = textwrap.wrap(finding.expects or "", MOST_LETTERS)[:MOST_INPUTS]
    shapes = met(finding) or [None]
    if finding.need and all(finding.need):
        wanted, got = finding.need
        shapes = shapes[:1]
        lines.append(bar(0, y, min(wanted, got) * scale, INPUT))
        if got > wanted:
            lines.append(bar(wanted * scale, y, (got - wanted) * scale, wrong))
        else:
            lines.append(bar(got * scale, y, (wanted - got) * scale, "none", dashed=True))
    else:
        for at, shape in enumerate(shapes):
            length = max((size_of(shape, finding.where.framework) or 1) * scale, 2)
            lines.append(bar(0, y + at * BESIDE, length, wrong))
        texts = texts or [shape_text(shape) for shape in shapes if shape]
    for at, text in enumerate(texts, start=1):
        lines.append(words(LONGEST + 10, y + 12 + at * LINE, text))
    return lines, max(LINE * (len(texts) + 1) + 6, BESIDE * len(shapes))


def met(finding):
    """Return the shapes of the tensors that the failing layer got."""
    last = finding.path[-1]
    inputs = last.inputs if last.output is None else ()
    return [shape for shape in map(first_of, inputs[:MOST_INPUTS]) if shape]


def bar(x, y, length, fill, dashed=False):
    """Return a bar."""
    dash = ' stroke-dasharray="4 3"' if dashed else ""
    return (
        f'<rect x="{x + 0.5:.1f}" y="{y}" width="{length:.1f}" height="18" fill="{fill}" '
        f'stroke="currentColor" stroke-width="1"{dash}/>'
    )


def name_of(where):
    """Return what failed, in a few letters."""
    name = where.layer or where.type or "the model"
    return f"{where.operation} in {name}" if where.operation else name


def ending(name, less=0):
    """Return the end of a layer's path, which tells it from others, where it is long."""
    most = MOST_LETTERS - less
    return name if len(name) <= most else "..." + name[3 - most :]


def words(x, y, text, bold=False):
    """Return a line of text, cut where it is long."""
    text = text if len(text) <= MOST_LETTERS else text[: MOST_LETTERS - 3] + "..."
    weight = ' font-weight="bold"' if bold else ""
    return f'<text x="{x}" y="{y}" font-size="12"{weight}>{html.escape(text)}</text>'


def alternative(finding):
    """Say in words what the drawing shows."""
    layers = len(finding.path) - (finding.path[-1].output is None)
    before = "One layer ran, then " if layers == 1 else f"{layers} layers ran, then " if layers else ""
    text = f"{before}{place_of(finding.where).replace('`', '')} failed"
    text = text[:1].upper() + text[1:] if text.startswith("the model") else text
    return text + (f": it {finding.expects}." if finding.expects else ".")
