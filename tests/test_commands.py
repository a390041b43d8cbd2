"""The commands behind the Makefile: what they do, and what they say when something is missing."""

from __future__ import annotations

import re
import socket
import stat
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
MAKE_VENV = ROOT / "tools" / "make_venv.sh"


def run(*command, **settings):
    return subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, stdin=subprocess.DEVNULL, **settings
    )


def script(path: Path, text: str) -> Path:
    """Write an executable file and return its path."""
    path.write_text(text)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def one_sentence(result) -> str:
    """The one line that a failed command wrote to stderr."""
    assert result.returncode != 0
    assert result.stdout == ""
    lines = result.stderr.strip().splitlines()
    assert len(lines) == 1, result.stderr
    return lines[0]


# --- the virtual environment ---


def test_a_missing_python_is_named(tmp_path):
    said = one_sentence(run(MAKE_VENV, "no-such-python3", tmp_path / "venv"))
    assert "'no-such-python3' was not found" in said
    assert "make PYTHON=" in said
    assert not (tmp_path / "venv").exists()


@pytest.mark.parametrize("version", ["3.8", "3.10", "3.14"])
def test_a_python_of_another_version_is_refused(tmp_path, version):
    python = script(tmp_path / "python", f"#!/bin/sh\necho {version}\n")
    said = one_sentence(run(MAKE_VENV, python, tmp_path / "venv"))
    assert f"is {version}" in said
    assert "3.11, 3.12 or 3.13" in said
    assert not (tmp_path / "venv").exists()


def test_a_python_without_the_venv_module_says_what_to_install(tmp_path):
    python = script(tmp_path / "python", '#!/bin/sh\ncase "$2" in *ensurepip*) exit 1;; esac\necho 3.11\n')
    said = one_sentence(run(MAKE_VENV, python, tmp_path / "venv"))
    assert "no venv module" in said
    assert "apt install python3.11-venv" in said


def test_a_failed_environment_leaves_nothing(tmp_path):
    python = script(
        tmp_path / "python",
        f"""#!/bin/sh
case "$2" in
    venv) mkdir -p "{tmp_path}/venv"; echo "no space left" >&2; exit 1;;
    *version_info*) echo 3.11;;
esac
""",
    )
    said = one_sentence(run(MAKE_VENV, python, tmp_path / "venv"))
    assert "no space left" in said
    assert not (tmp_path / "venv").exists()


def test_an_environment_is_marked_only_when_whole(tmp_path):
    result = run(MAKE_VENV, sys.executable, tmp_path / "venv")
    assert result.returncode == 0, result.stderr
    assert (tmp_path / "venv" / "made").is_file()
    assert (tmp_path / "venv" / "bin" / "python").exists()


def test_a_failed_installation_is_not_marked_as_done(tmp_path):
    venv = tmp_path / "venv"
    (venv / "bin").mkdir(parents=True)
    script(venv / "bin" / "python", "#!/bin/sh\necho 'no network' >&2\nexit 1\n")
    result = run(ROOT / "tools" / "install.sh", venv, "requirements.txt", venv / "has-all")
    assert result.returncode != 0
    assert "requirements.txt could not be installed" in result.stderr
    assert not (venv / "has-all").exists()


def test_make_alone_lists_every_target():
    listed = set(
        re.findall(r"^make (\S+)", run("make", "--no-print-directory", cwd=ROOT).stdout, re.MULTILINE)
    )
    phony = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE).group(1)
    assert listed == set(phony.split())


# --- serving ---


def test_serving_without_a_book_says_what_to_run(tmp_path):
    said = one_sentence(run(sys.executable, ROOT / "tools" / "serve.py", "--html", tmp_path))
    assert "run 'make book' first" in said


def test_serving_on_a_taken_port_names_it(tmp_path):
    (tmp_path / "index.html").write_text("<p>the book</p>")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = one_sentence(
            run(sys.executable, ROOT / "tools" / "serve.py", "--port", port, "--html", tmp_path)
        )
    assert f"port {port} is in use" in said
    assert "make serve PORT=" in said


def test_serving_answers_on_loopback_only(tmp_path):
    (tmp_path / "index.html").write_text("<p>the book</p>")
    command = [sys.executable, ROOT / "tools" / "serve.py", "--port", "0", "--html", tmp_path]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            address = re.search(r"http://127\.0\.0\.1:\d+/", server.stdout.readline()).group(0)
            with urllib.request.urlopen(address) as page:
                assert page.read() == b"<p>the book</p>"
        finally:
            server.terminate()


# --- what is installed ---


def requirement_lines(name):
    lines = (ROOT / name).read_text().splitlines()
    return [line for line in lines if line.strip() and not line.startswith("#")]


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-book.txt", "constraints.txt"])
def test_every_requirement_has_an_exact_version(name):
    options = ("-c constraints.txt", "-r requirements-book.txt")
    for line in requirement_lines(name):
        assert line in options or re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.]+", line), line


def test_no_package_is_pinned_twice():
    names = [
        re.sub(r"[-_.]+", "-", line.partition("==")[0]).lower()
        for name in ("requirements.txt", "requirements-book.txt", "constraints.txt")
        for line in requirement_lines(name)
        if "==" in line
    ]
    assert sorted(names) == sorted(set(names))


def test_no_cuda_package_is_pinned():
    pinned = "\n".join(requirement_lines("constraints.txt") + requirement_lines("requirements.txt"))
    assert not re.search(r"nvidia|cuda|cudnn|triton|\+cpu|\+cu", pinned, re.IGNORECASE)


def test_the_pages_need_no_framework_and_no_numpy():
    names = {line.partition("==")[0] for line in requirement_lines("requirements-book.txt")}
    assert not names & {"numpy", "torch", "tensorflow", "keras", "matplotlib", "scikit-learn"}


def test_the_installed_versions_are_the_tested_ones():
    from importlib.metadata import PackageNotFoundError, version

    different = []
    for line in requirement_lines("requirements.txt") + requirement_lines("requirements-book.txt"):
        name, _, wanted = line.partition("==")
        if not wanted:
            continue
        try:
            found = version(name).partition("+")[0]
        except PackageNotFoundError:
            found = "nothing"
        if found != wanted:
            different.append(f"{name}: expected {wanted}, got {found}")
    assert not different, different


# --- what the files say ---


def test_no_file_names_a_package_registry_or_this_machine():
    tracked = run("git", "ls-files", "-z", cwd=ROOT).stdout.split("\0")
    hosts = "|".join(
        [r"pypi\.org", r"pythonhosted", r"registry\.npmjs", r"deb\.debian", r"download\.pytorch"]
    )
    found = []
    for name in filter(None, tracked):
        path = ROOT / name
        if path.suffix in {".woff2", ".png"} or not path.is_file() or path == Path(__file__).resolve():
            continue
        text = path.read_text(encoding="utf-8")
        if re.search(hosts, text) or (f"{ROOT}/" in text and len(str(ROOT)) > 4):
            found.append(name)
    assert not found, found
