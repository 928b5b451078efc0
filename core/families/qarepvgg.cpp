// SPDX-License-Identifier: Apache-2.0
#include "core/families/qarepvgg.h"

namespace rp::families {
namespace {

using When = Plan::Identity::When;
using plan::chain, plan::conv, plan::convNorm, plan::identity, plan::norm, plan::pool, plan::scale, plan::sum;

/// Training puts an outer norm behind squeeze and excitation, the deploy form before it: only without one are they equal.
void refuseInnerSe(const BlockKeys& keys) {
    if (keys.has("se.down.weight"))
        throw BlockDefect{"not-affine", keys.prefix() + "se: squeeze and excitation stands between the branches and the outer norm, so the norm cannot be merged"};
}

/// V1: every branch has its norm, and the sum has one more.
Plan bodyV1(BlockKeys& keys, Presets&) {
    refuseInnerSe(keys);
    std::vector<Plan> terms{convNorm("rbr_dense"), convNorm("rbr_1x1")};
    if (keys.hasNorm("rbr_identity")) terms.push_back(norm("rbr_identity"));
    return chain("sum", {sum(std::move(terms)), norm("bn")});
}

/// V2: the 1x1 and the identity have no norm; `averaged` adds YOLOv6's average pool where there is an identity.
Plan bodyV2(BlockKeys& keys, bool averaged) {
    refuseInnerSe(keys);
    std::vector<Plan> terms{convNorm("rbr_dense"), conv("rbr_1x1"), identity(When::whereEqual)};
    if (averaged) terms.push_back(pool("rbr_avg", {3, 3}));
    return chain("sum", {sum(std::move(terms)), norm("bn")});
}

/// super-gradients: alpha scales the 1x1 branch; the norm behind the sum may be off.
Plan bodySuperGradients(BlockKeys& keys, Presets&) {
    Plan one = conv("branch_1x1");
    if (keys.has("alpha")) one = chain("branch_1x1", {conv("branch_1x1"), scale("alpha")});
    Plan branches = sum({convNorm("branch_3x3"), std::move(one), identity(When::whereEqual)});
    return keys.hasNorm("post_bn") ? chain("sum", {std::move(branches), norm("post_bn")}) : branches;
}

BlockKind row(std::string origin, std::string one, std::function<Plan(BlockKeys&, Presets&)> body, double eps, double momentum) {
    BlockKind kind;
    kind.family = "QARepVGG";
    kind.origin = std::move(origin);
    kind.layout = "official";
    kind.signature = {"rbr_dense.conv.weight", std::move(one)};
    kind.fits = [](const BlockKeys& keys) { return keys.hasNorm("bn"); };
    kind.fused = "rbr_reparam";
    kind.fusedIsTelling = false; // RepVGG's name
    kind.presets.eps = eps;
    kind.presets.momentum = momentum;
    kind.presets.activation = "relu";
    kind.body = std::move(body);
    return kind;
}

} // namespace

std::vector<BlockKind> qaRepVggKinds() {
    auto v2 = [](BlockKeys& keys, Presets&) { return bodyV2(keys, false); };
    auto averaged = [](BlockKeys& keys, Presets&) { return bodyV2(keys, true); };
    std::vector<BlockKind> kinds;
    BlockKind withAverage = row("YOLOv6", "rbr_1x1.weight", averaged, 1e-3, 0.03);
    withAverage.family = "QARepVGG-average"; // YOLOv6's QARepVGGBlockV2 has the same keys as its QARepVGGBlock
    withAverage.onlyWhenStated = true;
    withAverage.keptNorm = "bn";
    kinds.push_back(std::move(withAverage));
    BlockKind yolo = row("YOLOv6", "rbr_1x1.weight", v2, 1e-3, 0.03);
    yolo.inFile = &isYoloV6;
    yolo.keptNorm = "bn"; // for quantisation-aware training
    kinds.push_back(std::move(yolo));
    kinds.push_back(row("QARepVGG", "rbr_1x1.weight", v2, 1e-5, 0.1));
    kinds.push_back(row("QARepVGG", "rbr_1x1.conv.weight", &bodyV1, 1e-5, 0.1));
    BlockKind super = row("super-gradients", "branch_1x1.weight", &bodySuperGradients, 1e-5, 0.1);
    super.layout = "super-gradients";
    super.signature.front() = "branch_3x3.conv.weight";
    super.fits = {};
    super.tail.postDown = "se.down";
    super.tail.postUp = "se.up";
    kinds.push_back(std::move(super));
    return kinds;
}

} // namespace rp::families
