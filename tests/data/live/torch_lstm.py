# layer: head
# from: lstm
# tried: tagger.head = nn.Linear(40, 5)
import torch
from torch import nn


class Tagger(nn.Module):
    def __init__(self, words=50, width=12, hidden=20, tags=5):
        super().__init__()
        self.embed = nn.Embedding(words, width)
        self.lstm = nn.LSTM(width, hidden, num_layers=2, batch_first=True, bidirectional=True)
        self.head = nn.Linear(hidden, tags)

    def forward(self, tokens):
        states, _ = self.lstm(self.embed(tokens))
        return self.head(states)


tagger = Tagger()
tagger(torch.randint(0, 50, (3, 9)))
