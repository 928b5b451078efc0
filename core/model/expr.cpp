// SPDX-License-Identifier: Apache-2.0
#include "core/model/expr.h"

#include "core/base/error.h"

#include <array>
#include <numeric>

#include <fmt/format.h>

namespace rp {
namespace {

[[noreturn]] void throwMismatch(const Expr& expr, std::string expected, std::string found) {
    throw Error(ErrorCode::shapeMismatch, {expr.name.empty() ? std::string(kindOf(expr)) : expr.name,
                                           std::move(expected), std::move(found), ""});
}

void requireChannels(const Expr& expr, std::int64_t expected, std::int64_t found) {
    if (expected != found)
        throwMismatch(expr, fmt::format("{} input channels", expected), fmt::format("{}", found));
}

Shape windowShape(const Expr& expr, const Shape& in, std::int64_t channels, Extent kernel, Extent stride,
                  const Padding& p, Extent dilation) {
    const std::int64_t oh = windowOutput(in[2], kernel.h, stride.h, p.top, p.bottom, dilation.h);
    const std::int64_t ow = windowOutput(in[3], kernel.w, stride.w, p.left, p.right, dilation.w);
    if (oh < 1 || ow < 1)
        throwMismatch(expr, fmt::format("an input of at least the {}x{} window", kernel.h, kernel.w),
                      fmt::format("{}", toString(in)));
    return {in[0], channels, oh, ow};
}

Shape convShape(const Expr& expr, const Conv& conv, const Shape& in) {
    const Shape& w = conv.weight.shape();
    requireChannels(expr, w[1] * conv.groups, in[1]);
    return windowShape(expr, in, w[0], {w[2], w[3]}, conv.stride, conv.padding, conv.dilation);
}

Shape poolShape(const Expr& expr, const AvgPool& pool, const Shape& in) {
    if (!pool.ceilMode) return windowShape(expr, in, in[1], pool.kernel, pool.stride, pool.padding, {1, 1});
    // Ceil mode keeps a last window that starts inside the input or its leading padding.
    auto size = [](std::int64_t n, std::int64_t k, std::int64_t s, std::int64_t before, std::int64_t after) {
        std::int64_t out = (n + before + after - k + s - 1) / s + 1;
        if ((out - 1) * s >= n + before) --out;
        return out;
    };
    return {in[0], in[1], size(in[2], pool.kernel.h, pool.stride.h, pool.padding.top, pool.padding.bottom),
            size(in[3], pool.kernel.w, pool.stride.w, pool.padding.left, pool.padding.right)};
}

Shape sumShape(const Expr& expr, const Sum& sum, const Shape& in) {
    const Shape first = outShapeOf(*sum.terms.front(), in);
    for (const ExprPtr& term : sum.terms)
        if (const Shape other = outShapeOf(*term, in); other != first)
            throwMismatch(expr, fmt::format("branches of one shape, {} like {}", toString(first), sum.terms.front()->name),
                          fmt::format("{} from {}", toString(other), term->name));
    return first;
}

Shape concatShape(const Expr& expr, const Concat& concat, const Shape& in) {
    Shape all = outShapeOf(*concat.parts.front(), in);
    for (std::size_t i = 1; i < concat.parts.size(); ++i) {
        const Shape part = outShapeOf(*concat.parts[i], in);
        if (part[2] != all[2] || part[3] != all[3]) throwMismatch(expr, toString(all), toString(part));
        all[1] += part[1];
    }
    return all;
}

template<class Total>
std::int64_t sumOver(const std::vector<ExprPtr>& children, Total total) {
    return std::accumulate(children.begin(), children.end(), std::int64_t{0},
                           [&](std::int64_t n, const ExprPtr& child) { return n + total(*child); });
}

std::int64_t countOf(const std::optional<Param>& param) { return param ? param->count() : 0; }

} // namespace

ExprPtr makeExpr(std::string name, Expr::Op op) {
    return std::make_shared<const Expr>(Expr{std::move(name), std::move(op)});
}

std::string_view kindOf(const Expr& expr) {
    static constexpr std::array<std::string_view, 9> kNames{"conv",     "norm",  "scale", "average pool", "constant pad",
                                                            "identity", "chain", "sum",   "concat"};
    return kNames[expr.op.index()];
}

std::int64_t windowOutput(std::int64_t in, std::int64_t kernel, std::int64_t stride, std::int64_t before,
                          std::int64_t after, std::int64_t dilation) {
    const std::int64_t room = in + before + after - ((kernel - 1) * dilation + 1);
    return room < 0 ? 0 : room / stride + 1;
}

std::int64_t outChannelsOf(const Expr& expr, std::int64_t inChannels) {
    return std::visit(
        Overload{
            [&](const Conv& conv) {
                requireChannels(expr, conv.weight.shape()[1] * conv.groups, inChannels);
                return conv.weight.shape()[0];
            },
            [&](const Norm& norm) {
                requireChannels(expr, norm.mean.count(), inChannels);
                return inChannels;
            },
            [&](const Chain& chain) {
                std::int64_t channels = inChannels;
                for (const ExprPtr& step : chain.steps) channels = outChannelsOf(*step, channels);
                return channels;
            },
            [&](const Sum& sum) { return outChannelsOf(*sum.terms.front(), inChannels); },
            [&](const Concat& concat) {
                return sumOver(concat.parts, [&](const Expr& part) { return outChannelsOf(part, inChannels); });
            },
            [&](const auto&) { return inChannels; },
        },
        expr.op);
}

Shape outShapeOf(const Expr& expr, const Shape& in) {
    if (in.size() != 4) throwMismatch(expr, "a feature map [n, c, h, w]", toString(in));
    return std::visit(
        Overload{
            [&](const Conv& conv) { return convShape(expr, conv, in); },
            [&](const Norm& norm) {
                requireChannels(expr, norm.mean.count(), in[1]);
                return in;
            },
            [&](const AvgPool& pool) { return poolShape(expr, pool, in); },
            [&](const ConstantPad& pad) {
                return windowShape(expr, in, in[1], {1, 1}, {1, 1}, pad.padding, {1, 1});
            },
            [&](const Chain& chain) {
                Shape shape = in;
                for (const ExprPtr& step : chain.steps) shape = outShapeOf(*step, shape);
                return shape;
            },
            [&](const Sum& sum) { return sumShape(expr, sum, in); },
            [&](const Concat& concat) { return concatShape(expr, concat, in); },
            [&](const auto&) { return in; },
        },
        expr.op);
}

std::int64_t macsOf(const Expr& expr, const Shape& in) {
    return std::visit(
        Overload{
            [&](const Conv& conv) {
                const Shape out = convShape(expr, conv, in);
                return out[0] * out[2] * out[3] * conv.weight.count();
            },
            [&](const Chain& chain) {
                std::int64_t macs = 0;
                Shape shape = in;
                for (const ExprPtr& step : chain.steps) {
                    macs += macsOf(*step, shape);
                    shape = outShapeOf(*step, shape);
                }
                return macs;
            },
            [&](const Sum& sum) { return sumOver(sum.terms, [&](const Expr& term) { return macsOf(term, in); }); },
            [&](const Concat& concat) {
                return sumOver(concat.parts, [&](const Expr& part) { return macsOf(part, in); });
            },
            [&](const auto&) { return std::int64_t{0}; },
        },
        expr.op);
}

std::int64_t parametersOf(const Expr& expr) {
    auto children = [](const std::vector<ExprPtr>& all) { return sumOver(all, [](const Expr& e) { return parametersOf(e); }); };
    return std::visit(Overload{
                          [&](const Conv& conv) { return conv.weight.count() + countOf(conv.bias); },
                          [&](const Norm& norm) { return countOf(norm.gamma) + countOf(norm.beta); },
                          [&](const Scale& scale) { return countOf(scale.factor) + countOf(scale.offset); },
                          [&](const Chain& chain) { return children(chain.steps); },
                          [&](const Sum& sum) { return children(sum.terms); },
                          [&](const Concat& concat) { return children(concat.parts); },
                          [&](const auto&) { return std::int64_t{0}; },
                      },
                      expr.op);
}

} // namespace rp
