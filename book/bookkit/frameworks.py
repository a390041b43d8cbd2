"""The frameworks, imported quietly: `from bookkit.frameworks import F, keras, nn, tf, torch`.

Each framework is imported when you first ask for it, and not before. What it writes to stderr while it starts
is held back, because those lines name your processor and your drivers and differ on every machine. If the
import raises, the held text is written out after all. Anything written later reaches you as usual.

`nn` is `torch.nn` and `F` is `torch.nn.functional`. Asking for `tf` or `keras` also starts TensorFlow's
devices, since that writes such lines as well. From then on the number of logical devices and threads is fixed
in this process.

Two environment variables are set when you have not set them yourself: `KERAS_BACKEND=tensorflow`, and
`TF_CPP_MIN_LOG_LEVEL=2`, which leaves TensorFlow's C++ errors and drops its C++ notes and warnings.
"""

import contextlib
import importlib
import os
import sys
import tempfile

_MODULES = {
    "torch": "torch",
    "nn": "torch.nn",
    "F": "torch.nn.functional",
    "tf": "tensorflow",
    "keras": "keras",
}
ENVIRONMENT = {"KERAS_BACKEND": "tensorflow", "TF_CPP_MIN_LOG_LEVEL": "2"}

__all__ = ["F", "keras", "nn", "tf", "torch"]  # noqa: F822 (they come from __getattr__)


def __getattr__(name):
    """Import the framework called `name`, quietly. Raises AttributeError for any other name."""
    if name not in _MODULES:
        raise AttributeError(f"bookkit.frameworks offers {', '.join(__all__)}; it has no {name!r}.")
    for variable, value in ENVIRONMENT.items():
        os.environ.setdefault(variable, value)
    with _quiet_stderr():
        module = _import(_MODULES[name])
        if name in ("tf", "keras"):
            _import("tensorflow").config.list_logical_devices()
    globals()[name] = module  # the next request finds it without coming here
    return module


def __dir__():
    """Return the names that this module offers, imported or not."""
    return sorted(__all__)


def _import(module_name):
    """Import a module; where its package is not installed, the message says how to install it."""
    try:
        return importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        package = module_name.partition(".")[0]
        if error.name != package:
            raise
        message = f"{package} is not installed here; install it with `pip install -r requirements.txt`."
        raise ModuleNotFoundError(message, name=package) from error


class _Held:
    """Stands in for sys.stderr during an import. A library may keep it: afterwards it passes all on."""

    def __init__(self, stream):
        self._stream = stream
        self._holding = True

    def __getattr__(self, name):
        return getattr(self._stream, name)

    def write(self, text):
        """Write `text` where the C++ code of the import writes; later, to the stream itself."""
        if not self._holding:
            return self._stream.write(text)
        os.write(2, text.encode(errors="backslashreplace"))  # into the file that holds file descriptor 2
        return len(text)

    def writelines(self, lines):
        """Write each of `lines`."""
        for line in lines:
            self.write(line)

    def release(self):
        """Pass on from now on."""
        self._holding = False


@contextlib.contextmanager
def _quiet_stderr():
    """Hold what is written to stderr, by Python or by C++, and write it out only if the body raises."""
    stream = sys.stderr
    if stream is not None:
        stream.flush()
    descriptor = os.dup(2)
    held = None if stream is None else _Held(stream)
    with tempfile.TemporaryFile() as file:
        os.dup2(file.fileno(), 2)
        sys.stderr = held
        raised = True
        try:
            yield
            raised = False
        finally:
            if held is not None:
                held.release()
            if sys.stderr is held:
                sys.stderr = stream
            os.dup2(descriptor, 2)
            os.close(descriptor)
            if raised:
                file.seek(0)
                _write_out(file.read().decode(errors="replace"), stream)


def _write_out(text, stream):
    """Write held text to a stream, where there is one."""
    if stream is not None:
        stream.write(text)
        stream.flush()
