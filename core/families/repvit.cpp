// SPDX-License-Identifier: Apache-2.0
#include "core/families/repvit.h"

namespace rp::families {
namespace {

using plan::biasedConv, plan::chain, plan::convNorm, plan::identity, plan::norm, plan::sum, plan::times;

bool isDepthwise(const Shape& shape) { return shape.size() == 4 && shape[1] == 1 && shape[0] > 1; }

BlockKind row(std::string family, std::string origin, std::vector<std::string> signature) {
    BlockKind kind;
    kind.family = std::move(family);
    kind.origin = std::move(origin);
    kind.layout = "official";
    kind.signature = std::move(signature);
    kind.fusedIsTelling = false; // the fused convolution takes the module's own place: any network has such names
    kind.presets.depthwise = true;
    return kind;
}

BlockKind repVggDw() {
    BlockKind kind = row("RepVGGDW", "RepViT", {"conv.c.weight", "conv1.weight", "conv1.bias"});
    kind.fits = [](const BlockKeys& keys) { return keys.hasNorm("conv.bn") && keys.hasNorm("bn"); };
    kind.body = [](BlockKeys&, Presets&) {
        return chain("sum", {sum({convNorm("conv", "c"), biasedConv("conv1"), identity()}), norm("bn")});
    };
    return kind;
}

/// timm's `legacy` (M1 to M3 as they were first released).
BlockKind legacyRepVggDw() {
    BlockKind kind = row("RepVGGDW", "timm legacy RepViT", {"conv.c.weight", "conv1.c.weight"});
    kind.fits = [](const BlockKeys& keys) { return isDepthwise(keys.shapeOf("conv.c.weight")) && isDepthwise(keys.shapeOf("conv1.c.weight")); };
    kind.body = [](BlockKeys&, Presets&) { return sum({convNorm("conv", "c"), convNorm("conv1", "c"), identity()}); };
    return kind;
}

BlockKind yoloRepVggDw() {
    BlockKind kind = row("RepVGGDW", "YOLOv10", {"conv.conv.weight", "conv1.conv.weight"});
    kind.layout = "ultralytics";
    kind.fits = [](const BlockKeys& keys) {
        const Shape large = keys.shapeOf("conv.conv.weight"), small = keys.shapeOf("conv1.conv.weight");
        return isDepthwise(large) && isDepthwise(small) && large[0] == small[0] && large[2] > small[2];
    };
    kind.fused = "conv";
    kind.presets.eps = 1e-3;
    kind.presets.momentum = 0.03;
    kind.presets.activation = "silu";
    kind.body = [](BlockKeys&, Presets&) { return sum({convNorm("conv"), convNorm("conv1")}); };
    return kind;
}

/// `Residual.fuse` adds the skip to a depthwise convolution; around anything else it stays an addition.
BlockKind residual() {
    BlockKind kind = row("Residual", "RepViT", {"m.c.weight"});
    kind.fits = [](const BlockKeys& keys) { return isDepthwise(keys.shapeOf("m.c.weight")) && keys.hasNorm("m.bn"); };
    kind.body = [](BlockKeys&, Presets&) { return sum({convNorm("m", "c"), identity()}); };
    return kind;
}

BlockKind convPair() {
    BlockKind kind = row("Conv2d_BN", "RepViT and LeViT", {"c.weight"});
    kind.fits = [](const BlockKeys& keys) { return keys.shapeOf("c.weight").size() == 4 && keys.hasNorm("bn"); };
    kind.body = [](BlockKeys&, Presets&) { return chain("c", {plan::conv("c"), norm("bn")}); };
    return kind;
}

BlockKind linearPair() {
    BlockKind kind = row("Linear_BN", "LeViT", {"c.weight"});
    kind.fits = [](const BlockKeys& keys) { return keys.shapeOf("c.weight").size() == 2 && keys.hasNorm("bn"); };
    kind.body = [](BlockKeys& keys, Presets&) { return chain("c", {plan::linear(keys, "c"), norm("bn")}); };
    return kind;
}

Plan head(BlockKeys& keys, const std::string& prefix) {
    const std::string dot = prefix.empty() ? "" : prefix + ".";
    return chain(prefix.empty() ? "l" : prefix, {norm(dot + "bn"), plan::linear(keys, dot + "l")});
}

BlockKind normLinear() {
    BlockKind kind = row("BN_Linear", "RepViT and LeViT", {"l.weight"});
    kind.fits = [](const BlockKeys& keys) { return keys.shapeOf("l.weight").size() == 2 && keys.hasNorm("bn"); };
    kind.body = [](BlockKeys& keys, Presets&) { return head(keys, ""); };
    return kind;
}

/// Distilled classifiers: evaluation takes the mean of both heads, which is one linear layer.
BlockKind twoHeads(std::string origin, std::string first) {
    const std::string second = first + "_dist";
    BlockKind kind = row("BN_Linear pair", std::move(origin), {first + ".l.weight", second + ".l.weight"});
    kind.fits = [first](const BlockKeys& keys) { return keys.prefix() == first + "."; }; // LeViT's heads stay apart
    kind.body = [first, second](BlockKeys& keys, Presets&) {
        return chain("mean", {sum({head(keys, first), head(keys, second)}), times(0.5)});
    };
    return kind;
}

/// RepViT's classifier is a module around its head, whose place the fused layer takes.
BlockKind oneHead(std::string origin, std::string first) {
    BlockKind kind = row("BN_Linear", std::move(origin), {first + ".l.weight"});
    kind.fits = [first](const BlockKeys& keys) { return keys.prefix() == first + "." && keys.hasNorm(first + ".bn"); };
    kind.body = [first](BlockKeys& keys, Presets&) { return head(keys, first); };
    return kind;
}

} // namespace

std::vector<BlockKind> repVitKinds() {
    return {repVggDw(),
            legacyRepVggDw(),
            yoloRepVggDw(),
            residual(),
            convPair(),
            linearPair(),
            twoHeads("RepViT", "classifier"),
            twoHeads("timm", "head"),
            oneHead("RepViT", "classifier"),
            oneHead("timm", "head"),
            normLinear()};
}

} // namespace rp::families
