# layer: encoder.self_attn
# from: embed
# tried: model.embed = nn.Linear(10, 64)
import torch
from torch import nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Linear(10, 48)
        self.encoder = nn.TransformerEncoderLayer(d_model=64, nhead=4, dim_feedforward=96, batch_first=True)
        self.decoder = nn.Linear(64, 3)

    def forward(self, x):
        return self.decoder(self.encoder(self.embed(x)).mean(1))


Model()(torch.zeros(4, 7, 10))
