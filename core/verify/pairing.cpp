// SPDX-License-Identifier: Apache-2.0
#include "core/verify/pairing.h"

#include "core/base/error.h"
#include "core/verify/compare.h"
#include "core/verify/diagnosis/edit.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

namespace rp::verify {
namespace {

constexpr std::int64_t kSamples = 4096;  ///< elements of a kernel by which it is recognised
constexpr double kAlike = 0.5;           ///< cosine below which kernels have nothing in common: identities alone reach 0.3
constexpr double kNameCounts = 0.75;     ///< an equal name, in units of cosine
constexpr double kDepthCounts = 0.02;    ///< the other end of the network, likewise

/// Input channels that an expression itself tells; 0 when it takes any.
std::int64_t inputWidthOf(const Expr& expr) {
    if (const auto* conv = std::get_if<Conv>(&expr.op)) return conv->weight.shape()[1] * conv->groups;
    if (const auto* norm = std::get_if<Norm>(&expr.op)) return norm->mean.count();
    const std::span<const ExprPtr> children = childrenOf(expr);
    for (const ExprPtr& child : children) {
        if (const std::int64_t width = inputWidthOf(*child)) return width;
        const bool keepsWidth = std::holds_alternative<Identity>(child->op) || std::holds_alternative<AvgPool>(child->op) ||
                                std::holds_alternative<ConstantPad>(child->op) || std::holds_alternative<Scale>(child->op);
        if (std::holds_alternative<Chain>(expr.op) && !keepsWidth) return 0;
    }
    return 0;
}

/// "module.Stage1.0" and "stage1.0" are the same name.
std::string plainName(const std::string& name) {
    std::string plain;
    for (char c : name) plain += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    for (bool more = true; more;) {
        more = false;
        for (std::string_view wrapper : {"module.", "model.", "backbone.", "net."})
            if (plain.starts_with(wrapper)) {
                plain.erase(0, wrapper.size());
                more = true;
            }
    }
    return plain;
}

/// Enough of a unit's kernel to tell it from others.
struct Signature {
    std::array<std::int64_t, 2> channels{}; ///< out, in
    Extent extent;
    std::vector<double> samples;
};

std::optional<Signature> signatureOf(const Unit& unit) {
    try {
        const fusion::FuseResult result = fusion::fuse(*unit.deploy, unit.inChannels, false);
        const fusion::Fused* fused = result.fused();
        if (!fused) return std::nullopt;
        const fusion::Kernel& kernel = fused->kernel;
        Signature signature{{kernel.outChannels(), kernel.inChannels()}, kernel.extent(), {}};
        const std::int64_t step = std::max<std::int64_t>(1, kernel.weight.count() / kSamples);
        for (std::int64_t i = 0; i < kernel.weight.count(); i += step) signature.samples.push_back(kernel.weight[i]);
        return signature;
    } catch (const Error& error) {
        if (error.code() != ErrorCode::valueInvalid && error.code() != ErrorCode::shapeMismatch) throw;
        return std::nullopt;
    }
}

struct Match {
    double score;
    std::size_t ours, theirs;
};

double positionIn(std::size_t index, std::size_t count) { return count > 1 ? static_cast<double>(index) / static_cast<double>(count - 1) : 0; }

} // namespace

std::vector<Unit> unitsOf(const Model& model, const fusion::ModelFusion& fusion) {
    std::vector<Unit> units;
    auto addBlock = [&](std::size_t index, std::optional<std::size_t> node) {
        const Block& block = model.blocks[index];
        if (block.body) units.push_back({block.name, block.body, fusion.blocks[index].fusable ? fusion.blocks[index].stored : block.body, block.inChannels, index, node});
    };
    for (std::size_t n = 0; n < model.graph.size(); ++n) {
        if (const auto* block = std::get_if<Node::BlockIndex>(&model.graph[n].what)) addBlock(block->index, n);
        if (const auto* region = std::get_if<Region>(&model.graph[n].what))
            if (const std::int64_t width = inputWidthOf(*region->body)) units.push_back({region->name, region->body, region->body, width, std::nullopt, n});
    }
    if (model.graph.empty())
        for (std::size_t i = 0; i < model.blocks.size(); ++i) addBlock(i, std::nullopt);
    return units;
}

/// All pairs are looked at and kept; beyond this only those of one name, which few are.
static constexpr std::size_t kMostPairs = 10'000'000;

std::vector<std::optional<std::size_t>> pairUnits(const std::vector<Unit>& ours, const std::vector<Unit>& theirs) {
    std::vector<std::optional<Signature>> mine, others;
    std::vector<std::string> myNames, otherNames;
    for (const Unit& unit : ours) {
        mine.push_back(signatureOf(unit));
        myNames.push_back(plainName(unit.name));
    }
    for (const Unit& unit : theirs) {
        others.push_back(signatureOf(unit));
        otherNames.push_back(plainName(unit.name));
    }
    const bool byNameOnly = ours.size() * theirs.size() > kMostPairs;
    std::vector<Match> matches;
    for (std::size_t i = 0; i < ours.size(); ++i)
        for (std::size_t k = 0; k < theirs.size(); ++k) {
            const bool sameName = myNames[i] == otherNames[k];
            if (byNameOnly && !sameName) continue;
            const bool known = mine[i] && others[k];
            const bool sameWidth = known && mine[i]->channels == others[k]->channels;
            const bool sameShape = sameWidth && mine[i]->extent == others[k]->extent;
            const bool lastResort = sameWidth && ours.size() == theirs.size(); // one kernel of another extent among as many
            if (!sameName && !sameShape && !lastResort) continue;
            const double likeness = sameShape && mine[i]->samples.size() == others[k]->samples.size() ? cosine(mine[i]->samples, others[k]->samples) : 0;
            const double apart = std::abs(positionIn(i, ours.size()) - positionIn(k, theirs.size()));
            matches.push_back({(sameName ? kNameCounts : sameShape ? 0 : -1) + (likeness > kAlike ? likeness : 0) - kDepthCounts * apart, i, k});
        }
    std::ranges::stable_sort(matches, [](const Match& a, const Match& b) { return a.score > b.score; });
    std::vector<std::optional<std::size_t>> partners(ours.size());
    std::vector<bool> taken(theirs.size(), false);
    for (const Match& match : matches) {
        if (partners[match.ours] || taken[match.theirs]) continue;
        partners[match.ours] = match.theirs;
        taken[match.theirs] = true;
    }
    return partners;
}

} // namespace rp::verify
