# layer:
# from: decoder.3
# tried: model.decoder[1] = nn.ConvTranspose2d(16, 8, 3, stride=2, padding=1, output_padding=1) ;; model.decoder[3] = nn.ConvTranspose2d(8, 1, 3, stride=2, padding=1, output_padding=1)
# operation: mse_loss
import torch
from torch import nn
from torch.nn import functional as F


class ConvVAE(nn.Module):
    def __init__(self, latent=16):
        super().__init__()
        self.encoder = nn.Sequential(
            nn.Conv2d(1, 8, 3, 2, 1), nn.ReLU(), nn.Conv2d(8, 16, 3, 2, 1), nn.ReLU(), nn.Flatten()
        )
        self.mu = nn.Linear(16 * 7 * 7, latent)
        self.logvar = nn.Linear(16 * 7 * 7, latent)
        self.fc = nn.Linear(latent, 16 * 7 * 7)
        self.decoder = nn.Sequential(
            nn.Unflatten(1, (16, 7, 7)),
            nn.ConvTranspose2d(16, 8, 3, 2, 1),
            nn.ReLU(),
            nn.ConvTranspose2d(8, 1, 3, 2, 1),
            nn.Sigmoid(),
        )

    def forward(self, x):
        h = self.encoder(x)
        mu, logvar = self.mu(h), self.logvar(h)
        z = mu + torch.randn_like(mu) * (0.5 * logvar).exp()
        return self.decoder(self.fc(z)), mu, logvar


def train(model, loader, epochs):
    opt = torch.optim.Adam(model.parameters())
    for _epoch in range(epochs):
        for x in loader:
            recon, mu, logvar = model(x)
            rec_loss = F.mse_loss(recon, x, reduction="sum")
            kld = -0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp())
            opt.zero_grad()
            (rec_loss + kld).backward()
            opt.step()


if __name__ == "__main__":
    train(ConvVAE(), [torch.rand(4, 1, 28, 28)], 1)
