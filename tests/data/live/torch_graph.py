# layer: two
# from: one
# tried: model.two.weight = nn.Parameter(torch.randn(16, 3))
# operation: matmul
import torch
from torch import nn


class GraphConv(nn.Module):
    def __init__(self, cin, cout):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(cin, cout))

    def forward(self, x, adjacency):
        return adjacency @ (x @ self.weight)


class GCN(nn.Module):
    def __init__(self):
        super().__init__()
        self.one = GraphConv(11, 16)
        self.two = GraphConv(12, 3)

    def forward(self, x, adjacency):
        return self.two(torch.relu(self.one(x, adjacency)), adjacency)


GCN()(torch.randn(20, 11), torch.eye(20))
