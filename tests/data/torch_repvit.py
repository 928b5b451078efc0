# SPDX-License-Identifier: Apache-2.0
"""RepViT written down again from arXiv 2307.09283 and THU-MIG/RepViT (see README.md), with its official names.

make DIR    : model.pth ({"model": state dict}), x.npy, y_eval.npy, y_train.npy (float64; one classifier: no averaging in training)
deploy DIR  : loads fused.pth strictly into the deploy form and writes y_deploy.npy
"""
import os
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
    def __init__(self, deploy=False, widths=(8, 12, 16, 24), depths=(1, 2, 1, 1), classes=7):
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


def make(folder):
    torch.manual_seed(3)
    net = RepViT()
    for m in net.modules():
        if isinstance(m, (nn.BatchNorm1d, nn.BatchNorm2d)):
            m.weight.data.uniform_(-1, 1.5)
            m.bias.data.normal_(0, 0.3)
            m.running_mean.normal_(0, 0.3)
            m.running_var.uniform_(0.3, 2)
    torch.save({"model": net.state_dict()}, os.path.join(folder, "model.pth"))
    x = torch.randn(3, 3, 50, 62).double()
    net = net.double()
    with torch.no_grad():
        np.save(os.path.join(folder, "x.npy"), x.numpy())
        np.save(os.path.join(folder, "y_eval.npy"), net.eval()(x).numpy())
        np.save(os.path.join(folder, "y_train.npy"), net.train()(x).numpy())


def deploy(folder):
    net = RepViT(True).eval()
    net.load_state_dict(torch.load(os.path.join(folder, "fused.pth"))["model"], strict=True)
    with torch.no_grad():
        np.save(os.path.join(folder, "y_deploy.npy"), net.double()(torch.from_numpy(np.load(os.path.join(folder, "x.npy")))).numpy())


{"make": make, "deploy": deploy}[sys.argv[1]](sys.argv[2])
