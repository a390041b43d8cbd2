"""What the tests of the pages share: small books built with the real settings, and a reader of built HTML."""

from __future__ import annotations

import functools
import json
import os
import re
import shutil
from collections import Counter
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import TypeVar
from urllib.parse import unquote, urlsplit

import build  # tools/build.py
import yaml
from bs4 import BeautifulSoup, SoupStrainer

from handouts.requirements import CONSTRAINTS, FILES

ROOT = Path(__file__).resolve().parents[1]
T = TypeVar("T")


# ---- Notebooks ----


def markdown(source: str, *tags: str) -> dict:
    """A Markdown cell, and what it is tagged with."""
    return {"cell_type": "markdown", "metadata": {"tags": list(tags)} if tags else {}, "source": source}


def code(source: str, *outputs: dict, tags: tuple[str, ...] = (), **metadata: object) -> dict:
    """A code cell with its stored outputs, its tags and what else is in its metadata."""
    if tags:
        metadata["tags"] = list(tags)
    return {
        "cell_type": "code",
        "execution_count": 1,
        "metadata": metadata,
        "outputs": list(outputs),
        "source": source,
    }


def printed(text: str) -> dict:
    """The output of a print."""
    return {"name": "stdout", "output_type": "stream", "text": text}


def shown(text: str) -> dict:
    """The output of a bare expression."""
    return {
        "data": {"text/plain": text},
        "execution_count": 1,
        "metadata": {},
        "output_type": "execute_result",
    }


def tabled(html: str) -> dict:
    """The output of a table."""
    return {
        "data": {"text/html": html, "text/plain": "<Table>"},
        "metadata": {},
        "output_type": "display_data",
    }


def drawn(svg: str) -> dict:
    """The output of a figure."""
    return {
        "data": {"image/svg+xml": svg, "text/plain": "<Figure>"},
        "metadata": {},
        "output_type": "display_data",
    }


def notebook(*cells: dict) -> str:
    """The text of a notebook's file; its cells get their ids here."""
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    return json.dumps({"cells": list(cells), "metadata": metadata, "nbformat": 4, "nbformat_minor": 5})


# ---- Small books ----


def make_book(
    root: Path, pages: dict[str, str], baseurl: str = "", repository: str = "", folders: tuple[str, ...] = ()
) -> Path:
    """Write a book into `root`: the real settings, extensions and theme, and the given pages (name to text).

    The first page is the front page. The two settings that the published book fills in can be given, and
    further folders of the real book that the pages need.
    """
    book = root / "book"
    ignored = shutil.ignore_patterns("__pycache__", "index.md")
    for folder in ("handouts", "sphinxext", "theme", *folders):
        shutil.copytree(ROOT / "book" / folder, book / folder, ignore=ignored)
    for name in ("LICENSE", *FILES, CONSTRAINTS):  # what lies in every handout
        shutil.copy(ROOT / name, root / name)
    settings = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    settings["html"]["baseurl"] = baseurl
    settings["repository"]["url"] = repository
    (root / "_config.yml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    names = list(pages)
    toc = {"format": "jb-book", "root": Path(names[0]).stem}
    if names[1:]:
        toc["parts"] = [
            {
                "caption": "The pages",
                "chapters": [{"file": str(Path(name).with_suffix(""))} for name in names[1:]],
            }
        ]
    (root / "_toc.yml").write_text(yaml.safe_dump(toc), encoding="utf-8")
    for name, text in pages.items():
        path = book / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def build_book(root: Path) -> Path:
    """Build a book the way `make book` does; the folder of its HTML. Raises SystemExit on any warning."""
    return build.build(root)


# ---- Reading built HTML ----


def pages_of(html: Path) -> list[Path]:
    """Every page of a built book, in a steady order."""
    return sorted(path for path in html.rglob("*.html") if "_static" not in path.parts)


def read_once(read: Callable[[Path], T]) -> Callable[[Path], T]:
    """Read a page once, and again when it was built anew. The result is shared: change nothing in it."""
    read_then = functools.cache(lambda page, written: read(page))

    @functools.wraps(read)
    def read_if_new(page: Path) -> T:
        return read_then(page, page.stat().st_mtime_ns)

    return read_if_new


@read_once
def soup_of(page: Path) -> BeautifulSoup:
    """The page, parsed."""
    return BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")


def part_of(page: Path, name: str) -> BeautifulSoup:
    """The elements of a class of a page, parsed: the rest costs a tree where many pages are read."""
    only = SoupStrainer(class_=re.compile(rf"(?<!\S){re.escape(name)}(?!\S)"))
    return BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser", parse_only=only)


class _Places(HTMLParser):
    """What a page can be entered at and where it leads: no tree, for of these pages there are many."""

    def __init__(self):
        super().__init__()
        self.ids: Counter[str] = Counter()
        self.references: list[str] = []

    def handle_starttag(self, tag, attrs):
        """Keep the element's id and the addresses that it names."""
        for name, value in attrs:
            if name == "id" and value:
                self.ids[value] += 1
            elif tag != "base" and name in ("href", "src", "action", "poster", "data") and value:
                self.references.append(value)

    handle_startendtag = handle_starttag


@read_once
def places_of(page: Path) -> _Places:
    """Every id of a page with how often it is there, and every address it names: links, images, scripts."""
    places = _Places()
    places.feed(page.read_text(encoding="utf-8"))
    return places


def is_external(address: str) -> bool:
    """Whether an address leads out of the book."""
    return bool(urlsplit(address).scheme) or address.startswith("//")


def dead_links(html: Path) -> list[str]:
    """The references between the pages of a built book that lead nowhere, as "page: address"."""
    root = html.resolve()
    pages = {page.resolve(): places_of(page) for page in pages_of(html)}
    files = {path.resolve() for path in html.rglob("*") if path.is_file()}
    dead = []
    for page, places in pages.items():
        for address in dict.fromkeys(places.references):
            parts = urlsplit(address)
            if is_external(address):
                continue
            target = Path(os.path.normpath(page.parent / unquote(parts.path))) if parts.path else page
            # The decoder reads a message from "#m=...", which is no place on its page.
            of_decoder = target.name == "decoder.html" and parts.fragment.startswith("m=")
            place = "" if of_decoder else unquote(parts.fragment)
            if target not in files or (place and target in pages and place not in pages[target].ids):
                dead.append(f"{page.relative_to(root)}: {address}")
    return dead
