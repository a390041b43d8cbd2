# layer:
# from: model.2
# tried: output = output.view(8, -1).mean(1)  # before line {}
import torch
from torch import nn


class Discriminator(nn.Module):
    def __init__(self, channels=1):
        super().__init__()
        self.model = nn.Sequential(
            nn.Conv2d(channels, 16, 4, 2, 1), nn.LeakyReLU(0.2), nn.Conv2d(16, 1, 4, 2, 1), nn.Sigmoid()
        )

    def forward(self, img):
        return self.model(img).view(-1)


class Trainer:
    def __init__(self, disc, lr=2e-4):
        self.disc = disc
        self.criterion = nn.BCELoss()
        self.opt = torch.optim.Adam(disc.parameters(), lr=lr)

    def step(self, batch):
        real = batch["image"]
        label = torch.ones(real.size(0))
        self.opt.zero_grad()
        output = self.disc(real)
        err = self.criterion(output, label)
        err.backward()
        self.opt.step()
        return err.item()


trainer = Trainer(Discriminator())
for batch in [{"image": torch.rand(8, 1, 28, 28)}]:
    trainer.step(batch)
