// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/fusion/fuse_model.h"
#include "core/io/checkpoint.h"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace rp::fusion {

/// The tensors of a weight set with every fused block's branch tensors replaced by its kernel and bias, under the
/// names of the source's own deploy layout, where the first branch tensor stood. All others are the same views. Kernels are
/// float32, or float64 as folded when not `rounded`.
std::vector<NamedTensor> fusedTensors(const Model& model, const ModelFusion& fusion, const StateDict& source, bool rounded = true);

struct WriteOptions {
    /// Element type of every floating tensor; none: float32 for kernels, all others as they are. Kernels are folded in
    /// float64 and rounded once, to this.
    std::optional<DType> dtype;
    /// Another toolkit's name and orientation for a tensor of the source (its name without the wrapper prefix); nothing
    /// for one that has no place there.
    std::function<std::optional<NamedTensor>(NamedTensor)> relabel;
};

struct WriteReport {
    std::int64_t fusedBlocks = 0;
    std::int64_t tensorsBefore = 0, tensorsAfter = 0;
    std::vector<std::string> notes; ///< what of the source's wrapper is not carried over, refused blocks
};

/// Writes the fused model in the format of `target`'s suffix (`io::writeCheckpoint`: atomic, read back and compared). A
/// `.pth` keeps the wrapper (`state_dict` …) and the plain data beside it. Throws `usage` for another suffix,
/// `nothingToFuse` when no block is fusable, `valueInvalid` for a number that `dtype` cannot hold, `unsupported` for a
/// type that the format lacks, `writeFailed`.
WriteReport writeFused(const std::filesystem::path& target, const Model& model, const ModelFusion& fusion,
                       const io::Checkpoint& checkpoint, const io::WeightSet& weights, const WriteOptions& options = {});

} // namespace rp::fusion
