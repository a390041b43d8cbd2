"""Small versions of models that people use, for test_errorguide_watch.py: each function makes one and returns
a step of its training. Nothing in them is wrong, so that a watch has to be silent.
"""

from __future__ import annotations

import numpy as np

from bookkit.frameworks import F, keras, nn, tf, torch

layers = keras.layers


def trained(model, loss_of):
    """Return a step of training a PyTorch model: forward, backward, and a step of the optimizer."""
    optimizer = torch.optim.SGD(model.parameters(), 0.01)

    def step():
        optimizer.zero_grad()
        loss_of(model).backward()
        optimizer.step()

    return step


# ---- PyTorch ----


def mlp():
    x, y = torch.rand(6, 9), torch.rand(6, 1)
    return trained(
        nn.Sequential(nn.Linear(9, 7), nn.ReLU(), nn.Linear(7, 1)), lambda m: ((m(x) - y) ** 2).mean()
    )


def squeezed_regression():
    x, y = torch.rand(6, 9), torch.rand(6)
    return trained(nn.Linear(9, 1), lambda m: F.mse_loss(m(x).squeeze(1), y) + (y - m(x)[:, 0]).abs().mean())


def huber():
    x, y = torch.rand(5, 5), torch.rand(5, 1)
    return trained(nn.Linear(5, 1), lambda m: nn.HuberLoss()(m(x), y) + nn.SmoothL1Loss()(m(x), y))


def logits():
    x, y = torch.rand(6, 4), torch.randint(0, 2, (6, 1)).float()
    return trained(nn.Linear(4, 1), lambda m: nn.BCEWithLogitsLoss()(m(x), y))


def lenet():
    model = nn.Sequential(nn.Conv2d(1, 6, 5), nn.MaxPool2d(2), nn.ReLU(), nn.Flatten(), nn.Linear(864, 10))
    x, y = torch.rand(2, 1, 28, 28), torch.tensor([1, 2])
    return trained(model, lambda m: F.cross_entropy(m(x), y))


class Residual(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(width, width, 3, padding=1), nn.BatchNorm2d(width), nn.ReLU())
        self.gate = nn.Sequential(
            nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(width, 2), nn.ReLU(), nn.Linear(2, width)
        )
        self.scale = nn.Parameter(torch.ones(width, 1, 1))

    def forward(self, x):
        y = self.body(x)
        return x - y * torch.sigmoid(self.gate(y))[:, :, None, None] * self.scale


def squeeze_and_excitation():
    x = torch.rand(2, 3, 16, 16)
    return trained(nn.Sequential(nn.Conv2d(3, 8, 3), Residual(8), Residual(8)), lambda m: m(x).pow(2).mean())


class ConvNeXt(nn.Module):
    """Its maps have as many channels as rows and columns."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 4, 4)
        self.depth = nn.Conv2d(8, 8, 7, padding=3, groups=8)
        self.norm = nn.LayerNorm(8)
        self.up, self.down = nn.Linear(8, 32), nn.Linear(32, 8)
        self.gamma = nn.Parameter(torch.ones(8))

    def forward(self, x):
        x = self.stem(x)
        y = self.norm(self.depth(x).permute(0, 2, 3, 1))
        y = self.gamma * self.down(F.gelu(self.up(y)))
        return (x + y.permute(0, 3, 1, 2)).mean((2, 3))


def convnext():
    x = torch.rand(2, 3, 32, 32)
    return trained(ConvNeXt(), lambda m: m(x).mean())


def convnext_evaluated():
    model, x = ConvNeXt().eval(), torch.rand(2, 3, 32, 32)

    def step():
        with torch.no_grad():
            model(x)

    return step


class Swin(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed, self.inner, self.merge = nn.Conv2d(3, 16, 2, 2), nn.Linear(16, 16), nn.Linear(64, 32)

    def forward(self, x):
        x = self.inner(self.embed(x).permute(0, 2, 3, 1).contiguous())
        x = torch.cat([x[:, 0::2, 0::2], x[:, 1::2, 0::2], x[:, 0::2, 1::2], x[:, 1::2, 1::2]], -1)
        return self.merge(x).mean((1, 2))


def swin():
    x = torch.rand(2, 3, 32, 32)
    return trained(Swin(), lambda m: m(x).mean())


class ViT(nn.Module):
    def __init__(self):
        super().__init__()
        self.patches = nn.Conv2d(3, 12, 8, 8)
        self.token, self.places = nn.Parameter(torch.zeros(1, 1, 12)), nn.Parameter(torch.zeros(1, 17, 12))
        self.block = nn.TransformerEncoderLayer(12, 3, 24, batch_first=True)
        self.head = nn.Linear(12, 5)

    def forward(self, x):
        x = self.patches(x).flatten(2).transpose(1, 2)
        x = torch.cat([self.token.expand(len(x), -1, -1), x], 1) + self.places
        return self.head(self.block(x)[:, 0])


def vit():
    x, y = torch.rand(2, 3, 32, 32), torch.tensor([0, 4])
    return trained(ViT(), lambda m: F.cross_entropy(m(x), y, label_smoothing=0.1))


class Heads(nn.Module):
    """Attention written out, with three heads, a projection of each head, and a causal mask."""

    def __init__(self):
        super().__init__()
        self.qkv, self.each, self.out = nn.Linear(48, 144), nn.Linear(16, 16), nn.Linear(48, 48)
        self.bias = nn.Parameter(torch.zeros(3, 1, 1))

    def forward(self, x):
        b, t, _ = x.shape
        q, k, v = self.qkv(x).view(b, t, 3, 3, 16).permute(2, 0, 3, 1, 4)
        scores = self.each(q) @ k.transpose(-2, -1) / 4 + self.bias
        mask = torch.arange(t)[:, None] < torch.arange(t)
        scores = scores.masked_fill(mask, float("-inf"))
        return self.out((scores.softmax(-1) @ v).transpose(1, 2).reshape(b, t, 48))


def attention():
    x = torch.rand(2, 16, 48)
    return trained(Heads(), lambda m: m(x).pow(2).mean())


class Language(nn.Module):
    """The weight of the last layer is the embedding's."""

    def __init__(self):
        super().__init__()
        self.embed, self.places, self.head = nn.Embedding(20, 8), nn.Embedding(9, 8), nn.Linear(8, 20)
        self.head.weight = self.embed.weight

    def forward(self, x):
        return self.head(self.embed(x) + self.places(torch.arange(x.shape[1])))


def language():
    x = torch.randint(0, 20, (3, 7))
    return trained(Language(), lambda m: F.cross_entropy(m(x[:, :-1]).flatten(0, 1), x[:, 1:].flatten()))


class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(20, 8)
        self.rnn, self.head = nn.LSTM(8, 6, batch_first=True, bidirectional=True), nn.Linear(12, 3)

    def forward(self, x):
        return self.head(self.rnn(self.embed(x))[0])


def tagger():
    x, y = torch.randint(0, 20, (2, 7)), torch.randint(0, 3, (2, 7))
    return trained(Tagger(), lambda m: F.cross_entropy(m(x).transpose(1, 2), y))


class UNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.one, self.two = nn.Conv2d(1, 6, 3, padding=1), nn.Conv2d(6, 12, 3, padding=1)
        self.up, self.out = nn.ConvTranspose2d(12, 6, 2, 2), nn.Conv2d(12, 1, 1)

    def forward(self, x):
        one = self.one(x)
        return self.out(torch.cat([one, self.up(self.two(F.max_pool2d(one, 2)))], 1))


def unet():
    x = torch.rand(2, 1, 16, 16)
    return trained(UNet(), lambda m: F.l1_loss(m(x), x) + (1 - m(x).sigmoid().mean((1, 2, 3))).mean())


class Variational(nn.Module):
    def __init__(self):
        super().__init__()
        self.encode, self.decode = nn.Linear(12, 8), nn.Linear(4, 12)

    def forward(self, x):
        mean, spread = self.encode(x).chunk(2, -1)
        kl = -0.5 * (1 + spread - mean**2 - spread.exp()).sum(-1)
        return self.decode(mean + torch.randn_like(mean) * (spread / 2).exp()), kl


def variational():
    x = torch.rand(4, 12)

    def loss(model):
        back, kl = model(x)
        return ((back - x) ** 2).sum(-1).mean() + kl.mean()

    return trained(Variational(), loss)


def adversarial():
    critic, x = (
        nn.Sequential(nn.Conv2d(3, 4, 4, 2, 1), nn.LeakyReLU(0.2), nn.Conv2d(4, 1, 8)),
        torch.rand(4, 3, 16, 16),
    )

    def loss(model):
        score = model(x)
        return F.mse_loss(score, torch.ones_like(score)) + (score.squeeze() - 1).pow(2).mean()

    return trained(critic, loss)


def mobilenet():
    model = nn.Sequential(
        nn.Conv2d(3, 8, 3, 2),
        nn.Hardswish(),
        nn.Conv2d(8, 8, 3, groups=8),
        nn.Conv2d(8, 4, 1),
        nn.GroupNorm(2, 4),
    )
    x = torch.rand(2, 3, 24, 20)
    return trained(model, lambda m: m(x).std())


def generator():
    model = nn.Sequential(
        nn.Linear(5, 32), nn.Unflatten(1, (2, 4, 4)), nn.ConvTranspose2d(2, 3, 4, 2, 1), nn.Tanh()
    )
    x = torch.rand(3, 5)
    return trained(model, lambda m: m(x).abs().mean())


def quantiles():
    """Each quantile with each target, on purpose."""
    x, target = torch.rand(4, 6), torch.rand(4, 7)

    def loss(model):
        q = model(x)
        off = target.unsqueeze(1) - q.unsqueeze(2)
        return (
            off.abs() + F.huber_loss(q[:, :, None].expand(4, 7, 7), target[:, None].expand(4, 7, 7))
        ).mean()

    return trained(nn.Linear(6, 7), loss)


class ActorCritic(nn.Module):
    def __init__(self):
        super().__init__()
        self.body, self.actor, self.critic = nn.Linear(4, 8), nn.Linear(8, 3), nn.Linear(8, 1)

    def forward(self, x):
        x = torch.tanh(self.body(x))
        return torch.distributions.Categorical(logits=self.actor(x)), self.critic(x).squeeze(-1)


def actor_critic():
    x, returns = torch.rand(6, 4), torch.rand(6)

    def loss(model):
        policy, value = model(x)
        advantage = returns - value.detach()
        return -(policy.log_prob(policy.sample()) * advantage).mean() + (returns - value).pow(2).mean()

    return trained(ActorCritic(), loss)


def patches_of_series():
    """Linear layers along the time of several series: (batch, series, patches, steps)."""
    model, x = nn.Sequential(nn.Linear(16, 12), nn.GELU(), nn.Linear(12, 16)), torch.rand(2, 3, 271)
    return trained(model, lambda m: m(x.unfold(-1, 16, 16)).mean() + m(torch.rand(2, 3, 12, 16)).mean())


class Mixer(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed, self.norm = nn.Conv2d(3, 16, 4, 4), nn.LayerNorm(16)
        self.tokens, self.channels = nn.Linear(16, 16), nn.Linear(16, 16)

    def forward(self, x):
        x = self.embed(x).flatten(2).transpose(1, 2)
        x = x + self.tokens(self.norm(x).transpose(1, 2)).transpose(1, 2)
        return x + self.channels(self.norm(x))


def mixer():
    x = torch.rand(2, 3, 16, 16)
    return trained(Mixer(), lambda m: m(x).mean())


def series_by_convolution():
    """Channels by 1x1 convolutions, time by Linear: (batch, channels, nodes, steps)."""
    model = nn.Sequential(nn.Conv2d(2, 8, 1), nn.ReLU(), nn.Linear(12, 6))
    x = torch.rand(3, 2, 10, 12)
    return trained(model, lambda m: m(x).mean())


def pairwise():
    """Distances of each with each, on purpose."""
    x, y = torch.rand(6, 4), torch.rand(6)

    def loss(model):
        score = model(x)
        ranks = (score - score.squeeze(1)).sigmoid() * (y[:, None] - y).sign()
        kernel = (-((score.squeeze(1)[:, None] - y) ** 2)).exp()
        return (
            ranks.mean() + kernel.mean() + (score - score.t()).abs().mean() + torch.cdist(score, score).mean()
        )

    return trained(nn.Linear(4, 1), loss)


class Radial(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner, self.centers = nn.Linear(3, 1), nn.Parameter(torch.rand(5))
        self.register_buffer("cuts", torch.arange(5.0))

    def forward(self, x):
        x = self.inner(x)
        return (-((x - self.centers) ** 2)).exp() + torch.sigmoid(x - self.cuts)


def radial():
    x = torch.rand(5, 3)
    return trained(Radial(), lambda m: m(x).mean())


def contrastive():
    x, y = torch.rand(6, 5), torch.rand(6, 5)

    def loss(model):
        one, other = F.normalize(model(x), dim=1), F.normalize(model(y), dim=1)
        scores = one @ other.t() - torch.eye(6)
        return F.cross_entropy(scores, torch.arange(6)) + F.triplet_margin_loss(one, other, other.flip(0))

    return trained(nn.Linear(5, 4), loss)


def normalised():
    """A spectral norm, a pruned weight and a low-rank one beside the layer's own."""
    from torch.nn.utils import parametrizations, prune

    one, two = parametrizations.spectral_norm(nn.Conv2d(3, 4, 3)), nn.Conv2d(4, 4, 3)
    prune.l1_unstructured(two, "weight", 0.5)
    last = parametrizations.weight_norm(nn.Linear(144, 2))
    x = torch.rand(2, 3, 10, 10)
    return trained(nn.Sequential(one, two, nn.Flatten(), last), lambda m: m(x).mean())


def recognition():
    """Text in a line of an image: maps to a sequence."""
    conv, rnn, head = nn.Conv2d(1, 8, 3, padding=1), nn.GRU(64, 10, batch_first=True), nn.Linear(10, 5)
    x = torch.rand(2, 1, 8, 24)

    def loss(model):
        maps = model[0](x).relu().permute(0, 3, 1, 2).flatten(2)
        return model[2](model[1](maps)[0]).log_softmax(-1)[:, :, 0].mean()

    return trained(nn.ModuleList([conv, rnn, head]), loss)


TORCH = (
    mlp, squeezed_regression, huber, logits, lenet, squeeze_and_excitation, convnext,
    convnext_evaluated, swin, vit, attention, language, tagger, unet, variational, adversarial,
    mobilenet, generator, quantiles, actor_critic, patches_of_series, mixer, series_by_convolution,
    pairwise, radial, contrastive, normalised, recognition,
)  # fmt: skip


# ---- Keras ----


def fitted(model, x, y, loss="mse"):
    """Return a step of training a Keras model."""
    model.compile("sgd", loss)
    return lambda: model.fit(x, y, batch_size=2, verbose=0)


def zeros(*shape):
    """Return an array of zeros."""
    return np.zeros(shape, "float32")


def keras_mlp():
    return fitted(keras.Sequential([layers.Dense(7, "relu"), layers.Dense(1)]), zeros(6, 9), zeros(6, 1))


def keras_flat_target():
    return fitted(keras.Sequential([layers.Dense(7), layers.Dense(1)]), zeros(6, 9), zeros(6), "huber")


def keras_logits():
    loss = keras.losses.BinaryCrossentropy(from_logits=True)
    return fitted(keras.Sequential([layers.Dense(1)]), zeros(6, 9), zeros(6), loss)


def keras_cnn():
    model = keras.Sequential(
        [
            layers.Conv2D(6, 3),
            layers.MaxPooling2D(),
            layers.Conv2D(8, 3),
            layers.Flatten(),
            layers.Dense(10),
        ]
    )
    return fitted(model, zeros(2, 28, 28, 1), zeros(2), "sparse_categorical_crossentropy")


def keras_wide():
    model = keras.Sequential([layers.Conv2D(32, 3), layers.Conv2D(64, 3), layers.GlobalAveragePooling2D()])
    return fitted(model, zeros(2, 32, 32, 3), zeros(2, 64))


def keras_depthwise():
    model = keras.Sequential([layers.SeparableConv2D(8, 3), layers.DepthwiseConv2D(3), layers.Flatten()])
    return fitted(model, zeros(2, 24, 20, 3), zeros(2, 2560))


def keras_grouped():
    model = keras.Sequential([layers.Conv2D(8, 3, groups=2), layers.Flatten(), layers.Dense(1)])
    return fitted(model, zeros(2, 24, 20, 4), zeros(2, 1))


def keras_unet():
    inputs = keras.Input((20, 22, 3))
    one = layers.Conv2D(8, 3, padding="same", activation="relu")(inputs)
    two = layers.UpSampling2D()(layers.Conv2D(8, 3, padding="same")(layers.MaxPooling2D()(one)))
    model = keras.Model(inputs, layers.Conv2D(1, 1)(layers.Concatenate()([one, two])))
    return fitted(model, zeros(2, 20, 22, 3), zeros(2, 20, 22, 1))


def keras_lstm():
    model = keras.Sequential([layers.LSTM(5, return_sequences=True), layers.Dense(2)])
    return fitted(model, zeros(3, 7, 4), zeros(3, 7, 2))


def keras_sound():
    model = keras.Sequential([layers.Conv1D(8, 3), layers.GlobalMaxPooling1D(), layers.Dense(2)])
    return fitted(model, zeros(3, 60, 2), zeros(3, 2))


def keras_small_maps():
    model = keras.Sequential([layers.Conv2D(48, 3, padding="same"), layers.Conv2D(64, 1)])
    return fitted(model, zeros(2, 7, 7, 96), zeros(2, 7, 7, 64))


def keras_text_line():
    """Maps of a line of text: few rows, and as many channels as columns."""
    inputs = keras.Input((32, 64, 1))
    x = layers.MaxPooling2D((2, 2))(layers.Conv2D(32, 3, padding="same", activation="relu")(inputs))
    x = layers.MaxPooling2D((4, 1))(layers.Conv2D(32, 3, padding="same")(x))
    x = layers.MaxPooling2D((4, 1))(layers.Conv2D(32, 3, padding="same")(x))
    x = layers.Conv2D(32, 1)(keras.ops.relu(x))
    x = layers.Dense(5)(
        layers.Bidirectional(layers.GRU(4, return_sequences=True))(layers.Reshape((32, 32))(x))
    )
    return fitted(keras.Model(inputs, x), zeros(2, 32, 64, 1), zeros(2, 32, 5))


class Line(keras.Model):
    def __init__(self):
        super().__init__()
        self.one, self.two = layers.Conv2D(64, (8, 1)), layers.Conv2D(8, 1)

    def call(self, x):
        return tf.reduce_mean(self.two(tf.nn.relu(self.one(x))), axis=(1, 2))


def keras_line():
    return fitted(Line(), zeros(2, 8, 64, 1), zeros(2, 8))


class Own(keras.Model):
    """A step of training of its own, with its own loss."""

    def __init__(self):
        super().__init__()
        self.norm, self.out = layers.BatchNormalization(), layers.Dense(1)

    def call(self, x, training=False):
        return self.out(self.norm(x, training=training))

    def train_step(self, data):
        x, y, _ = keras.utils.unpack_x_y_sample_weight(data)
        with tf.GradientTape() as tape:
            p = self(x, training=True)
            loss = tf.reduce_mean(tf.square(tf.reshape(y, (-1, 1)) - p)) + tf.reduce_mean(
                tf.abs(y - tf.squeeze(p, 1))
            )
        self.optimizer.apply(tape.gradient(loss, self.trainable_variables), self.trainable_variables)
        return {"loss": loss}


def keras_own_step():
    return fitted(Own(), zeros(6, 3), zeros(6))


def keras_loop():
    """A loop of the reader's own, compiled."""
    model = keras.Sequential([layers.Conv2D(4, 3), layers.GlobalMaxPooling2D(), layers.Dense(1)])
    optimizer, loss_of = keras.optimizers.SGD(), keras.losses.MeanSquaredError()
    x, y = tf.zeros((4, 9, 9, 3)), tf.zeros((4,))
    model(x)

    @tf.function
    def update(x, y):
        with tf.GradientTape() as tape:
            p = model(x, training=True)
            loss = loss_of(y, p)
            if loss > 1e6:
                loss = loss / 2
            loss += tf.reduce_mean(tf.square(tf.squeeze(p, -1) - y))
        optimizer.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)

    return lambda: update(x, y)


def keras_distances():
    """Distances of each with each, on purpose."""
    model = keras.Sequential([layers.Dense(1)])

    def step():
        score = model(zeros(6, 4))
        flat = tf.squeeze(score, 1)
        ranks = score - flat
        column = tf.expand_dims(flat, 1)
        return ranks + (column - flat) + tf.abs(flat[:, None] - flat[None]) + (score - tf.transpose(score))

    return step


class Heads_tf(layers.Layer):
    """Attention written out, with a mask."""

    def __init__(self):
        super().__init__()
        self.qkv = layers.Dense(36)

    def call(self, x):
        q, k, v = tf.split(self.qkv(x), 3, axis=-1)
        at = tf.range(tf.shape(x)[1])
        scores = tf.matmul(q, k, transpose_b=True) - 1e9 * tf.cast(at[:, None] < at, tf.float32)
        return tf.matmul(tf.nn.softmax(scores), v)


def keras_attention():
    inputs = keras.Input((7, 12))
    x = layers.LayerNormalization()(Heads_tf()(inputs) + inputs)
    return fitted(
        keras.Model(inputs, layers.MultiHeadAttention(2, 6)(x, x)), zeros(2, 7, 12), zeros(2, 7, 12)
    )


class Places(layers.Layer):
    def __init__(self):
        super().__init__()
        self.patches, self.places = layers.Conv2D(12, 8, 8), layers.Embedding(16, 12)
        self.flat = layers.Reshape((16, 12))

    def call(self, x):
        return self.flat(self.patches(x)) + self.places(tf.range(16))


def keras_vit():
    model = keras.Sequential([Places(), layers.Dense(6, "gelu"), layers.GlobalAveragePooling1D()])
    return fitted(model, zeros(2, 32, 32, 3), zeros(2, 6))


class Gate(layers.Layer):
    """Squeeze and excitation, and a scale for each channel."""

    def build(self, shape):
        self.scale = self.add_weight(shape=(shape[-1],))
        self.inner = layers.Dense(shape[-1], "sigmoid")
        self.inner.build((None, shape[-1]))

    def call(self, x):
        return x - self.scale * x * self.inner(tf.reduce_mean(x, (1, 2)))[:, None, None]


def keras_gate():
    model = keras.Sequential(
        [layers.Conv2D(8, 3), Gate(), layers.Conv2D(8, 3), layers.GlobalAveragePooling2D()]
    )
    return fitted(model, zeros(2, 16, 16, 3), zeros(2, 8))


class Radial_tf(layers.Layer):
    def build(self, shape):
        self.centers = self.add_weight(shape=(2,))

    def call(self, x):
        return tf.exp(-((x - self.centers) ** 2))


def keras_radial():
    return fitted(keras.Sequential([layers.Dense(1), Radial_tf()]), zeros(2, 4), zeros(2, 2))


def keras_functional_convolution():
    """Convolutions by functions, with filters for all channels."""
    filters, each = tf.Variable(tf.zeros((3, 3, 3, 8))), tf.zeros((3, 3, 8, 1))

    def step():
        x = tf.nn.conv2d(zeros(2, 16, 16, 3), filters, 1, "SAME")
        x = tf.nn.depthwise_conv2d(x, each, [1, 1, 1, 1], "SAME")
        return keras.ops.conv(x, zeros(1, 1, 8, 2)) + tf.nn.conv2d_transpose(
            x, zeros(3, 3, 2, 8), (2, 16, 16, 2), 1
        )

    return step


def keras_video():
    model = keras.Sequential(
        [layers.TimeDistributed(layers.Conv2D(4, 3)), layers.Conv3D(3, 3), layers.Flatten()]
    )
    return fitted(model, zeros(2, 3, 12, 12, 3), zeros(2, 192))


def keras_autoencoder():
    model = keras.Sequential(
        [
            layers.Conv2D(8, 3, 2, "same"),
            layers.Conv2DTranspose(8, 3, 2, "same"),
            layers.Conv2D(1, 3, padding="same"),
        ]
    )
    return fitted(model, zeros(2, 28, 28, 1), zeros(2, 28, 28, 1), "binary_crossentropy")


def keras_channels_first():
    """Images with the channels first, moved to the end by the model."""
    model = keras.Sequential(
        [layers.Permute((2, 3, 1)), layers.Conv2D(4, 3), layers.GlobalAveragePooling2D()]
    )
    return fitted(model, zeros(2, 3, 32, 32), zeros(2, 4))


KERAS = (
    keras_mlp, keras_flat_target, keras_logits, keras_cnn, keras_wide, keras_depthwise,
    keras_grouped, keras_unet, keras_lstm, keras_sound, keras_small_maps, keras_text_line,
    keras_line, keras_own_step, keras_loop, keras_distances, keras_attention, keras_vit, keras_gate,
    keras_radial, keras_functional_convolution, keras_video, keras_autoencoder,
    keras_channels_first,
)  # fmt: skip
