// SPDX-License-Identifier: Apache-2.0
#include "core/families/mobileie.h"

namespace rp::families {
namespace {

using plan::biasedConv, plan::chain, plan::concat, plan::identity, plan::norms;

/// The raw results stand before the normalised ones, both in this order.
Plan body(BlockKeys& keys, Presets&) {
    std::vector<Plan> convs;
    std::vector<std::string> normPrefixes;
    for (const std::string name : {"conv", "conv1", "conv2", "conv_crossh", "conv_crossv"}) {
        if (!keys.has(name + ".weight")) continue;
        convs.push_back(biasedConv(name));
        normPrefixes.push_back(keys.hasNorm(name + "_bn.0") ? name + "_bn.0" : "bn");
    }
    Plan all = convs.size() == 1 ? convs.front() : concat(std::move(convs));
    Plan both = concat({identity(), norms("bn", std::move(normPrefixes))});
    both.name = "raw+bn";
    return chain("sum", {std::move(all), std::move(both), biasedConv("conv_out")});
}

} // namespace

std::vector<BlockKind> mobileIeKinds() {
    BlockKind kind;
    kind.family = "MBRConv";
    kind.origin = "MobileIE";
    kind.layout = "official";
    kind.signature = {"conv_out.weight", "conv.weight"};
    kind.fused = ""; // the block itself becomes a convolution
    kind.fusedIsTelling = false;
    kind.presets.depthwise = false;
    kind.fits = [](const BlockKeys& keys) { return keys.hasNorm("conv_bn.0") || keys.hasNorm("bn"); };
    kind.body = &body;
    return {kind};
}

} // namespace rp::families
