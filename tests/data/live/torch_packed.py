# layer: fc
# from: rnn
# tried: model.fc = nn.Linear(14, 2)
import torch
from torch import nn

from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(30, 10)
        self.rnn = nn.LSTM(10, 7, batch_first=True, bidirectional=True)
        self.fc = nn.Linear(7, 2)

    def forward(self, x, lengths):
        p = pack_padded_sequence(self.emb(x), lengths, batch_first=True, enforce_sorted=False)
        out, (h, c) = self.rnn(p)
        out, _ = pad_packed_sequence(out, batch_first=True)
        return self.fc(out.mean(1))


Net()(torch.zeros(3, 6, dtype=torch.long), torch.tensor([6, 3, 2]))
