"""Changes of a tensor that give it the shape that a model says in its inputs."""

import math


def shaped(keras, shape, wanted, name, arrays, data):
    """Yield (title, code, function) of tensors like one of `shape`, with the shape `wanted`: None in it is
    any size, and the batch comes first. `arrays`: the reader has arrays of NumPy; `data`: they are what the
    model was given, and no tensor inside.
    """
    if shape is None or agrees(shape, wanted):
        return
    ops, np = keras.ops, "np" if arrays else "ops"
    rank = len(wanted)
    if len(shape) == rank - 1:
        if data and agrees((None, *shape), wanted) and None not in shape:
            yield (
                "add the axis of the batch",
                f"{np}.expand_dims({name}, 0)",
                lambda x: ops.expand_dims(x, 0),
            )
        for axis in (rank - 1, 1):
            longer = (*shape[:axis], 1, *shape[axis:])
            if agrees(longer, wanted):
                yield (
                    "add the axis of channels" if axis > 1 else "add axis 1",
                    f"{np}.expand_dims({name}, {-1 if axis == rank - 1 else axis})",
                    lambda x, axis=axis: ops.expand_dims(x, axis),
                )
            elif axis == rank - 1 and rank == 4 and agrees((*shape, wanted[-1]), wanted):
                yield (
                    f"add the axis of channels, with {wanted[-1]} equal ones",
                    f"{np}.repeat({np}.expand_dims({name}, -1), {wanted[-1]}, axis=-1)",
                    lambda x: ops.repeat(ops.expand_dims(x, -1), wanted[-1], axis=-1),
                )
    if len(shape) == rank:
        yield from same_rank(keras, shape, wanted, name, np, data)
    if len(shape) == rank + 1:
        for axis in range(len(shape)):
            if shape[axis] == 1 and agrees((*shape[:axis], *shape[axis + 1 :]), wanted):
                yield (
                    f"drop axis {axis}",
                    f"{np}.squeeze({name}, {axis})",
                    lambda x, axis=axis: ops.squeeze(x, axis),
                )
    sizes = wanted[1:]
    if None not in (*shape[1:], *sizes) and len(shape) > 1:
        turned = len(shape) == rank and sorted(shape[1:]) == sorted(sizes)
        if math.prod(shape[1:]) == math.prod(sizes) and not turned:
            yield (
                "the same values, in the model's shape",
                f"{np}.reshape({name}, {(-1, *sizes)})",
                lambda x: ops.reshape(x, (-1, *sizes)),
            )


def agrees(shape, wanted):
    """Whether a shape is one that is wanted."""
    return len(shape) == len(wanted) and all(
        None in pair or pair[0] == pair[1] for pair in zip(shape, wanted, strict=True)
    )


def same_rank(keras, shape, wanted, name, np, data):
    """Yield the changes of a tensor with as many axes as are wanted."""
    ops, rank = keras.ops, len(wanted)
    orders = [(0, *range(2, rank), 1), (0, rank - 1, *range(1, rank - 1))]
    if rank == 3:
        orders = orders[:1]
    for order in dict.fromkeys(orders) if rank > 2 else ():
        if agrees([shape[axis] for axis in order], wanted):
            yield (
                f"move axis {order[-1] if order[1] == 2 else rank - 1}",
                f"{np}.transpose({name}, {order})",
                lambda x, order=order: ops.transpose(x, order),
            )
            return
    code, changes = name, []
    if rank > 2 and wanted[-1] not in (None, shape[-1]):
        size = wanted[-1]
        if shape[-1] == 1:
            code = f"{np}.repeat({code}, {size}, axis=-1)"
            changes.append(lambda x: ops.repeat(x, size, axis=-1))
        elif size == 1:
            code = f"{np}.mean({code}, axis=-1, keepdims=True)"
            changes.append(lambda x: ops.mean(x, axis=-1, keepdims=True))
        elif (shape[-1], size) == (4, 3) or (data and rank == 3 and shape[-1] > size):
            code = f"{code}[..., :{size}]"
            changes.append(lambda x: x[..., :size])
        else:
            return
    if rank == 4 and not agrees(shape[1:3], wanted[1:3]) and None not in wanted[1:3]:
        sizes = tuple(wanted[1:3])
        code = f"tf.image.resize({code}, {sizes})"
        changes.append(lambda x: ops.image.resize(x, sizes))
    elif data and rank < 4 and agrees((*shape[:1], *shape[2:]), (*wanted[:1], *wanted[2:])):
        size = wanted[1]
        if None in (size, shape[1]):
            return
        if shape[1] > size:
            code = f"{code}[:, :{size}]"
            changes.append(lambda x: x[:, :size])
        elif rank == 3:
            pads = ((0, 0), (0, size - shape[1]), (0, 0))
            code = f"{np}.pad({code}, {pads})"
            changes.append(lambda x: ops.pad(x, pads))
    if not changes:
        return

    def changed(x):
        for change in changes:
            x = change(x)
        return x

    yield "the shape that the model was built for", code, changed
