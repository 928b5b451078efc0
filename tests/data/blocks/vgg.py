# SPDX-License-Identifier: Apache-2.0
"""Sums of convolutions and norms: RepVGG and its relatives, MobileOne, detectors' blocks (families.md 4.1 to 4.6, 4.10)."""
import torch
import torch.nn.functional as F
from torch import nn

from blocks.common import BN, ConvBN, SE, named


class RepVGG(nn.Module):
    """families.md 4.1, 4.3, 4.4."""

    def __init__(self, c=8, oc=8, stride=1, groups=1, names=("rbr_dense", "rbr_1x1", "rbr_identity"), conv="conv", norm="bn", eps=1e-5,
                 act=F.relu, se=False, alpha=None, identity=True):
        super().__init__()
        self.names, self.act = names, act
        self.add_module(names[0], ConvBN(c, oc, 3, stride, groups, conv=conv, norm=norm, eps=eps))
        self.add_module(names[1], ConvBN(c, oc, 1, stride, groups, conv=conv, norm=norm, eps=eps))
        if identity and names[2] and c == oc and stride == 1:
            self.add_module(names[2], BN(c, eps))
        if se:
            self.se = SE(oc, 4, "down", "up")
        if alpha is not None:
            self.alpha = nn.Parameter(torch.tensor([float(alpha)]))

    def forward(self, x):
        y = getattr(self, self.names[1])(x)
        if hasattr(self, "alpha") and self.alpha:  # as PaddleDetection tests it
            y = self.alpha * y
        y = y + getattr(self, self.names[0])(x)
        if self.names[2] and hasattr(self, self.names[2]):
            y = y + getattr(self, self.names[2])(x)
        if hasattr(self, "se"):
            y = self.se(y)
        return self.act(y)


class QARepVGG(nn.Module):
    """families.md 4.5: V1, V2 and V2 with an average pool."""

    def __init__(self, c=8, oc=8, stride=1, groups=1, version=2, average=False, eps=1e-5):
        super().__init__()
        self.rbr_dense = ConvBN(c, oc, 3, stride, groups, eps=eps)
        same = c == oc and stride == 1
        self.identity, self.average = same and version == 2, average and same
        if version == 1:
            self.rbr_1x1 = ConvBN(c, oc, 1, stride, groups, eps=eps)
            self.rbr_identity = BN(c, eps) if same else None
        else:
            self.rbr_1x1 = nn.Conv2d(c, oc, 1, stride, 0, groups=groups, bias=False)
            self.rbr_identity = None
        self.bn = BN(oc, eps)

    def forward(self, x):
        y = self.rbr_dense(x) + self.rbr_1x1(x)
        if self.rbr_identity is not None:
            y = y + self.rbr_identity(x)
        if self.identity:
            y = y + x
        if self.average:
            y = y + F.avg_pool2d(x, 3, 1, 1)
        return F.relu(self.bn(y))


class SuperGradients(nn.Module):
    def __init__(self, c=8, oc=8, stride=1, alpha=0.3):
        super().__init__()
        self.branch_3x3 = ConvBN(c, oc, 3, stride)
        self.branch_1x1 = nn.Conv2d(c, oc, 1, stride)
        self.alpha = nn.Parameter(torch.tensor([alpha]))
        self.post_bn = BN(oc)
        self.rbr_reparam = nn.Conv2d(c, oc, 3, stride, 1)  # a placeholder with random values
        self.residual = c == oc and stride == 1

    def forward(self, x):
        y = self.branch_3x3(x) + self.alpha * self.branch_1x1(x)
        return F.relu(self.post_bn(y + x if self.residual else y))


class LinearAdd(nn.Module):
    """families.md 4.6."""

    def __init__(self, c=8, oc=8, stride=1):
        super().__init__()
        self.conv = nn.Conv2d(c, oc, 3, stride, 1, bias=False)
        self.scale_conv = named(weight=nn.Parameter(torch.randn(oc)))
        self.conv_1x1 = nn.Conv2d(c, oc, 1, stride, bias=False)
        self.scale_1x1 = named(weight=nn.Parameter(torch.randn(oc)))
        if c == oc and stride == 1:
            self.scale_identity = named(weight=nn.Parameter(torch.randn(oc)))
        self.bn = BN(oc)

    def forward(self, x):
        col = lambda scale: scale.weight.view(1, -1, 1, 1)
        y = self.conv(x) * col(self.scale_conv) + self.conv_1x1(x) * col(self.scale_1x1)
        if hasattr(self, "scale_identity"):
            y = y + x * col(self.scale_identity)
        return F.relu(self.bn(y))


class MobileOne(nn.Module):
    """families.md 4.10."""

    def __init__(self, c=8, oc=8, k=3, stride=1, groups=1, n=2, se=False, names=("rbr_conv", "rbr_scale", "rbr_skip"), norm="bn",
                 se_names=("se", "reduce", "expand")):
        super().__init__()
        self.names, self.se_name = names, se_names[0]
        self.add_module(names[0], nn.ModuleList([ConvBN(c, oc, k, stride, groups, norm=norm) for _ in range(n)]))
        if k > 1:
            self.add_module(names[1], ConvBN(c, oc, 1, stride, groups, norm=norm))
        if c == oc and stride == 1:
            self.add_module(names[2], BN(c))
        if se:
            self.add_module(self.se_name, SE(oc, 3, se_names[1], se_names[2]))

    def forward(self, x):
        y = sum(branch(x) for branch in getattr(self, self.names[0]))
        for name in self.names[1:]:
            if hasattr(self, name):
                y = y + getattr(self, name)(x)
        if hasattr(self, self.se_name):
            y = getattr(self, self.se_name)(y)
        return F.relu(y)


class Pair(nn.Module):
    """PaddleDetection's depthwise and pointwise MobileOne blocks under one prefix; `part` says which one runs."""

    def __init__(self, part, c=6, oc=8):
        super().__init__()
        self.part = part
        self.depth_conv = nn.ModuleList([ConvBN(c, c, 3, 1, c, norm="norm") for _ in range(2)])
        self.rbr_1x1, self.rbr_identity_st1 = ConvBN(c, c, 1, 1, c, norm="norm"), BN(c)
        self.point_conv = nn.ModuleList([ConvBN(c, oc, 1, norm="norm") for _ in range(2)])

    def forward(self, x):
        if self.part == "depth_conv":
            return F.relu(sum(b(x) for b in self.depth_conv) + self.rbr_1x1(x) + self.rbr_identity_st1(x))
        return F.relu(sum(b(x) for b in self.point_conv))


class Conv2(nn.Module):
    def __init__(self, c=6, oc=8, stride=1):
        super().__init__()
        self.conv, self.cv2 = nn.Conv2d(c, oc, 3, stride, 1, bias=False), nn.Conv2d(c, oc, 1, stride, bias=False)
        self.bn = BN(oc, eps=1e-3)

    def forward(self, x):
        return F.silu(self.bn(self.conv(x) + self.cv2(x)))


class Implicit(nn.Module):
    """Scale 1 of YOLOv7's IDetect."""

    def __init__(self, c=6, oc=9):
        super().__init__()
        self.m = nn.ModuleList([nn.Conv2d(3, oc, 1), nn.Conv2d(c, oc, 1)])
        self.ia = nn.ModuleList([named(implicit=nn.Parameter(torch.randn(1, n, 1, 1))) for n in (3, c)])
        self.im = nn.ModuleList([named(implicit=nn.Parameter(torch.randn(1, oc, 1, 1))) for _ in range(2)])

    def forward(self, x):
        return self.im[1].implicit * self.m[1](x + self.ia[1].implicit)
