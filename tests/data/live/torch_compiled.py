# layer: _orig_mod.b
# from: _orig_mod.a
# tried: net._orig_mod.b = nn.Conv2d(6, 2, 3)
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(3, 6, 3)
        self.b = nn.Conv2d(8, 2, 3)

    def forward(self, x):
        return self.b(self.a(x))


net = torch.compile(Net(), backend="eager")
net(torch.zeros(1, 3, 12, 12))
