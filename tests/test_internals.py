"""What the book uses of other projects that those do not promise, each with the version that it was tried on.

One list: after a move to new versions, what fails here says what changed, and which file of ours relies on
it. Then mend that file, and write the new version here.
"""

from __future__ import annotations

import inspect
import re
from importlib.metadata import entry_points, version
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import pytest
from docutils import nodes
from docutils.utils.math import latex2mathml
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils


class Built(NamedTuple):
    """A small book that Sphinx has built with the book's theme."""

    app: Sphinx
    contexts: dict[str, dict]  # what the templates of each page were given


class Reliance(NamedTuple):
    """One thing that the book relies on."""

    package: str  # the distribution it belongs to
    tried: str  # its version when the check was written or looked at again
    what: str
    where: str  # the file of the book that uses it
    holds: object  # called with the small book, a Built; false or an exception where it has changed


def source_of(module: str) -> str:
    """The text of an installed module, or of its package's __init__."""
    return Path(find_spec(module).origin).read_text(encoding="utf-8")


def template(theme: str, name: str) -> str:
    """The text of a template of an installed theme."""
    folder = Path(find_spec(theme).origin).parent / "theme" / theme
    return (folder / name).read_text(encoding="utf-8")


def has(text: str, *parts: str) -> bool:
    return all(part in text for part in parts)


def macros_of(text: str) -> set[str]:
    return set(re.findall(r"{% macro (\w+)\(\)", text))


SPHINX = ("Sphinx", "7.4.7")
BOOK_THEME = ("sphinx-book-theme", "1.1.4")
PYDATA = ("pydata-sphinx-theme", "0.15.4")

RELIANCES = [
    Reliance(
        *SPHINX,
        "env.toc_fignumbers: a page's numbers by kind and label, as tuples",
        "sphinxext/captions.py",
        lambda built: list(built.app.env.toc_fignumbers["one"]["figure"].values()) == [(1,)],
    ),
    Reliance(
        *SPHINX,
        "env.tocs: a page's list of sections, with its toctree nodes",
        "sphinxext/errors.py",
        lambda built: (
            [node["entries"] for node in built.app.env.tocs["index"].findall(addnodes.toctree)]
            == [[(None, "one"), (None, "two")]]
        ),
    ),
    Reliance(
        *SPHINX,
        "builder.relations: the page above, before and after each page",
        "sphinxext/navigation.py",
        lambda built: built.app.builder.relations["one"] == ["index", "index", "two"],
    ),
    Reliance(
        *SPHINX,
        "builder.render_partial gives the HTML of a node under 'title'",
        "sphinxext/navigation.py",
        lambda built: built.app.builder.render_partial(built.app.env.titles["one"])["title"] == "One",
    ),
    Reliance(
        *SPHINX,
        "prev and next in a page's context: link and title",
        "sphinxext/navigation.py",
        lambda built: built.contexts["one"]["next"] == {"link": "two.html", "title": "Two"},
    ),
    Reliance(
        "sphinx_external_toc",
        "1.1.0",
        "env.external_site_map: the parts of the table of contents, with caption and items",
        "sphinxext/navigation.py",
        lambda built: (
            has(source_of("sphinx_external_toc.events"), "app.env.external_site_map = site_map")
            and {"items", "caption"} <= set(_part_of_contents().__dataclass_fields__)
        ),
    ),
    Reliance(
        "sphinxcontrib-bibtex",
        "2.7.0",
        "the domain's citations with their id, page and key, and bibdata.data.entries with the works' fields",
        "sphinxext/citations.py",
        lambda built: has(
            source_of("sphinxcontrib.bibtex.domain"),
            "citation_id: str",
            'bibliography_key: "BibliographyKey"',
            "key: str",
            "def citations(self)",
            "def bibdata(self)",
        ),
    ),
    Reliance(
        *SPHINX,
        "css_files and script_files in a page's context: files with their filename",
        "sphinxext/theme.py",
        lambda built: all(
            str(file.filename).endswith((".css", ".js"))
            for kind in ("css_files", "script_files")
            for file in built.contexts["one"][kind]
            if file.filename
        ),
    ),
    Reliance(
        *SPHINX,
        "a page takes the words to mark from localStorage, and forgets them",
        "theme/static/search.js",
        lambda built: has(
            (Path(find_spec("sphinx").origin).parent / "themes/basic/static/sphinx_highlight.js").read_text(),
            'localStorage.getItem("sphinx_highlight_terms")',
            'localStorage.removeItem("sphinx_highlight_terms")',
        ),
    ),
    Reliance(
        *SPHINX,
        "env.toctree_includes: the pages below each page, in their order",
        "sphinxext/search.py",
        lambda built: built.app.env.toctree_includes["index"] == ["one", "two"],
    ),
    Reliance(
        *PYDATA,
        "search.html puts Sphinx's search into its block of scripts, above that of the layout",
        "theme/templates/search.html and 404.html",
        lambda built: has(
            template("pydata_sphinx_theme", "search.html"),
            "{% block scripts -%}",
            "searchindex.js",
            "{% block docs_body %}",
        ),
    ),
    Reliance(
        *PYDATA,
        "the field that lies over the page: its container, and the class that shows it",
        "theme/static/search.js",
        lambda built: has(
            (Path(find_spec("pydata_sphinx_theme").origin).parent)
            .joinpath("theme/pydata_sphinx_theme/static/styles/pydata-sphinx-theme.css")
            .read_text(),
            ".search-button__wrapper.show .search-button__search-container{",
        ),
    ),
    Reliance(
        *PYDATA,
        "secondary_sidebar_items may name pages",
        "sphinxext/theme.py",
        lambda built: "def _get_matching_sidebar_items" in source_of("pydata_sphinx_theme.utils"),
    ),
    Reliance(
        "sphinx_external_toc",
        "1.1.0",
        "GlobItem: the kind of an item of a part that is a pattern",
        "sphinxext/navigation.py",
        lambda built: "class GlobItem(str)" in source_of("sphinx_external_toc.api"),
    ),
    Reliance(
        *SPHINX,
        "metatags and pageurl in a page's context",
        "sphinxext/public_address.py",
        lambda built: (
            "metatags" in built.contexts["one"]
            and has(source_of("sphinx.builders.html"), "pageurl")
            and has(
                (Path(find_spec("sphinx").origin).parent / "themes/basic/layout.html").read_text(), "pageurl"
            )
        ),
    ),
    Reliance(
        *SPHINX,
        "get_node_equation_number(writer, node)",
        "sphinxext/mathml.py",
        lambda built: list(inspect.signature(_equation_number()).parameters) == ["writer", "node"],
    ),
    Reliance(
        *SPHINX,
        "support_smartquotes = False keeps a node's quotes straight",
        "sphinxext/errors.py",
        lambda built: "support_smartquotes" in source_of("sphinx.util.nodes"),
    ),
    Reliance(
        *SPHINX,
        "a size of an image is written as a style in px",
        "sphinxext/html_repairs.py",
        lambda built: 'style="width: 9px; height: 9px;"' in built.contexts["one"]["body"],
    ),
    Reliance(
        *BOOK_THEME,
        "layout.html has the blocks css and docs_body",
        "theme/templates/layout.html",
        lambda built: has(
            template("sphinx_book_theme", "layout.html") + template("pydata_sphinx_theme", "layout.html"),
            "block docs_body",
            "components/searchbox.html",
            "block css",
        ),
    ),
    Reliance(
        *BOOK_THEME,
        "header_buttons: buttons and groups, with label, url and tooltip",
        "sphinxext/header_buttons.py",
        lambda built: (
            {
                (button["label"], "url" in button, "tooltip" in button)
                for group in built.contexts["one"]["header_buttons"]
                for button in group.get("buttons", [])
                if button.get("label", "").startswith("source-")
            }
            >= {("source-repository-button", True, True), ("source-edit-button", True, True)}
        ),
    ),
    Reliance(
        *BOOK_THEME,
        "the header's buttons are a template of this name, in parts",
        "theme/templates/article-header-buttons.html",
        lambda built: (
            bool(template("sphinx_book_theme", "components/article-header-buttons.html"))
            and bool(template("sphinx_book_theme", "components/toggle-secondary-sidebar.html"))
            and bool(template("pydata_sphinx_theme", "components/theme-switcher.html"))
            and bool(template("pydata_sphinx_theme", "components/search-button.html"))
        ),
    ),
    Reliance(
        *PYDATA,
        "webpack-macros.html has four macros and these style sheets and scripts",
        "theme/templates/static/webpack-macros.html",
        lambda built: (
            macros_of(template("pydata_sphinx_theme", "static/webpack-macros.html"))
            == {"head_pre_icons", "head_pre_assets", "head_js_preload", "body_post"}
            and has(
                template("pydata_sphinx_theme", "static/webpack-macros.html"),
                "styles/theme.css",
                "styles/bootstrap.css",
                "styles/pydata-sphinx-theme.css",
                "scripts/bootstrap.js",
                "scripts/pydata-sphinx-theme.js",
            )
        ),
    ),
    Reliance(
        *PYDATA,
        "the sidebar is one template, which the book wraps",
        "theme/templates/sections/sidebar-primary.html",
        lambda built: (
            "sidebar-primary__section" in template("pydata_sphinx_theme", "sections/sidebar-primary.html")
        ),
    ),
    Reliance(
        *PYDATA,
        "search.html has the block docs_body",
        "theme/templates/search.html",
        lambda built: "block docs_body" in template("pydata_sphinx_theme", "search.html"),
    ),
    Reliance(
        *PYDATA,
        "its scripts take the theme from localStorage's mode and theme",
        "theme/templates/layout.html",
        lambda built: has(
            template("pydata_sphinx_theme", "layout.html"),
            'localStorage.getItem("mode")',
            'localStorage.getItem("theme")',
        ),
    ),
    Reliance(
        *PYDATA,
        "generate_toctree_html gives the sidebar's list as a parsed tree",
        "sphinxext/navigation.py",
        lambda built: (
            [
                link.get_text()
                for link in built.contexts["one"]["generate_toctree_html"](
                    kind="sidebar",
                    startdepth=0,
                    show_nav_level=1,
                    maxdepth=1,
                    collapse=True,
                    includehidden=True,
                    titles_only=True,
                )("a")
            ]
            == ["One", "Two"]
        ),
    ),
    Reliance(
        "sphinx-exercise",
        "1.2.1",
        "each exercise and solution has a section with one of these ids",
        "sphinxext/exercises.py",
        lambda built: has(
            source_of("sphinx_exercise.directive"), '["exercise-content"]', '["solution-content"]'
        ),
    ),
    Reliance(
        "sphinx-exercise",
        "1.2.1",
        "solution_node, and exercises counted as the kind 'exercise'",
        "sphinxext/exercises.py",
        lambda built: (
            issubclass(_solution_node(), nodes.Element)
            and re.search(
                r'add_enumerable_node\(\s*exercise_enumerable_node,\s*"exercise"',
                source_of("sphinx_exercise"),
            )
        ),
    ),
    Reliance(
        "myst-parser",
        "3.0.1",
        "a link to a place of another page is looked up in env.metadata[page]['myst_slugs'], by its name",
        "sphinxext/captions.py",
        lambda built: has(
            source_of("myst_parser.sphinx_ext.myst_refs"),
            'self.env.metadata[ref_docname].get("myst_slugs", {})',
            "_, targetid, implicit_text = slug_to_section[ref_id]",
        ),
    ),
    Reliance(
        "sphinx_design",
        "0.8.0",
        "create_component makes a tab set's containers",
        "sphinxext/tabs.py",
        lambda built: (
            _create_component()("tab-item", children=[], classes=["sd-tab-item"], selected=False)["selected"]
            is False
        ),
    ),
    Reliance(
        "sphinx_design",
        "0.8.0",
        "a tab's label has sync_id and sync_group",
        "sphinxext/tabs.py",
        lambda built: has(
            source_of("sphinx_design.tabs"), '["sync_id"]', '["sync_group"]', "sd-tab-label", "sd-tab-content"
        ),
    ),
    Reliance(
        "sphinx_design",
        "0.8.0",
        "design-tabs.js keeps a choice in localStorage under this name, and the address's as well",
        "theme/static/frameworks.js",
        lambda built: has(
            (Path(find_spec("sphinx_design").origin).parent / "static" / "design-tabs.js").read_text(),
            '"sphinx-design-tab-id-"',
            "storageKeyPrefix + group",
            "window.location.search",
            '"DOMContentLoaded", ready',
        ),
    ),
    Reliance(
        "myst-nb",
        "1.4.0",
        "the line of folded code has a name that hides its text",
        "sphinxext/html_repairs.py",
        lambda built: '<summary aria-label="Toggle hidden content">' in source_of("myst_nb.sphinx_"),
    ),
    Reliance(
        "myst-nb",
        "1.4.0",
        "a code cell is a container with nb_element and cell_metadata, its output one in it",
        "sphinxext/tabs.py",
        lambda built: has(
            source_of("myst_nb.core.render"), '"cell_code"', '"cell_code_output"', "cell_metadata"
        ),
    ),
    Reliance(
        "docutils",
        "0.21.2",
        "tex2mathml(tex, as_block)",
        "sphinxext/mathml.py",
        lambda built: "<mi>x</mi>" in latex2mathml.tex2mathml("x", as_block=True),
    ),
    Reliance(
        "jupyter-book",
        "1.0.4.post1",
        "its command is jupyter_book.cli.main:main",
        "tools/build.py",
        lambda built: (
            [script.value for script in entry_points(group="console_scripts", name="jupyter-book")]
            == ["jupyter_book.cli.main:main"]
        ),
    ),
    Reliance(
        "jupyter-book",
        "1.0.4.post1",
        "it always sets comments_config",
        "sphinxext/theme.py",
        lambda built: "comments_config" in source_of("jupyter_book.config"),
    ),
    Reliance(
        "nbval",
        "0.11.0",
        "its plugin starts plugin.RunningKernel",
        "tests/strict_notebooks.py",
        lambda built: "self.kernel = RunningKernel(" in source_of("nbval.plugin"),
    ),
    Reliance(
        "jupyter_client",
        "8.10.0",
        "default_provisioner_name names who starts kernels, and launch_kernel is what starts one",
        "tests/warm_kernels.py",
        lambda built: (
            "self.process = launch_kernel(cmd" in source_of("jupyter_client.provisioning.local_provisioner")
            and "default_provisioner_name" in source_of("jupyter_client.provisioning.factory")
        ),
    ),
    Reliance(
        "ipykernel",
        "7.4.0",
        "it leaves stderr's descriptor alone under PYTEST_CURRENT_TEST",
        "tests/strict_notebooks.py",
        lambda built: "PYTEST_CURRENT_TEST" in source_of("ipykernel.iostream"),
    ),
    Reliance(
        "ipykernel",
        "7.4.0",
        "a thread passes on, by OutStream.write, what comes through _original_stdstream_fd",
        "tools/kernel_pipes.py",
        lambda built: (
            "os.dup2(pw, fno)" in source_of("ipykernel.iostream")
            and "self.write(bts.decode(" in source_of("ipykernel.iostream")
            and "self._original_stdstream_fd = " in source_of("ipykernel.iostream")
            and "self._should_watch = False" in source_of("ipykernel.iostream")
        ),
    ),
]


def _equation_number():
    from sphinx.util.math import get_node_equation_number

    return get_node_equation_number


def _part_of_contents():
    from sphinx_external_toc.api import TocTree

    return TocTree


def _solution_node():
    from sphinx_exercise.nodes import solution_node

    return solution_node


def _create_component():
    from sphinx_design.shared import create_component

    return create_component


SQUARE = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
PAGES = {
    "index": "Front\n=====\n\n.. toctree::\n\n   one\n   two\n",
    "one": "One\n===\n\n.. _drawn:\n\n.. figure:: a.svg\n   :width: 9px\n   :height: 9px\n\n   Drawn\n",
    "two": "Two\n===\n\nText.\n",
}


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Built:
    """Three pages, built in this process."""
    root = tmp_path_factory.mktemp("internals")
    source = root / "source"
    source.mkdir()
    (source / "a.svg").write_text(SQUARE)
    for name, text in PAGES.items():
        (source / f"{name}.rst").write_text(text)
    settings = {
        "html_theme": "sphinx_book_theme",
        "numfig": True,
        "html_theme_options": {
            "repository_url": "https://github.com/owner/name",
            "use_repository_button": True,
            "use_edit_page_button": True,
        },
    }
    contexts = {}

    def keep(app, pagename, templatename, context, doctree):
        contexts[pagename] = context

    with patch_docutils(), docutils_namespace():
        app = Sphinx(
            source, None, root / "html", root / "doctrees", "html", settings, status=None, freshenv=True
        )
        app.connect("html-page-context", keep, priority=999)
        app.build()
        yield Built(app, contexts)


@pytest.mark.parametrize("reliance", RELIANCES, ids=lambda reliance: f"{reliance.package}: {reliance.what}")
def test_what_the_book_relies_on_is_as_it_was(reliance, built):
    now = version(reliance.package)
    changed = (
        f"{reliance.what}: no longer so in {reliance.package} {now} (tried on {reliance.tried}). "
        f"{reliance.where} relies on it."
    )
    try:
        holds = reliance.holds(built)
    except Exception as error:
        pytest.fail(f"{changed} ({type(error).__name__}: {error})")
    assert holds, changed


def test_the_list_names_the_installed_versions():
    stale = {
        f"{reliance.package} {reliance.tried} -> {version(reliance.package)}"
        for reliance in RELIANCES
        if version(reliance.package) != reliance.tried
    }
    assert not stale, "these moved: when the tests above pass, write the new version into the list"
