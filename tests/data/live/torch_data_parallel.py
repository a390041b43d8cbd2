# layer: module.b
# from: module.a
# tried: model.module.b = nn.Linear(6, 2)
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(4, 6)
        self.b = nn.Linear(7, 2)

    def forward(self, x):
        return self.b(self.a(x))


model = nn.DataParallel(Net())
model(torch.zeros(3, 4))
