# layer: discriminator.main.0
# from: generator.main.0
# tried: image = image.flatten(1)  # before `discriminator.main.0` is called
import torch
from torch import nn


class Discriminator(nn.Module):
    def __init__(self):
        super().__init__()
        self.main = nn.Sequential(nn.Linear(784, 60), nn.LeakyReLU(0.2), nn.Linear(60, 1))

    def forward(self, image):
        return self.main(image)


class Generator(nn.Module):
    def __init__(self):
        super().__init__()
        self.main = nn.Sequential(nn.Linear(16, 784), nn.Tanh())

    def forward(self, z):
        return self.main(z).view(-1, 1, 28, 28)


class GAN(nn.Module):
    def __init__(self):
        super().__init__()
        self.generator = Generator()
        self.discriminator = Discriminator()

    def forward(self, z):
        return self.discriminator(self.generator(z))


gan = GAN()
gan(torch.randn(3, 16))
