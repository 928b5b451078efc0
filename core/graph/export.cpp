// SPDX-License-Identifier: Apache-2.0
#include "core/graph/export.h"

#include "core/base/error.h"
#include "core/graph/import.h"
#include "core/graph/onnx_builder.h"
#include "core/graph/regions.h"
#include "core/io/onnx_write.h"

#include <algorithm>
#include <limits>
#include <map>
#include <set>

#include <fmt/format.h>

namespace rp::graph {
namespace {

/// Nodes that an output depends on.
std::vector<bool> liveNodes(const io::OnnxModel& model) {
    std::map<std::string_view, std::size_t> makers;
    for (std::size_t i = 0; i < model.nodes.size(); ++i)
        for (const std::string& output : model.nodes[i].outputs) makers.emplace(output, i);
    std::vector<bool> live(model.nodes.size(), false);
    std::vector<std::string_view> wanted;
    for (const io::OnnxValue& output : model.outputs) wanted.push_back(output.name);
    while (!wanted.empty()) {
        const auto maker = makers.find(wanted.back());
        wanted.pop_back();
        if (maker == makers.end() || live[maker->second]) continue;
        live[maker->second] = true;
        for (const std::string& input : model.nodes[maker->second].inputs) wanted.push_back(input);
    }
    return live;
}

/// Regions that became blocks, in the model's order.
std::vector<FoundRegion> blockRegions(const Draft& draft) {
    std::vector<FoundRegion> regions = findRegions(draft).found;
    std::erase_if(regions, [](const FoundRegion& region) { return !region.merges && region.leave.empty(); });
    return regions;
}

/// A value of the file where a region begins or ends. A linear layer's map [n, c, 1, 1] is not in the file; [n, c] is.
struct End {
    std::string value;
    bool isFlat = false;
};

End inputEnd(const Draft& draft, std::int64_t source) {
    if (source < 0) return {draft.inputName, false};
    const DraftNode& node = draft.nodes[static_cast<std::size_t>(source)];
    if (!node.value.empty() || node.inputs.size() != 1 || node.inputs.front() < 0) return {node.value, false};
    const DraftNode& before = draft.nodes[static_cast<std::size_t>(node.inputs.front())];
    const bool unflattens = node.shape.size() == 4 && before.shape == Shape{node.shape[0], node.shape[1]} && countOf(before.shape) == countOf(node.shape);
    return unflattens ? End{before.value, true} : End{};
}

End outputEnd(const Draft& draft, std::size_t sink) {
    const DraftNode& node = draft.nodes[sink];
    if (!node.value.empty()) return {node.value, false};
    End end;
    for (const DraftNode& next : draft.nodes) {
        if (std::ranges::find(next.inputs, static_cast<std::int64_t>(sink)) == next.inputs.end()) continue;
        if (!end.value.empty() || next.shape != Shape{node.shape[0], node.shape[1]}) return {}; // taken twice, or as a map
        end = {next.value, true};
    }
    return end;
}

/// What a linear layer computes: everything else needs the map's other axes.
bool isMatrix(const Conv& conv) {
    const Shape& w = conv.weight.shape();
    return w[2] == 1 && w[3] == 1 && conv.groups == 1 && conv.stride == Extent{1, 1} && conv.padding.isZero();
}

void writeBlock(OnnxBuilder& builder, const Expr& stored, const std::string& name, const End& input, const End& output) {
    const auto& conv = std::get<Conv>(stored.op);
    if (output.isFlat && isMatrix(conv)) {
        builder.linear(conv, name, input.value, output.value, input.isFlat);
    } else if (output.isFlat) { // a stated width: inputs of other sizes fail here, as they do in the file
        const std::string map = builder.convolution(stored, name, input.value);
        builder.node("Reshape", name + ".flatten", {map, builder.integers(name + ".flat", {0, conv.weight.shape()[0]})}, output.value);
    } else {
        builder.convolution(stored, name, input.value, output.value);
    }
}

/// eps of the norms in `body` by the names that they have in `named`, the same steps.
void collectEps(const Expr& named, const Expr& body, std::map<std::string, double>& eps) {
    auto all = [&](const std::vector<ExprPtr>& names, const std::vector<ExprPtr>& steps) {
        for (std::size_t i = 0; i < names.size(); ++i) collectEps(*names[i], *steps[i], eps);
    };
    std::visit(Overload{
                   [&](const Chain& chain) { all(chain.steps, std::get<Chain>(body.op).steps); },
                   [&](const Sum& sum) { all(sum.terms, std::get<Sum>(body.op).terms); },
                   [&](const Concat& concat) { all(concat.parts, std::get<Concat>(body.op).parts); },
                   [&](const Norm&) { eps[named.name] = std::get<Norm>(body.op).eps; },
                   [](const auto&) {},
               },
               named.op);
}

/// Norms that stay take the eps that the user stated for them; `eps` is by node.
void stateEps(io::OnnxModel& deploy, const Draft& draft, const std::map<std::string, double>& eps) {
    std::map<std::string, double> changed;
    for (const DraftNode& node : draft.nodes) {
        const auto* expr = std::get_if<ExprPtr>(&node.what);
        const auto* norm = expr ? std::get_if<Norm>(&(*expr)->op) : nullptr;
        const auto stated = norm ? eps.find(node.name) : eps.end();
        if (stated != eps.end() && stated->second != norm->eps) changed.insert(*stated);
    }
    for (io::OnnxNode& node : deploy.nodes) {
        if (node.opType != "BatchNormalization" || node.outputs.empty()) continue;
        const auto stated = changed.find(node.name.empty() ? node.outputs.front() : node.name);
        if (stated == changed.end()) continue;
        std::erase_if(node.attributes, [](const io::OnnxAttribute& a) { return a.name == "epsilon"; });
        node.attributes.push_back({"epsilon", stated->second});
        node.source = -1; // no longer the file's own
    }
}

void removeUnusedInitializers(io::OnnxModel& model) {
    std::set<std::string> used;
    for (const io::OnnxNode& node : model.nodes) used.insert(node.inputs.begin(), node.inputs.end());
    for (const io::OnnxValue& output : model.outputs) used.insert(output.name);
    std::erase_if(model.initializers, [&](const NamedTensor& tensor) { return !used.contains(tensor.name); });
}

} // namespace

io::OnnxModel deployGraph(const io::OnnxModel& source, const Model& model, const fusion::ModelFusion& fusion,
                          std::vector<std::string>& notes) {
    // The model came from this graph under the user's limits; the same again needs no others.
    const Draft draft = draftOf(source, {.foldBytes = std::numeric_limits<std::uint64_t>::max()});
    const std::vector<FoundRegion> regions = blockRegions(draft);
    if (regions.size() != model.blocks.size())
        throw Error(ErrorCode::internal, {"deploy graph", fmt::format("{} regions", model.blocks.size()), fmt::format("{}", regions.size()), ""});
    const std::vector<bool> before = liveNodes(source);
    std::map<std::string, double> eps;
    for (const Node& node : model.graph)
        if (const auto* single = std::get_if<Region>(&node.what)) collectEps(*single->body, *single->body, eps);
    io::OnnxModel deploy = source;
    std::map<std::string, std::size_t> makers;
    for (std::size_t i = 0; i < deploy.nodes.size(); ++i)
        for (const std::string& output : deploy.nodes[i].outputs) makers.emplace(output, i);
    OnnxBuilder builder(deploy);
    std::map<std::size_t, std::vector<io::OnnxNode>> replaced; // position in the file -> what stands there now
    for (std::size_t i = 0; i < regions.size(); ++i) {
        collectEps(*regions[i].body, *model.blocks[i].body, eps); // of merged ones it is not asked for
        if (!fusion.blocks[i].fusable) continue;
        const Expr& stored = *fusion.blocks[i].stored;
        const End input = inputEnd(draft, regions[i].source), output = outputEnd(draft, regions[i].sink);
        const auto maker = makers.find(output.value);
        if (input.value.empty() || maker == makers.end() || (input.isFlat && !(output.isFlat && isMatrix(std::get<Conv>(stored.op))))) {
            notes.push_back(fmt::format("{} is left as it is: its input or output in the file has another shape, or no name", model.blocks[i].name));
            continue;
        }
        writeBlock(builder, stored, model.blocks[i].name, input, output);
        replaced[maker->second] = builder.takeNodes();
    }
    std::vector<io::OnnxNode> nodes;
    for (std::size_t i = 0; i < source.nodes.size(); ++i)
        if (const auto stands = replaced.find(i); stands != replaced.end())
            nodes.insert(nodes.end(), stands->second.begin(), stands->second.end());
        else
            nodes.push_back(source.nodes[i]);
    deploy.nodes = std::move(nodes);
    // What was dead before stays: it is not ours to remove.
    const std::vector<bool> after = liveNodes(deploy);
    std::vector<io::OnnxNode> kept;
    for (std::size_t i = 0; i < deploy.nodes.size(); ++i) {
        const std::int64_t own = deploy.nodes[i].source;
        if (after[i] || (own >= 0 && !before[static_cast<std::size_t>(own)])) kept.push_back(std::move(deploy.nodes[i]));
    }
    deploy.nodes = std::move(kept);
    stateEps(deploy, draft, eps);
    removeUnusedInitializers(deploy);
    return deploy;
}

fusion::WriteReport writeDeployOnnx(const std::filesystem::path& target, const Model& model, const fusion::ModelFusion& fusion,
                                    const io::Checkpoint& checkpoint) {
    if (fusion.fusedCount() == 0)
        throw Error(ErrorCode::nothingToFuse, {checkpoint.path.string(), "at least one block that can be merged",
                                               fmt::format("{} blocks, form {}", model.blocks.size(), toString(model.form)), "see `inspect` for each block's reason"});
    fusion::WriteReport report;
    report.fusedBlocks = fusion.fusedCount();
    for (std::size_t i = 0; i < model.blocks.size(); ++i)
        if (!fusion.blocks[i].fusable)
            report.notes.push_back(fmt::format("{} is left as it is: {}", model.blocks[i].name, fusion.blocks[i].reason));
    const std::size_t noted = report.notes.size();
    const io::OnnxModel deploy = checkpoint.onnx ? deployGraph(*checkpoint.onnx, model, fusion, report.notes) : onnxGraphOf(model, fusion);
    report.fusedBlocks -= std::ssize(report.notes) - static_cast<std::int64_t>(noted);
    report.tensorsBefore = static_cast<std::int64_t>(checkpoint.weights({}).tensors.size());
    report.tensorsAfter = std::ssize(deploy.initializers);
    io::writeOnnx(target, deploy);
    return report;
}

} // namespace rp::graph
