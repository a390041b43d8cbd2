# layer: features.2.conv.0.0
# from: features.1.conv.1
# tried: model.features[2].conv[0][0] = nn.Conv2d(16, 192, 1, bias=False) ;; model.features[3].conv[0][0] = nn.Conv2d(24, 192, 1, bias=False) ;; model.features[4].conv[0][0] = nn.Conv2d(24, 192, 1, bias=False)
# expected: layers.append(InvertedResidual(32, c, s if i == 0 else 1, t))
import torch
from torch import nn


class ConvBNReLU(nn.Sequential):
    def __init__(self, cin, cout, kernel=3, stride=1, groups=1):
        super().__init__(
            nn.Conv2d(cin, cout, kernel, stride, (kernel - 1) // 2, groups=groups, bias=False),
            nn.BatchNorm2d(cout),
            nn.ReLU6(inplace=True),
        )


class InvertedResidual(nn.Module):
    def __init__(self, inp, oup, stride, expand_ratio):
        super().__init__()
        hidden = round(inp * expand_ratio)
        self.use_res = stride == 1 and inp == oup
        layers = []
        if expand_ratio != 1:
            layers.append(ConvBNReLU(inp, hidden, kernel=1))
        layers += [
            ConvBNReLU(hidden, hidden, stride=stride, groups=hidden),
            nn.Conv2d(hidden, oup, 1, bias=False),
            nn.BatchNorm2d(oup),
        ]
        self.conv = nn.Sequential(*layers)

    def forward(self, x):
        return x + self.conv(x) if self.use_res else self.conv(x)


class MobileNet(nn.Module):
    def __init__(self, num_classes=5):
        super().__init__()
        setting = [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 2, 2)]
        layers = [ConvBNReLU(3, 32, stride=2)]
        for t, c, n, s in setting:
            for i in range(n):
                layers.append(InvertedResidual(32, c, s if i == 0 else 1, t))
        self.features = nn.Sequential(*layers)
        self.classifier = nn.Linear(32, num_classes)

    def forward(self, x):
        return self.classifier(self.features(x).mean([2, 3]))


model = MobileNet()
model.eval()
with torch.no_grad():
    print(model(torch.rand(2, 3, 96, 96)))
