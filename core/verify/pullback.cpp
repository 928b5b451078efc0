// SPDX-License-Identifier: Apache-2.0
#include "core/verify/pullback.h"

#include "core/exec/forward.h"

#include <algorithm>
#include <cmath>

namespace rp::verify {
namespace {

/// The part of an axis of `size` that windows at [first, first + count) see.
struct Span {
    std::int64_t first, count;
};
Span seen(std::int64_t first, std::int64_t count, std::int64_t kernel, std::int64_t stride, std::int64_t before, std::int64_t dilation,
          std::int64_t size) {
    const std::int64_t low = std::max<std::int64_t>(first * stride - before, 0);
    const std::int64_t high = std::min(size, (first + count - 1) * stride - before + (kernel - 1) * dilation + 1);
    return {std::min(low, size), std::max<std::int64_t>(high - low, 0)};
}

Functional boxed(std::int64_t channel, std::int64_t channels, Span rows, Span columns, double constant) {
    Functional f{channel, channels, rows.first, rows.count, columns.first, columns.count, {}, constant};
    f.weights.resize(static_cast<std::size_t>(channels * rows.count * columns.count));
    return f;
}

/// What the steps of a chain make of zero, to be held by a border behind them: read off a border of the engine's own.
std::vector<double> zeroImage(const std::vector<ExprPtr>& before, const Shape& in) {
    const std::unique_ptr<Engine> engine = makeReferenceEngine();
    std::vector<ExprPtr> steps = before;
    steps.push_back(makeExpr("border", ConstantPad{{1, 0, 0, 0}, {}}));
    const TensorD map = engine->read(forward(makeExpr("zero", Chain{steps}), Phase::eval, engine->load(TensorD(in)), *engine));
    std::vector<double> values;
    for (std::int64_t c = 0; c < map.size(1); ++c) values.push_back(map[c * map.size(2) * map.size(3)]);
    return values;
}

std::vector<double> channelLast(const TensorD& weight) {
    const std::int64_t oc = weight.size(0), ic = weight.size(1), area = weight.size(2) * weight.size(3);
    std::vector<double> turned(static_cast<std::size_t>(weight.count()));
    for (std::int64_t o = 0; o < oc; ++o)
        for (std::int64_t i = 0; i < ic; ++i)
            for (std::int64_t t = 0; t < area; ++t) turned[static_cast<std::size_t>((o * area + t) * ic + i)] = weight[(o * ic + i) * area + t];
    return turned;
}

std::vector<double> numbersOf(const Param& param) {
    const TensorD values = param.toDouble();
    return {values.values().begin(), values.values().end()};
}

} // namespace

Functional combined(const Functional& a, double factor, const Functional& b) {
    auto covering = [](std::int64_t first1, std::int64_t count1, std::int64_t first2, std::int64_t count2) {
        const std::int64_t first = std::min(first1, first2);
        return Span{first, std::max(first1 + count1, first2 + count2) - first};
    };
    const double constant = a.constant + factor * b.constant;
    auto scaled = [&](const Functional& f, double by) {
        Functional result = f;
        for (double& w : result.weights) w *= by;
        result.constant = constant;
        return result;
    };
    if (b.weights.empty()) return scaled(a, 1);
    if (a.weights.empty()) return scaled(b, factor);
    const Span channels = covering(a.channel, a.channels, b.channel, b.channels);
    Functional sum = boxed(channels.first, channels.count, covering(a.row, a.rows, b.row, b.rows), covering(a.column, a.columns, b.column, b.columns), constant);
    auto add = [&sum](const Functional& f, double by) {
        for (std::int64_t y = f.row; y < f.row + f.rows; ++y)
            for (std::int64_t x = f.column; x < f.column + f.columns; ++x) {
                const double* from = &f.weights[f.at(y, x, f.channel)];
                double* to = &sum.weights[sum.at(y, x, f.channel)];
                for (std::int64_t c = 0; c < f.channels; ++c) to[c] += by * from[c];
            }
    };
    add(a, 1);
    add(b, factor);
    return sum;
}

Pullback::Pullback(const ExprPtr& expr, const Shape& in) : m_root(prepare(expr, in)) {}

Pullback::Step Pullback::prepare(const ExprPtr& expr, const Shape& in) {
    if (const auto* chain = std::get_if<Chain>(&expr->op)) return prepareChain(expr, *chain, in);
    Step step{expr->op, in, outShapeOf(*expr, in), {}, {}, {}, {}, 0};
    auto take = [&step, &in](const std::vector<ExprPtr>& children) {
        for (const ExprPtr& child : children) {
            step.children.push_back(prepare(child, in));
            step.roundings = std::max(step.roundings, step.children.back().roundings);
        }
    };
    std::visit(Overload{
                   [&](const Conv& conv) {
                       step.weight = channelLast(conv.weight.toDouble());
                       step.bias = conv.bias ? numbersOf(*conv.bias) : std::vector<double>(static_cast<std::size_t>(step.out[1]), 0.0);
                       const Shape& w = conv.weight.shape();
                       step.roundings = static_cast<double>(w[1] * w[2] * w[3]) + 2; // its own numbers' rounding, and the bias
                   },
                   [&](const Norm& norm) {
                       step.affine = affineOf(norm);
                       step.roundings = 5;
                   },
                   [&](const Scale& scale) {
                       step.affine = affineOf(scale, in[1]);
                       step.roundings = 4;
                   },
                   [&](const AvgPool& pool) { step.roundings = static_cast<double>(pool.kernel.h * pool.kernel.w) + 2; },
                   [&](const ConstantPad& pad) {
                       step.bias = pad.value ? numbersOf(*pad.value) : std::vector<double>(static_cast<std::size_t>(in[1]), 0.0);
                       step.roundings = 2;
                   },
                   [&](const Sum& sum) {
                       take(sum.terms);
                       step.roundings += static_cast<double>(sum.terms.size());
                   },
                   [&](const Concat& concat) { take(concat.parts); },
                   [](const auto&) {},
               },
               expr->op);
    return step;
}

Pullback::Step Pullback::prepareChain(const ExprPtr& expr, const Chain& chain, const Shape& in) {
    Step step{expr->op, in, outShapeOf(*expr, in), {}, {}, {}, {}, 0};
    Shape shape = in;
    for (std::size_t i = 0; i < chain.steps.size(); ++i) {
        Step next = prepare(chain.steps[i], shape);
        const auto* pad = std::get_if<ConstantPad>(&chain.steps[i]->op);
        if (pad && !pad->value) next.bias = zeroImage({chain.steps.begin(), chain.steps.begin() + static_cast<std::ptrdiff_t>(i)}, in);
        shape = next.out;
        step.roundings += next.roundings;
        step.children.push_back(std::move(next));
    }
    return step;
}

Functional Pullback::of(std::int64_t channel, std::int64_t y, std::int64_t x, bool absolute) const {
    Functional one = boxed(channel, 1, {y, 1}, {x, 1}, 0);
    one.weights[0] = 1;
    return pull(m_root, std::move(one), absolute);
}

Functional Pullback::throughConv(const Step& step, const Conv& conv, const Functional& f, bool absolute) {
    const Shape& w = conv.weight.shape();
    const std::int64_t perGroup = w[1], rowsOfGroup = w[0] / conv.groups, kh = w[2], kw = w[3];
    const std::int64_t firstGroup = f.channel / rowsOfGroup, lastGroup = (f.channel + f.channels - 1) / rowsOfGroup;
    Functional g = boxed(firstGroup * perGroup, (lastGroup - firstGroup + 1) * perGroup,
                         seen(f.row, f.rows, kh, conv.stride.h, conv.padding.top, conv.dilation.h, step.in[2]),
                         seen(f.column, f.columns, kw, conv.stride.w, conv.padding.left, conv.dilation.w, step.in[3]), f.constant);
    auto add = [&](std::int64_t y, std::int64_t x, std::int64_t m, double factor) {
        for (std::int64_t v = 0; v < kh; ++v) {
            const std::int64_t row = y * conv.stride.h - conv.padding.top + v * conv.dilation.h;
            if (row < 0 || row >= step.in[2]) continue;
            for (std::int64_t u = 0; u < kw; ++u) {
                const std::int64_t column = x * conv.stride.w - conv.padding.left + u * conv.dilation.w;
                if (column < 0 || column >= step.in[3]) continue;
                const double* from = &step.weight[static_cast<std::size_t>(((m * kh + v) * kw + u) * perGroup)];
                double* to = &g.weights[g.at(row, column, m / rowsOfGroup * perGroup)];
                if (absolute)
                    for (std::int64_t i = 0; i < perGroup; ++i) to[i] += factor * std::abs(from[i]);
                else
                    for (std::int64_t i = 0; i < perGroup; ++i) to[i] += factor * from[i];
            }
        }
    };
    for (std::int64_t y = f.row; y < f.row + f.rows; ++y)
        for (std::int64_t x = f.column; x < f.column + f.columns; ++x)
            for (std::int64_t m = f.channel; m < f.channel + f.channels; ++m) {
                const double factor = f.weights[f.at(y, x, m)];
                if (factor == 0) continue;
                const double bias = step.bias[static_cast<std::size_t>(m)];
                g.constant += factor * (absolute ? std::abs(bias) : bias);
                add(y, x, m, factor);
            }
    return g;
}

Functional Pullback::throughPool(const Step& step, const AvgPool& pool, const Functional& f) {
    Functional g = boxed(f.channel, f.channels, seen(f.row, f.rows, pool.kernel.h, pool.stride.h, pool.padding.top, 1, step.in[2]),
                         seen(f.column, f.columns, pool.kernel.w, pool.stride.w, pool.padding.left, 1, step.in[3]), f.constant);
    for (std::int64_t y = f.row; y < f.row + f.rows; ++y)
        for (std::int64_t x = f.column; x < f.column + f.columns; ++x) {
            const std::int64_t top = y * pool.stride.h - pool.padding.top, left = x * pool.stride.w - pool.padding.left;
            const std::int64_t firstRow = std::max<std::int64_t>(top, 0), lastRow = std::min(top + pool.kernel.h, step.in[2]);
            const std::int64_t firstColumn = std::max<std::int64_t>(left, 0), lastColumn = std::min(left + pool.kernel.w, step.in[3]);
            const std::int64_t area = pool.countsPadding ? pool.kernel.h * pool.kernel.w : (lastRow - firstRow) * (lastColumn - firstColumn);
            for (std::int64_t row = firstRow; row < lastRow; ++row)
                for (std::int64_t column = firstColumn; column < lastColumn; ++column)
                    for (std::int64_t c = f.channel; c < f.channel + f.channels; ++c)
                        g.weights[g.at(row, column, c)] += f.weights[f.at(y, x, c)] / static_cast<double>(area);
        }
    return g;
}

Functional Pullback::throughPad(const Step& step, const ConstantPad& pad, const Functional& f, bool absolute) {
    Functional g = boxed(f.channel, f.channels, seen(f.row, f.rows, 1, 1, pad.padding.top, 1, step.in[2]),
                         seen(f.column, f.columns, 1, 1, pad.padding.left, 1, step.in[3]), f.constant);
    for (std::int64_t y = f.row; y < f.row + f.rows; ++y)
        for (std::int64_t x = f.column; x < f.column + f.columns; ++x) {
            const std::int64_t row = y - pad.padding.top, column = x - pad.padding.left;
            const bool inside = row >= 0 && row < step.in[2] && column >= 0 && column < step.in[3];
            for (std::int64_t c = f.channel; c < f.channel + f.channels; ++c) {
                const double factor = f.weights[f.at(y, x, c)], value = step.bias[static_cast<std::size_t>(c)];
                if (inside)
                    g.weights[g.at(row, column, c)] += factor;
                else
                    g.constant += factor * (absolute ? std::abs(value) : value);
            }
        }
    return g;
}

Functional Pullback::pull(const Step& step, Functional f, bool absolute) {
    if (f.weights.empty()) return f;
    return std::visit(
        Overload{
            [&](const Conv& conv) { return throughConv(step, conv, f, absolute); },
            [&](const AvgPool& pool) { return throughPool(step, pool, f); },
            [&](const ConstantPad& pad) { return throughPad(step, pad, f, absolute); },
            [&](const Identity&) { return std::move(f); },
            [&](const Chain&) {
                for (auto child = step.children.rbegin(); child != step.children.rend(); ++child) f = pull(*child, std::move(f), absolute);
                return std::move(f);
            },
            [&](const Sum&) {
                Functional sum;
                for (const Step& child : step.children) sum = combined(sum, 1, pull(child, f, absolute));
                sum.constant -= (static_cast<double>(step.children.size()) - 1) * f.constant; // each term carried it
                return sum;
            },
            [&](const Concat&) {
                Functional sum;
                sum.constant = f.constant;
                std::int64_t first = 0;
                for (const Step& child : step.children) {
                    const std::int64_t low = std::max(first, f.channel), high = std::min(first + child.out[1], f.channel + f.channels);
                    if (low < high) {
                        Functional part = boxed(low - first, high - low, {f.row, f.rows}, {f.column, f.columns}, 0);
                        for (std::int64_t y = f.row; y < f.row + f.rows; ++y)
                            for (std::int64_t x = f.column; x < f.column + f.columns; ++x)
                                std::copy_n(&f.weights[f.at(y, x, low)], high - low, &part.weights[part.at(y, x, low - first)]);
                        sum = combined(sum, 1, pull(child, std::move(part), absolute));
                    }
                    first += child.out[1];
                }
                return sum;
            },
            [&](const auto&) { // Norm, Scale
                for (std::int64_t t = 0; t < f.rows * f.columns; ++t)
                    for (std::int64_t c = 0; c < f.channels; ++c) {
                        double& w = f.weights[static_cast<std::size_t>(t * f.channels + c)];
                        const auto at = static_cast<std::size_t>(f.channel + c);
                        f.constant += w * (absolute ? std::abs(step.affine.shift[at]) : step.affine.shift[at]);
                        w *= absolute ? std::abs(step.affine.scale[at]) : step.affine.scale[at];
                    }
                return std::move(f);
            },
        },
        step.op);
}

} // namespace rp::verify
