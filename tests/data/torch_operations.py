# SPDX-License-Identifier: Apache-2.0
"""PyTorch's answer to each operation between blocks: x.npy and y.npy (or a.npy, b.npy …) to <case>.npy in DIR."""
import sys

import numpy as np
import torch
import torch.nn.functional as F

folder = sys.argv[1]


def load(name):
    return torch.from_numpy(np.load(f"{folder}/{name}.npy"))


x, y, row, gate = load("x"), load("y"), load("row"), load("gate")   # [2,8,5,6] twice, [1,8,1,6], [2,8,1,1]
flat, weight, gamma, beta = load("flat"), load("weight"), load("gamma"), load("beta")  # [2,7], [7,5], [8,1,1] twice
p = x.abs() + 0.1


def channel_norm(v, g=None, b=None, eps=1e-6):
    n = F.layer_norm(v.permute(0, 2, 3, 1), (v.shape[1],), None if g is None else g.flatten(),
                     None if b is None else b.flatten(), eps)
    return n.permute(0, 3, 1, 2)


def resize(**how):
    return F.interpolate(x, **how)


cases = {
    "abs": lambda: x.abs(), "sqrt": lambda: p.sqrt(), "exp": lambda: x.exp(), "log": lambda: p.log(), "erf": lambda: x.erf(),
    "reciprocal": lambda: p.reciprocal(), "negate": lambda: -x, "floor": lambda: x.floor(), "ceil": lambda: x.ceil(),
    "round": lambda: (4 * x).round(), "softplus": lambda: F.softplus(x), "clip": lambda: x.clamp(-0.5, 0.25),
    "gelu": lambda: F.gelu(x), "silu": lambda: F.silu(x), "tanh": lambda: x.tanh(), "prelu": lambda: F.prelu(x, gamma.flatten()),
    "add": lambda: x + y, "add_row": lambda: x + row, "subtract": lambda: x - row, "multiply": lambda: x * y,
    "gated": lambda: x * gate, "divide": lambda: x / (y.abs() + 1), "power": lambda: p.pow(row), "minimum": lambda: torch.minimum(x, row),
    "maximum": lambda: torch.maximum(x, y),
    "concat": lambda: torch.cat([x, y, x], 1), "concat_rows": lambda: torch.cat([x, y], 2), "concat_flat": lambda: torch.cat([flat, flat], -1),
    "pixel_shuffle": lambda: F.pixel_shuffle(x, 2),
    "depth_to_space_dcr": lambda: x.reshape(2, 2, 2, 2, 5, 6).permute(0, 3, 4, 1, 5, 2).reshape(2, 2, 10, 12),
    "pixel_unshuffle": lambda: F.pixel_unshuffle(x[:, :, :4], 2),
    "space_to_depth": lambda: x[:, :, :4].reshape(2, 8, 2, 2, 3, 2).permute(0, 3, 5, 1, 2, 4).reshape(2, 32, 2, 3),
    "layer_norm_channels": lambda: channel_norm(x, gamma, beta), "layer_norm_plain": lambda: channel_norm(x, eps=1e-3),
    "layer_norm_last": lambda: F.layer_norm(flat, (7,)),
    "max_pool": lambda: F.max_pool2d(x, (3, 2), (2, 2), (1, 1)), "max_pool_ceil": lambda: F.max_pool2d(x, 3, 2, 1, 1, True),
    "max_pool_dilated": lambda: F.max_pool2d(x, 2, 1, 0, 2),
    "mean_channels": lambda: x.mean(1, keepdim=True), "mean_all": lambda: x.mean((0, 1, 2, 3), keepdim=True),
    "sum_rows": lambda: x.sum((0, 2)), "max_last": lambda: x.amax(-1), "min_channels": lambda: x.amin(1, keepdim=True),
    "global_average": lambda: x.mean((2, 3), keepdim=True),
    "softmax": lambda: x.softmax(1), "softmax_last": lambda: flat.softmax(-1),
    "matmul": lambda: flat @ weight, "matmul_batched": lambda: x @ y.transpose(2, 3),
    "reshape": lambda: x.reshape(2, -1, 6), "transpose": lambda: x.permute(0, 2, 3, 1),
    "slice": lambda: x[:, 2:7:2, 1:, -3:], "slice_reversed": lambda: x.flip(3)[:, :, :, 1:5:2],
    "pad": lambda: F.pad(x, (1, 2, 0, 3), value=0.5), "pad_reflect": lambda: F.pad(x, (2, 1, 1, 3), "reflect"),
    "pad_edge": lambda: F.pad(x, (2, 1, 0, 3), "replicate"), "crop": lambda: F.pad(x, (-1, 2, -2, 0)),
    "tile": lambda: x.repeat(1, 3, 1, 2),
    "nearest": lambda: resize(scale_factor=2, mode="nearest"),
    "linear": lambda: resize(scale_factor=(2, 1.5), mode="bilinear", align_corners=False),
    "linear_corners": lambda: resize(size=(9, 11), mode="bilinear", align_corners=True),
    "cubic": lambda: resize(size=(10, 12), mode="bicubic", align_corners=False),
    "shrink": lambda: resize(size=(3, 4), mode="bilinear", align_corners=False),
}
for name, case in cases.items():
    np.save(f"{folder}/{name}.npy", np.ascontiguousarray(case().numpy()))
with open(f"{folder}/cases.txt", "w") as out:
    out.write("\n".join(cases))
