// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/fusion/write_fused.h"
#include "core/io/onnx_model.h"

#include <filesystem>

namespace rp::graph {

/// The deploy form of an ONNX file: each merged block is one Conv between the same two values, all other nodes are the
/// file's own, and nodes that only fed merged ones are gone. `model` is what `importOnnx` made of `source`.
io::OnnxModel deployGraph(const io::OnnxModel& source, const Model& model, const fusion::ModelFusion& fusion,
                          std::vector<std::string>& notes);

/// The deploy form of a model that came from a state dict, written out as nodes. Throws `unsupported` for a model without
/// a graph, and for an operation that has no ONNX spelling here.
io::OnnxModel onnxGraphOf(const Model& model, const fusion::ModelFusion& fusion);

/// Writes either as ONNX, atomically. Throws `nothingToFuse` when no block is fusable, and what the others throw.
fusion::WriteReport writeDeployOnnx(const std::filesystem::path& target, const Model& model, const fusion::ModelFusion& fusion,
                                    const io::Checkpoint& checkpoint);

} // namespace rp::graph
