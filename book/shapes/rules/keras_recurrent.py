"""Keras's SimpleRNN, LSTM, GRU and Bidirectional, and MultiHeadAttention."""

from ..records import Outcome, Refusal, Weight
from ..sizes import product, times
from .keras_arguments import check_known, check_rank, per_example
from .words import parentheses

GATES = {"SimpleRNN": 1, "LSTM": 4, "GRU": 3}
CELLS = {"SimpleRNN": "simple_rnn_cell", "LSTM": "lstm_cell", "GRU": "gru_cell"}
MODES = ("sum", "mul", "ave", "concat", None)


def check_units(settings):
    """Refuse units that are not positive."""
    if settings["units"] <= 0:
        raise Refusal(
            "ValueError",
            "Received an invalid value for argument `units`, expected a positive integer, got "
            f"{settings['units']}.",
        )


def recurrent(settings, shapes, kind):
    """One recurrent layer in one direction."""
    check_units(settings)
    shape, units = shapes[0], settings["units"]
    check_rank(settings, shape, rank=3)
    batch, steps, features = shape
    gates = GATES[kind] * units
    check_known(settings, (features, gates), f"{CELLS[kind]}/kernel")
    weights = (Weight("kernel", (features, gates)), Weight("recurrent_kernel", (units, gates)))
    if settings["use_bias"]:
        bias = (2, gates) if kind == "GRU" and settings["reset_after"] else (gates,)
        weights = (*weights, Weight("bias", bias))
    output = (batch, steps, units) if settings["return_sequences"] else (batch, units)
    states = 2 if kind == "LSTM" else 1
    more = ((batch, units),) * states if settings["return_state"] else ()
    work = times(batch or 1, steps, features + units, gates)
    return Outcome(output, weights, work, more)


def bidirectional(settings, shapes):
    """A recurrent layer in both directions."""
    kind, inner = settings["layer"]
    check_units(inner)
    mode = settings["merge_mode"]
    if mode not in MODES:
        raise Refusal(
            "ValueError",
            f"Invalid merge mode. Received: {mode}. Merge mode should be one of "
            '{"sum", "mul", "ave", "concat", None}',
        )
    check_rank(settings, shapes[0], rank=3)
    one = recurrent({**inner, "name": settings["name"]}, shapes, kind)
    weights = tuple(
        Weight(f"{direction}_{weight.name}", weight.shape)
        for direction in ("forward", "backward")
        for weight in one.weights
    )
    work = times(2, one.multiply_adds)
    if mode is None:
        return Outcome(one.output, weights, work, (one.output, *one.more, *one.more))
    output = (*one.output[:-1], 2 * one.output[-1]) if mode == "concat" else one.output
    return Outcome(output, weights, work, (*one.more, *one.more))


def attention(settings, shapes):
    """Multihead attention of a query and a value; the key is the value where none is given."""
    for name in ("num_heads", "key_dim"):
        if settings[name] <= 0:
            raise Refusal(
                "ValueError",
                f"Received an invalid value for argument `{name}`, expected a positive integer. Received: "
                f"{name}={settings[name]}",
            )
    query, value = shapes[0], shapes[1] if len(shapes) > 1 else shapes[0]
    key = shapes[2] if len(shapes) > 2 else value
    if value[1:-1] != key[1:-1]:
        raise Refusal(
            "ValueError",
            "All dimensions of `value` and `key`, except the last one, must be equal. Received: "
            f"value_shape={parentheses(value)} and key_shape={parentheses(key)}",
        )
    heads, size = settings["num_heads"], settings["key_dim"]
    each = settings["value_dim"] or size
    out = settings["output_shape"] or query[-1]
    out = (out,) if isinstance(out, int) else tuple(out)
    weights = []
    for name, ins, outs in (("query", query[-1], size), ("key", key[-1], size), ("value", value[-1], each)):
        weights.append(Weight(f"{name}/kernel", (ins, heads, outs)))
        if settings["use_bias"]:
            weights.append(Weight(f"{name}/bias", (heads, outs)))
    weights.append(Weight("attention_output/kernel", (heads, each, *out)))
    if settings["use_bias"]:
        weights.append(Weight("attention_output/bias", out))
    output = (*query[:-1], *out)
    return Outcome(output, tuple(weights), attention_work(query, key, value, heads, size, each, out))


def attention_work(query, key, value, heads, size, each, out):
    """Return the products of the projections, the scores and the weighted sum; None but for sequences."""
    if len(query) != 3 or len(key) != 3:
        return None
    batch, steps, width = per_example(query)
    sources = key[1]
    parts = (
        times(steps, width, size), times(sources, key[-1], size), times(sources, value[-1], each),
        times(steps, sources, size + each), times(steps, each, product(out)),
    )  # fmt: skip
    return None if None in parts else times(batch, heads, sum(parts))
