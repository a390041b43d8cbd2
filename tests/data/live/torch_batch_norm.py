# layer: body.1.bn
# from: body.1.conv
# tried: wave.body[1].bn = nn.BatchNorm1d(16)
from collections import OrderedDict

import torch
from torch import nn


def unit(cin, cout, norm):
    return nn.Sequential(
        OrderedDict(
            [("conv", nn.Conv1d(cin, cout, 3, padding=1)), ("bn", nn.BatchNorm1d(norm)), ("act", nn.GELU())]
        )
    )


class Wave(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(unit(2, 8, 8), unit(8, 16, 8), unit(16, 16, 16))

    def forward(self, x):
        return self.body(x)


wave = Wave()
wave.train()
wave(torch.zeros(3, 2, 50))
