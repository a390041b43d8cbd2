# layer: hidden.1
# from: hidden.0
# tried: model.hidden[1] = nn.Linear(8, 2)
import torch
from torch import nn


class Odd(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(4, 6)
        self.hidden = [nn.Linear(6, 8), nn.Linear(9, 2)]

    def forward(self, x):
        x = self.first(x)
        for layer in self.hidden:
            x = layer(x)
        return x


Odd()(torch.zeros(2, 4))
