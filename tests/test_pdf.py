"""The book as one PDF: its page numbers, outline and links, and how pages are made ready for paper."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from browserkit import need_browser
from bs4 import BeautifulSoup
from pypdf import PdfReader

import pdf
from one_page import Edition, Entry, OnePage, move_ids_to_heads, number_of, with_numbers, without_dead_ends

ROOT = Path(__file__).resolve().parents[1]
CHAPTERS = ["01-expected-32-got-64", "08-the-weight-decides"]
SETTINGS = {"title": "Two, <chapters>", "author": "The authors"}


def plain(text: str) -> str:
    """A text without spaces and ligatures, which a PDF sets as it likes."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def composed(html: Path, names: list[str], **edition: str) -> OnePage:
    page = OnePage(html, names, Edition(**edition))
    page.add_part("The pages", names)
    page.add_solutions()
    return page


def soup_of(page: OnePage) -> BeautifulSoup:
    return BeautifulSoup(page.text("Title", "Author"), "html.parser")


# ---- Two chapters, printed ----


@pytest.fixture(scope="module")
def printed(built_book, tmp_path_factory) -> tuple[PdfReader, dict[str, int]]:
    """Two chapters of the book as a PDF, and the page of each place."""
    need_browser("the PDF of the book")
    target = tmp_path_factory.mktemp("pdf") / "two.pdf"
    pages = pdf.make_pdf(target, {"The part": CHAPTERS}, Edition(), SETTINGS, built_book)
    return PdfReader(target), pages


@pytest.fixture(scope="module")
def lines(built_book) -> list[Entry]:
    """Every line of the contents that has a page."""

    def flat(entries: list[Entry]) -> list[Entry]:
        return [line for entry in entries for line in (entry, *flat(entry.below))]

    return [line for line in flat(composed(built_book, CHAPTERS).contents) if line.place]


def test_the_numbers_in_the_contents_are_those_of_the_pages(printed, lines):
    reader, pages = printed
    texts = [plain(page.extract_text()) for page in reader.pages]
    contents = "".join(texts[1 : pages[CHAPTERS[0]] - 1])
    assert len(lines) > 25 and pages[CHAPTERS[1]] > 10
    for line in lines:
        page = pages[line.place]
        assert f"{plain(line.title)}{page}" in contents, line
        assert plain(line.title) in texts[page - 1], line
    for number, text in enumerate(texts[1:], start=2):
        assert f"{number}/{len(texts)}" in text


def test_a_link_to_another_chapter_says_its_page(printed):
    reader, pages = printed
    text = plain(reader.pages[pages["08-the-weight-decides"] - 1].extract_text())
    assert f"chapter1(p.{pages['01-expected-32-got-64']})" in text
    assert "000" not in text


def test_the_outline_is_the_contents(printed, lines):
    reader, pages = printed

    def flat(items) -> list[tuple[str, int]]:
        found = []
        for item in items:
            if isinstance(item, list):
                found += flat(item)
            else:
                found.append((item.title, reader.get_destination_page_number(item) + 1))
        return found

    assert flat(reader.outline) == [
        ("The part", pages[CHAPTERS[0]]),
        *((line.title, pages[line.place]) for line in lines),
    ]
    assert reader.metadata.title == SETTINGS["title"]


def test_links_lead_into_the_pdf_or_to_the_web(printed):
    reader, _ = printed
    actions = [annotation.get_object() for page in reader.pages for annotation in page.get("/Annots") or []]
    addresses = [link["/A"]["/URI"] for link in actions if "/A" in link and "/URI" in link["/A"]]
    assert [address for address in addresses if not address.startswith("https://")] == []
    inside = {link["/Dest"] for link in actions if "/Dest" in link}
    assert len(inside) > 30
    assert {name.removeprefix("/") for name in inside} <= {
        name.removeprefix("/") for name in reader.named_destinations
    }


def test_solutions_stand_at_the_end(printed):
    reader, pages = printed
    asked = [plain("What did you predict?") in plain(page.extract_text()) for page in reader.pages]
    assert any(asked) and not any(asked[: pages["solutions"] - 1])


# ---- One page of many ----


def test_all_tabs_are_written_out_or_those_of_one_framework(small_book):
    names = ["01-first", "02-second"]
    everything = soup_of(composed(small_book, names))
    assert not everything.select("article input, label, script, form, .only-dark")
    assert "NumPy pads with" in everything.get_text() and "PyTorch pads with" in everything.get_text()
    labels = [label.get_text().strip() for label in everything.select(".printed-label")]
    assert labels[:3] == ["NumPy", "PyTorch", "TensorFlow"]
    one = soup_of(composed(small_book, names, framework="pytorch"))
    assert "NumPy pads with" not in one.get_text() and "PyTorch pads with" in one.get_text()
    assert not one.select(".printed-label")
    assert "tf.nn.conv2d" in one.get_text()  # a cell without partners stays
    assert "PyTorch’s is printed" in one.select_one(".cover").get_text()


def test_ids_are_used_once_and_every_link_leads_somewhere(small_book):
    soup = soup_of(composed(small_book, ["01-first", "02-second"]))
    ids = [element["id"] for element in soup.select("[id]")]
    assert len(ids) == len(set(ids))
    links = [link["href"] for link in soup.select("a[href]")]
    assert links and {link[1:] for link in links if link.startswith("#")} <= set(ids)
    assert all(link.startswith(("#", "https://")) for link in links)


def test_a_page_that_is_not_printed_is_linked_on_the_web_or_not_at_all(small_book):
    without = soup_of(composed(small_book, ["01-first"]))
    assert "see The second page" in " ".join(without.get_text().split())
    assert not [link for link in without.select("article a[href]") if "second" in link["href"]]
    marked = [link.get_text() for link in without.select("article .not-printed")]
    assert "The second page" in marked and without.select("nav .not-printed")  # said what the marks are
    assert not soup_of(composed(small_book, ["01-first", "02-second"])).select(".not-printed")
    address = "https://book.example/shapes/"
    within = soup_of(composed(small_book, ["01-first"], address=address))
    assert within.find("a", href=f"{address}02-second.html")


def test_addresses_and_page_numbers_do_not_interrupt_code_and_words_of_the_glossary(tmp_path):
    links = '<a href="https://a.example">a</a><a href="b.html">b</a><a class="term" href="b.html">c</a>'
    for name in ("a", "b"):
        article = f'<article class="bd-article"><h1>{name}</h1><p>{links}</p><pre>{links}</pre></article>'
        (tmp_path / f"{name}.html").write_text(article)
    soup = soup_of(composed(tmp_path, ["a", "b"]))
    text, code = soup.article.p, soup.article.pre
    assert [link.get_text() for link in text.select("a.on-the-web")] == ["a"]
    assert text.get_text() == "ab (p. 000)c"
    assert code.get_text() == "abc" and not code.select(".on-the-web") and len(code.select("a")) == 3


def test_a_line_of_the_index_that_leads_nowhere_is_left_out(tmp_path):
    lines = '<h2 id="b">B</h2><ul class="index"><li><a href="a.html">bias</a></li>{}</ul>{}'
    error = '<li><a href="errors/x.html">It failed</a></li>'
    other = f'<h2 id="i">I</h2><ul class="index">{error}</ul>'
    for name, text in (("a", ""), ("index", lines.format(error, other))):
        article = f'<article class="bd-article"><h1>{name}</h1>{text}</article>'
        (tmp_path / f"{name}.html").write_text(article)
    soup = soup_of(composed(tmp_path, ["a", "index"]))
    assert [line.a.get_text() for line in soup.select("ul.index li")] == ["bias"]
    assert [head.get_text() for head in soup.select("h2")] == ["B"]


def test_the_page_of_a_part_is_its_line_of_the_contents(tmp_path):
    for name, title in (("part-a", "Weights"), ("01-b", "A chapter")):
        (tmp_path / f"{name}.html").write_text(f'<article class="bd-article"><h1>{title}</h1></article>')
    page = OnePage(tmp_path, ["part-a", "01-b"], Edition())
    page.add_part("Weights", ["part-a", "01-b"])
    assert page.contents == [Entry("Weights", "part-a", [Entry("A chapter", "01-b")])]


def test_the_cover_is_that_of_the_front_page(tmp_path, small_book):
    (tmp_path / "index.html").write_text(
        '<article><h1>T</h1><div class="cover-words"><p><em>A  line.</em></p><p>Text</p></div>'
        '<div class="cover-figure"><img src="a.svg"><img class="only-dark" src="b.svg"></div>'
    )
    assert pdf.cover_of(tmp_path) == ("A line.", "a.svg")
    assert pdf.cover_of(small_book)[1] == ""


def test_a_link_to_a_place_that_is_gone_becomes_text():
    gone = f'<a href="#gone">that</a> ({number_of("gone")})'
    assert without_dead_ends(f'{gone}, <a href="#a">a</a>', {"a"}) == 'that, <a href="#a">a</a>'


def test_numbers_are_filled_in():
    mark = number_of("a")
    assert with_numbers(mark, {"a": 12}) == mark.replace("000", "12")
    assert with_numbers(mark.replace("000", "12"), {"a": 9}) == mark.replace("000", "9")


def test_a_page_to_type_into_is_left_out(built_book):
    assert OnePage(built_book, ["decoder"], Edition()).add("decoder") is None


def test_what_one_page_sets_for_itself_holds_for_no_other(tmp_path):
    (tmp_path / "_static" / "pages").mkdir(parents=True)
    rules = "@page { margin: 8mm; @bottom-center { content: none; } } html { font-size: 6pt; }"
    (tmp_path / "_static" / "pages" / "a.css").write_text(rules)
    for name, sheet in (("a", "pages/a.css?v=1"), ("b", "book.css?v=1")):
        link = f'<link rel="stylesheet" href="_static/{sheet}">'
        article = f'<article class="bd-article"><h1>{name}</h1></article>'
        (tmp_path / f"{name}.html").write_text(link + article)
    soup = soup_of(composed(tmp_path, ["a", "b"]))
    assert [link["href"] for link in soup.select('link[rel="stylesheet"]')] == ["_static/book.css?v=1"]
    style = " ".join(soup.style.get_text().split())
    assert '[data-styled="a"] { html { font-size: 6pt; } }' in style
    assert "@page styled-a { margin: 8mm; @bottom-center { content: none; } }" in style
    assert '[data-styled="a"] > article { page: styled-a; }' in style
    assert [box.h1.get_text() for box in soup.select("[data-styled]")] == ["a"]


def test_error_pages_are_printed_on_demand(built_book):
    parts = pdf.parts_of(ROOT, built_book)
    with_errors = pdf.parts_of(ROOT, built_book, errors=True)
    assert parts["The failure"][:2] == ["part-the-failure", CHAPTERS[0]]
    assert "errors/index" in parts["Reference"]
    assert "errors/pytorch-conv-channels" not in parts["Reference"]
    assert "errors/pytorch-conv-channels" in with_errors["Reference"]


# ---- What is missing is said in a sentence ----


@pytest.mark.parametrize(
    ("arguments", "environment", "expected"),
    [
        (["--html", "nowhere"], {}, "make pdf: there is no built book yet; run 'make book' first."),
        (["--framework", "jax"], {}, "FRAMEWORK is one of numpy, pytorch, tensorflow, not jax."),
        ([], {"PATH": "", "CHROMIUM": ""}, "there is no Chromium to print with; install Chromium"),
        ([], {"CHROMIUM": "a"}, "make pdf: the built book has no page part-the-failure; run"),
    ],
)
def test_what_is_missing_is_said_in_one_sentence(small_book, arguments, environment, expected):
    command = [sys.executable, str(ROOT / "tools" / "pdf.py"), "--html", str(small_book), *arguments]
    said = subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True)
    assert said.returncode == 1
    assert expected in said.stderr
    assert len(said.stderr.strip().splitlines()) == 1


def test_where_chromium_prints_nothing_it_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr(pdf, "CHROMIUM", "/bin/false")
    with pytest.raises(SystemExit, match="Chromium did not print the book: it said nothing"):
        pdf.print_page(tmp_path / "page.html", tmp_path / "page.pdf")


def test_a_title_that_is_printed_a_page_later_carries_its_place():
    box = '<section id="a"><span id="b"></span><h2>Title</h2><p id="c"></p></section>'
    soup = BeautifulSoup(f"<article>{box}</article>", "html.parser")
    move_ids_to_heads(soup.article)
    assert {span["id"] for span in soup.h2.select("span")} == {"a", "b"}
    assert soup.section.attrs == {} and soup.p["id"] == "c"
