"""Open JupyterLab on the book: stored figures show, no network is asked, a forgotten cell is named.

JupyterLab shows a stored figure only of a notebook that is trusted. These come with the book, so they are
trusted before it starts.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

import nbformat
from nbformat.sign import NotebookNotary

ROOT = Path(__file__).resolve().parents[1]
BOOK = ROOT / "book"
# The kernel of this folder comes before the one of the environment, and loads bookkit.forgotten.
KERNELS = ROOT / "tools" / "jupyter"
# JupyterLab would ask for leave to fetch its news, and look for a newer version.
QUIET = ("--LabApp.news_url=None", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate")


def trust(folder: Path) -> list[Path]:
    """Trust every notebook directly in a folder. Those that cannot be read are left alone and returned."""
    notary = NotebookNotary()
    unread = []
    for path in sorted(folder.glob("*.ipynb")):
        try:
            notary.sign(nbformat.read(path, as_version=4))
        except (OSError, ValueError, AttributeError):  # no JSON, or JSON that is no notebook
            unread.append(path)
    return unread


def environment() -> dict[str, str]:
    """The environment in which kernels find the book's packages, and JupyterLab the book's kernel."""
    changed = dict(os.environ)
    for name, folder in (("JUPYTER_PATH", KERNELS), ("PYTHONPATH", BOOK)):
        changed[name] = os.pathsep.join(filter(None, [str(folder), os.environ.get(name)]))
    return changed


def main(arguments: list[str] | None = None) -> None:
    """Trust the notebooks and become JupyterLab, which is given the arguments that are not ours."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--folder", type=Path, default=BOOK, help="where the notebooks lie (default: book/)")
    ours, others = parser.parse_known_args(arguments)
    for path in trust(ours.folder):
        print(f"make notebooks: {path.name} cannot be read as a notebook; it is left as it is.", flush=True)
    command = [sys.executable, "-m", "jupyterlab", f"--notebook-dir={ours.folder}", *QUIET, *others]
    os.execve(sys.executable, command, environment())


if __name__ == "__main__":
    main()
