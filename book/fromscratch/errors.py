"""The one error of this library that speaks about shapes."""


class ShapeMismatchError(ValueError):
    """Two shapes, or a shape and an argument, do not fit together.

    The message names the operands with their shapes, the axis that disagrees,
    what was expected there and why, and what you can change.
    """


def mismatch(headline, *facts, mend):
    """Build a ShapeMismatchError: a headline, one line a fact, and what to change.

    headline: one sentence that says what disagrees.
    facts: one line for each operand.
    mend: what the caller can change, as one sentence.
    """
    return ShapeMismatchError(
        "\n".join([headline, *("  " + fact for fact in facts), "  To mend it: " + mend])
    )


def check_gradient(caller, grad_y, shape):
    """Raise ShapeMismatchError unless grad_y has the shape of the output it belongs to."""
    if grad_y.shape != shape:
        raise mismatch(
            f"{caller}: grad_y has not the shape of the output.",
            f"grad_y.shape = {grad_y.shape}",
            f"the output's shape = {shape}, which follows from the other arguments",
            mend="pass the derivative by this output, and the arguments that the forward pass had.",
        )
