"""`python -m errorguide "message"`, or with the text on standard input; `--page` prints a page of the
book.
"""

import argparse
import difflib
import json
import os
import sys

from . import as_text, explain
from .catalogue import read_catalogue
from .page import page_as_text

NOTHING = "This is not an error about shapes that this book knows."
EMPTY = 'Give the error message: python -m errorguide "RuntimeError: ...", or pipe the whole output into it.'


def main(arguments=None):
    """Print the explanation of an error message, or a page. Return 1 where the book does not know it, 2 where
    nothing was asked.
    """
    parser = argparse.ArgumentParser(
        prog="python -m errorguide",
        description="Explain an error message about shapes.",
        epilog="`python -m errorguide run FILE [ARGS...]` runs a program and explains the error it ends in.",
    )
    parser.add_argument("message", nargs="*", help="the message; without it, standard input is read")
    parser.add_argument("--json", action="store_true", help="print the explanation as JSON")
    parser.add_argument("--page", metavar="NAME", help="print a page of the book, such as pytorch-mat1-mat2")
    options = parser.parse_args(arguments)
    if options.page is not None:
        return print_page(options.page)
    if options.message:
        text = " ".join(options.message)
    elif sys.stdin is None or sys.stdin.isatty():
        print(EMPTY, file=sys.stderr)
        return 2
    else:
        text = sys.stdin.buffer.read().decode("utf-8", errors="replace")
    explanation = explain(text)
    if explanation is None:
        print(NOTHING, file=sys.stderr)
        return 1
    print(json.dumps(explanation.as_dict(), indent=1) if options.json else as_text(explanation))
    return 0


def print_page(name):
    """Print a page; return 1 where there is none of this name."""
    name = name.removeprefix("errors/").removesuffix(".md").removesuffix(".html")
    catalogue = read_catalogue()
    entries = {entry["id"]: entry for entry in catalogue["errors"]}
    if name in entries:
        print(page_as_text(entries[name], catalogue["causes"]))
        return 0
    near = (
        difflib.get_close_matches(name, entries, n=3, cutoff=0.3)
        or [other for other in entries if name in other][:3]
    )
    meant = f"; near it: {', '.join(near)}" if near else ""
    print(f"No page has the name {name}{meant}.", file=sys.stderr)
    return 1


def run():
    """Run the command; where what reads it ends early, as `head` does, end as other commands do."""
    if sys.argv[1:2] == ["run"]:
        from .run import run_program

        return run_program(sys.argv[2:])
    if hasattr(sys.stdout, "reconfigure"):  # a terminal that has not all letters
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        status = main()
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # Python flushes once more at its end
        status = 128 + 13  # SIGPIPE
    return status


if __name__ == "__main__":
    sys.exit(run())
