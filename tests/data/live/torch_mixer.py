# layer: mixer_blocks.0.token_mix.fn.1.0
# from: patch
# tried: x = F.interpolate(x, size=(64, 64))  # first in `forward`
# expected: self.mixer_blocks = nn.Sequential(*[MixerBlock(dim, num_patches) for _ in range(depth)])
import torch
from torch import nn


class PreNormResidual(nn.Module):
    def __init__(self, dim, fn):
        super().__init__()
        self.fn = fn
        self.norm = nn.LayerNorm(dim)

    def forward(self, x):
        return self.fn(self.norm(x)) + x


class Transpose(nn.Module):
    def forward(self, x):
        return x.transpose(1, 2)


def FeedForward(dim, hidden, dropout=0.0):
    return nn.Sequential(
        nn.Linear(dim, hidden), nn.GELU(), nn.Dropout(dropout), nn.Linear(hidden, dim), nn.Dropout(dropout)
    )


class MixerBlock(nn.Module):
    def __init__(self, dim, num_patches):
        super().__init__()
        self.token_mix = PreNormResidual(
            dim, nn.Sequential(Transpose(), FeedForward(num_patches, 64), Transpose())
        )
        self.channel_mix = PreNormResidual(dim, FeedForward(dim, 128))

    def forward(self, x):
        return self.channel_mix(self.token_mix(x))


class MLPMixer(nn.Module):
    def __init__(self, image_size=64, patch=8, dim=48, depth=2, classes=10):
        super().__init__()
        num_patches = (image_size // patch) ** 2
        self.patch = nn.Conv2d(3, dim, patch, patch)
        self.mixer_blocks = nn.Sequential(*[MixerBlock(dim, num_patches) for _ in range(depth)])
        self.norm = nn.LayerNorm(dim)
        self.head = nn.Linear(dim, classes)

    def forward(self, x):
        x = self.patch(x).flatten(2).transpose(1, 2)
        x = self.norm(self.mixer_blocks(x))
        return self.head(x.mean(dim=1))


model = MLPMixer(image_size=64)
model(torch.randn(2, 3, 96, 96))
