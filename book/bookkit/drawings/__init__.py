"""The book's figures: tensors, weights, groups, convolution, reshape and the mismatch, drawn from shapes.

End a cell in one of these calls: each returns a matplotlib Figure, which Jupyter shows once, as one SVG.
Importing this package sets matplotlib up as `bookkit.drawings.style` says, also for plots of your own:
`ROLES`, `GROUPS`, `IMPLEMENTATIONS`, `WRONG` and `GRAY` are the colours to use there, each for what it means,
and a `Canvas` is a sheet for drawings of your own.

Each drawing has a file of its own; what they share is in style, canvas, blocks, bars, cells, wires, wording
and checks.
"""

from bookkit.drawings.canvas import Canvas
from bookkit.drawings.chains import chains
from bookkit.drawings.crossings import crossings
from bookkit.drawings.decisions import decisions
from bookkit.drawings.flatten import flatten
from bookkit.drawings.group_matrices import group_matrices
from bookkit.drawings.im2col import im2col
from bookkit.drawings.kernels import kernels
from bookkit.drawings.matrices import matrices
from bookkit.drawings.mismatch import mismatch
from bookkit.drawings.one_pixel import one_pixel
from bookkit.drawings.ranking import ranking
from bookkit.drawings.shard import shard
from bookkit.drawings.shared_weights import shared_weights
from bookkit.drawings.shifted_copies import shifted_copies
from bookkit.drawings.shifts import shifts
from bookkit.drawings.shuffle import shuffle
from bookkit.drawings.sliding_rows import sliding_rows
from bookkit.drawings.style import GRAY, GROUPS, IMPLEMENTATIONS, ROLES, WRONG
from bookkit.drawings.tensors import tensors
from bookkit.drawings.times import times
from bookkit.drawings.transpose_and_reshape import transpose_and_reshape
from bookkit.drawings.two_devices import two_devices
from bookkit.drawings.unrolled import unrolled
from bookkit.drawings.weights import weights
from bookkit.drawings.windows import windows
from bookkit.drawings.winograd import winograd
from bookkit.drawings.wiring import wiring
from bookkit.drawings.wirings import wirings

__all__ = [
    "GRAY",
    "GROUPS",
    "IMPLEMENTATIONS",
    "ROLES",
    "WRONG",
    "Canvas",
    "chains",
    "crossings",
    "decisions",
    "flatten",
    "group_matrices",
    "im2col",
    "kernels",
    "matrices",
    "mismatch",
    "one_pixel",
    "ranking",
    "shard",
    "shared_weights",
    "shifted_copies",
    "shifts",
    "shuffle",
    "sliding_rows",
    "tensors",
    "times",
    "transpose_and_reshape",
    "two_devices",
    "unrolled",
    "weights",
    "windows",
    "winograd",
    "wiring",
    "wirings",
]
