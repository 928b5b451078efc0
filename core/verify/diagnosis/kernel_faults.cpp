// SPDX-License-Identifier: Apache-2.0
// What goes wrong with a kernel that is already folded, or with that of one convolution.
#include "core/tensor/cast.h"
#include "core/verify/diagnosis/hypothesis.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

namespace rp::verify {
namespace {

using fusion::Kernel;

template<class Function>
TensorD mapped(const TensorD& values, Function function) {
    TensorD result = values;
    for (double& v : result.edit()) v = function(v);
    return result;
}

void addZeroBias(const ExprPtr& body, const BlockFacts&, std::vector<Hypothesis>& to) {
    to.push_back({"bias-ignored", "the fused convolution has no bias", "the fused bias is the sum of the branches' biases", body, [](Kernel k) {
                      k.bias = TensorD(k.bias.shape());
                      return k;
                  }});
}

struct Format {
    std::string_view code, name;
    double step; ///< spacing of numbers as a part of their size
    double (*round)(double);
};

constexpr std::array<Format, 2> kFormats{{{"float16", "float16", 0x1p-10, [](double v) { return static_cast<double>(halfToFloat(halfFrom(v))); }},
                                          {"bfloat16", "bfloat16", 0x1p-7, [](double v) { return static_cast<double>(bfloatToFloat(bfloatFrom(v))); }}}};

void addFloatRounding(const ExprPtr& body, const BlockFacts&, std::vector<Hypothesis>& to) {
    for (const Format& format : kFormats)
        for (bool bias : {true, false}) {
            Hypothesis h{std::string(format.code), fmt::format("{} rounded to {}", bias ? "kernel and bias are" : "the kernel is", format.name),
                         "nothing is wrong if this precision was intended; the fused kernel itself is right", body};
            h.map = [round = format.round, bias](Kernel k) {
                k.weight = mapped(k.weight, round);
                if (bias) k.bias = mapped(k.bias, round);
                return k;
            };
            h.step = format.step;
            to.push_back(std::move(h));
        }
}

/// Symmetric: the largest magnitude becomes 127.
void quantize(std::span<double> values) {
    double most = 0;
    for (double v : values) most = std::max(most, std::abs(v));
    if (most == 0 || !std::isfinite(most)) return;
    const double step = most / 127;
    for (double& v : values) v = std::nearbyint(v / step) * step;
}

void addInt8(const ExprPtr& body, const BlockFacts&, std::vector<Hypothesis>& to) {
    for (bool perChannel : {false, true}) {
        Hypothesis h{"int8", fmt::format("the kernel is rounded to int8, one scale per {}", perChannel ? "output channel" : "tensor"),
                     "nothing is wrong if this precision was intended; the fused kernel itself is right", body};
        h.map = [perChannel](Kernel k) {
            const auto size = static_cast<std::size_t>(perChannel ? k.weight.count() / k.outChannels() : k.weight.count());
            const std::span<double> all = k.weight.edit();
            for (std::size_t at = 0; at < all.size(); at += size) quantize(all.subspan(at, size));
            return k;
        };
        h.needsAllRows = !perChannel;
        h.gridStep = 1.0 / 127;
        to.push_back(std::move(h));
    }
}

bool isWindow(const Expr& expr) {
    const auto* conv = std::get_if<Conv>(&expr.op);
    return conv && conv->weight.shape()[2] * conv->weight.shape()[3] > 1;
}

constexpr std::string_view kOrientation = "kernels are [out, in, height, width] and are correlated, not convolved: exchange or turn nothing";

void addTurnedWindows(const ExprPtr& body, const BlockFacts& facts, std::vector<Hypothesis>& to) {
    for (const Symmetry& symmetry : symmetries()) {
        if (facts.extent != Extent{1, 1} && (facts.extent.h == facts.extent.w || !symmetry.exchanges)) {
            auto map = [symmetry](Kernel k) {
                k.weight = turned(k.weight, symmetry);
                return k;
            };
            to.push_back({"kernel-turned", fmt::format("the fused kernel is {}", symmetry.name), std::string(kOrientation), body, map});
        }
        for (const Site& site : sitesOf(body, isWindow)) {
            Conv conv = std::get<Conv>(site.node->op);
            const Shape& shape = conv.weight.shape();
            if (symmetry.exchanges && (shape[2] != shape[3] || conv.dilation.h != conv.dilation.w)) continue;
            conv.weight = Param(turned(conv.weight.toDouble(), symmetry));
            to.push_back({"kernel-turned", fmt::format("the kernel of {} is {}", labelOf(*site.node), symmetry.name), std::string(kOrientation),
                          replacedAt(body, site.path, makeExpr(site.node->name, std::move(conv)))});
        }
    }
}

/// [a, b, h, w] with a = b: input and output channels exchanged.
TensorD exchanged(const TensorD& weight) {
    TensorD result(weight.shape());
    const std::int64_t n = weight.size(0), area = weight.size(2) * weight.size(3);
    const std::span<double> to = result.edit();
    for (std::int64_t o = 0; o < n; ++o)
        for (std::int64_t i = 0; i < n; ++i)
            std::copy_n(weight.values().begin() + (o * n + i) * area, area, to.begin() + (i * n + o) * area);
    return result;
}

void addExchangedChannels(const ExprPtr& body, const BlockFacts& facts, std::vector<Hypothesis>& to) {
    auto isSquare = [](const Expr& expr) {
        const auto* conv = std::get_if<Conv>(&expr.op);
        return conv && conv->weight.shape()[0] == conv->weight.shape()[1] && conv->weight.shape()[0] > 1;
    };
    for (const Site& site : sitesOf(body, isSquare)) {
        Conv conv = std::get<Conv>(site.node->op);
        conv.weight = Param(exchanged(conv.weight.toDouble()));
        to.push_back({"channels-exchanged", fmt::format("input and output channels of {} are exchanged", labelOf(*site.node)), std::string(kOrientation),
                      replacedAt(body, site.path, makeExpr(site.node->name, std::move(conv)))});
    }
    if (facts.groups != 1 || outChannelsOf(*body, facts.inChannels) != facts.inChannels) return;
    Hypothesis h{"channels-exchanged", "input and output channels of the fused kernel are exchanged", std::string(kOrientation), body, [](Kernel k) {
                     k.weight = exchanged(k.weight);
                     return k;
                 }};
    h.needsAllRows = true;
    to.push_back(std::move(h));
}

constexpr std::array<FaultRow, 5> kFaults{addZeroBias, addFloatRounding, addInt8, addTurnedWindows, addExchangedChannels};

} // namespace

std::span<const FaultRow> kernelFaults() { return kFaults; }

} // namespace rp::verify
