"""Arithmetic that a text does with its numbers."""

from .records import Unread


def computed(sign, left, right):
    """Compute with two numbers; Unread for what has no value."""
    try:
        return {
            "+": lambda: left + right, "-": lambda: left - right, "*": lambda: left * right,
            "/": lambda: left / right, "//": lambda: left // right, "%": lambda: left % right,
            "**": lambda: left**right if abs(right) < 64 else Unread("a large power"),
        }[sign]()  # fmt: skip
    except (ZeroDivisionError, KeyError, OverflowError):
        return Unread(f"{left} {sign} {right}")
