// SPDX-License-Identifier: Apache-2.0
#include "core/families/rrrb.h"

#include <algorithm>

namespace rp::families {
namespace {

using plan::biasedConv, plan::border, plan::chain, plan::identity, plan::norm, plan::sum;

Plan residual(BlockKeys&, Presets&) {
    Plan middle = sum({chain("fea", {border("expand_conv.bias"), biasedConv("fea_conv")}), identity()});
    middle.name = "fea+1";
    return sum({chain("expand", {biasedConv("expand_conv"), std::move(middle), biasedConv("reduce_conv")}), identity()});
}

/// RVSR: two such paths without the inner addition, two plain convolutions and the identity.
Plan twoPaths(BlockKeys&, Presets&) {
    auto path = [](const std::string& n) {
        return chain("expand" + n, {biasedConv("expand" + n + "_conv"), border(), biasedConv("fea" + n + "_conv"), biasedConv("reduce" + n + "_conv")});
    };
    return sum({path(""), path("1"), biasedConv("res_conv3x3"), biasedConv("res_conv1x1"), identity()});
}

/// HFAB pads with what its norm makes of zero before each of its two convolutions.
Plan squeeze(BlockKeys&, Presets&) { return chain("squeeze", {norm("bn1"), border(), biasedConv("squeeze")}); }
Plan excitate(BlockKeys&, Presets&) { return chain("excitate", {norm("bn2"), border(), biasedConv("excitate"), norm("bn3")}); }

BlockKind row(std::string family, std::string origin, std::vector<std::string> signature, std::string fused, Plan (*body)(BlockKeys&, Presets&)) {
    BlockKind kind;
    kind.family = std::move(family);
    kind.origin = std::move(origin);
    kind.layout = "official";
    kind.signature = std::move(signature);
    kind.fused = std::move(fused);
    kind.body = body;
    return kind;
}

BlockKind half(std::string conv, std::vector<std::string> norms, std::string activation, Plan (*body)(BlockKeys&, Presets&)) {
    BlockKind kind = row("HFAB", "FMEN", {conv + ".weight"}, conv, body);
    kind.fusedIsTelling = false;
    kind.part = conv;
    kind.presets.activation = std::move(activation);
    kind.fits = [norms = std::move(norms)](const BlockKeys& keys) {
        return keys.has("squeeze.weight") && keys.has("excitate.weight") && std::ranges::all_of(norms, [&](const std::string& n) { return keys.hasNorm(n); });
    };
    return kind;
}

} // namespace

std::vector<BlockKind> rrrbKinds() {
    return {row("RVSR", "RVSR", {"expand1_conv.weight", "expand_conv.weight", "fea1_conv.weight"}, "rep_conv", &twoPaths),
            row("RRRB", "FMEN and RT4KSR", {"expand_conv.weight", "fea_conv.weight", "reduce_conv.weight"}, "rep_conv", &residual),
            half("squeeze", {"bn1"}, "none", &squeeze), half("excitate", {"bn2", "bn3"}, "sigmoid", &excitate)};
}

} // namespace rp::families
