"""The script of the pages about shapes: the same texts and settings through it and through Python, equal to
the letter, refusals included.
"""

from __future__ import annotations

import ast
import importlib
import json
import os
import random
import warnings
from pathlib import Path

import nodekit
import pytest
from shapes_random import KERAS, TORCH
from shapes_texts import ENDLESS, TEXTS

from shapes import answers
from sphinxext.pythonscript import script

if nodekit.node() is None:
    pytest.skip("no node: the pages' script is not run", allow_module_level=True)
SHAPES = Path(__file__).resolve().parents[1] / "book" / "shapes"
SETTINGS = int(os.environ.get("SHAPES_SETTINGS", "150"))  # of each kind of layer
INPUTS = [
    [[2, 3, 32, 32]],
    [[1, 1, 28, 28]],
    [[None, 28, 28, 1]],
    [[4, 10]],
    [[2, 3, 64]],
    [[1, 10], [1, 20]],
]
HEAVIEST = 520_000  # bytes; the pages load it deflated, a third of that
SIDES = {"size": 20, "kernel": 5, "stride": 3, "dilation": 3}  # of the wiring: the largest


@pytest.fixture(scope="module")
def rules(tmp_path_factory):
    """The script of shapes/answers.py in a file."""
    path = tmp_path_factory.mktemp("script") / "shapes.js"
    path.write_text(script(SHAPES, "answers", "shapes"), encoding="utf-8")
    return path


def assert_equal(rules, cases, module=answers):
    """Compare Python and the script on (function, arguments)."""
    said = nodekit.answers(rules, "shapes", cases)
    for case, python, page in zip(cases, nodekit.answers_of_python(module, cases), said, strict=True):
        assert page == python, case


def texts_of_tests():
    """Return the models, whole or in parts, in the tests of `read` and `emit`."""
    files = [Path(__file__).with_name(f"test_shapes_{name}.py") for name in ("read", "emit")]
    trees = [ast.parse(file.read_text(encoding="utf-8")) for file in files]
    found = [node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    return [value for value in dict.fromkeys(found) if isinstance(value, str) and "(" in value]


def asked_of(text, shapes):
    """Return what is asked of one text."""
    return [
        ("declared", [text]),
        ("trace", [text, shapes]),
        ("emit", [text, shapes, "pytorch"]),
        ("emit", [text, shapes, "keras"]),
    ]


def test_settings_of_every_kind(rules):
    cases = []
    for framework, kinds in (("pytorch", TORCH), ("keras", KERAS)):
        for kind, make in kinds.items():
            rng = random.Random(f"script {kind}")
            for _ in range(SETTINGS):
                name, settings, shapes = make(rng)
                cases.append(("layer", [framework, name, settings, shapes]))
    said = nodekit.answers_of_python(answers, cases)
    assert sum(answer.startswith('{"refusal"') for answer in said) > len(said) // 20
    assert sum(answer.startswith('{"output"') for answer in said) > len(said) // 2
    assert_equal(rules, cases)


def test_texts(rules):
    texts = texts_of_tests()
    assert len(texts) > 60
    assert_equal(rules, [case for text in texts for shapes in INPUTS for case in asked_of(text, shapes)])


def test_whole_texts(rules):
    cases = [("trace", [text, [list(each) for each in shapes]]) for shapes, text, _ in TEXTS.values()]
    cases += [("trace", [text, [[1, 4]]]) for text in ENDLESS.values()]
    assert_equal(rules, cases)


def test_texts_that_are_cut_and_garbled(rules):
    """A page reads a text while it is typed."""
    rng = random.Random(8)
    cases = []
    for text in texts_of_tests():
        for _ in range(4):
            start = rng.randrange(len(text))
            cut = text[start : start + rng.randrange(400)]
            garbled = "".join(
                letter if rng.random() > 0.03 else rng.choice("x1[]() ,=\n\t'\\é😀٣²") for letter in text
            )
            cases += [case for each in (cut, garbled) for case in asked_of(each, rng.choice(INPUTS))]
    assert_equal(rules, cases)


def test_tables_and_signatures(rules):
    cases = []
    for text in texts_of_tests():
        traced = answers.trace(text, [[1, 3, 40, 32], [1, 3, 40, 32]])
        cases += [("table", [traced, width]) for width in (30, 60, 100, 140)]
    for framework, kinds in answers.SIGNATURES.items():
        cases += [("signature", [framework, kind]) for kind in kinds]
    for text in (
        "(1, 3, 224, 224)",
        "8",
        "[2, None]",
        "(1,)",
        "",
        "(0, 1)",
        "(1, 2",
        "1e3",
        "(True,)",
        "x" * 50,
    ):
        cases.append(("shape", [text]))
    assert_equal(rules, cases)


def test_numbers_that_javascript_does_not_hold(rules):
    text = "nn.Linear(99999999999, 99999999999)\nnn.Linear(99999999999, 3)"
    assert_equal(rules, asked_of(text, [[7, 99999999999]]))


def test_printed_models(rules):
    pytest.importorskip("torch", reason="no PyTorch: no printed models to read")
    models = importlib.import_module("shapes_models").MODELS
    cases = []
    for make, shape in models.values():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            cases += asked_of(str(make()), [list(shape)])
    assert_equal(rules, cases)


def test_the_page_gets_plain_values(rules):
    """Called with plain values, a function returns what JSON.parse makes of Python's JSON."""
    given = ["nn.Conv2d(3, 8, 3)\nnn.Linear(9, 4)", [[1, 3, 9, 9]]]
    asked = f"shapes.trace(...{json.dumps(given)})"
    program = f"require({json.dumps(str(rules))}); console.log(JSON.stringify({asked}))"
    assert json.loads(nodekit.run(program)) == json.loads(json.dumps(answers.trace(*given)))


def test_what_the_pages_ask(tmp_path):
    """The texts and drawings of the calculator and the wiring."""
    asked = pytest.importorskip("shapes.page.asked", reason="the book has no pages about shapes")
    path = tmp_path / "shapes.js"
    path.write_text(script(SHAPES, "page/asked", "shapes"), encoding="utf-8")
    rng = random.Random(2)
    shapes = (
        "(2, 3, 32, 32)",
        "1x28x28",
        "(None, 28, 28, 1)",
        "[4, 10]",
        "(1, 10), (1, 20)",
        "(0, 3)",
        "x",
        "",
    )
    cases = []
    for text in texts_of_tests():
        shape = rng.choice(shapes)
        cases += [(name, [text, shape]) for name in ("calculation", "code", "repaired")]
    for _ in range(SETTINGS):
        sides = {name: [rng.randint(1, most), rng.randint(1, most)] for name, most in SIDES.items()}
        numbers = {"in_channels": rng.randint(1, 12), "out_channels": rng.randint(1, 12)}
        numbers |= {"groups": rng.choice((1, 1, 2, 3)), "zeros": [rng.randint(0, 3), rng.randint(0, 3)]}
        ways = {"padding": rng.choice(("zeros", "same", "valid")), "transposed": rng.random() < 0.3}
        given = {**sides, **numbers, **ways, "output_padding": [rng.randint(0, 2), rng.randint(0, 2)]}
        cases.append(("convolution", [given, rng.randrange(given["out_channels"])]))
    assert_equal(path, cases, asked)
    assert path.stat().st_size < HEAVIEST


def test_the_script_is_light(rules):
    assert rules.stat().st_size < HEAVIEST
