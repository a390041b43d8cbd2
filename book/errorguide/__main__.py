"""`python -m errorguide "message"`, or with the text on standard input."""

import argparse
import json
import sys

from . import as_text, explain


def main(arguments=None):
    """Print the explanation of an error message. Return 1 where it is no shape error that the book knows."""
    parser = argparse.ArgumentParser(
        prog="python -m errorguide", description="Explain an error message about shapes."
    )
    parser.add_argument("message", nargs="*", help="the message; without it, standard input is read")
    parser.add_argument("--json", action="store_true", help="print the explanation as JSON")
    options = parser.parse_args(arguments)
    if options.message:
        text = " ".join(options.message)
    else:
        text = sys.stdin.buffer.read().decode("utf-8", errors="replace")
    explanation = explain(text)
    if explanation is None:
        print("This is not an error about shapes that this book knows.", file=sys.stderr)
        return 1
    print(json.dumps(explanation.as_dict(), indent=1) if options.json else as_text(explanation))
    return 0


if __name__ == "__main__":
    sys.exit(main())
