// SPDX-License-Identifier: Apache-2.0
#include "core/graph/regions.h"

#include "core/base/error.h"
#include "core/fusion/fuse.h"
#include "core/graph/outline.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include <fmt/format.h>

namespace rp::graph {
namespace {

/// Shared steps are written once for each path; a graph of many paths would never end.
constexpr std::int64_t kMaxSteps = 2000;
/// Steps of the file in one region; real blocks have a few dozen.
constexpr std::size_t kMaxNodes = 200;

bool isWindow(const DraftNode& node) {
    const auto* expr = std::get_if<ExprPtr>(&node.what);
    return expr && (std::holds_alternative<Conv>((*expr)->op) || std::holds_alternative<AvgPool>((*expr)->op));
}

bool isScaling(const DraftNode& node) {
    const auto* expr = std::get_if<ExprPtr>(&node.what);
    return expr && (std::holds_alternative<Norm>((*expr)->op) || std::holds_alternative<Scale>((*expr)->op));
}

bool isReshape(const DraftNode& node) {
    const auto* operation = std::get_if<Operation>(&node.what);
    return operation && std::holds_alternative<Reshape>(operation->kind);
}

/// Part of a draft between a source and a sink, while regions are compared.
struct Candidate {
    std::int64_t source = -1;
    std::set<std::size_t> nodes;
};

/// Maps that are still to be opened on the way back from a step, the latest first, with how often they are taken.
using OpenMaps = std::map<std::int64_t, std::size_t, std::greater<>>;

void open(OpenMaps& maps, const DraftNode& node) {
    for (std::int64_t input : node.inputs) ++maps[input];
}

/// Writes the steps between a source and a sink as an expression of the source's map.
class Writer {
public:
    explicit Writer(const Draft& draft) : m_draft(draft) {}

    /// Null when it would be too long.
    ExprPtr write(std::int64_t source, std::size_t sink) {
        try {
            return expressionOf(static_cast<std::int64_t>(sink), source);
        } catch (const TooLong&) {
            return nullptr;
        }
    }

private:
    struct TooLong {};

    const DraftNode& at(std::int64_t node) const { return m_draft.nodes[static_cast<std::size_t>(node)]; }

    /// The nearest map that everything in `join` comes from.
    std::int64_t originOf(std::int64_t join) const {
        OpenMaps maps;
        open(maps, at(join));
        while (maps.size() > 1) {
            const std::int64_t latest = maps.begin()->first;
            maps.erase(maps.begin());
            open(maps, at(latest));
        }
        return maps.begin()->first;
    }
    /// A border whose stated values are, up to float32's rounding, what the steps before it make of zero is that: files
    /// hold values that were computed in float32, or with constants that were rounded to it.
    ExprPtr borderBehind(const ExprPtr& before, const ExprPtr& step, std::int64_t channels) const {
        const auto* pad = std::get_if<ConstantPad>(&step->op);
        if (!pad || !pad->value) return step;
        const fusion::FuseResult fused = fusion::fuse(*before, channels, false);
        if (!fused.fused()) return step;
        const TensorD stated = pad->value->toDouble(), made = fused.fused()->kernel.bias;
        double largest = 0, apart = 0;
        for (std::int64_t c = 0; c < made.count(); ++c) {
            largest = std::max(largest, std::abs(made[c]));
            apart = std::max(apart, std::abs(made[c] - stated[stated.count() == 1 ? 0 : c]));
        }
        return apart <= 1e-5 * largest ? makeExpr(step->name, ConstantPad{pad->padding, {}}) : step;
    }
    /// Nothing in front of a step that takes the source itself.
    ExprPtr chained(const std::string& name, const ExprPtr& before, ExprPtr step, std::int64_t source) const {
        if (std::holds_alternative<Identity>(before->op)) return step;
        step = borderBehind(before, step, (source < 0 ? m_draft.input : at(source).shape)[1]);
        Chain chain;
        if (const auto* inner = std::get_if<Chain>(&before->op))
            chain = *inner;
        else
            chain.steps.push_back(before);
        chain.steps.push_back(step);
        return makeExpr(name, std::move(chain));
    }
    ExprPtr expressionOf(std::int64_t node, std::int64_t source) {
        if (++m_steps > kMaxSteps) throw TooLong{};
        if (node == source) return makeExpr("identity", Identity{});
        const DraftNode& step = at(node);
        const auto* join = std::get_if<Join>(&step.what);
        if (!join) return chained(step.name, expressionOf(step.inputs.front(), source), std::get<ExprPtr>(step.what), source);
        const std::int64_t origin = originOf(node);
        const ExprPtr before = expressionOf(origin, source);
        std::vector<ExprPtr> parts;
        for (std::int64_t input : step.inputs) {
            ExprPtr part = expressionOf(input, origin);
            const auto* sum = join->concat ? nullptr : std::get_if<Sum>(&part->op);
            if (sum)
                parts.insert(parts.end(), sum->terms.begin(), sum->terms.end());
            else
                parts.push_back(std::move(part));
        }
        const ExprPtr joined = join->concat ? makeExpr(step.name, Concat{std::move(parts)}) : makeExpr(step.name, Sum{std::move(parts)});
        return chained(step.name, before, joined, source);
    }

    const Draft& m_draft;
    std::int64_t m_steps = 0;
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
        for (std::size_t sink = m_draft.nodes.size(); sink-- > 0;)
            if (!m_isTaken[sink] && std::holds_alternative<Join>(m_draft.nodes[sink].what)) remarkOnJoin(sink);
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
    void remarkOnJoin(std::size_t sink);

    const Draft& m_draft;
    std::vector<std::size_t> m_consumers;
    std::vector<bool> m_isTaken;
    Regions m_regions;
};

/// All regions that end in `sink`, smallest first. The latest map that is still open is opened next, so that a map is
/// opened only when everything that takes it is inside already; whenever one map is open, it is a source.
std::vector<Candidate> Finder::candidatesAt(std::size_t sink) const {
    std::vector<Candidate> candidates;
    OpenMaps maps;
    Candidate current;
    auto inside = [&](std::size_t node) {
        current.nodes.insert(node);
        open(maps, m_draft.nodes[node]);
    };
    inside(sink);
    while (true) {
        const auto [latest, uses] = *maps.begin();
        if (maps.size() == 1) {
            current.source = latest;
            candidates.push_back(current);
        }
        if (current.nodes.size() >= kMaxNodes) return candidates;
        if (latest < 0 || !at(latest).isAffine() || m_isTaken[static_cast<std::size_t>(latest)] ||
            uses != m_consumers[static_cast<std::size_t>(latest)])
            return candidates;
        maps.erase(maps.begin());
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
        const ExprPtr body = Writer(m_draft).write(candidate.source, sink);
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
        m_regions.remarks.push_back({"larger-region", sink, fmt::format("from '{}' to '{}' the network is affine, but {}", source, m_draft.nodes[sink].name, reason)});
    }
    if (candidates.empty() || candidates.front().nodes.size() > 1) return std::nullopt;
    return regionOf(candidates.front(), Writer(m_draft).write(candidates.front().source, sink));
}

/// Branches that are joined behind one map, some of them convolutions: which one is not affine, and through what.
void Finder::remarkOnJoin(std::size_t sink) {
    OpenMaps maps;
    std::set<std::int64_t> inside;
    open(maps, m_draft.nodes[sink]);
    while (maps.size() > 1) {
        const std::int64_t latest = maps.begin()->first;
        maps.erase(maps.begin());
        if (inside.size() >= kMaxNodes || at(latest).isUnknown()) return;
        inside.insert(latest);
        open(maps, at(latest));
    }
    bool convolves = false;
    const DraftNode* culprit = nullptr;
    const std::vector<std::int64_t>& joined = m_draft.nodes[sink].inputs;
    for (std::int64_t input : std::set<std::int64_t>(joined.begin(), joined.end())) {
        bool hasWindow = false;
        const DraftNode* operation = nullptr;
        std::vector<std::int64_t> next{input};
        for (std::set<std::int64_t> seen; !next.empty();) {
            const std::int64_t node = next.back();
            next.pop_back();
            if (!inside.contains(node) || !seen.insert(node).second) continue;
            hasWindow = hasWindow || isWindow(at(node));
            if (!at(node).isAffine() && !(operation && isReshape(at(node)))) operation = &at(node);
            for (std::int64_t from : at(node).inputs)
                if (inside.contains(from) && !seen.contains(from)) next.push_back(from);
        }
        convolves = convolves || (hasWindow && !operation);
        if (operation) culprit = operation;
    }
    if (!convolves || !culprit) return;
    m_regions.remarks.push_back({"not-affine", sink, fmt::format("the branches that meet in '{}' are not merged: '{}' ({}) on one of them is not affine", m_draft.nodes[sink].name,
                                                               culprit->name, describe(std::get<Operation>(culprit->what)))});
}

} // namespace

Regions findRegions(const Draft& draft) { return Finder(draft).run(); }

} // namespace rp::graph
