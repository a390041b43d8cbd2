"""The calculator's page and the wiring's in a browser: typing, keyboard, links, and the same words as the
rules in Python; nothing pasted becomes markup, and nobody else is asked for anything.
"""

from __future__ import annotations

import random
import re
from pathlib import Path

import htmlkit
import pytest
from axe_playwright_python.sync_playwright import Axe
from browserkit import need_browser, served
from test_shapes_page import RANDOM

from shapes.page import asked
from shapes.page.wiring import START
from sphinxext.calculator import ERROR, EXAMPLES, KERAS_MODEL, MODEL, SHAPE

ROOT = Path(__file__).resolve().parents[1]
need_browser("the calculator's page and the wiring's")

OWN_FILES = ("rules-data.js", "rules.js", "calculator.js", "wiring.js", "calculator.css")
MOST_BYTES = 250_000
NARROW = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A small book with both pages and those that they lead to, built as the book is."""
    pages = {"index.md": "# Front\n\n[The calculator](calculator.md)\n"}
    for name in ("calculator", "wiring", "decoder"):
        pages[f"{name}.md"] = (ROOT / "book" / f"{name}.md").read_text(encoding="utf-8")
    pages |= {
        "errors/index.md": "# Error messages\n",
        "10-groups.ipynb": htmlkit.notebook(htmlkit.markdown("# Groups")),
        "explain-it-where-it-fails.ipynb": htmlkit.notebook(htmlkit.markdown("# The model too")),
    }
    for name in ("pytorch-conv-channels", "pytorch-conv-groups"):  # the first has a link to the second
        pages[f"errors/{name}.md"] = (ROOT / "book" / "errors" / f"{name}.md").read_text(encoding="utf-8")
    folders = ("errorguide", "errors", "shapes")
    root = htmlkit.make_book(tmp_path_factory.mktemp("calculator"), pages, folders=folders)
    return htmlkit.build_book(root)


@pytest.fixture(scope="module")
def address(site):
    with served(site) as base:
        yield base


@pytest.fixture
def open_page(browser, address):
    """Call it with the address of a page; the faults of scripts fail the test at its end."""
    pages = []

    def opened(path, **settings):
        page = browser.new_page(**{"viewport": {"width": 1280, "height": 900}, **settings})
        page.faults, page.asked = [], []
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        page.on("console", lambda said: page.faults.append(said.text) if said.type == "error" else None)
        page.on("request", lambda request: page.asked.append(request.url))
        page.goto(address + path if "://" not in path else path)
        page.wait_for_selector(":is(#calculator, #wiring)[data-ready]")
        pages.append(page)
        return page

    yield opened
    for page in pages:
        assert page.faults == []
        assert [url for url in page.asked if not url.startswith((address, "file:", "data:", "blob:"))] == []
        page.close()


def text_of(html):
    """The words of HTML."""
    return re.sub(r"\s+", " ", htmlkit.BeautifulSoup(html, "html.parser").get_text(" ")).strip()


def words(locator):
    """The words of a part of a page, shown or not."""
    return text_of(locator.inner_html())


# ---- The calculator ----


def test_what_the_build_wrote_stands_there_without_scripts(browser, address):
    page = browser.new_page(java_script_enabled=False)
    page.goto(address + "calculator.html")
    assert page.locator("#calculator-text").input_value() == MODEL
    assert words(page.locator("#calculator-answer")) == text_of(asked.calculation(MODEL, SHAPE)["answer"])
    assert page.locator("#calculator-beside .refused").count() == 1
    assert page.get_by_role("button", name="Apply the change").count() == 0
    page.goto(address + "wiring.html")
    assert page.locator("#wiring-answer svg").count() >= 2
    assert page.locator("#wiring-settings").is_hidden()
    page.close()


def test_the_page_says_what_the_rules_say(open_page):
    page = open_page("calculator.html")
    for _, model, shape in EXAMPLES:
        for given in (shape or SHAPE, "(3,)", "no"):
            told = page.evaluate(
                "([model, shape]) => window.shapes.calculation(model, shape)", [model, given]
            )
            assert told == asked.calculation(model, given)
            code = page.evaluate("([model, shape]) => window.shapes.code(model, shape)", [model, given])
            assert code == asked.code(model, given)


def test_shapes_follow_the_typing(open_page):
    page = open_page("calculator.html")
    text, beside = page.locator("#calculator-text"), page.locator("#calculator-beside > div")
    text.fill("")
    text.press_sequentially("nn.Conv2d(3, 16, 5)\nnn.ReLU()")
    page.locator("#calculator-shape").fill("(2, 3, 20, 30)")
    settle(page)
    assert beside.all_inner_texts() == ["(2, 16, 16, 26)", "(2, 16, 16, 26)"]
    page.get_by_label("channels last (NHWC)").check()
    assert beside.all_inner_texts() == ["(2, 16, 26, 16)", "(2, 16, 26, 16)"]
    page.locator("#calculator-shape").fill("(2, a)")
    page.wait_for_selector("#calculator-shape[aria-invalid=true]")
    assert page.locator("#calculator-shape-problem").inner_text().startswith("a is no size.")
    assert page.locator("#calculator-answer").inner_text() == ""


def test_each_line_has_its_shape_at_its_height(open_page):
    page = open_page("calculator.html")
    gap = """() => {
      const field = document.getElementById("calculator-text");
      const style = getComputedStyle(field);
      const inside = parseFloat(style.paddingTop) + parseFloat(style.borderTopWidth);
      const start = field.getBoundingClientRect().top + inside;
      const rows = [...document.querySelectorAll("#calculator-beside > div")];
      return Math.max(...rows.map((row, place) =>
        Math.abs(row.getBoundingClientRect().top - start - place * parseFloat(style.lineHeight))));
    }"""
    assert page.evaluate(gap) <= 1.5
    page.set_viewport_size(NARROW)
    assert page.evaluate(gap) <= 20  # below its line, and above the next


LONG = (
    f"model = nn.Sequential(\n    nn.ReLU(),  # {'long ' * 60}\n"
    + "    nn.Conv2d(3, 3, 3, padding=1),\n" * 70
    + "    nn.Conv2d(5, 3, 3),\n)\n"
)


@pytest.mark.parametrize("zoom", [1, 1.1, 1.33, 2])
@pytest.mark.parametrize("viewport", [{"width": 1280, "height": 900}, NARROW])
def test_a_long_model_keeps_its_shapes_beside_its_lines(open_page, zoom, viewport):
    page = open_page("calculator.html", viewport=viewport)
    page.evaluate("zoom => { document.documentElement.style.zoom = zoom; }", zoom)
    page.locator("#calculator-text").fill(LONG)
    page.wait_for_function("document.querySelectorAll('#calculator-beside > div').length === 75")
    page.evaluate("document.getElementById('calculator-text').rows = 1")  # what is inside is its own height
    inside, beside = page.evaluate("""() => {
      const field = document.getElementById("calculator-text");
      const style = getComputedStyle(field);
      const rows = [...document.querySelectorAll("#calculator-beside > div")];
      const padding = parseFloat(style.paddingTop) + parseFloat(style.paddingBottom);
      const zoom = parseFloat(document.documentElement.style.zoom);
      const height = rows.at(-1).getBoundingClientRect().bottom - rows[0].getBoundingClientRect().top;
      return [field.scrollHeight - padding, height / zoom];
    }""")
    assert abs(inside - beside) <= 3  # of 75 lines


@pytest.mark.parametrize("viewport", [{"width": 1280, "height": 900}, NARROW])
def test_the_failing_line_is_marked_across_the_field(open_page, viewport):
    page = open_page("calculator.html", viewport=viewport)
    marked = page.locator("#calculator-beside .refused")
    assert page.evaluate("""() => {
      const row = document.querySelector("#calculator-beside .refused");
      const band = getComputedStyle(row, "::after");
      const whole = document.querySelector(".calculator-text").getBoundingClientRect();
      return Math.abs(parseFloat(band.width) + parseFloat(band.borderLeftWidth) - whole.width) < 5;
    }""")
    assert marked.evaluate("row => getComputedStyle(row, '::before').content") == "counter(line)"


def test_every_number_of_the_table_is_in_sight(open_page):
    for width in (1280, 390):
        page = open_page("calculator.html", viewport={"width": width, "height": 900})
        table = page.locator(".calculator-table")
        assert table.evaluate("box => box.scrollWidth - box.clientWidth") <= 0
        for cell in table.locator("tbody tr").nth(0).locator("td, th").all():
            box = cell.bounding_box()
            assert box["x"] >= 0 and box["x"] + box["width"] <= width
        heads = table.locator("thead th")
        assert heads.first.is_visible() == (width == 1280)
    assert table.locator("td").nth(1).evaluate("cell => getComputedStyle(cell, '::before').content") == (
        '"output, channels first"'
    )


def test_apply_repairs_the_text_and_undo_brings_it_back(open_page):
    page = open_page("calculator.html")
    text = page.locator("#calculator-text")
    page.get_by_role("button", name="Apply the change").focus()
    page.keyboard.press("Enter")
    assert text.input_value() == asked.repaired(MODEL, SHAPE)
    assert "nn.Conv2d(64, 128, kernel_size=3)" in text.input_value()
    assert page.locator("#calculator-beside .refused").count() == 0
    assert page.evaluate("document.activeElement.id") == "calculator-text"
    page.get_by_role("button", name="Undo").focus()
    page.keyboard.press("Enter")
    assert text.input_value() == MODEL and page.locator("#calculator-beside .refused").count() == 1


def test_the_failure_leads_to_its_page(open_page):
    page = open_page("calculator.html")
    failure = page.locator(".calculator-failure")
    assert "expected input[8, 64, 39, 23] to have 32 channels, but got 64" in failure.inner_text()
    failure.get_by_role("link").click()
    page.wait_for_url("**/errors/pytorch-conv-channels.html")
    page.go_back()
    page.wait_for_selector("#calculator[data-ready]")


def settle(page):
    """Wait until all is said of what stands in the calculator, the link and the code too."""
    page.wait_for_selector("#calculator[data-ready]:not([data-pending])")


def test_back_brings_the_text_back(open_page):
    page = open_page("calculator.html")
    page.locator("#calculator-text").fill("nn.Conv2d(4, 5, 3)")
    page.locator("#calculator-shape").fill("(1, 6, 9, 8)")
    settle(page)
    page.locator(".calculator-failure a").click()
    page.wait_for_url("**/errors/*")
    page.go_back()
    page.wait_for_selector("#calculator[data-ready]")
    assert page.locator("#calculator-text").input_value() == "nn.Conv2d(4, 5, 3)"
    assert page.locator("#calculator-shape").input_value() == "(1, 6, 9, 8)"


@pytest.mark.parametrize("name", ["calculator", "wiring"])
def test_bootstrap_reads_no_link_as_a_selector(open_page, name):
    """It would, where its script runs after the link is written."""
    page = open_page(f"{name}.html")
    assert page.locator(".bd-toc-nav, [data-bs-spy]").count() == 0


@pytest.mark.parametrize("model", [KERAS_MODEL, "# ü & + % # 😀\n" + MODEL, MODEL * 40])
def test_the_link_carries_model_and_shape(open_page, model):
    page = open_page("calculator.html")
    page.locator("#calculator-text").fill(model)
    page.locator("#calculator-shape").fill("(4, 28, 26, 1)")
    settle(page)
    link = page.get_by_role("link", name="Link to this model").evaluate("link => link.href")
    assert "?" not in link and len(link) < 3000
    other = open_page(link)
    assert other.locator("#calculator-text").input_value() == model
    assert other.locator("#calculator-shape").input_value() == "(4, 28, 26, 1)"
    if "#z=" in link:
        open_page(link[:-7])  # a link cut off


def test_a_pasted_error_sets_it_up(open_page):
    page = open_page("calculator.html")
    text = page.locator("#calculator-text")
    text.fill(ERROR)
    page.wait_for_function("document.getElementById('calculator-text').value.startsWith('nn.Linear')")
    assert text.input_value() == "nn.Linear(400, 120)\n"
    assert page.locator("#calculator-shape").input_value() == "(64, 256)"
    assert "(64x256 and 400x120)" in page.locator(".calculator-failure").inner_text()
    page.get_by_role("button", name="Undo").click()
    settle(page)
    assert text.input_value() == ERROR  # and it is not taken once more
    text.fill("RuntimeError: CUDA out of memory.")
    page.locator("#calculator-said", has_text="doesn't say enough").wait_for()
    assert page.get_by_role("link", name="To the decoder").get_attribute("href") == "decoder.html"


def test_the_code_is_copied(open_page):
    page = open_page("calculator.html")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    settle(page)
    page.get_by_role("button", name="Copy the Keras code").click()
    page.get_by_text("Copied").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("import keras") and "layers.Conv2D(128, 3)" in copied


def test_what_is_announced_is_one_sentence_after_the_typing(open_page):
    page = open_page("calculator.html")
    page.locator("#calculator-text").fill("nn.Linear(4, 5)")
    page.locator("#calculator-shape").fill("(2, 4)")
    settle(page)
    status = page.locator("#calculator-status")
    assert status.inner_text() == "1 layer, the output is (2, 5)."
    assert page.locator("#calculator [aria-live]").count() == 0
    assert page.locator("#calculator [role=status]").count() == 1


def test_pasted_text_is_never_markup(open_page):
    page = open_page("calculator.html")
    payload = '<img src=x onerror="window.broken = 1">'
    for text in (payload, f"nn.Conv2d({payload!r}, 3, 3)", f"Net(\n  ({payload}): Linear(3, 4)\n)"):
        page.locator("#calculator-text").fill(text)
        settle(page)
        assert page.evaluate("window.broken") is None
        assert page.locator("#calculator-answer img, #calculator-beside img").count() == 0


def test_it_works_from_a_file(browser, site):
    page = browser.new_page()
    page.goto((site / "calculator.html").as_uri())
    page.wait_for_selector("#calculator[data-ready]")
    page.locator("#calculator-text").fill(ERROR)
    page.wait_for_function("document.getElementById('calculator-text').value.startsWith('nn.Linear')")
    page.close()


# ---- The wiring ----


def test_both_kinds_of_field_set_a_number(open_page):
    page = open_page("wiring.html")
    page.get_by_label("kernel_size, height", exact=True).fill("5")
    assert page.get_by_label("kernel_size, height, slider").input_value() == "5"
    page.get_by_label("stride, width, slider").focus()
    page.keyboard.press("ArrowRight")
    assert page.get_by_label("stride, width", exact=True).input_value() == "3"
    settings = {**START, "kernel": [5, 4], "stride": [2, 3]}
    assert words(page.locator("#wiring-answer")) == text_of(asked.convolution(settings, 0)["answer"])


def test_the_wiring_says_what_the_rules_say(open_page):
    page = open_page("wiring.html")
    generator = random.Random(3)
    for settings in generator.sample(RANDOM, 60):
        output = generator.randrange(settings["out_channels"])
        told = page.evaluate(
            "([given, output]) => window.shapes.convolution(given, output)", [settings, output]
        )
        assert told == asked.convolution(settings, output)


def test_an_output_lights_its_inputs_by_mouse_and_by_keyboard(open_page):
    page = open_page("wiring.html")
    page.locator('.node.output[data-output="5"] circle').hover()
    assert page.locator("#wiring-lit").input_value() == "5"
    assert page.locator("#wiring-reads").inner_text() == "It reads input channels 2 to 3, of group 1."
    page.locator("#wiring-lit").focus()
    for _ in range(4):
        page.keyboard.press("ArrowDown")
    assert page.locator("#wiring-reads").inner_text() == "It reads input channels 0 to 1, of group 0."
    assert page.locator(".wire.on").count() == 2


def test_an_error_stands_where_the_framework_refuses(open_page):
    page = open_page("wiring.html")
    page.get_by_label("groups", exact=True).fill("3")
    answer = page.locator("#wiring-answer")
    assert "in_channels must be divisible by groups" in answer.inner_text()
    assert answer.locator('a[href="errors/pytorch-groups-constructor.html"]').count() == 1
    assert page.locator(".wiring-lit").is_hidden()


def test_height_and_width_stand_beside_each_other(open_page):
    page = open_page("wiring.html")
    page.get_by_label("transposed").check()
    for size in ({"width": 1280, "height": 900}, NARROW):
        page.set_viewport_size(size)
        for name in ("input size", "kernel_size", "stride", "dilation", "padding", "output_padding"):
            height, width = (
                page.get_by_label(f"{name}, {side}", exact=True).bounding_box()
                for side in ("height", "width")
            )
            assert height["y"] == width["y"] and height["x"] + height["width"] < width["x"]


def test_what_a_setting_changes_is_in_sight(open_page):
    page = open_page("wiring.html")
    page.get_by_label("padding, width", exact=True).fill("1")
    settings, answer = (page.locator(f"#wiring-{part}").bounding_box() for part in ("settings", "answer"))
    assert settings["x"] + settings["width"] <= answer["x"] and answer["y"] <= settings["y"] + 5
    page.evaluate("window.scrollTo(0, 700)")
    assert page.get_by_label("in_channels", exact=True).bounding_box()["y"] > 0
    page.set_viewport_size(NARROW)
    page.get_by_label("padding, width", exact=True).scroll_into_view_if_needed()
    now = page.locator("#wiring-now")
    assert now.inner_text() == "PyTorch: output (1, 6, 5, 6). Keras: output (1, 5, 6, 6)"
    assert 0 < now.bounding_box()["y"] < NARROW["height"]


def test_the_weight_lights_the_filter_that_the_mouse_points_at(open_page):
    page = open_page("wiring.html")
    page.locator('.block[data-output="4"]').hover()
    assert page.locator("#wiring-lit").input_value() == "4"
    assert page.locator(".block.on").get_attribute("data-output") == "4"


def test_the_link_carries_the_settings(open_page):
    page = open_page("wiring.html")
    page.get_by_label("transposed").check()
    page.get_by_label("input size, height", exact=True).fill("7")
    page.get_by_label("groups", exact=True).fill("1")
    shown = words(page.locator("#wiring-answer"))
    link = page.get_by_role("link", name="Link to these settings").evaluate("link => link.href")
    other = open_page(link)
    assert words(other.locator("#wiring-answer")) == shown
    other.get_by_role("button", name="Start again").click()
    assert words(other.locator("#wiring-answer")) == text_of(asked.convolution(START, 0)["answer"])
    wild = open_page("wiring.html#in_channels=-5&groups=x&kernel=999,1&padding=no&size=")
    assert wild.get_by_label("kernel_size, height", exact=True).input_value() == "11"
    assert wild.get_by_label("in_channels", exact=True).input_value() == "1"


# ---- Both pages ----


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["calculator", "wiring"])
def test_both_pages_are_accessible_and_fit(open_page, name, scheme):
    page = open_page(f"{name}.html", color_scheme=scheme)
    for size in ({"width": 1280, "height": 900}, NARROW):
        page.set_viewport_size(size)
        page.wait_for_timeout(600)  # the theme looks anew which boxes scroll
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        found = Axe().run(page).response["violations"]
        assert [(each["id"], [part["html"][:120] for part in each["nodes"]]) for each in found] == []
    page.faults.clear()  # axe looks for files that are not there


def test_the_pages_are_light(site):
    assert sum((site / "_static" / name).stat().st_size for name in OWN_FILES) <= MOST_BYTES


def test_other_pages_load_nothing_of_it(site):
    assert "rules-data" not in (site / "decoder.html").read_text(encoding="utf-8")
