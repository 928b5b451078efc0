// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/graph/draft.h"
#include "core/io/onnx_model.h"
#include "core/model/model.h"

namespace rp::graph {

struct ImportOptions {
    std::uint64_t foldBytes = std::uint64_t{1} << 30; ///< what folded constants may take
    std::int64_t freeSize = 224;                     ///< height and width where the file leaves them open
};

/// A model, and the shape of its output for `Model::defaultInput` (empty when it cannot be run whole).
struct Imported {
    Model model;
    Shape output;
};

/// An ONNX graph as a model: regions become blocks (when several steps merge into one convolution) or single regions,
/// everything else operations. Throws `malformed` for a graph that contradicts itself, `limitExceeded`, and
/// `unsupported` for a network without one picture-like input. What is not known here ends in `Model::whyNoGraph` or a
/// finding, with the node's name.
Imported importOnnx(const io::OnnxModel& source, const ImportOptions& options = {});

/// The steps of the same graph, before regions are found.
Draft draftOf(const io::OnnxModel& source, const ImportOptions& options = {});

} // namespace rp::graph
