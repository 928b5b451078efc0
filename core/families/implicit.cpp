// SPDX-License-Identifier: Apache-2.0
#include "core/families/implicit.h"

#include <fmt/format.h>

namespace rp::families {
namespace {

constexpr int kScales = 4; ///< P3 to P6 of the largest models

BlockKind row(int scale) {
    const std::string conv = fmt::format("m.{}", scale), add = fmt::format("ia.{}.implicit", scale), times = fmt::format("im.{}.implicit", scale);
    BlockKind kind;
    kind.family = "IDetect";
    kind.origin = "YOLOv7";
    kind.layout = "yolov7";
    kind.signature = {conv + ".weight", add, times};
    kind.fused = conv; // its own name
    kind.fusedIsTelling = false;
    kind.part = conv;
    kind.body = [=](BlockKeys&, Presets&) {
        return plan::chain("detect", {plan::scale("", add), plan::biasedConv(conv), plan::scale(times)});
    };
    return kind;
}

} // namespace

std::vector<BlockKind> implicitKinds() {
    std::vector<BlockKind> kinds;
    for (int scale = 0; scale < kScales; ++scale) kinds.push_back(row(scale));
    return kinds;
}

} // namespace rp::families
