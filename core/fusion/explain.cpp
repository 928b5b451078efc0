// SPDX-License-Identifier: Apache-2.0
#include "core/fusion/explain.h"

#include "core/tensor/shape.h"

#include <cmath>

#include <fmt/format.h>

namespace rp::fusion {
namespace {

double valueOf(const Kernel& k, const Cell& c) {
    if (c.isBias) return k.bias[c.o];
    const Shape& s = k.weight.shape();
    return k.weight[((c.o * s[1] + c.i) * s[2] + c.y) * s[3] + c.x];
}

const Kernel& kernelOf(const Step& step, int operand) { return *step.operands[static_cast<std::size_t>(operand)].kernel; }

Factor element(const Step& step, int operand, std::string symbol, const Cell& cell) {
    return {std::move(symbol), valueOf(kernelOf(step, operand), cell), operand, cell};
}

/// The value of a norm or scale (operand 1) for channel `o`.
Factor channelValue(const Step& step, std::size_t which, std::int64_t o) {
    const ChannelValues& values = step.operands[1].channels[which];
    return {values.symbol, values.values[static_cast<std::size_t>(o)], 1, {false, o, static_cast<std::int64_t>(which)}};
}

Factor normScale(const Step& step, std::int64_t o) {
    const std::vector<ChannelValues>& norm = step.operands[1].channels;
    const auto c = static_cast<std::size_t>(o);
    const NormScale scale{norm[0].values[c], norm[3].values[c], step.eps};
    return {"γ / √(var + ε)", scale.value(), 1, {false, o}, scale};
}

Explanation folded(const Step& step, const Cell& cell) {
    const bool isNorm = step.rewriting == Rewriting::norm;
    const Factor scale = isNorm ? normScale(step, cell.o) : channelValue(step, 0, cell.o);
    const Factor before = element(step, 0, cell.isBias ? "b" : "K", cell);
    Explanation e{{Term{{scale, before}}}};
    if (!cell.isBias) return e;
    if (isNorm) e.terms.push_back({{scale, channelValue(step, 2, cell.o)}, true}); // μ
    e.terms.push_back({{channelValue(step, 1, cell.o)}});                            // β, or the offset c
    return e;
}

/// The element of the operand that was moved to `cell`, if one was.
std::optional<Cell> movedFrom(const Step& step, Cell cell) {
    const Kernel& from = kernelOf(step, 0);
    if (cell.isBias) return cell;
    const std::optional<SliceAt> slice = operandSlice(step, 0, {cell.o, cell.i});
    if (!slice) return std::nullopt;
    cell.i = slice->i;
    if (step.rewriting == Rewriting::embed) {
        cell.y -= step.by.h;
        cell.x -= step.by.w;
    } else if (step.rewriting == Rewriting::undilate) {
        if (cell.y % step.by.h != 0 || cell.x % step.by.w != 0) return std::nullopt;
        cell.y /= step.by.h;
        cell.x /= step.by.w;
    }
    const Extent k = from.extent();
    if (cell.y < 0 || cell.x < 0 || cell.y >= k.h || cell.x >= k.w) return std::nullopt;
    return cell;
}

Explanation behindAffine(const Step& step, const Cell& cell) {
    const Kernel& k = kernelOf(step, 1);
    const std::int64_t rows = k.outChannels() / k.groups, perGroup = k.weight.size(1), first = cell.o / rows * perGroup;
    if (!cell.isBias) return {{Term{{element(step, 0, "s", {false, first + cell.i}), element(step, 1, "K", cell)}}}};
    Explanation e{{Term{{element(step, 1, "b", cell)}}}};
    for (std::int64_t i = 0; i < perGroup; ++i)
        for (std::int64_t y = 0; y < k.weight.size(2); ++y)
            for (std::int64_t x = 0; x < k.weight.size(3); ++x)
                e.terms.push_back({{element(step, 0, "t", {true, first + i}), element(step, 1, "K", {false, cell.o, i, y, x})}});
    return e;
}

Explanation composed(const Step& step, const Cell& cell) {
    const Kernel &first = kernelOf(step, 0), &second = kernelOf(step, 1);
    const Extent k1 = first.extent(), k2 = second.extent();
    const std::int64_t middle = second.weight.size(1), group = cell.o / (second.outChannels() / second.groups);
    Explanation e;
    if (cell.isBias) e.terms.push_back({{element(step, 1, "b2", cell)}});
    for (std::int64_t m = 0; m < middle; ++m)
        for (std::int64_t v = 0; v < k2.h; ++v)
            for (std::int64_t u = 0; u < k2.w; ++u) {
                const std::int64_t y = cell.y - step.by.h * v, x = cell.x - step.by.w * u, row = group * middle + m;
                if (!cell.isBias && (y < 0 || x < 0 || y >= k1.h || x >= k1.w)) continue;
                const Cell from = cell.isBias ? Cell{true, row} : Cell{false, row, cell.i, y, x};
                e.terms.push_back({{element(step, 1, "K2", {false, cell.o, m, v, u}), element(step, 0, cell.isBias ? "b1" : "K1", from)}});
            }
    return e;
}

Explanation added(const Step& step, const Cell& cell) {
    Explanation e;
    for (std::size_t t = 0; t < step.operands.size(); ++t)
        e.terms.push_back({{element(step, static_cast<int>(t), step.operands[t].name, cell)}});
    return e;
}

Explanation stacked(const Step& step, Cell cell) {
    int operand = 0;
    while (cell.o >= kernelOf(step, operand).outChannels()) cell.o -= kernelOf(step, operand++).outChannels();
    return {{Term{{element(step, operand, step.operands[static_cast<std::size_t>(operand)].name, cell)}}}};
}

Explanation constant(std::string symbol, double value) { return {{Term{{Factor{std::move(symbol), value}}}}}; }

} // namespace

std::string Operand::label() const {
    if (kernel) return fmt::format("{} {}", name, rp::toString(kernel->weight.shape()));
    return fmt::format("{} [{}]", name, channels.empty() ? 0 : channels.front().values.size());
}

std::string Step::output() const { return fmt::format("{} {}", name, rp::toString(result.weight.shape())); }

double NormScale::value() const { return gamma / std::sqrt(var + eps); }

double Term::value() const {
    double product = isNegative ? -1 : 1;
    for (const Factor& factor : factors) product *= factor.value;
    return product;
}

double Explanation::value() const {
    double sum = 0;
    for (const Term& term : terms) sum += term.value();
    return sum;
}

Explanation explainCell(const Step& step, const Cell& cell) {
    switch (step.rewriting) {
    case Rewriting::norm:
    case Rewriting::scale: return folded(step, cell);
    case Rewriting::identity:
        if (cell.isBias || cell.o % step.result.weight.size(1) != cell.i) return {};
        return constant("1", 1);
    case Rewriting::average: {
        if (cell.isBias) return {};
        const Extent k = step.result.extent();
        return constant(fmt::format("1 / ({} · {})", k.h, k.w), 1.0 / static_cast<double>(k.h * k.w));
    }
    case Rewriting::undilate:
    case Rewriting::regroup:
    case Rewriting::embed: {
        const std::optional<Cell> from = movedFrom(step, cell);
        return from ? Explanation{{Term{{element(step, 0, from->isBias ? "b" : "K", *from)}}}} : Explanation{};
    }
    case Rewriting::affineBefore: return behindAffine(step, cell);
    case Rewriting::compose: return composed(step, cell);
    case Rewriting::add: return added(step, cell);
    case Rewriting::stack: return stacked(step, cell);
    }
    return {};
}

std::optional<SliceAt> operandSlice(const Step& step, std::size_t operand, SliceAt result, std::int64_t middle) {
    if (operand >= step.operands.size() || !step.operands[operand].kernel) return std::nullopt;
    const Kernel& kernel = *step.operands[operand].kernel;
    switch (step.rewriting) {
    case Rewriting::regroup: {
        const std::int64_t narrow = kernel.weight.size(1), rows = kernel.outChannels() / kernel.groups;
        const std::int64_t i = result.i - result.o / rows * narrow % step.result.weight.size(1);
        return i >= 0 && i < narrow ? std::optional(SliceAt{result.o, i}) : std::nullopt;
    }
    case Rewriting::affineBefore: {
        if (operand == 1) return result;
        const std::int64_t perGroup = step.result.weight.size(1), rows = step.result.outChannels() / step.result.groups;
        return SliceAt{result.o / rows * perGroup + result.i, 0};
    }
    case Rewriting::compose: {
        const std::int64_t count = middleChannels(step), rows = step.result.outChannels() / step.result.groups;
        return operand == 0 ? SliceAt{result.o / rows * count + middle, result.i} : SliceAt{result.o, middle};
    }
    case Rewriting::stack:
        for (std::size_t part = 0; part < operand; ++part) result.o -= step.operands[part].kernel->outChannels();
        return result.o >= 0 && result.o < kernel.outChannels() ? std::optional(result) : std::nullopt;
    default: return result;
    }
}

std::int64_t middleChannels(const Step& step) { return step.rewriting == Rewriting::compose ? step.operands[1].kernel->weight.size(1) : 0; }

} // namespace rp::fusion
