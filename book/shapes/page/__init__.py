"""What the pages about shapes show, from the rules: texts and drawings that a page only has to put in its
place. The page's script calls these as they are called here.

calculator.py   the calculator: a text and a shape
applying.py     writes a repair into the text
from_error.py   a model that fails as a message says
shape_text.py   the shapes that people type
wiring.py       one convolution in both frameworks
drawing.py      its channels and the positions of its kernel
html.py         all of it as HTML
"""

from .calculator import calculation, programs, repaired
from .drawing import positions, wires
from .from_error import example_of
from .html import answer, beside, code_of_both, wiring
from .shape_text import shapes_of
from .wiring import LEAST, LIMITS, START, read_by, wired

__all__ = [
    "LEAST",
    "LIMITS",
    "START",
    "answer",
    "beside",
    "calculation",
    "code_of_both",
    "example_of",
    "positions",
    "programs",
    "read_by",
    "repaired",
    "shapes_of",
    "wired",
    "wires",
    "wiring",
]
