// SPDX-License-Identifier: Apache-2.0
#include "core/fusion/node_cost.h"

namespace rp::fusion {
namespace {

/// Costs of one node, from the shapes of its inputs.
struct Coster {
    const Model& model;
    const ModelFusion& fusion;
    std::span<const Shape> inputs;
    NodeCost cost;

    void operation(const Operation& op, std::span<const Shape> in) {
        cost.out = outShapeOf(op, in); // checks that they fit
        const std::int64_t macs = macsOf(op, in);
        cost.trainMacs += macs;
        cost.deployMacs += macs;
    }
    void operator()(const Operation& op) { operation(op, inputs); }
    void operator()(const Region& region) {
        cost.out = outShapeOf(*region.body, inputs.front());
        cost.trainMacs = cost.deployMacs = macsOf(*region.body, inputs.front());
    }
    void operator()(const Node::BlockIndex& index) {
        const Block& block = model.blocks[index.index];
        const BlockFusion& f = fusion.blocks[index.index];
        cost.trainMacs = macsOf(*block.body, inputs.front());
        cost.deployMacs = f.fusable ? macsOf(*f.stored, inputs.front()) : cost.trainMacs;
        cost.out = outShapeOf(*block.body, inputs.front());
        for (const Operation& step : block.tail) {
            const Shape before = cost.out;
            operation(step, {&before, 1});
        }
    }
};

} // namespace

std::vector<NodeCost> nodeCostsOf(const Model& model, const ModelFusion& fusion, const Shape& input) {
    std::vector<NodeCost> costs;
    if (model.graph.empty()) return costs;
    const std::vector<std::size_t> lastUses = lastUsesOf(model);
    for (const Node& node : model.graph) {
        std::vector<Shape> in;
        for (std::int64_t i : node.inputs) in.push_back(i < 0 ? input : costs[static_cast<std::size_t>(i)].out);
        Coster coster{model, fusion, in, {}};
        std::visit(coster, node.what);
        coster.cost.isUsed = lastUses[costs.size()] != costs.size();
        costs.push_back(std::move(coster.cost));
    }
    return costs;
}

} // namespace rp::fusion
