# layer: bn
# from: rnn
# tried: self.bn(out.transpose(1, 2)).transpose(1, 2)  # in line {}
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.LSTM(5, 32, num_layers=2, batch_first=True, dropout=0.1)
        self.bn = nn.BatchNorm1d(32)
        self.fc = nn.Linear(32, 2)

    def forward(self, x):
        h0 = torch.zeros(2, x.size(0), 32)
        c0 = torch.zeros(2, x.size(0), 32)
        out, _ = self.rnn(x, (h0, c0))
        out = self.bn(out)
        return self.fc(out[:, -1, :])


net = Net()
print(net(torch.rand(6, 20, 5)).shape)
