# SPDX-License-Identifier: Apache-2.0
"""RepVGG in train form with the official key names, and its exact fusion."""
from collections import OrderedDict

import torch
from torch import nn
import torch.nn.functional as F

BRANCHES = ("3x3", "1x1", "identity")


def conv_bn(in_channels, out_channels, kernel, stride):
    conv = nn.Conv2d(in_channels, out_channels, kernel, stride, kernel // 2, bias=False)
    return nn.Sequential(OrderedDict(conv=conv, bn=nn.BatchNorm2d(out_channels)))


class RepVGGBlock(nn.Module):
    """ReLU(BN(conv3x3) + BN(conv1x1) [+ BN(x) when the shapes agree])."""

    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        same = in_channels == out_channels and stride == 1
        self.rbr_identity = nn.BatchNorm2d(in_channels) if same else None
        self.rbr_dense = conv_bn(in_channels, out_channels, 3, stride)
        self.rbr_1x1 = conv_bn(in_channels, out_channels, 1, stride)
        self.removed = ()  # names of branches left out, for ablations only

    def branches(self):
        found = {"3x3": self.rbr_dense, "1x1": self.rbr_1x1, "identity": self.rbr_identity}
        return {name: branch for name, branch in found.items() if branch is not None}

    def forward(self, x):
        parts = [f(x) for name, f in self.branches().items() if name not in self.removed]
        return F.relu(sum(parts)) if parts else torch.zeros_like(self.rbr_dense(x))


class RepVGG(nn.Module):
    def __init__(self, classes, depths=(2, 3, 4, 1), widths=(16, 16, 32, 64, 128)):
        super().__init__()
        self.stage0 = RepVGGBlock(3, widths[0], 2)
        for s, depth in enumerate(depths, 1):
            blocks = [RepVGGBlock(widths[s - 1], widths[s], 2)]
            blocks += [RepVGGBlock(widths[s], widths[s]) for _ in range(depth - 1)]
            setattr(self, f"stage{s}", nn.Sequential(*blocks))
        self.gap = nn.AdaptiveAvgPool2d(1)
        self.linear = nn.Linear(widths[-1], classes)

    def forward(self, x):
        for stage in (self.stage0, self.stage1, self.stage2, self.stage3, self.stage4):
            x = stage(x)
        return self.linear(self.gap(x).flatten(1))

    def blocks(self):
        """(name, block) in the order of computation."""
        return [(n, m) for n, m in self.named_modules() if isinstance(m, RepVGGBlock)]


def folded(branch):
    """A branch as a 3x3 kernel and a bias in float64."""
    if isinstance(branch, nn.BatchNorm2d):
        bn, size = branch, branch.num_features
        kernel = F.pad(torch.eye(size, dtype=torch.float64)[:, :, None, None], [1] * 4)
    else:
        bn, kernel = branch.bn, branch.conv.weight.detach().double()
        kernel = F.pad(kernel, [1] * 4) if kernel.shape[-1] == 1 else kernel
    scale = bn.weight.detach().double() / (bn.running_var.double() + bn.eps).sqrt()
    bias = bn.bias.detach().double() - bn.running_mean.double() * scale
    return kernel * scale[:, None, None, None], bias


def branch_shares(model):
    """[(block, {branch: share of the folded kernels' energy})]"""
    table = []
    for name, block in model.blocks():
        energy = {k: float(folded(b)[0].square().sum()) for k, b in block.branches().items()}
        total = sum(energy.values())
        table.append((name, {k: e / total for k, e in energy.items()}))
    return table


@torch.no_grad()
def fused_forward(model, x):
    """The deployed network: one 3x3 convolution and a ReLU per block, float64."""
    x = x.double()
    for _, block in model.blocks():
        pairs = [folded(branch) for branch in block.branches().values()]
        kernel, bias = sum(k for k, _ in pairs), sum(b for _, b in pairs)
        x = F.relu(F.conv2d(x, kernel, bias, block.rbr_dense.conv.stride, 1))
    linear = model.linear
    return F.linear(x.mean((2, 3)), linear.weight.double(), linear.bias.double())
