# SPDX-License-Identifier: Apache-2.0
"""RepVGG fused in float32 as published conversion code does, rightly and with one mistake each; see README.md.

DIR --se {0,1} DATA (the folder of this script): model.pth, x.npy, <fault>.pth (deploy form), <fault>.onnx, y_<cause>.npy (outputs in float64)
"""
import argparse
import copy
import os
import sys
import warnings

import numpy as np
import torch
from torch import nn

sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv.pop())
from torch_repvgg import build, randomise  # noqa: E402

warnings.filterwarnings("ignore")
CONFIG = {"depths": [2, 3, 3, 1], "widths": [8, 8, 16, 24, 32], "groups": 4, "classes": 7}


def fold(kernel, bn, mistake):
    """get_equivalent_kernel_bias's _fuse_bn_tensor."""
    eps = 1e-3 if mistake == "eps" else bn.eps
    std = bn.running_var + eps
    if mistake != "gamma_over_var":
        std = std.sqrt()
    scale = bn.weight / std
    mean = 0 if mistake == "mean_forgotten" else bn.running_mean
    return kernel * scale.reshape(-1, 1, 1, 1), bn.bias - mean * scale


def identity_kernel(channels, groups, mistake):
    per_group = channels // groups
    if mistake == "yolov7_identity":
        # WongKinYiu/yolov7 models/common.py, RepConv.fuse_repvgg_block: squeeze, fill_diagonal_ (which does not wrap), unsqueeze.
        kernel = torch.zeros(channels, per_group)
        kernel.fill_diagonal_(1.0)
    else:
        kernel = torch.zeros(channels, per_group)
        for o in range(channels):
            kernel[o, o % per_group] = 1
    return kernel[:, :, None, None]


def fuse(block, mistake):
    dense = block.rbr_dense.conv
    kernel, bias = fold(dense.weight, block.rbr_dense.bn, mistake)
    small, b = fold(block.rbr_1x1.conv.weight, block.rbr_1x1.bn, mistake)
    pad = [0, 2, 0, 2] if mistake == "corner" else [1, 1, 1, 1]
    kernel, bias = kernel + nn.functional.pad(small, pad), bias + b
    if block.rbr_identity is not None and mistake != "no_identity":
        small, b = fold(identity_kernel(dense.in_channels, dense.groups, mistake), block.rbr_identity, mistake)
        kernel, bias = kernel + nn.functional.pad(small, [1, 1, 1, 1]), bias + b
    if mistake == "no_bias":
        bias = torch.zeros_like(bias)
    if mistake == "transposed":
        kernel = kernel.transpose(2, 3)
    return kernel, bias


def blocks_of(model):
    return [(name, m) for name, m in model.named_modules() if hasattr(m, "rbr_dense") or hasattr(m, "rbr_reparam")]


def deployed(model, config, mistake, only=None):
    """The deploy network; the mistake is made in every block, or in `only`."""
    target = build(config, True)
    train = dict(blocks_of(model))
    with torch.no_grad():
        for name, block in blocks_of(target):
            kernel, bias = fuse(train[name], mistake if only in (None, name) else None)
            block.rbr_reparam.weight.copy_(kernel)
            block.rbr_reparam.bias.copy_(bias)
            if mistake == "no_padding" and name.startswith("stage1."):  # timm byobnet: inference_mode=True builds it without padding
                block.rbr_reparam.padding = (0, 0)
            if mistake == "padding_mode" and name.startswith("stage1."):  # RepVGG repvgg.py: only the deploy convolution gets the mode
                block.rbr_reparam.padding_mode = "reflect"
            block.se.load_state_dict(train[name].se.state_dict())
        target.linear.load_state_dict(model.linear.state_dict())
    if mistake == "se_skipped":  # mmpretrain RepVGGBlock.forward returns before se_layer
        for _, block in blocks_of(target):
            block.se = nn.Identity()
    return target.eval()


def as_timm(state):
    """timm's names of a RepVGG in deploy form."""
    named = {}
    for key, value in state.items():
        key = key.replace("linear.", "head.fc.").replace("stage0.", "stem.").replace("rbr_reparam", "reparam_conv")
        key = key.replace("se.down", "attn.fc1").replace("se.up", "attn.fc2")
        for stage in range(1, 5):
            key = key.replace(f"stage{stage}.", f"stages.{stage - 1}.")
        named[key] = value
    return named


def as_int8(state):
    """Symmetric, one scale per output channel, stored as float32 again."""
    rounded = {}
    for key, value in state.items():
        if key.endswith("rbr_reparam.weight"):
            step = value.abs().amax((1, 2, 3), keepdim=True) / 127
            value = torch.round(value / step) * step
        rounded[key] = value
    return rounded


def export(model, path, x):
    torch.onnx.export(model, x.float(), path, opset_version=13, input_names=["x"], output_names=["y"])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--se", type=int, default=0)
    args = parser.parse_args()
    config = {**CONFIG, "se": bool(args.se)}
    torch.manual_seed(args.se + 1)
    model = build(config, False)
    randomise(model)
    model.eval()
    other = copy.deepcopy(model)
    with torch.no_grad():
        for p in other.parameters():
            p.mul_(1 + 0.1 * torch.randn_like(p))
    at = lambda name: os.path.join(args.folder, name)
    torch.save({"model": model.state_dict(), "ema": other.state_dict()}, at("model.pth"))
    x = torch.randn(2, 3, 64, 64)
    np.save(at("x.npy"), x.double().numpy())
    for mistake in ("right", "yolov7_identity", "eps", "mean_forgotten", "gamma_over_var", "no_identity", "corner", "no_bias", "transposed"):
        torch.save(deployed(model, config, mistake).state_dict(), at(mistake + ".pth"))
    torch.save(deployed(model, config, "corner", "stage2.1").state_dict(), at("one_block.pth"))
    torch.save(deployed(other, config, "right").state_dict(), at("ema.pth"))
    torch.save(as_timm(deployed(model, config, "eps").state_dict()), at("timm_eps.pth"))
    torch.save(as_timm(deployed(model, config, "right").state_dict()), at("timm.pth"))
    right = deployed(model, config, "right").state_dict()
    torch.save({k: v.half() for k, v in right.items()}, at("half.pth"))
    torch.save(as_int8(right), at("int8.pth"))
    broken = {k: v.clone() for k, v in right.items()}
    broken["stage1.1.rbr_reparam.weight"][0, 0, 0, 0] = float("nan")
    torch.save(broken, at("nan.pth"))
    torch.save(model.state_dict(), at("not_fused.pth"))
    for mistake in ("right", "eps", "no_padding", "padding_mode", "se_skipped"):
        if mistake != "se_skipped" or args.se:
            export(deployed(model, config, mistake), at(mistake + ".onnx"), x)

    # Outputs, as somebody's own code gives them.
    mean, std = (torch.tensor(v).reshape(1, 3, 1, 1).double() for v in ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]))
    model, x = model.double(), x.double()

    def wrong_eps(network):
        for m in network.modules():
            if isinstance(m, nn.BatchNorm2d):
                m.eps = 1e-3
        return network

    with torch.no_grad():
        outputs = {
            "eval": model(x),
            "train": copy.deepcopy(model).train()(x),
            "bgr": model(x.flip(1)),
            "not_normalised": model(x * std + mean),
            "softmax": torch.softmax(model(x), 1),
            "eps": wrong_eps(copy.deepcopy(model))(x),
            "no_identity": deployed(copy.deepcopy(model).float(), config, "no_identity").double()(x),
            "bgr_softmax": torch.softmax(model(x.flip(1)), 1),
        }
        if args.se:
            outputs["se_skipped"] = deployed(copy.deepcopy(model).float(), config, "se_skipped").double()(x)
    for name, y in outputs.items():
        np.save(at(f"y_{name}.npy"), y.numpy())


main()
