from torch import nn


def conv_bn(cin, cout, stride):
    return nn.Sequential(nn.Conv2d(cin, cout, 3, stride, 1, bias=False), nn.BatchNorm2d(cout), nn.ReLU())


def make_stage(cin, cout, n):
    layers = [conv_bn(cin, cout, 2)]
    for _ in range(n):
        layers.append(conv_bn(cout, cout, 1))
    return nn.Sequential(*layers)
