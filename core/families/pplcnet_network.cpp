// SPDX-License-Identifier: Apache-2.0
#include "core/families/pplcnet_network.h"

#include "core/families/head.h"

#include <algorithm>

#include <fmt/format.h>

namespace rp::families {
namespace {

class Connector {
public:
    explicit Connector(NetworkParts& parts) : m_parts(parts), m_model(parts.model) {}

    void run();

private:
    bool has(const std::string& key) const { return m_parts.keys.has(key); }
    /// Convolution, norm and ReLU that are no block.
    void convNorm(const std::string& prefix, bool depthwise, std::int64_t stride);
    void unit(const std::string& prefix, std::int64_t stride, bool shortcut);
    void relu() { m_last = addNode(m_model, Operation{"relu", Activation{}}, {m_last}); }
    void classifier();

    NetworkParts& m_parts;
    Model& m_model;
    std::int64_t m_last = -1; ///< node
    std::int64_t m_width = 3;
    std::vector<std::string> m_keys; ///< of regions: they stay as they are
};

void Connector::convNorm(const std::string& prefix, bool depthwise, std::int64_t stride) {
    Conv conv;
    conv.weight = m_parts.keys.take(prefix + ".conv.weight", {-1, depthwise ? 1 : m_width, -1, -1});
    const Shape& s = conv.weight.shape();
    if (depthwise && s[0] != m_width)
        throw BlockDefect{"incomplete-block", fmt::format("{}.conv.weight: expected {} channels, found {}", prefix, m_width, s[0])};
    conv.groups = depthwise ? m_width : 1;
    conv.stride = {stride, stride};
    conv.padding = {(s[2] - 1) / 2, (s[3] - 1) / 2, (s[2] - 1) / 2, (s[3] - 1) / 2};
    m_width = s[0];
    Norm norm = takeNorm(m_parts.keys, prefix + ".bn", m_width, 1e-5, m_keys, m_model.findings, "");
    m_last = addNode(m_model, Region{prefix, makeExpr(prefix, Chain{{makeExpr(prefix + ".conv", conv), makeExpr(prefix + ".bn", norm)}})}, {m_last});
    relu();
}

void Connector::unit(const std::string& prefix, std::int64_t stride, bool shortcut) {
    const std::int64_t input = m_last, width = m_width;
    const auto block = std::ranges::find(m_model.blocks, prefix, &Block::name);
    if (block != m_model.blocks.end()) {
        requireWidth(*block, m_width);
        m_last = addNode(m_model, Node::BlockIndex{static_cast<std::size_t>(block - m_model.blocks.begin())}, {m_last});
    } else {
        convNorm(prefix + ".dw_conv", true, stride);
    }
    if (has(prefix + ".pw_conv.conv.weight")) {
        convNorm(prefix + ".pw_conv", false, 1);
    } else {
        convNorm(prefix + ".pw_conv_1", false, 1);
        convNorm(prefix + ".pw_conv_2", false, 1);
    }
    if (shortcut && stride == 1 && width == m_width) m_last = addNode(m_model, Operation{"shortcut", Binary{Binary::Kind::add}}, {m_last, input});
}

void Connector::classifier() {
    m_last = addNode(m_model, Operation{"gap", GlobalAveragePool{}}, {m_last});
    if (has("last_conv.weight")) {
        Conv conv;
        conv.weight = m_parts.keys.take("last_conv.weight", {-1, m_width, 1, 1});
        m_width = conv.weight.shape()[0];
        m_last = addNode(m_model, Region{"last_conv", makeExpr("last_conv", conv)}, {m_last});
        relu();
    }
    auto head = linearRegion(m_parts.keys, "fc", m_width, true);
    if (!head) throw BlockDefect{"incomplete-block", fmt::format("fc.weight: expected a linear layer for {} features", m_width)};
    addNode(m_model, std::move(*head), {m_last});
}

void Connector::run() {
    convNorm("stem.0", false, 2);
    unit("stem.1", 1, false);
    std::string depths;
    for (int stage = 1; stage <= 4; ++stage) {
        int count = 0;
        for (; has(fmt::format("stage{}.{}.pw_conv.conv.weight", stage, count)) || has(fmt::format("stage{}.{}.pw_conv_1.conv.weight", stage, count)); ++count)
            unit(fmt::format("stage{}.{}", stage, count), count == 0 ? 2 : 1, stage == 4);
        depths += fmt::format("{}{}", depths.empty() ? "" : "-", count);
    }
    m_model.variant = depths == "2-2-6-2" && m_width == 1024 ? std::string("PP-LCNetV2-base") : fmt::format("PP-LCNetV2, depths {}, width {}", depths, m_width);
    classifier();
}

} // namespace

bool arrangePpLcNetV2(std::vector<Claim>& claims, std::span<const BlockKind>) {
    for (Claim& claim : claims) {
        const std::string name = blockName(*claim.kind, claim.prefix);
        if (claim.kind->family != "PP-LCNetV2" || (!name.starts_with("stage3.") && !name.starts_with("stage4."))) return false;
        claim.hint.stride = name.ends_with(".0") ? 2 : 1;
        claim.hint.strideOrigin = "preset: PP-LCNetV2, place in its stage";
    }
    return true;
}

void connectPpLcNetV2(NetworkParts& parts) { Connector(parts).run(); }

} // namespace rp::families
