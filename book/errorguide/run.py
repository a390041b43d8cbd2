"""`python -m errorguide run FILE [ARGS...]`: run a program as Python does, and explain its error."""

import json
import os
import sys
import types


def run_program(arguments):
    """Run `run [--json OUT] FILE [ARGS...]` and return the exit status, as the program's own would be."""
    out = None
    arguments = list(arguments)
    while arguments and arguments[0].startswith("--"):
        option = arguments.pop(0)
        if option == "--":
            break
        name, equals, value = option.partition("=")
        if name == "--json" and (equals or arguments):
            out = value if equals else arguments.pop(0)
        elif name == "--try" and (equals or arguments):
            os.environ["ERRORGUIDE_TRY"] = value if equals else arguments.pop(0)
        else:
            print(USAGE, file=sys.stderr)
            return 2
    if not arguments:
        print(USAGE, file=sys.stderr)
        return 2
    return run_file(arguments[0], arguments, out)


USAGE = "usage: python -m errorguide run [--json OUT] [--try no] FILE [ARGS...]"


def run_file(file, arguments, out):
    """Run a file as `__main__`; return its exit status. Where it ends in an error, print Python's own
    traceback and then the explanation.
    """
    try:
        with open(file, "rb") as source:
            code = compile(source.read(), file, "exec", dont_inherit=True)
    except OSError as error:
        print(
            f"{sys.executable}: can't open file {os.path.abspath(file)!r}: "
            f"[Errno {error.errno}] {error.strerror}",
            file=sys.stderr,
        )
        return 2
    except (SyntaxError, ValueError) as error:
        sys.excepthook(type(error), error.with_traceback(None), None)
        return 1
    sys.argv[:] = arguments
    sys.path[0] = os.path.dirname(os.path.realpath(file))
    module = types.ModuleType("__main__")
    module.__dict__.update(__file__=file, __builtins__=__builtins__, __cached__=None)
    sys.modules["__main__"] = module
    try:
        exec(code, module.__dict__)
    except SystemExit:
        raise
    except BaseException as error:
        return ended(error, out)
    return 0


def ended(error, out):
    """Print what Python prints of an error, and its explanation below; return the exit status."""
    traceback = error.__traceback__.tb_next  # without this file's own frame
    error = error.with_traceback(traceback)
    try:
        sys.excepthook(type(error), error, traceback)
    except SystemExit:
        raise
    except BaseException:
        sys.__excepthook__(type(error), error, traceback)
    if isinstance(error, KeyboardInterrupt):
        return 130
    if not isinstance(error, Exception):
        return 1
    try:
        tell(error, out)
    except KeyboardInterrupt:
        return 130
    except Exception:
        if os.environ.get("ERRORGUIDE_DEBUG"):
            raise
    return 1


def tell(error, out):
    """Print the explanation of an error on the standard error stream, and write it to a file."""
    from . import as_text, explain

    explanation = explain(error)
    if explanation is None:
        return
    if out is not None:
        with open(out, "w", encoding="utf-8") as file:
            json.dump(explanation.as_dict(), file, indent=1)
            file.write("\n")
    if sys.stderr is not None:
        sys.stdout.flush()
        print(f"\n{as_text(explanation)}", file=sys.stderr)
