# layer: 2
# from: 0
# tried: net[2] = nn.Conv1d(8, 2, 3)
import torch
from torch import nn

from torch.nn.utils.parametrizations import weight_norm, spectral_norm

net = nn.Sequential(weight_norm(nn.Conv1d(4, 8, 3)), nn.ReLU(), spectral_norm(nn.Conv1d(9, 2, 3)))
net(torch.zeros(2, 4, 20))
