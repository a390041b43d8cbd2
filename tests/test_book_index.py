"""The index: what stands in it, in which order, and where it leads."""

from __future__ import annotations

import base64
import json
import zlib

import pytest
from htmlkit import build_book, code, make_book, markdown, notebook, shown, soup_of

from sphinxext import api_links, search
from sphinxext.book_index import Item, key_of, letter_of

PAGES = {
    "index.md": "# A book\n",
    "01-first.ipynb": notebook(
        markdown("# First\n\nA batch."), code("nn.Conv2d(1, 2, 3), nn.my", shown("1"))
    ),
    "02-second.ipynb": notebook(markdown("# Second\n\nBatches."), code("nn.Conv2d.x, np.ones", shown("1"))),
    "errors/torch-one.md": "# <em> & two\n",
    "errors/list.md": "# All messages\n",
    "glossary.md": "# Glossary\n\n```{glossary}\nbatch\nlot\n  Images.\n```\n",
    "book-index.md": "---\nnosearch: true\n---\n\n# Index\n\nUnsearched.\n\n```{book-index}\n```\n",
}


@pytest.fixture(scope="module")
def html(tmp_path_factory):
    return build_book(make_book(tmp_path_factory.mktemp("index"), PAGES, folders=("errorguide",)))


def test_items_are_sorted_by_their_letters() -> None:
    assert [key_of(text) for text in ("'a' is", "_x", "Given", "2 x")] == ["a' is", "x", "given", "2 x"]
    assert [letter_of(Item(key, "")) for key in ("given", "2 x", "é", "")] == ["G", "0–9", "0–9", "0–9"]


def test_the_index_has_messages_functions_and_terms_under_letters(html) -> None:
    page = soup_of(html / "book-index.html").article
    assert [(link.get_text(), link["href"]) for link in page.select(".letters a")] == [
        (letter, f"#letter-{letter.lower()}") for letter in "BCELO"
    ]
    assert [heading["id"] for heading in page.select("h2")] == [f"letter-{letter}" for letter in "bcelo"]
    lines = [
        (line.get_text(), [link["href"] for link in line.select("a")]) for line in page.select("ul.index li")
    ]
    chapters = ["01-first.html", "02-second.html"]
    assert lines == [
        ("batch 1, 2", ["glossary.html#term-batch", *chapters]),
        ("nn.Conv2d 1, 2", chapters),
        ("<em> & two", ["errors/torch-one.html"]),
        ("lot 1, 2", ["glossary.html#term-batch", *chapters]),
        ("np.ones 2", chapters[1:]),
    ]


def test_the_search_does_not_quote_the_index(html) -> None:
    script = (html / "_static" / search.DATA_FILE).read_text(encoding="utf-8")
    known = zlib.decompress(base64.b64decode(script.split('"')[1]), wbits=-15).decode("utf-8")
    sections = {page["address"]: page["sections"] for page in json.loads(known)["pages"]}
    assert sections["book-index.html"] == [["", "Index", "", "", ""]]
    assert "Images." in sections["glossary.html"][0][2]


# ---- The book itself ----


def test_every_message_and_every_name_in_code_is_in_the_index(built_book) -> None:
    page = soup_of(built_book / "book-index.html").article
    linked = {link["href"] for link in page.select("ul.index a")}
    pages = {f"errors/{path.name}" for path in (built_book / "errors").glob("*-*.html")}
    assert len(pages) > 80
    assert pages <= linked
    named = {code.get_text() for code in page.select("ul.index code")}
    in_chapters = {
        link.get_text()
        for path in built_book.glob("[0-9]*.html")
        for link in soup_of(path).select(".cell_input a")
    }
    assert in_chapters <= named <= set(api_links.pages())
    assert all(line.select("a") for line in page.select("ul.index li"))
