// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/checkpoint.h"

#include <optional>

namespace rp::io {

/// The format that a file name asks for: .pth and .pt, .safetensors, .npz, .pdparams.
std::optional<Format> formatForSuffix(const std::filesystem::path& path);

/// What a checkpoint shall hold. Only a `.pth` has a place for the wrapper (`setName`, dots nest) and for all plain
/// data beside the weights; `.safetensors` holds texts; the others hold the weights alone.
struct CheckpointContent {
    std::vector<NamedTensor> tensors;
    std::string setName;
    bool ordered = true;
    Dict extras;
};

/// Writes a checkpoint atomically: it is read back and compared, name by name and bit by bit, before it takes its
/// place. Returns what of `content` the format could not carry. Throws `unsupported` for an element type that the
/// format lacks (bfloat16 in `.npz`) and `writeFailed`.
std::vector<std::string> writeCheckpoint(const std::filesystem::path& path, Format format,
                                         const CheckpointContent& content);

} // namespace rp::io
