"""One error, one file: a page written into a copy of the catalogue is everywhere; nothing else is touched."""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import subprocess
import sys
import zlib
from pathlib import Path

import htmlkit
import pytest

import drift  # tools/drift.py
from errorguide import catalogue
from errorguide.cases import all_cases
from sphinxext import error_pages, version_runs

BOOK = Path(__file__).resolve().parents[1] / "book"
MESSAGE = "LinAlgError: Last 2 dimensions of the array must be square"
PAGE = f"""---
framework: "numpy"
kind: "other-shape"
patterns:
  - "Last {{count:int}} dimensions of the array must be square"
cases:
  - code: |
      import numpy as np

      np.linalg.inv(np.zeros((2, 3)))
    message: "{MESSAGE}"
numbers:
  count: "data: the axes that have to be of one length"
derive:
  got: "count"
  expected: "count"
causes:
  - id: "no-inverse"
    title: "A matrix that is not square has no inverse"
    when: "count == 2"
    let: {{half: "count // 2"}}
    reason: "{{count}} axes have to be equal, and {{half}} of them is longer."
    general: "Only a square matrix has an inverse."
    repair:
      numpy: |
        inverse = np.linalg.pinv(x)  # of {{count}} axes
  - "axis-order"
---
# Last 2 dimensions of the array must be square

Only square matrices have an inverse.

```{{error-details}}
```
"""


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """A small book with the decoder, the list, the versions, an older page, and the new one: built."""
    results = ("causes.yml", "versions.json", "repairs.json")
    names = ("index.md", "numpy-dot.md", "numpy-matmul.md", *results)
    files = {f"errors/{name}": (BOOK / "errors" / name).read_text(encoding="utf-8") for name in names}
    files["errors/numpy-linalg-square.md"] = PAGE
    pages = {"index.md": "# Front\n\n[The list](errors/index.md)\n"}
    pages |= {name: (BOOK / name).read_text(encoding="utf-8") for name in ("decoder.md", "versions.md")}
    pages["explain-it-where-it-fails.ipynb"] = htmlkit.notebook(htmlkit.markdown("# The model too"))
    pages |= {name: text for name, text in files.items() if name.endswith(".md")}
    root = htmlkit.make_book(tmp_path_factory.mktemp("catalogue"), pages)
    for name in results:
        (root / "book" / "errors" / name).write_text(files[f"errors/{name}"], encoding="utf-8")
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(BOOK / "errorguide", root / "book" / "errorguide", ignore=ignored)
    htmlkit.build_book(root)
    return root


def text_of(page):
    return re.sub(r"\s+", " ", htmlkit.soup_of(page).find("main").get_text())


def test_the_catalogue_takes_it(copy):
    read = catalogue.read_catalogue.__wrapped__(copy / "book" / "errors")
    entry = next(entry for entry in read["errors"] if entry["id"] == "numpy-linalg-square")
    assert entry["causes"] == ["no-inverse", "axis-order"]
    assert read["causes"]["no-inverse"]["title"] == "A matrix that is not square has no inverse"


def test_its_page_shows_message_numbers_and_both_causes(copy):
    text = text_of(copy / "_build" / "html" / "errors" / "numpy-linalg-square.html")
    assert MESSAGE in text and "2, from your data: the axes that have to be of one length" in text
    assert text.index("1. A matrix that is not square has no inverse.") < text.index(
        "Always possible: Axes in a different order than the framework expects"
    )
    assert "np.linalg.pinv(x) # of 2 axes" in text


def test_the_list_has_it(copy):
    page = htmlkit.soup_of(copy / "_build" / "html" / "errors" / "index.html")
    link = page.select_one("main a[href='numpy-linalg-square.html']")
    assert link.get_text() == "Last 2 dimensions of the array must be square"


def test_the_versions_page_says_what_no_run_has_seen(copy):
    text = text_of(copy / "_build" / "html" / "versions.html")
    runs = json.loads((copy / "book" / "errors" / "versions.json").read_text(encoding="utf-8"))
    title = "Last 2 dimensions of the array must be square"
    (where,) = re.findall(rf"{title}: not yet recorded with NumPy ([\d., and]+)\.", text)
    assert set(re.split(", | and ", where)) == {run["versions"]["numpy"] for run in runs}


def test_a_faulty_page_stops_the_build_and_is_named(copy, tmp_path, capsys):
    root = tmp_path / "faulty"
    shutil.copytree(copy, root, ignore=shutil.ignore_patterns("_build"))
    page = root / "book" / "errors" / "numpy-linalg-square.md"
    page.write_text(PAGE.replace("{count} axes have", "{counted} axes have"), encoding="utf-8")
    with pytest.raises(SystemExit):
        htmlkit.build_book(root)
    said = capsys.readouterr().err
    assert "numpy-linalg-square.md: cause 'no-inverse' speaks of counted, which the page" in said
    assert "Traceback (most recent" not in said, "Jupyter Book's own traceback tells nothing"


def test_other_tools_find_it_in_errors_json(copy):
    html = copy / "_build" / "html"
    listed = {each["id"]: each for each in json.loads((html / "errors.json").read_text(encoding="utf-8"))}
    assert sorted(listed) == ["numpy-dot", "numpy-linalg-square", "numpy-matmul"]
    assert listed["numpy-linalg-square"] == {
        "id": "numpy-linalg-square",
        "framework": "numpy",
        "kind": "other-shape",
        "patterns": ["Last {count:int} dimensions of the array must be square"],
        "title": "Last 2 dimensions of the array must be square",
        "link": "errors/numpy-linalg-square.html",
    }
    assert all((html / each["link"]).is_file() for each in listed.values())


def test_the_guide_explains_it(copy):
    done = subprocess.run(
        [sys.executable, "-m", "errorguide", "--json", MESSAGE],
        capture_output=True,
        text=True,
        cwd=copy / "book",
        env={**os.environ, "PYTHONPATH": ""},
        check=True,
    )
    found = json.loads(done.stdout)
    assert (found["id"], found["numbers"]["count"]) == ("numpy-linalg-square", 2)
    causes = [(cause["id"], cause["reason"], cause["fits"]) for cause in found["causes"]]
    assert causes[0] == ("no-inverse", "2 axes have to be equal, and 1 of them is longer.", False)
    assert found["shown"] == 1 and found["causes"][0]["pointed"] and found["causes"][1]["footer"]
    assert [cause[0] for cause in causes] == ["no-inverse", "axis-order"]


def test_the_decoders_data_has_it(copy):
    script = (copy / "_build" / "html" / "_static" / "decoder-data.js").read_text(encoding="utf-8")
    packed = re.search(r'"(.+)"', script).group(1)
    data = json.loads(zlib.decompress(base64.b64decode(packed), -15))
    entry = next(entry for entry in data["errors"] if entry["id"] == "numpy-linalg-square")
    assert "1ast {count:int} dimensions of the array must be square" in entry["templates"]
    code = "inverse = np.linalg.pinv(x)  # of {count} axes"
    assert data["causes"]["no-inverse"]["repair"] == {"numpy": [{"code": code, "intent": "", "loses": ""}]}
    assert set(entry["causes"]) <= set(data["causes"])


def test_its_reproduction_is_run_like_any_other(copy):
    read = catalogue.read_catalogue.__wrapped__(copy / "book" / "errors")
    case = next(case for case in all_cases(read) if case["id"] == "numpy-linalg-square")
    versions, results = drift.run_all([case])
    assert drift.compare(case, results[case["id"]], versions) == "same"


def test_a_framework_and_a_kind_are_one_line_each(tmp_path, monkeypatch):
    monkeypatch.setitem(catalogue.FRAMEWORKS, "scipy", catalogue.Framework("SciPy", related=("numpy",)))
    monkeypatch.setitem(catalogue.KINDS, "square", "Square matrices")
    page = tmp_path / "scipy-inv.md"
    page.write_text(PAGE.replace('"numpy"', '"scipy"').replace('"other-shape"', '"square"'), encoding="utf-8")
    shared, vocabulary, written = catalogue.read_shared()
    entry, own = catalogue.read_error(page, shared, vocabulary, written)
    assert "## SciPy\n\n**Square matrices**\n\n- [Last 2" in error_pages.list_all([entry])
    assert catalogue.repair_for(own["no-inverse"], "scipy")[0]["code"].startswith("inverse")
    data = catalogue.for_browser({"errors": [entry], "causes": {**shared, **own}})
    assert data["frameworks"]["scipy"] == "SciPy"


def test_every_kind_and_framework_has_its_place_in_the_list():
    entries = catalogue.read_catalogue()["errors"]
    listed = error_pages.list_all(entries) + "\n" + error_pages.list_silent(entries)
    assert listed.count(".md)") == len(entries)


def test_the_runs_that_are_recorded_can_be_shown():
    """Each other wording that a run has recorded is one that the guide recognises."""
    runs, cases = version_runs.recorded_runs(), {case["id"] for case in all_cases(catalogue.read_catalogue())}
    for run in runs:
        assert set(run["wordings"]) <= set(run["states"])
        for name, wording in run["wordings"].items():
            if name in cases:
                assert "do not recognise" not in drift.placing(name, wording), (run["versions"], name)


@pytest.mark.parametrize(
    ("title", "after_a_colon"),
    [
        ("Filling up at the end", "filling up at the end"),
        ("A channel at the front", "a channel at the front"),
        ("`Flatten`", "`Flatten`"),
        ("Keras alone", "Keras alone"),
        ("NumPy alone", "NumPy alone"),
        ("PyTorch's own", "PyTorch's own"),
    ],
)
def test_a_title_goes_on_after_a_colon(title, after_a_colon):
    assert error_pages.uncapital(title) == after_a_colon


@pytest.mark.parametrize(
    ("call", "gives", "right", "off", "said"),
    [
        ("layer(x)", "(2, 8)", True, "", "`layer(x)` then has shape `(2, 8)`, and the right values."),
        ("layer(x)", "(2, 8), (2,)", False, "", "`layer(x)` then has shapes `(2, 8), (2,)`."),
        ("loss(x, y)", "()", False, "", "`loss(x, y)` then returns a number."),
        ("y = f(x)\ny", "()", True, "", "The result is then the right number."),
        ("y = f(x)\ny", "", False, "", "The call then runs."),
        (
            "layer(x)",
            "(4, 8)",
            False,
            "the shape is (4, 8), where (2, 8) is right",
            "`layer(x)` then has shape `(4, 8)`, where `(2, 8)` is right.",
        ),
        ("f(x)", "()", False, "the value is 2, where 3 is right", "`f(x)` then returns 2, where 3 is right."),
        (
            "layer(x)",
            "(2, 8)",
            False,
            "9% of the values are wrong",
            "`layer(x)` then has the right shape, `(2, 8)`, but 9% of the values are wrong.",
        ),
    ],
)
def test_what_came_out_is_a_sentence(call, gives, right, off, said):
    assert error_pages.outcome({"call": call}, gives, right, off) == said


@pytest.mark.parametrize(
    ("versions", "title", "origin"),
    [
        ("2.0 to 2.3", "versions", "Keras 2.0 to 2.3"),
        ("tf.keras 2.3 to 2.6", "versions", "tf.keras 2.3 to 2.6"),
        ("the einops library, 0.7 to today", "a library", "the einops library, 0.7 to today"),
        ("1.7 to today, on several GPUs", "the machine", "Keras 1.7 to today, on several GPUs"),
    ],
)
def test_the_banner_says_whose_wording_it_is(versions, title, origin):
    said = error_pages.banner({"framework": "keras", "older": [{"versions": versions}]}, {})
    assert title in said[0] and f"This wording is of {origin}." in said
