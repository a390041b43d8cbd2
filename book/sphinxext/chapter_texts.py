"""What each chapter says in its paragraphs: the bibliography and the index look for names in it."""

from __future__ import annotations

from docutils import nodes

from .navigation import CHAPTER


def text_of(document: nodes.document) -> str:
    """Return what a page says in its paragraphs."""
    return "\n".join(paragraph.astext() for paragraph in document.findall(nodes.paragraph))


def gather(app, env):
    """Keep the texts of the chapters, in order, once every page has been read."""
    chapters = sorted(filter(CHAPTER.search, env.found_docs))
    env.chapter_texts = {name: text_of(env.get_doctree(name)) for name in chapters}


def setup(app):
    """Connect the gathering, before those who need it."""
    app.connect("env-updated", gather, priority=400)
