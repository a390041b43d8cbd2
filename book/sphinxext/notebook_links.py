"""Links in a cell's HTML output lead to notebooks, as Jupyter needs them; on the page they lead to pages."""

from __future__ import annotations

import re

from docutils import nodes
from sphinx.transforms import SphinxTransform

LINK = re.compile(r'(?<= href=")([\w./-]+)\.ipynb(?=[#"])')


def to_pages(markup: str, pages: set[str]) -> str:
    """Let links to the notebooks of these pages lead to the pages."""
    return LINK.sub(lambda found: found[1] + (".html" if found[1] in pages else ".ipynb"), markup)


class LinksToPages(SphinxTransform):
    """Turn links to notebooks in HTML outputs into links to their pages. Notebooks lie flat in book/."""

    default_priority = 110

    def apply(self, **kwargs: object) -> None:
        """Change the HTML outputs of the page."""
        for raw in list(self.document.findall(nodes.raw)):
            if "html" in raw.get("format", "").split() and LINK.search(raw.astext()):
                changed = raw.copy()
                changed += nodes.Text(to_pages(raw.astext(), self.env.found_docs))
                raw.replace_self(changed)


def setup(app):
    """Connect the change of links."""
    app.add_transform(LinksToPages)
