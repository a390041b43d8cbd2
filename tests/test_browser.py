"""Every page opened in headless Chromium: scripts, weight, accessibility, tabs, dark figures, paper.

A page is loaded once and looked at in three states, light and wide, dark and wide, light at 390 px, each with
every tab and every folded part open. The pages are those of the book's table of contents and those of a small
book that has every thing once.
"""

from __future__ import annotations

import base64
from contextlib import suppress
from pathlib import Path

import htmlkit
import pytest
import yaml
from axe_playwright_python.sync_playwright import Axe
from browserkit import need_browser, served
from playwright.sync_api import Page, TimeoutError
from sample_book import ALT, PAGES

ROOT = Path(__file__).resolve().parents[1]
HEAVIEST = 800_000  # bytes of a first visit without figures
WIDE = {"width": 1280, "height": 900}
NARROW = {"width": 390, "height": 844}

need_browser("scripts, weight, accessibility, tabs and dark figures of the pages")


def files_of(entry: dict) -> list[str]:
    """The pages a table of contents names, in reading order; a glob names those that nothing else does."""
    files = [entry[key] for key in ("root", "file") if key in entry]
    for key in ("parts", "chapters", "sections"):
        for child in entry.get(key, []):
            files += files_of(child)
    if "glob" in entry:
        found = (ROOT / "book").glob(entry["glob"])
        files += sorted(str(path.relative_to(ROOT / "book").with_suffix("")) for path in found)
    return files


CONTENTS = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
BOOK_PAGES = [*(f"{name}.html" for name in dict.fromkeys(files_of(CONTENTS))), "search.html"]
SAMPLE_PAGES = [*(str(Path(name).with_suffix(".html")) for name in PAGES), "search.html"]
# The many small pages about one error each are all of one kind: they are looked at in two states, not three.
SMALL_PAGES = [page for page in BOOK_PAGES if page.startswith("errors/")]
LARGE_PAGES = [page for page in BOOK_PAGES if page not in SMALL_PAGES]


# ---- A browser, a visit ----


@pytest.fixture(scope="module")
def sample(tmp_path_factory) -> Path:
    return htmlkit.build_book(htmlkit.make_book(tmp_path_factory.mktemp("sample"), PAGES))


@pytest.fixture(scope="module")
def addresses(built_book, sample):
    with served(built_book) as book, served(sample) as small:
        yield {"book": book, "sample": small}


class Visit:
    """A first visit to a page: an empty cache, and a record of what was asked for and what went wrong."""

    def __init__(self, browser, address: str, **settings):
        self.context = browser.new_context(**{"viewport": WIDE, "color_scheme": "light", **settings})
        self.address = address
        self.asked: list[str] = []
        self.bytes: dict[str, int] = {}
        self.faults: list[str] = []
        self.page = self.new_page()

    def new_page(self) -> Page:
        page = self.context.new_page()
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("response", self.weigh)
        page.on("pageerror", lambda error: self.faults.append(f"script error: {error}"))
        page.on("console", lambda message: self.hear(message))
        return page

    def weigh(self, response):
        if response.ok:
            self.bytes[response.url] = len(response.body())
        else:
            self.faults.append(f"{response.url} answers {response.status}")

    def hear(self, message):
        if message.type in ("error", "warning"):
            self.faults.append(f"console: {message.text}")

    def go(self, path: str, page: Page | None = None, until: str = "networkidle") -> Page:
        page = page or self.page
        page.goto(self.address + path, wait_until=until)
        return page

    def third_parties(self) -> list[str]:
        return [url for url in self.asked if not url.startswith((self.address, "data:", "blob:"))]

    def weight(self) -> int:
        """Bytes received, without the figures."""
        return sum(size for url, size in self.bytes.items() if "/_images/" not in url)


@pytest.fixture
def visit(browser, addresses):
    """Call it with "book" or "sample" and a browser context's settings."""
    visits = []

    def start(which: str, **settings) -> Visit:
        visits.append(Visit(browser, addresses[which], **settings))
        return visits[-1]

    yield start
    for each in visits:
        each.context.close()


# ---- What is asked of a page ----

OPEN_EVERYTHING = """() => {
  for (const part of document.querySelectorAll("details")) part.open = true;
  const style = document.createElement("style");
  style.textContent = `.sd-tab-content { display: block !important; }
    *, *::before, *::after { animation: none !important; transition: none !important; }`;
  document.head.append(style);
  window.dispatchEvent(new Event("resize"));
}"""
EVERY_SCROLLING_BOX_CAN_BE_REACHED = """() =>
  [...document.querySelectorAll("pre, .math-scroll, .pst-scrollable-table-container")]
  .every(part => part.scrollWidth <= part.clientWidth || part.tabIndex === 0)"""
WIDER_THAN_ITS_BOX = """() => [...document.querySelectorAll(".cell_output pre, .cell_output img")]
  .filter(part => part.checkVisibility() && part.scrollWidth > part.clientWidth + 1)
  .map(part => part.outerHTML.slice(0, 120))"""
# By more than a pixel of the width and one of the height, for sizes are rounded.
OUT_OF_PROPORTION = """() => [...document.querySelectorAll("img")].filter(image => {
    const ratio = image.naturalWidth / image.naturalHeight;
    return image.checkVisibility() && Math.abs(image.height * ratio - image.width) > 1 + ratio;
  })
  .map(image => image.outerHTML.slice(0, 120))"""
WITHOUT_TEXT = """() => [...document.querySelectorAll("img")]
  .filter(image => !image.getAttribute("alt")).map(image => image.outerHTML.slice(0, 120))"""
MATH_FONT_MISSING = """async () => {
  await document.fonts.ready;
  const loaded = [...document.fonts].filter(font => font.status === "loaded").map(font => font.family);
  return document.querySelector("math") !== null && !loaded.some(name => name.includes("Book Math"));
}"""


def violations(page: Page, context: dict | None = None, **options: object) -> list[str]:
    """What axe finds, one line a place; `context` and `options` are axe's own."""
    # Without "preload": axe would fetch style sheets itself, and look for imported ones in the wrong folder.
    options = {"resultTypes": ["violations"], "preload": False, **options}
    found = Axe().run(page, context, options).response["violations"]
    return [
        f"{violation['id']}: {node['html'][:160]} {[reason['message'] for reason in node['any'][:1]]}"
        for violation in found
        for node in violation["nodes"]
    ]


def settle(page: Page) -> None:
    """Wait until the theme has measured again what scrolls; if it never does, axe finds the places."""
    with suppress(TimeoutError):
        page.wait_for_function(EVERY_SCROLLING_BOX_CAN_BE_REACHED, timeout=10_000)


def faults_of_layout(page: Page) -> list[str]:
    over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    faults = [f"the page is {over} px wider than the window"] if over > 0 else []
    faults += [f"wider than its box: {part}" for part in page.evaluate(WIDER_THAN_ITS_BOX)]
    return faults + [f"out of proportion: {image}" for image in page.evaluate(OUT_OF_PROPORTION)]


def faults_of_loading(visit: Visit) -> list[str]:
    faults = [f"third party: {url}" for url in visit.third_parties()]
    if visit.weight() > HEAVIEST:
        heavy = sorted(visit.bytes.items(), key=lambda item: -item[1])[:5]
        faults.append(f"{visit.weight()} bytes on a first visit, more than {HEAVIEST}; the heaviest: {heavy}")
    faults += [f"no alternative text: {image}" for image in visit.page.evaluate(WITHOUT_TEXT)]
    if visit.page.evaluate(MATH_FONT_MISSING):
        faults.append("the math font did not load")
    return faults + visit.faults


def look(page: Page, theme: str, size: dict) -> None:
    """Show the page in one state, everything open, and wait until it has settled."""
    page.set_viewport_size(size)
    page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
    settle(page)


def faults_of(visit: Visit, path: str) -> list[str]:
    """Everything that is wrong with a page, each fault with the state in which it was seen."""
    page = visit.go(path)
    faults = faults_of_loading(visit)
    page.evaluate(OPEN_EVERYTHING)
    look(page, "light", WIDE)
    faults += [f"light: {fault}" for fault in violations(page) + faults_of_layout(page)]
    look(page, "dark", WIDE)
    # The theme changes colours and shows other figures: the rules about those are asked again.
    of_colours = ["color-contrast", "link-in-text-block", "image-alt", "role-img-alt"]
    faults += [f"dark: {fault}" for fault in violations(page, runOnly=of_colours)]
    look(page, "light", NARROW)
    # The colours inside code, thousands of places, do not depend on the width and were measured twice above.
    narrow = violations(page, rules={"color-contrast": {"enabled": False}})
    narrow += violations(page, {"exclude": ["pre"]}, runOnly=["color-contrast"])
    return faults + [f"390 px: {fault}" for fault in narrow + faults_of_layout(page)]


def faults_of_small_page(visit: Visit, path: str) -> list[str]:
    """As faults_of, with dark and narrow seen at once."""
    page = visit.go(path, until="load")
    faults = faults_of_loading(visit)
    page.evaluate(OPEN_EVERYTHING)
    for theme, size in (("light", WIDE), ("dark", NARROW)):
        look(page, theme, size)
        faults += [f"{theme}, {size['width']} px: {x}" for x in violations(page) + faults_of_layout(page)]
    return faults


def check(path: str, faults: list[str]) -> None:
    assert not faults, f"{path}:\n" + "\n".join(faults)


# pytest-xdist keeps a class on one process, so that the groups of pages can run beside each other.
class TestOneHalf:
    @pytest.mark.parametrize("path", LARGE_PAGES[0::2])
    def test_a_page_of_the_book(self, visit, path):
        check(path, faults_of(visit("book"), path))


class TestTheOtherHalf:
    @pytest.mark.parametrize("path", LARGE_PAGES[1::2])
    def test_a_page_of_the_book(self, visit, path):
        check(path, faults_of(visit("book"), path))


class TestSmallPages:
    @pytest.mark.parametrize("path", SMALL_PAGES)
    def test_a_page_about_an_error(self, visit, path):
        check(path, faults_of_small_page(visit("book"), path))


class TestSamplePages:
    @pytest.mark.parametrize("path", SAMPLE_PAGES)
    def test_a_page_of_the_small_book(self, visit, path):
        check(path, faults_of(visit("sample"), path))


SQUARE = base64.b64encode(b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>').decode()


def test_faults_would_be_found(browser, tmp_path):
    (tmp_path / "bad.html").write_text(
        "<html><head><script>undefinedFunction()</script></head><body style='background: white'><main>"
        "<img src='data:image/gif;base64,R0lGODlhAQABAAAAACw='><p style='color: #ccc'>pale</p>"
        f"<img style='width: 9px; height: 99px' alt='a' src='data:image/svg+xml;base64,{SQUARE}'>"
        "<div style='width: 2000px'>wide</div><math><mi>x</mi></math>"
        "<img src='http://third.invalid/pixel.gif' alt='a'></main></body></html>"
    )
    (tmp_path / "heavy.css").write_text(" " * (HEAVIEST + 1))
    (tmp_path / "heavy.html").write_text("<link rel='stylesheet' href='heavy.css'>")
    with served(tmp_path) as address:
        bad, heavy = Visit(browser, address), Visit(browser, address)
        found, weighed = "\n".join(faults_of(bad, "bad.html")), "\n".join(faults_of(heavy, "heavy.html"))
        bad.context.close()
        heavy.context.close()
    for expected in (
        "script error: undefinedFunction",
        "third party: http://third.invalid",
        "no alternative text",
        "light: image-alt",
        "light: color-contrast",
        "light: html-has-lang",
        "dark: color-contrast",
        "390 px: color-contrast",
        "wider than the window",
        "out of proportion",
        "the math font did not load",
    ):
        assert expected in found
    assert f"more than {HEAVIEST}" in weighed


# ---- Tabs ----


def chosen(page: Page) -> set[str]:
    """The frameworks whose tabs are open."""
    labels = page.locator(".sd-tab-set > input:checked + label").all_text_contents()
    return {label.strip() for label in labels}


def test_one_choice_switches_every_set_and_is_remembered(visit):
    reader = visit("sample")
    page = reader.go("01-first.html")
    assert chosen(page) == {"NumPy"}
    page.locator(".sd-tab-label", has_text="PyTorch").first.click()
    assert chosen(page) == {"PyTorch"}
    page.close()
    assert chosen(reader.go("02-second.html", reader.new_page())) == {"PyTorch"}


def test_tabs_are_used_by_keyboard(visit):
    page = visit("sample").go("01-first.html")
    page.locator(".sd-tab-set > input").first.focus()
    page.keyboard.press("ArrowRight")
    assert chosen(page) == {"PyTorch"}
    page.keyboard.press("ArrowRight")
    assert chosen(page) == {"TensorFlow"}
    outline = page.evaluate(
        "getComputedStyle(document.querySelector('.sd-tab-set > input:focus + label')).outlineStyle"
    )
    assert outline == "solid"


def test_tabs_and_solutions_work_without_scripts(visit):
    page = visit("sample", java_script_enabled=False).go("01-first.html")
    first = page.locator(".sd-tab-set").first
    panels = first.locator("> .sd-tab-content")
    assert [panels.nth(i).is_visible() for i in range(3)] == [True, False, False]
    first.locator("> label", has_text="TensorFlow").click()
    assert [panels.nth(i).is_visible() for i in range(3)] == [False, False, True]
    solution = page.locator("details.solution").first
    assert not solution.locator(".solution-content").is_visible()
    solution.locator("summary").click()
    assert solution.locator(".solution-content").is_visible()
    assert page.locator("img.only-light").is_visible()
    assert not page.locator("img.only-dark").is_visible()


def test_code_that_scrolls_can_be_reached_by_keyboard(visit):
    page = visit("sample").go("01-first.html")
    solution = page.locator("details.solution").first
    solution.locator("summary").click()
    code = solution.locator(".cell_input pre").first
    settle(page)
    assert code.evaluate("part => part.scrollWidth > part.clientWidth")
    assert code.get_attribute("tabindex") == "0"


def test_on_paper_every_tab_stands_under_its_name(visit):
    page = visit("sample").go("01-first.html")
    page.locator("details.solution").first.locator("summary").click()
    page.emulate_media(media="print")
    assert page.locator("h1").is_visible()
    for tab_set in page.locator(".sd-tab-set").all():
        panels, labels = tab_set.locator("> .sd-tab-content"), tab_set.locator("> label")
        assert [panels.nth(i).is_visible() for i in range(3)] == [True] * 3
        tops = [part.bounding_box()["y"] for i in range(3) for part in (labels.nth(i), panels.nth(i))]
        assert tops == sorted(tops)
    assert page.locator("img.only-light").is_visible()
    assert not page.locator("img.only-dark").is_visible()


def test_a_dark_page_is_printed_light(visit):
    page = visit("sample", color_scheme="dark").go("01-first.html")
    theme = "document.documentElement.dataset.theme"
    page.evaluate(f"window.addEventListener('beforeprint', () => {{ window.printedIn = {theme}; }})")
    assert page.evaluate(theme) == "dark"
    page.pdf()
    assert page.evaluate("window.printedIn") == "light"
    assert page.evaluate(theme) == "dark"


# ---- Figures and formulas ----


@pytest.mark.parametrize(
    ("system", "shown", "hidden"), [("light", "light", "dark"), ("dark", "dark", "light")]
)
def test_figures_follow_the_system_and_the_button(visit, system, shown, hidden):
    page = visit("sample", color_scheme=system).go("01-first.html")
    assert page.locator(f"img.only-{shown}").is_visible()
    assert not page.locator(f"img.only-{hidden}").is_visible()
    # The button goes from the system's choice to the other one.
    page.locator(".theme-switch-button").click()
    page.locator(f"img.only-{hidden}").wait_for(state="visible")
    assert not page.locator(f"img.only-{shown}").is_visible()
    assert page.locator(f"img.only-{hidden}").get_attribute("alt") == ALT


def test_a_light_page_does_not_fetch_the_dark_twins(visit):
    reader = visit("sample")
    page = reader.go("01-first.html")
    fetched = [url for url in reader.asked if "/_images/" in url]
    assert fetched == [page.evaluate("document.querySelector('img.only-light').src")]


def test_fences_stretch(visit):
    page = visit("sample").go("01-first.html")
    heights = page.evaluate(
        """() => [...document.querySelectorAll("math mo")].filter(mo => ["⌊", "="].includes(mo.textContent))
           .map(mo => [mo.textContent, mo.getBoundingClientRect().height])"""
    )
    tall = max(height for sign, height in heights if sign == "⌊")
    plain = max(height for sign, height in heights if sign == "=")
    assert tall > 1.4 * plain


# ---- Finding one's way ----


def test_the_skip_link_leads_to_the_text(visit):
    page = visit("sample").go("02-second.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent.trim()") == "Skip to main content"
    page.keyboard.press("Enter")
    assert page.url.endswith("#main-content")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_the_search_finds_a_message_over_http(visit):
    reader = visit("sample")
    page = reader.go("search.html?q=channels")
    page.wait_for_selector("#search-results li a")
    assert page.locator("#search-results a[href*='errors/one.html']").count() >= 1
    assert not reader.faults


def test_the_search_finds_a_message_in_files(visit, sample):
    reader = visit("sample")
    reader.page.goto((sample / "search.html").as_uri() + "?q=channels")
    reader.page.wait_for_selector("#search-results li a")
    assert reader.page.locator("#search-results a[href*='errors/one.html']").count() >= 1
    assert not reader.faults
