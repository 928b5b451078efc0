// SPDX-License-Identifier: Apache-2.0
#include "core/graph/regions.h"

#include "core/base/error.h"
#include "core/fusion/fuse.h"
#include "core/graph/outline.h"

#include <algorithm>
#include <limits>
#include <map>
#include <set>

#include <fmt/format.h>

namespace rp::graph {
namespace {

/// A graph that adds and re-adds its own maps has a tree of exponential size; no block does.
constexpr std::int64_t kMaxSteps = 2000;

bool isWindow(const DraftNode& node) {
    const auto* expr = std::get_if<ExprPtr>(&node.what);
    return expr && (std::holds_alternative<Conv>((*expr)->op) || std::holds_alternative<AvgPool>((*expr)->op));
}

bool isScaling(const DraftNode& node) {
    const auto* expr = std::get_if<ExprPtr>(&node.what);
    return expr && (std::holds_alternative<Norm>((*expr)->op) || std::holds_alternative<Scale>((*expr)->op));
}

/// Part of a draft between a source and a sink, while regions are compared.
struct Candidate {
    std::int64_t source = -1;
    std::set<std::size_t> nodes;
};

/// Writes the steps of a candidate as an expression of its source's map.
class Writer {
public:
    Writer(const Draft& draft, const Candidate& candidate) : m_draft(draft), m_candidate(candidate) {}

    /// Null when the tree would be too large.
    ExprPtr write(std::size_t sink) {
        if (stepsOf(static_cast<std::int64_t>(sink)) > kMaxSteps) return nullptr;
        return expressionOf(static_cast<std::int64_t>(sink));
    }

private:
    std::int64_t stepsOf(std::int64_t node) {
        if (node == m_candidate.source) return 0;
        if (const auto known = m_steps.find(node); known != m_steps.end()) return known->second;
        std::int64_t steps = 1;
        for (std::int64_t input : at(node).inputs) steps = std::min(steps + stepsOf(input), kMaxSteps + 1);
        return m_steps[node] = steps;
    }
    ExprPtr expressionOf(std::int64_t node) {
        if (node == m_candidate.source) return makeExpr("identity", Identity{});
        const DraftNode& step = at(node);
        if (const auto* join = std::get_if<Join>(&step.what)) {
            std::vector<ExprPtr> parts;
            for (std::int64_t input : step.inputs) {
                ExprPtr part = expressionOf(input);
                const auto* sum = join->concat ? nullptr : std::get_if<Sum>(&part->op);
                if (sum)
                    parts.insert(parts.end(), sum->terms.begin(), sum->terms.end());
                else
                    parts.push_back(std::move(part));
            }
            return join->concat ? makeExpr(step.name, Concat{std::move(parts)}) : makeExpr(step.name, Sum{std::move(parts)});
        }
        const ExprPtr& own = std::get<ExprPtr>(step.what);
        if (step.inputs.front() == m_candidate.source) return own;
        const ExprPtr before = expressionOf(step.inputs.front());
        Chain chain;
        if (const auto* inner = std::get_if<Chain>(&before->op))
            chain = *inner;
        else
            chain.steps.push_back(before);
        chain.steps.push_back(own);
        return makeExpr(step.name, std::move(chain));
    }
    const DraftNode& at(std::int64_t node) const { return m_draft.nodes[static_cast<std::size_t>(node)]; }

    const Draft& m_draft;
    const Candidate& m_candidate;
    std::map<std::int64_t, std::int64_t> m_steps;
};

class Finder {
public:
    explicit Finder(const Draft& draft) : m_draft(draft), m_consumers(consumersOf(draft)), m_isTaken(draft.nodes.size(), false) {}

    Regions run() {
        for (std::size_t sink = m_draft.nodes.size(); sink-- > 0;) {
            if (m_isTaken[sink] || !m_draft.nodes[sink].isAffine()) continue;
            auto region = regionAt(sink);
            if (!region) continue;
            for (std::size_t node : region->nodes) m_isTaken[node] = true;
            m_regions.found.push_back(std::move(*region));
        }
        std::ranges::reverse(m_regions.found);
        std::ranges::reverse(m_regions.remarks);
        return std::move(m_regions);
    }

private:
    const DraftNode& at(std::int64_t node) const { return m_draft.nodes[static_cast<std::size_t>(node)]; }
    const Shape& shapeOf(std::int64_t node) const { return node < 0 ? m_draft.input : at(node).shape; }

    std::vector<Candidate> candidatesAt(std::size_t sink) const;
    double multiplicationsOf(const Candidate& candidate) const;
    bool splitsANorm(const Candidate& candidate) const;
    std::string whyNotTaken(const Candidate& candidate, std::size_t sink, const ExprPtr& body, bool& costs) const;
    std::optional<FoundRegion> regionAt(std::size_t sink);

    const Draft& m_draft;
    std::vector<std::size_t> m_consumers;
    std::vector<bool> m_isTaken;
    Regions m_regions;
};

/// All regions that end in `sink`, smallest first. The latest map that is still open is opened next, so that a map is
/// opened only when everything that takes it is inside already; whenever one map is open, it is a source.
std::vector<Candidate> Finder::candidatesAt(std::size_t sink) const {
    std::vector<Candidate> candidates;
    std::map<std::int64_t, std::size_t, std::greater<>> open; // map -> how often the inside takes it
    Candidate current;
    auto inside = [&](std::size_t node) {
        current.nodes.insert(node);
        for (std::int64_t input : m_draft.nodes[node].inputs) ++open[input];
    };
    inside(sink);
    while (true) {
        const auto [latest, uses] = *open.begin();
        if (open.size() == 1) {
            current.source = latest;
            candidates.push_back(current);
        }
        if (latest < 0 || !at(latest).isAffine() || m_isTaken[static_cast<std::size_t>(latest)] ||
            uses != m_consumers[static_cast<std::size_t>(latest)])
            return candidates;
        open.erase(open.begin());
        inside(static_cast<std::size_t>(latest));
    }
}

/// Of a forward pass through the steps, each counted once.
double Finder::multiplicationsOf(const Candidate& candidate) const {
    double total = 0;
    for (std::size_t i : candidate.nodes) {
        const DraftNode& node = m_draft.nodes[i];
        if (const auto* expr = std::get_if<ExprPtr>(&node.what)) {
            const auto pixels = static_cast<double>(countOf(node.shape));
            if (const auto* conv = std::get_if<Conv>(&(*expr)->op)) {
                const Shape& w = conv->weight.shape();
                total += pixels * static_cast<double>(w[1] * w[2] * w[3]);
            } else if (isScaling(node) || isWindow(node)) {
                total += pixels;
            }
        }
    }
    return total;
}

/// A norm belongs to the convolution before it: neither is merged elsewhere without the other.
bool Finder::splitsANorm(const Candidate& candidate) const {
    if (candidate.source < 0 || !isWindow(at(candidate.source)) || m_consumers[static_cast<std::size_t>(candidate.source)] != 1) return false;
    return std::ranges::any_of(candidate.nodes, [&](std::size_t i) {
        return isScaling(m_draft.nodes[i]) && m_draft.nodes[i].inputs.front() == candidate.source;
    });
}

/// Empty when the region can be taken. The cost is looked at first: it needs no numbers.
std::string Finder::whyNotTaken(const Candidate& candidate, std::size_t sink, const ExprPtr& body, bool& costs) const {
    costs = false;
    if (!body) return "its steps are shared too often to be written out";
    const Shape& out = m_draft.nodes[sink].shape;
    const std::int64_t channels = shapeOf(candidate.source)[1];
    const double pixels = static_cast<double>(out[0] * out[2] * out[3]);
    const double merged = outlineOf(*body, channels).multiplications() * pixels, apart = multiplicationsOf(candidate);
    if (merged > apart) {
        costs = true;
        return fmt::format("merged it would take {:.4g} times the multiplications ({:.4g} instead of {:.4g})", merged / apart, merged, apart);
    }
    try {
        const fusion::FuseResult fused = fusion::fuse(*body, channels, false);
        if (const fusion::Refusal* refusal = fused.refusal()) return refusal->reason;
        if (fused.fused()->exactness == fusion::Exactness::everywhere) return {};
        return fmt::format("a border of {} pixel{} would differ: {}", fused.fused()->rim, fused.fused()->rim == 1 ? "" : "s", fused.fused()->rimReason);
    } catch (const Error& error) {
        if (error.code() != ErrorCode::valueInvalid) throw;
        return {}; // NaN in a kernel: a block, whose fusion says so
    }
}

std::optional<FoundRegion> Finder::regionAt(std::size_t sink) {
    const std::vector<Candidate> candidates = candidatesAt(sink);
    auto regionOf = [&](const Candidate& candidate, ExprPtr body) {
        return FoundRegion{candidate.source, sink, {candidate.nodes.begin(), candidate.nodes.end()}, std::move(body), false, {}};
    };
    auto isWindowAt = [&](std::size_t i) { return isWindow(m_draft.nodes[i]); };
    bool remarked = false;
    for (std::size_t c = candidates.size(); c-- > 0;) { // largest first
        const Candidate& candidate = candidates[c];
        const bool hasWindow = std::ranges::any_of(candidate.nodes, isWindowAt);
        if (candidate.nodes.size() == 1 || !hasWindow || splitsANorm(candidate)) continue;
        const ExprPtr body = Writer(m_draft, candidate).write(sink);
        bool costs = false;
        const std::string reason = whyNotTaken(candidate, sink, body, costs);
        FoundRegion region = regionOf(candidate, body);
        region.merges = reason.empty();
        if (region.merges) return region;
        // Two convolutions and nothing else: they stay together as one block that says why it is not merged.
        const bool whole = c + 1 == candidates.size() && candidate.nodes.size() == 2 && std::ranges::all_of(candidate.nodes, isWindowAt);
        if (whole && costs) {
            region.leave = reason;
            return region;
        }
        if (remarked) continue;
        remarked = true;
        const std::string source = candidate.source < 0 ? m_draft.inputName : at(candidate.source).name;
        m_regions.remarks.push_back({sink, fmt::format("from '{}' to '{}' the network is affine, but {}", source, m_draft.nodes[sink].name, reason)});
    }
    if (candidates.empty() || candidates.front().nodes.size() > 1) return std::nullopt;
    return regionOf(candidates.front(), Writer(m_draft, candidates.front()).write(sink));
}

} // namespace

Regions findRegions(const Draft& draft) { return Finder(draft).run(); }

} // namespace rp::graph
