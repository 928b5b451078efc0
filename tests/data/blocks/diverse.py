# SPDX-License-Identifier: Apache-2.0
"""Branches of other kinds and generated kernels: ACNet, DBB, OREPA, PP-LCNet (families.md 4.7 to 4.9, 4.16)."""
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from blocks.common import BN, ConvBN, named


class ACBlock(nn.Module):
    """families.md 4.7; with p < k/2 the narrow branches read a cropped input."""

    def __init__(self, c=6, oc=8, k=3, stride=1, pad=1, groups=1, affine=True):
        super().__init__()
        self.crop = max(k // 2 - pad, 0)
        lead = max(pad - k // 2, 0)
        options = dict(stride=stride, groups=groups, bias=False)
        self.square_conv = nn.Conv2d(c, oc, k, padding=pad, **options)
        self.ver_conv = nn.Conv2d(c, oc, (k, 1), padding=(pad, lead), **options)
        self.hor_conv = nn.Conv2d(c, oc, (1, k), padding=(lead, pad), **options)
        self.square_bn, self.ver_bn, self.hor_bn = (BN(oc, affine=affine) for _ in range(3))

    def forward(self, x):
        n = self.crop
        tall = x[:, :, :, n:-n] if n else x
        wide = x[:, :, n:-n, :] if n else x
        return self.square_bn(self.square_conv(x)) + self.ver_bn(self.ver_conv(tall)) + self.hor_bn(self.hor_conv(wide))


class BNAndPad(nn.Module):
    """Border of what the norm makes of zero with its running statistics as they are after this very call."""

    def __init__(self, c, pad, **options):
        super().__init__()
        self.bn, self.pad = BN(c, **options), pad

    def forward(self, x):
        y = self.bn(x)
        bn = self.bn
        value = bn.bias - bn.running_mean * bn.weight / torch.sqrt(bn.running_var + bn.eps)
        padded = value.view(1, -1, 1, 1).expand(y.size(0), -1, y.size(2) + 2 * self.pad, y.size(3) + 2 * self.pad).clone()
        padded[:, :, self.pad:self.pad + y.size(2), self.pad:self.pad + y.size(3)] = y
        return padded


class DBB(nn.Module):
    """families.md 4.8."""

    def __init__(self, c=8, oc=8, k=3, stride=1, groups=1, **options):
        super().__init__()
        pad, dense = k // 2, groups < oc
        self.dbb_origin = ConvBN(c, oc, k, stride, groups, **options)
        if dense:
            self.dbb_1x1 = ConvBN(c, oc, 1, stride, groups, **options)
            self.dbb_avg = nn.Sequential()
            self.dbb_avg.add_module("conv", nn.Conv2d(c, oc, 1, groups=groups, bias=False))
            self.dbb_avg.add_module("bn", BNAndPad(oc, pad, **options))
            self.dbb_avg.add_module("avg", nn.AvgPool2d(k, stride, 0))
        else:
            self.dbb_avg = nn.Sequential()
            self.dbb_avg.add_module("avg", nn.AvgPool2d(k, stride, pad))
        self.dbb_avg.add_module("avgbn", BN(oc, **options))
        inner = c if dense else 2 * c
        self.identity = inner == c
        first = nn.Conv2d(c, inner, 1, groups=groups, bias=False)
        parts = {"idconv1" if self.identity else "conv1": first, "bn1": BNAndPad(inner, pad, **options),
                 "conv2": nn.Conv2d(inner, oc, k, stride, 0, groups=groups, bias=False), "bn2": BN(oc, **options)}
        self.dbb_1x1_kxk = named(**parts)

    def forward(self, x):
        y = self.dbb_origin(x) + self.dbb_avg(x)
        if hasattr(self, "dbb_1x1"):
            y = y + self.dbb_1x1(x)
        s = self.dbb_1x1_kxk
        first = s.idconv1(x) + x if self.identity else s.conv1(x)
        return y + s.bn2(s.conv2(s.bn1(first)))


def orepa_kernel(p, stem, vector, identity, one):
    get = lambda name: getattr(p, f"{stem}_{name}")
    v = [row.view(-1, 1, 1, 1) for row in vector]
    first = get("1x1_kxk_idconv1") + identity
    kernel = v[0] * get("origin") + v[1] * torch.einsum("oi,hw->oihw", get("avg_conv")[:, :, 0, 0], get("avg_avg"))
    kernel = kernel + v[2] * torch.einsum("oi,ohw->oihw", get("pfir_conv")[:, :, 0, 0], get("prior"))
    kernel = kernel + v[3] * torch.einsum("omhw,mi->oihw", get("1x1_kxk_conv2"), first[:, :, 0, 0])
    row = 4
    if one:
        kernel = kernel + v[4] * F.pad(get("1x1"), [1, 1, 1, 1])
        row = 5
    dw, pw = get("gconv_dw"), get("gconv_pw")
    dw = dw.view(-1, 8, dw.size(2), dw.size(3))
    pw = pw.view(pw.size(0), -1, 8)
    return kernel + v[row] * torch.einsum("ocr,crhw->ochw", pw, dw)


def orepa_tensors(module, stem, c, oc, one):
    put = lambda name, *shape: module.register_parameter(f"{stem}_{name}", nn.Parameter(torch.randn(*shape) * 0.3))
    put("origin", oc, c, 3, 3)
    put("avg_conv", oc, c, 1, 1)
    put("pfir_conv", oc, c, 1, 1)
    put("1x1_kxk_idconv1", c, c, 1, 1)
    put("1x1_kxk_conv2", oc, c, 3, 3)
    put("gconv_dw", 8 * c, 1, 3, 3)
    put("gconv_pw", oc, 8 * c, 1, 1)
    if one:
        put("1x1", oc, c, 1, 1)
    module.register_buffer(f"{stem}_avg_avg", torch.full((3, 3), 1 / 9))
    prior = torch.zeros(oc, 3, 3)
    for o in range(oc):
        for h in range(3):
            for w in range(3):
                row, at = (o, h) if o < oc // 2 else (o - oc // 2, w)
                prior[o, h, w] = np.cos(np.pi * (at + 0.5) * (row + 1) / 3)
    module.register_buffer(f"{stem}_prior", prior)
    module.register_buffer("id_tensor", torch.eye(c).view(c, c, 1, 1))
    module.vector = nn.Parameter(torch.randn(6, oc))


class OREPA(nn.Module):
    """families.md 4.9."""

    def __init__(self, c=6, oc=8, stride=1):
        super().__init__()
        self.stride = stride
        orepa_tensors(self, "weight_orepa", c, oc, True)
        self.bn = BN(oc)

    def forward(self, x):
        return self.bn(F.conv2d(x, orepa_kernel(self, "weight_orepa", self.vector, self.id_tensor, True), None, self.stride, 1))


class OREPAGroups(nn.Module):
    """OREPA's branches as convolutions one behind the other, in groups; of more than four, the inner width is doubled and nothing is added to it."""

    def __init__(self, c=8, oc=8, groups=2):
        super().__init__()
        self.groups, self.added = groups, groups <= 4
        inner = c if self.added else 2 * c
        orepa_tensors(self, "weight_orepa", c // groups, oc, True)
        put = lambda name, *shape: self.register_parameter(f"weight_orepa_{name}", nn.Parameter(torch.randn(*shape) * 0.3))
        put("gconv_dw", 8 * c, 1, 3, 3)
        put("1x1_kxk_conv2", oc, inner // groups, 3, 3)
        del self.weight_orepa_1x1_kxk_idconv1, self.id_tensor
        put("1x1_kxk_idconv1" if self.added else "1x1_kxk_conv1", inner, c // groups, 1, 1)
        if self.added:
            identity = torch.zeros(c, c // groups, 1, 1)
            for i in range(c):
                identity[i, i % (c // groups)] = 1
            self.register_buffer("id_tensor", identity)
        self.bn = BN(oc)

    def forward(self, x):
        get = lambda name: getattr(self, f"weight_orepa_{name}")
        g, v, oc = self.groups, self.vector.view(6, -1, 1, 1), self.vector.size(1)
        average = get("avg_avg").expand(oc, 1, 3, 3)
        first = get("1x1_kxk_idconv1") + self.id_tensor if self.added else get("1x1_kxk_conv1")
        y = v[0] * F.conv2d(x, get("origin"), None, 1, 1, 1, g)
        y = y + v[1] * F.conv2d(F.conv2d(x, get("avg_conv"), groups=g), average, None, 1, 1, 1, oc)
        y = y + v[2] * F.conv2d(F.conv2d(x, get("pfir_conv"), groups=g), get("prior").unsqueeze(1), None, 1, 1, 1, oc)
        y = y + v[3] * F.conv2d(F.conv2d(x, first, groups=g), get("1x1_kxk_conv2"), None, 1, 1, 1, g)
        y = y + v[4] * F.conv2d(x, get("1x1"), groups=g)
        y = y + v[5] * F.conv2d(F.conv2d(x, get("gconv_dw"), None, 1, 1, 1, x.size(1)), get("gconv_pw"), groups=g)
        return self.bn(y)


class OREPARepVGG(nn.Module):
    def __init__(self, c=8, oc=8, stride=1):
        super().__init__()
        self.stride = stride
        self.rbr_dense = nn.Module()
        orepa_tensors(self.rbr_dense, "weight_rbr", c, oc, False)
        self.rbr_dense.bn = BN(oc)
        self.rbr_1x1 = ConvBN(c, oc, 1, stride)
        if c == oc and stride == 1:
            self.rbr_identity = BN(c)

    def forward(self, x):
        d = self.rbr_dense
        y = d.bn(F.conv2d(x, orepa_kernel(d, "weight_rbr", d.vector, d.id_tensor, False), None, self.stride, 1)) + self.rbr_1x1(x)
        return F.relu(y + self.rbr_identity(x) if hasattr(self, "rbr_identity") else y)


class OREPA1x1(nn.Module):
    def __init__(self, c=6, oc=8):
        super().__init__()
        self.weight_or1x1_origin = nn.Parameter(torch.randn(oc, c, 1, 1))
        self.weight_or1x1_l2i_conv1 = nn.Parameter(torch.randn(c, c, 1, 1))
        self.weight_or1x1_l2i_conv2 = nn.Parameter(torch.randn(oc, c, 1, 1))
        self.vector = nn.Parameter(torch.randn(2, oc))
        self.bn = BN(oc)

    def forward(self, x):
        v = self.vector.view(2, -1, 1, 1, 1)
        both = torch.einsum("ot,ti->oi", self.weight_or1x1_l2i_conv2[:, :, 0, 0], self.weight_or1x1_l2i_conv1[:, :, 0, 0])
        return self.bn(F.conv2d(x, v[0] * self.weight_or1x1_origin + v[1] * both[:, :, None, None]))


class OREPALarge(nn.Module):
    def __init__(self, c=3, oc=8, layers=3, stride=2):
        super().__init__()
        self.stride, self.layers = stride, layers
        for i in range(layers):
            self.register_parameter(f"weight{i}", nn.Parameter(torch.randn(oc, c if i == 0 else oc, 3, 3) * 0.3))
        self.bn = BN(oc)

    def forward(self, x):
        kernel = self.weight0.transpose(0, 1)
        for i in range(1, self.layers):
            kernel = F.conv2d(kernel, getattr(self, f"weight{i}"), padding=2)
        return self.bn(F.conv2d(x, kernel.transpose(0, 1), None, self.stride, self.layers))


class LCNetV2(nn.Module):
    """families.md 4.16."""

    def __init__(self, c=6, k=5, stride=1):
        super().__init__()
        sizes = [s for s in range(k, 0, -2) if s > 1 or stride == 1]
        self.dw_conv_list = nn.ModuleList([ConvBN(c, c, s, stride, c) for s in sizes])
        self.dw_conv = nn.Conv2d(c, c, k, stride, k // 2, groups=c)  # a placeholder

    def forward(self, x):
        return F.relu(sum(branch(x) for branch in self.dw_conv_list))


class LCNetV3(nn.Module):
    def __init__(self, c=6, oc=6, k=3, stride=1, groups=6, n=4):
        super().__init__()
        self.stride = stride
        if c == oc and stride == 1:
            self.identity = BN(c)
        if k > 1:
            self.conv_1x1 = ConvBN(c, oc, 1, stride, groups)
        self.conv_kxk = nn.ModuleList([ConvBN(c, oc, k, stride, groups) for _ in range(n)])
        lab = lambda a, b: named(scale=nn.Parameter(torch.tensor([a])), bias=nn.Parameter(torch.tensor([b])))
        self.lab = lab(1.3, -0.4)
        self.act = named(lab=lab(-0.7, 0.2))

    def forward(self, x):
        y = sum(branch(x) for branch in self.conv_kxk)
        for name in ("identity", "conv_1x1"):
            if hasattr(self, name):
                y = y + getattr(self, name)(x)
        y = self.lab.scale * y + self.lab.bias
        return y if self.stride == 2 else self.act.lab.scale * F.hardswish(y) + self.act.lab.bias
