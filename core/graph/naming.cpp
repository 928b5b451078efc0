// SPDX-License-Identifier: Apache-2.0
#include "core/graph/naming.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

namespace rp::graph {
namespace {

void collect(const Expr& expr, std::vector<std::string>& keys) {
    auto take = [&](const std::optional<Param>& param) {
        if (!param) return;
        for (const std::string& key : param->keys())
            if (!key.empty()) keys.push_back(key);
    };
    auto all = [&](const std::vector<ExprPtr>& children) {
        for (const ExprPtr& child : children) collect(*child, keys);
    };
    std::visit(Overload{
                   [&](const Conv& conv) {
                       take(conv.weight);
                       take(conv.bias);
                   },
                   [&](const Norm& norm) {
                       take(norm.gamma);
                       take(norm.beta);
                       take(norm.mean);
                       take(norm.var);
                   },
                   [&](const Scale& scale) {
                       take(scale.factor);
                       take(scale.offset);
                   },
                   [&](const Chain& chain) { all(chain.steps); },
                   [&](const Sum& sum) { all(sum.terms); },
                   [&](const Concat& concat) { all(concat.parts); },
                   [](const auto&) {}, // a border's values belong to the steps before it
               },
               expr.op);
}

std::string parentOf(const std::string& name) {
    const std::size_t dot = name.rfind('.');
    return dot == std::string::npos ? std::string() : name.substr(0, dot);
}

/// A node's path without the slashes that exporters put before each level: "/stage1/stage1.0/Add" -> "stage1.0".
std::string tidy(const std::string& node) {
    const std::size_t last = node.rfind('/');
    if (last == std::string::npos || last == 0) return last == 0 ? node.substr(1) : node;
    const std::size_t before = node.rfind('/', last - 1);
    return node.substr(before == std::string::npos ? 0 : before + 1, last - (before == std::string::npos ? 0 : before + 1));
}

class Namer {
public:
    explicit Namer(std::string block) : m_block(std::move(block)) {}

    ExprPtr named(const ExprPtr& expr, const std::string& name) {
        return std::visit(Overload{
                              [&](const Chain& chain) { return makeExpr(name, Chain{all(chain.steps)}); },
                              [&](const Sum& sum) { return makeExpr(name, Sum{all(sum.terms)}); },
                              [&](const Concat& concat) { return makeExpr(name, Concat{all(concat.parts)}); },
                              [&](const auto& op) { return makeExpr(name, op); },
                          },
                          expr->op);
    }

private:
    std::vector<ExprPtr> all(const std::vector<ExprPtr>& children) {
        std::vector<ExprPtr> result;
        std::vector<std::string> names; // of this level before those below: branches come first
        for (const ExprPtr& child : children) names.push_back(unique(relative(*child)));
        for (std::size_t i = 0; i < children.size(); ++i) result.push_back(named(children[i], names[i]));
        return result;
    }
    std::string relative(const Expr& expr) const {
        const std::vector<std::string> keys = keysOf(expr);
        std::string prefix = commonPrefix(keys);
        if (prefix.empty() && !keys.empty()) prefix = parentOf(keys.front()).empty() ? keys.front() : parentOf(keys.front());
        const std::string inside = m_block + ".";
        if (prefix.starts_with(inside)) return prefix.substr(inside.size());
        if (prefix.empty() || prefix == m_block) return tidy(expr.name).empty() || keys.empty() ? std::string(kindOf(expr)) : tidy(expr.name);
        return prefix;
    }
    std::string unique(std::string name) {
        const int count = ++m_used[name];
        return count == 1 ? name : fmt::format("{}_{}", name, count);
    }

    std::string m_block;
    std::map<std::string, int> m_used;
};

} // namespace

std::vector<std::string> keysOf(const Expr& expr) {
    std::vector<std::string> keys;
    collect(expr, keys);
    return keys;
}

std::string commonPrefix(const std::vector<std::string>& names) {
    if (names.empty()) return {};
    std::string common = parentOf(names.front());
    for (const std::string& name : names)
        while (!common.empty() && !name.starts_with(common + ".")) common = parentOf(common);
    return common;
}

std::string blockName(const Expr& body, const std::string& node) {
    const std::vector<std::string> keys = keysOf(body);
    if (std::string common = commonPrefix(keys); !common.empty()) return common;
    for (const std::string& key : keys)
        if (std::string parent = parentOf(key); !parent.empty()) return parent;
    return tidy(node);
}

ExprPtr withNames(const ExprPtr& body, const std::string& block) { return Namer(block).named(body, block); }

} // namespace rp::graph
