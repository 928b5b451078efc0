// SPDX-License-Identifier: Apache-2.0
#include "core/families/dbb.h"

namespace rp::families {
namespace {

using plan::border, plan::chain, plan::conv, plan::convNorm, plan::identity, plan::norm, plan::pool, plan::sum;

/// The learned residual of the identity; the identity itself is not stored.
Plan firstOfSequence(const BlockKeys& keys) {
    if (!keys.has("dbb_1x1_kxk.idconv1.weight")) return conv("dbb_1x1_kxk.conv1");
    Plan both = sum({conv("dbb_1x1_kxk.idconv1"), identity()});
    both.name = "dbb_1x1_kxk.idconv1+1";
    return both;
}

Plan body(BlockKeys& keys, Presets& presets) {
    const Shape kernel = keys.shapeOf("dbb_origin.conv.weight");
    const Extent extent = kernel.size() == 4 ? Extent{kernel[2], kernel[3]} : Extent{};
    const bool depthwise = !keys.has("dbb_avg.conv.weight");
    presets.depthwise = depthwise;
    if (keys.hasNorm("dbb_origin.bn") && keys.has("dbb_origin.bn._mean"))
        presets.momentum = 0.9; // PaddleClas passes PyTorch's 0.1 to a framework where it means "keep a tenth"
    const Shape residual = keys.shapeOf("dbb_1x1_kxk.idconv1.weight");
    if (residual.size() == 4) presets.inChannels = residual[0];

    std::vector<Plan> terms{convNorm("dbb_origin")};
    if (keys.has("dbb_1x1.conv.weight")) terms.push_back(convNorm("dbb_1x1"));
    if (depthwise)
        terms.push_back(chain("dbb_avg", {pool("dbb_avg.avg", extent), norm("dbb_avg.avgbn")}));
    else
        terms.push_back(chain("dbb_avg", {conv("dbb_avg.conv"), norm("dbb_avg.bn.bn"), border(), pool("dbb_avg.avg", extent), norm("dbb_avg.avgbn")}));
    terms.push_back(chain("dbb_1x1_kxk", {firstOfSequence(keys), norm("dbb_1x1_kxk.bn1.bn"), border(), conv("dbb_1x1_kxk.conv2"), norm("dbb_1x1_kxk.bn2")}));
    return sum(std::move(terms));
}

} // namespace

std::vector<BlockKind> dbbKinds() {
    BlockKind kind;
    kind.family = "DBB";
    kind.origin = "DiverseBranchBlock";
    kind.layout = "official";
    kind.signature = {"dbb_origin.conv.weight"};
    kind.fused = "dbb_reparam";
    kind.presets.dilates = false; // the third and fourth branch ignore it
    kind.body = &body;
    return {kind};
}

} // namespace rp::families
