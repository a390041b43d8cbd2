"""Outputs that report a failure are marked, so that the page can set them apart from what worked."""

from __future__ import annotations

import re

from docutils import nodes
from sphinx.transforms import SphinxTransform

FAILURE = re.compile(r"(?:[\w.]+\.)?[A-Z]\w*(?:Error|Exception|Warning): ")


class MarkFailures(SphinxTransform):
    """Give the class `failure` to printed outputs that begin with the name of an exception."""

    default_priority = 110

    def apply(self, **kwargs: object) -> None:
        for block in self.document.findall(nodes.literal_block):
            if "output" in block["classes"] and FAILURE.match(block.astext()):
                block["classes"].append("failure")


def setup(app):
    app.add_transform(MarkFailures)
