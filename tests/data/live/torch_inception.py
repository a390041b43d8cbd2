# layer: inception_b.branch1x1.conv
# from: inception_a.branch1x1.conv, inception_a.branch5x5_2.conv, inception_a.branch3x3dbl_2.conv, inception_a.branch_pool.conv
# tried: net.inception_b.branch1x1.conv = nn.Conv2d(224, 64, 1, bias=False) ;; net.inception_b.branch5x5_1.conv = nn.Conv2d(224, 48, 1, bias=False) ;; net.inception_b.branch3x3dbl_1.conv = nn.Conv2d(224, 64, 1, bias=False) ;; net.inception_b.branch_pool.conv = nn.Conv2d(224, 64, 1, bias=False)
# expected: self.inception_b = InceptionA(in_channels=192, pool_features=64)
import torch
import torch.nn as nn
import torch.nn.functional as F


class BasicConv2d(nn.Module):
    def __init__(self, in_channels, out_channels, **kwargs):
        super().__init__()
        self.conv = nn.Conv2d(in_channels, out_channels, bias=False, **kwargs)
        self.bn = nn.BatchNorm2d(out_channels, eps=0.001)

    def forward(self, x):
        return F.relu(self.bn(self.conv(x)), inplace=True)


class InceptionA(nn.Module):
    def __init__(self, in_channels, pool_features):
        super().__init__()
        self.branch1x1 = BasicConv2d(in_channels, 64, kernel_size=1)
        self.branch5x5_1 = BasicConv2d(in_channels, 48, kernel_size=1)
        self.branch5x5_2 = BasicConv2d(48, 64, kernel_size=5, padding=2)
        self.branch3x3dbl_1 = BasicConv2d(in_channels, 64, kernel_size=1)
        self.branch3x3dbl_2 = BasicConv2d(64, 64, kernel_size=3, padding=1)
        self.branch_pool = BasicConv2d(in_channels, pool_features, kernel_size=1)

    def _forward(self, x):
        branch1x1 = self.branch1x1(x)
        branch5x5 = self.branch5x5_2(self.branch5x5_1(x))
        branch3x3dbl = self.branch3x3dbl_2(self.branch3x3dbl_1(x))
        branch_pool = self.branch_pool(F.avg_pool2d(x, kernel_size=3, stride=1, padding=1))
        return [branch1x1, branch5x5, branch3x3dbl, branch_pool]

    def forward(self, x):
        return torch.cat(self._forward(x), 1)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = BasicConv2d(3, 48, kernel_size=3, stride=2)
        self.inception_a = InceptionA(in_channels=48, pool_features=32)
        self.inception_b = InceptionA(in_channels=192, pool_features=64)
        self.fc = nn.Linear(256, 7)

    def forward(self, x):
        x = self.inception_b(self.inception_a(self.stem(x)))
        return self.fc(F.adaptive_avg_pool2d(x, 1).flatten(1))


net = Net()
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
for _step in range(3):
    optimizer.zero_grad()
    loss = criterion(net(torch.randn(4, 3, 75, 75)), torch.randint(7, (4,)))
    loss.backward()
    optimizer.step()
