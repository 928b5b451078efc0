// SPDX-License-Identifier: Apache-2.0
#include "core/graph/patterns.h"

#include <cmath>
#include <numbers>
#include <optional>

namespace rp::graph {
namespace {

class Recogniser {
public:
    explicit Recogniser(Draft& draft) : m_draft(draft) {}

    void visit(DraftNode& node) {
        if (const auto gated = gatedBy(node)) {
            node.what = Operation{node.name, Activation{gated->second, 0, {}}};
            node.inputs = {gated->first};
        } else if (const auto x = geluOf(node)) {
            node.what = Operation{node.name, Activation{Activation::Kind::gelu, 0, {}}};
            node.inputs = {*x};
        }
    }

private:
    const DraftNode* at(std::int64_t i) const { return i < 0 ? nullptr : &m_draft.nodes[static_cast<std::size_t>(i)]; }

    template<class Kind>
    static const Kind* operation(const DraftNode* node) {
        const auto* op = node ? std::get_if<Operation>(&node->what) : nullptr;
        return op ? std::get_if<Kind>(&op->kind) : nullptr;
    }
    static bool isProduct(const DraftNode* node) {
        const auto* binary = operation<Binary>(node);
        return binary && binary->kind == Binary::Kind::multiply;
    }

    /// x * gate(x), in either order.
    std::optional<std::pair<std::int64_t, Activation::Kind>> gatedBy(const DraftNode& node) const {
        if (!isProduct(&node)) return std::nullopt;
        for (std::size_t side : {0, 1}) {
            const std::int64_t x = node.inputs[side];
            const DraftNode* gate = at(node.inputs[1 - side]);
            const auto* activation = operation<Activation>(gate);
            if (!activation || gate->inputs.front() != x) continue;
            if (activation->kind == Activation::Kind::sigmoid) return std::pair{x, Activation::Kind::silu};
            if (activation->kind == Activation::Kind::hardsigmoid) return std::pair{x, Activation::Kind::hardswish};
        }
        return std::nullopt;
    }

    /// The node below a Scale whose one factor or offset is `number`.
    std::optional<std::int64_t> below(std::int64_t i, std::optional<double> factor, std::optional<double> offset) const {
        const DraftNode* node = at(i);
        const auto* expr = node ? std::get_if<ExprPtr>(&node->what) : nullptr;
        const auto* scale = expr ? std::get_if<Scale>(&(*expr)->op) : nullptr;
        auto holds = [](const std::optional<Param>& param, std::optional<double> wanted) {
            if (param.has_value() != wanted.has_value()) return false;
            return !param || (param->count() == 1 && std::abs(param->toDouble()[0] - *wanted) <= 1e-6);
        };
        if (!scale || !holds(scale->factor, factor) || !holds(scale->offset, offset)) return std::nullopt;
        return node->inputs.front();
    }

    /// The x of 1 + erf(x / √2).
    std::optional<std::int64_t> errorFunctionOf(std::int64_t i) const {
        const auto erf = below(i, std::nullopt, 1.0);
        const auto* unary = erf ? operation<Unary>(at(*erf)) : nullptr;
        if (!unary || unary->kind != Unary::Kind::erf) return std::nullopt;
        return below(at(*erf)->inputs.front(), 1 / std::numbers::sqrt2, std::nullopt);
    }

    /// The half may stand behind the product, or on either side of it.
    std::optional<std::int64_t> geluOf(const DraftNode& node) const {
        if (const auto* expr = std::get_if<ExprPtr>(&node.what); expr && std::holds_alternative<Scale>((*expr)->op)) {
            const auto product = below(&node - m_draft.nodes.data(), 0.5, std::nullopt);
            if (!product || !isProduct(at(*product))) return std::nullopt;
            for (std::size_t side : {0, 1})
                if (const auto x = errorFunctionOf(at(*product)->inputs[side]); x && *x == at(*product)->inputs[1 - side]) return x;
        } else if (isProduct(&node)) {
            for (std::size_t side : {0, 1}) {
                const auto x = errorFunctionOf(node.inputs[side]);
                const auto half = below(node.inputs[1 - side], 0.5, std::nullopt);
                if (x && half && *x == *half) return x;
            }
        }
        return std::nullopt;
    }

    Draft& m_draft;
};

} // namespace

void recogniseActivations(Draft& draft) {
    Recogniser recogniser(draft);
    for (DraftNode& node : draft.nodes) recogniser.visit(node);
}

} // namespace rp::graph
