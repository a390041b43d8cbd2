"""PyTorch's Linear, Bilinear and Embedding."""

from ..records import Outcome, Refusal, Weight
from ..sizes import product, times


def linear(settings, shapes):
    """A linear layer on the last axis."""
    ins, outs = settings["in_features"], settings["out_features"]
    shape = shapes[0]
    got = shape[-1] if shape else 1
    if got != ins:
        if len(shape) == 0:
            raise Refusal(
                "RuntimeError", "both arguments to linear need to be at least 1D, but they are 0D and 2D"
            )
        rows = product(shape[:-1])
        raise Refusal(
            "RuntimeError",
            f"mat1 and mat2 shapes cannot be multiplied ({rows}x{got} and {ins}x{outs})",
            {"in_features": got},
        )
    weights = (Weight("weight", (outs, ins)), *((Weight("bias", (outs,)),) if settings["bias"] else ()))
    output = (*shape[:-1], outs)
    return Outcome(output, weights, times(product(output), ins))


def bilinear(settings, shapes):
    """A bilinear layer on the last axes of two inputs."""
    sizes = (settings["in1_features"], settings["in2_features"])
    outs = settings["out_features"]
    one, two = shapes
    if len(one) != len(two):
        raise Refusal(
            "RuntimeError", f"bilinear(): input dimensions do not match: got {len(one)} and {len(two)}"
        )
    for axis, (a, b) in enumerate(zip(one[:-1], two[:-1], strict=True)):
        if a != b:
            raise Refusal(
                "RuntimeError",
                f"bilinear(): input batch dimensions do not match at dim {axis}: got {a} and {b}",
            )
    for number, (shape, size) in enumerate(zip((one, two), sizes, strict=True), 1):
        if shape[-1] != size:
            raise Refusal(
                "RuntimeError",
                f"bilinear(): input{number} size does not match weight size: got {shape[-1]} but expected "
                f"{size}",
                {f"in{number}_features": shape[-1]},
            )
    weights = (Weight("weight", (outs, *sizes)), *((Weight("bias", (outs,)),) if settings["bias"] else ()))
    output = (*one[:-1], outs)
    return Outcome(output, weights, times(product(output), *sizes))


def embedding(settings, shapes):
    """An embedding: one row of the table for each number."""
    table = (settings["num_embeddings"], settings["embedding_dim"])
    return Outcome((*shapes[0], table[1]), (Weight("weight", table),))
