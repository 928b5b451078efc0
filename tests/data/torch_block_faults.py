# SPDX-License-Identifier: Apache-2.0
"""Blocks of several families, each with what comes of one mistake, for tests of diagnosis; see README.md.

DIR DATA (the folder of this script): DIR/<case>/<seed>/ with model.pth (two weight sets), x.npy, y_<fault>.npy (outputs in float64),
weight_<fault>.npy and bias_<fault>.npy (fused kernels in float64), <fault>.pth (train files with something wrong in them). A fused kernel
is read from the block's answer to an impulse in each input channel: no rule of fusion is used.
"""
import contextlib
import copy
import os
import sys

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv.pop())
from blocks.transformers import LargeKernel, RepVGGDW  # noqa: E402
from blocks.vgg import LinearAdd, MobileOne, QARepVGG, RepVGG, SuperGradients  # noqa: E402
from blocks.diverse import ACBlock, DBB  # noqa: E402
from torch_blocks import TIMM, first_channels, keys_of, randomise  # noqa: E402

SEEDS = 5
# name: (module, groups, window, options as in torch_blocks.py)
CASES = {
    "repvgg": (lambda: RepVGG(), 1, 3, {}),
    "repvgg_groups": (lambda: RepVGG(groups=2), 2, 3, {}),
    "repvgg_se": (lambda: RepVGG(se=True), 1, 3, {}),
    "repvgg_se_groups": (lambda: RepVGG(groups=4, se=True), 4, 3, {}),
    "repvgg_timm": (lambda: RepVGG(names=TIMM), 1, 3, {}),
    "mobileone_se": (lambda: MobileOne(groups=8, se=True), 8, 3, {}),
    "mobileone_timm": (lambda: MobileOne(groups=8, se=True, names=("conv_kxk", "conv_scale", "identity"), se_names=("attn", "fc1", "fc2")), 8, 3, {}),
    "mobileone_point": (lambda: MobileOne(8, 8, 1, n=2), 1, 1, {}),
    "mobileclip": (lambda: LargeKernel(4, 2, 1, act=F.gelu, se=True), 4, 7, dict(prefix="image_encoder.token_mixer.")),
    "qarepvgg_1": (lambda: QARepVGG(version=1), 1, 3, {}),
    "qarepvgg_2": (lambda: QARepVGG(groups=2), 2, 3, {}),
    "supergradients": (lambda: SuperGradients(), 1, 3, {}),
    "linearadd": (lambda: LinearAdd(), 1, 3, {}),
    "repvit": (lambda: RepVGGDW(), 6, 3, {}),
    "acnet": (lambda: ACBlock(), 1, 3, {}),
    "dbb": (lambda: DBB(8, 8), 1, 3, {}),
    "dbb_groups": (lambda: DBB(8, 8, groups=2), 2, 3, {}),
}


@contextlib.contextmanager
def affine(model):
    """The block without what is not merged: squeeze-and-excitation and activation."""
    relu, se, act = F.relu, se_name(model), getattr(model, "act", None)
    kept = getattr(model, se) if se else None
    F.relu = lambda x, *_: x
    try:
        if se:
            setattr(model, se, nn.Identity())
        if act:
            model.act = lambda x: x
        yield model
    finally:
        F.relu = relu
        if se:
            setattr(model, se, kept)
        if act:
            model.act = act


def se_name(model):
    return next((name for name in ("se", "attn") if hasattr(model, name)), None)


def outer_name(model):
    """The norm behind the sum."""
    if isinstance(model, (QARepVGG, LinearAdd)):
        return "bn"
    if isinstance(model, RepVGGDW):
        return "bn" if model.kind == "repvit" else None
    return "post_bn" if isinstance(model, SuperGradients) else None


def kernel_of(model, groups, k):
    channels = first_channels(model, {})
    size, centre, p = 2 * k + 1, k, k // 2
    with torch.no_grad(), affine(model):
        zero = model(torch.zeros(1, channels, size, size).double())
        x = torch.zeros(channels, channels, size, size).double()
        for i in range(channels):
            x[i, i, centre, centre] = 1
        y = model(x) - zero
    oc = zero.size(1)
    weight, per_group = np.zeros((oc, channels // groups, k, k)), channels // groups
    for o in range(oc):
        first = o // (oc // groups) * per_group
        for i in range(per_group):
            for u in range(k):
                for v in range(k):
                    weight[o, i, u, v] = y[first + i, o, centre + p - u, centre + p - v]
    return weight, zero[0, :, centre, centre].numpy()


def strengthen(model):
    """Gates that are neither all about one half, as those of fresh layers, nor 0 and 1, as after such random norms."""
    if se_name(model):
        with torch.no_grad(), affine(model):
            largest = model.eval()(torch.randn(3, first_channels(model, {}), 9, 8) + 0.5).mean((2, 3)).abs().max()
        down, up = (module for module in getattr(model, se_name(model)).children())
        down.weight.data *= 5 / largest
        up.weight.data *= 4


class OuterMoved(nn.Module):
    """The norm behind the sum reaches what convolves, not the identity."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, x):
        name = outer_name(self.model)
        norm = getattr(self.model, name)
        setattr(self.model, name, nn.Identity())
        with affine(self.model):
            y = norm(self.model(x) - x) + x
        setattr(self.model, name, norm)
        return F.relu(y)


def drifted(model, share):
    other = copy.deepcopy(model)
    with torch.no_grad():
        for p in other.parameters():
            p.mul_(1 + share * torch.randn_like(p))
    return other


def untouched(model):
    other = copy.deepcopy(model)
    for module in other.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.reset_running_stats()
    return other


def batch_statistics(model, x):
    """The statistics of one batch in place of the running ones."""
    other = copy.deepcopy(model)
    for module in other.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.momentum = 1.0
    with torch.no_grad():
        other.train()(x)
    return other.eval()


def main(folder):
    for index, (name, (build, groups, k, options)) in enumerate(CASES.items()):
        for seed in range(SEEDS):
            torch.manual_seed(1000 * index + seed)
            generator = torch.Generator().manual_seed(77 + 1000 * index + seed)
            model = build()
            randomise(model, generator)
            strengthen(model)
            case = os.path.join(folder, name, str(seed))
            os.makedirs(case)
            at = lambda file: os.path.join(case, file)
            model.rbr_reparam = None  # SuperGradients' placeholder
            ema = drifted(model, 0.05)
            torch.save({"model": keys_of(model, options), "ema": keys_of(ema, options)}, at("model.pth"))
            torch.save(keys_of(model, options), at("not_fused.pth"))
            torch.save(keys_of(untouched(model), options), at("untouched.pth"))
            keys = keys_of(model, options)
            last = [key for key in keys if key.endswith("running_var")][-1]
            broken = {key: value.clone() for key, value in keys.items()}
            broken[last][1] = -0.25
            torch.save(broken, at("negative.pth"))
            for what, key in (("nan", last), ("nan_kernel", next(key for key, v in keys.items() if v.dim() == 4))):
                broken = {key: value.clone() for key, value in keys.items()}
                broken[key].view(-1)[0] = float("nan")
                torch.save(broken, at(what + ".pth"))

            model, ema = model.double().eval(), ema.double().eval()
            channels = first_channels(model, {})
            x = torch.randn(3, channels, 9, 8, generator=generator).double() + 0.5
            fused = {"right": model, "ema": ema, "drift": drifted(model, 0.01), "untouched": untouched(model), "batch": batch_statistics(model, x)}
            outputs = {"eval": model(x), "train": copy.deepcopy(model).train()(x)}
            if se_name(model):
                skipped = copy.deepcopy(model)
                setattr(skipped, se_name(model), nn.Identity())
                outputs["se_skipped"] = skipped(x)
                outputs["se_moved"] = getattr(model, se_name(model))(skipped(x))
            if outer_name(model):
                skipped = copy.deepcopy(model)
                setattr(skipped, outer_name(model), nn.Identity())
                fused["outer_skipped"], outputs["outer_skipped"] = skipped, skipped(x)
                if name not in ("linearadd", "qarepvgg_1"):  # whose identity has a factor or a norm of its own
                    fused["outer_moved"] = OuterMoved(copy.deepcopy(model))
                    outputs["outer_moved"] = fused["outer_moved"](x) if name != "repvit" else None
            outputs["untouched"] = fused["untouched"](x)
            np.save(at("x.npy"), x.numpy())
            for what, y in outputs.items():
                if y is not None:
                    np.save(at(f"y_{what}.npy"), y.detach().numpy())
            for what, other in fused.items():
                weight, bias = kernel_of(other, groups, k)
                np.save(at(f"weight_{what}.npy"), weight)
                np.save(at(f"bias_{what}.npy"), bias)


if __name__ == "__main__":
    main(sys.argv[1])
