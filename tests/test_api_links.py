"""Names in code that lead to their documentation, and the table that says where it is."""

from __future__ import annotations

import json
import re

import pytest
from htmlkit import pages_of, soup_of

import api_names  # tools/api_names.py
from notebooks import book_notebooks  # tools/notebooks.py
from sphinxext import api_links
from sphinxext.code_names import names_in, names_in_notebook

CONV = "https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv2d.html"
CELL = (
    '{}<div class="cell_input docutils container">\n<div class="highlight-ipython3 notranslate">'
    '<div class="highlight"><pre>{}</pre></div></div></div>'
)


def test_the_names_of_a_cell_stand_in_order_and_whole() -> None:
    code = "y = nn.Conv2d(2, 3, 1)(x)\nfor k in np.fft.rfft(np.ones(3)):\n    tf.nn.conv2d\nx.T, nn.Conv2d, F"
    assert names_in(code) == ["nn.Conv2d", "np.fft.rfft", "np.ones", "tf.nn.conv2d"]
    assert names_in("nn.Linear(2, 3).weight.data") == ["nn.Linear"]
    assert names_in("%magic nn.Linear") == []


@pytest.mark.parametrize(
    ("code", "linked"),
    [
        ("nn.Conv2d(3)", f'<a href="{CONV}">nn.Conv2d</a>(3)'),
        ("nn.Conv2d.forward", f'<a href="{CONV}">nn.Conv2d</a>.forward'),
        (
            '<span class="k">with</span> nn.Conv2d',
            f'<span class="k">with</span> <a href="{CONV}">nn.Conv2d</a>',
        ),
        ('<span class="c1"># nn.Conv2d</span>', '<span class="c1"># nn.Conv2d</span>'),
        ('<span class="s2">&quot;nn.Conv2d</span>', '<span class="s2">&quot;nn.Conv2d</span>'),
        ("my.nn.Conv2d nn.Convolution onn.Conv2d", "my.nn.Conv2d nn.Convolution onn.Conv2d"),
    ],
)
def test_a_name_in_highlighted_code_becomes_a_link(code, linked) -> None:
    assert (
        api_links.link_names(f'<span class="line">{code}</span>', set())
        == f'<span class="line">{linked}</span>'
    )


def test_a_name_is_linked_once_a_page_and_not_in_what_is_folded_away() -> None:
    folded = CELL.format("<details><summary>Show the code</summary>\n", "nn.Conv2d()") + "</details>"
    cell = CELL.format("", "nn.Conv2d(nn.Conv2d)")
    output = '<div class="output"><pre>nn.Conv2d</pre></div>'
    page = api_links.link_page(folded + cell + output + cell)
    assert page.count(CONV) == 1
    assert page.index(CONV) > page.index("</details>")
    assert re.sub("<a [^>]*>|</a>", "", page) == folded + cell + output + cell


# ---- The book itself ----


def test_the_table_has_every_name_that_the_installed_libraries_have_and_chapters_use() -> None:
    from bookkit.frameworks import keras, tf, torch  # noqa: F401 (imported quietly)

    stored = json.loads(api_links.TABLE.read_text(encoding="utf-8"))
    assert stored == api_names.table(), "run tools/api_names.py"
    with pytest.raises(AttributeError):
        api_names.resolve("torch.nn.Convolution2d")
    used = {name for path in book_notebooks() for name in names_in_notebook(path)}
    without = {api_names.whole(name) for name in used - set(stored)}
    modules = {"keras.layers", "keras.losses", "tensorflow.compat.v1.profiler"}
    of_objects = {"keras.layers.Layer.__call__", "tensorflow.data.Dataset.range"}
    assert without == api_names.WITHOUT_PAGE | modules | of_objects


@pytest.mark.parametrize(
    ("name", "page"),
    [
        ("numpy.abs", "https://numpy.org/doc/stable/reference/generated/numpy.absolute.html"),
        ("tensorflow.nn.conv2d", "https://www.tensorflow.org/api_docs/python/tf/nn/conv2d"),
        (
            "keras.layers.Conv2DTranspose",
            "https://keras.io/api/layers/convolution_layers/convolution2d_transpose/",
        ),
        (
            "keras.layers.GlobalMaxPooling2D",
            "https://keras.io/api/layers/pooling_layers/global_max_pooling2d/",
        ),
        ("torch.float32", "https://docs.pytorch.org/docs/stable/tensor_attributes.html#torch.dtype"),
    ],
)
def test_an_address_follows_from_a_rule(name, page) -> None:
    assert api_names.address(api_names.documented(name)) == page


def test_every_chapter_links_its_names_and_each_once(built_book) -> None:
    for chapter in pages_of(built_book):
        links = [link.get_text() for link in soup_of(chapter).select(".cell_input a")]
        assert len(links) == len(set(links)), chapter.name
        if re.match(r"\d\d-", chapter.name):
            assert len(links) > 5, chapter.name
            for link in soup_of(chapter).select(".cell_input a"):
                assert link["href"] == api_links.pages()[link.get_text()]
