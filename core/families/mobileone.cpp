// SPDX-License-Identifier: Apache-2.0
#include "core/families/mobileone.h"

#include <array>

#include <fmt/format.h>

namespace rp::families {
namespace {

/// How one implementation spells the block, relative to its prefix.
struct Spelling {
    std::string_view origin, layout;
    std::string_view convs, scale, identity; ///< below `convs` and `scale` stand `conv` and `norm`
    std::string_view norm, fused, seDown, seUp;
    std::string_view part;
};

constexpr std::array<Spelling, 5> kSpellings{{
    {"MobileOne", "apple", "rbr_conv", "rbr_scale", "rbr_skip", "bn", "reparam_conv", "se.reduce", "se.expand", ""},
    {"timm", "timm", "conv_kxk", "conv_scale", "identity", "bn", "reparam_conv", "attn.fc1", "attn.fc2", ""},
    {"mmpretrain", "mmpretrain", "branch_conv_list", "branch_scale", "branch_norm", "norm", "branch_reparam", "se.conv1.conv", "se.conv2.conv", ""},
    // PaddleDetection keeps a depthwise and a pointwise block under one prefix.
    {"PaddleDetection", "paddledetection", "depth_conv", "rbr_1x1", "rbr_identity_st1", "norm", "conv1", "", "", "depth_conv"},
    {"PaddleDetection", "paddledetection", "point_conv", "", "rbr_identity_st2", "norm", "conv2", "", "", "point_conv"},
}};

Plan bodyOf(const Spelling& s, BlockKeys& keys) {
    const std::string convs(s.convs), scale(s.scale), identity(s.identity), bn(s.norm);
    std::vector<Plan> terms;
    for (int j = 0; j < keys.countOf(convs + ".", ".conv.weight"); ++j) terms.push_back(plan::convNorm(fmt::format("{}.{}", convs, j), "conv", bn));
    if (!scale.empty() && keys.has(scale + ".conv.weight")) terms.push_back(plan::convNorm(scale, "conv", bn));
    if (keys.hasNorm(identity)) terms.push_back(plan::norm(identity));
    return plan::sum(std::move(terms));
}

BlockKind kindOf(const Spelling& s) {
    BlockKind kind;
    kind.family = "MobileOne";
    kind.origin = s.origin;
    kind.layout = s.layout;
    kind.signature = {std::string(s.convs) + ".0.conv.weight"};
    kind.fused = s.fused;
    kind.fusedIsTelling = s.part.empty();
    kind.part = s.part;
    // RepVGG's deploy form has the same names; only MobileOne is depthwise or 1x1.
    kind.fits = [&s](const BlockKeys& keys) {
        const Shape fused = keys.shapeOf(std::string(s.fused) + ".weight");
        return keys.has(std::string(s.convs) + ".0.conv.weight") || (fused.size() == 4 && (fused[1] == 1 || (fused[2] == 1 && fused[3] == 1)));
    };
    kind.presets.depthwise = true;
    kind.presets.dilates = false; // the branches' convolutions are built without it
    kind.presets.activation = "relu";
    kind.body = [&s](BlockKeys& keys, Presets&) { return bodyOf(s, keys); };
    kind.tail.seDown = s.seDown;
    kind.tail.seUp = s.seUp;
    return kind;
}

} // namespace

std::vector<BlockKind> mobileOneKinds() {
    std::vector<BlockKind> kinds;
    for (const Spelling& spelling : kSpellings) kinds.push_back(kindOf(spelling));
    return kinds;
}

} // namespace rp::families
