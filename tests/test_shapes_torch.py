"""The rules of shapes against real PyTorch layers: output, weights, and refusals word for word, on random
settings.

SHAPES_SETTINGS says how many settings each kind gets; `SHAPES_SETTINGS=10000` takes four minutes.
"""

from __future__ import annotations

import importlib
import inspect
import os
import random
import warnings

import pytest
from shapes_random import TORCH, drawn

from errorguide import explain
from shapes import Refusal, outcome
from shapes.pages import page_of
from shapes.rules.pytorch import LAZY
from shapes.signatures import PYTORCH, REQUIRED

torch = pytest.importorskip("torch", reason="no PyTorch: the rules of shapes are not compared with it")
nn = torch.nn
real = importlib.import_module("shapes_torch")
run, shapes_of = real.run, real.shapes_of
flop_counter = importlib.import_module("torch.utils.flop_counter")

SETTINGS = int(os.environ.get("SHAPES_SETTINGS", "1200"))


@pytest.fixture(autouse=True)
def _quiet():
    """PyTorch warns of much that these settings do on purpose."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
    torch.set_num_threads(threads)


def full(kind, settings):
    """Return settings with the defaults of the rest."""
    defaults = {name: value for name, value in PYTORCH[kind].items() if value is not REQUIRED}
    return {**defaults, **settings}


def rule(kind, settings, shapes):
    """Return what the rules say: an Outcome or a Refusal."""
    try:
        return outcome("pytorch", kind, full(kind, settings), shapes)
    except Refusal as refusal:
        return refusal


def difference(kind, settings, shapes):
    """Return a sentence where the rules and PyTorch differ, "" where they agree."""
    layer, made = run(kind, settings, shapes)
    said = rule(kind, settings, shapes)
    if isinstance(made, Exception):
        text = f"{type(made).__name__}: {made}"
        if not isinstance(said, Refusal):
            return f"PyTorch refuses with {text!r}; the rule says {said.output}"
        wordings = [said.message, *said.also]
        if said.kind == type(made).__name__ and any(str(made).startswith(each) for each in wordings[1:]):
            return ""
        return "" if str(said) == text else f"PyTorch: {text!r}\nthe rule: {str(said)!r}"
    if isinstance(said, Refusal):
        return f"PyTorch returns {shapes_of(made)}; the rule refuses with {str(said)!r}"
    found = shapes_of(made)
    expected = [said.output, *said.more]
    if kind == "MultiheadAttention":
        expected = expected[: len(found)]
    if found != expected:
        return f"PyTorch returns {found}, the rule says {expected}"
    if layer is None:
        return ""
    held = sorted((name, tuple(each.shape)) for name, each in layer.named_parameters())
    buffers = sorted((name, tuple(each.shape)) for name, each in layer.named_buffers())
    told = {
        role: sorted((w.name, w.shape) for w in said.weights if w.role == role)
        for role in ("trainable", "buffer")
    }
    if (held, buffers) != (told["trainable"], told["buffer"]):
        return f"PyTorch holds {held} and {buffers}, the rule says {told}"
    return ""


@pytest.mark.parametrize("kind", TORCH)
def test_rules_say_what_pytorch_does(kind):
    for name, settings, shapes in drawn(TORCH, kind, SETTINGS):
        found = difference(name, settings, shapes)
        assert not found, f"{name}(**{settings}) on {shapes}\n{found}"


CONV = {"in_channels": 3, "out_channels": 4, "kernel_size": 1, "padding": 1}
EMPTY = (
    ("Conv2d", CONV, (0, 3, 8, 8)),
    ("Conv2d", CONV, (2, 3, 0, 8)),
    ("Conv1d", CONV, (3, 0)),
    ("Conv2d", {**CONV, "out_channels": 0}, (2, 3, 8, 8)),
    ("Conv2d", {**CONV, "kernel_size": 0}, (2, 3, 8, 8)),
    ("ConvTranspose1d", {**CONV, "kernel_size": 6}, (2, 3, 0)),
    ("ConvTranspose2d", {**CONV, "kernel_size": 0}, (2, 3, 8, 8)),
    ("MaxPool1d", {"kernel_size": 2}, (2, 3, 0)),
    ("MaxPool2d", {"kernel_size": 2}, (0, 3, 8, 8)),
    ("MaxPool2d", {"kernel_size": 2}, (2, 0, 8, 8)),
    ("AvgPool1d", {"kernel_size": 2}, (0, 8)),
    ("MaxPool3d", {"kernel_size": 2}, (2, 3, 0, 8, 8)),
    ("AvgPool3d", {"kernel_size": 2}, (2, 0, 8, 8, 8)),
    ("AdaptiveMaxPool2d", {"output_size": 1}, (3, 8, 0)),
    ("AdaptiveAvgPool1d", {"output_size": 2}, (2, 3, 0)),
    ("AdaptiveAvgPool2d", {"output_size": 1}, (2, 3, 0, 8)),
    ("Linear", {"in_features": 0, "out_features": 5}, (2, 0)),
    ("Linear", {"in_features": 4, "out_features": 5}, (2, 0)),
    ("LayerNorm", {"normalized_shape": ()}, (2, 3)),
    ("LSTM", {"input_size": 3, "hidden_size": 4}, (0, 2, 3)),
    ("LSTM", {"input_size": 3, "hidden_size": 4}, (5, 0, 3)),
    ("GRU", {"input_size": 0, "hidden_size": 4}, (5, 2, 0)),
    ("RNN", {"input_size": 3, "hidden_size": 0}, (5, 2, 3)),
    ("Upsample", {"scale_factor": 2, "mode": "bilinear"}, (2, 0, 8, 8)),
    ("Upsample", {"scale_factor": 2, "mode": "area"}, (2, 0, 8, 8)),
    ("ReflectionPad2d", {"padding": 1}, (2, 3, 0, 4)),
    ("ReplicationPad1d", {"padding": 1}, (2, 0, 4)),
)


@pytest.mark.parametrize(("kind", "settings", "shape"), EMPTY)
def test_sizes_of_0(kind, settings, shape):
    assert not difference(kind, settings, [shape])


@pytest.mark.parametrize("kind", TORCH)
def test_random_settings_work_and_are_refused(kind):
    """A test of random settings says little where all of them work, or none."""
    said = [rule(*each) for each in drawn(TORCH, kind, 400)]
    refused = sum(isinstance(each, Refusal) for each in said)
    if kind != "embedding":
        assert 8 <= refused <= 300, f"{refused} of 400 are refused"


def test_a_change_repairs():
    """Where a refusal brings changed arguments, the layer works with them, or is refused for another
    reason.
    """
    seen = {}
    for kind in TORCH:
        for name, settings, shapes in drawn(TORCH, kind, 600):
            said = rule(name, settings, shapes)
            if not isinstance(said, Refusal) or not said.change:
                continue
            changed = {**settings, **said.change}
            changed = {each: value for each, value in changed.items() if value != PYTORCH[name][each]}
            after = rule(name, changed, shapes)
            same = isinstance(after, Refusal) and after.message == said.message
            assert not same, f"{name}(**{settings}) on {shapes} with {said.change}: {after}"
            _, made = run(name, changed, shapes)
            assert not isinstance(made, Exception) or isinstance(after, Refusal)
            seen[name.rstrip("123d")] = True
    assert {"Conv", "ConvTranspose", "MaxPool", "Linear", "BatchNorm", "GroupNorm", "LSTM", "PReLU"} <= set(
        seen
    )


def test_pages_are_those_that_the_guide_finds():
    """A refusal's page is the one that the error guide finds for its message."""
    told = {}
    for kind in TORCH:
        for each in drawn(TORCH, kind, 500):
            said = rule(*each)
            if isinstance(said, Refusal):
                told.setdefault(page_of(said.message) or said.message[:25], said)
    pages = {page: refusal for page, refusal in told.items() if page.startswith("pytorch-")}
    assert len(pages) > 25
    found = {str(said): explain(str(said)) for said in told.values()}
    expected = {str(said): page_of(said.message) or None for said in told.values()}
    assert {text: made and made.id for text, made in found.items()} == expected


@pytest.mark.parametrize(
    "kind", ["convolution", "transposed convolution", "linear", "recurrent", "attention"]
)
def test_multiply_adds_are_half_the_operations_that_pytorch_counts(kind):
    compared = 0
    for name, settings, shapes in drawn(TORCH, kind, 300):
        said = rule(name, settings, shapes)
        if isinstance(said, Refusal) or 0 in said.output:
            continue
        # A bias or a sum of one product is counted as PyTorch happens to compute it.
        layer = getattr(nn, name)(**settings).train()
        with (
            flop_counter.FlopCounterMode(display=False) as counter,
            torch.backends.mkldnn.flags(enabled=kind != "recurrent"),
        ):
            layer(*[torch.zeros(shape) for shape in shapes])
        assert 2 * said.multiply_adds == counter.get_total_flops(), f"{name}(**{settings}) on {shapes}"
        compared += 1
    assert compared > 100


@pytest.mark.parametrize("kind", ["convolution", "pooling"])
def test_unread_pixels_have_no_gradient(kind):
    """Rows at the end that no window reads are those of whose values the output does not depend."""
    compared = found = 0
    for name, settings, shapes in drawn(TORCH, kind, 900):
        said = rule(name, settings, shapes)
        if (
            isinstance(said, Refusal)
            or name.startswith("MaxPool")
            or settings.get("padding_mode", "zeros") != "zeros"
        ):
            continue
        layer = getattr(nn, name)(**settings)
        for each in layer.parameters():
            nn.init.ones_(each)
        x = torch.zeros(shapes[0], requires_grad=True)
        layer(x).sum().backward()
        count = len(said.unread)
        if any(unread == size for unread, size in zip(said.unread, shapes[0][-count:], strict=True)):
            assert not x.grad.any()  # along one axis only padding is read
            continue
        for place, unread in enumerate(said.unread):
            others = [axis for axis in range(x.dim()) if axis != x.dim() - count + place]
            read = x.grad.abs().sum(dim=others).ne(0).tolist()
            trailing = read[::-1].index(True) if True in read else len(read)
            assert trailing == unread, f"{name}(**{settings}) on {shapes}, axis {place}"
            found += unread > 0
        compared += 1
    assert compared > 150 and found > 50


def test_padding_of_same_is_split_as_pytorch_splits_it():
    rng = random.Random(20)
    for _ in range(100):
        count = rng.randint(1, 3)
        settings = {
            "in_channels": 1, "out_channels": 1, "padding": "same",
            "kernel_size": tuple(rng.randint(1, 5) for _ in range(count)),
            "dilation": tuple(rng.randint(1, 3) for _ in range(count)),
        }  # fmt: skip
        said = rule(f"Conv{count}d", settings, [(1, 1, *(9,) * count)])
        layer = getattr(nn, f"Conv{count}d")(**settings)
        pads = layer._reversed_padding_repeated_twice
        assert said.padding == tuple((pads[2 * i], pads[2 * i + 1]) for i in reversed(range(count)))


def test_signatures_are_those_of_pytorch():
    for kind, signature in PYTORCH.items():
        if kind in ("RNN", "LSTM", "GRU") or kind[0].islower():
            continue
        found = {}
        for parameter in list(inspect.signature(getattr(nn, kind).__init__).parameters.values())[1:]:
            if parameter.kind not in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
                default = REQUIRED if parameter.default is parameter.empty else parameter.default
                found[parameter.name] = "relu" if callable(default) else default
        assert found == signature, kind
        assert list(found) == list(signature), kind


@pytest.mark.parametrize("lazy", LAZY)
def test_lazy_layers_are_what_they_become(lazy):
    kind = LAZY[lazy][0]
    shape = (2, 5, *(9,) * (int(kind[-2]) if kind[-1] == "d" else 0))
    given = {"LazyLinear": {"out_features": 7}}.get(lazy, {})
    if "Conv" in lazy:
        given = {"out_channels": 4, "kernel_size": 3}
    layer = getattr(nn, lazy)(**given)
    made = layer(torch.zeros(shape))
    said = rule(lazy, given, [shape])
    assert said.output == tuple(made.shape)
    held = [(weight.name, weight.shape) for weight in said.weights if weight.role == "trainable"]
    assert held == [(each, tuple(weight.shape)) for each, weight in layer.named_parameters()]


def test_arguments_that_python_refuses():
    """The rules' words for a missing or unknown argument are Python's."""
    from shapes.arguments import bind

    for kind, positional, named in (
        ("Conv2d", (3,), {}), ("Conv2d", (), {}), ("Linear", (3,), {"out": 4}), ("Flatten", (1, 2, 3), {}),
        ("Conv2d", (3, 4, 5), {"kernel_size": 3}), ("BatchNorm2d", (), {}), ("Dropout", (0.5, True, 3), {}),
    ):  # fmt: skip
        with pytest.raises(TypeError) as raised:
            getattr(nn, kind)(*positional, **named)
        with pytest.raises(Refusal) as said:
            bind(kind, "pytorch", positional, named)
        assert said.value.message.removeprefix(kind) in str(raised.value)
