"""What a module's forward may do where the text does not show it: guesses that are taken only if one of
them, and no other, makes the layers fit.
"""

from .sizes import product

# Names that people give to the layers on the second way around a block.
BRANCHES = ("downsample", "shortcut", "skip", "residual", "skip_connection", "shortcut_conv", "identity_conv")

# The arguments that say how many channels or features a layer takes.
WANTED = ("in_channels", "in_features", "num_features", "num_channels", "input_size", "embed_dim")
ANY_BATCH = 9973  # equal to no layer's channels, which would be those of an unbatched input
ROOMY = 512


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


def wanted_by(layer):
    """Return how many channels or features the first layer with weights takes; None where it says none."""
    if layer.children:
        found = [wanted_by(child) for child in layer.children]
        return next((wanted for wanted in found if wanted is not None), None)
    found = [layer.settings.get(name) for name in WANTED]
    return next((wanted for wanted in found if isinstance(wanted, int) and wanted > 0), None)


def explanations(values, wanted, of_another_rank):
    """Return shapes that functions in forward may make of the last value: a pooling with a flatten and, for a
    layer that takes none of its rank, a view.
    """
    shape = values[-1]
    views = viewed(shape, wanted) if of_another_rank else []
    return [*pooled(image_before(values), wanted), *parted(shape, wanted), *views]


def concatenable(shape, wanted, made):
    """Whether more channels are wanted than a shape has, and outputs of layers, put together, have them. The
    places are left aside: what pools or enlarges them may not be in the text.
    """
    if wanted is None or len(shape) < 2 or shape[1] is None or wanted <= shape[1]:
        return False
    single, several = set(), set()
    for other in made:
        if len(other) == len(shape) and other[1] is not None:
            several |= {total + other[1] for total in single | several if total + other[1] <= wanted}
            single.add(other[1])
    return wanted in several


def image_before(values):
    """Return the value that the last one is a flattened copy of; the last one where it is none."""
    last = values[-1]
    found = [value for value in values if len(value) > 2 and product(value[1:]) == product(last[1:])]
    return found[-1] if len(last) == 2 and found else last


def pooled(shape, wanted):
    """Return what a pooling makes of a shape if the channels, with what is left of each, are the features
    that are wanted: flattened, and before that.
    """
    if len(shape) < 3 or wanted is None or None in shape[1:] or 0 in shape[1:]:
        return []
    channels, places = shape[1], product(shape[2:])
    if wanted % channels or wanted // channels > places:
        return []
    return [(ANY_BATCH, wanted), (ANY_BATCH, channels, wanted // channels, *[1] * (len(shape) - 3))]


def viewed(shape, wanted):
    """Return what a view makes of a shape if the features that are wanted divide its values."""
    total = product(shape[1:])
    if wanted is not None and (total is None or total % wanted):
        return []
    found = []
    for rank in (2, 3, 4, 5):
        if rank != len(shape) and (rank > 2 or total == wanted):
            found.extend(of_rank(rank, wanted))
    return found


def parted(shape, wanted):
    """Return what a view makes of a sequence's features if those that are wanted divide all of them."""
    total = product(shape[1:])
    if len(shape) != 3 or wanted is None or not total or total % wanted:
        return []
    return [(ANY_BATCH, ROOMY, wanted)]


def of_rank(rank, wanted):
    """Return roomy shapes of a rank, with the wanted features in front of the places and behind them."""
    sizes = [ROOMY] * (rank - 2)
    features = ROOMY if wanted is None else wanted
    return [(ANY_BATCH, features, *sizes), (ANY_BATCH, *sizes, features)]
