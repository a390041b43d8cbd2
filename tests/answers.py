"""What answers have to say: tests/data/answers, a file a subject, each a list of

- text: what is pasted; page: whose message it is
- causes: the causes that have to come first, in their order, and they alone are told at once; with "..." at
  the end others may follow
- says, never: what the terminal's answer has to hold and must not hold, the titles of folded causes included
"""

from __future__ import annotations

from pathlib import Path

import yaml

FOLDER = Path(__file__).parent / "data" / "answers"
FIELDS = {"text", "page", "causes", "says", "never"}


def all_answers() -> dict[str, dict]:
    """Return {file, number: answer}."""
    found = {}
    for path in sorted(FOLDER.glob("*.yml")):
        for number, answer in enumerate(yaml.safe_load(path.read_text(encoding="utf-8")), start=1):
            assert set(answer) <= FIELDS and {"text", "page"} <= set(answer), (path.name, number)
            found[f"{path.stem} {number}"] = answer
    return found
