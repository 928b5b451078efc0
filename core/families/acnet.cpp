// SPDX-License-Identifier: Apache-2.0
#include "core/families/acnet.h"

namespace rp::families {

std::vector<BlockKind> acNetKinds() {
    BlockKind kind;
    kind.family = "ACNet";
    kind.origin = "ACNet";
    kind.layout = "official";
    kind.signature = {"square_conv.weight"};
    kind.fused = "fused_conv";
    kind.presets.depthwise = true;
    kind.presets.dilates = false; // the paddings of the narrow windows ignore it (families.md 4.7)
    kind.body = [](BlockKeys&, Presets&) {
        auto branch = [](const std::string& name) { return plan::chain(name, {plan::conv(name + "_conv"), plan::norm(name + "_bn")}); };
        return plan::sum({branch("square"), branch("ver"), branch("hor")});
    };
    return {kind};
}

} // namespace rp::families
