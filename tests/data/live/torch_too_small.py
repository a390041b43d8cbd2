# layer: features.6
# from: features.5
# tried: x = F.interpolate(x, scale_factor=4)  # first in `forward`
import torch
from torch import nn

features = []
channels = 3
for width in (8, 16, 24):
    features += [nn.Conv2d(channels, width, 3), nn.ReLU(), nn.MaxPool2d(2)]
    channels = width


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(*features)

    def forward(self, x):
        return self.features(x)


Net()(torch.zeros(4, 3, 10, 10))
