# SPDX-License-Identifier: Apache-2.0
"""RepVGG as in DingXiaoH/RepVGG repvgg.py, for cross-checks (see README.md).

make DIR --groups G --se {0,1} --size HxW --batch N : model.pth, x.npy, y_train.npy, y_eval.npy, and one block's branches
load DIR FILE                                       : FILE strictly into the deploy network; y_deploy.npy
"""
import argparse
import json
import os

import numpy as np
import torch
from torch import nn


class SE(nn.Module):
    def __init__(self, channels, inner):
        super().__init__()
        self.down = nn.Conv2d(channels, inner, 1)
        self.up = nn.Conv2d(inner, channels, 1)

    def forward(self, x):
        gate = torch.sigmoid(self.up(torch.relu(self.down(x.mean((2, 3), keepdim=True)))))
        return x * gate


def conv_bn(cin, cout, k, stride, groups):
    block = nn.Sequential()
    block.add_module("conv", nn.Conv2d(cin, cout, k, stride, k // 2, groups=groups, bias=False))
    block.add_module("bn", nn.BatchNorm2d(cout))
    return block


class Block(nn.Module):
    def __init__(self, cin, cout, stride, groups, se, deploy):
        super().__init__()
        self.se = SE(cout, max(cout // 16, 2)) if se else nn.Identity()
        if deploy:
            self.rbr_reparam = nn.Conv2d(cin, cout, 3, stride, 1, groups=groups)
        else:
            self.rbr_identity = nn.BatchNorm2d(cin) if cin == cout and stride == 1 else None
            self.rbr_dense = conv_bn(cin, cout, 3, stride, groups)
            self.rbr_1x1 = conv_bn(cin, cout, 1, stride, groups)

    def branches(self, x):
        parts = {"rbr_dense": self.rbr_dense(x), "rbr_1x1": self.rbr_1x1(x)}
        if self.rbr_identity is not None:
            parts["rbr_identity"] = self.rbr_identity(x)
        return parts

    def forward(self, x):
        y = self.rbr_reparam(x) if hasattr(self, "rbr_reparam") else sum(self.branches(x).values())
        return torch.relu(self.se(y))


class RepVGG(nn.Module):
    def __init__(self, depths, widths, groups, se, classes, deploy):
        super().__init__()
        self.stage0 = Block(3, widths[0], 2, 1, se, deploy)
        cin, index = widths[0], 1
        for stage, (depth, width) in enumerate(zip(depths, widths[1:]), start=1):
            blocks = []
            for i in range(depth):
                g = groups if index % 2 == 0 else 1
                blocks.append(Block(cin, width, 2 if i == 0 else 1, g, se, deploy))
                cin, index = width, index + 1
            setattr(self, f"stage{stage}", nn.Sequential(*blocks))
        self.linear = nn.Linear(cin, classes)

    def forward(self, x):
        for stage in (self.stage0, self.stage1, self.stage2, self.stage3, self.stage4):
            x = stage(x)
        return self.linear(x.mean((2, 3)))


def build(config, deploy):
    return RepVGG(config["depths"], config["widths"], config["groups"], config["se"], config["classes"], deploy)


def randomise(model):
    """Statistics that show a mistake: gamma of both signs, a zero, variances over orders of magnitude."""
    generator = torch.Generator().manual_seed(7)
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d):
            n = module.num_features
            module.weight.data = torch.randn(n, generator=generator) * 0.3 + 0.7
            module.weight.data[0] = -module.weight.data[0]
            module.bias.data = torch.randn(n, generator=generator) * 0.2
            module.running_mean = torch.randn(n, generator=generator) * 0.2
            module.running_var = 10 ** (torch.rand(n, generator=generator) * 2 - 1.5)


def save(folder, name, tensor):
    np.save(os.path.join(folder, name), tensor.detach().numpy())


def make(args):
    config = {"depths": [2, 3, 3, 1], "widths": [8, 8, 16, 24, 32], "groups": args.groups, "se": bool(args.se), "classes": 7}
    with open(os.path.join(args.folder, "config.json"), "w") as f:
        json.dump(config, f)
    torch.manual_seed(args.groups * 10 + args.se)
    model = build(config, False)
    randomise(model)
    torch.save({"state_dict": model.state_dict(), "epoch": 3}, os.path.join(args.folder, "model.pth"))
    h, w = (int(n) for n in args.size.split("x"))
    x = torch.randn(args.batch, 3, h, w).double()
    save(args.folder, "x.npy", x)
    model = model.double().eval()
    with torch.no_grad():
        save(args.folder, "y_eval.npy", model(x))
        t = model.stage2[0](model.stage1(model.stage0(x)))
        for name, part in model.stage2[1].branches(t).items():
            save(args.folder, f"branch_{name}.npy", part)
        save(args.folder, "y_train.npy", model.train()(x))


def load(args):
    with open(os.path.join(args.folder, "config.json")) as f:
        model = build(json.load(f), True)
    loaded = torch.load(args.file, map_location="cpu")
    assert loaded["epoch"] == 3, "the plain data beside the weights was lost"
    model.load_state_dict(loaded["state_dict"], strict=True)
    x = torch.from_numpy(np.load(os.path.join(args.folder, "x.npy")))
    with torch.no_grad():
        save(args.folder, "y_deploy.npy", model.double().eval()(x))


def main():
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers(dest="command", required=True)
    maker = commands.add_parser("make")
    maker.add_argument("folder")
    maker.add_argument("--groups", type=int, default=1)
    maker.add_argument("--se", type=int, default=0)
    maker.add_argument("--size", default="64x64")
    maker.add_argument("--batch", type=int, default=2)
    maker.set_defaults(run=make)
    loader = commands.add_parser("load")
    loader.add_argument("folder")
    loader.add_argument("file")
    loader.set_defaults(run=load)
    args = parser.parse_args()
    args.run(args)


if __name__ == "__main__":
    main()
