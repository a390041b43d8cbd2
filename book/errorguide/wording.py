"""How numbers, names and shapes are written into sentences and code."""

from .catalogue import PLACEHOLDER


def fill(text, numbers, bare=False):
    """Put numbers into the places of a text. Where one is unknown return ""; with `bare`, leave its name."""
    missing = False

    def value(found):
        nonlocal missing
        known = numbers.get(found.group(1))
        if known is None:
            missing = True
            return found.group(1)
        return spell(known)

    filled = PLACEHOLDER.sub(value, text)
    return filled if bare or not missing else ""


def spell(value):
    """Write a number, a name, or a shape: `(1, 64, 256, 256)`, with `?` for a size not known."""
    if isinstance(value, tuple):
        inner = ", ".join("?" if size is None else spell(size) for size in value)
        return f"({inner},)" if len(value) == 1 and not isinstance(value[0], tuple) else f"({inner})"
    return str(value)
