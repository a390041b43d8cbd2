"""The zips to hand out: complete, the same each time, and they run in a folder of their own."""

from __future__ import annotations

import ast
import functools
import json
import re
import sys
import zipfile
from importlib.machinery import PathFinder
from importlib.metadata import packages_distributions
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from handouts import Settings, make_handouts
from handouts import notebook as notebooks
from handouts.archive import zipped
from handouts.imports import needs_of
from handouts.parcel import DATA, contents
from handouts.requirements import NotPinned, canonical, read_pins, requirements_of

ROOT = Path(__file__).resolve().parents[1]
BOOK = ROOT / "book"
PAGES = sorted(BOOK.glob("*.ipynb"))
SETTINGS = Settings("Expected 32, Got 64", "", ROOT)
PUBLISHED = Settings("Expected 32, Got 64", "https://book.example/shapes/", ROOT)
CHAPTER = BOOK / "01-expected-32-got-64.ipynb"


@pytest.fixture(scope="module")
def shelf(tmp_path_factory) -> list:
    """All handouts of the book."""
    return make_handouts(PAGES, SETTINGS, tmp_path_factory.mktemp("handouts"))


def zips(shelf) -> list:
    return [handout for handout in shelf if handout.kind != "bare"]


def unpacked(handout, folder: Path) -> Path:
    """The one folder that a zip unpacks to."""
    with zipfile.ZipFile(handout.file) as archive:
        archive.extractall(folder)
    (only,) = folder.iterdir()
    return only


def chosen(shelf, page: str, kind: str):
    return next(handout for handout in shelf if (handout.page, handout.kind) == (page, kind))


# ---- What lies in a zip ----


def imported_in(source: str, package: str) -> set[str]:
    """The modules that code imports, by their absolute names."""
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = ".".join(package.split(".")[: package.count(".") + 2 - node.level]) if node.level else ""
            names.add(".".join(filter(None, [above, node.module])))
    return names


def found_in(name: str, folder: Path) -> bool:
    """Whether Python finds a module when it looks into this folder only."""
    path = [str(folder)]
    for part in name.split("."):
        spec = PathFinder.find_spec(part, path)
        if spec is None:
            return False
        path = spec.submodule_search_locations or []
    return True


installed = functools.cache(packages_distributions)


def faults_of(folder: Path) -> list[str]:
    """What an unpacked zip imports and neither holds nor has installed."""
    own = {path.name for path in folder.iterdir() if (path / "__init__.py").is_file()}
    required = read_pins(folder / "requirements.txt").keys()
    distributions = installed()
    sources = [(path, path.read_text(encoding="utf-8")) for path in folder.rglob("*.py")]
    for path in folder.glob("*.ipynb"):
        sources += [(path, code) for code in notebooks.code_of(notebooks.read(path))]
    faults = []
    for path, source in sources:
        package = ".".join(path.relative_to(folder).parent.parts)
        for name in sorted(imported_in(source, package)):
            top = name.partition(".")[0]
            if top in own:
                missing = not found_in(name, folder)
            else:
                bring = {canonical(distribution) for distribution in distributions.get(top, [top])}
                missing = top not in sys.stdlib_module_names and not bring & required
            if missing:
                faults.append(f"{path.relative_to(folder)} imports {name}")
    return faults


def test_every_import_of_every_zip_is_there_or_required(shelf, tmp_path):
    faults = []
    for handout in zips(shelf):
        folder = unpacked(handout, tmp_path / handout.file.stem)
        faults += [f"{handout.file.name}: {fault}" for fault in faults_of(folder)]
    assert faults == []


def test_a_missing_module_and_a_missing_requirement_would_be_found(shelf, tmp_path):
    folder = unpacked(chosen(shelf, CHAPTER.stem, "with"), tmp_path)
    (folder / "fromscratch" / "relu.py").unlink()
    requirements = folder / "requirements.txt"
    requirements.write_text(re.sub("numpy==.*", "", requirements.read_text()))
    faults = faults_of(folder)
    assert "fromscratch/__init__.py imports fromscratch.relu" in faults
    assert "fromscratch/relu.py imports numpy" not in faults
    assert "fromscratch/linear.py imports numpy" in faults


def test_every_zip_holds_what_says_how(shelf):
    for handout in zips(shelf):
        with zipfile.ZipFile(handout.file) as archive:
            folder = handout.file.stem
            lines = archive.read(f"{folder}/README.md").decode().splitlines()
            assert len(lines) == 5 and lines[0].startswith("# "), handout.file.name
            alone = (handout.page, "without") not in {(other.page, other.kind) for other in shelf}
            kind = "" if alone else f", {handout.kind} solutions"
            assert lines[1].endswith(f" of *{SETTINGS.title}*{kind}. For Python 3.11, 3.12 or 3.13.")
            assert archive.read(f"{folder}/LICENSE") == (ROOT / "LICENSE").read_bytes()
            assert archive.read(f"{folder}/constraints.txt") == (ROOT / "constraints.txt").read_bytes()
            if f"{folder}/bookkit/frameworks.py" in archive.namelist():  # it imports what no statement names
                required = archive.read(f"{folder}/requirements.txt").decode()
                assert all(f"\n{name}==" in required for name in ("keras", "tensorflow", "torch"))
            assert {name.partition("/")[0] for name in archive.namelist()} == {folder}


def test_the_whole_book_has_every_notebook(shelf):
    with zipfile.ZipFile(chosen(shelf, "", "with").file) as archive:
        there = {name.partition("/")[2] for name in archive.namelist()}
    assert {path.name for path in PAGES} <= there


def own_modules() -> dict[str, str]:
    """The text of every module of the packages that zips hold, by the module's name."""
    code = [source for path in PAGES for source in notebooks.code_of(notebooks.read(path))]
    paths = [path for package in needs_of(code, BOOK).packages for path in (BOOK / package).rglob("*.py")]
    names = [".".join(path.relative_to(BOOK).with_suffix("").parts) for path in paths]
    return {name: path.read_text(encoding="utf-8") for name, path in zip(names, paths, strict=True)}


def data_named_in(source: str) -> set[Path]:
    """The files of the book, neither code nor notebooks, that a string in some code names or matches."""
    texts = {node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant)}
    names = [text for text in texts if isinstance(text, str) and re.fullmatch(r"[\w./*-]*\.[a-z]+", text)]
    return {path for path in data_files() if any(path.match(name) for name in names)}


@functools.cache
def data_files() -> list[Path]:
    code = {".py", ".pyc", ".ipynb"}
    return [path for path in BOOK.rglob("*") if path.is_file() and path.suffix not in code]


def test_every_file_that_a_module_reads_is_named():
    # These put the folder of the book on a new process's path, or tell the book's frames from others.
    no_data = {"bookkit.devices.launch", "bookkit.onednn_groups", "errorguide.live.frames", "errorguide.run"}
    modules = own_modules()
    finds = {name for name, source in modules.items() if "__file__" in source or data_named_in(source)}
    assert finds - no_data == DATA.keys()
    for patterns in DATA.values():
        assert all(any(BOOK.glob(pattern)) for pattern in patterns)


def test_a_module_that_reads_a_new_file_would_be_found():
    assert data_named_in('read(FOLDER / "versions.json")') == {BOOK / "errors" / "versions.json"}
    assert BOOK / "measured" / "avx2.json" in data_named_in('FOLDER.glob("*.json")')
    assert data_named_in('"a.json", ".", "json", "a sentence, *.json"') == set()


# ---- The same bytes each time ----


def test_a_zip_is_made_of_its_files_alone():
    files = {"b.txt": b"2", "a/c.txt": b"1"}
    packed = zipped(files, "folder")
    assert packed == zipped(dict(reversed(files.items())), "folder")
    assert packed != zipped({**files, "b.txt": b"3"}, "folder")


def test_the_same_sources_give_the_same_bytes(shelf, tmp_path):
    again = make_handouts([CHAPTER], SETTINGS, tmp_path)
    for handout in again[2:]:
        assert handout.file.read_bytes() == chosen(shelf, handout.page, handout.kind).file.read_bytes()


# ---- The notebooks ----


def test_with_solutions_a_notebook_is_the_book_s_but_for_its_links(shelf):
    for path in PAGES:
        with zipfile.ZipFile(chosen(shelf, path.stem, "with").file) as archive:
            given = json.loads(archive.read(f"{path.stem}/{path.name}"))
        book = notebooks.read(path)
        assert notebooks.code_of(given) == notebooks.code_of(book)
        assert [cell["id"] for cell in given["cells"]] == [cell["id"] for cell in book["cells"]]


def test_without_solutions_each_exercise_has_a_cell_to_fill_in():
    for path in PAGES:
        book = notebooks.read(path)
        given = notebooks.without_solutions(book)
        text = json.dumps(given)
        assert "{solution" not in text
        empty = [cell["id"] for cell in given["cells"] if not notebooks.source(cell)]
        labels = re.findall(r"```\{exercise\}.*?:label: ([\w-]+)", text)
        assert sorted(empty) == sorted(f"answer-{label}" for label in labels)
        kept = {cell["id"] for cell in given["cells"]} - set(empty)
        assert kept < {cell["id"] for cell in book["cells"]} or not labels
        nbformat.validate(nbformat.from_dict(given))


def links_of(notebook: dict) -> list[str]:
    """Where a notebook's links to other files lead."""
    text = "\n".join(notebooks.source(cell) for cell in notebook["cells"] if cell["cell_type"] == "markdown")
    found = re.findall(r"\]\(([^)\s#]+)[^)\s]*\)", text)
    outputs = [output for cell in notebook["cells"] for output in cell.get("outputs", [])]
    for output in outputs:
        found += re.findall(r'href="([^"#]+)', "".join(output.get("data", {}).get("text/html", "")))
    return found


def test_no_link_of_a_handout_dangles(shelf, tmp_path):
    for handout in shelf:
        if handout.kind == "bare":
            assert [link for link in links_of(notebooks.read(handout.file)) if ":" not in link] == []
            continue
        folder = unpacked(handout, tmp_path / handout.file.stem)
        for path in folder.glob("*.ipynb"):
            for link in links_of(notebooks.read(path)):
                assert ":" in link or (folder / link).is_file(), (handout.file.name, link)


def test_with_an_address_links_lead_to_pages_of_the_book():
    given = contents([CHAPTER], PUBLISHED, "A title")
    links = [link for link in links_of(json.loads(given[CHAPTER.name])) if "book.example" in link]
    assert f"{PUBLISHED.address}04-the-repair.html" in links
    for link in links:
        page = link.removeprefix(PUBLISHED.address).removesuffix(".html")
        assert any((BOOK / f"{page}{end}").is_file() for end in (".ipynb", ".md")), link


@pytest.mark.parametrize(
    ("lead", "expected"),
    [
        (lambda target: None, "See `x[0]` and [a](https://a.example)."),
        (
            lambda target: f"x/{target}",
            "See [`x[0]`](x/04-the-repair.ipynb#a) and [a](https://a.example).",
        ),
    ],
)
def test_a_link_is_changed_or_becomes_text(lead, expected):
    source = ["See [`x[0]`](04-the-repair.ipynb#a) and [a](https://a.example)."]
    changed = notebooks.with_links({"cells": [{"cell_type": "markdown", "source": source}]}, lead)
    assert notebooks.source(changed["cells"][0]) == expected


# ---- What has to be installed ----


def test_requirements_are_pinned_and_pytorch_comes_first():
    lines = requirements_of({"torch", "PIL", "keras"}, ROOT).splitlines()
    pinned = [line for line in lines if "==" in line]
    assert pinned[0].startswith("torch==")
    assert [line.partition("==")[0] for line in pinned[1:]] == [
        "ipykernel", "jupyterlab", "jupyterlab-myst", "keras", "pillow",
    ]  # fmt: skip
    assert lines[0] == "-c constraints.txt"


def test_a_chapter_that_needs_one_of_the_tools_gets_all():
    assert "pyrefly==" in requirements_of({"torchinfo"}, ROOT)
    assert "pyrefly==" not in requirements_of({"torch"}, ROOT)


def test_a_package_that_is_not_pinned_is_named():
    with pytest.raises(NotPinned, match="nowhere"):
        requirements_of({"nowhere"}, ROOT)


def test_imports_are_followed_through_packages_and_functions(tmp_path):
    files = {
        "ours/__init__.py": "from .deep import thing",
        "ours/deep.py": "import ours.far\nimport os\nimport numpy as np",
        "ours/far.py": "def f():\n    from . import late\n    import PIL.Image",
        "ours/late.py": "",
        "ours/unused.py": "import torch",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    needs = needs_of(["from ours import other"], tmp_path)
    assert sorted(needs.own) == ["ours", "ours.deep", "ours.far", "ours.late"]
    assert needs.others == {"numpy", "PIL"}
    assert needs.packages == ["ours"]


# ---- They run ----


def run(path: Path, monkeypatch, cells: int | None = None) -> list:
    """Run a notebook, or its first cells of code, in its own folder, where nothing leads to the book."""
    monkeypatch.delenv("PYTHONPATH", raising=False)
    notebook = nbformat.read(path, as_version=4)
    if cells:
        notebook.cells = [cell for cell in notebook.cells if cell.cell_type == "code"][:cells]
    client = NotebookClient(
        notebook, timeout=600, kernel_name="python3", resources={"metadata": {"path": str(path.parent)}}
    )
    client.execute()
    return notebook.cells


@pytest.mark.parametrize(("page", "kind"), [(CHAPTER.stem, "without"), ("explain-it-where-it-fails", "with")])
def test_a_zip_runs_in_a_folder_of_its_own(shelf, tmp_path, monkeypatch, page, kind):
    folder = unpacked(chosen(shelf, page, kind), tmp_path)
    ran = run(folder / f"{page}.ipynb", monkeypatch)
    assert any(cell.get("outputs") for cell in ran)


def test_a_notebook_alone_says_in_one_sentence_what_to_fetch(shelf, tmp_path, monkeypatch):
    path = tmp_path / CHAPTER.name
    path.write_bytes(chosen(shelf, CHAPTER.stem, "bare").file.read_bytes())
    with pytest.raises(CellExecutionError) as stopped:
        run(path, monkeypatch, cells=1)
    assert (
        str(stopped.value)
        .rstrip()
        .endswith(
            "This notebook needs the folders bookkit and fromscratch beside it: download "
            "01-expected-32-got-64.zip where you got this file, unpack it, and open the notebook in it."
        )
    )
    assert "Traceback" not in str(stopped.value)


def test_a_notebook_alone_names_the_address_where_the_book_has_one(tmp_path):
    bare = make_handouts([CHAPTER], PUBLISHED, tmp_path)[-1]
    assert "download 01-expected-32-got-64.zip from https://book.example/shapes/handouts/, unpack" in (
        bare.file.read_text(encoding="utf-8")
    )


def test_beside_its_packages_the_guarded_notebook_runs(shelf, tmp_path, monkeypatch):
    folder = unpacked(chosen(shelf, CHAPTER.stem, "with"), tmp_path)
    guarded = folder / "guarded.ipynb"
    guarded.write_bytes(chosen(shelf, CHAPTER.stem, "bare").file.read_bytes())
    assert run(guarded, monkeypatch, cells=1)[0].outputs == []
