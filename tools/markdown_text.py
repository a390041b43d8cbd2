"""Read Markdown as the lint needs it: what is text, what is code, directives, formulas, links."""

import re
from dataclasses import dataclass, field

FENCE = re.compile(r"^\s*(?P<fence>`{3,}|~{3,}|:{3,})\s*(?P<info>.*?)\s*$")
DIRECTIVE = re.compile(r"^\{(?P<name>[\w:.-]+)\}\s*(?P<argument>.*)$")
OPTION = re.compile(r"^\s*:(?P<key>[\w-]+):\s*(?P<value>.*)$")
# Directives whose body is not text.
CODE = {"code", "code-block", "code-cell", "literalinclude", "raw", "sourcecode", "toctree", "mermaid"}


@dataclass
class Directive:
    """A directive: its name, what stands behind the name, its options, and its lines of text."""

    name: str
    argument: str
    options: dict = field(default_factory=dict)
    body: list = field(default_factory=list)


def without_front_matter(text):
    """Return a Markdown page without the YAML at its top."""
    return re.sub(r"\A---\n.*?\n---\n\s*", "", text, count=1, flags=re.DOTALL)


def split(source):
    """Return (kind, line) of every line: text, code, math, option, or fence (a block's border).

    The lines of an admonition, an exercise or a tab are text; those of a code block are code.
    """
    found, open_fences = [], []
    math, options = False, False
    for line in source.splitlines():
        match = FENCE.match(line)
        inside = open_fences[-1][1] if open_fences else "text"
        closing = (
            match and open_fences and not match["info"] and match["fence"].startswith(open_fences[-1][0])
        )
        if closing:
            open_fences.pop()
            found.append(("fence", line))
            options = False
        elif match and inside == "text" and not (match["info"] and "`" in match["info"]):
            directive = DIRECTIVE.match(match["info"])
            name = directive["name"] if directive else None
            kind = "math" if name == "math" else "text" if directive and name not in CODE else "code"
            open_fences.append((match["fence"], kind))
            found.append(("fence", line))
            options = directive is not None
        elif options and OPTION.match(line):
            found.append(("option", line))
        elif inside == "text":
            options = False
            if math or line.strip().startswith("$$"):
                # One line may hold both borders, or only one.
                math = math ^ (line.count("$$") % 2 == 1)
                found.append(("math", line))
            else:
                found.append(("text", line))
        else:
            options = False
            found.append((inside, line))
    return found


def directives(lines):
    """Return every directive, given the split lines; what stands in an inner one counts for both."""
    found, open_ones = [], []
    for kind, line in lines:
        if kind == "fence":
            match = FENCE.match(line)
            directive = DIRECTIVE.match(match["info"])
            if not match["info"] and open_ones:
                open_ones.pop()
            else:
                one = Directive(directive["name"], directive["argument"].strip()) if directive else None
                found += [one] if one else []
                open_ones.append(one)
        elif kind == "option" and open_ones and open_ones[-1]:
            match = OPTION.match(line)
            open_ones[-1].options[match["key"]] = match["value"].strip()
        else:
            for one in filter(None, open_ones):
                one.body.append(line)
    return found


def without_code(line):
    """Return a line with what stands in backticks taken out, roles included."""
    return re.sub(r"(?:\{[\w:.-]+\})?(`+)(?!`).+?(?<!`)\1(?!`)", "``", line)


def plain(lines):
    """Return what a reader reads as sentences: no code, formulas, quotations, addresses or markup."""
    text = "\n".join(line for kind, line in lines if kind == "text" and not line.lstrip().startswith(">"))
    text = without_code(re.sub(r"\$[^$\n]+\$", "", text))
    text = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)
    return re.sub(r"\]\([^)]*\)", "]", text)


def count_words(lines):
    """Return how many words a reader reads; a formula or a piece of code in a sentence counts as one."""
    text = "\n".join(line for kind, line in lines if kind == "text")
    text = without_code(re.sub(r"\$[^$\n]+\$", "``", text)).replace("``", "code")
    text = re.sub(r"\]\([^)]*\)", "]", text)
    return len(re.findall(r"[^\W_][\w'’.,:-]*", text))


def formulas(lines):
    """Return (LaTeX, whether it stands on a line of its own) of every formula."""
    found = []
    text = "\n".join(line for kind, line in lines if kind == "text")
    found += [(tex, False) for tex in re.findall(r"\{math\}`([^`]+)`", text)]
    found += [
        (tex, False)
        for line in text.splitlines()
        for tex in re.findall(
            r"(?<![\\$])\$(?![\s$])((?:[^$\\]|\\.)+?)(?<!\s)\$(?![\d$])", without_code(line)
        )
    ]
    block = "\n".join(line if kind == "math" else "\0" for kind, line in lines)
    for piece in re.split(r"\0+(?:\n\0*)*", block):
        if "$$" in piece:
            found += [(tex, True) for tex in re.findall(r"\$\$(.+?)\$\$", piece, re.DOTALL)]
        elif piece.strip():
            found.append((piece.strip(), True))
    return found


def links(lines):
    """Return the targets of Markdown links, images and {doc} roles."""
    found = []
    for kind, line in lines:
        if kind != "text":
            continue
        found += re.findall(r"\{doc\}`(?:[^`<]*<)?([^`<>]+)>?`", line)
        found += re.findall(r"\]\(<?([^)\s>]+)[^)]*\)", without_code(line))
    return found
