"""What the reader's own text says: the message as it stands there, and a last error that the book does not
know.
"""

import re

from .choice import counts

MOST_SHOWN = 400  # characters of a message, where an answer repeats it
MOST_CHARACTERS = 5000  # of a message in all, which a link may carry
MOST_OF_AN_ERROR = 200
ELLIPSIS = " ... "
# The exception's name before its message, with a few words between them.
NAME_BEFORE = re.compile(
    r"(?:[A-Za-z_][A-Za-z0-9_.]*(?:Error|Exception|Warning)[A-Za-z0-9_]*[ \t]*:[ \t\n]*)+\Z"
    r"|[A-Za-z_][A-Za-z0-9_.]*(?:Error|Exception|Warning)[A-Za-z0-9_]*[ \t]*:[^\n]{0,80}\Z",
    re.IGNORECASE,
)
MARKS_AFTER = re.compile(r"[)\]}'\"`]*[.!]?")
WHITE = re.compile(r"[ \t\n\x0b\x0c]+")
ERROR_LINE = re.compile(
    r"^[ \t]*(?:[A-Za-z_][A-Za-z0-9_]*\.)*([A-Z][A-Za-z0-9_]*(?:Error|Exception|Failed|Fault))"
    r"(?::[ \t].*|:?[ \t]*)$",
    re.MULTILINE,
)
LINKS = re.compile(
    r"^[ \t]*(?:The above exception was the direct cause|During handling of the above exception)",
    re.MULTILINE,
)
# What Python prints while it ends, and of errors that end nothing.
AT_THE_EXIT = re.compile(
    r"^[ \t]*(?:Exception ignored in|Error in atexit|Exception in thread|--- Logging error ---)", re.MULTILINE
)
# Errors that only report that another one happened, mostly in another process.
WRAPPERS = {
    "ChildFailedError", "ProcessRaisedException", "ProcessExitedException", "CalledProcessError",
    "LightningError", "RayTaskError", "TuneError", "TrainingFailedError", "DistBackendError",
    "DistStoreError", "DistNetworkError", "BrokenPipeError", "ConnectionResetError",
    "ConnectionRefusedError", "EOFError", "BrokenProcessPool", "RemoteError", "ExecutionError",
    "PapermillExecutionError", "CellExecutionError", "BackendCompilerFailed", "TorchRuntimeError",
    "RetryError", "CommandError", "TerminatedWorkerError",
}  # fmt: skip
SIGNS_OF_A_WRAPPER = (
    "exit code", "exit status", "exitcode", "exited unexpectedly", "terminated with", "returned non-zero",
    "worker process", "Call to CreateProcess",
)  # fmt: skip


def message_of(match, tokens, cleaned):
    """Return the message of a match as the text has it, with the exception's name where it stands before
    it.
    """
    start, end = tokens[match.start].start, tokens[match.end - 1].end
    before = NAME_BEFORE.search(cleaned[max(0, start - 200) : start])
    if before:
        start -= len(before.group())
    end += len(MARKS_AFTER.match(cleaned[end : end + 20]).group())
    said = ""
    for token in tokens[match.start : match.end]:
        if token.end - token.start != len(token.text):  # a word that a console broke
            said += cleaned[start : token.start] + token.text
            start = token.end
    return shortened(on_one_line(said + cleaned[start:end]), MOST_CHARACTERS)


def on_one_line(text):
    """Return a text with single spaces for its line ends and indentation."""
    return WHITE.sub(" ", text).strip(" ")


def shortened(text, longest):
    """Return a text without its middle where it is longer than `longest` characters."""
    if len(text) <= longest:
        return text
    kept = (longest - len(ELLIPSIS)) // 2
    return text[:kept].rstrip(" ") + ELLIPSIS + text[-kept:].lstrip(" ")


def unknown_error(matches, tokens, cleaned):
    """Return the text's last error where the book does not know it and no match led to it; None otherwise."""
    after = max(tokens[match.end - 1].end for match in matches if counts(match, tokens))
    after = cleaned.find("\n", after)
    if after < 0:
        return None
    rest = AT_THE_EXIT.split(cleaned[after:])[0]
    errors = [error for error in ERROR_LINE.finditer(rest) if not is_wrapper(error)]
    if not errors:
        return None
    link = LINKS.search(rest)
    if link and link.start() < errors[0].start():  # what was found led to it
        return None
    return shortened(on_one_line(errors[-1].group()), MOST_OF_AN_ERROR)


def is_wrapper(error):
    """Whether an error's line only reports that another error happened."""
    return error.group(1) in WRAPPERS or any(sign in error.group() for sign in SIGNS_OF_A_WRAPPER)
