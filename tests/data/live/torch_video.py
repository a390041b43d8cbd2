# layer: conv
# from:
# tried: clip = clip.transpose(1, 2)
import torch
from torch import nn


class Video(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv3d(3, 8, (3, 5, 5), padding=(1, 2, 2))
        self.pool = nn.AdaptiveAvgPool3d((4, 1, 1))
        self.fc = nn.Linear(32, 6)

    def forward(self, clip):
        return self.fc(self.pool(self.conv(clip)).flatten(1))


video = Video()
clip = torch.zeros(2, 16, 3, 24, 26)
video(clip)
