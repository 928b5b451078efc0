// SPDX-License-Identifier: Apache-2.0
#include "core/families/graph_assumptions.h"

#include <algorithm>
#include <charconv>

namespace rp::families {
namespace {

struct NormValues {
    std::optional<double> eps, momentum;
};

ExprPtr withNorms(const ExprPtr& expr, const NormValues& values) {
    auto all = [&](std::vector<ExprPtr> children) {
        for (ExprPtr& child : children) child = withNorms(child, values);
        return children;
    };
    return std::visit(Overload{
                          [&](const Chain& chain) { return makeExpr(expr->name, Chain{all(chain.steps)}); },
                          [&](const Sum& sum) { return makeExpr(expr->name, Sum{all(sum.terms)}); },
                          [&](const Concat& concat) { return makeExpr(expr->name, Concat{all(concat.parts)}); },
                          [&](Norm norm) {
                              norm.eps = values.eps.value_or(norm.eps);
                              norm.momentum = values.momentum.value_or(norm.momentum);
                              return makeExpr(expr->name, std::move(norm));
                          },
                          [&](const auto&) { return expr; },
                      },
                      expr->op);
}

bool hasNorm(const Expr& expr) {
    auto any = [](const std::vector<ExprPtr>& children) { return std::ranges::any_of(children, [](const ExprPtr& child) { return hasNorm(*child); }); };
    return std::visit(Overload{
                          [&](const Chain& chain) { return any(chain.steps); },
                          [&](const Sum& sum) { return any(sum.terms); },
                          [&](const Concat& concat) { return any(concat.parts); },
                          [](const Norm&) { return true; },
                          [](const auto&) { return false; },
                      },
                      expr.op);
}

/// The body as the user states it, and the record of that.
void apply(const Assumptions& user, const std::string& name, ExprPtr& body, std::vector<Assumption>& record) {
    if (!body || !hasNorm(*body)) return;
    NormValues values;
    for (const auto& [key, value] : {std::pair{"eps", &values.eps}, std::pair{"momentum", &values.momentum}}) {
        const std::optional<std::string> stated = user.valueFor(name, key);
        if (!stated) continue;
        double number = 0; // its spelling was checked when it was stated
        std::from_chars(stated->data(), stated->data() + stated->size(), number);
        *value = number;
        std::erase_if(record, [&name, named = std::string_view(key)](const Assumption& a) { return a.block == name && a.key == named; });
        record.push_back({name, key, *stated, "--assume"});
    }
    if (values.eps || values.momentum) body = withNorms(body, values);
}

} // namespace

void applyToGraph(const Assumptions& user, Model& model) {
    for (Block& block : model.blocks) apply(user, block.name, block.body, model.assumptions);
    for (Node& node : model.graph)
        if (auto* region = std::get_if<Region>(&node.what)) apply(user, region->name, region->body, model.assumptions);
    for (const std::string& note : user.unused())
        model.findings.push_back({Finding::Severity::note, "assumption-unused", "", note + " (the graph states it)", ""});
}

} // namespace rp::families
