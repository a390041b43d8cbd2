"""PyTorch's RNN, LSTM and GRU, with an initial state of zeros."""

from ..records import Outcome, Refusal, Unknown, Weight
from ..sizes import times

MOST_LAYERS = 1000
GATES = {"RNN": 1, "LSTM": 4, "GRU": 3}


def recurrent(settings, shapes, kind):
    """A recurrent network of one or more layers, in one or both directions."""
    features, hidden, project = settings["input_size"], settings["hidden_size"], settings["proj_size"]
    if project and kind != "LSTM":
        raise Refusal(
            "ValueError", "proj_size argument is only supported for LSTM, not RNN or GRU", {"proj_size": 0}
        )
    for name in ("input_size", "hidden_size", "num_layers"):
        if settings[name] <= 0:
            raise Refusal("ValueError", f"{name} must be greater than zero")
    if project >= hidden:
        raise Refusal("ValueError", "proj_size has to be smaller than hidden_size", {"proj_size": 0})
    shape = shapes[0]
    if len(shape) not in (2, 3):
        word = " tensor" if kind == "RNN" else ""
        raise Refusal("ValueError", f"{kind}: Expected input to be 2D or 3D, got {len(shape)}D{word} instead")
    if shape[-1] != features:
        raise Refusal(
            "RuntimeError",
            f"input.size(-1) must be equal to input_size. Expected {features}, got {shape[-1]}",
            {"input_size": shape[-1]},
        )
    if settings["num_layers"] > MOST_LAYERS:
        raise Unknown(f"more than {MOST_LAYERS} layers are not counted")
    weights, work = recurrent_weights(settings, kind)
    directions = 2 if settings["bidirectional"] else 1
    out = project or hidden
    batch_axis = 0 if settings["batch_first"] else 1
    batch = (shape[batch_axis],) if len(shape) == 3 else ()
    steps = shape[0] if len(shape) == 2 or not settings["batch_first"] else shape[1]
    if steps == 0:
        raise Refusal("RuntimeError", "Expected sequence length to be larger than 0 in RNN")
    state = (settings["num_layers"] * directions, *batch)
    more = ((*state, out), (*state, hidden)) if kind == "LSTM" else ((*state, hidden),)
    total = times(steps, *batch, work)
    return Outcome((*shape[:-1], out * directions), weights, total, more)


def recurrent_weights(settings, kind):
    """Return the weights, and the products for one step of one example."""
    gates, hidden, project = (
        GATES[kind] * settings["hidden_size"],
        settings["hidden_size"],
        settings["proj_size"],
    )
    weights, work = [], 0
    for layer in range(settings["num_layers"]):
        directions = ("", "_reverse") if settings["bidirectional"] else ("",)
        ins = settings["input_size"] if layer == 0 else (project or hidden) * len(directions)
        for direction in directions:
            end = f"_l{layer}{direction}"
            matrices = [(f"weight_ih{end}", (gates, ins)), (f"weight_hh{end}", (gates, project or hidden))]
            biases = [(f"bias_ih{end}", (gates,)), (f"bias_hh{end}", (gates,))] if settings["bias"] else []
            last = [(f"weight_hr{end}", (project, hidden))] if project else []
            weights += [Weight(name, shape) for name, shape in matrices + biases + last]
            work += sum(rows * columns for _, (rows, columns) in matrices + last)
    return tuple(weights), work
