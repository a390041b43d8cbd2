# layer:
# from: head
# tried: data['y'] = data['y'].unsqueeze(1)  # before line {}
# operation: binary_cross_entropy
import torch
import torch.nn as nn
import torch.nn.functional as F


class Reg(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.LSTM(4, 16, batch_first=True)
        self.head = nn.Linear(16, 1)

    def forward(self, x):
        return self.head(self.body(x)[0][:, -1])


def run(net, data):
    net.train()
    with torch.autocast("cpu", enabled=False):
        out = net(data["x"])
        prob = torch.sigmoid(out)
    return F.binary_cross_entropy(prob, data["y"])


run(Reg(), {"x": torch.rand(8, 5, 4), "y": torch.rand(8)})
