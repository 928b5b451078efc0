# SPDX-License-Identifier: Apache-2.0
"""Re-parameterizable blocks written down again from their papers and repositories (see README.md), for cross-checks.

make DIR        : one folder for each case with model.pth, x.npy, y_train.npy, y_eval.npy (float64)
deploy DIR      : for each case with fused.pth, loads the kernel under the deploy layout's own names and writes y_deploy.npy
"""
import json
import os
import sys

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


class BN(nn.BatchNorm2d):
    """Batch norm with eps and momentum of an implementation; `biased` updates the running variance as Paddle does."""

    def __init__(self, c, eps=1e-5, momentum=0.1, biased=False, affine=True):
        super().__init__(c, eps=eps, momentum=momentum, affine=affine)
        self.biased = biased

    def forward(self, x):
        if not (self.training and self.biased):
            return super().forward(x)
        mean = x.mean((0, 2, 3))
        var = x.var((0, 2, 3), unbiased=False)
        with torch.no_grad():
            self.running_mean += self.momentum * (mean - self.running_mean)
            self.running_var += self.momentum * (var - self.running_var)
        return F.batch_norm(x, None, None, self.weight, self.bias, True, 0, self.eps)


def named(**parts):
    block = nn.Module()
    for name, part in parts.items():
        if part is not None:
            setattr(block, name, part)
    return block


class ConvBN(nn.Module):
    def __init__(self, cin, cout, k, stride=1, groups=1, pad=None, conv="conv", norm="bn", eps=1e-5, **options):
        super().__init__()
        self.names = (conv, norm)
        self.add_module(conv, nn.Conv2d(cin, cout, k, stride, k // 2 if pad is None else pad, groups=groups, bias=False))
        self.add_module(norm, BN(cout, eps, **options))

    def forward(self, x):
        return getattr(self, self.names[1])(getattr(self, self.names[0])(x))


class SE(nn.Module):
    def __init__(self, c, inner, down, up):
        super().__init__()
        self.names = (down, up)
        setattr(self, down, nn.Conv2d(c, inner, 1))
        setattr(self, up, nn.Conv2d(inner, c, 1))

    def forward(self, x):
        squeezed = torch.relu(getattr(self, self.names[0])(x.mean((2, 3), keepdim=True)))
        return x * torch.sigmoid(getattr(self, self.names[1])(squeezed))


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


def bordered(x, value):
    """One pixel of border that holds `value`."""
    y = value.view(1, -1, 1, 1).expand(x.size(0), -1, x.size(2) + 2, x.size(3) + 2).clone()
    y[:, :, 1:-1, 1:-1] = x
    return y


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


SILU = F.silu
TIMM, MM = ("conv_kxk", "conv_1x1", "identity"), ("branch_3x3", "branch_1x1", "branch_norm")
PADDLE = dict(momentum=0.9, biased=True)
MBR5 = {"conv": (5, 5), "conv1": (1, 1), "conv2": (3, 3), "conv_crossh": (3, 1), "conv_crossv": (1, 3)}
MBR3 = {"conv": (3, 3), "conv1": (1, 1), "conv_crossh": (3, 1), "conv_crossv": (1, 3)}

# name: (module, options) with options prefix (of the keys), paddle (names of the norms' statistics), channels of the input
CASES = {
    "repvgg": (lambda: RepVGG(), {}),
    "repvgg_stride_2": (lambda: RepVGG(6, 8, 2), {}),
    "repvgg_groups": (lambda: RepVGG(groups=2), {}),
    "repvgg_se": (lambda: RepVGG(se=True), {}),
    "repvgg_timm": (lambda: RepVGG(names=TIMM), {}),
    "repvgg_mmpretrain": (lambda: RepVGG(names=MM, norm="norm"), {}),
    "yolov6": (lambda: RepVGG(eps=1e-3), dict(prefix="ERBlock_2.0.")),
    "yolov7": (lambda: RepVGG(conv="0", norm="1", eps=1e-3, act=SILU), {}),
    "yolov9": (lambda: RepVGG(names=("conv1", "conv2", ""), eps=1e-3, act=SILU), {}),
    "ultralytics": (lambda: RepVGG(names=("conv1", "conv2", "bn"), eps=1e-3, act=SILU), {}),
    "ppyoloe": (lambda: RepVGG(names=("conv1", "conv2", ""), act=SILU, alpha=0.6), dict(paddle=True)),
    "ppyoloe_alpha_0": (lambda: RepVGG(names=("conv1", "conv2", ""), act=SILU, alpha=0), dict(paddle=True)),
    "rtdetr": (lambda: RepVGG(names=("conv1", "conv2", ""), norm="norm", act=SILU), {}),
    "qarepvgg_v1": (lambda: QARepVGG(version=1), {}),
    "qarepvgg_v2": (lambda: QARepVGG(groups=2), {}),
    "qarepvgg_v2_stride_2": (lambda: QARepVGG(stride=2), {}),
    "qarepvgg_yolov6": (lambda: QARepVGG(eps=1e-3), dict(prefix="ERBlock_2.0.")),
    "qarepvgg_average": (lambda: QARepVGG(groups=2, average=True, eps=1e-3), {}),
    "supergradients": (lambda: SuperGradients(), {}),
    "linearadd": (lambda: LinearAdd(), {}),
    "linearadd_stride_2": (lambda: LinearAdd(6, 8, 2), {}),
    "mobileone_depthwise": (lambda: MobileOne(groups=8, se=True), {}),
    "mobileone_pointwise": (lambda: MobileOne(6, 8, 1), {}),
    "mobileone_skip_1x1": (lambda: MobileOne(8, 8, 1, n=4), {}),
    "mobileone_stride_2": (lambda: MobileOne(3, 8, 3, 2, n=1), {}),
    "mobileone_timm": (lambda: MobileOne(groups=8, se=True, names=("conv_kxk", "conv_scale", "identity"), se_names=("attn", "fc1", "fc2")), {}),
    "mobileone_mmpretrain": (lambda: MobileOne(groups=8, names=("branch_conv_list", "branch_scale", "branch_norm"), norm="norm"), {}),
    "mobileone_pair_depth": (lambda: Pair("depth_conv"), dict(prefix="unit.", paddle=True)),
    "mobileone_pair_point": (lambda: Pair("point_conv"), dict(prefix="unit.", paddle=True)),
    "acnet": (lambda: ACBlock(), {}),
    "acnet_cropped": (lambda: ACBlock(pad=0, affine=False), {}),
    "acnet_wide_padding": (lambda: ACBlock(pad=2, stride=2), {}),
    "acnet_5x5_depthwise": (lambda: ACBlock(6, 6, 5, 1, 2, 6), {}),
    "dbb": (lambda: DBB(6, 8), {}),
    "dbb_groups": (lambda: DBB(8, 8, groups=2), {}),
    "dbb_depthwise": (lambda: DBB(6, 6, groups=6), {}),
    "dbb_5x5_stride_2": (lambda: DBB(6, 8, 5, 2), {}),
    "dbb_paddle": (lambda: DBB(6, 8, **PADDLE), dict(paddle=True)),
    "orepa": (lambda: OREPA(), {}),
    "orepa_1x1": (lambda: OREPA1x1(), {}),
    "orepa_large": (lambda: OREPALarge(), {}),
    "orepa_repvgg": (lambda: OREPARepVGG(), {}),
    "pplcnetv2": (lambda: LCNetV2(), dict(paddle=True)),
    "pplcnetv2_stride_2": (lambda: LCNetV2(stride=2), dict(paddle=True)),
    "pplcnetv3": (lambda: LCNetV3(), dict(paddle=True)),
    "pplcnetv3_stride_2": (lambda: LCNetV3(stride=2), dict(paddle=True)),
    "pplcnetv3_pointwise": (lambda: LCNetV3(6, 8, 1, groups=1), dict(paddle=True)),
    "ecb": (lambda: ECB(), {}),
    "ecb_identity": (lambda: ECB(8, 8, True), {}),
    "ecb_grey": (lambda: ECB(1, 8), {}),
    "ecb_linear": (lambda: ECB(8, 4, act=False), {}),
    "span": (lambda: Conv3XC(), {}),
    "span_stride_2": (lambda: Conv3XC(stride=2), {}),
    "rrrb": (lambda: RRRB(), {}),
    "rvsr": (lambda: RVSR(), {}),
    "hfab_squeeze": (lambda: HFAB("squeeze"), {}),
    "hfab_excitate": (lambda: HFAB("excitate"), dict(channels=4)),
    "mbrconv5": (lambda: MBRConv(MBR5), {}),
    "mbrconv3": (lambda: MBRConv(MBR3), {}),
    "mbrconv1": (lambda: MBRConv({"conv": (1, 1)}), {}),
    "mbrconv_ec": (lambda: MBRConv({"conv": (3, 3)}, norm="bn"), {}),
    "repmixer": (lambda: RepMixer(), {}),
    "repmixer_plain": (lambda: RepMixer(scale=None), {}),
    "repmixer_text": (lambda: RepMixer(k=(1, 11)), {}),
    "repmixer_timm": (lambda: RepMixer(names=("conv_kxk", "conv_scale", "identity"), scale="gamma"), {}),
    "repcpe": (lambda: PositionEncoding("pe"), {}),
    "repcpe_timm": (lambda: PositionEncoding("pos_enc"), {}),
    "fastvit_large": (lambda: LargeKernel(), dict(prefix="patch_embed.")),
    "fastvit_large_timm": (lambda: LargeKernel(large="large_conv"), {}),
    "mobileclip_large": (lambda: LargeKernel(act=F.gelu, se=True), dict(prefix="image_encoder.token_mixer.")),
    "replknet": (lambda: LargeKernel(6, 1, 1, k=13, small=5), {}),
    "replknet_xl": (lambda: LargeKernel(6, 1, 1, k=13, small=None), {}),
    "unireplknet": (lambda: Dilated(), {}),
    "unireplknet_7": (lambda: Dilated(k=7, branches=((5, 1), (3, 2), (3, 3))), {}),
    "unireplknet_small": (lambda: SmallDepthwise(), {}),
    "unireplknet_pointwise": (lambda: Pointwise(), dict(channels=12)),
    "repvit_dw": (lambda: RepVGGDW(), {}),
    "repvit_dw_legacy": (lambda: RepVGGDW(kind="legacy"), {}),
    "yolov10_dw": (lambda: RepVGGDW(kind="yolo"), {}),
    "residual_depthwise": (lambda: DepthwiseResidual(), {}),
    "conv_pair": (lambda: ConvBN(6, 8, 3, conv="c"), {}),
    "conv_pair_depthwise": (lambda: ConvBN(6, 6, 3, 2, 6, conv="c"), {}),
    "linear_pair": (lambda: LinearBN(), dict(channels=6)),
    "bn_linear": (lambda: BNLinear(), dict(channels=6)),
    "repvit_heads": (lambda: Heads(("classifier", "classifier_dist")), dict(prefix="classifier.", channels=6)),
    "repvit_heads_timm": (lambda: Heads(("head", "head_dist")), dict(prefix="head.", channels=6)),
    "repvit_head": (lambda: Heads(("classifier",)), dict(prefix="classifier.", channels=6)),
    "repghost_1": (lambda: RepGhost(), dict(prefix="ghost1.")),
    "repghost_2": (lambda: RepGhost(act=False), dict(prefix="ghost2.")),
    "repghost_identity": (lambda: RepGhost(norm=False), {}),
    "conv2": (lambda: Conv2(), {}),
    "conv2_stride_2": (lambda: Conv2(stride=2), {}),
    "idetect": (lambda: Implicit(), dict(channels=6)),
}


def randomise(model, generator):
    """Statistics that show a mistake: gamma of both signs and 0, variances from 1e-3 to 10, means and betas away from 0."""
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d):
            n = module.num_features
            if module.affine:
                module.weight.data = torch.randn(n, generator=generator)
                module.weight.data[0] = -abs(module.weight.data[0]) - 0.1
                module.weight.data[1] = 0
                module.bias.data = torch.randn(n, generator=generator)
            module.running_mean = torch.randn(n, generator=generator)
            module.running_var = 10 ** (torch.rand(n, generator=generator) * 4 - 3)
        if isinstance(module, nn.PReLU):
            module.weight.data = torch.randn(module.weight.numel(), generator=generator) * 0.3


def keys_of(model, options):
    state = {}
    for key, value in model.state_dict().items():
        if key.startswith("bn") and key.split(".")[1:2] == ["bn"]:  # HFAB's norms have no module around them
            key = key.replace(".bn.", ".", 1)
        if options.get("paddle"):
            if key.endswith("num_batches_tracked"):
                continue
            key = key.replace("running_mean", "_mean").replace("running_var", "_variance")
        state[options.get("prefix", "block.") + key] = value
    return state


def first_channels(model, options):
    if "channels" in options:
        return options["channels"]
    for module in model.modules():
        if isinstance(module, nn.Conv2d):
            return module.in_channels
        for name, p in module.named_parameters(recurse=False):
            if name in ("weight_orepa_origin", "weight_or1x1_origin", "weight0", "weight_rbr_origin", "k0"):
                return p.shape[1]
    raise AssertionError("no kernel")


def make(folder):
    for index, (name, (build, options)) in enumerate(CASES.items()):
        torch.manual_seed(index)
        generator = torch.Generator().manual_seed(100 + index)
        model = build()
        randomise(model, generator)
        case = os.path.join(folder, name)
        os.makedirs(case)
        torch.save(keys_of(model, options), os.path.join(case, "model.pth"))
        model = model.double()
        x = torch.randn(2 + index % 2, first_channels(model, options), 5 + 2 * (index % 3), 7, generator=generator).double() + 0.5
        with torch.no_grad():
            np.save(os.path.join(case, "x.npy"), x.numpy())
            np.save(os.path.join(case, "y_eval.npy"), model.eval()(x).numpy())
            np.save(os.path.join(case, "y_train.npy"), model.train()(x).numpy())


def deploy(folder):
    """Runs every fused kernel as one convolution; what follows it in the block is not part of this check."""
    for name in CASES:
        case = os.path.join(folder, name)
        if not os.path.exists(os.path.join(case, "fused.pth")):
            continue
        with open(os.path.join(case, "fused.json")) as f:
            g = json.load(f)
        state = torch.load(os.path.join(case, "fused.pth"), map_location="cpu")
        left = [key for key in g["gone"] if key in state]
        assert not left, f"{name}: {left} should be gone"
        x = torch.from_numpy(np.load(os.path.join(case, "x.npy")))
        t, l, b, r = g["padding"]
        x = F.pad(x, [l, r, t, b])
        weight = state[g["weight"]].double()
        if weight.dim() == 2:  # a linear layer
            weight = weight[:, :, None, None]
        y = F.conv2d(x, weight, state[g["bias"]].double(), g["stride"], 0, 1, g["groups"])
        if g["norm"]:  # of the deploy form itself
            mean, var, gamma, beta = (state[g["norm"] + end].double() for end in (".running_mean", ".running_var", ".weight", ".bias"))
            y = F.batch_norm(y, mean, var, gamma, beta, False, 0, g["eps"])
        np.save(os.path.join(case, "y_deploy.npy"), y.numpy())


if __name__ == "__main__":
    {"make": make, "deploy": deploy}[sys.argv[1]](sys.argv[2])
