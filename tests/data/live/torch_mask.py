# layer: layers.0
# from: layers.0.qkv
# tried: s.masked_fill((mask == 0)[:, None, None, :], -1e9)  # in line 20
# operation: masked_fill
import torch
from torch import nn


class Attn(nn.Module):
    def __init__(self, d=16, h=4):
        super().__init__()
        self.h = h
        self.qkv = nn.Linear(d, 3 * d)
        self.out = nn.Linear(d, d)

    def forward(self, x, mask):
        b, t, d = x.shape
        q, k, v = self.qkv(x).view(b, t, 3, self.h, d // self.h).permute(2, 0, 3, 1, 4)
        s = q @ k.transpose(-1, -2)
        s = s.masked_fill(mask == 0, -1e9)
        return self.out((s.softmax(-1) @ v).transpose(1, 2).reshape(b, t, d))


class M(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(10, 16)
        self.layers = nn.ModuleList([Attn(), Attn()])

    def forward(self, x, mask):
        x = self.emb(x)
        for l in self.layers:
            x = x + l(x, mask)
        return x


M()(torch.zeros(2, 9, dtype=torch.long), torch.ones(2, 9))
