#!/usr/bin/env python3
"""Re-run notebooks and store their outputs in the one form the book keeps.

    refresh.py [--jobs N] [--measure] [NAME ...]

A NAME is a path, a file name without its suffix, or a leading number (01); no name means every notebook. A
notebook that fails, that writes to stderr, or whose outputs hold what another machine would not repeat stays
as it is, and the exit status is 1. An unchanged chapter keeps every byte.
"""

import argparse
import asyncio
import copy
import hashlib
import os
import subprocess
import sys

import ipykernel.kernelspec
import nbformat
from jupyter_client import AsyncKernelManager
from jupyter_client.kernelspec import KernelSpecManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from kernel_pipes import WAIT_FOR_THE_PIPES
from notebooks import (
    BOOK,
    NotebookError,
    code_cells,
    find_notebooks,
    normalise,
    place,
    read_notebook,
    short_name,
    tags,
    write_notebook,
)
from stored_outputs import excerpt, unclean_outputs

TIMEOUT = 600  # seconds a cell may take
MEASURED = "measured"  # a timing cell's metadata: what code its stored numbers were measured with


class OwnKernelSpecs(KernelSpecManager):
    """Knows one kernel: the Python that runs this script. Kernels installed elsewhere are not asked."""

    def get_kernel_spec(self, kernel_name):
        """Return the specification of this Python's kernel, whatever the name."""
        return self.kernel_spec_class(
            resource_dir=ipykernel.kernelspec.RESOURCES, **ipykernel.kernelspec.get_kernel_dict()
        )


class RefreshError(Exception):
    """What is wrong with a notebook, one line for each cell."""


async def execute(notebook, folder, timeout=TIMEOUT, begun=None):
    """Run all cells of `notebook` in place, in `folder`, in a new kernel of this environment.

    The positions of cells are appended to the list `begun` as they begin. Raises nbclient's errors for a cell
    that raises without being tagged, that takes longer than `timeout` seconds, or that ends the kernel.
    """
    begun = [] if begun is None else begun
    for _, cell in code_cells(notebook):
        cell.outputs, cell.execution_count = [], None
    # With this variable set, which pytest does, the kernel would not see what C++ code writes to stderr.
    environment = {key: value for key, value in os.environ.items() if key != "PYTEST_CURRENT_TEST"}

    async def wait_for_the_pipes(notebook):
        await client.kc.execute(WAIT_FOR_THE_PIPES, silent=True, reply=True, timeout=60)

    client = NotebookClient(
        notebook,
        km=AsyncKernelManager(kernel_name="python3", kernel_spec_manager=OwnKernelSpecs()),
        resources={"metadata": {"path": str(folder)}},
        timeout=timeout,
        on_notebook_start=wait_for_the_pipes,
        on_cell_execute=lambda cell, cell_index: begun.append(cell_index),
    )
    # The kernel's own words at its start are no output; what cells write to stderr comes as output.
    await client.async_execute(env=environment, stderr=subprocess.DEVNULL, cleanup_kc=True)


async def fresh_copy(notebook, path, timeout=TIMEOUT):
    """Return a re-run, normalised copy of `notebook`. Raises RefreshError with a line for each fault."""
    fresh, begun = copy.deepcopy(notebook), []
    try:
        await execute(fresh, path.parent, timeout, begun)
    except CellExecutionError as error:
        said = f"{error.ename}: {one_line(error.evalue)}; repair the cell, or show the failure with fails()."
        raise RefreshError(f"{last_place(fresh, path, begun)}: {said}") from error
    except CellTimeoutError as error:
        said = f"took longer than {timeout} seconds; make it smaller."
        raise RefreshError(f"{last_place(fresh, path, begun)}: {said}") from error
    except DeadKernelError as error:
        said = "the kernel died here; it may need less memory."
        raise RefreshError(f"{last_place(fresh, path, begun)}: {said}") from error
    normalise(fresh)
    problems = [f"{place(path, number, cell)}: {problem}" for number, cell, problem in faults(fresh)]
    if problems:
        raise RefreshError("\n".join(problems))
    return fresh


def last_place(notebook, path, begun):
    """Return the place of the cell that was begun last."""
    cell = notebook.cells[begun[-1]]
    cell.execution_count = len(begun)
    return place(path, begun[-1] + 1, cell)


def faults(notebook):
    """Return (number, cell, sentence) of everything that may not be stored."""
    found = []
    for number, cell in code_cells(notebook):
        if "raises-exception" in tags(cell) and not any(o.output_type == "error" for o in cell.outputs):
            found.append((number, cell, "is tagged raises-exception, but raised nothing; drop the tag."))
        found += [
            (number, cell, f"{problem}; make the cell say it otherwise.") for problem in unclean_outputs(cell)
        ]
    return found


def keep_measurements(fresh, stored):
    """Give timing cells their stored outputs back where the code up to them is still what was measured.

    Timings differ with every run; without this no chapter that measures something would ever be unchanged.
    """
    before = {cell.id: cell for _, cell in code_cells(stored) if "id" in cell}
    code = hashlib.sha256()
    for _, cell in code_cells(fresh):
        code.update(cell.source.encode() + b"\0")
        if "nbval-ignore-output" not in tags(cell):
            cell.metadata.pop(MEASURED, None)
            continue
        digest = code.hexdigest()[:12]
        old = before.get(cell.id)
        if old is not None and old.metadata.get(MEASURED) == digest and old.outputs:
            cell.outputs = copy.deepcopy(old.outputs)
        cell.metadata[MEASURED] = digest


def one_line(text):
    """Return `text` without line breaks, cut short."""
    return excerpt(" ".join(text.split()))[1:-1]


async def refresh(path, timeout=TIMEOUT, measure=False):
    """Re-run the notebook at `path` and store it. Returns whether the file changed. Raises RefreshError."""
    try:
        stored = read_notebook(path)
        fresh = await fresh_copy(stored, path, timeout)
    except NotebookError as error:
        raise RefreshError(str(error)) from error
    keep_measurements(fresh, nbformat.v4.new_notebook() if measure else stored)
    return write_notebook(fresh, path)


async def refresh_all(paths, jobs=1, timeout=TIMEOUT, measure=False):
    """Refresh notebooks, `jobs` at a time, and say what happened. Returns how many could not be stored."""
    places = asyncio.Semaphore(jobs)

    async def one(path):
        async with places:
            try:
                changed = await refresh(path, timeout, measure)
            except RefreshError as error:
                print(f"{error}\n{short_name(path)}: not stored", file=sys.stderr, flush=True)
                return False
            print(f"{short_name(path)}: {'stored' if changed else 'unchanged'}", flush=True)
            return True

    return (await asyncio.gather(*(one(path) for path in paths))).count(False)


def positive(text):
    """Return the whole number above 0 that an option gives. Raises ValueError."""
    number = int(text)
    if number < 1:
        raise ValueError
    return number


def main(arguments=None):
    """Refresh the notebooks that the arguments name; return the exit status."""
    parser = argparse.ArgumentParser(
        prog="refresh.py", description="Re-run notebooks and store their outputs."
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="01, 01-expected-32-got-64, or a path")
    parser.add_argument("--jobs", type=positive, default=1, help="notebooks run at a time (default 1)")
    parser.add_argument(
        "--timeout", type=positive, default=TIMEOUT, help=f"seconds a cell may take ({TIMEOUT})"
    )
    parser.add_argument("--measure", action="store_true", help="measure again even where no code changed")
    options = parser.parse_args(arguments)
    try:
        paths = find_notebooks(options.names)
    except NotebookError as error:
        print(error, file=sys.stderr)
        return 1
    if not paths:
        print(f"There is no notebook in {short_name(BOOK)} yet.")
        return 0
    return 1 if asyncio.run(refresh_all(paths, options.jobs, options.timeout, options.measure)) else 0


if __name__ == "__main__":
    sys.exit(main())
