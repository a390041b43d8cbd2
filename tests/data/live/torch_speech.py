# layer: rnn
# from: front
# tried: acoustic.rnn = nn.LSTM(48, 32, batch_first=True, bidirectional=True)
import torch
from torch import nn


class Acoustic(nn.Module):
    def __init__(self):
        super().__init__()
        self.front = nn.Conv1d(80, 48, 3, padding=1)
        self.rnn = nn.LSTM(80, 32, batch_first=True, bidirectional=True)
        self.out = nn.Linear(64, 29)

    def forward(self, mel, lengths=None):
        x = torch.relu(self.front(mel))
        x = x.transpose(1, 2)
        x, _ = self.rnn(x)
        return self.out(x).log_softmax(-1)


acoustic = Acoustic()
batch = {"mel": torch.zeros(3, 80, 120), "lengths": torch.tensor([120, 90, 60])}
acoustic(**batch)
