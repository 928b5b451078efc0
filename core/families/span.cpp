// SPDX-License-Identifier: Apache-2.0
#include "core/families/span.h"

namespace rp::families {

std::vector<BlockKind> spanKinds() {
    BlockKind kind;
    kind.family = "Conv3XC";
    kind.origin = "SPAN";
    kind.layout = "official";
    kind.signature = {"conv.0.weight", "conv.1.weight", "conv.2.weight", "sk.weight"};
    kind.fused = "eval_conv"; // stored beside the branches, and stale until the next evaluation
    kind.body = [](BlockKeys&, Presets&) {
        return plan::sum({plan::chain("conv", {plan::border(), plan::biasedConv("conv.0"), plan::biasedConv("conv.1"), plan::biasedConv("conv.2")}),
                          plan::biasedConv("sk")});
    };
    return {kind};
}

} // namespace rp::families
