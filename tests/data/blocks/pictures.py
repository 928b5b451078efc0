# SPDX-License-Identifier: Apache-2.0
"""Blocks of networks that make pictures (families.md 4.17 to 4.19)."""
import torch
import torch.nn.functional as F
from torch import nn

from blocks.common import BN, bordered, named
from blocks.diverse import BNAndPad


class ECB(nn.Module):
    """families.md 4.17."""

    def __init__(self, c=6, oc=8, identity=False, act=True):
        super().__init__()
        self.identity = identity
        self.conv3x3 = nn.Conv2d(c, oc, 3, 1, 1)
        p = lambda *shape: nn.Parameter(torch.randn(*shape) * 0.3)
        self.conv1x1_3x3 = named(k0=p(2 * oc, c, 1, 1), b0=p(2 * oc), k1=p(oc, 2 * oc, 3, 3), b1=p(oc))
        masks = {"sbx": [[1, 0, -1], [2, 0, -2], [1, 0, -1]], "sby": [[1, 2, 1], [0, 0, 0], [-1, -2, -1]], "lpl": [[0, 1, 0], [1, -4, 1], [0, 1, 0]]}
        self.edges = list(masks)
        for name, mask in masks.items():
            stored = nn.Parameter(torch.tensor(mask, dtype=torch.float32).expand(oc, 1, 3, 3).clone(), requires_grad=False)
            setattr(self, f"conv1x1_{name}", named(k0=p(oc, c, 1, 1), b0=p(oc), scale=p(oc, 1, 1, 1), bias=p(oc), mask=stored))
        if act:
            self.act = nn.PReLU(oc)

    def forward(self, x):
        s = self.conv1x1_3x3
        y = self.conv3x3(x) + F.conv2d(bordered(F.conv2d(x, s.k0, s.b0), s.b0), s.k1, s.b1)
        for name in self.edges:
            e = getattr(self, f"conv1x1_{name}")
            y = y + F.conv2d(bordered(F.conv2d(x, e.k0, e.b0), e.b0), e.scale * e.mask, e.bias, groups=e.mask.size(0))
        y = y + x if self.identity else y
        return self.act(y) if hasattr(self, "act") else y


class Conv3XC(nn.Module):
    """families.md 4.18."""

    def __init__(self, c=6, oc=8, stride=1):
        super().__init__()
        self.conv = nn.Sequential(nn.Conv2d(c, 2 * c, 1), nn.Conv2d(2 * c, 2 * oc, 3, stride), nn.Conv2d(2 * oc, oc, 1))
        self.sk = nn.Conv2d(c, oc, 1, stride)
        self.eval_conv = nn.Conv2d(c, oc, 3, stride, 1)  # stale

    def forward(self, x):
        return self.conv(F.pad(x, [1, 1, 1, 1])) + self.sk(x)


class RRRB(nn.Module):
    """families.md 4.19, and RT4KSR."""

    def __init__(self, c=6):
        super().__init__()
        self.expand_conv, self.fea_conv, self.reduce_conv = nn.Conv2d(c, 2 * c, 1), nn.Conv2d(2 * c, 2 * c, 3), nn.Conv2d(2 * c, c, 1)

    def forward(self, x):
        t = self.expand_conv(x)
        return self.reduce_conv(self.fea_conv(bordered(t, self.expand_conv.bias)) + t) + x


class RVSR(nn.Module):
    def __init__(self, c=6):
        super().__init__()
        for n in ("", "1"):
            setattr(self, f"expand{n}_conv", nn.Conv2d(c, 2 * c, 1))
            setattr(self, f"fea{n}_conv", nn.Conv2d(2 * c, 2 * c, 3))
            setattr(self, f"reduce{n}_conv", nn.Conv2d(2 * c, c, 1))
        self.res_conv3x3, self.res_conv1x1 = nn.Conv2d(c, c, 3, 1, 1), nn.Conv2d(c, c, 1)

    def forward(self, x):
        y = x + self.res_conv3x3(x) + self.res_conv1x1(x)
        for n in ("", "1"):
            expand = getattr(self, f"expand{n}_conv")
            y = y + getattr(self, f"reduce{n}_conv")(getattr(self, f"fea{n}_conv")(bordered(expand(x), expand.bias)))
        return y


class HFAB(nn.Module):
    """One of its two halves; `part` says which."""

    def __init__(self, part, c=6, inner=4):
        super().__init__()
        self.part = part
        self.bn1, self.bn2, self.bn3 = BNAndPad(c, 1), BNAndPad(inner, 1), BN(c)
        self.squeeze, self.excitate = nn.Conv2d(c, inner, 3), nn.Conv2d(inner, c, 3)

    def forward(self, x):
        if self.part == "squeeze":
            return self.squeeze(self.bn1(x))
        return torch.sigmoid(self.bn3(self.excitate(self.bn2(x))))


class MBRConv(nn.Module):
    """The raw results, then the normalised ones, then a 1x1 (README of the shared checkpoints)."""

    def __init__(self, rows, c=3, oc=4, width=8, norm="{}_bn.0"):
        super().__init__()
        self.rows, self.norm = list(rows), norm
        for name, k in rows.items():
            setattr(self, name, nn.Conv2d(c, width, k, padding=tuple(s // 2 for s in k)))
            if norm == "bn":
                self.bn = BN(width)
            else:
                setattr(self, f"{name}_bn", nn.Sequential(BN(width)))
        self.conv_out = nn.Conv2d(2 * width * len(rows), oc, 1)

    def forward(self, x):
        raw = [getattr(self, name)(x) for name in self.rows]
        normed = [self.bn(y) if self.norm == "bn" else getattr(self, f"{name}_bn")(y) for name, y in zip(self.rows, raw)]
        return self.conv_out(torch.cat(raw + normed, 1))
