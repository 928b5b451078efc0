# SPDX-License-Identifier: Apache-2.0
"""The network around the blocks of MobileIE's "ec" variant, written down again (see README.md): its attention takes a Fourier transform.

FUSED X OUT : loads a fused file (.pth), runs it in float64 on the array X, writes the array OUT
"""
import sys

import numpy as np
import torch
import torch.nn.functional as F

weights = {k: v.double() for k, v in torch.load(sys.argv[1]).items()}


def conv(name, x):
    w = weights[name + ".weight"]
    return F.conv2d(x, w, weights[name + ".bias"], padding=w.shape[2] // 2)


def transformed(name, y):
    return weights[name + ".weight1"] * y * (weights[name + ".weight2"] * y) + weights[name + ".bias"]


x = torch.from_numpy(np.load(sys.argv[2])).double()
y = conv("head.block1.2", F.prelu(conv("head.block1.0", x), weights["head.block1.1.weight"]))
y = transformed("body", conv("body.block1", transformed("head", y)))
spectrum = F.interpolate(torch.fft.rfft2(y, norm="ortho").abs(), size=y.shape[2:], mode="bilinear", align_corners=False)
means = torch.cat([y.mean((2, 3), keepdim=True), spectrum.mean((2, 3), keepdim=True)], 1)
channels = torch.sigmoid(conv("att.fc.2", torch.relu(conv("att.fc.0", means))))
pixels = torch.sigmoid(conv("att.local.0", (channels * y).amax(1, keepdim=True)))
np.save(sys.argv[3], conv("tail", channels * pixels * y).numpy())
