"""`Formulas`, and that no formula of the cheat sheet can pass for another one."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup

from bookkit.formulas import Formulas

SHEET = Path(__file__).resolve().parents[1] / "book" / "cheat-sheet.ipynb"
LETTERS = Formulas(O=10, I=6, G=2, H=7, W=9)


class Layer:
    """Stands for an array: it has a shape."""

    def __init__(self, *shape):
        self.shape = shape


@pytest.mark.parametrize(
    ("formula", "comes_to"),
    [
        ("(O, I / G, H, W)", (10, 3, 7, 9)),
        ("O x (I / G x H x W + 1)", 1900),
        ("⌊(H + 2 x p - 3) / 2⌋ + 1", 4),
        ("⌈H / 2⌉", 4),
        ("max(H - W, 0)", 0),
    ],
)
def test_a_formula_is_read_as_it_is_written(formula, comes_to) -> None:
    assert LETTERS.value(formula, p=1) == comes_to
    assert LETTERS.check(formula, comes_to, p=1) == formula


@pytest.mark.parametrize("real", [(10, 3, 9, 7), (10, 6, 7, 9), (10, 3, 7), 10])
def test_a_formula_that_is_not_the_shape_is_refused(real) -> None:
    with pytest.raises(AssertionError, match=r"\(O, I / G, H, W\) comes to \(10, 3.0, 7, 9\)"):
        LETTERS.check("(O, I / G, H, W)", real)


def test_letters_of_one_size_are_refused() -> None:
    with pytest.raises(ValueError, match="a size of its own"):
        Formulas(H=3, W=3)


def test_each_array_is_compared_with_its_own_formula() -> None:
    arrays = {"in.weight": Layer(10, 6), "bias": Layer(10), "gain": Layer(10)}
    said = "in.weight (O, I), bias, gain (O,)"
    assert LETTERS.check_arrays(said, arrays) == said
    with pytest.raises(AssertionError):
        LETTERS.check_arrays(said, {**arrays, "bias": Layer(6)})
    with pytest.raises(KeyError, match="gain"):
        LETTERS.check_arrays(said, {"in.weight": Layer(10, 6), "bias": Layer(10)})


def shapes_of_the_sheet() -> list[str]:
    """Every shape that the cheat sheet's tables give in letters."""
    outputs = [out for cell in nbformat.read(SHEET, 4).cells for out in cell.get("outputs", [])]
    tables = [BeautifulSoup(out.data["text/html"], "html.parser") for out in outputs if "data" in out]
    said = " ".join(code.get_text() for table in tables for code in table.select("code"))
    return sorted(set(re.findall(r"(?<= )\([A-Za-z0-9 /,]*,[A-Za-z0-9 /,]*\)", said)))


def test_a_shape_of_the_cheat_sheet_with_two_letters_exchanged_would_be_refused() -> None:
    cells = nbformat.read(SHEET, 4).cells
    names: dict = {}
    exec(next(cell.source for cell in cells if "import Formulas" in cell.source), names)
    letters = names["letters"]
    others = Formulas(**{letter: 2 * size + 1 for letter, size in letters.sizes.items()})
    shapes = shapes_of_the_sheet()
    assert {"(O, I / G, H, W)", "(H, W, I / G, O)", "(I, 4 x h)"} <= set(shapes)
    exchanged = 0
    for shape in shapes:
        used = set(re.findall(r"\b(?!x\b)[A-Za-z]\b", shape))
        for pair in itertools.combinations(used, 2):
            wrong = shape.translate(str.maketrans("".join(pair), "".join(reversed(pair))))
            if others.value(wrong) != others.value(shape):  # factors of a product may be exchanged
                assert letters.value(wrong) != letters.value(shape), wrong
                exchanged += 1
    assert exchanged > 40
