"""What a stored output says, and what it may not hold because no other run or machine would repeat it."""

import re

from notebooks import tags

# What differs from one machine, or from one run, to the next.
UNCLEAN = (
    ("an escape code", re.compile(r"\x1b")),
    ("a carriage return or a backspace", re.compile(r"[\r\b]")),
    ("a memory address", re.compile(r"\b0x[0-9a-f]{6,}\b", re.IGNORECASE)),
    ("a path", re.compile(r"(?<![\w/.:<>~-])(?:~|/[A-Za-z_][\w.-]*)/[\w.-]+")),
    ("a path", re.compile(r"\b[A-Za-z]:\\\\?\w+|(?:site|dist)-packages/|\bipykernel_\d+")),
    ("a time", re.compile(r"\b\d{4}-\d\d-\d\d[ T]\d\d:\d\d|\b\d\d:\d\d:\d\d\b")),
    ("a time", re.compile(r"\b\d+(?:\.\d+)? ?(?:ns|[uµμ]s|ms)\b|\bWall time\b")),
)


def output_texts(output):
    """Return (kind, text) of all that an output says; a kind is stdout, text/plain, image/svg+xml, evalue."""
    if output.output_type == "stream":
        return [(output.name, output.text)]
    if output.output_type == "error":
        return [
            ("ename", output.ename),
            ("evalue", output.evalue),
            ("traceback", "\n".join(output.traceback)),
        ]
    return [(kind, text) for kind, text in output.data.items() if isinstance(text, str)]


def unclean_outputs(cell):
    """Name each thing in a cell's outputs that another run, or another machine, would not repeat."""
    timing = "nbval-ignore-output" in tags(cell)
    problems = []
    for output in cell.outputs:
        for kind, text in output_texts(output):
            if kind == "stderr":
                problems.append(f"stderr was written: {excerpt(text)}")
                continue
            if kind.startswith("image/"):
                continue
            for what, pattern in UNCLEAN:
                match = pattern.search(text)
                if match and not (timing and what == "a time"):
                    problems.append(f"{what} stands in the output: {excerpt(text, match)}")
    return problems


def excerpt(text, match=None, around=30):
    """Return a quoted piece of `text`, on one line, about what was matched."""
    if match:
        text = text[max(0, match.start() - around) : match.end() + around]
    text = text.strip()
    return repr(text if len(text) <= 160 else text[:157] + "...")
