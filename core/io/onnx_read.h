// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/checkpoint.h"
#include "core/io/onnx_model.h"

namespace rp::io {

/// Parses an ONNX file. External data is taken from regular files below the model's own folder only, mapped, with
/// offset and length checked. Throws `malformed` or `truncated` for bytes that are no model, `limitExceeded`,
/// `unsupported` for tensors of a type not known here or an opset without ONNX's own operators, and what `mapFile`
/// throws for external data. Nodes are not judged here, and no checker is asked.
OnnxModel parseOnnx(const std::filesystem::path& path, const SharedBytes& file, const Limits& limits);

/// The same as a checkpoint: initializers are its tensors, metadata its extras, and `Checkpoint::onnx` the graph.
Checkpoint readOnnx(const std::filesystem::path& path, SharedBytes file, const Limits& limits);

} // namespace rp::io
