"""`python -m shapes "(1, 3, 224, 224)" < model.txt`: the shape behind each layer of a printed or written
model.
"""

import argparse
import json
import shutil
import sys

from .answers import declared, table, trace
from .read.shape import shape_of

NOTHING = "No layer was found. Paste what print(model) shows, the lines of __init__, or a Keras summary()."


def main(arguments=None):
    """Print the table. Return 1 where a layer fails, 2 for input that cannot be used."""
    parser = argparse.ArgumentParser(
        prog="python -m shapes",
        description="Show the shape behind each layer of a model that is read from a text.",
    )
    parser.add_argument(
        "shape", nargs="+", help='the input\'s shape with its batch: "(1, 3, 224, 224)", one for each input'
    )
    parser.add_argument("--file", help="the text; without it, standard input is read")
    parser.add_argument("--framework", choices=("pytorch", "keras"), help="for names that both have")
    parser.add_argument("--json", action="store_true", help="print the trace as JSON")
    options = parser.parse_args(arguments)
    try:
        shapes = [shape_of(text) for text in options.shape]
        text = text_of(options.file)
    except (OSError, ValueError) as problem:
        print(problem, file=sys.stderr)
        return 2
    reading = declared(text, options.framework)
    if not reading["layers"]:
        print(NOTHING, file=sys.stderr)
        for problem in reading["problems"]:
            print(f"Line {problem['line']}: {problem['text']}.", file=sys.stderr)
        return 2
    wanted = len(reading["inputs"])
    if len(shapes) < wanted:
        print(f"The model has {wanted} inputs: give the shape of each.", file=sys.stderr)
        return 2
    traced = trace(text, shapes, options.framework)
    width = shutil.get_terminal_size((100, 24)).columns
    print(json.dumps(traced, indent=1) if options.json else table(traced, width))
    return 1 if traced["failed"] else 0


def text_of(path):
    """Return the text of a file or of standard input."""
    if path:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    if sys.stdin is None or sys.stdin.isatty():
        raise ValueError('Give the model\'s text: python -m shapes "(1, 3, 224, 224)" < model.txt')
    return sys.stdin.buffer.read().decode("utf-8", errors="replace")


if __name__ == "__main__":
    sys.exit(main())
