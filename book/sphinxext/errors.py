"""The marked places of Markdown pages that are filled from the catalogue of error messages in book/errors.

A block ```{error-details}``` becomes the message as it is raised today, what each number means, the likely
causes, and older wordings; ```{error-list}``` the list of all pages; ```{silent-list}``` that of the silent
failures, ```{repairs-run}``` how many repairs were run, ```{version-runs}``` what other versions say. They
are written as Markdown before the page is read, so their text is searched and checked like any other.
"""

from __future__ import annotations

import functools
import json
import re
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms import SphinxTransform

ERROR_LIST = "errors/index"
MARKER = re.compile(
    r"^```\{(error-details|error-list|silent-list|repairs-run|version-runs)\}\n```$", re.MULTILINE
)


def fill_markers(app, docname, source):
    """Put the Markdown from the catalogue in the place of its marker."""
    if not MARKER.search(source[0]):
        return
    from errorguide.catalogue import read_catalogue

    from . import error_pages, version_runs

    catalogue = read_catalogue()

    def replacement(found):
        if found.group(1) == "error-list":
            return error_pages.list_all(catalogue["errors"])
        if found.group(1) == "silent-list":
            return error_pages.list_silent(catalogue["errors"])
        if found.group(1) == "repairs-run":
            return error_pages.repairs_run(_results())
        if found.group(1) == "version-runs":
            return version_runs.version_runs(version_runs.recorded_runs(), catalogue)
        entry = next(entry for entry in catalogue["errors"] if entry["id"] == docname.rpartition("/")[2])
        return error_pages.details(
            entry, lambda name: title_of(app.env, name), catalogue["causes"], _results()
        )

    source[0] = MARKER.sub(replacement, source[0])


@functools.cache
def _results():
    """Return what was recorded of the situations, read once a build."""
    from errorguide.catalogue import ERRORS
    from errorguide.situations import recorded

    return recorded(ERRORS)


def title_of(env, docname):
    """Return the title of a page, its first heading; None where the book has no such page."""
    return _first_heading(env.doc2path(docname)) if docname in env.found_docs else None


@functools.cache
def _first_heading(path):
    """Return the first heading of a page or a notebook, read once a build: many pages lead to it."""
    text = Path(path).read_text(encoding="utf-8")
    if text.startswith("{"):  # a notebook
        cells = json.loads(text)["cells"]
        text = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    found = re.search(r"^# (.+)$", text, re.MULTILINE)
    return found.group(1) if found else Path(path).stem


class StraightQuotes(SphinxTransform):
    """Keep the quotes of a message as they were printed where it is a heading or the text of a link: whoever
    searches a page for a pasted message finds them.
    """

    default_priority = 700  # before Sphinx turns quotes

    def apply(self, **kwargs):
        """Mark the texts of headings and links, on the pages that show messages."""
        if self.env.docname.partition("/")[0] not in ("errors", "versions", "index"):
            return
        for kind in (nodes.title, nodes.reference, nodes.inline):
            for node in self.document.findall(kind):
                node["support_smartquotes"] = False


def shorten_navigation(app, env):
    """Leave the single error pages out of the sidebar: their list is one page, and each page would carry them
    all.
    """
    if ERROR_LIST in env.tocs:
        for toctree in list(env.tocs[ERROR_LIST].findall(addnodes.toctree)):
            toctree.parent.remove(toctree)


def write_json(app, error):
    """Write errors.json beside the pages, for other tools: each message's page, wordings and kind."""
    if error is None and app.builder.format == "html" and ERROR_LIST in app.env.found_docs:
        from errorguide.catalogue import read_catalogue

        listed = [
            {
                "id": entry["id"],
                "framework": entry["framework"],
                "kind": entry["kind"],
                "patterns": entry["sources"],
                "title": entry["title"],
                "link": f"errors/{entry['id']}.html",
            }
            for entry in read_catalogue()["errors"]
        ]
        path = Path(app.outdir) / "errors.json"
        path.write_text(json.dumps(listed, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def setup(app):
    """Connect what fills the markers, keeps quotes straight and shortens the sidebar, and errors.json."""
    app.add_transform(StraightQuotes)
    app.connect("source-read", fill_markers)
    app.connect("env-updated", shorten_navigation)
    app.connect("build-finished", write_json)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
