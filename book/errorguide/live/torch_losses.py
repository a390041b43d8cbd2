"""Propose repairs where a loss is given an output and a target that do not fit each other."""

import math

CLASSES = ("CrossEntropyLoss", "NLLLoss", "NLLLoss2d", "cross_entropy", "nll_loss")
PAIRS = (
    "BCELoss", "BCEWithLogitsLoss", "MSELoss", "L1Loss", "SmoothL1Loss", "HuberLoss", "KLDivLoss",
    "PoissonNLLLoss", "SoftMarginLoss", "MultiLabelSoftMarginLoss", "binary_cross_entropy",
    "binary_cross_entropy_with_logits", "mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss", "kl_div",
    "poisson_nll_loss", "soft_margin_loss", "multilabel_soft_margin_loss",
)  # fmt: skip


def fitting(torch, name, output, target):
    """Yield (which, title, code, function, remark): what makes the output (0) or the target (1) of a loss fit
    the other. `code` has a % for its name; `output` and `target` are shapes.
    """
    if name in CLASSES:
        yield from of_classes(torch, output, target)
    elif name in PAIRS and output != target:
        yield from of_pairs(torch, output, target)


def unfitting(name, output, target):
    """Return (axes of the output, axes of the target) that do not fit each other."""
    mine, theirs = list(range(len(output))), list(range(len(target)))
    if output[:1] != target[:1]:
        return mine[:1], theirs[:1]
    if name in CLASSES and len(target) == len(output) - 1:
        differing = [at for at in theirs[1:] if output[at + 1] != target[at]]
        return [at + 1 for at in differing], differing
    if len(output) == len(target):
        differing = [at for at in mine if output[at] != target[at]]
        return differing, differing
    return mine[1:] or mine, theirs[1:] or theirs


def of_classes(torch, output, target):
    """The same for a loss that takes classes on axis 1 and their numbers."""
    rank = len(output)
    if rank > 2 and target == output[:-1]:
        code = "%.transpose(1, 2)" if rank == 3 else "%.movedim(-1, 1)"
        yield 0, "put the classes on axis 1", code, lambda x: x.movedim(-1, 1), None
    if len(target) > 1 and 1 in target[1:] and rank == len(target):
        axis = target.index(1, 1)
        if (output[0], *output[2:]) == (*target[:axis], *target[axis + 1 :]):
            yield 1, f"drop axis {axis}", f"%.squeeze({axis})", lambda x: x.squeeze(axis), None
    if rank > 2 and len(target) == 1 and math.prod(output[:-1]) == target[0]:
        yield 0, "one row for each target", "%.flatten(0, -2)", lambda x: x.flatten(0, -2), None
    if rank == 2 and len(target) > 1 and math.prod(target) == output[0]:
        yield 1, "one target for each row", "%.flatten()", lambda x: x.flatten(), None
    if len(target) == rank - 1 > 2 and target[0] == output[0] and target[1:] != output[2:]:
        yield from resized(torch, 0, output, target[1:])


def of_pairs(torch, output, target):
    """The same for a loss that compares element by element."""
    if math.prod(output) == math.prod(target):
        for which, (mine, theirs) in enumerate(((output, target), (target, output))):
            for axis in range(len(mine)):
                if mine[axis] == 1 and mine[:axis] + mine[axis + 1 :] == theirs:
                    code = f"%.squeeze({axis})" if axis < len(mine) - 1 or axis == 0 else "%.squeeze(-1)"
                    yield which, f"drop axis {axis}", code, lambda x, axis=axis: x.squeeze(axis), None
            for axis in range(len(theirs)):
                if theirs[axis] == 1 and theirs[:axis] + theirs[axis + 1 :] == mine:
                    yield (
                        which,
                        f"add axis {axis}",
                        f"%.unsqueeze({axis})",
                        lambda x, axis=axis: x.unsqueeze(axis),
                        None,
                    )
        for order in orders(output, target):
            yield 0, "put its axes in the target's order", f"%.permute{order}", permuting(order), None
        plain = [tuple(size for size in shape if size != 1) for shape in (output, target)]
        if output[:1] == target[:1] and len(output) != len(target) and plain[0] != plain[1]:
            yield 0, "give it the target's shape", f"%.reshape{target}", lambda x: x.reshape(target), None
        return
    if len(output) == len(target) > 2 and output[:2] == target[:2]:
        yield from resized(torch, 0, output, target[2:])
    if len(output) == len(target) == 1 and output[0] % target[0] == 0:
        count = target[0]
        yield (
            0,
            "take the mean of the values of each example",
            f"%.view({count}, -1).mean(1)",
            lambda x: x.view(count, -1).mean(1),
            None,
        )
    if len(output) == 2 and target == output[:1] and output[1] > 1:
        classes = output[1]
        yield (
            1,
            "say each class as a row of 0 and 1",
            f"F.one_hot(%.long(), {classes}).float()",
            lambda x: torch.nn.functional.one_hot(x.long(), classes).float(),
            "for targets that are class numbers",
        )


def resized(torch, which, shape, sizes):
    """What gives images other sides."""
    sizes = tuple(sizes)
    if len(shape) - 2 != len(sizes):
        return
    if all(mine >= theirs for mine, theirs in zip(shape[2:], sizes, strict=True)):
        cut = (slice(None), slice(None), *(slice(0, size) for size in sizes))
        marks = ", ".join(f":{size}" for size in sizes)
        if all(mine - theirs < 8 for mine, theirs in zip(shape[2:], sizes, strict=True)):
            yield which, "cut it to the target's size", f"%[:, :, {marks}]", lambda x: x[cut], None
    yield (
        which,
        "resize it to the target's size",
        f"F.interpolate(%, size={sizes})",
        lambda x: torch.nn.functional.interpolate(x, size=sizes),
        None,
    )


def orders(shape, wanted):
    """Yield the one order of the axes, the batch first, that gives another shape."""
    if sorted(shape) != sorted(wanted) or len(set(shape)) != len(shape) or shape[:1] != wanted[:1]:
        return
    yield tuple(shape.index(size) for size in wanted)


def permuting(order):
    """Return what puts axes in an order."""
    return lambda x: x.permute(order)
