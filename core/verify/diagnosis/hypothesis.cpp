// SPDX-License-Identifier: Apache-2.0
#include "core/verify/diagnosis/hypothesis.h"

#include <array>

namespace rp::verify {

std::vector<Hypothesis> hypothesesFor(const ExprPtr& body, const BlockFacts& facts) {
    std::vector<Hypothesis> all;
    for (std::span<const FaultRow> rows : {kernelFaults(), branchFaults(), normFaults()})
        for (FaultRow row : rows) row(body, facts, all);
    return all;
}

std::string labelOf(const Expr& node) { return node.name.empty() ? "the " + std::string(kindOf(node)) : node.name; }

std::int64_t channelsAt(const ExprPtr& root, std::span<const std::size_t> path, std::int64_t inChannels) {
    if (path.empty()) return inChannels;
    const std::span<const ExprPtr> children = childrenOf(*root);
    std::int64_t channels = inChannels;
    if (std::holds_alternative<Chain>(root->op))
        for (std::size_t i = 0; i < path.front(); ++i) channels = outChannelsOf(*children[i], channels);
    return channelsAt(children[path.front()], path.subspan(1), channels);
}

std::span<const Symmetry> symmetries() {
    static constexpr std::array<Symmetry, 7> all{{{"turned by 180 degrees", false, true, true},
                                                  {"with height and width exchanged", true, false, false},
                                                  {"mirrored left to right", false, false, true},
                                                  {"mirrored top to bottom", false, true, false},
                                                  {"turned by 90 degrees to the left", true, false, true},
                                                  {"turned by 90 degrees to the right", true, true, false},
                                                  {"mirrored at its other diagonal", true, true, true}}};
    return all;
}

TensorD turned(const TensorD& weight, const Symmetry& symmetry) {
    TensorD result(weight.shape());
    const std::int64_t h = weight.size(2), w = weight.size(3), pairs = weight.count() / (h * w);
    const std::span<double> to = result.edit();
    for (std::int64_t pair = 0; pair < pairs; ++pair)
        for (std::int64_t y = 0; y < h; ++y)
            for (std::int64_t x = 0; x < w; ++x) {
                std::int64_t fromY = symmetry.exchanges ? x : y, fromX = symmetry.exchanges ? y : x;
                if (symmetry.flipsY) fromY = h - 1 - fromY;
                if (symmetry.flipsX) fromX = w - 1 - fromX;
                to[static_cast<std::size_t>((pair * h + y) * w + x)] = weight[(pair * h + fromY) * w + fromX];
            }
    return result;
}

} // namespace rp::verify
