"""The Sphinx extensions of this book. They need Sphinx and docutils only: the HTML is built without NumPy."""

import yaml

from . import errors, exercises, figures, mathml, outputs, site, styles, tabs, tidy

# MyST reads every page's front matter with PyYAML's own loader; libyaml's gives the same ten times sooner.
yaml.SafeLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def setup(app):
    for part in (site, errors, tabs, exercises, outputs, mathml, figures, tidy, styles):
        part.setup(app)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
