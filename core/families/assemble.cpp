// SPDX-License-Identifier: Apache-2.0
#include "core/base/error.h"
#include "core/families/family.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace rp::families {
namespace {

std::vector<std::string> familyNames(std::span<const BlockKind> kinds) {
    std::vector<std::string> names;
    for (const BlockKind& kind : kinds)
        if (std::ranges::find(names, kind.family) == names.end()) names.push_back(kind.family);
    return names;
}

/// In order of first occurrence, joined.
template<class Name>
std::string distinct(const std::vector<Claim>& claims, Name name) {
    std::vector<std::string> names;
    for (const Claim& claim : claims)
        if (std::string text = name(claim); std::ranges::find(names, text) == names.end()) names.push_back(std::move(text));
    return fmt::format("{}", fmt::join(names, ", "));
}

Form overallForm(const std::vector<Block>& blocks) {
    const auto train = std::ranges::count(blocks, Form::train, &Block::form);
    if (train == 0) return Form::deploy;
    return train == std::ssize(blocks) ? Form::train : Form::mixed;
}

bool isPaddle(const StateDict& tensors) {
    for (std::size_t i = 0; i < tensors.size(); ++i)
        if (tensors.nameOf(i).ends_with("._variance")) return true;
    return false;
}

void reportSurplus(const KeyTaker& keys, Model& model) {
    for (std::string& key : keys.unused())
        if (!key.ends_with("num_batches_tracked") && !key.ends_with("id_tensor")) model.unusedKeys.push_back(std::move(key));
    if (model.unusedKeys.empty()) return;
    const bool wholeNetwork = !model.graph.empty(); // else they are the rest of a network that is not known
    model.findings.push_back({wholeNetwork ? Finding::Severity::warn : Finding::Severity::note, "surplus-key", "",
                              fmt::format("{} key{} not used, the first is '{}'", model.unusedKeys.size(),
                                          model.unusedKeys.size() == 1 ? " is" : "s are", model.unusedKeys.front()),
                              "they are kept in the fused file as they are"});
}

void buildBlocks(std::vector<Claim>& claims, KeyTaker& keys, const Assumptions& user, Model& model) {
    for (Claim& claim : claims) {
        const std::int64_t before = model.blocks.empty() ? 0 : model.blocks.back().outChannels;
        if (claim.hint.followsPrevious && before > 0) claim.hint.inChannels = before;
        model.blocks.push_back(buildBlock(*claim.kind, claim.prefix, claim.train, claim.hint, keys, user, model));
    }
}

[[noreturn]] void throwUnknown(const StateDict& tensors, std::span<const BlockKind> kinds) {
    throw Error(ErrorCode::unsupported,
                {"keys", fmt::format("the keys of a known family ({})", fmt::join(familyNames(kinds), ", ")),
                 tensors.size() == 0 ? std::string("no tensors")
                                     : fmt::format("{} tensors, the first is '{}'", tensors.size(), tensors.tensors().front().name),
                 "a network without multi-branch blocks has nothing to fuse; blocks of another family can be described (--blocks)"});
}

} // namespace

std::vector<BlockKind> allKinds() {
    std::vector<BlockKind> kinds;
    for (Family family : allFamilies())
        for (BlockKind& kind : family()) kinds.push_back(std::move(kind));
    return kinds;
}

std::vector<BlockKind> deployKindsOf(const Model& train) {
    std::vector<BlockKind> result;
    const std::vector<BlockKind> kinds = allKinds();
    for (const Block& block : train.blocks) {
        auto prefixFor = [&](const BlockKind& kind) {
            const std::string weight = kind.fusedKey("weight");
            return block.fusedWeightKey.substr(0, block.fusedWeightKey.size() - std::min(weight.size(), block.fusedWeightKey.size()));
        };
        auto fits = [&](const BlockKind& kind) {
            return kind.family == block.family && block.fusedWeightKey.ends_with(kind.fusedKey("weight")) && blockName(kind, prefixFor(kind)) == block.name;
        };
        // Spellings may share the fused kernel's name and differ in the tail's.
        auto found = std::ranges::find_if(kinds, [&](const BlockKind& kind) { return kind.layout == train.layout && fits(kind); });
        if (found == kinds.end()) found = std::ranges::find_if(kinds, fits);
        if (found == kinds.end()) continue;
        BlockKind& fused = result.emplace_back(*found);
        fused.signature = {"\n"}; // no key
        fused.fusedIsTelling = true;
        fused.onlyWhenStated = false;
        fused.inFile = {};
        fused.fits = [prefix = prefixFor(*found)](const BlockKeys& keys) { return keys.prefix() == prefix; };
        fused.presets.inChannels = block.inChannels;
        for (const Assumption& a : train.assumptions)
            if (a.block == block.name && a.key == "stride" && a.value.size() == 1) fused.presets.stride = a.value[0] - '0';
    }
    return result;
}

Model assembleModel(const StateDict& tensors, const Assumptions& user, std::span<const BlockKind> described, std::span<const BlockKind> fused) {
    std::vector<BlockKind> kinds(described.begin(), described.end());
    kinds.insert(kinds.end(), fused.begin(), fused.end());
    for (BlockKind& kind : allKinds()) kinds.push_back(std::move(kind));
    const std::vector<std::string> names = familyNames(kinds);
    for (const std::string& stated : user.valuesOf("family"))
        if (std::ranges::find(names, stated) == names.end())
            throw Error(ErrorCode::usage, {"--assume family=" + stated, fmt::format("one of {}", fmt::join(names, ", ")), "'" + stated + "'", ""});

    std::vector<Claim> claims = findClaims(tensors, kinds, user);
    if (claims.empty()) throwUnknown(tensors, kinds);
    const NetworkKind* network = nullptr;
    const auto families = std::span<const BlockKind>(kinds).subspan(described.size() + fused.size());
    for (const NetworkKind& kind : allNetworks())
        if (!network && kind.arrange(claims, families)) network = &kind;

    Model model;
    KeyTaker keys(tensors);
    buildBlocks(claims, keys, user, model);
    model.family = distinct(claims, [](const Claim& claim) { return claim.kind->family; });
    const bool paddle = isPaddle(tensors);
    model.layout = distinct(claims, [paddle](const Claim& claim) { return paddle ? "paddle" : claim.kind->layout; });
    model.form = overallForm(model.blocks);
    if (network) {
        NetworkParts parts{claims, keys, model};
        try {
            network->connect(parts);
        } catch (const BlockDefect& defect) {
            model.graph.clear();
            model.whyNoGraph = defect.reason;
            if (model.variant.empty()) model.variant = fmt::format("{} {} blocks", claims.size(), network->name);
        }
        const auto refused = std::ranges::find_if(model.blocks, [](const Block& b) { return b.refusal.has_value(); });
        if (refused != model.blocks.end()) {
            model.graph.clear();
            model.whyNoGraph = fmt::format("block {} is refused: {}", refused->name, *refused->refusal);
        }
    } else {
        model.variant = fmt::format("{} {} block{}", claims.size(), model.family, claims.size() == 1 ? "" : "s");
        model.whyNoGraph = "the blocks do not stand in the order of a network that is known here; each can be run alone";
    }
    reportSurplus(keys, model);
    for (const std::string& note : user.unused()) model.findings.push_back({Finding::Severity::note, "assumption-unused", "", note, ""});
    return model;
}

} // namespace rp::families
