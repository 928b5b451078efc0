// SPDX-License-Identifier: Apache-2.0
#include "core/families/repghost.h"

namespace rp::families {
namespace {

/// A bottleneck's first module ends in a ReLU, its second does not. Without `fusion_bn` the branches are those of
/// GhostNet, or of a variant that adds x itself: no tensor tells which.
BlockKind row(bool activated, bool hasNorm) {
    BlockKind kind;
    kind.family = "RepGhost";
    kind.origin = "RepGhost";
    kind.layout = "official";
    kind.signature = {"cheap_operation.0.weight"};
    kind.fits = [activated, hasNorm](const BlockKeys& keys) {
        const bool branches = keys.has("cheap_operation.0.weight");
        return keys.prefix().ends_with("ghost2.") != activated && (!branches || keys.hasNorm("fusion_bn.0") == hasNorm);
    };
    if (!hasNorm) {
        kind.family = "RepGhost-identity";
        kind.onlyWhenStated = true;
    }
    kind.fused = "cheap_operation";
    kind.presets.depthwise = true;
    kind.presets.activation = activated ? "relu" : "none";
    kind.body = [hasNorm](BlockKeys&, Presets&) {
        return plan::sum({plan::chain("cheap_operation", {plan::conv("cheap_operation.0"), plan::norm("cheap_operation.1")}),
                          hasNorm ? plan::norm("fusion_bn.0") : plan::identity()});
    };
    return kind;
}

} // namespace

std::vector<BlockKind> repGhostKinds() { return {row(true, true), row(false, true), row(true, false), row(false, false)}; }

} // namespace rp::families
