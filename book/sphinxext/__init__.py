"""The Sphinx extensions of this book. They need Sphinx and docutils only: the HTML is built without NumPy.

One job, one module. What they use of other projects that those do not promise is listed, and checked, in
tests/test_internals.py.
"""

from . import (
    api_links,
    book_index,
    calculator,
    captions,
    chapter_texts,
    citations,
    decoder,
    downloads,
    entries,
    errors,
    exercises,
    figures,
    folds,
    front_matter,
    glossary,
    header_buttons,
    html_repairs,
    mathml,
    missing_page,
    navigation,
    notebook_links,
    outputs,
    public_address,
    search,
    tabs,
    theme,
)

PARTS = (
    theme,
    navigation,
    header_buttons,
    downloads,
    public_address,
    errors,
    decoder,
    calculator,
    entries,
    front_matter,
    captions,
    tabs,
    folds,
    exercises,
    outputs,
    notebook_links,
    mathml,
    figures,
    chapter_texts,
    glossary,
    citations,
    book_index,
    html_repairs,
    api_links,
    search,
    missing_page,
)


def setup(app):
    """Connect every part to Sphinx; Sphinx calls this when it loads the extension."""
    for part in PARTS:
        part.setup(app)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": False}
