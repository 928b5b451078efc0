// SPDX-License-Identifier: Apache-2.0
#include "core/families/repvit_network.h"

#include "core/families/head.h"
#include "core/families/tail.h"

#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace rp::families {
namespace {

/// Published networks by the widths and depths of their stages (families.md 4.12; timm counts the block before each
/// halving as part of the halving, here it is one of the stage that it stands in).
struct Published {
    std::string_view name;
    std::array<std::int64_t, 4> widths;
    std::array<int, 4> depths; ///< blocks of stride 1
};

constexpr std::array<Published, 5> kPublished{{
    {"RepViT-M0.9", {48, 96, 192, 384}, {3, 3, 15, 2}},
    {"RepViT-M1.0", {56, 112, 224, 448}, {3, 3, 15, 2}},
    {"RepViT-M1.1", {64, 128, 256, 512}, {3, 3, 13, 2}},
    {"RepViT-M1.5", {64, 128, 256, 512}, {5, 5, 25, 4}},
    {"RepViT-M2.3", {80, 160, 320, 640}, {7, 7, 35, 2}},
}};

/// Walks the keys of one of the two spellings and appends what stands there.
class Connector {
public:
    explicit Connector(NetworkParts& parts) : m_parts(parts), m_model(parts.model) {
        for (std::size_t i = 0; i < m_model.blocks.size(); ++i) m_blocks.emplace(m_model.blocks[i].name, i);
    }

    void run() {
        const bool official = has("features.0.0");
        official ? walkOfficial() : walkTimm();
        node(Operation{"gap", GlobalAveragePool{}}, {m_last});
        block(official ? "classifier" : "head");
        if (m_used != m_model.blocks.size())
            throw BlockDefect{"incomplete-block", fmt::format("{} of {} blocks stand where RepViT has them", m_used, m_model.blocks.size())};
        nameVariant();
    }

private:
    void walkOfficial() {
        block("features.0.0");
        gelu("features.0.1");
        block("features.0.2");
        startStage();
        for (int i = 1; has(fmt::format("features.{}.token_mixer.0", i)); ++i) {
            const std::string unit = fmt::format("features.{}", i);
            block(unit + ".token_mixer.0");
            squeezeExcite(unit + ".token_mixer.1");
            if (has(unit + ".token_mixer.2")) {
                block(unit + ".token_mixer.2");
                startStage();
            } else {
                ++m_depths.back();
            }
            residual(unit + ".channel_mixer", ".m.0", ".m.1", ".m.2");
        }
    }

    void walkTimm() {
        block("stem.conv1");
        gelu("stem.act1");
        block("stem.conv2");
        startStage();
        for (int s = 0; has(fmt::format("stages.{}.blocks.0.token_mixer", s)); ++s) {
            const std::string stage = fmt::format("stages.{}", s);
            if (const std::string halving = stage + ".downsample"; has(halving + ".spatial_downsample")) {
                timmUnit(halving + ".pre_block");
                block(halving + ".spatial_downsample");
                block(halving + ".channel_downsample");
                startStage();
                residual(halving + ".ffn", ".conv1", ".act", ".conv2");
            }
            for (int i = 0; has(fmt::format("{}.blocks.{}.token_mixer", stage, i)); ++i) timmUnit(fmt::format("{}.blocks.{}", stage, i));
        }
    }

    void timmUnit(const std::string& prefix) {
        block(prefix + ".token_mixer");
        squeezeExcite(prefix + ".se");
        ++m_depths.back();
        residual(prefix + ".channel_mixer", ".conv1", ".act", ".conv2");
    }

    bool has(const std::string& block) const { return m_blocks.contains(block); }

    void node(decltype(Node::what) what, std::vector<std::int64_t> inputs) {
        m_last = addNode(m_model, std::move(what), std::move(inputs));
    }

    void block(const std::string& name) {
        const auto found = m_blocks.find(name);
        if (found == m_blocks.end()) throw BlockDefect{"incomplete-block", fmt::format("expected a block {}, found none", name)};
        const Block& block = m_model.blocks[found->second];
        requireWidth(block, m_width);
        m_width = block.outChannels;
        node(Node::BlockIndex{found->second}, {m_last});
        ++m_used;
    }

    void gelu(const std::string& name) { node(Operation{name, Activation{Activation::Kind::gelu, 0, {}}}, {m_last}); }

    /// timm's SqueezeExcite: fc1, ReLU, fc2, sigmoid.
    void squeezeExcite(const std::string& name) {
        if (!m_parts.keys.has(name + ".fc1.weight")) return;
        Operation se = takeSe(m_parts.keys, name + ".fc1", name + ".fc2", m_width);
        se.name = name;
        node(std::move(se), {m_last});
    }

    void residual(const std::string& name, const char* first, const char* act, const char* second) {
        const std::int64_t input = m_last;
        block(name + first);
        gelu(name + act);
        block(name + second);
        node(Operation{name, Binary{Binary::Kind::add}}, {m_last, input});
    }

    void startStage() {
        m_widths.push_back(m_width);
        m_depths.push_back(0);
    }

    void nameVariant() {
        m_model.variant = fmt::format("RepViT, depths {}, widths {}", fmt::join(m_depths, "-"), fmt::join(m_widths, "-"));
        for (const Published& row : kPublished)
            if (std::ranges::equal(row.widths, m_widths) && std::ranges::equal(row.depths, m_depths)) m_model.variant = row.name;
    }

    NetworkParts& m_parts;
    Model& m_model;
    std::map<std::string, std::size_t> m_blocks;
    std::int64_t m_last = -1; ///< node
    std::int64_t m_width = 3;
    std::size_t m_used = 0;
    std::vector<std::int64_t> m_widths;
    std::vector<int> m_depths;
};

constexpr std::array<std::string_view, 4> kStem{"features.0.0", "features.0.2", "stem.conv1", "stem.conv2"};

} // namespace

bool arrangeRepVit(std::vector<Claim>& claims, std::span<const BlockKind>) {
    std::vector<std::string> names;
    for (const Claim& claim : claims) names.push_back(blockName(*claim.kind, claim.prefix));
    auto has = [&](const std::string& name) { return std::ranges::find(names, name) != names.end(); };
    const bool official = has("features.0.0") && has("features.0.2") && has("features.1.token_mixer.0");
    const bool timm = has("stem.conv1") && has("stem.conv2") && has("stages.0.blocks.0.token_mixer");
    if (!official && !timm) return false;
    for (std::size_t i = 0; i < claims.size(); ++i) {
        const std::string& name = names[i];
        const std::string mixer = ".token_mixer.0";
        const bool narrows = name.ends_with(mixer) && has(name.substr(0, name.size() - mixer.size()) + ".token_mixer.2");
        if (!std::ranges::count(kStem, name) && !narrows && !name.ends_with(".spatial_downsample")) continue;
        claims[i].hint.stride = 2;
        claims[i].hint.strideOrigin = "preset: RepViT, place in the network";
    }
    return true;
}

void connectRepVit(NetworkParts& parts) { Connector(parts).run(); }

} // namespace rp::families
