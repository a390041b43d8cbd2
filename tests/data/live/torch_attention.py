# layer: blocks.0.attn
# from: blocks.0.attn.q, blocks.0.attn.k
# tried: k = k.transpose(-2, -1)  # before line {}
# operation: matmul
import math
import torch
from torch import nn


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.q = nn.Linear(width, width)
        self.k = nn.Linear(width, width)
        self.v = nn.Linear(width, width)

    def forward(self, x):
        n, t, c = x.shape
        q = self.q(x).view(n, t, self.heads, c // self.heads).transpose(1, 2)
        k = self.k(x).view(n, t, self.heads, c // self.heads).transpose(1, 2)
        v = self.v(x).view(n, t, self.heads, c // self.heads).transpose(1, 2)
        scores = torch.softmax(q @ k / math.sqrt(c // self.heads), dim=-1)
        return (scores @ v).transpose(1, 2).reshape(n, t, c)


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.attn = Attention(width, heads)

    def forward(self, x):
        return x + self.attn(self.norm(x))


class GPT(nn.Module):
    def __init__(self):
        super().__init__()
        self.tokens = nn.Embedding(100, 24)
        self.blocks = nn.ModuleList(Block(24, 4) for _ in range(3))
        self.head = nn.Linear(24, 100)

    def forward(self, idx):
        x = self.tokens(idx)
        for block in self.blocks:
            x = block(x)
        return self.head(x)


GPT()(torch.zeros(2, 11, dtype=torch.long))
