"""PyTorch's MultiheadAttention and TransformerEncoderLayer, without masks."""

from ..records import Outcome, Refusal, Weight
from ..sizes import greatest_divisor, product
from .words import brackets, parentheses, torch_size


def attention(settings, shapes):
    """Multihead attention of a query, a key and a value; of one tensor with itself where only one is
    given.
    """
    width, heads = settings["embed_dim"], settings["num_heads"]
    if width <= 0 or heads <= 0:
        raise Refusal(
            "ValueError",
            f"embed_dim and num_heads must be greater than 0, got embed_dim={width} and num_heads={heads} "
            "instead",
        )
    if width % heads:
        change = {"num_heads": greatest_divisor(width, heads)}
        raise Refusal("AssertionError", "embed_dim must be divisible by num_heads", change)
    query, key, value = shapes if len(shapes) == 3 else shapes * 3
    if len(query) not in (2, 3):
        raise Refusal(
            "AssertionError",
            f"query should be unbatched 2D or batched 3D tensor but received {len(query)}-D query tensor",
        )
    if len(key) != len(query) or len(value) != len(query):
        words = "batched (3-D)" if len(query) == 3 else "unbatched (2-D)"
        raise Refusal(
            "AssertionError",
            f"For {words} `query`, expected `key` and `value` to be {len(query)}-D but found {len(key)}-D "
            "and "
            f"{len(value)}-D tensors respectively",
        )
    check_attention(settings, *(steps_first(shape, settings["batch_first"]) for shape in (query, key, value)))
    batch, steps, sources = lengths(query, key, settings["batch_first"])
    kdim, vdim = settings["kdim"] or width, settings["vdim"] or width
    work = batch * (steps * width * width * 2 + sources * width * (kdim + vdim) + 2 * steps * sources * width)
    scores = (batch, steps, sources) if len(query) == 3 else (steps, sources)
    return Outcome(query, attention_weights(settings), work, (scores,))


def steps_first(shape, batch_first):
    """Return a shape as (steps, batch, width), with a batch of 1 where it has none."""
    if len(shape) == 2:
        return (shape[0], 1, shape[1])
    return (shape[1], shape[0], shape[2]) if batch_first else shape


def lengths(query, key, batch_first):
    """Return the batch, the steps of the query and those of the key."""
    one, other = steps_first(query, batch_first), steps_first(key, batch_first)
    return one[1], one[0], other[0]


def check_attention(settings, query, key, value):
    """Refuse what multi_head_attention_forward refuses, of shapes (steps, batch, width)."""
    width, heads = settings["embed_dim"], settings["num_heads"]
    if query[2] != width:
        change = {"embed_dim": query[2], "num_heads": greatest_divisor(query[2], heads)}
        raise Refusal(
            "AssertionError", f"was expecting embedding dimension of {width}, but got {query[2]}", change
        )
    separate = settings["kdim"] not in (None, width) or settings["vdim"] not in (None, width)
    if separate:
        if key[:2] != value[:2]:
            raise Refusal(
                "AssertionError",
                f"key's sequence and batch dims {torch_size(key[:2])} do not match value's "
                f"{torch_size(value[:2])}",
            )
        expected = {"key": settings["kdim"] or width, "value": settings["vdim"] or width}
        for name, shape in (("key", key), ("value", value)):
            if shape[2] != expected[name]:
                raise Refusal(
                    "AssertionError",
                    f"expecting {name} weights shape of {parentheses((width, shape[2]))}, but got "
                    f"{torch_size((width, expected[name]))}",
                    {"kdim" if name == "key" else "vdim": shape[2]},
                )
    elif key != value:
        raise Refusal(
            "AssertionError", f"key shape {torch_size(key)} does not match value shape {torch_size(value)}"
        )
    elif key[2] != width:
        rows = key[0] * key[1]
        raise Refusal(
            "RuntimeError",
            f"mat1 and mat2 shapes cannot be multiplied ({rows}x{key[2]} and {width}x{2 * width})",
        )
    if query[1] != key[1]:
        each = width // heads
        raise Refusal(
            "RuntimeError",
            f"shape '{brackets((key[0], query[1] * heads, each))}' is invalid for input of size "
            f"{product(key[:2]) * width}",
        )


def attention_weights(settings):
    """Return the weights, one matrix for all three projections where they take equal widths."""
    width = settings["embed_dim"]
    kdim, vdim = settings["kdim"] or width, settings["vdim"] or width
    if (kdim, vdim) == (width, width):
        shapes = [("in_proj_weight", (3 * width, width))]
    else:
        shapes = [
            ("q_proj_weight", (width, width)),
            ("k_proj_weight", (width, kdim)),
            ("v_proj_weight", (width, vdim)),
        ]
    if settings["bias"]:
        shapes.append(("in_proj_bias", (3 * width,)))
    if settings["add_bias_kv"]:
        shapes += [("bias_k", (1, 1, width)), ("bias_v", (1, 1, width))]
    shapes.append(("out_proj.weight", (width, width)))
    if settings["bias"]:
        shapes.append(("out_proj.bias", (width,)))
    return tuple(Weight(name, shape) for name, shape in shapes)


def encoder_layer(settings, shapes):
    """One layer of a transformer's encoder: attention and two linear layers, each with a sum and a norm."""
    width, inner, bias = settings["d_model"], settings["dim_feedforward"], settings["bias"]
    inside = {
        "embed_dim": width, "num_heads": settings["nhead"], "kdim": None, "vdim": None, "bias": bias,
        "add_bias_kv": False, "batch_first": settings["batch_first"],
    }  # fmt: skip
    try:
        made = attention(inside, [shapes[0]] * 3)
    except Refusal as refusal:
        names = {"embed_dim": "d_model", "num_heads": "nhead"}
        change = {names[name]: number for name, number in refusal.change.items()}
        raise Refusal(refusal.kind, refusal.message, change, refusal.also) from refusal
    weights = [Weight(f"self_attn.{weight.name}", weight.shape) for weight in made.weights]
    parts = (("linear1.weight", (inner, width)), ("linear1.bias", (inner,)), ("linear2.weight", (width,
    inner)),
             ("linear2.bias", (width,)), ("norm1.weight", (width,)), ("norm1.bias", (width,)),
             ("norm2.weight", (width,)), ("norm2.bias", (width,)))  # fmt: skip
    weights += [Weight(name, shape) for name, shape in parts if bias or not name.endswith("bias")]
    work = made.multiply_adds + 2 * product(shapes[0]) * inner
    return Outcome(shapes[0], tuple(weights), work)
