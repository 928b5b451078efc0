// SPDX-License-Identifier: Apache-2.0
#include "ui/presenters/block_facts.h"

#include "ui/presenters/display_text.h"

#include "core/fusion/node_cost.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_map>

namespace rp::ui {
namespace {

struct Texts {
    Q_DECLARE_TR_FUNCTIONS(BlockFacts)
};

/// The largest finite difference; none where nothing was compared or something is not finite.
std::optional<double> largestOf(const std::optional<verify::Comparison>& comparison) {
    if (!comparison || comparison->nonFinite > 0) return std::nullopt;
    return comparison->maxAbs;
}

/// The first of the kernels is the fused one.
std::optional<double> largestShare(const std::vector<verify::KernelNorms>& kernels) {
    double most = 0, all = 0;
    for (std::size_t i = 1; i < kernels.size(); ++i) {
        double energy = 0;
        for (double norm : kernels[i].norms.values()) energy += norm * norm;
        most = std::max(most, energy);
        all += energy;
    }
    return all > 0 ? std::optional(most / all) : std::nullopt;
}

void addReport(BlockFacts& facts, const verify::BlockReport& report) {
    facts.verdict = toQString(verify::toString(report.verdict));
    facts.error = largestOf(report.local);
    facts.cumulative = largestOf(report.cumulative);
    if (facts.error) facts.snr = report.local->snr.value_or(std::numeric_limits<double>::infinity());
    facts.branchShare = largestShare(report.kernels);
    if (facts.error && report.roundingBound > 0) facts.boundShare = *facts.error / report.roundingBound;
}

BlockFacts staticFacts(const LoadedModel& model, std::size_t i) {
    const Block& block = model.model().blocks[i];
    const fusion::BlockFusion& fusion = model.fusion.blocks[i];
    BlockFacts facts;
    facts.block = static_cast<int>(i);
    facts.name = toQString(block.name);
    facts.family = toQString(block.family);
    facts.form = toQString(toString(block.form));
    facts.exactness = toQString(fusion::toString(fusion.exactness));
    facts.inChannels = block.inChannels;
    facts.outChannels = block.outChannels;
    if (!block.body) return facts;
    facts.branches = static_cast<std::int64_t>(branchesOf(block).size());
    if (const Conv* conv = widestConv(fusion.stored ? *fusion.stored : *block.body)) {
        facts.kernel = {conv->weight.shape()[2], conv->weight.shape()[3]};
        facts.stride = conv->stride;
        facts.groups = conv->groups;
    }
    facts.parameters = parametersOf(*block.body);
    facts.fusedParameters = fusion.fusable ? parametersOf(*fusion.stored) : facts.parameters;
    return facts;
}

void addCosts(std::vector<BlockFacts>& facts, const LoadedModel& model) {
    try {
        const std::vector<fusion::NodeCost> costs = fusion::nodeCostsOf(model.model(), model.fusion, model.model().defaultInput);
        for (std::size_t node = 0; node < costs.size(); ++node)
            if (const auto* block = std::get_if<Node::BlockIndex>(&model.model().graph[node].what)) {
                BlockFacts& of = facts[block->index];
                of.macs = of.macs.value_or(0) + costs[node].trainMacs; // a block may stand in the graph more than once
                of.fusedMacs = of.fusedMacs.value_or(0) + costs[node].deployMacs;
                of.out = costs[node].out;
            }
    } catch (const Error&) {
        // The network does not take its own default input: nothing is known of what it costs.
    }
}

} // namespace

const Conv* widestConv(const Expr& expr) {
    const Conv* best = nullptr;
    auto consider = [&best](const Conv* conv) {
        const auto area = [](const Conv& c) { return c.weight.shape()[2] * c.weight.shape()[3]; };
        if (conv && (!best || area(*conv) > area(*best))) best = conv;
    };
    auto each = [&consider](const std::vector<ExprPtr>& children) {
        for (const ExprPtr& child : children)
            consider(widestConv(*child));
    };
    std::visit(Overload{
                   [&](const Conv& conv) { consider(&conv); },
                   [&](const Chain& chain) { each(chain.steps); },
                   [&](const Sum& sum) { each(sum.terms); },
                   [&](const Concat& concat) { each(concat.parts); },
                   [](const auto&) {},
               },
               expr.op);
    return best;
}

std::vector<BlockFacts> factsOf(const LoadedModel& model, const verify::Report* report) {
    std::unordered_map<std::string_view, const verify::BlockReport*> reports;
    if (report)
        for (const verify::BlockReport& block : report->blocks)
            reports.emplace(block.name, &block);
    std::vector<BlockFacts> facts;
    for (std::size_t i = 0; i < model.model().blocks.size(); ++i) {
        facts.push_back(staticFacts(model, i));
        const auto found = reports.find(model.model().blocks[i].name);
        if (found != reports.end()) addReport(facts.back(), *found->second);
    }
    addCosts(facts, model);
    return facts;
}

std::optional<double> figureOf(const BlockFacts& facts, BlockFigure figure) {
    switch (figure) {
    case BlockFigure::snr:
        return facts.snr;
    case BlockFigure::error:
        return facts.error;
    case BlockFigure::cumulative:
        return facts.cumulative;
    case BlockFigure::boundShare:
        return facts.boundShare;
    case BlockFigure::branchShare:
        return facts.branchShare;
    case BlockFigure::parameters:
        return static_cast<double>(facts.parameters);
    case BlockFigure::macs:
        return facts.macs ? std::optional(static_cast<double>(*facts.macs)) : std::nullopt;
    }
    return std::nullopt;
}

QString figureName(BlockFigure figure) {
    switch (figure) {
    case BlockFigure::snr:
        return Texts::tr("agreement (SNR)");
    case BlockFigure::error:
        return Texts::tr("local error");
    case BlockFigure::cumulative:
        return Texts::tr("cumulative error");
    case BlockFigure::boundShare:
        return Texts::tr("error / bound");
    case BlockFigure::branchShare:
        return Texts::tr("largest branch's share");
    case BlockFigure::parameters:
        return Texts::tr("parameters");
    case BlockFigure::macs:
        return Texts::tr("MACs");
    }
    return {};
}

QString figureText(BlockFigure figure, double value) {
    switch (figure) {
    case BlockFigure::snr:
        return std::isinf(value) ? Texts::tr("exact") : Texts::tr("%1 dB").arg(numberText(std::round(value), 6));
    case BlockFigure::boundShare:
    case BlockFigure::branchShare:
        return percentText(value);
    case BlockFigure::parameters:
    case BlockFigure::macs:
        return countText(static_cast<std::int64_t>(value));
    default:
        return numberText(value, 3);
    }
}

} // namespace rp::ui
