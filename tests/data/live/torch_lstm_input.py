# layer: encoder.rnn
# from:
# tried: mel = mel.permute(2, 0, 1)
import torch
from torch import nn


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.GRU(input_size=40, hidden_size=32)

    def forward(self, frames):
        out, last = self.rnn(frames)
        return last[0]


class Speech(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = Encoder()
        self.out = nn.Linear(32, 4)

    def forward(self, mel):
        return self.out(self.encoder(mel))


speech = Speech()
mel = torch.zeros(2, 40, 93)  # (N, mel, T)
speech(mel)
