"""Print the built book as one PDF: what `make pdf` does.

Chromium does not know on which page a link leads. The book is printed, the pages of its places are read from
the PDF and written into the contents, and it is printed again, until they are right.
"""

from __future__ import annotations

import argparse
import logging
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml
from bs4 import BeautifulSoup
from pypdf import PdfReader, PdfWriter

from chromium import CHROMIUM, FLAGS, HOW_TO_GET_IT
from one_page import ERROR_PAGE, FRAMEWORKS, Edition, Entry, OnePage, with_numbers

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "book"))

from handouts.shelf import slug  # noqa: E402

HTML = ROOT / "_build" / "html"
PDF = ROOT / "_build" / "pdf"
TRIES = 5
LONGEST = 1200  # seconds for one printing of the whole book

# It warns of a number in the trailer that Chromium writes; the file is whole.
logging.getLogger("pypdf").setLevel(logging.ERROR)


def parts_of(root: Path, html: Path, errors: bool = False) -> dict[str, list[str]]:
    """{name of a part: names of its built pages} of the table of contents, in reading order."""
    toc = yaml.safe_load((root / "_toc.yml").read_text(encoding="utf-8"))
    parts = {}
    for part in toc["parts"]:
        names = [name for entry in part["chapters"] for name in pages_of(entry, html, errors)]
        parts[part["caption"]] = list(dict.fromkeys(names))
    return parts


def pages_of(entry: dict, html: Path, errors: bool) -> list[str]:
    """The pages of an entry of the table of contents and of those below it."""
    if "glob" in entry:
        found = sorted(path.relative_to(html) for path in html.glob(f"{entry['glob']}.html"))
        names = [path.with_suffix("").as_posix() for path in found]
        return [name for name in names if errors or not ERROR_PAGE.match(name)]
    below = [name for each in entry.get("sections", []) for name in pages_of(each, html, errors)]
    return [entry["file"], *below]


def print_page(source: Path, target: Path) -> None:
    """Have Chromium print an HTML file. Raises SystemExit with one sentence where it does not."""
    with tempfile.TemporaryDirectory() as profile:
        command = [
            CHROMIUM, "--headless", *FLAGS, f"--user-data-dir={profile}", "--no-pdf-header-footer",
            "--virtual-time-budget=60000", "--allow-file-access-from-files", f"--print-to-pdf={target}",
            source.as_uri(),
        ]  # fmt: skip
        target.unlink(missing_ok=True)
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise SystemExit(f"make pdf: Chromium did not print the book: {error}.") from None
    if not target.is_file():
        said = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise SystemExit(f"make pdf: Chromium did not print the book: {said}")


def places_in(pdf: Path) -> dict[str, int]:
    """{id: number of its page, from 1} of the places that links of a printed page lead to."""
    reader = PdfReader(pdf)
    return {
        name.removeprefix("/"): reader.get_destination_page_number(place) + 1
        for name, place in reader.named_destinations.items()
    }


def print_with_numbers(text: str, html: Path, target: Path) -> dict[str, int]:
    """Print a page until the numbers that it says are those on which its places are; return those."""
    pages: dict[str, int] = {}
    source = html / ".printed.html"  # beside the files that it names
    try:
        for _ in range(TRIES):
            source.write_text(with_numbers(text, pages), encoding="utf-8")
            print_page(source, target)
            before, pages = pages, places_in(target)
            if pages == before:
                return pages
    finally:
        source.unlink(missing_ok=True)
    raise SystemExit(f"make pdf: the pages' numbers were not the same twice in {TRIES} printings.")


def add_outline(pdf: Path, contents: list[Entry], pages: dict[str, int], title: str, author: str) -> None:
    """Write the contents into a PDF as its outline, with its title and author."""
    writer = PdfWriter(clone_from=pdf)

    def add(entries: list[Entry], parent=None) -> None:
        for entry in entries:
            page = pages[entry.place or entry.below[0].place]
            item = writer.add_outline_item(title=entry.title, page_number=page - 1, parent=parent)
            add(entry.below, item)

    add(contents)
    writer.add_metadata({"/Title": title, "/Author": author})
    writer.page_mode = "/UseOutlines"
    writer.write(pdf)


def cover_of(html: Path) -> tuple[str, str]:
    """The line below the front page's title, and the address of the picture beside it, or empty."""
    front = BeautifulSoup((html / "index.html").read_text(encoding="utf-8"), "html.parser")
    line = front.select_one("article h1 ~ p > em:only-child, .cover-words > p > em:only-child")
    picture = front.select_one(".cover-figure img:not(.only-dark)")
    return " ".join(line.get_text().split()) if line else "", picture["src"] if picture else ""


def make_pdf(
    target: Path, parts: dict[str, list[str]], edition: Edition, settings: dict, html: Path = HTML
) -> dict[str, int]:
    """Print these pages of the built book into a PDF; return the page of each place that a link leads to."""
    page = OnePage(html, [name for names in parts.values() for name in names], edition)
    for title, names in parts.items():
        page.add_part(title, names)
    page.add_solutions()
    text = page.text(settings["title"], settings["author"], *cover_of(html))
    target.parent.mkdir(parents=True, exist_ok=True)
    pages = print_with_numbers(text, html, target)
    add_outline(target, page.contents, pages, settings["title"], settings["author"])
    return pages


def main() -> None:
    """Print what is asked for, and say where it is."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--framework", default="", help=f"only this one's code: {', '.join(FRAMEWORKS)}")
    parser.add_argument("--errors", action="store_true", help="also the pages about one error each")
    parser.add_argument("--html", type=Path, default=HTML, help="the built book (default: _build/html)")
    asked = parser.parse_args()
    if asked.framework and asked.framework not in FRAMEWORKS:
        sys.exit(f"make pdf: FRAMEWORK is one of {', '.join(FRAMEWORKS)}, not {asked.framework}.")
    if not (asked.html / "index.html").is_file():
        sys.exit("make pdf: there is no built book yet; run 'make book' first.")
    if CHROMIUM is None:
        sys.exit(f"make pdf: there is no Chromium to print with; {HOW_TO_GET_IT}.")
    settings = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    parts = parts_of(ROOT, asked.html, asked.errors)
    for page in (page for names in parts.values() for page in names):
        if not (asked.html / f"{page}.html").is_file():
            sys.exit(f"make pdf: the built book has no page {page}; run 'make book' again.")
    edition = Edition(asked.framework, settings["html"]["baseurl"] or "")
    kind = [asked.framework, "errors" if asked.errors else ""]
    name = "-".join(filter(None, [slug(settings["title"]), *kind]))
    target = PDF / f"{name}.pdf"
    make_pdf(target, parts, edition, settings, asked.html)
    print(f"The book as a PDF: {target}")


if __name__ == "__main__":
    main()
