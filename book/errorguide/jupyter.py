"""`%load_ext errorguide`: the explanation under a failing cell, and under a cell that is warned of shapes."""

import dataclasses
import os
import sys
import warnings

from . import as_text, explain
from .exceptions import last_line_of
from .live.draw import alternative, drawing
from .watch import watch, wrap_what_is_imported

MOST_HEARD = 50  # warnings of a cell
_running = []  # a _Hearing for each cell that runs now: a cell may run another


class _Hearing:
    """Keeps the warnings of a cell, and lets them be shown as before. `last` is the error that IPython has
    shown before the cell.
    """

    def __init__(self):
        self.heard = []
        self.last = getattr(sys, "last_value", None)
        self.show = warnings.showwarning
        warnings.showwarning = self

    def __call__(self, message, category, filename, lineno, file=None, line=None):
        """Keep a warning, and show it."""
        if len(self.heard) < MOST_HEARD:
            self.heard.append(f"{filename}:{lineno}: {category.__name__}: {message}")
        self.show(message, category, filename, lineno, file, line)

    def end(self):
        """Show warnings as before, if nobody else has changed it since."""
        if warnings.showwarning is self:
            warnings.showwarning = self.show


def hear_warnings(info):
    """Keep the warnings of the cell that begins. IPython calls it before each cell."""
    if _watching:
        wrap_what_is_imported()
    _running.append(_Hearing())


def print_explanation(result):
    """Print the explanation of the cell's error or, where there is none, of the first warning about shapes.
    IPython calls it after each cell.
    """
    hearing = _running.pop() if _running else None
    error, shown = result.error_in_exec, getattr(sys, "last_value", None)
    if hearing:
        hearing.end()
        if error is None and shown is not hearing.last:
            error = shown  # `%run` shows the error of its program, and does not raise it
    for outer in _running:
        outer.last = shown
    try:
        explanation = explanation_of(error, hearing.heard if hearing else ())
        if explanation is not None:
            print(as_text(explanation))
            if explanation.live:
                show_drawing(explanation.live)
    except KeyboardInterrupt:  # pressed while it tries repairs
        return
    except Exception:  # the reader has a traceback to read, and needs no second one
        if os.environ.get("ERRORGUIDE_DEBUG"):
            raise


def explanation_of(error, heard):
    """Return the explanation of an error, or of the first of the warnings that is about shapes, or None."""
    explanation = None if error is None else explain(error)
    if explanation is None:
        explanation = next(filter(None, map(explain, dict.fromkeys(heard))), None)
        if explanation is not None and error is not None:
            explanation = dataclasses.replace(explanation, unknown=last_line_of(error))
    return explanation


def show_drawing(finding):
    """Show the drawing of what was found in a notebook; a terminal has the lines above it."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if getattr(shell, "kernel", None) is None:
        return
    if drawn := drawing(finding):
        sys.modules["IPython"].display.display(
            {"text/html": drawn, "text/plain": alternative(finding)}, raw=True
        )


HELP = "%errorguide watch | %errorguide watch off | %errorguide try on | %errorguide try off"
TRY = "ERRORGUIDE_TRY"
_watching = []
_tried_before = []  # what the environment said of trials


def magic(line):
    """`%errorguide watch` names what is silently wrong from now on; `%errorguide try off` tries nothing."""
    words = line.split()
    if words in (["watch"], ["watch", "on"], ["watch", "off"]):
        stop_watching()
        if words[1:] != ["off"]:
            _watching.append(watch().__enter__())
    elif words[:1] == ["try"] and words[1:] in (["on"], ["off"], ["no"], ["yes"]):
        if not _tried_before:
            _tried_before.append(os.environ.get(TRY))
        os.environ[TRY] = "yes" if words[1] in ("on", "yes") else "no"
    else:
        print(HELP)


def stop_watching():
    """End the watch that `%errorguide watch` began."""
    while _watching:
        _watching.pop().__exit__(None, None, None)


HOOKS = {"pre_run_cell": hear_warnings, "post_run_cell": print_explanation}


def install(shell):
    """Have an IPython shell call hear_warnings before each cell and print_explanation after it."""
    remove(shell)
    for event, hook in HOOKS.items():
        shell.events.register(event, hook)
    if hasattr(shell, "register_magic_function"):
        shell.register_magic_function(magic, "line", "errorguide")


def remove(shell):
    """Take both out of an IPython shell, where they are there, with all that `%errorguide` has set."""
    while _running:
        _running.pop().end()
    stop_watching()
    while _tried_before:
        if (before := _tried_before.pop()) is None:
            os.environ.pop(TRY, None)
        else:
            os.environ[TRY] = before
    if hasattr(shell, "magics_manager"):
        shell.magics_manager.magics["line"].pop("errorguide", None)
    for event, hook in HOOKS.items():
        if hook in shell.events.callbacks[event]:
            shell.events.unregister(event, hook)
