// SPDX-License-Identifier: Apache-2.0
#include "core/families/stages.h"

#include "core/families/head.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace rp::families {
namespace {

/// How one implementation names its network.
struct Stages {
    std::string_view network, family, layout;
    /// The stem's name, then what stands before a block's number in each stage.
    std::vector<std::string_view> names;
    std::string_view identity; ///< the norm of an identity branch
    std::string_view head;
    int unhalved = -1;            ///< a stage whose first block keeps stride 1
    std::string_view onlyTraining = {}; ///< in keys of what inference leaves out
};

const std::vector<Stages>& allStages() {
    static const std::vector<Stages> rows{
        {"RepVGG", "RepVGG", "official", {"stage0", "stage1.", "stage2.", "stage3.", "stage4."}, "rbr_identity", "linear"},
        {"RepVGG", "RepVGG", "timm", {"stem", "stages.0.", "stages.1.", "stages.2.", "stages.3."}, "identity", "head.fc"},
        {"RepVGG", "RepVGG", "mmpretrain", {"stem", "stage_1.", "stage_2.", "stage_3.", "stage_4."}, "branch_norm", "head.fc"},
        {"RepVGGplus", "RepVGG", "official",
         {"stage0", "stage1.blocks.", "stage2.blocks.", "stage3_first.blocks.", "stage3_second.blocks.", "stage4.blocks."},
         "rbr_identity", "linear", 4, "_aux."},
        {"MobileOne", "MobileOne", "apple", {"stage0", "stage1.", "stage2.", "stage3.", "stage4."}, "rbr_skip", "linear"},
        {"MobileOne", "MobileOne", "timm", {"stem", "stages.0.", "stages.1.", "stages.2.", "stages.3."}, "identity", "head.fc"},
        {"MobileOne", "MobileOne", "mmpretrain", {"stage0", "stage1.", "stage2.", "stage3.", "stage4."}, "branch_norm", "head.fc"},
    };
    return rows;
}

/// Place of a block in the network: stage 0 is the stem.
struct Place {
    int stage = 0;
    int index = 0;
    friend auto operator<=>(const Place&, const Place&) = default;
};

std::optional<Place> placeOf(const Claim& claim, const Stages& row) {
    const std::string name = blockName(*claim.kind, claim.prefix);
    std::string_view bare = name;
    if (bare.starts_with("backbone.")) bare.remove_prefix(9); // a wrapper, unless every key has it
    if (bare == row.names.front()) return Place{0, 0};
    for (std::size_t stage = 1; stage < row.names.size(); ++stage)
        if (bare.starts_with(row.names[stage]))
            if (const auto index = parseIndex(bare.substr(row.names[stage].size()))) return Place{static_cast<int>(stage), *index};
    return std::nullopt;
}

/// Train blocks must be of the row's family and layout; fused ones only need a kernel of the row's name, because the keys of several
/// families are the same there. A network that is all fused is the family's if one block is.
bool isOf(const Stages& row, const std::vector<Claim>& claims, const BlockKind& kind) {
    const auto fits = [&](const Claim& claim) {
        return placeOf(claim, row) && (claim.kind == &kind || (!claim.train && claim.kind->fused == kind.fused)) &&
               (!claim.train || claim.kind->layout == row.layout);
    };
    const bool hasStem = std::ranges::any_of(claims, [&](const Claim& claim) { return placeOf(claim, row) == Place{0, 0}; });
    const bool hasFamily = std::ranges::any_of(claims, [&](const Claim& claim) { return claim.kind->family == row.family; });
    // A kind that only some files have is not guessed.
    const bool isClaimed = std::ranges::any_of(claims, [&](const Claim& claim) { return claim.kind == &kind; });
    return hasStem && hasFamily && (isClaimed || !kind.inFile) && std::ranges::all_of(claims, fits);
}

/// The row that holds, with its kind.
std::pair<const Stages*, const BlockKind*> rowOf(const std::vector<Claim>& claims, std::span<const BlockKind> kinds) {
    // MobileOne has blocks that no RepVGG has; the other way round the fused ones could be either.
    for (std::string_view family : {"MobileOne", "RepVGG"})
        for (const Stages& row : allStages()) {
            if (row.family != family) continue;
            for (const BlockKind& kind : kinds)
                if (kind.family == family && kind.layout == row.layout && kind.part.empty() && isOf(row, claims, kind)) return {&row, &kind};
        }
    return {nullptr, nullptr};
}

/// Published networks by stage widths and depths (families.md 5.1, 5.2). MobileOne's depths count both blocks of a unit.
struct Published {
    std::string_view name;
    std::vector<int> depths;
    std::vector<std::int64_t> widths;
    std::int64_t groups; ///< 0: depthwise
    bool se;
    std::int64_t pictureSize = 224;
};

const std::vector<Published>& published() {
    static const std::vector<int> kDepthA{2, 4, 14, 1}, kDepthB{4, 6, 16, 1}, kDepthD{8, 14, 24, 1}, kDepthPlus{8, 14, 12, 12, 1}, kDepthM{4, 16, 20, 2};
    static const std::vector<Published> rows{
    {"RepVGG-A0", kDepthA, {48, 48, 96, 192, 1280}, 1, false},
    {"RepVGG-A1", kDepthA, {64, 64, 128, 256, 1280}, 1, false},
    {"RepVGG-A2", kDepthA, {64, 96, 192, 384, 1408}, 1, false},
    {"RepVGG-B0", kDepthB, {64, 64, 128, 256, 1280}, 1, false},
    {"RepVGG-B1", kDepthB, {64, 128, 256, 512, 2048}, 1, false},
    {"RepVGG-B1g2", kDepthB, {64, 128, 256, 512, 2048}, 2, false},
    {"RepVGG-B1g4", kDepthB, {64, 128, 256, 512, 2048}, 4, false},
    {"RepVGG-B2", kDepthB, {64, 160, 320, 640, 2560}, 1, false},
    {"RepVGG-B2g2", kDepthB, {64, 160, 320, 640, 2560}, 2, false},
    {"RepVGG-B2g4", kDepthB, {64, 160, 320, 640, 2560}, 4, false},
    {"RepVGG-B3", kDepthB, {64, 192, 384, 768, 2560}, 1, false},
    {"RepVGG-B3g2", kDepthB, {64, 192, 384, 768, 2560}, 2, false},
    {"RepVGG-B3g4", kDepthB, {64, 192, 384, 768, 2560}, 4, false},
    {"RepVGG-D2se", kDepthD, {64, 160, 320, 640, 2560}, 1, true, 320},
    {"RepVGGplus-L2pse", kDepthPlus, {64, 160, 320, 640, 640, 2560}, 1, true, 320},
    {"MobileOne-S0", kDepthM, {48, 48, 128, 256, 1024}, 0, false},
    {"MobileOne-S1", kDepthM, {64, 96, 192, 512, 1280}, 0, false},
    {"MobileOne-S2", kDepthM, {64, 96, 256, 640, 2048}, 0, false},
    {"MobileOne-S3", kDepthM, {64, 128, 320, 768, 2048}, 0, false},
    {"MobileOne-S4", kDepthM, {64, 192, 448, 896, 2048}, 0, true},
    };
    return rows;
}

/// Names the network by its widths and depths.
void nameVariant(const std::vector<Claim>& claims, const Stages& row, Model& model) {
    std::vector<int> depths(row.names.size() - 1);
    std::vector<std::int64_t> widths(row.names.size());
    std::int64_t groups = 1;
    bool se = false;
    for (std::size_t i = 0; i < claims.size(); ++i) {
        const Block& block = model.blocks[i];
        const auto stage = static_cast<std::size_t>(placeOf(claims[i], row)->stage);
        widths[stage] = block.outChannels;
        if (stage > 0) ++depths[stage - 1];
        for (const Operation& step : block.tail) se = se || std::holds_alternative<SqueezeExcite>(step.kind);
        groups = std::max(groups, groupsOf(block));
    }
    if (row.family == "MobileOne") groups = 0;
    model.variant = fmt::format("{}, depths {}, widths {}{}{}", row.network, fmt::join(depths, "-"), fmt::join(widths, "-"),
                                groups > 1 ? fmt::format(", groups {}", groups) : "", se ? ", SE" : "");
    for (const Published& known : published())
        if (known.depths == depths && known.widths == widths && known.groups == groups && known.se == se) {
            model.variant = known.name;
            model.pictureSize = known.pictureSize;
        }
}

/// Tensors of heads that only training has.
void leaveOut(NetworkParts& parts, std::string_view mark) {
    std::int64_t count = 0;
    for (std::size_t i = 0; i < parts.keys.tensors().size() && !mark.empty(); ++i) {
        const std::string_view key = parts.keys.tensors().nameOf(i);
        if (key.find(mark) == std::string_view::npos) continue;
        parts.keys.ignore(std::string(key));
        ++count;
    }
    if (count > 0)
        parts.model.findings.push_back({Finding::Severity::note, "training-only", "",
                                        fmt::format("{} tensors of auxiliary heads are left out: only training computes them", count), ""});
}

} // namespace

bool arrangeStages(std::vector<Claim>& claims, std::span<const BlockKind> kinds) {
    const auto [row, kind] = rowOf(claims, kinds);
    if (!row) return false;
    for (Claim& claim : claims)
        if (!claim.train) claim.kind = kind;
    std::ranges::stable_sort(claims, {}, [&names = *row](const Claim& claim) { return *placeOf(claim, names); });
    for (std::size_t i = 0; i < claims.size(); ++i) {
        Hint& hint = claims[i].hint;
        const Place place = *placeOf(claims[i], *row);
        hint.followsPrevious = i > 0;
        if (place.index == 0 && place.stage != row->unhalved) {
            hint.stride = 2;
            hint.strideOrigin = fmt::format("preset: {}, first block of a stage", row->network);
        } else {
            hint.identityNorm = row->identity;
        }
    }
    return true;
}

void connectStages(NetworkParts& parts) {
    const Stages& row = *std::ranges::find_if(allStages(), [&](const Stages& stages) {
        return stages.family == parts.claims.front().kind->family && stages.layout == parts.claims.front().kind->layout &&
               std::ranges::all_of(parts.claims, [&](const Claim& claim) { return placeOf(claim, stages).has_value(); });
    });
    nameVariant(parts.claims, row, parts.model);
    leaveOut(parts, row.onlyTraining);
    chainBlocks(parts.model);
    appendClassifier(parts, {std::string(row.head)});
}

} // namespace rp::families
