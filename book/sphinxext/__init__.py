"""The Sphinx extensions of this book. They need Sphinx and docutils only: the HTML is built without NumPy."""

from . import errors, exercises, figures, mathml, outputs, site, styles, tabs, tidy


def setup(app):
    for part in (site, errors, tabs, exercises, outputs, mathml, figures, tidy, styles):
        part.setup(app)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
