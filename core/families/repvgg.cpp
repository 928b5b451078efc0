// SPDX-License-Identifier: Apache-2.0
#include "core/families/repvgg.h"

#include <array>

namespace rp::families {
namespace {

using plan::norm;

/// How one implementation spells the block. All names are relative to the block's prefix.
struct Spelling {
    std::string_view origin, layout;
    std::string_view dense, one; ///< branches, below which stand `conv` and `norm`
    std::string_view identity;   ///< a norm; empty where the implementation never has one
    std::string_view conv, norm;
    std::string_view fused;
    std::string_view seDown, seUp;     ///< before the activation
    std::string_view postDown, postUp; ///< behind it (RepVGGplus)
    double eps, momentum;
    std::string_view activation;
    bool (*fits)(const BlockKeys& keys) = nullptr;
    bool (*inFile)(const StateDict& tensors) = nullptr;
};

/// families.md 3.2, row 22: names that any network may use need the shapes of a 3x3 and a 1x1 side by side.
bool standsSideBySide(const BlockKeys& keys) {
    const Shape dense = keys.shapeOf("conv1.conv.weight"), one = keys.shapeOf("conv2.conv.weight");
    return dense.size() == 4 && one.size() == 4 && dense[2] == 3 && dense[3] == 3 && one == Shape{dense[0], dense[1], 1, 1};
}
bool isPaddle(const BlockKeys& keys) { return standsSideBySide(keys) && keys.has("conv1.bn._mean"); }
bool isTorch(const BlockKeys& keys) { return standsSideBySide(keys) && keys.has("conv1.bn.running_mean"); }
bool isRtDetr(const BlockKeys& keys) { return standsSideBySide(keys) && keys.hasNorm("conv1.norm"); }
bool hasBranch1x1(const BlockKeys& keys) { return keys.hasNorm("rbr_1x1.bn") || !keys.has("rbr_1x1.weight"); }

/// YOLOv6 has the official names and an eps of its own; its backbone's modules tell it (families.md 4.20).
constexpr std::array<Spelling, 8> kSpellings{{
    {"YOLOv6", "official", "rbr_dense", "rbr_1x1", "rbr_identity", "conv", "bn", "rbr_reparam", "", "", "", "", 1e-3, 0.03, "relu",
     nullptr, &isYoloV6},
    {"RepVGG", "official", "rbr_dense", "rbr_1x1", "rbr_identity", "conv", "bn", "rbr_reparam", "se.down", "se.up", "post_se.down",
     "post_se.up", 1e-5, 0.1, "relu", &hasBranch1x1},
    {"timm", "timm", "conv_kxk", "conv_1x1", "identity", "conv", "bn", "reparam_conv", "attn.fc1", "attn.fc2", "", "", 1e-5, 0.1, "relu"},
    {"mmpretrain", "mmpretrain", "branch_3x3", "branch_1x1", "branch_norm", "conv", "norm", "branch_reparam", "se_layer.conv1.conv",
     "se_layer.conv2.conv", "", "", 1e-5, 0.1, "relu"},
    {"YOLOv7", "yolov7", "rbr_dense", "rbr_1x1", "rbr_identity", "0", "1", "rbr_reparam", "", "", "", "", 1e-3, 0.03, "silu"},
    {"RT-DETR", "rtdetr", "conv1", "conv2", "", "conv", "norm", "conv", "", "", "", "", 1e-5, 0.1, "silu", &isRtDetr},
    {"PP-YOLOE", "paddledetection", "conv1", "conv2", "", "conv", "bn", "conv", "", "", "", "", 1e-5, 0.1, "silu", &isPaddle},
    {"YOLOv9 and Ultralytics", "ultralytics", "conv1", "conv2", "bn", "conv", "bn", "conv", "", "", "", "", 1e-3, 0.03, "silu", &isTorch},
}};

std::string joined(std::string_view a, std::string_view b) { return std::string(a) + "." + std::string(b); }

/// PP-YOLOE+ multiplies its 1x1 branch by `alpha`, and takes an alpha of exactly 0 for none at all (cspresnet.py tests its
/// truth), which leaves the branch as it is.
void scaleByAlpha(BlockKeys& keys, Plan& one) {
    if (!keys.has("alpha")) return;
    const Param alpha = keys.take("alpha", {1});
    if (alpha.toDouble()[0] != 0) std::get<Plan::Chain>(one.what).parts.push_back(plan::scale("alpha"));
}

Plan bodyOf(const Spelling& s, BlockKeys& keys) {
    auto branch = [&s](std::string_view name) { return plan::convNorm(std::string(name), std::string(s.conv), std::string(s.norm)); };
    Plan one = branch(s.one);
    scaleByAlpha(keys, one);
    std::vector<Plan> terms{branch(s.dense), std::move(one)};
    const std::string identity(s.identity);
    if (!identity.empty() && keys.hasNorm(identity)) terms.push_back(norm(identity));
    return plan::sum(std::move(terms));
}

BlockKind kindOf(const Spelling& s) {
    BlockKind kind;
    kind.family = "RepVGG";
    kind.origin = s.origin;
    kind.layout = s.layout;
    kind.signature = {joined(joined(s.dense, s.conv), "weight")};
    if (s.dense == "conv1") kind.signature.push_back("conv2.conv.weight");
    if (s.fits) kind.fits = s.fits;
    if (s.inFile) kind.inFile = s.inFile;
    kind.fused = s.fused;
    kind.fusedIsTelling = s.fused != "conv";
    kind.presets.eps = s.eps;
    kind.presets.momentum = s.momentum;
    kind.presets.activation = s.activation;
    kind.tail.seDown = s.seDown;
    kind.tail.seUp = s.seUp;
    kind.tail.postDown = s.postDown;
    kind.tail.postUp = s.postUp;
    kind.body = [&s](BlockKeys& keys, Presets&) { return bodyOf(s, keys); };
    return kind;
}

} // namespace

std::vector<BlockKind> repVggKinds() {
    std::vector<BlockKind> kinds;
    for (const Spelling& spelling : kSpellings) kinds.push_back(kindOf(spelling));
    return kinds;
}

} // namespace rp::families
