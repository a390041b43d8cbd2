# layer: conv
# from: netG.main.3
# tried: netG.main[3] = nn.ConvTranspose2d(8, 3, 4, stride=2, padding=1)
# expected: self.conv = nn.Conv2d(3, 8, 4, 2, 1)
import torch
from torch import nn


class G(nn.Module):
    def __init__(self):
        super().__init__()
        self.main = nn.Sequential(
            nn.ConvTranspose2d(10, 16, 4),
            nn.ReLU(),
            nn.ConvTranspose2d(16, 8, 4, 2, 1),
            nn.ConvTranspose2d(8, 1, 4, 2, 1),
        )

    def forward(self, z):
        return self.main(z)


class D(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 4, 2, 1)
        self.fc = nn.Linear(8, 1)

    def forward(self, img):
        return torch.sigmoid(self.fc(self.conv(img).mean((2, 3))))


netG, netD = G(), D()
criterion = nn.BCELoss()
opt = torch.optim.Adam(netD.parameters())
for _i in range(2):
    opt.zero_grad()
    noise = torch.randn(6, 10, 1, 1)
    fake = netG(noise)
    pred = netD(fake.detach())
    loss = criterion(pred, torch.zeros(6, 1))
    loss.backward()
