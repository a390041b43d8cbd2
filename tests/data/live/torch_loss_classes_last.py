# layer:
# from: classifier
# tried: tag_scores = tag_scores.transpose(1, 2)  # before line {}
import torch
import torch.nn as nn


class Tagger(nn.Module):
    def __init__(self, vocab, tags, emb=32, hid=24):
        super().__init__()
        self.emb = nn.Embedding(vocab, emb)
        self.lstm = nn.LSTM(emb, hid, batch_first=True, bidirectional=True)
        self.classifier = nn.Linear(2 * hid, tags)

    def forward(self, tokens):
        h, _ = self.lstm(self.emb(tokens))
        return self.classifier(h)


model = Tagger(200, 9)
loss_function = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for _epoch in range(2):
    sentence, targets = torch.randint(200, (4, 15)), torch.randint(9, (4, 15))
    model.zero_grad()
    tag_scores = model(sentence)
    loss = loss_function(tag_scores, targets)
    loss.backward()
    optimizer.step()
