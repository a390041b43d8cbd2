"""How figures write numbers and shapes, and which of many things they show."""


def numeral(number):
    """Return `number` with commas from five digits on."""
    return f"{number:,}" if number >= 10_000 else str(number)


def signed(number):
    """Return a whole number, with a true minus sign where it is below zero."""
    return f"{number:.0f}".replace("-", "−")


def counted(number, nouns):
    """Return a number and its noun, given in the plural: "64 channels", "1 channel"."""
    return f"{numeral(number)} {nouns if number != 1 else nouns.removesuffix('s')}"


def shape_text(shape):
    """Return a shape as Python writes a tuple."""
    return repr(tuple(shape))


def some(count, limit, keep):
    """Return all of range(count); if that is more than `limit`, the first, those of `keep` and the last."""
    if count <= limit:
        return list(range(count))
    return sorted({0, count - 1} | set(keep))


def with_gaps(shown):
    """Yield each number of `shown` with whether numbers are left out before it."""
    for place, number in enumerate(shown):
        yield number, place > 0 and number != shown[place - 1] + 1
