# layer: tr
# from: tgt
# tried: model.tgt = nn.Embedding(50, 32)
import torch
from torch import nn


class S(nn.Module):
    def __init__(self):
        super().__init__()
        self.src = nn.Embedding(50, 32)
        self.tgt = nn.Embedding(50, 24)
        self.tr = nn.Transformer(32, 4, 2, 2, 64, batch_first=True)
        self.out = nn.Linear(32, 50)

    def forward(self, a, b):
        return self.out(self.tr(self.src(a), self.tgt(b)))


S()(torch.zeros(2, 7, dtype=torch.long), torch.zeros(2, 5, dtype=torch.long))
