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

/// Published networks by the widths and depths of their stages (families.md 4.12).
struct Published {
    std::string_view name;
    std::array<std::int64_t, 4> widths;
    std::array<int, 4> depths; ///< blocks of stride 1
};

constexpr std::array<Published, 5> kPublished{{
    {"RepViT-M0.9", {48, 96, 192, 384}, {2, 2, 14, 2}},
    {"RepViT-M1.0", {56, 112, 224, 448}, {2, 2, 14, 2}},
    {"RepViT-M1.1", {64, 128, 256, 512}, {2, 2, 12, 2}},
    {"RepViT-M1.5", {64, 128, 256, 512}, {4, 4, 24, 4}},
    {"RepViT-M2.3", {80, 160, 320, 640}, {6, 6, 34, 2}},
}};

class Connector {
public:
    explicit Connector(NetworkParts& parts) : m_parts(parts), m_model(parts.model) {
        for (std::size_t i = 0; i < m_model.blocks.size(); ++i) m_blocks.emplace(m_model.blocks[i].name, i);
    }

    void run() {
        block("features.0.0");
        gelu("features.0.1");
        block("features.0.2");
        m_widths.push_back(m_width);
        m_depths.push_back(0);
        for (int i = 1; m_blocks.contains(fmt::format("features.{}.token_mixer.0", i)); ++i) unit(fmt::format("features.{}", i));
        node(Operation{"gap", GlobalAveragePool{}}, {m_last});
        block("classifier");
        if (m_used != m_model.blocks.size())
            throw BlockDefect{"incomplete-block", fmt::format("{} of {} blocks stand where RepViT has them", m_used, m_model.blocks.size())};
        nameVariant();
    }

private:
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

    void unit(const std::string& prefix) {
        const bool narrows = m_blocks.contains(prefix + ".token_mixer.2");
        block(prefix + ".token_mixer.0");
        squeezeExcite(prefix + ".token_mixer.1");
        if (narrows) {
            block(prefix + ".token_mixer.2");
            m_widths.push_back(m_width);
            m_depths.push_back(0);
        } else {
            ++m_depths.back();
        }
        const std::int64_t input = m_last;
        block(prefix + ".channel_mixer.m.0");
        gelu(prefix + ".channel_mixer.m.1");
        block(prefix + ".channel_mixer.m.2");
        node(Operation{prefix + ".channel_mixer", Binary{Binary::Kind::add}}, {m_last, input});
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

} // namespace

bool arrangeRepVit(std::vector<Claim>& claims, std::span<const BlockKind>) {
    std::vector<std::string> names;
    for (const Claim& claim : claims) {
        names.push_back(blockName(*claim.kind, claim.prefix));
        if (!claim.train || (!names.back().starts_with("features.") && names.back() != "classifier")) return false;
    }
    if (std::ranges::find(names, "features.0.2") == names.end() || std::ranges::find(names, "features.1.token_mixer.0") == names.end()) return false;
    for (std::size_t i = 0; i < claims.size(); ++i) {
        const bool stem = names[i] == "features.0.0" || names[i] == "features.0.2";
        const std::string mixer = ".token_mixer.0";
        const bool narrows = names[i].ends_with(mixer) &&
                             std::ranges::find(names, names[i].substr(0, names[i].size() - mixer.size()) + ".token_mixer.2") != names.end();
        if (!stem && !narrows) continue;
        claims[i].hint.stride = 2;
        claims[i].hint.strideOrigin = "preset: RepViT, place in the network";
    }
    return true;
}

void connectRepVit(NetworkParts& parts) { Connector(parts).run(); }

} // namespace rp::families
