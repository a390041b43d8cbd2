"""The decoder page in a browser: the same answers as the Python guide, and nothing pasted becomes markup.

The page is built alone with the book's own settings. Both engines get all reproductions, all older wordings,
the unrelated texts, hostile texts and thousands of variants, and have to answer alike; the tables of
errorguide_cases.py hold for the page's engine as they do for the one in Python.
"""

from __future__ import annotations

import json
import random
import re
from pathlib import Path

import htmlkit
import pytest
from browserkit import need_browser, served
from errorguide_cases import (
    CONV,
    CUT_OFF,
    ENTRIES,
    ERRORS_IN_TEXTS,
    EXPRESSIONS,
    HOSTILE,
    MATCHES,
    MESSAGES,
    NUMBERS,
    OVERLAPPING,
    SHAPE,
    SHAPE_LIST,
    SHAPE_LISTS,
    SHAPES,
    TOKENS,
    TRACEBACK,
    UNRELATED,
    decorate,
    generated,
)
from errorguide_pasted import LAST_ERRORS, LOG, PASTED, SHOWN, SYMBOLIC, TRACEBACKS, wrapped

from errorguide import explain
from errorguide.catalogue import in_order_of_page, read_catalogue, spell_template
from errorguide.expressions import compile_expression
from errorguide.template import compile_template

ROOT = Path(__file__).resolve().parents[1]
need_browser("the decoder page and its answers")

OWN_FILES = ("decoder-data.js", "decoder-engine.js", "decoder.js", "decoder.css")
MOST_BYTES = 400_000
LOADING = (
    "size mismatch for {}: copying a param with shape torch.Size([1, 2]) from checkpoint, "
    "the shape in current model is torch.Size([3, 2])."
)
LAYER = 'Input 0 of layer "{}" is incompatible with the layer: expected min_ndim=4, found ndim=3.'


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A small book with the decoder page and two pages of errors, built as the book is."""
    pages = {
        "index.md": "# Front\n\n[The decoder](decoder.md)\n",
        "decoder.md": (ROOT / "book" / "decoder.md").read_text(encoding="utf-8"),
        "explain-it-where-it-fails.ipynb": htmlkit.notebook(htmlkit.markdown("# The model too")),
        "errors/index.md": "# Error messages\n",
    }
    for name in ("pytorch-conv-channels", "pytorch-conv-groups"):  # the first has a link to the second
        pages[f"errors/{name}.md"] = (ROOT / "book" / "errors" / f"{name}.md").read_text(encoding="utf-8")
    folders = ("errorguide", "errors")
    root = htmlkit.make_book(tmp_path_factory.mktemp("decoder"), pages, folders=folders)
    return htmlkit.build_book(root)


@pytest.fixture(scope="module")
def address(site):
    with served(site) as root:
        yield root + "decoder.html"


@pytest.fixture
def page(browser, address):
    context = browser.new_context()
    opened = context.new_page()
    opened.faults = []
    opened.on("pageerror", lambda error: opened.faults.append(str(error)))
    opened.asked = []
    opened.on("request", lambda request: opened.asked.append(request.url))
    opened.goto(address)
    opened.wait_for_selector("#decoder[data-ready]")
    yield opened
    assert opened.faults == []
    context.close()


def answers_of_browser(page, texts):
    """What the page's own engine says, over the page's own data."""
    return page.evaluate(
        """async (texts) => {
            const bytes = Uint8Array.from(atob(window.errorguideData), (c) => c.charCodeAt(0));
            const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
            const prepared = window.errorguide.prepare(JSON.parse(await new Response(stream).text()));
            return texts.map((text) => window.errorguide.explain(text, prepared));
        }""",
        texts,
    )


def as_json(value):
    """Return a value of Python's engine as it would come from the page's."""
    return json.loads(json.dumps(value))


def answer_of_python(text):
    found = explain(text)
    return None if found is None else as_json(found.as_dict())


def variants():
    """Reproductions and older wordings as they are, decorated, cut off, joined; other numbers."""
    rng = random.Random(7)
    texts = []
    for _, message in MESSAGES:
        # Each decoration meets every third message here; tests/test_errorguide.py has every pair.
        texts += [message, *rng.sample(list(decorate(message).values()), 4)]
        texts += [message[: rng.randint(1, len(message))], message[rng.randint(0, len(message) - 1) :]]
        texts.append("".join(c if rng.random() > 0.03 else rng.choice("x1[]() ,\n") for c in message))
        texts.append(f"{TRACEBACK}\n{message}\n\n{TRACEBACK}\n{rng.choice(MESSAGES)[1]}")
    texts += [message for _, message, _ in generated(seed=11, times=3)]
    return texts


def test_both_engines_answer_alike(page):
    texts = variants() + UNRELATED + HOSTILE + [text for text, _ in ERRORS_IN_TEXTS.values()] + [*CUT_OFF]
    texts += ["\u2028".join(["a", CONV]), "mat1 and mat2 shapes cannot be multiplied (2×3 and 4×5)"]
    texts += [text for pasted in PASTED.values() for text in pasted]
    texts += [wrapped(message, columns) for _, message in MESSAGES for columns in (40, 80, 120)]
    texts += [f"a and b must have same reduction dim, but got {sizes}." for sizes in SYMBOLIC]
    texts += [*TRACEBACKS, *LAST_ERRORS]
    texts += [
        f'Traceback (most recent call last):\n  File "a.py", line 3, in f\n    {code}\n{CONV}'
        for code in SHOWN
    ]
    texts += [f"{CONV}\n{LOG}", f"{LOG}\n{CONV}\n{LOG}", f"{LOG}{CONV}"]
    for start in range(0, len(texts), 1000):
        batch = texts[start : start + 1000]
        for text, answer in zip(batch, answers_of_browser(page, batch), strict=True):
            assert answer == answer_of_python(text), text


def test_the_page_reads_a_text_as_the_same_tokens(page):
    texts = [*TOKENS]
    answers = page.evaluate(
        """(texts) => texts.map((text) =>
            window.errorguide.read(text).map(({ value, line }) => [value, line]))""",
        texts,
    )
    assert dict(zip(TOKENS, answers, strict=True)) == as_json(TOKENS)


def found_by_browser(page, searches):
    """What the page's own engine makes of each (templates, text): the matches found, as in MATCHES, and those
    kept, as in OVERLAPPING.
    """
    lines = [
        ([spell_template(compile_template(template)) for template in templates], text)
        for templates, text in searches
    ]
    return page.evaluate(
        """(searches) => searches.map(([lines, text]) => {
            const { read, readTemplate, indexTemplates, find, bestOfOverlapping } = window.errorguide;
            const index = indexTemplates(lines.map((line) => [null, readTemplate(line)]));
            const found = find(read(text), index);
            return {
                found: found.map(({ template, start, end, words, said, whole }) =>
                    [template.number, start, end, words, Object.fromEntries(said), whole]),
                kept: bestOfOverlapping(found).map(({ template, start }) => [template.number, start]),
            };
        })""",
        lines,
    )


def test_the_page_reads_each_spelling_of_a_shape(page):
    for template, readings in ((SHAPE, SHAPES), (SHAPE_LIST, SHAPE_LISTS)):
        before, after = re.split(r"\{.*\}", template)
        searches = [([template], before + written + after) for written in readings]
        answers = found_by_browser(page, searches)
        for (written, expected), answer in zip(readings.items(), answers, strict=True):
            whole = [said for *_, said, whole in answer["found"] if whole]
            said = {"value": expected[0], "rest": expected[1]} if expected else None
            assert whole == as_json([said] if said else []), written


def test_the_page_finds_a_template_where_it_stands(page):
    searches = [(templates, text) for templates, texts in MATCHES.items() for text in texts]
    for (templates, text), answer in zip(searches, found_by_browser(page, searches), strict=True):
        assert answer["found"] == as_json(MATCHES[templates][text]), text


def test_the_page_keeps_the_best_of_matches_that_overlap(page):
    searches = [(templates, text) for templates, texts in OVERLAPPING.items() for text in texts]
    for (templates, text), answer in zip(searches, found_by_browser(page, searches), strict=True):
        assert answer["kept"] == as_json(OVERLAPPING[templates][text]), text


def test_an_expression_has_the_same_value_on_the_page(page):
    values = page.evaluate(
        """([trees, numbers]) => {
            const known = new Map(Object.entries(numbers));
            return trees.map((tree) => window.errorguide.evaluate(tree, known));
        }""",
        [[compile_expression(expression) for expression in EXPRESSIONS], as_json(NUMBERS)],
    )
    assert dict(zip(EXPRESSIONS, values, strict=True)) == as_json(EXPRESSIONS)


def told_one_by_one(text):
    """How many causes of a text are told each by itself, the folded ones included."""
    return sum(not cause.footer for cause in explain(text).causes)


def test_the_page_explains_while_typing(page):
    page.get_by_label("Your error message, or the whole traceback").fill(CONV)
    answer = page.locator("#decoder-answer")
    assert "the channels your input has" in answer.inner_text() and "your data" in answer.inner_text()
    assert answer.locator("ol > li").count() == told_one_by_one(CONV)
    assert answer.locator("ol").first.locator("> li").count() == explain(CONV).shown
    assert (
        answer.get_by_role("link", name="Given groups=1").get_attribute("href")
        == "errors/pytorch-conv-channels.html"
    )
    page.get_by_label("Your error message, or the whole traceback").fill("CUDA out of memory")
    assert "not an error about shapes" in answer.inner_text()
    page.get_by_role("button", name="Clear").click()
    assert answer.inner_text() == "" and page.evaluate("document.activeElement.id") == "decoder-text"


def test_the_page_tells_the_readers_own_line_and_a_last_error_of_another_kind(page):
    field = page.get_by_label("Your error message, or the whole traceback")
    answer = page.locator("#decoder-answer")
    for text, place in TRACEBACKS.items():
        field.fill(text)
        assert ("Your line: " in answer.inner_text()) == (place is not None)
        if place is not None:
            told = answer.locator("p", has_text="Your line: ").inner_text()
            assert f"{place[0]}, line {place[1]}" in told and place[4] in told
    for text, unknown in LAST_ERRORS.items():
        field.fill(text)
        assert ("The last error here is not one" in answer.inner_text()) == (unknown is not None)


def test_every_example_is_explained_and_can_be_reached_by_keyboard(page):
    buttons = page.locator(".decoder-example")
    assert buttons.count() == 5
    for number in range(buttons.count()):
        buttons.nth(number).focus()
        page.keyboard.press("Enter")
        message = buttons.nth(number).get_attribute("data-message")
        assert page.locator("#decoder-answer ol > li").count() == told_one_by_one(message)


def test_what_is_announced_is_one_sentence(page):
    page.locator(".decoder-example").first.click()
    status = page.locator("#decoder-status")
    page.wait_for_function("document.getElementById('decoder-status').textContent")
    assert status.get_attribute("role") == "status" and status.inner_text().startswith("Explained: ")
    assert page.locator("[aria-live]").count() == 0 and page.locator("#decoder [role=status]").count() == 1


@pytest.mark.parametrize("size", [(1280, 900), (390, 844)])
def test_the_answer_begins_in_view(page, size):
    page.set_viewport_size(dict(zip(("width", "height"), size, strict=True)))
    page.reload()
    page.wait_for_selector("#decoder[data-ready]")
    page.locator("#decoder-text").focus()
    page.evaluate("text => document.execCommand('insertText', false, text)", CONV)
    page.locator(".decoder-example").first.click()
    page.wait_for_timeout(1000)
    top = page.locator("#decoder-answer").bounding_box()["y"]
    first = page.locator("#decoder-answer ol > li").first.bounding_box()
    assert 0 <= top <= 0.75 * size[1]
    assert first["y"] + first["height"] <= size[1] or top <= 80  # the first cause whole, or all that fits
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_tab_leads_to_the_field(page):
    page.reload()
    page.wait_for_selector("#decoder[data-ready]")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "decoder-text"
    skip = page.get_by_role("link", name="Skip to the field")
    skip.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "decoder-text"
    assert page.evaluate("window.location.hash") == ""


def test_more_and_back_keep_the_text(page):
    field = page.locator("#decoder-text")
    text = f"my own log\n{CONV}"
    field.fill(text)
    page.locator("#decoder-answer a").last.click()
    page.wait_for_url("**/errors/pytorch-conv-channels.html")
    page.go_back()
    page.wait_for_selector("#decoder[data-ready]")
    assert field.input_value() == text
    assert page.locator("#decoder-answer li").count() > 0


def test_an_address_without_a_message_clears(page):
    start = page.url
    page.evaluate("message => { window.location.hash = `#m=${encodeURIComponent(message)}`; }", CONV)
    page.wait_for_selector("#decoder-answer li")
    page.evaluate("window.location.hash = ''")
    page.wait_for_function("!document.getElementById('decoder-text').value")
    assert page.locator("#decoder-answer").inner_text() == ""
    page.goto(start)


def test_the_code_of_a_repair_is_copied(page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator("#decoder-text").fill(CONV)
    page.locator(".decoder-copy").first.click()
    page.get_by_text("Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == explain(CONV).causes[0].repairs[0].code


@pytest.mark.parametrize("size", [(1280, 900), (390, 844)])
def test_no_code_lies_under_its_button(page, size):
    page.set_viewport_size(dict(zip(("width", "height"), size, strict=True)))
    sizes = "weight of size [64, 3, 7, 7], expected input[8, 1, 224, 224]"
    gray = f"Given groups=1, {sizes} to have 3 channels, but got 1 channels instead"
    page.locator("#decoder-text").fill(gray)
    page.locator(".decoder-copy").first.click()
    page.get_by_text("Copied").wait_for()
    covered = page.evaluate(
        """() => [...document.querySelectorAll("#decoder-answer > ol .decoder-code")].map(block => {
            const button = block.querySelector("button").getBoundingClientRect();
            const text = document.createRange();
            text.selectNodeContents(block.querySelector("code"));
            const beside = line => line.bottom <= button.top || line.top >= button.bottom;
            const lines = [...text.getClientRects()];
            return lines.filter(line => line.right > button.left && !beside(line)).length;
        })"""
    )
    assert covered == [0, 0]


def test_the_link_carries_the_message_in_its_fragment(page, browser):
    message = 'ValueError: "100%" # & + <b> é 😀\n' + CONV
    page.get_by_label("Your error message, or the whole traceback").fill(message)
    link = page.get_by_role("link", name="Link to this explanation")
    target = link.evaluate("link => link.href")
    asked = len(page.asked)
    assert "#m=" in target and "?" not in target
    other = browser.new_page()
    requests = []
    other.on("request", lambda request: requests.append(request.url))
    other.goto(target)
    other.wait_for_selector("#decoder[data-ready]")
    assert other.locator("#decoder-text").input_value() == explain(message).message
    assert other.locator("#decoder-answer ol > li").count() == told_one_by_one(message)
    assert not any("channels" in url for url in requests) and len(page.asked) == asked
    other.goto(target[:-1] + "%")  # a link cut off in the middle of a character
    other.close()


def test_pasted_text_is_never_markup(page):
    payload = '<img src=x onerror="window.broken = 1"><script>window.broken = 1</script>'
    field = page.get_by_label("Your error message, or the whole traceback")
    for text in (
        payload,
        f"{payload} {CONV}",
        LOADING.format(payload),
        LOADING.format("<b>x</b>"),
        LAYER.format(payload),
    ):
        field.fill(text)
        page.wait_for_timeout(30)
        assert page.evaluate("window.broken") is None
        assert page.locator("#decoder-answer").locator("img, script, b").count() == 0


def test_the_page_asks_no_one_else_and_is_light(page, site, address):
    origin = address.rsplit("/", 1)[0]
    assert [url for url in page.asked if not url.startswith((origin, "data:", "blob:"))] == []
    assert sum((site / "_static" / name).stat().st_size for name in OWN_FILES) <= MOST_BYTES


def test_other_pages_load_nothing_of_it(site):
    html = (site / "errors" / "pytorch-conv-channels.html").read_text(encoding="utf-8")
    assert "decoder-engine" not in html and "decoder-data" not in html


def test_a_page_of_an_error_shows_message_numbers_causes_and_versions(site):
    soup = htmlkit.soup_of(site / "errors" / "pytorch-conv-channels.html")
    text = re.sub(r"\s+", " ", soup.get_text())
    entry = ENTRIES["pytorch-conv-channels"]
    for case in entry["cases"]:
        assert case["message"] in text
    for older in entry["older"]:
        assert older["message"] in text and soup.find("a", href=older["source"])
    causes = read_catalogue()["causes"]
    text = text[text.index("What may be behind it") :]
    told = in_order_of_page(entry, causes)
    positions = [text.index(f"{place}. {causes[name]['title']}") for place, name in enumerate(told, start=1)]
    assert positions == sorted(positions)
    assert all(causes[name]["title"] in text for name in entry["causes"])
    assert len(soup.select("details.more")) > 0
    assert soup.select_one('a[href^="../decoder.html#m="]')
