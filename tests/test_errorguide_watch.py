"""What is silently wrong is named, once; ordinary models of both frameworks give no alarm."""

from __future__ import annotations

import numpy as np
import pytest

import errorguide
from bookkit.frameworks import F, keras, nn, tf, torch

layers = keras.layers


def said(run, model=None):
    """Return what a watch says while a function runs, twice."""
    with errorguide.watch(model) as watched:
        run()
        run()
    return watched.found


def test_inferred_groups(capsys):
    found = said(lambda: tf.nn.conv2d(tf.zeros((1, 9, 8, 6)), tf.zeros((3, 3, 2, 12)), 1, "SAME"))
    assert len(found) == 1 and "infers 3 groups" in found[0] and "test_errorguide_watch.py, line" in found[0]
    assert capsys.readouterr().err == f"errorguide: {found[0]}\n"
    found = said(lambda: keras.ops.conv(np.zeros((1, 9, 8, 6), "float32"), np.zeros((3, 3, 3, 4), "float32")))
    assert len(found) == 1 and "infers 2 groups" in found[0]


@pytest.mark.parametrize("loss", ["mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss"])
@pytest.mark.filterwarnings("ignore:Using a target size")
def test_a_loss_that_broadcasts(loss):
    given = torch.zeros(5, 1, requires_grad=True), torch.zeros(5)
    found = said(lambda: getattr(F, loss)(*given))
    assert len(found) == 1 and loss in found[0] and "(5, 5)" in found[0]


@pytest.mark.filterwarnings("ignore:Using a target size")
def test_differences_that_broadcast():
    prediction = torch.zeros(5, 1, requires_grad=True)
    assert len(said(lambda: ((prediction - torch.zeros(5)) ** 2).mean())) == 1
    assert len(said(lambda: nn.MSELoss()(prediction, torch.zeros(5)))) == 1
    assert len(said(lambda: tf.reduce_mean((tf.zeros((5, 1)) - tf.zeros(5)) ** 2))) == 1
    assert said(lambda: prediction - torch.zeros(5, 1)) == []


def test_a_layer_that_builds_itself_for_the_width():
    for shape in ((1, 64, 256, 256), (2, 3, 32, 32), (2, 3, 40, 48), (5, 1, 28, 28)):
        found = said(lambda shape=shape: layers.Conv2D(2, 3, padding="same")(np.zeros(shape, "float32")))
        assert len(found) == 2  # two layers
        assert f"for {shape[3]} channels" in found[0]


def test_a_linear_on_an_images_last_axis():
    model = nn.Sequential(nn.Conv2d(3, 8, 3, padding=1), nn.ReLU(), nn.Linear(12, 4))
    found = said(lambda: model(torch.zeros(2, 3, 10, 12)))
    assert len(found) == 1 and "Linear(12, 4)" in found[0]
    layer = nn.Linear(28, 4)
    assert len(said(lambda: layer(torch.zeros(2, 1, 28, 28)))) == 1


def test_a_replaced_weight():
    model = nn.Sequential(nn.Conv2d(3, 4, 3), nn.Flatten())
    model[0].weight = nn.Parameter(torch.zeros(4, 1, 3, 3))
    found = said(lambda: None, model)
    assert len(found) == 1 and found[0].startswith("0: Conv2d(3, 4") and "(4, 1, 3, 3)" in found[0]
    assert len(said(lambda: model(torch.zeros(1, 1, 5, 5)))) == 1


def test_all_is_as_before():
    before = (
        F.mse_loss, torch.Tensor.__sub__, tf.nn.conv2d, keras.ops.conv, tf.Tensor.__sub__,
        layers.Conv2D.build,
        len(nn.modules.module._global_forward_hooks), len(nn.modules.module._global_forward_pre_hooks),
        "__sub__" in vars(torch.Tensor),
    )  # fmt: skip
    watched = errorguide.watch()
    with pytest.raises(ZeroDivisionError), watched:
        raise ZeroDivisionError
    assert before == (
        F.mse_loss, torch.Tensor.__sub__, tf.nn.conv2d, keras.ops.conv, tf.Tensor.__sub__,
        layers.Conv2D.build,
        len(nn.modules.module._global_forward_hooks), len(nn.modules.module._global_forward_pre_hooks),
        "__sub__" in vars(torch.Tensor),
    )  # fmt: skip


# ---- Ordinary models, each with a step of training ----


class Residual(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(width, width, 3, padding=1), nn.BatchNorm2d(width), nn.ReLU())

    def forward(self, x):
        return x + self.body(x)


class ConvNeXt(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 24, 4, 4)
        self.depth = nn.Conv2d(24, 24, 7, padding=3, groups=24)
        self.norm = nn.LayerNorm(24)
        self.up, self.down = nn.Linear(24, 96), nn.Linear(96, 24)

    def forward(self, x):
        x = self.stem(x)
        y = self.norm(self.depth(x).permute(0, 2, 3, 1))
        return (x + self.down(F.gelu(self.up(y))).permute(0, 3, 1, 2)).mean((2, 3))


class Swin(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed, self.merge = nn.Conv2d(3, 16, 4, 4), nn.Linear(64, 32)

    def forward(self, x):
        x = self.embed(x).permute(0, 2, 3, 1)
        x = torch.cat([x[:, 0::2, 0::2], x[:, 1::2, 0::2], x[:, 0::2, 1::2], x[:, 1::2, 1::2]], -1)
        return self.merge(x).mean((1, 2))


class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed, self.rnn, self.head = (
            nn.Embedding(20, 8),
            nn.LSTM(8, 6, batch_first=True),
            nn.Linear(6, 3),
        )

    def forward(self, x):
        return self.head(self.rnn(self.embed(x))[0])


class UNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.one, self.two = nn.Conv2d(1, 6, 3, padding=1), nn.Conv2d(6, 12, 3, padding=1)
        self.up, self.out = nn.ConvTranspose2d(12, 6, 2, 2), nn.Conv2d(12, 1, 1)

    def forward(self, x):
        one = self.one(x)
        return self.out(torch.cat([one, self.up(self.two(F.max_pool2d(one, 2)))], 1))


class Pairwise(nn.Module):
    """Distances of each with each, on purpose."""

    def __init__(self):
        super().__init__()
        self.score = nn.Linear(4, 1)

    def forward(self, x):
        score = self.score(x)
        return (score - score.squeeze(1)).abs()


TORCH = {
    "mlp": (lambda: nn.Sequential(nn.Linear(9, 7), nn.ReLU(), nn.Linear(7, 1)), (6, 9)),
    "regression": (lambda: nn.Linear(9, 1), (6, 9)),
    "lenet": (
        lambda: nn.Sequential(nn.Conv2d(1, 6, 5), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(864, 10)),
        (2, 1, 28, 28),
    ),
    "residual": (lambda: nn.Sequential(nn.Conv2d(3, 8, 3), Residual(8), Residual(8)), (2, 3, 16, 16)),
    "convnext": (ConvNeXt, (2, 3, 32, 32)),
    "swin": (Swin, (2, 3, 32, 32)),
    "tagger": (Tagger, None),
    "unet": (UNet, (2, 1, 16, 16)),
    "transformer": (lambda: nn.TransformerEncoderLayer(12, 3, 24, batch_first=True), (2, 5, 12)),
    "sequence": (lambda: nn.Sequential(nn.Conv1d(4, 8, 3), nn.GELU(), nn.BatchNorm1d(8)), (2, 4, 20)),
    "groups": (lambda: nn.Conv2d(8, 16, 3, groups=4), (2, 8, 12, 12)),
    "pairwise": (Pairwise, (6, 4)),
}  # fmt: skip


@pytest.mark.parametrize("name", TORCH)
def test_ordinary_models_of_pytorch_give_no_alarm(name):
    make, shape = TORCH[name]
    model = make()
    x = torch.zeros(2, 7, dtype=torch.long) if shape is None else torch.rand(shape)
    optimizer = torch.optim.SGD(model.parameters(), 0.1)

    def step():
        optimizer.zero_grad()
        output = model(x)
        F.mse_loss(output, torch.zeros_like(output)).backward()
        optimizer.step()

    assert said(step, model) == []


def functional():
    inputs = keras.Input((20, 22, 3))
    one = layers.Conv2D(8, 3, padding="same", activation="relu")(inputs)
    two = layers.UpSampling2D()(layers.Conv2D(8, 3, padding="same")(layers.MaxPooling2D()(one)))
    return keras.Model(inputs, layers.Conv2D(1, 1)(layers.Concatenate()([one, two])))


KERAS = {
    "mlp": (lambda: keras.Sequential([layers.Dense(7, "relu"), layers.Dense(1)]), (6, 9)),
    "cnn": (
        lambda: keras.Sequential(
            [
                layers.Conv2D(6, 3),
                layers.MaxPooling2D(),
                layers.Conv2D(8, 3),
                layers.Flatten(),
                layers.Dense(10),
            ]
        ),
        (2, 28, 28, 1),
    ),
    "wide": (
        lambda: keras.Sequential(
            [layers.Conv2D(32, 3), layers.Conv2D(64, 3), layers.GlobalAveragePooling2D()]
        ),
        (2, 32, 32, 3),
    ),
    "depthwise": (
        lambda: keras.Sequential([layers.SeparableConv2D(8, 3), layers.DepthwiseConv2D(3)]),
        (2, 24, 20, 3),
    ),
    "grouped": (lambda: keras.Sequential([layers.Conv2D(8, 3, groups=2)]), (2, 24, 20, 4)),
    "unet": (functional, (2, 20, 22, 3)),
    "lstm": (lambda: keras.Sequential([layers.LSTM(5, return_sequences=True), layers.Dense(2)]), (3, 7, 4)),
    "sound": (
        lambda: keras.Sequential([layers.Conv1D(8, 3), layers.GlobalMaxPooling1D(), layers.Dense(2)]),
        (3, 60, 2),
    ),
    "small_maps": (
        lambda: keras.Sequential([layers.Conv2D(48, 3, padding="same"), layers.Conv2D(64, 1)]),
        (2, 7, 7, 96),
    ),
}


@pytest.mark.parametrize("name", KERAS)
def test_ordinary_models_of_keras_give_no_alarm(name):
    make, shape = KERAS[name]
    model = make()
    model.compile("sgd", "mse")
    x = np.zeros(shape, "float32")

    def step():
        model.train_on_batch(x, np.zeros(model(x).shape, "float32"))

    assert said(step, model) == []
