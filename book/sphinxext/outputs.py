"""Outputs that report a failure are marked, so that the page can set them apart from what worked; printed
tables too, whose lines must not wrap. Outputs that are the book's own code are coloured as code.
"""

from __future__ import annotations

import re

from docutils import nodes
from sphinx.transforms import SphinxTransform

FAILURE = re.compile(r"(?:[\w.]+\.)?[A-Z]\w*(?:Error|Exception|Warning): ")
# Lines of a table have columns, with room between; so have the rows of an array.
COLUMNS = re.compile(r"\S {2,}\S")
ARRAY = re.compile(r" *(?:\[|array\(|tensor\(|<tf\.|tf\.)")
FEWEST_LINES = 3
SOURCE = re.compile(r"@\w|def \w+\(|class \w+(?:\(.*\))?:$", re.MULTILINE)


def parts_of(text: str) -> list[tuple[str, bool]]:
    """Cut a printed output into pieces; each comes with whether it is the message of an exception.

    A message begins with the name of the exception. Its indented lines, its further paragraphs, and what a
    line that ends in a colon announces belong to it.
    """
    parts: list[tuple[list[str], bool]] = []
    before = ""
    for line in text.splitlines():
        begins = FAILURE.match(line) is not None
        in_message = bool(parts) and parts[-1][1]
        goes_on = not line or line[0] in " \t" or not before or before.endswith(":")
        failed = begins or (in_message and goes_on)
        if begins or not parts or failed != in_message:
            parts.append(([], failed))
        parts[-1][0].append(line)
        before = line
    return [("\n".join(lines).rstrip("\n"), failed) for lines, failed in parts]


def is_table(text: str) -> bool:
    """Whether a paragraph of a printed output is a table: several of its lines have columns."""
    lines = text.splitlines()
    return sum(map(bool, map(COLUMNS.search, lines))) >= FEWEST_LINES and not any(map(ARRAY.match, lines))


def tables_of(text: str) -> list[tuple[str, bool]]:
    """Cut a printed output into pieces; each comes with whether it is a table.

    What stands between two tables is one piece. The empty lines before a piece belong to it.
    """
    parts: list[tuple[str, bool]] = []
    for paragraph in re.split(r"\n(?=\n+[^\n])(?<!\n\n)", text):
        table = is_table(paragraph)
        if parts and not table and not parts[-1][1]:
            paragraph = f"{parts.pop()[0]}\n{paragraph}"
        parts.append((paragraph, table))
    return parts


def marked(text: str) -> list[tuple[str, list[str]]]:
    """Cut a printed output into pieces; each comes with the classes that mark it."""
    pieces = []
    for part, failed in parts_of(text):
        if failed:
            pieces.append((part, ["failure"]))
        else:
            pieces += [(piece, ["columns"] if table else []) for piece, table in tables_of(part)]
    return pieces


class MarkOutputs(SphinxTransform):
    """Give each message of an exception in a printed output a block of its own, of the class `failure`, each
    printed table one of the class `columns`, and printed code the class `source`.
    """

    default_priority = 110

    def apply(self, **kwargs: object) -> None:
        """Mark, or divide, each printed output of the page."""
        for block in list(self.document.findall(nodes.literal_block)):
            if "output" not in block["classes"]:
                continue
            if SOURCE.match(block.astext()):
                block["classes"].append("source")
                block["language"] = "python"
                continue
            pieces = marked(block.astext())
            if "traceback" in block["classes"] or not any(classes for _, classes in pieces):
                continue
            blocks = []
            for text, classes in pieces:
                part = block.copy()
                part.rawsource = text
                part += nodes.Text(text)
                part["classes"] = [*block["classes"], *classes]
                blocks.append(part)
            block.replace_self(blocks)


def setup(app):
    """Connect the marking of outputs."""
    app.add_transform(MarkOutputs)
