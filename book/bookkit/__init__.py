"""What the chapters share.

Importing this package imports NumPy and no framework. `bookkit.frameworks` imports PyTorch, TensorFlow and
Keras; `bookkit.drawings` draws the figures and imports matplotlib.
"""

from bookkit.agreement import agree
from bookkit.failures import fails
from bookkit.layouts import hwio, nchw, nhwc, oihw
from bookkit.source import show_source

__all__ = ["agree", "fails", "hwio", "nchw", "nhwc", "oihw", "show_source"]
