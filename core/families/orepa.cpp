// SPDX-License-Identifier: Apache-2.0
#include "core/families/orepa.h"

#include "core/families/orepa_kernel.h"

#include <fmt/format.h>

namespace rp::families {
namespace {

using plan::chain, plan::convNorm, plan::made, plan::norm, plan::sum;

/// The tensors of one generated kernel below `stem` ("weight_orepa", "rbr_dense.weight_rbr").
OrepaParts partsOf(BlockKeys& keys, const std::string& stem, const std::string& vector, const std::string& identity, bool hasOne) {
    OrepaParts parts;
    parts.origin = keys.take(stem + "_origin", {-1, -1, -1, -1});
    const Shape& s = parts.origin.shape();
    parts.vector = keys.take(vector, {-1, s[0]});
    parts.averageConv = keys.take(stem + "_avg_conv", {s[0], s[1], 1, 1});
    parts.average = keys.take(stem + "_avg_avg", {s[2], s[3]});
    parts.priorConv = keys.take(stem + "_pfir_conv", {s[0], s[1], 1, 1});
    parts.prior = keys.take(stem + "_prior", {s[0], s[2], s[3]});
    const bool plain = keys.has(stem + "_1x1_kxk_conv1");
    parts.first = keys.take(stem + (plain ? "_1x1_kxk_conv1" : "_1x1_kxk_idconv1"), {-1, s[1], 1, 1});
    if (keys.has(identity)) parts.identity = keys.take(identity, parts.first.shape());
    parts.second = keys.take(stem + "_1x1_kxk_conv2", {s[0], -1, s[2], s[3]});
    if (hasOne) parts.one = keys.take(stem + "_1x1", {s[0], s[1], 1, 1});
    parts.depthwise = keys.take(stem + "_gconv_dw", {-1, 1, s[2], s[3]});
    parts.pointwise = keys.take(stem + "_gconv_pw", {s[0], -1, 1, 1});
    checkOrepa(parts, keys.prefix() + stem);
    return parts;
}

Plan general(BlockKeys& keys, Presets& presets) {
    const OrepaParts parts = partsOf(keys, "weight_orepa", "vector", "id_tensor", true);
    if (parts.identity) presets.inChannels = parts.first.shape()[0];
    return chain("orepa", {made("kernel", orepaKernel(parts)), norm("bn")});
}

Plan inRepVgg(BlockKeys& keys, Presets& presets) {
    const OrepaParts parts = partsOf(keys, "rbr_dense.weight_rbr", "rbr_dense.vector", "rbr_dense.id_tensor", false);
    if (parts.identity) presets.inChannels = parts.first.shape()[0];
    std::vector<Plan> terms{chain("rbr_dense", {made("rbr_dense.kernel", orepaKernel(parts)), norm("rbr_dense.bn")}), convNorm("rbr_1x1")};
    if (keys.hasNorm("rbr_identity")) terms.push_back(norm("rbr_identity"));
    return sum(std::move(terms));
}

Plan pointwise(BlockKeys& keys, Presets&) {
    const Param origin = keys.take("weight_or1x1_origin", {-1, -1, 1, 1});
    const Shape& s = origin.shape();
    const Param first = keys.take("weight_or1x1_l2i_conv1", {-1, s[1], 1, 1});
    const Param second = keys.take("weight_or1x1_l2i_conv2", {s[0], first.shape()[0], 1, 1});
    const Param vector = keys.take("vector", {-1, s[0]});
    return chain("orepa", {made("kernel", orepaPointwise(origin, first, second, vector)), norm("bn")});
}

Plan large(BlockKeys& keys, Presets&) {
    std::vector<Param> stack;
    for (int i = 0; i < keys.countOf("weight", ""); ++i) {
        stack.push_back(keys.take(fmt::format("weight{}", i), {-1, i == 0 ? -1 : stack.back().shape()[0], 3, 3}));
        if (stack.size() > 64) throw BlockDefect{"incomplete-block", keys.prefix() + "weight64: expected at most 64 stacked kernels"};
    }
    return chain("orepa", {made("kernel", orepaLarge(stack)), norm("bn")});
}

BlockKind row(std::string signature, std::string fused, std::string activation, Plan (*body)(BlockKeys&, Presets&)) {
    BlockKind kind;
    kind.family = "OREPA";
    kind.origin = "OREPA";
    kind.layout = "official";
    kind.signature = {std::move(signature)};
    kind.fused = std::move(fused);
    kind.presets.dilates = false;
    kind.presets.activation = std::move(activation);
    kind.body = body;
    return kind;
}

} // namespace

std::vector<BlockKind> orepaKinds() {
    BlockKind repVgg = row("rbr_dense.weight_rbr_origin", "rbr_reparam", "relu", &inRepVgg);
    repVgg.fusedIsTelling = false;
    repVgg.tail.seDown = "se.down";
    repVgg.tail.seUp = "se.up";
    BlockKind stacked = row("weight0", "or_large_reparam", "none", &large);
    stacked.signature.push_back("weight1");
    stacked.fits = [](const BlockKeys& keys) { return keys.has("or_large_reparam.weight") || keys.hasNorm("bn"); };
    return {row("weight_orepa_origin", "orepa_reparam", "none", &general), row("weight_or1x1_origin", "or1x1_reparam", "none", &pointwise),
            std::move(repVgg), std::move(stacked)};
}

} // namespace rp::families
