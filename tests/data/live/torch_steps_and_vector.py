# layer:
# from: gru, static.0
# tried: out = out[:, -1]  # before line {}
# operation: cat
import torch
import torch.nn as nn
# GRU output permuted wrongly: uses h_n without squeeze and cat with static features


class Forecaster(nn.Module):
    def __init__(self, n_features=7, hidden=24, n_static=4, horizon=5):
        super().__init__()
        self.gru = nn.GRU(n_features, hidden, batch_first=True)
        self.static = nn.Sequential(nn.Linear(n_static, 8), nn.ReLU())
        self.fc = nn.Linear(hidden + 8, horizon)

    def forward(self, seq, static):
        out, h = self.gru(seq)
        s = self.static(static)
        z = torch.cat([out, s], dim=1)
        return self.fc(z)


model = Forecaster()
y = model(torch.randn(16, 30, 7), torch.randn(16, 4))
