"""What the search knows of the book: the text of every page, written beside the script that looks through it.

Sphinx's own index lists pages by words alone and has to be fetched. This one is a script, so that the search
works from a file too, and is loaded when a reader begins to search.
"""

from __future__ import annotations

import dataclasses
import html
import json
import posixpath
import re
from collections import Counter
from pathlib import Path

import yaml
from docutils import nodes
from sphinx.util import logging

from .decoder import DECODER_PAGE, packed
from .navigation import CHAPTER, PART, numbered

DATA_FILE = "search-data.js"
WORDS_FILE = "search_words.yml"  # what readers type for a page that says it in other words
# What Sphinx writes for its own search, which no page loads.
UNUSED = ("searchindex.js", "_static/searchtools.js", "_static/language_data.js")
FOLD = re.compile(r"<details\b(?!.*</details>)", re.DOTALL)
TAG = re.compile(r"<[^>]*>")
NAME = re.compile(r"[^\W\d]\w+")
PROGRAMS = {"python", "ipython3", "ipython", "default"}
SPACE = re.compile(r"\s+")
INDEX_PAGE = "book-index"
MOST_LINKS = 25  # a page with more is a list: it names everything, and says little of it
# What is no text of the page: pictures, formulas, what is not written, and titles, which stand on their own.
SKIPPED = (
    nodes.Text,
    nodes.comment,
    nodes.image,
    nodes.math_block,
    nodes.substitution_definition,
    nodes.system_message,
    nodes.target,
    nodes.title,
)


def kind_of(docname: str) -> str:
    """What a page is to a reader who searches: its address says so."""
    if CHAPTER.search(docname):
        return "chapter"
    if PART.search(docname):
        return "part"
    return "message" if re.match(r"errors/.*-", docname) else "page"


def label_of(docname: str) -> str:
    """What stands beside a page's title in the list of what was found."""
    kind = kind_of(docname)
    if kind == "message":
        from errorguide.catalogue import FRAMEWORKS

        name = docname.rpartition("/")[2].partition("-")[0]
        if name == "silent":
            return "Silent failure"
        if name in FRAMEWORKS:
            said = FRAMEWORKS[name].name.removeprefix("the ").removesuffix(" library")
            return f"{said[0].upper()}{said[1:]} message"
        return "Message"
    return {"chapter": "Chapter", "part": "Part", "page": "Reference"}[kind]


@dataclasses.dataclass
class Section:
    """A section of a page: its id, its heading, and its texts by what they are."""

    name: str
    heading: str
    prose: list[str] = dataclasses.field(default_factory=list)
    printed: list[str] = dataclasses.field(default_factory=list)
    code: list[str] = dataclasses.field(default_factory=list)


def sections_of(doctree: nodes.document) -> list[Section]:
    """A page's sections in their order. The first one is the page's beginning and needs no id."""
    sections: list[Section] = []

    def read(node: nodes.Element) -> None:
        title = node.next_node(nodes.title)
        heading = title.astext() if title is not None else ""
        sections.append(Section(node["ids"][0] if sections else "", heading))
        gather(node.children, sections[-1])

    def gather(children: list[nodes.Node], section: Section) -> None:
        folds = 0  # how many folds of a page about a message are open here; of each its line is kept
        for node in children:
            if isinstance(node, nodes.section):
                read(node)
            elif isinstance(node, nodes.raw) and FOLD.match(node.astext()):
                if not folds:
                    section.prose.append(html.unescape(TAG.sub(" ", node.astext())))
                folds += 1
            elif isinstance(node, nodes.raw) and node.astext().startswith("</details>"):
                folds -= 1
            elif folds or isinstance(node, SKIPPED) or node.get("decoder") or node.get("rules"):
                continue
            elif isinstance(node, nodes.raw):
                section.prose.append(html.unescape(TAG.sub(" ", node.astext())))
            elif isinstance(node, nodes.literal_block):
                is_code = node.get("language") in PROGRAMS
                (section.code if is_code else section.printed).append(node.astext())
            elif isinstance(node, nodes.TextElement):
                section.prose.append(node.astext())
            else:
                gather(node.children, section)

    if first := next(doctree.findall(nodes.section), None):
        read(first)
    return sections


def texts_of(sections: list[Section], keeps_printed: bool) -> list[tuple[str, str, str, str, str]]:
    """Of each section: id, heading, what is said, what is printed, and the names in code.

    A name is kept once a page: nobody searches for a line of a program, and they are many. So it is with what
    programs have printed, but for messages, which are searched for as a whole.
    """
    known: set[str] = set()
    texts = []
    for section in sections:
        printed, code = (
            (section.printed, section.code) if keeps_printed else ([], section.code + section.printed)
        )
        names = [name for name in dict.fromkeys(NAME.findall(" ".join(code))) if name not in known]
        known.update(names)
        prose, printed = one_line(section.prose), one_line(printed)
        texts.append((section.name, section.heading, prose, printed, " ".join(names)))
    return texts


def one_line(texts: list[str]) -> str:
    """Texts as one line."""
    return SPACE.sub(" ", " ".join(texts)).strip()


def leads_to(address: str, doctree: nodes.document) -> set[str]:
    """The addresses of the other pages that a page has links to."""
    links = (str(link.get("refuri", "")).partition("#")[0] for link in doctree.findall(nodes.reference))
    folder = posixpath.dirname(address)
    return {posixpath.normpath(posixpath.join(folder, link)) for link in links if link} - {address}


def remember(pages: dict, app, pagename, templatename, context, doctree):
    """Keep the text of a page that is written; of one with `nosearch: true` at its head, the title.

    The search's own pages are told where else to look.
    """
    if doctree is None:
        context["words_page"] = INDEX_PAGE if INDEX_PAGE in app.env.found_docs else None
        return
    sections = sections_of(doctree)
    if "nosearch" in app.env.metadata[pagename]:
        sections = [Section("", sections[0].heading)]
    pages[pagename] = {
        "address": app.builder.get_target_uri(pagename),
        "title": numbered(pagename, app.env.titles[pagename].astext()),
        "kind": "list" if pagename == app.config.root_doc else kind_of(pagename),
        "label": label_of(pagename),
        "leads_to": leads_to(app.builder.get_target_uri(pagename), doctree),
        "sections": texts_of(sections, kind_of(pagename) == "message"),
    }


def words_of_pages(app) -> dict[str, list[str]]:
    """By page, the phrases that readers type for it; none where the book has no such file."""
    path = Path(app.srcdir) / WORDS_FILE
    listed = yaml.safe_load(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return {page: [phrase.strip() for phrase in phrases.split(",")] for page, phrases in listed.items()}


def check_words(app, env):
    """Name the pages that have phrases and are not there: the build stops."""
    for page in sorted(set(words_of_pages(app)) - env.found_docs):
        logging.getLogger(__name__).warning("%s names the page %r, which is not there", WORDS_FILE, page)


def in_order(env) -> list[str]:
    """The pages in the order of the table of contents."""
    order = []

    def follow(docname: str) -> None:
        order.append(docname)
        for below in env.toctree_includes.get(docname, []):
            if below not in order:
                follow(below)

    follow(env.config.root_doc)
    return order


def write_data(pages: dict, app, error):
    """Write the pages' texts, and leave out what Sphinx wrote for its own search."""
    if error or app.builder.name != "html":
        return
    words = words_of_pages(app)
    for name, page in pages.items():
        page["words"] = words.get(name, [])
    listed = [pages[name] for name in in_order(app.env) if name in pages]
    for page in listed:
        if page["kind"] == "page" and len(page["leads_to"]) > MOST_LINKS:
            page["kind"] = "list"
    links = Counter(address for page in listed for address in page.pop("leads_to"))
    for page in listed:
        page["links"] = links[page["address"]]
    places = {"decoder": DECODER_PAGE, "words": INDEX_PAGE}  # what a search that finds nothing leads to
    known = {"pages": listed, **{what: f"{name}.html" for what, name in places.items() if name in pages}}
    script = f'window.bookSearchData = "{packed(json.dumps(known, ensure_ascii=False))}";\n'
    (Path(app.outdir) / "_static" / DATA_FILE).write_text(script, encoding="utf-8")
    for name in UNUSED:
        (Path(app.outdir) / name).unlink(missing_ok=True)


def setup(app):
    """Connect the reading and the writing."""
    pages: dict[str, dict] = {}
    app.add_js_file("search.js")
    app.connect("env-check-consistency", check_words)
    app.connect("html-page-context", lambda *page: remember(pages, *page))
    app.connect("build-finished", lambda *built: write_data(pages, *built))
