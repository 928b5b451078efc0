// SPDX-License-Identifier: Apache-2.0
#include "core/families/super_resolution.h"

#include "core/families/head.h"

#include <algorithm>
#include <map>
#include <optional>
#include <unordered_map>

#include <fmt/format.h>

namespace rp::families {
namespace {

/// r with r² parts of `whole` channels for each of `part`; none when it does not come out.
std::optional<std::int64_t> enlargement(std::int64_t whole, std::int64_t part) {
    for (std::int64_t r = 2; part > 0 && r <= 16; ++r)
        if (r * r * part == whole) return r;
    return std::nullopt;
}

std::optional<int> numberBehind(std::string_view text, std::string_view start) {
    if (!text.starts_with(start)) return std::nullopt;
    text.remove_prefix(start.size());
    return parseIndex(text);
}

std::optional<int> ecbNumber(const Claim& claim) {
    if (claim.kind->family != "ECB") return std::nullopt;
    const std::string name = blockName(*claim.kind, claim.prefix);
    return numberBehind(name, name.starts_with("backbone.") ? "backbone." : ""); // a wrapper where every key has it
}

/// Every channel `times` times, one behind the other, as a 1x1 convolution.
ExprPtr repeatChannels(std::int64_t channels, std::int64_t times) {
    TensorD kernel(Shape{channels * times, channels, 1, 1});
    for (std::int64_t o = 0; o < channels * times; ++o) kernel.edit()[static_cast<std::size_t>(o * channels + o / times)] = 1;
    Conv conv;
    conv.weight = Param(std::move(kernel));
    return makeExpr("anchor", conv);
}

void describe(Model& model, std::string variant, std::int64_t channels) {
    model.variant = std::move(variant);
    model.takesPlainPicture = true;
    model.pictureSize = 128;
    model.defaultInput = {1, channels, 128, 128};
}

constexpr int kSpabs = 6;

/// The blocks of SPAN in the order of computation.
std::vector<std::string> spanNames() {
    std::vector<std::string> names{"conv_1"};
    for (int b = 1; b <= kSpabs; ++b)
        for (int c = 1; c <= 3; ++c) names.push_back(fmt::format("block_{}.c{}_r", b, c));
    names.push_back("conv_2");
    return names;
}

/// The first claim of each block's name.
using ClaimsByName = std::unordered_map<std::string, const Claim*>;

ClaimsByName byName(const std::vector<Claim>& claims) {
    ClaimsByName named;
    for (const Claim& claim : claims) named.emplace(blockName(*claim.kind, claim.prefix), &claim);
    return named;
}

/// The claims of `names`, in that order, of blocks that are `family`'s or fused kernels of its name; none unless that is all of them.
/// `also` are names that the network has where it is trained.
std::vector<Claim> claimsOf(const ClaimsByName& claims, const BlockKind& kind, const std::vector<std::string>& names,
                            const std::vector<std::string>& also) {
    std::vector<Claim> ordered;
    std::size_t missing = 0;
    for (const std::vector<std::string>* list : {&names, &also})
        for (const std::string& name : *list) {
            const auto named = claims.find(name);
            const Claim* found = named == claims.end() ? nullptr : named->second;
            if (!found || (found->kind->family != kind.family && (found->train || found->kind->fused != kind.fused))) {
                missing += list == &names;
                continue;
            }
            ordered.push_back(*found);
            if (!found->train && found->kind->family != kind.family) ordered.back().kind = &kind;
        }
    return missing == 0 ? ordered : std::vector<Claim>();
}

const BlockKind* kindOf(std::span<const BlockKind> kinds, std::string_view family) {
    const auto found = std::ranges::find(kinds, family, &BlockKind::family);
    return found == kinds.end() ? nullptr : &*found;
}

constexpr const char* kRt4ksrAside = "hfb.0"; ///< reads a high-pass of the picture; the published networks do not use what it makes

} // namespace

bool arrangeEcbsr(std::vector<Claim>& claims, std::span<const BlockKind>) {
    if (claims.size() < 2 || !std::ranges::all_of(claims, [](const Claim& claim) { return ecbNumber(claim).has_value(); })) return false;
    std::ranges::stable_sort(claims, {}, [](const Claim& claim) { return *ecbNumber(claim); });
    for (std::size_t i = 0; i < claims.size(); ++i) {
        if (*ecbNumber(claims[i]) != static_cast<int>(i)) return false;
        claims[i].hint.followsPrevious = i > 0;
    }
    return true;
}

void connectEcbsr(NetworkParts& parts) {
    Model& model = parts.model;
    const Block &first = model.blocks.front(), &last = model.blocks.back();
    const auto r = enlargement(last.outChannels, first.inChannels);
    describe(model, fmt::format("ECBSR-M{}C{} x{}", model.blocks.size() - 2, first.outChannels, r.value_or(0)), first.inChannels);
    chainBlocks(model);
    if (!r)
        throw BlockDefect{"incomplete-block", fmt::format("the last block makes {} channels, which is no square number of the input's {}",
                                                          last.outChannels, first.inChannels)};
    const std::int64_t body = static_cast<std::int64_t>(model.graph.size()) - 1;
    const std::int64_t anchor = addNode(model, Region{"anchor", repeatChannels(first.inChannels, *r * *r)}, {-1});
    const std::int64_t sum = addNode(model, Operation{"add", Binary{Binary::Kind::add}}, {body, anchor});
    addNode(model, Operation{"pixel_shuffle", DepthToSpace{*r, true}}, {sum});
}

bool arrangeSpan(std::vector<Claim>& claims, std::span<const BlockKind>) {
    const std::vector<std::string> names = spanNames();
    std::vector<Claim> ordered;
    for (const std::string& name : names)
        for (const Claim& claim : claims)
            if (claim.kind->family == "Conv3XC" && blockName(*claim.kind, claim.prefix) == name) ordered.push_back(claim);
    if (ordered.size() != names.size() || claims.size() != names.size()) return false;
    claims = std::move(ordered);
    for (std::size_t i = 1; i < claims.size(); ++i) claims[i].hint.followsPrevious = true;
    return true;
}

/// SPAB: y = (c3(SiLU(c2(SiLU(c1(x))))) + x) · (sigmoid(c3(…)) − 0.5). The concat at the end takes the last SPAB's first map
/// behind its activation, because that SiLU works in place.
void connectSpan(NetworkParts& parts) {
    Model& model = parts.model;
    const Block& first = model.blocks.front();
    describe(model, fmt::format("SPAN, {} channels", first.outChannels), first.inChannels);
    const std::int64_t width = first.outChannels;
    auto act = [&](const char* name, Activation::Kind kind, std::int64_t input) { return addNode(model, Operation{name, Activation{kind, 0, {}}}, {input}); };
    auto binary = [&](const char* name, Binary::Kind kind, std::int64_t a, std::int64_t b) { return addNode(model, Operation{name, Binary{kind}}, {a, b}); };
    // The picture in [0, 1] minus DIV2K's mean, times 255; the mean is not in the file (families.md 4.18).
    std::vector<double> factor(static_cast<std::size_t>(first.inChannels), 255.0), offset(factor.size(), 0.0);
    if (factor.size() == 3) offset = {-255 * 0.4488, -255 * 0.4371, -255 * 0.4040};
    std::int64_t x = addNode(model, Operation{"range", Scale{Param(TensorD({first.inChannels}, factor)), Param(TensorD({first.inChannels}, offset))}}, {-1});
    const std::int64_t half = addNode(model, Operation{"half", Constant{Param(TensorD({1, 1, 1, 1}, {0.5}))}}, {});
    const std::int64_t head = addNode(model, Node::BlockIndex{0}, {x});
    std::int64_t afterFirst = 0, lastInner = 0;
    x = head;
    for (std::size_t b = 0; b < kSpabs; ++b) {
        const std::int64_t inner = act("silu", Activation::Kind::silu, addNode(model, Node::BlockIndex{1 + 3 * b}, {x}));
        const std::int64_t second = act("silu", Activation::Kind::silu, addNode(model, Node::BlockIndex{2 + 3 * b}, {inner}));
        const std::int64_t third = addNode(model, Node::BlockIndex{3 + 3 * b}, {second});
        const std::int64_t attention = binary("attention", Binary::Kind::subtract, act("sigmoid", Activation::Kind::sigmoid, third), half);
        x = binary("spab", Binary::Kind::multiply, binary("residual", Binary::Kind::add, third, x), attention);
        if (b == 0) afterFirst = x;
        lastInner = inner;
    }
    const std::int64_t tail = addNode(model, Node::BlockIndex{model.blocks.size() - 1}, {x});
    const std::int64_t joined = addNode(model, Operation{"concat", Concatenate{1}}, {head, tail, afterFirst, lastInner});
    const std::int64_t cat = addNode(model, plainConv(parts.keys, "conv_cat", 4 * width), {joined});
    const Region up = plainConv(parts.keys, "upsampler.0", outChannelsOf(*std::get<Region>(model.graph.back().what).body, 4 * width));
    const auto r = enlargement(outChannelsOf(*up.body, std::get<Conv>(up.body->op).weight.shape()[1]), first.inChannels);
    if (!r) throw BlockDefect{"incomplete-block", "upsampler.0: expected a square number of channels for each of the picture's"};
    model.variant += fmt::format(" x{}", *r);
    addNode(model, Operation{"pixel_shuffle", DepthToSpace{*r, true}}, {addNode(model, up, {cat})});
}

bool arrangeRt4ksr(std::vector<Claim>& claims, std::span<const BlockKind> kinds) {
    const BlockKind* kind = kindOf(kinds, "RRRB");
    std::vector<std::string> names;
    const ClaimsByName named = byName(claims);
    for (std::string name = "body.0.conv1"; named.contains(name); name = fmt::format("body.{}.conv1", names.size())) names.push_back(name);
    if (!kind || names.empty()) return false;
    names.push_back("tail.1");
    std::vector<Claim> ordered = claimsOf(named, *kind, names, {kRt4ksrAside});
    if (ordered.size() != claims.size()) return false;
    claims = std::move(ordered);
    for (std::size_t i = 1; i < claims.size(); ++i) claims[i].hint.followsPrevious = true; // all are as wide
    return true;
}

/// y = PixelShuffle( conv( RRRB(LN( body(conv(PixelUnshuffle(x))) )) ) ), each block of the body GELU(RRRB(LN(x))); LN is over channels.
void connectRt4ksr(NetworkParts& parts) {
    Model& model = parts.model;
    constexpr std::int64_t kDown = 2;
    const StoredTensor* first = parts.keys.tensors().find("head.0.weight");
    const std::int64_t unshuffled = first && first->shape().size() == 4 ? first->shape()[1] : 0;
    if (unshuffled < 1 || unshuffled % (kDown * kDown) != 0)
        throw BlockDefect{"incomplete-block", "head.0.weight: expected a kernel for pictures whose pixels were put into channels two by two"};
    const std::int64_t colours = unshuffled / (kDown * kDown);
    describe(model, "", colours);
    auto norm = [&](const std::string& name, std::int64_t width, std::int64_t input) {
        LayerNorm layer{{1}, 1e-6, parts.keys.take(name + ".weight", {width}).reshaped({width, 1, 1}),
                        parts.keys.take(name + ".bias", {width}).reshaped({width, 1, 1})};
        return addNode(model, Operation{name, std::move(layer)}, {input});
    };
    std::int64_t x = addNode(model, Operation{"down", SpaceToDepth{kDown, true}}, {-1});
    const Region head = plainConv(parts.keys, "head.0", unshuffled);
    const std::int64_t width = outChannelsOf(*head.body, unshuffled);
    x = addNode(model, head, {x});
    std::size_t body = 0;
    for (std::size_t i = 0; i < model.blocks.size(); ++i) {
        requireWidth(model.blocks[i], width);
        body += model.blocks[i].name.starts_with("body.");
    }
    if (body + 1 < model.blocks.size()) addUnused(model, body + 1, x);
    if (parts.keys.has("gamma")) parts.keys.ignore("gamma"); // weighs the body against the block that is not used
    for (std::size_t i = 0; i < body; ++i) {
        x = addNode(model, Node::BlockIndex{i}, {norm(fmt::format("body.{}.norm", i), width, x)});
        x = addNode(model, Operation{fmt::format("body.{}.act", i), Activation{Activation::Kind::gelu, 0, {}}}, {x});
    }
    x = addNode(model, Node::BlockIndex{body}, {norm("tail.0", width, x)});
    const Region up = plainConv(parts.keys, "upsample.0", width);
    const auto r = enlargement(outChannelsOf(*up.body, width), colours);
    if (!r) throw BlockDefect{"incomplete-block", "upsample.0: expected a square number of channels for each of the picture's"};
    model.variant = fmt::format("RT4KSR, {} blocks, {} channels x{}", body, width, *r / kDown);
    addNode(model, Operation{"upsample.1", DepthToSpace{*r, true}}, {addNode(model, up, {x})});
}

} // namespace rp::families
