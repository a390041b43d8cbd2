"""`python -m errorguide run FILE [ARGS...]`: run a program as Python does, and explain its error."""

import builtins
import contextlib
import importlib.machinery
import json
import os
import subprocess
import sys
import types

from .live import is_wanted

USAGE = "usage: python -m errorguide run [--json OUT] [--try no] FILE [ARGS...]"
MODULE = "python -m errorguide run takes a file: for a module, give the path of its file."
CANNOT_WRITE = "python -m errorguide run: cannot write {}: {}"


def run_program(arguments):
    """Run `run [--json OUT] [--try no] FILE [ARGS...]` and return the exit status, as the program's own would
    be.
    """
    out = try_repairs = None
    arguments = list(arguments)
    while arguments and arguments[0].startswith("-"):
        option = arguments.pop(0)
        if option == "--":
            break
        if option in ("-h", "--help"):
            print(USAGE)
            return 0
        name, equals, value = option.partition("=")
        if name == "--json" and (equals or arguments):
            out = os.path.abspath(value if equals else arguments.pop(0))
        elif name == "--try" and (equals or arguments):
            try_repairs = is_wanted(value if equals else arguments.pop(0))
        else:
            return refuse(MODULE if option == "-m" else USAGE)
    if not arguments:
        return refuse(USAGE)
    if out is not None and (problem := not_writable(out)):
        return refuse(CANNOT_WRITE.format(out, problem))
    return run_file(arguments, out, try_repairs)


def refuse(sentence):
    """Say why nothing is run; return the exit status."""
    print(sentence, file=sys.stderr)
    return 2


def not_writable(path):
    """Return why a file cannot be written, None where it can. Neither makes nor changes it: a program that
    ends well leaves no file.
    """
    folder = os.path.dirname(path)
    if os.path.isdir(path):
        return "it is a directory"
    if not os.path.isdir(folder):
        return f"{folder} is no directory"
    if not os.access(path if os.path.exists(path) else folder, os.W_OK):
        return "permission denied"
    return None


def run_file(arguments, out, try_repairs):
    """Run `FILE [ARGS...]` as `__main__`; return its exit status. Where it ends in an error, Python prints
    its own traceback and ends as ever, and the explanation stands between.
    """
    file = os.path.abspath(arguments[0])
    code = compiled(file)
    if code is None:
        return leave_to_python(arguments)
    sys.argv[:] = arguments
    if not sys.flags.safe_path:
        sys.path[0] = os.path.dirname(os.path.realpath(file))
    sys.modules["__main__"] = module = types.ModuleType("__main__")
    module.__dict__.update(
        __annotations__={},
        __builtins__=builtins,
        __cached__=None,
        __file__=file,
        __loader__=importlib.machinery.SourceFileLoader("__main__", file),
    )
    try:
        exec(code, module.__dict__)
    except SystemExit:
        raise
    except BaseException:
        sys.excepthook = Explaining(sys.excepthook, out, try_repairs)
        raise
    return 0


def leave_to_python(arguments):
    """Have Python run what is no readable program: a folder, an archive, an error in the syntax."""
    command = [sys.executable, *subprocess._args_from_interpreter_flags(), *arguments]
    if os.name == "posix":
        os.execv(sys.executable, command)
    return subprocess.call(command)


def compiled(file):
    """Return the code of a file, None where it cannot be read or is no program."""
    try:
        with open(file, "rb") as source:
            return compile(source.read(), file, "exec", dont_inherit=True)
    except (OSError, SyntaxError, ValueError):
        return None


class Explaining:
    """The way to print the error in which the program ends: as the program has it, and the explanation."""

    def __init__(self, show, out, try_repairs):
        self.show, self.out, self.try_repairs = show, out, try_repairs

    def __call__(self, kind, error, traceback):
        """Print an error. Python calls it once, and ends."""
        sys.excepthook = self.show
        sys.last_traceback = traceback = of_program(traceback)
        show_error(self.show, kind, error.with_traceback(traceback), traceback)
        if not isinstance(error, Exception):
            return
        try:
            tell(error, self.out, self.try_repairs)
        except KeyboardInterrupt:
            return
        except Exception:
            if os.environ.get("ERRORGUIDE_DEBUG"):
                raise


def of_program(traceback):
    """Return a traceback without the frames above the program's own."""
    while traceback is not None and traceback.tb_frame.f_code is not run_file.__code__:
        traceback = traceback.tb_next
    return traceback and traceback.tb_next


def show_error(show, kind, error, traceback):
    """Print an error by the program's sys.excepthook and, where that fails, what Python prints then."""
    try:
        show(kind, error, traceback)
    except SystemExit:
        raise
    except BaseException as problem:
        print("Error in sys.excepthook:", file=sys.stderr)
        sys.__excepthook__(type(problem), problem.with_traceback(problem.__traceback__.tb_next), None)
        print("\nOriginal exception was:", file=sys.stderr)
        sys.__excepthook__(kind, error, traceback)


def tell(error, out, try_repairs):
    """Print the explanation of an error on the standard error stream, and write it to a file."""
    from . import as_text, explain

    explanation = explain(error, try_repairs)
    if explanation is None:
        return
    if sys.stderr is not None:
        with contextlib.suppress(Exception):  # None, closed, or nobody reads it: Python says so at its end
            sys.stdout.flush()
        print(f"\n{as_text(explanation)}", file=sys.stderr)
    if out is not None:
        try:
            with open(out, "w", encoding="utf-8") as file:
                json.dump(explanation.as_dict(), file, indent=1)
                file.write("\n")
        except OSError as problem:
            refuse(CANNOT_WRITE.format(out, problem.strerror))
