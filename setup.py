"""Builds what pyproject.toml says, each time in a new folder: a page that was deleted would come back from an
old build/.
"""

import tempfile

from setuptools import setup

with tempfile.TemporaryDirectory() as folder:
    setup(options={"build": {"build_base": folder}})
