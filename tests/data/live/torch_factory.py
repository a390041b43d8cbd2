# layer: stage3.0.0
# from: stage2.1.0
# tried: net.stage3[0][0] = nn.Conv2d(32, 48, 3, stride=2, padding=1, bias=False)
# expected: self.stage3 = make_stage(24, 48, 1)
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import torch
from torch import nn
from live_blocks import make_stage


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.stage1 = make_stage(3, 16, 1)
        self.stage2 = make_stage(16, 32, 1)
        self.stage3 = make_stage(24, 48, 1)
        self.head = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(48, 10))

    def forward(self, x):
        return self.head(self.stage3(self.stage2(self.stage1(x))))


def build_model(name="net"):
    return {"net": Net}[name]()


net = build_model()
with torch.autocast("cpu", dtype=torch.bfloat16):
    net(torch.rand(2, 3, 32, 32))
