// SPDX-License-Identifier: Apache-2.0
// What goes wrong with a kernel that is already folded, or with that of one convolution.
#include "core/verify/diagnosis/hypothesis.h"
#include "core/verify/rounded_kernel.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace rp::verify {
namespace {

using fusion::Kernel;

void addZeroBias(const ExprPtr& body, const BlockFacts&, std::vector<Hypothesis>& to) {
    to.push_back({"bias-ignored", "the fused convolution has no bias", "the fused bias is the sum of the branches' biases", body, [](Kernel k) {
                      k.bias = TensorD(k.bias.shape());
                      return k;
                  }});
}

/// Spacing of a format's numbers as a part of their size, and of those with one step for all as a part of the largest.
struct Spacing {
    KernelFormat format;
    std::string_view code;
    double ofSize, ofLargest;
};

constexpr std::array<Spacing, 6> kSpacings{{{KernelFormat::float16, "float16", 0x1p-10, 0},
                                            {KernelFormat::bfloat16, "bfloat16", 0x1p-7, 0},
                                            {KernelFormat::int8Tensor, "int8", 0, 1.0 / 127},
                                            {KernelFormat::int8, "int8", 0, 1.0 / 127},
                                            {KernelFormat::int4Tensor, "int4", 0, 1.0 / 7},
                                            {KernelFormat::int4, "int4", 0, 1.0 / 7}}};

Kernel roundedTo(KernelFormat format, bool biasToo, Kernel kernel) {
    Conv conv;
    conv.weight = Param(kernel.weight);
    if (biasToo) conv.bias = Param(kernel.bias);
    const std::optional<Conv> result = rounded(conv, format);
    if (!result) return kernel; // too large for the format: no rounding of this kernel
    kernel.weight = result->weight.toDouble();
    if (biasToo) kernel.bias = result->bias->toDouble();
    return kernel;
}

void addFormats(const ExprPtr& body, const BlockFacts&, std::vector<Hypothesis>& to) {
    for (const Spacing& spacing : kSpacings)
        for (bool bias : {true, false}) {
            if (bias && spacing.ofLargest > 0) continue; // integer runtimes keep biases
            Hypothesis h{std::string(spacing.code), fmt::format("{} rounded to {}", bias ? "kernel and bias are" : "the kernel is", toString(spacing.format)),
                         "nothing is wrong if this precision was intended; the fused kernel itself is right", body};
            h.map = [format = spacing.format, bias](Kernel k) { return roundedTo(format, bias, std::move(k)); };
            h.needsAllRows = spacing.format == KernelFormat::int8Tensor || spacing.format == KernelFormat::int4Tensor;
            h.step = spacing.ofSize;
            h.gridStep = spacing.ofLargest;
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

constexpr std::array<FaultRow, 4> kFaults{addZeroBias, addFormats, addTurnedWindows, addExchangedChannels};

} // namespace

std::span<const FaultRow> kernelFaults() { return kFaults; }

} // namespace rp::verify
