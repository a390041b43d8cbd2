"""The bibliography: its works, and the links between chapters and it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from htmlkit import build_book, make_book, soup_of
from pybtex.database import parse_file

from sphinxext import citations

BOOK = Path(__file__).resolve().parents[1] / "book"
WORKS = parse_file(str(BOOK / citations.WORKS)).entries
PAPER = "https://arxiv.org/abs/1611.05431"
BIB = """@misc{xie2017, author = {Xie, Saining}, title = {Paths}, year = {2017}, eprint = {1611.05431},
  archiveprefix = {arXiv}, names = {ResNeXt, Res-Ne}, keywords = {a}}
@misc{page, author = {Someone}, title = {A page}, url = {https://example.org/page}, keywords = {b}}
"""
PAGES = {
    "index.md": f"# A book\n\nA ResNeXt, see [it]({PAPER}).\n",
    "01-first.md": f"# First\n\nA ResNeXt, see [it]({PAPER}) and [another](https://arxiv.org/abs/1).\n",
    "02-second.md": "# Second\n\nA ResNeXts, `ResNeXt` and [a page](https://example.org/page).\n",
    "03-third.md": "# Third\n\nAResNeXt.\n\n## ResNeXt\n",
    "bibliography.md": '# Works\n\n```{bibliography}\n:filter: keywords % "a"\n```\n\n'
    '```{bibliography}\n:filter: keywords % "b"\n```\n',
}


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    root = make_book(tmp_path_factory.mktemp("works"), PAGES)
    (root / "book" / citations.WORKS).write_text(BIB, encoding="utf-8")
    return build_book(root)


def links_of(page) -> dict[str, str]:
    return {link.get_text(): link["href"] for link in soup_of(page).article.select("p a")}


def test_a_link_to_a_work_leads_to_its_entry(book) -> None:
    entries = [entry["id"] for entry in soup_of(book / "bibliography.html").select(".citation")]
    assert len(entries) == 2
    for name in ("index.html", "01-first.html"):
        assert links_of(book / name)["it"] == f"bibliography.html#{entries[0]}"
    assert links_of(book / "01-first.html")["another"] == "https://arxiv.org/abs/1"
    assert links_of(book / "02-second.html")["a page"] == f"bibliography.html#{entries[1]}"


def test_an_entry_leads_out_and_to_the_chapters_that_name_the_work(book) -> None:
    paths, page = soup_of(book / "bibliography.html").select(".citation")
    addresses = [link["href"] for link in paths.select("a")]
    assert PAPER in addresses
    assert paths.select_one("p.chapters").get_text() == "Chapters 1 and 2"
    assert [address for address in addresses if "html" in address] == ["01-first.html", "02-second.html"]
    assert "https://example.org/page" in [link["href"] for link in page.select("a")]
    assert not page.select("p.chapters")
    assert not soup_of(book / "bibliography.html").select('[role="list"], [role="doc-biblioentry"]')


# ---- The book itself ----


def markdown_of(chapter: Path) -> str:
    cells = json.loads(chapter.read_text(encoding="utf-8"))["cells"]
    return "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")


def test_every_paper_that_a_chapter_links_is_in_the_bibliography() -> None:
    known = {address for entry in WORKS.values() for address in citations.addresses_of(entry.fields)}
    linked = set()
    for chapter in BOOK.glob("[0-9]*.ipynb"):
        linked |= set(re.findall(r"https://(?:arxiv\.org|papers\.nips\.cc)/[^)\s]+", markdown_of(chapter)))
    assert len(linked) >= 6
    assert linked <= known


def test_every_work_is_listed_once_and_says_where_it_is_to_be_found(built_book) -> None:
    entries = soup_of(built_book / "bibliography.html").select(".citation")
    ids = [entry["id"] for entry in entries]
    assert sorted(re.sub(r"^cite-\d+-", "", name) for name in ids) == sorted(WORKS)
    for entry in entries:
        assert entry.select('a[href^="https://"]'), entry["id"]


def test_every_name_of_a_work_is_used(built_book) -> None:
    named = {
        re.sub(r"^cite-\d+-", "", entry["id"])
        for entry in soup_of(built_book / "bibliography.html").select(".citation:has(p.chapters)")
    }
    assert named == {key for key, entry in WORKS.items() if "names" in entry.fields}
