"""The glossary: which words of a chapter lead to it, and what is shown beside them."""

from __future__ import annotations

import json
import re

import pytest
from browserkit import CHROMIUM, served
from htmlkit import build_book, code, make_book, markdown, notebook, pages_of, shown, soup_of

from sphinxext import glossary
from sphinxext.glossary import Entry, Finder

SHEET = """# Glossary

```{glossary}
channel
  One number of each *pixel*, as in `x[:, 0]`. See [chapter 1](01-first.ipynb), Figure 1.2.

convolution
  It moves filters.

grouped convolution
  Its channels are divided.

NHWC
channels last
  A layout, with < and &.

transpose
  Put the axes in another order.
```
"""
CHAPTER = notebook(
    markdown(
        "# A grouped convolution\n\nA `channel` and [a convolution](#more) are no mentions. Channels are.\n\n"
        "> A quoted convolution."
    ),
    markdown("(more)=\n## One more convolution\n\n> A quotation.\n\nThe channels of a grouped\nconvolution."),
    code("x", shown("a convolution")),
    markdown("Guess."),
    code("x", shown("1"), tags=("predict",)),
    markdown("A convolution, in an answer.", "answer"),
    markdown("Transposed, it is a convolution, and channels-last is none. Channels last is NHWC."),
)
PAGES = {
    "index.md": "# A book\n\nA convolution.\n",
    "01-first.ipynb": CHAPTER,
    "glossary.md": SHEET,
}
LINKS = [
    ("Channels", "channel"),
    ("grouped\nconvolution", "grouped-convolution"),
    ("Transposed", "transpose"),
    ("convolution", "convolution"),
    ("Channels last", "NHWC"),
]


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    return build_book(make_book(tmp_path_factory.mktemp("terms"), PAGES))


def found(text: str, *names: str) -> list[str]:
    finder = Finder([Entry(tuple(name.split("|")), "glossary", name, "") for name in names])
    return [text[begin:end] for begin, end, _ in finder.find(text)]


@pytest.mark.parametrize(
    ("text", "names", "expected"),
    [
        ("Two channels, one channel.", ["channel"], ["channels"]),
        ("Batches and masses.", ["batch", "mass"], ["Batches", "masses"]),
        ("It is flattened and reshaped.", ["flatten", "reshape"], ["flattened", "reshaped"]),
        ("A weighted sum, an unpadded row.", ["weight", "pad"], []),
        ("A u-net, Iou, U-Net and IoU.", ["U-Net", "IoU"], ["U-Net", "IoU"]),
        ("Batch\nnormalization.", ["batch normalization", "batch"], ["Batch\nnormalization"]),
        ("A depthwise separable convolution.", ["convolution", "depthwise separable convolution"],
         ["depthwise separable convolution"]),
        ("NHWC, or channels last.", ["NHWC|channels last"], ["NHWC"]),
        ("sub-channel, channel-wise, channel_axis", ["channel"], []),
    ],
)  # fmt: skip
def test_a_mention_is_found_once_and_whole(text, names, expected) -> None:
    assert found(text, *names) == expected


def test_a_finder_remembers_what_it_has_found() -> None:
    finder = Finder([Entry(("channel",), "glossary", "term-channel", "")])
    assert len(finder.find("a channel")) == 1
    assert finder.find("a channel") == []
    assert Finder([]).find("a channel") == []


def test_the_first_mention_in_running_text_leads_to_the_entry(book) -> None:
    page = soup_of(book / "01-first.html")
    assert [(link.get_text(), link["href"]) for link in page.select("a.term")] == [
        (text, f"glossary.html#term-{place}") for text, place in LINKS
    ]
    places = {term["id"] for term in soup_of(book / "glossary.html").select("dt")}
    assert {f"term-{place}" for _, place in LINKS} <= places


def test_only_a_chapter_leads_to_the_glossary(book) -> None:
    linking = [page.name for page in pages_of(book) if soup_of(page).select("a.term")]
    scripts = [page.name for page in pages_of(book) if "terms.js" in page.read_text(encoding="utf-8")]
    assert linking == scripts == ["01-first.html"]


def data_of(html) -> dict:
    text = (html / "_static" / glossary.DATA_FILE).read_text(encoding="utf-8")
    return json.loads(text.removeprefix("const BOOK_TERMS = ").rstrip().removesuffix(";"))


def test_the_script_is_given_what_each_entry_says(book) -> None:
    says = data_of(book)
    assert says["term-channel"] == "One number of each <em>pixel</em>, as in <code>x[:, 0]</code>."
    assert says["term-NHWC"] == "A layout, with &lt; and &amp;."


# ---- The book itself ----


def test_each_entry_of_the_book_is_mentioned_by_a_chapter_and_names_one(built_book) -> None:
    linked = set()
    for page in built_book.glob("[0-9][0-9]-*.html"):
        places = [link["href"].partition("#")[2] for link in soup_of(page).select("a.term")]
        assert len(places) == len(set(places)) > 5, page.name
        linked |= set(places)
    entries = soup_of(built_book / "glossary.html").select("dl.glossary > dd")
    assert len(entries) > 60
    for entry in entries:
        said = " ".join(entry.get_text().split())
        chapter = re.search(r" See chapter (\d+)(?:, Figure \1\.\d+)?\.$", said)
        assert chapter, said
        assert entry.select("a")[-1]["href"].startswith(f"{int(chapter[1]):02}-"), said
        assert len(re.findall(r"[.:] [A-Z]", said)) <= 3, said
    in_code_and_links_only = {"term-channels_last", "term-safetensors"}
    assert set(data_of(built_book)) - linked == in_code_and_links_only


def test_the_entries_of_the_book_are_in_order(built_book) -> None:
    terms = soup_of(built_book / "glossary.html").select("dl.glossary > dt")
    names = [term.get_text().strip("#").casefold() for term in terms if not term.find_previous_sibling("dt")
             or term.find_previous_sibling().name == "dd"]  # fmt: skip
    assert names == sorted(names)


# ---- Cards ----

needs_browser = pytest.mark.skipif(CHROMIUM is None, reason="no browser: cards of the glossary were left out")


@pytest.fixture(scope="module")
def address(book):
    with served(book) as address:
        yield address


@pytest.fixture
def reader(browser, address):
    """Call it with a browser context's settings: the chapter, with what went wrong in `faults`."""
    contexts = []

    def start(where: str = address, **settings):
        contexts.append(browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **settings}))
        page = contexts[-1].new_page()
        page.faults = []
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        page.goto(f"{where}01-first.html", wait_until="networkidle")
        return page

    yield start
    for context in contexts:
        context.close()


def card(page):
    return page.get_by_role("tooltip")


@needs_browser
def test_a_pointer_shows_a_card_that_it_can_reach_and_leave(reader) -> None:
    page = reader()
    assert not card(page).is_visible()
    word = page.locator("a.term").first
    word.hover()
    card(page).wait_for()
    assert card(page).inner_text() == "One number of each pixel, as in x[:, 0]."
    assert word.get_attribute("aria-describedby") == card(page).get_attribute("id")
    box = card(page).bounding_box()
    page.mouse.move(box["x"] + 5, box["y"] + 5, steps=4)
    page.wait_for_timeout(500)
    assert card(page).is_visible()
    page.mouse.move(5, 890)
    card(page).wait_for(state="hidden")
    assert word.get_attribute("aria-describedby") is None
    assert page.faults == []


@needs_browser
def test_beside_a_word_in_two_lines_the_card_stands_by_the_part_that_is_pointed_at(
    reader,
) -> None:
    page = reader()
    word = page.locator("a.term").nth(1)
    first, second = word.evaluate(
        """word => {
             const line = word.parentElement.style;
             for (let width = 300; width > 60 && word.getClientRects().length < 2; width -= 5)
               line.width = `${width}px`;
             return [...word.getClientRects()].map(part => part.toJSON());
           }"""
    )
    assert first["bottom"] <= second["top"] + 1
    for part in (second, first):
        page.mouse.move(part["x"] + 5, part["y"] + part["height"] / 2, steps=2)
        card(page).wait_for()
        box = card(page).bounding_box()
        assert part["bottom"] <= box["y"] < part["bottom"] + 12
        assert abs(box["x"] - part["x"]) < 2
        page.keyboard.press("Escape")


@needs_browser
def test_the_keyboard_shows_a_card_and_escape_takes_it_away(reader) -> None:
    page = reader()
    page.locator("article a").first.focus()
    words = page.locator("a.term")
    for _ in range(12):
        page.keyboard.press("Tab")
        if words.first.evaluate("word => word === document.activeElement"):
            break
    card(page).wait_for()
    page.keyboard.press("Escape")
    assert not card(page).is_visible()
    assert words.first.evaluate("word => word === document.activeElement")
    page.keyboard.press("Tab")
    card(page).get_by_text("Its channels are divided.").wait_for()
    page.keyboard.press("Enter")
    page.wait_for_url("**/glossary.html#term-grouped-convolution")


@needs_browser
def test_on_a_touch_screen_the_first_tap_shows_and_the_second_follows(reader) -> None:
    page = reader(viewport={"width": 390, "height": 844}, has_touch=True)
    word = page.locator("a.term").last
    word.tap()
    card(page).wait_for()
    box = card(page).bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 390
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator("h1").tap()
    assert not card(page).is_visible()
    word.tap()
    card(page).wait_for()
    word.tap()
    page.wait_for_url("**/glossary.html#term-NHWC")


@needs_browser
def test_without_scripts_a_word_is_a_link_and_from_a_file_it_has_its_card(reader, book) -> None:
    page = reader(java_script_enabled=False)
    page.locator("a.term").first.click()
    page.wait_for_url("**/glossary.html#term-channel")
    page = reader(where=f"{book.as_uri()}/")
    page.locator("a.term").first.hover()
    card(page).wait_for()


@needs_browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_card_is_accessible_and_is_not_printed(reader, scheme) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = reader(color_scheme=scheme, reduced_motion="reduce")
    page.locator("a.term").first.hover()
    card(page).wait_for()
    found = Axe().run(page, options={"resultTypes": ["violations"], "preload": False}).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []
    page.emulate_media(media="print")
    assert not card(page).is_visible()
