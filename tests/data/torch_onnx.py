# SPDX-License-Identifier: Apache-2.0
"""Networks exported as people export training graphs, and PyTorch's own float64 answer: DIR/<case>.onnx, .x.npy, .y.npy; of networks
.train.npy (phase train) and repvgg.eps.npy and lone_norm.eps.npy (every eps 1e-2) as well; after.y.npy: unknown's last block on after.x.npy."""
import copy
import io
import sys
import warnings

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

warnings.filterwarnings("ignore")
folder = sys.argv[1]
torch.manual_seed(0)


def conv_bn(cin, cout, k, stride=1, groups=1, padding=None):
    return nn.Sequential(nn.Conv2d(cin, cout, k, stride, k // 2 if padding is None else padding, groups=groups, bias=False),
                         nn.BatchNorm2d(cout))


class RepBlock(nn.Module):
    def __init__(self, cin, cout, stride=1, groups=1):
        super().__init__()
        self.rbr_identity = nn.BatchNorm2d(cin) if cin == cout and stride == 1 else None
        self.rbr_dense = conv_bn(cin, cout, 3, stride, groups)
        self.rbr_1x1 = conv_bn(cin, cout, 1, stride, groups)

    def forward(self, x):
        y = self.rbr_dense(x) + self.rbr_1x1(x)
        if self.rbr_identity is not None:
            y = y + self.rbr_identity(x)
        return F.relu(y)


class RepVGG(nn.Module):
    def __init__(self):
        super().__init__()
        self.stage0, self.stage1, self.stage2 = RepBlock(3, 8, 2), RepBlock(8, 8, 1, 2), RepBlock(8, 12, 2)
        self.linear = nn.Linear(12, 5)

    def forward(self, x):
        x = F.adaptive_avg_pool2d(self.stage2(self.stage1(self.stage0(x))), 1)
        return self.linear(x.view(x.size(0), -1))


class BorderedNorm(nn.Module):
    """DiverseBranchBlock's BNAndPadLayer, line by line in what matters to the graph."""
    def __init__(self, channels, pad):
        super().__init__()
        self.bn, self.pad = nn.BatchNorm2d(channels), pad

    def forward(self, x):
        x = self.bn(x)
        border = self.bn.bias.detach() - self.bn.running_mean * self.bn.weight.detach() / torch.sqrt(self.bn.running_var + self.bn.eps)
        x = F.pad(x, [self.pad] * 4)
        border = border.view(1, -1, 1, 1)
        x[:, :, 0:self.pad, :] = border
        x[:, :, -self.pad:, :] = border
        x[:, :, :, 0:self.pad] = border
        x[:, :, :, -self.pad:] = border
        return x


class Diverse(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.origin, self.one = conv_bn(c, c, 3), conv_bn(c, c, 1)
        self.average = nn.Sequential(nn.Conv2d(c, c, 1, bias=False), BorderedNorm(c, 1), nn.AvgPool2d(3, 1), nn.BatchNorm2d(c))
        self.kxk = nn.Sequential(nn.Conv2d(c, c, 1, bias=False), BorderedNorm(c, 1), nn.Conv2d(c, c, 3, bias=False), nn.BatchNorm2d(c))

    def forward(self, x):
        return F.relu(self.origin(x) + self.one(x) + self.average(x) + self.kxk(x))


class ZeroBorder(nn.Module):
    """The same chain, wrongly padded with zeros: exact inside only."""
    def __init__(self, c):
        super().__init__()
        self.first, self.second, self.origin = conv_bn(c, c, 1), conv_bn(c, c, 3), conv_bn(c, c, 3)

    def forward(self, x):
        return F.relu(self.origin(x) + self.second(self.first(x)))


class Asymmetric(nn.Module):
    def __init__(self, cin, cout):
        super().__init__()
        self.square = conv_bn(cin, cout, 3, 2)
        self.tall = nn.Sequential(nn.Conv2d(cin, cout, (3, 1), 2, (1, 0), bias=False), nn.BatchNorm2d(cout))
        self.wide = nn.Sequential(nn.Conv2d(cin, cout, (1, 3), 2, (0, 1), bias=False), nn.BatchNorm2d(cout))

    def forward(self, x):
        return F.leaky_relu(self.square(x) + self.tall(x) + self.wide(x), 0.1)


class Stacked(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b, self.n, self.out = nn.Conv2d(3, 6, 3, padding=1), nn.Conv2d(3, 6, 1), nn.BatchNorm2d(6), nn.Conv2d(18, 6, 1)

    def forward(self, x):
        a = self.a(x)
        return F.hardswish(self.out(torch.cat([a, self.b(x), self.n(a)], 1)))


class Bottleneck(nn.Module):
    def __init__(self):
        super().__init__()
        self.down, self.up = nn.Conv2d(16, 4, 1), nn.Conv2d(4, 16, 1)

    def forward(self, x):
        return F.relu(self.up(self.down(x)))


class Inverted(nn.Module):
    """A projection without activation before the next expansion: two blocks, never one."""
    def __init__(self):
        super().__init__()
        self.project, self.expand = conv_bn(16, 4, 1), conv_bn(4, 16, 1)

    def forward(self, x):
        return F.relu6(self.expand(self.project(x)))


class Upscaler(nn.Module):
    def __init__(self):
        super().__init__()
        self.head, self.body, self.tail = nn.Conv2d(3, 8, 3, padding=1), RepBlock(8, 8), nn.Conv2d(8, 12, 3, padding=1)
        self.act = nn.PReLU(8)

    def forward(self, x):
        y = self.act(self.head(x))
        y = self.body(y) * torch.sigmoid(y) + F.silu(y) + F.gelu(y)
        return F.pixel_shuffle(self.tail(y), 2) + F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False)


class Unknown(nn.Module):
    def __init__(self):
        super().__init__()
        self.known, self.after = RepBlock(3, 8), RepBlock(8, 8)

    def forward(self, x):
        return self.after(torch.cumsum(self.known(x), 1))


class LinearNorm(nn.Module):
    """A norm behind and before a linear layer."""
    def __init__(self):
        super().__init__()
        self.body = nn.Conv2d(3, 8, 3)
        self.fc = nn.Sequential(nn.Linear(8, 10, bias=False), nn.BatchNorm1d(10))
        self.head = nn.Sequential(nn.BatchNorm1d(10), nn.Linear(10, 5))

    def forward(self, x):
        return self.head(F.relu(self.fc(F.adaptive_avg_pool2d(self.body(x), 1).flatten(1))))


class FlatEnd(nn.Module):
    """A convolution that makes one pixel of the map, and a step on the flattened map behind it."""
    def __init__(self, convolution, behind):
        super().__init__()
        self.body, self.behind = convolution, behind

    def forward(self, x):
        return torch.sigmoid(self.behind(self.body(x).flatten(1)))


class LoneNorm(nn.Module):
    """A norm between two activations: in no block."""
    def __init__(self):
        super().__init__()
        self.block, self.norm = RepBlock(3, 8), nn.BatchNorm2d(8)

    def forward(self, x):
        return torch.sigmoid(self.norm(self.block(x)))


class Gated(nn.Module):
    """Branches of which one has an activation of its own, one a GroupNorm."""
    def __init__(self):
        super().__init__()
        self.origin, self.one, self.two, self.group = conv_bn(4, 4, 3), conv_bn(4, 4, 1), nn.Conv2d(4, 4, 1), nn.GroupNorm(2, 4)

    def forward(self, x):
        y = F.relu(self.origin(x) + F.relu(self.one(x)))
        y = F.relu(self.origin(y) + self.one(y).abs())
        y = F.relu(self.origin(y) + self.group(self.two(y)))
        return F.relu(self.origin(y) + F.avg_pool2d(y, 3, 1, 1, count_include_pad=False))


class Lambda(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x):
        return self.function(x)


networks = {"repvgg": (RepVGG(), (2, 3, 20, 24)), "diverse": (Diverse(6), (1, 6, 9, 11)), "zero_border": (ZeroBorder(6), (1, 6, 9, 8)),
            "asymmetric": (Asymmetric(5, 7), (1, 5, 13, 10)), "stacked": (Stacked(), (2, 3, 7, 8)), "bottleneck": (Bottleneck(), (1, 16, 6, 5)),
            "inverted": (Inverted(), (1, 16, 6, 5)), "upscaler": (Upscaler(), (1, 3, 8, 10)), "unknown": (Unknown(), (1, 3, 8, 8)),
            "linear_norm": (LinearNorm(), (3, 3, 7, 6)), "gated": (Gated(), (1, 4, 6, 7)),
            "flat_norm": (FlatEnd(nn.Conv2d(3, 8, 7), nn.BatchNorm1d(8)), (3, 3, 7, 7)),
            "flat_depthwise": (FlatEnd(nn.Conv2d(8, 8, 7, groups=8), nn.BatchNorm1d(8)), (3, 8, 7, 7)),
            "flat_lenet": (FlatEnd(nn.Conv2d(3, 8, 5), nn.Linear(8, 4)), (3, 3, 5, 5)),
            "flat_strided": (FlatEnd(nn.Conv2d(3, 8, 1, 2), nn.BatchNorm1d(8)), (3, 3, 2, 2)),
            "lone_norm": (LoneNorm(), (1, 3, 6, 7))}

# Numbers that float32 holds exactly: the file must say what PyTorch computed.
mixed = torch.arange(1, 7) / 8
functions = {
    "arithmetic": lambda x: ((x + 1.5) * 2 - x / 3) / (x.abs() + 1) + (2 - x) + 1 / (x * x + 1),
    "powers": lambda x: (x.abs() + 0.125).sqrt() + x.pow(2) + (x.abs() + 0.5).pow(1.5) + x.exp() + (x.abs() + 1).log() + x.neg(),
    "per_channel": lambda x: x * mixed.to(x.dtype).view(1, 6, 1, 1) + mixed.to(x.dtype).view(6, 1, 1) - mixed.to(x.dtype).view(1, 6, 1, 1) / 8,
    "activations": lambda x: torch.cat([F.relu(x), F.leaky_relu(x, 0.2), F.relu6(3 * x), torch.tanh(x), torch.sigmoid(x), F.hardsigmoid(2 * x),
                                        F.hardswish(x), F.silu(x), F.gelu(x), F.softplus(x), x.clamp(-0.5, 0.7), x.clamp(min=0.1)], 1),
    "pools": lambda x: torch.cat([F.max_pool2d(x, 3, 1, 1), F.avg_pool2d(x, 3, 1, 1), F.avg_pool2d(x, 3, 1, 1, count_include_pad=False),
                                  F.max_pool2d(x, 2, 1)[:, :, :, :1].expand(-1, -1, -1, 9)[:, :, :1].expand(-1, -1, 8, -1)], 1),
    "pools_ceil": lambda x: F.max_pool2d(x, 3, 2, ceil_mode=True) + F.avg_pool2d(x, 3, 2, ceil_mode=True),
    "reductions": lambda x: x.mean((2, 3), keepdim=True) + x.amax((2, 3), keepdim=True) + x.sum(1, keepdim=True) - x.mean(3, keepdim=True) + x.amin(2, keepdim=True),
    "softmax": lambda x: x.softmax(1) + x.softmax(-1),
    "slices": lambda x: torch.cat([x[:, 1:5:2], x[:, -2:], x.split([2, 4], 1)[1], x.chunk(3, 1)[0]], 1),
    "shapes": lambda x: x.view(x.size(0), 2, 3, x.size(2), x.size(3)).transpose(1, 2).reshape(x.size(0), -1, x.size(2), x.size(3)),
    "flat": lambda x: x.flatten(1)[:, :7].unsqueeze(1).squeeze(1) * 2,
    "select": lambda x: x[:, 2] + x[:, -1],
    "attention": lambda x: (x.flatten(2).transpose(1, 2) @ x.flatten(2)).softmax(-1),
    "pads": lambda x: F.pad(x, (1, 2, 0, 1), value=0.25)[:, :, :8, :9] + F.pad(x, (2, 1, 1, 3), "reflect")[:, :, :8, :9] + F.pad(x, (0, 2, 1, 0), "replicate")[:, :, :8, :9],
    "crop": lambda x: F.pad(x, (-1, 1, -2, 0)),
    "shuffles": lambda x: F.pixel_shuffle(F.pixel_unshuffle(x[:, :, :, :8], 2), 2),
    "nearest": lambda x: F.interpolate(x, scale_factor=2),
    "nearest_size": lambda x: F.interpolate(x, size=(x.size(2) * 2, x.size(3) * 2)),
    "bicubic": lambda x: F.interpolate(x, scale_factor=2, mode="bicubic", align_corners=False),
    "corners": lambda x: F.interpolate(x, size=(11, 13), mode="bilinear", align_corners=True),
    "tile": lambda x: x.repeat(1, 2, 1, 3),
    "layer_norm": lambda x: F.layer_norm(x.permute(0, 2, 3, 1), (6,), mixed.to(x.dtype), mixed.to(x.dtype) - 1, 2**-10).permute(0, 3, 1, 2),
    "instance_norm": lambda x: F.instance_norm(x, weight=mixed.to(x.dtype), bias=mixed.to(x.dtype)),
}


def randomise(model):
    for module in model.modules():
        if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)):
            n = module.num_features
            module.weight.data = torch.rand(n) + 0.5
            module.bias.data = torch.randn(n) * 0.3
            module.running_mean = torch.randn(n) * 0.3
            module.running_var = torch.rand(n) + 0.1
    return model.eval()


def save(name, model, x, opset):
    buffer = io.BytesIO()
    torch.onnx.export(model, x, buffer, opset_version=opset, training=torch.onnx.TrainingMode.PRESERVE, do_constant_folding=False)
    with open(f"{folder}/{name}.onnx", "wb") as out:
        out.write(buffer.getvalue())
    np.save(f"{folder}/{name}.x.npy", x.double().numpy())
    with torch.no_grad():
        y = model.double()(x.double())
    np.save(f"{folder}/{name}.y.npy", np.ascontiguousarray(y.numpy()))
    model.float()


for name, (model, shape) in networks.items():
    x = torch.randn(shape)
    save(name, randomise(model), x, 13)
    with torch.no_grad():
        np.save(f"{folder}/{name}.train.npy", copy.deepcopy(model).double().train()(x.double()).numpy())
    if name == "repvgg":
        torch.save(model.state_dict(), f"{folder}/{name}.pth")
    if name == "unknown":
        between = torch.randn(1, 8, 6, 7).double()
        with torch.no_grad():
            answer = copy.deepcopy(model).double().after(between)
        np.save(f"{folder}/after.x.npy", between.numpy())
        np.save(f"{folder}/after.y.npy", answer.numpy())
    if name in ("repvgg", "lone_norm"):
        other = copy.deepcopy(model).double()
        for module in other.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.eps = 1e-2
        with torch.no_grad():
            np.save(f"{folder}/{name}.eps.npy", other(x.double()).numpy())
skipped = []
for opset in (11, 13, 17):
    for name, function in functions.items():
        try:
            save(f"{name}.{opset}", Lambda(function), torch.randn(2, 6, 8, 9), opset)
        except Exception as error:  # PyTorch cannot export it to this opset
            skipped.append(f"{name}.{opset}: {type(error).__name__}")
with open(f"{folder}/skipped.txt", "w") as out:
    out.write("\n".join(skipped))
