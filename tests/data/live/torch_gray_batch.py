# layer: backbone.stem.0
# from:
# tried: batch['image'] = batch['image'].repeat(1, 3, 1, 1)
import torch
import torch.nn as nn


class Backbone(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 8, 3, stride=2), nn.BatchNorm2d(8), nn.ReLU())
        self.blocks = nn.ModuleList([nn.Conv2d(8, 8, 3, padding=1) for _ in range(4)])

    def forward(self, x):
        x = self.stem(x)
        for block in self.blocks:
            x = x + block(x)
        return x.mean((2, 3))


class Classifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.backbone = Backbone()
        self.head = nn.Linear(8, 10)

    def forward(self, batch):
        return self.head(self.backbone(batch["image"]))


def main():
    net = Classifier()
    batch = {"image": torch.rand(6, 1, 28, 28), "label": torch.zeros(6, dtype=torch.long)}
    loss = nn.functional.cross_entropy(net(batch), batch["label"])
    loss.backward()


main()
