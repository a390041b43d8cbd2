"""Run the reproductions of the error catalogue and say what each raised. Standard library only.

It reads a JSON list of {"id", "code"} on standard input and writes one JSON line a case: {"id", "message",
"line", "lines"}; `message` is "Type: message" or null, `line` the line of the code that raised. It runs under
the interpreter whose frameworks are asked about, which need not have anything of the book's own.
"""

import json
import os
import re
import sys
import traceback
import warnings

ESCAPES = re.compile(r"\x1b\[[0-9;]*m")
# The name of the operation differs between machines: __wrapped____MklNativeConv2D_device_/job:localhost/...
FUNCTION_NODE = re.compile(r"\{\{function_node [^}]*\}\} ?")
ADDRESS = re.compile(r" at 0x[0-9a-f]+")


def normalise(message):
    """Return a message without what differs between machines and runs."""
    message = ESCAPES.sub("", message)
    message = FUNCTION_NODE.sub("", message)
    message = ADDRESS.sub("", message)
    return "\n".join(line.rstrip() for line in message.strip().split("\n"))


def run(code):
    """Execute `code`. Return (message or None, line that raised or None)."""
    if "import keras" in code and "keras" in sys.modules:
        sys.modules["keras"].utils.clear_session(
            free_memory=False
        )  # layers are numbered: start counting anew
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
            return normalise(f"{type(error).__name__}: {error}"), places[-1] if places else None
    spoken = [warning for warning in heard if issubclass(warning.category, UserWarning)]
    if spoken:
        return normalise(f"UserWarning: {spoken[-1].message}"), len(code.splitlines())
    return None, None


def versions():
    """Return the versions of the frameworks that are installed here."""
    from importlib import metadata

    found = {}
    for name in ("torch", "tensorflow", "keras", "numpy"):
        for package in (name, f"{name}-cpu"):
            try:
                found[name] = metadata.version(package).partition("+")[0]
                break
            except metadata.PackageNotFoundError:
                pass
    return found


def main():
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
    # Some operations word their messages differently with oneDNN, which TensorFlow turns on by the processor.
    os.environ["TF_ENABLE_ONEDNN_OPTS"] = "1"
    out = os.fdopen(os.dup(1), "w")
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)  # frameworks print and log; only our lines go out
    os.dup2(quiet, 2)
    print(json.dumps({"versions": versions()}), file=out, flush=True)
    for case in json.load(sys.stdin):
        print(json.dumps({"id": case["id"], "started": True}), file=out, flush=True)
        message, line = run(case["code"])
        answer = {
            "id": case["id"],
            "message": message,
            "line": line,
            "lines": len(case["code"].rstrip().splitlines()),
        }
        print(json.dumps(answer), file=out, flush=True)


if __name__ == "__main__":
    main()
