// SPDX-License-Identifier: Apache-2.0
#include "core/families/repvgg.h"

#include "core/families/keys.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace rp::families {
namespace {

/// How one toolkit spells the same block (families.md 4.3). All names are relative to the block's prefix.
struct Layout {
    std::string_view name;
    std::string_view dense, one, identity; ///< branch prefixes
    std::string_view conv, norm;           ///< below the dense and 1x1 branches
    std::string_view fused;
    std::string_view seDown, seUp;
    std::string_view stem;
    std::string_view stage; ///< what stands before the stage's number
    int firstStage;         ///< the number of the first stage
    std::string_view head;
};

constexpr std::array<Layout, 3> kLayouts{{
    {"official", "rbr_dense", "rbr_1x1", "rbr_identity", "conv", "bn", "rbr_reparam", "se.down", "se.up", "stage0",
     "stage", 1, "linear"},
    {"timm", "conv_kxk", "conv_1x1", "identity", "conv", "bn", "reparam_conv", "attn.fc1", "attn.fc2", "stem",
     "stages.", 0, "head.fc"},
    {"mmpretrain", "branch_3x3", "branch_1x1", "branch_norm", "conv", "norm", "branch_reparam", "se_layer.conv1.conv",
     "se_layer.conv2.conv", "backbone.stem", "backbone.stage_", 1, "head.fc"},
}};

std::string denseKey(const Layout& layout) { return fmt::format("{}.{}.weight", layout.dense, layout.conv); }
std::string fusedKey(const Layout& layout) { return fmt::format("{}.weight", layout.fused); }

/// "stage1.0" for key "stage1.0.rbr_dense.conv.weight" and ending "rbr_dense.conv.weight"; "." at the root.
std::optional<std::string> blockOf(std::string_view key, const std::string& ending) {
    if (key == ending) return ".";
    if (key.size() > ending.size() + 1 && key.ends_with(ending) && key[key.size() - ending.size() - 1] == '.')
        return std::string(key.substr(0, key.size() - ending.size() - 1));
    return std::nullopt;
}

std::vector<std::string> blockNames(const StateDict& tensors, const Layout& layout) {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < tensors.size(); ++i) {
        const StoredTensor& tensor = tensors.tensors()[i].tensor;
        const bool kernel3x3 = tensor.shape().size() == 4 && tensor.shape()[2] == 3 && tensor.shape()[3] == 3;
        std::optional<std::string> name = blockOf(tensors.nameOf(i), denseKey(layout));
        if (!name && kernel3x3) name = blockOf(tensors.nameOf(i), fusedKey(layout));
        if (name && std::ranges::find(names, *name) == names.end()) names.push_back(*name);
    }
    return names;
}

const Layout* layoutOf(const StateDict& tensors) {
    for (const Layout& layout : kLayouts)
        if (!blockNames(tensors, layout).empty()) return &layout;
    return nullptr;
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

std::optional<Place> placeOf(std::string_view name, const Layout& layout) {
    // `backbone.` is stripped as a wrapper when there is no head beside the backbone.
    auto stripped = [&](std::string_view text) {
        return text.starts_with("backbone.") ? text.substr(9) : text;
    };
    const std::string_view bare = stripped(name), stage = stripped(layout.stage);
    if (bare == stripped(layout.stem)) return Place{0, 0};
    if (!bare.starts_with(stage)) return std::nullopt;
    const std::string_view rest = bare.substr(stage.size());
    const std::size_t dot = rest.find('.');
    if (dot == std::string_view::npos) return std::nullopt;
    const auto number = parseNumber(rest.substr(0, dot)), index = parseNumber(rest.substr(dot + 1));
    if (!number || !index || *number < layout.firstStage) return std::nullopt;
    return Place{*number - layout.firstStage + 1, *index};
}

struct NamedPlace {
    std::string name;
    std::optional<Place> place;
};

/// In network order when every block has a place, in file order otherwise.
std::vector<NamedPlace> orderedBlocks(const StateDict& tensors, const Layout& layout) {
    std::vector<NamedPlace> blocks;
    for (std::string& name : blockNames(tensors, layout)) {
        const auto place = placeOf(name, layout);
        blocks.push_back({std::move(name), place});
    }
    if (std::ranges::all_of(blocks, [](const NamedPlace& b) { return b.place.has_value(); }))
        std::ranges::sort(blocks, {}, [](const NamedPlace& b) { return *b.place; });
    return blocks;
}

class Assembler {
public:
    Assembler(const Source& source, const Layout& layout)
        : m_source(source), m_layout(layout), m_keys(source.tensors) {}

    Model assemble();

private:
    Block block(const NamedPlace& where, std::optional<std::int64_t> previous);
    void fill(Block& block, const NamedPlace& where, std::optional<std::int64_t> previous);
    void fillTrain(Block& block, const std::string& prefix, Attributes& attributes, const Shape& dense,
                   const Conv& geometry);
    ExprPtr takeFused(const std::string& prefix, const Conv& geometry, std::int64_t outChannels,
                      std::vector<std::string>* into);
    /// The tensor by which an identity branch is known.
    std::string identityMeanKey(const std::string& prefix) const {
        return fmt::format("{}{}{}", prefix, m_layout.identity, m_paddle ? "._mean" : ".running_mean");
    }
    void addTail(Block& block, const std::string& prefix, Attributes& attributes);
    Operation takeSe(Block& block, const std::string& down, const std::string& up);
    void buildGraph();
    std::optional<Region> head(std::int64_t features);
    void nameVariant(const std::vector<NamedPlace>& places);
    void reportSurplus();
    Form overallForm() const;

    const Source& m_source;
    const Layout& m_layout;
    KeyTaker m_keys;
    Model m_model;
    bool m_paddle = false;
    bool m_publishedNetwork = false;
    std::int64_t m_mostGroups = 1; ///< of any block that could be built
};

std::string prefixOf(const std::string& block) { return block == "." ? std::string() : block + "."; }

Block Assembler::block(const NamedPlace& where, std::optional<std::int64_t> previous) {
    Block block;
    block.name = where.name;
    block.family = "RepVGG";
    const std::string prefix = prefixOf(where.name);
    block.fusedWeightKey = fmt::format("{}{}.weight", prefix, m_layout.fused);
    block.fusedBiasKey = fmt::format("{}{}.bias", prefix, m_layout.fused);
    block.form = m_keys.has(prefix + denseKey(m_layout)) ? Form::train : Form::deploy;
    try {
        fill(block, where, previous);
    } catch (const BlockDefect& defect) {
        block.refusal = defect.reason;
        block.body = nullptr;
        const bool incomplete = defect.code == "incomplete-block";
        m_model.findings.push_back({incomplete ? Finding::Severity::warn : Finding::Severity::fail, defect.code, block.name,
                                    defect.reason,
                                    incomplete ? "the block is left as it is" : "the checkpoint is damaged or training diverged"});
    }
    return block;
}

void Assembler::fill(Block& block, const NamedPlace& where, std::optional<std::int64_t> previous) {
    const std::string prefix = prefixOf(where.name);
    const bool train = block.form == Form::train;
    const Shape kernel =
        m_keys.take(train ? prefix + denseKey(m_layout) : prefix + fusedKey(m_layout), {-1, -1, 3, 3}).shape();
    block.outChannels = kernel[0];
    const std::string identityMean = identityMeanKey(prefix);
    const StoredTensor* identity = m_source.tensors.find(identityMean);

    Attributes attributes(m_source.user, block.name, m_model.assumptions);
    // Input width: an identity norm tells it, else the block before, else groups are taken to be 1.
    std::optional<std::int64_t> width = previous;
    if (identity) width = identity->count();
    const std::int64_t guessed = width && *width % kernel[1] == 0 ? *width / kernel[1] : 1;
    Conv geometry;
    geometry.groups = attributes.integer("groups", guessed, width ? "from shapes" : "preset: RepVGG");
    if (width && kernel[1] * geometry.groups != *width)
        throw BlockDefect{"incomplete-block", fmt::format("{}: expected {} input channels, found {} per group in {} groups",
                                      prefix + denseKey(m_layout), *width, kernel[1], geometry.groups)};
    if (block.outChannels % geometry.groups != 0)
        throw BlockDefect{"incomplete-block", fmt::format("{}: expected a multiple of {} groups, found {} output channels",
                                      prefix + denseKey(m_layout), geometry.groups, block.outChannels)};
    block.inChannels = kernel[1] * geometry.groups;

    const bool firstOfStage = where.place && m_publishedNetwork && where.place->index == 0;
    const bool widthChanges = block.inChannels != block.outChannels;
    const std::int64_t stride = identity ? 1 : firstOfStage ? 2 : 1;
    geometry.stride = attributes.extent("stride", {stride, stride},
                                        identity       ? "from shapes: an identity branch"
                                        : firstOfStage ? "preset: RepVGG, first block of a stage"
                                                       : "preset: RepVGG");
    geometry.dilation = attributes.extent("dilation", {1, 1}, "preset: RepVGG");
    geometry.padding = attributes.padding(
        {geometry.dilation.h, geometry.dilation.w, geometry.dilation.h, geometry.dilation.w}, "preset: RepVGG");
    const bool expectsIdentity = m_publishedNetwork && where.place && where.place->index > 0 && !widthChanges;
    if (train && !identity && expectsIdentity && attributes.flag("identity", true, "preset: RepVGG"))
        throw BlockDefect{"incomplete-block", fmt::format("{}: expected an identity norm (equal width, not the first of its stage), found no such key",
                                      identityMean)};
    if (train)
        fillTrain(block, prefix, attributes, kernel, geometry);
    else
        block.body = takeFused(prefix, geometry, block.outChannels, &block.branchKeys);
    addTail(block, prefix, attributes);
    m_mostGroups = std::max(m_mostGroups, geometry.groups);
}

void Assembler::fillTrain(Block& block, const std::string& prefix, Attributes& attributes, const Shape& dense,
                          const Conv& geometry) {
    const double eps = attributes.number("eps", 1e-5, "preset: RepVGG");
    const double momentum = attributes.number("momentum", 0.1, "preset: RepVGG");
    auto norm = [&](std::string_view branch, std::int64_t channels) {
        const std::string name = fmt::format("{}{}", prefix, branch);
        Norm taken = takeNorm(m_keys, name, channels, eps, block.branchKeys, m_model.findings, block.name);
        taken.momentum = momentum;
        return taken;
    };
    auto branch = [&](std::string_view name, const Shape& shape, const Padding& padding, Extent dilation) {
        Conv conv = geometry;
        conv.weight = m_keys.take(fmt::format("{}{}.{}.weight", prefix, name, m_layout.conv), shape, block.branchKeys);
        conv.padding = padding;
        conv.dilation = dilation;
        const std::string normName = fmt::format("{}.{}", name, m_layout.norm);
        return makeExpr(std::string(name),
                        Chain{{makeExpr(fmt::format("{}.{}", name, m_layout.conv), conv),
                               makeExpr(normName, norm(normName, block.outChannels))}});
    };
    // The 1x1 window stands on the centre tap of the 3x3 window.
    const Padding& p = geometry.padding;
    const Extent d = geometry.dilation;
    std::vector<ExprPtr> terms{
        branch(m_layout.dense, dense, p, d),
        branch(m_layout.one, {dense[0], dense[1], 1, 1},
               {p.top - d.h, p.left - d.w, p.bottom - d.h, p.right - d.w}, {1, 1})};
    if (m_keys.has(identityMeanKey(prefix)))
        terms.push_back(makeExpr(std::string(m_layout.identity), norm(m_layout.identity, block.inChannels)));
    block.body = makeExpr("sum", Sum{std::move(terms)});
    outChannelsOf(*block.body, block.inChannels);
    if (m_keys.has(block.fusedWeightKey)) block.cached = takeFused(prefix, geometry, block.outChannels, nullptr);
}

ExprPtr Assembler::takeFused(const std::string& prefix, const Conv& geometry, std::int64_t outChannels,
                             std::vector<std::string>* into) {
    std::vector<std::string> taken;
    Conv conv = geometry;
    const std::string name = prefix + std::string(m_layout.fused);
    conv.weight = m_keys.take(name + ".weight", {outChannels, -1, 3, 3}, taken);
    conv.bias = m_keys.take(name + ".bias", {outChannels}, taken);
    if (into) *into = std::move(taken);
    return makeExpr(std::string(m_layout.fused), conv);
}

Operation Assembler::takeSe(Block& block, const std::string& down, const std::string& up) {
    const std::int64_t c = block.outChannels;
    SqueezeExcite se;
    Conv first, second;
    first.weight = m_keys.take(down + ".weight", {-1, c, 1, 1});
    const std::int64_t inner = first.weight.shape()[0];
    first.bias = m_keys.take(down + ".bias", {inner});
    second.weight = m_keys.take(up + ".weight", {c, inner, 1, 1});
    second.bias = m_keys.take(up + ".bias", {c});
    se.down = makeExpr("se.down", first);
    se.up = makeExpr("se.up", second);
    return {"se", std::move(se)};
}

void Assembler::addTail(Block& block, const std::string& prefix, Attributes& attributes) {
    const std::string down = prefix + std::string(m_layout.seDown), up = prefix + std::string(m_layout.seUp);
    const std::string postDown = prefix + "post_se.down", postUp = prefix + "post_se.up";
    const bool before = m_keys.has(down + ".weight"), after = m_keys.has(postDown + ".weight");
    std::string place = before ? "before" : after ? "after" : "none";
    if (before || after) place = attributes.text("se", place, "from keys");
    const Activation activation = *activationFrom(attributes.text("activation", "relu", "preset: RepVGG"));
    std::optional<Operation> se;
    if (before && place != "none") se = takeSe(block, down, up);
    if (after && place != "none") se = takeSe(block, postDown, postUp);
    if (se && place == "before") block.tail.push_back(*se);
    if (activation.kind != Activation::Kind::none) block.tail.push_back({"activation", activation});
    if (se && place == "after") block.tail.push_back(*se);
}

/// The classifier as a 1x1 convolution on [n, c, 1, 1]. Paddle stores it as [in, out].
std::optional<Region> Assembler::head(std::int64_t features) {
    const std::string name(m_layout.head);
    const StoredTensor* weight = m_source.tensors.find(name + ".weight");
    const StoredTensor* bias = m_source.tensors.find(name + ".bias");
    if (!weight || weight->shape().size() != 2) return std::nullopt;
    const Shape& s = weight->shape();
    const bool transposed = s[0] == features && (s[1] != features || m_paddle);
    if (!transposed && s[1] != features) return std::nullopt;
    const std::int64_t classes = transposed ? s[1] : s[0];
    Conv conv;
    conv.weight = m_keys.take(name + ".weight", s).reshaped({classes, features, 1, 1});
    if (transposed) {
        const Param stored = m_keys.take(name + ".weight", s);
        conv.weight = Param({classes, features, 1, 1}, stored.keys(), [stored, classes, features] {
            const TensorD rows = stored.toDouble();
            TensorD columns(Shape{classes, features, 1, 1});
            const std::span<double> out = columns.edit();
            for (std::int64_t c = 0; c < classes; ++c)
                for (std::int64_t f = 0; f < features; ++f)
                    out[static_cast<std::size_t>(c * features + f)] = rows[f * classes + c];
            return columns;
        });
    }
    if (bias && bias->shape() == Shape{classes}) conv.bias = m_keys.take(name + ".bias", {classes});
    return Region{name, makeExpr(name, conv)};
}

void Assembler::buildGraph() {
    if (!m_publishedNetwork) {
        m_model.whyNoGraph = "the blocks do not stand in the order of a RepVGG network (a stem and stages); each can be run alone";
        return;
    }
    std::int64_t channels = m_model.blocks.front().inChannels;
    for (std::size_t i = 0; i < m_model.blocks.size(); ++i) {
        const Block& block = m_model.blocks[i];
        if (block.refusal) {
            m_model.whyNoGraph = fmt::format("block {} is refused: {}", block.name, *block.refusal);
            m_model.graph.clear();
            return;
        }
        if (block.inChannels != channels) {
            m_model.whyNoGraph = fmt::format("block {} reads {} channels, the one before it makes {}", block.name,
                                             block.inChannels, channels);
            m_model.graph.clear();
            return;
        }
        channels = block.outChannels;
        m_model.graph.push_back({Node::BlockIndex{i}, {static_cast<std::int64_t>(i) - 1}});
    }
    std::optional<Region> linear = head(channels);
    if (!linear) {
        m_model.findings.push_back({Finding::Severity::note, "no-classifier", "",
                                    fmt::format("no {}.weight that fits {} features: the network ends with its last block",
                                                m_layout.head, channels), ""});
        return;
    }
    m_model.graph.push_back({Operation{"gap", GlobalAveragePool{}}, {static_cast<std::int64_t>(m_model.graph.size()) - 1}});
    m_model.graph.push_back({std::move(*linear), {static_cast<std::int64_t>(m_model.graph.size()) - 1}});
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

void Assembler::nameVariant(const std::vector<NamedPlace>& places) {
    std::vector<int> depths;
    std::vector<std::int64_t> widths;
    bool se = false;
    for (std::size_t i = 0; i < places.size(); ++i) {
        const Block& block = m_model.blocks[i];
        const auto stage = static_cast<std::size_t>(places[i].place->stage);
        if (widths.size() <= stage) widths.resize(stage + 1);
        widths[stage] = block.outChannels;
        if (stage > 0) {
            if (depths.size() < stage) depths.resize(stage);
            ++depths[stage - 1];
        }
        for (const Operation& step : block.tail) se = se || std::holds_alternative<SqueezeExcite>(step.kind);
    }
    for (const Published& row : kPublished)
        if (std::ranges::equal(row.depths, depths) && std::ranges::equal(row.widths, widths) && row.groups == m_mostGroups &&
            row.se == se) {
            m_model.variant = row.name;
            if (row.se) m_model.pictureSize = 320; // D2se was trained and is tested at 320 (families.md 5.1)
            return;
        }
    m_model.variant = fmt::format("RepVGG, depths {}, widths {}{}{}", fmt::join(depths, "-"), fmt::join(widths, "-"),
                                  m_mostGroups > 1 ? fmt::format(", groups {}", m_mostGroups) : "", se ? ", SE" : "");
}

Form Assembler::overallForm() const {
    const auto train = std::ranges::count(m_model.blocks, Form::train, &Block::form);
    if (train == 0) return Form::deploy;
    return train == std::ssize(m_model.blocks) ? Form::train : Form::mixed;
}

void Assembler::reportSurplus() {
    for (const std::string& key : m_keys.unused()) {
        if (key.ends_with("num_batches_tracked") || key.ends_with("id_tensor")) continue;
        m_model.unusedKeys.push_back(key);
    }
    if (m_model.unusedKeys.empty()) return;
    m_model.findings.push_back(
        {Finding::Severity::warn, "surplus-key", "",
         fmt::format("{} key{} not used, the first is '{}'", m_model.unusedKeys.size(),
                     m_model.unusedKeys.size() == 1 ? " is" : "s are", m_model.unusedKeys.front()),
         "they are kept in the fused file as they are"});
}

Model Assembler::assemble() {
    for (std::size_t i = 0; i < m_source.tensors.size() && !m_paddle; ++i)
        m_paddle = m_source.tensors.nameOf(i).ends_with("._variance");
    m_model.family = "RepVGG";
    m_model.layout = m_paddle ? "paddle" : m_layout.name;
    const std::vector<NamedPlace> places = orderedBlocks(m_source.tensors, m_layout);
    m_publishedNetwork = places.front().place == Place{0, 0} &&
                         std::ranges::all_of(places, [](const NamedPlace& b) { return b.place.has_value(); });
    std::optional<std::int64_t> previous;
    for (const NamedPlace& where : places) {
        Block next = block(where, m_publishedNetwork ? previous : std::nullopt);
        previous = next.outChannels ? std::optional(next.outChannels) : std::nullopt;
        m_model.blocks.push_back(std::move(next));
    }
    m_model.form = overallForm();
    buildGraph();
    if (m_publishedNetwork)
        nameVariant(places);
    else
        m_model.variant = fmt::format("{} RepVGG block{}", places.size(), places.size() == 1 ? "" : "s");
    reportSurplus();
    return std::move(m_model);
}

} // namespace

bool recognisesRepVgg(const StateDict& tensors) { return layoutOf(tensors) != nullptr; }

Model assembleRepVgg(const Source& source) { return Assembler(source, *layoutOf(source.tensors)).assemble(); }

} // namespace rp::families
