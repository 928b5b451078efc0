// SPDX-License-Identifier: Apache-2.0
// What goes wrong when branches are brought together.
#include "core/verify/diagnosis/hypothesis.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace rp::verify {
namespace {

bool isJoin(const Expr& expr) { return childrenOf(expr).size() > 1 && !std::holds_alternative<Chain>(expr.op); }
bool isNorm(const Expr& expr) { return std::holds_alternative<Norm>(expr.op); }

std::vector<std::size_t> below(const Site& site, std::size_t child) {
    std::vector<std::size_t> path = site.path;
    path.push_back(child);
    return path;
}

/// Calls `function(path, term)` for each term of each sum and part of each concat.
template<class Function>
void forEachTerm(const ExprPtr& body, Function function) {
    for (const Site& join : sitesOf(body, isJoin)) {
        const std::span<const ExprPtr> terms = childrenOf(*join.node);
        for (std::size_t i = 0; i < terms.size(); ++i) function(below(join, i), terms[i]);
    }
}

void addOmitted(const ExprPtr& body, const BlockFacts&, std::vector<Hypothesis>& to) {
    forEachTerm(body, [&](const std::vector<std::size_t>& path, const ExprPtr& term) {
        to.push_back({"branch-omitted", fmt::format("{} is not part of the kernel", labelOf(*term)), "add the kernels of all branches",
                      replacedAt(body, path, times(term, 0))});
    });
}

/// Without the other terms; then that term without its norms.
void addAlone(const ExprPtr& body, const BlockFacts&, std::vector<Hypothesis>& to) {
    for (const Site& join : sitesOf(body, isJoin)) {
        const std::span<const ExprPtr> terms = childrenOf(*join.node);
        for (std::size_t i = 0; i < terms.size(); ++i) {
            ExprPtr alone = body;
            for (std::size_t k = 0; k < terms.size(); ++k)
                if (k != i) alone = replacedAt(alone, below(join, k), times(terms[k], 0));
            if (terms.size() > 2)
                to.push_back({"only-one-branch", fmt::format("the kernel is that of {} alone", labelOf(*terms[i])), "add the kernels of all branches", alone});
            const std::vector<Site> norms = sitesOf(alone, isNorm);
            if (norms.empty()) continue;
            for (const Site& norm : norms) alone = replacedAt(alone, norm.path, makeExpr(norm.node->name, Identity{}));
            to.push_back({"not-fused", fmt::format("the kernel is the bare convolution of {}: nothing was fused", labelOf(*terms[i])),
                          "call the model's fusing function before saving", alone});
        }
    }
}

void addConstants(const ExprPtr& body, const BlockFacts&, std::vector<Hypothesis>& to) {
    forEachTerm(body, [&](const std::vector<std::size_t>& path, const ExprPtr& term) {
        to.push_back({"branch-bias-ignored", fmt::format("the bias of {} is left out", labelOf(*term)), "the fused bias is the sum of the branches' biases",
                      replacedAt(body, path, withoutConstants(term))});
    });
    auto isChain = [](const Expr& expr) { return std::holds_alternative<Chain>(expr.op); };
    for (const Site& site : sitesOf(body, isChain)) { // a bias inside a chain passes through the windows behind it
        const std::span<const ExprPtr> steps = childrenOf(*site.node);
        std::size_t last = steps.size();
        while (last > 0 && !std::holds_alternative<Conv>(steps[last - 1]->op)) --last;
        if (last < 2) continue;
        ExprPtr edited = body;
        for (std::size_t i = 0; i + 1 < last; ++i) edited = replacedAt(edited, below(site, i), withoutConstants(steps[i]));
        to.push_back({"inner-bias-lost", fmt::format("what stands before {} adds nothing to the bias", labelOf(*steps[last - 1])),
                      "b = b2 + sum of K2 times b1: the bias of the first convolution passes through the second", edited});
    }
}

void addConvBias(const ExprPtr& body, const BlockFacts&, std::vector<Hypothesis>& to) {
    auto hasBias = [](const Expr& expr) {
        const auto* conv = std::get_if<Conv>(&expr.op);
        return conv && conv->bias;
    };
    const std::vector<Site> sites = sitesOf(body, hasBias);
    ExprPtr all = body;
    auto without = [](const Site& site) {
        Conv conv = std::get<Conv>(site.node->op);
        conv.bias.reset();
        return makeExpr(site.node->name, std::move(conv));
    };
    const std::string remedy = "the bias of a convolution is scaled by its norm and added: beta + (b - mean) * gamma / sqrt(var + eps)";
    for (const Site& site : sites) {
        all = replacedAt(all, site.path, without(site));
        to.push_back({"conv-bias-ignored", fmt::format("the bias of {} is left out", labelOf(*site.node)), remedy, replacedAt(body, site.path, without(site))});
    }
    if (sites.size() > 1) to.push_back({"conv-bias-ignored", "the biases of all convolutions are left out", remedy, all});
}

void addTwice(const ExprPtr& body, const BlockFacts&, std::vector<Hypothesis>& to) {
    forEachTerm(body, [&](const std::vector<std::size_t>& path, const ExprPtr& term) {
        to.push_back({"branch-twice", fmt::format("{} is counted twice", labelOf(*term)), "fuse once, from the training weights",
                      replacedAt(body, path, times(term, 2))});
    });
}

ExprPtr unitConv(std::int64_t channels, Padding padding) {
    Conv conv;
    conv.weight = Param(TensorD(Shape{channels, 1, 1, 1}, std::vector<double>(static_cast<std::size_t>(channels), 1.0)));
    conv.groups = channels;
    conv.padding = padding;
    return makeExpr("moved", std::move(conv));
}

Padding moved(Padding p, Extent by) { return {p.top - by.h, p.left - by.w, p.bottom + by.h, p.right + by.w}; }

/// The expression with its kernel `by` further down and to the right in its window.
ExprPtr movedBy(const ExprPtr& expr, std::int64_t channels, Extent by) {
    if (const auto* conv = std::get_if<Conv>(&expr->op)) {
        Conv other = *conv;
        other.padding = moved(other.padding, by);
        return makeExpr(expr->name, std::move(other));
    }
    if (const auto* pool = std::get_if<AvgPool>(&expr->op)) {
        AvgPool other = *pool;
        other.padding = moved(other.padding, by);
        return makeExpr(expr->name, other);
    }
    const std::span<const ExprPtr> children = childrenOf(*expr);
    if (children.empty()) return makeExpr(expr->name, Chain{{unitConv(channels, moved({}, by)), expr}});
    const std::array<std::size_t, 1> first{0};
    if (std::holds_alternative<Chain>(expr->op)) return replacedAt(expr, first, movedBy(children.front(), channels, by));
    ExprPtr result = expr;
    for (std::size_t i = 0; i < children.size(); ++i) result = replacedAt(result, std::array{i}, movedBy(children[i], channels, by));
    return result;
}

/// Where else a small kernel may have been put: everywhere in a small window, else in corners, at edges and one off.
std::vector<Extent> otherPlaces(Extent room, Extent lead) {
    std::vector<Extent> places;
    const bool few = (room.h + 1) * (room.w + 1) <= 25;
    auto isLikely = [&](std::int64_t at, std::int64_t centre, std::int64_t end) { return few || at == 0 || at == end || std::abs(at - centre) <= 1; };
    for (std::int64_t y = 0; y <= room.h; ++y)
        for (std::int64_t x = 0; x <= room.w; ++x)
            if ((y != lead.h || x != lead.w) && isLikely(y, lead.h, room.h) && isLikely(x, lead.w, room.w)) places.push_back({y - lead.h, x - lead.w});
    return places;
}

void addMisplaced(const ExprPtr& body, const BlockFacts& facts, std::vector<Hypothesis>& to) {
    constexpr std::array<std::int64_t, 1> row{0}; // one output channel tells the window
    forEachTerm(body, [&](const std::vector<std::size_t>& path, const ExprPtr& term) {
        const std::span<const std::size_t> joinPath(path.data(), path.size() - 1);
        const std::int64_t channels = channelsAt(body, joinPath, facts.inChannels);
        const fusion::FuseResult result = fusion::fuse(*rowsOf(term, channels, row), channels, false);
        const fusion::Fused* own = result.fused();
        if (!own) return;
        const Extent k = own->kernel.extent(), lead{facts.padding.top - own->padding.top, facts.padding.left - own->padding.left};
        const Extent room{facts.extent.h - k.h, facts.extent.w - k.w};
        if (room.h < lead.h || room.w < lead.w || lead.h < 0 || lead.w < 0) return; // stands behind another window
        for (const Extent& by : otherPlaces(room, lead))
            to.push_back({"branch-misplaced",
                          fmt::format("{} ({}x{}) stands {} rows and {} columns from where it belongs in the {}x{} kernel", labelOf(*term), k.h, k.w,
                                      by.h, by.w, facts.extent.h, facts.extent.w),
                          "a kernel of extent k in one of extent K starts at row and column (K - k) / 2 when its padding is k / 2",
                          replacedAt(body, path, movedBy(term, channels, by))});
    });
}

bool readsEachChannel(const Expr& expr) {
    if (std::holds_alternative<Chain>(expr.op))
        return std::ranges::all_of(childrenOf(expr), [](const ExprPtr& step) { return readsEachChannel(*step); });
    return std::holds_alternative<Norm>(expr.op) || std::holds_alternative<Scale>(expr.op) || std::holds_alternative<Identity>(expr.op);
}

/// A diagonal of [c, c/g] ends at its last column: output channels from c/g on read nothing.
void addGrouplessIdentity(const ExprPtr& body, const BlockFacts& facts, std::vector<Hypothesis>& to) {
    if (facts.groups < 2) return;
    forEachTerm(body, [&](const std::vector<std::size_t>& path, const ExprPtr& term) {
        const std::int64_t channels = channelsAt(body, path, facts.inChannels);
        if (!readsEachChannel(*term) || channels % facts.groups != 0) return;
        const std::int64_t perGroup = channels / facts.groups;
        Conv conv;
        TensorD diagonal(Shape{channels, perGroup, 1, 1});
        for (std::int64_t o = 0; o < perGroup; ++o) diagonal.edit()[static_cast<std::size_t>(o * perGroup + o)] = 1;
        conv.weight = Param(diagonal);
        conv.groups = facts.groups;
        to.push_back({"identity-ignores-groups",
                      fmt::format("the identity kernel of {} ignores the {} groups: only the first {} channels are right", labelOf(*term), facts.groups, perGroup),
                      "the identity kernel is 1 at [o, o mod (channels / groups)]",
                      replacedAt(body, path, makeExpr(term->name, Chain{{makeExpr("diagonal", std::move(conv)), term}}))});
    });
}

/// A norm or scale behind a sum applies to every term; somebody may have left it out for the identity, or for all but one.
void addMovedOuter(const ExprPtr& body, const BlockFacts&, std::vector<Hypothesis>& to) {
    auto isChain = [](const Expr& expr) { return std::holds_alternative<Chain>(expr.op); };
    for (const Site& site : sitesOf(body, isChain)) {
        const std::vector<ExprPtr>& steps = std::get<Chain>(site.node->op).steps;
        for (std::size_t i = 0; i + 1 < steps.size(); ++i) {
            const auto* sum = std::get_if<Sum>(&steps[i]->op);
            if (!sum || !readsEachChannel(*steps[i + 1])) continue;
            auto add = [&](const std::string& what, auto applies) {
                Sum reached, edited;
                for (std::size_t t = 0; t < sum->terms.size(); ++t) (applies(t, *sum->terms[t]) ? reached : edited).terms.push_back(sum->terms[t]);
                if (reached.terms.empty() || edited.terms.empty()) return;
                const ExprPtr inner = reached.terms.size() == 1 ? reached.terms.front() : makeExpr(steps[i]->name, reached);
                edited.terms.insert(edited.terms.begin(), makeExpr(inner->name, Chain{{inner, steps[i + 1]}}));
                Chain chain = std::get<Chain>(site.node->op);
                chain.steps[i] = makeExpr(steps[i]->name, std::move(edited));
                chain.steps.erase(chain.steps.begin() + static_cast<std::ptrdiff_t>(i) + 1);
                to.push_back({"outer-norm-moved", fmt::format("{} is applied to {} only, not to the sum", labelOf(*steps[i + 1]), what),
                              "what stands behind the sum applies to all of its branches", replacedAt(body, site.path, makeExpr(site.node->name, std::move(chain)))});
            };
            add("the branches that convolve", [](std::size_t, const Expr& term) { return !readsEachChannel(term); });
            for (std::size_t only = 0; only < sum->terms.size(); ++only)
                add(labelOf(*sum->terms[only]), [only](std::size_t t, const Expr&) { return t == only; });
        }
    }
}

void addScaleSkipped(const ExprPtr& body, const BlockFacts&, std::vector<Hypothesis>& to) {
    auto isScale = [](const Expr& expr) { return std::holds_alternative<Scale>(expr.op) && !isTimes(expr); };
    for (const Site& site : sitesOf(body, isScale))
        to.push_back({"scale-skipped", fmt::format("{} is left out", labelOf(*site.node)), "fold every scale of the block, in the order of the forward pass",
                      replacedAt(body, site.path, makeExpr(site.node->name, Identity{}))});
}

constexpr std::array<FaultRow, 9> kFaults{addOmitted,   addAlone,      addConstants,         addConvBias,     addTwice,
                                          addMisplaced, addMovedOuter, addGrouplessIdentity, addScaleSkipped};

} // namespace

std::span<const FaultRow> branchFaults() { return kFaults; }

} // namespace rp::verify
