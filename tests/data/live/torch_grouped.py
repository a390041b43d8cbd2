# layer: dw
# from: pw
# tried: model.pw = nn.Conv2d(3, 24, 1)
import torch
from torch import nn


class Separable(nn.Module):
    def __init__(self):
        super().__init__()
        self.pw = nn.Conv2d(3, 20, 1)
        self.dw = nn.Conv2d(24, 24, 3, groups=24, padding=1)
        self.out = nn.Conv2d(24, 5, 1)

    def forward(self, x):
        return self.out(self.dw(self.pw(x)))


Separable()(torch.zeros(2, 3, 7, 6))
