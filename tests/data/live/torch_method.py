# layer: proj
# from: enc.0
# tried: h = h.transpose(1, 2)  # before `proj` is called
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.enc = nn.Sequential(nn.Conv1d(1, 8, 5), nn.ReLU())
        self.proj = nn.Linear(8, 3)

    def features(self, wave):
        h = self.enc(wave)
        return self.proj(h)


net = Net()
print(net.features(torch.zeros(4, 1, 30)).shape)
