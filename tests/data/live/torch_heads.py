# layer: att
# from: att.q
# tried: m.att.q = nn.Linear(18, 20)
# operation: view
import torch
from torch import nn


class A(nn.Module):
    def __init__(self):
        super().__init__()
        self.q = nn.Linear(18, 22)
        self.h = 5

    def forward(self, x):
        b, t, _ = x.shape
        return self.q(x).view(b, t, self.h, 4)


class M(nn.Module):
    def __init__(self):
        super().__init__()
        self.inp = nn.Linear(6, 18)
        self.att = A()

    def forward(self, x):
        return self.att(self.inp(x))


m = M()
m(torch.zeros(2, 11, 6))
