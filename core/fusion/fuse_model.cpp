// SPDX-License-Identifier: Apache-2.0
#include "core/fusion/fuse_model.h"

#include "core/base/error.h"
#include "core/fusion/node_cost.h"

#include <algorithm>

#include <fmt/format.h>

namespace rp::fusion {
namespace {

BlockFusion fuseBlock(const Block& block, const FuseOptions& options) {
    BlockFusion result;
    if (block.refusal) {
        result.reason = *block.refusal;
        return result;
    }
    if (!block.leave.empty()) {
        result.exactness = Exactness::everywhere;
        result.reason = block.leave;
        result.left = true;
        return result;
    }
    if (block.form == Form::deploy || block.form == Form::plain) {
        result.exactness = Exactness::everywhere;
        result.reason = block.form == Form::deploy ? "already in deploy form" : "a plain block: it has one branch only";
        return result;
    }
    FuseResult fused;
    try {
        fused = fuse(*block.body, block.inChannels, false);
    } catch (const Error& error) {
        if (error.code() != ErrorCode::valueInvalid) throw;
        result.reason = error.what();
        result.valueInvalid = true;
        return result;
    }
    if (const Refusal* refusal = fused.refusal()) {
        result.reason = refusal->step.empty() ? refusal->reason : refusal->step + ": " + refusal->reason;
        return result;
    }
    result.exactness = fused.fused()->exactness;
    result.rim = fused.fused()->rim;
    result.reason = fused.fused()->rimReason;
    result.fusable = result.exactness == Exactness::everywhere || options.mergeInexact;
    result.stored = toStoredConv(*fused.fused(), block.name);
    return result;
}

void countParameters(const Model& model, const ModelFusion& fusion, Cost& cost) {
    auto both = [&cost](std::int64_t n) {
        cost.trainParameters += n;
        cost.deployParameters += n;
    };
    for (std::size_t i = 0; i < model.blocks.size(); ++i) {
        const Block& block = model.blocks[i];
        if (!block.body) continue;
        const BlockFusion& f = fusion.blocks[i];
        cost.trainParameters += parametersOf(*block.body);
        cost.deployParameters += parametersOf(f.fusable ? *f.stored : *block.body);
        for (const Operation& step : block.tail) both(parametersOf(step));
    }
    for (const Node& node : model.graph) {
        if (const auto* region = std::get_if<Region>(&node.what)) both(parametersOf(*region->body));
        if (const auto* operation = std::get_if<Operation>(&node.what)) both(parametersOf(*operation));
    }
}

/// Of a block's branches alone: its tail is not merged.
double bodyMacs(const Model& model, std::size_t node, const std::vector<NodeCost>& nodes, const Shape& input) {
    const std::int64_t from = model.graph[node].inputs.front();
    const Block& block = model.blocks[std::get<Node::BlockIndex>(model.graph[node].what).index];
    return static_cast<double>(macsOf(*block.body, from < 0 ? input : nodes[static_cast<std::size_t>(from)].out));
}

} // namespace

std::int64_t ModelFusion::fusedCount() const {
    return std::ranges::count_if(blocks, [](const BlockFusion& b) { return b.fusable; });
}

ModelForms ModelFusion::forms(const Model& model) const {
    ModelForms forms;
    for (std::size_t i = 0; i < blocks.size(); ++i) {
        const Block& block = model.blocks[i];
        TwoForms two;
        if (block.form == Form::deploy)
            two.fused = block.body;
        else
            two.branches = block.body;
        if (blocks[i].fusable)
            two.fused = blocks[i].stored;
        else
            two.whyNotFused = blocks[i].reason;
        forms.push_back(std::move(two));
    }
    return forms;
}

ModelFusion fuseModel(const Model& model, const FuseOptions& options, const Job& job) {
    ModelFusion fusion;
    for (std::size_t i = 0; i < model.blocks.size(); ++i) {
        job.step(static_cast<double>(i) / static_cast<double>(model.blocks.size()),
                 fmt::format("fusing {}", model.blocks[i].name));
        fusion.blocks.push_back(fuseBlock(model.blocks[i], options));
    }
    return fusion;
}

Cost costOf(const Model& model, const ModelFusion& fusion, const Shape& input) {
    Cost cost;
    countParameters(model, fusion, cost);
    if (model.graph.empty()) return cost;
    double insideFusable = 0;
    try {
        const std::vector<NodeCost> nodes = nodeCostsOf(model, fusion, input);
        for (std::size_t i = 0; i < nodes.size(); ++i) {
            if (!nodes[i].isUsed) continue;
            cost.trainMacs += nodes[i].trainMacs;
            cost.deployMacs += nodes[i].deployMacs;
            const auto* block = std::get_if<Node::BlockIndex>(&model.graph[i].what);
            if (block && fusion.blocks[block->index].fusable) insideFusable += bodyMacs(model, i, nodes, input);
        }
    } catch (const Error&) { // an input too small for this network: parameters are known all the same
        cost.trainMacs = cost.deployMacs = 0;
        return cost;
    }
    cost.hasMacs = true;
    cost.fusableShare = cost.trainMacs ? insideFusable / static_cast<double>(cost.trainMacs) : 0;
    return cost;
}

} // namespace rp::fusion
