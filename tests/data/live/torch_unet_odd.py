# layer:
# from: a, up
# tried: two = F.interpolate(two, size=(29, 28))  # before line {}
# operation: cat
import torch
from torch import nn


class Small(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(1, 8, 3, padding=1)
        self.b = nn.Conv2d(8, 16, 3, padding=1)
        self.pool = nn.MaxPool2d(2)
        self.up = nn.Upsample(scale_factor=2)
        self.out = nn.Conv2d(24, 2, 1)

    def forward(self, x):
        one = self.a(x)
        two = self.up(self.b(self.pool(one)))
        return self.out(torch.cat((one, two), 1))


Small()(torch.zeros(2, 1, 29, 28))
