"""The search: what stands first for fifty queries, how it is used, and that it needs no server."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from browserkit import need_browser, served

from errorguide.catalogue import read_catalogue

need_browser("what the search finds")

HEAVIEST = 800_000  # bytes, of the search page with all that a search loads
# What a reader types, and the pages of which the first one has to be one.
FIRST = {
    "expected 32": ["01-expected-32-got-64"],
    "expected 32 channels, got 64": ["01-expected-32-got-64"],
    "channel": ["02-what-a-channel-is"],
    "what is a channel": ["02-what-a-channel-is"],
    "channels_last": ["02-what-a-channel-is"],
    "NHWC": ["02-what-a-channel-is", "06-where-64-came-from"],
    "stride": ["03-convolution-by-hand"],
    "how large is the output": ["03-convolution-by-hand"],
    "lazy layer": ["04-the-repair"],
    "checkpoint": ["04-the-repair"],
    "flatten": ["05-flattened-linear-layers"],
    "broadcast": ["06-where-64-came-from", "09-weights-by-hand"],
    "color": ["07-from-gray-to-colour"],
    "grey images": ["07-from-gray-to-colour"],
    "in_channels": ["08-the-weight-decides"],
    "load_state_dict": ["09-weights-by-hand"],
    "groups": ["10-groups"],
    "depthwise": ["10-groups", "15-porting-weights"],
    "spectrograms": ["11-filters-for-spectrograms"],
    "two devices": ["12-groups-across-devices"],
    "im2col": ["14-as-fast-as-the-framework"],
    "winogrd": ["14-as-fast-as-the-framework"],
    "batch normalisation": ["15-porting-weights"],
    "transposed convolution": ["15-porting-weights"],
    "timm": ["16-other-channel-counts"],
    "decoder": ["decoder"],
    "versions": ["versions"],
    "mat1 and mat2": ["errors/pytorch-mat1-mat2"],
    "min_ndim=4": ["errors/keras-ndim"],
    "padding same stride": ["errors/pytorch-padding-same-stride", "errors/silent-same-padding"],
    "reshape for transpose": ["errors/silent-reshape-for-transpose"],
    "glossary": ["glossary"],
    "cheatsheet": ["cheat-sheet"],
    "bibliography": ["bibliography"],
    "index": ["book-index"],
    "calculator": ["calculator"],
    "pdf": ["to-hand-out"],
    "download": ["to-hand-out"],
    "same padding stride 2": ["errors/silent-same-padding", "errors/pytorch-padding-same-stride"],
    "unsqueeze": ["06-where-64-came-from"],
    "batch dimension missing": ["06-where-64-came-from"],
    "NHWC to NCHW": ["02-what-a-channel-is"],
    "weights from pytorch to keras": ["15-porting-weights"],
    "greyscale": ["07-from-gray-to-colour"],
    "dilatation": ["03-convolution-by-hand"],
    "depthwise seperable": ["12-groups-across-devices", "10-groups"],
    "nn.Conv2d": ["08-the-weight-decides"],
    "LazyConv2d": ["04-the-repair"],
    "2097152": ["05-flattened-linear-layers"],
    "number of parameters": ["calculator", "cheat-sheet"],
    "backpropagation": ["13-training-from-scratch"],
    "channel shuffle": ["12-groups-across-devices"],
    "operands could not be broadcast together": ["errors/numpy-broadcast"],
    "incompatible shapes": ["errors/tensorflow-incompatible-shapes", "errors/tensorflow-shapes-incompatible"],
    "size of tensor a must match": ["errors/pytorch-broadcast"],
    "RuntimeError: Given groups=1, weight of size [8, 3, 3, 3], expected input[1, 4, 9, 9] to have 3 "
    "channels, but got 4 channels instead": ["errors/pytorch-conv-channels"],
}
LISTED = Path(__file__).resolve().parents[1] / "book" / "search_words.yml"
MESSAGES = [(entry["id"], case["message"]) for entry in read_catalogue()["errors"] for case in entry["cases"]]
FOUND = """([query, framework]) => window.bookSearch.find(window.bookSearch.book, query, { framework })
  .map(({ page }) => page.address.replace(".html", ""))"""


@pytest.fixture(scope="module")
def address(built_book):
    with served(built_book) as book:
        yield book


@pytest.fixture
def page(browser):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def loaded(browser, address):
    """The search page with the texts of the book loaded."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(address + "search.html?q=channel")
    page.locator("#search-results li a").first.wait_for()
    yield page
    context.close()


def found(page, query: str, framework: str = "pytorch") -> list[str]:
    """The pages that a query finds, best first."""
    return page.evaluate(FOUND, [query, framework])


def type_into(page, field: str, place: str, query: str) -> None:
    """Type a query and wait for what it finds."""
    page.locator(field).fill("")
    page.locator(field).press_sequentially(query)
    page.wait_for_function(
        "([place, query]) => document.querySelector(place).dataset.query === query", arg=[place, query]
    )


@pytest.mark.parametrize("query", FIRST)
def test_what_stands_first(loaded, query):
    assert found(loaded, query)[0] in FIRST[query]


def test_a_phrase_listed_for_a_page_finds_it_first(loaded):
    listed = yaml.safe_load(LISTED.read_text(encoding="utf-8"))
    pages = [(phrase.strip(), page) for page in listed for phrase in listed[page].split(",")]
    missed = [
        phrase
        for phrase, _ in pages
        if found(loaded, phrase)[0] not in [page for p, page in pages if p == phrase]
    ]
    assert missed == []


def test_the_books_own_words_find_chapter_1_and_the_message_of_ones_framework(loaded):
    messages = {"pytorch": "errors/pytorch-conv-channels", "tensorflow": "errors/keras-conv-channels"}
    for framework, message in messages.items():
        assert found(loaded, "expected 32", framework)[:2] == ["01-expected-32-got-64", message]


def test_a_message_pasted_into_the_search_finds_its_page(loaded):
    places = [
        (name, [page.removeprefix("errors/") for page in found(loaded, message)])
        for name, message in MESSAGES
    ]
    missed = [name for name, pages in places if name not in pages[:3]]
    assert len(missed) <= 0.01 * len(MESSAGES), missed
    second = [name for name, pages in places if pages[0] != name]
    assert len(second) <= 0.05 * len(MESSAGES), second


def test_a_message_is_offered_to_the_decoder(loaded):
    looks = "query => window.bookSearch.looksLikeMessage(query)"
    overlooked = [message for _, message in MESSAGES if not loaded.evaluate(looks, message)]
    assert len(overlooked) <= 0.01 * len(MESSAGES), overlooked
    for query in FIRST:
        if "Error" not in query and "got" not in query:
            assert not loaded.evaluate(looks, query), query


def test_results_stand_below_the_field_while_one_types(page, address):
    page.goto(address + "02-what-a-channel-is.html", wait_until="networkidle")
    assert page.locator("script[src*='search-data'], script[src*='minisearch']").count() == 0
    page.keyboard.press("Control+k")
    type_into(page, ".search-button__search-container input", ".search-found", "mat1 and mat2")
    first = page.locator(".search-found li a").first
    assert first.get_attribute("href").endswith("/errors/pytorch-mat1-mat2.html")
    assert page.locator(".search-found [role=status]").inner_text().endswith(" pages")
    page.keyboard.press("ArrowDown")
    assert first.evaluate("link => link === document.activeElement")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.id") == "search-input"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/errors/pytorch-mat1-mat2.html*")


def test_escape_takes_the_search_away_from_a_result_as_from_the_field(page, address):
    page.goto(address + "errors/index.html", wait_until="networkidle")
    for arrows in (0, 2):
        page.keyboard.press("Control+k")
        type_into(page, ".search-button__search-container input", ".search-found", "groups")
        for _ in range(arrows):
            page.keyboard.press("ArrowDown")
        page.keyboard.press("Escape")
        assert not page.locator(".search-found").is_visible()


def test_a_result_on_the_same_page_takes_the_search_away(page, address):
    page.goto(address + "10-groups.html", wait_until="networkidle")
    page.keyboard.press("Control+k")
    type_into(page, ".search-button__search-container input", ".search-found", "depthwise has two spellings")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/10-groups.html#*")
    assert not page.locator(".search-found").is_visible()


def test_snippets_are_text_with_the_words_marked(page, address):
    page.goto(address + "search.html?q=winograd", wait_until="networkidle")
    snippet = page.locator(".search-snippet").first
    snippet.wait_for()
    assert snippet.locator("mark").first.inner_text().lower() == "winograd"
    texts = page.locator(".search-snippet").all_text_contents()
    assert not [text for text in texts if "<" in text and "class=" in text]


def test_nothing_found_is_said_and_the_decoder_offered(page, address):
    page.goto(address + "search.html", wait_until="networkidle")
    type_into(page, "#search-page-input", "#search-results", "<xyzzy>")
    said = page.locator("#search-results [role=status]")
    assert said.inner_text() == (
        "Nothing found for “<xyzzy>”. Try a single word of it, or look through the index. "
        "Is it an error message? Explain it."
    )
    index, decoder = (link.get_attribute("href") for link in said.locator("a").all())
    assert index.endswith("book-index.html")
    assert decoder.endswith("decoder.html#m=%3Cxyzzy%3E")


def test_the_search_works_from_a_file(page, built_book):
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto((built_book / "search.html").as_uri() + "?q=winograd")
    link = page.locator("#search-results li a").first
    link.wait_for()
    assert link.get_attribute("href").startswith((built_book / "14-as-fast-as-the-framework.html").as_uri())
    page.goto((built_book / "errors" / "index.html").as_uri())
    page.keyboard.press("Control+k")
    type_into(page, ".search-button__search-container input", ".search-found", "groups")
    link = page.locator(".search-found li a").first
    assert link.get_attribute("href").startswith((built_book / "10-groups.html").as_uri())
    assert faults == []


def test_a_search_is_no_heavier_than_a_page(page, address):
    sizes = {}
    page.on(
        "response", lambda answer: sizes.update({answer.url: int(answer.headers.get("content-length", 0))})
    )
    page.goto(address + "search.html?q=groups", wait_until="networkidle")
    page.locator("#search-results li a").first.wait_for()
    assert sum("search-data.js" in url for url in sizes) == 1
    assert sum(sizes.values()) <= HEAVIEST, sizes


def test_an_address_that_is_not_there_is_searched_for(page, address, built_book):
    page.goto(address + "404.html", wait_until="networkidle")
    assert page.locator("h1").inner_text() == "Expected a page, got none"
    assert page.locator("#search-page-input").input_value() == ""
    # As a server would: the page itself under an address that does not exist, its links from the book's root.
    missing = (built_book / "404.html").read_text(encoding="utf-8")
    missing = missing.replace("<head>", '<head><base href="/" />', 1)
    page.route("**/no/groupss.html", lambda route: route.fulfill(body=missing, content_type="text/html"))
    page.goto(address + "no/groupss.html", wait_until="networkidle")
    assert page.locator(".skip-link a").evaluate("link => link.href") == page.url + "#main-content"
    assert page.locator("#search-page-input").input_value() == "groupss"
    first = page.locator("#search-results li a").first
    first.wait_for()
    assert "10-groups.html" in first.get_attribute("href")
