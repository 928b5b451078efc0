// SPDX-License-Identifier: Apache-2.0
#include "core/families/repvgg_network.h"

#include "core/families/head.h"
#include "core/families/repvgg.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace rp::families {
namespace {

/// Where the stages of the network stand in one toolkit's names (families.md 4.3).
struct Stages {
    std::string_view layout;
    std::string_view stem;
    std::string_view stage; ///< what stands before the stage's number
    int firstStage;         ///< the number of the first stage
    std::string_view head;
};

constexpr std::array<Stages, 3> kStages{{
    {"official", "stage0", "stage", 1, "linear"},
    {"timm", "stem", "stages.", 0, "head.fc"},
    {"mmpretrain", "stem", "stage_", 1, "head.fc"},
}};

const Stages* stagesOf(const Claim& claim) {
    const auto found = std::ranges::find(kStages, claim.kind->layout, &Stages::layout);
    return found == kStages.end() || claim.kind->family != "RepVGG" ? nullptr : &*found;
}

/// Place of a block in the published network: stage 0 is the stem.
struct Place {
    int stage = 0;
    int index = 0;
    friend auto operator<=>(const Place&, const Place&) = default;
};

std::optional<int> parseNumber(std::string_view text) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && end == text.data() + text.size() && value >= 0 ? std::optional(value) : std::nullopt;
}

std::optional<Place> placeOf(const Claim& claim) {
    const Stages* layout = stagesOf(claim);
    if (!layout) return std::nullopt;
    const std::string name = blockName(*claim.kind, claim.prefix);
    std::string_view bare = name;
    if (bare.starts_with("backbone.")) bare.remove_prefix(9); // a wrapper, unless every key has it
    if (bare == layout->stem) return Place{0, 0};
    if (!bare.starts_with(layout->stage)) return std::nullopt;
    const std::string_view rest = bare.substr(layout->stage.size());
    const std::size_t dot = rest.find('.');
    if (dot == std::string_view::npos) return std::nullopt;
    const auto number = parseNumber(rest.substr(0, dot)), index = parseNumber(rest.substr(dot + 1));
    if (!number || !index || *number < layout->firstStage) return std::nullopt;
    return Place{*number - layout->firstStage + 1, *index};
}

/// Published networks by stage widths and depths (families.md 5.1).
struct Published {
    std::string_view name;
    std::array<int, 4> depths;
    std::array<std::int64_t, 5> widths;
    std::int64_t groups;
    bool se;
};

constexpr std::array<int, 4> kDepthA{2, 4, 14, 1}, kDepthB{4, 6, 16, 1}, kDepthD{8, 14, 24, 1};
constexpr std::array<Published, 14> kPublished{{
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
    {"RepVGG-D2se", kDepthD, {64, 160, 320, 640, 2560}, 1, true},
}};

/// Names the network by its widths and depths.
void nameVariant(const std::vector<Claim>& claims, Model& model) {
    std::vector<int> depths;
    std::vector<std::int64_t> widths;
    std::int64_t groups = 1;
    bool se = false;
    for (std::size_t i = 0; i < claims.size(); ++i) {
        const Block& block = model.blocks[i];
        const auto stage = static_cast<std::size_t>(placeOf(claims[i])->stage);
        if (stage > widths.size()) return; // a stage is missing: no published network
        if (widths.size() <= stage) widths.resize(stage + 1);
        widths[stage] = block.outChannels;
        if (stage > 0) {
            if (depths.size() < stage) depths.resize(stage);
            ++depths[stage - 1];
        }
        for (const Operation& step : block.tail) se = se || std::holds_alternative<SqueezeExcite>(step.kind);
        groups = std::max(groups, groupsOf(block));
    }
    for (const Published& row : kPublished)
        if (std::ranges::equal(row.depths, depths) && std::ranges::equal(row.widths, widths) && row.groups == groups && row.se == se) {
            model.variant = row.name;
            if (row.se) model.pictureSize = 320; // D2se was trained and is tested at 320 (families.md 5.1)
            return;
        }
    model.variant = fmt::format("RepVGG, depths {}, widths {}{}{}", fmt::join(depths, "-"), fmt::join(widths, "-"),
                                groups > 1 ? fmt::format(", groups {}", groups) : "", se ? ", SE" : "");
}

} // namespace

bool arrangeRepVgg(std::vector<Claim>& claims) {
    std::vector<std::optional<Place>> places;
    for (const Claim& claim : claims) {
        places.push_back(placeOf(claim));
        if (!places.back() || claim.kind->layout != claims.front().kind->layout) return false;
    }
    if (std::ranges::min(places) != Place{0, 0}) return false;
    std::ranges::stable_sort(claims, {}, [](const Claim& claim) { return *placeOf(claim); });
    for (std::size_t i = 0; i < claims.size(); ++i) {
        Hint& hint = claims[i].hint;
        hint.followsPrevious = i > 0;
        if (placeOf(claims[i])->index == 0) {
            hint.stride = 2;
            hint.strideOrigin = "preset: RepVGG, first block of a stage";
        } else {
            hint.identityNorm = repVggIdentity(*claims[i].kind);
        }
    }
    return true;
}

void connectRepVgg(NetworkParts& parts) {
    Model& model = parts.model;
    nameVariant(parts.claims, model);
    const std::string_view head = stagesOf(parts.claims.front())->head;
    if (!chainBlocks(model)) return;
    appendClassifier(parts, {std::string(head)});
}

} // namespace rp::families
