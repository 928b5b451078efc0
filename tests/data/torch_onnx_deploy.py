# SPDX-License-Identifier: Apache-2.0
"""The deploy form of torch_onnx.py's RepVGG from a fused file (.pth, .npz, .safetensors): FILE X OUT runs it in float64."""
import json
import struct
import sys

import numpy as np
import torch
from torch import nn


class Deploy(nn.Module):
    def __init__(self):
        super().__init__()
        self.stage0, self.stage1, self.stage2 = nn.Conv2d(3, 8, 3, 2, 1), nn.Conv2d(8, 8, 3, 1, 1, groups=2), nn.Conv2d(8, 12, 3, 2, 1)
        self.linear = nn.Linear(12, 5)

    def forward(self, x):
        for stage in (self.stage0, self.stage1, self.stage2):
            x = torch.relu(stage(x))
        return self.linear(x.mean((2, 3)))


def load(path):
    if path.endswith(".npz"):
        return {k: torch.from_numpy(v) for k, v in np.load(path).items()}
    if path.endswith(".pth"):
        return torch.load(path)
    with open(path, "rb") as file:  # safetensors, from its description
        size = struct.unpack("<Q", file.read(8))[0]
        header, data = json.loads(file.read(size)), file.read()
    header.pop("__metadata__", None)
    kinds = {"F32": np.float32, "I64": np.int64}
    return {k: torch.from_numpy(np.frombuffer(data[slice(*t["data_offsets"])], kinds[t["dtype"]]).reshape(t["shape"]).copy()) for k, t in header.items()}


net = Deploy()
net.load_state_dict(load(sys.argv[1]), strict=True)
with torch.no_grad():
    np.save(sys.argv[3], net.double()(torch.from_numpy(np.load(sys.argv[2]))).numpy())
