# SPDX-License-Identifier: Apache-2.0
"""RepViT written down again from arXiv 2307.09283 and THU-MIG/RepViT (see README.md), with its official names.

make DIR [timm]   : model.pth ({"model": state dict}), x.npy, y_eval.npy, y_train.npy (float64; one classifier: no averaging in training)
deploy DIR [timm] : loads fused.pth strictly into the deploy form and writes y_deploy.npy
With timm, keys are called as in timm's repvit.py.
"""
import os
import re
import sys

import numpy as np
import torch
from torch import nn


def conv_bn(deploy, cin, cout, k=1, stride=1, groups=1):
    if deploy:
        return nn.Conv2d(cin, cout, k, stride, (k - 1) // 2, groups=groups)
    pair = nn.Sequential()
    pair.add_module("c", nn.Conv2d(cin, cout, k, stride, (k - 1) // 2, groups=groups, bias=False))
    pair.add_module("bn", nn.BatchNorm2d(cout))
    return pair


class RepVGGDW(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.conv, self.conv1, self.bn = conv_bn(False, c, c, 3, 1, c), nn.Conv2d(c, c, 1, groups=c), nn.BatchNorm2d(c)

    def forward(self, x):
        return self.bn(self.conv(x) + self.conv1(x) + x)


class SE(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.fc1, self.fc2 = nn.Conv2d(c, c // 4, 1), nn.Conv2d(c // 4, c, 1)

    def forward(self, x):
        return x * torch.sigmoid(self.fc2(torch.relu(self.fc1(x.mean((2, 3), keepdim=True)))))


class Residual(nn.Module):
    def __init__(self, m):
        super().__init__()
        self.m = m

    def forward(self, x):
        return x + self.m(x)


class Block(nn.Module):
    def __init__(self, deploy, cin, cout, stride, se):
        super().__init__()
        squeeze = SE(cin) if se else nn.Identity()
        if stride == 2:
            self.token_mixer = nn.Sequential(conv_bn(deploy, cin, cin, 3, 2, cin), squeeze, conv_bn(deploy, cin, cout))
        else:
            self.token_mixer = nn.Sequential(nn.Conv2d(cin, cin, 3, 1, 1, groups=cin) if deploy else RepVGGDW(cin), squeeze)
        self.channel_mixer = Residual(nn.Sequential(conv_bn(deploy, cout, 2 * cout), nn.GELU(), conv_bn(deploy, 2 * cout, cout)))

    def forward(self, x):
        return self.channel_mixer(self.token_mixer(x))


class Head(nn.Module):
    def __init__(self, c, classes):
        super().__init__()
        self.bn, self.l = nn.BatchNorm1d(c), nn.Linear(c, classes)

    def forward(self, x):
        return self.l(self.bn(x))


class Classifier(nn.Module):
    def __init__(self, c, classes):
        super().__init__()
        self.classifier, self.classifier_dist = Head(c, classes), Head(c, classes)

    def forward(self, x):
        return (self.classifier(x) + self.classifier_dist(x)) / 2


class RepViT(nn.Module):
    def __init__(self, deploy=False, widths=(8, 12, 16, 24), depths=(2, 2, 2, 1), classes=7):
        super().__init__()
        c = widths[0]
        blocks = [nn.Sequential(conv_bn(deploy, 3, c // 2, 3, 2), nn.GELU(), conv_bn(deploy, c // 2, c, 3, 2))]
        for width, depth in zip(widths, depths):
            if width != c:
                blocks.append(Block(deploy, c, width, 2, False))
                c = width
            blocks += [Block(deploy, c, c, 1, i % 2 == 0) for i in range(depth)]
        self.features = nn.ModuleList(blocks)
        self.classifier = nn.Linear(c, classes) if deploy else Classifier(c, classes)

    def forward(self, x):
        for block in self.features:
            x = block(x)
        return self.classifier(x.mean((2, 3)))


# Where the modules of this file stand in timm's (widths and depths as above); the unit before each halving is part of the halving.
UNITS = ["stages.0.blocks.0", "stages.1.downsample.pre_block", "stages.1.downsample", "stages.1.blocks.0", "stages.2.downsample.pre_block",
         "stages.2.downsample", "stages.2.blocks.0", "stages.3.downsample.pre_block", "stages.3.downsample", "stages.3.blocks.0"]


def timm_name(key):
    key = re.sub(r"^features\.0\.0\.", "stem.conv1.", re.sub(r"^features\.0\.2\.", "stem.conv2.", key))
    key = re.sub(r"^classifier\.(classifier(_dist)?)\.", lambda m: "head.head" + (m[2] or "") + ".", key)
    key = re.sub(r"^classifier\.", "head.", key)
    found = re.match(r"features\.(\d+)\.(.*)", key)
    if not found:
        return key
    unit, rest = UNITS[int(found[1]) - 1], found[2]
    if unit.endswith("downsample"):
        names = {"token_mixer.0": "spatial_downsample", "token_mixer.2": "channel_downsample", "channel_mixer.m.0": "ffn.conv1", "channel_mixer.m.2": "ffn.conv2"}
    else:
        names = {"token_mixer.0": "token_mixer", "token_mixer.1": "se", "channel_mixer.m.0": "channel_mixer.conv1", "channel_mixer.m.2": "channel_mixer.conv2"}
    old = next(n for n in names if rest.startswith(n + "."))
    return unit + "." + names[old] + rest[len(old):]


def named(state, timm):
    return {timm_name(k) if timm else k: v for k, v in state.items()}


def make(folder, timm):
    torch.manual_seed(3)
    net = RepViT()
    for m in net.modules():
        if isinstance(m, (nn.BatchNorm1d, nn.BatchNorm2d)):
            m.weight.data.uniform_(-1, 1.5)
            m.bias.data.normal_(0, 0.3)
            m.running_mean.normal_(0, 0.3)
            m.running_var.uniform_(0.3, 2)
    torch.save({"model": named(net.state_dict(), timm)}, os.path.join(folder, "model.pth"))
    x = torch.randn(3, 3, 50, 62).double()
    net = net.double()
    with torch.no_grad():
        np.save(os.path.join(folder, "x.npy"), x.numpy())
        np.save(os.path.join(folder, "y_eval.npy"), net.eval()(x).numpy())
        np.save(os.path.join(folder, "y_train.npy"), net.train()(x).numpy())


def deploy(folder, timm):
    net = RepViT(True).eval()
    fused = torch.load(os.path.join(folder, "fused.pth"))["model"]
    keys = {timm_name(k) if timm else k: k for k in net.state_dict()}
    net.load_state_dict({keys.get(k, k): v for k, v in fused.items()}, strict=True)
    with torch.no_grad():
        np.save(os.path.join(folder, "y_deploy.npy"), net.double()(torch.from_numpy(np.load(os.path.join(folder, "x.npy")))).numpy())


{"make": make, "deploy": deploy}[sys.argv[1]](sys.argv[2], "timm" in sys.argv[3:])
