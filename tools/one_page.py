"""The built book as one page, to be printed: chapters one after the other, contents before, solutions behind.

What a page can only do on a screen is undone: tabs are written out, folds are open, a link to another page of
the book leads to its place in this one and says on which page of paper that is.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from bs4 import BeautifulSoup, Tag

FRAMEWORKS = {"numpy": "NumPy", "pytorch": "PyTorch", "tensorflow": "TensorFlow"}
ERROR_PAGE = re.compile(r"errors/(?!index$)")  # many and short: they do not begin a page of paper
HEADS = "h1, h2, h3, h4, summary, .admonition-title"
LEFT_OUT = "a.headerlink, .only-dark, script, noscript, button, form"
INDEX = "ul.index"  # its lines, and its letters, are left out where nothing that they lead to is printed
PAGE_RULE = re.compile(r"@page\s*(\{(?:[^{}]|\{[^{}]*\})*\})")
OWN_STYLE = "/pages/"  # in the address of a style sheet that one page alone has
STYLED = "data-styled"  # the box of an article with such a style sheet
# A page that is used by typing into it, or by downloading what it lists, says nothing on paper.
NEEDS_A_SCREEN = re.compile('<textarea|<table class="handouts')
STYLE = (Path(__file__).parent / "paper.css").read_text(encoding="utf-8")

NOTE = """<p><span class="not-printed">Words above dots</span> lead, on the screen, to pages that are not
printed.</p>"""
UNKNOWN = "000"  # a page's number, before it is known
NUMBER = re.compile(r'(<span class="on-page" data-place="([^"]+)">(?:p\. )?)\d+(</span>)')
LINK = re.compile(
    r'<a\b[^>]*\bhref="#([^"]+)"[^>]*>(.*?)</a>( \(<span class="on-page"[^>]*>[^<]*</span>\))?', re.DOTALL
)

TEMPLATE = """<!DOCTYPE html>
<html lang="en" data-theme="light" data-mode="light">
<head><meta charset="utf-8"><title>{title}</title>{styles}</head>
<body><div class="bd-container"><div class="bd-container__inner">
<main class="bd-main"><div class="bd-content"><div class="bd-article-container">
<div class="cover bd-article"><h1>{title}</h1><p><em>{subtitle}</em></p><p>{author}</p><p>{edition}</p>
<p>Text and figures CC BY 4.0, code MIT.</p>{picture}</div>
<nav class="bd-article book-contents"><h1>Contents</h1>{note}{contents}</nav>
{articles}
</div></div></main>
</div></div></body></html>
"""


@dataclass(frozen=True)
class Edition:
    """What is printed: the code of one framework or (empty) of all, and where the book lies on the web."""

    framework: str = ""
    address: str = ""


@dataclass
class Entry:
    """A line of the contents: a title, the id of its place (none for a part), and the lines below it."""

    title: str
    place: str = ""
    below: list[Entry] = field(default_factory=list)


class OnePage:
    """One page of many of a built book, added one by one, and the contents that come of it."""

    def __init__(self, html: Path, names: list[str], edition: Edition):
        self.html = html
        # Of all pages that will be added, those that can be printed: links to these lead into this page.
        self.names = [name for name in names if not NEEDS_A_SCREEN.search(self.read(name))]
        self.edition = edition
        self.contents: list[Entry] = []
        self.articles: list[str] = []
        self.solutions: list[tuple[Entry, list[Tag]]] = []
        self.styles: dict[str, None] = {}  # addresses of style sheets, in the order in which pages name them
        self.own_styles: list[str] = []  # rules of pages that have some of their own

    def add_part(self, title: str, names: list[str]) -> None:
        """Add the pages of a part of the book, and its lines to the contents.

        A first page that has the part's title is the part's own, and has no line below it.
        """
        added = [entry for name in names if (entry := self.add(name))]
        if added and added[0].title == title:
            self.contents.append(Entry(title, added[0].place, added[1:]))
        elif added:
            self.contents.append(Entry(title, below=added))

    def add(self, name: str) -> Entry | None:
        """Add a page; return its line in the contents, or None where it is left out."""
        if name not in self.names:
            return None
        soup = BeautifulSoup(self.read(name), "html.parser")
        article = soup.select_one("article.bd-article")
        self.take_styles(soup, article, name)
        for unused in article.select(LEFT_OUT):
            unused.decompose()
        write_tabs_out(article, self.edition.framework)
        for fold in article.select("details"):
            fold["open"] = ""
        self.make_places(article, name)
        entry = Entry(text_of(article.h1), place_of(name))
        article["data-chapter"] = entry.place
        article.h1.insert(0, anchor(entry.place))
        if not ERROR_PAGE.match(name):
            article["class"] = [*article["class"], "begins-a-page"]
            heads = article.select("section > section > h2")
            entry.below = [Entry(text_of(head), head.find(id=True)["id"]) for head in heads]
        self.take_solutions(article, entry)
        self.articles.append(str(article.parent if article.parent.has_attr(STYLED) else article))
        return entry

    def read(self, name: str) -> str:
        """The HTML of a page of the built book."""
        return (self.html / f"{name}.html").read_text(encoding="utf-8")

    def take_styles(self, soup: BeautifulSoup, article: Tag, name: str) -> None:
        """Take the style sheets of a page; one that it alone has is held to its article, put in a box."""
        for link in soup.select('link[rel="stylesheet"]'):
            address = posixpath.normpath(posixpath.join(posixpath.dirname(name), link["href"]))
            if OWN_STYLE not in address:
                self.styles[address] = None
                continue
            article.wrap(soup.new_tag("div", attrs={STYLED: name}))
            rules = (self.html / urlsplit(address).path).read_text(encoding="utf-8")
            self.own_styles += own_rules(rules, name)

    def make_places(self, article: Tag, name: str) -> None:
        """Make ids the one page's own; links of the book lead into it or to the web, or are marked."""
        for element in article.select("[id]"):
            element["id"] = place_of(name, element["id"])
        move_ids_to_heads(article)
        folder = posixpath.dirname(name)
        for image in article.select("img[src]"):
            image["src"] = posixpath.normpath(posixpath.join(folder, image["src"]))
        for link in article.select("a[href]"):
            parts = urlsplit(link["href"])
            path = posixpath.normpath(posixpath.join(folder, unquote(parts.path))) if parts.path else ""
            page = path.removesuffix(".html") or name
            in_code = link.find_parent("pre") is not None  # what stands amid code is read as code
            if parts.scheme:
                link["class"] = [] if in_code else ["on-the-web"]
            elif page in self.names:
                place = place_of(page, unquote(parts.fragment))
                link["href"] = f"#{place}"
                # Words of the glossary are many, and so would be their pages.
                if page != name and not in_code and "term" not in link.get("class", []):
                    link.insert_after(BeautifulSoup(f" ({number_of(place)})", "html.parser"))
            elif self.edition.address:
                link["href"] = urljoin(f"{self.edition.address.rstrip('/')}/{name}", link["href"])
            else:
                link.name, link.attrs = "span", {"class": ["not-printed"]}
        for letter in article.select(INDEX):
            for line in letter.select("li:not(:has(a))"):
                line.decompose()
            if not letter.li:
                letter.find_previous_sibling("h2").decompose()
                letter.decompose()

    def take_solutions(self, article: Tag, entry: Entry) -> None:
        """Take the solutions out of a page, to be printed behind all pages; a link says where."""
        found = article.select("details.solution")
        for solution in found:
            link = reference(text_of(solution.summary), solution.summary.find(id=True)["id"])
            solution.replace_with(BeautifulSoup(f"<p>{link}</p>", "html.parser"))
        if found:
            self.solutions.append((entry, found))

    def add_solutions(self) -> None:
        """Add the solutions of all pages, one section a page."""
        chapter, sections = Entry("Solutions", "solutions"), ""
        for entry, solutions in self.solutions:
            line = Entry(entry.title, f"solutions-{entry.place}")
            chapter.below.append(line)
            texts = "".join(map(str, solutions))
            sections += f"<section><h2>{anchor(line.place)}{escape(line.title)}</h2>{texts}</section>"
        if sections:
            self.contents.append(chapter)
            head = f"<h1>{anchor(chapter.place)}{chapter.title}</h1>"
            begin = f'<article class="bd-article begins-a-page" data-chapter="{chapter.place}">'
            self.articles.append(f"{begin}{head}{sections}</article>")

    def text(self, title: str, author: str, subtitle: str = "", picture: str = "") -> str:
        """The page as HTML, to lie in the folder of the built book."""
        articles = "\n".join(self.articles)
        links = "".join(f'<link rel="stylesheet" href="{name}">' for name in self.styles)
        return TEMPLATE.format(
            title=escape(title),
            subtitle=escape(subtitle),
            author=escape(author),
            picture=f'<img src="{escape(picture)}" alt="">' if picture else "",
            edition=escape(edition_line(self.edition.framework)),
            styles=f"{links}<style>{''.join(self.own_styles)}{STYLE}{running_titles(self.contents)}</style>",
            contents=contents_list(self.contents),
            note=NOTE if "not-printed" in articles else "",
            articles=without_dead_ends(articles, set(re.findall(r'\bid="([^"]+)"', articles))),
        )


def own_rules(rules: str, name: str) -> list[str]:
    """The rules of a page's own style sheet, for its article; its margins, for the paper of that article."""
    box, paper = f'[{STYLED}="{name}"]', f"styled-{name}"
    margins = "".join(f"@page {paper} {found[1]}" for found in PAGE_RULE.finditer(rules))
    named = f"{box} > article {{ page: {paper}; }}" if margins else ""
    return [f"{box} {{ {PAGE_RULE.sub('', rules)} }}", margins, named]


# ---- Tabs ----


def write_tabs_out(article: Tag, framework: str) -> None:
    """Put each tab under its name; where one framework is asked for and there, only its tab is left."""
    for tabs in article.select(".sd-tab-set"):
        for button in tabs.find_all("input", recursive=False):
            button.decompose()
        labels = tabs.find_all("label", recursive=False)
        chosen = [label for label in labels if framework and label.get("data-sync-id") == framework]
        for label in labels:
            if chosen and label not in chosen:
                label.find_next_sibling(class_="sd-tab-content").decompose()
            if chosen:
                label.decompose()
            else:
                label.name, label.attrs = "p", {"class": ["printed-label"]}


def edition_line(framework: str) -> str:
    """Which code is printed, in a sentence."""
    if not framework:
        return "With the code of all three: NumPy from scratch, PyTorch, and TensorFlow with Keras."
    return f"Where the code differs, {FRAMEWORKS[framework]}’s is printed."


# ---- Places, and the pages of paper on which they are ----


def place_of(page: str, place: str = "") -> str:
    """The id, in the one page, of a page or of a place on it."""
    begin = page.replace("/", "-")
    return f"{begin}--{place}" if place else begin


def anchor(place: str) -> Tag:
    """An empty element with an id."""
    return BeautifulSoup(f'<span id="{escape(place)}"></span>', "html.parser").span


def move_ids_to_heads(article: Tag) -> None:
    """Move the ids of sections and boxes to their titles, which may be printed a page after the box."""
    for box in article.select("section, details, .admonition"):
        head = next((child for child in box.find_all(True, recursive=False) if child.css.match(HEADS)), None)
        if head is None:
            continue
        labels = [label.extract() for label in head.find_previous_siblings("span", id=True)]
        if "id" in box.attrs:
            labels.append(anchor(box.attrs.pop("id")))
        for label in labels:
            head.insert(0, label)


def number_of(place: str, before: str = "p. ") -> str:
    """The mark of a page's number; the number is filled in when the book has been printed once."""
    return f'<span class="on-page" data-place="{escape(place)}">{before}{UNKNOWN}</span>'


def reference(text: str, place: str) -> str:
    """A link to a place of the book that says on which page it is."""
    return f'<a href="#{escape(place)}">{escape(text)}</a> ({number_of(place)})'


def with_numbers(text: str, pages: dict[str, int]) -> str:
    """The page with the numbers of the places that are known."""
    return NUMBER.sub(lambda found: f"{found[1]}{pages.get(found[2], UNKNOWN)}{found[3]}", text)


def without_dead_ends(text: str, known: set[str]) -> str:
    """Let a link to a place that is not printed be its text, without a page."""
    return LINK.sub(lambda found: found[0] if found[1] in known else found[2], text)


# ---- Contents ----


def text_of(element: Tag) -> str:
    """The text of a heading on one line."""
    return " ".join(element.get_text().split())


def contents_list(entries: list[Entry]) -> str:
    """The contents as nested lists: each line a link, and the page on which it begins."""
    lines = []
    for entry in entries:
        title, number = escape(entry.title), ""
        if entry.place:
            title, number = f'<a href="#{escape(entry.place)}">{title}</a>', number_of(entry.place, "")
        below = contents_list(entry.below) if entry.below else ""
        lines.append(f'<li><div class="line">{title}{number}</div>{below}</li>')
    return f"<ol>{''.join(lines)}</ol>"


def running_titles(contents: list[Entry]) -> str:
    """Styles that print a chapter's title at the head of each of its pages of paper."""
    chapters = [line for part in contents for line in ([part, *part.below] if part.place else part.below)]
    rules = []
    for number, entry in enumerate(entry for entry in chapters if entry.below):
        said = entry.title.replace("\\", "\\\\").replace('"', '\\"').replace("<", "\\3c ")
        head = f'content: "{said}"; font: 8pt sans-serif; color: #444;'
        rules.append(f"@page running{number} {{ @top-right {{ {head} }} }}")
        rules.append(f'[data-chapter="{entry.place}"] {{ page: running{number}; }}')
    return "\n".join(rules)
