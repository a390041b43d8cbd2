"""The claims of the two documents, each as a function that runs its cases.

`check_all()` runs them and returns the ledger. The functions stand in `first_answer` and `second_answer`, in
the order of their names; what they share is in `trying`. Importing this package imports the frameworks.
"""

import contextlib

from bookkit.claims import first_answer, second_answer
from bookkit.frameworks import tf
from bookkit.ledger import Ledger

DOCUMENTS = {"A": first_answer.TITLE, "B": second_answer.TITLE}
CHECKS = {**first_answer.CLAIMS, **second_answer.CLAIMS}

__all__ = ["CHECKS", "DOCUMENTS", "check_all"]


def check_all():
    """Run every claim's cases and return the ledger with what was seen."""
    ledger = Ledger(DOCUMENTS)
    with few_words():
        for check in CHECKS.values():
            check(ledger)
    return ledger


@contextlib.contextmanager
def few_words():
    """Let TensorFlow's Python log keep its warnings: it gives one for each grouped convolution of Keras."""
    log = tf.get_logger()
    level = log.level
    log.setLevel("ERROR")
    try:
        yield
    finally:
        log.setLevel(level)
