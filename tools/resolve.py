#!/usr/bin/env python3
"""Can the pinned versions be installed on every Python and platform that README.md names?

Asks the package index, without installing anything: each set of versions has to fit together, with a wheel of
every package. One line for each combination that fails. Exit status: 0 all fit, 1 some do not, 2 not asked.
"""

import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# The oldest patch of each Python. TensorFlow has no wheel for 3.14 yet. requirements.txt holds all of
# requirements-book.txt, so what fits for the one fits for the other.
PYTHONS = {
    "requirements.txt": ("3.11.2", "3.12.0", "3.13.0"),
    "requirements-book.txt": ("3.14.0",),
}
# uv's names. PyTorch's wheels are built for these: glibc 2.28, macOS 14 on Apple silicon.
PLATFORMS = {
    "Linux on x86-64": "x86_64-manylinux_2_28",
    "Linux on arm64": "aarch64-manylinux_2_28",
    "macOS 14 on arm64": "aarch64-apple-darwin",
    "Windows on x86-64": "x86_64-pc-windows-msvc",
}
NO_ANSWER = re.compile(
    r"failed to fetch|error sending request|dns error|network connectivity is disabled", re.I
)


class NotAsked(Exception):
    """The question could not be put; the text says why."""


def resolve(requirements, python, platform):
    """Return why `requirements` cannot be installed on a Python and platform (uv's names), or None.

    Raises NotAsked without uv, and where the package index does not answer.
    """
    uv = shutil.which(
        "uv", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    )
    if uv is None:
        raise NotAsked("uv is not installed")
    command = [uv, "pip", "compile", "--quiet", "--no-python-downloads", "--only-binary", ":all:"]
    command += ["--python-version", python, "--python-platform", platform, str(requirements)]
    environment = {**os.environ, "MACOSX_DEPLOYMENT_TARGET": "14.0", "NO_COLOR": "1"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    if done.returncode == 0:
        return None
    if NO_ANSWER.search(done.stderr):
        raise NotAsked("the package index does not answer")
    _, _, cause = done.stderr.partition("cause:")  # uv breaks it into lines as wide as the terminal
    return " ".join((cause or done.stderr).split())


def check(root=ROOT):
    """Return a line for each combination of requirements, Python and platform that cannot be installed."""
    asked = [
        (requirements, python, name)
        for requirements, pythons in PYTHONS.items()
        for python in pythons
        for name in PLATFORMS
    ]
    with ThreadPoolExecutor(4) as pool:
        answers = pool.map(lambda one: resolve(root / one[0], one[1], PLATFORMS[one[2]]), asked)
        return [
            f"{requirements}, Python {python}, {name}: {answer}"
            for (requirements, python, name), answer in zip(asked, answers, strict=True)
            if answer
        ]


def main():
    """Print what cannot be installed where; return the exit status."""
    try:
        failures = check()
    except NotAsked as reason:
        print(f"Whether the versions can be installed on every platform was not checked: {reason}.")
        return 2
    for line in failures:
        print(line)
    print(
        "The versions fit on every Python and platform." if not failures else f"{len(failures)} do not fit."
    )
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
