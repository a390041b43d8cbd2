# layer: dec.conv
# from: down1.conv, up
# tried: model.dec.conv = nn.Conv2d(64, 16, 3, padding=1)
import torch
from torch import nn


class Double(nn.Module):
    def __init__(self, cin, cout):
        super().__init__()
        self.conv = nn.Conv2d(cin, cout, 3, padding=1)
        self.norm = nn.BatchNorm2d(cout)

    def forward(self, x):
        return torch.relu(self.norm(self.conv(x)))


class Decoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(32, 16, 3, padding=1)
        self.head = nn.Conv2d(16, 2, 1)

    def forward(self, x):
        return self.head(torch.relu(self.conv(x)))


class UNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.down1 = Double(3, 32)
        self.pool = nn.MaxPool2d(2)
        self.down2 = Double(32, 48)
        self.up = nn.ConvTranspose2d(48, 32, 2, stride=2)
        self.dec = Decoder()

    def forward(self, x):
        skip = self.down1(x)
        low = self.down2(self.pool(skip))
        x = torch.cat([skip, self.up(low)], dim=1)
        return self.dec(x)


model = UNet()
images = torch.zeros(5, 3, 24, 20)
print(model(images).shape)
