"""Runs a script of the book's pages in node, which Playwright brings along."""

from __future__ import annotations

import json
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

ASK = """
const lines = require("fs").readFileSync(0, "utf8").split("\\n").filter(Boolean);
const answers = lines.map((line) => {
  const [, name, given] = line.match(/^\\["(\\w+)", (.*)\\]$/);
  try {
    return [true, %(name)s.call(name, given)];
  } catch (problem) {
    return [false, problem.$class ? problem.$class.__name__ : String(problem.stack)];
  }
});
process.stdout.write(JSON.stringify(answers));
"""


def node() -> str | None:
    """Return the path of node, None where there is none."""
    playwright = find_spec("playwright")
    own = Path(playwright.origin).parent / "driver" / "node" if playwright else None
    return str(own) if own and own.is_file() else shutil.which("node")


def run(program: str, text: str = "") -> str:
    """Return what a program prints that reads a text."""
    done = subprocess.run([node(), "-e", program], input=text, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def answers(script: Path, name: str, cases: list) -> list[str]:
    """Return what the functions of a script answer, as JSON; "! Kind" for an exception.

    cases: (function, arguments), which cross as JSON.
    """
    program = f"require({json.dumps(str(script))});" + ASK % {"name": name}
    text = "\n".join(json.dumps([function, list(given)]) for function, given in cases)
    made = json.loads(run(program, text))
    return [answer if well else f"! {answer}" for well, answer in made]


def answers_of_python(module, cases: list) -> list[str]:
    """Return the same of a module in Python."""
    return [answer_of_python(getattr(module, function), given) for function, given in cases]


def answer_of_python(function, given) -> str:
    try:
        return json.dumps(function(*json.loads(json.dumps(given))))
    except Exception as problem:
        return f"! {type(problem).__name__}"
