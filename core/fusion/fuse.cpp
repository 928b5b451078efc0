// SPDX-License-Identifier: Apache-2.0
#include "core/fusion/fuse.h"

#include "core/fusion/part.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

namespace rp::fusion {
namespace {

struct RefusedError {
    Refusal refusal;
};

Operand operandOf(const Part& part) { return {part.name, part.kernel}; }

ChannelValues channelValues(std::string symbol, const std::optional<Param>& param, std::int64_t channels, double missing) {
    const auto count = static_cast<std::size_t>(channels);
    if (!param) return {std::move(symbol), std::vector<double>(count, missing)};
    const TensorD values = param->toDouble();
    if (values.count() == 1) return {std::move(symbol), std::vector<double>(count, values[0])}; // a scalar applies to every channel
    return {std::move(symbol), {values.values().begin(), values.values().end()}};
}

class Walker {
public:
    Walker(std::vector<Step>& steps, bool keepSteps) : m_steps(steps), m_keepSteps(keepSteps) {}

    Part fold(const Expr& expr, std::int64_t inChannels) {
        return std::visit([&](const auto& op) { return foldOp(expr, op, inChannels); }, expr.op);
    }

    /// The terms of a sum (or the parts of a concat) brought to one stride, padding, extent and grouping.
    std::vector<Part> aligned(const Expr& expr, const std::vector<ExprPtr>& children, std::int64_t inChannels);

    Part addUp(const Expr& expr, std::vector<Part> terms);

private:
    Part foldOp(const Expr& expr, const Conv& conv, std::int64_t inChannels);
    Part foldOp(const Expr& expr, const Norm& norm, std::int64_t inChannels);
    Part foldOp(const Expr& expr, const Scale& scale, std::int64_t inChannels);
    Part foldOp(const Expr& expr, const AvgPool& pool, std::int64_t inChannels);
    Part foldOp(const Expr& expr, const ConstantPad& pad, std::int64_t inChannels);
    Part foldOp(const Expr& expr, const Identity&, std::int64_t inChannels);
    Part foldOp(const Expr& expr, const Chain& chain, std::int64_t inChannels);
    Part foldOp(const Expr& expr, const Sum& sum, std::int64_t inChannels);
    Part foldOp(const Expr& expr, const Concat& concat, std::int64_t inChannels);

    Part affineStep(const Expr& expr, Part before, std::string title);
    Part regrouped(Part part, std::int64_t groups);
    Part chained(Part first, const Border& border, Part second);
    void agreeOnSurround(std::vector<Part>& parts) const;
    void checkBorder(const Part& first, const Border& border, const Part& second, Part& result) const;
    /// What was true of the operands before `step` is taken when the log is kept, and costs nothing otherwise.
    std::vector<Operand> taken(std::initializer_list<const Part*> parts) const;
    void log(Step step, const Part& part);

    std::vector<Step>& m_steps;
    bool m_keepSteps;
};

std::vector<Operand> Walker::taken(std::initializer_list<const Part*> parts) const {
    std::vector<Operand> operands;
    if (m_keepSteps)
        for (const Part* part : parts) operands.push_back(operandOf(*part));
    return operands;
}

void Walker::log(Step step, const Part& part) {
    if (!m_keepSteps) return;
    step.name = part.name;
    step.result = part.kernel;
    m_steps.push_back(std::move(step));
}

Part Walker::foldOp(const Expr& expr, const Conv& conv, std::int64_t) {
    const TensorD bias = conv.bias ? conv.bias->toDouble() : TensorD(Shape{conv.weight.shape()[0]});
    Part part{expr.name, {conv.weight.toDouble(), bias, conv.groups}, conv.stride, conv.padding, 0, {}};
    if (conv.dilation != Extent{1, 1}) {
        std::vector<Operand> operands = taken({&part});
        part.kernel = undilate(part.kernel, conv.dilation);
        log({Rewriting::undilate, fmt::format("write the dilated {} densely", expr.name), "F12", "K'[d·y, d·x] = K[y, x], zeros between",
             std::move(operands), {}, {}, conv.dilation},
            part);
    }
    return part;
}

/// `expr` is a norm or a scale behind `before`.
Part Walker::affineStep(const Expr& expr, Part before, std::string title) {
    const std::int64_t channels = before.kernel.outChannels();
    const auto* norm = std::get_if<Norm>(&expr.op);
    const auto* scale = std::get_if<Scale>(&expr.op);
    std::vector<Operand> operands = taken({&before});
    if (m_keepSteps && norm)
        operands.push_back({expr.name,
                            {},
                            {channelValues("γ", norm->gamma, channels, 1), channelValues("β", norm->beta, channels, 0),
                             channelValues("μ", norm->mean, channels, 0), channelValues("var", norm->var, channels, 1)}});
    else if (m_keepSteps)
        operands.push_back({expr.name, {}, {channelValues("a", scale->factor, channels, 1), channelValues("c", scale->offset, channels, 0)}});
    before.kernel = affineAfter(std::move(before.kernel), norm ? affineOf(*norm) : affineOf(*scale, channels));
    before.isIdentity = false;
    if (norm)
        log({Rewriting::norm, std::move(title), "F1", "s = γ / √(var + ε);  K' = s · K;  b' = β + (b − μ) · s", std::move(operands), {}, {},
             {1, 1}, norm->eps},
            before);
    else
        log({Rewriting::scale, std::move(title), "F5", "K' = a · K;  b' = a · b + c", std::move(operands), {}, {}}, before);
    return before;
}

Part Walker::regrouped(Part part, std::int64_t groups) {
    if (part.kernel.groups == groups) return part;
    std::vector<Operand> operands = taken({&part});
    part.kernel = withGroups(part.kernel, groups);
    log({Rewriting::regroup, fmt::format("write {} with {} group{}", part.name, groups, groups == 1 ? "" : "s"), "F9",
         "zeros where an output does not read an input", std::move(operands), {}, {}},
        part);
    return part;
}

Part Walker::foldOp(const Expr& expr, const Norm&, std::int64_t inChannels) {
    return affineStep(expr, foldOp(expr, Identity{}, inChannels), fmt::format("fold BN into {}", expr.name));
}

Part Walker::foldOp(const Expr& expr, const Scale&, std::int64_t inChannels) {
    return affineStep(expr, foldOp(expr, Identity{}, inChannels), fmt::format("scale {}", expr.name));
}

Part Walker::foldOp(const Expr& expr, const AvgPool& pool, std::int64_t inChannels) {
    if (!pool.countsPadding && !pool.padding.isZero())
        throw RefusedError{{expr.name, "the average pool does not count its padding, so it is not affine at the border"}};
    if (pool.ceilMode && pool.stride != Extent{1, 1})
        throw RefusedError{{expr.name, "the average pool rounds its output size up (ceil mode)"}};
    Part part{expr.name, averageKernel(inChannels, pool.kernel), pool.stride, pool.padding, 0, {}};
    log({Rewriting::average, fmt::format("write the average pool {} as a kernel", expr.name), "F10", "K[o, o, y, x] = 1 / (kh · kw)", {}, {}, {}}, part);
    return part;
}

Part Walker::foldOp(const Expr& expr, const ConstantPad& pad, std::int64_t inChannels) {
    Part identity = foldOp(expr, Identity{}, inChannels);
    const Border border{pad.padding, &pad};
    return chained(identity, border, identity);
}

Part Walker::foldOp(const Expr& expr, const Identity&, std::int64_t inChannels) {
    Part part{expr.name, identityKernel(inChannels, inChannels), {}, {}, 0, {}};
    part.isIdentity = true;
    log({Rewriting::identity, fmt::format("write {} as a kernel", expr.name.empty() ? "the identity" : expr.name), "F4",
         "K[o, i] = 1 where o = i", {}, {}, {}},
        part);
    return part;
}

Part Walker::foldOp(const Expr& expr, const Chain& chain, std::int64_t inChannels) {
    std::optional<Part> result;
    std::optional<Border> border;
    std::int64_t channels = inChannels;
    auto take = [&](Part next) {
        result = result || border ? chained(result ? std::move(*result) : foldOp(expr, Identity{}, inChannels),
                                            border.value_or(Border{}), std::move(next))
                                  : std::move(next);
        border.reset();
    };
    for (const ExprPtr& step : chain.steps) {
        const auto* pad = std::get_if<ConstantPad>(&step->op);
        const auto* norm = std::get_if<Norm>(&step->op);
        const auto* scale = std::get_if<Scale>(&step->op);
        if (border && (pad || norm || scale)) take(foldOp(*step, Identity{}, channels));
        if (pad)
            border = Border{pad->padding, pad};
        else if (norm && result)
            result = affineStep(*step, std::move(*result), fmt::format("fold {} into {}", step->name, result->name));
        else if (scale && result)
            result = affineStep(*step, std::move(*result), fmt::format("multiply {} by {}", result->name, step->name));
        else if (!std::holds_alternative<Identity>(step->op))
            take(fold(*step, channels));
        channels = outChannelsOf(*step, channels);
    }
    if (border) take(foldOp(expr, Identity{}, channels));
    if (!result) result = foldOp(expr, Identity{}, inChannels);
    result->name = expr.name;
    return std::move(*result);
}

/// Whether the ring around `first`'s output holds what the composed convolution computes there: `first` must see
/// nothing but padding when its window stands on the ring, and the ring must hold its answer to that. Behind an identity
/// nothing is known of the ring yet: it becomes the surround of the whole.
void Walker::checkBorder(const Part& first, const Border& border, const Part& second, Part& result) const {
    const bool bordered = widest(border.padding) > 0, padded = widest(second.padding) > 0;
    const Extent k = first.kernel.extent();
    const Padding& p = first.padding;
    const bool seesInput = p.top < k.h - first.stride.h || p.left < k.w - first.stride.w || p.bottom < k.h - 1 ||
                           p.right < k.w - 1;
    std::optional<Constants> stated; // of the border step; without a value it is what `first` makes of its padding
    if (bordered && border.pad && border.pad->value) {
        const TensorD value = border.pad->value->toDouble();
        stated.emplace(value.values().begin(), value.values().end());
    }
    result.surround = first.surround;
    std::string reason;
    if (first.isIdentity) {
        result.surround = padded ? second.surround : stated;
        if (padded && bordered && !sameConstants(stated, second.surround))
            reason = fmt::format("the border before {} holds something else than its padding", second.name);
    } else if (bordered || padded) {
        const Constants answer = answerToPadding(first);
        if (seesInput)
            reason = fmt::format("{} is padded after a {}x{} window that still sees the input there", first.name, k.h, k.w);
        else if (stated && !sameConstants(stated, answer))
            reason = fmt::format("the border added after {} does not hold what it makes of zero", first.name);
        else if (padded && !sameConstants(second.surround, answer))
            reason = second.surround ? fmt::format("the border inside {} does not hold what {} makes of zero", second.name, first.name)
                                     : fmt::format("{} is zero padded after {}, whose bias is not zero", second.name, first.name);
    }
    if (reason.empty() && first.rim == 0 && second.rim == 0) return;

    const std::int64_t step = std::min(second.stride.h, second.stride.w);
    const std::int64_t reach = first.rim + std::max<std::int64_t>(widest(plus(border.padding, second.padding)), 0);
    result.rim = std::max((reach + step - 1) / step, second.rim);
    result.rimReason = !reason.empty() ? reason : first.rim ? first.rimReason : second.rimReason;
}

Part Walker::chained(Part first, const Border& border, Part second) {
    const Padding ring = plus(border.padding, second.padding);
    const Extent s = first.stride;
    Part result{second.name, {}, {s.h * second.stride.h, s.w * second.stride.w},
                plus(first.padding, {s.h * ring.top, s.w * ring.left, s.h * ring.bottom, s.w * ring.right}), 0, {}};
    checkBorder(first, border, second, result);
    if (isDiagonal(first)) {
        std::vector<Operand> operands = taken({&first, &second});
        result.kernel = affineBefore(diagonalOf(first.kernel), std::move(second.kernel));
        log({Rewriting::affineBefore, fmt::format("fold {} into the {} behind it", first.name, second.name), "F14",
             "K'[o, i] = s[i] · K[o, i];  b' = b + Σ t[i] · K[o, i]", std::move(operands), {}, {}},
            result);
        return result;
    }
    const std::int64_t groups = std::gcd(first.kernel.groups, second.kernel.groups);
    first = regrouped(std::move(first), groups);
    second = regrouped(std::move(second), groups);
    result.kernel = compose(first.kernel, s, second.kernel);
    log({Rewriting::compose, fmt::format("merge {} and {}", first.name, second.name), first.kernel.extent() == Extent{1, 1} ? "F6" : "F7",
         "K[o, i] = Σ_m K2[o, m] ∗ K1[m, i];  b = b2 + Σ K2 · b1", taken({&first, &second}), {}, {}, s},
        result);
    return result;
}

/// Parts that are padded must ask for the same surround; those that are not take any.
void Walker::agreeOnSurround(std::vector<Part>& parts) const {
    const Part* asked = nullptr;
    for (Part& part : parts) {
        if (widest(part.padding) <= 0) continue;
        if (!asked) asked = &part;
        if (sameConstants(part.surround, asked->surround)) continue;
        part.rim = std::max(part.rim, widest(part.padding));
        if (part.rimReason.empty()) part.rimReason = fmt::format("the borders of {} and {} hold different values", asked->name, part.name);
    }
    const std::optional<Constants> surround = asked ? asked->surround : std::nullopt;
    for (Part& part : parts) {
        part.surround = surround;
        part.isIdentity = false;
    }
}

std::vector<Part> Walker::aligned(const Expr& expr, const std::vector<ExprPtr>& children, std::int64_t inChannels) {
    std::vector<Part> parts;
    for (const ExprPtr& child : children) parts.push_back(fold(*child, inChannels));
    agreeOnSurround(parts);
    std::int64_t groups = 0;
    Extent before{0, 0};
    before = {parts.front().padding.top, parts.front().padding.left};
    for (const Part& part : parts) {
        if (part.stride != parts.front().stride)
            throw RefusedError{{part.name, fmt::format("its stride is {}x{}, that of {} is {}x{}", part.stride.h, part.stride.w,
                                                       parts.front().name, parts.front().stride.h, parts.front().stride.w)}};
        groups = std::gcd(groups, part.kernel.groups);
        before = {std::max(before.h, part.padding.top), std::max(before.w, part.padding.left)};
    }
    Extent extent{1, 1};
    for (const Part& part : parts)
        extent = {std::max(extent.h, before.h - part.padding.top + part.kernel.extent().h),
                  std::max(extent.w, before.w - part.padding.left + part.kernel.extent().w)};
    for (Part& part : parts) {
        const Extent lead{before.h - part.padding.top, before.w - part.padding.left}, k = part.kernel.extent();
        part.padding = {before.h, before.w, part.padding.bottom + extent.h - lead.h - k.h,
                        part.padding.right + extent.w - lead.w - k.w};
        if (part.padding != parts.front().padding)
            throw RefusedError{{part.name, fmt::format("its window does not line up with that of {} in {}", parts.front().name,
                                                       expr.name)}};
        part = regrouped(std::move(part), groups);
        if (k != extent) {
            std::vector<Operand> operands = taken({&part});
            part.kernel = embed(part.kernel, lead, extent);
            log({Rewriting::embed, fmt::format("embed {} in {}x{}", part.name, extent.h, extent.w), "F3",
                 fmt::format("K'[y + {}, x + {}] = K[y, x], zeros around", lead.h, lead.w), std::move(operands), {}, {}, lead},
                part);
        }
    }
    return parts;
}

Part Walker::addUp(const Expr& expr, std::vector<Part> terms) {
    std::vector<Operand> operands = taken({&terms.front()});
    Part sum = std::move(terms.front());
    sum.name = expr.name;
    for (std::size_t i = 1; i < terms.size(); ++i) {
        sum.kernel = add(std::move(sum.kernel), terms[i].kernel);
        if (m_keepSteps) operands.push_back(operandOf(terms[i]));
        if (terms[i].rim > sum.rim) {
            sum.rim = terms[i].rim;
            sum.rimReason = terms[i].rimReason;
        }
    }
    if (terms.size() > 1) log({Rewriting::add, "add the branches", "F2", "K = Σ K_i;  b = Σ b_i", std::move(operands), {}, {}}, sum);
    return sum;
}

Part Walker::foldOp(const Expr& expr, const Sum& sum, std::int64_t inChannels) {
    return addUp(expr, aligned(expr, sum.terms, inChannels));
}

Part Walker::foldOp(const Expr& expr, const Concat& concat, std::int64_t inChannels) {
    std::vector<Part> parts = aligned(expr, concat.parts, inChannels);
    std::vector<Operand> operands;
    Part joined;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        Part part = regrouped(std::move(parts[i]), 1);
        if (m_keepSteps) operands.push_back(operandOf(part));
        if (i == 0) {
            joined = std::move(part);
            continue;
        }
        joined.kernel = fusion::concat(joined.kernel, part.kernel);
        joined.rim = std::max(joined.rim, part.rim);
        if (joined.rimReason.empty()) joined.rimReason = part.rimReason;
    }
    joined.name = expr.name;
    log({Rewriting::stack, "stack the parts along output channels", "F8", "K = [K_1; K_2; …]", std::move(operands), {}, {}}, joined);
    return joined;
}

Fused toFused(Part part) {
    if (part.rim == 0 && !sameConstants(part.surround, std::nullopt)) {
        part.rim = widest(part.padding); // nothing stands before the whole that would make such a border of zero
        part.rimReason = fmt::format("the border inside {} does not hold what the steps before it make of zero", part.name);
    }
    return {std::move(part.kernel), part.stride, part.padding, part.rim ? Exactness::inside : Exactness::everywhere, part.rim,
            std::move(part.rimReason)};
}

} // namespace

std::string_view toString(Exactness exactness) {
    switch (exactness) {
    case Exactness::everywhere: return "everywhere";
    case Exactness::inside: return "inside";
    case Exactness::notAffine: return "not affine";
    }
    return "not affine";
}

FuseResult fuse(const Expr& expr, std::int64_t inChannels, bool keepSteps) {
    FuseResult result;
    outChannelsOf(expr, inChannels); // broken shapes throw here, with the step's name
    Walker walker(result.steps, keepSteps);
    try {
        if (const auto* sum = std::get_if<Sum>(&expr.op)) {
            std::vector<Part> terms = walker.aligned(expr, sum->terms, inChannels);
            // Kept kernels are shared, and a shared kernel is copied when the sum is formed in place.
            if (keepSteps)
                for (const Part& term : terms) result.branches.emplace_back(term.name, term.kernel);
            result.outcome = toFused(walker.addUp(expr, std::move(terms)));
        } else {
            result.outcome = toFused(walker.fold(expr, inChannels));
            if (keepSteps) result.branches.emplace_back(expr.name, result.fused()->kernel);
        }
    } catch (const RefusedError& refused) {
        result.outcome = refused.refusal;
    }
    return result;
}

namespace {

template<class Rounded>
ExprPtr toConv(const Fused& fused, const std::string& name, Rounded rounded) {
    return makeExpr(name, Conv{Param(rounded(fused.kernel.weight)), Param(rounded(fused.kernel.bias)), fused.stride,
                               fused.padding, {1, 1}, fused.kernel.groups});
}

} // namespace

ExprPtr toStoredConv(const Fused& fused, const std::string& name) { return toConv(fused, name, toFloat); }

ExprPtr toExactConv(const Fused& fused, const std::string& name) {
    return toConv(fused, name, [](const TensorD& values) { return values; });
}

} // namespace rp::fusion
