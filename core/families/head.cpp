// SPDX-License-Identifier: Apache-2.0
#include "core/families/head.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace rp::families {
namespace {

/// [in, out] as a kernel [out, in, 1, 1].
Param transposed(const Param& stored, std::int64_t in, std::int64_t out) {
    return Param({out, in, 1, 1}, stored.keys(), [stored, in, out] {
        const TensorD rows = stored.toDouble();
        TensorD columns(Shape{out, in, 1, 1});
        const std::span<double> values = columns.edit();
        for (std::int64_t o = 0; o < out; ++o)
            for (std::int64_t i = 0; i < in; ++i) values[static_cast<std::size_t>(o * in + i)] = rows[i * out + o];
        return columns;
    });
}

} // namespace

std::optional<Region> linearRegion(KeyTaker& keys, const std::string& name, std::int64_t features, bool paddle) {
    const StoredTensor* weight = keys.tensors().find(name + ".weight");
    const StoredTensor* bias = keys.tensors().find(name + ".bias");
    if (!weight || weight->shape().size() != 2) return std::nullopt;
    const Shape s = weight->shape();
    const bool isTransposed = s[0] == features && (s[1] != features || paddle);
    if (!isTransposed && s[1] != features) return std::nullopt;
    const std::int64_t classes = isTransposed ? s[1] : s[0];
    const Param stored = keys.take(name + ".weight", s);
    Conv conv;
    conv.weight = isTransposed ? transposed(stored, features, classes) : stored.reshaped({classes, features, 1, 1});
    if (bias && bias->shape() == Shape{classes}) conv.bias = keys.take(name + ".bias", {classes});
    return Region{name, makeExpr(name, conv)};
}

std::int64_t addNode(Model& model, decltype(Node::what) what, std::vector<std::int64_t> inputs) {
    model.graph.push_back({std::move(what), std::move(inputs)});
    return static_cast<std::int64_t>(model.graph.size()) - 1;
}

void requireWidth(const Block& block, std::int64_t channels) {
    if (!block.refusal && block.inChannels != channels)
        throw BlockDefect{"incomplete-block", fmt::format("block {} reads {} channels, the one before it makes {}", block.name, block.inChannels, channels)};
}

void chainBlocks(Model& model) {
    std::int64_t channels = model.blocks.front().inChannels;
    for (std::size_t i = 0; i < model.blocks.size(); ++i) {
        requireWidth(model.blocks[i], channels);
        channels = model.blocks[i].outChannels;
        addNode(model, Node::BlockIndex{i}, {static_cast<std::int64_t>(i) - 1});
    }
}

void appendClassifier(NetworkParts& parts, const std::vector<std::string>& names) {
    Model& model = parts.model;
    const std::int64_t features = model.blocks.back().outChannels;
    std::optional<Region> head;
    for (const std::string& name : names)
        if (!head) head = linearRegion(parts.keys, name, features, model.layout == "paddle");
    if (!head) {
        model.findings.push_back({Finding::Severity::note, "no-classifier", "",
                                  fmt::format("no {}.weight that fits {} features: the network ends with its last block", fmt::join(names, ", "), features), ""});
        return;
    }
    const std::int64_t pooled = addNode(model, Operation{"gap", GlobalAveragePool{}}, {static_cast<std::int64_t>(model.graph.size()) - 1});
    addNode(model, std::move(*head), {pooled});
}

void addUnused(Model& model, std::size_t block, std::int64_t input) {
    addNode(model, Node::BlockIndex{block}, {input});
    const std::string& name = model.blocks[block].name;
    model.findings.push_back({Finding::Severity::note, "unused-block", name,
                              fmt::format("{} does not reach the network's output: it is fused and verified, and left out of what the network costs", name), ""});
}

Region plainConv(KeyTaker& keys, const std::string& name, std::int64_t inChannels) {
    Conv conv;
    conv.weight = keys.take(name + ".weight", {-1, inChannels, -1, -1});
    const Shape& s = conv.weight.shape();
    conv.bias = keys.take(name + ".bias", {s[0]});
    conv.padding = {s[2] / 2, s[3] / 2, s[2] / 2, s[3] / 2};
    return {name, makeExpr(name, conv)};
}

std::int64_t groupsOf(const Block& block) {
    const Expr* expr = block.body.get();
    while (expr) {
        if (const auto* conv = std::get_if<Conv>(&expr->op)) return conv->groups;
        const std::vector<ExprPtr>* parts = nullptr;
        if (const auto* chain = std::get_if<Chain>(&expr->op)) parts = &chain->steps;
        if (const auto* sum = std::get_if<Sum>(&expr->op)) parts = &sum->terms;
        if (const auto* concat = std::get_if<Concat>(&expr->op)) parts = &concat->parts;
        expr = parts && !parts->empty() ? parts->front().get() : nullptr;
    }
    return 1;
}

} // namespace rp::families
