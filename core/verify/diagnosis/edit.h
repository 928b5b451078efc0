// SPDX-License-Identifier: Apache-2.0
// Expressions are immutable: an edit is another expression that shares what it leaves alone.
#pragma once

#include "core/model/expr.h"

#include <functional>
#include <span>
#include <vector>

namespace rp::verify {

/// A node of an expression: the index of the child to take at each level below the root.
struct Site {
    std::vector<std::size_t> path;
    ExprPtr node;
};

/// Steps, terms or parts; empty for all other nodes.
std::span<const ExprPtr> childrenOf(const Expr& expr);

/// Every node for which `wanted` holds, in order of reading.
std::vector<Site> sitesOf(const ExprPtr& root, const std::function<bool(const Expr&)>& wanted);

/// `root` with the node at `path` replaced.
ExprPtr replacedAt(const ExprPtr& root, std::span<const std::size_t> path, const ExprPtr& node);

/// Every node of `root`, leaves first, put through `edit`, which returns its argument where nothing changes.
ExprPtr editedEverywhere(const ExprPtr& root, const std::function<ExprPtr(const ExprPtr&)>& edit);

/// The same with every number read from its file once and for all.
ExprPtr loaded(const ExprPtr& expr);

/// `expr` times a number, times zero for example.
ExprPtr times(const ExprPtr& expr, double factor);
/// Whether a node is the scale that `times` put there, not one of the block's own.
bool isTimes(const Expr& expr);

/// Without what it adds to every pixel: no biases, means, betas and offsets.
ExprPtr withoutConstants(const ExprPtr& expr);

/// Every number replaced by its magnitude, signs chosen so that nothing cancels: folding it gives for each element of
/// the kernel the sum of the magnitudes that were added up, by which rounding is measured.
ExprPtr magnitudesOf(const ExprPtr& expr);

/// Of its output channels only `rows`. Kernels become dense (one group), so that few rows of a wide block cost little.
/// `rows` ascend.
ExprPtr rowsOf(const ExprPtr& expr, std::int64_t inChannels, std::span<const std::int64_t> rows);

} // namespace rp::verify
