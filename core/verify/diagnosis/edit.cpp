// SPDX-License-Identifier: Apache-2.0
#include "core/verify/diagnosis/edit.h"

#include <algorithm>
#include <cmath>

namespace rp::verify {
namespace {

constexpr std::string_view kTimes = "(times)"; ///< no key is called so

/// Precondition: `expr` has children.
ExprPtr withChildren(const Expr& expr, std::vector<ExprPtr> children) {
    if (std::holds_alternative<Sum>(expr.op)) return makeExpr(expr.name, Sum{std::move(children)});
    if (std::holds_alternative<Concat>(expr.op)) return makeExpr(expr.name, Concat{std::move(children)});
    return makeExpr(expr.name, Chain{std::move(children)});
}

void collect(const ExprPtr& node, std::vector<std::size_t>& path, const std::function<bool(const Expr&)>& wanted, std::vector<Site>& sites) {
    if (wanted(*node)) sites.push_back({path, node});
    const std::span<const ExprPtr> children = childrenOf(*node);
    for (std::size_t i = 0; i < children.size(); ++i) {
        path.push_back(i);
        collect(children[i], path, wanted, sites);
        path.pop_back();
    }
}

template<class Function>
std::optional<Param> mapped(const std::optional<Param>& param, Function function) {
    if (!param) return std::nullopt;
    TensorD values = param->toDouble();
    for (double& v : values.edit()) v = function(v);
    return Param(values);
}

ExprPtr magnitude(const ExprPtr& node) {
    const auto positive = [](double v) { return std::abs(v); };
    return std::visit(Overload{
                          [&](const Conv& conv) {
                              return makeExpr(node->name, Conv{*mapped(conv.weight, positive), mapped(conv.bias, positive), conv.stride, conv.padding,
                                                               conv.dilation, conv.groups});
                          },
                          [&](const Norm& old) {
                              Norm norm = old;
                              norm.gamma = mapped(norm.gamma, positive);
                              norm.beta = mapped(norm.beta, positive);
                              norm.mean = *mapped(norm.mean, [](double v) { return -std::abs(v); });
                              return makeExpr(node->name, std::move(norm));
                          },
                          [&](const Scale& scale) { return makeExpr(node->name, Scale{mapped(scale.factor, positive), mapped(scale.offset, positive)}); },
                          [&](const auto&) { return node; },
                      },
                      node->op);
}

/// Elements `rows` of the first axis; one that holds for all channels is left as it is.
Param rowsOfParam(const Param& param, std::span<const std::int64_t> rows) {
    const TensorD values = param.toDouble();
    if (values.count() == 1) return param;
    const std::int64_t size = values.count() / values.size(0);
    Shape shape = values.shape();
    shape[0] = std::ssize(rows);
    TensorD some(shape);
    auto to = some.edit().begin();
    for (std::int64_t row : rows) to = std::copy_n(values.values().begin() + row * size, size, to);
    return Param(some);
}

std::optional<Param> rowsOfParam(const std::optional<Param>& param, std::span<const std::int64_t> rows) {
    return param ? std::optional(rowsOfParam(*param, rows)) : std::nullopt;
}

/// Output channels `rows` of a convolution, each with a weight for every input channel.
Conv rowsOfConv(const Conv& conv, std::span<const std::int64_t> rows) {
    const TensorD w = conv.weight.toDouble();
    const std::int64_t perGroup = w.size(1), area = w.size(2) * w.size(3), inputs = perGroup * conv.groups;
    TensorD some(Shape{std::ssize(rows), inputs, w.size(2), w.size(3)});
    const std::span<double> to = some.edit();
    for (std::int64_t r = 0; r < std::ssize(rows); ++r) {
        const std::int64_t row = rows[static_cast<std::size_t>(r)], group = row / (w.size(0) / conv.groups);
        std::copy_n(w.values().begin() + row * perGroup * area, perGroup * area, to.begin() + (r * inputs + group * perGroup) * area);
    }
    Conv result = conv;
    result.weight = Param(some);
    result.bias = rowsOfParam(conv.bias, rows);
    result.groups = 1;
    return result;
}

ExprPtr selection(std::int64_t inChannels, std::span<const std::int64_t> rows) {
    TensorD picks(Shape{std::ssize(rows), inChannels, 1, 1});
    const std::span<double> to = picks.edit();
    for (std::size_t r = 0; r < rows.size(); ++r) to[r * static_cast<std::size_t>(inChannels) + static_cast<std::size_t>(rows[r])] = 1;
    Conv conv;
    conv.weight = Param(picks);
    return makeExpr("rows", std::move(conv));
}

bool isPerChannel(const Expr& step) { // each output channel reads the input channel of its number
    return !std::holds_alternative<Conv>(step.op) && childrenOf(step).empty();
}

/// A per-channel step on `rows` alone.
ExprPtr rowsOfStep(const ExprPtr& step, std::span<const std::int64_t> rows) {
    return std::visit(Overload{
                          [&](const Norm& old) {
                              Norm norm = old;
                              norm.gamma = rowsOfParam(norm.gamma, rows);
                              norm.beta = rowsOfParam(norm.beta, rows);
                              norm.mean = rowsOfParam(norm.mean, rows);
                              norm.var = rowsOfParam(norm.var, rows);
                              return makeExpr(step->name, std::move(norm));
                          },
                          [&](const Scale& scale) {
                              return makeExpr(step->name, Scale{rowsOfParam(scale.factor, rows), rowsOfParam(scale.offset, rows)});
                          },
                          [&](const ConstantPad& pad) { return makeExpr(step->name, ConstantPad{pad.padding, rowsOfParam(pad.value, rows)}); },
                          [&](const auto&) { return step; },
                      },
                      step->op);
}

ExprPtr rowsOfChain(const Expr& expr, const Chain& chain, std::int64_t inChannels, std::span<const std::int64_t> rows) {
    std::vector<std::int64_t> widths{inChannels};
    for (const ExprPtr& step : chain.steps) widths.push_back(outChannelsOf(*step, widths.back()));
    std::vector<ExprPtr> steps = chain.steps;
    auto at = steps.size();
    while (at > 0 && isPerChannel(*steps[at - 1])) {
        --at;
        steps[at] = rowsOfStep(steps[at], rows);
    }
    if (at == 0)
        steps.insert(steps.begin(), selection(inChannels, rows));
    else
        steps[at - 1] = rowsOf(steps[at - 1], widths[at - 1], rows);
    return makeExpr(expr.name, Chain{std::move(steps)});
}

} // namespace

std::span<const ExprPtr> childrenOf(const Expr& expr) {
    return std::visit(Overload{
                          [](const Chain& chain) { return std::span<const ExprPtr>(chain.steps); },
                          [](const Sum& sum) { return std::span<const ExprPtr>(sum.terms); },
                          [](const Concat& concat) { return std::span<const ExprPtr>(concat.parts); },
                          [](const auto&) { return std::span<const ExprPtr>(); },
                      },
                      expr.op);
}

std::vector<Site> sitesOf(const ExprPtr& root, const std::function<bool(const Expr&)>& wanted) {
    std::vector<Site> sites;
    std::vector<std::size_t> path;
    collect(root, path, wanted, sites);
    return sites;
}

ExprPtr replacedAt(const ExprPtr& root, std::span<const std::size_t> path, const ExprPtr& node) {
    if (path.empty()) return node;
    const std::span<const ExprPtr> old = childrenOf(*root);
    std::vector<ExprPtr> children(old.begin(), old.end());
    children[path.front()] = replacedAt(children[path.front()], path.subspan(1), node);
    return withChildren(*root, std::move(children));
}

ExprPtr editedEverywhere(const ExprPtr& root, const std::function<ExprPtr(const ExprPtr&)>& edit) {
    const std::span<const ExprPtr> old = childrenOf(*root);
    std::vector<ExprPtr> children;
    for (const ExprPtr& child : old) children.push_back(editedEverywhere(child, edit));
    return edit(std::ranges::equal(children, old) ? root : withChildren(*root, std::move(children)));
}

bool isTimes(const Expr& expr) { return expr.name == kTimes && std::holds_alternative<Scale>(expr.op); }

ExprPtr times(const ExprPtr& expr, double factor) {
    const ExprPtr scale = makeExpr(std::string(kTimes), Scale{Param(TensorD(Shape{1}, {factor})), std::nullopt});
    return makeExpr(expr->name, Chain{{expr, scale}});
}

ExprPtr withoutConstants(const ExprPtr& expr) {
    return editedEverywhere(expr, [](const ExprPtr& node) {
        return std::visit(Overload{
                              [&](const Conv& conv) {
                                  return makeExpr(node->name, Conv{conv.weight, std::nullopt, conv.stride, conv.padding, conv.dilation, conv.groups});
                              },
                              [&](const Norm& old) {
                              Norm norm = old;
                                  norm.mean = Param(TensorD(norm.mean.shape()));
                                  norm.beta.reset();
                                  return makeExpr(node->name, std::move(norm));
                              },
                              [&](const Scale& scale) { return makeExpr(node->name, Scale{scale.factor, std::nullopt}); },
                              [&](const auto&) { return node; },
                          },
                          node->op);
    });
}

ExprPtr loaded(const ExprPtr& expr) {
    const auto number = [](const std::optional<Param>& param) { return param ? std::optional(Param(param->toDouble())) : std::nullopt; };
    return editedEverywhere(expr, [&](const ExprPtr& node) {
        return std::visit(Overload{
                              [&](const Conv& conv) {
                                  return makeExpr(node->name, Conv{*number(conv.weight), number(conv.bias), conv.stride, conv.padding, conv.dilation, conv.groups});
                              },
                              [&](const Norm& norm) {
                                  return makeExpr(node->name, Norm{number(norm.gamma), number(norm.beta), *number(norm.mean), *number(norm.var), norm.eps,
                                                                   norm.momentum, norm.alwaysRunning, norm.biasedUpdate});
                              },
                              [&](const Scale& scale) { return makeExpr(node->name, Scale{number(scale.factor), number(scale.offset)}); },
                              [&](const auto&) { return node; },
                          },
                          node->op);
    });
}

ExprPtr magnitudesOf(const ExprPtr& expr) { return editedEverywhere(expr, magnitude); }

ExprPtr rowsOf(const ExprPtr& expr, std::int64_t inChannels, std::span<const std::int64_t> rows) {
    return std::visit(Overload{
                          [&](const Conv& conv) { return makeExpr(expr->name, rowsOfConv(conv, rows)); },
                          [&](const Chain& chain) { return rowsOfChain(*expr, chain, inChannels, rows); },
                          [&](const Sum& sum) {
                              std::vector<ExprPtr> terms;
                              for (const ExprPtr& term : sum.terms) terms.push_back(rowsOf(term, inChannels, rows));
                              return makeExpr(expr->name, Sum{std::move(terms)});
                          },
                          [&](const Concat& concat) {
                              std::vector<ExprPtr> parts;
                              std::int64_t start = 0;
                              for (const ExprPtr& part : concat.parts) {
                                  const std::int64_t width = outChannelsOf(*part, inChannels);
                                  std::vector<std::int64_t> own;
                                  for (std::int64_t row : rows)
                                      if (row >= start && row < start + width) own.push_back(row - start);
                                  if (!own.empty()) parts.push_back(rowsOf(part, inChannels, own));
                                  start += width;
                              }
                              return makeExpr(expr->name, Concat{std::move(parts)});
                          },
                          [&](const auto&) {
                              return makeExpr(expr->name, Chain{{selection(inChannels, rows), rowsOfStep(expr, rows)}});
                          },
                      },
                      expr->op);
}

} // namespace rp::verify
