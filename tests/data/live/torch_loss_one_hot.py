# layer:
# from: net.4
# tried: target = F.one_hot(batch['target'].float().long(), 3).float()  # before line {}
import torch
import torch.nn as nn
from torch.utils.data import Dataset, DataLoader
import itertools


class Wine(Dataset):
    def __init__(self, n=40):
        self.x = torch.randn(n, 11)
        self.y = torch.randint(0, 3, (n,))

    def __len__(self):
        return len(self.x)

    def __getitem__(self, i):
        return {"features": self.x[i], "target": self.y[i]}


class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        layers = []
        for a, b in itertools.pairwise(sizes):
            layers += [nn.Linear(a, b), nn.ReLU()]
        self.net = nn.Sequential(*layers[:-1])

    def forward(self, features):
        return self.net(features)


def main():
    model = MLP([11, 32, 16, 3])
    loader = DataLoader(Wine(), batch_size=8)
    criterion = nn.MSELoss()
    opt = torch.optim.Adam(model.parameters())
    for batch in loader:
        pred = model(batch["features"])
        loss = criterion(pred, batch["target"].float())
        opt.zero_grad()
        loss.backward()
        opt.step()


main()
