# layer: backbone.layer2.0
# from: backbone.layer2.0.conv2, backbone.layer2.0.downsample.0
# tried: model.backbone.layer2[0].downsample[0] = nn.Conv2d(16, 32, 1, stride=2, bias=False) ;; model.backbone.layer2[0].downsample[1] = nn.BatchNorm2d(32) ;; model.backbone.layer3[0].downsample[0] = nn.Conv2d(32, 64, 1, stride=2, bias=False) ;; model.backbone.layer3[0].downsample[1] = nn.BatchNorm2d(64)
# operation: add
import torch
from torch import nn


def conv3x3(i, o, stride=1):
    return nn.Conv2d(i, o, 3, stride, 1, bias=False)


class BasicBlock(nn.Module):
    expansion = 1

    def __init__(self, inplanes, planes, stride=1, downsample=None):
        super().__init__()
        self.conv1 = conv3x3(inplanes, planes, stride)
        self.bn1 = nn.BatchNorm2d(planes)
        self.conv2 = conv3x3(planes, planes)
        self.bn2 = nn.BatchNorm2d(planes)
        self.downsample = downsample

    def forward(self, x):
        identity = x
        out = torch.relu(self.bn1(self.conv1(x)))
        out = self.bn2(self.conv2(out))
        if self.downsample is not None:
            identity = self.downsample(x)
        out += identity
        return torch.relu(out)


class ResNet(nn.Module):
    def __init__(self, block, layers, num_classes=1000):
        super().__init__()
        self.inplanes = 16
        self.conv1 = nn.Conv2d(3, 16, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(16)
        self.maxpool = nn.MaxPool2d(3, 2, 1)
        for i, n in enumerate(layers):
            setattr(self, f"layer{i + 1}", self._make_layer(block, 16 * 2**i, n, 1 if i == 0 else 2))
        self.fc = nn.Linear(16 * 2 ** (len(layers) - 1), num_classes)

    def _make_layer(self, block, planes, blocks, stride):
        downsample = None
        if stride != 1 or self.inplanes != planes:
            downsample = nn.Sequential(
                nn.Conv2d(self.inplanes, planes * 2, 1, stride, bias=False), nn.BatchNorm2d(planes * 2)
            )
        layers = [block(self.inplanes, planes, stride, downsample)]
        self.inplanes = planes
        layers.extend(block(planes, planes) for _ in range(1, blocks))
        return nn.Sequential(*layers)

    def forward(self, x):
        x = self.maxpool(torch.relu(self.bn1(self.conv1(x))))
        for i in range(3):
            x = getattr(self, f"layer{i + 1}")(x)
        return self.fc(x.mean((2, 3)))


class LitModel(nn.Module):
    def __init__(self, hparams):
        super().__init__()
        self.save = hparams
        self.backbone = ResNet(BasicBlock, hparams["layers"])
        self.backbone.fc = nn.Linear(64, hparams["classes"])

    def forward(self, x):
        return self.backbone(x)

    def training_step(self, batch, batch_idx):
        x, y = batch
        loss = nn.functional.cross_entropy(self(x), y)
        return {"loss": loss}

    def configure_optimizers(self):
        return torch.optim.AdamW(self.parameters(), 1e-3)


class Trainer:
    def __init__(self, max_epochs):
        self.max_epochs = max_epochs

    def fit(self, model, loader):
        opt = model.configure_optimizers()
        for _epoch in range(self.max_epochs):
            for i, batch in enumerate(loader):
                opt.zero_grad()
                out = model.training_step(batch, i)
                out["loss"].backward()
                opt.step()


data = [(torch.rand(4, 3, 64, 64), torch.randint(5, (4,)))]
Trainer(1).fit(LitModel({"layers": [1, 1, 1], "classes": 5}), data)
