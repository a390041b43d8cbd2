"""What the pages about shapes show, from the rules: texts and drawings that a page only has to put in its
place.

asked.py        what the pages ask; their script is written from it
calculator.py   a text and a shape: what stands beside each line, and the table
applying.py     writes a repair into the text
from_error.py   a model that fails as a message says
wiring.py       one convolution in both frameworks
drawing.py      its channels and the positions of its kernel
filters.py      its weight as blocks
html.py         all of it as HTML
"""
