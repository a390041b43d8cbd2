# layer:
# from: patch
# tried: model.pos = nn.Parameter(torch.randn(1, 17, 20))
# operation: add
import torch
from torch import nn


class ViT(nn.Module):
    def __init__(self, size=32, patch=8, width=20):
        super().__init__()
        self.patch = nn.Conv2d(3, width, patch, stride=patch)
        self.cls = nn.Parameter(torch.zeros(1, 1, width))
        self.pos = nn.Parameter(torch.zeros(1, (size // patch) ** 2, width))
        self.blocks = nn.TransformerEncoder(nn.TransformerEncoderLayer(width, 4, 40, batch_first=True), 2)
        self.head = nn.Linear(width, 6)

    def forward(self, image):
        x = self.patch(image).flatten(2).transpose(1, 2)
        x = torch.cat([self.cls.expand(len(x), -1, -1), x], dim=1)
        x = x + self.pos
        return self.head(self.blocks(x)[:, 0])


ViT()(torch.zeros(5, 3, 32, 32))
