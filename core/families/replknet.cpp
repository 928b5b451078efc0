// SPDX-License-Identifier: Apache-2.0
#include "core/families/replknet.h"

#include <fmt/format.h>

namespace rp::families {
namespace {

using plan::chain, plan::conv, plan::convNorm, plan::norm, plan::scale, plan::sum;

constexpr int kLargestKernel = 31, kLargestDilation = 31; ///< beyond what any release has (17 and 7)

BlockKind row(std::string family, std::string fused) {
    BlockKind kind;
    kind.origin = family;
    kind.family = std::move(family);
    kind.layout = "official";
    kind.fused = std::move(fused);
    kind.presets.depthwise = true;
    kind.presets.dilates = false;
    return kind;
}

BlockKind repLk() {
    BlockKind kind = row("RepLKNet", "lkb_reparam");
    kind.signature = {"lkb_origin.conv.weight"};
    kind.body = [](BlockKeys& keys, Presets&) {
        std::vector<Plan> terms{convNorm("lkb_origin")};
        if (keys.has("small_conv.conv.weight")) terms.push_back(convNorm("small_conv")); // XL has none
        return sum(std::move(terms));
    };
    return kind;
}

/// Branch `dil_conv_k{k}_{r}` has kernel k and dilation r.
std::vector<Plan> dilatedBranches(BlockKeys& keys) {
    std::vector<Plan> terms{chain("lk_origin", {conv("dwconv.lk_origin"), norm("dwconv.origin_bn")})};
    for (int k = 3; k <= kLargestKernel; k += 2)
        for (int r = 1; r <= kLargestDilation; ++r) {
            const std::string name = fmt::format("k{}_{}", k, r);
            if (!keys.has(fmt::format("dwconv.dil_conv_{}.weight", name))) continue;
            Plan branch = conv("dwconv.dil_conv_" + name);
            std::get<Plan::Conv>(branch.what).dilation = {r, r};
            terms.push_back(chain("dil_" + name, {std::move(branch), norm("dwconv.dil_bn_" + name)}));
        }
    return terms;
}

/// Both forms have `lk_origin.weight`: branches are told by their norm, the fused kernel by its bias.
BlockKind dilated() {
    BlockKind kind = row("UniRepLKNet", "dwconv.lk_origin");
    kind.signature = {"dwconv.lk_origin.weight", "dwconv.origin_bn.running_mean"};
    kind.fits = [](const BlockKeys& keys) { return keys.hasNorm("dwconv.origin_bn") || keys.has("dwconv.lk_origin.bias"); };
    kind.body = [](BlockKeys& keys, Presets&) {
        Plan branches = sum(dilatedBranches(keys));
        return keys.hasNorm("norm") ? chain("sum", {std::move(branches), norm("norm")}) : branches;
    };
    return kind;
}

/// Blocks of kernel 3 have a plain convolution before the norm.
BlockKind small() {
    BlockKind kind = row("UniRepLKNet small", "dwconv");
    kind.origin = "UniRepLKNet";
    kind.signature = {"dwconv.weight", "pwconv1.1.weight"};
    kind.fits = [](const BlockKeys& keys) { return keys.hasNorm("norm"); };
    kind.fusedIsTelling = false;
    kind.body = [](BlockKeys&, Presets&) { return chain("dwconv", {conv("dwconv"), norm("norm")}); };
    return kind;
}

/// The linear layer behind the GRN, whose shift, norm and layer scale move into it.
BlockKind pointwise() {
    BlockKind kind = row("UniRepLKNet pointwise", "pwconv2.0");
    kind.origin = "UniRepLKNet";
    kind.signature = {"pwconv2.0.weight", "act.1.beta"};
    kind.part = "pwconv2";
    kind.fusedIsTelling = false;
    kind.presets.depthwise = false;
    kind.body = [](BlockKeys& keys, Presets&) {
        std::vector<Plan> steps{scale("", "act.1.beta"), plan::linear(keys, "pwconv2.0")};
        if (keys.hasNorm("pwconv2.2")) steps.push_back(norm("pwconv2.2"));
        if (keys.has("gamma")) steps.push_back(scale("gamma"));
        return chain("pwconv2", std::move(steps));
    };
    return kind;
}

} // namespace

std::vector<BlockKind> repLkNetKinds() { return {repLk(), dilated(), small(), pointwise()}; }

} // namespace rp::families
