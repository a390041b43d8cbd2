"""`fails`: a block of code that must raise, and the message it raises."""

import re

# ESC [ ... letter: colours and bold, as Keras writes them.
_ANSI = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")

# TensorFlow starts a message with the kernel and the device that ran. Both depend on the machine: with oneDNN
# the kernel is called __MklNativeConv2D where it is called Conv2D without.
_OPERATION = re.compile(r"\{\{function_node __wrapped__(?:_+Mkl(?:Native)?)?(\w+?)_device_[^}]*\}\}")


class fails:
    """Run a block that must raise one of `types`, and print what it raised.

        with fails(RuntimeError) as failure:
            layer(x)

    prints `RuntimeError: <message>`, the message as the framework wrote it, without escape codes and trailing
    blanks. TensorFlow's prefix `{{function_node __wrapped____MklNativeConv2D_device_/job:localhost/...}}` is
    printed as `{{function_node __wrapped__Conv2D_device_...}}`, so that it is the same on every machine.
    `failure.message` is the printed message, without the type's name.

    Raises AssertionError when nothing was raised, or something of another type. Raises TypeError when `types`
    is empty, holds something that is no exception type, or holds Exception itself, which would accept any
    failure.
    """

    def __init__(self, *types):
        if not types:
            raise TypeError(
                "fails() expects the type of the failure, got nothing; write, say, fails(RuntimeError)."
            )
        for kind in types:
            if not (isinstance(kind, type) and issubclass(kind, Exception)):
                raise TypeError(
                    f"fails() expects exception types, got {kind!r}; write, say, fails(RuntimeError)."
                )
            if kind is Exception:
                raise TypeError("fails(Exception) would accept any failure; name the type that you expect.")
        self.types = types
        self.message = None

    def __enter__(self):
        return self

    def __exit__(self, kind, error, traceback):
        expected = " or ".join(kind.__name__ for kind in self.types)
        if error is None:
            raise AssertionError(
                f"Expected {expected}, but nothing was raised. Did you change a number above? Then this call "
                "works with it; put the number back to see the failure."
            )
        if not isinstance(error, Exception):  # an interrupt, or the interpreter's end
            return False
        message = printable(str(error))
        if isinstance(error, self.types):
            self.message = message
            print(f"{kind.__name__}: {message}")
            return True
        raise AssertionError(f"Expected {expected}, but {kind.__name__} was raised: {message}") from error


def printable(message):
    """Return `message` without escape codes, trailing blanks, and what depends on the machine."""
    message = _ANSI.sub("", message)
    message = _OPERATION.sub(r"{{function_node __wrapped__\1_device_...}}", message)
    return message.rstrip()
