"""A loss that does not take what a model gives: which output it is, and what else may be compared."""

import math

SPARSE, ONE_HOT = "sparse_categorical_crossentropy", "categorical_crossentropy"


class LossError(ValueError):
    """The loss of a model that runs: the output and the target that it compared, and the error."""

    def __init__(self, output, target, number, error):
        super().__init__(str(error))
        self.output, self.target, self.number, self.error = output, target, number, error


def failed_loss(root, output, targets, error):
    """Return the LossError of a model, of the output whose loss fails; the error itself where outputs and
    targets are no pairs.
    """
    from keras import tree

    outputs = tree.flatten(output)
    for path, loss, *_ in getattr(root._compile_loss, "_flat_losses", None) or []:
        try:
            given, target = at_path(output, path), at_path(targets, path)
        except (KeyError, IndexError, TypeError):
            continue
        try:
            loss(target, given)
        except Exception:
            number = next((at for at, each in enumerate(outputs) if each is given), 0)
            return LossError(given, target, number, error)
    names = getattr(root, "output_names", None) or []
    if isinstance(targets, dict) and set(targets) == set(names) and not isinstance(output, dict):
        targets = [targets[name] for name in names]
    targets = tree.flatten(targets)
    if len(outputs) != len(targets) or not outputs:
        return error
    pairs = list(enumerate(zip(outputs, targets, strict=True)))
    differing = [number for number, (given, target) in pairs if given.shape[1:] != target.shape[1:]]
    number = (differing or [0])[0]
    return LossError(outputs[number], targets[number], number, error)


def at_path(value, path):
    """Return what lies at a path in nested containers."""
    for key in path:
        value = value[key]
    if isinstance(value, list | tuple | dict):
        raise TypeError("no tensor")
    return value


def other_losses(root, number, given, target):
    """Yield (title, loss) of losses for the same targets: of class indices, or of one-hot rows."""
    losses = getattr(root._compile_loss, "_user_loss", None)
    one = losses
    if isinstance(losses, list | tuple) and number < len(losses):
        one = losses[number]
    elif isinstance(losses, dict):
        one = losses.get((getattr(root, "output_names", None) or [None])[number])
    name = one if isinstance(one, str) else getattr(one, "name", "")
    indices = target in (given[:-1], (*given[:-1], 1)) and given[-1] != 1
    new = SPARSE if name == ONE_HOT and indices else ONE_HOT if name == SPARSE and target == given else None
    if new is None:
        return
    title = "compare with class indices" if new == SPARSE else "compare with one-hot rows"
    if isinstance(losses, list | tuple):
        if all(isinstance(each, str) for each in losses):
            yield title, [new if at == number else each for at, each in enumerate(losses)]
    elif isinstance(losses, dict):
        if all(isinstance(each, str) for each in losses.values()):
            yield title, {key: new if each is one else each for key, each in losses.items()}
    elif isinstance(losses, str):
        yield title, new


def other_targets(keras, given, target, name, arrays):
    """Yield (title, code, function) of targets that fit an output."""
    ops, np = keras.ops, "np" if arrays else "ops"
    if given and target in (given[:-1], (*given[:-1], 1)) and given[-1] not in (1, None):
        flat = target == (*given[:-1], 1)
        yield (
            "one-hot rows",
            f"keras.utils.to_categorical({name}, {given[-1]})",
            lambda y: ops.one_hot(ops.cast(y[..., 0] if flat else y, "int32"), given[-1]),
        )
    if given == target:
        yield "class indices", f"{np}.argmax({name}, axis=-1)", lambda y: ops.argmax(y, axis=-1)
    if len(given) == len(target) == 4 and given[1:3] != target[1:3] and given[3] == target[3]:
        size = tuple(given[1:3])
        if None not in size:
            yield (
                "resize the targets",
                f"keras.ops.image.resize({name}, {size})",
                lambda y: ops.image.resize(y, size),
            )
    if (
        None not in (*given[1:], *target[1:])
        and len(given) != len(target)
        and math.prod(given[1:]) == math.prod(target[1:])
    ):
        sizes = (-1, *given[1:])
        yield "the shape of the output", f"{np}.reshape({name}, {sizes})", lambda y: ops.reshape(y, sizes)


def other_ends(keras, given, target):
    """Yield (title, code, function) of a further layer at the end, that gives the targets' shape."""
    layers = keras.layers
    if len(given) == len(target) == 4 and given[3] == target[3] and None not in (*given[1:3], *target[1:3]):
        size = tuple(target[1:3])
        if size == tuple(given[1:3]):
            return
        if all(mine >= theirs for mine, theirs in zip(given[1:3], size, strict=True)):
            yield "crop the output", f"layers.CenterCrop{size}(x)", lambda x: layers.CenterCrop(*size)(x)
        yield "resize the output", f"layers.Resizing{size}(x)", lambda x: layers.Resizing(*size)(x)
    if len(given) == 4 and target in ((given[0], given[3]), given[:1]):
        yield (
            "the mean of each map",
            "layers.GlobalAveragePooling2D()(x)",
            lambda x: layers.GlobalAveragePooling2D()(x),
        )
