#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the seeds of the fuzz programs: real small files, a folder for each format that is read.

    python3 tests/fuzz/make_seeds.py [FOLDER]      (default: tests/fuzz/seeds; needs PyTorch and NumPy)

The pictures (5 x 4 pixels) were written by OpenCV's imwrite and are not made here.
"""
import io
import json
import pickle
import struct
import sys
from pathlib import Path

import numpy as np
import torch
from torch import nn


class Block(nn.Module):
    """A RepVGG block of two channels."""

    def __init__(self):
        super().__init__()
        for name, k in (("rbr_dense", 3), ("rbr_1x1", 1)):
            branch = nn.Sequential()
            branch.add_module("conv", nn.Conv2d(2, 2, k, padding=k // 2, bias=False))
            branch.add_module("bn", nn.BatchNorm2d(2))
            self.add_module(name, branch)
        self.rbr_identity = nn.BatchNorm2d(2)

    def forward(self, x):
        return torch.relu(self.rbr_dense(x) + self.rbr_1x1(x) + self.rbr_identity(x))


def safetensors(state):
    header, data = {}, b""
    for name, tensor in state.items():
        raw = tensor.numpy().tobytes()
        kind = {torch.float32: "F32", torch.int64: "I64"}[tensor.dtype]
        header[name] = {"dtype": kind, "shape": list(tensor.shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


def written(write, *args, **options):
    buffer = io.BytesIO()
    write(*args, buffer, **options) if write is torch.save else write(buffer, *args, **options)
    return buffer.getvalue()


def main():
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "seeds"
    torch.manual_seed(1)
    block = Block().eval()
    net = nn.Sequential(block)
    state = {f"stage0.{k}": v for k, v in block.state_dict().items()}
    arrays = {k: v.numpy() for k, v in state.items()}
    guide = (Path(__file__).parents[2] / "docs" / "described-blocks.md").read_text()
    onnx = io.BytesIO()
    torch.onnx.export(net, torch.zeros(1, 2, 5, 5), onnx, training=torch.onnx.TrainingMode.PRESERVE, do_constant_folding=False,
                      opset_version=13)
    paddle = dict(arrays, **{"StructuredToParameterName@@": {k: k for k in arrays}})
    files = {
        "checkpoint/torch-zip/state.pth": written(torch.save, {"state_dict": state, "epoch": 3}),
        "checkpoint/torch-legacy/state.pth": written(torch.save, state, _use_new_zipfile_serialization=False),
        "checkpoint/torch-zip/module.pth": written(torch.save, {"model": nn.Sequential(nn.Conv2d(2, 2, 1), nn.BatchNorm2d(2)), "ema": None}),
        "checkpoint/safetensors/state.safetensors": safetensors(state),
        "checkpoint/npz/stored.npz": written(np.savez, **arrays),
        "checkpoint/npz/deflated.npz": written(np.savez_compressed, **arrays),
        "checkpoint/pdparams/protocol2.pdparams": pickle.dumps(paddle, 2),
        "checkpoint/pdparams/protocol4.pdparams": pickle.dumps(paddle, 4),
        "checkpoint/onnx/train.onnx": onnx.getvalue(),
        "picture/npy/array.npy": written(np.save, np.ones((1, 3, 4, 5), np.float32)),
        "picture/npy/fortran.npy": written(np.save, np.asfortranarray(np.ones((1, 1, 2, 3)))),
        "described_block/json/example.json": guide[guide.index("    {"):guide.index("Keys are relative")].encode(),
    }
    for protocol in range(2, 6):
        value = {"a": [1, 2.5, None, True, "text", b"bytes", (1, 2, 3)], "n": {"nested": {}}, "array": np.arange(3)}
        files[f"pickle/pickle/protocol{protocol}.pkl"] = pickle.dumps(value, protocol)
    files["pickle/pickle/opaque.pkl"] = b"cos\nsystem\n(S'true'\ntR."
    for name, data in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        print(f"{len(data):7} {name}")


main()
