# layer: rnn
# from: cnn.3, cnn.5
# tried: crnn.rnn = nn.LSTM(256, 20, bidirectional=True)
import torch
from torch import nn


class CRNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.cnn = nn.Sequential(
            nn.Conv2d(1, 16, 3, padding=1),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(16, 32, 3, padding=1),
            nn.ReLU(),
            nn.MaxPool2d((2, 1)),
        )
        self.rnn = nn.LSTM(32 * 4, 20, bidirectional=True)
        self.fc = nn.Linear(40, 11)

    def forward(self, x):
        x = self.cnn(x)
        b, c, h, w = x.shape
        x = x.permute(3, 0, 1, 2).reshape(w, b, c * h)
        x, _ = self.rnn(x)
        return self.fc(x)


crnn = CRNN()
crnn(torch.zeros(4, 1, 32, 100))
