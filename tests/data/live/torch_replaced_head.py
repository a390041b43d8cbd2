# layer: classifier
# from: features.2
# tried: network.classifier = nn.Linear(40, 5)
import torch
from torch import nn


class Pretrained(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(3, 24, 3, 2), nn.SiLU(), nn.Conv2d(24, 40, 3, 2), nn.SiLU())
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.classifier = nn.Linear(40, 1000)

    def forward(self, x):
        return self.classifier(torch.flatten(self.pool(self.features(x)), 1))


network = Pretrained()
for parameter in network.parameters():
    parameter.requires_grad = False
network.classifier = nn.Linear(512, 5)
optimizer = torch.optim.Adam(network.classifier.parameters())
logits = network(torch.rand(2, 3, 33, 35))
