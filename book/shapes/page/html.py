"""Writes what the pages show as HTML: the build puts it into the page, and the page's script puts it there
anew while a reader types. Every text passes through `escaped`.
"""

from .drawing import at_the_ends, never_read, positions

MARKS = {"ok": "", "refused": "✗ ", "unknown": "? ", "problem": "? "}
SAID = {"refused": "fails", "unknown": "not known", "problem": "not understood"}


def escaped(text):
    """Return a text in which nothing is markup."""
    for sign, written in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("'", "&#x27;")):
        text = str(text).replace(sign, written)
    return text


def page_link(page):
    """Return the link to the page about a message."""
    return f'<a href="errors/{escaped(page)}.html">What this message means</a>'


def code_block(code, label):
    """Return code with a button that copies it."""
    return (
        f'<div class="decoder-code"><pre tabindex="0"><code>{escaped(code)}</code></pre>'
        '<button type="button" class="decoder-copy" data-copy'
        f' aria-label="{escaped(label)}">Copy</button></div>'
    )


# ---- The calculator ----


def beside(calculated, text, layout):
    """Return what stands beside each line of the text; `layout` is 0 for the framework's own, 1 for the other
    one.
    """
    found = {line["line"]: line for line in calculated["lines"]}
    rows = []
    for number in range(1, len(text.split("\n")) + 1):
        line = found.get(number)
        if line is None:
            rows.append("<div>&nbsp;</div>")
            continue
        words = SAID.get(line["status"]) if line["status"] != "ok" else line["shapes"][layout]
        rows.append(f'<div class="{line["status"]}">{MARKS[line["status"]]}{escaped(words)}</div>')
    return "".join(rows)


def answer(calculated):
    """Return the answer: the first failure, the table, the sums and what was not understood."""
    if calculated["sentence"]:
        parts = [f"<p>{escaped(calculated['sentence'])}</p>", problems(calculated)]
        return "".join(parts)
    first = next((row for row in calculated["rows"] if row["status"] == "refused"), None)
    parts = [failure(first)] if first else []
    parts.append(table(calculated))
    if calculated["totals"]:
        parts.append(f'<p class="calculator-totals">{escaped(capital(calculated["totals"]))}.</p>')
    parts.append("".join(f"<p>{escaped(note)}</p>" for note in calculated["notes"]))
    parts.append(problems(calculated))
    return "".join(parts)


def capital(text):
    """Return a text with its first letter as a capital."""
    return text[:1].upper() + text[1:]


def failure(row):
    """Return the message of the first layer that fails, its page, and the change that repairs it."""
    parts = [
        f"<h2>Line {row['line']}: {escaped(row['layer'])} {row['fails']}</h2>",
        f'<pre class="decoder-message" tabindex="0">{escaped(row["message"])}</pre>',
    ]
    if row["works"]:
        button = ' <button type="button" id="calculator-apply" hidden>Apply the change</button>'
        parts.append(
            '<p class="calculator-works">With this change it works: '
            f"<code>{escaped(row['works'])}</code>{button}</p>"
        )
    if row["page"]:
        parts.append(f"<p>{page_link(row['page'])}</p>")
    return f'<div class="calculator-failure">{"".join(parts)}</div>'


def problems(calculated):
    """Return what was not understood, at its line."""
    if not calculated["problems"]:
        return ""
    items = "".join(f"<li>Line {line}: {escaped(said)}</li>" for line, said in calculated["problems"])
    return f'<ul class="calculator-problems">{items}</ul>'


def table(calculated):
    """Return the table of all layers."""
    own, other = calculated["layouts"]
    heads = ("line", "layer", f"output, {own}", f"output, {other}", "parameters", "multiply-adds", "memory")
    head = "".join(f'<th scope="col">{escaped(text)}</th>' for text in heads)
    first = next((row for row in calculated["rows"] if row["status"] == "refused"), None)
    body = "".join(table_row(row, heads, row is first) for row in calculated["rows"])
    return (
        '<div class="calculator-table" role="region" aria-label="Every layer" tabindex="0">'
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def table_row(row, heads, told):
    """Return the row of a layer, and below it what is said of it; `told` where the message stands above the
    table.
    """
    name = f' <span class="calculator-name">{escaped(row["name"])}</span>' if row["name"] else ""
    weights = (
        f'<span class="calculator-weights">{escaped(", ".join(row["weights"]))}</span>'
        if row["weights"]
        else ""
    )
    values = (*row["shapes"], row["parameters"], row["work"], row["memory"])
    cells = "".join(
        f'<td class="{"shape" if place < 2 else "number"}" data-head="{head}">{escaped(text)}</td>'
        for place, (head, text) in enumerate(zip(heads[2:], values, strict=True))
    )
    marked = f"{MARKS[row['status']]}{row['layer']}"
    message = [] if told else [row["message"], f"Works: {row['works']}" if row["works"] else ""]
    below = "".join(f"<p>{escaped(text)}</p>" for text in [*message, *row["said"]] if text)
    below += f"<p>{page_link(row['page'])}</p>" if row["page"] and not told else ""
    more = f'<tr class="said"><td></td><td colspan="6">{below}</td></tr>' if below else ""
    return (
        f'<tr class="{row["status"]}"><td class="number">{row["line"]}</td>'
        f'<th scope="row">{escaped(marked)}{name}{weights}</th>{cells}</tr>{more}'
    )


def code_of_both(made):
    """Return the model as code of both frameworks."""
    parts = []
    for framework, name in (("pytorch", "PyTorch"), ("keras", "Keras")):
        program = made[framework]
        notes = "".join(f"<p>{escaped(note)}</p>" for note in program["notes"])
        block = code_block(program["code"], f"Copy the {name} code") if program["code"] else ""
        if block or notes:
            parts.append(f'<div class="calculator-code"><h3>{name}</h3>{notes}{block}</div>')
    if not parts:
        return ""
    return f'<h2>The model as code</h2><div class="calculator-codes">{"".join(parts)}</div>'


# ---- The wiring ----


def wiring(shown, wires, blocks, described):
    """Return both frameworks' sides, the drawings of the channels and of the weight, and the axes."""
    sides = "".join(wiring_side(side) for side in shown["sides"])
    channels = ""
    if wires:
        channels = (
            f'<h2>Which output reads which input</h2><div class="wiring-scroll" tabindex="0" role="group"'
            f' aria-label="Inputs and outputs">{wires}</div>'
            f'<h2>The weight</h2><figure><figcaption>{described}</figcaption><div class="wiring-scroll" '
            f'tabindex="0" role="group" aria-label="The weight as blocks">{blocks}</div>'
            f"{layouts_of(shown)}</figure>"
        )
    return f'<div class="wiring-sides">{sides}</div>{channels}{axes_of(shown)}'


def layouts_of(shown):
    """Return the weight's shape in each framework, with the letters of its axes."""
    works = [side for side in shown["sides"] if not side["message"]]
    items = "".join(
        f"<li>{side['name']}: <code>{side['shape']}</code> {side['letters']}, {side['order']}</li>"
        for side in works
    )
    return f"<ul>{items}</ul>" if items else ""


def wiring_side(side):
    """Return what a framework makes of the settings."""
    parts = [f"<h2>{side['name']}</h2>"]
    if side["code"]:
        parts.append(f'<pre tabindex="0"><code>{escaped(side["code"])}</code></pre>')
    if side["message"]:
        parts.append(f'<pre class="decoder-message" tabindex="0">{escaped(side["message"])}</pre>')
        parts += [f"<p>Works: <code>{escaped(side['works'])}</code></p>"] if side["works"] else []
        parts += [f"<p>{page_link(side['page'])}</p>"] if side["page"] else []
        return f'<section class="wiring-side">{"".join(parts)}</section>'
    rows = [
        ("output", side["output"]),
        ("weight", side["weight"]),
        ("parameters", side["parameters"]),
        ("multiply-adds", side["work"]),
        *[(axis["name"], axis["formula"]) for axis in side["axes"]],
    ]
    parts.append(
        "<dl>" + "".join(f"<dt>{name}</dt><dd>{escaped(text)}</dd>" for name, text in rows) + "</dl>"
    )
    parts += [f"<p>{escaped(side['note'])}</p>"] if side["note"] else []
    return f'<section class="wiring-side">{"".join(parts)}</section>'


def axes_of(shown):
    """Return the kernel's positions along each axis, once where both frameworks have the same."""
    works = [side for side in shown["sides"] if side["axes"]]
    if not works:
        return ""
    parts = []
    for place in range(2):
        drawn = []
        for side in works:
            axis = side["axes"][place]
            same = next((other for other in drawn if other["svg"] == positions(axis)), None)
            if same:
                same["names"].append(side["drawn_as"])
            else:
                drawn.append({"svg": positions(axis), "names": [side["drawn_as"]], "axis": axis})
        figures = "".join(figure_of(each["axis"], each["svg"], each["names"]) for each in drawn)
        parts.append(f'<div class="wiring-pair">{figures}</div>')
    return f"<h2>Where the kernel stands</h2>{''.join(parts)}"


def figure_of(axis, svg, names):
    """Return the drawing of an axis below what it is of, and what stands out in it."""
    name = axis["name"]
    nothing = "nothing cut off" if axis["transposed"] else "no padding"
    said = [at_the_ends(axis) or nothing, never_read(axis)]
    return (
        f"<figure><figcaption><strong>{capital(name)}</strong> in {' and '.join(names)}: "
        f"{'; '.join(each for each in said if each)}.</figcaption>"
        f'<div class="wiring-scroll" tabindex="0" role="group" aria-label="Positions along the {name}">'
        f"{svg}</div></figure>"
    )
