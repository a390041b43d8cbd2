"""The bibliography, from book/references.bib: a link of a chapter to a paper leads to the entry of the paper,
which is there without a network, and the entry names the chapters that name the paper.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from .navigation import CHAPTER

WORKS = "references.bib"
PAPER = "https://arxiv.org/abs/{}"


def addresses_of(fields: dict[str, str]) -> Iterator[str]:
    """Yield the addresses under which a chapter may link to a work, given the fields of its entry."""
    if fields.get("archiveprefix") == "arXiv":
        yield PAPER.format(fields["eprint"])
    if "url" in fields:
        yield fields["url"]


def is_named(fields: dict[str, str], text: str) -> bool:
    """Whether a text names a work."""
    names = [re.escape(name.strip()) for name in fields.get("names", "").split(",") if name.strip()]
    return bool(names) and re.search(rf"(?<![\w-])(?:{'|'.join(names)})(?![\w-])", text) is not None


def gather(app, env):
    """Keep each work's entry in the bibliography, its addresses, and the chapters that name it."""
    domain = env.get_domain("cite")
    env.cited_addresses, env.citing_chapters = {}, {}
    for citation in domain.citations:
        fields = domain.bibdata.data.entries[citation.key].fields
        place = citation.bibliography_key.docname, citation.citation_id
        env.cited_addresses.update(dict.fromkeys(addresses_of(fields), place))
        env.citing_chapters[place] = [
            name for name, text in env.chapter_texts.items() if is_named(fields, text)
        ]


class LinkWorks(SphinxPostTransform):
    """Let links to works lead to the bibliography, and its entries to chapters."""

    default_priority = 300
    formats = ("html",)

    def run(self, **kwargs: object) -> None:
        """Change a page's links, and complete its entries."""
        here, relative = self.env.docname, self.app.builder.get_relative_uri
        for link in self.document.findall(nodes.reference):
            place = self.env.cited_addresses.get(link.get("refuri"))
            if place and place[0] != here:
                link["refuri"] = f"{relative(here, place[0])}#{place[1]}"
                link["internal"] = True
        for entry in self.document.findall(nodes.citation):
            chapters = [c for place in entry["ids"] for c in self.env.citing_chapters.get((here, place), [])]
            if chapters:
                entry += nodes.paragraph("", "", *self.links_to(chapters), classes=["chapters"])

    def links_to(self, chapters: list[str]) -> list[nodes.Node]:
        """Return the chapters' numbers as links."""
        parts: list[nodes.Node] = [nodes.Text("Chapter " if len(chapters) == 1 else "Chapters ")]
        for place, name in enumerate(chapters):
            if place:
                parts.append(nodes.Text(" and " if place == len(chapters) - 1 else ", "))
            number = str(int(CHAPTER.search(name)[1]))
            address = self.app.builder.get_relative_uri(self.env.docname, name)
            parts.append(nodes.reference("", number, refuri=address, internal=True))
        return parts


def find_works(app, config):
    """Let sphinxcontrib-bibtex read the book's works; a book without any has no such file."""
    works = Path(app.srcdir) / WORKS
    config.bibtex_bibfiles = [str(works)] if works.is_file() else []


def setup(app):
    """Connect the file of works, and the links between chapters and the bibliography."""
    app.connect("config-inited", find_works)
    app.connect("env-updated", gather)
    app.add_post_transform(LinkWorks)
