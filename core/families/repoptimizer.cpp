// SPDX-License-Identifier: Apache-2.0
#include "core/families/repoptimizer.h"

namespace rp::families {
namespace {

using plan::chain, plan::conv, plan::norm, plan::scale, plan::sum;

Plan linearAdd(BlockKeys& keys, Presets&) {
    std::vector<Plan> terms{chain("conv", {conv("conv"), scale("scale_conv.weight")}), chain("conv_1x1", {conv("conv_1x1"), scale("scale_1x1.weight")})};
    if (keys.has("scale_identity.weight")) terms.push_back(scale("scale_identity.weight"));
    return chain("sum", {sum(std::move(terms)), norm("bn")});
}

Plan repVgg(BlockKeys& keys, Presets&) {
    std::vector<Plan> terms{chain("conv_3x3", {conv("conv_3x3"), norm("bn_3x3")}), chain("conv_1x1", {conv("conv_1x1"), norm("bn_1x1")})};
    if (keys.hasNorm("bn_identity")) terms.push_back(norm("bn_identity"));
    return sum(std::move(terms));
}

BlockKind row(std::string family, std::vector<std::string> signature, std::string fused, std::function<Plan(BlockKeys&, Presets&)> body) {
    BlockKind kind;
    kind.family = std::move(family);
    kind.origin = "RepOptimizers";
    kind.layout = "repoptimizers";
    kind.signature = std::move(signature);
    kind.fused = std::move(fused);
    kind.fusedIsTelling = false;
    kind.presets.activation = "relu";
    kind.body = std::move(body);
    kind.tail.postDown = "post_se.down";
    kind.tail.postUp = "post_se.up";
    return kind;
}

} // namespace

std::vector<BlockKind> repOptimizerKinds() {
    return {row("LinearAdd", {"scale_1x1.weight", "conv.weight", "conv_1x1.weight", "scale_conv.weight"}, "conv", &linearAdd),
            row("RepVGG", {"conv_3x3.weight", "conv_1x1.weight", "bn_3x3.weight"}, "rbr_reparam", &repVgg)};
}

} // namespace rp::families
