// SPDX-License-Identifier: Apache-2.0
// What goes wrong when a norm is folded. Each row is an edit of a norm, tried on all of them and on each alone.
#include "core/verify/diagnosis/hypothesis.h"

#include <array>
#include <cmath>

#include <fmt/format.h>

namespace rp::verify {
namespace {

using NormEdit = ExprPtr (*)(const Expr& node, Norm norm); ///< null: does not apply

struct NormRow {
    std::string_view code;
    std::string_view what; ///< behind the name of the norm
    std::string_view remedy;
    NormEdit edit;
};

bool isNorm(const Expr& expr) { return std::holds_alternative<Norm>(expr.op); }

ExprPtr with(const Expr& node, Norm norm) { return makeExpr(node.name, std::move(norm)); }

/// gamma times a function of the variance.
template<class Function>
ExprPtr rescaled(const Expr& node, Norm norm, Function function) {
    const TensorD var = norm.var.toDouble();
    TensorD gamma = norm.gamma ? norm.gamma->toDouble() : TensorD(var.shape(), std::vector<double>(var.values().size(), 1.0));
    const std::span<double> to = gamma.edit();
    for (std::size_t c = 0; c < to.size(); ++c) to[c] *= function(var.values()[c], norm.eps);
    norm.gamma = Param(gamma);
    return with(node, std::move(norm));
}

TensorD filled(const Shape& shape, double value) { return {shape, std::vector<double>(static_cast<std::size_t>(countOf(shape)), value)}; }

constexpr std::array<NormRow, 10> kRows{{
    {"mean-ignored", "is folded without its running mean", "the bias of a folded norm is beta - mean * gamma / sqrt(var + eps)",
     [](const Expr& node, Norm norm) {
         norm.mean = Param(filled(norm.mean.shape(), 0));
         return with(node, std::move(norm));
     }},
    {"gamma-over-var", "is folded with gamma / var instead of gamma / sqrt(var)", "divide gamma by sqrt(var + eps)",
     [](const Expr& node, Norm norm) {
         return rescaled(node, std::move(norm), [](double var, double eps) { return 1 / std::sqrt(var + eps); });
     }},
    {"norm-skipped", "is left out", "fold every norm of the block, in the order of the forward pass",
     [](const Expr& node, Norm) { return makeExpr(node.name, Identity{}); }},
    {"statistics-not-copied", "is folded with mean 0 and variance 1", "copy buffers too: load the whole state dict, not the parameters alone",
     [](const Expr& node, Norm norm) {
         norm.mean = Param(filled(norm.mean.shape(), 0));
         norm.var = Param(filled(norm.var.shape(), 1));
         return with(node, std::move(norm));
     }},
    {"beta-ignored", "is folded without beta", "the bias of a folded norm is beta - mean * gamma / sqrt(var + eps)",
     [](const Expr& node, Norm norm) {
         if (!norm.beta) return ExprPtr();
         norm.beta.reset();
         return with(node, std::move(norm));
     }},
    {"gamma-ignored", "is folded without gamma", "the scale of a folded norm is gamma / sqrt(var + eps)",
     [](const Expr& node, Norm norm) {
         if (!norm.gamma) return ExprPtr();
         norm.gamma.reset();
         return with(node, std::move(norm));
     }},
    {"mean-sign", "is folded with the mean added instead of taken away", "the bias of a folded norm is beta - mean * gamma / sqrt(var + eps)",
     [](const Expr& node, Norm norm) {
         TensorD mean = norm.mean.toDouble();
         for (double& v : mean.edit()) v = -v;
         norm.mean = Param(mean);
         return with(node, std::move(norm));
     }},
    {"eps-outside-root", "is folded with gamma / (sqrt(var) + eps)", "eps stands below the root: gamma / sqrt(var + eps)",
     [](const Expr& node, Norm norm) {
         return rescaled(node, std::move(norm), [](double var, double eps) { return std::sqrt(var + eps) / (std::sqrt(std::max(var, 0.0)) + eps); });
     }},
    {"mean-unscaled", "is folded with its bare mean in the bias", "the mean is multiplied by gamma / sqrt(var + eps)",
     [](const Expr& node, Norm norm) {
         const TensorD var = norm.var.toDouble();
         const TensorD gamma = norm.gamma ? norm.gamma->toDouble() : filled(var.shape(), 1);
         TensorD mean = norm.mean.toDouble();
         const std::span<double> to = mean.edit();
         for (std::size_t c = 0; c < to.size(); ++c) {
             const double scale = gamma.values()[c] / std::sqrt(var.values()[c] + norm.eps);
             if (scale != 0) to[c] /= scale;
         }
         norm.mean = Param(mean);
         return with(node, std::move(norm));
     }},
    {"norm-bias-ignored", "is folded without mean and beta", "the bias of a folded norm is beta - mean * gamma / sqrt(var + eps)",
     [](const Expr& node, Norm norm) {
         norm.mean = Param(filled(norm.mean.shape(), 0));
         norm.beta.reset();
         return with(node, std::move(norm));
     }},
}};

void addNormEdits(const ExprPtr& body, const BlockFacts&, std::vector<Hypothesis>& to) {
    const std::vector<Site> norms = sitesOf(body, isNorm);
    for (const NormRow& row : kRows) {
        auto add = [&](const std::string& who, const ExprPtr& edited) {
            to.push_back({std::string(row.code), fmt::format("{} {}", who, row.what), std::string(row.remedy), edited});
        };
        if (norms.size() > 1) {
            ExprPtr all = body;
            for (const Site& site : norms)
                if (const ExprPtr edited = row.edit(*site.node, std::get<Norm>(site.node->op))) all = replacedAt(all, site.path, edited);
            if (all != body) add("every norm", all);
        }
        for (const Site& site : norms)
            if (const ExprPtr edited = row.edit(*site.node, std::get<Norm>(site.node->op))) {
                add(labelOf(*site.node), replacedAt(body, site.path, edited));
                to.back().ofOneNorm = norms.size() > 1;
            }
    }
}

ExprPtr withEps(ExprPtr body, const std::vector<Site>& norms, double eps) {
    for (const Site& site : norms) {
        Norm norm = std::get<Norm>(site.node->op);
        norm.eps = eps;
        body = replacedAt(body, site.path, makeExpr(site.node->name, std::move(norm)));
    }
    return body;
}

/// eps of all norms as one value, then of each norm alone.
void addEps(const ExprPtr& body, const BlockFacts&, std::vector<Hypothesis>& to) {
    const std::vector<Site> norms = sitesOf(body, isNorm);
    auto add = [&](const std::string& who, std::vector<Site> sites) {
        const double eps = std::get<Norm>(sites.front().node->op).eps;
        Hypothesis h{"eps", who, "set the eps that the training code uses before fusing; if it is another one than here, state it with --assume eps=…", body};
        h.withEps = [body, sites = std::move(sites)](double value) { return withEps(body, sites, value); };
        h.eps = eps;
        to.push_back(std::move(h));
    };
    if (norms.empty()) return;
    add(norms.size() > 1 ? "every norm" : labelOf(*norms.front().node), norms);
    if (norms.size() > 1)
        for (const Site& site : norms) add(labelOf(*site.node), {site});
}

constexpr std::array<FaultRow, 2> kFaults{addEps, addNormEdits};

} // namespace

std::span<const FaultRow> normFaults() { return kFaults; }

} // namespace rp::verify
