# SPDX-License-Identifier: Apache-2.0
"""Small networks of re-parameterizable blocks, wired as their papers and repositories say, for cross-checks (see README.md).

make DATA DIR : one folder for each case with model.pth, x.npy, y_train.npy, y_eval.npy (float64); DATA holds torch_blocks.py
"""
import os
import sys

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

sys.path.insert(0, sys.argv[2])
from blocks.common import BN, SE, ConvBN  # noqa: E402
from blocks.pictures import ECB, Conv3XC  # noqa: E402
from blocks.vgg import MobileOne, RepVGG  # noqa: E402
from torch_blocks import randomise  # noqa: E402


class PostSE(nn.Module):
    """RepVGGplus: squeeze and excitation behind the ReLU."""

    def __init__(self, c, oc, stride):
        super().__init__()
        block = RepVGG(c, oc, stride)
        for name, part in block.named_children():
            self.add_module(name, part)
        self.post_se = SE(oc, oc // 4, "down", "up")
        self.inner = [block]  # not registered: the keys stand at this level

    def forward(self, x):
        return self.post_se(self.inner[0](x))


class Stage(nn.Module):
    def __init__(self, c, oc, count, stride):
        super().__init__()
        self.blocks = nn.ModuleList([PostSE(c if i == 0 else oc, oc, stride if i == 0 else 1) for i in range(count)])

    def forward(self, x):
        for block in self.blocks:
            x = block(x)
        return x


class RepVGGplus(nn.Module):
    """families.md 4.2, with the auxiliary heads that only training computes."""

    def __init__(self):
        super().__init__()
        self.stage0 = PostSE(3, 8, 2)
        self.stage1, self.stage2 = Stage(8, 8, 2, 2), Stage(8, 12, 2, 2)
        self.stage3_first, self.stage3_second = Stage(12, 16, 2, 2), Stage(16, 16, 2, 1)
        self.stage4 = Stage(16, 20, 1, 2)
        self.stage1_aux = nn.Sequential(ConvBN(8, 8, 3, 2), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 5))
        self.linear = nn.Linear(20, 5)

    def forward(self, x):
        for stage in (self.stage0, self.stage1, self.stage2, self.stage3_first, self.stage3_second, self.stage4):
            x = stage(x)
        return self.linear(x.mean((2, 3)))


APPLE = dict(stem="stage0", stages="stage{}", first=1, head="linear", block=dict())
TIMM = dict(stem="stem", stages="stages.{}", first=0, head="head.fc",
            block=dict(names=("conv_kxk", "conv_scale", "identity"), se_names=("attn", "fc1", "fc2")))
MM = dict(stem="backbone.stage0", stages="backbone.stage{}", first=1, head="head.fc",
          block=dict(names=("branch_conv_list", "branch_scale", "branch_norm"), norm="norm"))


class MobileOneNet(nn.Module):
    """families.md 4.10: units of a depthwise and a pointwise block; squeeze and excitation in the last stage."""

    def __init__(self, layout, se):
        super().__init__()
        o = layout["block"]
        self.stem = MobileOne(3, 8, 3, 2, n=1, **o)
        widths, depths, c = (8, 12, 16, 20), (1, 2, 2, 1), 8
        self.stages = nn.ModuleList()
        for s, (w, d) in enumerate(zip(widths, depths)):
            blocks = []
            for i in range(d):
                last = se and s == 3
                blocks.append(MobileOne(c, c, 3, 2 if i == 0 else 1, c, n=2, se=last, **o))
                blocks.append(MobileOne(c, w, 1, 1, 1, n=2, se=last, **o))
                c = w
            self.stages.append(nn.Sequential(*blocks))
        self.head = nn.Linear(c, 5)
        self.layout = layout

    def forward(self, x):
        x = self.stem(x)
        for stage in self.stages:
            x = stage(x)
        return self.head(x.mean((2, 3)))

    def rename(self, key):
        module, rest = key.split(".", 1)
        if module == "stem":
            return self.layout["stem"] + "." + rest
        if module == "head":
            return self.layout["head"] + "." + rest
        number, rest = rest.split(".", 1)
        return self.layout["stages"].format(int(number) + self.layout["first"]) + "." + rest


class ECBSR(nn.Module):
    """families.md 4.17; with several colours each one is repeated for its own pixels."""

    def __init__(self, colors=1, scale=2, m=2, c=8):
        super().__init__()
        self.scale, self.colors = scale, colors
        blocks = [ECB(colors, c)] + [ECB(c, c) for _ in range(m)] + [ECB(c, colors * scale * scale, act=False)]
        self.backbone = nn.ModuleList(blocks)

    def forward(self, x):
        y = x
        for block in self.backbone:
            y = block(y)
        anchor = x if self.colors == 1 else x.repeat_interleave(self.scale ** 2, 1)
        return F.pixel_shuffle(y + anchor, self.scale)


class SPAB(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.c1_r, self.c2_r, self.c3_r = Conv3XC(c, c), Conv3XC(c, c), Conv3XC(c, c)

    def forward(self, x):
        first = F.silu(self.c1_r(x))
        third = self.c3_r(F.silu(self.c2_r(first)))
        return (third + x) * (torch.sigmoid(third) - 0.5), first


class SPAN(nn.Module):
    """families.md 4.18; its SiLU works in place, so the concatenated inner map is the activated one."""

    def __init__(self, c=8, scale=2):
        super().__init__()
        self.scale = scale
        self.conv_1, self.conv_2 = Conv3XC(3, c), Conv3XC(c, c)
        for i in range(1, 7):
            setattr(self, f"block_{i}", SPAB(c))
        self.conv_cat = nn.Conv2d(4 * c, c, 1)
        self.upsampler = nn.Sequential(nn.Conv2d(c, 3 * scale * scale, 3, 1, 1))

    def forward(self, x):
        x = (x - torch.tensor([0.4488, 0.4371, 0.4040], dtype=x.dtype).view(1, 3, 1, 1)) * 255
        head = self.conv_1(x)
        b1, inner = self.block_1(head)
        y = b1
        for i in range(2, 7):
            y, inner = getattr(self, f"block_{i}")(y)
        y = self.conv_cat(torch.cat([head, self.conv_2(y), b1, inner], 1))
        return F.pixel_shuffle(self.upsampler(y), self.scale)


class LCUnit(nn.Module):
    """PP-LCNetV2's depthwise separable unit."""

    def __init__(self, c, oc, stride, k, split=False, rep=False, se=False, shortcut=False):
        super().__init__()
        self.rep, self.split, self.shortcut = rep, split, shortcut and stride == 1 and c == oc
        if rep:
            sizes = [s for s in range(k, 0, -2) if s > 1 or stride == 1]
            self.dw_conv_list = nn.ModuleList([ConvBN(c, c, s, stride, c) for s in sizes])
            self.dw_conv = nn.Conv2d(c, c, k, stride, k // 2, groups=c)  # a placeholder
        else:
            self.dw_conv = ConvBN(c, c, k, stride, c)
        if se:
            self.se = SE(c, c // 4, "conv1", "conv2")
        if split:
            self.pw_conv_1, self.pw_conv_2 = ConvBN(c, oc // 2, 1), ConvBN(oc // 2, oc, 1)
        else:
            self.pw_conv = ConvBN(c, oc, 1)

    def forward(self, x):
        y = F.relu(sum(b(x) for b in self.dw_conv_list) if self.rep else self.dw_conv(x))
        if hasattr(self, "se"):
            y = self.se(y)
        for name in ("pw_conv_1", "pw_conv_2") if self.split else ("pw_conv",):
            y = F.relu(getattr(self, name)(y))
        return y + x if self.shortcut else y


class StemConv(ConvBN):
    def forward(self, x):
        return F.relu(super().forward(x))


class LCNetV2(nn.Module):
    """PaddleClas legendary_models/pp_lcnet_v2.py."""

    def __init__(self, depths=(1, 2, 2, 2), w=4):
        super().__init__()
        self.stem = nn.Sequential(StemConv(3, w, 3, 2), LCUnit(w, 2 * w, 1, 3))
        rows = [(2, 3, {}), (4, 3, {}), (8, 5, dict(split=True, rep=True, se=True)), (16, 5, dict(rep=True, shortcut=True))]
        for s, (c, k, options) in enumerate(rows):
            units = [LCUnit((c if i == 0 else 2 * c) * w, 2 * c * w, 2 if i == 0 else 1, k, **options) for i in range(depths[s])]
            setattr(self, f"stage{s + 1}", nn.Sequential(*units))
        self.last_conv = nn.Conv2d(32 * w, 24, 1, bias=False)
        self.fc = nn.Linear(24, 5)

    def forward(self, x):
        for stage in (self.stem, self.stage1, self.stage2, self.stage3, self.stage4):
            x = stage(x)
        x = F.relu(self.last_conv(x.mean((2, 3), keepdim=True)))
        return self.fc(x.flatten(1))

    def rename(self, key):
        return key.replace("running_mean", "_mean").replace("running_var", "_variance")


CASES = {
    "repvggplus": (RepVGGplus, (3, 64, 96)),
    "mobileone_apple": (lambda: MobileOneNet(APPLE, True), (3, 64, 70)),
    "mobileone_timm": (lambda: MobileOneNet(TIMM, True), (3, 64, 70)),
    "mobileone_mmpretrain": (lambda: MobileOneNet(MM, False), (3, 64, 70)),
    "pplcnetv2": (LCNetV2, (3, 64, 70)),
    "ecbsr": (ECBSR, (1, 9, 11)),
    "ecbsr_colours": (lambda: ECBSR(3), (3, 9, 11)),
    "span": (SPAN, (3, 9, 11)),
}


def main(folder):
    for index, (name, (build, shape)) in enumerate(CASES.items()):
        torch.manual_seed(index)
        generator = torch.Generator().manual_seed(50 + index)
        model = build()
        randomise(model, generator)
        for module in model.modules():  # kinder statistics: several blocks stand one behind the other
            if isinstance(module, BN):
                module.running_var = module.running_var.clamp(0.2, 3)
        case = os.path.join(folder, name)
        os.makedirs(case)
        rename = getattr(model, "rename", lambda key: key)
        paddle = name == "pplcnetv2"
        state = {rename(k): v for k, v in model.state_dict().items() if not (paddle and k.endswith("num_batches_tracked"))}
        if paddle:
            state["fc.weight"] = state["fc.weight"].t().contiguous()
        torch.save(state, os.path.join(case, "model.pth"))
        model = model.double()
        x = torch.rand(2, *shape, generator=generator).double()
        with torch.no_grad():
            np.save(os.path.join(case, "x.npy"), x.numpy())
            np.save(os.path.join(case, "y_eval.npy"), model.eval()(x).numpy())
            np.save(os.path.join(case, "y_train.npy"), model.train()(x).numpy())


main(sys.argv[3])
