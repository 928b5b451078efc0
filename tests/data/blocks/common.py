# SPDX-License-Identifier: Apache-2.0
"""What blocks share."""
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


def bordered(x, value):
    """One pixel of border that holds `value`."""
    y = value.view(1, -1, 1, 1).expand(x.size(0), -1, x.size(2) + 2, x.size(3) + 2).clone()
    y[:, :, 1:-1, 1:-1] = x
    return y
