"""Thirty architectures of PyTorch, small, for the tests of what shapes reads from print(model): known
networks' wiring with fewer layers and channels.

MODELS: name -> (a function that makes the model, the input's shape).
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import nn

MODELS = {}


def model(*shape):
    """Register a function that makes a model, with the shape of its input."""

    def register(function):
        MODELS[function.__name__] = (function, shape)
        return function

    return register


class Block(nn.Module):
    """A module whose forward is given as a function of it and its input."""

    def __init__(self, how, **children):
        super().__init__()
        self.how = how
        for name, child in children.items():
            setattr(self, name, child)

    def forward(self, x):
        """Run the function."""
        return self.how(self, x)


def chain(self, x):
    """Run the children in order."""
    for child in self.children():
        x = child(x)
    return x


def conv(ins, outs, kernel=3, stride=1, groups=1):
    """A convolution with its batch normalisation and ReLU."""
    return nn.Sequential(
        nn.Conv2d(ins, outs, kernel, stride, kernel // 2, groups=groups, bias=False),
        nn.BatchNorm2d(outs),
        nn.ReLU(),
    )


@model(2, 1, 28, 28)
def lenet():
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.Tanh(), nn.AvgPool2d(2), nn.Conv2d(6, 16, 5), nn.Tanh(),
        nn.AvgPool2d(2),
        nn.Flatten(), nn.Linear(400, 120), nn.Tanh(), nn.Linear(120, 84), nn.Tanh(), nn.Linear(84, 10),
    )  # fmt: skip


@model(2, 3, 97, 131)
def alexnet():
    return Block(
        lambda m, x: m.classifier(torch.flatten(m.avgpool(m.features(x)), 1)),
        features=nn.Sequential(nn.Conv2d(3, 16, 11, 4, 2), nn.ReLU(), nn.MaxPool2d(3, 2), nn.Conv2d(16, 24,
        5, padding=2),
                               nn.ReLU(), nn.MaxPool2d(3, 2)),
        avgpool=nn.AdaptiveAvgPool2d((6, 5)),
        classifier=nn.Sequential(nn.Dropout(), nn.Linear(24 * 30, 40), nn.ReLU(), nn.Linear(40, 7)),
    )  # fmt: skip


@model(1, 3, 64, 96)
def vgg():
    layers, ins = [], 3
    for outs in (8, "M", 16, "M", 24, 24, "M"):
        layers += (
            [nn.MaxPool2d(2, 2)]
            if outs == "M"
            else [nn.Conv2d(ins, outs, 3, padding=1), nn.ReLU(inplace=True)]
        )
        ins = ins if outs == "M" else outs
    return Block(
        lambda m, x: m.classifier(m.avgpool(m.features(x)).flatten(1)), features=nn.Sequential(*layers),
        avgpool=nn.AdaptiveAvgPool2d(4), classifier=nn.Sequential(nn.Linear(24 * 16, 30), nn.ReLU(),
        nn.Linear(30, 9)),
    )  # fmt: skip


def basic_block(ins, outs, stride=1):
    """A residual block of two convolutions."""
    down = (
        nn.Sequential(nn.Conv2d(ins, outs, 1, stride, bias=False), nn.BatchNorm2d(outs))
        if stride > 1 or ins != outs
        else None
    )
    children = {"conv1": nn.Conv2d(ins, outs, 3, stride, 1, bias=False), "bn1": nn.BatchNorm2d(outs),
    "relu": nn.ReLU(),
                "conv2": nn.Conv2d(outs, outs, 3, 1, 1, bias=False), "bn2": nn.BatchNorm2d(outs)}  # fmt: skip
    if down:
        children["downsample"] = down

    def forward(m, x):
        rest = m.downsample(x) if down else x
        return m.relu(m.bn2(m.conv2(m.relu(m.bn1(m.conv1(x))))) + rest)

    return Block(forward, **children)


@model(2, 3, 65, 97)
def resnet18():
    return Block(
        lambda m, x:
        m.fc(torch.flatten(m.avgpool(m.layer3(m.layer2(m.layer1(m.maxpool(m.relu(m.bn1(m.conv1(x)))))))),
        1)), conv1=nn.Conv2d(3, 8, 7, 2, 3, bias=False), bn1=nn.BatchNorm2d(8), relu=nn.ReLU(),
        maxpool=nn.MaxPool2d(3, 2, 1), layer1=nn.Sequential(basic_block(8, 8), basic_block(8, 8)),
        layer2=nn.Sequential(basic_block(8, 16, 2), basic_block(16, 16)),
        layer3=nn.Sequential(basic_block(16, 24, 2)), avgpool=nn.AdaptiveAvgPool2d(1), fc=nn.Linear(24, 11),
    )  # fmt: skip


def bottleneck(ins, middle, outs, stride=1, groups=1):
    """A residual block that narrows and widens."""
    children = {"conv1": nn.Conv2d(ins, middle, 1, bias=False), "bn1": nn.BatchNorm2d(middle),
                "conv2": nn.Conv2d(middle, middle, 3, stride, 1, groups=groups, bias=False),
                "bn2": nn.BatchNorm2d(middle),
                "conv3": nn.Conv2d(middle, outs, 1, bias=False), "bn3": nn.BatchNorm2d(outs),
                "relu": nn.ReLU(inplace=True)}  # fmt: skip
    if stride > 1 or ins != outs:
        children["downsample"] = nn.Sequential(
            nn.Conv2d(ins, outs, 1, stride, bias=False), nn.BatchNorm2d(outs)
        )

    def forward(m, x):
        rest = m.downsample(x) if hasattr(m, "downsample") else x
        y = m.relu(m.bn1(m.conv1(x)))
        return m.relu(m.bn3(m.conv3(m.relu(m.bn2(m.conv2(y))))) + rest)

    return Block(forward, **children)


@model(1, 3, 64, 80)
def resnet50():
    return Block(
        lambda m, x: m.fc(m.avgpool(m.layer2(m.layer1(m.conv1(x)))).flatten(1)), conv1=nn.Conv2d(3, 8, 7, 2,
        3),
        layer1=nn.Sequential(bottleneck(8, 4, 16), bottleneck(16, 4, 16)),
        layer2=nn.Sequential(bottleneck(16, 8, 32, 2)),
        avgpool=nn.AdaptiveAvgPool2d((1, 1)), fc=nn.Linear(32, 5),
    )  # fmt: skip


@model(1, 3, 64, 80)
def resnext():
    return nn.Sequential(
        nn.Conv2d(3, 8, 3, 2), bottleneck(8, 12, 16, 2, groups=4), bottleneck(16, 12, 16, groups=3)
    )


@model(2, 3, 64, 48)
def mobilenet_v1():
    layers = [conv(3, 8, stride=2)]
    for ins, outs, stride in ((8, 16, 1), (16, 24, 2), (24, 24, 1), (24, 40, 2)):
        layers += [conv(ins, ins, stride=stride, groups=ins), conv(ins, outs, 1)]
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(40, 6))


def inverted_residual(ins, outs, stride, widen=3):
    """A block that widens, convolves each channel, and narrows."""
    inner = nn.Sequential(conv(ins, ins * widen, 1), conv(ins * widen, ins * widen, stride=stride,
    groups=ins * widen),
                          nn.Conv2d(ins * widen, outs, 1, bias=False), nn.BatchNorm2d(outs))  # fmt: skip
    same = stride == 1 and ins == outs
    return Block(lambda m, x: x + m.conv(x) if same else m.conv(x), conv=inner)


@model(2, 3, 64, 96)
def mobilenet_v2():
    return Block(
        lambda m, x: m.classifier(F.adaptive_avg_pool2d(m.features(x), 1).flatten(1)),
        features=nn.Sequential(conv(3, 8, stride=2), inverted_residual(8, 8, 1), inverted_residual(8, 16, 2),
                               inverted_residual(16, 16, 1), conv(16, 48, 1)),
        classifier=nn.Sequential(nn.Dropout(0.2), nn.Linear(48, 10)),
    )  # fmt: skip


@model(1, 3, 65, 65)
def squeezenet():
    def fire(ins, squeeze, expand):
        return Block(
            lambda m, x: torch.cat([m.expand1x1(F.relu(m.squeeze(x))), m.expand3x3(F.relu(m.squeeze(x)))], 1),
            squeeze=nn.Conv2d(ins, squeeze, 1), expand1x1=nn.Conv2d(squeeze, expand, 1),
            expand3x3=nn.Conv2d(squeeze, expand, 3, padding=1),
        )  # fmt: skip

    return nn.Sequential(
        nn.Conv2d(3, 12, 3, 2),
        nn.MaxPool2d(3, 2, ceil_mode=True),
        fire(12, 4, 8),
        fire(16, 6, 10),
        nn.Conv2d(20, 7, 1),
    )


@model(1, 3, 32, 48)
def densenet():
    def dense_layer(ins, growth):
        return Block(lambda m, x: torch.cat([x, m.conv(m.relu(m.norm(x)))], 1), norm=nn.BatchNorm2d(ins),
        relu=nn.ReLU(),
                     conv=nn.Conv2d(ins, growth, 3, padding=1))  # fmt: skip

    return nn.Sequential(
        nn.Conv2d(3, 8, 3), dense_layer(8, 4), dense_layer(12, 4), nn.BatchNorm2d(16), nn.AvgPool2d(2)
    )


@model(1, 3, 32, 32)
def inception():
    def mixed(ins):
        return Block(lambda m, x: torch.cat([m.branch1(x), m.branch2(x), m.branch3(x)], 1),
        branch1=conv(ins, 8, 1),
                     branch2=nn.Sequential(conv(ins, 6, 1), conv(6, 12)),
                     branch3=nn.Sequential(nn.MaxPool2d(3, 1, 1), conv(ins, 4, 1)))  # fmt: skip

    return nn.Sequential(
        conv(3, 16), mixed(16), mixed(24), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(24, 5)
    )


@model(1, 1, 64, 48)
def unet():
    def forward(m, x):
        one = m.down1(x)
        two = m.down2(m.pool(one))
        return m.last(m.right(torch.cat([m.up(two), one], 1)))

    return Block(forward, down1=conv(1, 8), pool=nn.MaxPool2d(2), down2=conv(8, 16),
    up=nn.ConvTranspose2d(16, 8, 2, 2),
                 right=conv(16, 8), last=nn.Conv2d(8, 3, 1))  # fmt: skip


@model(3, 1, 28, 28)
def autoencoder():
    return Block(
        lambda m, x: m.decoder(m.encoder(x)),
        encoder=nn.Sequential(nn.Conv2d(1, 8, 3, 2, 1), nn.ReLU(), nn.Conv2d(8, 4, 3, 2, 1), nn.ReLU()),
        decoder=nn.Sequential(nn.ConvTranspose2d(4, 8, 3, 2, 1, output_padding=1), nn.ReLU(),
                              nn.ConvTranspose2d(8, 1, 3, 2, 1, output_padding=1), nn.Sigmoid()),
    )  # fmt: skip


@model(4, 100, 1, 1)
def dcgan_generator():
    return nn.Sequential(
        nn.ConvTranspose2d(100, 32, 4, 1, 0, bias=False), nn.BatchNorm2d(32), nn.ReLU(True),
        nn.ConvTranspose2d(32, 16, 4, 2, 1, bias=False), nn.BatchNorm2d(16), nn.ReLU(True),
        nn.ConvTranspose2d(16, 3, 4, 2, 1, bias=False), nn.Tanh(),
    )  # fmt: skip


@model(4, 3, 32, 32)
def dcgan_discriminator():
    return nn.Sequential(
        nn.Conv2d(3, 16, 4, 2, 1), nn.LeakyReLU(0.2), nn.Conv2d(16, 32, 4, 2, 1), nn.InstanceNorm2d(32,
        affine=True),
        nn.LeakyReLU(0.2), nn.Conv2d(32, 1, 8), nn.Flatten(), nn.Sigmoid(),
    )  # fmt: skip


@model(2, 40, 120)
def speech_conv1d():
    return nn.Sequential(
        nn.Conv1d(40, 24, 5, padding="same"), nn.BatchNorm1d(24), nn.ReLU(), nn.MaxPool1d(3), nn.Conv1d(24,
        32, 3, dilation=2),
        nn.GroupNorm(4, 32), nn.AdaptiveAvgPool1d(1), nn.Flatten(), nn.Linear(32, 12), nn.LogSoftmax(dim=1),
    )  # fmt: skip


@model(1, 3, 8, 28, 36)
def c3d():
    return nn.Sequential(
        nn.Conv3d(3, 8, 3, padding=1), nn.ReLU(), nn.MaxPool3d((1, 2, 2)), nn.Conv3d(8, 12, 3, padding=1),
        nn.BatchNorm3d(12),
        nn.AvgPool3d(2), nn.AdaptiveAvgPool3d((1, 2, 2)), nn.Flatten(), nn.Dropout(), nn.Linear(48, 5),
    )  # fmt: skip


@model(3, 7, 10)
def lstm_classifier():
    return Block(lambda m, x: m.fc(m.norm(m.lstm(x)[0])), lstm=nn.LSTM(10, 12, 2, batch_first=True,
    bidirectional=True, dropout=0.1),
                 norm=nn.LayerNorm(24), fc=nn.Linear(24, 4))  # fmt: skip


@model(7, 3, 10)
def gru_tagger():
    return Block(
        lambda m, x: m.out(m.drop(m.gru(x)[0])),
        gru=nn.GRU(10, 12, bias=False),
        drop=nn.Dropout(0.1),
        out=nn.Linear(12, 6),
    )


@model(3, 9, 16)
def transformer_encoder():
    return nn.TransformerEncoder(
        nn.TransformerEncoderLayer(16, 4, 32, batch_first=True), 3, enable_nested_tensor=False
    )


@model(2, 3, 32, 48)
def vision_transformer():
    def forward(m, x):
        x = m.patches(x).flatten(2).transpose(1, 2)
        return m.head(m.norm(m.encoder(x)).mean(1))

    layer = nn.TransformerEncoderLayer(20, 4, 40, batch_first=True, norm_first=True)
    return Block(forward, patches=nn.Conv2d(3, 20, 8, 8), encoder=nn.TransformerEncoder(layer, 2,
    enable_nested_tensor=False),
                 norm=nn.LayerNorm(20), head=nn.Linear(20, 7))  # fmt: skip


@model(5, 1, 28, 28)
def perceptron():
    return nn.Sequential(
        nn.Flatten(), nn.Linear(784, 64), nn.GELU(), nn.Dropout(0.3), nn.Linear(64, 10), nn.Softmax(dim=1)
    )


@model(1, 1, 24, 32)
def super_resolution():
    return nn.Sequential(
        nn.Conv2d(1, 16, 5, padding=2), nn.Tanh(), nn.Conv2d(16, 9, 3, padding=1), nn.PixelShuffle(3)
    )


@model(2, 3, 33, 49)
def squeeze_excitation():
    def gate(channels):
        return Block(lambda m, x: x * torch.sigmoid(m.fc2(m.act(m.fc1(m.pool(x))))),
        pool=nn.AdaptiveAvgPool2d(1),
                     fc1=nn.Conv2d(channels, 4, 1), act=nn.SiLU(), fc2=nn.Conv2d(4, channels, 1))  # fmt: skip

    return nn.Sequential(conv(3, 12), gate(12), nn.Conv2d(12, 8, 3, stride=2))


@model(2, 3, 32, 32)
def shufflenet():
    return nn.Sequential(
        conv(3, 12, stride=2), nn.Conv2d(12, 24, 1, groups=3), nn.ChannelShuffle(3), nn.Conv2d(24, 24, 3, 2,
        1, groups=24),
        nn.Conv2d(24, 12, 1, groups=3), nn.AdaptiveMaxPool2d((2, 3)), nn.Flatten(1), nn.Linear(72, 4),
    )  # fmt: skip


@model(3, 11)
def text_cnn():
    return Block(lambda m, x: m.fc(m.pool(m.act(m.conv(m.embedding(x).transpose(1, 2)))).flatten(1)),
                 embedding=nn.Embedding(50, 8), conv=nn.Conv1d(8, 12, 3), act=nn.ReLU(),
                 pool=nn.AdaptiveMaxPool1d(1),
                 fc=nn.Linear(12, 2))  # fmt: skip


@model(2, 3, 100)
def pointnet():
    return nn.Sequential(nn.Conv1d(3, 16, 1), nn.BatchNorm1d(16), nn.ReLU(), nn.Conv1d(16, 32, 1),
    nn.MaxPool1d(100), nn.Flatten(),
                         nn.Linear(32, 10), nn.BatchNorm1d(10), nn.PReLU())  # fmt: skip


@model(1, 3, 40, 56)
def segmentation_fcn():
    return nn.Sequential(conv(3, 8), nn.MaxPool2d(2), conv(8, 12), nn.MaxPool2d(2), nn.Conv2d(12, 4, 1),
                         nn.Upsample(scale_factor=4, mode="bilinear", align_corners=False))  # fmt: skip


@model(1, 3, 31, 45)
def reflect_style_transfer():
    return nn.Sequential(
        nn.ReflectionPad2d(4), nn.Conv2d(3, 8, 9), nn.InstanceNorm2d(8), nn.ReLU(), nn.ZeroPad2d((1, 2, 0,
        1)), nn.Conv2d(8, 12, 3, 2),
        nn.UpsamplingNearest2d(scale_factor=2), nn.Conv2d(12, 3, 3, padding=1, padding_mode="reflect"),
    )  # fmt: skip


@model(2, 3, 64, 64)
def convnext():
    def block(width):
        def forward(m, x):
            y = m.dwconv(x).permute(0, 2, 3, 1)
            return x + m.pwconv2(m.act(m.pwconv1(m.norm(y)))).permute(0, 3, 1, 2)

        return Block(forward, dwconv=nn.Conv2d(width, width, 7, padding=3, groups=width),
        norm=nn.LayerNorm(width),
                     pwconv1=nn.Linear(width, 4 * width), act=nn.GELU(), pwconv2=nn.Linear(4 * width,
                     width))  # fmt: skip

    return nn.Sequential(nn.Conv2d(3, 12, 4, 4), block(12), block(12))
