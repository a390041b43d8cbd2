"""`%load_ext errorguide`: the explanation under a failing cell."""

from . import as_text, explain


def message_of(error):
    """Return the message of an exception with those it was raised from, as a traceback would chain them."""
    chain = []
    seen = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        chain.append(f"Traceback (most recent call last):\n{type(error).__name__}: {error}")
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n\nThe above exception was the direct cause of the following exception:\n\n".join(
        reversed(chain)
    )


def print_explanation(result):
    """Print the explanation of the cell's error, if there is one. IPython calls it after each cell."""
    error = result.error_in_exec
    if error is None:
        return
    explanation = explain(message_of(error))
    if explanation is not None:
        print(as_text(explanation))


def install(shell):
    """Have an IPython shell call print_explanation after each cell."""
    remove(shell)
    shell.events.register("post_run_cell", print_explanation)


def remove(shell):
    """Take print_explanation out of an IPython shell, if it is there."""
    if print_explanation in shell.events.callbacks["post_run_cell"]:
        shell.events.unregister("post_run_cell", print_explanation)
