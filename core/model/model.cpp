// SPDX-License-Identifier: Apache-2.0
#include "core/model/model.h"

namespace rp {

std::string_view toString(Form form) {
    switch (form) {
    case Form::train: return "train";
    case Form::deploy: return "deploy";
    case Form::mixed: return "mixed";
    case Form::plain: return "plain";
    }
    return "plain";
}

std::string_view toString(Phase phase) {
    switch (phase) {
    case Phase::train: return "train";
    case Phase::eval: return "eval";
    case Phase::deploy: return "deploy";
    }
    return "eval";
}

std::optional<Phase> phaseFrom(std::string_view text) {
    for (Phase phase : {Phase::train, Phase::eval, Phase::deploy})
        if (toString(phase) == text) return phase;
    return std::nullopt;
}

std::string_view toString(Finding::Severity severity) {
    switch (severity) {
    case Finding::Severity::note: return "note";
    case Finding::Severity::warn: return "warn";
    case Finding::Severity::fail: return "fail";
    }
    return "note";
}

const Block* Model::find(std::string_view blockName) const {
    for (const Block& block : blocks)
        if (block.name == blockName) return &block;
    return nullptr;
}

std::size_t outputNodeOf(const Model& model) {
    return model.output < 0 ? model.graph.size() - 1 : static_cast<std::size_t>(model.output);
}

std::int64_t inputChannelsOf(const Model& model) {
    for (const Node& node : model.graph)
        if (const auto* block = std::get_if<Node::BlockIndex>(&node.what); block && node.inputs.front() < 0)
            return model.blocks[block->index].inChannels;
    return model.defaultInput[1];
}

std::vector<std::size_t> lastUsesOf(const Model& model) {
    std::vector<std::size_t> last(model.graph.size());
    for (std::size_t i = 0; i < last.size(); ++i) {
        last[i] = i;
        for (std::int64_t input : model.graph[i].inputs)
            if (input >= 0) last[static_cast<std::size_t>(input)] = i;
    }
    if (!last.empty()) last[outputNodeOf(model)] = last.size();
    return last;
}

std::vector<ExprPtr> branchesOf(const Block& block) {
    if (!block.body) return {};
    const Expr* joint = block.body.get();
    while (const auto* chain = std::get_if<Chain>(&joint->op)) {
        if (chain->steps.empty()) break;
        joint = chain->steps.front().get(); // what stands behind works on all branches together
    }
    if (const auto* sum = std::get_if<Sum>(&joint->op)) return sum->terms;
    if (const auto* concat = std::get_if<Concat>(&joint->op)) return concat->parts;
    return {block.body};
}

} // namespace rp
