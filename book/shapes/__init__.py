"""What a model makes of a shape, told without a framework: output, weights, parameters, work and memory of
each layer, or why not.

    from shapes import read, trace

    trace(read(text), [(1, 3, 224, 224)])

rules/     one function a kind of layer, for PyTorch and for Keras
read/      the text that people paste: print(model), Python lines, a Keras summary()
trace.py   a shape through the layers
emit/      layers as code
answers.py all of it with texts and plain values, as `python -m shapes` and a page ask it

The book's pages have the same rules as a script, which sphinxext/pythonscript writes from these files. It
takes a part of Python only: what it has no translation for stops the build with its file and line.
"""

from .read import read
from .records import Layer, Outcome, Reading, Refusal, Unknown, Weight
from .rules import outcome
from .trace import trace

__all__ = ["Layer", "Outcome", "Reading", "Refusal", "Unknown", "Weight", "outcome", "read", "trace"]
