"""The book's figures: tensors, weights, wiring, flattening and the mismatch, drawn from shapes alone.

End a cell in one of these calls: each returns a matplotlib Figure, which Jupyter shows once, as one SVG.
Importing this package sets matplotlib up as `bookkit.drawings.style` says, also for plots of your own:
`PALETTE` and `ROLES` hold the colours to use there, and a `Canvas` is a sheet for drawings of your own.

Each drawing has a file of its own; what they share is in style, canvas, blocks, bars, wording and checks.
"""

from bookkit.drawings.canvas import Canvas
from bookkit.drawings.flatten import flatten
from bookkit.drawings.mismatch import mismatch
from bookkit.drawings.style import PALETTE, ROLES
from bookkit.drawings.tensors import tensors
from bookkit.drawings.weights import weights
from bookkit.drawings.wiring import wiring

__all__ = ["PALETTE", "ROLES", "Canvas", "flatten", "mismatch", "tensors", "weights", "wiring"]
