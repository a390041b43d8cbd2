"""Run the reproductions of the error catalogue and say what each raised. Standard library only.

It reads {"packages": [name], "cases": [{"id", "code"}]} as JSON on standard input. It writes one JSON line
with the versions of the packages, and one a case: {"id", "message", "line"}; `message` is "Type: message" as
it was raised, or null, `line` the line of the code that raised. On stderr the id stands before what a case
writes there, which says what was wrong where the case ends the process. It runs under the interpreter whose
frameworks are asked about, which need not have anything of the book's own.
"""

import json
import os
import sys
import traceback
import warnings


def run(code):
    """Execute `code`. Return (message or None, line that raised or None)."""
    if "import keras" in code and "keras" in sys.modules:
        # Keras numbers its layers, and messages name them: start counting anew.
        sys.modules["keras"].utils.clear_session(free_memory=False)
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        try:
            exec(compile(code, "<case>", "exec"), {"__name__": "case"})
        except Exception as error:
            places = [
                frame.lineno
                for frame in traceback.extract_tb(error.__traceback__)
                if frame.filename == "<case>"
            ]
            return f"{type(error).__name__}: {error}", places[-1] if places else None
    spoken = [warning for warning in heard if issubclass(warning.category, UserWarning)]
    if spoken:
        return f"UserWarning: {spoken[-1].message}", len(code.splitlines())
    return None, None


def versions(packages):
    """Return the versions of those packages that are installed here."""
    from importlib import metadata

    found = {}
    for name in packages:
        for package in (name, f"{name}-cpu"):
            try:
                found[name] = metadata.version(package).partition("+")[0]
                break
            except metadata.PackageNotFoundError:
                pass
    return found


def frameworks_set_up():
    """Set what the frameworks read as they are imported, and keep what they print off standard output.

    Return the file that answers go to. tools/run_repairs.py begins so as well.
    """
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
    # Some operations word their messages differently with oneDNN, which TensorFlow turns on by the processor.
    os.environ["TF_ENABLE_ONEDNN_OPTS"] = "1"
    out = os.fdopen(os.dup(1), "w")
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)  # frameworks print and log; only our lines go out
    return out


def main():
    """Answer the request on standard input, case by case."""
    out = frameworks_set_up()
    asked = json.load(sys.stdin)
    print(json.dumps({"versions": versions(asked["packages"])}), file=out, flush=True)
    for case in asked["cases"]:
        print(json.dumps({"id": case["id"], "started": True}), file=out, flush=True)
        print(case["id"], file=sys.stderr, flush=True)
        message, line = run(case["code"])
        print(json.dumps({"id": case["id"], "message": message, "line": line}), file=out, flush=True)


if __name__ == "__main__":
    main()
