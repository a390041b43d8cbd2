"""What a module's forward may do where the text does not show it: guesses that are taken only if one of
them, and no other, makes the layers fit.
"""

from .sizes import product

# Names that people give to the layers on the second way around a block.
BRANCHES = ("downsample", "shortcut", "skip", "residual", "skip_connection", "shortcut_conv", "identity_conv")


def other_inputs(values, shape):
    """Return (shape, sentence) of what a layer may get that refuses the running value. `values` are those of
    the module before it, its input first; the sentence says what is taken.
    """
    found = []
    if len(shape) > 2:
        found.append(((shape[0], product(shape[1:])), "a flatten is assumed"))
    found.extend(moved(shape))
    for value in values:
        if value != shape:
            found.append((value, "it is taken to read an earlier value"))
        joined = concatenated([value, shape])
        if joined and value is not values[-1]:
            found.append((joined, "a concatenation with an earlier value is assumed"))
    return found


def moved(shape):
    """Return a shape with its channels moved to the end or to the front, and as a sequence of places."""
    if len(shape) == 3:
        return [((shape[0], shape[2], shape[1]), "a transpose is assumed")]
    if len(shape) != 4:
        return []
    batch, one, two, three = shape
    return [
        ((batch, two, three, one), "a permute to channels last is assumed"),
        ((batch, three, one, two), "a permute to channels first is assumed"),
        ((batch, two * three, one), "a flatten of the places and a transpose are assumed"),
    ]


def outputs(start, leaves):
    """Return the shape that a module most likely returns, and (shape, sentence) of what it may return
    instead.

    leaves: the values of its layers that none of its layers reads.
    """
    last = leaves[-1]
    joined = concatenated(leaves) if len(leaves) > 1 else None
    others = [(joined, "whose outputs are taken to be concatenated")] if joined else []
    if len(leaves) > 1 and any(leaf != last for leaf in leaves) and joined:
        last, others = joined, []
    if len(leaves) == 1:
        if broadcasts(last, start):
            others.append((start, "whose output is taken to be multiplied with its input or added to it"))
        both = concatenated([start, last])
        if both:
            others.append((both, "whose output is taken to be concatenated with its input"))
    return last, others


def concatenated(shapes):
    """Return the shape of tensors that differ in axis 1 only, put together along it; None for others."""
    first = shapes[0]
    if len(first) < 2 or any(len(shape) != len(first) for shape in shapes):
        return None
    if any(shape[0] != first[0] or shape[2:] != first[2:] for shape in shapes):
        return None
    if None in [shape[1] for shape in shapes]:
        return None
    return (first[0], sum(shape[1] for shape in shapes), *first[2:])


def broadcasts(small, large):
    """Whether a shape broadcasts to another one, and is not it."""
    if small == large or len(small) != len(large):
        return False
    return all(a in (1, b) for a, b in zip(small, large, strict=True))
