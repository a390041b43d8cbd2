"""Imports the frameworks once, in the process that warm_kernels.py forks kernels from."""

import importlib
import multiprocessing
import os
import sys
import tempfile

# What a process begins with, before a test or a notebook has added to it.
PATH = [entry for entry in sys.path if entry != os.path.dirname(os.path.abspath(__file__))]

MAIN = multiprocessing.current_process()  # what a process is that nothing forked

with tempfile.TemporaryFile() as notes:  # what the frameworks write as they start; a real kernel tests that
    stderr = os.dup(2)
    os.dup2(notes.fileno(), 2)
    try:
        for name in ("torch", "tensorflow", "keras"):
            importlib.import_module(name)
    finally:
        sys.stderr.flush()
        os.dup2(stderr, 2)
        os.close(stderr)
