// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/fusion/fuse_model.h"

#include <vector>

namespace rp::fusion {

/// What one node of a model's graph makes and costs, tail included for blocks. Phase `deploy` merges what is fusable.
struct NodeCost {
    Shape out;                                ///< of its map
    std::int64_t trainMacs = 0, deployMacs = 0;
    bool isUsed = true;                       ///< some node takes its map, or it is the output: a run computes it
};

/// By node of the graph, for one input shape [n, c, h, w]; empty for a model without a graph. Throws `shapeMismatch` or
/// `limitExceeded` where the input does not fit the network.
std::vector<NodeCost> nodeCostsOf(const Model& model, const ModelFusion& fusion, const Shape& input);

} // namespace rp::fusion
