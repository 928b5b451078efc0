// SPDX-License-Identifier: Apache-2.0
#include "core/families/conv2.h"

namespace rp::families {

std::vector<BlockKind> conv2Kinds() {
    BlockKind kind;
    kind.family = "Conv2";
    kind.origin = "Ultralytics";
    kind.layout = "ultralytics";
    kind.signature = {"cv2.weight", "conv.weight"};
    kind.fits = [](const BlockKeys& keys) {
        const Shape large = keys.shapeOf("conv.weight"), one = keys.shapeOf("cv2.weight");
        return keys.hasNorm("bn") && large.size() == 4 && one.size() == 4 && one[2] == 1 && one[3] == 1 && large[0] == one[0];
    };
    kind.fused = "conv"; // the 3x3's own name, with a bias
    kind.fusedIsTelling = false;
    kind.presets.eps = 1e-3;
    kind.presets.momentum = 0.03;
    kind.presets.activation = "silu";
    kind.body = [](BlockKeys&, Presets&) {
        return plan::chain("sum", {plan::sum({plan::conv("conv"), plan::conv("cv2")}), plan::norm("bn")});
    };
    return {kind};
}

} // namespace rp::families
