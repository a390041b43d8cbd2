"""The Sphinx extensions of this book. They need Sphinx and docutils only: the HTML is built without NumPy."""

import functools

import yaml
from sphinx.highlighting import PygmentsBridge
from sphinx.search.en import SearchEnglish

from . import decoder, errors, exercises, figures, mathml, outputs, site, styles, tabs, tidy

# MyST reads every page's front matter with PyYAML's own loader; libyaml's gives the same ten times sooner.
yaml.SafeLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

# Pages share their words: each word's stem is found once, not once a page.
SearchEnglish.stem = functools.cache(SearchEnglish.stem)


def remembered(make):
    """Pygments works its style out for every formatter: code blocks with the same settings share one."""
    made = {}

    @functools.wraps(make)
    def get(self, **settings):
        key = (self, repr(sorted(settings.items())))
        if key not in made:
            made[key] = make(self, **settings)
        return made[key]

    return get


PygmentsBridge.get_formatter = remembered(PygmentsBridge.get_formatter)


def setup(app):
    for part in (site, errors, decoder, tabs, exercises, outputs, mathml, figures, tidy, styles):
        part.setup(app)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
