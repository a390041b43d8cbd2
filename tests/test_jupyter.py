"""What a reader sees who opens the chapters in JupyterLab: text, figures, and advice after a NameError."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import browserkit
import lab  # tools/lab.py
import nbformat
import pytest
from jupyter_client import KernelManager
from jupyter_client.kernelspec import KernelSpecManager

from bookkit import fails, forgotten

ROOT = Path(__file__).resolve().parents[1]
# One with tabs, labels, exercises and a failure; one with formulas.
SHOWN = ("01-expected-32-got-64", "13-training-from-scratch")
# What jupyterlab-myst leaves where it has not rendered: roles, fences, labels, options, links, mathematics.
RAW = re.compile(r"\{(?:doc|ref|eq|numref)\}|:::|```|^:label:|^:class:|^\([\w-]+\)=|\]\(|\$\$", re.M)


# ---- The sentence after a NameError ----


def name_error(name):
    """Return the NameError of a name that is not there."""
    with pytest.raises(NameError) as caught:
        eval(name, {})
    return caught.value


@pytest.mark.parametrize(
    "cell",
    [
        "from torch.nn import functional as F",
        "import F",
        "a, (F, b) = 1, (2, 3)",
        "def F():\n    pass",
        "class F:\n    pass",
        "for F in range(3):\n    pass",
        "with open('x') as F:\n    pass",
        "print(F := 1)",
    ],
)
def test_a_name_of_a_cell_above_is_said_to_come_from_there(cell):
    sentence = forgotten.advice(name_error("F"), lambda: ["x = 1", cell])
    assert sentence == (
        "`F` comes from a cell above that has not run since the kernel started: "
        "choose Run > Run All Above Selected Cell, then run this cell again."
    )


@pytest.mark.parametrize(
    "cells", [[], ["print(F)"], ["F.x = 1"], ["!ls F"], ["F = ("], ["def f():\n    F = 1"]]
)
def test_a_name_that_no_cell_defines_is_left_to_python(cells):
    assert forgotten.advice(name_error("F"), lambda: cells) is None


def test_other_errors_are_left_to_python():
    for error in (None, ValueError("F"), UnboundLocalError("F")):
        assert forgotten.advice(error, lambda: ["F = 1"]) is None


def test_a_name_error_that_fails_met_is_seen():
    with pytest.raises(AssertionError) as caught, fails(ValueError):
        raise name_error("F")
    assert forgotten.advice(caught.value, lambda: ["F = 1"]).startswith("`F` comes from a cell above")


# ---- The kernel of `make notebooks` ----


@pytest.fixture(scope="module")
def kernel(tmp_path_factory):
    """A kernel as JupyterLab starts it for a notebook of three cells; returns what running a cell prints."""
    path = tmp_path_factory.mktemp("notebook") / "three.ipynb"
    cells = [nbformat.v4.new_code_cell(code, id=code[0]) for code in ("x = 1", "y = x", "z = 3")]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    manager = KernelManager(
        kernel_name="python3",
        kernel_spec_manager=KernelSpecManager(kernel_dirs=[str(lab.KERNELS / "kernels")]),
    )
    manager.start_kernel(env={**lab.environment(), "JPY_SESSION_NAME": str(path)})
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=60)

    def printed(code, cell):
        content = {"code": code, "silent": False, "store_history": True, "user_expressions": {}}
        request = client.session.msg("execute_request", content, metadata={"cellId": cell})
        client.shell_channel.send(request)
        said = ""
        while True:
            message = client.get_iopub_msg(timeout=60)
            if message["parent_header"].get("msg_id") != request["header"]["msg_id"]:
                continue
            if message["msg_type"] == "stream":
                said += message["content"]["text"]
            elif message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
                return said

    yield printed
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def test_a_kernel_names_the_cell_that_was_forgotten(kernel):
    assert kernel("y = x", "y").startswith("`x` comes from a cell above that has not run")


def test_a_kernel_does_not_call_a_cell_below_forgotten(kernel):
    assert kernel("print(z)", "y") == ""


def test_a_kernel_looks_at_all_cells_for_one_that_is_not_saved(kernel):
    assert kernel("print(z)", "new").startswith("`z` comes from a cell above")


# ---- JupyterLab ----


def test_notebooks_are_trusted_and_what_is_none_is_named(tmp_path):
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1")]), tmp_path / "good.ipynb")
    (tmp_path / "broken.ipynb").write_text("{")
    (tmp_path / "other.ipynb").write_text("[1]")
    program = f"""
import pathlib, lab, nbformat
folder = pathlib.Path({str(tmp_path)!r})
print([path.name for path in lab.trust(folder)])
print(lab.NotebookNotary().check_signature(nbformat.read(folder / "good.ipynb", as_version=4)))
"""
    environment = {
        **os.environ,
        "JUPYTER_DATA_DIR": str(tmp_path / "data"),
        "PYTHONPATH": str(ROOT / "tools"),
    }
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.stdout == "['broken.ipynb', 'other.ipynb']\nTrue\n", done.stderr
    assert (tmp_path / "broken.ipynb").read_text() == "{"


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """The address of a JupyterLab as `make notebooks` starts it, with settings and notebooks of its own."""
    work = tmp_path_factory.mktemp("jupyterlab")
    folder = work / "book"
    folder.mkdir()
    for name in SHOWN:
        shutil.copy(ROOT / "book" / f"{name}.ipynb", folder)
    tracker = work / "settings" / "@jupyterlab" / "notebook-extension" / "tracker.jupyterlab-settings"
    tracker.parent.mkdir(parents=True)
    tracker.write_text('{"windowingMode": "none"}')  # every cell is drawn, not only those in sight
    settings = {
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": "data",
        "JUPYTER_RUNTIME_DIR": "runtime",
        "JUPYTERLAB_SETTINGS_DIR": "settings",
        "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
    }
    environment = {**os.environ, **{name: str(work / where) for name, where in settings.items()}}
    command = [sys.executable, str(ROOT / "tools" / "lab.py"), f"--folder={folder}", "--no-browser"]
    command += ["--ServerApp.port=0", "--allow-root"]
    with (work / "log").open("w") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT, cwd=folder)
    try:
        known = work / "runtime" / f"jpserver-{server.pid}.json"
        until = time.monotonic() + 90
        while not known.is_file():
            assert server.poll() is None and time.monotonic() < until, (work / "log").read_text()
            time.sleep(0.2)
        about = json.loads(known.read_text())
        yield lambda name: f"{about['url']}doc/tree/{name}.ipynb?token={about['token']}&reset"
    finally:
        server.terminate()
        server.wait(30)


@pytest.mark.skipif(
    browserkit.CHROMIUM is None, reason="no browser: the chapters in JupyterLab were left out"
)
@pytest.mark.parametrize("name", SHOWN)
def test_a_chapter_is_rendered_in_jupyterlab(address, browser, name):
    cells = nbformat.read(ROOT / "book" / f"{name}.ipynb", as_version=4).cells
    figures = sum(
        "image/svg+xml" in output.get("data", {}) for cell in cells for output in cell.get("outputs", [])
    )
    page = browser.new_page()
    elsewhere = []
    ours = address(name).partition("/doc/")[0]
    page.on(
        "request",
        lambda request: request.url.startswith((ours, "data:", "blob:")) or elsewhere.append(request.url),
    )
    page.goto(address(name))
    page.wait_for_selector(".jp-MarkdownCell", timeout=90_000)
    # The text is rendered cell after cell; the last one that waits shows an empty or raw cell.
    page.wait_for_function(
        """count => {
            const cells = [...document.querySelectorAll(".jp-MarkdownCell")];
            return document.querySelectorAll(".jp-Cell").length === count
                && cells.every(cell => cell.querySelector(".myst"));
        }""",
        arg=len(cells),
        timeout=90_000,
    )
    text = "\n".join(page.locator(".jp-MarkdownCell .myst").all_inner_texts())
    assert RAW.findall(text) == []
    assert page.locator(".myst a[href]").filter(has_not_text=re.compile(r"\S")).count() == 0
    assert page.locator(".jp-OutputArea-output svg, .jp-RenderedSVG img").count() == figures > 0
    if "13" in name:
        assert page.locator(".myst .katex").count() > 0
    assert elsewhere == []
    page.close()
