// SPDX-License-Identifier: Apache-2.0
#include "core/graph/draft.h"

namespace rp::graph {

std::vector<std::size_t> consumersOf(const Draft& draft) {
    std::vector<std::size_t> consumers(draft.nodes.size(), 0);
    auto take = [&](std::int64_t node) {
        if (node >= 0) ++consumers[static_cast<std::size_t>(node)];
    };
    for (const DraftNode& node : draft.nodes)
        for (std::int64_t input : node.inputs) take(input);
    for (std::int64_t output : draft.outputs) take(output);
    return consumers;
}

void removeDead(Draft& draft) {
    std::vector<std::size_t> consumers = consumersOf(draft);
    for (std::size_t i = draft.nodes.size(); i-- > 0;)
        if (consumers[i] == 0)
            for (std::int64_t input : draft.nodes[i].inputs)
                if (input >= 0) --consumers[static_cast<std::size_t>(input)];
    std::vector<std::int64_t> place(draft.nodes.size(), -1);
    std::vector<DraftNode> kept;
    for (std::size_t i = 0; i < draft.nodes.size(); ++i) {
        if (consumers[i] == 0) continue;
        place[i] = std::ssize(kept);
        kept.push_back(std::move(draft.nodes[i]));
    }
    auto moved = [&](std::int64_t& node) {
        if (node >= 0) node = place[static_cast<std::size_t>(node)];
    };
    for (DraftNode& node : kept)
        for (std::int64_t& input : node.inputs) moved(input);
    for (std::int64_t& output : draft.outputs) moved(output);
    draft.nodes = std::move(kept);
}

} // namespace rp::graph
