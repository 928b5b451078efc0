// SPDX-License-Identifier: Apache-2.0
#include "core/families/fastvit.h"

#include <array>
#include <string_view>

namespace rp::families {
namespace {

using plan::biasedConv, plan::chain, plan::convNorm, plan::identity, plan::norm, plan::scale, plan::sum, plan::times;

bool isIn(const BlockKeys& keys, std::string_view module) {
    return keys.prefix() == std::string(module) + "." || keys.prefix().ends_with("." + std::string(module) + ".");
}

/// Names below a token mixer's prefix.
struct MixerSpelling {
    std::string_view origin, layout;
    std::string_view conv, one, skip; ///< below `mixer`; the norm's module has `skip` alone
    std::string_view scale;
};

constexpr std::array<MixerSpelling, 2> kMixers{{
    {"FastViT", "apple", "rbr_conv.0", "rbr_scale", "rbr_skip", "layer_scale"},
    {"timm", "timm", "conv_kxk.0", "conv_scale", "identity", "layer_scale.gamma"},
}};

/// The norm's branch stands with a minus, and both are scaled.
Plan mixerBody(const MixerSpelling& s, BlockKeys& keys) {
    const std::string mixer = "mixer.", skip(s.skip), layerScale(s.scale);
    std::vector<Plan> inner{convNorm(mixer + std::string(s.conv))};
    if (keys.has(mixer + std::string(s.one) + ".conv.weight")) inner.push_back(convNorm(mixer + std::string(s.one)));
    if (keys.hasNorm(mixer + skip)) inner.push_back(norm(mixer + skip));
    std::vector<Plan> plus{sum(std::move(inner))}, minus{norm("norm." + skip), times(-1)};
    if (keys.has(layerScale)) {
        plus.push_back(scale(layerScale));
        minus.push_back(scale(layerScale));
    }
    return sum({identity(), chain("mixer", std::move(plus)), chain("norm", std::move(minus))});
}

BlockKind mixerKind(const MixerSpelling& s) {
    BlockKind kind;
    kind.family = "RepMixer";
    kind.origin = s.origin;
    kind.layout = s.layout;
    kind.signature = {"mixer." + std::string(s.conv) + ".conv.weight"};
    // MobileOne's deploy form has the same names.
    kind.fits = [&s](const BlockKeys& keys) {
        return keys.hasNorm("norm." + std::string(s.skip)) || (isIn(keys, "token_mixer") && keys.has("reparam_conv.weight"));
    };
    kind.fused = "reparam_conv";
    kind.presets.depthwise = true;
    kind.presets.dilates = false;
    kind.body = [&s](BlockKeys& keys, Presets&) { return mixerBody(s, keys); };
    return kind;
}

/// A network calls many things `pe`; this one is a depthwise kernel of several pixels.
BlockKind positionKind(std::string origin, std::string layout, std::string name) {
    BlockKind kind;
    kind.family = "RepCPE";
    kind.origin = std::move(origin);
    kind.layout = std::move(layout);
    kind.signature = {name + ".weight", name + ".bias"};
    kind.fits = [name](const BlockKeys& keys) {
        const Shape shape = keys.shapeOf(name + ".weight");
        return shape.size() == 4 && shape[1] == 1 && shape[2] > 1 && shape[2] % 2 == 1;
    };
    kind.fused = "reparam_conv";
    kind.fusedIsTelling = false; // MobileOne's name
    kind.presets.depthwise = true;
    kind.body = [name](BlockKeys&, Presets&) { return sum({identity(), biasedConv(name)}); };
    return kind;
}

bool isMobileClip(const StateDict& tensors) { return anyKeyContains(tensors, "image_encoder") && anyKeyContains(tensors, "token_mixer"); }
bool isFastVit(const StateDict& tensors) { return anyKeyContains(tensors, "patch_embed") || anyKeyContains(tensors, "token_mixer"); }

/// ml-fastvit computes a GELU behind the sum and throws it away, which timm repeats; MobileCLIP's copy applies it.
BlockKind downsampleKind(std::string origin, std::string layout, std::string large, std::string fused, bool (*inFile)(const StateDict&)) {
    BlockKind kind;
    kind.family = "FastViT large kernel";
    kind.origin = std::move(origin);
    kind.layout = std::move(layout);
    kind.signature = {large + ".conv.weight"};
    kind.inFile = inFile;
    kind.fused = std::move(fused);
    kind.fusedIsTelling = kind.fused == "lkb_reparam";
    kind.presets.depthwise = true;
    kind.presets.widening = 2;
    kind.presets.stride = 2;
    kind.presets.dilates = false;
    if (kind.origin == "MobileCLIP") kind.presets.activation = "gelu";
    kind.body = [large](BlockKeys& keys, Presets&) {
        std::vector<Plan> terms{convNorm(large)};
        if (keys.has("small_conv.conv.weight")) terms.push_back(convNorm("small_conv"));
        return sum(std::move(terms));
    };
    kind.tail.seDown = kind.layout == "timm" ? "se.fc1" : "se.reduce";
    kind.tail.seUp = kind.layout == "timm" ? "se.fc2" : "se.expand";
    return kind;
}

} // namespace

std::vector<BlockKind> fastVitKinds() {
    std::vector<BlockKind> kinds;
    for (const MixerSpelling& spelling : kMixers) kinds.push_back(mixerKind(spelling));
    kinds.push_back(positionKind("FastViT", "apple", "pe"));
    kinds.push_back(positionKind("timm", "timm", "pos_enc"));
    kinds.push_back(downsampleKind("MobileCLIP", "apple", "lkb_origin", "lkb_reparam", &isMobileClip));
    kinds.push_back(downsampleKind("FastViT", "apple", "lkb_origin", "lkb_reparam", &isFastVit));
    kinds.push_back(downsampleKind("timm", "timm", "large_conv", "reparam_conv", nullptr));
    return kinds;
}

} // namespace rp::families
