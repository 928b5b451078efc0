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

std::vector<ExprPtr> branchesOf(const Block& block) {
    if (!block.body) return {};
    if (const auto* sum = std::get_if<Sum>(&block.body->op)) return sum->terms;
    return {block.body};
}

} // namespace rp
