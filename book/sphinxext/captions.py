"""Captions of figures, and the numbers of figures and exercises.

In a notebook the caption is a Markdown cell below the figure's cell, so that Jupyter shows it too:

    (fig-two-repairs)=
    **Figure 4.1.** One short sentence that says what to see.

On the page it is the figure's own, by MyST-NB's option `figure`, and its number is counted: the chapter's and
the figure's place in it. `make lint` holds what the notebook says, there and in links, to these numbers.
"""

from __future__ import annotations

import json
import re

from docutils import nodes
from sphinx_exercise.nodes import exercise_enumerable_node

from .navigation import CHAPTER

CAPTION = re.compile(
    r"\((?P<name>fig-[a-z0-9-]+)\)=\n\*\*Figure (?P<number>[\d.]+)\.\*\* (?P<text>\S.*\S)", re.DOTALL
)
NUMBERED = ("figure", "exercise")
TARGETS = (nodes.figure, exercise_enumerable_node)


def caption_of(cell: dict) -> re.Match | None:
    """What matches where a cell is a caption: its name, the number that it says, and its text."""
    source = "".join(cell["source"])
    return CAPTION.fullmatch(source) if cell["cell_type"] == "markdown" else None


def shows_figure(cell: dict) -> bool:
    """Whether a stored output of the cell is a picture."""
    return any(kind.startswith("image/") for o in cell.get("outputs", []) for kind in o.get("data", {}))


def with_captions(notebook: str) -> str:
    """The text of a notebook's file, with each caption as an option of the figure above it."""
    content = json.loads(notebook)
    kept: list[dict] = []
    for cell in content["cells"]:
        caption = caption_of(cell)
        if caption and kept and shows_figure(kept[-1]):
            options = kept[-1]["metadata"].setdefault("mystnb", {})
            options["figure"] = {"name": caption["name"], "caption": caption["text"]}
        else:
            kept.append(cell)
    return json.dumps({**content, "cells": kept}, ensure_ascii=False)


def give_captions(app, docname, source):
    """Move the captions of a notebook before it is read."""
    if app.env.doc2path(docname).endswith(".ipynb") and "(fig-" in source[0]:
        source[0] = with_captions(source[0])


def let_pages_link(app, document):
    """Let links from other pages lead to figures and exercises of this one: MyST knows only its headings."""
    places = app.env.metadata[app.env.docname].setdefault("myst_slugs", {})
    for target in document.findall(lambda node: isinstance(node, TARGETS)):
        for name in target["names"]:
            places[name] = (target.line, document.nameids[name], "")


def number_by_page(app, env):
    """Count figures and exercises from 1 on every page, after the chapter's number; Sphinx counts through."""
    for docname, numbers in env.toc_fignumbers.items():
        chapter = CHAPTER.search(docname)
        before = (int(chapter[1]),) if chapter else ()
        for kind in NUMBERED:
            for position, label in enumerate(numbers.get(kind, {}), start=1):
                numbers[kind][label] = (*before, position)
    return []


def setup(app):
    """Connect the moving of captions, the links from other pages, and the counting."""
    app.connect("source-read", give_captions)
    app.connect("doctree-read", let_pages_link)
    # After the collector of the table of contents, which listens to the same event and assigns the numbers.
    app.connect("env-get-updated", number_by_page, priority=900)
