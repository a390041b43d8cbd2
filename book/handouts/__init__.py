"""The book to hand out: zips that run in a fresh folder, made of the book's own files.

`make_handouts` in shelf.py says which there are, parcel.py what lies in one, archive.py how it is packed.
Plain Python: `make handouts` and the build of the pages both call it, and neither needs a framework.
"""

from .settings import Settings
from .shelf import Handout, make_handouts

__all__ = ["Handout", "Settings", "make_handouts"]
