# layer: cross
# from: image
# tried: model.cross = nn.MultiheadAttention(24, 3, kdim=40, vdim=40, batch_first=True)
import torch
from torch import nn


class Captioner(nn.Module):
    def __init__(self):
        super().__init__()
        self.image = nn.Conv2d(3, 40, 8, 8)
        self.words = nn.Embedding(60, 24)
        self.cross = nn.MultiheadAttention(24, 3, batch_first=True)
        self.head = nn.Linear(24, 60)

    def forward(self, image, words):
        memory = self.image(image).flatten(2).transpose(1, 2)
        x = self.words(words)
        x, _ = self.cross(x, memory, memory)
        return self.head(x)


Captioner()(torch.zeros(2, 3, 32, 40), torch.zeros(2, 5, dtype=torch.long))
