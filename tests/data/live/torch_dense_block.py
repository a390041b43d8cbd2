# layer: layers.2
# from: stem, layers.0, layers.1
# tried: dense.layers[2] = nn.Conv2d(22, 6, 3, padding=1) ;; dense.layers[3] = nn.Conv2d(28, 6, 3, padding=1)
import torch
from torch import nn


class Dense(nn.Module):
    def __init__(self, growth=6):
        super().__init__()
        self.stem = nn.Conv2d(3, 10, 3, padding=1)
        self.layers = nn.ModuleList(
            nn.Conv2d(10 + growth * min(i, 1), growth, 3, padding=1) for i in range(4)
        )

    def forward(self, x):
        found = [self.stem(x)]
        for layer in self.layers:
            found.append(torch.relu(layer(torch.cat(found, dim=1))))
        return torch.cat(found, dim=1)


dense = Dense()
dense(torch.zeros(1, 3, 8, 9))
