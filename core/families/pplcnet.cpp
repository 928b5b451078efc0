// SPDX-License-Identifier: Apache-2.0
#include "core/families/pplcnet.h"

#include <fmt/format.h>

namespace rp::families {
namespace {

using plan::chain, plan::convNorm, plan::norm, plan::scale, plan::sum;

/// Kernel sizes from the largest down in steps of two; the 1x1 is there only where the stride is 1.
Plan bodyV2(BlockKeys& keys, Presets& presets) {
    std::vector<Plan> terms;
    bool hasOne = false;
    for (int j = 0; j < keys.countOf("dw_conv_list.", ".conv.weight"); ++j) {
        const std::string name = fmt::format("dw_conv_list.{}", j);
        const Shape shape = keys.shapeOf(name + ".conv.weight");
        hasOne = hasOne || (shape.size() == 4 && shape[2] == 1 && shape[3] == 1);
        terms.push_back(convNorm(name));
    }
    presets.stride = hasOne ? 1 : 2;
    return sum(std::move(terms));
}

Plan bodyV3(BlockKeys& keys, Presets&) {
    std::vector<Plan> terms;
    if (keys.hasNorm("identity")) terms.push_back(norm("identity"));
    if (keys.has("conv_1x1.conv.weight")) terms.push_back(convNorm("conv_1x1"));
    for (int j = 0; j < keys.countOf("conv_kxk.", ".conv.weight"); ++j) terms.push_back(convNorm(fmt::format("conv_kxk.{}", j)));
    return chain("sum", {sum(std::move(terms)), scale("lab.scale", "lab.bias")});
}

} // namespace

std::vector<BlockKind> ppLcNetKinds() {
    BlockKind v2;
    v2.family = "PP-LCNetV2";
    v2.origin = "PaddleClas";
    v2.layout = "paddle";
    v2.signature = {"dw_conv_list.0.conv.weight"};
    v2.fused = "dw_conv"; // there from construction, so beside branches it may be a placeholder
    // Fused, it is a depthwise convolution with bias before a pointwise one without.
    v2.fits = [](const BlockKeys& keys) {
        const Shape shape = keys.shapeOf("dw_conv.weight");
        const bool fused = shape.size() == 4 && shape[1] == 1 && keys.has("dw_conv.bias") && (keys.has("pw_conv.conv.weight") || keys.has("pw_conv_1.conv.weight"));
        return fused || keys.has("dw_conv_list.0.conv.weight");
    };
    v2.presets.depthwise = true;
    v2.presets.activation = "relu";
    v2.body = &bodyV2;
    v2.tail.postDown = "se.conv1";
    v2.tail.postUp = "se.conv2";

    BlockKind v3;
    v3.family = "PP-LCNetV3";
    v3.origin = "PaddleOCR";
    v3.layout = "paddle";
    v3.signature = {"conv_kxk.0.conv.weight", "lab.scale"};
    v3.fused = "reparam_conv";
    v3.fusedIsTelling = false; // shared with MobileOne
    v3.presets.depthwise = true;
    v3.presets.activation = "hardswish";
    v3.body = &bodyV3;
    v3.tail.scaleFactor = "act.lab.scale";
    v3.tail.scaleOffset = "act.lab.bias";
    v3.tail.notAtStride2 = true;
    return {v2, v3};
}

} // namespace rp::families
