// SPDX-License-Identifier: Apache-2.0
#include "core/families/mobileie_network.h"

#include "core/families/head.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace rp::families {
namespace {

constexpr std::array<std::string_view, 6> kNames{"head.block1.0", "head.block1.2", "body.block1", "att.1", "att1.0", "tail"};
/// The "ec" variant's attention has a Fourier transform in the place of `att.1`.
constexpr std::array<std::string_view, 5> kFourierNames{"head.block1.0", "head.block1.2", "body.block1", "att.local.0", "tail"};
constexpr std::string_view kWarm = "tail_warm"; ///< a second tail that only the first epochs train

template<std::size_t n>
std::vector<Claim> inOrder(const std::vector<Claim>& claims, const std::array<std::string_view, n>& names) {
    std::vector<Claim> ordered;
    auto add = [&](std::string_view name) {
        for (const Claim& claim : claims)
            if (claim.kind->family == "MBRConv" && blockName(*claim.kind, claim.prefix) == name) ordered.push_back(claim);
    };
    std::ranges::for_each(names, add);
    const bool complete = ordered.size() == n;
    add(kWarm);
    return complete && ordered.size() == claims.size() ? ordered : std::vector<Claim>();
}

class Connector {
public:
    explicit Connector(NetworkParts& parts) : m_model(parts.model), m_keys(parts.keys) {}

    void run() {
        const Block& first = m_model.blocks[0];
        const std::int64_t width = first.outChannels;
        const std::array<std::int64_t, 6> inputs{first.inChannels, width, width, width, 1, width};
        for (std::size_t i = 0; i < inputs.size(); ++i) requireWidth(m_model.blocks[i], inputs[i]);
        Activation slopes{Activation::Kind::prelu, 0, m_keys.take("head.block1.1.weight", {width})};
        std::int64_t x = node(Operation{"head.block1.1", std::move(slopes)}, {block(0, -1)});
        x = transformed("head", block(1, x), width);
        x = transformed("body", block(2, x), width);
        const std::int64_t mean = node(Operation{"att.0", GlobalAveragePool{}}, {x});
        const std::int64_t channels = sigmoid("att.2", block(3, mean));
        const std::int64_t largest = node(Operation{"largest", Reduce{Reduce::Kind::maximum, {1}, true}}, {product("att", channels, x)});
        const std::int64_t pixels = sigmoid("att1.1", block(4, largest));
        x = product("attended", product("attention", channels, pixels), x);
        if (m_model.blocks.size() > 6) addUnused(m_model, 6, x);
        block(5, x);
        m_model.variant = fmt::format("MobileIE, {} channels", width);
    }

private:
    std::int64_t node(decltype(Node::what) what, std::vector<std::int64_t> inputs) { return addNode(m_model, std::move(what), std::move(inputs)); }
    std::int64_t block(std::size_t index, std::int64_t input) { return node(Node::BlockIndex{index}, {input}); }
    std::int64_t product(const std::string& name, std::int64_t a, std::int64_t b) { return node(Operation{name, Binary{Binary::Kind::multiply}}, {a, b}); }
    std::int64_t sigmoid(const std::string& name, std::int64_t input) { return node(Operation{name, Activation{Activation::Kind::sigmoid, 0, {}}}, {input}); }
    std::int64_t constant(const std::string& key, std::int64_t channels) {
        return node(Operation{key, Constant{m_keys.take(key, {1, channels, 1, 1})}}, {});
    }

    /// (w1 y) (w2 y) + b, which is no affine function.
    std::int64_t transformed(const std::string& name, std::int64_t y, std::int64_t channels) {
        const std::int64_t a = product(name + ".a", constant(name + ".weight1", channels), y);
        const std::int64_t b = product(name + ".b", constant(name + ".weight2", channels), y);
        return node(Operation{name, Binary{Binary::Kind::add}}, {product(name + ".ab", a, b), constant(name + ".bias", channels)});
    }

    Model& m_model;
    KeyTaker& m_keys;
};

} // namespace

bool arrangeMobileIe(std::vector<Claim>& claims, std::span<const BlockKind>) {
    std::vector<Claim> ordered = inOrder(claims, kNames);
    if (ordered.empty()) ordered = inOrder(claims, kFourierNames);
    if (ordered.empty()) return false;
    claims = std::move(ordered);
    return true;
}

void connectMobileIe(NetworkParts& parts) {
    Model& model = parts.model;
    model.takesPlainPicture = true;
    model.pictureSize = 128;
    model.defaultInput = {1, model.blocks[0].inChannels, 128, 128};
    if (!model.find("att.1"))
        throw BlockDefect{"unknown-operation", "its attention takes the Fourier transform of the map, which is not known here; each block can be run alone"};
    Connector(parts).run();
}

} // namespace rp::families
