// SPDX-License-Identifier: Apache-2.0
#include "core/graph/outline.h"

#include <algorithm>
#include <numeric>

namespace rp::graph {
namespace {

Outline diagonal(std::int64_t channels) { return {channels, channels, channels, {1, 1}, {1, 1}, 0, 0}; }

bool isDiagonal(const Outline& o) { return o.groups == o.in && o.in == o.out && o.kernel == Extent{1, 1} && o.stride == Extent{1, 1}; }

Outline chained(const Outline& a, const Outline& b) {
    Outline both{a.in, b.out, 1, {a.kernel.h + a.stride.h * (b.kernel.h - 1), a.kernel.w + a.stride.w * (b.kernel.w - 1)},
                 {a.stride.h * b.stride.h, a.stride.w * b.stride.w}, a.top + a.stride.h * b.top, a.left + a.stride.w * b.left};
    both.groups = isDiagonal(a) ? b.groups : isDiagonal(b) ? a.groups : std::gcd(a.groups, b.groups);
    return both;
}

Outline together(const std::vector<ExprPtr>& children, std::int64_t channels, bool concat) {
    std::vector<Outline> parts;
    for (const ExprPtr& child : children) parts.push_back(outlineOf(*child, channels));
    Outline all = parts.front();
    for (const Outline& part : parts) {
        all.top = std::max(all.top, part.top);
        all.left = std::max(all.left, part.left);
        all.groups = std::gcd(all.groups, part.groups);
    }
    if (concat) all.groups = 1;
    all.out = concat ? 0 : all.out;
    for (const Outline& part : parts) {
        all.kernel.h = std::max(all.kernel.h, all.top - part.top + part.kernel.h);
        all.kernel.w = std::max(all.kernel.w, all.left - part.left + part.kernel.w);
        if (concat) all.out += part.out;
    }
    return all;
}

} // namespace

double Outline::multiplications() const {
    return static_cast<double>(out) * static_cast<double>(in / groups) * static_cast<double>(kernel.h) * static_cast<double>(kernel.w);
}

Outline outlineOf(const Expr& expr, std::int64_t inChannels) {
    return std::visit(Overload{
                          [&](const Conv& conv) {
                              const Shape& w = conv.weight.shape();
                              return Outline{w[1] * conv.groups, w[0], conv.groups, {(w[2] - 1) * conv.dilation.h + 1, (w[3] - 1) * conv.dilation.w + 1},
                                             conv.stride, conv.padding.top, conv.padding.left};
                          },
                          [&](const AvgPool& pool) {
                              Outline o = diagonal(inChannels);
                              o.kernel = pool.kernel;
                              o.stride = pool.stride;
                              o.top = pool.padding.top;
                              o.left = pool.padding.left;
                              return o;
                          },
                          [&](const ConstantPad& pad) {
                              Outline o = diagonal(inChannels);
                              o.top = pad.padding.top;
                              o.left = pad.padding.left;
                              return o;
                          },
                          [&](const Chain& chain) {
                              Outline all = diagonal(inChannels);
                              for (const ExprPtr& step : chain.steps) all = chained(all, outlineOf(*step, all.out));
                              return all;
                          },
                          [&](const Sum& sum) { return together(sum.terms, inChannels, false); },
                          [&](const Concat& concat) { return together(concat.parts, inChannels, true); },
                          [&](const auto&) { return diagonal(inChannels); },
                      },
                      expr.op);
}

} // namespace rp::graph
