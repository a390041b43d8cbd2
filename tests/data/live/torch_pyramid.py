# layer: lateral.2
# from: down.2
# tried: model.lateral[2] = nn.Conv2d(32, 12, 1)
import torch
from torch import nn
import torch.nn.functional as F


class FPN(nn.Module):
    def __init__(self):
        super().__init__()
        self.down = nn.ModuleList(
            [nn.Conv2d(3, 8, 3, 2, 1), nn.Conv2d(8, 16, 3, 2, 1), nn.Conv2d(16, 32, 3, 2, 1)]
        )
        self.lateral = nn.ModuleList([nn.Conv2d(c, 12, 1) for c in (8, 16, 16)])

    def forward(self, x):
        maps = []
        for layer in self.down:
            x = F.relu(layer(x))
            maps.append(x)
        tops = [l(m) for l, m in zip(self.lateral, maps)]
        out = tops[-1]
        for t in reversed(tops[:-1]):
            out = t + F.interpolate(out, size=t.shape[-2:])
        return out


FPN()(torch.zeros(2, 3, 40, 48))
