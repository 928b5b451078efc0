// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/graph/draft.h"

#include <optional>
#include <string>
#include <vector>

namespace rp::graph {

/// An affine part of a draft with one input and one output.
struct FoundRegion {
    std::int64_t source = -1;          ///< the node whose map it takes; -1 is the network's input
    std::size_t sink = 0;              ///< the node whose map it makes
    std::vector<std::size_t> nodes;    ///< all of it, in order
    ExprPtr body;
    bool merges = false;               ///< several steps that one convolution can replace, exactly everywhere
    std::string leave;                 ///< why it stays as it is although it could be merged; empty otherwise
};

/// A larger affine region that was not taken, or a join that is in none, and why.
struct Remark {
    std::string code; ///< of the finding: "larger-region", "not-affine"
    std::size_t sink = 0;
    std::string text;
};

struct Regions {
    std::vector<FoundRegion> found; ///< in order of their sinks; no node is in two
    std::vector<Remark> remarks;
};

/// The affine steps of a draft in regions: for each output, the largest that is exact everywhere and does not cost more
/// multiplications than its parts. Joins for which there is none are in no region.
Regions findRegions(const Draft& draft);

} // namespace rp::graph
