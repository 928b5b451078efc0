// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/model/expr.h"

#include <string>
#include <vector>

namespace rp::graph {

/// Keys of all numbers of an expression, in order.
std::vector<std::string> keysOf(const Expr& expr);

/// What names have in common up to a dot: "stage1.0" for "stage1.0.rbr_dense.conv.weight" and "stage1.0.rbr_1x1.bn.bias";
/// for a single key, the key without its last part. Empty when there is nothing.
std::string commonPrefix(const std::vector<std::string>& names);

/// A name for a block that computes `body`: what its keys have in common, else the first key's prefix, else `node`.
std::string blockName(const Expr& body, const std::string& node);

/// The body with branches and steps named after their keys, relative to `block`, each name once.
ExprPtr withNames(const ExprPtr& body, const std::string& block);

} // namespace rp::graph
