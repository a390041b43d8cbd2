# layer: heads.depth.1
# from: trunk.1
# tried: multi.heads.depth[1] = nn.Linear(18, 1)
import torch
from torch import nn


class Multi(nn.Module):
    def __init__(self):
        super().__init__()
        self.trunk = nn.ModuleList([nn.Linear(7, 30), nn.Linear(30, 18)])
        self.heads = nn.ModuleDict(
            {
                "class": nn.Sequential(nn.LayerNorm(18), nn.Linear(18, 4)),
                "depth": nn.Sequential(nn.LayerNorm(18), nn.Linear(16, 1)),
            }
        )

    def forward(self, inputs):
        x = inputs["left"] + inputs["right"]
        for layer in self.trunk:
            x = torch.tanh(layer(x))
        return {name: head(x) for name, head in self.heads.items()}


multi = Multi()
multi({"left": torch.ones(3, 7), "right": torch.ones(3, 7)})
