"""Every page opened in headless Chromium: scripts, weight, accessibility, tabs, dark figures, paper.

A chapter is loaded once and looked at in three states, light and wide, dark and wide, light at 390 px, each
with every tab and every folded part open. The pages are those of the book's table of contents and those of a
small book that has every thing once.

The pages about one error each are many, and built alike. Every one is loaded and measured at 390 px; axe
looks at a few that between them have every kind of element that any of them has. `make thorough` shows it
all of them.
"""

from __future__ import annotations

import base64
import re
from contextlib import suppress
from pathlib import Path

import pytest
import yaml
from axe_playwright_python.sync_playwright import Axe
from browserkit import need_browser, served
from playwright.sync_api import Page, TimeoutError
from sample_book import ALT, PAGES, WIDEST

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
BOOK_PAGES = [*(f"{name}.html" for name in dict.fromkeys(files_of(CONTENTS))), "search.html", "404.html"]
SAMPLE_PAGES = [*(str(Path(name).with_suffix(".html")) for name in PAGES), "search.html", "404.html"]
SMALL_PAGES = [page for page in BOOK_PAGES if page.startswith("errors/")]
LARGE_PAGES = [page for page in BOOK_PAGES if page not in SMALL_PAGES]


# ---- A browser, a visit ----


@pytest.fixture(scope="module")
def addresses(built_book, small_book):
    with served(built_book) as book, served(small_book) as small:
        yield {"book": book, "sample": small}


class Visit:
    """A visit that begins with an empty cache, and a record of what was asked for and what went wrong."""

    def __init__(self, browser, address: str, **settings):
        self.context = browser.new_context(**{"viewport": WIDE, "color_scheme": "light", **settings})
        self.address = address
        self.asked: list[str] = []  # by the page that was opened last
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
            self.bytes[response.url] = int(response.headers.get("content-length", 0))
        else:
            self.faults.append(f"{response.url} answers {response.status}")

    def hear(self, message):
        if message.type in ("error", "warning"):
            self.faults.append(f"console: {message.text}")

    def go(self, path: str, page: Page | None = None, until: str = "networkidle") -> Page:
        page = page or self.page
        self.asked.clear()
        page.goto(self.address + path, wait_until=until)
        return page

    def third_parties(self) -> list[str]:
        return [url for url in self.asked if not url.startswith((self.address, "data:", "blob:"))]

    def weight(self) -> int:
        """Bytes of the page and of all that it asked for, without the figures."""
        return sum(self.bytes.get(url, 0) for url in set(self.asked) if "/_images/" not in url)


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
  [...document.querySelectorAll("pre, .math-scroll, .pst-scrollable-table-container, .text_html")]
  .every(part => part.scrollWidth <= part.clientWidth || part.tabIndex === 0)"""
WIDER_THAN_ITS_BOX = """() => [...document.querySelectorAll(".output:not(.columns) pre, .cell_output img")]
  .filter(part => part.checkVisibility() && part.scrollWidth > part.clientWidth + 1)
  .map(part => part.outerHTML.slice(0, 120))"""
# By more than a pixel of the width and one of the height, for sizes are rounded.
OUT_OF_PROPORTION = """() => [...document.querySelectorAll("img")].filter(image => {
    const ratio = image.naturalWidth / image.naturalHeight;
    return image.checkVisibility() && Math.abs(image.height * ratio - image.width) > 1 + ratio;
  })
  .map(image => image.outerHTML.slice(0, 120))"""
# Sphinx takes the file's name where a figure has no text.
WITHOUT_TEXT = """() => [...document.querySelectorAll("img")]
  .filter(image => /^$|\\.(svg|png|jpe?g|gif)$/.test(image.getAttribute("alt") ?? ""))
  .map(image => image.outerHTML.slice(0, 120))"""
# Code is thousands of coloured words in a dozen colours, and their contrast took most of the time of a run of
# axe. Of each look, which is how a word is drawn and on what, in both themes, the first word stays; the
# others become plain text.
KEEP_ONE_TOKEN_OF_EACH_LOOK = """() => {
  const root = document.documentElement, shown = root.dataset.theme, looks = new Map(), seen = new Set();
  const tokens = [...document.querySelectorAll("pre span")].filter(
    token => !token.childElementCount && [...token.attributes].every(({name}) => name === "class"));
  for (const theme of ["light", "dark"]) {
    root.dataset.theme = theme;
    const grounds = new Map();
    const ground = part => {
      if (!grounds.has(part)) {
        const own = getComputedStyle(part).backgroundColor, around = part.parentElement;
        grounds.set(part, own === "rgba(0, 0, 0, 0)" && around ? ground(around) : own);
      }
      return grounds.get(part);
    };
    for (const token of tokens) {
      const {color, opacity, fontSize, fontWeight} = getComputedStyle(token);
      const look = [looks.get(token), color, opacity, fontSize, fontWeight, ground(token)];
      looks.set(token, look.join());
    }
  }
  root.dataset.theme = shown;
  for (const token of tokens) {
    if (seen.has(looks.get(token))) token.replaceWith(token.textContent);
    else seen.add(looks.get(token));
  }
}"""
# What axe's rules look at, but for colours and texts: where an element stands, what it is, its attributes,
# whether it is empty, and the heading before a heading.
KINDS_OF_ELEMENTS = """() => {
  const name = part => part ? part.tagName + "." + part.getAttribute("class") : "";
  const kinds = new Set();
  let heading = "";
  for (const part of document.querySelectorAll("body *")) {
    const values = ["role", "type", "tabindex", "lang", "aria-hidden"].map(name => part.getAttribute(name));
    const attributes = [...part.attributes].map(attribute => attribute.name).sort();
    const place = [part.parentElement?.parentElement, part.parentElement, part].map(name);
    const kind = [...place, ...attributes, ...values, part.textContent.trim() === ""];
    if (/^H[1-6]$/.test(part.tagName)) {
      kind.push(heading);
      heading = part.tagName;
    }
    kinds.add(kind.join(" "));
  }
  return [...kinds];
}"""
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


# Theme, window and axe's options. The theme changes colours and shows other figures: of a chapter in the dark
# only the rules about those are asked again.
OF_COLOURS = {"runOnly": ["color-contrast", "link-in-text-block", "image-alt", "role-img-alt"]}
# A narrow window hides parts and makes others scroll; what an element is called and may hold stays as it was.
OF_ROOM = {"runOnly": ["color-contrast", "scrollable-region-focusable", "target-size", "region", "bypass"]}
STATES_OF_A_CHAPTER = (("light", WIDE, {}), ("dark", WIDE, OF_COLOURS), ("light", NARROW, OF_ROOM))
EVERY_RULE_IN_EVERY_STATE = tuple((theme, size, {}) for theme, size, _ in STATES_OF_A_CHAPTER)
STATES_OF_A_SMALL_PAGE = (("light", WIDE, {}), ("dark", NARROW, {}))


def faults_of(visit: Visit, path: str, states=STATES_OF_A_CHAPTER, until: str = "networkidle") -> list[str]:
    """Everything that is wrong with a page, each fault with the state in which it was seen."""
    page = visit.go(path, until=until)
    faults = faults_of_loading(visit)
    page.evaluate(OPEN_EVERYTHING)
    for theme, size, _ in states:
        look(page, theme, size)
        faults += [f"{theme}, {size['width']} px: {fault}" for fault in faults_of_layout(page)]
    page.evaluate(KEEP_ONE_TOKEN_OF_EACH_LOOK)
    for theme, size, options in states:
        look(page, theme, size)
        faults += [f"{theme}, {size['width']} px: {fault}" for fault in violations(page, **options)]
    return faults


def representatives(kinds: dict[str, set[str]]) -> list[str]:
    """A few pages that between them have every kind that any page has; each adds the most new ones."""
    left, chosen = set().union(*kinds.values()), []
    while left:
        chosen.append(max(kinds, key=lambda page: len(kinds[page] & left)))
        left -= kinds[chosen[-1]]
    return chosen


def leaf_through(visit: Visit, paths: list[str]) -> tuple[list[str], dict[str, set[str]]]:
    """Open pages one after the other; what is wrong with their loading and layout, and each page's kinds."""
    faults, kinds = [], {}
    for path in paths:
        page = visit.go(path, until="load")
        found = faults_of_loading(visit)
        visit.faults.clear()
        kinds[path] = set(page.evaluate(KINDS_OF_ELEMENTS))
        page.evaluate(OPEN_EVERYTHING)
        faults += [f"{path}: {fault}" for fault in found + faults_of_layout(page)]
    return faults + visit.faults, kinds


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


@pytest.fixture(scope="class")
def leafed_through(browser, addresses):
    visit = Visit(browser, addresses["book"], viewport=NARROW)
    yield leaf_through(visit, SMALL_PAGES)
    visit.context.close()


class TestSmallPages:
    def test_every_page_loads_and_fits(self, leafed_through):
        check("pages about an error", leafed_through[0])

    def test_pages_that_have_every_kind_of_element(self, leafed_through, visit):
        faults = [
            f"{path}: {fault}"
            for path in representatives(leafed_through[1])
            for fault in faults_of(visit("book"), path, STATES_OF_A_SMALL_PAGE, until="load")
        ]
        check("pages about an error", faults)

    @pytest.mark.thorough
    @pytest.mark.parametrize("path", SMALL_PAGES)
    def test_a_page_in_full(self, visit, path):
        check(path, faults_of(visit("book"), path, STATES_OF_A_SMALL_PAGE, until="load"))


class TestSamplePages:
    @pytest.mark.parametrize("path", SAMPLE_PAGES)
    def test_a_page_of_the_small_book(self, visit, path):
        check(path, faults_of(visit("sample"), path, EVERY_RULE_IN_EVERY_STATE))


SQUARE = base64.b64encode(b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>').decode()


def test_faults_would_be_found(browser, tmp_path):
    (tmp_path / "bad.html").write_text(
        "<html><head><script>undefinedFunction()</script></head><body style='background: white'><main>"
        "<img src='data:image/gif;base64,R0lGODlhAQABAAAAACw='><p style='color: #ccc'>pale</p>"
        f"<img style='width: 9px; height: 99px' alt='a' src='data:image/svg+xml;base64,{SQUARE}'>"
        "<div style='width: 2000px'>wide</div><math><mi>x</mi></math>"
        "<style>.k { color: #000 } [data-theme=dark] .second { color: #ccc }</style>"
        "<pre><span class='k'>one</span><span class='k'>two</span><span class='k second'>three</span></pre>"
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
        "light, 1280 px: image-alt",
        "light, 1280 px: color-contrast",
        "light, 1280 px: html-has-lang",
        "dark, 1280 px: color-contrast",
        'dark, 1280 px: color-contrast: <span class="k second">',
        "light, 390 px: color-contrast",
        "wider than the window",
        "out of proportion",
        "the math font did not load",
    ):
        assert expected in found
    assert 'light, 1280 px: color-contrast: <span class="k second">' not in found
    assert f"more than {HEAVIEST}" in weighed


def test_a_page_with_a_kind_of_its_own_is_looked_at(browser, tmp_path):
    same = "<h1>one</h1><h2>two</h2><p><a href='a.html'>text</a><code>code</code></p>"
    odd = {
        "an_empty_link": same.replace("text", ""),
        "a_level_skipped": same.replace("h2", "h3"),
        "a_class": same.replace("<code>", "<code class='pale'>"),
        "a_style": same.replace("<code>", "<code style='color: #ccc'>"),
        "a_name_missing": same.replace(" href='a.html'", ""),
        "an_order_of_tabs": same.replace("href", "tabindex='5' href"),
    }
    pages = {"a": same, "b": same, **odd}
    for name, text in pages.items():
        (tmp_path / f"{name}.html").write_text(f"<link rel='icon' href='data:,'><body>{text}</body>")
    with served(tmp_path) as address:
        visit = Visit(browser, address, viewport=NARROW)
        faults, kinds = leaf_through(visit, [f"{name}.html" for name in pages])
        visit.context.close()
    assert faults == []
    assert set(representatives(kinds)) >= {f"{name}.html" for name in odd}
    assert "b.html" not in representatives(kinds)


def test_what_is_wrong_with_one_of_many_pages_is_found(browser, tmp_path):
    texts = {
        "script": "<script>undefinedFunction()</script>",
        "wide": "<div style='width: 2000px'>wide</div>",
        "image": "<img src='data:image/gif;base64,R0lGODlhAQABAAAAACw='>",
        "third": "<img src='http://third.invalid/pixel.gif' alt='a'>",
        "dead": "<img src='missing.svg' alt='a'>",
        "heavy": "<link rel='stylesheet' href='heavy.css'>",
    }
    for name, text in texts.items():
        (tmp_path / f"{name}.html").write_text(f"<body>{text}</body>")
    (tmp_path / "heavy.css").write_text(" " * (HEAVIEST + 1))
    pages = ["script", "wide", "image", "third", "dead", "heavy", "wide"]
    with served(tmp_path) as address:
        visit = Visit(browser, address, viewport=NARROW)
        found = "\n".join(leaf_through(visit, [f"{name}.html" for name in pages])[0])
        visit.context.close()
    for expected in (
        "script.html: script error: undefinedFunction",
        "wide.html: the page is",
        "image.html: no alternative text",
        "third.html: third party: http://third.invalid",
        "missing.svg answers 404",
        f"more than {HEAVIEST}",
    ):
        assert expected in found
    assert "wide.html: script error" not in found


# ---- Tabs ----


def chosen(page: Page) -> set[str]:
    """The frameworks whose tabs are open."""
    labels = page.locator(".sd-tab-set > input:checked + label").all_text_contents()
    return {label.strip() for label in labels}


def test_one_choice_switches_every_set_and_is_remembered(visit):
    reader = visit("sample")
    page = reader.go("01-first.html")
    assert chosen(page) == {"PyTorch"}
    page.locator(".sd-tab-label", has_text="NumPy").first.click()
    assert chosen(page) == {"NumPy"}
    page.close()
    assert chosen(reader.go("02-second.html", reader.new_page())) == {"NumPy"}


def choice_of(page: Page):
    return page.get_by_role("combobox", name="Framework", exact=True)


@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_a_framework_is_chosen_for_the_whole_book(visit, size):
    reader = visit("sample", viewport=size)
    page = reader.go("01-first.html")
    assert choice_of(page).is_visible()
    assert choice_of(page).input_value() == "pytorch"
    choice_of(page).select_option("TensorFlow")
    assert chosen(page) == {"TensorFlow"}
    page.locator(".sd-tab-label", has_text="NumPy").first.click()
    assert choice_of(page).input_value() == "numpy"
    choice_of(page).focus()
    page.keyboard.press("ArrowDown")
    assert chosen(page) == {"PyTorch"}
    page.keyboard.press("ArrowDown")
    assert chosen(page) == {"TensorFlow"}
    page.close()
    second = reader.go("02-second.html", reader.new_page())
    assert (choice_of(second).input_value(), chosen(second)) == ("tensorflow", {"TensorFlow"})
    assert reader.faults == []


def test_an_address_chooses_a_framework_for_one_visit(visit):
    reader = visit("sample")
    page = reader.go("01-first.html?framework=tensorflow")
    assert (choice_of(page).input_value(), chosen(page)) == ("tensorflow", {"TensorFlow"})
    assert chosen(reader.go("02-second.html")) == {"TensorFlow"}
    assert chosen(reader.go("02-second.html", reader.new_page())) == {"PyTorch"}
    page.bring_to_front()
    reader.go("02-second.html", page)
    choice_of(page).select_option("NumPy")
    assert chosen(reader.go("01-first.html", page)) == {"NumPy"}
    assert chosen(reader.go("01-first.html?framework=caffe", page)) == {"NumPy"}


def test_an_address_that_leads_into_another_tab_opens_it(visit):
    page = visit("sample").go("01-first.html")
    place = page.locator(".sd-tab-content").nth(2).get_attribute("id")
    page = visit("sample").go(f"01-first.html?framework=numpy#{place}")
    assert page.locator(f"#{place}").is_visible()
    assert chosen(page) == {"TensorFlow", "NumPy"}


def test_what_is_read_stays_in_place_when_a_framework_is_chosen(visit):
    page = visit("sample").go("01-first.html")
    heading = page.locator("h2", has_text="Exercises")
    heading.evaluate("heading => heading.scrollIntoView({ behavior: 'instant', block: 'center' })")
    before = heading.bounding_box()["y"]
    for framework in ("NumPy", "TensorFlow", "PyTorch"):
        choice_of(page).select_option(framework)
        page.wait_for_timeout(200)
        assert abs(heading.bounding_box()["y"] - before) < 2, framework


def test_tabs_are_a_named_group(visit):
    page = visit("sample").go("01-first.html")
    groups = page.get_by_role("radiogroup", name="Framework")
    assert groups.count() == page.locator(".sd-tab-set:visible").count()
    assert groups.first.get_by_role("radio").count() == 3


def test_tabs_are_used_by_keyboard(visit):
    page = visit("sample").go("01-first.html")
    page.locator(".sd-tab-set > input:checked").first.focus()
    page.keyboard.press("ArrowRight")
    assert chosen(page) == {"TensorFlow"}
    page.keyboard.press("ArrowRight")
    assert chosen(page) == {"NumPy"}
    outline = page.evaluate(
        "getComputedStyle(document.querySelector('.sd-tab-set > input:focus + label')).outlineStyle"
    )
    assert outline == "solid"


def test_tabs_and_solutions_work_without_scripts(visit):
    page = visit("sample", java_script_enabled=False).go("01-first.html")
    first = page.locator(".sd-tab-set").first
    panels = first.locator("> .sd-tab-content")
    assert [panels.nth(i).is_visible() for i in range(3)] == [False, True, False]
    assert not page.locator("#framework-choice").is_visible()
    first.locator("> label", has_text="TensorFlow").click()
    assert [panels.nth(i).is_visible() for i in range(3)] == [False, False, True]
    solution = page.locator("details.solution").first
    assert not solution.locator(".solution-content").is_visible()
    solution.locator("> summary").click()
    assert solution.locator(".solution-content").is_visible()
    assert page.locator("img.only-light").is_visible()
    assert not page.locator("img.only-dark").is_visible()


# ---- Predictions, and other folds ----


@pytest.mark.parametrize("scripts", [True, False])
def test_a_predicted_output_is_covered_until_it_is_asked_for(visit, scripts):
    page = visit("sample", java_script_enabled=scripts).go("01-first.html")
    fold = page.locator("details.prediction").first
    output, line = fold.locator(".output"), fold.locator("summary")
    assert not output.is_visible()
    assert line.inner_text().strip() == "Show the output"
    line.scroll_into_view_if_needed()
    before = line.bounding_box()
    line.click()
    assert output.is_visible()
    assert line.inner_text().strip() == "Hide the output"
    assert {side: line.bounding_box()[side] for side in "xy"} == {side: before[side] for side in "xy"}


def test_a_prediction_is_uncovered_by_keyboard_and_forgotten(visit):
    reader = visit("sample")
    page = reader.go("01-first.html")
    page.locator("details.prediction > summary").first.focus()
    page.keyboard.press("Enter")
    assert page.locator("details.prediction .output").first.is_visible()
    page.reload()
    assert not page.locator("details.prediction .output").first.is_visible()


def test_predictions_in_tabs_of_a_solution_are_covered_each_on_its_own(visit):
    page = visit("sample").go("01-first.html")
    solution = page.locator("details.solution").first
    solution.locator("summary").first.click()
    page.locator("details.explanation").evaluate("fold => fold.remove()")
    folds = solution.locator("details.prediction")
    assert folds.count() == 3
    solution.locator(".sd-tab-label", has_text="TensorFlow").click()
    assert [folds.nth(i).is_visible() for i in range(3)] == [False, False, True]
    folds.nth(2).locator("summary").click()
    assert [folds.nth(i).locator(".output").first.is_visible() for i in range(3)] == [False, False, True]
    solution.locator(".sd-tab-label", has_text="PyTorch").click()
    assert not folds.nth(1).locator(".output").is_visible()


@pytest.mark.parametrize("scripts", [True, False])
def test_an_answer_is_uncovered_with_the_output_above_it(visit, scripts):
    page = visit("sample", java_script_enabled=scripts).go("01-first.html")
    fold = page.locator("details.prediction").first
    answers = fold.locator(".answer")
    assert answers.count() == 2
    assert not answers.first.is_visible()
    fold.locator("summary").click()
    assert all(part.is_visible() for part in [fold.locator(".output").first, *answers.all()])
    assert fold.locator(".output").first.bounding_box()["y"] < answers.first.bounding_box()["y"]


ALL_ARE = "([kind, open]) => [...document.querySelectorAll(kind)].every(fold => fold.open === open)"


@pytest.mark.parametrize("line", ["Show the output", "Show the explanation"])
def test_the_answer_to_tabs_opens_and_closes_with_their_outputs(visit, line):
    page = visit("sample").go("01-first.html")
    solution = page.locator("details.solution").first
    solution.locator("> summary").click()
    folds = solution.locator("details.prediction")
    used = solution.locator("details.prediction > summary:visible", has_text=line)
    used.evaluate(
        "line => { line.id = 'used'; line.scrollIntoView({ block: 'center', behavior: 'instant' }); }"
    )
    used = page.locator("#used")  # its text changes
    settle(page)
    for is_open in (True, False, True):
        before = used.bounding_box()["y"]
        used.click()
        page.wait_for_function(ALL_ARE, arg=["details.solution details.prediction", is_open])
        page.wait_for_timeout(100)
        assert used.bounding_box()["y"] == pytest.approx(before, abs=1)
    solution.locator(".sd-tab-label", has_text="NumPy").click()
    assert folds.nth(0).locator(".output").first.is_visible()
    assert solution.locator("details.explanation .answer").first.is_visible()
    assert not page.locator("details.prediction").first.locator(".output").first.is_visible()


def test_the_answer_to_tabs_needs_no_script(visit):
    page = visit("sample", java_script_enabled=False).go("01-first.html")
    page.locator("details.solution > summary").first.click()
    fold = page.locator("details.explanation")
    assert not fold.locator(".answer").first.is_visible()
    fold.locator("summary").click()
    assert all(answer.is_visible() for answer in fold.locator(".answer").all())


@pytest.mark.parametrize("name", ["why-64", "why-254"])
def test_a_link_into_an_answer_opens_it_and_shows_what_it_means(visit, name):
    reader = visit("sample")
    for address in (f"01-first.html#{name}", "01-first.html"):
        page = reader.go(address, page=reader.new_page())
        page.evaluate("name => { location.hash = name; }", name)
        target = page.locator(f"#{name}")
        target.wait_for(state="visible")
        page.wait_for_function(ALL_ARE, arg=[f"details.prediction:has(#{name})", True])
        page.wait_for_timeout(1000)  # it scrolls there
        assert 0 <= target.bounding_box()["y"] < WIDE["height"]
    assert page.locator("details.solution details.prediction[open]").count() == (
        4 if name == "why-254" else 0
    )


def test_a_link_into_a_fold_opens_it(visit):
    page = visit("sample").go("01-first.html")
    output = page.locator("details.prediction .output").first
    output.evaluate("output => { output.id = 'covered'; location.hash = '#covered'; }")
    output.wait_for(state="visible")


def test_on_paper_nothing_is_folded_and_no_line_says_so(visit):
    page = visit("sample").go("01-first.html")
    page.emulate_media(media="print")
    for part in page.locator("details.prediction :is(.output, .answer)").all():
        assert part.is_visible()
    lines = page.locator("details.prediction > summary, details.hide > summary")
    assert lines.count() == 7
    assert not any(line.is_visible() for line in lines.all())


def test_on_paper_code_to_be_read_is_printed_at_full_strength_and_helper_code_is_not(visit):
    page = visit("sample").go("01-first.html")
    page.emulate_media(media="print")
    page.evaluate("for (const fold of document.querySelectorAll('article details')) fold.open = true")
    assert not page.locator("details.hide.above-input .cell_input").is_visible()
    assert page.locator("details.hide.below-input .cell_output").is_visible()
    # A browser prints what it would paint at the moment when the folds open: a fade-in has painted nothing.
    assert page.locator("details.prediction .output, details.below-input .cell_output").evaluate_all(
        """parts => parts.every(part => {
             const style = getComputedStyle(part);
             return style.animationName === "none" && style.opacity === "1" && !part.getAnimations().length;
           })"""
    )


def test_of_a_page_about_an_error_no_folds_in_folds_and_no_programs_are_printed(visit):
    page = visit("book").go("errors/pytorch-mat1-mat2.html", until="load")
    folds = "[...document.querySelectorAll('article details.more')].filter(fold => fold.checkVisibility())"
    page.emulate_media(media="print")
    page.evaluate(
        f"window.addEventListener('beforeprint', () => {{ window.seen = {folds}.map(f => f.open); }})"
    )
    page.pdf()
    assert len(page.evaluate("window.seen")) < page.locator("details.more").count() / 2
    assert set(page.evaluate("window.seen")) == {True}
    assert not page.locator("details.program").first.is_visible()
    assert page.locator("article details[open]").count() == 0


def said_by_a_screen_reader(page: Page, role: str) -> list[str]:
    """The names of all that has a role, as Chromium gives them to a screen reader."""
    tree = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    return [node["name"]["value"] for node in tree if node.get("role", {}).get("value") == role]


def test_every_fold_is_named_by_its_line(visit):
    page = visit("sample").go("01-first.html")
    names = said_by_a_screen_reader(page, "DisclosureTriangle")
    solutions = ["Solution to exercise 1.1", "Solution to exercise 1.2"]
    folds = ["Download this page", "Show the code", "Show the output", "Show the code", "More", *solutions]
    assert names == folds
    page.locator("details.hide > summary").first.click()
    assert said_by_a_screen_reader(page, "DisclosureTriangle")[1] == "Hide the code"


def test_code_that_scrolls_can_be_reached_by_keyboard(visit):
    page = visit("sample").go("01-first.html")
    solution = page.locator("details.solution").first
    solution.locator("> summary").click()
    solution.locator(".sd-tab-label", has_text="NumPy").click()
    code = solution.locator(".cell_input pre").first
    settle(page)
    assert code.evaluate("part => part.scrollWidth > part.clientWidth")
    assert code.get_attribute("tabindex") == "0"


def fades(page: Page, kind: str) -> list[tuple[bool, bool]]:
    """For each visible box of a kind: whether it is cut off at its right, and whether it fades there."""
    boxes = page.evaluate(
        """kind => [...document.querySelectorAll(kind)].filter(box => box.checkVisibility()).map(box => [
             box.scrollWidth - box.clientWidth - box.scrollLeft > 1,
             getComputedStyle(box).maskImage !== "none",
           ])""",
        kind,
    )
    return [tuple(box) for box in boxes]


@pytest.mark.parametrize("width", [1200, 1280, 1320, 1366])
def test_the_widest_line_of_code_is_not_cut_off_even_in_a_solution(visit, width):
    page = visit("sample", viewport={"width": width, "height": 900}).go("01-first.html")
    page.evaluate(OPEN_EVERYTHING)
    widest = page.locator(".cell_input pre", has_text=WIDEST)
    assert widest.count() == 2
    for code in widest.all():
        assert code.evaluate("code => code.scrollWidth <= code.clientWidth")


def test_what_goes_on_at_the_right_fades_there_until_its_end_is_reached(visit):
    page = visit("sample", viewport=NARROW).go("01-first.html")
    page.evaluate(OPEN_EVERYTHING)
    settle(page)
    kinds = (".output.columns pre", ".math-scroll", ".pst-scrollable-table-container", ".text_html")
    for kind in kinds:
        boxes = fades(page, f"article {kind}")
        assert (True, True) in boxes, kind
        assert all(cut == fading for cut, fading in boxes), kind
    page.evaluate("for (const box of document.querySelectorAll('article *')) box.scrollLeft = 9999")
    page.wait_for_timeout(200)
    for kind in kinds:
        assert set(fades(page, f"article {kind}")) == {(False, False)}, kind


def test_code_fades_where_it_goes_on_and_wraps_on_a_phone(visit):
    page = visit("sample").go("01-first.html")
    page.evaluate(OPEN_EVERYTHING)
    settle(page)
    boxes = fades(page, "article .cell_input pre")
    assert (True, True) in boxes and all(cut == fading for cut, fading in boxes)
    page.set_viewport_size(NARROW)
    page.wait_for_timeout(200)
    assert set(fades(page, "article .cell_input pre")) == {(False, False)}


def test_code_is_copied_as_it_was_written(visit):
    reader = visit("sample", viewport=NARROW, permissions=["clipboard-read", "clipboard-write"])
    page = reader.go("01-first.html")
    cell = page.locator(".cell_input", has_text=WIDEST).first
    cell.hover()
    cell.locator("button.copybtn").click()
    assert page.evaluate("navigator.clipboard.readText()") == f"{WIDEST}\ny"


def test_a_printed_table_keeps_its_lines_on_a_phone(visit):
    page = visit("sample", viewport=NARROW).go("01-first.html")
    table = page.locator(".output.columns pre")
    heights = [table.bounding_box()["height"]]
    settle(page)
    assert table.evaluate("table => table.scrollWidth > table.clientWidth && table.tabIndex === 0")
    page.set_viewport_size(WIDE)
    assert heights[0] <= table.bounding_box()["height"]


def test_on_paper_every_tab_stands_under_its_name(visit):
    page = visit("sample").go("01-first.html")
    page.locator("details.solution > summary").first.click()
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


# Headings, exercises and solutions, in the order in which they stand.
ON_PAPER = """() => {
  const parts = [...document.querySelectorAll("article :is(h2, .exercise, .solution > summary)")];
  return parts.filter(part => part.checkVisibility()).map(part => part.innerText.trim().split("\\n")[0]);
}"""


def printed(page: Page) -> tuple[list[str], list[str], bytes]:
    """What stands on paper, what stands on the screen again afterwards, and the PDF."""
    page.evaluate(f"window.addEventListener('beforeprint', () => {{ window.onPaper = ({ON_PAPER})(); }})")
    pdf = page.pdf(format="A4")
    return page.evaluate("window.onPaper"), page.evaluate(ON_PAPER), pdf


def test_on_paper_solutions_stand_at_the_end_and_go_back(visit):
    page = visit("sample").go("01-first.html")
    before = page.evaluate(ON_PAPER)
    paper, after, pdf = printed(page)
    assert [part.strip("#") for part in paper[-5:]] == [
        "Exercise 1.1 (The first)",
        "Exercise 1.2",
        "Solutions",
        "Solution to exercise 1.1",
        "Solution to exercise 1.2",
    ]
    assert after == before
    assert page.locator("article details[open]").count() == 0
    assert pdf.startswith(b"%PDF")


def test_the_cheat_sheet_is_printed_on_one_sheet_of_a4(visit):
    pdf = visit("book").go("cheat-sheet.html").pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1
    assert re.findall(rb"/MediaBox\s*\[0 0 (\d+)[.\d]* (\d+)", pdf) == [(b"594", b"841")]


def test_solutions_and_other_frameworks_are_left_out_of_a_print_by_choice(visit):
    page = visit("sample").go("01-first.html")
    form = page.get_by_role("form", name="Print this page")
    form.get_by_label("Solutions").select_option("left out")
    form.get_by_label("Frameworks").select_option("the chosen one")
    page.emulate_media(media="print")
    assert not form.is_visible()
    assert not page.locator("details.solution").first.is_visible()
    first = page.locator(".sd-tab-set").first
    labels, panels = first.locator("> label"), first.locator("> .sd-tab-content")
    assert [labels.nth(i).is_visible() for i in range(3)] == [False, True, False]
    assert [panels.nth(i).is_visible() for i in range(3)] == [False, True, False]
    paper, _, _ = printed(page)
    assert "Exercise 1.2" in paper
    assert not [part for part in paper if part.startswith("Solution")]


def test_an_address_leaves_solutions_out_of_a_print(visit):
    page = visit("sample").go("01-first.html?solutions=none&frameworks=chosen")
    form = page.get_by_role("form", name="Print this page")
    assert form.get_by_label("Solutions").input_value() == "none"
    assert form.get_by_label("Frameworks").input_value() == "chosen"
    page.evaluate("window.print = () => { window.asked = true; }")
    form.get_by_role("button").click()
    assert page.evaluate("window.asked")


def test_long_parts_may_break_between_pages_and_short_ones_may_not(visit):
    page = visit("sample").go("01-first.html")
    page.emulate_media(media="print")

    def breaks(kind: str) -> set[str]:
        return set(
            page.locator(kind).evaluate_all("parts => parts.map(part => getComputedStyle(part).breakInside)")
        )

    for kind in ("details.solution", ".admonition.note", "div.highlight", ".sd-tab-set", "article table"):
        assert breaks(kind) == {"auto"}, kind
    assert breaks(".math-block") == breaks("article tr") == {"avoid"}


# ---- Figures and formulas ----


@pytest.mark.parametrize(
    ("system", "shown", "hidden"), [("light", "light", "dark"), ("dark", "dark", "light")]
)
def test_figures_follow_the_system_and_the_button(visit, system, shown, hidden):
    page = visit("sample", color_scheme=system).go("01-first.html")
    assert page.locator(f"img.only-{shown}").is_visible()
    assert not page.locator(f"img.only-{hidden}").is_visible()
    assert page.locator("figcaption").is_visible()
    # The button goes from the system's choice to the other one.
    page.locator(".theme-switch-button").click()
    page.locator(f"img.only-{hidden}").wait_for(state="visible")
    assert not page.locator(f"img.only-{shown}").is_visible()
    assert page.locator("figcaption").is_visible()
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


def test_without_scripts_the_decoder_says_where_to_look_and_shows_no_buttons(visit):
    page = visit("book", java_script_enabled=False).go("index.html")
    assert page.locator(".decoder-example").count() and not page.locator(".decoder-buttons").is_visible()
    said = page.locator("#decoder noscript p")  # a search by text passes over <noscript>
    assert "Without it, look your message up" in said.inner_text()
    assert said.bounding_box()["y"] < page.locator("#decoder-text").bounding_box()["y"]


def test_the_example_on_the_front_page_is_what_the_decoder_says_of_it(visit):
    page = visit("book").go("index.html")

    def said(place) -> dict[str, list[str]]:
        parts = ("pre.decoder-message", "dt", "dd", ".decoder-causes strong", ".decoder-causes p", "code")
        return {part: place.locator(part).all_text_contents() for part in parts}

    for framework in ("NumPy", "PyTorch", "TensorFlow"):
        page.locator(".until-asked .sd-tab-label", has_text=framework).click()
        assert choice_of(page).input_value() == framework.lower()
        example = page.locator(".explained:visible")
        shown = said(example)
        page.locator("#decoder-text").fill(shown["pre.decoder-message"][0])
        assert example.count() == 0
        answer = page.locator("#decoder-answer")
        answer.locator("details").evaluate_all("folds => folds.forEach(fold => fold.remove())")
        assert said(answer) == shown
        page.locator("#decoder-clear").click()
        assert example.count() == 1


def test_every_button_at_the_top_shows_that_it_has_the_keyboard(visit):
    page = visit("sample").go("01-first.html")
    page.keyboard.press("Tab")  # from here on the browser shows the focus
    buttons = page.locator(".bd-header-article").locator("button, a, select, summary")
    for button in [each for each in buttons.all() if each.is_visible()]:
        button.focus()
        seen = button.evaluate(
            """part => {
                 const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(part);
                 return (outlineStyle !== "none" && outlineWidth !== "0px") || boxShadow !== "none";
               }"""
        )
        assert seen, button.evaluate("part => part.outerHTML.slice(0, 160)")


@pytest.mark.parametrize("scripts", [True, False])
def test_what_can_be_downloaded_is_found_by_keyboard(visit, scripts):
    page = visit("sample", viewport=NARROW, java_script_enabled=scripts).go("01-first.html")
    menu, link = page.locator(".download-menu > summary"), page.locator(".download-menu a").first
    assert menu.get_attribute("aria-label") == "Download this page"
    menu.focus()
    page.keyboard.press("Enter")
    assert link.is_visible()
    box = page.locator(".download-menu > ul").bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= NARROW["width"]
    page.keyboard.press("Tab")
    with page.expect_download() as started:
        page.keyboard.press("Enter")
    assert started.value.suggested_filename == "01-first.zip"
    if scripts:
        page.keyboard.press("Escape")
        assert not link.is_visible()


def test_on_a_phone_the_links_to_the_neighbours_have_the_whole_width(visit):
    page = visit("book", viewport=NARROW).go("03-convolution-by-hand.html")
    links = page.locator(".prev-next-area a")
    assert links.count() == 2
    assert all(link.bounding_box()["width"] > 300 for link in links.all())


def test_the_search_finds_a_message_over_http(visit):
    reader = visit("sample")
    page = reader.go("search.html?q=channels")
    page.wait_for_selector("#search-results li a")
    assert page.locator("#search-results a[href*='errors/one.html']").count() >= 1
    assert not reader.faults


def test_the_words_of_a_search_are_marked_on_the_page_it_found_and_on_no_other(visit):
    reader = visit("sample")
    page = reader.go("search.html?q=channels")
    page.locator("#search-results a[href*='errors/one.html']").first.click()
    page.locator(".highlighted").first.wait_for()
    page.locator(".bd-links a", has_text="Expected 32").click()
    page.wait_for_url("**/01-first.html")
    page.wait_for_timeout(300)
    assert page.locator(".highlighted").count() == 0
    reader.go("search.html?q=channels", page).locator("#search-results a").first.wait_for()
    page.locator(".bd-links a", has_text="Expected 32").click()
    page.wait_for_url("**/01-first.html")
    page.wait_for_timeout(300)
    assert page.locator(".highlighted").count() == 0


def test_the_search_finds_a_message_in_files(visit, small_book):
    reader = visit("sample")
    reader.page.goto((small_book / "search.html").as_uri() + "?q=channels")
    reader.page.wait_for_selector("#search-results li a")
    assert reader.page.locator("#search-results a[href*='errors/one.html']").count() >= 1
    assert not reader.faults
