"""Notebooks lie in book/, beside tests/: what pytest does with them is in tests/strict_notebooks.py."""

pytest_plugins = ["strict_notebooks"]
