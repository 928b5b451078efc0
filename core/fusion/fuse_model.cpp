// SPDX-License-Identifier: Apache-2.0
#include "core/fusion/fuse_model.h"

#include "core/base/error.h"

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

/// Adds up one node's costs in both forms and returns its output shape.
struct Tally {
    const Model& model;
    const ModelFusion& fusion;
    Cost& cost;
    double insideFusable = 0;

    Shape operation(const Operation& op, std::span<const Shape> inputs) {
        const Shape out = outShapeOf(op, inputs); // checks that they fit
        const std::int64_t macs = macsOf(op, inputs);
        cost.trainMacs += macs;
        cost.deployMacs += macs;
        return out;
    }
    Shape block(std::size_t index, const Shape& in) {
        const Block& b = model.blocks[index];
        const BlockFusion& f = fusion.blocks[index];
        const std::int64_t train = macsOf(*b.body, in);
        cost.trainMacs += train;
        cost.deployMacs += f.fusable ? macsOf(*f.stored, in) : train;
        if (f.fusable) insideFusable += static_cast<double>(train);
        Shape shape = outShapeOf(*b.body, in);
        for (const Operation& step : b.tail) shape = operation(step, {&shape, 1});
        return shape;
    }
    Shape region(const Region& r, const Shape& in) {
        const std::int64_t macs = macsOf(*r.body, in);
        cost.trainMacs += macs;
        cost.deployMacs += macs;
        return outShapeOf(*r.body, in);
    }
};

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
    Tally used{model, fusion, cost};
    Cost aside;
    Tally unused{model, fusion, aside}; // what nothing takes: no run computes it
    const std::vector<std::size_t> lastUses = lastUsesOf(model);
    std::vector<Shape> shapes;
    try {
        for (const Node& node : model.graph) {
            Tally& tally = lastUses[shapes.size()] == shapes.size() ? unused : used;
            std::vector<Shape> in;
            for (std::int64_t i : node.inputs) in.push_back(i < 0 ? input : shapes[static_cast<std::size_t>(i)]);
            shapes.push_back(std::visit(Overload{
                                            [&](const Node::BlockIndex& b) { return tally.block(b.index, in.front()); },
                                            [&](const Region& r) { return tally.region(r, in.front()); },
                                            [&](const Operation& op) { return tally.operation(op, in); },
                                        },
                                        node.what));
        }
    } catch (const Error&) { // an input too small for this network: parameters are known all the same
        cost.trainMacs = cost.deployMacs = 0;
        return cost;
    }
    cost.hasMacs = true;
    cost.fusableShare = cost.trainMacs ? used.insideFusable / static_cast<double>(cost.trainMacs) : 0;
    return cost;
}

} // namespace rp::fusion
