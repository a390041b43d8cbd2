"""What is silently wrong is named, once; ordinary models of both frameworks give no alarm."""

from __future__ import annotations

import sys
import threading

import numpy as np
import pytest
from ordinary_models import KERAS, TORCH

import errorguide
from bookkit.frameworks import F, keras, nn, tf, torch

layers = keras.layers


def said(run, model=None):
    """Return what a watch says while a function runs, twice."""
    with errorguide.watch(model) as watched:
        run()
        run()
    return watched.found


# ---- Groups that a convolution infers ----

IMAGES, FILTERS = np.zeros((1, 9, 8, 6), "float32"), np.zeros((3, 3, 2, 12), "float32")
GROUPS = {
    "function": lambda: tf.nn.conv2d(IMAGES, FILTERS, 1, "SAME"),
    "keywords": lambda: tf.nn.conv2d(input=IMAGES, filters=FILTERS, strides=1, padding="SAME"),
    "line": lambda: tf.nn.conv1d(tf.zeros((1, 9, 6)), tf.zeros((3, 2, 12)), 1, "SAME"),
    "convolution": lambda: tf.nn.convolution(IMAGES, FILTERS, padding="SAME"),
    "keras": lambda: keras.ops.conv(IMAGES, FILTERS),
    "raw": lambda: tf.raw_ops.Conv2D(input=IMAGES, filter=FILTERS, strides=[1] * 4, padding="SAME"),
    "traced": tf.function(lambda: tf.nn.conv2d(IMAGES, FILTERS, 1, "SAME")),
}


@pytest.mark.parametrize("name", GROUPS)
def test_inferred_groups(name, capsys):
    found = said(GROUPS[name])
    assert len(found) == 1 and "infers 3 groups" in found[0]
    assert "test_errorguide_watch.py, line" in found[0]
    assert capsys.readouterr().err == f"errorguide: {found[0]}\n"


def test_groups_in_a_converted_function_are_at_their_own_line():
    @tf.function
    def step(x):
        if tf.reduce_sum(x) >= 0:
            x = tf.nn.conv2d(x, FILTERS, 1, "SAME")
        return x[..., :1]

    line = step.python_function.__code__.co_firstlineno + 3
    found = said(lambda: step(tf.constant(IMAGES)))
    assert [text.endswith(f"test_errorguide_watch.py, line {line})") for text in found] == [True]


# ---- A loss that broadcasts ----


@pytest.mark.parametrize("loss", ["mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss", "poisson_nll_loss"])
@pytest.mark.filterwarnings("ignore:Using a target size")
def test_a_loss_that_broadcasts(loss):
    given = torch.zeros(5, 1, requires_grad=True), torch.zeros(5)
    found = said(lambda: getattr(F, loss)(*given))
    assert len(found) == 1 and loss in found[0] and "(5, 5)" in found[0]
    found = said(lambda: getattr(F, loss)(input=given[1], target=given[0]))
    assert len(found) == 1


def in_a_model(loss):
    """Return what is said while Keras trains with a loss of the reader's."""

    class Mine(keras.losses.Loss):
        def call(self, y, p):
            return loss(y, p)

    model = keras.Sequential([keras.Input((3,)), layers.Dense(1)])
    model.compile("sgd", Mine())
    return model.fit(np.zeros((6, 3)), np.zeros(6), verbose=0)


PREDICTED = nn.Linear(4, 1)(torch.zeros(5, 4))
MISTAKES = {
    "square": lambda: ((PREDICTED - torch.zeros(5)) ** 2).mean(),
    "turned": lambda: ((torch.zeros(5) - PREDICTED) ** 2).mean(),
    "sub": lambda: torch.sub(PREDICTED, torch.zeros(5)).abs().mean(),
    "method": lambda: PREDICTED.sub(torch.zeros(5)).pow(2).mean(),
    "squeezed": lambda: (PREDICTED.squeeze() - torch.zeros(5).view(-1, 1)).abs().mean(),
    "module": lambda: nn.MSELoss()(PREDICTED, torch.zeros(5)),
    "huber": lambda: nn.HuberLoss()(PREDICTED, torch.zeros(5)),
    "tf": lambda: tf.reduce_mean((tf.zeros((5, 1)) - tf.zeros(5)) ** 2),
    "tf_square": lambda: tf.square(tf.zeros(5) - tf.zeros((5, 1))),
    "tf_numpy": lambda: tf.abs(np.zeros(5, "float32") - tf.zeros((5, 1))),
    "tf_subtract": lambda: tf.subtract(tf.zeros((5, 1)), tf.zeros(5)),
    "tf_difference": lambda: tf.math.squared_difference(tf.zeros((5, 1)), tf.zeros(5)),
    "keras_subtract": lambda: keras.ops.subtract(tf.zeros((5, 1)), tf.zeros(5)),
    "keras_loss": lambda: in_a_model(lambda y, p: tf.reduce_mean(tf.square(y - p))),
    "keras_ops_loss": lambda: in_a_model(lambda y, p: keras.ops.mean(keras.ops.abs(p - y))),
    "traced": tf.function(lambda: tf.reduce_mean((tf.zeros((5, 1)) - tf.zeros(5)) ** 2)),
}


@pytest.mark.parametrize("name", MISTAKES)
@pytest.mark.filterwarnings("ignore:Using a target size")
def test_differences_that_broadcast(name):
    found = said(MISTAKES[name])
    assert len(found) == 1 and "each with each" in found[0]


def each_with_each():
    """Return differences that are meant to be of each with each, or to have equal shapes."""
    points, others = torch.zeros(5, requires_grad=True), torch.zeros(5)
    x, y = tf.zeros(5), tf.ones(5)
    a = x[:, None]
    column = tf.expand_dims(y, 1)
    return [
        lambda: points[:, None] - points[None],
        lambda: points[:, None] - points,
        lambda: points.unsqueeze(1) - others,
        lambda: others[:, None] - points,
        lambda: torch.sub(points.unsqueeze(-1), others),
        lambda: points.view(-1, 1) - others,
        lambda: PREDICTED - PREDICTED.squeeze(1),
        lambda: PREDICTED - PREDICTED.detach().squeeze(1),
        lambda: PREDICTED - torch.zeros(5, 1),
        lambda: PREDICTED.squeeze(1) - others,
        lambda: PREDICTED - torch.zeros(1),
        lambda: PREDICTED - nn.Parameter(torch.zeros(5)),
        lambda: torch.zeros(5, 1) - torch.zeros(5),  # data alone
        lambda: F.smooth_l1_loss(torch.zeros(5, 1, 7, requires_grad=True), torch.zeros(5, 7, 1)),
        lambda: x[:, None] - x[None],
        lambda: x[:, None] - y,
        lambda: x[:, tf.newaxis] - y,
        lambda: tf.expand_dims(x, 1) - y,
        lambda: tf.subtract(tf.reshape(x, (-1, 1)), y),
        lambda: tf.math.squared_difference(tf.expand_dims(x, -1), y),
        lambda: keras.ops.subtract(keras.ops.expand_dims(x, 1), y),
        lambda: column - tf.squeeze(column, 1),
        lambda: tf.zeros((5, 1)) - tf.Variable(tf.zeros(5)),
        tf.function(lambda: x[:, None] - y),
        lambda: tf.zeros((5, 1)) - tf.zeros((5, 1)),
        lambda: a - a,
    ]


@pytest.mark.parametrize("at", range(len(each_with_each())))
@pytest.mark.filterwarnings("ignore:Using a target size")
def test_differences_that_are_meant(at):
    assert said(each_with_each()[at]) == []


def test_a_column_that_was_made_above_is_meant():
    def distances(x):
        column = tf.reshape(x, (-1, 1))
        return column - x

    assert said(lambda: distances(tf.zeros(5))) == []
    assert said(lambda: tf.function(distances)(tf.zeros(5))) == []


def test_a_buffer_of_the_layer_is_meant():
    class Bins(nn.Module):
        def __init__(self):
            super().__init__()
            self.register_buffer("edges", torch.arange(5.0))

        def forward(self, x):
            return torch.sigmoid(x - self.edges)

    bins = Bins()
    assert said(lambda: bins(PREDICTED)) == []


# ---- A layer that builds itself for the width ----


@pytest.mark.parametrize(
    "shape",
    [(1, 64, 256, 256), (2, 3, 32, 32), (2, 3, 40, 48), (5, 1, 28, 28), (1, 3, 224, 224), (2, 3, 225, 301)],
)
@pytest.mark.parametrize("kind", ["Conv2D", "SeparableConv2D", "Conv2DTranspose"])
def test_a_layer_that_builds_itself_for_the_width(shape, kind):
    layer = getattr(layers, kind)(2, 1, padding="same")  # made before
    found = said(lambda: layer(np.zeros(shape, "float32")))
    assert len(found) == 1 and f"for {shape[3]} channels" in found[0]


def nchw_subclass():
    class Net(keras.Model):
        def __init__(self):
            super().__init__()
            self.one, self.two = layers.Conv2D(4, 1), layers.Conv2D(4, 1)

        def call(self, x):
            return self.two(tf.nn.relu(self.one(x / 255)))

    return Net()


NCHW = {
    "sequential": lambda: keras.Sequential(
        [layers.Rescaling(1 / 255), layers.Conv2D(8, 1), layers.Conv2D(4, 1)]
    ),
    "subclass": nchw_subclass,
}


@pytest.mark.parametrize("name", NCHW)
def test_a_model_that_builds_itself_for_the_width(name):
    model = NCHW[name]()
    model.compile("sgd", "mse")
    found = said(lambda: model.predict(np.zeros((2, 3, 64, 64), "float32"), verbose=0), model)
    assert len(found) == 1 and "for 64 channels" in found[0]


def test_a_model_that_is_built_for_the_width():
    inputs = keras.Input((3, 64, 64))
    model = keras.Model(inputs, layers.Conv2D(4, 1)(layers.Conv2D(8, 1, name="stem")(inputs)))
    found = said(lambda: None, model)
    assert len(found) == 1 and "'stem' builds itself for 64 channels" in found[0]
    assert said(lambda: model(np.zeros((2, 3, 64, 64))), keras.Sequential([model])) == found[:1]


# ---- A Linear on an image's last axis ----


class Activated(nn.Module):
    """A convolution and a Linear with what is often between them."""

    def __init__(self):
        super().__init__()
        self.conv, self.norm, self.head = (
            nn.Conv2d(3, 12, 3, padding=1),
            nn.BatchNorm2d(12),
            nn.Linear(12, 4),
        )

    def forward(self, x):
        x = self.norm(self.conv(x))
        return self.head(F.dropout(F.gelu(x + x), 0.1))


LINEAR = {
    "maps": (
        lambda: nn.Sequential(nn.Conv2d(3, 8, 3, padding=1), nn.ReLU(), nn.Linear(12, 4)),
        (2, 3, 10, 12),
    ),
    "activated": (Activated, (2, 3, 12, 12)),
    "pooled": (lambda: nn.Sequential(nn.Conv2d(1, 4, 3), nn.MaxPool2d(2), nn.Linear(13, 4)), (2, 1, 28, 28)),
    "digits": (lambda: nn.Linear(28, 4), (2, 1, 28, 28)),
    "photographs": (lambda: nn.Linear(64, 4), (2, 3, 48, 64)),
}


@pytest.mark.parametrize("name", LINEAR)
def test_a_linear_on_an_images_last_axis(name):
    make, shape = LINEAR[name]
    model = make()
    found = said(lambda: model(torch.zeros(shape)))
    assert len(found) == 1 and "works on the last axis" in found[0]


def test_a_linear_on_an_images_last_axis_without_gradients():
    model = nn.Sequential(nn.Conv2d(3, 8, 3, padding=1), nn.Linear(12, 4))
    with torch.no_grad():
        assert len(said(lambda: model(torch.zeros(2, 3, 10, 12)))) == 1


# ---- A replaced weight ----


def replaced(layer, weight, data=False):
    """Return a model whose layer has another weight."""
    if data:
        layer.weight.data = weight
    else:
        layer.weight = nn.Parameter(weight)
    return nn.Sequential(layer)


REPLACED = {
    "conv": (lambda: replaced(nn.Conv2d(3, 4, 3), torch.zeros(4, 1, 3, 3)), (1, 1, 5, 5)),
    "data": (lambda: replaced(nn.Conv2d(3, 4, 3), torch.zeros(4, 1, 3, 3), data=True), (1, 1, 5, 5)),
    "linear": (lambda: replaced(nn.Linear(3, 4), torch.zeros(4, 7)), (2, 7)),
    "transposed": (lambda: replaced(nn.ConvTranspose2d(3, 4, 2), torch.zeros(5, 4, 2, 2)), (1, 5, 4, 4)),
    "grouped": (lambda: replaced(nn.Conv1d(4, 8, 3, groups=2), torch.zeros(8, 3, 3)), (1, 6, 9)),
}


@pytest.mark.parametrize("name", REPLACED)
def test_a_replaced_weight(name):
    make, shape = REPLACED[name]
    model = make()
    found = said(lambda: model(torch.zeros(shape)))
    assert len(found) == 1 and "which was replaced" in found[0]
    found = said(lambda: model(torch.zeros(shape)), model)  # once, by its path
    assert len(found) == 1 and found[0].startswith("0: ")


# ---- The context ----


def state():
    """Return what a watch changes while it is on."""
    hooks = nn.modules.module
    owners = (F, torch, torch.Tensor, torch.jit, tf, tf.nn, tf.math, tf.raw_ops, tf.Tensor, keras.ops)
    names = (
        "mse_loss", "huber_loss", "sub", "__sub__", "__rsub__", "script", "conv2d", "subtract", "Conv2D",
        "squared_difference", "convolution", "conv",
    )  # fmt: skip
    functions = [(vars(owner).get(name), name) for owner in owners for name in names]
    return (
        *functions, layers.Layer.__call__, keras.KerasTensor.__sub__, nn.Linear.forward, nn.Conv2d.forward,
        *(vars(kind).get("forward") for kind in (nn.BatchNorm2d, nn.MaxPool2d)),
        len(hooks._global_forward_hooks),
    )  # fmt: skip


def test_all_is_as_before():
    before = state()
    with errorguide.watch():
        assert state() != before
    assert state() == before
    with pytest.raises(ZeroDivisionError), errorguide.watch():
        raise ZeroDivisionError
    assert state() == before


def test_watches_may_end_in_any_order():
    before = state()
    one, other = errorguide.watch(), errorguide.watch()
    one.__enter__()
    other.__enter__()
    one.__exit__(None, None, None)
    assert len(said(MISTAKES["square"])) == 1
    other.__exit__(None, None, None)
    other.__exit__(None, None, None)
    assert state() == before


def test_a_watch_in_a_watch_prints_once(capsys):
    with errorguide.watch() as outer, errorguide.watch() as inner, errorguide.watch(quiet=True) as quiet:
        MISTAKES["square"]()
    assert outer.found == inner.found == quiet.found and len(outer.found) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_threads_are_watched():
    with errorguide.watch(quiet=True) as watched:
        threads = [threading.Thread(target=MISTAKES[name]) for name in ("square", "tf")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(watched.found) == 2


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore:Using a target size")
def test_compilers_see_what_they_saw_before():
    def loss(x, y):
        return F.mse_loss(x, y) + torch.sub(x, y).mean() + (x - y).abs().mean()

    given = torch.zeros(5, 1, requires_grad=True), torch.zeros(5)
    model = nn.Sequential(nn.Linear(4, 1))
    with errorguide.watch(quiet=True):
        torch.jit.script(loss)(*given)
        torch.jit.trace(model, torch.zeros(2, 4))(torch.zeros(3, 4))
        torch.compile(loss, backend="eager", fullgraph=True)(*given).backward()
        torch.compile(model, backend="eager", fullgraph=True)(torch.zeros(3, 4))
        torch.export.export(model, (torch.zeros(2, 4),))


def test_a_framework_that_comes_later_is_watched(monkeypatch):
    monkeypatch.delitem(sys.modules, "torch")
    with errorguide.watch(quiet=True) as watched:
        MISTAKES["square"]()
        assert watched.found == []
        monkeypatch.undo()
        errorguide.watch(quiet=True).__enter__().__exit__()
        MISTAKES["square"]()
    assert len(watched.found) == 1


# ---- Ordinary models, each with two steps of training ----


@pytest.mark.parametrize("make", [*TORCH, *KERAS], ids=lambda make: make.__name__)
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_ordinary_models_give_no_alarm(make):
    with errorguide.watch() as watched:
        step = make()
        step()
        step()
    assert watched.found == []
