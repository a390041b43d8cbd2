# layer: gru
# from:
# tried: model.gru = nn.GRU(32, 32, num_layers=2, batch_first=True)
import torch
from torch import nn


class CharRNN(nn.Module):
    def __init__(self, vocab, hidden, layers):
        super().__init__()
        self.hidden, self.layers = hidden, layers
        self.embed = nn.Embedding(vocab, hidden)
        self.gru = nn.GRU(hidden, hidden, layers)
        self.out = nn.Linear(hidden, vocab)

    def init_hidden(self, batch):
        return torch.zeros(self.layers, batch, self.hidden)

    def forward(self, x, h):
        e = self.embed(x)
        o, h = self.gru(e, h)
        return self.out(o), h


model = CharRNN(50, 32, 2)
criterion = nn.CrossEntropyLoss()
hidden = model.init_hidden(16)
x = torch.randint(50, (16, 25))
logits, hidden = model(x, hidden)
