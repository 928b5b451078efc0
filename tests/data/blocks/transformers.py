# SPDX-License-Identifier: Apache-2.0
"""FastViT, RepViT, LeViT, RepGhost, RepLKNet, UniRepLKNet (families.md 4.11 to 4.15)."""
import torch
import torch.nn.functional as F
from torch import nn

from blocks.common import BN, ConvBN, SE, named


class RepMixer(nn.Module):
    """families.md 4.11; k is (3, 3), or (1, 11) in MobileCLIP's text tower."""

    def __init__(self, c=6, k=(3, 3), names=("rbr_conv", "rbr_scale", "rbr_skip"), scale="layer_scale"):
        super().__init__()
        self.skip = names[2]
        self.norm = named(**{names[2]: BN(c)})
        self.mixer = named(**{names[0]: nn.ModuleList([ConvBN(c, c, k, 1, c, pad=(k[0] // 2, k[1] // 2))]),
                              names[1]: ConvBN(c, c, 1, 1, c), names[2]: BN(c)})
        self.names, self.scale = names, scale
        gamma = nn.Parameter(torch.randn(c, 1, 1))
        if scale == "layer_scale":
            self.layer_scale = gamma
        elif scale:
            self.layer_scale = named(gamma=gamma)

    def forward(self, x):
        conv, one, skip = (getattr(self.mixer, n) for n in self.names)
        y = conv[0](x) + one(x) + skip(x) - getattr(self.norm, self.skip)(x)
        if self.scale:
            y = (self.layer_scale if self.scale == "layer_scale" else self.layer_scale.gamma) * y
        return x + y


class PositionEncoding(nn.Module):
    def __init__(self, name, c=6):
        super().__init__()
        self.name = name
        setattr(self, name, nn.Conv2d(c, c, 7, 1, 3, groups=c))

    def forward(self, x):
        return x + getattr(self, self.name)(x)


class LargeKernel(nn.Module):
    """FastViT's downsampling (stride 2, twice as wide) and RepLKNet's depthwise pair; MobileCLIP adds SE and GELU."""

    def __init__(self, c=4, wider=2, stride=2, large="lkb_origin", small=3, k=7, act=None, se=False):
        super().__init__()
        self.large, self.act = large, act
        self.add_module(large, ConvBN(c, c * wider, k, stride, c))
        if small:
            self.small_conv = ConvBN(c, c * wider, small, stride, c)
        if se:
            self.se = SE(c * wider, 4, "reduce", "expand")

    def forward(self, x):
        y = getattr(self, self.large)(x)
        if hasattr(self, "small_conv"):
            y = y + self.small_conv(x)
        if hasattr(self, "se"):
            y = self.se(y)
        return self.act(y) if self.act else y


class RepVGGDW(nn.Module):
    """families.md 4.12; `legacy` is timm's, `yolo` YOLOv10's with a 7x7."""

    def __init__(self, c=6, kind="repvit"):
        super().__init__()
        self.kind = kind
        if kind == "yolo":
            self.conv, self.conv1 = ConvBN(c, c, 7, 1, c, eps=1e-3), ConvBN(c, c, 3, 1, c, eps=1e-3)
            return
        self.conv = ConvBN(c, c, 3, 1, c, conv="c")
        self.conv1 = ConvBN(c, c, 1, 1, c, conv="c") if kind == "legacy" else nn.Conv2d(c, c, 1, groups=c)
        if kind == "repvit":
            self.bn = BN(c)

    def forward(self, x):
        y = self.conv(x) + self.conv1(x)
        if self.kind == "yolo":
            return F.silu(y)
        return self.bn(y + x) if self.kind == "repvit" else y + x


class DepthwiseResidual(nn.Module):
    def __init__(self, c=6):
        super().__init__()
        self.m = ConvBN(c, c, 3, 1, c, conv="c")

    def forward(self, x):
        return x + self.m(x)


class Linear(nn.Linear):
    """A linear layer over the channels of a map."""

    def forward(self, x):
        return super().forward(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)


class LinearBN(nn.Module):
    def __init__(self, c=6, oc=5):
        super().__init__()
        self.c, self.bn = Linear(c, oc, bias=False), BN(oc)

    def forward(self, x):
        return self.bn(self.c(x))


class BNLinear(nn.Module):
    def __init__(self, c=6, oc=5):
        super().__init__()
        self.bn, self.l = BN(c), Linear(c, oc)

    def forward(self, x):
        return self.l(self.bn(x))


class Heads(nn.Module):
    def __init__(self, names, c=6, oc=5):
        super().__init__()
        self.names = names
        for name in names:
            self.add_module(name, BNLinear(c, oc))

    def forward(self, x):
        return sum(getattr(self, name)(x) for name in self.names) / len(self.names)


class RepGhost(nn.Module):
    """families.md 4.13, behind the primary convolution."""

    def __init__(self, c=6, act=True, norm=True):
        super().__init__()
        self.act = act
        self.cheap_operation = nn.Sequential(nn.Conv2d(c, c, 3, 1, 1, groups=c, bias=False), BN(c))
        if norm:
            self.fusion_bn = nn.ModuleList([BN(c)])

    def forward(self, x):
        y = self.cheap_operation(x) + (self.fusion_bn[0](x) if hasattr(self, "fusion_bn") else x)
        return torch.relu(y) if self.act else y


class Dilated(nn.Module):
    """UniRepLKNet's depthwise layer with the norm behind it, families.md 4.15."""

    def __init__(self, c=4, k=13, branches=((5, 1), (7, 2), (3, 3), (3, 4), (3, 5))):
        super().__init__()
        self.branches = branches
        parts = {"lk_origin": nn.Conv2d(c, c, k, 1, k // 2, groups=c, bias=False), "origin_bn": BN(c)}
        for k_, r in branches:
            parts[f"dil_conv_k{k_}_{r}"] = nn.Conv2d(c, c, k_, 1, (r * (k_ - 1) + 1) // 2, r, groups=c, bias=False)
            parts[f"dil_bn_k{k_}_{r}"] = BN(c)
        self.dwconv, self.norm = named(**parts), BN(c)

    def forward(self, x):
        d = self.dwconv
        y = d.origin_bn(d.lk_origin(x))
        for k, r in self.branches:
            y = y + getattr(d, f"dil_bn_k{k}_{r}")(getattr(d, f"dil_conv_k{k}_{r}")(x))
        return self.norm(y)


class SmallDepthwise(nn.Module):
    def __init__(self, c=4):
        super().__init__()
        self.dwconv, self.norm = nn.Conv2d(c, c, 3, 1, 1, groups=c, bias=False), BN(c)
        self.pwconv1 = nn.Sequential(nn.Identity(), nn.Linear(c, 4 * c))

    def forward(self, x):
        return self.norm(self.dwconv(x))


class Pointwise(nn.Module):
    """From the GRN's shift to the layer scale."""

    def __init__(self, c=3):
        super().__init__()
        self.act = nn.ModuleList([nn.Identity(), named(beta=nn.Parameter(torch.randn(1, 1, 1, 4 * c)))])
        self.pwconv2 = nn.Sequential(Linear(4 * c, c, bias=False), nn.Identity(), BN(c))
        self.gamma = nn.Parameter(torch.randn(c))

    def forward(self, x):
        return self.gamma.view(-1, 1, 1) * self.pwconv2(x + self.act[1].beta.view(-1, 1, 1))
