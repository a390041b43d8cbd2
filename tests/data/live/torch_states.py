# layer: decoder.rnn
# from: encoder.rnn
# tried: model.decoder.rnn = nn.LSTM(16, 64) ;; model.decoder.fc_out = nn.Linear(64, 60)
# expected: self.rnn = nn.LSTM(emb_dim, hid_dim)
import random
import torch
import torch.nn as nn


class Encoder(nn.Module):
    def __init__(self, input_dim, emb_dim, hid_dim):
        super().__init__()
        self.embedding = nn.Embedding(input_dim, emb_dim)
        self.rnn = nn.LSTM(emb_dim, hid_dim, num_layers=1, bidirectional=True)

    def forward(self, src):
        outputs, (hidden, cell) = self.rnn(self.embedding(src))
        hidden = torch.cat([hidden[0], hidden[1]], dim=1).unsqueeze(0)
        cell = torch.cat([cell[0], cell[1]], dim=1).unsqueeze(0)
        return hidden, cell


class Decoder(nn.Module):
    def __init__(self, output_dim, emb_dim, hid_dim):
        super().__init__()
        self.output_dim = output_dim
        self.embedding = nn.Embedding(output_dim, emb_dim)
        self.rnn = nn.LSTM(emb_dim, hid_dim)
        self.fc_out = nn.Linear(hid_dim, output_dim)

    def forward(self, input, hidden, cell):
        embedded = self.embedding(input.unsqueeze(0))
        output, (hidden, cell) = self.rnn(embedded, (hidden, cell))
        return self.fc_out(output.squeeze(0)), hidden, cell


class Seq2Seq(nn.Module):
    def __init__(self, encoder, decoder, device):
        super().__init__()
        self.encoder = encoder
        self.decoder = decoder
        self.device = device

    def forward(self, src, trg, teacher_forcing_ratio=0.5):
        trg_len, batch_size = trg.shape
        outputs = torch.zeros(trg_len, batch_size, self.decoder.output_dim).to(self.device)
        hidden, cell = self.encoder(src)
        input = trg[0, :]
        for t in range(1, trg_len):
            output, hidden, cell = self.decoder(input, hidden, cell)
            outputs[t] = output
            teacher_force = random.random() < teacher_forcing_ratio
            input = trg[t] if teacher_force else output.argmax(1)
        return outputs


model = Seq2Seq(Encoder(50, 16, 32), Decoder(60, 16, 32), "cpu")
out = model(torch.randint(50, (9, 4)), torch.randint(60, (7, 4)))
