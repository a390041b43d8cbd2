"""Outputs that report a failure are marked, so that the page can set them apart from what worked, and outputs
that are the book's own code are coloured as code.
"""

from __future__ import annotations

import re

from docutils import nodes
from sphinx.transforms import SphinxTransform

FAILURE = re.compile(r"(?:[\w.]+\.)?[A-Z]\w*(?:Error|Exception|Warning): ")
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


class MarkOutputs(SphinxTransform):
    """Give each message of an exception in a printed output a block of its own, of the class `failure`, and
    printed code the class `source`.
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
            parts = parts_of(block.astext())
            if not any(failed for _, failed in parts):
                continue
            blocks = []
            for text, failed in parts:
                part = block.copy()
                part.rawsource = text
                part += nodes.Text(text)
                part["classes"] = [*block["classes"], *(["failure"] if failed else [])]
                blocks.append(part)
            block.replace_self(blocks)


def setup(app):
    """Connect the marking of outputs."""
    app.add_transform(MarkOutputs)
