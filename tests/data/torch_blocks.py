# SPDX-License-Identifier: Apache-2.0
"""Re-parameterizable blocks written down again from their papers and repositories (blocks/, see README.md), for cross-checks.

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

from blocks.common import ConvBN
from blocks.vgg import Conv2, Implicit, LinearAdd, MobileOne, Pair, QARepVGG, RepVGG, SuperGradients
from blocks.diverse import ACBlock, DBB, LCNetV2, LCNetV3, OREPA, OREPA1x1, OREPAGroups, OREPALarge, OREPARepVGG
from blocks.pictures import Conv3XC, ECB, HFAB, MBRConv, RRRB, RVSR
from blocks.transformers import (BNLinear, DepthwiseResidual, Dilated, Heads, LargeKernel, LinearBN, Pointwise, PositionEncoding, RepGhost,
                                 RepMixer, RepVGGDW, SmallDepthwise)

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
    "orepa_groups": (lambda: OREPAGroups(), dict(channels=8)),
    "orepa_depthwise": (lambda: OREPAGroups(groups=8), dict(channels=8)),
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
